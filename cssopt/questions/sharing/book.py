"""A workbook shared by every method: what coalitions cost, who would object, and what follows."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from cssopt.assembly.case import Case
from cssopt.assembly.component import find_objective
from cssopt.assembly.instance import Instance
from cssopt.assembly.sharing_keys import SharingKey, find_known_keys, find_weights, make_base
from cssopt.errors import DataError, SolveError
from cssopt.issues import Issue
from cssopt.modeling.key_base import KeyBase
from cssopt.modeling.shares import NoSharesError
from cssopt.questions.sharing.coalitions.cost import CoalitionCosts
from cssopt.questions.sharing.coalitions.find import find_coalition_costs
from cssopt.questions.sharing.coalitions.owen_allocation import find_owen_allocation
from cssopt.questions.sharing.coalitions.row_generation import LeastCore, Price
from cssopt.questions.sharing.coalitions.worst_coalition import find_least_core_of_plan
from cssopt.questions.sharing.decisions import (
    Decision,
    find_ballot,
    find_best_blocking,
    find_decisions,
)
from cssopt.questions.sharing.fairness import (
    Fairness,
    RequirementCost,
    Side,
    Yardstick,
    find_fairness,
    find_requirement_costs,
)
from cssopt.questions.sharing.find import apply_methods, find_core
from cssopt.questions.sharing.games.allocation import Allocation, Guarantee
from cssopt.questions.sharing.games.allot import say_doubt, with_doubt
from cssopt.questions.sharing.games.cover import MOST_SPLIT, find_cover
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.known_game import KnownGame, list_border_coalitions
from cssopt.questions.sharing.games.shapley import count_least_samples, find_shapley_by_sampling
from cssopt.questions.sharing.in_kind import (
    InKind,
    read_credits,
    settle_in_kind,
    sum_in_kind,
)
from cssopt.questions.sharing.methods import (
    AVERAGE,
    Group,
    Method,
    Terms,
    agreed_method,
    check_names,
    find_border_doubt,
    in_groups,
    key_method,
    list_methods,
    name_agreed,
    pick_methods,
)
from cssopt.questions.sharing.negotiation import find_kalai_smorodinsky, find_nash_bargain
from cssopt.questions.sharing.price_of_fairness import (
    FairPlan,
    PriceOfFairness,
    find_price_of_fairness,
)
from cssopt.questions.sharing.result import Core, MethodShares
from cssopt.questions.sharing.transfers import Transfers, find_transfers
from cssopt.questions.sharing.voting_power import VotingPower, find_voting_power
from cssopt.questions.sharing.voting_rules import (
    VotingRule,
    build_double_majority,
    build_majority_by_votes,
    build_simple_majority,
    build_unanimity,
)
from cssopt.runs.many import Task, solve_tasks
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback
from cssopt.solution.told import find_doubt
from cssopt.solution.verdicts import Audits
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.tables.convert import quote
from cssopt.tables.spec import REQUIRED

_WORTH_PROCESSES: Final = 5
"""Members from whom on their coalitions are worth several processes."""

_ROUNDING: Final = 1e-9
"""Of the cost of all: a gain of less is none."""

_AT_FIRST: Final = "nucleolus"
"""The way of sharing that payments carry out where none is chosen."""


_LEAST_CORE: Final = "least_core"
_SAMPLED: Final = "shapley"
"""Ways of sharing that are found where not every coalition is listed, the last where draws are
asked for."""

OWN_METHODS: Final = ("owen_allocation", "nash_bargaining", "kalai_smorodinsky")
"""Methods that know more of a plan than what coalitions cost."""


@dataclass(frozen=True)
class VotesNeeded:
    """What a majority needs.

    Attributes
    ----------
    votes, members, people: parts that must be in favor, 0 to 1.
    blockers: how many members must be against at least to block by people.
    """

    votes: float
    members: float
    people: float
    blockers: int = 1


@dataclass(frozen=True)
class Draws:
    """How the Shapley value is sampled (see `find_shapley_by_sampling`)."""

    samples: int
    seed: int


@dataclass(frozen=True)
class BookSharing:
    """A workbook shared by every method.

    Attributes
    ----------
    instance: what was asked. costs: what every coalition spends by itself.
    core, methods: None and empty where the coalition of all has no plan.
    chosen: the way of sharing that payments carry out; None where it gives no shares.
    why_not_chosen: why it gives none, a sentence; empty where it does.
    fairness: burdens against benefits. needs: what each member's part of the needs costs it.
    in_kind: by member, where the workbook has agreed prices.
    rules, power: how members may decide, and what the vote of each is worth.
    decisions: every way of sharing under every rule, and (strict) where members also look at the
        coalitions in which they would do better.
    apart: coalitions that act in parts; None where none may.
    price_of_fairness: what a more even burden adds to the cost; empty where it was not asked for.
    """

    instance: Instance
    costs: CoalitionCosts
    core: Core | None = None
    methods: tuple[MethodShares, ...] = ()
    chosen: MethodShares | None = None
    why_not_chosen: str = ""
    transfers: Transfers | None = None
    fairness: Fairness | None = None
    needs: tuple[RequirementCost, ...] = ()
    in_kind: Mapping[str, InKind] = field(default_factory=dict)
    rules: tuple[VotingRule, ...] = ()
    power: tuple[VotingPower, ...] = ()
    decisions: tuple[Decision, ...] = ()
    strict_decisions: tuple[Decision, ...] = ()
    apart: int | None = None
    price_of_fairness: tuple[PriceOfFairness, ...] = ()
    fair_audits: tuple[tuple[str, Solution], ...] = ()

    @property
    def members(self) -> tuple[str, ...]:
        """Who shares."""
        return self.instance.coalition

    @property
    def audits(self) -> Audits:
        """The audits of all plans behind the figures."""
        found = self.costs.audits
        others = [(name, plan.verdict) for name, plan in self.fair_audits if plan.has_plan]
        return found.beside(others)

    @property
    def status(self) -> Status:
        """How it ended: as its worst coalition did, one that has no plan being an answer; where
        there is nothing to share, as the coalition of all did."""
        if not self.methods:
            return Status(self.costs.costs[self.members].status)
        return Status.FEASIBLE if self.costs.unanswered or self.costs.unproven else Status.OPTIMAL


def share_book(
    case: Case,
    instance: Instance,
    options: Options,
    *,
    is_strict: bool,
    methods: Sequence[str],
    chosen: str | None,
    unions: Sequence[Sequence[str]] | None,
    terms: Terms,
    needed: VotesNeeded,
    fair: Sequence[float],
    most_listed: int,
    may_part: bool,
    draws: Draws | None,
    journal: Path | None,
    processes: int | None,
    tell: ProgressCallback,
) -> BookSharing:
    """Share what an instance of a case costs at equal security.

    Parameters
    ----------
    is_strict: no shortfall is allowed, in place of equal security.
    methods: names of those that are asked for; none: all. chosen: the one that payments carry out.
    unions: blocs for the Owen value. terms: on which members share by keys.
    needed: what majorities need.
    fair: by how much the cheapest plan may be exceeded for a more even burden, each a share.
    most_listed: members up to whom every coalition is priced; with more only each alone, all
        together, all but each, and the worst that are found.
    draws: for the Shapley value where not every coalition is priced; None: none is found there.
    may_part: a coalition acts in parts where that is cheaper, or it has no joint plan.
    journal, processes, tell: as for `find_coalition_costs`.

    Raises, before anything is solved, DataError (E-559) for a name that is no method's, and as
    `find_known_keys`.
    """
    count = len(instance.coalition)
    is_listed = count <= most_listed
    if may_part and (count > MOST_SPLIT or not is_listed):
        most = min(MOST_SPLIT, most_listed)
        text = f"needs the cost of every coalition, of up to {most} members; there are {count}."
        raise DataError([Issue("E-560", "--apart", f"{text} Name fewer with --members.")])
    by_objections = list_methods(unions)
    known = find_known_keys(case.data, instance.study, case.folders)
    taken = [*OWN_METHODS, *(method.name for method in by_objections)]
    agreed = name_agreed(known.agreed, taken)
    named = [*OWN_METHODS, *known.files, *agreed]
    sought = () if is_listed else (_LEAST_CORE, *(() if draws is None else (_SAMPLED,)))
    _check_asked(methods, chosen, named, by_objections, sought)
    if unions is not None and not is_listed:
        text = "says nothing where not every coalition is listed. Raise --listed, or leave it out."
        raise DataError([Issue("E-543", "--unions", text)])
    if draws is not None and not is_listed:
        _check_draws(draws, count)
    seeker = None if is_listed else _Seeker(options, draws, tell)
    costs = find_coalition_costs(
        instance,
        options,
        folders=case.folders,
        is_strict=is_strict,
        coalitions=None if is_listed else list_border_coalitions(instance.coalition),
        journal=journal,
        processes=processes or _find_processes(instance),
        seek=None if seeker is None else seeker.seek,
        tell=tell,
    )
    found = BookSharing(instance, costs)
    grand = costs.grand
    if grand is None or not grand.has_plan:
        return found
    tell("shares of all kinds")
    base = make_base(case.data, instance.study, instance.coalition, grand.quantities)
    keys = tuple(known.files.values())
    game: Game | KnownGame
    if seeker is None:
        game = costs.game()
        if may_part:
            together, game = game, find_cover(game)
            found = replace(found, apart=int((together.values != game.values).sum()))
        core = find_core(game)
        more = by_objections
    else:
        game = _read_known(costs)
        core, more = seeker.core, seeker.methods
    listed = [
        *_list_own_methods(costs, game),
        *more,
        *(key_method(key, base, grand.figure("burden"), terms) for key in keys),
        *(agreed_method(name, key, base, instance.study, terms) for name, key in agreed.items()),
    ]
    asked = [*methods, *filter(None, [chosen])] if methods else []
    shared = apply_methods(game, pick_methods(in_groups(listed), asked), Guarantee.PROVEN)
    picked, why_not = _choose(shared, chosen)
    return replace(
        found,
        core=core,
        methods=shared,
        chosen=picked,
        why_not_chosen=why_not,
        transfers=None if picked is None else _find_transfers(picked, grand),
        **_find_fairness(keys, base, shared, picked),
        in_kind={} if picked is None else _find_in_kind(picked, grand),
        **_find_decisions(keys, base, game, shared, needed),
        **_find_fair(case, instance, options, fair, tell),
    )


def _check_asked(
    methods: Sequence[str],
    chosen: str | None,
    named: Sequence[str],
    by_objections: Sequence[Method],
    sought: Sequence[str],
) -> None:
    """DataError (E-559) for a way of sharing that there is not, or not among so many members.

    `sought`: ways that are found though not every coalition is priced; empty where each is.
    """
    known = [*named, *(method.name for method in by_objections)]
    for option, names in (("--method", methods), ("--choose", [chosen] if chosen else [])):
        check_names(option, names, known)
        if not sought:
            continue
        issues = [
            Issue(
                "E-559",
                option,
                f"{quote(name)} needs the cost of every coalition, and those of so many members "
                "are not all listed. Raise --listed, or name another way.",
            )
            for name in names
            if name not in (*named, *sought)
        ]
        if issues:
            raise DataError(issues)


def _find_processes(instance: Instance) -> int:
    """Processes worth starting: one where there are few coalitions."""
    return 1 if len(instance.coalition) < _WORTH_PROCESSES else os.cpu_count() or 1


def _read_known(costs: CoalitionCosts) -> KnownGame:
    known = {members: one.cost for members, one in costs.costs.items()}
    doubts = {members: one.doubt for members, one in costs.costs.items() if one.doubt}
    return KnownGame(costs.members, known, doubts)


def _check_draws(draws: Draws, count: int) -> None:
    if draws.samples < (least := count_least_samples(count)):
        text = f"{draws.samples:,} are too few: {count} members need at least {least:,}."
        raise DataError([Issue("E-110", "--samples", text)])


class _Seeker:
    """The least core where not every coalition is priced: the worst ones are sought; and a sampled
    Shapley value where it is asked for."""

    def __init__(self, options: Options, draws: Draws | None, tell: ProgressCallback) -> None:
        self._options, self._draws, self._tell = options, draws, tell
        self._sampled: Allocation | None = None
        self._least: LeastCore | None = None
        self._doubt = 0.0  # by how much the cost of all may be above the least
        self._why_not = "The coalition of all has no plan."

    def seek(self, known: CoalitionCosts, price: Price) -> None:
        """Find the least core, and ask for the coalitions that it takes."""
        if known.grand is None or not known.grand.has_plan:
            return
        self._tell("the worst coalitions")
        self._doubt = known.costs[known.members].doubt
        try:
            self._least = find_least_core_of_plan(
                known.grand, known.alone, self._options, price=price, until=self._options.until
            )
        except SolveError as error:
            self._why_not = f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}."
        if self._draws is not None:
            self._tell("drawing coalitions for the Shapley value")
            members = known.members

            def value(mask: int) -> float:
                return price(tuple(m for i, m in enumerate(members) if mask >> i & 1))

            self._sampled = find_shapley_by_sampling(
                value, members, self._draws.samples, self._draws.seed
            )

    @property
    def core(self) -> Core:
        """Whether the core is empty, as far as the bounds tell."""
        least = self._least
        if least is None:
            return Core(None, why_not=self._why_not)
        none = _ROUNDING * max(1.0, abs(least.known[tuple(least.shares)]))
        # A better plan for all takes no more off the least excess than it is better by.
        is_empty = (
            True if least.least > none + self._doubt else False if least.most <= none else None
        )
        return Core(is_empty, least.excess, why_not="" if is_empty is not None else least.sentence)

    @property
    def methods(self) -> list[Method]:
        """The least core, as far as it was found, and the Shapley value, where it was sampled."""
        least = self._least
        found = (
            Allocation(_LEAST_CORE, why_not=self._why_not)
            if least is None
            else with_doubt(least.as_allocation(), say_doubt(self._doubt, is_cost=True))
        )
        says = "The most that any coalition would gain by itself is as small as can be."
        least_core = Method(_LEAST_CORE, "least core", says, Group.OBJECTION, lambda game: found)
        sampled = self._sampled
        if sampled is None:
            return [least_core]
        (shapley,) = (method for method in AVERAGE if method.name == _SAMPLED)
        return [replace(shapley, find=lambda game: sampled), least_core]


def _list_own_methods(costs: CoalitionCosts, game: Game | KnownGame) -> list[Method]:
    """Methods that know more of a plan than what coalitions cost."""
    grand = costs.grand
    assert grand is not None
    alone = dict(zip(game.players, game.singles.tolist(), strict=True))
    adds = {p: game.total - w for p, w in zip(game.players, game.without_one, strict=True)}
    most, doubt = _find_most(grand), find_border_doubt(game, is_whole=False)
    return [
        Method(
            "owen_allocation",
            "Owen allocation",
            "Each is charged what its needs cost, and credited what its means are worth, at the "
            "prices of the plan.",
            Group.ADDED,
            lambda game: find_owen_allocation(
                grand, costs.alone, game if isinstance(game, Game) else None
            ),
        ),
        Method(
            "nash_bargaining",
            "Nash bargain",
            "All save the same against standing alone, as far as budgets allow.",
            Group.BARGAIN,
            lambda game: with_doubt(find_nash_bargain(alone, game.total, most=most), doubt),
        ),
        Method(
            "kalai_smorodinsky",
            "Kalai-Smorodinsky bargain",
            "All save the same part of what each could hope to save at best.",
            Group.BARGAIN,
            lambda game: with_doubt(
                find_kalai_smorodinsky(alone, game.total, ideal=adds, most=most), doubt
            ),
        ),
    ]


def _find_most(grand: Solution) -> dict[str, float]:
    """The most that members can pay, present value: of those with a budget in every year."""
    if grand.study.measure("ceiling") is None:
        return {}
    ceiling, discount = grand.figure("ceiling"), grand.data.horizon.discount
    return {
        m: sum(discount[t] * ceiling[m, t] for t in discount)
        for m in grand.coalition
        if all((m, t) in ceiling for t in discount)
    }


def _choose(shared: Sequence[MethodShares], name: str | None) -> tuple[MethodShares | None, str]:
    """The way of sharing of this name; by default the nucleolus, or else the first that is stable,
    or the first. And why there is none, a sentence; empty where there is one."""
    if name is not None:
        one = next(one for one in shared if one.method == name)
        why_not = f"By {one.title} there are no shares to be paid: {one.allocation.why_not}"
        return (one, "") if one.allocation.is_found else (None, why_not)
    given = [one for one in shared if one.allocation.is_found]
    first = [one for one in given if one.method == _AT_FIRST]
    for one in (*first, *(one for one in given if one.is_stable), *given):
        return one, ""
    return None, "No way of sharing gives shares to be paid."


def _find_transfers(picked: MethodShares, grand: Solution) -> Transfers:
    """Payments that turn what the plan has everybody spend into the chosen shares."""
    outlay, discount = grand.figure("outlay"), grand.data.horizon.discount
    last = discount[max(discount)]
    salvage = {
        m: (borne - sum(discount[t] * outlay[m, t] for t in discount)) / last
        for m, borne in grand.figure("burden").items()
    }
    has_ceilings = grand.study.measure("ceiling") is not None
    ceilings = grand.figure("ceiling") if has_ceilings else {}
    shares = picked.allocation.shares
    return find_transfers(shares, outlay, discount, salvage=salvage, ceilings=ceilings)


_YARDSTICKS: Final = frozenset({"benefit", "output", "need"})
"""What keys serve for that burdens are held beside."""


def _weigh_for(
    keys: Sequence[SharingKey], base: KeyBase, uses: Set[str]
) -> Iterator[tuple[SharingKey, dict[str, float]]]:
    """The keys that serve for one of these uses and give weights here, with them."""
    for key in keys:
        if key.also & uses:
            with suppress(NoSharesError):
                yield key, find_weights(key, base)


def _find_fairness(
    keys: Sequence[SharingKey],
    base: KeyBase,
    shared: Sequence[MethodShares],
    picked: MethodShares | None,
) -> dict[str, Any]:
    """Burdens as the plan has them and as they are shared, beside benefits."""
    spending = {key.name for key in keys if "spending" in key.also}
    burdens = [one for one in shared if one.method in spending and one.allocation.is_found]
    burdens += [picked] if picked is not None and picked not in burdens else []
    benefits = {key.title for key in keys if key.also & _YARDSTICKS}
    yardsticks = [
        # What is shared by a benefit is not the benefit.
        Yardstick(
            f"borne by {one.title}" if one.title in benefits else one.title,
            Side.INPUT,
            one.allocation.shares,
        )
        for one in burdens
    ]
    needs: tuple[RequirementCost, ...] = ()
    for key, weights in _weigh_for(keys, base, _YARDSTICKS):
        side = Side.OUTPUT if "output" in key.also else Side.BENEFIT
        yardsticks.append(Yardstick(key.title, side, weights))
        if "need" in key.also and picked is not None:
            needs = find_requirement_costs(weights, picked.allocation.shares)
    return {"fairness": find_fairness(yardsticks), "needs": needs}


def _find_in_kind(picked: MethodShares, grand: Solution) -> dict[str, InKind]:
    """What is paid in forces, present value; nothing where no prices are agreed, or nothing is
    borne that could share credits."""
    credited, shares = read_credits(grand), picked.allocation.shares
    if not credited or sum(shares.values()) <= 0:
        return {}
    return sum_in_kind(settle_in_kind(credited, shares), grand.data.horizon.discount)


def _find_decisions(
    keys: Sequence[SharingKey],
    base: KeyBase,
    game: Game | KnownGame,
    shared: Sequence[MethodShares],
    needed: VotesNeeded,
) -> dict[str, Any]:
    """Which ways of sharing would pass, under every rule."""
    rules = [build_unanimity(base.members), build_simple_majority(base.members)]
    for key, weights in _weigh_for(keys, base, {"ballot", "inhabitants"}):
        if "ballot" in key.also:
            rules.append(build_majority_by_votes(weights, needed.votes * sum(weights.values())))
        if "inhabitants" in key.also:
            rules.append(
                build_double_majority(weights, needed.members, needed.people, needed.blockers)
            )
    alone = dict(zip(game.players, game.singles.tolist(), strict=True))
    ballots = [find_ballot(one.allocation, alone) for one in shared]
    strict = [
        find_ballot(one.allocation, alone, blocking=find_best_blocking(game, one.allocation.shares))
        for one in shared
        if one.allocation.is_found and isinstance(game, Game)
    ]
    return {
        "rules": tuple(rules),
        "power": tuple(find_voting_power(rule) for rule in rules),
        "decisions": find_decisions(rules, [b for b in ballots if not b.why_not]),
        "strict_decisions": find_decisions(rules, strict),
    }


def _find_fair(
    case: Case,
    instance: Instance,
    options: Options,
    levels: Sequence[float],
    tell: ProgressCallback,
) -> dict[str, Any]:
    """What a more even burden adds to the cost, level by level; nothing where none is asked for."""
    if not levels:
        return {}
    fairest = find_objective("fairest", case.folders)
    (option,) = (one.name for one in fairest.options if one.default is REQUIRED)
    study = instance.study
    for name in fairest.requires:
        if name not in {part.name for part in study.components}:
            study = study.adding(name, case.folders)
    (criterion,) = (
        one
        for part in study.components
        if part.name in fairest.requires
        for one in part.criteria
        if one.form == "share"
    )
    study = replace(study, objective=fairest)
    margins = tuple(dict.fromkeys((0.0, *levels)))
    tasks = [
        Task(
            f"burdens as even as {100 * level:g} % more money can make them",
            instance.with_study(study.choosing(**{option: level})),
            options,
        )
        for level in margins
    ]
    plans = dict(zip(margins, solve_tasks(tasks, 1, tell), strict=True))
    cheapest, *others = (_read_fair(level, plan, criterion.figure) for level, plan in plans.items())
    if cheapest.expenditure is None:
        return {}
    names = [(task.label, plan) for task, plan in zip(tasks, plans.values(), strict=True)]
    return {
        "price_of_fairness": find_price_of_fairness(cheapest, others),
        "fair_audits": tuple(names),
    }


def _read_fair(level: float, plan: Solution, figure: str) -> FairPlan:
    if plan.quantities is None:
        return FairPlan(level, None, None, why_not=plan.sentence)
    worst = float(getattr(plan.quantities, figure))
    return FairPlan(level, plan.pooled_expenditure, worst, find_doubt(plan))

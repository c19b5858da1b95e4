"""A workbook shared by every method: what coalitions cost, who would object, and what follows."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from cssopt.assembly.case import Case
from cssopt.assembly.component import find_objective
from cssopt.assembly.instance import Instance
from cssopt.assembly.sharing_keys import SharingKey, find_known_keys, find_weights, make_base
from cssopt.modeling.key_base import KeyBase
from cssopt.modeling.shares import NoSharesError
from cssopt.questions.sharing.coalitions.cost import CoalitionCosts
from cssopt.questions.sharing.coalitions.find import find_coalition_costs
from cssopt.questions.sharing.coalitions.owen_allocation import find_owen_allocation
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
from cssopt.questions.sharing.find import apply_methods, find_core, pick_methods
from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.in_kind import (
    InKind,
    read_credits,
    settle_in_kind,
    sum_in_kind,
)
from cssopt.questions.sharing.methods import (
    Group,
    Method,
    agreed_method,
    in_groups,
    list_methods,
    title_key,
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
from cssopt.tables.spec import REQUIRED

AS_PLANNED: Final = "as_it_falls"
"""The key by which everybody bears what the plan has it spend."""

_WORTH_PROCESSES: Final = 5
"""Members from whom on their coalitions are worth several processes."""

_AT_FIRST: Final = "nucleolus"
"""The way of sharing that payments carry out where none is chosen."""


@dataclass(frozen=True)
class VotesNeeded:
    """Parts that must be in favor, 0 to 1: of all votes, of the members, of the people."""

    votes: float
    members: float
    people: float


@dataclass(frozen=True)
class BookSharing:
    """A workbook shared by every method.

    Attributes
    ----------
    instance: what was asked. costs: what every coalition spends by itself.
    core, methods: None and empty where the coalition of all has no plan.
    chosen: the way of sharing that payments carry out; None where none gives shares.
    fairness: burdens against benefits. needs: what each member's part of the needs costs it.
    in_kind: by member, where the workbook has agreed prices.
    rules, power: how members may decide, and what the vote of each is worth.
    decisions: every way of sharing under every rule, and (strict) where members also look at the
        coalitions in which they would do better.
    price_of_fairness: what a more even burden adds to the cost; empty where it was not asked for.
    """

    instance: Instance
    costs: CoalitionCosts
    core: Core | None = None
    methods: tuple[MethodShares, ...] = ()
    chosen: MethodShares | None = None
    transfers: Transfers | None = None
    fairness: Fairness | None = None
    needs: tuple[RequirementCost, ...] = ()
    in_kind: Mapping[str, InKind] = field(default_factory=dict)
    rules: tuple[VotingRule, ...] = ()
    power: tuple[VotingPower, ...] = ()
    decisions: tuple[Decision, ...] = ()
    strict_decisions: tuple[Decision, ...] = ()
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
        """How it ended: as its worst coalition did; one that has no plan is an answer."""
        if self.costs.unanswered or self.costs.unproven:
            return Status.FEASIBLE
        return Status.OPTIMAL if self.methods else Status.INFEASIBLE


def share_book(
    case: Case,
    instance: Instance,
    options: Options,
    *,
    is_strict: bool,
    methods: Sequence[str],
    chosen: str | None,
    unions: Sequence[Sequence[str]] | None,
    needed: VotesNeeded,
    fair: Sequence[float],
    journal: Path | None,
    processes: int | None,
    tell: ProgressCallback,
) -> BookSharing:
    """Share what an instance of a case costs at equal security.

    Parameters
    ----------
    is_strict: no shortfall is allowed, in place of equal security.
    methods: names of those that are asked for; none: all. chosen: the one that payments carry out.
    unions: blocs for the Owen value. needed: what majorities need.
    fair: by how much the cheapest plan may be exceeded for a more even burden, each a share.
    journal, processes, tell: as for `find_coalition_costs`.
    """
    costs = find_coalition_costs(
        instance,
        options,
        folders=case.folders,
        is_strict=is_strict,
        journal=journal,
        processes=processes or _find_processes(instance),
        tell=tell,
    )
    found = BookSharing(instance, costs)
    grand = costs.grand
    if grand is None or not grand.has_plan:
        return found
    tell("shares of all kinds")
    game = costs.game()
    base = make_base(case.data, instance.study, instance.coalition, grand.quantities)
    known = find_known_keys(case.data, instance.study, case.folders)
    keys = tuple(known.files.values())
    listed = _list_methods(costs, game, keys, base, unions)
    listed += [agreed_method(name, base, instance.study) for name in known.agreed]
    listed = in_groups(listed)
    proven = Guarantee.PROVEN
    shared = apply_methods(game, pick_methods(listed, methods), proven)
    picked = _choose(shared, chosen)
    return replace(
        found,
        core=find_core(game),
        methods=shared,
        chosen=picked,
        transfers=None if picked is None else _find_transfers(picked, grand),
        **_find_fairness(keys, base, shared, picked),
        in_kind={} if picked is None else _find_in_kind(picked, grand),
        **_find_decisions(keys, base, game, shared, needed),
        **_find_fair(case, instance, options, fair, tell),
    )


def _find_processes(instance: Instance) -> int:
    """Processes worth starting: one where there are few coalitions."""
    return 1 if len(instance.coalition) < _WORTH_PROCESSES else os.cpu_count() or 1


def _list_methods(
    costs: CoalitionCosts,
    game: Game,
    keys: Sequence[SharingKey],
    base: KeyBase,
    unions: Sequence[Sequence[str]] | None,
) -> list[Method]:
    """All methods of a game, and those that know more than a game."""
    grand = costs.grand
    assert grand is not None
    borne = grand.figure("burden")
    alone = dict(zip(game.players, game.singles.tolist(), strict=True))
    adds = {p: game.total - w for p, w in zip(game.players, game.without_one, strict=True)}
    most = _find_most(grand)
    more = [
        Method(
            "owen_allocation",
            "Owen allocation",
            "Each is charged what its needs cost, and credited what its means are worth, at the "
            "prices of the plan.",
            Group.ADDED,
            lambda game: find_owen_allocation(grand, costs.alone, game),
        ),
        Method(
            "nash_bargaining",
            "Nash bargain",
            "All save the same against standing alone, as far as budgets allow.",
            Group.BARGAIN,
            lambda game: find_nash_bargain(alone, game.total, most=most),
        ),
        Method(
            "kalai_smorodinsky",
            "Kalai-Smorodinsky bargain",
            "All save the same part of what each could hope to save at best.",
            Group.BARGAIN,
            lambda game: find_kalai_smorodinsky(alone, game.total, ideal=adds, most=most),
        ),
    ]
    return [*more, *list_methods(game, keys, base, unions, borne)]


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


def _choose(shared: Sequence[MethodShares], name: str | None) -> MethodShares | None:
    """The way of sharing of this name; by default the nucleolus, or else the first that is stable,
    or the first."""
    given = [one for one in shared if one.allocation.is_found]
    if name is not None:
        return next((one for one in given if one.method == name), None)
    first = [one for one in given if one.method == _AT_FIRST]
    return next(iter([*first, *(one for one in given if one.is_stable), *given]), None)


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


def _find_fairness(
    keys: Sequence[SharingKey],
    base: KeyBase,
    shared: Sequence[MethodShares],
    picked: MethodShares | None,
) -> dict[str, Any]:
    """Burdens as the plan has them and as they are shared, beside benefits."""
    burdens = [one for one in shared if one.method == AS_PLANNED and one.allocation.is_found]
    burdens += [picked] if picked is not None and picked not in burdens else []
    yardsticks = [Yardstick(one.title, Side.INPUT, one.allocation.shares) for one in burdens]
    needs: tuple[RequirementCost, ...] = ()
    for key in keys:
        if not key.also & {"benefit", "output", "need"}:
            continue
        try:
            weights = find_weights(key, base)
        except NoSharesError:
            continue
        side = Side.OUTPUT if "output" in key.also else Side.BENEFIT
        yardsticks.append(Yardstick(title_key(key), side, weights))
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
    game: Game,
    shared: Sequence[MethodShares],
    needed: VotesNeeded,
) -> dict[str, Any]:
    """Which ways of sharing would pass, under every rule."""
    rules = [build_unanimity(base.members), build_simple_majority(base.members)]
    for key in keys:
        if not key.also & {"ballot", "inhabitants"}:
            continue
        try:
            weights = find_weights(key, base)
        except NoSharesError:
            continue
        if "ballot" in key.also:
            rules.append(build_majority_by_votes(weights, needed.votes * sum(weights.values())))
        if "inhabitants" in key.also:
            rules.append(build_double_majority(weights, needed.members, needed.people))
    alone = dict(zip(game.players, game.singles.tolist(), strict=True))
    ballots = [find_ballot(one.allocation, alone) for one in shared]
    strict = [
        find_ballot(one.allocation, alone, blocking=find_best_blocking(game, one.allocation.shares))
        for one in shared
        if one.allocation.is_found
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
    tasks = [
        Task(
            f"burdens as even as {100 * level:g} % more money can make them",
            instance.with_study(study.choosing(**{option: level})),
            options,
        )
        for level in (0.0, *levels)
    ]
    plans = dict(zip((0.0, *levels), solve_tasks(tasks, 1, tell), strict=True))
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

"""The price list of rules: what every rule costs, and what is known of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from cssopt.questions.rules.lifter import UNCHANGED
from cssopt.runs.outcome import Outcome, find_worst
from cssopt.runs.solve_case import Solution
from cssopt.solution.stage_values import find_rounding, is_less
from cssopt.solution.verdicts import Audits
from cssopt.solve.answer import relative_gap
from cssopt.solve.outcome import Status
from cssopt.tables.rules_in_force import RuleInForce


class RuleVerdict(StrEnum):
    """What is known of the price of a rule, in the order of a price list."""

    NO_PLAN_WITH = "no plan with it"
    SHORTFALL = "causes missing share"
    COSTS = "costs"
    OTHER_AIM = "costs another aim"
    UNCLEAR = "not distinguishable from nothing"
    WORSE = "worse without it"
    NO_ANSWER = "no answer"
    NO_PLAN = "no plan without it either"
    NOTHING = "costs nothing"

    @property
    def sentence(self) -> str:
        """What the verdict means, for a planner."""
        return _SENTENCES[self]

    @property
    def is_sure(self) -> bool:
        """True where bounds prove it."""
        return self not in (RuleVerdict.UNCLEAR, RuleVerdict.NO_ANSWER)

    @property
    def rank(self) -> int:
        """Its place in a price list."""
        return tuple(RuleVerdict).index(self)


_SENTENCES = {
    RuleVerdict.NO_PLAN_WITH: "without it there is a plan, with it there is none",
    RuleVerdict.SHORTFALL: "without it less would be missing: proven",
    RuleVerdict.COSTS: "without it the plan would be cheaper: proven",
    RuleVerdict.OTHER_AIM: "without it another stage of the study would be better, neither "
    "security nor money: proven, see the stages",
    RuleVerdict.UNCLEAR: "the gaps of the two solves are larger than the price: solve closer to "
    "tell",
    RuleVerdict.WORSE: "without it the plan found is dearer, or another aim is missed by more: "
    "lifting it changes prices or dates too",
    RuleVerdict.NO_ANSWER: "a limit was reached, or the run failed: see its reason",
    RuleVerdict.NO_PLAN: "there is no plan without it either",
    RuleVerdict.NOTHING: "without it no plan is better: proven",
}


@dataclass(frozen=True)
class StageGain:
    """What a stage of the study gains without a rule, with those before it held.

    Attributes
    ----------
    stage: its name. base, without: its values with and without the rule. It rises only where a
        rule is no limit alone, and lifting it changes prices or dates as well.
    least, most: between them the gain is proven to be; infinite, or nan, where nothing is proven.
    """

    stage: str
    base: float
    without: float
    least: float
    most: float

    @property
    def found(self) -> float:
        """The gain between the plans found."""
        return self.base - self.without

    @property
    def rounding(self) -> float:
        """What is only rounding beside these values."""
        return find_rounding(self.base, self.without)

    @property
    def is_sure(self) -> bool:
        """True where it is proven that there is a gain."""
        return self.least > self.rounding

    @property
    def is_nothing(self) -> bool:
        """True where it is proven that there is none."""
        return self.most <= self.rounding

    @property
    def is_contradictory(self) -> bool:
        """True where it is proven that no plan without the rule is as good as that with it."""
        return self.most < -self.rounding


@dataclass(frozen=True, kw_only=True)
class ListedPrice:
    """One rule, or several lifted together, and what they cost.

    Attributes
    ----------
    name: unique in its list. rules: what was lifted.
    base, outcome: with every rule in force, and without these.
    security: name of the stage that makes what is missing small, where the study has one.
    asked: name of the stage, or question, that tells the money at equal security.
    """

    name: str
    rules: tuple[RuleInForce, ...]
    base: Outcome
    outcome: Outcome
    security: str
    asked: str

    @cached_property
    def amounts(self) -> tuple[StageGain, ...]:
        """The gain of every stage that both have, in the order of the study."""
        base, own = self.base, self.outcome
        if own.way == UNCHANGED:
            return tuple(StageGain(name, x, x, 0.0, 0.0) for name, x in base.reached.items())
        return tuple(
            StageGain(
                name,
                value,
                own.reached[name],
                base.proven.get(name, -math.inf) - own.reached[name],
                value - own.proven.get(name, -math.inf),
            )
            for name, value in base.reached.items()
            if name in own.reached and base.has_plan
        )

    @property
    def missing_share(self) -> StageGain | None:
        """The missing share that the rule causes; None where there are no two plans.

        Where the study does not make it small first, it is that of the plans found, and nothing
        is proven of it.
        """
        for amount in self.amounts:
            if amount.stage == self.security:
                return amount
        if not (self.base.has_plan and self.outcome.has_plan):
            return None
        nothing_proven = math.nan, math.nan
        return StageGain(
            self.security, self.base.missing_share, self.outcome.missing_share, *nothing_proven
        )

    @property
    def cost(self) -> StageGain | None:
        """What the least expenditure falls by with no more missing: money at equal security."""
        return next((amount for amount in self.amounts if amount.stage == self.asked), None)

    @property
    def others(self) -> tuple[StageGain, ...]:
        """The other stages of the study: what they gain is neither security nor money."""
        return tuple(a for a in self.amounts if a.stage not in (self.security, self.asked))

    @property
    def gap(self) -> float:
        """Relative gap of the solve that gives the cost; nan without one."""
        cost = self.cost
        if cost is None:
            return math.nan
        return relative_gap(cost.without, self.outcome.proven.get(cost.stage, -math.inf))

    @property
    def saved(self) -> float:
        """Pooled expenditure with the rule less that of the plan that would come without it."""
        return self.base.pooled_expenditure - self.outcome.pooled_expenditure

    @property
    def is_equally_secure(self) -> bool:
        """True where that plan misses as much as the one with the rule."""
        share, base = self.outcome.missing_share, self.base.missing_share
        return not (math.isnan(share) or is_less(share, base) or is_less(base, share))

    @cached_property
    def verdict(self) -> RuleVerdict:
        """What is known of the price."""
        if not self.base.has_plan:
            return self._find_way_out()
        if not self.outcome.has_plan or len(self.amounts) < len(self.base.reached):
            return RuleVerdict.NO_ANSWER
        means = {self.security: RuleVerdict.SHORTFALL, self.asked: RuleVerdict.COSTS}
        first = [amount for amount in self.amounts if amount.stage in means]
        for amount in (*first, *self.others):
            if amount.is_contradictory:
                return RuleVerdict.WORSE
            if amount.is_sure:
                return means.get(amount.stage, RuleVerdict.OTHER_AIM)
        if all(amount.is_nothing for amount in self.amounts):
            return RuleVerdict.NOTHING
        return RuleVerdict.UNCLEAR

    def _find_way_out(self) -> RuleVerdict:
        """Where there is no plan with every rule: whether there is one without this."""
        if self.base.status != Status.INFEASIBLE:
            return RuleVerdict.NO_ANSWER
        if self.outcome.has_plan:
            return RuleVerdict.NO_PLAN_WITH
        nothing = self.outcome.status == Status.INFEASIBLE
        return RuleVerdict.NO_PLAN if nothing else RuleVerdict.NO_ANSWER

    @property
    def order(self) -> tuple[float, float, float, str]:
        """The dearest first: security before money; what costs nothing at the end."""
        rank = self.verdict.rank
        return rank, -_found(self.missing_share), -_found(self.cost), self.name


def _found(amount: StageGain | None) -> float:
    return 0.0 if amount is None or abs(amount.found) <= amount.rounding else amount.found


NONE_ALONE = "none costs anything by itself: together they do"
MORE = "more together than one by one: each stands in for the others"
LESS = "less together than one by one: several cost the same money"


@dataclass(frozen=True)
class RuleList:
    """What every rule costs.

    Attributes
    ----------
    base: the plan with every rule in force.
    prices: of each rule, the dearest first.
    together: of all rules of a kind, and of all of a nature, lifted at once.
    reused: runs that the journal had already.
    """

    base: Solution
    prices: tuple[ListedPrice, ...]
    together: tuple[ListedPrice, ...]
    reused: int = 0

    @property
    def status(self) -> Status:
        """That of the base plan; an error where a run failed, and a limit where one found no plan
        in the time there was."""
        return find_worst((p.outcome.status for p in self.priced), self.base.status)

    @property
    def priced(self) -> tuple[ListedPrice, ...]:
        """All of them."""
        return (*self.prices, *self.together)

    @property
    def audits(self) -> Audits:
        """The audits of the plan with every rule, and of those without."""
        base = [("the plan with every rule", self.base.verdict)] if self.base.has_plan else []
        lifted = [
            (f"without {p.name}", p.outcome.verdict) for p in self.priced if p.outcome.has_plan
        ]
        return Audits.of([*base, *lifted])

    def find_parts(self, price: ListedPrice) -> list[ListedPrice]:
        """The prices one by one of rules that are lifted together."""
        own = set(price.rules)
        return [each for each in self.prices if own.issuperset(each.rules)]


def compare_with_parts(price: ListedPrice, alone: Sequence[ListedPrice]) -> str:
    """Whether rules cost another sum together than one by one; empty where that is not proven."""
    if price.verdict in (RuleVerdict.COSTS, RuleVerdict.SHORTFALL) and all(
        each.verdict is RuleVerdict.NOTHING for each in alone
    ):
        return NONE_ALONE
    told: dict[str, list[str]] = {}
    for name in ("missing_share", "cost"):
        said = _compare(getattr(price, name), [getattr(each, name) for each in alone])
        told.setdefault(said, []).append(name.replace("_", " "))
    return "; ".join(f"{' and '.join(names)}: {said}" for said, names in told.items() if said)


def _compare(together: StageGain | None, alone: Sequence[StageGain | None]) -> str:
    known = [amount for amount in alone if amount is not None]
    if together is None or len(known) < len(alone):
        return ""
    rounding = together.rounding * (1 + len(known))
    if together.least > sum(amount.most for amount in known) + rounding:
        return MORE
    if together.most < sum(amount.least for amount in known) - rounding:
        return LESS
    return ""

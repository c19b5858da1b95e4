"""What is known of the price of a rule: one enum, with a sentence each."""

from __future__ import annotations

from enum import StrEnum


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

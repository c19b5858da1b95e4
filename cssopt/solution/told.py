"""What may be told of the difference of two plans: an unproven plan is compared only as unproven.

A search that a limit ended leaves between its plan and its bound where the best plan lies. A
difference to another plan that is no larger than that may be none at all, or of the other sign.
"""

from __future__ import annotations

import math

from cssopt.solution.plan import Solution
from cssopt.solve.outcome import Status

NOT_MET = "THREATS NOT MET"
NO_DIFFERENCE = "no difference told"
NOT_KNOWN = "not known"
GAP_SAYS = "largest share by which another plan could be better"


def tell_gap(gap: float) -> str:
    """A gap as it is shown; not known where a stage before the last one is not proven."""
    return f"{gap:.1e}" if math.isfinite(gap) else NOT_KNOWN


def find_doubt(plan: Solution) -> float:
    """By how much the expenditure of a plan may be above the least, million.

    0 where it is proven; inf where what comes before money is not, or money was not minimized.
    """
    if plan.status is Status.OPTIMAL:
        return 0.0
    if not plan.solved.stages:
        return math.inf
    *before, last = plan.solved.stages
    is_money = abs(last.value - plan.pooled_expenditure) <= 1e-6 * max(1.0, abs(last.value))
    if not is_money or any(stage.status is not Status.OPTIMAL for stage in before):
        return math.inf
    return max(0.0, plan.pooled_expenditure - last.bound)


def tell_difference(one: float, other: float, doubt: float) -> float:
    """How much more one is than the other; nan where that is no more than is not proven."""
    return one - other if doubt == 0 or abs(one - other) > doubt else math.nan


def is_told(plan: Solution, base: Solution) -> bool:
    """True where the difference of the expenditures is larger than what is not proven of either."""
    if not (plan.has_plan and base.has_plan):
        return False
    doubt = max(find_doubt(plan), find_doubt(base))
    return not math.isnan(tell_difference(plan.pooled_expenditure, base.pooled_expenditure, doubt))


def tell_doubt(plan: Solution, base: Solution) -> str:
    """Why no difference is told of two plans, or how far it is not proven; empty where it is."""
    if not (plan.has_plan and base.has_plan):
        return ""
    doubts = [(name, find_doubt(one)) for name, one in (("this", plan), ("the base", base))]
    loose = [
        f"{name} plan may be up to {doubt:,.1f} million above the least"
        if math.isfinite(doubt)
        else f"how far {name} plan is above the least is not known"
        for name, doubt in doubts
        if doubt
    ]
    if not loose:
        return ""
    head = "Compared as unproven" if is_told(plan, base) else NO_DIFFERENCE.capitalize()
    return f"{head}: {', and '.join(loose)}."

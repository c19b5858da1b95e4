"""Sentences about a plan that several sheets say."""

from __future__ import annotations

import math

from cssopt.solution.baseline import Baseline, SavingRange
from cssopt.solution.concessions import Concession
from cssopt.solve.outcome import Status

MISSING_SHARE_SAYS = (
    "what is missing of each need, as a share of it, times priority and weight, added up"
)


def format_money(amount: float) -> str:
    """A million with one decimal, and no minus before what rounds to nothing."""
    return f"{round(amount, 1) + 0.0:,.1f}"


def format_percent(share: float) -> str:
    """A share in percent, as it is: 0.1 % never becomes 0 %."""
    return f"{100 * share:.6g} %"


def say_proof(one: Concession) -> str:
    """What is known of such a plan; a limit that leaves none says nothing of the plan at hand."""
    if one.status in (Status.FEASIBLE, Status.NO_PLAN_YET):
        return "not proven before the limit"
    return str(one.status)


def ledger_remarks(baseline: Baseline) -> list[str]:
    """Which links of the pooling ledger cannot be told apart, and why."""
    return [
        f"Told in one line: {line.name}. In between there is nothing to state: {line.reason}."
        for line in baseline.links
        if line.reason
    ]


def saving_remarks(baseline: Baseline) -> list[str]:
    """What else is to be said of the saving at equal security; nothing where it is settled."""
    return [
        *([baseline.caution] if baseline.caution else []),
        *_range_remarks(baseline.range),
        *(
            f"Among the equally good plans of {member} alone the one whose missing power is spread "
            f"evenest is meant, but {reason}: another of them may give another saving."
            for member, reason in baseline.unsettled.items()
        ),
    ]


def _range_remarks(found: SavingRange | None) -> list[str]:
    """Least and most saving, each a bound only where it says why."""
    if found is None:
        return []
    over = "over all equally good plans of the members alone"
    return [
        f"{name} saving {over}: "
        + (
            f"none can be told: {why}."
            if math.isnan(value)
            else f"{format_money(value)}."
            if not why
            else f"at most {format_money(value)}: {why}."
        )
        for name, value, why in (
            ("Least", found.least, found.why_least),
            ("Most", found.most, found.why_most),
        )
    ]

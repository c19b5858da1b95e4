"""Near-optimal plans as pandas tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cssopt.analysis.alternatives import Alternatives
from cssopt.analysis.runs import Outcome

_RANGES = ("within", "kind", "member", "force", "base", "least", "most", "surely_least",
           "surely_most", "verdict", "status")  # fmt: skip
_PLANS = ("within", "plan", "pooled_expenditure", "missing_share", "difference", "status", "gap")
_UNITS = ("within", "plan", "member", "force", "units", "more_than_base")


def tabulate_alternatives(found: Alternatives) -> dict[str, pd.DataFrame]:
    """Frames ``ranges``, ``plans`` and ``units``; plan 0 is the base plan, within 0.

    Burdens and expenditures: million, present value; units: mean of all years.
    """
    ranges = [
        (r.within, r.contribution.kind, r.contribution.member, r.contribution.force, r.base,
         r.least, r.most, r.surely_least, r.surely_most, r.verdict, str(r.status))
        for r in found.ranges
    ]  # fmt: skip
    plans = [
        (within, number, one.pooled_expenditure, one.missing_share, difference, one.status, one.gap)
        for within, number, one, difference in _every_plan(found)
    ]
    start = {} if found.start is None else found.start.units
    units = [
        (within, number, *key, value, value - start.get(key, 0.0))
        for within, number, one, _ in _every_plan(found)
        for key, value in one.units.items()
    ]
    return {
        "ranges": pd.DataFrame(ranges, columns=list(_RANGES)),
        "plans": pd.DataFrame(plans, columns=list(_PLANS)),
        "units": pd.DataFrame(units, columns=list(_UNITS)),
    }


def _every_plan(found: Alternatives) -> Iterator[tuple[float, int, Outcome, float]]:
    if found.start is not None:
        yield 0.0, 0, found.start, 0.0
    for plan in found.plans:
        yield plan.within, plan.number, plan.outcome, plan.difference

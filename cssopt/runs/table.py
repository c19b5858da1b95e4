"""The results of a sweep as one tidy table: a row for each run, a column for each figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cssopt.modeling.measures import BURDEN, MISSING_SHARE, POOLED_EXPENDITURE, SHORTFALL, UNITS
from cssopt.names import key_parts
from cssopt.runs.outcome import Outcome, Run
from cssopt.solution.verdicts import tell_verdict

RUN = "run"


def tabulate_runs(outcomes: Sequence[tuple[Run, Outcome]]) -> pd.DataFrame:
    """A row for each run, in their order.

    Columns: ``run``; what was varied, by label; ``status``, ``threats_met`` (missing where there is
    no plan), ``pooled_expenditure`` (million, present value), ``objective``, ``bound``, ``gap``,
    ``missing_share``, ``shortfall`` (power-years), ``audit`` (``passed``, ``FAILED``, ``not
    audited``), ``way``, ``reason``, ``seconds``; then
    ``cost.ENTRY`` and ``burden.MEMBER`` (million, present value), ``shortfall.THREAT.CAPABILITY``
    (power-years) and ``units.MEMBER.FORCE`` (mean over the years). A figure that a run does not
    have is missing, never 0. Names with a dot stand in double quotes.
    """
    runs = [run for run, _ in outcomes]
    ends = [outcome for _, outcome in outcomes]
    columns: dict[str, Any] = {RUN: [run.name for run in runs]}
    for label in find_varied(runs):
        columns[label] = _one_kind([run.point.get(label) for run in runs])
    columns |= {
        "status": [end.status for end in ends],
        "threats_met": pd.array(
            [end.threats_met if end.has_plan else None for end in ends], dtype="boolean"
        ),
    }
    for name in (POOLED_EXPENDITURE, "objective", "bound", "gap", MISSING_SHARE, SHORTFALL):
        columns[name] = [float(getattr(end, name)) for end in ends]
    columns["audit"] = [tell_verdict(end.verdict) if end.has_plan else "" for end in ends]
    for name in ("way", "reason", "seconds"):
        columns[name] = [getattr(end, name) for end in ends]
    columns |= _spread(ends, "cost", lambda end: end.costs)
    columns |= _spread(ends, BURDEN, lambda end: end.burden)
    columns |= _spread(ends, SHORTFALL, lambda end: end.shortfalls)
    columns |= _spread(ends, UNITS, lambda end: end.units)
    return pd.DataFrame(columns)


def find_varied(runs: Iterable[Run]) -> tuple[str, ...]:
    """Labels of everything that the runs vary, in their order."""
    return tuple(dict.fromkeys(label for run in runs for label in run.point))


def _spread(
    ends: Sequence[Outcome], group: str, figures: Callable[[Outcome], Mapping[Any, float]]
) -> dict[str, list[float]]:
    """A column for each key that any run has a figure of."""
    found = [figures(end) for end in ends]
    keys = dict.fromkeys(key for mapping in found for key in mapping)
    return {
        ".".join((group, *map(_quote, key_parts(key)))): [
            mapping.get(key, math.nan) for mapping in found
        ]
        for key in keys
    }


def _quote(name: str) -> str:
    """A part of a column's name, in quotes where it could be taken for two parts."""
    return '"' + name.replace('"', '""') + '"' if "." in name or '"' in name else name


def _one_kind(values: Sequence[Any]) -> list[Any]:
    """The values as they are where all are of one kind, else as texts: a column has one kind."""
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) <= 1:
        return list(values)
    return [
        None if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)
        for value in values
    ]

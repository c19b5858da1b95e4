"""The order in which runs are done: each near the one before, so that a warm start is short."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cssopt.runs.outcome import Run

_BLOCK = 1_000
"""Runs among which the nearest one is looked for."""


def order_runs(runs: Sequence[Run]) -> list[Run]:
    """The runs so that each is near the one before it (nearest neighbor; Flood, 1956).

    Numbers count by their place in their range; runs that differ in a text stay apart.
    """
    if len(runs) < 3:
        return list(runs)
    places = _find_places(runs)
    rough = np.lexsort(places.T[::-1])
    order: list[int] = []
    for begin in range(0, len(runs), _BLOCK):
        block = rough[begin : begin + _BLOCK]
        first = int(_distances(places[block], places[order[-1]]).argmin()) if order else 0
        order += block[_chain(places[block], first)].tolist()
    return [runs[i] for i in order]


def _find_places(runs: Sequence[Run]) -> NDArray[np.float64]:
    """One row per run, one column per quantity; 0 to 1 over a range of numbers."""
    labels = list(dict.fromkeys(label for run in runs for label in run.point))
    if not labels:
        return np.zeros((len(runs), 1))
    columns = []
    for label in labels:
        values = [run.point.get(label) for run in runs]
        known = {value: float(i) for i, value in enumerate(dict.fromkeys(map(str, values)))}
        if all(isinstance(v, int | float) for v in values):
            column = np.array(values, dtype=float)
            span = np.ptp(column)
            columns.append((column - column.min()) / span if span > 0 else np.zeros(len(runs)))
        else:
            # Another text is most often another shape of program: as far as can be.
            columns.append(np.array([known[str(v)] for v in values]) * len(labels))
    return np.column_stack(columns)


def _chain(places: NDArray[np.float64], first: int) -> NDArray[np.int64]:
    left = np.ones(len(places), dtype=bool)
    chain = np.empty(len(places), dtype=np.int64)
    here = first
    for step in range(len(places)):
        chain[step] = here
        left[here] = False
        if step + 1 < len(places):
            away = np.where(left, _distances(places, places[here]), np.inf)
            here = int(away.argmin())
    return chain


def _distances(places: NDArray[np.float64], here: NDArray[np.float64]) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = ((places - here) ** 2).sum(axis=1)
    return squares

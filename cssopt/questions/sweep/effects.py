"""What each varied quantity does by itself: the means of the runs that share its value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cssopt.modeling.measures import POOLED_EXPENDITURE, SHORTFALL
from cssopt.runs.summary import with_plan
from cssopt.solution.plain import is_number
from cssopt.solve.outcome import Status

MOST_VALUES: Final = 12
"""A number with more values than this is cut into groups."""

GROUPS: Final = 5

FIGURES: Final = (POOLED_EXPENDITURE, SHORTFALL)
"""What effects are measured in: money and power, each for itself."""


@dataclass(frozen=True)
class Group:
    """Runs with one value of a quantity, or with values close together.

    Attributes
    ----------
    name: the value, or the least and greatest value of the group.
    middle: the value or the mean of the values; None for texts.
    runs: that have a plan. left_out: that have none.
    means: by figure; nan where no run has a plan.
    doubt: by how much the mean expenditure may be above the least, on average, million.
    """

    name: str
    middle: float | None
    runs: int
    left_out: int
    means: dict[str, float]
    doubt: float = 0.0


@dataclass(frozen=True)
class Effect:
    """The groups of one quantity, in the order of its values.

    `overall` are the means over all groups together, by figure.
    """

    label: str
    groups: tuple[Group, ...]
    overall: Mapping[str, float]

    @property
    def is_number(self) -> bool:
        """True where the values can stand on an axis."""
        return all(group.middle is not None for group in self.groups)

    def ends(self, figure: str) -> tuple[Group, Group] | None:
        """The groups of least and greatest mean; None where no run has a plan."""
        known = [group for group in self.groups if group.runs]
        if not known:
            return None
        return min(known, key=lambda g: g.means[figure]), max(known, key=lambda g: g.means[figure])

    def width(self, figure: str) -> float:
        """Distance of the least and the greatest mean; nan where no run has a plan."""
        below, above = self.distances(figure)
        return above - below

    def distances(self, figure: str) -> tuple[float, float]:
        """The least and the greatest mean, less the overall mean; nan where there is none."""
        ends = self.ends(figure)
        if ends is None:
            return math.nan, math.nan
        least, greatest = (end.means[figure] - self.overall[figure] for end in ends)
        return least, greatest

    def is_told(self, figure: str) -> bool:
        """True where the width is larger than what is not proven of the means at its ends."""
        ends = self.ends(figure)
        if ends is None:
            return False
        doubt = max(end.doubt for end in ends)
        # Where money has a gap at all, what comes before it, the missing share, is proven.
        if figure != POOLED_EXPENDITURE:
            return math.isfinite(doubt)
        return doubt == 0 or self.width(figure) > doubt


def find_effects(table: pd.DataFrame, varied: Iterable[str]) -> tuple[Effect, ...]:
    """The main effect of every varied quantity of a tidy table of runs.

    Runs are grouped by the value, or, where a number has more than `MOST_VALUES` values, into
    `GROUPS` groups of (nearly) equal count by its size.
    """
    counts = with_plan(table)
    overall = {figure: float(table.loc[counts, figure].mean()) for figure in FIGURES}
    return tuple(Effect(label, tuple(_groups(table, label, counts)), overall) for label in varied)


def tabulate_groups(effects: Iterable[Effect]) -> pd.DataFrame:
    """A row for each group of runs: its quantity, value, runs and means."""
    names = ["quantity", "value", "middle", "runs", "left_out", *FIGURES]
    rows = [
        [effect.label, group.name, round_middle(group.middle), group.runs, group.left_out,
         *(group.means[figure] for figure in FIGURES)]
        for effect in effects
        for group in effect.groups
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def round_middle(middle: float | None) -> float | None:
    """The middle of a group in six digits, as far as the eye follows a chart."""
    return None if middle is None else float(f"{middle:.6g}")


def widest_first(effects: Iterable[Effect], figure: str) -> list[Effect]:
    """The effects that have a width that can be told, the widest first."""
    known = [
        effect
        for effect in effects
        if math.isfinite(effect.width(figure)) and effect.is_told(figure)
    ]
    return sorted(known, key=lambda effect: -effect.width(figure))


def _groups(table: pd.DataFrame, label: str, counts: pd.Series[bool]) -> Iterable[Group]:
    column = table[label].reset_index(drop=True)
    values = column.dropna().unique().tolist()
    numbers = all(map(is_number, values))
    if not numbers:
        for value in values:
            places = np.flatnonzero((column == value).to_numpy(dtype=bool, na_value=False))
            yield _group(table, counts, places, str(value), None)
    elif len(values) <= MOST_VALUES:
        for value in sorted(values):
            places = np.flatnonzero((column == value).to_numpy())
            yield _group(table, counts, places, f"{value:.12g}", float(value))
    else:
        order = np.argsort(column.to_numpy(), kind="stable")[: column.notna().sum()]
        for places in np.array_split(order, GROUPS):
            part = column.iloc[places]
            name = f"{part.min():.3g} to {part.max():.3g}"
            yield _group(table, counts, places, name, float(part.mean()))


def _group(
    table: pd.DataFrame,
    counts: pd.Series[bool],
    places: NDArray[np.intp],
    name: str,
    middle: float | None,
) -> Group:
    counted = counts.to_numpy()[places]
    plans = table.iloc[places][counted]
    means = {figure: float(plans[figure].mean()) for figure in FIGURES}
    loose = plans[plans["status"] != str(Status.OPTIMAL)]
    doubts = loose["gap"].abs() * loose[POOLED_EXPENDITURE].abs()
    doubt = float(doubts.sum()) / len(plans) if len(plans) else 0.0
    return Group(name, middle, len(plans), len(places) - len(plans), means, doubt)

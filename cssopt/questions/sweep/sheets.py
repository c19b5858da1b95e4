"""The sheet Effects of a sweep: the means behind its charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.questions.sweep.effects import FIGURES, GROUPS, MOST_VALUES, Effect, widest_first
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.run_tables import round_middle
from cssopt.runs.summary import with_plan
from cssopt.solution.plain import plain_value
from cssopt.solution.told import NO_DIFFERENCE


@dataclass
class PlacedEffects:
    """Where the numbers behind the charts stand.

    Attributes
    ----------
    ends: by figure, the effects, widest first, and their table of least and greatest means; a
        figure that is 0 everywhere has none.
    groups: the table of all groups. rows: first and last row of each quantity in it.
    """

    ends: dict[str, tuple[list[Effect], Placed]] = field(default_factory=dict)
    groups: Placed | None = None
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)


def write_effects(report: Report, effects: Sequence[Effect], table: pd.DataFrame) -> PlacedEffects:
    """The means that the charts show, and how they are made."""
    page = report.page("Effects", "What each varied quantity does by itself.")
    counted = with_plan(table)
    plans, left_out = table[counted], int((~counted).sum())
    page.line(
        "Runs are grouped by their value of one quantity; where a number has more than "
        f"{MOST_VALUES} values, in {GROUPS} groups of equal count by its size. An effect is the "
        "mean of all runs of a group, whatever their other quantities are. Means of money and of "
        "shortfall are made apart, and never added up."
    )
    if left_out:
        page.line(
            f"{left_out:,} of {len(table):,} runs have no plan and are left out of every mean. "
            "Beware of groups that leave out many: those left out may be the hardest runs.",
            "warn",
        )
    if len(plans):
        page.line(f"The gap of the runs behind these means is at most {plans['gap'].max():.1e}.")
    page.gap()
    placed = PlacedEffects()
    for figure in FIGURES:
        shown = widest_first(effects, figure)
        loose = [effect.label for effect in effects if effect not in shown]
        if loose and len(plans):
            page.line(
                f"{NO_DIFFERENCE.capitalize()} in {figure.replace('_', ' ')} for {', '.join(loose)}"
                ": it is no larger than what is not proven of the plans behind it.",
                "warn",
            )
        if shown and plans[figure].abs().sum() > 0:
            placed.ends[figure] = shown, _write_ends(page, shown, figure)
            page.gap()
    _write_groups(page, effects, placed)
    return placed


def _write_ends(page: Page, effects: Sequence[Effect], figure: str) -> Placed:
    """Least and greatest mean of each quantity."""
    mean = effects[0].overall[figure]
    page.line(f"Span of the mean {figure.replace('_', ' ')}", "section")
    page.line(f"Mean of all runs with a plan: {mean:,.2f}; below and above are distances from it.")
    rows: list[list[Any]] = []
    for effect in effects:
        ends = effect.ends(figure)
        assert ends is not None
        least, greatest = ends
        rows.append([effect.label, least.means[figure], least.name, greatest.means[figure],
                     greatest.name, effect.width(figure), *effect.distances(figure)])  # fmt: skip
    fields = [
        Field("quantity"),
        Field("least mean", "number", 2),
        Field("least at", "right"),
        Field("greatest mean", "number", 2),
        Field("greatest at", "right"),
        Field("width", "number", 2),
        Field("below", "number", 2),
        Field("above", "number", 2),
    ]
    return page.table(Grid(fields, rows))


def _write_groups(page: Page, effects: Sequence[Effect], placed: PlacedEffects) -> None:
    page.line("Means of each group", "section")
    rows: list[list[Any]] = []
    starts: dict[str, tuple[int, int]] = {}
    for effect in effects:
        starts[effect.label] = len(rows), len(rows) + len(effect.groups) - 1
        rows += [
            [effect.label, group.name, round_middle(group.middle), group.runs, group.left_out,
             *(plain_value(group.means[figure]) for figure in FIGURES)]
            for group in effect.groups
        ]  # fmt: skip
    if not rows:
        page.line("Nothing was varied.")
        return
    fields = [
        Field("quantity"),
        Field("value", "right"),
        Field("middle", "as_typed"),
        Field("runs", "number", 0),
        Field("left out", "number", 0),
        *(Field(figure.replace("_", " "), "number", 2) for figure in FIGURES),
    ]
    placed.groups = page.table(Grid(fields, rows))
    first = placed.groups.first
    placed.rows = {label: (first + a, first + b) for label, (a, b) in starts.items()}

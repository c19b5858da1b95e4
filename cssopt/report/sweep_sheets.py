"""The sheets Effects, Runs and Failed of a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from cssopt.report.context import Report
from cssopt.report.grid import Field, Grid
from cssopt.report.page import Page, Placed
from cssopt.report.sweep_effects import (
    FIGURES,
    GROUPS,
    MOST_VALUES,
    Effect,
    widest_first,
)
from cssopt.report.sweep_summary import with_plan
from cssopt.solution.plain import plain_value
from cssopt.solution.told import NO_DIFFERENCE
from cssopt.solve.outcome import Status

_MOST_COLUMNS: Final = 16_384
_MOST_CELLS: Final = 1_000_000
"""Of the sheet Runs: more would take a spreadsheet minutes to open."""

_PRINT_SCALE: Final = 70

_FORMS: Final = {"gap": "tiny", "missing_share": "factor", "seconds": "seconds"}


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
            [effect.label, group.name, _rounded(group.middle), group.runs, group.left_out,
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


def _rounded(middle: float | None) -> float | None:
    """The middle of a group in six digits, as far as the eye follows a chart."""
    return None if middle is None else float(f"{middle:.6g}")


def write_runs(report: Report, table: pd.DataFrame, varied: int) -> None:
    """Every run, a row each; columns that do not fit are named."""
    page = report.page(
        "Runs",
        "Every run: what was varied, and what came of it. Money is present value. Dots part the "
        "names: cost.entry, burden.member, shortfall.threat.capability in power-years, "
        "units.member.force on average over the years.",
    )
    room = min(_MOST_COLUMNS, max(varied + 20, _MOST_CELLS // max(1, len(table))))
    if len(table.columns) > room:
        more = len(table.columns) - room
        page.line(
            f"{more:,} further columns, from {table.columns[room]} on, would make this sheet too "
            "large; runs.parquet has them all.",
            "warn",
        )
    shown = table.iloc[:, :room]
    page.only_table(_make_grid(shown, varied), 1 + varied)
    page.sheet.set_print_scale(_PRINT_SCALE)  # not on one page, where it could not be read
    page.sheet.repeat_columns(0, varied)


def write_failed(report: Report, table: pd.DataFrame, varied: Sequence[str]) -> None:
    """The runs without a plan that counts, each with its reason."""
    page = report.page("Failed", "Runs without a plan, and why. They are left out of all means.")
    failed = table[~with_plan(table)]
    if failed.empty:
        page.line("Every run has a plan.")
        return
    sentences = failed["status"].map(lambda status: Status(status).sentence)
    reason = failed["reason"].where(failed["reason"] != "", sentences)
    shown = failed[["run", *varied, "status"]].assign(reason=reason)
    page.only_table(_make_grid(shown, len(varied)), 1)


def _make_grid(table: pd.DataFrame, varied: int) -> Grid:
    """The table as it is shown; what was varied stands behind the name, as it was typed."""
    fields = [
        _field(str(name), table[name], position in range(1, 1 + varied))
        for position, name in enumerate(table.columns)
    ]
    columns = [_cells(table[name]) for name in table.columns]
    return Grid(fields, list(zip(*columns, strict=True)))


def _field(name: str, column: pd.Series[Any], as_typed: bool) -> Field:
    if name == "reason":
        return Field(name, "sentence")
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if not is_number:
        return Field(name)
    return Field(name, "as_typed" if as_typed else _FORMS.get(name, "number"))


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Plain values; None where there is none."""
    missing = column.isna().tolist()
    return [None if gone else value for value, gone in zip(column.tolist(), missing, strict=True)]

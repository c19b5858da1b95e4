"""Sheets that set base and scenarios side by side: a column per plan, then the differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cssopt.document.grid import Field, Grid, find_names, index_cells, index_fields
from cssopt.names import COMMON
from cssopt.questions.whatif.result import Comparison
from cssopt.render.number_text import decimals
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page
from cssopt.solution.figures import CHANGED, Amounts, Figure
from cssopt.solution.missing import find_measures
from cssopt.solution.plain import NOISE
from cssopt.solution.plan import Solution
from cssopt.solution.told import NO_DIFFERENCE, is_told, tell_gap
from cssopt.solve.outcome import Status

BASE = "base"
"""How the base plan is called beside the scenarios."""
_PLANS_ON_A_PAGE = 16
"""Columns of plans that one printed page can hold and still be read."""


@dataclass(frozen=True)
class Sides:
    """The plans that are set side by side, the base first, each with the head of its column."""

    base: Solution
    heads: tuple[str, ...]
    plans: tuple[Solution, ...]
    without_plan: tuple[str, ...]

    @classmethod
    def of(cls, comparison: Comparison) -> Sides:
        """Base and scenarios that have plans, and the names of those that have none."""
        sides = [(BASE, comparison.base), *((v.name, v.solution) for v in comparison.variants)]
        found = [(name, plan) for name, plan in sides if plan is not None and plan.has_plan]
        return cls(
            comparison.base,
            tuple(_head(name, plan) for name, plan in found),
            tuple(plan for _, plan in found),
            tuple(name for name, plan in sides if plan is None or not plan.has_plan),
        )


def _head(name: str, plan: Solution) -> str:
    """The name of a plan, with all that keeps it from being the best plan that meets the need."""
    doubts = [] if plan.status is Status.OPTIMAL else [f"{plan.status}, gap {tell_gap(plan.gap)}"]
    doubts += [] if plan.threats_met else ["THREATS NOT MET"]
    return " | ".join([name, *doubts])


@dataclass(frozen=True)
class FigureBlock:
    """One figure with a sheet of its own.

    Attributes
    ----------
    title: of the sheet. heading: of its table, with the measure.
    form: of its numbers. total: True where the sum stands below.
    measured: True where the measure of the kind of need stands beside each row.
    """

    title: str
    figure: Figure
    heading: str
    form: str = "number"
    total: bool = False
    measured: bool = False


@dataclass(frozen=True)
class PlacedFigure:
    """Where a figure stands: its sheet, its rows and columns of plans, from 0, ends included."""

    sheet: str
    rows: tuple[int, int]
    columns: tuple[int, int]


def write_sides(
    report: Report, sides: Sides, block: FigureBlock, explanation: str = ""
) -> PlacedFigure | None:
    """A sheet of one figure: a column per plan, and below it the differences to the base.

    Cells that differ from the base are marked. Returns the place of the figure, None where there
    is nothing to show.
    """
    page = report.page(block.title, f"{explanation} Marked: what differs from the base.".strip())
    if sides.without_plan:
        page.line(f"Without a plan, and so without a column: {', '.join(sides.without_plan)}.")
    amounts = [block.figure.amounts(plan) for plan in sides.plans]
    keys = _find_keys(amounts)
    page.line(block.heading, "section")
    if not keys:
        page.line("Nothing to compare.")
        return None
    first = len(_Head(sides, block).fields())
    page.freeze(page.row + 1, first)
    if (pages := math.ceil(len(sides.plans) / _PLANS_ON_A_PAGE)) > 1:
        page.sheet.fit_to_pages(pages, 0)
        page.sheet.repeat_columns(0, first - 1)
    placed = _write_amounts(page, sides, block, amounts, keys)
    page.gap()
    _write_differences(page, sides, block, amounts, keys)
    return placed


def _find_keys(amounts: Sequence[Amounts]) -> list[Any]:
    """Keys of which any plan has something, those of one member, force or threat together."""
    keys = [
        key
        for key in dict.fromkeys(key for values in amounts for key in values)
        if any(abs(values.get(key, 0.0)) > NOISE for values in amounts)
    ]
    place = {key[0]: position for position, key in reversed(list(enumerate(keys)))}
    return sorted(keys, key=lambda key: place[key[0]])


def _write_amounts(
    page: Page, sides: Sides, block: FigureBlock, amounts: Sequence[Amounts], keys: Sequence[Any]
) -> PlacedFigure:
    head = _Head(sides, block)
    fields, places = head.fields(), decimals(a.get(key) for a in amounts for key in keys)
    columns = [Field(name, block.form, places, block.total) for name in sides.heads]
    rows = [[*head.cells(key), *(values.get(key) for values in amounts)] for key in keys]
    marks = {}
    if sides.base.has_plan:
        for row, key in enumerate(keys):
            old = amounts[0].get(key, block.figure.absent)
            for column, values in enumerate(amounts[1:], len(fields) + 1):
                if is_told(sides.plans[column - len(fields)], sides.base) and _differs(
                    old, values.get(key, block.figure.absent)
                ):
                    marks[row, column] = "changed"
    placed = page.table(Grid([*fields, *columns], rows, marks))
    last = len(fields) + len(columns) - 1
    return PlacedFigure(placed.sheet, (placed.first, placed.last), (len(fields), last))


def _differs(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is not new
    return abs(new - old) > CHANGED


def _write_differences(
    page: Page, sides: Sides, block: FigureBlock, amounts: Sequence[Amounts], keys: Sequence[Any]
) -> None:
    """What each scenario has more than the base, under the same columns."""
    in_years = ", in years" if block.form == "year" else ""
    page.line(f"Difference to the base{in_years}: {block.heading}", "section")
    if not sides.base.has_plan:
        page.line("The base has no plan: no difference can be stated.", "warn")
        return
    told = [is_told(plan, sides.base) for plan in sides.plans[1:]]
    if loose := [name for name, one in zip(sides.heads[1:], told, strict=True) if not one]:
        page.line(f"{NO_DIFFERENCE.capitalize()}, for want of proof: {', '.join(loose)}.", "warn")
    head, base, rows = _Head(sides, block), amounts[0], []
    for key in keys:
        more = [
            _difference(block.figure, key, base, values) if one else None
            for values, one in zip(amounts[1:], told, strict=True)
        ]
        if any(more):
            rows.append([*head.cells(key), base.get(key), *more])
    if not rows:
        page.line("No scenario differs from the base.")
        return
    first = len(head.fields()) + 1
    places = decimals(cell for row in rows for cell in row[first:])
    form = "number" if in_years else block.form
    columns = [Field(name, form, places, block.total) for name in sides.heads[1:]]
    page.table(Grid([*head.fields(), Field(sides.heads[0], block.form), *columns], rows))


def _difference(figure: Figure, key: Any, base: Amounts, values: Amounts) -> float | None:
    """What a scenario has more; None where one of the two has no such figure."""
    old, new = base.get(key, figure.absent), values.get(key, figure.absent)
    if old is None or new is None:
        return None
    return new - old if _differs(old, new) else 0.0


class _Head:
    """The first cells of a row: the parts of its key, with full names from every plan."""

    def __init__(self, sides: Sides, block: FigureBlock) -> None:
        self.over, self.measured = block.figure.over, block.measured
        self.need = sides.base.study.require_need()
        self.names: dict[str, dict[str, str]] = {}
        self.measures: dict[str, str] = {}
        for plan in reversed(sides.plans):
            for index, known in find_names(plan.data.book).items():
                self.names.setdefault(index, {}).update(known)
            self.measures |= find_measures(plan.data, self.need)
        parties = self.names.get(sides.base.data.party_index, {})
        self.names["bearer"] = {**parties, COMMON: "shared by all"}

    def fields(self) -> list[Field]:
        """The columns of the parts, and of the measure where it is shown."""
        more = [Field("measure")] if self.measured else []
        return [*index_fields(self.over, self.names), *more]

    def cells(self, key: Sequence[Any]) -> list[Any]:
        """Their cells for one key."""
        cells = index_cells(self.over, key, self.names)
        if self.measured:
            cells.append(self.measures.get(key[self.over.index(self.need.kind)], ""))
        return cells

"""Sheets that set base and scenarios side by side: a column per plan, then the differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from cssopt.document.document import (
    Block,
    Column,
    Form,
    Mark,
    Note,
    Sheet,
    Table,
    decimals,
)
from cssopt.document.index_columns import find_names, index_cells, index_columns
from cssopt.names import COMMON
from cssopt.questions.whatif.result import Comparison
from cssopt.solution.figures import CHANGED, Amounts, Figure
from cssopt.solution.missing import find_measures
from cssopt.solution.plain import NOISE
from cssopt.solution.plan import Solution
from cssopt.solution.told import NO_DIFFERENCE, is_told, tell_gap
from cssopt.solve.outcome import Status

BASE = "base"
"""How the base plan is called beside the scenarios."""


@dataclass(frozen=True)
class FigureBlock:
    """One figure with a sheet of its own.

    Attributes
    ----------
    title: of the sheet. heading: of its table. measure: in what its numbers count; empty for years.
    form: of its numbers. total: True where the sum stands below.
    measured: True where the measure of the kind of need stands beside each row.
    """

    title: str
    figure: Figure
    heading: str
    measure: str
    form: Form = "number"
    total: bool = False
    measured: bool = False


class Sides:
    """The plans that are set side by side, the base first.

    Attributes
    ----------
    columns: the name of the column of each plan, such as ``scenario.NAME``.
    heads: what stands above it. plans: the plans. told: by plan, whether its differences are.
    without_plan: names of the scenarios that have none.
    """

    def __init__(self, comparison: Comparison) -> None:
        self.base = comparison.base
        sides = [(BASE, BASE, comparison.base)]
        sides += [(f"scenario.{v.name}", v.name, v.solution) for v in comparison.variants
                  if v.solution is not None]  # fmt: skip
        found = [side for side in sides if side[-1].has_plan]
        self.columns = tuple(column for column, _, _ in found)
        self.heads = tuple(_head(name, plan) for _, name, plan in found)
        self.plans = tuple(plan for _, _, plan in found)
        self.told = tuple(is_told(plan, self.base) for plan in self.plans)
        have = {name for _, name, plan in sides[1:] if plan.has_plan}
        names = [*([] if self.base.has_plan else [BASE]),
                 *(v.name for v in comparison.variants if v.name not in have)]  # fmt: skip
        self.without_plan = tuple(names)

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """Full names by index and code, from every plan."""
        names: dict[str, dict[str, str]] = {}
        for plan in reversed(self.plans):
            for index, known in find_names(plan.data.book).items():
                names.setdefault(index, {}).update(known)
        names["bearer"] = {**names.get(self.base.data.party_index, {}), COMMON: "shared by all"}
        return names

    @cached_property
    def measures(self) -> dict[str, str]:
        """In what needs of each kind are measured."""
        need = self.base.study.require_need()
        found: dict[str, str] = {}
        for plan in reversed(self.plans):
            found |= find_measures(plan.data, need)
        return found

    def show(self, block: FigureBlock, explanation: str = "") -> Sheet:
        """A sheet of one figure: a column per plan, and below it the differences to the base.

        Cells that differ from the base are marked.
        """
        blocks: list[Block] = []
        if self.without_plan:
            names = ", ".join(self.without_plan)
            blocks.append(Note(f"Without a plan, and so without a column: {names}."))
        amounts = [block.figure.amounts(plan) for plan in self.plans]
        if keys := _find_keys(amounts):
            blocks.append(self._tabulate(block, amounts, keys))
            blocks += self._tabulate_differences(block, amounts, keys)
        else:
            blocks.append(Note("Nothing to compare."))
        told = f"{explanation} Marked: what differs from the base.".strip()
        return Sheet(block.title, told, tuple(blocks))

    def _tabulate(
        self, block: FigureBlock, amounts: Sequence[Amounts], keys: Sequence[Any]
    ) -> Table:
        marks: dict[tuple[int, str], Mark] = {}
        if self.base.has_plan:
            marks = {
                (row, column): "changed"
                for column, is_told, values in zip(self.columns, self.told, amounts, strict=True)
                if is_told
                for row, key in enumerate(keys)
                if _difference(block.figure, key, amounts[0], values) != 0.0
            }
        rows = [(*self._head(block, key), *(values.get(key) for values in amounts)) for key in keys]
        cells = [amount for row in rows for amount in row[len(self._head_columns(block)) :]]
        columns = [*self._head_columns(block), *self._columns(block, block.form, cells)]
        title = f"{block.heading} ({block.measure})" if block.measure else block.heading
        in_view = len(self._head_columns(block))
        name = block.figure.name
        return Table(name, tuple(columns), tuple(rows), title, marks=marks, in_view=in_view)

    def _tabulate_differences(
        self, block: FigureBlock, amounts: Sequence[Amounts], keys: Sequence[Any]
    ) -> Sequence[Block]:
        """What each scenario has more than the base, under the same columns."""
        if not self.base.has_plan:
            return [Note("The base has no plan: no difference can be stated.", "warn")]
        notes = []
        if loose := [name for name, told in zip(self.heads[1:], self.told[1:], strict=True)
                     if not told]:  # fmt: skip
            text = f"{NO_DIFFERENCE.capitalize()}, for want of proof: {', '.join(loose)}."
            notes.append(Note(text, "warn"))
        base, rows = amounts[0], []
        for key in keys:
            more = [
                _difference(block.figure, key, base, values) if told else None
                for values, told in zip(amounts[1:], self.told[1:], strict=True)
            ]
            if any(more):
                rows.append((*self._head(block, key), base.get(key), *more))
        if not rows:
            return [*notes, Note("No scenario differs from the base.")]
        of_years = block.form == "year"
        cells = [amount for row in rows for amount in row[len(self._head_columns(block)) + 1 :]]
        form: Form = "number" if of_years else block.form
        own, *others = self._columns(block, form, cells)
        # Rows that no scenario changes are left out: the sum of these would be no total.
        own = replace(own, form=block.form, total=False)
        columns = (*self._head_columns(block), own, *others)
        heading = block.heading[0].lower() + block.heading[1:]
        title = f"Difference to the base: {heading} ({block.measure or 'years'})"
        name = f"{block.figure.name}_difference"
        return [
            *notes,
            Table(name, columns, tuple(rows), title, in_view=len(columns) - len(others)),
        ]

    def _columns(self, block: FigureBlock, form: Form, cells: Sequence[Any]) -> list[Column]:
        """A column for each plan, with decimals for all of the cells."""
        places = decimals(cells) if form == "number" else None
        return [
            Column(name, form, head, decimals=places, total=block.total)
            for name, head in zip(self.columns, self.heads, strict=True)
        ]

    def _head_columns(self, block: FigureBlock) -> list[Column]:
        """The columns of the parts of a key, and of the measure where it is shown."""
        more = [Column("measure")] if block.measured else []
        return [*index_columns(block.figure.over, self.names), *more]

    def _head(self, block: FigureBlock, key: Sequence[Any]) -> list[Any]:
        """Their cells for one key."""
        cells = index_cells(block.figure.over, key, self.names)
        if block.measured:
            kind = self.base.study.require_need().kind
            cells.append(self.measures.get(key[block.figure.over.index(kind)], ""))
        return cells


def _head(name: str, plan: Solution) -> str:
    """The name of a plan, with all that keeps it from being the best plan that meets the need."""
    doubts = [] if plan.status is Status.OPTIMAL else [f"{plan.status}, gap {tell_gap(plan.gap)}"]
    doubts += [] if plan.threats_met else ["THREATS NOT MET"]
    return " | ".join([name, *doubts])


def _find_keys(amounts: Sequence[Amounts]) -> list[Any]:
    """Keys of which any plan has something, those of one member, force or threat together."""
    keys = [
        key
        for key in dict.fromkeys(key for values in amounts for key in values)
        if any(abs(values.get(key, 0.0)) > NOISE for values in amounts)
    ]
    place = {key[0]: position for position, key in reversed(list(enumerate(keys)))}
    return sorted(keys, key=lambda key: place[key[0]])


def _difference(figure: Figure, key: Any, base: Amounts, values: Amounts) -> float | None:
    """What a scenario has more, 0 within rounding; None where one of the two has no such figure."""
    old, new = base.get(key, figure.absent), values.get(key, figure.absent)
    if old is None or new is None:
        return 0.0 if old is new else None
    return new - old if abs(new - old) > CHANGED else 0.0

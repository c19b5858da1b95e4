"""The sheet Coverage, and derived tables on their sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from cssopt.document.document import Block, Column, Form, Mark, Note, Sheet, Table, decimals
from cssopt.document.index_columns import Names
from cssopt.modeling.timeline import UNDER_WAY
from cssopt.names import YEAR
from cssopt.questions.plan.view import PlanView
from cssopt.solution.missing import is_met
from cssopt.solution.plain import is_number

MOST_IN_VIEW: Final = 5
"""First columns that stay in view: who and what."""

_SAID_FORMS = ("day", "share")
"""Last words of the names of columns that say the form of what stands in them."""

_LONG = 45
"""Letters from which a text is broken into lines."""


def show_coverage(view: PlanView) -> Sheet:
    """What is needed, what covers it, surplus and shortfall, need by need."""
    need = view.plan.study.require_need()
    asked, *_, missing = need.parts
    rows = view.plan.derived.get(need.coverage, [])
    block: Block = Note("No power is needed.")
    if rows:
        columns, cells = _lay_out(view, rows)
        marks: dict[tuple[int, str], Mark] = {
            (i, name): "bad"
            for i, row in enumerate(rows)
            if not is_met(row[missing], row[asked])
            for name in (asked, missing)
        }
        block = Table(view.name_table(need.coverage), columns, cells, marks=marks)
    return Sheet(
        "Coverage",
        f"Power needed, and what covers it; where {asked} and {missing} are marked, it is short. "
        "What one more unit of a need would cost, and how far that holds, is told by the command "
        "prices.",
        (block,),
    )


def show_rows(view: PlanView, name: str, title: str = "", empty: str = "") -> Table | Note:
    """A derived table; `empty` is said where there is nothing to show."""
    rows = view.plan.derived.get(name, [])
    if not rows:
        return Note(empty or "Nothing to show.")
    columns, cells = _lay_out(view, rows)
    marks: dict[tuple[int, str], Mark] = {
        (i, column.name): "under_way" if cell == UNDER_WAY else "bar"
        for i, line in enumerate(cells)
        for column, cell in zip(columns, line, strict=True)
        if column.name.isdigit() and isinstance(cell, str) and cell
    }
    in_view = min(MOST_IN_VIEW, sum(not column.name.isdigit() for column in columns))
    return Table(view.name_table(name), columns, cells, title=title, marks=marks, in_view=in_view)


def show_others(view: PlanView) -> list[Sheet]:
    """One sheet for every derived table that has no place of its own."""
    study = view.plan.study
    placed = {study.require_need().coverage, *(sheet.shows for sheet in study.sheets)}
    return [
        Sheet(
            name.replace("_", " ").capitalize(),
            view.plan.explanations.get(name, ""),
            (show_rows(view, name),),
        )
        for name in view.plan.derived
        if name not in placed
    ]


def _lay_out(
    view: PlanView, rows: Sequence[Mapping[Any, Any]]
) -> tuple[tuple[Column, ...], tuple[tuple[Any, ...], ...]]:
    """Columns and cells of records: forms from the names of their columns and their values.

    Keys that are years become columns in the order of time; a key with full names has these beside
    it, unless the records bring a name of their own.
    """
    every = dict.fromkeys(column for row in rows for column in row)
    keys = [
        *(c for c in every if not isinstance(c, int)),
        *sorted(set(every) & set(view.years)),
    ]
    named = {key: view.names[key] for key in keys if key in view.names}
    named = {key: names for key, names in named.items() if f"{key}_name" not in every}
    if named and "name" in keys:
        named.pop(next(iter(named)))
    places = decimals(row.get(year) for row in rows for year in view.years)
    columns: list[Column] = []
    for key in keys:
        if isinstance(key, int):
            columns.append(Column(str(key), "number", decimals=places))
        else:
            columns.append(Column(key, _find_form(view, key, [row.get(key) for row in rows])))
        if key in named:
            columns.append(Column(f"{key}_name"))
    return tuple(columns), tuple(tuple(_cells(row, keys, named)) for row in rows)


def _cells(row: Mapping[Any, Any], keys: Sequence[Any], named: Names) -> list[Any]:
    line: list[Any] = []
    for key in keys:
        line.append(row.get(key))
        if key in named:
            line.append(named[key].get(str(row.get(key)), ""))
    return line


def _find_form(view: PlanView, column: str, values: Sequence[Any]) -> Form:
    if (said := column.rpartition("_")[2]) in _SAID_FORMS:
        return cast(Form, said)
    numbers = [v for v in values if is_number(v)]
    indices = view.plan.study.indices
    if numbers and column not in indices:
        return "year" if all(_is_year(view, number) for number in numbers) else "number"
    if column in indices:
        return "year" if column == YEAR else "text"
    longest = max((len(str(value)) for value in values), default=0)
    return "sentence" if longest > _LONG else "text"


def _is_year(view: PlanView, number: float) -> bool:
    """True for years of the plan and those soon after, in which things begun in it end."""
    first, last = view.years[0], view.years[-1]
    return isinstance(number, int) and first <= number <= last + len(view.years)

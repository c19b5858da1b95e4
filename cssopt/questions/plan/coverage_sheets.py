"""The sheet Coverage, and derived tables on their sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cssopt.document.grid import Field, Grid, Names
from cssopt.modeling.timeline import UNDER_WAY
from cssopt.names import YEAR
from cssopt.render.number_text import decimals
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page
from cssopt.solution.missing import is_met

_IN_VIEW = 5
"""First columns that stay in view: who and what."""

_SAID_FORMS = ("day", "share")
"""Last words of the names of columns that say the form of what stands in them."""

_LONG = 45
"""Letters from which a text is broken into lines."""


def write_coverage(report: Report) -> None:
    """What is needed, what covers it, surplus and shortfall, need by need."""
    page = report.page(
        "Coverage",
        "Power needed, and what covers it; rows in red are short. What one more unit of a need "
        "would cost, and how far that holds, is told by the command prices.",
    )
    need = report.solution.study.require_need()
    asked, *_, missing = need.parts
    rows = report.solution.derived.get(need.coverage, [])
    if not rows:
        page.line("No power is needed.")
        return
    fields, cells = lay_out(report, rows)
    marks = {
        (i, column): "short"
        for i, row in enumerate(rows)
        if not is_met(row[missing], row[asked])
        for column in range(len(fields))
    }
    page.only_table(Grid(fields, cells, marks))


def write_rows(report: Report, page: Page, name: str, empty: str) -> None:
    """A derived table on its page; `empty` is said where there is nothing to show."""
    rows = report.solution.derived.get(name, [])
    if not rows:
        page.line(empty or "Nothing to show.")
        return
    fields, cells = lay_out(report, rows)
    marks = {
        (i, column): "under_way" if line[column] == UNDER_WAY else "bar"
        for i, line in enumerate(cells)
        for column, field in enumerate(fields)
        if field.name.isdigit() and isinstance(line[column], str) and line[column]
    }
    in_view = min(_IN_VIEW, sum(not field.name.isdigit() for field in fields))
    page.only_table(Grid(fields, cells, marks), in_view)


def write_others(report: Report) -> None:
    """One sheet for every derived table that has no place of its own."""
    study = report.solution.study
    placed = {study.require_need().coverage, *(sheet.shows for sheet in study.sheets)}
    for name in report.solution.derived:
        if name not in placed:
            title = name.replace("_", " ").capitalize()
            page = report.page(title, report.solution.explanations.get(name, ""))
            write_rows(report, page, name, "")


def lay_out(
    report: Report, rows: Sequence[Mapping[Any, Any]]
) -> tuple[list[Field], list[list[Any]]]:
    """Fields and cells of records: forms from the names of their columns and their values.

    Keys that are years become columns in the order of time; a key with full names has these beside
    it, unless the records bring a name of their own.
    """
    every = dict.fromkeys(column for row in rows for column in row)
    columns = [
        *(c for c in every if not isinstance(c, int)),
        *sorted(set(every) & set(report.years)),
    ]
    named = {column: report.names[column] for column in columns if column in report.names}
    if named and "name" in columns:
        named.pop(next(iter(named)))
    places = decimals(row.get(year) for row in rows for year in report.years)
    fields: list[Field] = []
    for column in columns:
        if isinstance(column, int):
            fields.append(Field(str(column), "number", places))
        else:
            form = _form(report, column, [row.get(column) for row in rows])
            fields.append(Field(column, form))
        if column in named:
            fields.append(Field(f"{column}_name"))
    return fields, [_cells(row, columns, named) for row in rows]


def _cells(row: Mapping[Any, Any], columns: Sequence[Any], named: Names) -> list[Any]:
    line: list[Any] = []
    for column in columns:
        line.append(row.get(column))
        if column in named:
            line.append(named[column].get(str(row.get(column)), ""))
    return line


def _form(report: Report, column: str, values: Sequence[Any]) -> str:
    if (said := column.rpartition("_")[2]) in _SAID_FORMS:
        return said
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    indices = report.solution.study.indices
    if numbers and column not in indices:
        return "year" if all(_is_year(report, number) for number in numbers) else "number"
    if column in indices:
        return "year" if column == YEAR else "text"
    longest = max((len(str(value)) for value in values), default=0)
    return "sentence" if longest > _LONG else "text"


def _is_year(report: Report, number: float) -> bool:
    """True for years of the plan and those soon after, in which things begun in it end."""
    first, last = report.years[0], report.years[-1]
    return isinstance(number, int) and first <= number <= last + len(report.years)

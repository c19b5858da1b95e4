"""The sheet Coverage and the sheets of any other derived table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cssopt.names import INDEX_ORDER
from cssopt.report.context import Report
from cssopt.report.grid import Field, Grid
from cssopt.solution.plan import MET

COVERAGE = "coverage"
_PRICED = "meet_requirement"
"""The rule whose price is the price of one more unit of need."""

_LONG = 45
"""Letters from which a text is broken into lines."""


def write_coverage(report: Report) -> None:
    """Need, own and delegated power, surplus, shortfall and price, need by need."""
    page = report.page(
        "Coverage",
        "Power needed, and what covers it. price_of_need is what one more unit of the need would "
        "cost, present value; rows in red are short.",
    )
    rows = report.solution.derived.get(COVERAGE, [])
    priced = report.solution.prices.get(_PRICED)
    if priced is not None:
        rows = [
            {**row, "price_of_need": priced.values.get(tuple(row[i] for i in priced.index_names))}
            for row in rows
        ]
    if not rows:
        page.line("No power is needed.")
        return
    fields, cells = lay_out(report, rows)
    marks = {
        (i, column): "short"
        for i, row in enumerate(rows)
        if row.get("missing_share", 0.0) > MET
        for column in range(len(fields))
    }
    page.only_table(Grid(fields, cells, marks))


def write_derived(report: Report) -> None:
    """One sheet for every derived table that has no sheet of its own."""
    for name, rows in report.solution.derived.items():
        if name != COVERAGE:
            page = report.page(name.replace("_", " ").capitalize())
            if rows:
                fields, cells = lay_out(report, rows)
                page.only_table(Grid(fields, cells))
            else:
                page.line("Nothing to show.")


def lay_out(
    report: Report, rows: Sequence[Mapping[str, Any]]
) -> tuple[list[Field], list[list[Any]]]:
    """Fields and cells of records: forms from the names of their columns and their values."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    named = {column: report.names[column] for column in columns if column in report.names}
    if named and "name" in columns:
        named.pop(next(iter(named)))
    fields: list[Field] = []
    for column in columns:
        fields.append(Field(column, _form(report, column, [row.get(column) for row in rows])))
        if column in named:
            fields.append(Field(f"{column}_name"))
    cells = []
    for row in rows:
        line: list[Any] = []
        for column in columns:
            line.append(row.get(column))
            if column in named:
                line.append(named[column].get(str(row.get(column)), ""))
        cells.append(line)
    return fields, cells


def _form(report: Report, column: str, values: Sequence[Any]) -> str:
    if column == "day" or column.endswith("_day"):
        return "day"
    if column == "share" or column.endswith("_share"):
        return "share"
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if numbers and column not in INDEX_ORDER:
        return "year" if all(_is_year(report, number) for number in numbers) else "number"
    if column in INDEX_ORDER:
        return "year" if column == "year" else "text"
    longest = max((len(str(value)) for value in values), default=0)
    return "sentence" if longest > _LONG else "text"


def _is_year(report: Report, number: float) -> bool:
    """True for years of the plan and those soon after, in which things begun in it end."""
    first, last = report.years[0], report.years[-1]
    return isinstance(number, int) and first <= number <= last + len(report.years)

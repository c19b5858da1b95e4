"""The sheets Plan and Orders: what is held and what is bought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cssopt.document.grid import Field, Grid, index_cells, index_fields, spread_by_year
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page
from cssopt.render.xlsx.styles import decimals
from cssopt.solution.quantities import Quantity

_IN_VIEW = 5
"""First columns that stay in view: who and what."""


def write_plan(report: Report) -> None:
    """Units held by member, force and tier, year by year."""
    page = report.page("Plan", "Units held by each member at each readiness tier, by year.")
    _write_by_year(report, page, "held", "No units are held.")


def write_orders(report: Report) -> None:
    """Units ordered, and the production lines that are opened for them."""
    page = report.page("Orders", "Units ordered, by the year of the order; total over all years.")
    _write_by_year(report, page, "orders", "Nothing is ordered.", total=True)
    lines = _quantity(report, "line_open")
    if lines is None or not lines.values:
        return
    page.gap()
    page.line("Production lines opened", "section")
    opened: dict[tuple[Any, ...], int] = {}
    for key, state in lines.keyed():
        if state > 0.5:
            opened[key[:-1]] = min(opened.get(key[:-1], key[-1]), key[-1])
    indices = lines.index_names[:-1]
    fields = [*index_fields(indices, report.names), Field("opened_in", "year")]
    rows = [[*index_cells(indices, key, report.names), year] for key, year in opened.items()]
    if rows:
        page.table(Grid(fields, rows))
    else:
        page.line("None is opened.")


def _quantity(report: Report, name: str) -> Quantity | None:
    quantities = report.solution.quantities
    return quantities.quantities.get(name) if quantities is not None else None


def _write_by_year(
    report: Report, page: Page, name: str, nothing: str, *, total: bool = False
) -> None:
    indices, lists = spread_by_year(
        _quantity(report, name), report.years, report.solution.study.indices
    )
    if not lists:
        page.line(nothing)
        return
    rows = [[*index_cells(indices, key, report.names), *units] for key, units in lists.items()]
    _write_years(report, page, index_fields(indices, report.names), rows, total=total)


def _write_years(
    report: Report,
    page: Page,
    head: Sequence[Field],
    rows: list[list[Any]],
    *,
    total: bool = False,
) -> None:
    """A table with one column per year, and their sum where `total` asks for it."""
    places = decimals(cell for row in rows for cell in row[len(head) :])
    fields = [*head, *(Field(str(year), "number", places) for year in report.years)]
    if total:
        fields.append(Field("total", "number", places))
        for position, row in enumerate(rows, page.row + 1):
            row.append(page.sum_of_row(position, len(head), len(row) - 1, row[len(head) :]))
    page.only_table(Grid(fields, rows), min(len(head), _IN_VIEW))

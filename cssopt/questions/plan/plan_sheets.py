"""The sheets that components declare: a decision, figure or derived table each (see `Sheet`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cssopt.document.grid import Field, Grid, index_cells, index_fields, spread_by_year
from cssopt.modeling.measures import Sheet
from cssopt.names import YEAR
from cssopt.questions.plan.coverage_sheets import write_rows
from cssopt.render.number_text import decimals
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page
from cssopt.solution.quantities import Quantity

_IN_VIEW = 5
"""First columns that stay in view: who and what."""


def write_declared(report: Report) -> None:
    """Every sheet that the components of the study declare, in its place."""
    sheets = report.solution.study.sheets
    for name in dict.fromkeys(sheet.page for sheet in sheets):
        first, *others = [sheet for sheet in sheets if sheet.page == name]
        told = report.solution.explanations.get(first.shows, "")
        page = report.page(name, first.explanation or told)
        _write(report, page, first)
        for sheet in others:
            _write(report, page, sheet, further=True)


def _write(report: Report, page: Page, sheet: Sheet, *, further: bool = False) -> None:
    """One of them; a `further` one on its page stands below those before it."""
    quantity = None if sheet.form == "rows" else _quantity(report, sheet)
    if sheet.form == "first year" and not (quantity and quantity.values):
        return
    if further:
        page.gap()
    if sheet.title:
        page.line(sheet.title, "section")
    if quantity is None:
        write_rows(report, page, sheet.shows, sheet.empty)
    elif sheet.form == "by year":
        _write_by_year(report, page, sheet, quantity)
    else:
        _write_first_year(report, page, sheet, quantity)


def _quantity(report: Report, sheet: Sheet) -> Quantity:
    """What a sheet shows; ModelError where the study has no such quantity."""
    assert report.solution.quantities is not None
    return report.solution.quantities.find(sheet.shows)


def _write_by_year(report: Report, page: Page, sheet: Sheet, quantity: Quantity) -> None:
    """A column a year, and their sum where the sheet asks for it."""
    order = report.solution.study.indices
    indices, lists = spread_by_year(quantity, report.years, order)
    if not lists:
        page.line(sheet.empty)
        return
    head = index_fields(indices, report.names)
    rows = [[*index_cells(indices, key, report.names), *units] for key, units in lists.items()]
    places = decimals(cell for row in rows for cell in row[len(head) :])
    fields = [*head, *(Field(str(year), "number", places) for year in report.years)]
    if sheet.total:
        fields.append(Field("total", "number", places))
        for position, row in enumerate(rows, page.row + 1):
            row.append(page.sum_of_row(position, len(head), len(row) - 1, row[len(head) :]))
    page.only_table(Grid(fields, rows), min(len(head), _IN_VIEW))


def _write_first_year(report: Report, page: Page, sheet: Sheet, quantity: Quantity) -> None:
    """The first year of each thing that is opened at all."""
    year = quantity.index_names.index(YEAR)
    opened: dict[tuple[Any, ...], int] = {}
    for key, state in quantity.keyed():
        if state > 0.5:
            thing = _without(key, year)
            opened[thing] = min(opened.get(thing, key[year]), key[year])
    indices = _without(quantity.index_names, year)
    fields = [*index_fields(indices, report.names), Field("opened_in", "year")]
    rows = [[*index_cells(indices, key, report.names), first] for key, first in opened.items()]
    if rows:
        page.table(Grid(fields, rows))
    else:
        page.line(sheet.empty)


def _without(parts: Sequence[Any], place: int) -> tuple[Any, ...]:
    return (*parts[:place], *parts[place + 1 :])

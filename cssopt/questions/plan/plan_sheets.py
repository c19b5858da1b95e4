"""The sheets that components declare: a decision, figure or derived table each (see `Sheet`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cssopt.document.document import Column, Note, Sheet, Table, decimals, sum_of_row
from cssopt.document.index_columns import index_cells, index_columns, spread_by_year
from cssopt.modeling import measures
from cssopt.names import YEAR
from cssopt.questions.plan.coverage_sheets import MOST_IN_VIEW, show_rows
from cssopt.questions.plan.view import PlanView
from cssopt.solution.quantities import Quantity


def show_declared(view: PlanView) -> list[Sheet]:
    """Every sheet that the components of the study declare, in its place."""
    declared = view.plan.study.sheets
    pages = {name: [d for d in declared if d.page == name] for name in (d.page for d in declared)}
    return [
        Sheet(
            name,
            on_page[0].explanation or view.plan.explanations.get(on_page[0].shows, ""),
            tuple(block for one in on_page for block in _show(view, one)),
        )
        for name, on_page in pages.items()
    ]


def _show(view: PlanView, declared: measures.Sheet) -> list[Table | Note]:
    """What one of them shows: a heading and what is said where there is nothing to show."""
    if declared.form == "rows":
        block = show_rows(view, declared.shows, declared.title, declared.empty)
    else:
        assert view.plan.quantities is not None
        quantity = view.plan.quantities.find(declared.shows)
        if declared.form == "first year" and not quantity.values:
            return []
        tabulate = _tabulate_by_year if declared.form == "by year" else _tabulate_first_year
        block = tabulate(view, declared, quantity) or Note(declared.empty)
    has_heading = declared.title and isinstance(block, Note)
    return [*([Note(declared.title, is_heading=True)] if has_heading else []), block]


def _tabulate_by_year(view: PlanView, declared: measures.Sheet, quantity: Quantity) -> Table | None:
    """A column a year, and their sum where the sheet asks for it."""
    indices, lists = spread_by_year(quantity, view.years, view.plan.study.indices)
    if not lists:
        return None
    head = index_columns(indices, view.names)
    places = decimals(value for values in lists.values() for value in values)
    years = [str(year) for year in view.years]
    names = [*years, "total"] if declared.total else years
    rows = []
    for row, (key, values) in enumerate(lists.items()):
        total = [sum_of_row(row, years[0], years[-1], values)] if declared.total else []
        rows.append((*index_cells(indices, key, view.names), *values, *total))
    return Table(
        view.name_table(declared.shows),
        (*head, *(Column(name, "number", decimals=places) for name in names)),
        tuple(rows),
        title=declared.title,
        in_view=min(len(head), MOST_IN_VIEW),
    )


def _tabulate_first_year(
    view: PlanView, declared: measures.Sheet, quantity: Quantity
) -> Table | None:
    """The first year of each thing that is opened at all."""
    year = quantity.index_names.index(YEAR)
    opened: dict[tuple[Any, ...], int] = {}
    for key, state in quantity.keyed():
        if state > 0.5:
            thing = _without(key, year)
            opened[thing] = min(opened.get(thing, key[year]), key[year])
    indices = _without(quantity.index_names, year)
    if not opened:
        return None
    return Table(
        view.name_table(declared.shows),
        (*index_columns(indices, view.names), Column("opened_in", "year")),
        tuple((*index_cells(indices, key, view.names), first) for key, first in opened.items()),
        title=declared.title,
    )


def _without(parts: Sequence[Any], place: int) -> tuple[Any, ...]:
    return (*parts[:place], *parts[place + 1 :])

"""The sheet Prices: what one more unit of room in each rule would save."""

from __future__ import annotations

from typing import Any

from cssopt.names import INDEX_ORDER
from cssopt.report.context import Report
from cssopt.report.grid import NOISE, Field, Grid
from cssopt.solve.outcome import Status

_FIXED = "These prices are from the LP with whole numbers fixed: they hold as long as the whole "
_FIXED += "numbers of the plan stay as they are."


def write_prices(report: Report) -> None:
    """Every price that is not zero, by rule."""
    page = report.page(
        "Prices",
        "What one more unit of room in a rule would save, present value (for a need: what one "
        "more unit of it would cost). Rules that are not listed would save nothing.",
    )
    prices = report.solution.prices.values()
    if not prices:
        page.line(f"There are no prices: {_why_none(report)}", "warn")
        return
    if report.solution.solved.prices_of == "fixed":
        page.line(_FIXED, "bold")
        page.gap()
    rows: list[list[Any]] = []
    used = [i for i in INDEX_ORDER if any(i in p.index_names for p in prices)]
    for price in prices:
        places = [price.index_names.index(i) if i in price.index_names else None for i in used]
        for key, value in price.keyed():
            if abs(value) >= NOISE:
                where = [None if place is None else key[place] for place in places]
                rows.append([price.name, price.doc, *where, value])
    if not rows:
        page.line("No rule has a price: none holds the plan back.")
        return
    forms = {"year": "year", "day": "day"}
    fields = [
        Field("rule"),
        Field("meaning", "sentence"),
        *(Field(i, forms.get(i, "text")) for i in used if any(_filled(rows, used, i))),
        Field("price", "number"),
    ]
    empty = {2 + n for n, i in enumerate(used) if not any(_filled(rows, used, i))}
    rows = [[cell for n, cell in enumerate(row) if n not in empty] for row in rows]
    page.only_table(Grid(fields, rows))


def _filled(rows: list[list[Any]], used: list[str], index: str) -> list[bool]:
    place = 2 + used.index(index)
    return [row[place] is not None for row in rows]


def _why_none(report: Report) -> str:
    solved = report.solution.solved
    if solved.message:
        return solved.message
    if report.solution.status is not Status.OPTIMAL:
        return "the plan is not proven to be the best, and only such a plan has prices."
    return "the solver gave none."

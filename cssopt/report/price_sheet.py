"""The sheet Prices: what one more unit of room in each rule would save."""

from __future__ import annotations

from typing import Any

from cssopt.names import INDEX_ORDER
from cssopt.report.context import Report
from cssopt.report.grid import NOISE, Field, Grid
from cssopt.solve.outcome import Status

_FIXED = "These prices are from the LP with whole numbers fixed: they hold as long as the whole "
_FIXED += "numbers of the plan stay as they are."

_HELD = " What comes before money in this study, such as the missing share, is held where it is. "
_HELD += "What an input does when all is planned anew is told by the command prices."


def write_prices(report: Report) -> None:
    """Every price that is not zero of a rule that a planner could change."""
    page = report.page(
        "Prices",
        "What one more unit of room in a rule would save, present value (for a need: what one "
        "more unit of it would cost), for the rules that planners and members set: needs, budgets, "
        "ceilings, shares. One that is not listed would save nothing."
        + (_HELD if len(report.solution.solved.stages) > 1 else ""),
    )
    prices = report.solution.prices.values()
    if not prices:
        page.line(f"There are no prices: {_why_none(report)}", "warn")
        return
    if report.solution.solved.prices_of == "fixed":
        page.line(_FIXED, "bold")
        page.gap()
    priced = [
        (price, key, value)
        for price in prices
        if price.policy
        for key, value in price.keyed()
        if abs(value) >= NOISE
    ]
    if not priced:
        page.line("No rule has a price: none holds the plan back.")
        return
    names = {name for price, _, _ in priced for name in price.index_names}
    indices = [name for name in INDEX_ORDER if name in names]
    rows: list[list[Any]] = []
    for price, key, value in priced:
        where = dict(zip(price.index_names, key, strict=True))
        rows.append([price.name, price.doc, *(where.get(name) for name in indices), value])
    forms = {"year": "year", "day": "day"}
    fields = [
        Field("rule"),
        Field("meaning", "sentence"),
        *(Field(name, forms.get(name, "text")) for name in indices),
        Field("price", "number"),
    ]
    page.only_table(Grid(fields, rows))


def _why_none(report: Report) -> str:
    solved = report.solution.solved
    if solved.message:
        return solved.message
    if report.solution.status is not Status.OPTIMAL:
        return "the plan is not proven to be the best, and only such a plan has prices."
    return "the solver gave none."

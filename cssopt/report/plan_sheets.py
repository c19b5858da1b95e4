"""The sheets Plan, Orders and Employment: what is held, bought and planned for which threat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cssopt.report.context import Report
from cssopt.report.grid import (
    Field,
    Grid,
    index_cells,
    index_fields,
    spread_by_year,
)
from cssopt.report.page import Page
from cssopt.report.styles import decimals
from cssopt.solution.quantities import Quantity
from cssopt.tables.data import Data

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


def write_employment(report: Report) -> None:
    """Who is planned for which threat, with what, in place by which day."""
    page = report.page(
        "Employment",
        "Units planned for each threat, by year. in_place_on_day is the day on which they are "
        "there; serves are the needs, with their days, that they are in time for.",
    )
    head: list[Field] = []
    rows: list[list[Any]] = []
    for part in ("own", "delegated"):
        indices, lists = spread_by_year(_quantity(report, part), report.years)
        if not lists:
            continue
        head = [
            *index_fields(indices, report.names),
            Field("part"),
            Field("in_place_on_day", "day"),
            Field("serves", "sentence"),
        ]
        for key, units in lists.items():
            where = dict(zip(indices, key, strict=True))
            day = _arrival_day(report.solution.data, where)
            served = _served(report.solution.data, where, day)
            cells = index_cells(indices, key, report.names)
            rows.append([*cells, part, day, served, *units])
    if not rows:
        page.line("No units are planned for any threat.")
        return
    order = [field.name for field in head].index("threat")
    rows.sort(key=lambda row: str(row[order]))
    _write_years(report, page, head, rows)


def _quantity(report: Report, name: str) -> Quantity | None:
    quantities = report.solution.quantities
    return quantities.quantities.get(name) if quantities is not None else None


def _write_by_year(
    report: Report, page: Page, name: str, nothing: str, *, total: bool = False
) -> None:
    indices, lists = spread_by_year(_quantity(report, name), report.years)
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


def _arrival_day(data: Data, where: dict[str, Any]) -> float | None:
    """Day on which units of a member and tier are in the theatre of a threat."""
    if not {"member", "tier", "threat"} <= set(where):
        return None
    theatre = data.threats.theatre[where["threat"]]
    transit = data.movement.transit_days.get((where["member"], theatre))
    if transit is None and data.members.home_theatre[where["member"]] == theatre:
        transit = 0.0
    return None if transit is None else data.readiness.notice_days[where["tier"]] + transit


def _served(data: Data, where: dict[str, Any], day: float | None) -> str:
    """The needs of a threat that a force has power for and that it is in time for."""
    if day is None:
        return ""
    days: dict[str, list[float]] = {}
    for threat, capability, by_day in data.requirements:
        useful = data.power.power.get((where["force"], capability), 0.0) > 0
        if threat == where["threat"] and useful and day <= by_day:
            days.setdefault(capability, []).append(by_day)
    return "; ".join(
        f"{capability} by day {', '.join(f'{d:g}' for d in sorted(by))}"
        for capability, by in days.items()
    )

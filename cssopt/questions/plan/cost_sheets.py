"""The sheets Costs and Burden: every cost by bearer, entry and year, and who pays in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cssopt.document.grid import (
    NOISE,
    Field,
    Formula,
    Grid,
    index_cells,
    index_fields,
    ratio,
    spread_by_year,
)
from cssopt.names import COMMON
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.styles import decimals
from cssopt.solution.plan import discount_factors
from cssopt.solution.quantities import Quantities
from cssopt.workbook.address import column_name

_HEAD = (Field("bearer"), Field("bearer_name"), Field("entry"))


@dataclass(frozen=True)
class _Ledger:
    """Undiscounted amounts over the years, by bearer and entry."""

    years: tuple[int, ...]
    amounts: dict[tuple[str, str], list[float]]
    discount: dict[int, float]
    names: dict[str, str]

    @property
    def places(self) -> int:
        return decimals(value for amounts in self.amounts.values() for value in amounts)


def _read_ledger(report: Report, quantities: Quantities) -> _Ledger:
    years = tuple(report.years)
    bearers = (*report.solution.coalition, COMMON)
    entries = dict.fromkeys(entry for entry, _, _ in quantities.costs)
    amounts = {}
    for bearer in bearers:
        for entry in entries:
            values = [quantities.costs.get((entry, bearer, year), 0.0) for year in years]
            if any(abs(value) >= NOISE for value in values):
                amounts[bearer, entry] = values
    names = {**report.names.get("member", {}), COMMON: "shared by all"}
    return _Ledger(years, amounts, discount_factors(report.solution.data), names)


def write_costs(report: Report) -> None:
    """Every cost by bearer, entry and year: undiscounted, and as present value."""
    page = report.page(
        "Costs",
        "Costs of each bearer by entry and year. The present values add up to the pooled "
        "expenditure; salvage_value is what bought units are still worth at the end.",
    )
    if report.solution.quantities is None:
        return
    ledger = _read_ledger(report, report.solution.quantities)
    if not ledger.amounts:
        page.line("There are no costs.")
        return
    page.line("Undiscounted, by bearer and entry", "section")
    page.freeze(page.row + 1, len(_HEAD))
    undiscounted = _write_entries(page, ledger, None, None)
    page.gap()
    page.line("Present value of one million of each year", "section")
    factors = page.row
    _write_factors(page, ledger)
    page.gap()
    page.line("Present value, by bearer and entry", "section")
    _write_entries(page, ledger, undiscounted, factors)
    page.gap()
    page.line("Undiscounted, by bearer", "section")
    _write_bearers(page, ledger, undiscounted)


def _year_fields(ledger: _Ledger) -> list[Field]:
    fields = [Field(str(year), "number", ledger.places, total=True) for year in ledger.years]
    return [*fields, Field("total", "number", ledger.places, total=True)]


def _write_factors(page: Page, ledger: _Ledger) -> None:
    page.text(page.row, 0, "discount factor", "cell", "text")
    for column in (1, 2):
        page.cell(page.row, column, None, "cell")
    for column, year in enumerate(ledger.years, len(_HEAD)):
        page.cell(page.row, column, ledger.discount[year], "cell", "factor")
    page.row += 1


def _write_entries(
    page: Page, ledger: _Ledger, source: Placed | None, factors: int | None
) -> Placed:
    """Amounts as they are, or where there is a source the formulas of their present values."""
    rows = []
    for i, ((bearer, entry), amounts) in enumerate(ledger.amounts.items()):
        cells: list[Any] = list(amounts)
        if source is not None and factors is not None:
            cells = []
            for column, (year, value) in enumerate(
                zip(ledger.years, amounts, strict=True), len(_HEAD)
            ):
                name = column_name(column + 1)
                text = f"={name}{source.first + i + 1}*{name}${factors + 1}"
                cells.append(Formula(text, value * ledger.discount[year]))
        total = page.sum_of_row(page.row + 1 + i, len(_HEAD), len(_HEAD) + len(cells) - 1, cells)
        rows.append([bearer, ledger.names.get(bearer, ""), entry, *cells, total])
    return page.table(Grid([*_HEAD, *_year_fields(ledger)], rows))


def _write_bearers(page: Page, ledger: _Ledger, source: Placed) -> None:
    rows = []
    for i, bearer in enumerate(dict.fromkeys(bearer for bearer, _ in ledger.amounts)):
        row = page.row + 1 + i
        sums = [
            Formula(
                f"=SUMIF({source.cells('bearer')},$A{row + 1},{source.cells(str(year))})",
                sum(v[t] for (b, _), v in ledger.amounts.items() if b == bearer),
            )
            for t, year in enumerate(ledger.years)
        ]
        total = page.sum_of_row(row, len(_HEAD), len(_HEAD) + len(sums) - 1, sums)
        rows.append([bearer, ledger.names.get(bearer, ""), "all entries", *sums, total])
    page.table(Grid([*_HEAD, *_year_fields(ledger)], rows))


def write_burden(report: Report) -> Placed | None:
    """Who pays in the end, against the member's economy; gives the place of the outlays."""
    page = report.page(
        "Burden",
        "Present value of what each member pays in the end: its own costs and its share of the "
        "common ones. gdp is the present value of its gross domestic product over the plan. "
        "share_of_cost and share_of_gdp are shares of the coalition's cost and GDP; cost_per_gdp "
        "is what a member pays of its own. Payments by year are without salvage value.",
    )
    quantities = report.solution.quantities
    if quantities is None or not quantities.burden:
        page.line("This study does not share costs.")
        return None
    burdens = quantities.burden
    gdp = _gdp(report)
    whole, economy = sum(burdens.values()), sum(gdp.values())
    rows = [
        [
            member,
            report.names.get("member", {}).get(member, ""),
            cost,
            ratio(cost, whole),
            gdp[member],
            ratio(gdp[member], economy),
            ratio(cost, gdp[member]),
        ]
        for member, cost in burdens.items()
    ]
    fields = [
        Field("member"),
        Field("member_name"),
        Field("cost", "number", total=True),
        Field("share_of_cost", "share", total=True),
        Field("gdp", "number", total=True),
        Field("share_of_gdp", "share", total=True),
        Field("cost_per_gdp", "fine_share"),
    ]
    page.freeze(page.row + 1)
    page.table(Grid(fields, rows))
    return _write_outlays(report, page, quantities)


def _gdp(report: Report) -> dict[str, float]:
    """Present value of every member's gross domestic product over the plan."""
    data, discount = report.solution.data, discount_factors(report.solution.data)
    members, first = data.members, report.years[0]
    return {
        m: sum(
            discount[t] * members.gdp[m] * (1 + members.gdp_growth[m]) ** (t - first)
            for t in report.years
        )
        for m in report.solution.coalition
    }


def _write_outlays(report: Report, page: Page, quantities: Quantities) -> Placed | None:
    outlays = None
    for name, title in (
        ("outlay", "What each member pays, year by year, undiscounted"),
        ("ceiling", "The most that each member may pay"),
    ):
        quantity = quantities.quantities.get(name)
        indices, lists = spread_by_year(quantity, report.years, report.solution.study.indices)
        if not lists:
            continue
        page.gap()
        page.line(title, "section")
        places = decimals(value for values in lists.values() for value in values)
        rows = [[*index_cells(indices, key, report.names), *v] for key, v in lists.items()]
        years = [Field(str(year), "number", places) for year in report.years]
        placed = page.table(Grid([*index_fields(indices, report.names), *years], rows))
        outlays = placed if name == "outlay" else outlays
    return outlays

"""The sheets Costs and Burden: every cost by bearer, entry and year, and who pays in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from cssopt.document.grid import Field, Formula, Grid, index_cells, index_fields, spread_by_year
from cssopt.modeling.measures import Role
from cssopt.names import COMMON
from cssopt.render.number_text import decimals
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.solution.figures import Figures
from cssopt.solution.plain import NOISE, ratio
from cssopt.solution.quantities import Quantities
from cssopt.workbook.address import column_name

_BY_YEAR: Final[dict[Role, str]] = {
    "outlay": "What each member pays, year by year, undiscounted",
    "ceiling": "The most that each member may pay",
}
"""Measures by year that stand below the burdens, and the title of each."""

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
    names = {**report.party_names, COMMON: "shared by all"}
    return _Ledger(years, amounts, report.solution.data.horizon.discount, names)


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
    """Who pays in the end, against what each is able to pay from; gives the place of the outlays.

    What the components of the study call the income of a party (its gross domestic product) names
    the columns, and its numbers are theirs.
    """
    study, quantities = report.solution.study, report.solution.quantities
    burdens = Figures.of(study).burden.amounts(report.solution)
    if quantities is None or not burdens:
        page = report.page("Burden")
        page.line("This study does not share costs.")
        return None
    party, name = report.solution.data.party_index, study.figure("income")
    income = study.measure("income")
    assert income is not None
    page = report.page(
        "Burden",
        "Present value of what each member pays in the end: its own costs and its share of the "
        f"common ones. {name} is the present value of its {income.says} over the plan. "
        f"share_of_cost and share_of_{name} are shares of the coalition's cost and "
        f"{income.short or name}; cost_per_{name} is what a member pays of its own. Payments by "
        "year are without salvage value.",
    )
    incomes = quantities.present_values(name, party)
    whole, economy = sum(burdens.values()), sum(incomes.values())
    rows = [
        [
            member,
            report.party_names.get(member, ""),
            cost,
            ratio(cost, whole),
            incomes[member],
            ratio(incomes[member], economy),
            ratio(cost, incomes[member]),
        ]
        for (member,), cost in burdens.items()
    ]
    fields = [
        Field(party),
        Field(f"{party}_name"),
        Field("cost", "number", total=True),
        Field("share_of_cost", "share", total=True),
        Field(name, "number", total=True),
        Field(f"share_of_{name}", "share", total=True),
        Field(f"cost_per_{name}", "fine_share"),
    ]
    page.freeze(page.row + 1)
    page.table(Grid(fields, rows))
    return _write_outlays(report, page, quantities)


def _write_outlays(report: Report, page: Page, quantities: Quantities) -> Placed | None:
    """What each pays by year, and its ceiling, where the study has such measures."""
    outlays = None
    for role, title in _BY_YEAR.items():
        measure = report.solution.study.measure(role)
        if measure is None:
            continue
        quantity = quantities.find(measure.figure)
        indices, lists = spread_by_year(quantity, report.years, report.solution.study.indices)
        if not lists:
            continue
        page.gap()
        page.line(title, "section")
        places = decimals(value for values in lists.values() for value in values)
        rows = [[*index_cells(indices, key, report.names), *v] for key, v in lists.items()]
        years = [Field(str(year), "number", places) for year in report.years]
        placed = page.table(Grid([*index_fields(indices, report.names), *years], rows))
        outlays = placed if role == "outlay" else outlays
    return outlays

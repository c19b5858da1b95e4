"""The sheets Costs and Burden: every cost by bearer, entry and year, and who pays in the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from cssopt.document.document import (
    Cells,
    Column,
    Formula,
    Note,
    Sheet,
    Table,
    decimals,
    sum_of_row,
)
from cssopt.document.index_columns import index_cells, index_columns, spread_by_year, spread_limits
from cssopt.modeling.measures import Role
from cssopt.names import COMMON
from cssopt.questions.plan.view import PlanView
from cssopt.solution.figures import Figures
from cssopt.solution.plain import NOISE, ratio
from cssopt.solution.quantities import Quantities

_BY_YEAR: Final[dict[Role, str]] = {
    "outlay": "What each member pays, year by year, undiscounted",
    "ceiling": "The most that each member may pay",
}
"""Measures by year that stand below the burdens, and the title of each."""

_HEAD: Final = (Column("bearer"), Column("bearer_name"), Column("entry"))
_COSTS, _FACTORS = "costs", "discount_factors"


@dataclass(frozen=True)
class _Ledger:
    """Undiscounted amounts over the years, by bearer and entry; `names` are those of bearers."""

    years: tuple[int, ...]
    amounts: dict[tuple[str, str], list[float]]
    discount: dict[int, float]
    names: dict[str, str]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Who and what, the years, and their total."""
        places = decimals(value for amounts in self.amounts.values() for value in amounts)
        names = (*map(str, self.years), "total")
        years = (Column(name, "number", decimals=places, total=True) for name in names)
        return (*_HEAD, *years)

    def tabulate(self, name: str, title: str, lines: Sequence[Sequence[Any]]) -> Table:
        """A table of bearer, entry and the cells of the years of each line, with their total."""
        first, last = str(self.years[0]), str(self.years[-1])
        rows = tuple(
            (
                bearer,
                self.names.get(bearer, ""),
                entry,
                *cells,
                sum_of_row(row, first, last, [getattr(cell, "value", cell) for cell in cells]),
            )
            for row, (bearer, entry, *cells) in enumerate(lines)
        )
        return Table(name, self.columns, rows, title=title, in_view=len(_HEAD))


def _read_ledger(view: PlanView, quantities: Quantities) -> _Ledger:
    years = tuple(view.years)
    bearers = (*view.plan.coalition, COMMON)
    entries = dict.fromkeys(entry for entry, _, _ in quantities.costs)
    amounts = {}
    for bearer in bearers:
        for entry in entries:
            values = [quantities.costs.get((entry, bearer, year), 0.0) for year in years]
            if any(abs(value) >= NOISE for value in values):
                amounts[bearer, entry] = values
    names = {**view.party_names, COMMON: "shared by all"}
    return _Ledger(years, amounts, view.plan.data.horizon.discount, names)


def show_costs(view: PlanView) -> Sheet:
    """Every cost by bearer, entry and year: undiscounted, and as present value."""
    assert view.plan.quantities is not None
    ledger = _read_ledger(view, view.plan.quantities)
    return Sheet(
        "Costs",
        f"Costs of each bearer by entry and year, {view.money}. The present values add up to the "
        "pooled expenditure; salvage_value is what bought units are still worth at the end.",
        tuple(_tabulate_costs(ledger)) if ledger.amounts else (Note("There are no costs."),),
    )


def _tabulate_costs(ledger: _Ledger) -> Iterator[Table]:
    """Amounts as they are, what a million of each year is worth, their product, and sums."""
    years = {str(year): ledger.discount[year] for year in ledger.years}
    yield ledger.tabulate(
        _COSTS,
        "Undiscounted, by bearer and entry",
        [(*key, *amounts) for key, amounts in ledger.amounts.items()],
    )
    yield Table(
        _FACTORS,
        (
            *(Column(name) for name in ("factor", "of", "worth")),
            *(Column(year, "factor") for year in years),
        ),
        (("discount factor", "one of the year", f"in {ledger.years[0]}", *years.values()),),
        title="Present value of one million of each year",
    )
    yield ledger.tabulate(
        "present_values",
        "Present value, by bearer and entry",
        [
            (
                *key,
                *(
                    Formula(
                        value * factor,
                        "{0}*{1}",
                        (Cells(year, row=row, table=_COSTS), Cells(year, row=0, table=_FACTORS)),
                    )
                    for (year, factor), value in zip(years.items(), amounts, strict=True)
                ),
            )
            for row, (key, amounts) in enumerate(ledger.amounts.items())
        ],
    )
    yield ledger.tabulate(
        "costs_by_bearer",
        "Undiscounted, by bearer",
        [
            (
                bearer,
                "all entries",
                *(
                    Formula(
                        sum(v[t] for (b, _), v in ledger.amounts.items() if b == bearer),
                        "SUMIF({0},{1},{2})",
                        (
                            Cells("bearer", table=_COSTS),
                            Cells("bearer", row=row),
                            Cells(year, table=_COSTS),
                        ),
                    )
                    for t, year in enumerate(years)
                ),
            )
            for row, bearer in enumerate(dict.fromkeys(bearer for bearer, _ in ledger.amounts))
        ],
    )


def show_burden(view: PlanView) -> tuple[Sheet, Table | None]:
    """Who pays in the end, against what each is able to pay from; and the table of the outlays.

    What the components of the study call the income of a party (its gross domestic product) names
    the columns, and its numbers are theirs.
    """
    study, quantities = view.plan.study, view.plan.quantities
    burdens = Figures.of(study).burden.amounts(view.plan)
    if quantities is None or not burdens:
        return Sheet("Burden", "", (Note("This study does not share costs."),)), None
    by_year = {role: table for role in _BY_YEAR if (table := _tabulate_by_year(view, role))}
    income, name = study.measure("income"), study.figure("income")
    assert income is not None
    explanation = (
        "Present value of what each member pays in the end: its own costs and its share of the "
        f"common ones, {view.money}. {name} is the present value of its {income.says} over the "
        f"plan. share of cost and share of {name} are shares of the coalition's cost and "
        f"{income.short or name}; cost per {name} is what a member pays of its own. Payments by "
        "year are without salvage value."
    )
    blocks = (_tabulate_burdens(view, burdens, quantities, name), *by_year.values())
    return Sheet("Burden", explanation, blocks), by_year.get("outlay")


def _tabulate_burdens(view: PlanView, burdens: Any, quantities: Quantities, income: str) -> Table:
    party = view.plan.data.party_index
    incomes = quantities.present_values(income, party)
    whole, economy = sum(burdens.values()), sum(incomes.values())
    return Table(
        "burden",
        (
            Column(party),
            Column(f"{party}_name"),
            Column("cost", "number", total=True),
            Column("share_of_cost", "share", total=True),
            Column(income, "number", total=True),
            Column(f"share_of_{income}", "share", total=True),
            Column(f"cost_per_{income}", "fine_share"),
        ),
        tuple(
            (
                member,
                view.party_names.get(member, ""),
                cost,
                ratio(cost, whole),
                incomes[member],
                ratio(incomes[member], economy),
                ratio(cost, incomes[member]),
            )
            for (member,), cost in burdens.items()
        ),
    )


def _tabulate_by_year(view: PlanView, role: Role) -> Table | None:
    """A measure of the study by year; None where it has none, or nothing of it."""
    measure, quantities = view.plan.study.measure(role), view.plan.quantities
    if measure is None or quantities is None:
        return None
    quantity = quantities.find(measure.figure)
    spread = spread_limits if role == "ceiling" else spread_by_year
    indices, lists = spread(quantity, view.years, view.plan.study.indices)
    if not lists:
        return None
    places = decimals(x for values in lists.values() for x in values if x is not None)
    years = (Column(str(year), "number", decimals=places) for year in view.years)
    return Table(
        view.name_table(role),
        (*index_columns(indices, view.names), *years),
        tuple((*index_cells(indices, key, view.names), *v) for key, v in lists.items()),
        title=_BY_YEAR[role],
        note="Empty: no ceiling in that year." if None in chain(*lists.values()) else "",
    )

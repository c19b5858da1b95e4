"""The workbook of one threat in one year: who covers it, what binds, and the next unit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cssopt.document.grid import Field, Grid, index_field
from cssopt.document.run_facts import RunFacts
from cssopt.modeling.measures import SHORTFALL
from cssopt.questions.why.coverage_rows import RELIEVES
from cssopt.questions.why.result import Why
from cssopt.render.xlsx.book import ReportOnBase, write_book
from cssopt.render.xlsx.charts import chart_bars, set_bar_axes, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.styles import NAVY, RED, SERIES
from cssopt.solution.missing import is_met
from cssopt.solution.plain import plain_value

_CHART_ROWS: Final = 18
_LEAST_WIDTH: Final = 1000
_ONE_PAGE: Final = 75
_NOT_EQUAL: Final = (
    "Where more is missing than before, of this need or of another, the step is short, not bought: "
    "it has no cost, and is told by the missing share."
)

_FIELDS: Final = {
    "need": Field("need", "number", 3),
    "covered": Field("covered", "number", 3),
    "shortfall": Field("shortfall", "number", 3),
    "power": Field("power", "number", 3),
    "asked": Field("asked", "number", 3),
    "units": Field("units", "number", 3),
    "each": Field("each", "number", 3),
    "price": Field("price", "number", 2),
    "limit": Field("limit", "number", 2),
    "room": Field("holds for more room", "number", 3),
    "step": Field("step", "number", 3),
    "equally_secure": Field("at equal security"),
    "cost": Field("cost", "number", 2),
    "cost_least": Field("cost, at least", "number", 2),
    "cost_most": Field("cost, at most", "number", 2),
    "missing_share": Field("missing share", "number", 4),
    "missing_share_least": Field("missing share, at least", "number", 4),
    "missing_share_most": Field("missing share, at most", "number", 4),
    "missing": Field("stays uncovered", "number", 3),
    "gap": Field("gap", "tiny"),
    "seconds": Field("seconds", "seconds"),
    "change": Field("change", "number", 3),
    "meaning": Field("meaning", "sentence"),
    "text": Field("text", "sentence"),
    "where": Field("where", "sentence"),
}
"""How the columns of the tables are shown; the others are indices."""


_SHEETS: Final = (
    (
        "Cover",
        "cover",
        "What becomes of all that was asked: what relieves the need (overlapping needs are "
        "met once, measures remove a part), what covers it, and what is missing.",
    ),
    (
        "Units planned",
        "units",
        "The units behind the cover: own for the member's own part, delegated to the common "
        "defence. each: power of one unit. Planned power may be more than what counts.",
    ),
    (
        "What binds",
        "binds",
        "Rules of planners and members at their limit that touch these needs, the dearest "
        "first. price: what one more unit of room would save with nothing more missing; room: for "
        "how much more room it was found to hold at least. None is told where it holds for none. "
        "where: the cell that lays it down. cssopt rules tells what each rule costs as a whole.",
    ),
    (
        "Who gives",
        "given",
        "The next unit: what each source contributes more or less. cover: power that counts; "
        "units planned: power; units held: units, mean of all years.",
    ),
    (
        "Costs of the next unit",
        "costs",
        "What the next unit changes in each entry, present value, million.",
    ),
)
"""Name, table and explanation of the sheets behind the first."""


def write_why(
    path: Path,
    found: Why,
    facts: RunFacts,
) -> None:
    """Write the explanation of a threat in a year to an .xlsx file, from its tables.

    Raises ReportError where the file cannot be written; an earlier one is then intact.
    """
    with write_book(path, found.base, None, facts, ReportOnBase) as report:
        page = report.page(
            "Why",
            f"How {_named(report, found)} is covered in {found.year}, what binds, and what one "
            "more unit of each of its needs would cost in that year alone. Money is present value, "
            "million; power that is missing is no money and never added to it.",
            NAVY,
        )
        _write_overview(report, page, found)
        for name, table, explanation in _SHEETS:
            _write_sheet(report, name, explanation, found.tables[table])


def _named(report: Report, found: Why) -> str:
    name = report.names.get(found.rows.need.asks, {}).get(found.threat, "")
    return f"{found.threat} ({name})" if name else found.threat


def _write_overview(report: Report, page: Page, found: Why) -> None:
    """Needs, what one more unit of them costs, and the charts of both."""
    needs, following = found.tables["needs"], found.tables["next"]
    page.line("Needs of the threat in that year", "section")
    short = [i for i, row in enumerate(needs.to_dict("records")) if _is_short(row)]
    column = list(needs.columns).index(SHORTFALL)
    page.table(_make_grid(needs, {(i, column): "short" for i in short}))
    page.gap()
    page.line("One more unit of a need, in that year alone", "section")
    names = name_needs(found, following)
    not_bought = following["equally_secure"] == False  # noqa: E712
    following = following.assign(of=names)[["of", *following.columns]]
    following.loc[not_bought, ["cost", "cost_least", "cost_most"]] = math.nan
    placed = page.table(_make_grid(following))
    if not_bought.any():
        page.line(_NOT_EQUAL, "warn")
    page.gap()
    page.line("Who covers the need: power by source", "section")
    cover = page.table(_spread(found))
    page.gap()
    currency = report.solution.data.horizon.currency
    title = f"What one more unit costs, million {currency}"
    charts = [_chart_cover(report, cover, found.rows.need.missing)]
    if following["cost"].notna().any():
        charts.append(chart_bars(report, placed, "cost", title, NAVY, labels=True))
    page.charts(charts, _CHART_ROWS, _LEAST_WIDTH)
    if page.row <= _ONE_PAGE:
        page.sheet.fit_to_pages(1, 1)


def _is_short(row: Mapping[Any, Any]) -> bool:
    return not is_met(row[SHORTFALL], row["need"])


def name_needs(found: Why, table: pd.DataFrame) -> list[str]:
    """The need of each row of one of the tables, in a few words."""
    told = table[list(found.rows.told_by)]
    return [found.rows.name_need(row) for row in told.itertuples(index=False, name=None)]


def _spread(found: Why) -> Grid:
    """A row for each need, a column for each member and each source that no member gives."""
    cover, missing = found.tables["cover"], found.rows.need.missing
    told = [
        (need, row[found.rows.party] or row["source"], row["power"])
        for need, row in zip(name_needs(found, cover), cover.to_dict("records"), strict=True)
        if row["kind"] != RELIEVES
    ]
    sources = list(dict.fromkeys(source for _, source, _ in told if source != missing))
    sources += [missing] if any(source == missing for _, source, _ in told) else []
    sums: dict[tuple[str, str], float] = {}
    for need, source, power in told:
        sums[need, source] = sums.get((need, source), 0.0) + power
    names = name_needs(found, found.tables["needs"])
    rows = [[name, *(sums.get((name, source), 0.0) for source in sources)] for name in names]
    return Grid([Field("need"), *(Field(source, "number", 3) for source in sources)], rows)


def _chart_cover(report: Report, table: Placed, missing: str) -> Any:
    """One bar per need, made of what covers it; what is `missing` in red."""
    chart = report.book.add_chart({"type": "bar", "subtype": "stacked"})
    for position, (source, column) in enumerate(list(table.columns.items())[1:]):
        color = RED if source == missing else SERIES[position % len(SERIES)]
        chart.add_series(
            {
                "name": [table.sheet, table.first - 1, column],
                "categories": [table.sheet, table.first, 0, table.last, 0],
                "values": [table.sheet, table.first, column, table.last, column],
                "fill": {"color": color},
                "gap": 60,
            }
        )
    set_bar_axes(chart)
    return with_title(chart, "Who covers the need: power by source")


def _write_sheet(report: Report, name: str, explanation: str, table: pd.DataFrame) -> None:
    page = report.page(name, explanation)
    if table.empty:
        page.line("There is nothing to show.")
        return
    page.only_table(_make_grid(table))


def _make_grid(table: pd.DataFrame, marks: Mapping[tuple[int, int], str] | None = None) -> Grid:
    fields = [_FIELDS.get(str(name), index_field(str(name))) for name in table.columns]
    rows: Sequence[Sequence[Any]] = [
        [plain_value(value) for value in row] for row in table.itertuples(index=False)
    ]
    return Grid(fields, rows, marks or {})

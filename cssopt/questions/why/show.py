"""The workbook of one threat in one year: who covers it, what binds, and the next unit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.document.run_facts import RunFacts
from cssopt.render.xlsx.book import ReportOnBase, write_book
from cssopt.render.xlsx.charts import FONT, QUIET, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.styles import NAVY, RED, RULE, SERIES
from cssopt.solution.plain import plain_value
from cssopt.solution.plan import MET, Solution

_CHART_ROWS: Final = 18
_LEAST_WIDTH: Final = 1000
_SHORTFALL: Final = "shortfall"
_ONE_PAGE: Final = 75
_NOT_EQUAL: Final = (
    "Where more is missing than before, of this need or of another, the step is short, not bought: "
    "it has no cost, and is told by the missing share."
)

_FIELDS: Final = {
    "day": Field("day", "day"),
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
"""How the columns of the tables are shown; the others as texts."""


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
    base: Solution,
    tables: Mapping[str, pd.DataFrame],
    asked: tuple[str, int],
    facts: RunFacts,
) -> None:
    """Write the explanation of a threat in a year to an .xlsx file, from its tables.

    Raises ReportError where the file cannot be written; an earlier one is then intact.
    """
    with write_book(path, base, None, facts, ReportOnBase) as report:
        threat, year = asked
        page = report.page(
            "Why",
            f"How {_named(report, threat)} is covered in {year}, what binds, and what one more "
            "unit of each of its needs would cost in that year alone. Money is present value, "
            "million; power that is missing is no money and never added to it.",
            NAVY,
        )
        _write_overview(report, page, tables)
        for name, table, explanation in _SHEETS:
            _write_sheet(report, name, explanation, tables[table])


def _named(report: Report, threat: str) -> str:
    name = report.names.get("threat", {}).get(threat, "")
    return f"{threat} ({name})" if name else threat


def _write_overview(report: Report, page: Page, tables: Mapping[str, pd.DataFrame]) -> None:
    """Needs, what one more unit of them costs, and the charts of both."""
    needs, following = tables["needs"], tables["next"]
    page.line("Needs of the threat in that year", "section")
    short = [i for i, row in enumerate(needs.to_dict("records")) if _is_short(row)]
    column = list(needs.columns).index(_SHORTFALL)
    page.table(_make_grid(needs, {(i, column): "short" for i in short}))
    page.gap()
    page.line("One more unit of a need, in that year alone", "section")
    names = [_name(row) for row in following.to_dict("records")]
    not_bought = following["equally_secure"] == False  # noqa: E712
    following = following.assign(of=names)[["of", *following.columns]]
    following.loc[not_bought, ["cost", "cost_least", "cost_most"]] = math.nan
    placed = page.table(_make_grid(following))
    if not_bought.any():
        page.line(_NOT_EQUAL, "warn")
    page.gap()
    page.line("Who covers the need: power by source", "section")
    cover = page.table(_spread(tables["cover"], needs))
    page.gap()
    currency = report.solution.data.horizon.currency
    title = f"What one more unit costs, million {currency}"
    charts = [_chart_cover(report, cover)]
    if following["cost"].notna().any():
        charts.append(_chart_cost(report, placed, title))
    page.charts(charts, _CHART_ROWS, _LEAST_WIDTH)
    if page.row <= _ONE_PAGE:
        page.sheet.fit_to_pages(1, 1)


def _is_short(row: Mapping[Any, Any]) -> bool:
    return bool(row[_SHORTFALL] > MET * max(row["need"], MET))


def _name(row: Mapping[Any, Any]) -> str:
    """A need in a few words."""
    return f"{row['capability']} by day {row['day']:g}"


def _spread(cover: pd.DataFrame, needs: pd.DataFrame) -> Grid:
    """A row for each need, a column for each member and each source that no member gives."""
    told = [
        (_name(row), row["member"] or row["source"], row["power"])
        for row in cover.to_dict("records")
        if row["kind"] != "relieves"
    ]
    sources = list(dict.fromkeys(source for _, source, _ in told if source != _SHORTFALL))
    sources += [_SHORTFALL] if any(source == _SHORTFALL for _, source, _ in told) else []
    sums: dict[tuple[str, str], float] = {}
    for need, source, power in told:
        sums[need, source] = sums.get((need, source), 0.0) + power
    names = [_name(row) for row in needs.to_dict("records")]
    rows = [[name, *(sums.get((name, source), 0.0) for source in sources)] for name in names]
    return Grid([Field("need"), *(Field(source, "number", 3) for source in sources)], rows)


def _chart_cover(report: Report, table: Placed) -> Any:
    """One bar per need, made of what covers it."""
    chart = report.book.add_chart({"type": "bar", "subtype": "stacked"})
    for position, (source, column) in enumerate(list(table.columns.items())[1:]):
        color = RED if source == _SHORTFALL else SERIES[position % len(SERIES)]
        chart.add_series(
            {
                "name": [table.sheet, table.first - 1, column],
                "categories": [table.sheet, table.first, 0, table.last, 0],
                "values": [table.sheet, table.first, column, table.last, column],
                "fill": {"color": color},
                "gap": 60,
            }
        )
    _set_axes(chart)
    return with_title(chart, "Who covers the need: power by source")


def _chart_cost(report: Report, table: Placed, title: str) -> Any:
    chart = report.book.add_chart({"type": "bar"})
    column = table.columns["cost"]
    chart.add_series(
        {
            "name": title,
            "categories": [table.sheet, table.first, 0, table.last, 0],
            "values": [table.sheet, table.first, column, table.last, column],
            "fill": {"color": NAVY},
            "gap": 60,
            "data_labels": {"value": True, "font": FONT},
        }
    )
    _set_axes(chart)
    with_title(chart, title)
    chart.set_legend({"none": True})
    return chart


def _set_axes(chart: Any) -> None:
    chart.set_y_axis({"reverse": True, "num_font": FONT, "line": {"color": RULE}})
    chart.set_x_axis({"num_format": "#,##0.##", "label_position": "high", **QUIET})


def _write_sheet(report: Report, name: str, explanation: str, table: pd.DataFrame) -> None:
    page = report.page(name, explanation)
    if table.empty:
        page.line("There is nothing to show.")
        return
    page.only_table(_make_grid(table))


def _make_grid(table: pd.DataFrame, marks: Mapping[tuple[int, int], str] | None = None) -> Grid:
    fields = [_FIELDS.get(str(name), Field(str(name))) for name in table.columns]
    rows: Sequence[Sequence[Any]] = [
        [plain_value(value) for value in row] for row in table.itertuples(index=False)
    ]
    return Grid(fields, rows, marks or {})

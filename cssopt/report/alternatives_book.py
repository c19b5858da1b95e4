"""The workbook of near-optimal plans: ranges of every contribution, and plans that differ most."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cssopt.report.book import ReportOnBase, write_book
from cssopt.report.charts import FONT, QUIET, with_title
from cssopt.report.context import Report
from cssopt.report.facts import RunFacts
from cssopt.report.grid import Field, Grid
from cssopt.report.page import Page, Placed
from cssopt.report.record_sheets import write_run
from cssopt.report.styles import NAVY, RULE, SERIES
from cssopt.solution.plan import Solution
from cssopt.solve.outcome import Status

Tables = Mapping[str, pd.DataFrame]

_ROW_OF_CHART = 1
_CHART_HEAD = 8
_LEAST_WIDTH = 900


def write_alternatives(
    path: Path, base: Solution, tables: Tables, held: Mapping[str, float], facts: RunFacts
) -> None:
    """Write ranges and plans to an .xlsx file; ReportError where it cannot be written.

    `tables` as of `tabulate_alternatives`; `held` names what every plan keeps.
    """
    with write_book(path, base, None, facts, ReportOnBase) as report:
        kept = ", ".join(f"{name} at most {most:.6g}" for name, most in held.items())
        page = report.page(
            "Alternatives",
            "What is certain at a little more than the least expenditure, and what is a free "
            f"choice. {f'Every plan keeps: {kept}.' if kept else ''}",
            NAVY,
        )
        if tables["ranges"].empty:
            page.line(f"There are no alternatives: {base.status.sentence}", "bad")
        else:
            spans = _write_spans(report, tables["ranges"])
            _write_ranges(report, tables["ranges"])
            _write_plans(report, tables)
            _write_overview(report, page, tables, spans)
        write_run(report)


def _write_overview(
    report: Report, page: Page, tables: Tables, spans: list[tuple[str, Placed]]
) -> None:
    ranges, plans = tables["ranges"], tables["plans"]
    page.line("Contributions by what can be said of them", "section")
    names = ("certain", "at least", "free", "never")
    rows: list[list[Any]] = []
    for share, group in ranges.groupby("within"):
        counts = group["verdict"].value_counts()
        unproven = int((group["status"] != str(Status.OPTIMAL)).sum())
        rows.append([float(str(share)), *(int(counts.get(n, 0)) for n in names), unproven or None])
    fields = [Field("within", "share"), *(Field(n, "number", 0) for n in names)]
    page.table(Grid([*fields, Field("not proven", "number", 0)], rows))
    page.line(
        "certain: the same in every plan; at least: never none; free: may be none; never: none in "
        "any plan.",
        "explanation",
    )
    page.gap()
    page.line("Plans that differ most from the base plan and from each other", "section")
    page.table(_grid_of_plans(plans))
    page.gap()
    for title, placed in spans:
        rows_of_chart = _CHART_HEAD + _ROW_OF_CHART * (placed.last - placed.first + 1)
        page.charts([_chart_spans(report, title, placed)], rows_of_chart, _LEAST_WIDTH)
        page.gap()


def _grid_of_plans(plans: pd.DataFrame) -> Grid:
    fields = [
        Field("within", "share"),
        Field("plan", "year"),
        Field("pooled expenditure", "number", 1),
        Field("missing share", "number", 4),
        Field("units that differ", "number", 2),
        Field("status"),
    ]
    columns = ["within", "plan", "pooled_expenditure", "missing_share", "difference", "status"]
    return Grid(fields, [list(row) for row in plans[columns].itertuples(index=False)])


def _name(row: Mapping[str, Any]) -> str:
    return " ".join(part for part in (row["member"], row["force"]) if part)


def _write_ranges(report: Report, ranges: pd.DataFrame) -> None:
    page = report.page(
        "Ranges",
        "Least and most of every contribution: burden in million, present value; units as the mean "
        "of all years. surely: no plan goes beyond, which is proven.",
    )
    fields = [
        Field("within", "share"),
        *(Field(name) for name in ("kind", "member", "force")),
        *(Field(n, "number", 3) for n in ("base", "least", "most", "surely least", "surely most")),
        Field("verdict"),
        Field("status"),
    ]
    rows = [
        [None if isinstance(x, float) and not math.isfinite(x) else x for x in row]
        for row in ranges.itertuples(index=False)
    ]
    marks = {(i, 10): "warn" for i, row in enumerate(rows) if row[10] != str(Status.OPTIMAL)}
    page.only_table(Grid(fields, rows, marks))


def _write_spans(report: Report, ranges: pd.DataFrame) -> list[tuple[str, Placed]]:
    """The numbers behind the charts: where each bar begins, and how long it is."""
    page = report.page("Spans", "The numbers behind the charts, within the largest share.")
    widest = ranges[ranges["within"] == ranges["within"].max()]
    share = f"{100 * widest['within'].iloc[0]:.3g} %"
    placed = []
    units, burden = (widest[widest["kind"] == kind] for kind in ("units", "burden"))
    for title, chosen in (
        (f"Burden within {share}, {report.money}", burden),
        (f"Units of each force within {share}", units[units["member"] == ""]),
        (f"Units by member and force within {share}", units[units["member"] != ""]),
    ):
        proper = chosen[chosen["least"].notna() & chosen["most"].notna()]
        if proper.empty:
            continue
        page.line(title, "section")
        fields = [
            Field("contribution"),
            *(Field(n, "number", 3) for n in ("least", "span", "base")),
        ]
        rows = [
            [_name(row), row["least"], max(0.0, row["most"] - row["least"]), row["base"]]
            for row in proper.to_dict("records")
        ]
        placed.append((title, page.table(Grid(fields, rows))))
        page.gap()
    return placed


def _write_plans(report: Report, tables: Tables) -> None:
    page = report.page(
        "Plans",
        "Units held by each plan, the mean of all years, and how many more than in the base plan "
        "(plan 0). Only units that a plan holds, or the base plan does, are listed.",
    )
    fields = [
        Field("within", "share"),
        Field("plan", "year"),
        Field("member"),
        Field("force"),
        Field("units", "number", 2),
        Field("more than base", "number", 2),
    ]
    rows = [
        list(row)
        for row in tables["units"].itertuples(index=False)
        if max(abs(row[4]), abs(row[5])) > 1e-9
    ]
    page.only_table(Grid(fields, rows))


def _chart_spans(report: Report, title: str, placed: Placed) -> Any:
    """Floating bars from least to most."""
    chart = report.book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, fill in (("least", {"none": True}), ("span", {"color": SERIES[1]})):
        place = placed.columns[column]
        chart.add_series(
            {
                "name": "least to most" if column == "span" else "least",
                "categories": [placed.sheet, placed.first, 0, placed.last, 0],
                "values": [placed.sheet, placed.first, place, placed.last, place],
                "fill": fill,
                "border": {"none": True},
                "gap": 45,
            }
        )
    chart.set_y_axis({"reverse": True, "num_font": FONT, "line": {"color": RULE}})
    chart.set_x_axis({"num_format": "#,##0.##", "label_position": "high", **QUIET})
    with_title(chart, f"{title}: least to most")
    chart.set_legend({"none": True})
    return chart

"""The workbook of tipping points: where the plan changes its structure, and what it costs there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.document.run_facts import RunFacts
from cssopt.questions.tipping.ties import NEEDED, TIE, UNKNOWN
from cssopt.render.xlsx.book import ReportOnBase, write_book
from cssopt.render.xlsx.charts import FONT, QUIET, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.run_tables import write_failed, write_runs
from cssopt.render.xlsx.styles import NAVY, RULE, SERIES
from cssopt.runs.summary import summarize_runs, with_plan
from cssopt.solution.missing import MET
from cssopt.solution.plain import plain_value
from cssopt.solution.plan import Solution
from cssopt.solution.told import NOT_MET
from cssopt.solution.verdicts import tell_end

_CHART_ROWS: Final = 18
_LEAST_WIDTH: Final = 1000
_TIP: Final = SERIES[5]
"""The color of tipping points in charts."""

_NOISE: Final = 1e-6
"""A figure that varies by less than this (relative) is the same at all values."""

_NOTHING: Final = MET
"""A share, or millions: no more than this is 0."""

_VERDICTS: Final = {
    NEEDED: "Every plan without it is worse.",
    TIE: "A plan without it is equally good: the change is a matter of choice.",
    UNKNOWN: "Not proven: a solve, with or without it, was cut off or is not accurate enough.",
    "": "",
}
_MARKS: Final = {TIE: "changed", UNKNOWN: "warn"}


@dataclass(frozen=True)
class Drawn(Placed):
    """A table that charts draw, with the least and the greatest value of each of its figures."""

    spans: dict[str, tuple[float, float]]


def write_tipping_book(
    path: Path,
    base: Solution,
    tables: Mapping[str, pd.DataFrame],
    label: str,
    note: str,
    facts: RunFacts,
) -> None:
    """Write tipping points to an .xlsx file.

    `tables` are those of the search (``tipping_points``, ``structure``, ``runs``), `label` is the
    quantity, `note` says how closely was looked. Raises ReportError where the file cannot be
    written; an earlier one is then intact.
    """
    points, runs = tables["tipping_points"], tables["runs"]
    with write_book(path, base, None, facts, ReportOnBase) as report:
        page = report.page(
            "Tipping points",
            f"Where the plan changes its structure as {label} grows. Each change lies between two "
            "values that were both solved. Money is present value; it is never added to what is "
            "missing.",
            NAVY,
        )
        marks = _write_places(report, points)
        values = _write_values(report, runs, label)
        _write_structure(report, tables["structure"])
        _write_without(report, points)
        write_runs(report, runs, 1)
        write_failed(report, runs, (label,))
        _write_head(page, points, runs, note)
        axis = label, float(runs[label].min()), float(runs[label].max())
        _write_charts(report, page, axis, (values, marks))
        _write_points(page, points)


def _write_head(page: Page, points: pd.DataFrame, runs: pd.DataFrame, note: str) -> None:
    """How many changes there are, and how closely was looked."""
    summary = summarize_runs(runs)
    if summary.not_met:
        page.line(f"{NOT_MET} at {summary.not_met:,} of {summary.runs:,} values", "bad")
        page.gap()
    ties = int((points["tie"] == TIE).sum())
    page.pair("tipping points", len(points), "an element begins or ends", "bold", "number0")
    remark = "of these: a plan without the element is as good; see the sheet Without"
    page.pair("ties", ties, remark, "number0")
    page.pair("values solved", summary.runs, "the sheet Runs has them all", "number0")
    page.pair("without a plan", summary.infeasible, "no plan can keep all rules", "number0")
    warn = ("warn",) if summary.failed else ()
    remark = "no answer; see the sheet Failed. Nothing is told of what happens there"
    page.pair("failed", summary.failed, remark, "number0", *warn)
    page.gap()
    page.line(note)
    if summary.counted:
        page.line(
            f"Gap of the plans: {summary.gap.least:.1e} to {summary.gap.most:.1e}. Neither the "
            "figures nor the structure are better than that.",
            "explanation",
        )
    page.gap()


def _write_charts(
    report: Report,
    page: Page,
    axis: tuple[str, float, float],
    placed: tuple[Placed | None, Placed | None],
) -> None:
    """Money and what is missing over the values, each by itself."""
    values, marks = placed
    if values is None:
        page.line("No value has a plan: there is nothing to draw.", "warn")
        page.gap()
        return
    money = f"Pooled expenditure, million {report.solution.data.horizon.currency}"
    charts = [
        _chart_over_values(report, figure, title, axis, (values, marks))
        for figure, title in (("expenditure", money), ("missing share", "Missing share"))
    ]
    page.charts(charts, _CHART_ROWS, _LEAST_WIDTH)
    page.gap()


def _write_points(page: Page, points: pd.DataFrame) -> None:
    """Every element that begins or ends, with both sides of its change."""
    page.line("What begins and what ends", "section")
    if points.empty:
        page.line("Nothing, at all values that were looked at.")
        return
    rows = [
        [p["element"], p["change"], _short(p["between"]), _short(p["and"]),
         plain_value(p["expenditure_below"]), plain_value(p["expenditure_above"]),
         plain_value(p["missing_share_below"]), plain_value(p["missing_share_above"]),
         p["status_below"], p["status_above"],
         max(filter(math.isfinite, (p["gap_below"], p["gap_above"])), default=None),
         p["tie"], tell_end(p["remark"], p["audit"])]
        for p in points.to_dict("records")
    ]  # fmt: skip
    fields = [
        Field("element"), Field("change"), Field("between", "as_typed"), Field("and", "as_typed"),
        Field("expenditure below", "number", 2), Field("expenditure above", "number", 2),
        Field("missing share below", "number", 4), Field("missing share above", "number", 4),
        Field("status below"), Field("status above"), Field("gap", "tiny"), Field("tie"),
        Field("remark", "sentence"),
    ]  # fmt: skip
    tie = fields.index(Field("tie"))
    marks = {(i, tie): _MARKS[row[tie]] for i, row in enumerate(rows) if row[tie] in _MARKS}
    page.table(Grid(fields, rows, marks))


def _write_places(report: Report, points: pd.DataFrame) -> Placed | None:
    """The same by place: what changes together, and where the charts mark it."""
    page = report.page(
        "Places",
        "What changes at the same place. value is the side that has a plan, the greater one where "
        "both have.",
    )
    if points.empty:
        page.line("Nothing begins or ends.")
        return None
    rows = []
    for _, group in points.groupby(["between", "and"], sort=True):
        first = group.iloc[0]
        side = "above" if math.isfinite(first["expenditure_above"]) else "below"
        rows.append(
            [_short(first["and"] if side == "above" else first["between"]),
             plain_value(first[f"expenditure_{side}"]), plain_value(first[f"missing_share_{side}"]),
             *("; ".join(group.loc[group["change"] == change, "element"]) for change in
               ("begins", "ends"))]
        )  # fmt: skip
    fields = [
        Field("value", "as_typed"),
        Field("expenditure", "number", 2),
        Field("missing share", "number", 4),
        Field("begins", "sentence"),
        Field("ends", "sentence"),
    ]
    return page.table(Grid(fields, rows))


def _write_values(report: Report, runs: pd.DataFrame, label: str) -> Drawn | None:
    """Every value that was solved, in its order: what the charts show."""
    page = report.page("Values", f"Every value of {label} that was solved, in their order.")
    counted = with_plan(runs)
    rows = [
        [_short(run[label]), bool(run["on_grid"]), run["status"],
         *(run[name] if has_plan else None for name in ("gap", "pooled_expenditure",
                                                        "missing_share"))]
        for run, has_plan in zip(runs.to_dict("records"), counted, strict=True)
    ]  # fmt: skip
    fields = [
        Field("value", "as_typed"),
        Field("on the grid"),
        Field("status"),
        Field("gap", "tiny"),
        Field("expenditure", "number", 2),
        Field("missing share", "number", 4),
    ]
    placed = page.table(Grid(fields, rows))
    if not counted.any():
        return None
    spans = {
        shown: (float(runs.loc[counted, name].min()), float(runs.loc[counted, name].max()))
        for shown, name in (
            ("expenditure", "pooled_expenditure"),
            ("missing share", "missing_share"),
        )
    }
    return Drawn(**vars(placed), spans=spans)


def _write_structure(report: Report, structure: pd.DataFrame) -> None:
    """Over which values the plan has each element."""
    page = report.page(
        "Structure",
        "Over which values the plan has each element: from the least to the greatest value of a "
        "stretch, as far as values were looked at. throughout: wherever there is a plan.",
    )
    if structure.empty:
        page.line("No plan has any element that a component declares.")
        return
    rows = [
        [s["element"], _short(s["from"]), _short(s["to"]), s["values"], bool(s["throughout"])]
        for s in structure.to_dict("records")
    ]
    fields = [Field("element"), Field("from", "as_typed"), Field("to", "as_typed"),
              Field("values", "number", 0), Field("throughout")]  # fmt: skip
    page.only_table(Grid(fields, rows), 1)


def _write_without(report: Report, points: pd.DataFrame) -> None:
    """Whether the plan needs what begins or ends, one step of the grid further on."""
    page = report.page(
        "Without",
        "At a tipping point the plans with and without the element are equally good. Here the plan "
        "is solved without it a step of the grid further on, at the value named, on the side that "
        "has it. tie: a plan without it is equally good there too (objectives within 1E-06).",
    )
    tested = points[points["tie"] != ""]
    if tested.empty:
        page.line("Nothing was tested.")
        return
    rows = [
        [p["element"], p["change"], _short(p["without_at"]), p["without_status"],
         plain_value(p["without_gap"]), plain_value(p["without_expenditure"]),
         plain_value(p["without_missing_share"]), p["tie"], _VERDICTS[p["tie"]]]
        for p in tested.to_dict("records")
    ]  # fmt: skip
    fields = [
        Field("element"), Field("change"), Field("at", "as_typed"),
        Field("status without it"), Field("gap", "tiny"), Field("costs more", "number", 2),
        Field("misses more", "number", 4), Field("tie"), Field("meaning", "sentence"),
    ]  # fmt: skip
    page.only_table(Grid(fields, rows), 1)


def _short(value: float) -> float:
    """A value of the quantity in nine digits: enough for a width of a billionth."""
    return float(f"{value:.9g}")


def _chart_over_values(
    report: Report,
    figure: str,
    title: str,
    axis: tuple[str, float, float],
    placed: tuple[Placed, Placed | None],
) -> Any:
    """A line through every value that was solved, with gaps where there is no plan; tips marked.

    `placed`: the tables of the values and of the places of tipping points (None: there is none);
    both have the columns ``value`` and the figure. `axis`: name of the quantity and the ends of its
    range.
    """
    values, marks = placed
    chart = report.book.add_chart({"type": "scatter", "subtype": "straight"})
    line = {"line": {"color": NAVY, "width": 1.75}, "marker": {"type": "none"}}
    chart.add_series(_series("every value solved", values, figure) | line)
    if marks is not None:
        paint = {"fill": {"color": _TIP}, "border": {"color": "#FFFFFF"}}
        points = {"line": {"none": True}, "marker": {"type": "circle", "size": 7, **paint}}
        chart.add_series(_series("tipping points", marks, figure) | points)
    name, low, high = axis
    chart.set_x_axis(
        {
            "name": name,
            "min": low,
            "max": high,
            "major_gridlines": {"visible": False},
            "num_font": FONT,
            "name_font": FONT,
            "line": {"color": RULE},
        }
    )
    ends = find_ends(*values.spans[figure]) if isinstance(values, Drawn) else {}
    chart.set_y_axis({"num_format": "#,##0.###", **ends, **QUIET})
    return with_title(chart, title)


def find_ends(low: float, high: float) -> dict[str, float]:
    """The ends of the axis of a figure that is the same at all values; else none are set.

    Spreadsheets would stretch its rounding over the height of the chart, as if it jumped.
    """
    size = max(abs(low), abs(high))
    if size <= _NOTHING:
        return {"min": 0.0, "max": 1.0}
    if high - low >= _NOISE * size:
        return {}
    middle = (low + high) / 2
    return {"min": middle - abs(middle) / 10, "max": middle + abs(middle) / 10}


def _series(name: str, table: Placed, figure: str) -> dict[str, Any]:
    x, y = table.columns["value"], table.columns[figure]
    return {
        "name": name,
        "categories": [table.sheet, table.first, x, table.last, x],
        "values": [table.sheet, table.first, y, table.last, y],
    }

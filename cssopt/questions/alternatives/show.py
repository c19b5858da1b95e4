"""The workbook of near-optimal plans: what is certain, ranges as charts, plans that differ most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.document.run_facts import RunFacts
from cssopt.questions.alternatives.charts import chart_spans
from cssopt.render.xlsx.book import ReportOnBase, write_book
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.styles import NAVY
from cssopt.solution.plan import Solution
from cssopt.solution.told import tell_gap
from cssopt.solution.verdicts import tell_end
from cssopt.solve.outcome import Status

_CHART_HEAD = 6
_LEAST_WIDTH = 900
_STATUS = (
    "status of a plan: optimal where none is farther apart, which is proven; feasible where it "
    "keeps all limits and none was found that is farther."
)
_DECIMALS = {"money": 1, "number": 2}


@dataclass(frozen=True)
class AlternativesWords:
    """What a report tells of near-optimal plans.

    Attributes
    ----------
    tables: as of `Alternatives`. held: names and ceilings of what every plan keeps.
    verdicts: each with its meaning. says: what each kind of contribution is.
    """

    tables: Mapping[str, pd.DataFrame]
    held: Mapping[str, float]
    verdicts: Mapping[str, str]
    says: Mapping[str, str]


def write_alternatives(
    path: Path, base: Solution, words: AlternativesWords, facts: RunFacts
) -> None:
    """Write ranges and plans to an .xlsx file; ReportError where it cannot be written."""
    ranges = words.tables["ranges"]
    with write_book(path, base, None, facts, ReportOnBase) as report:
        kept = ", ".join(f"{name} at most {most:.6g}" for name, most in words.held.items())
        page = report.page(
            "Alternatives",
            "What is certain at a little more than the least expenditure, and what is a free "
            f"choice. {f'Every plan keeps: {kept}.' if kept else ''}",
            NAVY,
        )
        if not base.has_plan:
            page.line(f"There are no alternatives: {base.status.sentence}", "bad")
        elif ranges.empty:
            page.line("No component of the study declares a contribution.", "warn")
        else:
            spans = _write_spans(report, ranges)
            _write_ranges(report, ranges, words.says)
            _write_plans(report, words.tables["plans"])
            _write_details(report, words.tables["units"], "Units", "the mean of all years", 2)
            _write_details(report, words.tables["burden"], "Burden", report.money, 1)
            _write_overview(report, page, words, spans)


def warn_of_base(base: Solution) -> str:
    """What must be known where the base plan is not proven; empty where it is."""
    if base.status is Status.OPTIMAL:
        return ""
    return (
        f"Base plan {base.status}, gap {tell_gap(base.gap)}: what is spent beyond the least is "
        "counted from its expenditure, which is not proven to be the least."
    )


def _write_overview(
    report: Report, page: Page, words: AlternativesWords, spans: Sequence[tuple[str, Placed]]
) -> None:
    ranges = words.tables["ranges"]
    if warning := warn_of_base(report.solution):
        page.line(warning, "warn")
    page.line("How many contributions are certain, and how many are free", "section")
    there = [name for name in words.verdicts if (ranges["verdict"] == name).any()]
    rows: list[list[Any]] = []
    for share, group in ranges.groupby("within"):
        counts = group["verdict"].value_counts()
        unproven = int((group["status"] != str(Status.OPTIMAL)).sum())
        rows.append([float(str(share)), *(int(counts.get(n, 0)) for n in there), unproven])
    fields = [Field("within", "fine_share"), *(Field(name, "number", 0) for name in there)]
    marks = {(i, len(fields)): "warn" for i, row in enumerate(rows) if row[-1]}
    page.table(Grid([*fields, Field("not proven", "number", 0)], rows, marks))
    told = "; ".join(f"{name}: {words.verdicts[name]}" for name in there)
    page.line(f"within: how much more than the least is spent. {told}.", "explanation")
    page.gap()
    page.line("Plans that differ most from the base plan and from each other", "section")
    page.table(_grid_of_plans(words.tables["plans"]))
    page.line(_STATUS, "explanation")
    page.gap()
    for title, placed in spans:
        if "up to base" in placed.columns:
            rows_of_chart = _CHART_HEAD + placed.last - placed.first + 1
            page.charts([chart_spans(report, title, placed)], rows_of_chart, _LEAST_WIDTH)
            page.gap()
        else:
            page.line(f"{title}: no chart, since some of it can be less than 0.", "explanation")
    page.sheet.fit_to_pages(1, 0)


def _grid_of_plans(plans: pd.DataFrame) -> Grid:
    fields = [
        Field("within", "fine_share"),
        Field("plan", "year"),
        Field("pooled expenditure", "number", 1),
        Field("missing share", "number", 4),
        Field("units moved", "number", 2),
        Field("apart", "number", 3),
        Field("apart at most", "number", 3),
        Field("status"),
        Field("against the base plan", "sentence"),
    ]
    columns = ["within", "plan", "pooled_expenditure", "missing_share", "moved", "apart", "bound",
               "status", "description"]  # fmt: skip
    plans = plans.assign(status=list(map(tell_end, plans["status"], plans["audit"])))
    return Grid(fields, [_cells(row) for row in plans[columns].itertuples(index=False)])


def _cells(row: Any) -> list[Any]:
    """The values of a row; what is not finite stays empty."""
    return [None if isinstance(x, float) and not math.isfinite(x) else x for x in row]


def _write_ranges(report: Report, ranges: pd.DataFrame, says: Mapping[str, str]) -> None:
    told = "; ".join(f"{kind}: {text}" for kind, text in says.items())
    page = report.page(
        "Ranges",
        f"Least and most of every contribution: a plan has it. {told}; by year it is the mean of "
        "all years. surely: no plan goes beyond, which is proven; empty where nothing is.",
    )
    indices = list(report.solution.study.in_order(ranges.columns))
    numbers = ["base", "least", "most", "surely_least", "surely_most"]
    fields = [
        Field("within", "fine_share"),
        Field("kind"),
        *(Field(name) for name in indices),
        *(Field(name.replace("_", " "), "number", 3) for name in numbers),
        Field("verdict"),
        Field("status"),
        Field("message", "sentence"),
    ]
    columns = ["within", "kind", *indices, *numbers, "verdict", "status", "message"]
    rows = [_cells(row) for row in ranges[columns].itertuples(index=False)]
    status = columns.index("status")
    marks = {(i, status): "warn" for i, r in enumerate(rows) if r[status] != str(Status.OPTIMAL)}
    page.only_table(Grid(fields, rows, marks), 2)


def _write_spans(report: Report, ranges: pd.DataFrame) -> list[tuple[str, Placed]]:
    """The numbers behind the charts, money first: where each bar begins, and its two lengths."""
    level = ranges["within"].max()
    page = report.page(
        "Spans",
        f"The numbers behind the charts: ranges within {level:.2%} of the least expenditure. What "
        "is not a whole range, or always nothing, is left out.",
    )
    widest = ranges[(ranges["within"] == level) & (ranges["verdict"] != "never")]
    proper = widest[widest["least"].map(math.isfinite) & widest["most"].map(math.isfinite)]
    indices = list(report.solution.study.in_order(ranges.columns))
    by = proper[indices].ne("").apply(lambda row: " and ".join(row.index[row]), axis=1)
    placed = []
    for (form, kind, over), own in proper.groupby(["form", "kind", by], sort=False):
        measure = f", {report.money}" if form == "money" else ""
        title = f"{str(kind).capitalize()} by {over}, within {level:.2%}{measure}"
        page.line(title, "section")
        grid = _grid_of_spans(own, _DECIMALS[str(form)])
        placed.append((form != "money", title, page.table(grid)))
        page.gap()
    return [(title, table) for _, title, table in sorted(placed, key=lambda entry: entry[0])]


def _grid_of_spans(own: pd.DataFrame, decimals: int) -> Grid:
    """With both lengths of each bar, where none begins below 0."""
    drawn = bool((own["least"] >= -1e-6).all())
    names = ["least", "up to base", "beyond base", "most"] if drawn else ["least", "base", "most"]
    rows = []
    for row in own.to_dict("records"):
        base = min(max(row["base"], row["least"]), row["most"])
        lengths = [base - row["least"], row["most"] - base] if drawn else [base]
        rows.append([row["contribution"], row["least"], *lengths, row["most"]])
    return Grid([Field("contribution"), *(Field(n, "number", decimals) for n in names)], rows)


def _write_plans(report: Report, plans: pd.DataFrame) -> None:
    page = report.page(
        "Plans",
        "Plan 0 is the base plan. apart: how far a plan is from the nearest one before it (0 to 1 "
        "where the ranges are proven): the mean over the units of each member and force that are "
        "not certain, each as a share of its range; no plan is farther apart than at most. units "
        f"moved: against the base plan, the mean of all years. {_STATUS}",
    )
    page.only_table(_grid_of_plans(plans), 2)


def _write_details(
    report: Report, frame: pd.DataFrame, title: str, measure: str, decimals: int
) -> None:
    page = report.page(
        title,
        f"{title} of each plan, {measure}, and how much more than in the base plan (plan 0). What "
        "neither of them has is left out.",
    )
    indices = report.solution.study.in_order(frame.columns)
    fields = [
        Field("within", "fine_share"),
        Field("plan", "year"),
        *(Field(name) for name in indices),
        Field(title.lower(), "number", decimals),
        Field("more than base", "number", decimals),
    ]
    rows = [
        list(row) for row in frame.itertuples(index=False) if max(abs(row[-1]), abs(row[-2])) > 1e-9
    ]
    page.only_table(Grid(fields, rows), 2)

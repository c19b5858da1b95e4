"""The workbook of tipping points: where the plan changes its structure, and what it costs there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from cssopt.document.run_facts import RunFacts
from cssopt.questions.tipping.charts import chart_over_values
from cssopt.questions.tipping.sheets import (
    write_places,
    write_points,
    write_structure,
    write_values,
    write_without,
)
from cssopt.render.xlsx.book import ReportOnBase, write_book
from cssopt.render.xlsx.head import NOT_MET, Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.run_tables import write_failed, write_runs
from cssopt.render.xlsx.styles import NAVY
from cssopt.runs.summary import summarize_runs
from cssopt.solution.plan import Solution

_CHART_ROWS: Final = 18
_LEAST_WIDTH: Final = 1000


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
        marks = write_places(report, points)
        values = write_values(report, runs, label)
        write_structure(report, tables["structure"])
        write_without(report, points)
        write_runs(report, runs, 1)
        write_failed(report, runs, (label,))
        _write_head(page, points, runs, note)
        axis = label, float(runs[label].min()), float(runs[label].max())
        _write_charts(report, page, axis, (values, marks))
        write_points(page, points)


def _write_head(page: Page, points: pd.DataFrame, runs: pd.DataFrame, note: str) -> None:
    """How many changes there are, and how closely was looked."""
    summary = summarize_runs(runs)
    if summary.not_met:
        page.line(f"{NOT_MET} at {summary.not_met:,} of {summary.runs:,} values", "bad")
        page.gap()
    ties = int((points["tie"] == "tie").sum())
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
        chart_over_values(report, figure, title, axis, (values, marks))
        for figure, title in (("expenditure", money), ("missing share", "Missing share"))
    ]
    page.charts(charts, _CHART_ROWS, _LEAST_WIDTH)
    page.gap()

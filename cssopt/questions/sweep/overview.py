"""The sheet Sweep: how the runs ended, the ranges of money and shortfall, and what moves them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.modeling.measures import SHORTFALL
from cssopt.questions.sweep.charts import chart_response, chart_tornado
from cssopt.questions.sweep.effects import FIGURES, Effect, widest_first
from cssopt.questions.sweep.sheets import PlacedEffects
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page
from cssopt.runs.summary import FigureRange, SweepSummary, summarize_runs
from cssopt.solution.told import NOT_MET, tell_gap

_TORNADO_ROWS = 9
_RESPONSE_ROWS = 15
_ON_A_PAGE = 2
_PRINT_SCALE = 80
"""In percent, so that two rows of charts and the head stand on a page."""

_LEAST_WIDTH = 1000
"""Of the charts side by side, in pixels."""

_ONE_PAGE = 75
"""Rows that one printed page can hold and still be read."""


def write_overview(
    report: Report,
    page: Page,
    table: pd.DataFrame,
    effects: Sequence[Effect],
    placed: PlacedEffects,
) -> None:
    """Counts, ranges, what was varied, and what moves money and shortfall most."""
    summary = summarize_runs(table)
    if summary.not_met:
        page.line(f"{NOT_MET} in {summary.not_met:,} of {summary.runs:,} runs", "bad")
        page.gap()
    _write_counts(page, summary)
    _write_ranges(report, page, summary)
    _write_varied(page, table, effects)
    _write_tornadoes(report, page, placed)
    if page.row <= _ONE_PAGE:
        page.sheet.fit_to_pages(1, 1)


def _write_counts(page: Page, summary: SweepSummary) -> None:
    page.line("Runs", "section")
    bad = ("bad",) if summary.not_met else ()
    warn = ("warn",) if summary.failed else ()
    page.pair("runs", summary.runs, "", "bold", "number0")
    page.pair("optimal", summary.optimal, "no plan is better: proven", "number0")
    page.pair("feasible", summary.feasible, "a plan with a proven gap", "number0")
    page.pair("infeasible", summary.infeasible, "no plan can keep all rules", "number0")
    page.pair("failed", summary.failed, "no answer; see the sheet Failed", "number0", *warn)
    remark = "of the runs with a plan: a need stays short"
    page.pair("threats not met", summary.not_met, remark, "number0", *bad)
    page.gap()


def _write_ranges(report: Report, page: Page, summary: SweepSummary) -> None:
    base, spent, missing = report.solution, summary.expenditure, summary.shortfall
    page.line(f"Range over the {summary.counted:,} runs with a plan", "section")
    if not summary.counted:
        page.line("No run has a plan.", "warn")
        page.gap()
        return
    page.table(
        Grid(
            [
                Field("figure"),
                Field("base", "number", 2),
                Field("least", "number", 2),
                Field("median", "number", 2),
                Field("greatest", "number", 2),
                Field("measure"),
            ],
            [
                ["pooled expenditure", base.pooled_expenditure, *_ends(spent), report.money],
                ["shortfall", base.shortfall, *_ends(missing), "power-years"],
            ],
        )
    )
    gap = summary.gap
    page.line(
        f"Gap of these runs: {gap.least:.1e} to {gap.most:.1e}, median {gap.median:.1e}; of the "
        f"base plan: {tell_gap(base.gap)}. The figures are no better than that.",
        "explanation",
    )
    page.gap()


def _ends(figure: FigureRange) -> tuple[float, float, float]:
    return figure.least, figure.median, figure.most


def _write_varied(page: Page, table: pd.DataFrame, effects: Sequence[Effect]) -> None:
    page.line("What was varied", "section")
    if not effects:
        page.line("Nothing was varied.")
        return
    rows = []
    for effect in effects:
        values = table[effect.label].dropna()
        ends = f"{values.min():.6g} to {values.max():.6g}" if effect.is_number else ""
        listed = ends or ", ".join(group.name for group in effect.groups)
        rows.append([effect.label, values.nunique(), listed])
    page.table(Grid([Field("quantity"), Field("values", "number", 0), Field("which")], rows))
    page.line("* scales what the workbook holds, + adds to it, no sign sets it.", "explanation")
    page.gap()


def _write_tornadoes(report: Report, page: Page, placed: PlacedEffects) -> None:
    if not placed.ends:
        page.line("No effect can be shown: no run has a plan, or nothing was varied.")
        return
    page.line("What moves the figures most", "section")
    page.line(
        "From the least to the greatest mean of the runs that share a value of the quantity, which "
        "stands at the end. How the means are made is told in the sheet Effects.",
        "explanation",
    )
    if SHORTFALL not in placed.ends:
        page.line("No run with a plan is short of anything: only money is shown.", "explanation")
    charts = [
        chart_tornado(report, effects, figure, ends)
        for figure, (effects, ends) in placed.ends.items()
    ]
    rows = _TORNADO_ROWS + 2 * max(len(shown) for shown, _ in placed.ends.values())
    page.charts(charts, rows, _LEAST_WIDTH)


def write_responses(report: Report, effects: Sequence[Effect], placed: PlacedEffects) -> None:
    """How money and shortfall respond to each quantity, the widest effect on money first."""
    if placed.groups is None or not placed.ends:
        return
    page = report.page(
        "Responses",
        "Means of the runs that share a value of the quantity, whatever their other quantities "
        "are. The axes of the figures need not begin at 0.",
    )
    breaks = []
    for position, effect in enumerate(widest_first(effects, FIGURES[0])):
        if position and position % _ON_A_PAGE == 0:
            breaks.append(page.row)
        rows = placed.rows[effect.label]
        charts = [
            chart_response(report, effect, figure, placed.groups, rows) for figure in placed.ends
        ]
        page.charts(charts, _RESPONSE_ROWS, _LEAST_WIDTH)
        page.gap()
    page.sheet.set_print_scale(_PRINT_SCALE)  # programs heed no breaks in sheets made to fit
    page.sheet.set_h_pagebreaks(breaks)

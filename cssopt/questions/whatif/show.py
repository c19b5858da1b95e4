"""The comparison workbook: what was changed beside what it did."""

from __future__ import annotations

from pathlib import Path

from cssopt.document.run_facts import RunFacts
from cssopt.questions.whatif.changes import write_changes, write_moves
from cssopt.questions.whatif.overview import write_overview
from cssopt.questions.whatif.result import Comparison
from cssopt.questions.whatif.tables import FigureBlock, PlacedFigure, Sides, write_sides
from cssopt.render.xlsx.book import ReportOnBase, write_book
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.styles import NAVY
from cssopt.solution import figures

_SUMS = "power-years, sums over days and years"


def write_comparison(path: Path, comparison: Comparison, facts: RunFacts) -> None:
    """Write base and scenarios side by side; ReportError where the file cannot be written."""
    with write_book(path, comparison.base, None, facts, ReportOnBase) as report:
        overview = report.page(
            "What if",
            "What each scenario changed, and what it did beside the base plan. The sheets after "
            "this one tell it cell by cell.",
            NAVY,
        )
        write_changes(report, comparison)
        burdens = _write_figures(report, comparison)
        write_overview(report, overview, comparison, burdens)


def _write_figures(report: Report, comparison: Comparison) -> PlacedFigure | None:
    """The sheets of figures, in their order; gives the place of the burdens."""
    sides, money = Sides.of(comparison), f"present value, {report.money}"
    for block in (
        FigureBlock("Costs", figures.COSTS, f"Costs by entry: {money}", total=True),
        FigureBlock("Costs by bearer", figures.COSTS_BY_BEARER, f"Costs: {money}", total=True),
    ):
        write_sides(report, sides, block, "They add up to the pooled expenditure.")
    burdens = write_sides(
        report,
        sides,
        FigureBlock("Burden", figures.BURDEN, f"Burden by member: {money}", total=True),
        "What each member pays in the end: its own costs and its share of the common ones.",
    )
    units = FigureBlock("Units", figures.UNITS, "Units held, mean of all years")
    write_sides(report, sides, units, "The sheet Moved tells them year by year.")
    write_moves(report, comparison)
    heading = "Share of the need that is covered, on the worst day of the worst year"
    write_sides(
        report, sides, FigureBlock("Covered share", figures.COVERED_SHARE, heading, "share")
    )
    heading = f"Power needed, own, delegated and short: {_SUMS}"
    write_sides(report, sides, FigureBlock("Coverage", figures.COVERAGE, heading, measured=True))
    short = FigureBlock("Shortfall", figures.SHORTFALLS, f"Power missing: {_SUMS}", measured=True)
    write_sides(report, sides, short, "Shortfall and money are never added up.")
    heading = "First year from whose start on an activity is complete; blank: it is never begun"
    write_sides(report, sides, FigureBlock("Set up", figures.COMPLETIONS, heading, "year"))
    return burdens

"""The report workbook: all sheets in their order, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from cssopt.document.run_facts import RunFacts
from cssopt.questions.plan.cost_sheets import write_burden, write_costs
from cssopt.questions.plan.coverage_sheets import write_coverage, write_others
from cssopt.questions.plan.keys_sheet import write_keys
from cssopt.questions.plan.ledger_sheet import write_pooling_ledger
from cssopt.questions.plan.plan_sheets import write_declared
from cssopt.questions.plan.summary import write_summary
from cssopt.render.xlsx.book import write_book
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.run_sheets import write_audit
from cssopt.render.xlsx.styles import NAVY
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution


def write_report(
    path: Path, solution: Solution, baseline: Baseline | None, facts: RunFacts
) -> None:
    """Write the report of a solution, with or without a plan, to an .xlsx file.

    Raises ReportError where the file cannot be written; an earlier report is then intact.
    """
    with write_book(path, solution, baseline, facts) as report:
        _write_sheets(report)


def _write_sheets(report: Report) -> None:
    summary = report.page("Summary", color=NAVY)
    outlays = None
    if report.solution.has_plan:
        write_declared(report)
        write_coverage(report)
        write_costs(report)
        outlays = write_burden(report)
        write_keys(report)
        write_others(report)
        write_pooling_ledger(report)
    write_audit(report)
    write_summary(report, summary, outlays)

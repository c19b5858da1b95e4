"""The workbook of a sweep: what was varied, what it did to money and security, and every run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from cssopt.document.run_facts import RunFacts
from cssopt.questions.sweep.effects import find_effects
from cssopt.questions.sweep.overview import write_overview, write_responses
from cssopt.questions.sweep.sheets import write_effects
from cssopt.render.xlsx.book import ReportOnBase, write_book
from cssopt.render.xlsx.run_tables import write_failed, write_runs
from cssopt.render.xlsx.styles import NAVY
from cssopt.solution.plan import Solution


def write_sweep_book(
    path: Path, base: Solution, table: pd.DataFrame, varied: Sequence[str], facts: RunFacts
) -> None:
    """Write the results of a sweep, a tidy table of runs, to an .xlsx file.

    `varied` are the columns of the table that hold what was varied. Raises ReportError where
    the file cannot be written; an earlier one is then intact.
    """
    with write_book(path, base, None, facts, ReportOnBase) as report:
        overview = report.page(
            "Sweep",
            "Many runs, each with inputs changed as told below. Money is present value; shortfall "
            "is the plain sum of the power missing, in power-years. The two are never added up.",
            NAVY,
        )
        effects = find_effects(table, varied)
        placed = write_effects(report, effects, table)
        write_responses(report, effects, placed)
        write_runs(report, table, len(varied))
        write_failed(report, table, varied)
        write_overview(report, overview, table, effects, placed)

"""What the terminal shows of tipping points: one table, and how closely was looked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd
from rich.console import Console

from cssopt.questions.tipping.ties import NEEDED, TIE, UNKNOWN
from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import print_whole
from cssopt.runs.summary import summarize_runs
from cssopt.solution.plan import Solution
from cssopt.solution.told import NOT_MET
from cssopt.solution.verdicts import tell_end

_TOLD: Final = {"": "", NEEDED: "", TIE: "tie", UNKNOWN: "tie or not: not proven"}


def print_tipping(
    console: Console, base: Solution, tables: Mapping[str, pd.DataFrame], label: str, note: str
) -> None:
    """What begins and ends as the quantity grows, and the figures on both sides."""
    summary = summarize_runs(tables["runs"])
    if summary.not_met:
        told = f"{NOT_MET} at {summary.not_met:,} of {summary.runs:,} values"
        console.print(told, style="bold red")
    points = tables["tipping_points"]
    if not summary.counted:
        text = f"No plan is known at any value of {label} that was looked at."
        if summary.infeasible == summary.runs:
            text = f"There is no plan at any value of {label} that was looked at."
        console.print(text, markup=False)
    elif points.empty:
        text = f"The plan keeps its structure at every value of {label} that was looked at."
        console.print(text, markup=False)
    else:
        console.print(f"As {label} grows:", markup=False)
        print_whole(console, _points(points))
    console.print(note, style="dim", markup=False)
    gap = f"; gap at most {summary.gap.most:.1e}" if summary.counted else ""
    console.print(
        f"{base.data.horizon.money}, present value, at the "
        f"greater value; {summary.runs:,} values, {summary.infeasible:,} without a plan, "
        f"{summary.failed:,} without an answer{gap}. tie: a step of the grid further on a plan "
        "without it is as good",
        style="dim",
        markup=False,
    )


def _points(points: pd.DataFrame) -> ScreenTable:
    table = ScreenTable()
    for name in ("between", "and", "expenditure", "missing share"):
        table.add_column(name, justify="right")
    table.add_column("")
    for row in points.to_dict("records"):
        known = math.isfinite(row["expenditure_above"])
        figures = f"{row['expenditure_above']:,.1f}", f"{row['missing_share_above'] + 0.0:.4f}"
        table.add_row(
            f"{row['between']:.6g}",
            f"{row['and']:.6g}",
            *(figures if known else (row["status_above"], "")),
            "; ".join(
                part
                for part in (
                    tell_end(f"{row['element']}: {row['change']}", row["audit"]),
                    _TOLD[row["tie"]],
                    row["remark"],
                )
                if part
            ),
        )
    return table

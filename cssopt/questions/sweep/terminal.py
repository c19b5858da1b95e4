"""What the terminal shows of a sweep: one short table."""

from __future__ import annotations

from rich.console import Console

from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import print_whole
from cssopt.runs.summary import FigureRange, SweepSummary
from cssopt.solution.plan import Solution
from cssopt.solution.told import NOT_MET


def print_sweep(console: Console, base: Solution, summary: SweepSummary, reused: int) -> None:
    """How the runs ended, and the ranges of money and shortfall beside the base plan.

    `reused` is the number of runs that an earlier sweep had finished.
    """
    if summary.not_met:
        told = f"{NOT_MET} in {summary.not_met:,} of {summary.runs:,} runs"
        console.print(told, style="bold red")
    counts = ScreenTable(show_header=False)
    counts.add_column()
    counts.add_column(justify="right")
    counts.add_column(style="dim")
    for name, number, remark in (
        ("runs", summary.runs, f"{reused:,} of them finished in an earlier sweep"),
        ("optimal", summary.optimal, "no plan is better: proven"),
        ("feasible", summary.feasible, "a plan with a proven gap"),
        ("infeasible", summary.infeasible, "no plan can keep all rules"),
        ("failed", summary.failed, "no answer; the reasons are in the sheet Failed"),
        ("threats not met", summary.not_met, "of the runs with a plan"),
        ("programs patched", summary.patched, "changed in place and solved from the last answer"),
        ("programs built", summary.built, "made anew; the column reason says why"),
    ):
        counts.add_row(name, f"{number:,}", remark)
    print_whole(console, counts)
    if summary.counted:
        print_whole(console, _ranges(base, summary))
        console.print(
            f"{base.data.horizon.money}, present value; "
            f"shortfall in power-years; over the {summary.counted:,} runs with a plan",
            style="dim",
            markup=False,
        )


def _ranges(base: Solution, summary: SweepSummary) -> ScreenTable:
    table = ScreenTable()
    table.add_column("")
    for name in ("base", "least", "median", "greatest"):
        table.add_column(name, justify="right")
    for name, own, span, form in (
        ("expenditure", base.pooled_expenditure, summary.expenditure, ",.1f"),
        ("shortfall", base.shortfall, summary.shortfall, ",.2f"),
        ("gap", base.gap, summary.gap, ".1e"),
    ):
        table.add_row(name, *_shown(own, span, form))
    return table


def _shown(own: float, span: FigureRange, form: str) -> list[str]:
    return [format(value + 0.0, form) for value in (own, span.least, span.median, span.most)]

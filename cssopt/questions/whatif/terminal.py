"""What the terminal shows of a comparison: one line per plan, and what must be known of it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from cssopt.questions.whatif.result import Comparison
from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import format_money, print_whole, warn_not_met
from cssopt.solution.plan import Solution
from cssopt.solution.told import NO_DIFFERENCE, is_told, tell_gap
from cssopt.solution.verdicts import tell_end, tell_verdict


def print_comparison(console: Console, comparison: Comparison) -> None:
    """One line per scenario: status, threats met, money and its difference, shortfall, gap."""
    base = comparison.base
    warn_not_met(console, base)
    table = ScreenTable()
    for name in ("scenario", "status", "met"):
        table.add_column(name)
    for name in ("expenditure", "difference", "shortfall", "gap", "cells", "moved"):
        table.add_column(name, justify="right")
    table.add_row("base", *_figures(base, base), "", "")
    for variant in comparison.variants:
        moved = sum(abs(move.difference) for move in comparison.moves(variant))
        has_plan = variant.solution is not None and variant.solution.has_plan
        table.add_row(
            Text(variant.name),
            *_figures(variant.solution, base),
            "" if variant.changed_cells is None else str(variant.changed_cells),
            f"{moved:,.2f}" if has_plan else "",
        )
    print_whole(console, table)
    _print_measures(console, comparison)
    for variant in comparison.variants:
        style = "red" if variant.solution is None else "yellow"
        for remark in comparison.remarks(variant):
            console.print(f"{variant.name}: {remark}", style=style, markup=False)


def _print_measures(console: Console, comparison: Comparison) -> None:
    console.print(
        f"money: {comparison.base.data.horizon.money}, present value; "
        "shortfall: power-years; cells: input cells that the scenario changed; moved: unit-years "
        "that differ from the base plan",
        style="dim",
        markup=False,
    )
    for variant in comparison.variants:
        penalty = None if variant.solution is None else variant.solution.penalty
        if penalty is not None:
            text = f"{variant.name}: persistence penalty {penalty:,.2f}, a weight and no money"
            console.print(text, style="dim", markup=False)


def _figures(plan: Solution | None, base: Solution) -> tuple[str, ...]:
    if plan is None or not plan.has_plan:
        return "no plan" if plan is None else str(plan.status), "NO", "", "", "", ""
    difference = format_money(plan.pooled_expenditure - base.pooled_expenditure)
    if not is_told(plan, base):
        difference = NO_DIFFERENCE
    return (
        tell_end(str(plan.status), tell_verdict(plan.verdict)),
        "yes" if plan.threats_met else "NO",
        format_money(plan.pooled_expenditure),
        "" if plan is base or not base.has_plan else difference,
        f"{plan.shortfall:,.2f}",
        tell_gap(plan.gap),
    )

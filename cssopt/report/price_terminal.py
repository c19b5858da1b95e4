"""What the terminal shows of prices: the dearest cells first, and what must be known of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cssopt.report.price_book import (
    MIXED_SAYS,
    MOST_SHOWN,
    STEPS_SAY,
    name_cell,
    number_stages,
)
from cssopt.report.terminal import NOT_MET, print_whole, solution_facts
from cssopt.solution.plain import plain_records, plain_value
from cssopt.solution.prices import FIXED, MIXED, CellPrice, Prices


def print_prices(console: Console, prices: Prices) -> None:
    """A line for each of the dearest cells that planners set."""
    solution = prices.solution
    if not solution.threats_met:
        console.print(NOT_MET if solution.has_plan else f"{NOT_MET}: no plan", style="bold red")
    if not prices.stages:
        console.print(prices.message, markup=False, style="yellow")
        return
    for place, stage in number_stages(prices.stages):
        ranked = prices.rank(place)
        if ranked:
            most = MOST_SHOWN if place == len(prices.stages) - 1 else MOST_SHOWN // 2
            _print_table(console, stage, place, ranked[:most])
            _print_count(console, stage, len(ranked), most)
    if not any(prices.rank(place) for place in range(len(prices.stages))):
        console.print("No cell that planners set has a price: none holds the plan back.")
    _print_words(console, prices)


def _print_count(console: Console, stage: str, count: int, most: int) -> None:
    more = f", of which {most} are shown" if count > most else ""
    text = f"{count} cells that planners set move the {stage.replace('_', ' ')}{more}."
    console.print(f"{text} All stand in the workbook.", markup=False, style="dim")
    console.print()


def _print_table(console: Console, stage: str, place: int, shown: Sequence[CellPrice]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("cell", "", "value", "measure"):
        table.add_column(name, justify="right" if name == "value" else "left", no_wrap=True)
    for name in (f"{stage.replace('_', ' ')} per unit", "small step", "of it"):
        table.add_column(name, justify="right", no_wrap=True)
    is_last = place == len(shown[0].slopes) - 1
    table.add_column("holds" if is_last else "", no_wrap=True)
    for cell in shown:
        table.add_row(
            Text(cell.where),
            Text(name_cell(cell)),
            f"{cell.value:,.6g}",
            Text(cell.measure),
            _figure(cell.slopes[place]),
            f"{cell.step:,.4g}",
            _figure(cell.of_step(place)),
            Text(_tell_sides(cell, place), style="yellow")
            if cell.two_prices(place)
            else Text(_tell_range(cell) if is_last else ""),
        )
    print_whole(console, table)


def _tell_sides(cell: CellPrice, place: int) -> str:
    """Both prices of a stage, where there are two."""
    less, more = map(_figure, cell.two_prices(place) or (math.nan, math.nan))
    return f"two prices: {less} for less, {more} for more"


def _figure(number: float) -> str:
    shown = format(number, ",.5g")
    return shown if abs(number) > 1e-12 else "-"


def _tell_range(cell: CellPrice) -> str:
    """From where to where the price of the last stage holds."""
    if cell.down is None or cell.up is None:
        return "not looked at"
    below, above = cell.down, cell.up
    ends = [side.until for side in (below, above)]
    if all(end == cell.value for end in ends if math.isfinite(end)):
        return "at this value only"
    low, high = (f"{end:,.5g}" if math.isfinite(end) else f"{cell.value:,.5g}" for end in ends)
    return f"{low} to {high}"


def _print_words(console: Console, prices: Prices) -> None:
    settings, solution = prices.solution.data.settings, prices.solution
    if prices.prices_of == "fixed":
        console.print(FIXED, markup=False, style="yellow")
    if prices.figure == MIXED:
        console.print(MIXED_SAYS, markup=False, style="yellow")
    unknown = sum(cell.planned and math.isnan(cell.price) for cell in prices.cells)
    if unknown:
        told = f"Without a price that is known, as they cannot be moved: {unknown} (sheet Cells)."
        console.print(told, markup=False, style="yellow")
    apart = sum(cell.unique is False for cell in prices.cells)
    if apart:
        told = f"With two prices, one for less and another for more: {apart}."
        console.print(told, markup=False, style="yellow")
    console.print(STEPS_SAY, markup=False, style="dim")
    money = f"million {settings.currency}, prices of {settings.price_year}, present value, when "
    money += f"all is planned anew; plan {prices.status}, gap {solution.gap:.1e}"
    console.print(money, markup=False, style="dim")


def prices_facts(prices: Prices) -> dict[str, Any]:
    """Prices as plain JSON values; null where there is no figure."""
    tables = prices.tables
    return {
        **solution_facts(prices.solution),
        "prices_of": prices.prices_of,
        "figure": prices.figure,
        "message": prices.message,
        "reached": dict(zip(prices.stages, map(plain_value, prices.reached), strict=False)),
        "solves": prices.solves,
        "seconds": {step: round(value, 4) for step, value in prices.seconds.items()}
        or solution_facts(prices.solution)["seconds"],
        "cells": plain_records(tables["cells"]),
        "rules": plain_records(tables["rules"]),
    }

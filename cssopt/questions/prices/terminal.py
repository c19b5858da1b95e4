"""What the terminal shows of prices: the dearest cells first, and what must be known of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from cssopt.questions.prices.result import Prices
from cssopt.questions.prices.show import (
    HOLDS_SAYS,
    MOST_SHOWN,
    STEPS_SAY,
    list_cautions,
    name_cell,
    number_stages,
)
from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import print_whole, say_not_met, solution_facts
from cssopt.solution.plain import plain_records, plain_value
from cssopt.solution.price import SHORT, SHORT_SAYS, CellPrice
from cssopt.solution.told import tell_gap

_NOTHING: Final = 1e-6


def print_prices(console: Console, prices: Prices) -> None:
    """A line for each of the dearest cells that planners set."""
    solution = prices.solution
    if not solution.threats_met:
        console.print(say_not_met(solution), style="bold red")
    if not prices.stages:
        console.print(prices.message, markup=False, style="yellow")
        return
    for place, stage in number_stages(prices.stages):
        ranked = prices.rank(place)
        if ranked:
            most = MOST_SHOWN if place == len(prices.stages) - 1 else MOST_SHOWN // 2
            _print_table(console, stage, place, ranked[:most])
            _print_count(console, stage, len(ranked), most)
    asked = any(cell.slopes for cell in prices.cells)
    if asked and not any(prices.rank(place) for place in range(len(prices.stages))):
        console.print("No cell that planners set has a price: none holds the plan back.")
    _print_words(console, prices)


def _print_count(console: Console, stage: str, count: int, most: int) -> None:
    name = stage.replace("_", " ")
    text = f"{count} cells that planners set move the {name}. All stand in the workbook."
    if count > most:
        text = (
            f"{count} cells that planners set move the {name}, of which {most} are shown. All "
            "stand in the workbook."
        )
    console.print(text, markup=False, style="dim")
    console.print()


def _print_table(console: Console, stage: str, place: int, shown: Sequence[CellPrice]) -> None:
    table = ScreenTable()
    for name in ("cell", "", "value", "measure"):
        table.add_column(name, justify="right" if name == "value" else "left", no_wrap=True)
    for name in (f"{stage.replace('_', ' ')} per unit", "small step", "of it"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("holds", no_wrap=True)
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
            else Text(_tell_range(cell)),
        )
    print_whole(console, table)


def _tell_sides(cell: CellPrice, place: int) -> str:
    """Both prices of a stage, where there are two, and up to where each holds."""
    told = []
    for side, way in ((cell.down, "less"), (cell.up, "more")):
        assert side is not None
        slope = side.slopes[place]
        price = SHORT if math.isnan(slope) else _figure(slope)
        told.append(f"{price} for {way}, to {_value(cell, side.until)}")
    return f"two prices: {'; '.join(told)}"


def _figure(number: float) -> str:
    shown = format(number, ",.5g")
    return shown if abs(number) > 1e-12 else "-"


def _tell_range(cell: CellPrice) -> str:
    """From where to where what is told holds."""
    ends = [side.until if side and side.slopes else cell.value for side in (cell.down, cell.up)]
    return " to ".join(_value(cell, end) for end in ends)


def _value(cell: CellPrice, number: float) -> str:
    """A value of a cell; what is nothing beside its size is 0."""
    return f"{number:,.5g}" if abs(number) > _NOTHING * cell.size else "0"


def _print_words(console: Console, prices: Prices) -> None:
    solution = prices.solution
    for text in list_cautions(prices):
        console.print(text, markup=False, style="yellow")
    planned = [cell for cell in prices.cells if cell.planned]
    if any(cell.short for cell in planned):
        console.print(SHORT_SAYS, markup=False, style="yellow")
    asked = any(cell.slopes for cell in prices.cells)
    unknown = sum(not cell.slopes for cell in planned) - prices.unlooked_cells if asked else 0
    if unknown:
        told = f"Without a price that is known, as they cannot be moved: {unknown} (sheet Cells)."
        console.print(told, markup=False, style="yellow")
    apart = sum(cell.unique is False for cell in prices.cells)
    if apart:
        told = f"With two prices, one for less and another for more: {apart}."
        console.print(told, markup=False, style="yellow")
    console.print(HOLDS_SAYS, markup=False, style="dim")
    console.print(STEPS_SAY, markup=False, style="dim")
    money = (
        f"{solution.data.horizon.money}, present value, when "
        f"all is planned anew; plan {prices.status}, gap {tell_gap(solution.gap)}"
    )
    console.print(money, markup=False, style="dim")


def prices_facts(prices: Prices) -> dict[str, Any]:
    """Prices as plain JSON values; null where there is no figure."""
    tables = prices.tables
    return {
        **solution_facts(prices.solution),
        **prices.audits.facts(),
        "prices_of": prices.prices_of,
        "figure": prices.figure,
        "message": prices.message,
        "reached": dict(zip(prices.stages, map(plain_value, prices.reached), strict=False)),
        "solves": prices.solves,
        "unlooked": prices.unlooked,
        "seconds": {step: round(value, 4) for step, value in prices.seconds.items()}
        or solution_facts(prices.solution)["seconds"],
        "cells": plain_records(tables["cells"]),
        "rules": plain_records(tables["rules"]),
    }

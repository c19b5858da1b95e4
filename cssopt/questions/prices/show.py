"""The workbook of prices: the dearest cells at a glance, every cell, every rule year by year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.document.run_facts import RunFacts
from cssopt.names import YEAR, name_row
from cssopt.questions.prices.charts import chart_steps
from cssopt.questions.prices.result import Prices
from cssopt.render.xlsx.book import write_book
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page
from cssopt.render.xlsx.styles import NAVY
from cssopt.solution.plain import plain_value
from cssopt.solution.price import ERRS, FIXED, MIXED, MONEY, SHORT_SAYS, UNASKED, CellPrice

MOST_SHOWN: Final = 20
_AROUND_BARS: Final = 8
_LEAST_WIDTH: Final = 1100
_PRINT_SCALE: Final = 60
MIXED_SAYS: Final = (
    "What this study minimizes last is not money alone (a penalty or another aim is in it): "
    "these prices are of that objective, and are no money."
)
STEPS_SAY: Final = (
    "A small step is 1 % of what the cell holds, or where that is 0 of the mean of its column: so "
    "that cells of different measures can be weighed against each other."
)

HOLDS_SAYS: Final = (
    "A price holds between the values that stand beside it: there it errs by no more than "
    f"{ERRS:.1%} of what it tells. None is told without them."
)
UNLOOKED_SAYS: Final = (
    "Without a price, because to look for their ranges would take too long: {count:,} of the cells "
    "and rules. Needs and ceilings were looked at first, then shares and costs, the dearest by the "
    "duals of the plan before the others."
)
UNASKED_SAYS: Final = (
    "No price is told without the range in which it holds, and none was asked for: choose planned "
    "or all in place of none."
)


def write_price_book(path: Path, prices: Prices, facts: RunFacts) -> None:
    """Write the prices of a plan to an .xlsx file.

    Raises ReportError where the file cannot be written; an earlier one is then intact.
    """
    with write_book(path, prices.solution, None, facts) as report:
        page = report.page("Prices", _explain(prices), NAVY)
        _write_head(report, page, prices)
        if prices.stages:
            _write_dearest(report, page, prices)
            _write_cells(report, prices)
            _write_rules(report, prices)


def _explain(prices: Prices) -> str:
    text = (
        "What one more unit of a cell of the workbook does when everything is planned anew: per "
        f"unit of the cell, in the measure of its column. Money is present value. {HOLDS_SAYS}"
    )
    if len(prices.stages) < 2:
        return text
    first = " and ".join(prices.stages[:-1])
    return (
        f"{text} Security comes first: {first} may move too, and what the {prices.figure} does is "
        "told with that moving along. The two are never added up."
    )


def _write_head(report: Report, page: Page, prices: Prices) -> None:
    """What the prices are of, and what must be known before any of them is used."""
    solution = prices.solution
    page.pair("status of the plan", str(prices.status), prices.status.sentence, "bold")
    if not prices.stages:
        page.line(prices.message, "warn")
        return
    page.pair("gap of the plan", prices.gap, "proven", "tiny")
    if prices.figure == MONEY:
        value, remark = solution.pooled_expenditure, report.money
        page.pair("pooled expenditure", value, remark, "number1")
    for name, value in zip(prices.stages[:-1], prices.reached, strict=False):
        page.pair(name.replace("_", " "), value, "", "number4")
    planned = [cell for cell in prices.cells if cell.planned]
    page.pair("cells that are read", len(prices.cells), "all in the sheet Cells", "number0")
    page.pair("cells that planners set", len(planned), "needs, rules, ceilings", "number0")
    for place, stage in number_stages(prices.stages):
        remark = f"a small change moves the {stage.replace('_', ' ')}"
        page.pair("with a price", len(prices.rank(place)), remark, "number0")
    apart = sum(cell.unique is False for cell in planned)
    remark = "another one for less than for more: both are given"
    page.pair("of which two prices", apart, remark, "number0")
    short = sum(bool(cell.short) for cell in planned)
    page.pair("needs that are short", short, SHORT_SAYS, "number0")
    unknown = sum(not cell.slopes for cell in planned) - prices.unlooked_cells
    remark = "they cannot be moved: the sheet Cells says why"
    page.pair("without one that is known", unknown, remark, "number0")
    for text in list_cautions(prices):
        page.gap()
        page.line(text, "warn")
    page.gap()


def list_cautions(prices: Prices) -> list[str]:
    """What must be said wherever these prices are shown."""
    told = {
        FIXED: prices.prices_of == "fixed",
        MIXED_SAYS: prices.figure == MIXED,
        UNASKED_SAYS: all(cell.remark == UNASKED for cell in prices.cells),
        UNLOOKED_SAYS.format(count=prices.unlooked): prices.unlooked > 0,
    }
    return [text for text, is_so in told.items() if is_so]


def number_stages(stages: Sequence[str]) -> list[tuple[int, str]]:
    """Place and name of each stage, the last first."""
    return sorted(enumerate(stages), key=lambda numbered: (numbered[0] + 1) % len(stages))


def _write_dearest(report: Report, page: Page, prices: Prices) -> None:
    """For each stage the cells of which a small step moves it most, as a chart and a table."""
    ranked = [
        (stage, shown)
        for place, stage in number_stages(prices.stages)
        if (shown := prices.rank(place)[:MOST_SHOWN])
    ]
    if not ranked:
        page.line("No cell that planners set has a price: none holds the plan back.")
        return
    above, height = page.row, max(len(shown) for _, shown in ranked) + _AROUND_BARS
    page.row += height + 1
    charts = []
    for stage, shown in ranked:
        page.line(f"What moves the {stage.replace('_', ' ')} most", "section")
        page.line(STEPS_SAY, "explanation")
        rows = [_dearest_row(cell, prices.stages) for cell in shown]
        placed = page.table(Grid(_dearest_fields(prices.stages), rows))
        page.gap()
        charts.append(chart_steps(report, stage, placed))
    below, page.row = page.row, above
    page.charts(charts, height, _LEAST_WIDTH)
    page.row = below
    page.sheet.fit_to_pages(1, 1)


def _dearest_fields(stages: Sequence[str]) -> list[Field]:
    names = [(place, name.replace("_", " ")) for place, name in number_stages(stages)]
    return [
        Field("cell"),
        Field("what"),
        Field("value", "as_typed"),
        Field("measure"),
        Field("small step", "as_typed"),
        *(Field(f"{name} of it", "number", 2 if stages[i] == MONEY else 4) for i, name in names),
        *(Field(f"{name} per unit", "as_typed") for _, name in names),
        Field("money"),
        Field("for less", "as_typed"),
        Field("for more", "as_typed"),
        Field("holds from", "as_typed"),
        Field("holds to", "as_typed"),
    ]


def _dearest_row(cell: CellPrice, stages: Sequence[str]) -> list[Any]:
    places = [place for place, _ in number_stages(stages)]
    apart = cell.two_prices() or (None, None)
    ends = [side.until if side and side.slopes else None for side in (cell.down, cell.up)]
    return [
        cell.where,
        name_cell(cell),
        cell.value,
        cell.measure,
        cell.step,
        *(significant(cell.of_step(place)) for place in places),
        *(significant(cell.slopes[place]) for place in places),
        cell.short,
        *map(significant, apart),
        *map(significant, ends),
    ]


def name_cell(cell: CellPrice) -> str:
    """Row and column of a cell in words: ``North, land, 30: level``."""
    row = name_row(cell.key)
    return f"{row}: {cell.column}" if row else cell.column


def significant(number: float | None) -> float | None:
    """A number in six digits; None where there is none."""
    if number is None or not math.isfinite(number):
        return None
    return float(f"{number:.6g}")


_SHOWN: Final = {
    "cell": Field("cell"), "row": Field("row"), "column": Field("column"),
    "value": Field("value", "as_typed"), "measure": Field("measure"),
    "planned": Field("set by planners"), "unique": Field("one price"),
    "ends_below": Field("ends below"), "ends_above": Field("ends above"),
    "remark": Field("remark", "sentence"), "rule": Field("rule"),
    "meaning": Field("meaning", "sentence"), "year": Field("year", "year"),
}  # fmt: skip
"""Columns of the tables that are no prices, and how they are shown; indices are texts."""


def _write_cells(report: Report, prices: Prices) -> None:
    text = (
        "Every number cell that the study reads, in the order of the sheets. Per unit of the "
        "cell; for less and for more, where new solves looked at both sides: where the two "
        "differ, the price is that for more. holds from, to: values of the cell between which "
        f"what is told errs by no more than {ERRS:.1%} of itself. short: {SHORT_SAYS}"
    )
    page = report.page("Cells", text)
    if prices.prices_of == "fixed":
        page.line(FIXED, "warn")
        page.gap()
    frame = prices.tables["cells"]
    left_out = [name for name in frame.columns if name == "table" or "step" in str(name)]
    page.only_table(_make_grid(frame.drop(columns=left_out)), 1)
    page.sheet.set_print_scale(_PRINT_SCALE)  # not on one page, where it could not be read
    page.sheet.repeat_columns(0, 0)


def _write_rules(report: Report, prices: Prices) -> None:
    page = report.page(
        "Rules",
        "What one more unit of room in a rule saves, by its own key (room in a need is less of "
        "it), for the rules that planners and members set, the dearest by the duals of the plan. "
        "Less than 0: room that buys security costs money. saves less, more: what less room would "
        "save less, and more room more. less room, more room: for how much of it this holds.",
    )
    if prices.prices_of == "fixed":
        page.line(FIXED, "warn")
        page.gap()
    frame = prices.tables["rules"]
    if frame.empty:
        page.line("No rule has a price: none holds the plan back.")
        return
    indices = [n for n in report.solution.study.in_order(frame.columns) if n != YEAR]
    places = [
        name_row(tuple(part for part in row if _is_there(part)))
        for row in frame[indices].itertuples(index=False)
    ]
    shown = frame.drop(columns=indices)
    shown.insert(2, "at", places)
    page.only_table(_make_grid(shown), 1)
    page.sheet.set_print_scale(_PRINT_SCALE)


def _is_there(part: Any) -> bool:
    return part is not None and not (isinstance(part, float) and math.isnan(part))


def _make_grid(table: pd.DataFrame) -> Grid:
    names = [str(name) for name in table.columns]
    fields = []
    for name in names:
        is_number = pd.api.types.is_float_dtype(table[name])
        plain = Field(name.replace("_", " "), "as_typed" if is_number else "text")
        fields.append(_SHOWN.get(name, plain))
    rounded = [
        name not in _SHOWN and pd.api.types.is_float_dtype(table[name]) for name in table.columns
    ]
    rows = [
        [
            significant(value) if is_rounded else plain_value(value)
            for value, is_rounded in zip(row, rounded, strict=True)
        ]
        for row in table.itertuples(index=False)
    ]
    marks = {}
    if "unique" in names:
        place = names.index("unique")
        marks = {(i, place): "changed" for i, row in enumerate(rows) if row[place] is False}
    return Grid(fields, rows, marks)

"""Prices as frames: one row per cell, one per rule and key."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from cssopt.names import name_row
from cssopt.solution.price import CellPrice, RulePrice, Side

_ROUNDING = 1e-6


def tabulate_cells(cells: Sequence[CellPrice], stages: Sequence[str]) -> pd.DataFrame:
    """A row for each cell; a price that is not told is missing, never 0.

    Per unit of the cell, the change of each stage by the stage's name (money: million, present
    value; missing_share: weighted shares), ``price_down`` and ``price_up`` of the last stage,
    ``short``: in which years a need is, of which the money tells nothing, ``holds_from`` and
    ``holds_to``: values of the cell; what a small ``step`` does to each stage by its name with
    ``_of_step``.
    """
    rows = [_cell_row(cell, stages) for cell in cells]
    return pd.DataFrame(rows, columns=_cell_columns(stages))


def tabulate_rules(
    rules: Sequence[RulePrice], stages: Sequence[str], order: Sequence[str]
) -> pd.DataFrame:
    """A row for each rule and key: what one more unit of room saves; indices stand in `order`.

    ``saves_less`` and ``saves_more`` of the last stage: by what less room would save less, and more
    room more; ``less_room`` and ``more_room``: how much of it this holds for.
    """
    used = {name for rule in rules for name in rule.index_names}
    indices = [name for name in order if name in used]
    rows = [_rule_row(rule, stages, indices) for rule in rules]
    return pd.DataFrame(rows, columns=_rule_columns(stages, indices))


def _last_first(values: Sequence[Any]) -> list[Any]:
    return [*values[-1:], *values[:-1]]


def _cell_columns(stages: Sequence[str]) -> list[str]:
    sides = [f"{stage}_{side}" for stage in stages[:-1] for side in ("down", "up")]
    return [
        "cell", "table", "row", "column", "value", "measure", "planned", *_last_first(stages),
        "short", "price_down", "price_up", "unique", *sides, "holds_from", "ends_below", "holds_to",
        "ends_above", "step", *(f"{stage}_of_step" for stage in _last_first(stages)), "remark",
    ]  # fmt: skip


def _cell_row(cell: CellPrice, stages: Sequence[str]) -> list[Any]:
    slopes = cell.slopes or (math.nan,) * len(stages)
    down, up = (_slopes(side, len(stages)) for side in (cell.down, cell.up))
    sides = [x for pair in zip(down[:-1], up[:-1], strict=True) for x in pair]
    below, above = cell.down or Side(), cell.up or Side()
    return [
        cell.where, cell.table, name_row(cell.key), cell.column, cell.value, cell.measure,
        cell.planned, *_last_first(slopes), cell.short, down[-1], up[-1], cell.unique, *sides,
        _end(cell, below), below.ends or below.reason, _end(cell, above),
        above.ends or above.reason, cell.step,
        *_last_first([cell.of_step(place) for place in range(len(stages))]), cell.remark,
    ]  # fmt: skip


def _end(cell: CellPrice, side: Side) -> float:
    """Up to where a side holds; what is rounding beside the size of the cell is 0."""
    return 0.0 if abs(side.until) <= _ROUNDING * cell.size else side.until


def _rule_columns(stages: Sequence[str], indices: Sequence[str]) -> list[str]:
    return [
        "rule", "meaning", *indices, *(f"saves_{name}" for name in _last_first(stages)), "short",
        "saves_less", "saves_more", "less_room", "ends_below", "more_room", "ends_above", "remark",
    ]  # fmt: skip


def _rule_row(rule: RulePrice, stages: Sequence[str], indices: Sequence[str]) -> list[Any]:
    places = dict(zip(rule.index_names, rule.key, strict=True))
    below, above = rule.down or Side(), rule.up or Side()
    saves = rule.saves or (math.nan,) * len(stages)
    less, more = (0.0 - _slopes(side, len(stages))[-1] for side in (rule.down, rule.up))
    return [
        rule.rule, rule.doc, *(places.get(name) for name in indices), *_last_first(saves),
        rule.short, less, more, -below.until, below.ends or below.reason, above.until,
        above.ends or above.reason, rule.remark,
    ]  # fmt: skip


def _slopes(side: Side | None, count: int) -> tuple[float, ...]:
    return side.slopes if side and side.slopes else (math.nan,) * count

"""Prices: what one more unit of an input, or of room in a rule, does to the optimum."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import pandas as pd

from cssopt.names import INDEX_ORDER
from cssopt.solution.plan import Solution
from cssopt.solve.outcome import Status
from cssopt.tables.data import Key

BEYOND: Final = "another price beyond"
BOUND: Final = "no more is allowed"
CURVED: Final = "a curve: at this value only"
FARTHEST: Final = "looked no farther"
SHAPE: Final = "other decisions or rules beyond"
NO_PLAN: Final = "no plan beyond"
NO_ANSWER: Final = "no answer beyond"
STEP: Final = "a step: the optimum jumps here"
"""Why a price ends, or why there is none to a side."""

FIXED: Final = (
    "Whole numbers (units, lines, fleets, bodies, activities) are fixed as in the plan: these "
    "prices hold as long as they stay as they are."
)
"""What must be said wherever prices of a plan with whole numbers are shown."""

MONEY, MIXED = "expenditure", "objective"
"""Name of the last stage: money alone, or with a penalty or another aim in it."""

_TINY: Final = 1e-9
_ALIKE: Final = 1e-5
"""Relative difference of the prices to the two sides that is rounding."""


@dataclass(frozen=True)
class Refusal:
    """Why there is no optimum at some value of a cell: in short, and in a sentence."""

    why: str
    text: str


@dataclass(frozen=True)
class Side:
    """What moving a cell to one side does.

    Attributes
    ----------
    slopes: by stage, the change per unit of the cell (upwards on either side); empty where the
        cell cannot be moved this way.
    until: value of the cell up to which the last of them holds. ends: why it ends there.
    reason: why the cell cannot be moved.
    """

    slopes: tuple[float, ...] = ()
    until: float = math.nan
    ends: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CellPrice:
    """What one more unit of a cell does to the value of every stage.

    Attributes
    ----------
    table, key, column, where: the cell, and its address such as ``requirements!D7``.
    value, measure: what it holds, and in what.
    size: a change by which is one by its own size: its value; the mean of its column where it is 0.
    planned: True for a need, a rule, or a number that bounds what a planner could change.
    duals: by stage, from the duals of the plan; empty where they do not tell it all.
    held: of the last stage, as long as the earlier ones are held where they are.
    down, up: from new solves with a little less and a little more; None where not asked for.
    remark: what else is to be said.
    """

    table: str
    key: Key
    column: str
    where: str
    value: float
    measure: str
    size: float
    planned: bool
    duals: tuple[float, ...]
    held: float
    down: Side | None = None
    up: Side | None = None
    remark: str = ""

    @property
    def unique(self) -> bool | None:
        """True where the price is the same to both sides; None where one of them is not known."""
        if not (self.down and self.up and self.down.slopes and self.up.slopes):
            return None
        return all(self.two_prices(stage) is None for stage in range(len(self.up.slopes)))

    def two_prices(self, stage: int = -1) -> tuple[float, float] | None:
        """The prices for less and for more, where they differ."""
        if not (self.down and self.up and self.down.slopes and self.up.slopes):
            return None
        less, more = self.down.slopes[stage], self.up.slopes[stage]
        alike = abs(less - more) <= _TINY + _ALIKE * max(abs(less), abs(more))
        return None if alike else (less, more)

    @property
    def slopes(self) -> tuple[float, ...]:
        """By stage, what one more unit does; where only less is possible, what one less saves."""
        sides = [side.slopes for side in (self.up, self.down) if side and side.slopes]
        if self.unique or not sides:
            return self.duals
        return sides[0]

    @property
    def price(self) -> float:
        """Of the last stage; nan where it is not known."""
        return self.slopes[-1] if self.slopes else math.nan

    @property
    def step(self) -> float:
        """A small change, 1 % of the size, to weigh cells of different measures by."""
        return 0.01 * self.size

    def of_step(self, stage: int = -1) -> float:
        """What that change does to a stage; nan where it is not known."""
        return self.slopes[stage] * self.step if self.slopes else math.nan


@dataclass(frozen=True, kw_only=True)
class RulePrice:
    """What one more unit of room in a rule saves, at one key (such as a member and year).

    Attributes
    ----------
    rule, doc, index_names, key: which rule. For a need, one more unit of it costs so much.
    saves: by stage; negative where room that buys security costs money.
    held: of the last stage, as long as the earlier ones are held where they are.
    """

    rule: str
    doc: str
    index_names: tuple[str, ...]
    key: tuple[Any, ...]
    saves: tuple[float, ...]
    held: float


@dataclass(frozen=True, kw_only=True)
class Prices:
    """The prices of a plan.

    Attributes
    ----------
    solution: the plan. stages: names of its stages; the last is ``expenditure`` where it is money
        alone, else ``objective``.
    prices_of: ``lp``, or ``fixed`` where the whole numbers are fixed to the plan's; empty where
        there are no prices, and `message` says why.
    reached: value of each stage of the LP that the prices are of.
    cells: every number cell that the study reads. rules: every rule that a planner could change.
    solves: how many new solves there were. seconds: by step.
    """

    solution: Solution
    stages: tuple[str, ...] = ()
    prices_of: str = ""
    reached: tuple[float, ...] = ()
    cells: tuple[CellPrice, ...] = ()
    rules: tuple[RulePrice, ...] = ()
    message: str = ""
    solves: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """How the solve of the plan ended."""
        return self.solution.status

    @property
    def bound(self) -> float:
        """Proven bound of the plan's last stage."""
        return self.solution.bound

    @property
    def gap(self) -> float:
        """Relative distance of the plan from it."""
        return self.solution.gap

    @property
    def figure(self) -> str:
        """What the prices are of: ``expenditure``, or ``objective`` where it is not money alone."""
        return self.stages[-1] if self.stages else MONEY

    def rank(self, stage: int = -1) -> tuple[CellPrice, ...]:
        """The cells that planners set and that move a stage, the dearest small step first."""
        moving = [c for c in self.cells if c.planned and c.slopes and abs(c.slopes[stage]) > _TINY]
        return tuple(sorted(moving, key=lambda cell: -abs(cell.of_step(stage))))

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """``cells`` and ``rules`` as frames.

        ``cells``: per unit of the cell, the change of each stage by the stage's name (money:
        million, present value; missing_share: weighted shares), ``<figure>_held`` with earlier
        stages held where they are, ``price_down`` and ``price_up`` of the last stage,
        ``holds_from`` and ``holds_to``. ``rules``: what one more unit of room saves.
        """
        return {"cells": self._cell_frame(), "rules": self._rule_frame()}

    def _cell_frame(self) -> pd.DataFrame:
        rows = [_cell_row(cell, self.stages) for cell in self.cells]
        names = _cell_columns(self.stages)
        return pd.DataFrame(rows, columns=names)

    def _rule_frame(self) -> pd.DataFrame:
        names = {name for rule in self.rules for name in rule.index_names}
        indices = [name for name in INDEX_ORDER if name in names]
        rows = []
        for rule in self.rules:
            places = dict(zip(rule.index_names, rule.key, strict=True))
            saves = [rule.saves[-1], *rule.saves[:-1], *([rule.held] if rule.saves[1:] else [])]
            rows.append([rule.rule, rule.doc, *(places.get(name) for name in indices), *saves])
        saved = [f"saves_{name}" for name in _ordered(self.stages)]
        return pd.DataFrame(rows, columns=["rule", "meaning", *indices, *saved])


def _ordered(stages: Sequence[str]) -> list[str]:
    """The last stage first, and with the earlier ones held at the end."""
    if not stages:
        return []
    held = [f"{stages[-1]}_held"] if len(stages) > 1 else []
    return [stages[-1], *stages[:-1], *held]


def _cell_columns(stages: Sequence[str]) -> list[str]:
    sides = [f"{stage}_{side}" for stage in stages[:-1] for side in ("down", "up")]
    return [
        "cell", "table", "row", "column", "value", "measure", "planned", *_ordered(stages),
        "price_down", "price_up", "unique", *sides, "holds_from", "ends_below", "holds_to",
        "ends_above", "step", f"{stages[-1] if stages else MONEY}_of_step", "remark",
    ]  # fmt: skip


def _cell_row(cell: CellPrice, stages: Sequence[str]) -> list[Any]:
    slopes = cell.slopes or (math.nan,) * len(stages)
    held = [cell.held] if len(stages) > 1 else []
    down, up = (_slopes(side, len(stages)) for side in (cell.down, cell.up))
    sides = [x for pair in zip(down[:-1], up[:-1], strict=True) for x in pair]
    below, above = cell.down or Side(), cell.up or Side()
    return [
        cell.where, cell.table, name_row(cell.key), cell.column, cell.value, cell.measure,
        cell.planned, slopes[-1], *slopes[:-1], *held, down[-1], up[-1], cell.unique, *sides,
        below.until, below.ends or below.reason, above.until, above.ends or above.reason,
        cell.step, cell.of_step(), cell.remark,
    ]  # fmt: skip


def _slopes(side: Side | None, count: int) -> tuple[float, ...]:
    return side.slopes if side and side.slopes else (math.nan,) * count


def name_row(key: Key) -> str:
    """The key of a row as text: ``NOR, brigade``; empty for a setting."""
    if key is None:
        return ""
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(f"{part:g}" if isinstance(part, float) else str(part) for part in parts)

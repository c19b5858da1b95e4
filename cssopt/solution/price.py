"""A price: what one more unit of an input, or of room in a rule, does, and how far it holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from cssopt.language import write_years
from cssopt.tables.data import Key

BEYOND: Final = "another price beyond"
BOUND: Final = "no more is allowed"
ERRS: Final = 0.005
"""Share of what a price tells of a change by which it may err: beyond that it holds no more."""

FARTHER_ON: Final = f"farther on it errs by more than {ERRS:.1%} of itself"
AT_ONCE: Final = "no price holds: the least change brings another one"
FARTHEST: Final = "looked no farther"
AT_LEAST: Final = "at least so far: no new solve looked farther"
SHAPE: Final = "other decisions or rules beyond"
NO_PLAN: Final = "no plan beyond"
NO_ANSWER: Final = "no answer beyond"
STEP: Final = "a step: the optimum jumps here"
"""Why a price ends, or why there is none to a side."""

UNASKED: Final = "its range was not asked for, and so it has no price"
TOO_LONG: Final = "to look for its range would take too long, and so it has no price"
"""Why nothing is told of a cell or a rule."""

LESS_ONLY: Final = "known for less only: to look at more would take too long"
MORE_ONLY: Final = "known for more only: to look at less would take too long"
"""What is to be said where one side is known, and there was no work for the other."""

SHORT: Final = "short"
SHORT_SAYS: Final = (
    "short: one more unit of this need, or of another in its place, would be missing, not bought, "
    "so that it has no price in money; what it is worth is told in missing share. Where that is so "
    "in some of its years only, the price in money is of the others, in which it is bought."
)

FIXED: Final = (
    "Whole numbers (units, lines, fleets, bodies, activities) are fixed as in the plan: these "
    "prices hold as long as they stay as they are."
)
"""What must be said wherever prices of a plan with whole numbers are shown."""

MONEY, MIXED = "expenditure", "objective"
"""Name of the last stage: money alone, or with a penalty or another aim in it."""

TINY: Final = 1e-9
"""A price that is less is none."""
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
    slopes: by stage, the change per unit of the cell (upwards on either side); nan where that is no
        price; empty where the cell cannot be moved this way.
    until: value of the cell up to which all of them hold. ends: why they end there.
    reason: why the cell cannot be moved this way, or has no price.
    short: of a need, the years in which more of it would be missing, not bought.
    """

    slopes: tuple[float, ...] = ()
    until: float = math.nan
    ends: str = ""
    reason: str = ""
    short: tuple[int, ...] = ()

    @property
    def tells_money(self) -> bool:
        """True where what moves the last stage is a price."""
        return not math.isnan(self.slopes[-1])


@dataclass(frozen=True, kw_only=True)
class Priced:
    """What may have a price: none is told without its range, and so without looking at a side.

    Attributes
    ----------
    duals: by stage, what one more unit does by the duals of the plan; empty where they do not tell.
    down, up: of less and of more; None where not known, as it was not looked at.
    remark: what else is to be said.
    """

    duals: tuple[float, ...]
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
        """The prices for less and for more, where they differ; nan where one is short."""
        if not (self.down and self.up and self.down.slopes and self.up.slopes):
            return None
        less, more = self.down.slopes[stage], self.up.slopes[stage]
        alike = abs(less - more) <= TINY + _ALIKE * max(abs(less), abs(more))
        return None if alike or (math.isnan(less) and math.isnan(more)) else (less, more)

    @property
    def slopes(self) -> tuple[float, ...]:
        """By stage, what one more unit does; where only less is possible, what one less saves.

        nan where that is no price; empty where no range is known, or that of less alone, as for
        more the price may be another.
        """
        side = self._told_side
        if side is None:
            return ()
        if self.unique and self.duals:
            return tuple(
                math.nan if math.isnan(slope) else dual
                for dual, slope in zip(self.duals, side.slopes, strict=True)
            )
        return side.slopes

    @property
    def _told_side(self) -> Side | None:
        """The side whose price is told as that of one more unit."""
        if self.up is None or self.up.slopes:
            return self.up
        return self.down if self.down and self.down.slopes else None

    @property
    def price(self) -> float:
        """Of the last stage; nan where it is not known."""
        return self.slopes[-1] if self.slopes else math.nan

    @property
    def short(self) -> str:
        """To which side this is short, and in which years: empty for none.

        It has a price in money where it is short in some years only: ``short in 2027``.
        """
        sides = {"less": self.down, "more": self.up}
        known = {name: side for name, side in sides.items() if side and side.slopes}
        when = {
            name: f" in {write_years(side.short)}" if side.short and side.tells_money else ""
            for name, side in known.items()
            if side.short or not side.tells_money
        }
        if not when:
            return ""
        is_all = len(when) == len(known) and None not in sides.values()
        if is_all and len(set(when.values())) == 1:
            return SHORT + next(iter(when.values()))
        return f"{SHORT} " + ", ".join(f"for {name}{years}" for name, years in when.items())


@dataclass(frozen=True, kw_only=True)
class CellPrice(Priced):
    """What one more unit of a cell does to the value of every stage.

    Attributes
    ----------
    table, key, column, where: the cell, and its address such as ``requirements!D7``.
    value, measure: what it holds, and in what.
    size: a change by which is one by its own size: its value; the mean of its column where it is 0.
    planned: True for a need, a rule, or a number that bounds what a planner could change.
    """

    table: str
    key: Key
    column: str
    where: str
    value: float
    measure: str
    size: float
    planned: bool

    @property
    def step(self) -> float:
        """A small change, 1 % of the size, to weigh cells of different measures by."""
        return 0.01 * self.size

    @property
    def sure_step(self) -> float:
        """So much of a small step for which the price holds: of more, or of less where no more is
        possible; nan where it has no price."""
        side = self._told_side
        if side is None:
            return math.nan
        reach = side.until - self.value
        return math.copysign(min(self.step, abs(reach)), reach)

    def of_step(self, stage: int = -1) -> float:
        """What that change does to a stage; nan where it is not known."""
        return self.slopes[stage] * self.step if self.slopes else math.nan


@dataclass(frozen=True, kw_only=True)
class RulePrice(Priced):
    """What one more unit of room in a rule does, at one key (such as a member and year).

    Room in a need is less of it.

    Attributes
    ----------
    rule, doc, index_names, key: which rule.
    """

    rule: str
    doc: str
    index_names: tuple[str, ...]
    key: tuple[Any, ...]

    @property
    def saves(self) -> tuple[float, ...]:
        """By stage, what one more unit of room saves; below 0 where it buys security for money."""
        return tuple(-slope if slope else 0.0 for slope in self.slopes)


def find_remark(price: Priced) -> str:
    """What is to be said of a price of which a side was not looked at; empty where none is."""
    if None not in (price.down, price.up):
        return ""
    if price.down and price.down.slopes:
        return LESS_ONLY
    return MORE_ONLY if price.up and price.up.slopes else TOO_LONG

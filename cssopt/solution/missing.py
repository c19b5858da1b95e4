"""When a need is met, and the power that a plan is short of, by need and year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from cssopt.modeling.measures import Need
from cssopt.names import YEAR
from cssopt.solve.program import Floats, Program
from cssopt.tables.data import Data, Key

MET: Final = 1e-6
"""What is missing below this share of a need is rounding: the need is met."""


def is_met(short: float, asked: float) -> bool:
    """True where no more of a need is missing than rounding."""
    return short <= MET * max(asked, MET)


def met_within(asked: Floats) -> Floats:
    """What may be missing of each of many needs that are met, as `is_met` has it."""
    within: Floats = MET * np.maximum(asked, MET)
    return within


def missing_share(short: float, asked: float) -> float:
    """Share of a need that is missing; 0 where it is met, or nothing is asked for."""
    return 0.0 if asked <= 0 or is_met(short, asked) else short / asked


def find_measures(data: Data, need: Need) -> dict[str, str]:
    """In what needs of each kind are measured, as its table says; none where no table does."""
    for table in data.tables.values():
        if table.spec.key == (need.kind,) and need.measured in table.columns:
            return dict(table.columns[need.measured])
    return {}


@dataclass(frozen=True)
class Missing:
    """Power that no plan can bring to bear in a year, where as little as possible is missing.

    Attributes
    ----------
    need: key of the row that asks for it, without the year: threat, capability, day.
    year: in which it is missing. asked: power that the year needs. missing: power, of that.
    """

    need: Key
    year: int
    asked: float
    missing: float

    @property
    def share(self) -> float:
        """Missing share of what is asked for."""
        return self.missing / self.asked


def list_missing(
    program: Program, plan: Floats, figures: Floats, need: Need | None
) -> tuple[Missing, ...]:
    """What a plan with these figures is short of; nothing in a study that knows no need."""
    if need is None:
        return ()
    found = []
    for (_, name, key), value in zip(program.columns, plan.tolist(), strict=True):
        if name == need.missing:
            asked = float(figures[program.figures["figure", need.asked, key]])
            if not is_met(value, asked):
                found.append(Missing(*split_year(program, need, key), asked, value))
    return tuple(found)


def split_year(program: Program, need: Need, key: Key) -> tuple[Key, int]:
    """A need and its year, by the key of what it asks for."""
    place = program.indices[need.missing].index(YEAR)
    return key[:place] + key[place + 1 :], key[place]

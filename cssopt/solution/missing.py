"""Power that a plan is short of, by need and year."""

from __future__ import annotations

from dataclasses import dataclass

from cssopt.solution.plan import MET
from cssopt.solve.program import Floats, Program
from cssopt.tables.data import Key

SHORTFALL, NEED = "shortfall", "need"


@dataclass(frozen=True)
class Missing:
    """Power that no plan can bring to bear in a year, where as little as possible is missing.

    Attributes
    ----------
    need: key of the row that asks for it: threat, capability, day.
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


def list_missing(program: Program, plan: Floats, figures: Floats) -> tuple[Missing, ...]:
    """What a plan with these figures is short of."""
    found = []
    for (_, name, key), value in zip(program.columns, plan.tolist(), strict=True):
        if name == SHORTFALL:
            asked = float(figures[program.figures["figure", NEED, key]])
            if value > MET * max(asked, MET):
                found.append(Missing(key[:-1], key[-1], asked, value))
    return tuple(found)

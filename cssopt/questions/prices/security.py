"""Where security is short in a plan: what is asked for there has no price in money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from cssopt.modeling.measures import Need
from cssopt.questions.prices.line import Flags
from cssopt.solution.missing import list_missing
from cssopt.solve.program import Floats, Program
from cssopt.tables.spec import Table

_MOVES: Final = 1e-9
"""A change of the missing share, per unit, that is more than rounding."""

Told = Callable[[Floats], Flags]
"""By the slopes of all stages to a side: of which of them there is a price."""


def lays_down_need(spec: Table) -> bool:
    """True for a table of needs: any number of such a row belongs to its need."""
    rules = (column.rule for column in spec.columns)
    return any(rule is not None and rule.nature == "need" for rule in rules)


class Security:
    """What a plan is short of.

    One more unit of a need that is short, or that cannot be met, is not bought: more is missing,
    and what the money does then says nothing of what the need is worth. So it has no price in
    money, but one in what is missing. Where shortfall is bought off at an explicit price, there is
    one stage, and that price tells all.
    """

    def __init__(
        self, program: Program, stages: Sequence[str], plan: Floats, need: Need | None
    ) -> None:
        security = "" if need is None else need.share
        self._stages = np.array([name == security for name in stages])
        first = security in stages[:-1]
        found = list_missing(program, plan, program.figures_of(plan), need) if first else ()
        self._missing, asked = ("", "") if need is None else (need.missing, need.asked)
        self._short = {(*missing.need, missing.year) for missing in found}
        self._needs = {
            key
            for _, name, key in program.columns
            if name == self._missing and ("figure", asked, key) in program.figures
        }
        self._first = first

    def of_cell(self, spec: Table, key: Any) -> Told:
        """For a cell of the inputs."""
        if not lays_down_need(spec):
            return self._tell_all
        return self._tell_need(any(short[:-1] == key for short in self._short))

    def of_row(self, program: Program, place: int) -> Told:
        """For the room in a row of the program."""
        key = program.rows[place][2]
        if key not in self._needs or not self._has_shortfall(program, place, key):
            return self._tell_all
        return self._tell_need(key in self._short)

    def _has_shortfall(self, program: Program, place: int, key: Any) -> bool:
        begin, end = program.matrix.indptr[place : place + 2]
        columns = program.matrix.indices[begin:end].tolist()
        return any(program.columns[c][1:] == (self._missing, key) for c in columns)

    @staticmethod
    def _tell_all(slopes: Floats) -> Flags:
        return np.ones(len(slopes), dtype=bool)

    def _tell_need(self, is_short: bool) -> Told:
        def tell(slopes: Floats) -> Flags:
            if self._first and (is_short or abs(slopes[self._stages][0]) > _MOVES):
                return self._stages
            return self._tell_all(slopes)

        return tell

"""The figures of a run, read straight from the arrays of its program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cssopt.runs.outcome import Outcome
from cssopt.solution.plan import MET, discount_factors
from cssopt.solve.answer import Solved, StageResult
from cssopt.solve.program import Floats, Program
from cssopt.tables.data import Data
from cssopt.tables.row_order import TypedOrder

PRESENT = 1e-6
"""A decision above this is there; what is below is rounding of the solver."""


class OutcomeReader:
    """Knows where the figures of an outcome stand in programs of one shape.

    Attributes
    ----------
    held: columns of the units held, all tiers and years, by member and force.
    burdens: row of the reported figures, for each member.
    elements: columns of each element of the structure of a plan, which has it where one of them
        is above 0.
    """

    def __init__(self, program: Program) -> None:
        figures = program.figures
        self._single = {
            name: figures.get(("figure", name, None))
            for name in ("pooled_expenditure", "missing_share")
        }
        self._costs = [(f[1], f[3], row) for f, row in figures.items() if f[0] == "ledger"]
        self.burdens = [(f[2], row) for f, row in figures.items() if f[:2] == ("figure", "burden")]
        self.held: dict[tuple[str, str], list[int]] = {}
        short = []
        for place, (_, name, key) in enumerate(program.columns):
            if name == "held":
                self.held.setdefault((key[0], key[1]), []).append(place)
            elif name == "shortfall":
                short.append((key, place))
        self._short = np.array([place for _, place in short], dtype=np.int64)
        rows = [figures.get(("figure", "need", key), 0) for key, _ in short]
        self._need = np.array(rows, dtype=np.int64)
        self._short_by: dict[tuple[str, str], list[int]] = {}
        for key, place in short:
            self._short_by.setdefault((key[0], key[1]), []).append(place)
        self.elements: dict[str, NDArray[np.int64]] = dict(program.structure)
        self._columns = program.shape[1]
        self._is_arranged = False
        for threat in dict.fromkeys(key[0] for key, _ in short):
            own = [place for key, place in short if key[0] == threat]
            self.elements[f"{threat} is not met"] = np.array(own, dtype=np.int64)

    def read(self, solved: Solved, data: Data) -> Outcome:
        """The figures of an answer; `data` are the tables that it was solved for."""
        status = str(solved.status)
        values, figures = solved.values, solved.figures
        if values is None or figures is None:
            return Outcome(status=status, reason=solved.message)
        if not self._is_arranged:
            self._arrange(TypedOrder(data))
        discount = discount_factors(data)
        costs: dict[str, float] = {}
        for entry, year, row in self._costs:
            costs[entry] = costs.get(entry, 0.0) + discount[year] * float(figures[row])
        short = values[self._short]
        need = np.maximum(figures[self._need], MET)
        return Outcome(
            status=status,
            threats_met=bool((short <= MET * need).all()),
            objective=solved.stages[-1].value,
            bound=solved.bound,
            gap=solved.gap,
            pooled_expenditure=self._figure("pooled_expenditure", figures),
            missing_share=self._figure("missing_share", figures),
            shortfall=float(short.sum()),
            costs=costs,
            burden={member: float(figures[row]) for member, row in self.burdens},
            units=_sums(self.held, values, 1 / len(discount)),
            shortfalls=_sums(self._short_by, values, 1.0),
            structure=self._find_structure(values, MET * need),
            reason=solved.message,
        )

    def _arrange(self, typed: TypedOrder) -> None:
        """Tell figures in the order of the input, which programs of one shape have in common."""
        rows = dict(self.burdens)
        self.burdens = [(m, rows[m]) for m in typed.sort(("member",), rows)]
        self.held = typed.arrange(("member", "force"), self.held)
        self._short_by = typed.arrange(("threat", "capability"), self._short_by)
        self._is_arranged = True

    def read_plan(
        self, program: Program, plan: Floats, stage: StageResult, gap: float, data: Data
    ) -> Outcome:
        """The figures of a plan that a question of its own found; `stage` is what was asked."""
        figures, none = program.figures_of(plan), None
        solved = Solved(stage.status, plan, figures, none, none, "", (stage,), stage.bound, gap)
        return self.read(solved, data)

    def _find_structure(self, values: Floats, met: Floats) -> tuple[str, ...]:
        """The elements that a plan has; a need counts as met where no more than `met` is short."""
        least = np.full(self._columns, PRESENT)
        least[self._short] = met
        above = values > least
        return tuple(name for name, columns in self.elements.items() if above[columns].any())

    def _figure(self, name: str, figures: Any) -> float:
        row = self._single[name]
        return float("nan") if row is None else float(figures[row])


def _sums(
    places: Mapping[tuple[str, str], list[int]], values: Any, factor: float
) -> dict[tuple[str, str], float]:
    return {key: float(values[rows].sum()) * factor for key, rows in places.items()}

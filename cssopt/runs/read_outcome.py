"""The figures of a run, read straight from the arrays of its program."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cssopt.assembly.study import Study
from cssopt.runs.outcome import Outcome
from cssopt.solution.figures import PlacedSum, Sum, sum_missing, sum_of
from cssopt.solution.missing import met_within
from cssopt.solution.quantities import sum_present_values
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
    expenditure, missing_share, burden, units, missing: where the figures of a study stand (see
        `cssopt.solution.figures`); None where the program has no such figure.
    elements: columns of each element of the structure of a plan, which has it where one of them
        is above 0.
    """

    def __init__(self, program: Program, study: Study) -> None:
        def find(found: Sum | None) -> PlacedSum | None:
            return None if found is None else found.find(program)

        need = study.need
        self.expenditure = find(sum_of(study, "expenditure"))
        self.burden = find(sum_of(study, "burden"))
        self.units = find(sum_of(study, "units"))
        self.missing_share = find(None if need is None else Sum(need.share))
        self.missing = find(None if need is None else sum_missing(need))
        self.elements: dict[str, NDArray[np.int64]] = dict(program.structure)
        self._costs = [(f[1], f[3], row) for f, row in program.figures.items() if f[0] == "ledger"]
        self._columns = program.shape[1]
        self._is_arranged = False
        each = find(None if need is None else Sum(need.missing, program.indices[need.missing]))
        short = {} if each is None else {key: where[0] for key, where in each.places.items()}
        self._short = np.array(list(short.values()), dtype=np.int64)
        rows = [] if need is None else [program.figures["figure", need.asked, key] for key in short]
        self._asked = np.array(rows, dtype=np.int64)
        unmet: dict[Any, list[int]] = {}
        if each is not None and need is not None:
            asks = each.sum.over.index(need.asks)
            for key, place in short.items():
                unmet.setdefault(key[asks], []).append(place)
        for name, places in unmet.items():
            self.elements[f"{name} is not met"] = np.array(places, dtype=np.int64)

    def read(self, solved: Solved, data: Data) -> Outcome:
        """The figures of an answer; `data` are the tables that it was solved for."""
        status = str(solved.status)
        values, figures = solved.values, solved.figures
        if values is None or figures is None:
            return Outcome(status=status, reason=solved.message)
        if not self._is_arranged:
            self._arrange(TypedOrder(data))
        short, within = values[self._short], met_within(figures[self._asked])
        amounts = ((entry, year, float(figures[row])) for entry, year, row in self._costs)

        def read(found: PlacedSum | None) -> dict[Any, float]:
            return {} if found is None else found.read(values, figures, data)

        return Outcome(
            status=status,
            threats_met=bool((short <= within).all()),
            objective=solved.stages[-1].value,
            bound=solved.bound,
            gap=solved.gap,
            pooled_expenditure=read(self.expenditure).get((), math.nan),
            missing_share=read(self.missing_share).get((), math.nan),
            shortfall=float(short.sum()),
            costs=sum_present_values(amounts, data.horizon.discount),
            burden={key[0]: value for key, value in read(self.burden).items()},
            units=read(self.units),
            shortfalls=read(self.missing),
            structure=self._find_structure(values, within),
            reason=solved.message,
        )

    def _arrange(self, typed: TypedOrder) -> None:
        """Tell figures in the order of the input, which programs of one shape have in common."""

        def arrange(found: PlacedSum | None) -> PlacedSum | None:
            return None if found is None else found.arrange(typed)

        self.burden, self.units = arrange(self.burden), arrange(self.units)
        self.missing = arrange(self.missing)
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

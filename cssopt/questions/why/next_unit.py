"""What one more unit of a need in one year would cost, and who would give it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cssopt.names import YEAR
from cssopt.questions.why.coverage_rows import CoverageRows, NamedRow
from cssopt.runs.plan_checks import check_plan
from cssopt.solution.quantities import sum_present_values
from cssopt.solution.stage_values import find_rounding, polish_last
from cssopt.solution.verdicts import Auditor, Verdict
from cssopt.solve.answer import Solved, severity
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.warm.carried_basis import BasisStart, CarriedBasis
from cssopt.tables.data import Data

_COVERED = 2e-6
"""A rise of the missing share below this is rounding: later stages may use up what holds it."""

_CHANGED = 1e-4
"""Changes below this share of the step are left out."""


@dataclass(frozen=True)
class Rise:
    """How much a stage rises, and between what it is proven to rise.

    `most` is inf, and `least` below 0, where nothing better is proven of one of the two solves.
    """

    stage: str
    found: float
    least: float
    most: float


@dataclass(frozen=True)
class NextUnit:
    """One more unit of a need, in that year alone.

    Attributes
    ----------
    need: the need. step: how much more was asked for.
    status, gap, seconds: of its solves. rises: of each stage of the study.
    missing: power of the step that stays uncovered; nan without a plan.
    missing_share: how much more is missing in all, of whatever need, than `before`; nan
        without a plan.
    given: change of what each source (a column) contributes to the cover: power. planned: change
        of the power of the units behind them, by their columns.
    units: change of the units, the mean of all years, by the indices of their measure.
    costs: change of the present value of each entry, million.
    verdict: of the audit of its plan: whoever covers more keeps every rule of the inputs as well.
    """

    need: NamedRow
    step: float
    status: Status
    gap: float
    seconds: float
    rises: tuple[Rise, ...] = ()
    missing: float = math.nan
    missing_share: float = math.nan
    before: float = 0.0
    given: Mapping[int, float] = field(default_factory=dict)
    planned: Mapping[int, float] = field(default_factory=dict)
    units: Mapping[tuple[Any, ...], float] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)
    verdict: Verdict = None

    @property
    def is_equally_secure(self) -> bool:
        """True where no more is missing than before, neither of this need nor of another."""
        return self.missing_share <= _COVERED * max(1.0, self.before)


class Asker:
    """Asks for a little more of one need after another, each time from the plan."""

    def __init__(
        self,
        rows: CoverageRows,
        base: Solved,
        start: BasisStart,
        carried: CarriedBasis,
        auditor: Auditor,
    ) -> None:
        """`base` is the answer whose plan `start` is."""
        self._auditor = auditor
        self._rows = rows
        self._base = base
        self._start = start
        self._carried = carried

    def ask(self, row: int, step: float, data: Data) -> NextUnit:
        """Solve the study with so much more of one need; whatever it gives, with its status."""
        program = self._rows.raise_need(row, step)
        solved = self._solve(program)
        last, need = solved[-1], self._rows.row(row)
        status = max((each.status for each in solved), key=severity)
        seconds = sum(each.seconds for each in solved)
        if last.values is None or sum(len(each.stages) for each in solved) < len(program.stages):
            return NextUnit(need, step, status, math.nan, seconds)
        before = self._base.values
        assert before is not None
        least = _CHANGED * step
        given = _differences(
            self._rows.parts(row, before), self._rows.parts(row, last.values), least
        )
        missing = sum(x for c, x in given.items() if self._rows.is_missing(c))
        return NextUnit(
            need, step, status, last.gap, seconds, self._find_rises(program, solved), missing,
            *self._find_missing(last), given, self._find_planned(given, before, last.values, least),
            self._find_units(before, last.values, least), self._find_costs(last, data),
            check_plan(program, last.values, self._auditor),
        )  # fmt: skip

    def leave(self, row: int, step: float) -> NextUnit:
        """What is told of a need for which there was no time."""
        return NextUnit(self._rows.row(row), step, Status.INTERRUPTED, math.nan, 0.0)

    def _solve(self, program: Program) -> list[Solved]:
        """The stages, each with those before it held at what they now reach."""
        stayed = self._carried.stay_on_faces(program)
        if stayed is None:
            # Where nothing more is missing, the money is that of the very same limit.
            return self._carried.solve_stages(program, (), at_least=self._start.limits)
        if stayed.values is None:
            return self._carried.leave_faces(program, stayed)
        return [stayed]

    def _find_rises(self, program: Program, solved: list[Solved]) -> tuple[Rise, ...]:
        before = polish_last(program, self._base)
        after = [stage for each in solved for stage in each.stages]
        return tuple(
            Rise(
                old.name,
                new.value - old.value,
                new.bound - old.value,
                new.value - old.bound if math.isfinite(old.bound) else math.inf,
            )
            for old, new in zip(before, after, strict=True)
        )

    def _find_missing(self, solved: Solved) -> tuple[float, float]:
        """How much more is missing in all, and how much was."""
        row = self._rows.program.figures["figure", self._rows.need.share, None]
        old, new = self._base.figures, solved.figures
        assert old is not None
        assert new is not None
        return float(new[row] - old[row]), float(old[row])

    def _find_planned(
        self, given: Mapping[int, float], before: Floats, after: Floats, least: float
    ) -> dict[int, float]:
        """Change of the power of the units behind each source that changed."""
        found: dict[int, float] = {}
        for column in given:
            for unit, power in self._rows.planned(column).items():
                change = power * float(after[unit] - before[unit])
                if abs(change) > least:
                    found[unit] = change
        return found

    def _find_units(
        self, before: Floats, after: Floats, least: float
    ) -> dict[tuple[Any, ...], float]:
        """Change of the units by the indices of their measure, mean of the years."""
        sums: dict[tuple[Any, ...], float] = {}
        years = set()
        for column, (_, name, _) in enumerate(self._rows.program.columns):
            if name == self._rows.units:
                key = self._rows.column(column).key
                years.add(key[YEAR])
                own = tuple(key[index] for index in self._rows.measure_indices)
                sums[own] = sums.get(own, 0.0) + float(after[column] - before[column])
        return {key: x / len(years) for key, x in sums.items() if abs(x) > least}

    def _find_costs(self, solved: Solved, data: Data) -> dict[str, float]:
        old, new = self._base.figures, solved.figures
        assert old is not None
        assert new is not None
        changes = (
            (figure[1], figure[3], float(new[row] - old[row]))
            for figure, row in self._rows.program.figures.items()
            if figure[0] == "ledger"
        )
        sums: dict[str, float] = sum_present_values(changes, data.horizon.discount)
        scale = float(np.abs(old).max(initial=1.0))
        return {entry: x for entry, x in sums.items() if abs(x) > find_rounding(scale)}


def _differences(
    old: Mapping[int, float], new: Mapping[int, float], least: float
) -> dict[int, float]:
    return {key: new[key] - old[key] for key in new if abs(new[key] - old[key]) > least}

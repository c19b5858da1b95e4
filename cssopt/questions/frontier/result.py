"""Trade-offs of a study: pooled expenditure against what else a planner cares for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import pandas as pd

from cssopt.assembly.instance import Instance
from cssopt.modeling.objective import Criterion
from cssopt.names import key_parts
from cssopt.questions.frontier.front import Front, FrontPoint
from cssopt.questions.frontier.method import find_front
from cssopt.runs.outcome import Outcome
from cssopt.runs.plan_checks import check_outcome
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.runs.solve_case import Solution
from cssopt.runs.structure import find_stretches
from cssopt.solution.held_stages import figure_of, find_held
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.solution.verdicts import Auditor, Audits, tell_verdict
from cssopt.solve.answer import Options, StageResult
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.tables.data import Data

OF_PLANS = ("threats_met", "missing_share", "shortfall")
"""Figures of the plan of a point that are told where no criterion is one of them."""


@dataclass(frozen=True)
class TradeOffs:
    """What a study can trade off.

    Attributes
    ----------
    base: the plan of the study itself; look at its status before any point.
    criteria: what is traded, expenditure first.
    held: names and ceilings of what every point keeps as the base plan has it, such as the missing
        share.
    front: the points, their proven gaps, and how they were found; None where the base has no plan.
    outcomes: costs, burdens and units of each point of the front, in its order.
    """

    base: Solution
    criteria: tuple[Criterion, ...]
    held: Mapping[str, float]
    front: Front | None
    outcomes: tuple[Outcome, ...] = ()

    @property
    def status(self) -> Status:
        """The worst of the base plan and of all points."""
        return self.base.status if self.front is None else self.front.status

    @property
    def audits(self) -> Audits:
        """The audits of the base plan and of every point."""
        base = [("the base plan", self.base.verdict)] if self.base.has_plan else []
        numbered = enumerate(self.outcomes, start=1)
        return Audits.of([*base, *((f"point {n}", o.verdict) for n, o in numbered if o.has_plan)])

    @property
    def numbered(self) -> list[tuple[int, Outcome]]:
        """What each point has, by its number from 1."""
        return list(enumerate(self.outcomes, start=1))

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Frames: ``front`` (a row per point: the criteria by the names of their figures, what the
        next point costs for each unit of the second, knee, status, bound of the first, gap, limits,
        how safe its plan is), and by point ``costs``, ``burden``, ``units`` and ``shortfalls``
        (money: million, present value); ``structure``, the points between which plans have
        something.
        """
        if self.front is None:
            return {}
        rows = [
            self._row(number, point, outcome)
            for (number, outcome), point in zip(self.numbered, self.front.points, strict=True)
        ]
        frame = pd.DataFrame(rows)
        if len(self.criteria) == 2:
            frame.insert(3, "rate", find_rates(self.front.points))
        return {"front": frame, **self._details()}

    def _row(self, number: int, point: FrontPoint, outcome: Outcome) -> dict[str, Any]:
        names = [criterion.figure for criterion in self.criteria]
        of_plan = [name for name in OF_PLANS if name not in names]
        limits = zip(names[1:], point.limits, strict=True)
        return {
            "point": number,
            **dict(zip(names, point.values, strict=True)),
            "knee": point.knee,
            "status": str(point.status),
            "bound": point.bound,
            "gap": point.gap,
            "dominated": point.dominated,
            **{f"limit_{name}": limit for name, limit in limits},
            **{name: getattr(outcome, name) if outcome.has_plan else None for name in of_plan},
            "seconds": point.seconds,
            "message": point.message,
            "audit": tell_verdict(outcome.verdict) if outcome.has_plan else "",
        }

    def _details(self) -> dict[str, pd.DataFrame]:
        numbered, study = self.numbered, self.base.study
        needs = () if study.need is None else study.need.indices
        costs = [(n, entry, x) for n, one in numbered for entry, x in one.costs.items()]
        burden = [(n, who, x) for n, one in numbered for who, x in one.burden.items()]
        units = [(n, *key_parts(k), x) for n, one in numbered for k, x in one.units.items()]
        short = [(n, *key_parts(k), x) for n, one in numbered for k, x in one.shortfalls.items()]
        stretches = [
            (s.element, s.values[0], s.values[-1], len(s.values))
            for s in find_stretches(dict(numbered))
        ]
        columns = {
            "costs": ["point", "entry", "present_value"],
            "burden": ["point", self.base.data.party_index, "burden"],
            "units": ["point", *study.indices_of("units"), "units"],
            "shortfalls": ["point", *needs, "missing"],
            "structure": ["element", "from", "to", "points"],
        }
        rows: list[list[Any]] = [costs, burden, units, short, stretches]
        return {
            name: pd.DataFrame(own, columns=columns[name])
            for name, own in zip(columns, rows, strict=True)
        }


def find_rates(points: Sequence[FrontPoint]) -> list[float]:
    """What each unit less of the second figure costs in the first, from each point to the next."""
    rates = [math.nan] * len(points)
    proper = [i for i, point in enumerate(points) if point.plan is not None and not point.dominated]
    for i, j in pairwise(proper):
        (cost, share), (next_cost, next_share) = points[i].values, points[j].values
        if share > next_share:
            rates[i] = (next_cost - cost) / (share - next_share)
    return rates


def find_trade_offs(
    base: Solution,
    instance: Instance,
    program: Program,
    criteria: Sequence[Criterion],
    options: Options,
    *,
    points: int | None = None,
    tell: ProgressCallback = tell_nothing,
) -> TradeOffs:
    """The front of an instance whose study has the components of its criteria (`add_criteria`).

    What the study's own stages hold is held at every point too, but for what is traded: expenditure
    is traded against the burden at the security of the base plan. `base` is the plan of the
    instance, `program` what was solved for it; `points` as for `find_front`.
    """
    if base.solved.values is None:
        return TradeOffs(base, tuple(criteria), {}, None)
    held = find_held(program, base.solved, criteria)
    front = find_front(
        held.program,
        [figure_of(criterion, program, instance.study) for criterion in criteria],
        options,
        points=points,
        start=base.solved.values,
        tell=tell,
    )
    reader, auditor = OutcomeReader(program, instance.study), Auditor(instance.assemble)
    outcomes = tuple(
        check_outcome(_read(reader, program, point, base.data), program, point.plan, auditor)
        for point in front.points
    )
    return TradeOffs(base, tuple(criteria), held.ceilings, front, outcomes)


def _read(reader: OutcomeReader, program: Program, point: FrontPoint, data: Data) -> Outcome:
    """Costs, burdens and units of a point."""
    if point.plan is None:
        return Outcome(status=str(point.status), reason=point.message)
    cost = point.values[0]
    stage = StageResult("front", point.status, cost, point.bound, point.seconds)
    return reader.read_plan(program, point.plan, stage, point.gap, data)

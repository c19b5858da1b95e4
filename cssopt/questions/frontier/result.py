"""Trade-offs of a study: pooled expenditure against what else a planner cares for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import pandas as pd

from cssopt.assembly.criteria import MOST_SPENT
from cssopt.assembly.instance import Instance
from cssopt.modeling.objective import Criterion
from cssopt.names import key_parts
from cssopt.questions.frontier.front import Front, FrontPoint
from cssopt.questions.frontier.method import find_front
from cssopt.runs.outcome import Outcome
from cssopt.runs.plan_checks import check_outcome
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.solution.held_stages import figure_of, find_held
from cssopt.solution.plan import Solution
from cssopt.solution.run import OnBase, ProgressCallback, hear_nothing, run_program, tell_nothing
from cssopt.solution.verdicts import Auditor, Audits, tell_verdict
from cssopt.solve.answer import Options, StageResult
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.tables.data import Data


@dataclass(frozen=True)
class Frontier:
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

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Frames: ``front`` (a row per point: the criteria by the names of their figures, what the
        next point costs for each unit of the second, knee, status, bound of the first, gap,
        limits), and by point ``costs``, ``burden`` and ``units`` (money: million, present value).
        """
        if self.front is None:
            return {}
        names = [criterion.figure for criterion in self.criteria]
        rows = [
            {
                "point": number,
                **dict(zip(names, point.values, strict=True)),
                "knee": point.knee,
                "status": str(point.status),
                "bound": point.bound,
                "gap": point.gap,
                "dominated": point.dominated,
                **{
                    f"limit_{name}": limit
                    for name, limit in zip(names[1:], point.limits, strict=True)
                },
                "seconds": point.seconds,
                "message": point.message,
                "audit": tell_verdict(outcome.verdict) if outcome.has_plan else "",
            }
            for number, (point, outcome) in enumerate(
                zip(self.front.points, self.outcomes, strict=True), start=1
            )
        ]
        frame = pd.DataFrame(rows)
        if len(names) == 2:
            frame.insert(3, "rate", find_rates(self.front.points))
        return {"front": frame, **self._details()}

    def _details(self) -> dict[str, pd.DataFrame]:
        numbered = list(enumerate(self.outcomes, start=1))
        party, units_by = self.base.data.party_index, self.base.study.indices_of("units")
        costs = [(n, entry, x) for n, one in numbered for entry, x in one.costs.items()]
        burden = [(n, who, x) for n, one in numbered for who, x in one.burden.items()]
        units = [(n, *key_parts(k), x) for n, one in numbered for k, x in one.units.items()]
        return {
            "costs": pd.DataFrame(costs, columns=["point", "entry", "present_value"]),
            "burden": pd.DataFrame(burden, columns=["point", party, "burden"]),
            "units": pd.DataFrame(units, columns=["point", *units_by, "units"]),
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


def find_frontier(
    instance: Instance,
    options: Options,
    criteria: Sequence[Criterion],
    *,
    points: int | None = None,
    tell: ProgressCallback = tell_nothing,
    on_base: OnBase = hear_nothing,
) -> Frontier:
    """The front of an instance whose study has the components of its criteria (`add_criteria`).

    What the study's own stages hold is held at every point too, but for what is traded: expenditure
    is traded against the burden at the security of the base plan. `points` as for `find_front`.
    """
    if not all(criterion.thrifty for criterion in criteria):
        instance = instance.with_given({MOST_SPENT: math.inf})
    base, program = run_program(instance, options, tell=tell)
    on_base(base)
    if base.solved.values is None:
        return Frontier(base, tuple(criteria), {}, None)
    options = options.begin_questions(sum(base.seconds.values()))
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
    return Frontier(base, tuple(criteria), held.ceilings, front, outcomes)


def _read(reader: OutcomeReader, program: Program, point: FrontPoint, data: Data) -> Outcome:
    """Costs, burdens and units of a point."""
    if point.plan is None:
        return Outcome(status=str(point.status), reason=point.message)
    cost = point.values[0]
    stage = StageResult("front", point.status, cost, point.bound, point.seconds)
    return reader.read_plan(program, point.plan, stage, point.gap, data)

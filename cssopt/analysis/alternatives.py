"""Near-optimal plans: what is certain at a little more than the least cost, and what is free.

Every contribution is made as small and as large as can be with the expenditure a few percent above
the least; and plans are looked for that differ most from all before: hop, skip and jump (Brill,
Chang and Hopkins 1982).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cssopt.analysis.held import find_held
from cssopt.analysis.reader import Reader
from cssopt.analysis.runs import Outcome
from cssopt.build.study import Study
from cssopt.modeling.objective import Criterion
from cssopt.solution.plan import Solution, discount_factors
from cssopt.solution.run import Tell, run_program
from cssopt.solve.answer import Options, Solved, StageResult, severity
from cssopt.solve.explorer import Answer, Explorer, Figure
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.tables.data import Data

UNITS, BURDEN = "units", "burden"
"""Kinds of contributions: mean units held over the years; million, present value."""

NOTHING = 1e-6
"""Contributions below this are none, and ends closer than this share of them are the same."""

_ROUNDING = 1e-9
"""Share of the expenditure that rounding may take of its ceiling."""


@dataclass(frozen=True)
class Contribution:
    """What a member gives: ``units`` of a force (of every member: no member) or its ``burden``."""

    kind: str
    member: str = ""
    force: str = ""


@dataclass(frozen=True)
class Range:
    """Least and most of a contribution within a share of the least expenditure.

    Attributes
    ----------
    within: how much more than the least may be spent (share).
    base: the contribution in the base plan.
    least, most: reached by a plan; nan where none was found.
    surely_least, surely_most: what no plan goes below or beyond, which is proven; they differ from
        least and most only where a limit of the search came first.
    status: the worse of the two.
    """

    contribution: Contribution
    within: float
    base: float
    least: float
    most: float
    surely_least: float
    surely_most: float
    status: Status

    @property
    def verdict(self) -> str:
        """``certain`` (one value), ``at least`` (never none), ``free`` or ``never``."""
        if self.surely_most <= NOTHING:
            return "never"
        if self.surely_most - self.surely_least <= NOTHING * max(1.0, self.surely_most):
            return "certain"
        return "at least" if self.surely_least > NOTHING else "free"


@dataclass(frozen=True)
class Alternative:
    """A plan that differs from those before it as far as it can.

    Attributes
    ----------
    within: as of a range. number: 1 for the first beyond the base plan.
    outcome: its figures, with status. difference: sum over member and force of the mean units held
        more or less than in the base plan.
    """

    within: float
    number: int
    outcome: Outcome
    difference: float


@dataclass(frozen=True)
class Alternatives:
    """Near-optimal plans of a study.

    Attributes
    ----------
    base: the plan of the study; without one there is nothing else.
    start: its figures, as those of the alternatives.
    held: names and ceilings of what every plan keeps beside the expenditure.
    ranges, plans: by share of the least expenditure, rising.
    """

    base: Solution
    start: Outcome | None = None
    held: Mapping[str, float] = field(default_factory=dict)
    ranges: tuple[Range, ...] = ()
    plans: tuple[Alternative, ...] = ()

    @property
    def status(self) -> Status:
        """Optimal where the base plan and all ends of ranges are proven."""
        if not self.base.has_plan:
            return self.base.status
        every = [self.base.status, *(found.status for found in self.ranges)]
        proven = all(status is Status.OPTIMAL for status in every)
        return Status.OPTIMAL if proven else Status.FEASIBLE


def find_alternatives(
    data: Data,
    study: Study,
    coalition: Sequence[str],
    options: Options,
    expenditure: Criterion,
    *,
    within: Sequence[float],
    plans: int,
    given: Mapping[str, Any] | None = None,
    tell: Tell = lambda _step: None,
) -> Alternatives:
    """Ranges of every contribution, and plans that differ most, for each share of `within`.

    What the study's stages hold is held in all of them. `plans`: most alternatives for each share.
    """
    base, program = run_program(data, study, coalition, options, given=given, tell=tell)
    if base.solved.values is None:
        return Alternatives(base)
    reader, years = Reader(program), len(discount_factors(base.data))
    held = find_held(program, base.solved, [expenditure])
    search = _Search(program, options, base, held, Figure(*program.find_figure(expenditure.figure)))
    contributions = dict(_find_contributions(program, reader, years))
    ranges, found = [], []
    start = reader.read(base.solved, base.data)
    for share in sorted(set(within)):
        search.allow(share)
        for number, (contribution, figure) in enumerate(contributions.items(), start=1):
            tell(f"within {share:.3g}: contribution {number} of {len(contributions)}")
            ranges.append(search.find_range(contribution, figure, share))
        tell(f"within {share:.3g}: plans that differ most")
        units = {c: f for c, f in contributions.items() if c.kind == UNITS and c.member}
        for number, answer in enumerate(search.differ(units, plans), start=1):
            outcome = reader.read(_as_solved(program, answer), base.data)
            found.append(Alternative(share, number, outcome, _difference(outcome, start)))
    ceilings = {name: most for name, (_, most) in held.items()}
    return Alternatives(base, start, ceilings, tuple(ranges), tuple(found))


def _find_contributions(
    program: Program, reader: Reader, years: int
) -> Iterator[tuple[Contribution, Figure]]:
    """Burdens of members, units of forces, and units of forces by member."""
    for member, row in reader.burdens:
        figure = Figure(program.row_of_figure(row), float(program.offsets[row]))
        yield Contribution(BURDEN, member), figure
    of_force: dict[str, Any] = {}
    of_member = []
    for (member, force), places in reader.held.items():
        units = np.zeros(program.shape[1])
        units[places] = 1 / years
        of_member.append((Contribution(UNITS, member, force), Figure(units)))
        of_force[force] = of_force.get(force, 0.0) + units
    yield from (
        (Contribution(UNITS, "", force), Figure(units)) for force, units in of_force.items()
    )
    yield from of_member


class _Search:
    """One loaded program under a ceiling of expenditure."""

    def __init__(
        self,
        program: Program,
        options: Options,
        base: Solution,
        held: Mapping[str, tuple[Figure, float]],
        expenditure: Figure,
    ) -> None:
        assert base.solved.values is not None
        self._explorer = Explorer(program, options)
        for figure, most in held.values():
            self._explorer.add_limit(figure, most)
        self._expenditure = self._explorer.add_limit(expenditure)
        self._least = base.pooled_expenditure
        self._plan = base.solved.values

    def allow(self, share: float) -> None:
        """Let plans spend so much more than the base plan."""
        most = self._least + (share + _ROUNDING) * abs(self._least)
        self._explorer.limit(self._expenditure, most)

    def find_range(self, contribution: Contribution, figure: Figure, within: float) -> Range:
        down = self._ask(figure)
        up = self._ask(Figure(-figure.coefficients, -figure.constant))
        status = max((down.status, up.status), key=severity)
        ends = down.value, -up.value, down.bound, -up.bound
        # Less than nothing is rounding; a bound that was not proven is none.
        least, most, surely_least, surely_most = (x if math.isnan(x) else max(0.0, x) for x in ends)
        surely_least = 0.0 if math.isnan(surely_least) else surely_least
        surely_most = math.inf if math.isnan(surely_most) else surely_most
        value = max(0.0, figure.of(self._plan))
        return Range(contribution, within, value, least, most, surely_least, surely_most, status)

    def differ(self, units: Mapping[Contribution, Figure], plans: int) -> Iterator[Answer]:
        """Plans each with as little as can be of what those before it hold."""
        used: set[Contribution] = set()
        last = self._plan
        for _ in range(plans):
            new = {c for c, figure in units.items() if figure.of(last) > NOTHING}
            if new <= used:
                return
            used |= new
            weights = {c: 1 / max(units[c].of(self._plan), units[c].of(last), 1.0) for c in used}
            total = sum(weights[c] * units[c].coefficients for c in used)
            answer = self._ask(Figure(np.asarray(total)))
            if answer.plan is None:
                return
            last = answer.plan
            yield answer

    def _ask(self, figure: Figure) -> Answer:
        self._explorer.start_from(self._plan)
        answer = self._explorer.minimise(figure)
        if answer.status is Status.ERROR:
            answer = self._explorer.minimise(figure, near=False)
        return answer


def _as_solved(program: Program, answer: Answer) -> Solved:
    assert answer.plan is not None
    cost = float(program.find_figure("pooled_expenditure")[0] @ answer.plan)
    stage = StageResult("difference", answer.status, cost, math.nan, answer.seconds)
    figures = program.figures_of(answer.plan)
    return Solved(
        answer.status, answer.plan, figures, None, None, "", (stage,), math.nan, answer.gap
    )


def _difference(outcome: Outcome, start: Outcome) -> float:
    keys = {*outcome.units, *start.units}
    return sum(abs(outcome.units.get(k, 0.0) - start.units.get(k, 0.0)) for k in keys)

"""Prices of a plan: by input cell, from one backward pass and new solves, and by rule."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, Literal, NamedTuple

import numpy as np

from cssopt.assembly.instance import Instance
from cssopt.assembly.study import DEFAULT_STUDY, Study
from cssopt.errors import ModelError, SolveError
from cssopt.modeling.declare import Constraint
from cssopt.questions.prices.cells import find_size, find_span
from cssopt.questions.prices.kept_side import keep_side
from cssopt.questions.prices.line import Sample, Told
from cssopt.questions.prices.one_side import TooLongError, explore_side
from cssopt.questions.prices.optimum import Optimum, Path, Span
from cssopt.questions.prices.result import PlanPrices
from cssopt.questions.prices.rules import find_base, list_rules, look_at_rule
from cssopt.questions.prices.security import Security, lays_down_need
from cssopt.runs.given import asks_alone
from cssopt.solution.plan import Solution
from cssopt.solution.price import (
    BOUND,
    FARTHEST,
    MIXED,
    MONEY,
    TINY,
    UNASKED,
    CellPrice,
    Refusal,
    RulePrice,
    Side,
    find_remark,
)
from cssopt.solution.steps import NumberedStep
from cssopt.solve.answer import LEAST_PATIENCE, TIMES
from cssopt.solve.compile import compile_problem
from cssopt.solve.traced.template import differs
from cssopt.tables.spec import Column
from cssopt.trace.numbers import Cell

_WORK: Final = 1e7
"""Solves times columns that ranges are looked for with: on the demo more than it takes."""
_FOR_CELLS: Final = 0.8
"""Share of it for cells; what is left is for rules."""
_LARGE: Final = 10_000
"""Columns from which on work is counted in steps, and no new solve begins from nothing."""
_MOST: Final = 3.3
"""The work there, in what the plan took from nothing: with the plan less than five times that, what
is not counted (numbers of programs, their parts) included."""
_FOR_BASES: Final = 0.9
"""Share of the work of cells for what the bases of the plan tell of them, without a new solve."""
_SAME: Final = 1e-6
"""Relative distance of the plan from the LP that is solved again."""

Sides = Literal["planned", "all", "none"]
PLANNED: Final = "planned"
ALL: Final = "all"

Tell = Callable[[str], None]


def find_prices(
    solution: Solution, *, sides: Sides = PLANNED, tell: Tell = lambda _: None
) -> PlanPrices:
    """The prices of a plan, by cell and by rule.

    Parameters
    ----------
    sides: of which cells new solves look at both sides, for prices that differ there and for how
        far they hold: of those that planners set, of all, of none. The others have no price, as
        none is told without its range. In a large program only the dearest are looked at.

    A plan that is not there, or an LP that is not solved to its end, has no prices: the message
    of the answer says so. Raises ModelError for a study whose plans have no prices: one that holds
    what it does not minimise (see `check_study` for others).
    """
    if message := _find_obstacle(solution):
        return PlanPrices(solution=solution, message=message)
    try:
        return _Pricing(solution, tell).run(sides)
    except SolveError as error:
        return PlanPrices(solution=solution, message=f"There are no prices: {error}.")


def check_study(study: Study) -> None:
    """ModelError for a study that takes numbers from other plans, and so has no prices."""
    if asks_alone(study):
        raise ModelError(
            f"study {study.name} takes numbers from other plans, which every input moves too: it "
            f"has no prices. Choose another study, such as {DEFAULT_STUDY}."
        )


def _find_obstacle(solution: Solution) -> str:
    """Why a plan has no prices; empty where it has."""
    if not solution.has_plan:
        return f"There is no plan, and so no price: {solution.status.sentence}"
    if not solution.solved.prices_of:
        told = "The plan is not proven to be the best, and only such a plan has prices."
        return solution.solved.message.strip() or told
    if not solution.shape[1]:
        return "The study decides nothing for this workbook, and so nothing has a price."
    return ""


class _Way(NamedTuple):
    """How far a cell is moved at most to one side, and what ends there."""

    limit: float
    limited_by: str

    @classmethod
    def to(cls, limit: float, bound: float | None) -> _Way:
        return cls(limit, BOUND if limit == bound else FARTHEST)


class _Known(NamedTuple):
    """What is known of a cell before anything new is solved: the optimum at its value along it,
    and its sides to less and to more, None where the bases of the plan do not tell."""

    base: Sample
    sides: tuple[Side | None, Side | None]


class _Pricing:
    """The prices of one plan."""

    def __init__(self, solution: Solution, tell: Tell) -> None:
        begun = time.perf_counter()
        self._solution, self._tell = solution, tell
        instance = solution.instance
        self._data = instance.data
        tell("differentiating the plan")
        took = solution.solved.seconds
        options = replace(solution.options, time_limit=max(LEAST_PATIENCE, TIMES * took), log=None)
        self._optimum = Optimum(instance, options, solution.solved)
        # What is asked for by the clock is told by it; nothing else depends on it.
        is_timed = options.patience is not None
        self._until = options.begin_questions(took).until if is_timed else math.inf
        self._stages = self._name_stages()
        self._security = Security(
            self._optimum.program,
            self._stages,
            self._optimum.solved.vertices[-1].plan,
            solution.study.need,
        )
        self._work = _WORK / max(1, solution.shape[1])
        if solution.shape[1] > _LARGE:
            self._optimum.count_steps()
            self._work = self._work if is_timed else _MOST
        self._most_work = self._work
        self._keeps_sides = is_timed or solution.shape[1] > _LARGE
        self._scales = np.maximum(1.0, np.abs(self._optimum.reached))
        self._weighing = self._optimum.shape.template.find_weighing()
        self._check_same(instance)
        self._seconds = {"gradient": time.perf_counter() - begun}

    def _name_stages(self) -> tuple[str, ...]:
        """The stages by name; the last is money where it is the pooled expenditure alone."""
        program, money = self._optimum.program, self._solution.study.measure("expenditure")
        figure = "" if money is None else money.figure
        row = program.figures.get(("figure", figure, None))
        is_money = row is not None and program.same_figure(program.stages[-1].row, row)
        return (*(s.name for s in program.stages[:-1]), MONEY if is_money else MIXED)

    def _check_same(self, instance: Instance) -> None:
        """ModelError where the traced program is not that of the plan, SolveError where the LP that
        is solved again is worth another value."""
        own = compile_problem(instance.assemble())
        if place := differs(self._optimum.shape.template.program, own):
            raise ModelError(f"the traced program differs from that of the plan in its {place}")
        plan, again = self._solution.objective, float(self._optimum.reached[-1])
        is_lp = self._solution.solved.prices_of == "lp"
        if is_lp and abs(plan - again) > _SAME * max(1.0, abs(plan)):
            raise SolveError(f"solved again, the plan is worth {again:,.6f}, not {plan:,.6f}")

    def run(self, sides: Sides) -> PlanPrices:
        begun = time.perf_counter()
        self._most_work = _FOR_CELLS * self._work
        listed = [] if sides == "none" else list_rules(self._optimum)
        along = [find_base(self._optimum, each) for each in listed]
        cells = tuple(self._price_cells(sides))
        self._most_work = self._work
        rules = tuple(self._price_rules(list(zip(listed, along, strict=True))))
        self._seconds["sides"] = time.perf_counter() - begun
        return PlanPrices(
            solution=self._solution,
            stages=self._stages,
            prices_of=self._solution.solved.prices_of,
            reached=tuple(self._optimum.reached.tolist()),
            cells=cells,
            rules=rules,
            solves=self._optimum.solves,
            seconds=self._seconds,
        )

    def _check_work(self) -> None:
        """TooLongError once so much was solved, or so much time has passed, that it must end."""
        if self._is_late or self._optimum.work >= self._most_work:
            raise TooLongError

    @property
    def _is_late(self) -> bool:
        """True once the time that was asked for is over."""
        return time.perf_counter() > self._until

    def _price_cells(self, sides: Sides) -> list[CellPrice]:
        """Every cell that is read, in the order of the sheets; the dearest are looked at first."""
        planned, read = self._find_planned(), self._optimum.shape.template.find_read()
        found = {
            place: self._price(place, self._optimum.cells[place], planned[place])
            for place in np.flatnonzero(read).tolist()
        }
        asked = [x for x in found if sides == ALL or (sides == PLANNED and planned[x])]
        asked.sort(key=self._order)
        known = self._find_known(asked)
        for number, place in enumerate(asked, start=1):
            price = found[place]
            # Where work ends before all are looked at, those done say nothing of how long it takes.
            of = 0 if self._keeps_sides else len(asked)
            self._tell(NumberedStep("cell", number, of, price.where))
            if place in known:
                price = self._look(price, self._optimum.cells[place], known[place])
            found[place] = replace(price, remark=find_remark(price))
        return list(found.values())

    def _find_known(self, places: Sequence[int]) -> dict[int, _Known]:
        """What the bases of the plan tell of each of these cells that there is work for.

        All of them before anything is solved.
        """
        found: dict[int, _Known] = {}
        for number, place in enumerate(places, start=1):
            if self._is_late or self._optimum.work > _FOR_BASES * self._most_work:
                break
            cell = self._optimum.cells[place]
            if self._keeps_sides:
                self._tell(NumberedStep("looking at cell", number, len(places)))
            (down, up), _ = self._find_ways(cell)
            base = self._optimum.base(cell, (down.limit, up.limit))
            kept = self._keep_sides(cell, base) if self._keeps_sides else (None, None)
            found[place] = _Known(base, kept)
        return found

    def _keep_sides(self, cell: Cell, base: Sample) -> tuple[Side | None, Side | None]:
        """Both sides of a cell, as far as they are known without a new solve."""
        ways, scale = self._find_ways(cell)
        ends: Span | None
        if base.low is not None and base.high is not None:
            ends = base.low.value, base.high.value
        else:
            ends = self._optimum.find_reach(cell, (ways[0].limit, ways[1].limit))
        if ends is None:
            return None, None
        reach_at = partial(self._optimum.reach_at, cell)
        refuses, told = partial(self._optimum.forbids, cell), self._told_of(cell)
        down, up = (
            keep_side(
                reach_at, base, end, way.limit, scale,
                limited_by=way.limited_by, refuses=refuses, told=told,
            )
            for end, way in zip(ends, ways, strict=True)
        )  # fmt: skip
        return down, up

    def _order(self, place: int) -> tuple[bool, float]:
        """Needs first, and what only bounds a row, which a new solve answers soon; among those and
        among the others the dearest small change of any stage.

        A cell of which the duals do not tell comes before those that they tell to move nothing.
        """
        gradient, cell = self._optimum.gradient, self._optimum.cells[place]
        is_need = lays_down_need(self._data.tables[cell[0]].spec)
        moves = np.abs(gradient.cells[:, place]) * find_size(self._data, cell)
        dear = TINY if gradient.edges[place] else float((moves / self._scales).max())
        return not is_need and bool(self._weighing[place]), -dear

    def _find_planned(self) -> list[bool]:
        """Needs and rules, as their columns declare them, and what bounds rules of policy."""
        optimum = self._optimum
        policy = {
            (block.name, declared.name)
            for _, block in optimum.shape.problem.blocks()
            for declared in block.declared(Constraint)
            if declared.policy
        }
        rows = np.array([row[:2] in policy for row in optimum.program.rows], dtype=bool)
        bounding = optimum.shape.template.find_bounding(rows)
        found = []
        for (table, _, column), bounds in zip(optimum.cells, bounding.tolist(), strict=True):
            spec = self._data.tables[table].spec
            natures = {r.nature for r in (spec.rule, spec.column(column).rule) if r is not None}
            found.append(bool(natures - {"fact"}) or (bounds and not natures))
        return found

    def _price(self, place: int, cell: Cell, planned: bool) -> CellPrice:
        """A cell before its sides are looked at; without duals where decisions or rules begin or
        end at its very value."""
        table, key, name = cell
        gradient, column = self._optimum.gradient, self._column(cell)
        return CellPrice(
            table=table,
            key=key,
            column=name,
            where=self._data.tables[table].where(key, name),
            value=self._optimum.values[cell],
            measure=column.measure,
            size=find_size(self._data, cell),
            planned=planned,
            duals=() if gradient.edges[place] else tuple(gradient.cells[:, place].tolist()),
            remark=UNASKED,
        )

    def _look(self, price: CellPrice, cell: Cell, known: _Known) -> CellPrice:
        """The price with what new solves say of its two sides; where there is no work left for
        them, with what is known without. More comes first: its price is that of one more unit."""
        ways, scale = self._find_ways(cell)
        told, sides = self._told_of(cell), list[Side | None]()
        for way, kept in zip(ways[::-1], known.sides[::-1], strict=True):
            path = Path(self._optimum, cell, (ways[0].limit, ways[1].limit))

            def evaluate(value: float, path: Path = path) -> Sample | Refusal:
                self._check_work()
                return path(value)

            try:
                side: Side | None = explore_side(
                    evaluate, known.base, way.limit, scale,
                    refuses=path.refuses, limited_by=way.limited_by, told=told,
                )  # fmt: skip
            except TooLongError:
                side = kept
            sides.append(side)
        up, down = sides
        return replace(price, down=down, up=up, remark="")

    def _find_ways(self, cell: Cell) -> tuple[tuple[_Way, _Way], float]:
        """How far a cell is moved to less and to more, and what counts as its size."""
        column = self._column(cell)
        low, high, scale = find_span(column, self._optimum.values[cell])
        return (_Way.to(low, column.low), _Way.to(high, column.high)), scale

    def _told_of(self, cell: Cell) -> Told:
        return self._security.of_cell(self._data.tables[cell[0]].spec, cell[1])

    def _column(self, cell: Cell) -> Column:
        return self._data.tables[cell[0]].spec.column(cell[2])

    def _price_rules(
        self, listed: Sequence[tuple[tuple[RulePrice, int, float], Sample]]
    ) -> list[RulePrice]:
        """The dearest rules of policy, and how far their prices hold."""
        found = []
        for number, (each, base) in enumerate(listed, start=1):
            self._tell(NumberedStep("rule", number, len(listed), each[0].rule))
            rule = look_at_rule(self._optimum, self._security, each, base, self._check_work)
            found.append(replace(rule, remark=find_remark(rule)))
        return found

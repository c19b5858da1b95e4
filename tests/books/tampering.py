"""Plans that were tampered with, and an independent word on whether anything is wrong with them.

What is true of a plan is asked of the compiled program, never of an audit: the rows times the
decisions against their bounds, and every figure as the program reports it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cssopt.assembly.assemble import OBJECTIVE_BLOCK, Problem
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study
from cssopt.solution.audit import Audit, audit_solution
from cssopt.solution.extract import extract_quantities
from cssopt.solution.quantities import Quantities
from cssopt.solve.answer import Options, Solved
from cssopt.solve.compile import compile_problem
from cssopt.solve.program import Program
from cssopt.solve.stages import solve_program
from cssopt.tables.data import Data

BROKEN = 1e-5
"""Share of its size by which a rule or a figure is surely wrong: ten times what audits accept."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Planned:
    """A plan with the program that it was taken from."""

    problem: Problem
    program: Program
    solved: Solved

    @property
    def values(self) -> Floats:
        """Every decision, as the solver found it."""
        assert self.solved.values is not None
        return self.solved.values

    def tell(self, values: Floats) -> Quantities:
        """The quantities of these decisions, with every figure worked out from them."""
        figures = self.program.figures_of(values)
        return extract_quantities(self.problem, self.program, values, figures)

    def audit(self, quantities: Quantities) -> Audit:
        """What the audit says of these quantities."""
        return audit_solution(self.problem, quantities)

    def excess(self, values: Floats) -> Floats:
        """By how much of its size every row is broken; 0 where it holds."""
        program, matrix = self.program, self.program.matrix
        left = matrix @ values
        over = np.maximum(program.row_lower - left, left - program.row_upper)
        bounds = np.where(np.isfinite(program.row_lower), program.row_lower, program.row_upper)
        size = np.maximum(1.0, np.maximum(abs(matrix) @ abs(values), abs(bounds)))
        return np.maximum(over, 0.0) / size

    def is_wrong(self, told: Quantities) -> bool:
        """True where a decision, a rule or a figure is surely wrong, by the program alone."""
        values = self.read(told)
        if values is None or not np.isfinite(values).all():
            return True
        program = self.program
        outside = np.maximum(program.lower - values, values - program.upper)
        fraction = np.where(program.whole, abs(values - np.round(values)), 0.0)
        if max(outside.max(), fraction.max(), self.excess(values).max()) > BROKEN:
            return True
        return any(differs(told, self.tell(values)))

    def read(self, told: Quantities) -> Floats | None:
        """The decisions as the program orders them; None where one lacks or is another's."""
        names = {name for _, name, _ in self.program.columns}
        found = {
            (name, key): x for name in names for key, x in told.quantities[name].values.items()
        }
        values = [found.pop((name, key), None) for _, name, key in self.program.columns]
        return None if found or None in values else np.array(values, float)

    def rules(self) -> Iterator[tuple[str, list[int]]]:
        """Every rule with the places of its rows."""
        places: dict[str, list[int]] = {}
        for place, (owner, rule, _) in enumerate(self.program.rows):
            owner = self.problem.study.objective.name if owner == OBJECTIVE_BLOCK else owner
            places.setdefault(f"{owner}.{rule}", []).append(place)
        yield from places.items()


def differs(told: Quantities, true: Quantities) -> Iterator[bool]:
    """For every figure, whether it is surely not the true one."""
    for one, other in (
        (told.costs, true.costs),
        (told.reached, true.reached),
        *((told.quantities[name].values, q.values) for name, q in true.quantities.items()),
    ):
        for key in {**one, **other}:
            a, b = one.get(key, np.nan), other.get(key, np.nan)
            yield not abs(a - b) <= BROKEN * max(1.0, abs(a), abs(b))


def make_plan(
    data: Data, study: Study, coalition: Sequence[str] | None = None, **given: Any
) -> Planned:
    """The plan of a study, which must be one."""
    problem = Instance(data, study, coalition or data.members.keys, given).assemble()
    program = compile_problem(problem)
    solved = solve_program(program, Options(gap=0.05))
    assert solved.values is not None, solved.status
    return Planned(problem, program, solved)


def with_values(told: Quantities, name: str, values: Mapping[Any, float]) -> Quantities:
    """The quantities with other values of one of them."""
    changed = replace(told.quantities[name], values=values)
    return replace(told, quantities={**told.quantities, name: changed})


def tamper(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """One tampered plan, and in words what was done; it may be as true as the plan was."""
    return chance.choice(TAMPERS)(plan, chance)


def _decision(plan: Planned, chance: random.Random) -> int:
    """The place of a decision; every kind of decision has the same chance."""
    name = chance.choice(sorted({name for _, name, _ in plan.program.columns}))
    return chance.choice(
        [i for i, (_, other, _) in enumerate(plan.program.columns) if other == name]
    )


def _other(value: float, chance: random.Random) -> float:
    """Another number in place of one: more, less, none, a fraction, one that is below 0."""
    step = chance.choice([0.01, 0.1, 1.0]) * max(1.0, abs(value))
    return chance.choice([value + step, value - step, 0.5 * value + 0.3, -value - 0.5, 0.0])


def _one_decision(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """Another decision, with every figure that follows from it."""
    place = _decision(plan, chance)
    values = plan.values.copy()
    values[place] = _other(values[place], chance)
    return f"decision {plan.program.columns[place]}", plan.tell(values)


def _two_decisions(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """Two decisions of one kind for each other, with every figure that follows."""
    place = _decision(plan, chance)
    name = plan.program.columns[place][1]
    others = [i for i, (_, other, _) in enumerate(plan.program.columns) if other == name]
    values = plan.values.copy()
    other = chance.choice(others)
    values[[place, other]] = values[[other, place]]
    return f"decisions {plan.program.columns[place]} and {plan.program.columns[other]}", plan.tell(
        values
    )


def _scaled(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """All decisions of one kind times a factor, with every figure that follows."""
    name = plan.program.columns[_decision(plan, chance)][1]
    factor = chance.choice([0.5, 0.99, 1.01, 2.0])
    mine = np.array([other == name for _, other, _ in plan.program.columns])
    return f"{name} times {factor}", plan.tell(np.where(mine, factor * plan.values, plan.values))


def _one_number(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """One number of the plan alone: a decision, a sum, a figure or a parameter."""
    true = plan.tell(plan.values)
    name = chance.choice([name for name, q in true.quantities.items() if q.values])
    values = dict(true.quantities[name].values)
    key = chance.choice(list(values))
    values[key] = _other(values[key], chance)
    return f"{name}[{key}] alone", with_values(true, name, values)


def _two_numbers(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """Two numbers of one kind for each other, such as the burdens of two members."""
    true = plan.tell(plan.values)
    name = chance.choice([name for name, q in true.quantities.items() if len(q.values) > 1])
    values = dict(true.quantities[name].values)
    one, other = chance.sample(list(values), 2)
    values[one], values[other] = values[other], values[one]
    return f"{name}[{one}] for {name}[{other}]", with_values(true, name, values)


def _a_key(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """A number under another key than its own: one lacks, and one is there that is nobody's."""
    true = plan.tell(plan.values)
    name = chance.choice(
        [name for name, q in true.quantities.items() if q.values and q.index_names]
    )
    values = dict(true.quantities[name].values)
    key = chance.choice(list(values))
    strange = ("nobody", *key[1:]) if isinstance(key, tuple) else "nobody"
    values[strange] = values.pop(key)
    return f"{name}[{key}] as {strange}", with_values(true, name, values)


def _a_cost(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """Another cost in the ledger."""
    true = plan.tell(plan.values)
    key = chance.choice(list(true.costs))
    return f"cost {key}", replace(true, costs={**true.costs, key: _other(true.costs[key], chance)})


def _a_cost_elsewhere(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """A part of a cost borne by another, paid in another year or under another entry."""
    true = plan.tell(plan.values)
    key = chance.choice([key for key, cost in true.costs.items() if cost])
    place = chance.randrange(3)
    others = sorted({other[place] for other in true.costs} - {key[place]})
    moved = (*key[:place], chance.choice(others), *key[place + 1 :])
    part = chance.choice([0.1, 1.0]) * true.costs[key]
    costs = {**true.costs, key: true.costs[key] - part, moved: true.costs.get(moved, 0.0) + part}
    return f"cost {key} as {moved}", replace(true, costs=costs)


def _an_objective(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """Another value that a stage is said to have reached."""
    true = plan.tell(plan.values)
    name = chance.choice(list(true.reached))
    reached = {**true.reached, name: _other(true.reached[name], chance)}
    return f"reached {name}", replace(true, reached=reached)


def _no_number(plan: Planned, chance: random.Random) -> tuple[str, Quantities]:
    """What is no number in place of a decision or a figure."""
    true = plan.tell(plan.values)
    name = chance.choice([name for name, q in true.quantities.items() if q.values])
    values = dict(true.quantities[name].values)
    key, none = chance.choice(list(values)), chance.choice([np.nan, np.inf, -np.inf])
    return f"{name}[{key}] {none}", with_values(true, name, {**values, key: none})


TAMPERS = (
    _one_decision, _one_decision, _one_decision, _one_decision, _two_decisions, _scaled,
    _one_number, _one_number, _two_numbers, _a_key, _a_cost, _a_cost_elsewhere, _an_objective,
    _no_number,
)  # fmt: skip


def break_row(plan: Planned, row: int, by: float = 0.05) -> Floats:
    """The decisions with one of them changed so that a row does not hold, by a share of its size.

    A decision that stays in its range where there is one; whole numbers change by whole steps.
    """
    program, values = plan.program, plan.values
    begin, end = program.matrix.indptr[row : row + 2]
    columns, each = program.matrix.indices[begin:end], program.matrix.data[begin:end]
    low, high = program.row_lower[row], program.row_upper[row]
    bound = high if np.isfinite(high) else low
    size = max(1.0, abs(bound), float(abs(each) @ abs(values[columns])))
    wanted = bound + (by if np.isfinite(high) else -by) * size - float(each @ values[columns])
    tried = []
    for place in np.lexsort((-abs(each), program.whole[columns])):
        column, step = columns[place], wanted / each[place]
        changed = values.copy()
        if program.whole[column]:
            changed[column] = round(changed[column])
            step = np.sign(step) * np.ceil(abs(step) - 1e-9)
        changed[column] += step
        tried.append(changed)
        if program.lower[column] <= changed[column] <= program.upper[column]:
            return changed
    return tried[0]

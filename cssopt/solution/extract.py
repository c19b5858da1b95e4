"""From the solver's arrays back to quantities, costs and prices by name and key."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from cssopt.assembly.assemble import Problem
from cssopt.assembly.component import Component
from cssopt.modeling.declare import Constraint, Expression, Parameter, Variable
from cssopt.modeling.ledger import Balance
from cssopt.names import YEAR
from cssopt.profile import measured
from cssopt.solution.quantities import Quantities, Quantity
from cssopt.solve.answer import Solved
from cssopt.solve.program import Floats, Program
from cssopt.tables.row_order import TypedOrder

TINY = 1e-9
"""Values closer to 0 than this are rounding of the solver, and are shown as 0."""


@measured("extract")
def extract_quantities(
    problem: Problem, program: Program, plan: Floats, reported: Floats
) -> Quantities:
    """Every variable, balance, expression and parameter of a problem with its value in a plan.

    `reported` are the plan's figures, in the order of the program's. Keys stand in the order in
    which the input names the codes (`TypedOrder`).
    """
    return Extractor(problem, program).extract(plan, reported)


class Extractor:
    """Knows where the quantities of a problem stand in a program, for plan after plan of it."""

    def __init__(self, problem: Problem, program: Program) -> None:
        self._problem = problem
        self._program = program
        typed = TypedOrder(problem.data)
        columns: dict[str, dict[Any, int]] = {}
        for place, (_, name, key) in enumerate(program.columns):
            columns.setdefault(name, {})[key] = place
        figures: dict[str, dict[Any, int]] = {}
        costs: dict[tuple[str, str, int], int] = {}
        self._stages: dict[str, int] = {}
        for figure, row in program.figures.items():
            if figure[0] == "ledger":
                costs[figure[1], figure[2], figure[3]] = row
            elif figure[0] == "stage":
                self._stages[figure[1]] = row
            elif figure[0] == "figure":
                figures.setdefault(figure[1], {})[figure[2]] = row
        places_of = {"variable": columns, "expression": figures, "balance": figures}
        # Each without its values, and those: a parameter's, or the places of them in a plan.
        self._quantities = [
            (
                Quantity(
                    name, component, kind, thing.doc or "", thing.measure, thing.index_names, {}
                ),
                typed.arrange(
                    thing.index_names,
                    thing if kind == "parameter" else places_of[kind].get(name, {}),
                ),
            )
            for component, name, kind, thing in list_declared(problem)
        ]
        posted = {entry: at for at, entry in enumerate(dict.fromkeys(key[0] for key in costs))}
        by_bearer = typed.sort(("entry", problem.data.party_index, YEAR), costs)
        by_entry = sorted(by_bearer, key=lambda key: posted[key[0]])
        self._costs = {key: costs[key] for key in by_entry}
        in_outlay = problem.ledger.in_outlay
        self._later = frozenset(entry for entry in posted if not in_outlay(entry))

    def fits(self, program: Program) -> bool:
        """True for a program whose quantities stand in the same places."""
        own = self._program
        return program.columns is own.columns and program.figures is own.figures

    def extract(self, plan: Floats, reported: Floats) -> Quantities:
        """The quantities of a plan; `reported` as of `extract_quantities`."""
        if len(plan) != self._program.shape[1]:
            raise ValueError("a plan of another program")
        values, amounts = (
            np.where(np.abs(numbers) < TINY, 0.0, numbers).tolist() for numbers in (plan, reported)
        )
        quantities = {}
        for quantity, found in self._quantities:
            if quantity.kind != "parameter":
                numbers = values if quantity.kind == "variable" else amounts
                found = {key: numbers[place] for key, place in found.items()}
            quantities[quantity.name] = replace(quantity, values=found)
        return Quantities(
            self._problem.data,
            quantities,
            {key: amounts[row] for key, row in self._costs.items()},
            {name: amounts[row] for name, row in self._stages.items()},
            self._problem.study.relaxed,
            self._later,
            self._problem.arithmetic,
        )


def list_declared(problem: Problem) -> Iterator[tuple[str, str, str, Any]]:
    """Every quantity that is declared: component, name, kind, and what it was declared as."""
    for component, block in problem.blocks():
        for declared in block.declared(Variable):
            yield component.name, declared.name, "variable", declared
        for declared in block.declared(Expression):
            yield component.name, declared.name, "expression", declared
        for name, thing in vars(block).items():
            if isinstance(thing, Balance):
                yield component.name, name, "balance", thing
            elif isinstance(thing, Parameter):
                yield component.name, name, "parameter", thing


def extract_prices(problem: Problem, program: Program, solved: Solved) -> dict[str, Quantity]:
    """What one more unit of room in each rule would save (present value, never negative).

    For ``meet_requirement`` this is what one more unit of need would cost. Rules without a price
    in this plan are 0; equalities have none. Earlier stages are held at what they reached.
    """
    if solved.row_prices is None:
        return {}
    typed = TypedOrder(problem.data)
    duals = [0.0 if abs(dual) < TINY else abs(dual) for dual in solved.row_prices.tolist()]
    return {
        declared.name: Quantity(
            declared.name,
            component.name,
            "price",
            declared.doc or "",
            "million",
            declared.index_names,
            typed.arrange(declared.index_names, {key: duals[place] for key, place, _ in rows}),
            declared.policy,
        )
        for component, declared, rows in find_slack(problem, program)
    }


SlackRow = tuple[Any, int, float]
"""Key of a row, its place in the program, and 1 where a lower limit is more slack, else -1."""


def find_slack(
    problem: Problem, program: Program
) -> Iterator[tuple[Component, Any, list[SlackRow]]]:
    """Every rule that may leave slack (no equality): its component, its constraint, its rows."""
    found: dict[tuple[str, str], list[SlackRow]] = {}
    bounds = zip(program.row_lower.tolist(), program.row_upper.tolist(), strict=True)
    for place, ((owner, name, key), (low, high)) in enumerate(
        zip(program.rows, bounds, strict=True)
    ):
        if low != high:
            sign = 1.0 if math.isfinite(low) else -1.0
            found.setdefault((owner, name), []).append((key, place, sign))
    for component, block in problem.blocks():
        for declared in block.declared(Constraint):
            rows = found.get((block.name, declared.name))
            if rows is not None:
                yield component, declared, rows

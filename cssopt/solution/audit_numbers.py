"""What an audit asks before any rule of a component: the numbers of a plan as the program has them.

A plan has a number for every decision, sum, figure and cost of its program and none besides; every
parameter is the one that the program was made of; and decisions lie in their ranges. This follows
from what is declared, so that it holds for every component, whatever its own audit says.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from cssopt.assembly.assemble import Problem
from cssopt.modeling.audit import TOLERANCE, AuditFinding
from cssopt.modeling.declare import Variable
from cssopt.names import key_parts
from cssopt.solution.extract import list_declared
from cssopt.solution.quantities import Quantities

Found = dict[tuple[str, str], list[AuditFinding]]
"""Findings by component and rule."""


def find_wrong_numbers(problem: Problem, solution: Quantities) -> Found:
    """Numbers that lack, are nobody's or are none, and parameters of another program.

    Only what is wrong is told: the rules can be asked of a plan that has all its numbers.
    """
    found: Found = {}
    for component, rule, findings in _numbers(problem, solution):
        if wrong := [finding for finding in findings if finding.violation > TOLERANCE]:
            found.setdefault((component, rule), []).extend(wrong)
    return found


def find_ranges(problem: Problem, solution: Quantities) -> Found:
    """Every decision against the bounds that it was declared with, and whether it is whole."""
    return {
        (component, f"range of {name}"): list(_range(name, declared, solution, problem))
        for component, name, kind, declared in list_declared(problem)
        if kind == "variable" and len(declared)
    }


def _numbers(
    problem: Problem, solution: Quantities
) -> Iterator[tuple[str, str, Iterator[AuditFinding]]]:
    for component, name, kind, declared in list_declared(problem):
        quantity = solution.quantities.get(name)
        values = quantity.values if quantity is not None else {}
        yield component, f"numbers of {name}", _one_for_each(name, dict.fromkeys(declared), values)
        if kind == "parameter":
            yield component, f"parameter {name}", _the_same(name, declared, values)
    costs = dict.fromkeys((entry, who, year) for entry, who, year, _ in problem.ledger.entries())
    yield "ledger", "numbers of costs", _one_for_each("costs", costs, solution.costs)
    stages = [stage.name for stage in problem.stages]
    yield "objective", "numbers of reached", _one_for_each("reached", stages, solution.reached)


def _one_for_each(
    name: str, keys: Collection[Any], values: Mapping[Any, float]
) -> Iterator[AuditFinding]:
    """How many numbers a key has against how many it should have, and whether each is one."""
    lacking = [key for key in keys if key not in values]
    strange = [key for key in values if key not in keys]
    for key in lacking + strange:
        yield AuditFinding(name, as_place(key), int(key in values), "==", int(key in keys))
    for key, value in values.items():
        if not math.isfinite(value):
            yield AuditFinding(name, as_place(key), value, "==", value)


def _the_same(
    name: str, declared: Mapping[Any, float], values: Mapping[Any, float]
) -> Iterator[AuditFinding]:
    for key, value in declared.items():
        if key in values:
            yield AuditFinding(name, as_place(key), values[key], "==", value)


def _range(
    name: str, declared: Variable, solution: Quantities, problem: Problem
) -> Iterator[AuditFinding]:
    values, relaxed = solution.quantities[name].values, problem.study.relaxed
    for key, most, is_whole in declared.ranges():
        value, where = values[key], as_place(key)
        yield AuditFinding(name, where, value, ">=", 0.0)
        if math.isfinite(most):
            yield AuditFinding(name, where, value, "<=", most)
        if is_whole and not relaxed:
            # The fraction by itself: of a large number a millionth would be too much.
            yield AuditFinding(name, where, value - round(value), "==", 0.0)


def as_place(key: Any) -> tuple[Any, ...]:
    """The key of a quantity as the place of a finding; none for one without indices."""
    if key is None:
        return ()
    return key_parts(key)

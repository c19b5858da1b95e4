"""A given plan is filled in, costed and checked, and put beside the least-cost plan near it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cssopt.assembly.assemble import Problem
from cssopt.assembly.case import Case
from cssopt.assembly.component import Component
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_components
from cssopt.errors import DataError, ModelError
from cssopt.issues import Issue
from cssopt.modeling.declare import Constraint
from cssopt.modeling.measures import GivenPlan
from cssopt.names import key_parts
from cssopt.questions.plan.costing.result import BrokenRule, PlannedRow
from cssopt.solution.near_plan import find_given
from cssopt.solution.plan import Solution
from cssopt.solve.giving_way import RowName
from cssopt.solve.traced.origins import Origins
from cssopt.tables.check import check_rules
from cssopt.tables.data import Data, TableData
from cssopt.trace.sources import find_cells


def follow_plan(case: Case, instance: Instance) -> Instance:
    """The question for plans that do what the given plan says.

    Raises DataError where none is given for these members (E-579) or it makes no sense (E-578),
    with every cell, and ModelError where no component of the model folders holds a given plan.
    """
    component = find_given(load_components(case.folders).values())
    if component is None:
        raise ModelError(
            "no component of the model folders declares a GivenPlan in its ROLES; add one"
        )
    role = _role(component)
    restricted = instance.restricted
    table = restricted.tables.get(role.table)
    if table is None or not len(table):
        raise DataError([Issue("E-579", role.table, _tell_how(case.data, role))], case.source)
    faults = check_rules(restricted, component.checks)
    if faults:
        raise DataError([replace(fault, code="E-578") for fault in faults], case.source)
    return instance.with_study(instance.study.adding(component.name, case.folders))


def _role(component: Component) -> GivenPlan:
    assert component.given_plan is not None
    return component.given_plan


def _tell_how(data: Data, role: GivenPlan) -> str:
    """How to fill in the sheet, where it is not there or has no rows."""
    keys = ", ".join(data.tables[role.table].spec.key) if role.table in data.tables else ""
    columns = " and ".join(role.accounts)
    return (
        f'there is no plan to cost. Add a sheet "{role.table}" with a row for each {keys}, and '
        f"numbers of units in {columns}; what you leave blank, the model fills in. "
        "`cssopt template` writes an empty book that has the sheet."
    )


def find_rows(plan: Solution) -> tuple[PlannedRow, ...]:
    """What was given, row by row, and what the plan has there."""
    role, table = _given_in(plan)
    return tuple(
        PlannedRow(
            key,
            table.where(key, table.spec.key[0]),
            {column: table.columns[column][key] for column in role.accounts},
            {name: plan.accounts[each].get(key, 0.0) for name, each in role.accounts.items()},
        )
        for key in table
    )


def _given_in(plan: Solution) -> tuple[GivenPlan, TableData]:
    component = find_given(plan.study.components)
    assert component is not None
    return _role(component), plan.data.tables[_role(component).table]


def find_broken_rules(plan: Solution) -> tuple[BrokenRule, ...]:
    """The rules that gave way, those that gave way most of their limits first."""
    if not plan.given_way:
        return ()
    role, table = _given_in(plan)
    problem, origins = _trace(plan.instance)
    rules = {
        (component.name, declared.name): declared
        for component, block in problem.blocks()
        for declared in block.declared(Constraint)
        if declared.gives_way
    }
    program = None if origins is None else origins.program
    places = {} if program is None else {row: place for place, row in enumerate(program.rows)}
    found = []
    for row, amount in plan.given_way.items():
        declared = rules[row[:2]]
        key = dict(zip(declared.index_names, key_parts(row[2]), strict=False))
        limit = None
        if origins is not None:
            high = float(origins.program.row_upper[places[row]])
            limit = high if high and math.isfinite(high) else None
        found.append(
            BrokenRule(
                name=f"{row[0]}.{row[1]}",
                says=declared.doc,
                key=key,
                amount=amount,
                limit=limit,
                measure=declared.measure,
                planned=tuple(_find_planned(table, role, key)),
                inputs=tuple(_find_inputs(plan.data, origins, places, row)),
            )
        )
    return tuple(sorted(found, key=lambda one: -one.amount / abs(one.limit or 1.0)))


def _trace(instance: Instance) -> tuple[Problem, Origins | None]:
    """The problem, and where its numbers come from; None where a component hides that."""
    try:
        problem, tape = instance.trace(find_cells(instance.data))
        return problem, Origins(problem, tape)
    except ModelError:
        return instance.assemble(), None


def _find_planned(table: TableData, role: GivenPlan, key: dict[str, Any]) -> Iterator[str]:
    """Cells of the given plan at the place where a rule is broken."""
    parts = [(place, key[name]) for place, name in enumerate(table.spec.key) if name in key]
    for row in table:
        if all(row[place] == part for place, part in parts):
            for column in role.accounts:
                if table.columns[column][row]:
                    yield table.where(row, column)


def _find_inputs(
    data: Data, origins: Origins | None, places: dict[RowName, int], row: RowName
) -> Iterator[str]:
    """Cells that make the limit of a rule."""
    cells = [] if origins is None else origins.find_cells(places[row], in_bounds=True)
    for table, key, column in cells:
        yield data.tables[table].where(key, column)

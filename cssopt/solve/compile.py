"""From the Pyomo model to arrays, in one pass of Pyomo's standard form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.core.expr import LinearExpression
from pyomo.repn.plugins.parameterized_standard_form import (
    ParameterizedLinearStandardFormCompiler,
)
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csr_array

from cssopt.assembly.assemble import Problem
from cssopt.errors import ModelError
from cssopt.modeling.ledger import Balance
from cssopt.modeling.objective import Stage
from cssopt.modeling.quiet import quiet_pyomo
from cssopt.names import key_parts
from cssopt.profile import measured
from cssopt.solve.finite import check_finite
from cssopt.solve.program import Floats, Program, StageConstraint, StageRow
from cssopt.trace.numbers import Traced


def compile_problem(problem: Problem) -> Program:
    """Compile every variable, rule, stage, ledger entry and balance of a problem, once.

    Columns stand in the order of declaration, variables that no rule names included, so that a
    value always has its place.
    """
    return _compile(problem, _reported(problem), LinearStandardFormCompiler())[0]


def compile_bare(problem: Problem, figure: str) -> Program:
    """As `compile_problem`, but of all that is reported only what the stages are made of, and one
    figure without indices: for many programs of which no more is asked, in half the time."""
    wanted = ("figure", figure, None)
    figures = {
        name: expression
        for name, expression in _reported(problem).items()
        if name[0] in ("stage", "hold") or name == wanted
    }
    return _compile(problem, figures, LinearStandardFormCompiler())[0]


def compile_model(model: Any, figures: Mapping[str, Any]) -> Program:
    """Compile a plain Pyomo model with figures of your own, such as the objectives of a front.

    Each figure is a linear expression of the model, to be minimised; its row of `reported` is
    ``program.figures["figure", name, None]``. Objectives of the model do not count.
    """
    named = {("figure", name, None): expression for name, expression in figures.items()}
    columns = _columns(model)
    form, sense = _write(model, list(named.values()), columns, LinearStandardFormCompiler())
    return _as_program(form, sense, columns, named)[0]


@dataclass(frozen=True)
class TracedPositions:
    """Where traced numbers stand in a program's arrays: positions and nodes of each array."""

    matrix: ArrayPositions
    row_lower: ArrayPositions
    row_upper: ArrayPositions
    reported: ArrayPositions
    offsets: ArrayPositions


@dataclass(frozen=True)
class ArrayPositions:
    """Positions in one array, and the node of the tape that gives the number of each."""

    positions: NDArray[np.int64]
    nodes: NDArray[np.int64]


def compile_traced(problem: Problem) -> tuple[Program, TracedPositions]:
    """Compile a problem whose tables hold traced numbers, and tell where each ended up."""
    compiler = ParameterizedLinearStandardFormCompiler()
    return _compile(problem, _reported(problem), compiler, wrt=[])


@measured("compile")
def _compile(
    problem: Problem, figures: Mapping[tuple[Any, ...], Any], compiler: Any, **options: Any
) -> tuple[Program, TracedPositions]:
    columns = _columns(problem.model)
    form, sense = _write(problem.model, list(figures.values()), columns, compiler, **options)
    program, positions = _as_program(form, sense, columns, figures)
    relaxed = problem.study.relaxed
    program = replace(
        program,
        whole=np.zeros_like(program.whole) if relaxed else program.whole,
        stages=tuple(_stage_row(stage, program.figures) for stage in problem.stages),
        trivially_infeasible=problem.trivially_infeasible,
        indices=_find_indices(problem),
    )
    check_finite(problem, program)
    return program, positions


def _write(
    model: Any, expressions: list[Any], columns: list[_Column], compiler: Any, **options: Any
) -> tuple[Any, NDArray[np.int64]]:
    """Pyomo's standard form of a model, the expressions as its objectives; and its rows' senses."""
    others = list(model.component_data_objects(pyo.Objective, active=True))
    for objective in others:
        objective.deactivate()
    variables = [data for _, _, _, data in columns]
    try:
        with quiet_pyomo():
            model.reported = pyo.Objective(
                range(len(expressions)),
                rule=lambda _block, index: _as_expression(expressions[index]),
            )
            form = compiler.write(model, mixed_form=True, column_order=variables, **options)
    except ValueError as error:  # InvalidConstraintError of newer versions is one
        raise ModelError(f"the model is not linear: {error}") from error
    finally:
        model.del_component("reported")
        for objective in others:
            objective.activate()
    return form, np.array([entry.bound_type for entry in form.rows], dtype=np.int64)


def _as_program(
    form: Any, sense: NDArray[np.int64], columns: list[_Column], figures: Mapping[Any, Any]
) -> tuple[Program, TracedPositions]:
    """The program without stages, and where traced numbers stand in it."""
    variables = [data for _, _, _, data in columns]
    position = {id(data): index for index, data in enumerate(variables)}
    where = np.array([position[id(data)] for data in form.columns], dtype=np.int64)
    matrix, in_matrix = _spread(form.A, where, len(columns))
    reported, in_reported = _spread(form.c, where, len(columns))
    right, in_right = _split(form.rhs)
    offsets, in_offsets = _split(form.c_offset)
    program = Program(
        matrix=matrix,
        # A row bounded on both sides stands twice in the mixed form.
        row_lower=np.where(sense <= 0, right, -math.inf),
        row_upper=np.where(sense >= 0, right, math.inf),
        lower=np.array([-math.inf if v.lb is None else v.lb for v in variables], float),
        upper=np.array([math.inf if v.ub is None else v.ub for v in variables], float),
        whole=np.array([not v.is_continuous() for v in variables], bool),
        reported=reported,
        offsets=offsets,
        stages=(),
        figures={figure: index for index, figure in enumerate(figures)},
        columns=tuple((component, name, key) for component, name, key, _ in columns),
        rows=tuple(_row_name(entry.constraint) for entry in form.rows),
        structure=_find_structure(columns),
    )
    lower, upper = (_kept(in_right, bounds) for bounds in (sense <= 0, sense >= 0))
    return program, TracedPositions(in_matrix, lower, upper, in_reported, in_offsets)


def _as_expression(figure: Any) -> Any:
    """The figure, so that Pyomo does not make a plain number of a traced one that stands alone."""
    return LinearExpression(constant=figure) if figure.__class__ is Traced else figure


def _kept(traced: ArrayPositions, wanted: NDArray[np.bool_]) -> ArrayPositions:
    keep = wanted[traced.positions]
    return ArrayPositions(traced.positions[keep], traced.nodes[keep])


def _split(numbers: Any) -> tuple[Floats, ArrayPositions]:
    """Numbers as floats, and which of them are traced."""
    values = np.asarray(numbers)
    if values.dtype != object:
        return values.astype(float), ArrayPositions(*np.zeros((2, 0), dtype=np.int64))
    traced = [i for i, number in enumerate(values) if number.__class__ is Traced]
    nodes = [values[i].node for i in traced]
    plain = [n.value if n.__class__ is Traced else n for n in values]
    return np.array(plain, float), ArrayPositions(
        np.array(traced, np.int64), np.array(nodes, np.int64)
    )


def _reported(problem: Problem) -> dict[tuple[Any, ...], Any]:
    """Every figure that is reported, and its expression."""
    figures: dict[tuple[Any, ...], Any] = {}
    for stage in problem.stages:
        figures["stage", stage.name] = stage.expression
        for hold in stage.holds:
            figures["hold", stage.name, hold.name] = hold.expression
    for levels in problem.levels:
        for key, part in levels.parts.items():
            figures["level", levels.name, key] = part
    for entry, bearer, year, amount in problem.ledger.entries():
        figures["ledger", entry, bearer, year] = amount
    for _, block in problem.blocks():
        for name, thing in vars(block).items():
            if isinstance(thing, Balance):
                for key in thing:
                    figures["figure", name, key] = thing[key]
        for declared in block.component_objects(pyo.Expression, descend_into=False):
            for key, data in declared.items():
                figures["figure", declared.local_name, key] = data
    return figures


def _find_indices(problem: Problem) -> dict[str, tuple[str, ...]]:
    """Names of the indices of every decision, balance and expression, by its name."""
    found: dict[str, tuple[str, ...]] = {}
    for _, block in problem.blocks():
        for name, thing in vars(block).items():
            if isinstance(thing, Balance):
                found[name] = thing.index_names
        for kind in (pyo.Var, pyo.Expression):
            for declared in block.component_objects(kind, descend_into=False):
                found[declared.local_name] = declared.index_names
    return found


def _stage_row(stage: Stage, figures: Mapping[tuple[Any, ...], int]) -> StageRow:
    holds = tuple(
        StageConstraint(
            hold.name, figures["hold", stage.name, hold.name], hold.allowance, hold.give_up
        )
        for hold in stage.holds
    )
    return StageRow(stage.name, figures["stage", stage.name], holds)


_Column = tuple[str, str, Any, Any]


def _columns(model: Any) -> list[_Column]:
    return [
        (declared.parent_block().local_name, declared.local_name, key, data)
        for declared in model.component_objects(pyo.Var, descend_into=True)
        for key, data in declared.items()
    ]


def _find_structure(columns: list[_Column]) -> dict[str, NDArray[np.int64]]:
    """The columns that each sentence about the structure of a plan speaks of."""
    places: dict[str, list[int]] = {}
    for position, (_, _, key, data) in enumerate(columns):
        declared = data.parent_component()
        for words in getattr(declared, "structure", ()):
            codes = key_parts(key)
            told = words.format(**dict(zip(declared.index_names, codes, strict=False)))
            places.setdefault(told, []).append(position)
    return {told: np.array(where, dtype=np.int64) for told, where in places.items()}


def _row_name(row: Any) -> tuple[str, str, Any]:
    declared = row.parent_component()
    return declared.parent_block().local_name, declared.local_name, row.index()


def _spread(matrix: Any, where: Any, columns: int) -> tuple[csr_array, ArrayPositions]:
    """The matrix, given by columns, with these at their places among all columns, by rows."""
    count = int(matrix.indptr[-1])
    values, traced = _split(matrix.data[:count])
    at = np.repeat(where, np.diff(matrix.indptr))
    # The places of the entries go along as numbers, so that traced ones are found again.
    order = csr_array(
        (np.arange(1, count + 1), (matrix.indices[:count], at)), shape=(matrix.shape[0], columns)
    )
    order.sort_indices()
    entry = order.data - 1
    place = np.empty(count, dtype=np.int64)
    place[entry] = np.arange(count)
    spread = csr_array((values[entry], order.indices, order.indptr), shape=order.shape)
    return spread, ArrayPositions(place[traced.positions], traced.nodes)

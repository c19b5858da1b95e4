"""From the model to arrays: the terms of all rows are sorted once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from string import Formatter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cssopt.assembly.assemble import Problem
from cssopt.modeling.declare import Constraint, Expression, Variable
from cssopt.modeling.ledger import Balance
from cssopt.modeling.linear import Linear, Rows, as_linear, compare_nothing
from cssopt.modeling.objective import Stage
from cssopt.names import key_parts
from cssopt.profile import measured
from cssopt.solve.finite import check_finite
from cssopt.solve.names import Names
from cssopt.solve.program import Floats, Program, StageConstraint, StageRow
from cssopt.tables.collection import no_collection
from cssopt.trace.numbers import Traced

Places = NDArray[np.int64]
Figures = Iterator[tuple[tuple[Any, ...], Any]]

_PORTION = 10_000
"""Terms of several parts that are merged together at most: their memory is of no concern."""


def compile_problem(problem: Problem) -> Program:
    """Compile every variable, rule, stage, ledger entry and balance of a problem, once.

    Columns stand in the order of declaration, variables that no rule names included, so that a
    value always has its place.
    """
    return _compile(problem, _reported(problem))[0]


def compile_bare(problem: Problem, figure: str) -> Program:
    """As `compile_problem`, but of all that is reported only what the stages are made of, and one
    figure without indices: for many programs of which no more is asked, in half the time."""
    asked = (
        (("figure", figure, None), declared)
        for _, declared in problem.model.declared(Expression)
        if declared.name == figure and isinstance(declared, Linear)
    )
    return _compile(problem, chain(_staged(problem), asked))[0]


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

    positions: Places
    nodes: Places

    @classmethod
    def of(cls, traced: Mapping[int, Traced]) -> ArrayPositions:
        """Those of traced numbers by position."""
        nodes = [number.node for number in traced.values()]
        return cls(np.array(list(traced), np.int64), np.array(nodes, np.int64))

    def select(self, kept: NDArray[np.bool_]) -> ArrayPositions:
        """Those at which an array is kept."""
        here = kept[self.positions]
        return ArrayPositions(self.positions[here], self.nodes[here])


def compile_traced(problem: Problem) -> tuple[Program, TracedPositions]:
    """Compile a problem whose tables hold traced numbers, and tell where each ended up."""
    return _compile(problem, _reported(problem))


@measured("compile")
def _compile(problem: Problem, figures: Figures) -> tuple[Program, TracedPositions]:
    with no_collection():
        return _arrange(problem, figures)


def _arrange(problem: Problem, figures: Figures) -> tuple[Program, TracedPositions]:
    variables = sorted(problem.model.declared(Variable), key=lambda own: own[1].first)
    count, is_relaxed = problem.model.columns, problem.study.relaxed
    reported, order = Rows(), {}
    for figure, amount in figures:
        expression = as_linear(amount)
        order[figure] = len(reported)
        reported.append(*expression.terms(), expression.constant)
    figure_matrix, in_reported = _merge([reported], count)
    offsets, in_offsets = _split([reported.numbers])
    del reported
    rules = _Rules(list(problem.model.declared(Constraint)), count)
    is_upper, is_lower = (
        np.array([sense != other for sense in rules.senses], dtype=bool) for other in (">=", "<=")
    )
    program = Program(
        matrix=rules.matrix,
        row_lower=np.where(is_lower, rules.right, -math.inf),
        row_upper=np.where(is_upper, rules.right, math.inf),
        lower=np.zeros(count),
        upper=np.fromiter((most for _, most, _ in _ranges(variables)), float, count),
        whole=np.fromiter((w and not is_relaxed for *_, w in _ranges(variables)), bool, count),
        reported=figure_matrix,
        offsets=offsets,
        stages=tuple(_stage_row(stage, order) for stage in problem.stages),
        figures=order,
        columns=Names((owner, part.name, part.keys_declared) for owner, part in variables),
        rows=rules.names,
        trivially_infeasible=problem.trivially_infeasible or rules.trivially_infeasible,
        structure=_find_structure(variables),
        indices=_find_indices(problem),
    )
    check_finite(problem, program)
    lower, upper = rules.in_right.select(is_lower), rules.in_right.select(is_upper)
    return program, TracedPositions(rules.in_matrix, lower, upper, in_reported, in_offsets)


class _Rules:
    """The rows of all rules. One that has no terms left holds always, and is none; or it never
    does, and is named."""

    def __init__(self, declared: Sequence[tuple[str, Constraint]], columns: int) -> None:
        parts = [rule.rows for _, rule in declared]
        self.matrix, self.in_matrix = _merge(parts, columns)
        self.right, self.in_right = _split([rows.numbers for rows in parts])
        self.senses = [sense for _, rule in declared for sense in rule.senses]
        self.names = Names((owner, rule.name, rule.keys) for owner, rule in declared)
        self.trivially_infeasible = ""
        kept = np.diff(self.matrix.indptr) > 0
        if not kept.all():
            self._leave_out(kept, declared)

    def _leave_out(
        self, kept: NDArray[np.bool_], declared: Sequence[tuple[str, Constraint]]
    ) -> None:
        numbers = [number for _, rule in declared for number in rule.rows.numbers]
        docs = {(owner, rule.name): rule.doc for owner, rule in declared}
        for row in np.flatnonzero(~kept).tolist():
            if not compare_nothing(self.senses[row], numbers[row]):
                owner, name, key = self.names[row]
                refusal = f"{owner}: {docs[owner, name]} {key}"
                self.trivially_infeasible = self.trivially_infeasible or refusal
        left = np.flatnonzero(kept).tolist()
        starts = np.append(self.matrix.indptr[:-1][kept], self.matrix.indptr[-1])
        self.matrix = csr_array(
            (self.matrix.data, self.matrix.indices, starts), (len(left), self.matrix.shape[1])
        )
        traced = self.in_right.select(kept)
        self.in_right = ArrayPositions((np.cumsum(kept) - 1)[traced.positions], traced.nodes)
        self.right = self.right[kept]
        self.senses = [self.senses[row] for row in left]
        self.names = self.names.kept(kept.tolist())


def _merge(parts: Sequence[Rows], columns: int) -> tuple[csr_array, ArrayPositions]:
    """The terms of rows as a matrix: those of one column added up, in the order in which they were
    written, and none that is 0.

    Some parts at a time, each of which then has its terms in the arrays of the matrix: no more than
    those stand twice in memory.
    """
    starts = np.zeros(1 + sum(map(len, parts)), np.int32)
    places = np.empty(sum(len(rows.places) for rows in parts), np.int32)
    values = np.empty(len(places))
    left: dict[int, Traced] = {}
    row = end = 0
    for some in _portions(parts):
        merged, traced = _merge_some(some, columns)
        begin, end = end, end + merged.nnz
        places[begin:end], values[begin:end] = merged.indices, merged.data
        starts[row + 1 : row + 1 + merged.shape[0]] = begin + merged.indptr[1:]
        left |= {begin + place: number for place, number in traced.items()}
        for rows in some:
            own = starts[row : row + len(rows) + 1]
            row += len(rows)
            # Traced numbers stay as they were written, those too that are 0 in this program.
            if not isinstance(rows.coefficients, list):
                terms = slice(own[0], own[-1])
                rows.settle(places[terms], values[terms], np.diff(own))
    matrix = csr_array((values[:end], places[:end], starts), (row, columns))
    return matrix, ArrayPositions.of(left)


def _portions(parts: Sequence[Rows]) -> Iterator[list[Rows]]:
    """Consecutive small parts together, since each portion takes as long; a large part alone."""
    some: list[Rows] = []
    count = 0
    for rows in parts:
        if some and count + len(rows.places) > _PORTION:
            yield some
            some, count = [], 0
        some.append(rows)
        count += len(rows.places)
    if some:
        yield some


def _merge_some(parts: Sequence[Rows], columns: int) -> tuple[csr_array, dict[int, Traced]]:
    """The rows of some parts, and the traced numbers among their coefficients, by place."""
    lengths = _join([rows.lengths for rows in parts], np.int32)
    starts = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=starts[1:])
    places = _join([rows.places for rows in parts], np.int32)
    values, traced = _read([rows.coefficients for rows in parts])
    written = csr_array((values, places, starts), (len(lengths), columns))
    found = _merge_traced(traced, written) if traced else {}
    del places, values
    matrix = _sort(written)
    matrix.sum_duplicates()
    kept = matrix.data != 0
    for place, number in found.items():
        matrix.data[place] = number.value
        kept[place] = bool(number)
    place_of = np.cumsum(kept) - 1 if found else kept
    left = {int(place_of[place]): found[place] for place in sorted(found) if kept[place]}
    if not kept.all():
        matrix.eliminate_zeros()
    return matrix, left


def _sort(written: csr_array) -> csr_array:
    """The terms of each row by their columns, those of one column in the order that they had: to
    count them by columns, and then by rows, is to sort them, in no more memory than they take."""
    return written.tocsc().tocsr()


def _merge_traced(traced: Mapping[int, Traced], written: csr_array) -> dict[int, Traced]:
    """The sums in which traced numbers stand, by their places among the sums of all terms."""
    values, terms_at = written.data, np.arange(len(written.data))
    order = _sort(csr_array((terms_at, written.indices, written.indptr), written.shape))
    terms_at = order.data
    rows = np.repeat(np.arange(order.shape[0]), np.diff(order.indptr))
    is_other = (np.diff(rows) != 0) | (np.diff(order.indices) != 0)
    group = np.concatenate([[0], np.cumsum(is_other)])
    place_of = np.empty_like(terms_at)
    place_of[terms_at] = np.arange(len(terms_at))
    asked = np.unique(group[place_of[list(traced)]])
    begins = np.searchsorted(group, asked, side="left").tolist()
    ends = np.searchsorted(group, asked, side="right").tolist()
    found = {}
    for number, begin, end in zip(asked.tolist(), begins, ends, strict=True):
        written = terms_at[begin:end]
        terms = [
            traced.get(term, value)
            for term, value in zip(written.tolist(), values[written].tolist(), strict=True)
        ]
        found[number] = sum(terms[1:], terms[0])
    return found


def _join(arrays: Sequence[Any], kind: Any) -> NDArray[Any]:
    if len(arrays) == 1:
        return np.asarray(arrays[0], kind)
    return np.concatenate([np.zeros(0, kind), *(np.asarray(each, kind) for each in arrays)])


def _read(parts: Sequence[Any]) -> tuple[Floats, dict[int, Traced]]:
    """Numbers as floats, and those of them that are traced, by place."""
    traced: dict[int, Traced] = {}
    arrays, begin = [], 0
    for numbers in parts:
        if isinstance(numbers, list):
            traced |= {
                begin + place: number
                for place, number in enumerate(numbers)
                if number.__class__ is Traced
            }
            plain = [n.value if n.__class__ is Traced else n for n in numbers]
            arrays.append(np.array(plain, np.float64))
        else:
            arrays.append(np.asarray(numbers, np.float64))
        begin += len(numbers)
    return _join(arrays, np.float64), traced


def _split(parts: Sequence[Any]) -> tuple[Floats, ArrayPositions]:
    """Numbers as floats, and where the traced ones of them stand."""
    values, traced = _read(parts)
    return values, ArrayPositions.of(traced)


def _reported(problem: Problem) -> Figures:
    """Every figure that is reported, and its expression."""
    yield from _staged(problem)
    for levels in problem.levels:
        for key, part in levels.parts.items():
            yield ("level", levels.name, key), part
    for entry, bearer, year, amount in problem.ledger.entries():
        yield ("ledger", entry, bearer, year), amount
    for _, block in problem.blocks():
        for name, thing in vars(block).items():
            if isinstance(thing, Balance):
                for key in thing:
                    yield ("figure", name, key), thing[key]
        for declared in block.declared(Expression):
            for key, figure in declared.figures():
                yield ("figure", declared.name, key), figure


def _staged(problem: Problem) -> Figures:
    """What the stages are made of."""
    for stage in problem.stages:
        yield ("stage", stage.name), stage.expression
        for hold in stage.holds:
            yield ("hold", stage.name, hold.name), hold.expression


def _find_indices(problem: Problem) -> dict[str, tuple[str, ...]]:
    """Names of the indices of every decision, balance and expression, by its name."""
    found: dict[str, tuple[str, ...]] = {}
    for _, block in problem.blocks():
        for name, thing in vars(block).items():
            if isinstance(thing, Balance):
                found[name] = thing.index_names
        for kind in (Variable, Expression):
            for declared in block.declared(kind):
                found[declared.name] = declared.index_names
    return found


def _stage_row(stage: Stage, figures: Mapping[tuple[Any, ...], int]) -> StageRow:
    holds = tuple(
        StageConstraint(
            hold.name, figures["hold", stage.name, hold.name], hold.allowance, hold.give_up
        )
        for hold in stage.holds
    )
    return StageRow(stage.name, figures["stage", stage.name], holds)


Variables = Sequence[tuple[str, Variable]]


def _ranges(variables: Variables) -> Iterator[tuple[Any, float, bool]]:
    return chain.from_iterable(variable.ranges() for _, variable in variables)


def _find_structure(variables: Variables) -> dict[str, Places]:
    """The columns that each sentence about the structure of a plan speaks of."""
    places: dict[str, list[int]] = {}
    begin = 0
    for _, variable in variables:
        keys = variable.keys_declared
        texts = [_Sentence(words, variable.index_names) for words in variable.structure]
        for position, key in enumerate(keys if texts else (), begin):
            parts = key_parts(key)
            for text in texts:
                places.setdefault(text.of(parts), []).append(position)
        begin += len(keys)
    return {told: np.array(where, dtype=np.int64) for told, where in places.items()}


class _Sentence:
    """Words over some of the indices of a decision; said once for all keys that they say alike."""

    def __init__(self, words: str, index_names: tuple[str, ...]) -> None:
        self._words, self._names = words, index_names
        fields = {field for _, field, _, _ in Formatter().parse(words) if field is not None}
        self._named = [place for place, name in enumerate(index_names) if name in fields]
        self._said: dict[tuple[Any, ...], str] = {}

    def of(self, parts: Sequence[Any]) -> str:
        named = tuple(parts[place] for place in self._named)
        if named not in self._said:
            self._said[named] = self._words.format(**dict(zip(self._names, parts, strict=False)))
        return self._said[named]

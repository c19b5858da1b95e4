"""Which member each number of the program of all belongs to: what goes when the member leaves.

The program of all is compared, row by row and column by column, with those of all but one. So the
engine needs no name of a rule: a limit that a member brings goes with it; what stays when anybody
leaves belongs to nobody; and what several bring adds up to the whole only where it is simply added
up, as exposures are that come to at most one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cssopt.assembly.instance import Instance
from cssopt.modeling.declare import Constraint
from cssopt.names import name_row
from cssopt.runs.given import ALONE_SHORTFALL, asks_alone, sum_alone_shortfall
from cssopt.solution.plan import Solution
from cssopt.solve.compile import compile_problem
from cssopt.solve.program import Floats, Program

SAME: Final = 1e-9
"""Relative difference below which two numbers of a program are the same."""

NEAR: Final = 1e-7
"""Of a number: so near to it, a sum of parts is the number."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ownership:
    """The program of all, and what of it goes with each member.

    Attributes
    ----------
    program: of all. members: in the order of the coalition.
    gone: columns by members; True where the decision goes with the member.
    lifted: rows by members; True where the rule goes with the member.
    lower, upper: rows by members; what of a bound goes with the member. Those with whom the rule
        goes share evenly what the others do not bring. nan where a rule without a bound takes its
        place.
    alone_lower, alone_upper: rows by members; the bound as it is for the member alone, 0 where it
        has no such rule.
    matrix: by member, what goes with it of the coefficients of decisions that stay.
    offsets: by member, what goes with it of the constant of the last stage.
    changed: by member, what else is another without it, and could make the others better off than
        their part of the program of all; empty where nothing is.
    docs: what each rule says, by component and name.
    begun: True for joint decisions that are whole numbers but for a relaxation: what is begun for
        all, as a treaty or a body. Its rules depend on the coalition in ways of their own.
    """

    program: Program
    members: tuple[str, ...]
    gone: Flags
    lifted: Flags
    lower: Floats
    upper: Floats
    alone_lower: Floats
    alone_upper: Floats
    matrix: tuple[csr_array, ...]
    offsets: Floats
    changed: tuple[str, ...]
    docs: Mapping[tuple[str, str], str] = field(default_factory=dict)
    begun: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def costs(self) -> Floats:
        """What one of each decision costs: the last stage."""
        return self.program.row_of_figure(self.program.stages[-1].row)

    @property
    def offset(self) -> float:
        """What is spent whatever is decided."""
        return float(self.program.offsets[self.program.stages[-1].row])

    @property
    def is_joint(self) -> Flags:
        """True for decisions that go with no single member."""
        joint: Flags = self.gone.sum(axis=1) != 1
        return joint

    @cached_property
    def is_public(self) -> Flags:
        """True for rules of joint decisions alone that are the same whoever leaves."""
        private = abs(self.program.matrix) @ (~self.is_joint).astype(float) > 0
        moved = sum_parts([abs(part) for part in self.matrix]).sum(axis=1) > 0
        brought = np.hstack([self.lower, self.upper])
        public: Flags = ~private & ~moved & (np.nan_to_num(brought, nan=1.0) == 0).all(axis=1)
        return public

    @cached_property
    def of_begun(self) -> Flags:
        """True for rules in which something that is begun for all stands."""
        begun = self.begun if len(self.begun) else np.zeros(self.program.shape[1], dtype=bool)
        rules: Flags = abs(self.program.matrix) @ begun.astype(float) > 0
        return rules

    @cached_property
    def moved(self) -> csr_array:
        """Coefficients of which something goes with a member, as they are in the program of all."""
        places = sum_parts([abs(part) for part in self.matrix])
        places.data[:] = 1.0
        return csr_array(self.program.matrix.multiply(places))

    @cached_property
    def unsteady(self) -> csr_array:
        """Coefficients that neither stay whoever leaves nor are the sum of what goes."""
        wrong = csr_array(sum_parts(self.matrix) - self.moved)
        size = float(abs(self.program.matrix).max()) if self.program.matrix.nnz else 0.0
        wrong.data[np.abs(wrong.data) <= NEAR * size] = 0.0
        wrong.eliminate_zeros()
        return wrong

    def rule(self, row: int) -> tuple[str, str]:
        """A rule by its name and what it says, and where it holds."""
        component, name, key = self.program.rows[row]
        doc = self.docs.get((component, name), "")
        return name + (f" ({doc})" if doc else ""), name_row(key)

    def decision(self, column: int) -> tuple[str, str]:
        """A decision by its name, and of what it is."""
        _, name, key = self.program.columns[column]
        return name, name_row(key)


def find_ownership(
    whole: Program, without: Mapping[str, Program], alone: Mapping[str, Program]
) -> Ownership:
    """Compare the program of all with that of all but each member, and of each alone, by member."""
    columns = {name: place for place, name in enumerate(whole.columns)}
    rows = {name: place for place, name in enumerate(_number(whole.rows))}
    parts = [_compare(whole, other, rows, columns) for other in without.values()]
    gone, lifted, lower, upper, matrix, offsets, changed = zip(*parts, strict=True)
    lifts = np.column_stack(lifted)
    own = [_bounds_of(alone[member], rows) for member in without]
    return Ownership(
        whole,
        tuple(without),
        np.column_stack(gone),
        lifts,
        _leave_rest(whole.row_lower, np.column_stack(lower), lifts),
        _leave_rest(whole.row_upper, np.column_stack(upper), lifts),
        np.column_stack([low for low, _ in own]),
        np.column_stack([high for _, high in own]),
        matrix,
        np.array(offsets),
        changed,
    )


def adds_up(parts: Floats, bounds: Floats) -> Flags:
    """True where parts, the last axis, add up to the bounds."""
    near: Flags = np.abs(parts.sum(axis=-1) - bounds) <= NEAR * np.abs(bounds) + SAME
    return near


def sum_parts(parts: Iterable[csr_array]) -> csr_array:
    """The sum of matrices of one shape."""
    first, *others = parts
    return csr_array(sum(others, first))


def build_ownership(whole: Instance, alone: Mapping[str, Solution]) -> Ownership:
    """Compile a question for all, for all but each member and for each alone, and compare.

    `alone` are the plans of the members alone, which a study at equal security asks for.
    """
    members = whole.coalition
    own = {m: compile_problem(restrict(whole, alone, [m]).assemble()) for m in members}
    without = {
        m: compile_problem(restrict(whole, alone, [o for o in members if o != m]).assemble())
        for m in members
    }
    problem = whole.assemble()
    found = find_ownership(compile_problem(problem), without, own)
    unrelaxed = replace(problem, study=replace(problem.study, relaxed=False))
    docs = {
        (block.name, declared.name): declared.doc or ""
        for _, block in problem.blocks()
        for declared in block.declared(Constraint)
    }
    begun = compile_problem(unrelaxed).whole & found.is_joint
    return replace(found, docs=docs, begun=begun)


def restrict(whole: Instance, alone: Mapping[str, Solution], members: Iterable[str]) -> Instance:
    """The same question for some of its members, as secure as they are alone where it asks that."""
    own, given = tuple(members), dict(whole.given)
    if asks_alone(whole.study):
        given[ALONE_SHORTFALL] = sum_alone_shortfall({m: alone[m] for m in own})
    return replace(whole, coalition=own, given=given)


Place = tuple[Any, ...]


def _number(names: Iterable[Place]) -> list[Place]:
    """Names with how often each stood before: a rule bounded to both sides stands twice."""
    seen: Counter[Place] = Counter()
    numbered = []
    for name in names:
        numbered.append((*name, seen[name]))
        seen[name] += 1
    return numbered


def _compare(
    whole: Program, other: Program, rows: Mapping[Place, int], columns: Mapping[Place, int]
) -> tuple[Flags, Flags, Floats, Floats, csr_array, float, str]:
    """What goes with a member, as the attributes of `Ownership` have it."""
    # A rule that only the others have makes them no better off: it is left out.
    row_at = np.array([rows.get(name, -1) for name in _number(other.rows)], dtype=np.int64)
    column_at = np.array([columns.get(name, -1) for name in other.columns], dtype=np.int64)
    stays = np.zeros(whole.shape[1], dtype=bool)
    stays[column_at[column_at >= 0]] = True
    entries = other.matrix.tocoo()
    at = row_at[entries.row], column_at[entries.col]
    known = (at[0] >= 0) & (at[1] >= 0)
    left = csr_array((entries.data[known], (at[0][known], at[1][known])), shape=whole.matrix.shape)
    gone = csr_array(whole.matrix - left)
    gone.data[~stays[gone.indices]] = 0.0
    size = abs(whole.matrix).max() if whole.matrix.nnz else 1.0
    gone.data[np.abs(gone.data) <= SAME * size] = 0.0
    gone.eliminate_zeros()
    lower, upper = (
        _compare_bounds(getattr(whole, name), getattr(other, name), row_at)
        for name in ("row_lower", "row_upper")
    )
    stage, stage_left = whole.stages[-1].row, other.stages[-1].row
    offset = float(whole.offsets[stage] - other.offsets[stage_left])
    lifted = np.ones(whole.shape[0], dtype=bool)
    lifted[row_at[row_at >= 0]] = False
    change = _find_change(whole, other, column_at)
    return ~stays, lifted, lower, upper, gone, offset, change


def _bounds_of(alone: Program, rows: Mapping[Place, int]) -> tuple[Floats, Floats]:
    """The bounds of a member alone, at the places of the rows of all."""
    lower, upper = np.zeros((2, len(rows)))
    for place, name in enumerate(_number(alone.rows)):
        if name in rows:
            lower[rows[name]], upper[rows[name]] = alone.row_lower[place], alone.row_upper[place]
    return lower, upper


def _compare_bounds(whole: Floats, other: Floats, row_at: NDArray[np.int64]) -> Floats:
    known = row_at >= 0
    left = np.where(np.isfinite(whole), 0.0, whole)
    left[row_at[known]] = other[known]
    with np.errstate(invalid="ignore"):
        parts = np.where(np.isfinite(whole), whole - left, 0.0)
    parts[np.abs(parts) <= SAME * np.maximum(1.0, np.abs(np.nan_to_num(whole)))] = 0.0
    return np.where(np.isfinite(parts), parts, np.nan)


def _leave_rest(bounds: Floats, parts: Floats, lifted: Flags) -> Floats:
    """Parts in which those with whom a rule goes have, evenly, what the others do not bring."""
    count = lifted.sum(axis=1)
    others = np.where(lifted, 0.0, parts).sum(axis=1)
    rest = np.where((count > 0) & np.isfinite(bounds), bounds - others, 0.0) / np.maximum(count, 1)
    return np.where(lifted, rest[:, None], parts)


def _find_change(whole: Program, other: Program, column_at: NDArray[np.int64]) -> str:
    """What makes the others better off than their part of the program of all; empty if nothing."""
    if (column_at < 0).any():
        name = _label(other.columns[int(np.argmin(column_at))])
        return f"the others then decide {name}, which all together do not"
    for bound, sign in (("lower", 1.0), ("upper", -1.0)):
        before, after = getattr(whole, bound)[column_at], getattr(other, bound)
        with np.errstate(invalid="ignore"):
            looser = (before != after) & (sign * (before - after) > 0)
        if looser.any():
            name = _label(other.columns[int(np.argmax(looser))])
            return f"the bounds of {name} are then wider"
    costs = whole.row_of_figure(whole.stages[-1].row)[column_at]
    after = other.row_of_figure(other.stages[-1].row)
    cheaper = after < costs - SAME * np.maximum(1.0, np.abs(costs))
    if cheaper.any():
        return f"{_label(other.columns[int(np.argmax(cheaper))])} then costs less"
    return ""


def _label(place: Place) -> str:
    _, name, key = place
    where = name_row(key)
    return f"{name} of {where}" if where else str(name)

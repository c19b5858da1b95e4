"""The rows of a program that cover a threat in a year, and the rows that stand behind them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cssopt.assembly.assemble import Problem
from cssopt.document.index_columns import Names
from cssopt.modeling.declare import Declared
from cssopt.names import YEAR, key_parts, name_row
from cssopt.solve.program import Floats, Program

RELIEVES, COVERS, MISSES = "relieves", "covers", "missing"
"""What a source does to a need: makes it smaller, covers a part of it, or leaves a part open."""

AT_BOUND = 1e-6
"""A row with less room than this share of its bound is at its limit."""

_ROUNDS = 4
"""How far a rule may stand from a need: supply, units planned, units held, orders."""


@dataclass(frozen=True)
class NamedRow:
    """A column or row by its words: its name, what it means, and its key by index.

    Attributes
    ----------
    policy: True for a rule that a planner could change.
    """

    name: str
    doc: str
    key: Mapping[str, Any]
    policy: bool = False


class CoverageRows:
    """What a threat needs in a year, in the words of the components.

    Attributes
    ----------
    program: of the problem. need: what must be covered, as a component declares it.
    told_by: the indices of a need beside what is asked about: capability and day.
    party: the index of those who cooperate. units: the decision that says what they keep, and
    unit_indices, by which it does in a year; those of its measure without the party say of what.
    needs: rows of what the threat asks for in that year, one for each capability and day, each with
        its place.
    """

    def __init__(self, problem: Problem, program: Program, threat: str, year: int) -> None:
        self.program = program
        self._declared = {
            (block.name, thing.name): thing
            for _, block in problem.blocks()
            for thing in block.declared(Declared)
        }
        self._matrix = program.matrix
        self._by_column = program.matrix.tocsc()
        study = problem.study
        self.need = study.require_need()
        self.party = problem.data.party_index
        self._wanted = {self.need.asks: threat, YEAR: year}
        measure, by_name = study.measure("units"), self._indices_by_name()
        self.units = "" if measure is None else measure.figure
        self.told_by = self._without_wanted(by_name[self.need.missing])
        self.unit_indices = self._without_wanted(by_name.get(self.units, (self.party,)))
        self.measure_indices = study.indices_of("units")
        self._of_what = set(self.measure_indices) - {self.party}
        short = {
            column: key
            for column, (_, name, key) in enumerate(program.columns)
            if name == self.need.missing
        }
        self.needs = {
            row: place
            for row, place in self._policies()
            if all(place.key.get(name) == value for name, value in self._wanted.items())
            and any(short.get(column) == program.rows[row][2] for column in self._columns(row))
        }

    def _indices_by_name(self) -> dict[str, tuple[str, ...]]:
        return {name: thing.index_names for (_, name), thing in self._declared.items()}

    def _without_wanted(self, indices: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(index for index in indices if index not in self._wanted)

    def told(self, place: NamedRow) -> tuple[Any, ...]:
        """The key of a need beside what is asked about: its capability and day."""
        return tuple(place.key[index] for index in self.told_by)

    def unit(self, key: Mapping[str, Any]) -> tuple[Any, ...]:
        """Whose units, of what: member, force and tier; empty where a key does not say."""
        return tuple(key.get(index, "") for index in self.unit_indices)

    def meaning(self, name: str) -> str:
        """What a decision is, as its component declares it."""
        docs = (thing.doc for (_, own), thing in self._declared.items() if own == name)
        return next(docs, "") or ""

    def name_need(self, told: Sequence[Any], names: Names | None = None) -> str:
        """A need in a few words: ``LAND by day 30``; by full names where they are given."""
        words = dict(zip(self.told_by, told, strict=True))
        kind = words.pop(self.need.kind, self.need.missing)
        kind = (names or {}).get(self.need.kind, {}).get(kind) or kind
        others = " and ".join(f"{index} {name_row(value)}" for index, value in words.items())
        return f"{kind} by {others}" if others else str(kind)

    def _policies(self) -> Iterator[tuple[int, NamedRow]]:
        for row in range(len(self.program.rows)):
            place = self.row(row)
            if place.policy:
                yield row, place

    def row(self, row: int) -> NamedRow:
        """The words of a row."""
        return self._place(*self.program.rows[row])

    def column(self, column: int) -> NamedRow:
        """The words of a column."""
        return self._place(*self.program.columns[column])

    def _place(self, owner: str, name: str, key: Any) -> NamedRow:
        declared = self._declared[owner, name]
        parts = key_parts(key)
        named = dict(zip(declared.index_names, parts, strict=False))
        return NamedRow(name, declared.doc or "", named, getattr(declared, "policy", False))

    def _columns(self, row: int) -> list[int]:
        begin, end = self._matrix.indptr[row : row + 2]
        return [int(column) for column in self._matrix.indices[begin:end]]

    def parts(self, row: int, values: Floats) -> dict[int, float]:
        """What each column contributes to the cover of a need in a plan; shortfall is one of them.

        They add up to at least what `asked` gives.
        """
        sign = self._sign(row)
        return {column: sign * a * float(values[column]) for column, a in self.terms(row).items()}

    def kinds(self, row: int) -> dict[int, str]:
        """Of each column of a need, whether it takes from the need, covers it, or is missing."""
        figure = self.program.figures["figure", self.need.asked, self.program.rows[row][2]]
        takes = set(np.flatnonzero(self.program.row_of_figure(figure)).tolist())
        return {
            column: MISSES if self.is_missing(column) else RELIEVES if column in takes else COVERS
            for column in self._columns(row)
        }

    def is_missing(self, column: int) -> bool:
        """True for the part of a need that stays open."""
        return self.program.columns[column][1] == self.need.missing

    def asked(self, row: int) -> float:
        """What a need asks for before anything, such as relief, takes from it."""
        low, high = self.program.row_lower[row], self.program.row_upper[row]
        return float(low) if self._sign(row) > 0 else -float(high)

    def _sign(self, row: int) -> float:
        """1 for a row that asks for at least something, -1 where its signs are turned."""
        return 1.0 if math.isfinite(self.program.row_lower[row]) else -1.0

    def raise_need(self, row: int, step: float) -> Program:
        """The program in which a need asks for so much more in that year alone."""
        name = "row_lower" if self._sign(row) > 0 else "row_upper"
        bounds = getattr(self.program, name).copy()
        bounds[row] += self._sign(row) * step
        return replace(self.program, **{name: bounds})

    def terms(self, row: int) -> dict[int, float]:
        """The columns of a row, with their coefficients."""
        begin, end = self._matrix.indptr[row : row + 2]
        coefficients = self._matrix.data[begin:end].tolist()
        return dict(zip(self._columns(row), coefficients, strict=True))

    def rows_with(self, column: int) -> list[int]:
        """The rows that a column stands in."""
        begin, end = self._by_column.indptr[column : column + 2]
        return [int(row) for row in self._by_column.indices[begin:end]]

    def planned(self, column: int) -> dict[int, float]:
        """The units that power of a column comes from, with the power of each.

        They stand in the one row, no rule of planners, that allows no more of the column than a
        sum over what units are of, such as forces.
        """
        for row in self.rows_with(column):
            others = {other: a for other, a in self.terms(row).items() if other != column}
            own = self.terms(row)[column]
            if (
                self._of_what
                and others
                and own > 0
                and math.isfinite(self.program.row_upper[row])
                and not self.row(row).policy
                and all(self._of_what <= self.column(other).key.keys() for other in others)
            ):
                return {other: -a / own for other, a in others.items()}
        return {}

    def _is_near(self, place: NamedRow) -> bool:
        """True for what concerns the same threat, where it names one, and the same year or one
        before, which units of that year come from."""
        asks, year = self.need.asks, self._wanted[YEAR]
        is_same = place.key.get(asks, self._wanted[asks]) == self._wanted[asks]
        return is_same and bool(place.key.get(YEAR, year) <= year)

    @cached_property
    def rules(self) -> list[int]:
        """The rules of planners that touch the needs within a few steps, needs apart."""
        found: dict[int, None] = {}
        seen_rows: set[int] = set(self.needs)
        seen: set[int] = set()
        columns = {c for row in self.needs for c in self._columns(row) if self._concerns(c)}
        for _ in range(_ROUNDS):
            seen |= columns
            rows = {row for column in columns for row in self.rows_with(column)} - seen_rows
            seen_rows |= rows
            near = [row for row in sorted(rows) if self._is_near(self.row(row))]
            policies = [row for row in near if self.row(row).policy]
            found |= dict.fromkeys(policies)
            further = {c for row in near if row not in policies for c in self._columns(row)}
            columns = {c for c in further - seen if self._leads_on(self.column(c))}
        return list(found)

    def _concerns(self, column: int) -> bool:
        """True for what is done against the threat itself."""
        asks = self.need.asks
        return self.column(column).key.get(asks) == self._wanted[asks]

    def _leads_on(self, place: NamedRow) -> bool:
        """True for what a member does until that year; bodies and treaties concern every need."""
        return {self.party, YEAR} <= place.key.keys() and self._is_near(place)

    def slack(self, row: int, values: Floats) -> tuple[float, float]:
        """How far a row is from its bound, and that bound: the nearer one where it has two."""
        begin, end = self._matrix.indptr[row : row + 2]
        level = float(self._matrix.data[begin:end] @ values[self._matrix.indices[begin:end]])
        low, high = float(self.program.row_lower[row]), float(self.program.row_upper[row])
        return min((high - level, high), (level - low, low))

    def is_at_bound(self, row: int, values: Floats) -> bool:
        """True where a row has no room left but rounding."""
        slack, _ = self.slack(row, values)
        return slack <= AT_BOUND * max(1.0, self.size(row, values))

    def size(self, row: int, values: Floats) -> float:
        """The largest amount in a row: 0 where it is about nothing in this plan."""
        begin, end = self._matrix.indptr[row : row + 2]
        terms = np.abs(self._matrix.data[begin:end] * values[self._matrix.indices[begin:end]])
        return float(terms.max(initial=0.0))

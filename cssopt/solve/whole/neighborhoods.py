"""Neighborhoods of a plan: one year, one force or one member free, all else as it is.

They are told by the indices of the decisions alone, whatever these mean: every index that all whole
numbers carry, other than switches, gives a kind of neighborhood (fix and optimize: Helber and
Sahling 2010). What lacks the index belongs to all, and is free in each of them where it is no whole
number. So is what an equality shares out between several of its values, such as staff posts: fixed
on all sides but one it would be fixed there too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cssopt.names import key_parts
from cssopt.solve.program import Program
from cssopt.solve.whole.part import Mask, find_rows

Codes = NDArray[np.int64]

NONE = -1
"""Code of a decision that lacks an index."""


def find_switches(program: Program) -> Mask:
    """The whole numbers that are 0 or 1."""
    switches: Mask = program.whole & (program.lower == 0) & (program.upper == 1)
    return switches


@dataclass(frozen=True)
class Kind:
    """The values of one index.

    Attributes
    ----------
    index: its name. codes: which of its values each decision has; -1: it lacks the index.
    count: how many values there are, in the order in which the decisions first have them.
    common: decisions that are free in all neighborhoods of this kind.
    """

    index: str
    codes: Codes
    count: int
    common: Mask

    def free(self, first: int, width: int = 1) -> Mask:
        """The decisions that are free around so many values."""
        return self.common | ((self.codes >= first) & (self.codes < first + width))

    def list_free(self, width: int) -> list[Mask]:
        """The neighborhoods of so many values each, which overlap by half."""
        step, last = max(1, width // 2), max(1, self.count - width + 1)
        starts = sorted({*range(0, last, step), last - 1})
        return [self.free(first, width) for first in starts]


def find_kinds(program: Program) -> list[Kind]:
    """Every kind of neighborhood, those whose neighborhoods are smallest first."""
    units = program.whole & ~find_switches(program)
    if not units.any():
        units = program.whole
    kinds = []
    for index, codes, count in _read_indices(program):
        if count > 1 and (codes[units] != NONE).all():
            common = ~program.whole & ((codes == NONE) | _find_shared(program, codes))
            kinds.append(Kind(index, codes, count, common))
    return sorted(kinds, key=lambda kind: kind.common.sum() + len(kind.codes) / kind.count)


def find_loosest(kinds: list[Kind], program: Program) -> Kind:
    """The kind whose values have the fewest rules in common: members, as a rule."""
    coupled = [_count_coupled(program, kind.codes) for kind in kinds]
    return kinds[int(np.argmin(coupled))]


def _read_indices(program: Program) -> list[tuple[str, Codes, int]]:
    """Each index of decisions: its name, the value of each decision and how many there are.

    Values that can be put in order are, so that years are neighbors.
    """
    found: dict[str, Codes] = {}
    values: dict[str, list[object]] = {}
    known: dict[str, dict[object, int]] = {}
    for place, (_, name, key) in enumerate(program.columns):
        for index, value in zip(program.indices.get(name, ()), key_parts(key), strict=False):
            if index not in found:
                found[index] = np.full(len(program.columns), NONE)
                values[index], known[index] = [], {}
            if value not in known[index]:
                known[index][value] = len(values[index])
                values[index].append(value)
            found[index][place] = known[index][value]
    for index, codes in found.items():
        if all(isinstance(value, int) for value in values[index]):
            order = np.argsort(np.argsort(np.array(values[index])))
            codes[codes != NONE] = order[codes[codes != NONE]]
    return [(index, codes, len(values[index])) for index, codes in found.items()]


def _find_span(program: Program, codes: Codes, of: Mask) -> tuple[Mask, Codes, Codes]:
    """The rows that have several values of an index among some decisions; and the entries of
    these: their rows and columns."""
    matrix = program.matrix
    rows = np.repeat(np.arange(len(program.rows)), np.diff(matrix.indptr))
    taken = (of & (codes != NONE))[matrix.indices]
    rows, columns = rows[taken], matrix.indices[taken]
    least = np.full(len(program.rows), np.iinfo(np.int64).max)
    most = np.full(len(program.rows), NONE)
    np.minimum.at(least, rows, codes[columns])
    np.maximum.at(most, rows, codes[columns])
    return most > least, rows, columns


def _find_shared(program: Program, codes: Codes) -> Mask:
    """The decisions in equalities that share something out between values of an index.

    Not where the equality has a decision that is free anyway, which gives way.
    """
    spans, rows, columns = _find_span(program, codes, ~program.whole)
    spans &= program.row_lower == program.row_upper
    spans &= ~find_rows(program, ~program.whole & (codes == NONE))
    shared = np.zeros(len(codes), dtype=bool)
    shared[columns[spans[rows]]] = True
    return shared


def _count_coupled(program: Program, codes: Codes) -> int:
    """How many entries stand in rows that several values of an index have in common."""
    spans, rows, _ = _find_span(program, codes, np.ones(len(codes), dtype=bool))
    return int(spans[rows].sum())

"""A program kept loaded for further runs of its shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cssopt.assembly.assemble import assemble
from cssopt.assembly.instance import COALITION_TABLE
from cssopt.assembly.study import Study
from cssopt.errors import ModelError
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.solve.answer import Options, Solved
from cssopt.solve.program import Program
from cssopt.solve.traced.template import Template
from cssopt.solve.warm.same_shape import SameShapeSolver
from cssopt.tables.data import Data
from cssopt.tables.patch import CellChange
from cssopt.trace.numbers import Tape, trace_cells
from cssopt.trace.sources import find_cells, may_vary

Shape = tuple[Any, ...]
"""What a run changes beside numbers: cells of other kinds, rows added or dropped, who leaves."""

_ABSENT = object()


def find_shape(base: Data, data: Data, touched: Iterable[CellChange]) -> Shape:
    """What tables differ in from those they were made of, changes from number to number apart."""
    found = []
    for table, key, column in {(t.table, t.key, t.column): None for t in touched}:
        old = base.tables[table].columns[column].get(key, _ABSENT)
        new = data.tables[table].columns[column].get(key, _ABSENT)
        if old != new and not (
            may_vary(data.tables[table].spec, column) and _both_numbers(old, new)
        ):
            found.append((table, repr(key), column, "" if new is _ABSENT else repr(new)))
    for name, rows in data.tables.items():
        found += [
            (name, repr(key), "", "dropped")
            for key in rows.dropped.keys() - base.tables[name].dropped.keys()
        ]
    return tuple(sorted(found))


def _both_numbers(old: Any, new: Any) -> bool:
    return isinstance(old, float) and isinstance(new, float)


class WarmProgram:
    """One program with the arithmetic of its numbers, loaded in HiGHS.

    Attributes
    ----------
    reader: of the figures of its programs.
    """

    def __init__(
        self, data: Data, study: Study, coalition: Sequence[str], given: Mapping[str, Any],
        options: Options,
    ) -> None:  # fmt: skip
        """Build a study for a coalition with every number of the tables traced.

        Raises ModelError where a component does with a number what cannot be traced.
        """
        tape = Tape()
        traced = trace_cells(data, find_cells(data), tape)
        restricted = traced.restrict(COALITION_TABLE, coalition, {**study.options, **given})
        self.template = Template(assemble(restricted, study), tape)
        self.reader = OutcomeReader(self.template.program, study)
        self._reoptimizer = SameShapeSolver(options)

    @property
    def proven(self) -> bool:
        """True once a patched program of it was found equal to one built anew."""
        return self.template.proven

    def patch(self, data: Data) -> tuple[Program | None, str]:
        """The program for other numbers; None, with the reason, where its shape is another."""
        tables = data.tables
        values = {
            (table, key, column): tables[table].columns[column][key]
            for table, key, column in self.template.cells
        }
        return self.template.patch(values)

    def prove(self, patched: Program, built: Program) -> None:
        """Compare a patched program with one built anew; ModelError where they differ."""
        if place := self.template.prove(patched, built):
            raise ModelError(f"a patched program differs from one built anew in its {place}")

    def solve(self, program: Program) -> Solved:
        """Solve a program of this shape from where the last one ended."""
        return self._reoptimizer.solve(program)

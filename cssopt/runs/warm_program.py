"""Programs whose numbers are patched, and those kept loaded for further runs of their shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cssopt.assembly.instance import Instance
from cssopt.errors import ModelError
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.solve.answer import Basis, Options, Solved
from cssopt.solve.compile import compile_problem
from cssopt.solve.program import Program
from cssopt.solve.traced.template import Template
from cssopt.solve.warm.same_shape import SameShapeSolver
from cssopt.tables.data import Data
from cssopt.tables.patch import CellChange
from cssopt.trace.numbers import Cell
from cssopt.trace.sources import find_cells, may_vary

Shape = tuple[Any, ...]
"""What a run changes beside numbers: cells of other kinds, rows added or dropped, who leaves."""

_ABSENT = object()


def find_shape(base: Data, data: Data, changes: Iterable[CellChange]) -> Shape:
    """What tables differ in from those they were made of, changes from number to number apart."""
    found = []
    for table, key, column in {(t.table, t.key, t.column): None for t in changes}:
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


class TracedProgram:
    """The program of an instance with the arithmetic of its numbers, patched for other numbers.

    Attributes
    ----------
    template: of all its programs.
    """

    def __init__(self, instance: Instance, cells: Sequence[Cell]) -> None:
        """Build an instance with these cells traced.

        Raises ModelError where a component does with a number what cannot be traced.
        """
        self.template = Template(*instance.trace(cells))

    def patch(self, instance: Instance) -> tuple[Program | None, str]:
        """The program of an instance with other numbers; None, with the reason, where its shape is
        another.

        The first is compared, entry by entry, with one built anew: ModelError where they differ.
        """
        tables = instance.data.tables
        values = {
            (table, key, column): tables[table].columns[column][key]
            for table, key, column in self.template.cells
        }
        program, reason = self.template.patch(values)
        if program is not None and not self.template.proven:
            place = self.template.prove(program, compile_problem(instance.assemble()))
            if place:
                raise ModelError(f"a patched program differs from one built anew in its {place}")
        return program, reason


class WarmProgram(TracedProgram):
    """One program with the arithmetic of all its numbers, loaded in HiGHS.

    Attributes
    ----------
    reader: of the figures of its programs.
    """

    def __init__(
        self, instance: Instance, options: Options, bases: Sequence[Basis | None] = ()
    ) -> None:
        """`bases`: where the stages of an LP of this shape ended, at which the first begins."""
        super().__init__(instance, find_cells(instance.data))
        self.reader = OutcomeReader(self.template.program, instance.study)
        self._same_shape = SameShapeSolver(options, bases)

    def solve(self, program: Program) -> Solved:
        """Solve a program of this shape from where the last one ended."""
        return self._same_shape.solve(program)

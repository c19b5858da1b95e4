"""Programs of inputs in which some rules are lifted or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cssopt.assembly.assemble import Problem
from cssopt.assembly.component import find_objective
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import STRICT_STUDY, Study
from cssopt.errors import ModelError
from cssopt.runs.specification import RunSpecification
from cssopt.runs.warm_program import TracedProgram
from cssopt.solve.compile import compile_problem
from cssopt.solve.program import Program
from cssopt.tables.data import Data
from cssopt.tables.patch import Step
from cssopt.trace.numbers import Cell, Tape


@dataclass(frozen=True)
class _Turned:
    """A program in which one cell is traced, for the value after value that it is given."""

    cell: Cell
    others: tuple[Step, ...]
    program: TracedProgram


class Programs:
    """Builds the programs of an instance, after some steps each.

    Attributes
    ----------
    instance: the inputs as they are.
    """

    def __init__(self, specification: RunSpecification, folders: Sequence[Path]) -> None:
        """Raises ModelError for a study that takes numbers from other plans."""
        self.instance = specification.instance(folders)
        study = self.instance.study
        if study.objective.given:
            raise ModelError(
                f"study {study.name} takes numbers from other plans, which change with the "
                "inputs, so that no set of rules conflicts by itself. Diagnose another study, "
                f"such as {STRICT_STUDY}."
            )
        self._shortfall_study = _find_shortfall_study(study, folders)
        self._turned: _Turned | None = None

    def compile(self, steps: tuple[Step, ...]) -> Program:
        """The program after these steps; DataError where the changed inputs make no sense."""
        return compile_problem(self._change(steps).assemble())

    def compile_turned(self, steps: tuple[Step, ...], last: Step, cell: Cell) -> Program:
        """The program after these steps and a `last` one that sets a cell.

        Value after value of one cell is patched into a program that was built for the first, and
        which is once compared with one built anew. DataError as `compile`.
        """
        changed = self._change((*steps, last))
        if not _holds_number(changed.data, cell):
            return compile_problem(changed.assemble())
        try:
            turned = self._turned
            if turned is not None and (turned.cell, turned.others) == (cell, steps):
                program = turned.program.patch(changed)[0]
                if program is not None:
                    return program
            self._turned = turned = _Turned(cell, steps, TracedProgram(changed, [cell]))
        except ModelError:  # what cannot be traced is built anew each time
            self._turned = None
            return compile_problem(changed.assemble())
        return turned.program.template.program

    def trace(self, steps: tuple[Step, ...], cells: Sequence[Cell]) -> tuple[Problem, Tape]:
        """The problem after these steps, with those cells traced that still hold a number.

        Raises ModelError where a component does with a number what cannot be traced.
        """
        changed = self._change(steps)
        return changed.trace([cell for cell in cells if _holds_number(changed.data, cell)])

    def compile_least_shortfall(self, steps: tuple[Step, ...]) -> Program | None:
        """The program of least shortfall after these steps; None where the study has no needs."""
        if self._shortfall_study is None:
            return None
        return compile_problem(self._change(steps).with_study(self._shortfall_study).assemble())

    def _change(self, steps: tuple[Step, ...]) -> Instance:
        return self.instance.changed(steps)[0]


def _holds_number(data: Data, cell: Cell) -> bool:
    table, key, column = cell
    return isinstance(data.tables[table].columns[column].get(key), float)


def _find_shortfall_study(study: Study, folders: Sequence[Path]) -> Study | None:
    objective = find_objective("least missing", folders)
    parts = {part.name for part in study.components}
    return replace(study, objective=objective) if parts.issuperset(objective.requires) else None

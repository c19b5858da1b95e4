"""Programs of inputs in which some rules are lifted or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cssopt.assembly.assemble import Problem, assemble
from cssopt.assembly.component import find_objective
from cssopt.assembly.instance import COALITION_TABLE, prepare_problem, restrict_data
from cssopt.assembly.study import STRICT_STUDY, Study, load_study
from cssopt.errors import ModelError
from cssopt.runs.specification import RunSpecification, find_cooperating
from cssopt.solve.compile import compile_problem
from cssopt.solve.program import Program
from cssopt.solve.traced.template import Template
from cssopt.tables.data import Data
from cssopt.tables.patch import Step, patch_tables
from cssopt.trace.numbers import Cell, Tape, trace_cells


@dataclass
class _Turned:
    """A program in which one cell is traced, for the value after value that it is given."""

    cell: Cell
    others: tuple[Step, ...]
    template: Template


class Programs:
    """Builds the programs of a study for a coalition, after some steps each.

    Attributes
    ----------
    data, study, coalition: of what they are made. restricted: the tables of the coalition.
    """

    def __init__(self, brief: RunSpecification, folders: Sequence[Path]) -> None:
        """Raises ModelError for a study that takes numbers from other plans."""
        self.data = brief.data
        self.study = load_study(brief.study, folders)
        if self.study.objective.given:
            raise ModelError(
                f"study {self.study.name} takes numbers from other plans, which change with the "
                f"inputs, so that no set of rules conflicts by itself. Diagnose another study, "
                f"such as {STRICT_STUDY}."
            )
        self.coalition = find_cooperating(brief.data, brief.members)
        self.restricted = self._restrict(brief.data)
        self._shortfall_study = _find_shortfall_study(self.study, folders)
        self._turned: _Turned | None = None

    def compile(self, steps: tuple[Step, ...]) -> Program:
        """The program after these steps; DataError where the changed inputs make no sense."""
        return compile_problem(self._prepare(steps, self.study))

    def compile_turned(self, steps: tuple[Step, ...], last: Step, cell: Cell) -> Program:
        """The program after these steps and a `last` one that sets a cell.

        Value after value of one cell is patched into a program that was built for the first, and
        which is once compared with one built anew. DataError as `compile`.
        """
        data = patch_tables(self.data, (*steps, last))[0]
        table, key, column = cell
        value = data.tables[table].columns[column].get(key)
        if not isinstance(value, float):
            return self.compile((*steps, last))
        restrict_data(data, self.study, self.coalition, {})
        turned = self._turned
        if turned is not None and (turned.cell, turned.others) == (cell, steps):
            program = turned.template.patch({cell: value})[0]
            if program is not None:
                return self._prove(turned, program, (*steps, last))
        try:
            problem, tape = self.trace((*steps, last), [cell])
            self._turned = _Turned(cell, steps, Template(problem, tape))
        except ModelError:  # what cannot be traced is built anew each time
            self._turned = None
            return self.compile((*steps, last))
        return self._turned.template.program

    def _prove(self, turned: _Turned, patched: Program, steps: tuple[Step, ...]) -> Program:
        if turned.template.proven:
            return patched
        built = self.compile(steps)
        if turned.template.prove(patched, built):
            self._turned = None
        return built

    def trace(self, steps: tuple[Step, ...], cells: Sequence[Cell]) -> tuple[Problem, Tape]:
        """The problem after these steps, with those cells traced that still hold a number.

        Raises ModelError where a component does with a number what cannot be traced.
        """
        data = patch_tables(self.data, steps)[0]
        there = [
            (table, key, column)
            for table, key, column in cells
            if isinstance(data.tables[table].columns[column].get(key), float)
        ]
        tape = Tape()
        traced = trace_cells(data, there, tape)
        return assemble(self._restrict(traced), self.study), tape

    def compile_least_shortfall(self, steps: tuple[Step, ...]) -> Program | None:
        """The program of least shortfall after these steps; None where the study has no needs."""
        if self._shortfall_study is None:
            return None
        return compile_problem(self._prepare(steps, self._shortfall_study))

    def _prepare(self, steps: tuple[Step, ...], study: Study) -> Problem:
        data = patch_tables(self.data, steps)[0]
        return prepare_problem(data, study, self.coalition, {})

    def _restrict(self, data: Data) -> Data:
        return data.restrict(COALITION_TABLE, self.coalition, self.study.options)


def _find_shortfall_study(study: Study, folders: Sequence[Path]) -> Study | None:
    objective = find_objective("least missing", folders)
    parts = {part.name for part in study.components}
    return replace(study, objective=objective) if parts.issuperset(objective.requires) else None

"""What the numbers of a program do to its optimum, and through them the cells of the inputs.

The envelope theorem: where plan x and duals y of an LP stay, its optimum changes with a bound of
row i by y_i, with a coefficient a_ij by -y_i x_j, with a cost c_j by x_j. Stages are chained: where
a later stage stays on the optimal face of an earlier one, its duals have in them that the face
moves; where a row holds the earlier one, an input moves the last optimum both by itself and by
moving what is held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cssopt.assembly.assemble import Problem
from cssopt.errors import ModelError
from cssopt.solve.answer import StageVertex
from cssopt.solve.program import Floats, Program, StageConstraint
from cssopt.solve.traced.template import Template
from cssopt.trace.adjoint import Adjoint
from cssopt.trace.numbers import Cell, Tape
from cssopt.trace.sources import find_sources


@dataclass(frozen=True)
class Gradient:
    """How the value of every stage changes with the cells and with the rows.

    Attributes
    ----------
    cells, cells_held: stages by cells, in the order of the template's cells: with what earlier
        stages reach moving along, and with that held where it is.
    rows, rows_held: stages by rows, likewise, for one more on the bound that binds.
    kinks, edges: by cell, as in `CellSlopes`.
    """

    cells: Floats
    cells_held: Floats
    rows: Floats
    rows_held: Floats
    kinks: NDArray[np.bool_]
    edges: NDArray[np.bool_]


class SlopedTemplate(Template):
    """A template that can also differentiate the optimum by its cells."""

    def __init__(self, problem: Problem, tape: Tape) -> None:
        """As `Template`; ModelError where a stage holds what it does not minimise."""
        super().__init__(problem, tape)
        check_holds(self.program)
        self._adjoint = Adjoint(self._replay)
        self._along: tuple[Cell | None, Adjoint] = None, self._adjoint
        matrix, reported = self.program.matrix, self.program.reported
        self._row_of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        self._figure_of = np.repeat(np.arange(reported.shape[0]), np.diff(reported.indptr))

    def differentiate(
        self,
        program: Program,
        values: Mapping[Cell, float],
        vertices: Sequence[StageVertex],
        cell: Cell | None = None,
    ) -> Gradient:
        """The gradient at these values of the cells, for the program patched with them.

        `vertices` are plan and duals of every stage of that program, as an LP. With a `cell` only
        its derivatives are right, and had sooner.
        """
        numbers, reason = self._replay.play_all(values)
        if numbers is None:
            raise ModelError(reason)
        if self._along[0] != cell:
            whole = self._adjoint
            self._along = cell, whole if cell is None else whole.restrict(cell)
        chain, release = chain_stages(program, vertices)
        seeds = np.array([self._seed(program, vertices, s) for s in range(len(vertices))])
        found = self._along[1].pull_back(numbers, seeds)
        cells = chain @ found.slopes
        rows = chain @ np.array([vertex.rows for vertex in vertices])
        held = np.array([vertex.rows_held for vertex in vertices])
        return Gradient(cells, found.slopes + release @ cells, rows, held, found.kinks, found.edges)

    def find_read(self) -> NDArray[np.bool_]:
        """True for the cells that a number of the program is made from, or its shape."""
        nodes = np.concatenate([self._replay.wanted, self._replay.compared])
        return self._mark_sources(nodes)

    def find_bounding(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """True for the cells that the bounds of any of these rows are made from."""
        nodes = [
            traced.nodes[rows[traced.positions]]
            for traced, _ in (self._positions["row_lower"], self._positions["row_upper"])
        ]
        return self._mark_sources(np.concatenate(nodes))

    def find_weighing(self) -> NDArray[np.bool_]:
        """True for the cells that any coefficient is made from, of a row or of a figure."""
        nodes = [self._positions[name][0].nodes for name in ("matrix", "reported")]
        return self._mark_sources(np.concatenate(nodes))

    def _mark_sources(self, nodes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """True for the cells that any of these nodes is made from."""
        found = set(find_sources(self._replay.tape, nodes.tolist()))
        return np.array([cell in found for cell in self.cells], dtype=bool)

    def _seed(self, program: Program, vertices: Sequence[StageVertex], number: int) -> Floats:
        """What each traced number of the arrays does to a stage, with those before it held."""
        vertex, stage = vertices[number], program.stages[number]
        weights = np.zeros(len(program.offsets))
        weights[stage.row] = 1.0
        for (_, held), dual in zip(_held_before(program, number), vertex.held, strict=True):
            weights[held.row] -= dual
        by_array = {
            "matrix": -vertex.rows[self._row_of] * vertex.plan[program.matrix.indices],
            # A row bounded to both sides has its dual at the side where it binds.
            "row_lower": np.where(vertex.is_low, vertex.rows, 0.0),
            "row_upper": np.where(vertex.is_low, 0.0, vertex.rows),
            "reported": weights[self._figure_of] * vertex.plan[program.reported.indices],
            "offsets": weights,
        }
        seed = np.zeros(len(self._replay.wanted))
        for name, (traced, part) in self._positions.items():
            seed[part] = by_array[name][traced.positions]
        return seed


def chain_stages(program: Program, vertices: Sequence[StageVertex]) -> tuple[Floats, Floats]:
    """How the value of each stage (in rows) changes with that of each stage before it.

    And what each stage would save where one before it, which it holds exactly, were a unit less
    strict: by so much its value with that held differs from its value with that moving along.
    """
    count = len(vertices)
    chain, release = np.eye(count), np.zeros((count, count))
    for number, vertex in enumerate(vertices):
        for (place, held), dual, released in zip(
            _held_before(program, number), vertex.held, vertex.released, strict=True
        ):
            value = program.figures_of(vertices[place].plan)[held.row]
            chain[number] += dual * held.slope(float(value)) * chain[place]
            release[number, place] += released
    return chain, release


def _held_before(program: Program, number: int) -> list[tuple[int, StageConstraint]]:
    """The rows that hold the stages before one: the place of each stage, and the row."""
    return [
        (place, held) for place, stage in enumerate(program.stages[:number]) for held in stage.holds
    ]


def check_holds(program: Program) -> None:
    """ModelError where a stage holds what it does not minimise: its plans may differ in that."""
    for stage in program.stages[:-1]:
        for held in stage.holds:
            if not program.same_figure(stage.row, held.row):
                raise ModelError(
                    f"stage {stage.name} holds {held.name}, in which equally good plans of it may "
                    "differ, so that no change of an input has one price; choose another study"
                )

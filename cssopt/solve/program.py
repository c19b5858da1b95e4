"""The compiled program: arrays and the names of their rows and columns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cssopt.errors import ModelError
from cssopt.solve.names import Names

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StageRow:
    """A stage: the row of `Program.reported` to minimise, and the rows that later stages hold."""

    name: str
    row: int
    holds: tuple[StageConstraint, ...]


@dataclass(frozen=True)
class StageConstraint:
    """A row of `Program.reported` that later stages hold at the value reached.

    Attributes
    ----------
    name: of what is held. row: its row.
    allowance: share of the value by which later stages may exceed it; a choice, never a tolerance.
    give_up: shares of the value of which is told what giving up so much more would save.
    """

    name: str
    row: int
    allowance: float = 0.0
    give_up: tuple[float, ...] = ()

    def limit(self, value: float) -> float:
        """The largest value that later stages may take."""
        return value + self.allowance * abs(value)

    def slope(self, value: float) -> float:
        """How much the limit changes with the value."""
        return 1.0 + math.copysign(self.allowance, value)


@dataclass(frozen=True)
class Program:
    """A linear or mixed-integer program, ready for a solver.

    Attributes
    ----------
    matrix: rows by columns; `row_lower`, `row_upper`, `lower`, `upper` the bounds.
    whole: True for columns that take whole numbers only.
    reported: one row of coefficients per reported figure (stages, ledger entries, balances);
        figure = ``reported @ x + offsets``.
    stages: rows of `reported` to minimise, in order.
    figures: row of `reported` by figure, such as ``("ledger", "support_cost", "NOR", 2027)``.
    columns, rows: position by component, name and key, in the order in which they were declared.
    trivially_infeasible: a rule that no plan can meet; empty where there is none.
    structure: columns by what a plan has where one of them is above 0: ``"NOR buys tank"``.
    held: how many rows at the end hold earlier stages.
    indices: names of the indices in the keys of each decision and figure, by its name.
    """

    matrix: csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    whole: NDArray[np.bool_]
    reported: csr_array
    offsets: Floats
    stages: tuple[StageRow, ...]
    figures: Mapping[tuple[Any, ...], int]
    columns: Names
    rows: Names
    trivially_infeasible: str = ""
    structure: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    held: int = 0
    indices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find_figure(self, name: str) -> tuple[Floats, float]:
        """Coefficients and constant of a figure without indices: one reported, or a decision.

        Raises ModelError where the program has no such figure.
        """
        row = self.figures.get(("figure", name, None))
        if row is not None:
            return self.row_of_figure(row), float(self.offsets[row])
        places = {
            column: place for place, (_, column, key) in enumerate(self.columns) if key is None
        }
        if name not in places:
            text = (
                f'there is no figure "{name}": no component of the study declares an expression '
                "or a decision of that name, without indices"
            )
            raise ModelError(text)
        coefficients = np.zeros(self.shape[1])
        coefficients[places[name]] = 1.0
        return coefficients, 0.0

    @property
    def levels(self) -> list[int]:
        """Rows of `reported` whose largest are to be least where plans are equally good."""
        return [row for figure, row in self.figures.items() if figure[0] == "level"]

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return len(self.rows), len(self.columns)

    @property
    def own_rows(self) -> int:
        """Number of rows that are rules of the program itself."""
        return len(self.rows) - self.held

    @property
    def is_whole(self) -> bool:
        """True where some decisions are whole numbers."""
        return bool(self.whole.any())

    def fix_whole(self, plan: Floats) -> Program:
        """The LP with the whole numbers of a plan, rounded."""
        fixed = np.round(plan)
        return replace(
            self,
            lower=np.where(self.whole, fixed, self.lower),
            upper=np.where(self.whole, fixed, self.upper),
            whole=np.zeros_like(self.whole),
        )

    def same_figure(self, row: int, other: int) -> bool:
        """True where two rows of `reported` are the same figure."""
        same = np.array_equal(self.row_of_figure(row), self.row_of_figure(other))
        return same and bool(self.offsets[row] == self.offsets[other])

    def row_of_figure(self, row: int) -> Floats:
        """The coefficients of all columns in a row of `reported`."""
        begin, end = self.reported.indptr[row : row + 2]
        coefficients = np.zeros(self.shape[1])
        coefficients[self.reported.indices[begin:end]] = self.reported.data[begin:end]
        return coefficients

    def figures_of(self, values: Floats) -> Floats:
        """Every reported figure of a plan, one per row of `reported`."""
        figures: Floats = self.reported @ values + self.offsets
        return figures

    def limits_at(self, stage: StageRow, values: Floats) -> tuple[float, ...]:
        """What later stages may reach in the rows that a stage holds, at the plan it found."""
        figures = self.figures_of(values)
        return tuple(held.limit(float(figures[held.row])) for held in stage.holds)


def relax(program: Program) -> Program:
    """The program with whole numbers allowed in fractions."""
    return replace(program, whole=np.zeros_like(program.whole))

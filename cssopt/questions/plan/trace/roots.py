"""From amounts of a plan to the decisions that they are made of, the cells, and the rules at their
limit.

The model is built once more with numbers that remember their cells, and what its components tell of
the plan is told once more with decisions that remember their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np

from cssopt.document.index_columns import Names, tell_key
from cssopt.errors import ModelError
from cssopt.modeling.declare import Declared
from cssopt.names import key_parts, name_row
from cssopt.solution.accounts import Accounts, read_accounts
from cssopt.solution.extract import TINY, extract_quantities
from cssopt.solution.plan import Solution
from cssopt.solution.quantities import Quantities, Quantity
from cssopt.solve.compile import ArrayPositions, compile_traced
from cssopt.tables.data import Data
from cssopt.trace.numbers import NONE, Cell, Traced
from cssopt.trace.sources import find_cells, find_sources

Kind = Literal["ledger", "account", "quantity"]

_OF_PLAN: Final = ""
"""In place of the table of a cell: it is a number of the plan, by its name and key."""

_AT_LIMIT: Final = 1e-6
"""A row with less room than this share of its bound is at its limit."""

_MOST_LIMIT_CELLS: Final = 3
"""Cells that are named beside a rule."""


@dataclass(frozen=True)
class Place:
    """Where an amount of a plan stands: a ledger entry, an account or a quantity, and its key."""

    kind: Kind
    name: str
    key: Any


@dataclass(frozen=True)
class Decided:
    """A decision behind a figure.

    Attributes
    ----------
    says: what it is. of: whose, of what, when, by names. amount: of it, in `measure`.
    makes: what of the figure it makes, as it stands above the line; None where that is no product
        of the decision and a number of the inputs.
    """

    says: str
    of: str
    amount: float
    measure: str
    makes: float | None


@dataclass(frozen=True)
class InputCell:
    """A cell of the inputs behind a figure: where it stands, and what it holds."""

    where: str
    table: str
    row: str
    column: str
    value: float
    measure: str


@dataclass(frozen=True)
class BindingRule:
    """A rule at its limit that holds decisions behind a figure.

    Attributes
    ----------
    says: what it asks for. of: whom and when. saves: million for one more unit of room, in the
        value of the first year; None where no price is known. cells: that its limit comes from.
    """

    says: str
    of: str
    saves: float | None
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Roots:
    """What amounts come from."""

    decisions: tuple[Decided, ...]
    cells: tuple[InputCell, ...]
    rules: tuple[BindingRule, ...]


_Term = tuple[int, float | None]
"""A column, and what a unit of it makes of an amount."""


class RootFinder:
    """Finds what amounts of one plan come from; the model is built once."""

    def __init__(self, plan: Solution, names: Names) -> None:
        """ModelError where the numbers of the model cannot be traced."""
        assert plan.solved.values is not None
        self._plan, self._names = plan, names
        self._values = plan.solved.values
        instance = plan.instance
        self._book: Data = instance.data
        self._problem, self._tape = instance.trace(find_cells(instance.data))
        self._program, traced = compile_traced(self._problem)
        self._by_column = self._program.matrix.tocsc()
        self._reported = _spread(traced.reported, self._program.reported.nnz)
        self._offsets = _spread(traced.offsets, len(self._program.offsets))
        self._bounds = [
            _spread(one, len(self._program.rows)) for one in (traced.row_lower, traced.row_upper)
        ]
        self._columns = {
            (name, key): place for place, (_, name, key) in enumerate(self._program.columns)
        }

    def find(self, places: Iterable[tuple[Place, float]]) -> Roots:
        """The roots of amounts at these places, each of which counts by a factor."""
        made: dict[int, float | None] = {}
        cells: dict[Cell, None] = {}
        for place, factor in places:
            for column, coefficient in self._follow(place, cells):
                before = made.get(column, 0.0)
                if before is None or coefficient is None:
                    made[column] = None
                else:
                    made[column] = before + factor * coefficient * float(self._values[column])
        return Roots(
            tuple(self._describe_decisions(made)),
            tuple(self._describe_cells(cells)),
            tuple(self._find_rules(made)),
        )

    # --- from places to columns and cells

    def _follow(self, place: Place, cells: dict[Cell, None]) -> Iterator[_Term]:
        """The columns that an amount is made of, each with its coefficient, which is None where the
        amount is no sum of products; its cells are added to `cells`."""
        if place.kind == "ledger":
            yield from self._follow_row(self._program.figures["ledger", *place.key], cells)
        elif place.kind == "quantity":
            yield from self._follow_quantity(place.name, place.key, cells)
        else:
            amounts = self._accounts[place.name]
            amount = amounts.get(place.key, 0.0)
            if isinstance(amount, Traced):
                yield from self._follow_node(amount.node, cells)

    def _follow_node(self, node: int, cells: dict[Cell, None]) -> Iterator[_Term]:
        for cell in find_sources(self._tape, [node]):
            if cell[0] == _OF_PLAN:
                for column, _ in self._follow_quantity(cell[2], cell[1], cells):
                    yield column, None
            else:
                cells[cell] = None

    def _follow_quantity(self, name: str, key: Any, cells: dict[Cell, None]) -> Iterator[_Term]:
        column = self._columns.get((name, key))
        row = self._program.figures.get(("figure", name, key))
        if column is not None:
            yield column, 1.0
            if name == self._plan.study.require_need().missing:
                yield from self._follow_cover(column)
        elif row is not None:
            yield from self._follow_row(row, cells)
        elif name in self._quantities:
            number = self._quantities.find(name).values.get(key)
            if isinstance(number, Traced):
                yield from self._follow_node(number.node, cells)

    def _follow_cover(self, missing: int) -> Iterator[_Term]:
        """The columns that cover the need of which one is missing."""
        matrix = self._program.matrix
        for row in self._by_column[:, [missing]].tocoo().row.tolist():
            begin, end = matrix.indptr[row : row + 2]
            for column in matrix.indices[begin:end].tolist():
                if column != missing and self._values[column] >= TINY:
                    yield column, None

    def _follow_row(self, row: int, cells: dict[Cell, None]) -> Iterator[_Term]:
        """The columns of a reported figure that are not 0, and the cells in their coefficients."""
        begin, end = self._program.reported.indptr[row : row + 2]
        nodes = [int(self._offsets[row])]
        for place in range(begin, end):
            column = int(self._program.reported.indices[place])
            coefficient = float(self._program.reported.data[place])
            if abs(self._values[column]) >= TINY and coefficient:
                nodes.append(int(self._reported[place]))
                yield column, coefficient
        known = [node for node in nodes if node != NONE]
        cells |= dict.fromkeys(cell for cell in find_sources(self._tape, known) if cell[0])

    # --- what components tell, with decisions that remember their names

    @cached_property
    def _quantities(self) -> Quantities:
        program, values = self._program, self._values
        told = extract_quantities(self._problem, program, values, program.figures_of(values))
        named = {
            name: quantity if quantity.kind == "parameter" else self._remember(quantity)
            for name, quantity in told.quantities.items()
        }
        return replace(told, quantities=named)

    def _remember(self, quantity: Quantity) -> Quantity:
        """The quantity with numbers that remember its name and their keys."""
        values: dict[Any, Any] = {
            key: self._tape.enter((_OF_PLAN, key, quantity.name), float(amount))
            for key, amount in quantity.values.items()
        }
        return replace(quantity, values=values)

    @cached_property
    def _accounts(self) -> Accounts:
        """Accounts of traced numbers; empty where a component does with one what leaves no trace:
        their amounts are then told without what is behind them."""
        try:
            return read_accounts(tuple(self._plan.study.components), self._quantities)
        except ModelError:
            return Accounts({})

    # --- in words

    @cached_property
    def _declared(self) -> Mapping[tuple[str, str], Any]:
        return {
            (block.name, thing.name): thing
            for _, block in self._problem.blocks()
            for thing in block.declared(Declared)
        }

    def _describe(self, owner: str, name: str, key: Any) -> tuple[str, str, str]:
        """What a decision or rule is, whose, and in what it is measured."""
        thing = self._declared[owner, name]
        of = tell_key(thing.index_names, key_parts(key), self._names) if key is not None else ""
        return thing.doc or name.replace("_", " "), of, getattr(thing, "measure", "")

    def _describe_decisions(self, made: Mapping[int, float | None]) -> Iterator[Decided]:
        for column, makes in made.items():
            says, of, measure = self._describe(*self._program.columns[column])
            yield Decided(says, of, float(self._values[column]), measure, makes or None)

    def _describe_cells(self, cells: Iterable[Cell]) -> Iterator[InputCell]:
        order = {name: place for place, name in enumerate(self._book.tables)}
        for table, key, column in sorted(cells, key=lambda cell: (order[cell[0]], cell[2])):
            data = self._book.tables[table]
            yield InputCell(
                data.where(key, column),
                table,
                name_row(key),
                column,
                float(data.columns[column][key]),
                data.spec.column(column).measure,
            )

    def _find_rules(self, columns: Iterable[int]) -> Iterator[BindingRule]:
        """Rules at their limit that hold any of these decisions, the dearest first."""
        program, wanted = self._program, np.array(sorted(columns), dtype=np.int64)
        if not len(wanted):
            return
        rows = np.unique(self._by_column[:, wanted].tocoo().row)
        activity = (program.matrix @ self._values)[rows]
        found = []
        for row, reached in zip(rows.tolist(), activity.tolist(), strict=True):
            low, high = float(program.row_lower[row]), float(program.row_upper[row])
            owner, name, _ = program.rows[row]
            is_rule = low != high and getattr(self._declared[owner, name], "policy", False)
            if is_rule and any(_is_at(reached, bound) for bound in (low, high)):
                found.append(self._describe_rule(row))
        yield from sorted(found, key=lambda rule: -(rule.saves or 0.0))

    def _describe_rule(self, row: int) -> BindingRule:
        owner, name, key = self._program.rows[row]
        says, of, _ = self._describe(owner, name, key)
        prices = None if self._is_short(row) else self._plan.prices.get(name)
        nodes = [int(bound[row]) for bound in self._bounds if bound[row] != NONE]
        cells = [
            self._book.tables[table].where(key, column)
            for table, key, column in find_sources(self._tape, nodes)
            if table
        ]
        saves = None if prices is None else prices.values.get(key)
        return BindingRule(says, of, saves, tuple(cells[:_MOST_LIMIT_CELLS]))

    def _is_short(self, row: int) -> bool:
        """True of a need that is short: a unit more of it would be missing, and has no price."""
        begin, end = self._program.matrix.indptr[row : row + 2]
        missing = self._plan.study.require_need().missing
        return any(
            self._program.columns[column][1] == missing and self._values[column] > _AT_LIMIT
            for column in self._program.matrix.indices[begin:end].tolist()
        )


def _is_at(reached: float, bound: float) -> bool:
    return bool(np.isfinite(bound)) and abs(reached - bound) <= _AT_LIMIT * max(1.0, abs(bound))


def _spread(positions: ArrayPositions, length: int) -> Any:
    """By place in an array, the node that gives its number; `NONE` where none does."""
    nodes = np.full(length, NONE, dtype=np.int64)
    nodes[positions.positions] = positions.nodes
    return nodes

"""Which cell of the inputs is meant: by its address, or by table, row and column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cssopt.assembly.changes import read_changes
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.plan.trace.figure_names import FIGURE
from cssopt.tables.convert import quote
from cssopt.tables.data import Data
from cssopt.tables.where import WhereError, choose_rows, read_where
from cssopt.trace.numbers import Cell
from cssopt.trace.sources import may_vary

_MOST_TOLD: Final = 5


def looks_like_cell(text: str) -> bool:
    """True of an address, ``inventory!C17``, and of a change without its value,
    ``forces[force=tank].operating_cost``."""
    return "!" in text or "[" in text


def find_cell(data: Data, text: str) -> Cell:
    """The cell that a text means; DataError (E-575, or that of the change) where it is none, is
    several, or holds no number that a plan is worked out from."""
    is_address = "!" in text and "[" not in text
    meant = _find_address(data, text) if is_address else _read(data, text)
    if not meant:
        raise _refuse(text, " is no cell of the tables that are read.")
    found = [cell for cell in meant if _may_move(data, cell)]
    # A row's first cell stands for the columns that its sheet lacks.
    is_name = any(column in data.tables[table].spec.key for table, _, column in meant)
    if not found or is_name:
        why = " holds no number that may be a little more or less: ask cssopt whatif with --set."
        raise _refuse(text, why)
    if len(found) > 1:
        told = ", ".join(_tell(data, cell) for cell in found[:_MOST_TOLD])
        more = ", ..." if len(found) > _MOST_TOLD else ""
        raise _refuse(text, f" means {len(found)} cells: {told}{more}. Name one of them.")
    return found[0]


def _may_move(data: Data, cell: Cell) -> bool:
    table, key, column = cell
    own = data.tables[table]
    return may_vary(own.spec, column) and isinstance(own.columns[column][key], float)


def _refuse(text: str, why: str) -> DataError:
    return DataError([Issue("E-575", FIGURE, f"{quote(text)}{why}")])


def _tell(data: Data, cell: Cell) -> str:
    table, key, column = cell
    return data.tables[table].where(key, column)


def _find_address(data: Data, text: str) -> Sequence[Cell]:
    wanted = text.replace("$", "").replace("'", "").casefold()
    return [
        (name, key, column)
        for name, table in data.tables.items()
        for (key, column), where in table.places.items()
        if where.casefold() == wanted and key in table and column in table.columns
    ]


def _read(data: Data, text: str) -> Sequence[Cell]:
    """The cells of a change: it is read with a value behind it, as ``--set`` takes it."""
    (step,) = read_changes([f"{text}=1"])
    if step.table not in data.tables or step.column not in data.tables[step.table].columns:
        raise _refuse(text, " is no table and column of the inputs.")
    table = data.tables[step.table]
    try:
        keys = choose_rows(table, read_where(step.where)).keys
    except WhereError as error:
        raise DataError([Issue(code, FIGURE, told) for code, told in error.faults]) from error
    return [(step.table, key, step.column) for key in keys]

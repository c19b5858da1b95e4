"""Cells as they stand in a file, before any typing, each with its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cssopt.issues import Issue
from cssopt.tables.numbers import NumberStyle

MERGED = "part of merged cells"
"""Trouble of a cell that a merged range covers: all but its first cell."""

ERROR_VALUE = "an error value"
"""Trouble of a cell whose formula failed, such as #DIV/0!."""

NO_VALUE = "a formula without a stored value"
STALE_VALUE = "a formula that is still to be calculated"
UNCALCULATED = frozenset({NO_VALUE, STALE_VALUE})
"""Troubles of formulas that the program that wrote them did not calculate."""

NO_NUMBER = "a number stored as"
"""How the trouble of a cell begins whose stored number is none, or too large for one."""


class RawCell(NamedTuple):
    """One cell. A tuple, since a workbook may have half a million, and none is made sooner.

    Attributes
    ----------
    value: as stored (str, int, float, bool, None); nothing converted.
    where: address within the file, such as ``inventory!B17``.
    trouble: why the stored value cannot be used: one of the texts above, or what else it is; empty
        where it can.
    date: the date that a spreadsheet shows for a stored number; empty where it shows a number.
    formula: True where the value is what a formula last gave.
    style: of a text file, how it writes its numbers: the value is then the text as it stands there,
        and its column says whether that is a number. None where a program stored typed values.
    """

    value: Any
    where: str
    trouble: str = ""
    date: str = ""
    formula: bool = False
    style: NumberStyle | None = None


@dataclass(frozen=True)
class RawSheet:
    """One sheet: rows of cells from its first row on, empty cells included as value None.

    Attributes
    ----------
    hidden: True where the sheet is not shown.
    hidden_rows, hidden_columns: positions in `rows`, and in each row, that are not shown.
    totals_rows: positions in `rows` that a spreadsheet marks as totals of a table.
    merged: ranges of merged cells, such as ``B5:B8``.
    fault: why the sheet cannot be read as input, where it cannot; `rows` then hold what could be
        looked at. It is told only of a sheet that the model reads.
    """

    name: str
    rows: tuple[tuple[RawCell, ...], ...]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    totals_rows: frozenset[int] = frozenset()
    merged: tuple[str, ...] = ()
    fault: Issue | None = None


@dataclass(frozen=True)
class RawBook:
    """All sheets of one input, by name, in their order; `digest` is the SHA-256 of the file.

    `doubts` are warnings and notes about the file as a whole, such as that it calculates by hand.
    """

    source: str
    digest: str
    sheets: Mapping[str, RawSheet] = field(default_factory=dict)
    doubts: tuple[Issue, ...] = ()

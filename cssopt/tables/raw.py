"""Cells as they stand in a file, before any typing, each with its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MERGED = "part of merged cells"
"""Trouble of a cell that a merged range covers: all but its first cell."""


@dataclass(frozen=True)
class RawCell:
    """One cell.

    Attributes
    ----------
    value: as stored (str, int, float, bool, None); nothing converted.
    where: address within the file, such as ``inventory!B17``.
    trouble: why the stored value cannot be used (``error value``, ``formula without a stored
        value``); empty where it can.
    date: the date that a spreadsheet shows for a stored number; empty where it shows a number.
    formula: True where the value is what a formula last gave.
    """

    value: Any
    where: str
    trouble: str = ""
    date: str = ""
    formula: bool = False


@dataclass(frozen=True)
class RawSheet:
    """One sheet: rows of cells from its first row on, empty cells included as value None.

    `hidden` is True where the sheet is not shown; `hidden_rows` are positions in `rows`.
    """

    name: str
    rows: tuple[tuple[RawCell, ...], ...]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class RawBook:
    """All sheets of one input, by name, in their order; `digest` is the SHA-256 of the file."""

    source: str
    digest: str
    sheets: Mapping[str, RawSheet] = field(default_factory=dict)

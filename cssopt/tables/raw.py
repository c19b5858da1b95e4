"""Cells as they stand in a file, before any typing, each with its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class RawCell:
    """One cell.

    Attributes
    ----------
    value: as stored (str, int, float, bool, datetime, None); nothing converted.
    where: address within the file, such as ``inventory!B17``.
    trouble: why the stored value cannot be used (``error value``, ``formula without a stored
        value``); empty where it can.
    """

    value: Any
    where: str
    trouble: str = ""


@dataclass(frozen=True)
class RawSheet:
    """One sheet: rows of cells from its first row on, empty cells included as value None."""

    name: str
    rows: tuple[tuple[RawCell, ...], ...]


@dataclass(frozen=True)
class RawBook:
    """All sheets of one input, by name, in their order; `digest` is the SHA-256 of the file."""

    source: str
    digest: str
    sheets: Mapping[str, RawSheet] = field(default_factory=dict)

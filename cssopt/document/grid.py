"""A table as the report shows it, before any spreadsheet: fields and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cssopt.names import YEAR
from cssopt.solution.plain import NOISE
from cssopt.solution.quantities import Quantity
from cssopt.tables.data import Data

Names = Mapping[str, Mapping[str, str]]
"""Full names by index and code: ``names["member"]["NOR"]``."""


@dataclass(frozen=True)
class Formula:
    """A spreadsheet formula with the value it has, so that no reader must recalculate."""

    text: str
    value: float


@dataclass(frozen=True)
class Field:
    """One column.

    Attributes
    ----------
    name: its header, the same name as everywhere else.
    form: ``text``, ``sentence`` (wrapped), ``number``, ``share``, ``year``, ``day`` or another
        trait of the styles.
    decimals: of a number; None: as its values need.
    total: True where the sum stands below.
    """

    name: str
    form: str = "text"
    decimals: int | None = None
    total: bool = False


@dataclass(frozen=True)
class Grid:
    """Fields and rows; `marks` gives single cells (by row and column, from 0) traits of a style,
    parted by blanks."""

    fields: Sequence[Field]
    rows: Sequence[Sequence[Any]]
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)


def find_names(data: Data) -> dict[str, dict[str, str]]:
    """Full names by index, of every table that has a code as its key and a name."""
    found = {}
    for table in data.book.tables.values():
        if len(table.spec.key) == 1 and "name" in table.columns:
            names = table.columns["name"]
            found[table.spec.key[0]] = {key: str(name) for key, name in names.items() if name}
    return found


def index_field(index: str) -> Field:
    """The field of an index: years and days as such, others as texts."""
    return Field(index, index if index in ("year", "day") else "text")


def index_fields(indices: Sequence[str], names: Names) -> list[Field]:
    """Fields of these indices, each with its full name beside it where there are names."""
    fields = []
    for index in indices:
        fields.append(index_field(index))
        if index in names:
            fields.append(Field(f"{index}_name"))
    return fields


def index_cells(indices: Sequence[str], key: Sequence[Any], names: Names) -> list[Any]:
    """The cells of a key under `index_fields`."""
    cells: list[Any] = []
    for index, code in zip(indices, key, strict=True):
        cells.append(code)
        if index in names:
            cells.append(names[index].get(code, ""))
    return cells


def spread_by_year(
    quantity: Quantity | None, years: Sequence[int], order: Sequence[str]
) -> tuple[tuple[str, ...], dict[tuple[Any, ...], list[float]]]:
    """A quantity with one list over the years per remaining key; keys without any are left out.

    Returns the names of the remaining indices in the order of the study's, and the lists by key.
    """
    if quantity is None:
        return (), {}
    indices = tuple(n for n in order if n in quantity.index_names and n != YEAR)
    places = [quantity.index_names.index(name) for name in indices]
    year = quantity.index_names.index(YEAR)
    rows: dict[tuple[Any, ...], list[float]] = {}
    position = {t: i for i, t in enumerate(years)}
    for key, value in quantity.keyed():
        if abs(value) >= NOISE:
            kept = tuple(key[place] for place in places)
            rows.setdefault(kept, [0.0] * len(years))[position[key[year]]] += value
    return indices, rows


def plain(number: float) -> float:
    """The number, or 0 where it is only rounding."""
    return 0.0 if abs(number) < NOISE else number

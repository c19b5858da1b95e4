"""Columns and cells of the indices of a quantity, with the full name beside each code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cssopt.document.document import Column, Form
from cssopt.names import YEAR, name_row
from cssopt.solution.plain import NOISE
from cssopt.solution.quantities import Quantity
from cssopt.tables.data import Data

Names = Mapping[str, Mapping[str, str]]
"""Full names by index and code: ``names["member"]["NOR"]``."""

_FORMS: Final[dict[str, Form]] = {"year": "year", "day": "day"}


def find_names(data: Data) -> dict[str, dict[str, str]]:
    """Full names by index, of every table that has a code as its key and a name."""
    found = {}
    for table in data.book.tables.values():
        if len(table.spec.key) == 1 and "name" in table.columns:
            names = table.columns["name"]
            found[table.spec.key[0]] = {key: str(name) for key, name in names.items() if name}
    return found


def make_namer(names: Names) -> Callable[[str], str]:
    """What puts names in place of codes in a sentence about a plan: ``NOR buys tank``.

    A code that has another name under another index stays as it is.
    """
    meant: dict[str, set[str]] = {}
    for by_code in names.values():
        for code, name in by_code.items():
            meant.setdefault(str(code), set()).add(name)
    single = {code: min(own) for code, own in meant.items() if len(own) == 1}
    if not single:
        return lambda text: text
    codes = "|".join(map(re.escape, sorted(single, key=len, reverse=True)))
    pattern = re.compile(rf"(?<!\w)(?:{codes})(?!\w)")
    return lambda text: pattern.sub(lambda found: single[found[0]], text)


def index_column(index: str) -> Column:
    """The column of an index: years and days as such, others as texts."""
    return Column(index, _FORMS.get(index, "text"))


def index_columns(indices: Sequence[str], names: Names) -> list[Column]:
    """Columns of these indices, each with its full name beside it where there are names."""
    columns = []
    for index in indices:
        columns.append(index_column(index))
        if index in names:
            columns.append(Column(f"{index}_name"))
    return columns


def index_cells(indices: Sequence[str], key: Sequence[Any], names: Names) -> list[Any]:
    """The cells of a key under `index_columns`."""
    cells: list[Any] = []
    for index, code in zip(indices, key, strict=True):
        cells.append(code)
        if index in names:
            cells.append(names[index].get(code, ""))
    return cells


def tell_key(indices: Sequence[str], key: Sequence[Any], names: Names) -> str:
    """A key in words, by full names where there are any: ``North, Land, day 30``."""
    words = []
    for index, part in zip(indices, key, strict=True):
        if part is None or part == "":
            continue
        is_number = isinstance(part, int | float) and index != YEAR
        told = f"every {index}" if part == "*" else f"{index} {part:g}" if is_number else None
        words.append(names.get(index, {}).get(part) or told or name_row(part))
    return ", ".join(words)


def spread_by_year(
    quantity: Quantity | None, years: Sequence[int], order: Sequence[str]
) -> tuple[tuple[str, ...], dict[tuple[Any, ...], list[float]]]:
    """A quantity with one list over the years per remaining key; keys without any are left out.

    Returns the names of the remaining indices in the order of the study's, and the lists by key.
    """
    indices, found = spread_limits(quantity, years, order)
    lists = {
        key: [0.0 if value is None or abs(value) < NOISE else value for value in values]
        for key, values in found.items()
    }
    return indices, {key: values for key, values in lists.items() if any(values)}


def spread_limits(
    quantity: Quantity | None, years: Sequence[int], order: Sequence[str]
) -> tuple[tuple[str, ...], dict[tuple[Any, ...], list[float | None]]]:
    """As `spread_by_year`, of limits: one of 0 is a limit too, and where there is none is None."""
    if quantity is None:
        return (), {}
    indices = tuple(n for n in order if n in quantity.index_names and n != YEAR)
    places = [quantity.index_names.index(name) for name in indices]
    year = quantity.index_names.index(YEAR)
    rows: dict[tuple[Any, ...], list[float | None]] = {}
    position = {t: i for i, t in enumerate(years)}
    for key, value in quantity.keyed():
        kept = tuple(key[place] for place in places)
        own = rows.setdefault(kept, [None] * len(years))
        place = position[key[year]]
        own[place] = (own[place] or 0.0) + value
    return indices, rows

"""How a value of a document is written, by the form of its column: one writer for every text.

A workbook shows the same by its number formats (`cssopt.render.xlsx.styles`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from cssopt.document.document import Column, Form, Formula, Mark, Rich, Table, decimals
from cssopt.language import (
    MET_TO,
    localize,
    phrase,
    write_decimal,
    write_percent,
    write_units,
)
from cssopt.solution.plain import NOISE, is_number

NOTHING: Final = "\u2013"
"""How 0 is written: an empty cell has no number."""

SIGNS: Final[dict[Mark, str]] = {
    "good": "\u2713",
    "bad": "\u2717",
    "warn": "!",
    "changed": "\u25b3",
}
"""What stands beside a marked value or text, so that color never tells alone."""

TEXTS: Final[tuple[Form, ...]] = ("text", "sentence")
LEFT: Final[tuple[Form, ...]] = (*TEXTS, "year", "day")
"""Forms that stand at the left of their column."""

_WIDE: Final = Context(prec=400)
"""For numbers of any size."""

_PLACES: Final[dict[Form, int]] = {
    "money": 1,
    "share": 1,
    "fine_share": 2,
    "exact_share": 3,
    "factor": 4,
    "tiny": 1,
    "seconds": 2,
    "units": 1,
    "more_units": 1,
    "points": 1,
    "fine_percent": 2,
}
SHARES: Final[tuple[Form, ...]] = ("share", "fine_share", "exact_share")
_MOST_PLACES: Final = 9
"""Decimals of a number as it was typed."""


def plain_cell(value: Any) -> Any:
    """A cell with Python's own number in place of numpy's, and of a formula."""
    if isinstance(value, Rich):
        return value.text
    value = value.value if isinstance(value, Formula) else value
    return value.item() if hasattr(value, "item") else value


def find_number(value: Any, form: Form) -> float | None:
    """The finite number of a cell under a column of numbers; None where there is none."""
    value = plain_cell(value)
    if form in TEXTS or not is_number(value):
        return None
    return float(value) if math.isfinite(value) else None


def find_places(column: Column, values: Sequence[Any]) -> int:
    """Decimals that a column is written with: of a share, those of its percent."""
    if column.form == "exact":
        numbers = [number for value in values if (number := find_number(value, "exact"))]
        return max(map(_count_places, numbers), default=0)
    if column.form != "number":
        return _PLACES.get(column.form, 0)
    if column.decimals is not None:
        return column.decimals
    return decimals(plain_cell(value) for value in values)


def _count_places(number: float) -> int:
    """Decimals that a number has, as far as it is worth telling."""
    digits = f"{number:.{_MOST_PLACES}f}".rstrip("0")
    return len(digits.partition(".")[2])


FOR_DECIDERS: Final[tuple[Form, ...]] = (
    "million", "difference", "units", "more_units", "percent", "fine_percent", "points", "missing",
)  # fmt: skip
"""Forms of pages for deciders, where an empty cell is a dash and 0 is 0."""


def write_number(number: float, form: Form, places: int, *, ascii_only: bool = False) -> str:
    """A finite number in its form, as the language has it; without signs beyond ASCII where a
    screen asks for it."""
    if form in FOR_DECIDERS:
        text = write_for_deciders(number, form)
        return _in_ascii(text) if ascii_only else text
    if abs(number) < NOISE and form not in LEFT:
        return "0" if ascii_only else NOTHING
    if form in LEFT:
        text = f"{_round(number, 0):f}"
    elif form == "tiny":
        text = f"{abs(number):.{places}e}"
    elif form in SHARES:
        text = f"{_round(number, places, 100):f}%"
    else:
        # What was typed is shown as it was typed, whatever stands above and below it.
        places = min(places, _count_places(number)) if form == "exact" else places
        text = f"{_round(number, places):,f}"
    is_negative = number < 0 and any(sign in "123456789" for sign in text)
    text = text if ascii_only else localize(text)
    return (("-" if ascii_only else "\u2212") if is_negative else "") + text


def _in_ascii(text: str) -> str:
    return text.replace("\u2212", "-").replace("\u00a0", " ").replace(NOTHING, "-")


def write_for_deciders(number: float, form: Form) -> str:
    """A finite number in a form of pages for deciders."""
    if form == "missing" and number <= MET_TO:
        return phrase("met")
    if form in ("million", "difference"):
        sign = form == "difference"
        return write_decimal(number, 0, with_sign=sign)
    if form in ("units", "more_units"):
        return write_units(number, with_sign=form == "more_units")
    if form == "points":
        return write_decimal(100 * number, 1, with_sign=True)
    return write_percent(number, 2 if form == "fine_percent" else 0)


def _round(number: float, places: int, times: int = 1) -> Decimal:
    """The size of a number with so many decimals, halves up as spreadsheets show them."""
    size = _WIDE.multiply(Decimal(repr(abs(number))), Decimal(times))
    return size.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)


def write_cell(value: Any, form: Form, places: int, *, ascii_only: bool = False) -> str:
    """The text of a cell: empty for None; a number that is none says so."""
    value = plain_cell(value)
    number = find_number(value, form)
    if number is not None:
        return write_number(number, form, places, ascii_only=ascii_only)
    if value is None:
        return ("-" if ascii_only else NOTHING) if form in FOR_DECIDERS else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not math.isfinite(value):
        return "not known" if math.isinf(value) else "none"
    return str(value)


def find_totals(table: Table) -> dict[str, float]:
    """The sums that stand below a table, by column.

    A column with a cell that is neither a number nor empty has none: its sum would hide it; nor has
    one whose cells are all empty: nothing is told there, and 0 would be something.
    A table of one row needs none.
    """
    if len(table.rows) < 2:
        return {}
    totals = {}
    for column in table.columns:
        cells = [value for value in table.column(column.name) if value is not None]
        numbers = [number for c in cells if (number := find_number(c, column.form)) is not None]
        if column.total and numbers and len(numbers) == len(cells):
            totals[column.name] = math.fsum(numbers)
    return totals


def find_shown(table: Table, most: int) -> Sequence[int]:
    """Places of the rows that are shown where there is room for so many: all, those that are picked
    to stand for all, or the first."""
    if len(table.rows) <= most:
        return range(len(table.rows))
    return range(most) if table.picked is None else sorted(set(table.picked))[:most]


def tell_shown(shown: int, table: Table, what: str = "rows", where: str = "the workbook") -> str:
    """That some rows of a table stand elsewhere; nothing where all are shown."""
    if shown == len(table.rows):
        return ""
    sums = "; sums are those of all" if find_totals(table) else ""
    return f"{shown} of {len(table.rows):,} {what}; all stand in {where}{sums}."


_MOST_NAMED = 3
"""Neighbors that are told one by one where they mean the same; of more the first and the last."""


def write_legend(table: Table) -> list[tuple[str, str]]:
    """What columns mean and what they count: headings and text, once for all that say the same."""
    told: dict[str, list[int]] = {}
    for place, column in enumerate(table.columns):
        is_named = column.measure in ("", column.heading)
        parts = [column.meaning.rstrip("."), "" if is_named else f"in {column.measure}"]
        text = "; ".join(part for part in parts if part)
        if text:
            told.setdefault(text, []).append(place)
    return [(_name_columns(table, places), text) for text, places in told.items()]


def _name_columns(table: Table, places: Sequence[int]) -> str:
    names = [table.columns[place].heading for place in places]
    are_neighbors = places[-1] - places[0] == len(places) - 1
    if are_neighbors and len(places) > _MOST_NAMED:
        return f"{names[0]} to {names[-1]}"
    return ", ".join(names)

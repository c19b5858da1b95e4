"""Addresses of cells and ranges, as spreadsheets write them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")


class Block(NamedTuple):
    """A range of cells by its corners, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> int:
        """Number of cells."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def parse_block(ref: str) -> Block | None:
    """A range such as A1 or A1:B2, its corners in order; None for anything else."""
    match = _RANGE.fullmatch(ref.upper())
    if match is None:
        return None
    letters, digits, other_letters, other_digits = match.groups()
    rows = sorted((int(digits), int(other_digits or digits)))
    columns = sorted((column_number(letters), column_number(other_letters or letters)))
    return Block(rows[0], columns[0], rows[1], columns[1])


def column_number(letters: str) -> int:
    """1 for A, 27 for AA; the letters are capitals."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@lru_cache(20_000)  # more than a spreadsheet has columns; every cell asks for its own
def column_name(number: int) -> str:
    """A for 1, AA for 27."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_letters(width: int) -> list[str]:
    """Letters of the first columns: A, B, ... Z, AA ..."""
    return [column_name(number) for number in range(1, width + 1)]

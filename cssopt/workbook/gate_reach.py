"""How far the cells of a sheet reach, and what to delete where they reach too far."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from cssopt.issues import Issue
from cssopt.workbook.gate_limits import MAX_AREA, MAX_COLUMNS, MAX_ROWS

_RANGE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})(?::([A-Z]{1,3})([1-9][0-9]{0,6}))?")


class Block(NamedTuple):
    """A range of cells by its corners, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> int:
        """Number of cells; at least 1, also where the corners are swapped."""
        return max(1, (self.bottom - self.top + 1) * (self.right - self.left + 1))

    @property
    def is_far(self) -> bool:
        """Whether any of it lies outside the rows and columns that are read."""
        return max(self.bottom, self.top) > MAX_ROWS or max(self.right, self.left) > MAX_COLUMNS


def parse_block(ref: str) -> Block | None:
    """A range such as A1 or A1:B2; None for anything else, whole columns included."""
    match = _RANGE.fullmatch(ref)
    if match is None:
        return None
    letters, digits, last_letters, last_digits = match.groups()
    top, left = int(digits), column_number(letters)
    if last_letters is None:
        return Block(top, left, top, left)
    return Block(top, left, int(last_digits), column_number(last_letters))


def column_number(letters: str) -> int:
    """1 for A, 27 for AA; the letters are capitals."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_name(number: int) -> str:
    """A for 1, AA for 27."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


@dataclass
class Reach:
    """The used range of a sheet, cells far outside the tables told apart.

    Attributes
    ----------
    bottom, right: last row and column in use, of the cells within the limits.
    far: the last cell outside the limits.
    declared: the range that the sheet says it has.
    """

    sheet: str
    bottom: int = 0
    right: int = 0
    far: tuple[int, int] | None = None
    low: bool = False
    wide: bool = False
    declared: str = ""

    def add(self, row: int, column: int) -> None:
        """A cell is in use."""
        if row <= MAX_ROWS and column <= MAX_COLUMNS:
            self.bottom = max(self.bottom, row)
            self.right = max(self.right, column)
            return
        self.low |= row > MAX_ROWS
        self.wide |= column > MAX_COLUMNS
        self.far = max(self.far or (0, 0), (row, column))

    @property
    def area(self) -> int:
        """Cells of the used range, gaps included."""
        return self.bottom * self.right

    def find_fault(self) -> Issue | None:
        """Why the sheet reaches too far to be read, if it does."""
        if self.far:
            row, column = self.far
            text = (
                f"is in use, if only by a format, outside the {MAX_ROWS:,} rows and "
                f"{MAX_COLUMNS:,} columns that are read. {self._mend()}"
            )
            return Issue("E-020", f"{self.sheet}!{column_name(column)}{row}", text)
        block = parse_block(self.declared)
        # A format on whole columns or whole rows alone may rightly declare all of them.
        if block and block.bottom > MAX_ROWS and block.right > MAX_COLUMNS:
            text = (
                f"declares the range {self.declared}, though its cells end at "
                f"{column_name(self.right) or 'A'}{self.bottom or 1}. Open it in Excel and save it "
                "anew."
            )
            return Issue("E-020", self.sheet, text)
        return None

    def _mend(self) -> str:
        if not self.bottom:
            return "Clear the cell, or move its table up to the top left, and save."
        rows = f"the rows below {self.bottom}" if self.low else ""
        columns = f"the columns right of {column_name(self.right)}" if self.wide else ""
        what = " and ".join(filter(None, (rows, columns)))
        return f"Delete {what} in Excel (Home > Delete), even where they look empty, and save."


def find_widest(reaches: list[Reach]) -> Issue | None:
    """An issue at the sheet with the widest used range if all sheets together have too many cells.

    A reader goes through the gaps between cells as well.
    """
    if sum(reach.area for reach in reaches) <= MAX_AREA:
        return None
    widest = max(reaches, key=lambda reach: reach.area)
    last = f"{column_name(widest.right)}{widest.bottom}"
    text = (
        f"reaches to {last}: {widest.area:,} cells with those between. At most {MAX_AREA:,} are "
        "read of a workbook. Delete unused rows and columns in Excel, even where they look empty, "
        "and save."
    )
    return Issue("E-020", widest.sheet, text)

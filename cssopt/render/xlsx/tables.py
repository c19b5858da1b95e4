"""Tables of a document in a sheet: their cells, formulas, totals, and what of them is printed."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from cssopt.document.document import Cells, Column, Form, Formula, Mark, Pairs, Table
from cssopt.render.number_text import (
    LEFT,
    TEXTS,
    find_number,
    find_places,
    find_totals,
    plain_cell,
    write_cell,
    write_legend,
)
from cssopt.render.xlsx.page import Page
from cssopt.render.xlsx.styles import SIGNED, UNSIGNED
from cssopt.solution.plain import is_number

LAST_ROW: Final = 1_048_000
"""Rows of a sheet that tables may fill."""
_MOST_COLUMNS: Final = 16_384
_MOST_CELLS: Final = 1_000_000
"""Of a table: more would take a spreadsheet minutes to open."""
_LEAST_COLUMNS: Final = 20
"""That a table has beside those that stay in view, however many rows it has."""
_MOST_PRINTED: Final = 200
"""Rows of a table that is printed whole."""
_PRINTED: Final = 50
"""Rows that are printed of a longer one."""
_MOST_READ: Final = 30
"""Rows of a table that has its words below it, where they are still seen."""
_REMARK_WIDTH: Final = 34.0
_SENTENCE_WIDTH, _WIDEST, _NARROWEST = 52.0, 40.0, 7.0
_TITLE_WIDTH: Final = 24
"""Characters that a title is broken at where its table is narrower."""


@dataclass(frozen=True)
class Placed:
    """Where a table stands in the book, counted from 0.

    Attributes
    ----------
    sheet: its name. first, last: rows of its cells; without rows the last is before the first.
    columns: of its columns, by name; those that found no room are missing.
    rows: of its headings and then of each of its rows, where these do not follow one another.
    """

    sheet: str
    first: int
    last: int
    columns: dict[str, int]
    rows: tuple[int, ...] = ()

    def row(self, place: int) -> int:
        """Where a row stands; -1 is that of the headings."""
        return self.rows[place + 1] if self.rows else self.first + place

    def address(self, cells: Cells, from_sheet: str | None) -> str:
        """Cells as a formula writes them: absolute unless in its own table, which None stands for.

        KeyError where a column found no room.
        """
        left, right = self.columns[cells.column], self.columns[cells.last or cells.column]
        top = self.first if cells.row is None else self.row(cells.row)
        bottom = self.last if cells.row is None else top
        mark = "" if from_sheet is None else "$"
        first = f"{mark}{xl_col_to_name(left)}{mark}{top + 1}"
        last = f"{mark}{xl_col_to_name(right)}{mark}{bottom + 1}"
        is_elsewhere = from_sheet not in (None, self.sheet)
        sheet = f"{quote_sheetname(self.sheet)}!" if is_elsewhere else ""
        return sheet + (first if first == last else f"{first}:{last}")


class CellWriter(Protocol):
    """A sheet being written, cell by cell."""

    sheet: Any

    def cell(self, row: int, column: int, value: Any, *traits: str) -> None:
        """A value in a cell."""

    def formula(self, row: int, column: int, text: str, value: float, *traits: str) -> None:
        """A formula in a cell, with its value."""


@dataclass(frozen=True)
class Waiting:
    """A formula that is written once every table stands."""

    page: CellWriter
    row: int
    column: int
    formula: Formula
    table: str
    traits: tuple[str, ...]

    def write(self, placed: dict[str, Placed]) -> None:
        """Write it; its value alone where a column that it reads found no room."""
        name, own = self.page.sheet.get_name(), self.table
        try:
            cells = [
                placed[one.table or own].address(one, None if one.table in ("", own) else name)
                for one in self.formula.cells
            ]
        except KeyError:
            self.page.cell(self.row, self.column, self.formula.value, *self.traits)
            return
        text = f"={self.formula.text.format(*cells)}"
        self.page.formula(self.row, self.column, text, self.formula.value, *self.traits)


def find_form(column: Column, values: Sequence[Any]) -> str:
    """The trait of the styles by which the numbers of a column are shown."""
    if column.form in ("money", "count", "exact", "number"):
        return f"number{find_places(column, values)}"
    return column.form


def find_traits(mark: Mark | None) -> tuple[str, ...]:
    """The traits of a mark, with its sign where it has one."""
    if mark is None:
        return ()
    return (mark,) if mark in UNSIGNED else (mark, SIGNED)


class TableWriter:
    """One table being written into a page, its first column at `left`."""

    def __init__(self, page: Page, table: Table, left: int = 0) -> None:
        self.page, self.table, self.left = page, table, left
        room = min(
            _MOST_COLUMNS - left,
            max(table.in_view + _LEAST_COLUMNS, _MOST_CELLS // max(1, len(table.rows))),
        )
        self.columns = table.columns[:room]
        self.totals = find_totals(table)
        self._values = [[row[i] for row in table.rows] for i in range(len(self.columns))]
        self._forms = [
            find_form(column, values)
            for column, values in zip(self.columns, self._values, strict=True)
        ]
        for place, column in enumerate(self.columns):
            page.widen(left + place, self._find_width(place, column))

    @property
    def is_long(self) -> bool:
        """True where only its first rows are printed."""
        return len(self.table.rows) > _MOST_PRINTED

    def break_title(self) -> list[str]:
        """The title in lines as wide as the table; none where it has none."""
        places = range(self.left, self.left + len(self.columns))
        width = max(_TITLE_WIDTH, int(sum(map(self.page.width_of, places))))
        return textwrap.wrap(self.table.title, width)

    def write_above(self) -> None:
        """What is to be known of a table too long to look below it, and what it leaves out."""
        more = len(self.table.columns) - len(self.columns)
        if more:
            self.page.line(
                f"{more:,} further columns, from {self.table.columns[-more].heading} on, would "
                "make this sheet too large; the JSON of this answer has them all.",
                "warn",
            )
        if self.is_long:
            self.page.line(
                f"{_PRINTED} of {len(self.table.rows):,} rows are printed; all stand in this "
                "sheet.",
                "explanation",
            )
        if not self._has_words_below:
            self._write_words()

    def write_below(self) -> None:
        """What a table says, and what its columns mean, where that stands below."""
        if self._has_words_below:
            self._write_words()

    @property
    def _has_words_below(self) -> bool:
        return len(self.table.rows) <= _MOST_READ

    def _write_words(self) -> None:
        if self.table.note:
            self.page.line(self.table.note)
        for heading, text in write_legend(self.table):
            self.page.line(f"{heading}: {text}.", "explanation")

    def write_cells(self) -> tuple[Placed, list[Waiting]]:
        """Write headings, rows and totals at the current row of the page."""
        page, header = self.page, self.page.row
        for place, column in enumerate(self.columns):
            side = "left" if column.form in LEFT else "right"
            page.text(header, self.left + place, column.heading, "head", side)
        page.set_height(
            header, ((self.left + i, one.heading) for i, one in enumerate(self.columns))
        )
        count = min(len(self.table.rows), LAST_ROW - header)
        formulas = [one for i in range(count) for one in self._write_row(header + 1 + i, i)]
        page.row = header + 1 + count
        if count < len(self.table.rows):
            more = len(self.table.rows) - count
            page.line(f"{more:,} more rows do not fit into a sheet.", "warn")
        columns = {one.name: self.left + i for i, one in enumerate(self.columns)}
        placed = Placed(page.sheet.get_name(), header + 1, header + count, columns)
        if self.totals:
            self._write_totals(placed)
        if self.is_long:
            page.printed.leave_out(header + 1 + _PRINTED, page.row - 1)
        return placed, formulas

    def last_printed(self, header: int) -> int:
        """The last of its rows that is printed, total included."""
        return header + _PRINTED if self.is_long else self.page.row - 1

    def _write_row(self, at: int, row: int) -> Iterator[Waiting]:
        page, wrapped = self.page, []
        for place, column in enumerate(self.columns):
            value = self.table.rows[row][place]
            mark = self.table.marks.get((row, column.name))
            traits = ("cell", self._forms[place], *find_traits(mark))
            if isinstance(value, Formula):
                yield Waiting(page, at, self.left + place, value, self.table.name, traits)
                continue
            page.cell(at, self.left + place, _shown(value, column.form), *traits)
            if column.form == "sentence" and value is not None:
                wrapped.append((self.left + place, str(value)))
        page.set_height(at, wrapped)

    def _write_totals(self, placed: Placed) -> None:
        page = self.page
        for place, column in enumerate(self.columns):
            at, traits = self.left + place, (self._forms[place], "total")
            if column.name in self.totals:
                cells = placed.address(Cells(column.name), None)
                page.formula(page.row, at, f"=SUM({cells})", self.totals[column.name], *traits)
            else:
                page.cell(page.row, at, None if place else "total", *traits)
        page.row += 1

    def _find_width(self, place: int, column: Column) -> float:
        form, values = self._forms[place], self._values[place]
        sizes = [_find_size(value, form) for value in values]
        if column.name in self.totals:
            sizes.append(_find_size(self.totals[column.name], form) + 1)
        signs = 2.0 * any(name == column.name for _, name in self.table.marks)
        widest = _SENTENCE_WIDTH if column.form == "sentence" else _WIDEST
        heading = max(map(len, column.heading.split(" "))) + 4
        return min(widest, max([_NARROWEST, heading, *(size + signs for size in sizes)]))


def write_pairs(page: Page, facts: Pairs, left: int = 0, *, is_beside: bool = False) -> None:
    """Names and values, each in its own form, and what is said of it.

    Beside others, remarks are broken in a column of their own.
    """
    for one in facts.pairs:
        form = find_form(Column("value", one.form, decimals=one.decimals), [one.value])
        form = {"year": "year_of_pair", "day": "year_of_pair", "sentence": "text"}.get(form, form)
        value = _shown(plain_cell(one.value), one.form)
        traits = (*(["bold"] if one.is_strong else []), form, *find_traits(one.mark))
        page.text(page.row, left, one.label)
        page.cell(page.row, left + 1, value, *traits)
        page.widen(left, len(one.label) + 1)
        if one.remark or find_number(one.value, one.form) is not None:
            page.widen(left + 1, min(_WIDEST, _find_size(value, form) + 2.0 * bool(one.mark)))
        if one.remark and is_beside:
            page.widen(left + 2, min(_REMARK_WIDTH, len(one.remark) + 3))
            page.text(page.row, left + 2, one.remark, "remark", "wrapped")
            page.set_height(page.row, [(left + 2, one.remark)])
        elif one.remark:
            page.text(page.row, left + 2, one.remark, "remark")
        page.row += 1


def _shown(value: Any, form: Form) -> Any:
    """A number, or what stands in place of one; always a text under a column of texts."""
    if value is None or form not in TEXTS:
        return plain_cell(value)
    return write_cell(value, form, 0)


def _find_size(value: Any, form: str) -> float:
    """About how many characters wide a value is shown."""
    value = plain_cell(value)
    if not is_number(value):
        return len(str(value if value is not None else "")) + 3
    if form.startswith("number"):
        number = value if math.isfinite(value) else 0.0
        return len(f"{number:,.{form.removeprefix('number')}f}") + 3
    return 10 if isinstance(value, float) else len(str(value)) + 3

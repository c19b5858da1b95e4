"""Reading a sheet: its cells where they stand, and what of it is hidden, merged or a total."""

from __future__ import annotations

import re

from cssopt.issues import Issue
from cssopt.tables.raw import MERGED, RawCell, RawSheet
from cssopt.workbook.address import Block, column_letters, column_name, column_number, parse_block
from cssopt.workbook.gate.disguise import SAVE_ANEW
from cssopt.workbook.gate.limits import (
    MAX_AREA,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_MERGES,
    MAX_ROWS,
    Budget,
)
from cssopt.workbook.gate.xml import WRAPPERS, PartReader, is_true
from cssopt.workbook.gate.zip import clean
from cssopt.workbook.values import DamagedCellError, Values

_DIGITS = "0123456789"
_ROW = re.compile("[1-9][0-9]{0,6}")
_NAMES = ("", *column_letters(MAX_COLUMNS))
_new = tuple.__new__
"""Makes most cells; `RawCell` itself would take twice as long."""
_OTHER_ROOTS = frozenset({"chartsheet", "dialogsheet"})
_MAX_COVERED = 1_000
"""Cells of a merged range that reaches beyond the cells in use; a larger one is there for looks."""
_HEAD = 100
"""Rows that are kept of a sheet that is at fault."""


_NOWHERE = "\n"
"""What no element is named: there are no rows outside of their section."""


class SheetReader(PartReader):
    """A worksheet. Cells that hold nothing, such as those with only a format, count for nothing.

    Attributes
    ----------
    fault: the first reason why the sheet cannot be read as input; None where there is none.
    is_table: False for sheets that hold a chart or a dialog in place of cells.
    bottom, right: the last row and column in use.
    tables: identifiers of the relations to the tables of the sheet.
    formulas: whether any cell has a formula.
    """

    roots = ("worksheet", *_OTHER_ROOTS)

    def __init__(self, part: str, title: str, values: Values, budget: Budget) -> None:
        super().__init__(part, budget)
        self.title = title
        self.fault: Issue | None = None
        self.is_table = True
        self.bottom = self.right = 0
        self.tables: list[str] = []
        self.formulas = False
        self._values = values
        self._space = ""
        self._depth = 0
        self._section = ""
        self._sections: set[str] = set()
        self._rows: dict[int, dict[int, RawCell | None]] = {}
        self._count = 0
        self._far: tuple[int, int] | None = None
        self._hidden_rows: set[int] = set()
        self._hidden_columns = bytearray(MAX_COLUMNS)
        self._merges: list[tuple[str, Block]] = []
        self._columns: dict[str, int] = {}
        # the row that is being read
        self._row = 0
        self._digits = ""
        self._row_hidden = False
        self._cells: dict[int, RawCell | None] = {}
        self._empty = 0
        self._column = 0
        # the cell that is being read
        self._cell: dict[str, str] = {}
        self._value: str | None = None
        self._runs: list[str] | None = None
        self._complete = False
        self._formula = False
        self._text: list[str] = []

    # --- elements

    def listen(self) -> None:
        """Hand elements to `start` and `end`, and all text to the value that is being read."""
        super().listen()
        self._parser.CharacterDataHandler = self._text.append

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """Find out what an element is by its name and by how deep it stands."""
        self._depth = depth = self._depth + 1
        if depth == 5 and name == self._v:
            self._text.clear()
        elif depth == 4 and name == self._c:
            self._cell = attrs
            self._value = self._runs = None
            self._formula = False
        elif depth == 3 and name == self._r:
            self._start_row(attrs)
        elif depth == 5 and name == self._is and self._runs is None:
            self._runs = []
            self._complete = False
        elif depth == 6 and name == self._t and self._runs is not None:
            self._text.clear()
        else:
            self._start_other(depth, name, attrs)

    def end(self, name: str) -> None:
        """Keep a value, a cell or a row where it ends."""
        depth = self._depth
        if depth == 5:
            if name == self._v:
                if self._value is not None:
                    self._blame(self._here(), f"is damaged: it has two values. {SAVE_ANEW}")
                self._value = "".join(self._text)
        elif depth == 4 and name not in WRAPPERS:
            self._end_cell()
        elif depth > 5:
            if name == self._t:
                assert self._runs is not None
                if self._complete:
                    self._blame(self._here(), f"is damaged: it has two texts. {SAVE_ANEW}")
                self._complete = True
                self._runs.append("".join(self._text))
        elif name in WRAPPERS:
            return
        elif depth == 3:
            if self._section == "sheetData":
                self._end_row()
        elif depth == 2:
            self._section = ""
            self._r = _NOWHERE
        self._depth = depth - 1

    def _start_other(self, depth: int, name: str, attrs: dict[str, str]) -> None:
        if depth == 1:
            self._start_sheet(name)
        elif name in WRAPPERS and depth < 5:
            self._depth -= 1
        elif not name.startswith(self._space):
            self._pass_over()
        else:
            self._start_known(depth, name[len(self._space) :], attrs)

    def _start_known(self, depth: int, local: str, attrs: dict[str, str]) -> None:
        """An element of spreadsheets that is neither a row, a cell nor a plain value."""
        rows = self._section == "sheetData"
        if depth == 2 and local in _SECTIONS:
            self._start_section(local)
            return
        if rows and depth == 7 and local == "t" and self._runs is not None:
            self._text.clear()
            return
        if rows and depth == 6 and local == "r":
            self._complete = False
            return
        if rows and depth == 5 and local == "f":
            self._formula = self.formulas = True
        elif rows and depth < 6 and local != "extLst":
            self._blame(
                self._here(),
                f"is damaged: it has '{clean(local, 20)}' where none may be. {SAVE_ANEW}",
            )
        elif depth == 3 and self._section:
            self._look(local, attrs)
        self._pass_over()

    def _pass_over(self) -> None:
        self._depth -= 1
        self.skip()

    def _start_sheet(self, name: str) -> None:
        self._space = space = self.space_of(name)
        if name[len(space) :] in _OTHER_ROOTS:
            self.is_table = False
            self._pass_over()

    def _start_section(self, local: str) -> None:
        if local == "sheetData":
            if local in self._sections:
                raise self.damaged("has its rows twice")
            # Rows and cells have these names only where they stand among rows.
            self._r, self._c = f"{self._space}row", f"{self._space}c"
            self._v, self._is, self._t = (f"{self._space}{name}" for name in ("v", "is", "t"))
        self._sections.add(local)
        self._section = local

    _r = _c = _v = _is = _t = _NOWHERE

    # --- rows and cells

    def _start_row(self, attrs: dict[str, str]) -> None:
        number = attrs.get("r", "")
        self._row += 1
        self._digits = number
        if number:
            if _ROW.fullmatch(number):
                self._row = int(number)
            else:
                text = f"is damaged: a row has the address '{clean(number, 20)}'. {SAVE_ANEW}"
                self._blame("", text)
        self._row_hidden = is_true(attrs.get("hidden")) or _is_zero(attrs.get("ht"))
        self._column = 0
        self._cells = {}
        self._empty = 0
        self._text.clear()

    def _end_row(self) -> None:
        number = self._row
        if self._row_hidden:
            self._hidden_rows.add(number)
        if self._empty == len(self._cells):
            return
        cells = self._cells
        if self._empty:
            cells = {column: cell for column, cell in cells.items() if cell is not None}
        known = self._rows.get(number)
        if known:
            again = next((column for column in cells if column in known), next(iter(cells)))
            self._blame(
                f"{column_name(again)}{number}", f"stands twice in the sheet. {_MEND_TWICE}"
            )
            return
        self._count += len(cells)
        if self._count > MAX_CELLS:
            text = (
                f"brings the sheet to more than {MAX_CELLS:,} filled cells; no more are read. "
                "Delete what is not input."
            )
            self._blame(f"A{number}", text, "E-021")
            return
        self._rows[number] = cells
        self.bottom = max(self.bottom, number)
        self.right = max(self.right, *cells)

    def _end_cell(self) -> None:
        attrs = self._cell
        ref = attrs.get("r")
        if ref:
            letters = ref.rstrip(_DIGITS)
            column = self._columns.get(letters, 0)
            if not column or ref[len(letters) :] != self._digits:
                column = self._place(ref, letters)
                if not column:
                    return
        else:
            column = self._column + 1
        self._column = column
        cells = self._cells
        if column in cells:
            place = f"{column_name(column)}{self._row}"
            self._blame(place, f"stands twice in the sheet. {_MEND_TWICE}")
            return
        text = self._value
        if (
            text
            and not self._formula
            and self._runs is None
            and column <= MAX_COLUMNS
            and self._row <= MAX_ROWS
            and (number := self._values.read_plain(attrs, text)) is not None
        ):
            where = f"{self.title}!{_NAMES[column]}{self._row}"
            cells[column] = _new(RawCell, (number, where, "", "", False, None))
            return
        try:
            value, trouble, date = self._values.read(attrs, self._value, self._runs, self._formula)
        except DamagedCellError as error:
            self._blame(self._here(), f"is damaged: {error}. {SAVE_ANEW}")
            return
        # A space that nobody sees is nothing: far out it would make a sheet too large.
        blank = value is None or (isinstance(value, str) and value.isspace())
        if blank and not trouble and not self._formula:
            cells[column] = None
            self._empty += 1
        elif column > MAX_COLUMNS or self._row > MAX_ROWS:
            self._far = max(self._far or (0, 0), (self._row, column))
        else:
            # An address as it stands in the file is the one to tell; most files have them.
            place = ref if ref and ref.isupper() else f"{column_name(column)}{self._row}"
            where = f"{self.title}!{place}"
            cells[column] = RawCell(value, where, trouble, date, self._formula)

    def _place(self, ref: str, letters: str) -> int:
        """The column of an address, whose row must be the one that the cell stands in; else 0."""
        column = self._columns.get(letters) or self._learn(letters)
        digits = ref[len(letters) :]
        if column and digits == self._digits:
            return column
        # A row without a number has that of its first cell.
        free = not self._digits and _ROW.fullmatch(digits)
        if column and free and (not self._cells or int(digits) == self._row):
            self._row, self._digits = int(digits), digits
            return column
        if column and digits:
            text = f"is damaged: it stands among the cells of row {self._row}. {SAVE_ANEW}"
            self._blame(clean(ref, 20), text)
        else:
            self._blame("", f"is damaged: a cell has the address '{clean(ref, 20)}'. {SAVE_ANEW}")
        return 0

    def _learn(self, letters: str) -> int:
        capitals = letters.upper()
        if not (capitals.isascii() and capitals.isalpha() and len(capitals) < 4):
            return 0
        self._columns[letters] = number = column_number(capitals)
        return number

    def _here(self) -> str:
        """Where the cell stands that is being read, as far as it is known."""
        return clean(self._cell.get("r", ""), 20) or (f"A{self._row}" if self._row else "")

    def _blame(self, place: str, text: str, code: str = "E-006") -> None:
        """Keep the first fault of the sheet, at a cell where one is known."""
        if self.fault is None:
            where = f"{self.title}!{place}" if place else self.title
            self.fault = Issue(code, where, text)

    # --- what else is known of the sheet

    def _look(self, local: str, attrs: dict[str, str]) -> None:
        if local == "mergeCell":
            ref = attrs.get("ref", "")
            block = parse_block(ref)
            if block is None:
                text = "is a merged range that cannot be read. Unmerge it (Home > Merge & Center)."
                self._blame(clean(ref, 40), text, "E-022")
            elif len(self._merges) == MAX_MERGES:
                text = f"has more than {MAX_MERGES:,} merged ranges. Unmerge the cells and save."
                self._blame("", text, "E-023")
            else:
                first = f"{column_name(block.left)}{block.top}"
                self._merges.append((f"{first}:{column_name(block.right)}{block.bottom}", block))
        elif local == "tablePart":
            found = [value for key, value in attrs.items() if key.endswith(" id")]
            self.tables += found or [""]
        elif local == "col" and (is_true(attrs.get("hidden")) or _is_zero(attrs.get("width"))):
            first, last = attrs.get("min", ""), attrs.get("max", "")
            if first.isdecimal() and last.isdecimal() and len(first) < 6 and len(last) < 6:
                start, end = int(first) - 1, min(int(last), MAX_COLUMNS)
                if 0 <= start < end:
                    self._hidden_columns[start:end] = b"\1" * (end - start)

    # --- the sheet as a whole

    @property
    def area(self) -> int:
        """Cells of the used range, gaps included."""
        return self.bottom * self.right

    def finish(self, hidden: bool, totals: frozenset[int], area: int) -> RawSheet:
        """The sheet, at fault where its used range has more cells than `area`.

        `totals` are the positions of rows that hold totals. Of a sheet at fault the first rows
        alone are kept.
        """
        if "sheetData" not in self._sections:
            self._blame("", f"is damaged: it has no rows. {SAVE_ANEW}")
        self._reach_merged()
        self._judge_reach(area)
        bottom, right = self.bottom, self.right
        if self.fault is not None:
            bottom = min(bottom, _HEAD)
        covered = self._find_covered(bottom, right)
        letters = column_letters(right)
        rows = [
            self._make_row(number, letters, covered.get(number, []))
            for number in range(1, bottom + 1)
        ]
        columns = (position for position in range(right) if self._hidden_columns[position])
        return RawSheet(
            self.title,
            tuple(rows),
            hidden,
            frozenset(number - 1 for number in self._hidden_rows if number <= bottom),
            frozenset(columns),
            frozenset(position for position in totals if position < bottom),
            tuple(ref for ref, _ in self._merges),
            self.fault,
        )

    def _make_row(
        self, number: int, letters: list[str], covered: list[tuple[int, int]]
    ) -> tuple[RawCell, ...]:
        """A row; `covered` are the first and last columns that merged ranges cover in it."""
        cells = self._rows.pop(number, {})
        for first, last in covered:
            for column in range(first, last + 1):
                where = f"{self.title}!{letters[column - 1]}{number}"
                cells[column] = RawCell(None, where, MERGED)
        return tuple(
            cells.get(column) or RawCell(None, f"{self.title}!{letter}{number}")
            for column, letter in enumerate(letters, start=1)
        )

    def _reach_merged(self) -> None:
        """Cells that a merged range covers belong to the table in which it begins."""
        bottom, right = self.bottom, self.right
        for _, block in self._merges:
            if block.size <= _MAX_COVERED and block.top <= bottom and block.left <= right:
                self.bottom = max(self.bottom, min(block.bottom, MAX_ROWS))
                self.right = max(self.right, min(block.right, MAX_COLUMNS))

    def _find_covered(self, bottom: int, right: int) -> dict[int, list[tuple[int, int]]]:
        """First and last columns that merged ranges cover, by row.

        The first cell of a range has its value, and is not covered.
        """
        left = self.area
        covered: dict[int, list[tuple[int, int]]] = {}
        for ref, block in self._merges:
            last_row, last_column = min(block.bottom, bottom), min(block.right, right)
            left -= max(0, last_row - block.top + 1) * max(0, last_column - block.left + 1)
            if left < 0:
                self._blame(ref, "overlaps other merged ranges. Unmerge them and save.", "E-022")
                break
            for number in range(block.top, last_row + 1):
                first = block.left + (number == block.top)
                covered.setdefault(number, []).append((first, last_column))
        return covered

    def _judge_reach(self, area: int) -> None:
        if self._far:
            row, column = self._far
            place = f"{column_name(column)}{row}"
            text = (
                f"stands outside the {MAX_ROWS:,} rows and {MAX_COLUMNS:,} columns that are read. "
                f"{self._mend(row, column)}"
            )
            self._blame(place, text, "E-020")
        elif self.area > area:
            last = f"{column_name(self.right)}{self.bottom}"
            text = (
                f"reaches to {last}: {self.area:,} cells with those between. At most {MAX_AREA:,} "
                "are read of a workbook. Delete what is not input below and beside the tables, "
                "and save."
            )
            self._blame("", text, "E-020")

    def _mend(self, row: int, column: int) -> str:
        if not self.bottom:
            return "Clear the cell, or move its table up to the top left, and save."
        rows = f"the rows below {self.bottom}" if row > MAX_ROWS else ""
        columns = f"the columns right of {column_name(self.right)}" if column > MAX_COLUMNS else ""
        what = " and ".join(filter(None, (rows, columns)))
        return f"Delete {what} in Excel (Home > Delete), and save."


_SECTIONS = frozenset({"sheetData", "mergeCells", "cols", "tableParts"})
_MEND_TWICE = (
    "Programs read different ones. Open it in Excel, look which value it shows, and save it anew."
)


def _is_zero(size: str | None) -> bool:
    """Whether a height or width is given, and nothing."""
    return bool(size) and not (size or "").strip("0.")

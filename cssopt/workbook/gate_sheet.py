"""Streaming a sheet: how far its cells reach, and what a reader would make of its ranges."""

from __future__ import annotations

import re

from cssopt.issues import Issue
from cssopt.workbook.gate_kind import SAVE_ANEW
from cssopt.workbook.gate_limits import (
    MAX_CELLS,
    MAX_COPIES,
    MAX_COVERED,
    MAX_DEPTH,
    MAX_FORMULA,
    MAX_RANGES,
    SHEET_COUNTS,
    Budget,
)
from cssopt.workbook.gate_reach import Reach, column_number, parse_block
from cssopt.workbook.gate_xml import MAIN, PartScan, SpentError, TreeScan
from cssopt.workbook.gate_zip import clean

_ROW = MAIN + "row"
_TEXT = MAIN + "t"
_FORMULA = MAIN + "f"
_PLAIN = frozenset(MAIN + name for name in ("c", "v", "f", "is", "t"))
_ROOTS = frozenset(MAIN + name for name in ("worksheet", "chartsheet", "dialogsheet"))
_DIGITS = "0123456789"
_COLUMN = re.compile(r"[A-Z]{1,3}")
_COVERS = {
    "mergeCell": ("E-022", "merged range", "Unmerge it (Home > Merge & Center) and save."),
    "hyperlink": ("E-025", "link", "Remove it (Home > Clear > Remove Hyperlinks) and save."),
}
_SHOWN = 5


class SheetScan(PartScan):
    """A worksheet, read as openpyxl does: any child of a row is a cell, with an address or next.

    Attributes
    ----------
    reach: where the cells of the sheet end.
    issues: faults after which the sheet can still be looked at.
    """

    counts = SHEET_COUNTS

    def __init__(self, part: str, reach: Reach, budget: Budget) -> None:
        super().__init__(part, reach.sheet, budget)
        self.reach = reach
        self.issues: list[Issue] = []
        self._depth = self._row_depth = self._text_depth = 0
        self._cell_depth = -1
        self._row = self._column = 0
        self._digits = ""
        self._cells = self._spent_cells = 0
        self._columns: dict[str, int] = {}
        self._rule_ranges = 1
        self._formula = ""
        self._formula_text = 0
        self._masters: dict[str, int] = {}

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """Count the element; place it if it is a cell."""
        self._marks += 1 + len(attrs)
        self._depth = depth = self._depth + 1
        if depth == self._cell_depth:
            self._cells += 1
            self._place(attrs.get("r"))
        elif depth > MAX_DEPTH:
            self.refuse_depth()
        if name not in _PLAIN:
            self._other(name, attrs)
        elif name == _TEXT:
            self.objects += 1
        elif name == _FORMULA and attrs.get("t") == "shared":
            self._formula = attrs.get("si", "")
            self._formula_text = 0
            self._text_depth = depth
            self._parser.CharacterDataHandler = self._add_text

    def end(self, name: str) -> None:
        """Leave the element."""
        depth = self._depth
        if depth == self._row_depth:
            self._row_depth, self._cell_depth = 0, -1
        elif depth == self._text_depth:
            self._text_depth = 0
            self._parser.CharacterDataHandler = None
            self._share_formula()
        self._depth = depth - 1

    def _place(self, ref: str | None) -> None:
        """Where a cell stands: this decides how many cells a reader makes."""
        row = self._row
        if not ref:
            self._column = column = self._column + 1
        else:
            letters = ref.rstrip(_DIGITS)
            self._column = column = self._columns.get(letters) or self._learn(letters, ref)
            digits = ref[len(letters) :]
            if digits != self._digits:
                row = int(digits) if 0 < len(digits) < 8 else 0
                if not row:
                    self._bad_address("a cell", ref)
        reach = self.reach
        if row > reach.bottom or column > reach.right:
            reach.add(row, column)

    def _learn(self, letters: str, ref: str) -> int:
        if not _COLUMN.fullmatch(letters):
            self._bad_address("a cell", ref)
        self._columns[letters] = number = column_number(letters)
        return number

    def _other(self, name: str, attrs: dict[str, str]) -> None:
        """Any element but a plain cell and its contents, wherever it stands."""
        self.objects += 1
        local = name.rpartition(" ")[2]
        self.count(local)
        if self._depth == 1:
            self._check_sheet_root(name)
        elif name == _ROW:
            self._start_row(attrs)
        elif local in _COVERS:
            self._cover(local, attrs.get("ref", ""))
        elif local == "dimension":
            self.reach.declared = attrs.get("ref", "")
        elif local == "cfRule":
            self._spend_ranges(self._rule_ranges)
        elif "sqref" in attrs:
            ranges = len(attrs["sqref"].split())
            self._spend_ranges(ranges)
            if local == "conditionalFormatting":
                self._rule_ranges = ranges

    def _check_sheet_root(self, name: str) -> None:
        self.check_root(name)
        if name not in _ROOTS:
            self.refuse(
                "E-006", f"is damaged: its part of the file holds something else. {SAVE_ANEW}"
            )

    def _start_row(self, attrs: dict[str, str]) -> None:
        if self._row_depth:
            self.refuse("E-006", f"is damaged: it has a row within a row. {SAVE_ANEW}")
        self._row_depth = self._depth
        self._cell_depth = self._depth + 1
        self._column = 0
        number = attrs.get("r", "")
        self._digits = number or "none"
        if not number:
            self._row += 1
        else:
            plain = number.isascii() and number.isdigit() and len(number) < 8
            self._row = int(number) if plain else 0
            if not self._row:
                self._bad_address("a row", number)

    def _bad_address(self, what: str, ref: str) -> None:
        text = f"is damaged: {what} has the address '{clean(ref, 20)}'. {SAVE_ANEW}"
        self.refuse("E-006", text)

    def _cover(self, local: str, ref: str) -> None:
        """A merged range or link: a reader makes every cell under it."""
        code, kind, mend = _COVERS[local]
        block = parse_block(ref)
        if block is None or block.is_far:
            if len(self.issues) < _SHOWN:
                text = f"is a {kind} that reaches outside the rows and columns read. {mend}"
                self.issues.append(Issue(code, f"{self.where}!{clean(ref, 40)}", text))
            return
        self.reach.add(max(block.top, block.bottom), max(block.left, block.right))
        self.budget.covered -= block.size
        if self.budget.covered < 0:
            text = f"is a {kind} with which more than {MAX_COVERED:,} cells are merged or linked "
            self.refuse(code, f"{text}in this workbook. {mend}", ref)

    def _spend_ranges(self, ranges: int) -> None:
        self.budget.ranges -= ranges
        if self.budget.ranges < 0:
            text = f"has data validations and conditional formats on more than {MAX_RANGES:,} "
            self.refuse("E-023", f"{text}ranges, counted by rule. Clear those that are not needed.")

    def _add_text(self, text: str) -> None:
        self._formula_text += len(text)

    def _share_formula(self) -> None:
        """A shared formula is written once; a reader writes it into each of its cells."""
        length = self._formula_text
        if length > MAX_FORMULA:
            text = f"has a formula of {length:,} characters; Excel has at most {MAX_FORMULA:,}. "
            self.refuse("E-026", f"{text}Put its value in place of it.")
        if self._formula in self._masters:
            self.budget.copies -= self._masters[self._formula]
        elif length:
            self._masters[self._formula] = length
        if self.budget.copies < 0:
            text = f"has formulas that fill more than {MAX_COPIES:,} characters when written out. "
            self.refuse("E-026", f"{text}Put values in place of the longest ones (Paste Special).")

    def _spend(self) -> None:
        self.budget.cells -= self._cells - self._spent_cells
        self._spent_cells = self._cells
        if self.budget.cells < 0:
            text = (
                f"brings the workbook to more than {MAX_CELLS:,} cells in use; no more are read. "
                "Delete what is not input, and clear the formats of empty cells (select them, "
                "Home > Clear > Clear Formats)."
            )
            raise SpentError("E-021", self.where, text)
        super()._spend()


class CommentScan(TreeScan):
    """The comments of a sheet: a reader makes a cell for each."""

    def __init__(self, part: str, reach: Reach, budget: Budget) -> None:
        super().__init__(part, reach.sheet, budget)
        self._reach = reach

    def look(self, parent: str, local: str, attrs: dict[str, str]) -> None:
        """Place the cell of a comment."""
        if "ref" not in attrs:
            return
        block = parse_block(attrs["ref"])
        if block is None or block.size > 1:
            text = f"is damaged: a comment has the address '{clean(attrs['ref'], 20)}'. "
            self.refuse("E-006", text + SAVE_ANEW)
        self._reach.add(block.bottom, block.right)

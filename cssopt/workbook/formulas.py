"""What the numbers of a workbook are calculated and shown by: formulas and number formats."""

from __future__ import annotations

from typing import NamedTuple

from cssopt.workbook.gate.limits import Budget
from cssopt.workbook.gate.xml import MAIN, PartReader, TreeReader


class ShownFormula(NamedTuple):
    """How the number of a cell comes about, and how it is shown.

    Attributes
    ----------
    formula: without its sign; empty where the cell has none, or shares that of another cell.
    code: of its number format; empty where every program knows it by number.
    """

    formula: str
    code: str


class FormatsReader(TreeReader):
    """The number formats of cells, by the number that cells name them with."""

    roots = ("styleSheet",)

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self._codes: dict[str, str] = {}
        self._cells: list[str] = []

    def look(self, path: tuple[str, ...], attrs: dict[str, str]) -> None:
        """Keep number formats, and which of them cells have."""
        if path == ("numFmts", "numFmt"):
            self._codes[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")
        elif path == ("cellXfs", "xf"):
            self._cells.append(attrs.get("numFmtId", "0"))

    def find_code(self, style: str) -> str:
        """The code of a format of cells."""
        is_known = style.isdecimal() and int(style) < len(self._cells)
        return self._codes.get(self._cells[int(style)], "") if is_known else ""


class FormulaReader(PartReader):
    """A worksheet, of which formulas and number formats are kept by address.

    Attributes
    ----------
    found: by address, of cells that have either.
    """

    roots = ("worksheet", "chartsheet", "dialogsheet")

    def __init__(self, part: str, title: str, formats: FormatsReader, budget: Budget) -> None:
        super().__init__(part, budget)
        self.found: dict[str, ShownFormula] = {}
        self._title, self._formats = title, formats
        self._where = self._code = ""
        self._text: list[str] | None = None

    def listen(self) -> None:
        """Hand elements to `start` and `end`, and the text of formulas to them."""
        super().listen()
        self._parser.CharacterDataHandler = self._hear

    def _hear(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """Begin a cell or its formula."""
        if name in _CELLS:
            self._where = f"{self._title}!{attrs.get('r', '')}"
            self._code = self._formats.find_code(attrs.get("s", "0"))
            if self._code:
                self.found[self._where] = ShownFormula("", self._code)
        elif name in _FORMULAS:
            self._text = []

    def end(self, name: str) -> None:
        """Keep a formula where it ends."""
        if name in _FORMULAS and self._text is not None:
            self.found[self._where] = ShownFormula("".join(self._text), self._code)
            self._text = None


_CELLS, _FORMULAS = (tuple(f"{space}{name}" for space in MAIN) for name in ("c", "f"))

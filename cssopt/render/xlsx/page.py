"""One sheet of the report: its head, its tables, its print set-up. Texts never become formulas."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from cssopt.render.number_text import write_cell
from cssopt.render.xlsx.printing import LANDSCAPE, PORTRAIT, PrintedRows
from cssopt.render.xlsx.styles import Styles
from cssopt.solution.plain import NOISE, is_number

_LONGEST_TEXT = 32_767
"""Characters of a cell, as UTF-16 counts them."""
_RAW = "<r>"
_LINE = 120
_LINES = {"verdict": 85, "title": 92, "section": 108}
"""Characters of a line, fewer where they are large."""
_LARGE = {"verdict": 19, "title": 18}
"""Points of a row of large ones."""
_COLUMN_WIDTH = 8.43
"""Of a column that nothing sets."""
_PIXELS = 7
_POINTS = 0.75
"""Of a pixel."""
_BROAD, _LETTERS = 40, 1.12
"""From so many characters on a column holds more letters than digits, by which it is measured."""
_LINE_PIXELS = 900
"""About how wide the longest line is."""
_ROW_PIXELS = 20
_MARGIN = 10
_LEAST_CHART, _WIDEST_CHART = 760, 1000
_LEAST_BESIDE, _LEAST_TOGETHER = 400, 1000
_LINE_POINTS = 14
"""Of a character, a row, between charts, of a chart and of a line, as spreadsheets draw them."""
_HIGHEST = 400
"""Points that a row may be high; spreadsheets allow 409."""


class Page:
    """A sheet that is written from top to bottom."""

    def __init__(self, sheet: Any, styles: Styles) -> None:
        self.sheet = sheet
        self.styles = styles
        self.row = 0
        self._widths: dict[int, float] = {}
        self.printed = PrintedRows()
        sheet.hide_gridlines(2)

    def line(self, text: str, *traits: str) -> None:
        """A line of text over the width of the sheet; long ones are broken."""
        size = next((_LINES[trait] for trait in traits if trait in _LINES), _LINE)
        points = next((_LARGE[trait] for trait in traits if trait in _LARGE), 0)
        for part in textwrap.wrap(text, size) or [""]:
            self.text(self.row, 0, part, *traits)
            self._heighten(self.row, points)
            self.row += 1

    def gap(self) -> None:
        """An empty row."""
        self.row += 1

    def text(self, row: int, column: int, text: str, *traits: str) -> None:
        """A text in a cell, as it stands: never a formula, a link or a number."""
        self.sheet.write_string(row, column, fit_cell(text), self.styles(*traits))

    def cell(self, row: int, column: int, value: Any, *traits: str) -> None:
        """A value in a cell: a number, else its text; nothing where it is None."""
        if value is None:
            self.sheet.write_blank(row, column, None, self.styles(*traits))
        elif not is_number(value):
            self.text(row, column, write_cell(value, "text", 0), *traits)
        elif math.isfinite(value):
            self.sheet.write_number(row, column, without_noise(value), self.styles(*traits))
        else:
            self.text(row, column, write_cell(value, "text", 0), "right", *traits)

    def formula(self, row: int, column: int, text: str, value: float, *traits: str) -> None:
        """A formula in a cell, with its value, so that no reader must recalculate."""
        self.sheet.write_formula(row, column, text, self.styles(*traits), without_noise(value))

    def draw(self, charts: Sequence[Any], row: int, column: int, rows: int) -> None:
        """Charts side by side from a cell on, as wide as the sheet where that can be read."""
        each = self._find_chart_width(len(charts)) // max(1, len(charts))
        for position, chart in enumerate(charts):
            chart.set_size({"width": each - _MARGIN, "height": rows * _ROW_PIXELS})
            self.sheet.insert_chart(row, column, chart, {"x_offset": position * each})

    def _find_chart_width(self, count: int) -> int:
        """Pixels that so many charts side by side are wide together."""
        count = max(1, count)
        least = max(_LEAST_CHART, _LEAST_TOGETHER if count > 1 else 0)
        return min(max(self.pixels, least, count * _LEAST_BESIDE), count * _WIDEST_CHART)

    def freeze(self, rows: int, columns: int = 0) -> None:
        """Keep the first rows and columns in view."""
        self.sheet.freeze_panes(rows, columns)

    def set_height(self, row: int, texts: Iterable[tuple[int, str]]) -> None:
        """Room for texts that are wrapped: not every program finds the height of a row itself."""
        lines = max((self._count_lines(column, text) for column, text in texts), default=1)
        self._heighten(row, min(lines * _LINE_POINTS, _HIGHEST))

    def _heighten(self, row: int, points: float) -> None:
        """Make a row at least so high."""
        if points > self.printed.height(row):
            self.printed.heights[row] = points
            self.sheet.set_row(row, points)

    def _count_lines(self, column: int, text: str) -> int:
        size = self._widths[column]
        width = max(1, int(_LETTERS * size if size >= _BROAD else size) - 3)
        return sum(max(1, len(textwrap.wrap(part, width))) for part in text.splitlines())

    def width_of(self, column: int) -> float:
        """Characters that a column is wide, as far as it is written."""
        return self._widths.get(column, _COLUMN_WIDTH)

    @property
    def pixels(self) -> int:
        """How wide the columns that are written are together."""
        return sum(int(_PIXELS * size) + 5 for size in self._widths.values())

    def widen(self, column: int, width: float) -> None:
        """Make a column at least so wide, in characters."""
        self._widths[column] = max(self._widths.get(column, 0.0), width)

    def finish(self) -> None:
        """Set the widths, once everything is written."""
        for column, width in self._widths.items():
            self.sheet.set_column(column, column, width)

    def set_pages(
        self, scale: int | None = None, *, across: int = 1, charts: int = 0, is_first: bool = False
    ) -> None:
        """Set what is printed, how pages lie and where they end, once everything is written.

        `scale`, in percent, is that of a sheet of many pages side by side, else they are `across`.
        `charts` is the most that stand side by side. The first sheet is one page where it can be.
        """
        printed, last = self.printed, self.row - 1
        if scale:
            width, paper = 100 / scale * LANDSCAPE.wide, LANDSCAPE
        else:
            charted = self._find_chart_width(charts) if charts else 0
            width = _POINTS * max(self.pixels, charted, _LINE_PIXELS)
            paper = printed.choose_paper(last, width) if across == 1 else LANDSCAPE
        if paper is PORTRAIT:
            self.sheet.set_portrait()
        if is_first and printed.fits_one_page(last, width, paper):
            self.sheet.fit_to_pages(1, 1)
            return
        self.sheet.set_h_pagebreaks(printed.find_breaks(last, width, paper))
        areas = printed.find_areas(last)
        if areas == [(0, last)]:
            return
        right, room = max(self._widths), self.pixels
        while room < _LINE_PIXELS:
            right, room = right + 1, room + int(_PIXELS * _COLUMN_WIDTH) + 5
        name = quote_sheetname(self.sheet.get_name())
        # The method of XlsxWriter takes one area.
        self.sheet.print_area_range = ",".join(
            f"{name}!{xl_range_abs(a, 0, b, right)}" for a, b in areas
        )


def fit_cell(text: str) -> str:
    """The text, half letters by their codes; one that a cell cannot hold says so at its end."""
    whole = text.encode("utf-8", "backslashreplace").decode()
    if whole.startswith(_RAW):
        # XlsxWriter takes such a text for the markup of stretches, and writes it as it stands.
        whole = f" {whole}"
    units = whole.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_TEXT:
        return whole
    told = f" [{len(units) // 2:,} characters: a cell holds no more]"
    return units[: 2 * (_LONGEST_TEXT - len(told))].decode("utf-16-le", "ignore") + told


def without_noise(number: float) -> float:
    """The number, or 0 where it is only rounding."""
    return 0.0 if abs(number) < NOISE else number

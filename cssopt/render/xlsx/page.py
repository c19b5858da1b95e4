"""One sheet of the report: its head, its tables, its print set-up. Texts never become formulas."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_range_abs

from cssopt.document.grid import Field, Formula, Grid, plain
from cssopt.render.number_text import decimals
from cssopt.render.xlsx.printing import WIDE, PrintedRows
from cssopt.render.xlsx.styles import Styles

_LAST_ROW = 1_048_000
_LONGEST_TEXT = 32_767
"""Characters of a cell, as UTF-16 counts them."""
_LINE = 120
_LINES = {"verdict": 85, "title": 92, "section": 108}
"""Characters of a line, fewer where they are large."""
_LARGE = {"verdict": 19, "title": 18}
"""Points of a row of large ones."""
_COLUMN_WIDTH = 8.43
"""Of a column that nothing sets."""
_SENTENCE_WIDTH = 52.0
_WIDEST = 40.0
_PIXELS = 7
_POINTS = 0.75
"""Of a pixel."""
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
_LEFT_FORMS = ("text", "sentence", "year", "day")


@dataclass(frozen=True)
class Placed:
    """Where a table stands: rows of its cells (from 0), the row of its total, its first column."""

    sheet: str
    first: int
    last: int
    total: int | None
    columns: dict[str, int]

    def cells(self, field: str, *, absolute: bool = True) -> str:
        """Range of a column's cells, such as ``$D$7:$D$12``."""
        mark = "$" if absolute else ""
        name = xl_col_to_name(self.columns[field])
        return f"{mark}{name}{mark}{self.first + 1}:{mark}{name}{mark}{self.last + 1}"


class Page:
    """A sheet that is written from top to bottom."""

    def __init__(self, sheet: Any, styles: Styles) -> None:
        self.sheet = sheet
        self.styles = styles
        self.row = 0
        self._widths: dict[int, float] = {}
        self._charted = 0
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
        self.sheet.write_string(row, column, _fit_cell(text), self.styles(*traits))

    def cell(self, row: int, column: int, value: Any, *traits: str) -> None:
        """A value in a cell: number, text, formula with its value; nothing where it is None."""
        if isinstance(value, Formula):
            self.sheet.write_formula(row, column, value.text, self.styles(*traits), value.value)
        elif value is None:
            self.sheet.write_blank(row, column, None, self.styles(*traits))
        elif isinstance(value, bool):
            self.text(row, column, "yes" if value else "no", *traits)
        elif isinstance(value, int | float):
            if math.isfinite(value):
                self.sheet.write_number(row, column, plain(value), self.styles(*traits))
            else:
                what = "not known" if math.isinf(value) else "none"
                self.text(row, column, what, "right", *traits)
        else:
            self.text(row, column, str(value), *traits)

    def formula(self, row: int, column: int, text: str, value: float, *traits: str) -> None:
        """A formula in a cell, with its value, so that no reader must recalculate."""
        self.sheet.write_formula(row, column, text, self.styles(*traits), plain(value))

    def pair(self, label: str, value: Any, remark: str = "", *traits: str) -> None:
        """A line of a label, a value and what the value is measured in."""
        self.text(self.row, 0, label)
        self.widen(0, len(label) + 1)
        self.cell(self.row, 1, value, *traits)
        if remark:
            self.text(self.row, 2, remark, "remark")
        self.row += 1

    def only_table(self, grid: Grid, columns: int = 0) -> Placed:
        """Write the one table of a sheet: with filters, its header and first columns in view."""
        self.freeze(self.row + 1, columns)
        self.sheet.repeat_rows(self.row)
        last_row = self.row + len(grid.rows)
        self.sheet.autofilter(self.row, 0, min(last_row, _LAST_ROW), len(grid.fields) - 1)
        return self.table(grid)

    def table(self, grid: Grid) -> Placed:
        """Write a table at the current row."""
        header, rows = self.row, grid.rows
        forms = [_form(field, [row[i] for row in rows]) for i, field in enumerate(grid.fields)]
        for column, field in enumerate(grid.fields):
            side = "left" if field.form in _LEFT_FORMS else "right"
            self.text(header, column, field.name, "head", side)
            self._fit(column, field, forms[column], [row[column] for row in rows])
        room = _LAST_ROW - header
        self.set_height(header, enumerate(field.name for field in grid.fields))
        for position, row in enumerate(rows[:room]):
            for column, value in enumerate(row):
                mark = grid.marks.get((position, column))
                marks = mark.split() if mark else ()
                self.cell(header + 1 + position, column, value, "cell", forms[column], *marks)
            wrapped = (c for c, field in enumerate(grid.fields) if field.form == "sentence")
            self.set_height(header + 1 + position, ((c, str(row[c] or "")) for c in wrapped))
        last = header + min(len(rows), room)
        self.row = last + 1
        if len(rows) > room:
            self.line(f"{len(rows) - room:,} more rows do not fit into a sheet.", "warn")
        columns = {field.name: column for column, field in enumerate(grid.fields)}
        total = self._total(grid, forms, header + 1, last) if len(rows) > 1 else None
        return Placed(self.sheet.get_name(), header + 1, last, total, columns)

    def sum_of_row(self, row: int, first: int, last: int, values: Sequence[Any]) -> Formula:
        """The sum of the cells of a row, as a formula with its value."""
        cells = f"{xl_col_to_name(first)}{row + 1}:{xl_col_to_name(last)}{row + 1}"
        return Formula(f"=SUM({cells})", math.fsum(_amount(value) for value in values))

    def charts(self, charts: Sequence[Any], rows: int, least_width: int = 0) -> None:
        """Charts side by side over the width of the sheet, as high as that many rows.

        `least_width`, in pixels, is for sheets with little but charts.
        """
        self._draw(charts, self.row, 0, rows, max(self.pixels, least_width))
        self.row += rows

    def draw(self, charts: Sequence[Any], row: int, column: int, rows: int) -> None:
        """Charts side by side from a cell on, as wide as the sheet where that can be read."""
        count = max(1, len(charts))
        least = max(_LEAST_CHART, _LEAST_TOGETHER if count > 1 else 0)
        width = min(max(self.pixels, least, count * _LEAST_BESIDE), count * _WIDEST_CHART)
        self._draw(charts, row, column, rows, width)

    def _draw(self, charts: Sequence[Any], row: int, column: int, rows: int, width: int) -> None:
        each = width // max(1, len(charts))
        self._charted = max(self._charted, width if charts else 0)
        for position, chart in enumerate(charts):
            chart.set_size({"width": each - _MARGIN, "height": rows * _ROW_PIXELS})
            self.sheet.insert_chart(row, column, chart, {"x_offset": position * each})

    def freeze(self, rows: int, columns: int = 0) -> None:
        """Keep the first rows and columns in view."""
        self.sheet.freeze_panes(rows, columns)

    def _total(self, grid: Grid, forms: Sequence[str], first: int, last: int) -> int | None:
        if not any(field.total for field in grid.fields):
            return None
        for column, field in enumerate(grid.fields):
            value: Any = "total" if column == 0 else None
            if field.total:
                name = xl_col_to_name(column)
                value = Formula(
                    f"=SUM({name}{first + 1}:{name}{last + 1})",
                    math.fsum(_amount(row[column]) for row in grid.rows),
                )
            self.cell(self.row, column, value, forms[column], "total")
        self.row += 1
        return self.row - 1

    def _fit(self, column: int, field: Field, form: str, values: Sequence[Any]) -> None:
        sizes = [_shown(value, form) for value in values]
        if field.total:
            sizes.append(_shown(math.fsum(_amount(value) for value in values), form) + 1)
        header = max(len(word) for word in field.name.split(" "))
        widest = _SENTENCE_WIDTH if field.form == "sentence" else _WIDEST
        self.widen(column, min(widest, max([7, header + 4, *sizes])))

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
        width = max(1, int(self._widths[column]) - 3)
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

    def set_pages(self, scale: int | None = None) -> None:
        """Set what is printed and where its pages end, once everything is written.

        `scale`, in percent, is that of a sheet of many pages side by side.
        """
        printed, last = self.printed, self.row - 1
        width = 100 / scale * WIDE if scale else _POINTS * max(self.pixels, self._charted)
        self.sheet.set_h_pagebreaks(printed.find_breaks(last, width))
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


def _fit_cell(text: str) -> str:
    """The text, half letters by their codes; one that a cell cannot hold says so at its end."""
    whole = text.encode("utf-8", "backslashreplace").decode()
    units = whole.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_TEXT:
        return whole
    told = f" [{len(units) // 2:,} characters: a cell holds no more]"
    return units[: 2 * (_LONGEST_TEXT - len(told))].decode("utf-16-le", "ignore") + told


def _form(field: Field, values: Sequence[Any]) -> str:
    if field.form == "number":
        places = decimals(map(_amount, values)) if field.decimals is None else field.decimals
        return f"number{places}"
    return field.form


def _amount(value: Any) -> float:
    if isinstance(value, Formula):
        return value.value
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def _shown(value: Any, form: str) -> float:
    """About how many characters wide a value is shown."""
    if form.startswith("number") and not isinstance(value, str):
        return len(f"{_amount(value):,.{form.removeprefix('number')}f}") + 3
    if isinstance(value, float | Formula):
        return 10
    return len(str(value if value is not None else "")) + 3

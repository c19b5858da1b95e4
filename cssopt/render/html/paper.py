"""How small a page is printed so that it stands on one sheet of A4.

A browser breaks a page that is too long over two sheets, and no style can tell it to shrink one.
So its height is worked out here from its words, as a browser lays them out, with some to spare.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from cssopt.document.document import Beside, Block, Chart, Document, Pairs, Sheet, Table
from cssopt.render.drawing import Drawing, Look
from cssopt.render.html.blocks import find_parts, place_tall
from cssopt.render.html.charts import WIDTHS, draw_shapes
from cssopt.render.html.shapes import find_width
from cssopt.render.html.tables import DENSE, MOST_PRINTED, signed
from cssopt.render.number_text import LEFT, find_places, find_shown, write_cell, write_legend

ZOOMS: Final = (100, 95, 90, 85, 80, 75, 70, 65, 60, 55)
"""Percent of the usual size that a page may be printed in; each is a class of the page."""
_TRIED: Final = ((MOST_PRINTED, 65), (36, 65), (24, 65), (24, 55), (16, 55), (10, 55), (6, 55))
"""Rows of a table that are printed at most, and the least percent that is tried with them: fewer
rows before words become too small to be read."""

_WIDE, _HIGH = 521.0, 748.0
"""Points within the margins of A4, the last with some to spare."""
_WIDEST: Final = 0.94 / 12.0
"""Width of words in the widest font that a reader may have, by that which drawings take for 12
pixels, where no word may leave its place."""
_BESIDE: Final = 16.0
"""Points between what stands beside each other."""
_CHARTS: Final = {"wide": 585.0, "narrow": 345.0, "low": 255.0}
"""Points that a drawing is wide at most."""


@dataclass(frozen=True)
class _Sizes:
    """Points of letters and of what stands between: as the style has them on paper."""

    body: float
    line: float
    cell: float
    row: float
    note: float
    heading: float
    title: float
    lead: float
    gap: float
    padding: float

    def find_row_height(self, lines: int) -> float:
        """How high a row of a table is."""
        return self.row + (lines - 1) * self.cell * 1.24


_DENSE: Final = _Sizes(8.1, 1.25, 7.9, 13.4, 7.2, 21.5, 13.0, 9.1, 2.0, 8.0)
_USUAL: Final = _Sizes(9.6, 1.38, 8.6, 17.0, 8.0, 38.0, 15.0, 9.6, 7.0, 10.5)


@dataclass(frozen=True)
class Fitted:
    """How a page is printed: its class, and rows of a table at most."""

    kind: str
    most_printed: int


def fit_on_paper(sheet: Sheet, document: Document, *, is_dense: bool) -> Fitted:
    """The largest letters in which a page stands on one sheet; where the least are too large, fewer
    rows of its tables."""
    for rows, least in _TRIED:
        measured = _Measured(document, _DENSE if is_dense else _USUAL, rows, is_dense)
        zooms = (zoom for zoom in ZOOMS if zoom >= least)
        fitting = next((zoom for zoom in zooms if measured.fits(sheet, zoom / 100)), None)
        if fitting is not None:
            return Fitted("" if fitting == ZOOMS[0] else f"fit-{fitting}", rows)
    return Fitted(f"fit-{ZOOMS[-1]}", _TRIED[-1][0])


def _lines(content: str, width: float, size: float) -> int:
    return max(1, math.ceil(_measure(content) * size / width))


@lru_cache(maxsize=8192)
def _measure(content: str) -> float:
    """Width of a text for each point of its letters."""
    return find_width(content) * _WIDEST


@lru_cache(maxsize=8192)
def _longest_word(content: str) -> float:
    return max(map(_measure, content.split()), default=0.0)


class _Measured:
    """Heights of the blocks of a page in points, before they are made smaller."""

    def __init__(self, document: Document, sizes: _Sizes, rows: int, is_dense: bool) -> None:
        self._document, self._sizes, self._rows = document, sizes, rows
        self._look: Look = "low" if is_dense else "page"
        self._laid: dict[str, list[list[tuple[float, float]]]] = {}
        self._drawn: dict[tuple[int, str], float] = {}

    def fits(self, sheet: Sheet, zoom: float) -> bool:
        """True where a page in that size is no longer than the paper, and its tables no wider."""
        width, sizes = _WIDE / zoom, self._sizes
        head = 1.5 * sizes.body * sizes.line + 5
        head += _lines(sheet.heading, width, sizes.title) * sizes.title * 1.24 + sizes.gap + 1
        head += _lines(sheet.question, width, sizes.body) * sizes.body * 1.45 + 3
        head += sum(_lines(box, width, sizes.body) * 13 + 24 for box in sheet.boxes)
        # The first words of the decision are larger than the others.
        lead = 2 * (sizes.lead - sizes.body) * sizes.line
        tall = head + lead + self._sum(sheet.blocks, width)
        return tall * zoom <= _HIGH and not any(
            self._is_too_wide(table, width) for table in sheet.tables if isinstance(table, Table)
        )

    def _sum(self, blocks: Iterable[Block], width: float, *, is_beside: bool = False) -> float:
        return math.fsum(self._find_height(block, width, is_beside) for block in blocks)

    def _find_height(self, block: Block, width: float, is_beside: bool) -> float:
        sizes = self._sizes
        if isinstance(block, Beside):
            parts = find_parts(block.blocks)
            half = (width - _BESIDE) / 2
            tall = [self._sum(part, half, is_beside=True) for part in parts]
            if place_tall(parts) is not None:
                return max(tall[0], math.fsum(tall[1:]))
            return math.fsum(max(tall[i : i + 2]) for i in range(0, len(tall), 2))
        if isinstance(block, Chart):
            return self._find_chart_height(block, width, is_beside)
        if isinstance(block, Pairs):
            return self._find_pairs_height(block, width)
        if isinstance(block, Table):
            return self._find_table_height(block, width)
        if block.is_heading:
            return sizes.heading + (_lines(block.text, width, sizes.body) - 1) * sizes.body * 1.3
        size = sizes.note if block.mark == "quiet" else sizes.body
        return _lines(block.text, width - 14, size) * size * sizes.line + sizes.gap

    def _find_chart_height(self, chart: Chart, width: float, is_beside: bool) -> float:
        table = self._document.table(chart.table)
        if not table.rows:
            return 4 * self._sizes.body
        name = "narrow" if is_beside else "wide"
        look: Look = "beside" if is_beside and self._look == "page" else self._look
        key = id(chart), name
        if key not in self._drawn:
            drawing = Drawing.of(chart, table, look)
            self._drawn[key] = draw_shapes(drawing, WIDTHS[name])[1]
        scale = min(width, _CHARTS["low" if look == "low" else name]) / WIDTHS[name]
        title = _lines(chart.title, width, self._sizes.body) * self._sizes.body * 1.4
        return self._drawn[key] * scale + title + (4 if self._look == "low" else 18)

    def _find_pairs_height(self, pairs: Pairs, width: float) -> float:
        sizes = self._sizes
        if pairs.are_tiles:
            return 5.5 * sizes.body * sizes.line
        rows = [(one.label, write_cell(one.value, one.form, 0), one.remark) for one in pairs.pairs]
        laid = _lay([[_widths(cell) for cell in row] for row in rows], sizes, width)
        title = sizes.row if pairs.title else 0.0
        return title + math.fsum(sizes.find_row_height(lines) for lines in laid) + 3

    def _find_sizes(self, table: Table) -> _Sizes:
        """Of many columns letters are smaller, and less stands between them."""
        if len(table.columns) <= DENSE:
            return self._sizes
        return replace(self._sizes, cell=7.4, row=13.5, padding=6.0)

    def _cells(self, table: Table) -> list[list[tuple[float, float]]]:
        """Least and full width of each cell that is printed, heads first, in points of letters."""
        if table.name not in self._laid:
            places = [find_places(one, table.column(one.name)) for one in table.columns]
            shown = list(find_shown(table, self._rows))
            if table.last_is_total and len(table.rows) - 1 not in shown:
                shown.append(len(table.rows) - 1)
            heads = [_widths(one.heading, times=_HEAD) for one in table.columns]
            rows = [
                [
                    self._find_widths(table, row, place, decimals)
                    for place, decimals in enumerate(places)
                ]
                for row in shown
            ]
            self._laid[table.name] = [heads, *rows]
        return self._laid[table.name]

    def _find_widths(
        self, table: Table, row: int, place: int, decimals: int
    ) -> tuple[float, float]:
        column = table.columns[place]
        mark = table.marks.get((row, column.name))
        told = signed(write_cell(table.rows[row][place], column.form, decimals), mark)
        times = _BOLD if place == 0 or mark is not None else 1.0
        return _widths(told, keeps_whole=column.form not in LEFT, times=times)

    def _is_too_wide(self, table: Table, width: float) -> bool:
        sizes = self._find_sizes(table)
        least = [
            max(cell[0] for cell in column) for column in zip(*self._cells(table), strict=True)
        ]
        return math.fsum(least) * sizes.cell + sizes.padding * len(least) > width

    def _find_table_height(self, table: Table, width: float) -> float:
        sizes = self._find_sizes(table)
        laid = _lay(self._cells(table), sizes, width)
        extra = [table.title, table.note, *(" ".join(one) for one in write_legend(table))]
        told = sum(
            _lines(text, width, sizes.note) * sizes.note * 1.4 + sizes.gap for text in extra if text
        )
        groups = sizes.row if any(column.group for column in table.columns) else 0.0
        left_out = 2 * sizes.note if len(table.rows) > self._rows else 0.0
        rows = math.fsum(sizes.find_row_height(lines) for lines in laid)
        return rows + told + groups + left_out + 4


_BOLD, _HEAD = 1.12, 1.05
"""How much wider bold letters are than others; and those of heads, which are smaller."""


def _widths(content: str, *, keeps_whole: bool = False, times: float = 1.0) -> tuple[float, float]:
    full = times * _measure(content)
    return (full if keeps_whole else times * _longest_word(content)), full


def _lay(cells: Sequence[Sequence[tuple[float, float]]], sizes: _Sizes, width: float) -> list[int]:
    """Lines that each row takes, its columns as wide as a browser makes them."""
    if not cells:
        return []
    size, columns = sizes.cell, list(zip(*cells, strict=True))
    room = width - sizes.padding * len(columns)
    least = [size * max(cell[0] for cell in column) for column in columns]
    full = [size * max(cell[1] for cell in column) for column in columns]
    free, wanted = room - math.fsum(least), math.fsum(full) - math.fsum(least)
    part = 1.0 if wanted <= 0 else min(1.0, max(0.0, free / wanted))
    wide = [low + part * (high - low) for low, high in zip(least, full, strict=True)]
    return [
        max(
            max(1, math.ceil(size * cell[1] / (column or 1.0) - 1e-9))
            for cell, column in zip(row, wide, strict=True)
        )
        for row in cells
    ]

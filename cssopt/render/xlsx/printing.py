"""Where the pages of a printed sheet end: never within a chart, nor right below a heading.

XlsxWriter knows no heights of what it writes, and spreadsheets break where a page is full: so the
pages are counted here, in points, a little shorter than they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple


class Paper(NamedTuple):
    """An A4 page within its margins, in points."""

    wide: float
    high: float


LANDSCAPE: Final = Paper(770.0, 473.0)
PORTRAIT: Final = Paper(523.0, 720.0)
_WIDEST_UPRIGHT: Final = 815.0
"""Points of a sheet that can be read on the width of an upright page."""
_LEAST_SCALE: Final = 0.55
"""Of letters that can be read: a sheet is not made smaller to stand on one page."""
_SAFETY: Final = 0.96
"""Part of a page that is counted on: printers and programs differ."""
_LEAST_USED: Final = 0.5
"""Part of a page below which it is not left for the sake of a table that could be parted."""
_ROW_POINTS: Final = 15.0
_LEAST_ROWS: Final = 3
"""Rows of a table that stand at least below its headings, and with the end of it."""


@dataclass
class PrintedRows:
    """What is known of the rows of a sheet for its printing.

    Attributes
    ----------
    heights: in points, by row, where they are not as usual.
    repeats: True where the headings of a table stand on every page.
    """

    heights: dict[int, float] = field(default_factory=dict)
    repeats: bool = False
    _together: list[tuple[int, int]] = field(default_factory=list)
    _better_together: list[tuple[int, int]] = field(default_factory=list)
    _left_out: list[tuple[int, int]] = field(default_factory=list)

    def keep(self, first: int, last: int) -> None:
        """Keep these rows on one page, where they find room there."""
        if first < last:
            self._together.append((first, last))

    def keep_table(self, first: int, header: int, last: int) -> None:
        """Keep the headings of a table with what stands above them from `first` on and the first
        rows, and the last rows; the whole where that does not leave half a page empty."""
        self._better_together.append((first, last))
        self.keep(first, min(last, header + _LEAST_ROWS))
        self.keep(max(first, last - _LEAST_ROWS + 1), last)

    def leave_out(self, first: int, last: int) -> None:
        """Print these rows not."""
        self._left_out.append((first, last))

    def find_areas(self, last: int) -> list[tuple[int, int]]:
        """First and last row of each part that is printed, of a sheet that ends in row `last`.

        A single row is the empty one below a table.
        """
        begins = [0, *(end + 1 for _, end in self._left_out)]
        ends = [*(begin - 1 for begin, _ in self._left_out), last]
        return [(a, b) for a, b in zip(begins, ends, strict=True) if a < b]

    def choose_paper(self, last: int, width: float) -> Paper:
        """How a page lies, for a sheet that is so many points wide: upright where it is long."""
        is_long = self._count_points(last) > _find_room(LANDSCAPE, width)
        return PORTRAIT if is_long and width <= _WIDEST_UPRIGHT else LANDSCAPE

    def fits_one_page(self, last: int, width: float, paper: Paper) -> bool:
        """Whether all of a sheet can be read on one page."""
        scale = min(paper.wide / width, _SAFETY * paper.high / self._count_points(last))
        return not self._left_out and scale >= _LEAST_SCALE

    def _count_points(self, last: int) -> float:
        return sum(self.height(row) for a, b in self.find_areas(last) for row in range(a, b + 1))

    def find_breaks(self, last: int, width: float, paper: Paper = LANDSCAPE) -> list[int]:
        """Rows before which a page ends, of a sheet that is so many points wide.

        None where its one table heads every page: it may go on anywhere.
        """
        if self.repeats:
            return []
        room = _find_room(paper, width)
        return [at for area in self.find_areas(last) for at in self._break(*area, room)]

    def _break(self, first: int, last: int, room: float) -> Iterator[int]:
        begin, used = first, 0.0
        row = first
        while row <= last:
            height = self.height(row)
            if used + height <= room or row == begin:
                used += height
                row += 1
                continue
            every = [*self._together, *self._better_together]
            free = self._find_free(row, every, room)
            if sum(map(self.height, range(begin, free))) < _LEAST_USED * room:
                free = self._find_free(row, self._together, room)
            begin = row = free if free > begin else row
            used = 0.0
            yield begin

    def _find_free(self, row: int, together: list[tuple[int, int]], room: float) -> int:
        """The last row up to `row` before which the page may end."""
        while True:
            crossed = [a for a, b in together if a < row <= b and self._fits(a, b, room)]
            if not crossed:
                return row
            row = min(crossed)

    def _fits(self, first: int, last: int, room: float) -> bool:
        return sum(map(self.height, range(first, last + 1))) <= room

    def height(self, row: int) -> float:
        """Points that a row is high."""
        return self.heights.get(row, _ROW_POINTS)


def _find_room(paper: Paper, width: float) -> float:
    """Points of rows on a page, of a sheet that is made as wide as it."""
    return _SAFETY * paper.high * max(1.0, width / paper.wide)

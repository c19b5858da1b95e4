"""Where the blocks of a page stand: bands from top to bottom, of parts from left to right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cssopt.document.document import Beside, Block, Sheet, Table
from cssopt.render.widths import Plain, find_widths, leave_out_drawn, split_parts
from cssopt.render.xlsx.pages.styles import BODY

PAGE_PIXELS: Final = 700.0
"""Width of a page of A4 between its margins; of what is wider the letters get smaller."""
_GUTTER: Final = 14.0
"""Between parts that stand side by side."""
_OFF_PAPER: Final = 120.0
"""From the page to what is not printed beside it."""


@dataclass(frozen=True)
class Laid:
    """A block and the edges of its columns, in pixels from the left of the page."""

    block: Plain
    edges: tuple[float, ...]

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.edges[0]

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.edges[-1]


@dataclass(frozen=True)
class Band:
    """Parts that stand side by side, each of blocks below one another.

    Attributes
    ----------
    off_paper: tables at the right of the page, which only the charts of the band read.
    """

    parts: tuple[tuple[Laid, ...], ...]
    off_paper: tuple[Laid, ...] = ()

    @property
    def edges(self) -> Iterator[float]:
        """Those of all its blocks."""
        for part in (*self.parts, self.off_paper):
            for laid in part:
                yield from laid.edges


def lay_out(sheet: Sheet, wanted: float = PAGE_PIXELS) -> tuple[float, list[Band]]:
    """How wide a page is, at least so wide as is wanted, and its bands."""
    bands = [_find_parts(block) for block in sheet.blocks]
    needs = [math.fsum(map(_find_least, parts)) + _GUTTER * (len(parts) - 1) for parts, _ in bands]
    width = max([wanted, *needs])
    return width, [_place(parts, off_paper, width) for parts, off_paper in bands]


def _find_parts(block: Block) -> tuple[list[list[Plain]], list[Table]]:
    if not isinstance(block, Beside):
        return [[block]], []
    kept, drawn = leave_out_drawn(block)
    return split_parts(kept), drawn


def _find_least(part: Sequence[Plain]) -> float:
    return BODY * max(sum(find_widths(block).least) for block in part)


def _place(parts: Sequence[Sequence[Plain]], off_paper: Sequence[Table], width: float) -> Band:
    room = width - _GUTTER * (len(parts) - 1)
    placed, left = [], 0.0
    for part, each in zip(parts, _share(room, [_find_least(part) for part in parts]), strict=True):
        placed.append(tuple(Laid(block, _find_edges(block, left, each)) for block in part))
        left += each + _GUTTER
    left = width + _OFF_PAPER
    beside = []
    for table in off_paper:
        each = BODY * math.fsum(find_widths(table).least)
        beside.append(Laid(table, _find_edges(table, left, each)))
        left += each + _GUTTER
    return Band(tuple(placed), tuple(beside))


def _share(room: float, least: Sequence[float]) -> list[float]:
    """Room for each part: as much for one as for another, but at least what it needs."""
    found: dict[int, float] = {}
    for place in sorted(range(len(least)), key=lambda one: -least[one]):
        fair = (room - math.fsum(found.values())) / (len(least) - len(found))
        found[place] = max(fair, least[place])
    return [found[place] for place in range(len(least))]


def _find_edges(block: Plain, left: float, room: float) -> tuple[float, ...]:
    edges = [left]
    for width in find_widths(block).spread(room, BODY):
        edges.append(edges[-1] + width)
    edges[-1] = left + room
    return tuple(edges)

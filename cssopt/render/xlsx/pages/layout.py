"""Where the blocks of a page stand: bands from top to bottom, of parts from left to right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cssopt.document.document import Beside, Block, Sheet
from cssopt.render.widths import Plain, find_widths, split_parts
from cssopt.render.xlsx.pages.styles import BODY

PAGE_PIXELS: Final = 700.0
"""Width of a page of A4 between its margins; of what is wider the letters get smaller."""
_GUTTER: Final = 14.0
"""Between parts that stand side by side."""


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
    """Parts that stand side by side, each of blocks below one another."""

    parts: tuple[tuple[Laid, ...], ...]

    @property
    def edges(self) -> Iterator[float]:
        """Those of all its blocks."""
        for part in self.parts:
            for laid in part:
                yield from laid.edges


def lay_out(sheet: Sheet, wanted: float = PAGE_PIXELS) -> tuple[float, list[Band]]:
    """How wide a page is, at least so wide as is wanted, and its bands."""
    bands = [_find_parts(block) for block in sheet.blocks]
    needs = [_find_least(part) * len(parts) + _GUTTER for parts in bands for part in parts]
    width = max([wanted, *needs])
    return width, [_place(parts, width) for parts in bands]


def _find_parts(block: Block) -> list[list[Plain]]:
    return split_parts(block) if isinstance(block, Beside) else [[block]]


def _find_least(part: Sequence[Plain]) -> float:
    return BODY * max(sum(find_widths(block).least) for block in part)


def _place(parts: Sequence[Sequence[Plain]], width: float) -> Band:
    each = (width - _GUTTER * (len(parts) - 1)) / len(parts)
    placed = []
    for place, part in enumerate(parts):
        left = place * (each + _GUTTER)
        placed.append(tuple(Laid(block, _find_edges(block, left, each)) for block in part))
    return Band(tuple(placed))


def _find_edges(block: Plain, left: float, room: float) -> tuple[float, ...]:
    edges = [left]
    for width in find_widths(block).spread(room, BODY):
        edges.append(edges[-1] + width)
    edges[-1] = left + room
    return tuple(edges)

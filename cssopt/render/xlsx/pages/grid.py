"""Columns of a page: edges of all its tables, in pixels, become the edges of columns of the sheet.

Unlike tables so share the columns of one sheet: each of their cells is merged over one or more.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SNAP: Final = 7.0
"""Pixels below which two edges are one."""


@dataclass(frozen=True)
class Grid:
    """The edges of the columns of a sheet, from 0 on."""

    edges: tuple[float, ...]

    @classmethod
    def of(cls, edges: Iterable[float]) -> Grid:
        """The grid that has all these edges, those that nearly meet as one."""
        found: list[float] = []
        for edge in sorted({0.0, *edges}):
            if not found or edge - found[-1] > SNAP:
                found.append(edge)
        return cls(tuple(found))

    @property
    def widths(self) -> list[int]:
        """Pixels of each column."""
        rounded = list(map(round, self.edges))
        return [right - left for left, right in itertools.pairwise(rounded)]

    def span(self, left: float, right: float) -> tuple[int, int]:
        """First and last column between two edges."""
        first, end = self._find(left), self._find(right)
        return first, max(first, end - 1)

    def _find(self, edge: float) -> int:
        """The edge that stands for this one: the last that is not beyond it."""
        return max(0, bisect_left(self.edges, edge + 1e-6) - 1)

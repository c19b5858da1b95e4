"""Where the blocks of a page stand: bands from top to bottom, of parts from left to right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from cssopt.document.document import Beside, Block, Chart, Column, Note, Pairs, Sheet, Table
from cssopt.render.number_text import LEFT, find_places, find_totals, write_cell
from cssopt.render.text_size import measure, widest_word
from cssopt.render.xlsx.pages.styles import BODY

PAGE_PIXELS: Final = 700.0
"""Width of a page of A4 between its margins; of what is wider the letters get smaller."""
_GUTTER: Final = 14.0
"""Between parts that stand side by side."""
_PAD: Final = 17.0
"""Room of a cell beside its text."""
_WIDEST_TEXT: Final = 230.0
_LEAST_SENTENCE: Final = 150.0
_LEAST_NOTE: Final = 200.0
"""Pixels of a column of texts at most, of sentences at least, and of a note."""


Plain = Note | Table | Pairs | Chart


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


@dataclass(frozen=True)
class _Widths:
    """What the columns of a block ask for, at least and at best, and which take what is left."""

    least: list[float]
    wanted: list[float]
    growing: list[int] = field(default_factory=list)

    def spread(self, room: float) -> list[float]:
        """Widths that fill the room."""
        least, wanted = sum(self.least), sum(self.wanted)
        if wanted <= room:
            takers = self.growing or range(len(self.wanted))
            base = sum(self.wanted[place] for place in takers) or 1.0
            return [
                width + (room - wanted) * (width / base if place in takers else 0.0)
                for place, width in enumerate(self.wanted)
            ]
        fixed = math.fsum(w for i, w in enumerate(self.wanted) if i not in self.growing)
        needed = math.fsum(self.least[place] for place in self.growing)
        if self.growing and fixed + needed <= room:
            share = (room - fixed) / needed
            return [
                share * self.least[place] if place in self.growing else width
                for place, width in enumerate(self.wanted)
            ]
        share = max(0.0, room - least) / max(1e-9, wanted - least)
        return [
            low + share * (high - low) for low, high in zip(self.least, self.wanted, strict=True)
        ]


def split_parts(beside: Beside) -> list[list[Plain]]:
    """Blocks that stand side by side: notes, and what follows a heading among them, stand below one
    another in one part."""
    parts: list[list[Plain]] = []
    for block in beside.blocks:
        is_note = isinstance(block, Note)
        is_heading = isinstance(block, Note) and block.is_heading
        is_headed = bool(parts) and isinstance(first := parts[-1][0], Note) and first.is_heading
        if not parts or is_heading or not (is_headed or is_note):
            parts.append([block])
        else:
            parts[-1].append(block)
    return parts


def lay_out(sheet: Sheet) -> tuple[float, list[Band]]:
    """How wide a page is, and its bands."""
    bands = [_find_parts(block) for block in sheet.blocks]
    needs = [_find_least(part) * len(parts) + _GUTTER for parts in bands for part in parts]
    width = max([PAGE_PIXELS, *needs])
    return width, [_place(parts, width) for parts in bands]


def _find_parts(block: Block) -> list[list[Plain]]:
    return split_parts(block) if isinstance(block, Beside) else [[block]]


def _find_least(part: Sequence[Plain]) -> float:
    return max(sum(_find_widths(block).least) for block in part)


def _place(parts: Sequence[Sequence[Plain]], width: float) -> Band:
    each = (width - _GUTTER * (len(parts) - 1)) / len(parts)
    placed = []
    for place, part in enumerate(parts):
        left = place * (each + _GUTTER)
        placed.append(tuple(Laid(block, _find_edges(block, left, each)) for block in part))
    return Band(tuple(placed))


def _find_edges(block: Plain, left: float, room: float) -> tuple[float, ...]:
    edges = [left]
    for width in _find_widths(block).spread(room):
        edges.append(edges[-1] + width)
    edges[-1] = left + room
    return tuple(edges)


def _find_widths(block: Plain) -> _Widths:
    match block:
        case Table():
            return _measure_table(block)
        case Pairs():
            return _measure_pairs(block)
    return _Widths([_LEAST_NOTE], [_LEAST_NOTE])


def _measure_table(table: Table) -> _Widths:
    found = _Widths([], [])
    totals = find_totals(table)
    for place, column in enumerate(table.columns):
        values = [row[place] for row in table.rows]
        values += [totals[column.name]] if column.name in totals else []
        least, wanted = _measure_column(column, values)
        found.least.append(least)
        found.wanted.append(wanted)
        if column.form == "sentence":
            found.growing.append(place)
    return found


def _measure_column(column: Column, values: Sequence[object]) -> tuple[float, float]:
    """What a column asks for, at least and at best: any of its cells may be bold."""
    places = find_places(column, values)
    texts = [write_cell(value, column.form, places) for value in values]
    title = measure(column.heading, BODY, is_bold=True)
    head = widest_word(column.heading, BODY, is_bold=True)
    widest = max((measure(text, BODY, is_bold=True) for text in texts), default=0.0)
    words = max((widest_word(text, BODY, is_bold=True) for text in texts), default=0.0)
    if column.form == "sentence":
        least = max(head, words, min(widest, _LEAST_SENTENCE))
        return least + _PAD, max(least, widest) + _PAD
    if column.form in LEFT:
        least = max(head, words)
        return least + _PAD, max(least, min(max(title, widest), _WIDEST_TEXT)) + _PAD
    least = max(head, widest)
    return least + _PAD, max(least, title) + _PAD


def _measure_pairs(pairs: Pairs) -> _Widths:
    if pairs.are_tiles:
        each = [_LEAST_NOTE / 2] * max(1, len(pairs.pairs))
        return _Widths(each, each)
    values = [
        measure(write_pair(one.value, one.form, one.decimals), BODY, is_bold=True)
        for one in pairs.pairs
    ]
    labels = [measure(one.label, BODY, is_bold=one.is_strong) for one in pairs.pairs]
    remarks = [measure(one.remark, BODY) for one in pairs.pairs if one.remark]
    value = min(max(values, default=0.0), _WIDEST_TEXT) + _PAD
    label = max(labels, default=0.0) + _PAD
    least, wanted = [min(label, _LEAST_SENTENCE), value], [label, value]
    if remarks:
        least.append(min(max(remarks), _LEAST_SENTENCE) + _PAD)
        wanted.append(max(remarks) + _PAD)
    return _Widths(least, wanted, [len(wanted) - 1] if remarks else [0])


def write_pair(value: object, form: str, places: int | None) -> str:
    """The text of a value of a pair."""
    column = Column("value", form, decimals=places)  # type: ignore[arg-type]
    return write_cell(value, column.form, find_places(column, [value]))

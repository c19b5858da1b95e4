"""How wide the columns of blocks are that stand side by side on a page or a slide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cssopt.document.document import Beside, Chart, Column, Note, Pair, Pairs, Table
from cssopt.render.number_text import LEFT, find_places, find_totals, write_cell
from cssopt.render.text_size import measure, widest_word

Plain = Note | Table | Pairs | Chart
"""A block that holds no others."""

_PAD: Final = 1.9
_WIDEST_TEXT: Final = 26.0
_SHORT_TEXT: Final = 13.0
_LEAST_SENTENCE: Final = 17.0
_LEAST_NOTE: Final = 22.0
"""For each point of the type: pixels of a cell beside its text, of a column of texts at most, of
a text that is not broken, of sentences at least, and of a note."""


@dataclass(frozen=True)
class Widths:
    """What the columns of a block ask for, at least and at best, and which take what is left: in
    pixels for each point of the type."""

    least: list[float]
    wanted: list[float]
    growing: list[int] = field(default_factory=list)

    def spread(self, room: float, points: float) -> list[float]:
        """Pixels that fill the room, where the type has so many points."""
        return [points * width for width in self._spread(room / points)]

    def _spread(self, room: float) -> list[float]:
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
        if least > room:
            return [width * room / least for width in self.least]
        share = (room - least) / max(1e-9, wanted - least)
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


def leave_out_drawn(beside: Beside) -> tuple[Beside, list[Table]]:
    """What stands side by side without the tables that a chart among it draws, and these: its bars
    bear their numbers."""
    drawn = {block.table for block in beside.blocks if isinstance(block, Chart)}
    tables = [one for one in beside.blocks if isinstance(one, Table) and one.name in drawn]
    return Beside(tuple(one for one in beside.blocks if one not in tables)), tables


def find_widths(block: Plain) -> Widths:
    """What the columns of a block ask for; notes and charts are one column."""
    match block:
        case Table():
            return _measure_table(block)
        case Pairs():
            return _measure_pairs(block)
    return Widths([_LEAST_NOTE], [_LEAST_NOTE])


def _measure_table(table: Table) -> Widths:
    found = Widths([], [])
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
    title = measure(column.heading, 1.0, is_bold=True)
    head = widest_word(column.heading, 1.0, is_bold=True)
    widest = max((measure(text, 1.0, is_bold=True) for text in texts), default=0.0)
    words = max((widest_word(text, 1.0, is_bold=True) for text in texts), default=0.0)
    if column.form == "sentence":
        least = max(head, words, min(widest, _LEAST_SENTENCE))
        return least + _PAD, max(least, widest) + _PAD
    if column.form in LEFT:
        least = max(head, words, widest if widest <= _SHORT_TEXT else 0.0)
        return least + _PAD, max(least, min(max(title, widest), _WIDEST_TEXT)) + _PAD
    least = max(head, widest)
    return least + _PAD, max(least, title) + _PAD


def _measure_pairs(pairs: Pairs) -> Widths:
    if pairs.are_tiles:
        each = [_LEAST_NOTE / 2] * max(1, len(pairs.pairs))
        return Widths(each, each)
    values = [measure(write_pair(one), 1.0, is_bold=True) for one in pairs.pairs]
    labels = [measure(one.label, 1.0, is_bold=one.is_strong) for one in pairs.pairs]
    remarks = [measure(one.remark, 1.0) for one in pairs.pairs if one.remark]
    value = min(max(values, default=0.0), _WIDEST_TEXT) + _PAD
    label = max(labels, default=0.0) + _PAD
    least, wanted = [min(label, _LEAST_SENTENCE), value], [label, value]
    if remarks:
        least.append(min(max(remarks), _LEAST_SENTENCE) + _PAD)
        wanted.append(max(remarks) + _PAD)
    return Widths(least, wanted, [len(wanted) - 1] if remarks else [0])


def write_pair(pair: Pair) -> str:
    """The text of the value of a pair."""
    column = Column("value", pair.form, decimals=pair.decimals)
    return write_cell(pair.value, pair.form, find_places(column, [pair.value]))

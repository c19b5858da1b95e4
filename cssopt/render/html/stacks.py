"""Standing bars of parts one on another with all labels at the marks, for pages for deciders."""

from __future__ import annotations

import math

from cssopt.render.drawing import Drawing
from cssopt.render.html.frame import HEIGHTS, Frame
from cssopt.render.html.markup import Markup
from cssopt.render.html.shapes import (
    COLORS,
    LINE,
    Drawn,
    draw_bar,
    draw_names_below,
    draw_patch,
    draw_rule,
    draw_words,
    find_width,
    has_room_for,
    wrap_text,
)

_WIDEST = 64.0
_NAMES = 0.3
"""Part of the width that names beside the last bar take at most."""


def has_room_for_stacks(drawing: Drawing, width: float) -> bool:
    """True where the sum above each bar finds room."""
    slot = width * (1 - _NAMES) / max(1, len(drawing.names))
    sums = [drawing.write(total) for total in _sum(drawing)]
    return max(map(find_width, (*sums, *drawing.names)), default=0.0) <= slot


def draw_direct_stacks(drawing: Drawing, width: float) -> Drawn:
    """Each part bears its number, each bar its sum, and the names stand beside the last bar."""
    names = [wrap_text(one.name, _NAMES * width - 14) for one in drawing.series]
    room = max((find_width(line) for lines in names for line in lines), default=0.0) + 18
    frame = Frame(drawing.axis, 0.0, width - room, LINE + 4, HEIGHTS[drawing.look])
    slot = frame.right / max(1, len(drawing.names))
    bar = min(0.78 * slot, _WIDEST)
    shapes: list[Markup] = []
    for row, total in enumerate(_sum(drawing)):
        middle, begin = (row + 0.5) * slot, 0.0
        for series in drawing.series:
            number, label = series.numbers[row] or 0.0, series.labels[row]
            y = frame.up(begin + number)
            high = frame.up(begin) - y
            begin += number
            told = f"{series.name}, {drawing.names[row]}: {label}"
            shapes.append(draw_bar(series.color, middle - bar / 2, y, bar, high, told))
            if number and has_room_for(label, bar + 4) and high >= LINE:
                kind = f"on{series.color % COLORS}"
                shapes.append(draw_words(label, middle, y + high / 2 + 4, "middle", kind))
        told = drawing.write(total)
        shapes.append(draw_words(told, middle, frame.up(begin) - 4, "middle", "strong"))
    shapes.append(draw_rule(0.0, frame.bottom, frame.right, frame.bottom, "zero"))
    below, high = draw_names_below(
        drawing, lambda row: (row + 0.5) * slot, slot, frame.bottom + LINE + 2, frame.right
    )
    return [*shapes, *below, *_name_parts(drawing, names, frame)], frame.bottom + LINE + 2 + high


def _sum(drawing: Drawing) -> list[float]:
    rows = zip(*(one.numbers for one in drawing.series), strict=True)
    return [math.fsum(number or 0.0 for number in row) for row in rows]


def _name_parts(drawing: Drawing, names: list[list[str]], frame: Frame) -> list[Markup]:
    """Names beside the parts of the last bar, moved as far as those beside them need."""
    tops, begin = [], 0.0
    for series, lines in zip(drawing.series, names, strict=True):
        number = (series.numbers[-1] if series.numbers else 0.0) or 0.0
        middle = frame.up(begin + number / 2)
        begin += number
        tops.append(middle + 4 - (len(lines) - 1) * LINE / 2)
    # From below each moves up, then from above down: what is too much ends at the foot.
    order = range(len(tops))
    for place in order:
        below = tops[place - 1] if place else frame.bottom + LINE
        tops[place] = min(tops[place], below - len(names[place]) * LINE - 2)
    for place in reversed(order):
        above = tops[place + 1] + len(names[place + 1]) * LINE if place + 1 < len(tops) else LINE
        tops[place] = max(tops[place], above)
    shapes: list[Markup] = []
    for series, lines, y in zip(drawing.series, names, tops, strict=True):
        shapes.append(draw_patch(series.color, frame.right + 2, y - 9))
        shapes += [draw_words(line, frame.right + 15, y + i * LINE) for i, line in enumerate(lines)]
    return shapes

"""Charts of marks on a line: from before to after, and how far something may lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cssopt.render.drawing import Drawing
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.rows import (
    draw_bars,
    draw_line_labels,
    draw_standing,
    draw_ticks_below,
    lay_rows,
    name_row,
)
from cssopt.render.html.shapes import LINE, Drawn, draw_rule, draw_words, find_width, wrap_text
from cssopt.render.html.steps import fill_bar

_ROW = 19.0
"""Pixels of a row at least."""
_RADIUS = 4.5

_Draw = Callable[[float, float], Markup]
"""A mark at a place."""


def _draw_ring(x: float, y: float) -> Markup:
    return tag("circle", cx=x, cy=y, r=_RADIUS, class_="hollow")


def _draw_dot(x: float, y: float) -> Markup:
    return tag("circle", cx=x, cy=y, r=_RADIUS, class_="blue")


def _draw_diamond(x: float, y: float) -> Markup:
    corners = ((x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y))
    points = " ".join(f"{one:.1f},{other:.1f}" for one, other in corners)
    return tag("polygon", points=points, class_="green")


_MARKS: Final[tuple[_Draw, ...]] = (_draw_ring, _draw_dot, _draw_diamond)
"""Before, after, and by the way."""
_ARROW, _DIAMOND = " \u2192 ", "\u25c6 "


def draw_dumbbell(drawing: Drawing, width: float) -> Drawn:
    """A line a row from before to after, a mark at each end; their numbers stand at its right."""
    told = [_tell_row(drawing, row) for row in range(len(drawing.names))]
    names, left, place = lay_rows(drawing, width, labels=[" ".join(one) for one in told])
    shapes, top = draw_keys(drawing, width)
    over, top = draw_line_labels(drawing, place, width, top)
    y, group = top + 4, ""
    for row, lines in enumerate(names):
        if drawing.groups and (row == 0 or drawing.groups[row] != group):
            group = drawing.groups[row]
            for line in wrap_text(group, width, "strong"):
                y += LINE
                shapes.append(draw_words(line, 0.0, y, "start", "strong"))
            y += 4
        high = max(_ROW, len(lines) * LINE)
        middle = y + high / 2
        shapes += name_row(lines, left, middle)
        found = [
            (order, place(number))
            for order, one in enumerate(drawing.series[:3])
            if (number := one.numbers[row]) is not None
        ]
        ends = [x for order, x in found if order < 2]
        if len(ends) == 2:
            shapes.append(draw_rule(ends[0], middle, ends[1], middle, "way"))
        for order, x in reversed(found):
            shapes.append(_MARKS[order](x, middle))
        shapes += _write_row(told[row], max((x for _, x in found), default=left) + 9, middle)
        y += high
    return [*draw_standing(drawing, place, top + 4, y), *shapes, *over], y + 6


def _tell_row(drawing: Drawing, row: int) -> tuple[str, str]:
    """Before and after; and what is by the way."""
    labels = [one.labels[row] for one in drawing.series]
    is_third = len(labels) > 2 and drawing.series[2].numbers[row]
    return _ARROW.join(labels[:2]), f"{_DIAMOND}{labels[2]}" if is_third else ""


def _write_row(told: tuple[str, str], x: float, middle: float) -> list[Markup]:
    words = [draw_words(told[0], x, middle + 4, "start")]
    if told[1]:
        x += find_width(told[0]) + 6
        words.append(draw_words(told[1], x, middle + 4, "start", "green-text"))
    return words


def draw_keys(drawing: Drawing, width: float) -> Drawn:
    """What the marks are, in a line above them."""
    shapes: list[Markup] = []
    x, y = 0.0, 12.0
    for one, draw in zip(drawing.series, _MARKS, strict=False):
        lines = wrap_text(one.name, width - 14)
        size = 14 + max(map(find_width, lines)) + 14
        if x and x + size > width:
            x, y = 0.0, y + LINE + 3
        shapes.append(draw(x + 5, y - 4))
        for line in lines:
            shapes.append(draw_words(line, x + 14, y))
            y += LINE if line is not lines[-1] else 0.0
        x += size
    return shapes, y + 8


def draw_ranges(drawing: Drawing, width: float) -> Drawn:
    """A bar a row from the least to the most, with a mark where it is; numbers at both ends."""
    if len(drawing.series) < 2:
        return draw_bars(drawing, width)
    low, high, *mark = drawing.series
    both = [f"{one} \u2013 {other}" for one, other in zip(low.labels, high.labels, strict=True)]
    names, left, place = lay_rows(drawing, width, labels=both)
    over, top = draw_line_labels(drawing, place, width, 4.0)
    shapes: list[Markup] = []
    y = top + 4
    for row, lines in enumerate(names):
        tall = max(_ROW + 5, len(lines) * LINE + 4)
        middle = y + tall / 2
        shapes += name_row(lines, left, middle)
        begin, end = low.numbers[row], high.numbers[row]
        if begin is not None and end is not None:
            x, far = sorted((place(begin), place(end)))
            shapes.append(fill_bar("pale", x, middle - 6, max(far - x, 1.0), 12.0))
            # Where there is no room between the line at 0 and the bar, both stand at its right.
            if x - place(min(0.0, drawing.least)) > find_width(low.labels[row]) + 6:
                shapes.append(draw_words(low.labels[row], x - 4, middle + 4, "end", "quiet"))
                shapes.append(draw_words(high.labels[row], far + 7, middle + 4, "start", "quiet"))
            else:
                shapes.append(draw_words(both[row], far + 7, middle + 4, "start", "quiet"))
        if mark and (number := mark[0].numbers[row]) is not None:
            told = f"{drawing.names[row]}, {mark[0].name}: {mark[0].labels[row]}"
            shapes.append(tag("g", tag("title", told), _draw_dot(place(number), middle)))
        y += tall
    _, below = draw_ticks_below(drawing, place, top, y)
    return [*draw_standing(drawing, place, top, y), *shapes, *over, *below], y + 24

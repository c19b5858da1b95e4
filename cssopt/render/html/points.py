"""Charts of points with a number on each axis, such as a front."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cssopt.render.drawing import Drawing
from cssopt.render.html.frame import HEIGHTS, Frame, draw_axis_name, find_room
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.shapes import (
    LINE,
    Drawn,
    draw_legend,
    draw_line,
    draw_mark,
    draw_rule,
    draw_words,
    find_width,
    wrap_text,
)

_MOST_MARKED = 60
"""Points up to which each has a mark; of more, where a line joins them, only those picked."""
_NOTHING = "Nothing is drawn: no row has a number on both axes."
_FROM_ELSEWHERE = "An axis here does not begin at 0."


class _Box(NamedTuple):
    """Where something stands, so that nothing else is put there."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        is_beside = self.right <= other.left or other.right <= self.left
        return not is_beside and self.top < other.bottom and other.top < self.bottom


def draw_points(drawing: Drawing, width: float) -> Drawn:
    """Points on two axes with round numbers; rows that are picked stand out by their labels."""
    axis = drawing.across_axis
    assert axis is not None, drawing.title
    shapes, top = draw_legend(drawing, width, has_lines=True)
    named, high = draw_axis_name(drawing.axis.title, 0.0, top, width)
    left, right = find_room(drawing.axis), width - 10
    frame = Frame(drawing.axis, left, right, top + high + 8, HEIGHTS[drawing.look])

    def across(number: float) -> float:
        return left + 4 + (number - axis.least) / (axis.most - axis.least) * (right - left - 8)

    lines = [
        [
            None if x is None or y is None else (across(x), frame.up(y))
            for x, y in zip(drawing.across, series.numbers, strict=True)
        ]
        for series in drawing.series
    ]
    shapes += [*named, *frame.draw_ticks(), *frame.draw_limits(drawing)]
    y = frame.bottom + LINE + 2
    last = -1.0
    for tick, told in zip(axis.ticks, axis.texts, strict=True):
        x = across(tick)
        shapes.append(draw_rule(x, frame.top, x, frame.bottom, "grid"))
        half = find_width(told) / 2
        middle = min(max(x, half), width - half)
        if middle - half > last:
            shapes.append(draw_words(told, middle, y, "middle", "quiet"))
            last = middle + half + 4
    found = [point for line in lines for point in line if point is not None]
    notes = [axis.title] if axis.title else []
    if not found:
        notes.append(_NOTHING)
    elif not (axis.holds_zero and drawing.axis.holds_zero):
        notes.append(_FROM_ELSEWHERE)
    for position, points in enumerate(lines):
        shapes += _draw_series(drawing, position, points)
    more, told_below = _label_picked(drawing, lines, frame, width)
    shapes += more
    y += 4
    for note in (*notes, *told_below):
        drawn, high = draw_axis_name(note, left, y, width - left)
        shapes, y = [*shapes, *drawn], y + high
    return shapes, y + 6


def _draw_series(
    drawing: Drawing, position: int, points: Sequence[tuple[float, float] | None]
) -> list[Markup]:
    shapes = draw_line(position, points) if drawing.is_joined else []
    if drawing.is_joined and len(points) > _MOST_MARKED:
        return shapes
    series = drawing.series[position]
    for row, point in enumerate(points):
        if point is not None:
            told = f"{series.name}: {series.labels[row]}; {drawing.by}: {drawing.names[row]}"
            shapes.append(draw_mark(drawing, position, *point, told))
    return shapes


def _label_picked(
    drawing: Drawing,
    lines: Sequence[Sequence[tuple[float, float] | None]],
    frame: Frame,
    width: float,
) -> tuple[list[Markup], list[str]]:
    """Rings around the picked points with their labels; those without room are told below."""
    shapes: list[Markup] = []
    rings = [
        (point, label)
        for points in lines
        for row, label in drawing.picked.items()
        if (point := points[row]) is not None
    ]
    taken = [_Box(x - 6, y - 6, x + 6, y + 6) for (x, y), _ in rings]
    if drawing.is_joined:
        taken += [box for points in lines for box in _boxes_along(points)]
    below: list[str] = []
    for (x, y), label in rings:
        shapes.append(tag("circle", cx=x, cy=y, r=6.5, class_="ring"))
        words = wrap_text(label, 0.4 * width) if label else []
        box = _find_place(x, y, words, taken, frame, width)
        if words and box is None:
            below.append(label)
            words = [str(len(below))]
            box = _find_place(x, y, words, taken, frame, width)
            below[-1] = f"{words[0]}: {label}"
        if box is not None:
            taken.append(box)
            shapes += [
                draw_words(line, box.left, box.top + (i + 1) * LINE - 3, "start", "picked")
                for i, line in enumerate(words)
            ]
    return shapes, below


def _boxes_along(points: Sequence[tuple[float, float] | None]) -> list[_Box]:
    """Small boxes along a line, over which no label is put."""
    boxes = []
    for begin, end in pairwise(point for point in points if point is not None):
        steps = max(1, int(max(abs(end[0] - begin[0]), abs(end[1] - begin[1])) / 6))
        for i in range(steps + 1):
            x = begin[0] + (end[0] - begin[0]) * i / steps
            y = begin[1] + (end[1] - begin[1]) * i / steps
            boxes.append(_Box(x - 1, y - 1, x + 1, y + 1))
    return boxes


def _find_place(
    x: float, y: float, words: Sequence[str], taken: Sequence[_Box], frame: Frame, width: float
) -> _Box | None:
    """A place near a point where words cover nothing; None where there is none."""
    wide, high = max(map(find_width, words), default=0.0), LINE * len(words)
    for distance in (9.0, 22.0, 40.0):
        for left, top in (
            (x + distance, y - distance - high + 6),
            (x + distance, y + distance - 6),
            (x - distance - wide, y - distance - high + 6),
            (x - distance - wide, y + distance - 6),
            (x - wide / 2, y - distance - high),
            (x - wide / 2, y + distance),
        ):
            box = _Box(left, top, left + wide, top + high)
            is_inside = left >= frame.left and box.right <= width and top >= frame.top - 8
            if is_inside and box.bottom <= frame.bottom and not any(map(box.meets, taken)):
                return box
    return None

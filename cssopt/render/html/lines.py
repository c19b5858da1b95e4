"""Charts of lines, as over years."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from cssopt.render.drawing import Drawing, Series
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.shapes import (
    COLORS,
    LINE,
    Drawn,
    draw_patch,
    draw_rule,
    draw_words,
    find_color,
    find_width,
    wrap_text,
)
from cssopt.render.html.ticks import find_ticks, write_ticks

_HEIGHT = 230.0
_MOST_POINTS = 40
"""Points up to which each has a mark."""


def draw_lines(drawing: Drawing, width: float) -> Drawn:
    """Lines over the names, as over years; each series is named at its end."""
    ticks = find_ticks(drawing.least, drawing.most)
    texts = write_ticks(drawing, ticks)
    left = max(map(find_width, texts)) + 8
    names = [
        *(series.name for series in drawing.series),
        *(f"{label}: {drawing.write(number)}" for label, number in drawing.lines),
    ]
    ends = [wrap_text(name, 0.34 * width) for name in names]
    right = width - max((find_width(line) for lines in ends for line in lines), default=0.0) - 24
    top, bottom = 16.0, 16.0 + _HEIGHT
    scale = _HEIGHT / (drawing.most - drawing.least)
    step = (right - left - 12) / max(1, len(drawing.names) - 1)

    def place(number: float) -> float:
        return top + (drawing.most - number) * scale

    def across(row: int) -> float:
        return left + 6 + row * step

    shapes = []
    for tick, told in zip(ticks, texts, strict=True):
        kind = "zero" if abs(tick) < 1e-12 else "grid"
        shapes.append(draw_rule(left, place(tick), right, place(tick), kind))
        shapes.append(draw_words(told, left - 5, place(tick) + 4, "end", "quiet"))
    below, tall = _names_below(drawing, across, step, bottom + 18, width)
    shapes += below
    for position, series in enumerate(drawing.series):
        shapes += _line_of(series, position, across, place)
    shapes += [draw_rule(left, place(at), right + 6, place(at), "limit") for _, at in drawing.lines]
    tips = [_last_place(series, place, bottom) for series in drawing.series]
    tips += [place(at) for _, at in drawing.lines]
    shapes += _name_ends(ends, tips, right + 8, len(drawing.series))
    high = sum(len(lines) * LINE for lines in ends)
    return shapes, max(bottom + tall + 14, top + high + 10)


def _names_below(
    drawing: Drawing, across: Callable[[int], float], step: float, y: float, width: float
) -> Drawn:
    """Names under the lines: every second, third ... where all would not find room."""
    names = [wrap_text(name, 0.3 * width) for name in drawing.names]
    size = max((find_width(line) for lines in names for line in lines), default=0.0)
    every = max(1, math.ceil((size + 8) / step)) if step > 0 else 1
    shapes = []
    for row in range(0, len(names), every):
        x = min(max(across(row), size / 2 + 8), width - size / 2 - 8)
        shapes += [
            draw_words(line, x, y + i * LINE, "middle", "quiet")
            for i, line in enumerate(names[row])
        ]
    return shapes, max(map(len, names[::every]), default=0) * LINE


def _line_of(
    series: Series,
    position: int,
    across: Callable[[int], float],
    place: Callable[[float], float],
) -> list[Markup]:
    """A line, parted where a number is missing, with a mark at each number where they are few."""
    points = [
        (across(i), place(n)) if n is not None else None for i, n in enumerate(series.numbers)
    ]
    dashes = ("", " dashed", " dotted")[position // COLORS % 3]
    shapes, part = [], []
    for point in (*points, None):
        if point is not None:
            part.append(f"{point[0]:.1f},{point[1]:.1f}")
        elif part:
            kind = f"line l{position % COLORS}{dashes}"
            shapes.append(tag("polyline", points=" ".join(part), class_=kind))
            part = []
    if len(points) <= _MOST_POINTS:
        for point, label in zip(points, series.labels, strict=True):
            if point is not None:
                told = tag("title", f"{series.name}: {label}")
                shapes.append(
                    tag(
                        "circle", told, cx=point[0], cy=point[1], r=3.0, class_=find_color(position)
                    )
                )
    return shapes


def _last_place(series: Series, place: Callable[[float], float], bottom: float) -> float:
    last = next((number for number in reversed(series.numbers) if number is not None), None)
    return bottom if last is None else place(last)


def _name_ends(
    ends: Sequence[Sequence[str]], tips: Sequence[float], x: float, series: int
) -> list[Markup]:
    """Names at the ends of lines, moved down as far as those above them need.

    Behind the series come the limits, which have no color.
    """
    shapes, free = [], 0.0
    for position in sorted(range(len(tips)), key=lambda i: tips[i]):
        y = max(tips[position] + 4 - (len(ends[position]) - 1) * LINE / 2, free + LINE)
        if position < series:
            shapes.append(draw_patch(position, x, y - 8))
        for line in ends[position]:
            shapes.append(
                draw_words(line, x + 12, y, "start", "" if position < series else "quiet")
            )
            free, y = y, y + LINE
    return shapes

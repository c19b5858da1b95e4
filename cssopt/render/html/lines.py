"""Charts of lines, as over years."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cssopt.render.drawing import Drawing, Series
from cssopt.render.html.frame import HEIGHTS, Frame, draw_axis_name, find_room
from cssopt.render.html.markup import Markup
from cssopt.render.html.shapes import (
    LINE,
    Drawn,
    draw_line,
    draw_mark,
    draw_names_below,
    draw_patch,
    draw_rule,
    draw_words,
    find_width,
    wrap_text,
)

MOST_MARKED = 40
"""Points up to which each has a mark."""


def draw_lines(drawing: Drawing, width: float) -> Drawn:
    """Lines over the names, as over years; each series is named at its end."""
    names = [
        *(series.name for series in drawing.series),
        *(f"{label}: {drawing.write(number)}" for label, number in drawing.lines),
    ]
    ends = [wrap_text(name, 0.34 * width) for name in names]
    right = width - max((find_width(line) for lines in ends for line in lines), default=0.0) - 24
    frame = Frame(drawing.axis, find_room(drawing.axis), right, 16.0, HEIGHTS[drawing.look])
    step = (right - frame.left - 12) / max(1, len(drawing.names) - 1)

    def across(row: int) -> float:
        return frame.left + 6 + row * step

    shapes = frame.draw_ticks()
    below, tall = draw_names_below(drawing, across, step, frame.bottom + 18, width)
    named, more = draw_axis_name(
        "" if drawing.by == "year" else drawing.by,
        frame.left,
        frame.bottom + 6 + tall,
        width - frame.left,
    )
    shapes += [*below, *named]
    for position, series in enumerate(drawing.series):
        points = [
            None if number is None else (across(row), frame.up(number))
            for row, number in enumerate(series.numbers)
        ]
        shapes += draw_line(position, points)
        if len(points) <= MOST_MARKED:
            told = [
                f"{series.name}, {name}: {label}"
                for name, label in zip(drawing.names, series.labels, strict=True)
            ]
            shapes += [
                draw_mark(drawing, position, *point, text)
                for point, text in zip(points, told, strict=True)
                if point is not None
            ]
    for _, at in drawing.lines:
        shapes.append(draw_rule(frame.left, frame.up(at), right + 6, frame.up(at), "limit"))
    tips = [_last_place(series, frame.up, frame.bottom) for series in drawing.series]
    tips += [frame.up(at) for _, at in drawing.lines]
    named_ends, end = _name_ends(ends, tips, right + 8, len(drawing.series))
    return [*shapes, *named_ends], max(frame.bottom + 10 + tall + more, end + 6)


def _last_place(series: Series, place: Callable[[float], float], bottom: float) -> float:
    last = next((number for number in reversed(series.numbers) if number is not None), None)
    return bottom if last is None else place(last)


def _name_ends(
    ends: Sequence[Sequence[str]], tips: Sequence[float], x: float, series: int
) -> Drawn:
    """Names at the ends of lines, moved down as far as those above them need, and where they end.

    Behind the series come the limits, which have no color.
    """
    shapes: list[Markup] = []
    free = 0.0
    for position in sorted(range(len(tips)), key=lambda i: tips[i]):
        y = max(tips[position] + 4 - (len(ends[position]) - 1) * LINE / 2, free + LINE)
        if position < series:
            shapes.append(draw_patch(position, x, y - 8))
        for line in ends[position]:
            kind = "" if position < series else "quiet"
            shapes.append(draw_words(line, x + 12, y, "start", kind))
            free, y = y, y + LINE
    return shapes, free

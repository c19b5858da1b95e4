"""Charts of standing bars."""

from __future__ import annotations

from collections.abc import Callable

from cssopt.render.drawing import Drawing
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.rows import draw_bars
from cssopt.render.html.shapes import (
    LINE,
    Drawn,
    draw_legend,
    draw_rule,
    draw_words,
    find_color,
    find_width,
    wrap_text,
)

_HEIGHT = 230.0


def draw_columns(drawing: Drawing, width: float) -> Drawn:
    """Standing bars; lying ones where names or numbers would not find room."""
    count = len(drawing.series)
    slot = width / max(1, len(drawing.names))
    labels = [label for series in drawing.series for label in series.labels]
    bar = min(0.8 * slot / count, 56.0)
    if (
        max(map(find_width, drawing.names), default=0.0) + 6 > slot
        or max(map(find_width, labels), default=0.0) + 3 > 0.9 * slot / count
    ):
        return draw_bars(drawing, width)
    shapes, top = draw_legend(drawing, width)
    top += 2 * LINE
    bottom = top + _HEIGHT
    scale = _HEIGHT / (drawing.most - drawing.least)

    def place(number: float) -> float:
        return top + (drawing.most - number) * scale

    for row, name in enumerate(drawing.names):
        middle = (row + 0.5) * slot
        shapes.append(draw_words(name, middle, bottom + 2 * LINE, "middle", "quiet"))
        x = middle - bar * count / 2
        for position, series in enumerate(drawing.series):
            number, label = series.numbers[row], series.labels[row]
            begin, end = sorted((place(0.0), place(number or 0.0)))
            below = number is not None and number < 0
            shapes.append(
                tag(
                    "rect",
                    x=x + 1,
                    y=begin,
                    width=bar - 2,
                    height=end - begin,
                    class_=find_color(position),
                )
            )
            y = end + 12 if below else begin - 4
            shapes.append(draw_words(label, x + bar / 2, y, "middle"))
            x += bar
    shapes.append(draw_rule(0.0, place(0.0), width, place(0.0), "zero"))
    shapes += _lying(drawing, place, 0.0, width)
    return shapes, bottom + 2 * LINE + 8


def _lying(
    drawing: Drawing, place: Callable[[float], float], left: float, right: float
) -> list[Markup]:
    """Thin lying lines, each with its label above it at the left."""
    shapes = []
    for label, number in drawing.lines:
        y = place(number)
        shapes.append(draw_rule(left, y, right, y, "limit"))
        lines = wrap_text(f"{label}: {drawing.write(number)}", right - left - 4)
        for i, line in enumerate(reversed(lines)):
            shapes.append(draw_words(line, left + 2, y - 4 - i * LINE, "start", "quiet"))
    return shapes

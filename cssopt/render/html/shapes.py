"""Shapes of drawings: words, rules, marks and legends, each colored by its class."""

from __future__ import annotations

import textwrap
from typing import Final

from rich.cells import cell_len

from cssopt.render.drawing import Drawing
from cssopt.render.html.markup import Markup, tag
from cssopt.render.screen import printable

COLORS: Final = 8
"""Colors of series, as the classes ``c0`` to ``c7`` of the page."""

LINE: Final = 14.0
"""Pixels that a line of words is high."""

_LETTER = 7.3
"""Pixels that a letter is wide, in the widest font that a reader may have."""

Drawn = tuple[list[Markup], float]
"""Shapes, and how high they are together."""


def find_width(content: str) -> float:
    """About how many pixels wide a text is."""
    return _LETTER * cell_len(printable(content))


def wrap_text(content: str, width: float) -> list[str]:
    """The text in lines of that many pixels, whole."""
    return textwrap.wrap(printable(content), max(4, int(width / _LETTER))) or [""]


def draw_words(content: str, x: float, y: float, anchor: str = "start", kind: str = "") -> Markup:
    """A line of words."""
    return tag("text", content, x=x, y=y, text_anchor=anchor, class_=kind or None)


def draw_rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def find_color(position: int) -> str:
    """The class that colors a series."""
    return f"c{position % COLORS}"


def draw_mark(drawing: Drawing, position: int, x: float, y: float) -> Markup:
    """The mark of a series: its own shape where marks are drawn, else a patch of its color."""
    color, size = find_color(position), 5.0
    if drawing.kind != "dots":
        return draw_patch(position, x - size, y - size)
    match position % 4:
        case 0:
            return tag("circle", cx=x, cy=y, r=size, class_=color)
        case 1:
            points = (
                f"{x:.1f},{y - 6:.1f} {x + 6:.1f},{y:.1f} {x:.1f},{y + 6:.1f} {x - 6:.1f},{y:.1f}"
            )
            return tag("polygon", points=points, class_=color)
        case 2:
            return tag("rect", x=x - 4.5, y=y - 4.5, width=9.0, height=9.0, class_=color)
        case _:
            points = f"{x:.1f},{y - 6:.1f} {x + 6:.1f},{y + 5:.1f} {x - 6:.1f},{y + 5:.1f}"
            return tag("polygon", points=points, class_=color)


def draw_patch(position: int, x: float, y: float) -> Markup:
    """A patch of the color of a series, from its upper left corner."""
    return tag("rect", x=x, y=y, width=9.0, height=9.0, class_=find_color(position))


def draw_legend(drawing: Drawing, width: float) -> Drawn:
    """A line of colors with the names of the series; nothing where there is one."""
    if len(drawing.series) < 2:
        return [], 4.0
    shapes, x, y = [], 0.0, 12.0
    for position, series in enumerate(drawing.series):
        lines = wrap_text(series.name, width - 20)
        size = 16 + max(map(find_width, lines)) + 14
        if x and x + size > width:
            x, y = 0.0, y + LINE + 3
        shapes.append(draw_mark(drawing, position, x + 5, y - 4))
        for line in lines:
            shapes.append(draw_words(line, x + 15, y))
            y += LINE if line is not lines[-1] else 0
        x += size
    return shapes, y + 10

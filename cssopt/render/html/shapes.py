"""Shapes of drawings: words, rules, marks and legends, each colored by its class."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rich.cells import cell_len

from cssopt.render.drawing import Drawing
from cssopt.render.html.markup import Markup, tag
from cssopt.render.screen import printable

COLORS: Final = 8
"""Colors of series, as the classes ``c0`` to ``c7`` of the page."""

LINE: Final = 14.0
"""Pixels that a line of words is high."""

_SIZE = 12.0
"""Pixels of the letters: of a wide one the width."""
_NARROW: Final = frozenset("iljtfrI.,:;'|!()[]{}/\\ -")
_WIDE: Final = frozenset("mwMWOQG@%&+=<>~#")
_BOLD = 1.15
"""How much wider bold letters are."""

_MARKED: Final = ("dots", "points")
"""Kinds of drawing whose series are told by the shape of their marks too."""

Drawn = tuple[list[Markup], float]
"""Shapes, and how high they are together."""


def find_width(content: str) -> float:
    """About how many pixels wide a text is, in the widest font that a reader may have."""
    return math.fsum(map(_find_letter_width, printable(content)))


def _find_letter_width(letter: str) -> float:
    if not letter.isascii():
        return _SIZE * (1.0 if cell_len(letter) > 1 else 0.8)
    if letter in _NARROW:
        return _SIZE * 0.41
    return _SIZE * (1.0 if letter in _WIDE else 0.78 if letter.isupper() else 0.64)


def has_room_for(content: str, width: float) -> bool:
    """True where a text stands in one line of that many pixels."""
    return find_width(content) + 6 <= width


def wrap_text(content: str, width: float, kind: str = "") -> list[str]:
    """The text in lines of that many pixels, whole; a word that is wider is broken."""
    most = max(width / (_BOLD if kind == "strong" else 1.0), 4 * _SIZE)
    lines = [""]
    for word in printable(content).split():
        joined = f"{lines[-1]} {word}".lstrip()
        if find_width(joined) <= most:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if find_width(lines[-1] + letter) > most:
                lines.append("")
            lines[-1] += letter
    return lines


def draw_words(content: str, x: float, y: float, anchor: str = "start", kind: str = "") -> Markup:
    """A line of words."""
    return tag("text", content, x=x, y=y, text_anchor=anchor, class_=kind or None)


def draw_rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def find_color(position: int) -> str:
    """The class that colors a series."""
    return f"c{position % COLORS}"


def draw_mark(drawing: Drawing, position: int, x: float, y: float, told: str = "") -> Markup:
    """The mark of a series: its own shape where marks are drawn, else a dot of its color."""
    kind, title = find_color(position), [tag("title", told)] if told else []
    if drawing.kind not in _MARKED:
        return tag("circle", *title, cx=x, cy=y, r=3.0, class_=kind)
    corners: list[tuple[float, float]]
    # Two series are told apart where all colors are taken too.
    match (position + position // COLORS) % 4:
        case 0:
            return tag("circle", *title, cx=x, cy=y, r=5.0, class_=kind)
        case 1:
            corners = [(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)]
        case 2:
            half = 4.5
            corners = [
                (x + half * a, y + half * b) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
            ]
        case _:
            corners = [(x, y - 6), (x + 6, y + 5), (x - 6, y + 5)]
    return tag("polygon", *title, points=_write_points(corners), class_=kind)


def draw_patch(position: int, x: float, y: float) -> Markup:
    """A patch of the color of a series, from its upper left corner."""
    return tag("rect", x=x, y=y, width=9.0, height=9.0, class_=find_color(position))


def draw_bar(position: int, x: float, y: float, width: float, height: float, told: str) -> Markup:
    """A bar of the color of a series, or a part of one; it tells what it is where it is pointed at.

    A thin edge of the color of the paper parts it from what stands beside it.
    """
    size = {"x": x, "y": y, "width": width, "height": height}
    return tag("rect", tag("title", told), **size, class_=f"{find_color(position)} part")


def draw_line(position: int, points: Sequence[tuple[float, float] | None]) -> list[Markup]:
    """The line of a series, parted where a point is missing."""
    dashes = ("", " dashed", " dotted")[position // COLORS % 3]
    shapes, part = [], []
    for point in (*points, None):
        if point is not None:
            part.append(point)
        elif part:
            kind = f"line l{position % COLORS}{dashes}"
            shapes.append(tag("polyline", points=_write_points(part), class_=kind))
            part = []
    return shapes


def _write_points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def draw_names_below(
    drawing: Drawing, across: Callable[[int], float], step: float, y: float, width: float
) -> Drawn:
    """Names under lines or bars: every second, third ... where all would not find room."""
    names = [
        wrap_text(name, max(step - 6, 0.3 * width if len(drawing.names) < 3 else 0.0))
        for name in drawing.names
    ]
    size = max((find_width(line) for lines in names for line in lines), default=0.0)
    every = max(1, math.ceil((size + 6) / step)) if step > 0 else 1
    shapes = []
    for row in range(0, len(names), every):
        x = min(max(across(row), size / 2), width - size / 2)
        shapes += [
            draw_words(line, x, y + i * LINE, "middle", "quiet")
            for i, line in enumerate(names[row])
        ]
    return shapes, max(map(len, names[::every]), default=0) * LINE


def draw_legend(
    drawing: Drawing, width: float, *, has_lines: bool = False, has_series: bool = True
) -> Drawn:
    """The names of the series with their colors, and of thin lines where they are told here.

    Nothing where there is one series and no line.
    """
    keys: list[tuple[str, Callable[[float, float], Markup]]] = []
    if has_series and len(drawing.series) > 1:
        keys = [(one.name, _draw_key(drawing, i)) for i, one in enumerate(drawing.series)]
    if has_lines:
        keys += [(f"{label}: {drawing.write(at)}", _draw_dash) for label, at in drawing.lines]
    if not keys:
        return [], 4.0
    shapes, x, y = [], 0.0, 12.0
    for name, draw in keys:
        lines = wrap_text(name, width - 20)
        size = 16 + max(map(find_width, lines)) + 14
        if x and x + size > width:
            x, y = 0.0, y + LINE + 3
        shapes.append(draw(x, y - 4))
        for line in lines:
            shapes.append(draw_words(line, x + 15, y))
            y += LINE if line is not lines[-1] else 0
        x += size
    return shapes, y + 10


def _draw_key(drawing: Drawing, position: int) -> Callable[[float, float], Markup]:
    if drawing.kind in _MARKED:
        return lambda x, y: draw_mark(drawing, position, x + 5, y)
    return lambda x, y: draw_patch(drawing.series[position].color, x, y - 5)


def _draw_dash(x: float, y: float) -> Markup:
    return draw_rule(x, y, x + 12, y, "limit")

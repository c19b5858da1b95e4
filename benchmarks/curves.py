"""Curves on axes of logarithms, or plain ones, as SVG that stands alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from cssopt.render.palette import BLUE, GREEN, GREY, INK, LINE, MUTED, ORANGE, PAPER, VERMILION

COLORS = (BLUE, VERMILION, GREEN, ORANGE, GREY, "#8F5FA8", "#7A6A00", "#C46B93")
DASHES = ("", "6 3", "2 3")
"""Of curves after those of every color once."""

WIDTH, HEIGHT = 720.0, 400.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 190.0, 44.0, 48.0
ROW = 14.0
"""Pixels of the page, around the axes, and of a line of words."""


@dataclass(frozen=True)
class Curve:
    """One curve; `dash` is the place of its dashes where it is not told by its place."""

    name: str
    points: Sequence[tuple[float, float]]
    color: int | None = None
    dash: int | None = None
    is_step: bool = False


@dataclass(frozen=True)
class Axis:
    """What an axis shows, and whether by logarithms."""

    title: str
    is_log: bool = True

    def scale(self, values: Sequence[float]) -> tuple[Callable[[float], float], list[float]]:
        """The place of a value between 0 and 1, and the values at which lines stand."""
        low, high = min(values), max(values)
        if not self.is_log:
            step = _find_step(max(high - min(low, 0.0), 1e-9))
            first = math.floor(min(low, 0.0) / step) * step
            count = max(1, math.ceil((high - first) / step - 1e-9))
            lines = [first + step * i for i in range(count + 1)]
            return lambda x: (x - first) / (lines[-1] - first), lines
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        last = max(last, first + 1)
        begin, end = math.log10(low), math.log10(high)
        lines = [m * 10.0**e for e in range(first, last + 1) for m in (1, 2, 5)]
        below = [math.log10(x) for x in lines if math.log10(x) <= begin + 1e-9]
        above = [math.log10(x) for x in lines if math.log10(x) >= end - 1e-9]
        least, most = max(below, default=begin), min(above, default=end)
        shown = [x for x in lines if least - 1e-9 <= math.log10(x) <= most + 1e-9]
        return lambda x: (math.log10(x) - least) / max(most - least, 1e-9), shown


def _find_step(span: float) -> float:
    """A round step of which about five make the span."""
    rough = 10 ** math.floor(math.log10(span / 5))
    return next(rough * m for m in (1, 2, 5, 10) if rough * m * 6 >= span)


def say_number(value: float) -> str:
    """A number on an axis, short."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def draw(title: str, across: Axis, up: Axis, curves: Sequence[Curve]) -> str:
    """All curves that have points under one title."""
    drawn = [curve for curve in curves if curve.points]
    place_x, lines_x = across.scale([x for curve in drawn for x, _ in curve.points])
    place_y, lines_y = up.scale([y for curve in drawn for _, y in curve.points])
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(x: float, y: float) -> tuple[float, float]:
        return LEFT + wide * place_x(x), TOP + high * (1 - place_y(y))

    shapes = [
        _text(LEFT, 20, title, weight="bold"),
        _text(LEFT, TOP - 8, up.title, color=MUTED),
        _text(LEFT + wide, HEIGHT - 10, across.title, color=MUTED, anchor="end"),
    ]
    for value in lines_y:
        _, y = at(lines_x[0], value)
        shapes.append(_rule(LEFT, y, LEFT + wide, y))
        shapes.append(_text(LEFT - 6, y + 4, say_number(value), color=MUTED, anchor="end"))
    for value in lines_x:
        x, _ = at(value, lines_y[0])
        shapes.append(_rule(x, TOP, x, TOP + high))
        shapes.append(_text(x, TOP + high + 16, say_number(value), color=MUTED, anchor="middle"))
    labels = []
    for place, curve in enumerate(drawn):
        color = COLORS[(place if curve.color is None else curve.color) % len(COLORS)]
        number = place // len(COLORS) if curve.dash is None else curve.dash
        points = [at(x, y) for x, y in curve.points]
        shapes.append(_line(points, color, DASHES[number % len(DASHES)], is_step=curve.is_step))
        if not curve.is_step:
            shapes += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in points
            ]
        labels.append((points[-1][1], curve.name, color))
    shapes += _write_labels(labels, LEFT + wide + 8, TOP + high)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
        f'width="{WIDTH:.0f}" height="{HEIGHT:.0f}" role="img" aria-label="{escape(title)}" '
        'font-family="Arial, Liberation Sans, DejaVu Sans, sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH:.0f}" height="{HEIGHT:.0f}" fill="{PAPER}"/>\n'
        + "\n".join(shapes)
        + "\n</svg>\n"
    )


def _write_labels(labels: list[tuple[float, str, str]], x: float, lowest: float) -> list[str]:
    """The names of curves at their ends, each in a line of its own."""
    labels = sorted(labels)
    places: list[float] = []
    for y, _, _ in labels:
        places.append(max(y, places[-1] + ROW) if places else y)
    for place in range(len(places) - 1, -1, -1):
        below = places[place + 1] - ROW if place + 1 < len(places) else lowest
        places[place] = min(places[place], below)
    return [
        _text(x, y + 4, name, color=color)
        for y, (_, name, color) in zip(places, labels, strict=True)
    ]


def _text(
    x: float, y: float, words: str, color: str = INK, anchor: str = "start", weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )


def _rule(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{LINE}"/>'


def _line(points: Sequence[tuple[float, float]], color: str, dash: str, *, is_step: bool) -> str:
    words = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for x, y in points[1:]:
        words.append(f"H{x:.1f}V{y:.1f}" if is_step else f"L{x:.1f} {y:.1f}")
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    path = "".join(words)
    return f'<path d="{path}" fill="none" stroke="{color}" stroke-width="2"{dashed}/>'

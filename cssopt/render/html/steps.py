"""Charts of differences: a waterfall from one total to the next, and a tornado around 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cssopt.document.document import Mark
from cssopt.render.drawing import Drawing, Series, find_steps
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.rows import BAR, GAP, draw_line_labels, draw_standing, lay_rows, name_row
from cssopt.render.html.shapes import LINE, Drawn, draw_rule, draw_words, find_width, wrap_text

FILLS: Final[dict[Mark, str]] = {
    "good": "green",
    "less": "green",
    "lent": "green",
    "bad": "vermilion",
    "given_up": "vermilion",
    "quiet": "pale",
    "bar": "pale",
    "more": "orange",
    "ordered": "orange",
    "reached": "orange",
    "under_way": "orange",
    "warn": "orange",
    "changed": "orange",
}
"""What a bar is filled with whose cell bears a mark."""


def draw_waterfall(drawing: Drawing, width: float) -> Drawn:
    """Lying bars, each from where the one above ended; totals from 0, their names strong.

    What adds is orange and what takes away green, where its cell bears no mark.
    """
    series = drawing.series[0]
    names, left, place = lay_rows(drawing, width)
    over, top = draw_line_labels(drawing, place, width, 4.0)
    shapes: list[Markup] = []
    y, level = top + GAP / 2, None
    for row, (begin, end) in enumerate(find_steps(series.numbers, drawing.totals)):
        high = max(BAR, len(names[row]) * LINE)
        kind = "strong" if row in drawing.totals else ""
        middle = y + high / 2
        shapes += name_row(names[row], left, middle, kind)
        if level is not None:
            shapes.append(draw_rule(place(level), y - GAP, place(level), middle, "grid"))
        low, far = sorted((place(begin), place(end)))
        fill = find_fill(series, row, _find_step_fill(drawing, series, row))
        shapes.append(fill_bar(fill, low, middle - BAR / 2 + 1, far - low, BAR - 2))
        shapes.append(draw_words(series.labels[row], far + 4, middle + 4, "start", kind))
        level = end
        y += high + GAP
    return [*shapes, *over, *draw_standing(drawing, place, top, y)], y + 4


def names_of(drawing: Drawing, row: int) -> str:
    """The name of a row, with its group where it has one."""
    group = drawing.groups[row] if drawing.groups else ""
    return f"{group}, {drawing.names[row]}" if group else drawing.names[row]


def fill_bar(fill: str, x: float, y: float, width: float, height: float, told: str = "") -> Markup:
    """A bar of a color by its name; it tells what it is where that is not written beside it."""
    size = {"x": x, "y": y, "width": width, "height": height}
    return tag("rect", tag("title", told) if told else "", **size, class_=f"{fill} part")


def find_fill(series: Series, row: int, otherwise: str) -> str:
    """The color of a bar: that of the mark of its cell, where it bears one."""
    mark = series.marks[row] if series.marks else None
    return otherwise if mark is None else FILLS[mark]


def _find_step_fill(drawing: Drawing, series: Series, row: int) -> str:
    if row in drawing.totals:
        return "grey" if row == 0 else "blue"
    return "orange" if (series.numbers[row] or 0.0) >= 0 else "green"


def draw_tornado(drawing: Drawing, width: float) -> Drawn:
    """Two bars a row, from 0 to each side; beside each other where both are on one side."""
    pair = drawing.series[:2]
    names, left, place = lay_rows(drawing, width)
    shapes, top = _draw_sides(pair, place(0.0), width)
    over, top = draw_line_labels(drawing, place, width, top)
    y = top + GAP / 2
    for row, lines in enumerate(names):
        numbers = [one.numbers[row] or 0.0 for one in pair]
        is_split = len(pair) > 1 and numbers[0] * numbers[1] > 0
        thick = BAR + 4 if not is_split else BAR
        high = max(thick * (2 if is_split else 1), len(lines) * LINE)
        shapes += name_row(lines, left, y + high / 2)
        for order, (series, fill) in enumerate(zip(pair, _SIDES, strict=False)):
            middle = y + high / 2 + (thick * (order - 0.5) if is_split else 0.0)
            shapes += _draw_side(series, row, fill, place, middle, thick - 2)
        y += high + GAP
    return [*shapes, *over, *draw_standing(drawing, place, top, y)], y + 4


_SIDES: Final = ("green", "orange")
"""Colors of the two series of a tornado."""


def _draw_side(
    series: Series,
    row: int,
    fill: str,
    place: Callable[[float], float],
    middle: float,
    thick: float,
) -> list[Markup]:
    number = series.numbers[row]
    if number is None:
        return []
    begin, end = sorted((place(0.0), place(number)))
    words = (end + 4, "start") if number >= 0 else (begin - 4, "end")
    return [
        fill_bar(fill, begin, middle - thick / 2, end - begin, thick),
        draw_words(series.labels[row], words[0], middle + 4, words[1]),
    ]


def _draw_sides(pair: tuple[Series, ...], zero: float, width: float) -> Drawn:
    """The names of the two series above them, each behind a patch of its color, to the sides of 0
    where each of them stands at its own."""
    are_apart = len(pair) > 1 and all(
        (low or 0.0) <= 0 <= (high or 0.0)
        for low, high in zip(pair[0].numbers, pair[1].numbers, strict=True)
    )
    room = [zero - 24, width - zero - 24]
    if are_apart and all(
        find_width(one.name) <= most for one, most in zip(pair, room, strict=True)
    ):
        return [
            draw_words(pair[0].name, zero - 20, 12.0, "end", "quiet"),
            tag("rect", x=zero - 16, y=4.0, width=9.0, height=9.0, class_=_SIDES[0]),
            tag("rect", x=zero + 7, y=4.0, width=9.0, height=9.0, class_=_SIDES[1]),
            draw_words(pair[1].name, zero + 20, 12.0, "start", "quiet"),
        ], 18.0
    shapes: list[Markup] = []
    y = 12.0
    for series, fill in zip(pair, _SIDES, strict=False):
        shapes.append(tag("rect", x=0.0, y=y - 8, width=9.0, height=9.0, class_=fill))
        for line in wrap_text(series.name, width - 16):
            shapes.append(draw_words(line, 14.0, y, "start", "quiet"))
            y += LINE
    return shapes, y - 4

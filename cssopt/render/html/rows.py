"""Charts with a row for each name: bars, stacked bars, and marks on one line."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from cssopt.render.drawing import Drawing, Series
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.shapes import (
    COLORS,
    LINE,
    Drawn,
    draw_bar,
    draw_legend,
    draw_mark,
    draw_rule,
    draw_words,
    find_width,
    has_room_for,
    wrap_text,
)
from cssopt.render.number_text import write_number

BAR, GAP = 16.0, 8.0
"""Pixels that a bar is high, and that are free between rows."""
_DOTS = 46.0
"""Pixels of a row of marks: a number may stand above and below."""
_MOST_SIDE_BY_SIDE = 4
"""Series of bars that stand beside each other; more get a panel each."""


def draw_bars(drawing: Drawing, width: float) -> Drawn:
    """Lying bars: the name at the left, the number at the end of each; below 0 to the left of 0."""
    if len(drawing.series) > _MOST_SIDE_BY_SIDE:
        return _draw_panels(drawing, width)
    shapes, top = draw_legend(drawing, width)
    names, left, place = lay_rows(drawing, width)
    over, top = draw_line_labels(drawing, place, width, top)
    y = top + GAP / 2
    for row, lines in enumerate(names):
        high = max(len(drawing.series) * BAR, len(lines) * LINE)
        shapes += name_row(lines, left, y + high / 2)
        bar = y + (high - len(drawing.series) * BAR) / 2
        for series in drawing.series:
            shapes += _bar(series, row, place, bar)
            bar += BAR
        y += high + GAP
    return [*shapes, *over, *draw_standing(drawing, place, top, y)], y + 4


def _draw_panels(drawing: Drawing, width: float) -> Drawn:
    """A panel of bars for each series, all on one scale."""
    shapes, top = [], 0.0
    for series in drawing.series:
        for line in wrap_text(series.name, width, "strong"):
            top += LINE
            shapes.append(draw_words(line, 0.0, top, "start", "strong"))
        drawn, high = draw_bars(replace(drawing, series=(replace(series, color=0),)), width)
        shapes.append(tag("g", *drawn, transform=f"translate(0 {top:.1f})"))
        top += high + 6
    return shapes, top


def draw_stacked(drawing: Drawing, width: float) -> Drawn:
    """Lying bars of parts one behind another; a part bears its number where there is room."""
    if len(drawing.series) > COLORS:
        return draw_bars(_tell_parts(drawing) if drawing.kind == "parts" else drawing, width)
    shapes, top = draw_legend(drawing, width)
    names, left, place = lay_rows(drawing, width, has_labels=False)
    over, top = draw_line_labels(drawing, place, width, top)
    y = top + GAP / 2
    for row, lines in enumerate(names):
        high = max(BAR + 4, len(lines) * LINE)
        shapes += name_row(lines, left, y + high / 2)
        begin = 0.0
        for series in drawing.series:
            number, label = series.numbers[row] or 0.0, series.labels[row]
            x, size = place(begin), place(begin + number) - place(begin)
            begin += number
            told = f"{series.name}: {label}"
            shapes.append(draw_bar(series.color, x, y + high / 2 - 10, size, 20.0, told))
            if number and has_room_for(label, size):
                kind = f"on{series.color % COLORS}"
                shapes.append(draw_words(label, x + size / 2, y + high / 2 + 4, "middle", kind))
        y += high + GAP
    grid, below = draw_ticks_below(drawing, place, top, y)
    return [*grid, *shapes, *over, *draw_standing(drawing, place, top, y), *below], y + 24


def _tell_parts(drawing: Drawing) -> Drawing:
    """Parts that stand apart bear their shares, which are what their bars are long."""
    return replace(drawing, series=tuple(
        replace(one, labels=tuple(
            "" if number is None else write_number(number, "share", 1) for number in one.numbers
        ))
        for one in drawing.series
    ))  # fmt: skip


def draw_dots(drawing: Drawing, width: float) -> Drawn:
    """Marks on one line for each name; a number stands beside its mark where there is room."""
    shapes, top = draw_legend(drawing, width)
    names, left, place = lay_rows(drawing, width)
    over, top = draw_line_labels(drawing, place, width, top)
    y, high = top + 6, _DOTS
    for row, lines in enumerate(names):
        tall = max(high, len(lines) * LINE + 4)
        middle = y + tall / 2
        shapes += name_row(lines, left, middle)
        found = [
            (place(number), position, series.labels[row])
            for position, series in enumerate(drawing.series)
            if (number := series.numbers[row]) is not None
        ]
        if found:
            shapes.append(draw_rule(min(found)[0], middle, max(found)[0], middle, "grid"))
        ends = [-math.inf, -math.inf]
        for order, (x, position, label) in enumerate(sorted(found)):
            shapes.append(draw_mark(drawing, position, x, middle))
            side, half = order % 2, find_width(label) / 2
            x = max(x, left + half)
            if x - half > ends[side]:
                shapes.append(draw_words(label, x, middle + (19 if side else -9), "middle"))
                ends[side] = x + half + 2
        y += tall
    grid, below = draw_ticks_below(drawing, place, top, y)
    # On pages for deciders no grid stands where numbers are written.
    grid = grid if drawing.look == "plain" else []
    return [*grid, *draw_standing(drawing, place, top, y), *shapes, *over, *below], y + 24


def _bar(series: Series, row: int, place: Callable[[float], float], y: float) -> list[Markup]:
    number, label = series.numbers[row], series.labels[row]
    if number is None:
        return [draw_words(label, place(0.0) + 5, y + 12, "start", "quiet")] if label else []
    begin, end = sorted((place(0.0), place(number)))
    words = (end + 4, "start") if number >= 0 else (begin - 4, "end")
    return [
        draw_bar(series.color, begin, y + 1, end - begin, BAR - 2, f"{series.name}: {label}"),
        draw_words(label, words[0], y + 12, words[1]),
    ]


def draw_ticks_below(
    drawing: Drawing, place: Callable[[float], float], top: float, y: float
) -> tuple[list[Markup], list[Markup]]:
    """Thin lines at the round numbers of the axis, and the numbers below them."""
    grid, below, free = [], [], -math.inf
    for tick, told in zip(drawing.axis.ticks, drawing.axis.texts, strict=True):
        grid.append(draw_rule(place(tick), top, place(tick), y, "grid"))
        half = find_width(told) / 2
        if place(tick) - half > free:
            below.append(draw_words(told, place(tick), y + 16, "middle", "quiet"))
            free = place(tick) + half + 4
    return grid, below


def lay_rows(
    drawing: Drawing, width: float, *, has_labels: bool = True, labels: Sequence[str] = ()
) -> tuple[list[list[str]], float, Callable[[float], float]]:
    """Names in lines, where they end, and the place of a number on the axis behind them."""
    left = min(max(map(find_width, drawing.names), default=0.0), 0.36 * width) + 8
    labels = labels or [label for series in drawing.series for label in series.labels]
    if not has_labels:
        labels = [drawing.axis.texts[-1][len(drawing.axis.texts[-1]) // 2 :]]
    room = max(map(find_width, labels), default=0.0) + 8
    begin = left + (room if drawing.least < 0 else 0)
    scale = max(width - room - begin, 20.0) / (drawing.most - drawing.least)
    return (
        [wrap_text(name, left - 8) for name in drawing.names],
        left,
        lambda number: begin + (number - drawing.least) * scale,
    )


def name_row(lines: Sequence[str], right: float, middle: float, kind: str = "") -> list[Markup]:
    """The name of a row in lines at the left of its bar."""
    top = middle - len(lines) * LINE / 2 + 11
    return [
        draw_words(line, right - 6, top + i * LINE, "end", kind) for i, line in enumerate(lines)
    ]


def draw_line_labels(
    drawing: Drawing, place: Callable[[float], float], width: float, top: float
) -> Drawn:
    """What thin standing lines mean, above them, each in a line of its own."""
    shapes = []
    for label, number in drawing.lines:
        told = f"{label}: {drawing.write(number)}"
        x = place(number)
        size = max(map(find_width, lines := wrap_text(told, width - 8)))
        at_left = x + size > width
        for line in lines:
            top += LINE
            x_words = max(x, size) if at_left else x
            shapes.append(
                draw_words(line, x_words, top - 3, "end" if at_left else "start", "quiet")
            )
    return shapes, top


def draw_standing(
    drawing: Drawing, place: Callable[[float], float], top: float, bottom: float
) -> list[Markup]:
    """The line at 0 and the thin lines beside it."""
    limits = [draw_rule(place(v), top, place(v), bottom, "limit") for _, v in drawing.lines]
    return [draw_rule(place(0.0), top, place(0.0), bottom, "zero"), *limits]

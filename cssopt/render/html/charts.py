"""Charts of a page as drawings of their own: bars from 0, labels at the marks, colors by class.

Each is drawn in two widths, of which the page shows one: scaled down, words could not be read.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from rich.cells import cell_len

from cssopt.document.document import Chart, ChartKind, Table
from cssopt.render.drawing import Drawing, Series
from cssopt.render.html.markup import Markup, tag
from cssopt.render.number_text import write_number
from cssopt.render.screen import printable

WIDTHS: Final = {"wide": 720.0, "narrow": 340.0}
COLORS: Final = 8
"""Colors of series, as the classes ``c0`` to ``c7`` of the page."""

_LETTER, _LINE, _BAR, _GAP = 7.3, 14.0, 16.0, 8.0
"""Pixels: width of a letter, height of a line of words and of a bar, and what is left free."""
_HEIGHT = 230.0
_MOST_SIDE_BY_SIDE = 4
"""Series of bars that stand beside each other; more get a panel each."""
_MOST_POINTS = 40


def draw_chart(chart: Chart, table: Table) -> Markup:
    """A figure with its title and the drawing in both widths."""
    drawing = Drawing.of(chart, table)
    drawn = [_draw(drawing, width, name) for name, width in WIDTHS.items()]
    return tag("figure", tag("figcaption", chart.title), *drawn)


def _draw(drawing: Drawing, width: float, name: str) -> Markup:
    shapes, height = _KINDS[drawing.kind](drawing, width)
    return tag(
        "svg",
        tag("title", drawing.title),
        *shapes,
        class_=name,
        role="img",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
    )


def _wide(content: str) -> float:
    return _LETTER * cell_len(printable(content))


def _wrap(content: str, width: float) -> list[str]:
    """The text in lines of that many pixels, whole."""
    return textwrap.wrap(printable(content), max(4, int(width / _LETTER))) or [""]


def _words(content: str, x: float, y: float, anchor: str = "start", kind: str = "") -> Markup:
    return tag("text", content, x=x, y=y, text_anchor=anchor, class_=kind or None)


def _rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def _color(position: int) -> str:
    return f"c{position % COLORS}"


Drawn = tuple[list[Markup], float]
"""Shapes, and how high they are together."""


def _draw_legend(drawing: Drawing, width: float) -> Drawn:
    """A line of colors with the names of the series; nothing where there is one."""
    if len(drawing.series) < 2:
        return [], 4.0
    shapes, x, y = [], 0.0, 12.0
    for position, series in enumerate(drawing.series):
        lines = _wrap(series.name, width - 20)
        size = 16 + max(map(_wide, lines)) + 14
        if x and x + size > width:
            x, y = 0.0, y + _LINE + 3
        shapes.append(_mark(drawing, position, x + 5, y - 4))
        for line in lines:
            shapes.append(_words(line, x + 15, y))
            y += _LINE if line is not lines[-1] else 0
        x += size
    return shapes, y + 10


def _mark(drawing: Drawing, position: int, x: float, y: float) -> Markup:
    """The mark of a series: its own shape where marks are drawn, else a patch of its color."""
    color, size = _color(position), 5.0
    if drawing.kind != "dots":
        return _patch(position, x - size, y - size)
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


def _patch(position: int, x: float, y: float) -> Markup:
    return tag("rect", x=x, y=y, width=9.0, height=9.0, class_=_color(position))


def _draw_bars(drawing: Drawing, width: float) -> Drawn:
    """Lying bars: the name at the left, the number at the end of each; below 0 to the left of 0."""
    if len(drawing.series) > _MOST_SIDE_BY_SIDE:
        return _draw_panels(drawing, width)
    shapes, top = _draw_legend(drawing, width)
    names, left, place = _lay_rows(drawing, width)
    over, top = _draw_line_labels(drawing, place, width, top)
    y = top + _GAP / 2
    for row, lines in enumerate(names):
        high = max(len(drawing.series) * _BAR, len(lines) * _LINE)
        shapes += _row_name(lines, left, y + high / 2)
        bar = y + (high - len(drawing.series) * _BAR) / 2
        for position, series in enumerate(drawing.series):
            shapes += _bar(series, position, row, place, bar)
            bar += _BAR
        y += high + _GAP
    return [*shapes, *over, *_standing(drawing, place, top, y)], y + 4


def _lay_rows(
    drawing: Drawing, width: float, *, has_labels: bool = True
) -> tuple[list[list[str]], float, Callable[[float], float]]:
    """Names in lines, where they end, and the place of a number on the axis behind them."""
    left = min(max(map(_wide, drawing.names), default=0.0), 0.36 * width) + 8
    labels = [label for series in drawing.series for label in series.labels]
    room = max(map(_wide, labels), default=0.0) + 8 if has_labels else 2.0
    begin = left + (room if drawing.least < 0 else 0)
    scale = max(width - room - begin, 20.0) / (drawing.most - drawing.least)
    return (
        [_wrap(name, left - 8) for name in drawing.names],
        left,
        lambda number: begin + (number - drawing.least) * scale,
    )


def _row_name(lines: Sequence[str], right: float, middle: float) -> list[Markup]:
    top = middle - len(lines) * _LINE / 2 + 11
    return [_words(line, right - 6, top + i * _LINE, "end") for i, line in enumerate(lines)]


def _bar(
    series: Series, position: int, row: int, place: Callable[[float], float], y: float
) -> list[Markup]:
    number, label = series.numbers[row], series.labels[row]
    if number is None:
        return [_words(label, place(0.0) + 5, y + 12, "start", "quiet")] if label else []
    begin, end = sorted((place(0.0), place(number)))
    words = (end + 4, "start") if number >= 0 else (begin - 4, "end")
    return [
        tag("rect", x=begin, y=y + 1, width=end - begin, height=_BAR - 2, class_=_color(position)),
        _words(label, words[0], y + 12, words[1]),
    ]


def _draw_line_labels(
    drawing: Drawing, place: Callable[[float], float], width: float, top: float
) -> Drawn:
    """What thin standing lines mean, above them, each in a line of its own."""
    shapes = []
    for label, number in drawing.lines:
        told = f"{label}: {drawing.write(number)}"
        x = place(number)
        size = max(map(_wide, lines := _wrap(told, width - 8)))
        at_left = x + size > width
        for line in lines:
            top += _LINE
            x_words = max(x, size) if at_left else x
            shapes.append(_words(line, x_words, top - 3, "end" if at_left else "start", "quiet"))
    return shapes, top


def _draw_panels(drawing: Drawing, width: float) -> Drawn:
    """A panel of bars for each series, all on one scale."""
    shapes, top = [], 0.0
    for series in drawing.series:
        for line in _wrap(series.name, width):
            top += _LINE
            shapes.append(_words(line, 0.0, top, "start", "strong"))
        drawn, high = _draw_bars(replace(drawing, series=(series,)), width)
        shapes.append(tag("g", *drawn, transform=f"translate(0 {top:.1f})"))
        top += high + 6
    return shapes, top


def _draw_stacked(drawing: Drawing, width: float) -> Drawn:
    """Lying bars of parts one behind another; a part bears its number where there is room."""
    if len(drawing.series) > COLORS:
        return _draw_bars(replace(drawing, kind="bars"), width)
    shapes, top = _draw_legend(drawing, width)
    names, left, place = _lay_rows(drawing, width, has_labels=False)
    over, top = _draw_line_labels(drawing, place, width, top)
    y = top + _GAP / 2
    for row, lines in enumerate(names):
        high = max(_BAR + 4, len(lines) * _LINE)
        shapes += _row_name(lines, left, y + high / 2)
        begin = 0.0
        for position, series in enumerate(drawing.series):
            number, label = series.numbers[row] or 0.0, series.labels[row]
            x, size = place(begin), place(begin + number) - place(begin)
            begin += number
            bar = {"x": x, "y": y + high / 2 - 10, "width": size, "height": 20.0}
            shapes.append(
                tag("rect", tag("title", f"{series.name}: {label}"), **bar, class_=_color(position))
            )
            if number and _wide(label) + 6 < size:
                kind = f"on{position % COLORS}"
                shapes.append(_words(label, x + size / 2, y + high / 2 + 4, "middle", kind))
        y += high + _GAP
    return [*shapes, *over, *_standing(drawing, place, top, y)], y + 4


def _standing(
    drawing: Drawing, place: Callable[[float], float], top: float, bottom: float
) -> list[Markup]:
    """The line at 0 and the thin lines beside it."""
    limits = [_rule(place(v), top, place(v), bottom, "limit") for _, v in drawing.lines]
    return [_rule(place(0.0), top, place(0.0), bottom, "zero"), *limits]


def _draw_columns(drawing: Drawing, width: float) -> Drawn:
    """Standing bars; lying ones where names or numbers would not find room."""
    count = len(drawing.series)
    slot = width / max(1, len(drawing.names))
    labels = [label for series in drawing.series for label in series.labels]
    bar = min(0.8 * slot / count, 56.0)
    if (
        max(map(_wide, drawing.names), default=0.0) + 6 > slot
        or max(map(_wide, labels), default=0.0) + 3 > 0.9 * slot / count
    ):
        return _draw_bars(drawing, width)
    shapes, top = _draw_legend(drawing, width)
    top += 2 * _LINE
    bottom = top + _HEIGHT
    scale = _HEIGHT / (drawing.most - drawing.least)

    def place(number: float) -> float:
        return top + (drawing.most - number) * scale

    for row, name in enumerate(drawing.names):
        middle = (row + 0.5) * slot
        shapes.append(_words(name, middle, bottom + 2 * _LINE, "middle", "quiet"))
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
                    class_=_color(position),
                )
            )
            y = end + 12 if below else begin - 4
            shapes.append(_words(label, x + bar / 2, y, "middle"))
            x += bar
    shapes.append(_rule(0.0, place(0.0), width, place(0.0), "zero"))
    shapes += _lying(drawing, place, 0.0, width)
    return shapes, bottom + 2 * _LINE + 8


def _lying(
    drawing: Drawing, place: Callable[[float], float], left: float, right: float
) -> list[Markup]:
    """Thin lying lines, each with its label above it at the left."""
    shapes = []
    for label, number in drawing.lines:
        y = place(number)
        shapes.append(_rule(left, y, right, y, "limit"))
        lines = _wrap(f"{label}: {drawing.write(number)}", right - left - 4)
        for i, line in enumerate(reversed(lines)):
            shapes.append(_words(line, left + 2, y - 4 - i * _LINE, "start", "quiet"))
    return shapes


def find_ticks(least: float, most: float, count: int = 5) -> list[float]:
    """Round numbers from the least to the most of an axis, 0 among them: about that many."""
    raw = (most - least) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * size for size in (1, 2, 2.5, 5, 10) if power * size >= raw * (1 - 1e-9))
    first, last = math.ceil(least / step - 1e-9), math.floor(most / step + 1e-9)
    return [step * i for i in range(first, last + 1)]


def _tick_texts(drawing: Drawing, ticks: Sequence[float]) -> list[str]:
    """Round numbers with as many decimals as part them."""
    step = min((abs(b - a) for a, b in pairwise(ticks)), default=1.0)
    in_percent = drawing.form in ("share", "fine_share")
    size = 100 * step if in_percent else step
    places = next((p for p in range(7) if abs(size * 10**p - round(size * 10**p)) < 1e-6), 6)
    form = drawing.form if in_percent else "number"
    return [
        write_number(tick, form, places, ascii_only=not tick)
        + ("%" if in_percent and not tick else "")
        for tick in ticks
    ]


def _draw_lines(drawing: Drawing, width: float) -> Drawn:
    """Lines over the names, as over years; each series is named at its end."""
    ticks = find_ticks(drawing.least, drawing.most)
    texts = _tick_texts(drawing, ticks)
    left = max(map(_wide, texts)) + 8
    ends = [_wrap(series.name, 0.34 * width) for series in drawing.series]
    right = width - max((_wide(line) for lines in ends for line in lines), default=0.0) - 24
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
        shapes.append(_rule(left, place(tick), right, place(tick), kind))
        shapes.append(_words(told, left - 5, place(tick) + 4, "end", "quiet"))
    below, tall = _names_below(drawing, across, step, bottom + 18, width)
    shapes += below
    for position, series in enumerate(drawing.series):
        shapes += _line_of(series, position, across, place)
    shapes += _lying(drawing, place, left, right)
    tips = [_last_place(series, place, bottom) for series in drawing.series]
    shapes += _name_ends(ends, tips, right + 8)
    high = sum(len(lines) * _LINE for lines in ends)
    return shapes, max(bottom + tall + 14, top + high + 10)


def _names_below(
    drawing: Drawing, across: Callable[[int], float], step: float, y: float, width: float
) -> Drawn:
    """Names under the lines: every second, third ... where all would not find room."""
    names = [_wrap(name, 0.3 * width) for name in drawing.names]
    size = max((_wide(line) for lines in names for line in lines), default=0.0)
    every = max(1, math.ceil((size + 8) / step)) if step > 0 else 1
    shapes = []
    for row in range(0, len(names), every):
        x = min(max(across(row), size / 2 + 8), width - size / 2 - 8)
        shapes += [
            _words(line, x, y + i * _LINE, "middle", "quiet") for i, line in enumerate(names[row])
        ]
    return shapes, max(map(len, names[::every]), default=0) * _LINE


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
                    tag("circle", told, cx=point[0], cy=point[1], r=3.0, class_=_color(position))
                )
    return shapes


def _last_place(series: Series, place: Callable[[float], float], bottom: float) -> float:
    last = next((number for number in reversed(series.numbers) if number is not None), None)
    return bottom if last is None else place(last)


def _name_ends(ends: Sequence[Sequence[str]], tips: Sequence[float], x: float) -> list[Markup]:
    """Names at the ends of lines, moved down as far as those above them need."""
    shapes, free = [], 0.0
    for position in sorted(range(len(tips)), key=lambda i: tips[i]):
        y = max(tips[position] + 4 - (len(ends[position]) - 1) * _LINE / 2, free + _LINE)
        shapes.append(_patch(position, x, y - 8))
        for line in ends[position]:
            shapes.append(_words(line, x + 12, y))
            free, y = y, y + _LINE
    return shapes


def _draw_dots(drawing: Drawing, width: float) -> Drawn:
    """Marks on one line for each name; a number stands beside its mark where there is room."""
    shapes, top = _draw_legend(drawing, width)
    names, left, place = _lay_rows(drawing, width)
    over, top = _draw_line_labels(drawing, place, width, top)
    y, high = top + 6, 46.0
    for row, lines in enumerate(names):
        tall = max(high, len(lines) * _LINE + 4)
        middle = y + tall / 2
        shapes += _row_name(lines, left, middle)
        found = [
            (place(number), position, series.labels[row])
            for position, series in enumerate(drawing.series)
            if (number := series.numbers[row]) is not None
        ]
        if found:
            shapes.append(_rule(min(found)[0], middle, max(found)[0], middle, "grid"))
        ends = [-math.inf, -math.inf]
        for order, (x, position, label) in enumerate(sorted(found)):
            shapes.append(_mark(drawing, position, x, middle))
            side, half = order % 2, _wide(label) / 2
            if x - half > ends[side]:
                shapes.append(_words(label, x, middle + (19 if side else -9), "middle"))
                ends[side] = x + half + 2
        y += tall
    ticks = find_ticks(drawing.least, drawing.most)
    grid = [_rule(place(tick), top, place(tick), y, "grid") for tick in ticks]
    below = [
        _words(told, place(tick), y + 16, "middle", "quiet")
        for tick, told in zip(ticks, _tick_texts(drawing, ticks), strict=True)
    ]
    return [*grid, *_standing(drawing, place, top, y), *shapes, *over, *below], y + 24


_KINDS: Final[dict[ChartKind, Callable[[Drawing, float], Drawn]]] = {
    "bars": _draw_bars,
    "stacked": _draw_stacked,
    "columns": _draw_columns,
    "lines": _draw_lines,
    "dots": _draw_dots,
}

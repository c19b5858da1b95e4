"""A small chart of standing bars for each row, all on one scale."""

from __future__ import annotations

from typing import Final

from cssopt.render.drawing import Drawing
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.shapes import (
    LINE,
    Drawn,
    draw_legend,
    draw_rule,
    draw_words,
    find_width,
    wrap_text,
)
from cssopt.render.html.steps import fill_bar, find_fill, names_of

_HEIGHT, _BETWEEN = 56.0, 24.0
"""Pixels from 0 to the most of the scale, and between panels beside each other."""
_MOST_BESIDE, _LEAST_WIDE = 3, 150.0
"""Panels that stand beside each other at most, and pixels of each at least."""
_PERCENT: Final = "\u00a0%"


def draw_panels(drawing: Drawing, width: float) -> Drawn:
    """A panel for each row, as many beside each other as find room; thin lines are told once."""
    # What thin lines are; a legend of the series is none here, as their names stand below.
    lines, top = draw_legend(drawing, width, has_lines=True, has_series=False)
    across = max(1, min(_MOST_BESIDE, int(width // _LEAST_WIDE)))
    if any(find_width(label) > _find_slot(drawing, width, across) for label in _labels(drawing)):
        across = max(1, across - 1)
    wide = (width - _BETWEEN * (across - 1)) / across
    shapes, y = [*lines], top
    for first in range(0, len(drawing.names), across):
        rows = range(first, min(first + across, len(drawing.names)))
        heads = [wrap_text(drawing.names[row], wide, "strong") for row in rows]
        high = max(map(len, heads)) * LINE
        for place, row in enumerate(rows):
            x = place * (wide + _BETWEEN)
            shapes += [
                draw_words(line, x, y + (i + 1) * LINE - 3, "start", "strong")
                for i, line in enumerate(heads[place])
            ]
            shapes += _draw_panel(drawing, row, x, y + high + LINE, wide)
        y += high + LINE + _HEIGHT + LINE + 14
    return shapes, y


def _find_slot(drawing: Drawing, width: float, across: int) -> float:
    return (width - _BETWEEN * (across - 1)) / across / max(1, len(drawing.series))


def _labels(drawing: Drawing) -> list[str]:
    """All numbers; a percent sign stands in the title of the chart, not at every bar."""
    return [label.removesuffix(_PERCENT) for one in drawing.series for label in one.labels]


def _draw_panel(drawing: Drawing, row: int, x: float, top: float, wide: float) -> list[Markup]:
    slot = wide / max(1, len(drawing.series))
    scale = _HEIGHT / (drawing.most - min(0.0, drawing.least))
    zero = top + drawing.most * scale
    shapes = [draw_rule(x, zero, x + wide, zero, "zero")]
    shapes += [
        draw_rule(x, zero - at * scale, x + wide, zero - at * scale, "limit")
        for _, at in drawing.lines
    ]
    largest = max((one.numbers[row] or 0.0 for one in drawing.series), default=0.0)
    short = _shorten([one.name for one in drawing.series], slot)
    below, above = [], []
    for place, one in enumerate(drawing.series):
        number, label = one.numbers[row], one.labels[row].removesuffix(_PERCENT)
        middle = x + (place + 0.5) * slot
        if short[place]:
            below.append(tag("text", short[place], x=middle, y=zero + LINE))
        if number is None:
            continue
        begin, end = sorted((zero, zero - number * scale))
        fill = find_fill(one, row, "blue")
        # Of bars too thin for their numbers the largest is told; all stand in the table.
        is_told = find_width(label) <= slot + 2 or number == largest
        told = "" if is_told else f"{names_of(drawing, row)}, {one.name}: {one.labels[row]}"
        shapes.append(fill_bar(fill, middle - 0.39 * slot, begin, 0.78 * slot, end - begin, told))
        if is_told:
            half = find_width(label) / 2
            inside = min(max(middle, x + half), x + wide - half)
            above.append(tag("text", label, x=inside, y=begin - 4))
    # Words that share how they stand are told so once: charts of many members are long.
    return [
        *shapes,
        tag("g", *below, text_anchor="middle", class_="years"),
        tag("g", *above, text_anchor="middle"),
    ]


def _shorten(names: list[str], slot: float) -> list[str]:
    """Names below bars: years by their last digits where whole ones find no room; of many some."""
    if max(map(find_width, names), default=0.0) > slot - 4 and all(n.isdigit() for n in names):
        names = [name[-2:] for name in names]
    size = max(map(find_width, names), default=0.0) + 4
    every = max(1, -int(-size // slot))
    return [name if place % every == 0 else "" for place, name in enumerate(names)]

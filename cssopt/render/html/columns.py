"""Charts of standing bars, beside each other or one on another."""

from __future__ import annotations

from dataclasses import replace

from cssopt.render.drawing import Drawing
from cssopt.render.html.frame import HEIGHTS, Frame, find_room
from cssopt.render.html.markup import Markup
from cssopt.render.html.rows import draw_bars, draw_stacked
from cssopt.render.html.shapes import (
    COLORS,
    LINE,
    Drawn,
    draw_bar,
    draw_legend,
    draw_names_below,
    draw_rule,
    draw_words,
    find_width,
    has_room_for,
    wrap_text,
)
from cssopt.render.html.stacks import draw_direct_stacks, has_room_for_stacks

_WIDEST, _THINNEST = 56.0, 2.0
"""Pixels that a standing bar is wide, at most and at least."""


def draw_columns(drawing: Drawing, width: float) -> Drawn:
    """Standing bars, each with its number; lying ones where names would not find room.

    Of numbers such as years some names stand for all, and an axis for the numbers of the bars.
    """
    if len(drawing.series) > COLORS:
        return draw_bars(drawing, width)
    labels = [label for series in drawing.series for label in series.labels]
    slot = width / max(1, len(drawing.names))
    widest = max(map(find_width, labels), default=0.0) + 3
    is_labeled = widest <= 0.8 * slot / len(drawing.series)
    left = 0.0 if is_labeled else find_room(drawing.axis)
    slot = (width - left) / max(1, len(drawing.names))
    bar = min(0.8 * slot / len(drawing.series), _WIDEST)
    if not ((is_labeled and _has_room(drawing, slot)) or (drawing.is_ordered and bar >= _THINNEST)):
        return draw_bars(drawing, width)
    shapes, top = draw_legend(drawing, width, has_lines=True)
    frame = Frame(drawing.axis, left, width, top + LINE, HEIGHTS[drawing.look])
    shapes += [] if is_labeled else frame.draw_ticks()
    for row in range(len(drawing.names)):
        x = left + (row + 0.5) * slot - bar * len(drawing.series) / 2
        for series in drawing.series:
            number, label = series.numbers[row], series.labels[row]
            begin, end = sorted((frame.up(0.0), frame.up(number or 0.0)))
            told = f"{series.name}: {label}"
            shapes.append(draw_bar(series.color, x + 0.5, begin, bar - 1, end - begin, told))
            if is_labeled:
                y = end + 12 if number is not None and number < 0 else begin - 4
                shapes.append(draw_words(label, x + bar / 2, y, "middle"))
            x += bar
    return _finish(drawing, frame, slot, shapes, width)


def draw_stacked_columns(drawing: Drawing, width: float) -> Drawn:
    """Standing bars of parts one on another; lying ones where names would not find room."""
    if drawing.look != "plain" and has_room_for_stacks(drawing, width):
        return draw_direct_stacks(drawing, width)
    left = find_room(drawing.axis)
    slot = (width - left) / max(1, len(drawing.names))
    if len(drawing.series) > COLORS:
        return draw_columns(replace(drawing, kind="columns"), width)
    if not (_has_room(drawing, slot) or (drawing.is_ordered and slot >= _THINNEST)):
        return draw_stacked(drawing, width)
    shapes, top = draw_legend(drawing, width, has_lines=True)
    frame = Frame(drawing.axis, left, width, top + 6, HEIGHTS[drawing.look])
    shapes += frame.draw_ticks()
    bar = min(0.8 * slot, _WIDEST)
    for row in range(len(drawing.names)):
        middle, begin = left + (row + 0.5) * slot, 0.0
        for series in drawing.series:
            number, label = series.numbers[row] or 0.0, series.labels[row]
            y = frame.up(begin + number)
            high = frame.up(begin) - y
            begin += number
            told = f"{series.name}: {label}"
            shapes.append(draw_bar(series.color, middle - bar / 2, y, bar, high, told))
            if number and has_room_for(label, bar) and high >= LINE:
                kind = f"on{series.color % COLORS}"
                shapes.append(draw_words(label, middle, y + high / 2 + 4, "middle", kind))
    return _finish(drawing, frame, slot, shapes, width)


def _has_room(drawing: Drawing, slot: float) -> bool:
    """True where every name stands in a few lines below its bar, its words whole."""
    return all(
        len(wrap_text(name, slot - 6)) <= 3 and all(has_room_for(w, slot) for w in name.split())
        for name in drawing.names
    )


def _finish(
    drawing: Drawing, frame: Frame, slot: float, shapes: list[Markup], width: float
) -> Drawn:
    """The line at 0, thin lines and names below."""
    shapes.append(draw_rule(frame.left, frame.up(0.0), width, frame.up(0.0), "zero"))
    shapes += frame.draw_limits(drawing)
    # Numbers of bars below 0 stand between them and the names.
    y = frame.bottom + (2 * LINE if drawing.least < 0 else LINE + 2)
    names, high = draw_names_below(
        drawing, lambda row: frame.left + (row + 0.5) * slot, slot, y, width
    )
    return [*shapes, *names], y + high

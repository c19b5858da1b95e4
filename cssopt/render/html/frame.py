"""The frame of charts that stand: an upright axis with its round numbers, and thin lines across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cssopt.render.axis import Axis
from cssopt.render.drawing import Drawing, Look
from cssopt.render.html.markup import Markup
from cssopt.render.html.shapes import LINE, Drawn, draw_rule, draw_words, find_width, wrap_text

HEIGHTS: Final[dict[Look, float]] = {"plain": 230.0, "page": 200.0, "beside": 150.0, "low": 54.0}
"""Pixels between the ends of an upright axis, by where it is drawn."""


def find_room(axis: Axis) -> float:
    """Pixels that the numbers of an upright axis take at its left."""
    return max(map(find_width, axis.texts), default=0.0) + 8


@dataclass(frozen=True)
class Frame:
    """Where the numbers of an upright axis stand between left and right, below the top."""

    axis: Axis
    left: float
    right: float
    top: float
    height: float

    @property
    def bottom(self) -> float:
        """Where the axis ends below."""
        return self.top + self.height

    def up(self, number: float) -> float:
        """The place of a number."""
        return (
            self.top + (self.axis.most - number) / (self.axis.most - self.axis.least) * self.height
        )

    def draw_ticks(self) -> list[Markup]:
        """Its round numbers, each with a thin line; that of 0 is strong."""
        shapes = []
        for tick, told in zip(self.axis.ticks, self.axis.texts, strict=True):
            y = self.up(tick)
            kind = "zero" if abs(tick) < 1e-12 else "grid"
            shapes.append(draw_rule(self.left, y, self.right, y, kind))
            shapes.append(draw_words(told, self.left - 5, y + 4, "end", "quiet"))
        return shapes

    def draw_limits(self, drawing: Drawing) -> list[Markup]:
        """Thin lines at numbers; the legend says what they are."""
        places = [self.up(number) for _, number in drawing.lines]
        return [draw_rule(self.left, y, self.right, y, "limit") for y in places]


def draw_axis_name(name: str, x: float, y: float, width: float) -> Drawn:
    """What an axis counts, in lines from its left end on; nothing where that is not told."""
    lines = wrap_text(name, width) if name else []
    return [
        draw_words(line, x, y + (i + 1) * LINE - 3, "start", "quiet")
        for i, line in enumerate(lines)
    ], LINE * len(lines)

"""Charts of a page as drawings of its own: bars from 0, labels at the marks, colors by class.

Each is drawn in two widths, of which the page shows one: scaled down, words could not be read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cssopt.document.document import Chart, ChartKind, Table
from cssopt.render.drawing import NOTHING_TO_DRAW, Drawing, Look
from cssopt.render.html.between import draw_dumbbell, draw_ranges
from cssopt.render.html.columns import draw_columns, draw_stacked_columns
from cssopt.render.html.lines import draw_lines
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.panels import draw_panels
from cssopt.render.html.points import draw_points
from cssopt.render.html.rows import draw_bars, draw_dots, draw_stacked
from cssopt.render.html.shapes import Drawn
from cssopt.render.html.steps import draw_tornado, draw_waterfall

WIDTHS: Final = {"wide": 720.0, "narrow": 340.0}

_KINDS: Final[dict[ChartKind, Callable[[Drawing, float], Drawn]]] = {
    "bars": draw_bars,
    "stacked": draw_stacked,
    "parts": draw_stacked,
    "columns": draw_columns,
    "stacked_columns": draw_stacked_columns,
    "curves": draw_lines,
    "dots": draw_dots,
    "points": draw_points,
    "waterfall": draw_waterfall,
    "panels": draw_panels,
    "dumbbell": draw_dumbbell,
    "ranges": draw_ranges,
    "tornado": draw_tornado,
}


def draw_chart(chart: Chart, table: Table, look: Look = "plain") -> Markup:
    """A figure with its title and the drawing in both widths; beside something else in one."""
    if not table.rows:
        return tag("figure", tag("figcaption", chart.title), tag("p", NOTHING_TO_DRAW))
    drawing = Drawing.of(chart, table, look)
    drawn = [
        _draw(drawing, width, name)
        for name, width in WIDTHS.items()
        if name == "narrow" or look not in ("beside", "low")
    ]
    kind = "alone" if len(drawn) == 1 else None
    return tag("figure", tag("figcaption", chart.title), *drawn, class_=kind)


def draw_shapes(drawing: Drawing, width: float) -> Drawn:
    """What is drawn in that width, words last: no line goes through one."""
    shapes, height = _KINDS[drawing.kind](drawing, width)
    return sorted(shapes, key=lambda shape: shape.startswith("<text")), height


def _draw(drawing: Drawing, width: float, name: str) -> Markup:
    shapes, height = draw_shapes(drawing, width)
    return tag(
        "svg",
        tag("title", drawing.title),
        *shapes,
        class_=name,
        role="img",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
    )

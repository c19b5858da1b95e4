"""The charts of a document as pictures: drawings that stand alone, and the same in pixels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from cssopt.document.document import Chart, Document
from cssopt.errors import ReportError
from cssopt.render.atomic import replace_file, told_if_refused
from cssopt.render.drawing import Drawing
from cssopt.render.html.charts import WIDTHS, draw_shapes
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.page import read_light_style
from cssopt.render.html.shapes import LINE, draw_words, wrap_text

NO_PICTURES: Final = (
    "No picture was written, for resvg-py is not installed: "
    'pip install "cssopt[pictures]", and the same command again.'
)
_NO_FONT: Final = (
    "No picture was written, for no font was found that its words could be drawn with. Install "
    "one, such as DejaVu Sans (apt-get install fonts-dejavu), and give the same command again."
)
_MARGIN, _ZOOM = 16.0, 2.0
"""Pixels around a drawing, and pixels of a picture to each of a drawing."""
_FONT: Final = 'Arial, "Liberation Sans", "DejaVu Sans", sans-serif'
_ENDINGS: Final = (".svg", ".png")


def check_pictures() -> None:
    """ReportError where no picture could be drawn, asked before anything is solved."""
    to_pixels = _find_drawer()
    empty, worded = (
        to_pixels(_wrap_svg(words, 40.0, 40.0)) for words in ([], [draw_words("M", 5.0, 25.0)])
    )
    if empty == worded:
        raise ReportError(_NO_FONT)


def write_pictures(folder: Path, document: Document) -> tuple[Path, ...]:
    """Write each chart as SVG and PNG, and give their paths.

    They are named by the question and the table, `frontier-front-1.svg`, and replace what has
    these names. A chart of a table without rows has none. Raises ReportError as `check_pictures`,
    and where a file cannot be written.
    """
    check_pictures()
    to_pixels = _find_drawer()
    with told_if_refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
    count: Counter[str] = Counter()
    paths: list[Path] = []
    for chart in (chart for sheet in document.sheets for chart in sheet.charts):
        if not document.table(chart.table).rows:
            continue
        name = _name_file(document.facts.file or document.facts.question, chart.table)
        count[name] += 1
        drawn = draw_picture(chart, document)
        for ending, content in zip(_ENDINGS, (drawn.encode(), to_pixels(drawn)), strict=True):
            paths.append(folder / f"{name}-{count[name]}{ending}")
            replace_file(paths[-1], content)
    return tuple(paths)


def draw_picture(chart: Chart, document: Document) -> str:
    """A chart under its title as SVG that stands alone, in light colors."""
    width = WIDTHS["wide"]
    shapes, high = draw_shapes(Drawing.of(chart, document.table(chart.table)), width)
    foot = [document.marking, document.title, f"run {document.facts.run_id}"]
    above = [
        draw_words(line, 0.0, (i + 1) * LINE, "start", "strong")
        for i, line in enumerate(wrap_text(chart.title, width, "strong"))
    ]
    top = LINE * len(above) + 6
    told = " \u00b7 ".join(part for part in foot if part)
    below = [
        draw_words(line, 0.0, top + high + (i + 1.5) * LINE, "start", "quiet")
        for i, line in enumerate(wrap_text(told, width))
    ]
    moved = tag("g", *shapes, transform=f"translate(0 {top:.1f})")
    return _wrap_svg([*above, moved, *below], width, top + high + LINE * (len(below) + 1))


def _wrap_svg(shapes: list[Markup], width: float, height: float) -> str:
    whole, high = width + 2 * _MARGIN, height + 2 * _MARGIN
    return tag(
        "svg",
        Markup(f"<style>svg {{ font: 12px {_FONT}; }}\n{read_light_style()}</style>"),
        tag("rect", width=whole, height=high, class_="paper"),
        tag("g", *shapes, transform=f"translate({_MARGIN:.0f} {_MARGIN:.0f})"),
        xmlns="http://www.w3.org/2000/svg",
        width=whole,
        height=high,
        viewBox=f"0 0 {whole:.0f} {high:.0f}",
    )


@cache
def _find_drawer() -> Callable[[str], bytes]:
    """What makes pixels of a drawing; ReportError where it is not installed."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise ReportError(NO_PICTURES) from None
    draw: Any = svg_to_bytes
    return lambda svg: bytes(draw(svg_string=svg, zoom=_ZOOM))


def _name_file(*parts: str) -> str:
    """A name of plain letters: nothing in it leads elsewhere, or is more than a name."""
    return "-".join(re.sub(r"[^a-z0-9_]+", "_", part.lower())[:60] for part in parts)

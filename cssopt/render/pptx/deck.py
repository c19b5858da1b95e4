"""Slides written as a .pptx file: native texts, tables and charts, all within their slide."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cssopt.document.document import (
    Chart,
    Document,
    Mark,
    Note,
    Pair,
    Pairs,
    Rich,
    Span,
    Table,
)
from cssopt.language import phrase
from cssopt.render.atomic import replace_file
from cssopt.render.drawing import Drawing
from cssopt.render.number_text import LEFT, SIGNS, find_number, find_places, write_cell
from cssopt.render.palette import (
    FILLS,
    INK,
    LINE,
    PAPER,
    STACK,
    TEXT_COLORS,
    VERMILION,
    find_heat,
)
from cssopt.render.pptx.slides import Part, Slide, find_boxes, make_slides
from cssopt.render.screen import printable
from cssopt.render.text_size import WIDER, count_lines
from cssopt.render.widths import Plain, find_widths, write_pair

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck

NO_PPTX: Final = (
    "No slides can be written, for python-pptx is not installed: "
    'pip install "cssopt[slides]", and the same command again.'
)
"""What to tell where `can_write_pptx` is False."""

_WIDE, _HIGH, _EDGE = 1280.0, 720.0, 48.0
"""A slide and its margin, in pixels, of which 96 are an inch."""
_EMU: Final = 9525
"""Units of the file in a pixel."""
_TITLE_TOP, _TITLE_HIGH, _BOTTOM = 28.0, 62.0, 672.0
_FOOT_TOP, _FOOT_POINTS = 684.0, 9.0
_SUBTITLE_POINTS, _BOX_POINTS = 12.0, 12.0
_TITLES: Final = (24.0, 22.0, 20.0, 18.0, 16.0)
_SIZES: Final = (16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0)
"""Points of titles and of texts, the largest first: the largest that fits is taken."""
_GUTTER, _GAP = 28.0, 10.0
_LINE_HIGH: Final = 1.3 * 4 / 3
"""Pixels of a line for each point of its type."""
_CELL_ROOM, _INSET, _BELOW = 6.0, 10.0, 8.0
"""Pixels of a row besides its lines, of a cell besides the width of its text, and below a table."""
_CHART_LEAST: Final = 190.0
_FONT: Final = "Arial"
_NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The style of tables that has neither fills nor lines."""
_BULLET: Final = "\u2022 "
_RISKY: Final = re.compile(r"[={]|(?:ftp|https?)://|mailto:|internal:|external:", re.IGNORECASE)
"""How a text begins that a spreadsheet would take for more: charts bear one of their numbers."""


def can_write_pptx() -> bool:
    """True where python-pptx is installed."""
    return find_spec("pptx") is not None


def write_pptx(path: Path, document: Document) -> None:
    """Write the slides of a document with pages whole or not at all; ReportError where the file
    cannot be written. Ask `can_write_pptx` first: without python-pptx it raises ImportError."""
    from pptx import Presentation

    deck = Presentation()
    deck.slide_width, deck.slide_height = _emu(_WIDE), _emu(_HIGH)
    properties, facts = deck.core_properties, document.facts
    properties.title, properties.author = _clean(document.title)[:255], "cssopt"
    properties.comments = _clean(document.marking)[:255]
    properties.identifier = facts.run_id
    properties.created = properties.modified = facts.begun.replace(tzinfo=None)
    slides = make_slides(document)
    for number, slide in enumerate(slides, 1):
        _SlideWriter(deck, document).write(slide, f"{number} / {len(slides)}")
    content = io.BytesIO()
    deck.save(content)
    replace_file(path, content.getvalue())


@dataclass(frozen=True)
class _Frame:
    """A place on a slide, in pixels."""

    left: float
    top: float
    wide: float
    high: float

    @property
    def emu(self) -> tuple[Any, Any, Any, Any]:
        """As the file has it."""
        return _emu(self.left), _emu(self.top), _emu(self.wide), _emu(self.high)


class _SlideWriter:
    """One slide being written."""

    def __init__(self, deck: Deck, document: Document) -> None:
        self.document = document
        self.slide: Any = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Only"))

    def write(self, slide: Slide, number: str) -> None:
        """Title, subtitle, boxes, bands and foot."""
        wide = _WIDE - 2 * _EDGE
        self._write_title(slide.title, wide)
        top = _TITLE_TOP + _TITLE_HIGH + 4
        if slide.subtitle:
            spans = (Span(slide.subtitle, "quiet"),)
            self._write_text(_Frame(_EDGE, top, wide, 22.0), spans, _SUBTITLE_POINTS)
            top += 26
        for box in find_boxes(self.document):
            high = _text_height(box, wide - _INSET, _BOX_POINTS, is_bold=True) + 8
            self._write_box(_Frame(_EDGE, top, wide, high), box)
            top += high + 6
        self._write_foot(number, wide)
        size = next(
            (
                one
                for one in _SIZES
                if _fits_across(slide, one) and self._find_height(slide, one) <= _BOTTOM - top
            ),
            _SIZES[-1],
        )
        self._write_bands(slide, top + 4, size)

    def _write_title(self, text: str, wide: float) -> None:
        shape = self.slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = _Frame(
            _EDGE, _TITLE_TOP, wide, _TITLE_HIGH
        ).emu
        size = next(
            (one for one in _TITLES if _text_height(text, wide, one, is_bold=True) <= _TITLE_HIGH),
            _TITLES[-1],
        )
        _fill_frame(shape.text_frame, (Span(text, is_strong=True),), size, anchor="bottom")

    def _write_text(self, frame: _Frame, spans: Sequence[Span], size: float, **how: Any) -> None:
        shape = self.slide.shapes.add_textbox(*frame.emu)
        _fill_frame(shape.text_frame, spans, size, **how)

    def _write_box(self, frame: _Frame, text: str) -> None:
        shape = self.slide.shapes.add_textbox(*frame.emu)
        shape.fill.solid()
        shape.fill.fore_color.rgb = _color(VERMILION)
        _fill_frame(
            shape.text_frame, (Span(text, is_strong=True),), _BOX_POINTS, color=PAPER, inset=4
        )

    def _write_foot(self, number: str, wide: float) -> None:
        """Marking, title and run on every slide."""
        document = self.document
        run = phrase("run {number}", number=document.facts.run_id[:8])
        third = wide / 3
        foot = (
            (document.marking, "left", True), (document.subject, "center", False),
            (f"{run} \u00b7 {number}", "right", False),
        )  # fmt: skip
        for place, (text, side, is_strong) in enumerate(foot):
            frame = _Frame(_EDGE + place * third, _FOOT_TOP, third, 20.0)
            mark: Mark | None = None if is_strong else "quiet"
            shown = _shorten(text, third, _FOOT_POINTS)
            self._write_text(frame, (Span(shown, mark, is_strong),), _FOOT_POINTS, side=side)

    # Bands: one size of type for all, the largest at which they fit; a chart takes what is left.

    def _find_height(self, slide: Slide, size: float) -> float:
        return sum(_band_height(band, size) + _GAP for band in slide.bands)

    def _write_bands(self, slide: Slide, top: float, size: float) -> None:
        left_over = max(0.0, _BOTTOM - top - self._find_height(slide, size))
        charted = [band for band in slide.bands if any(_has_chart(part) for part in band)]
        more = left_over / len(charted) if charted else 0.0
        for band in slide.bands:
            high = _band_height(band, size) + (more if band in charted else 0.0)
            wide = _part_width(band)
            for place, part in enumerate(band):
                left = _EDGE + place * (wide + _GUTTER)
                self._write_part(part, _Frame(left, top, wide, high), size)
            top += high + _GAP

    def _write_part(self, part: Part, frame: _Frame, size: float) -> None:
        top = frame.top
        spare = frame.high - sum(_block_height(one, frame.wide, size) for one in part)
        for block in part:
            high = _block_height(block, frame.wide, size)
            if isinstance(block, Chart):
                high += max(0.0, spare)
            self._write_block(block, _Frame(frame.left, top, frame.wide, high), size)
            top += high

    def _write_block(self, block: Plain, frame: _Frame, size: float) -> None:
        match block:
            case Note():
                size = size + 1 if block.is_heading else size
                self._write_text(frame, _find_spans(block), size)
            case Pairs():
                self._write_pairs(block, frame, size)
            case Table():
                self._write_table(block, frame, size)
            case Chart():
                self._write_chart(block, frame)

    def _add_table(self, rows: int, widths: Sequence[float], frame: _Frame) -> Any:
        shape = self.slide.shapes.add_table(rows, len(widths), *frame.emu)
        shape._element.graphic.graphicData.tbl[0][-1].text = _NO_STYLE
        shape.table.horz_banding = False
        for column, width in zip(shape.table.columns, widths, strict=True):
            column.width = _emu(width)
        return shape.table

    def _write_pairs(self, pairs: Pairs, frame: _Frame, size: float) -> None:
        widths = find_widths(pairs).spread(frame.wide, WIDER * size)
        if pairs.are_tiles:
            widths = [frame.wide * 0.6, frame.wide * 0.4]
        table = self._add_table(len(pairs.pairs), widths, frame)
        for row, one in enumerate(pairs.pairs):
            table.rows[row].height = _emu(_pair_height(one, widths, size))
            texts = [one.label, write_pair(one), one.remark][: len(widths)]
            for place, text in enumerate(texts):
                mark: Mark | None = (None, one.mark, "quiet")[place]
                spans = (Span(_signed(text, mark), mark, one.is_strong),)
                is_right = place == 1 and find_number(one.value, one.form) is not None
                _fill_cell(table.cell(row, place), spans, size, is_right=is_right)

    def _write_table(self, table: Table, frame: _Frame, size: float) -> None:
        widths = find_widths(table).spread(frame.wide, WIDER * size)
        first = int(any(column.group for column in table.columns))
        shown = self._add_table(len(table.rows) + 1 + first, widths, frame)
        if first:
            _write_groups(shown, table, size)
        for place, column in enumerate(table.columns):
            cell = shown.cell(first, place)
            is_right = column.form not in LEFT
            _fill_cell(cell, (Span(column.heading, is_strong=True),), size, is_right=is_right)
            _set_line(cell, INK)
        if first:
            shown.rows[0].height = _emu(_group_height(size))
        shown.rows[first].height = _emu(_head_height(table, widths, size))
        for row in range(len(table.rows)):
            high = _row_height(table, row, widths, size)
            shown.rows[row + 1 + first].height = _emu(high)
            for place in range(len(widths)):
                _write_cell(shown.cell(row + 1 + first, place), table, row, place, size)

    def _write_chart(self, chart: Chart, frame: _Frame) -> None:
        """A native chart from 0, its numbers at its bars."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION
        from pptx.util import Pt

        table = self.document.table(chart.table)
        if table.last_is_total:
            rows = table.rows[:-1]
            table = Table(table.name, table.columns, rows)
        drawing = Drawing.of(chart, table)
        data = CategoryChartData()
        data.categories = [_plain(name) for name in drawing.names]
        for series in drawing.series:
            data.add_series(_plain(series.name), series.numbers)
        native = self.slide.shapes.add_chart(_find_type(chart), *frame.emu, data).chart
        native.font.size, native.font.name = Pt(11), _FONT
        native.font.color.rgb = _color(INK)
        native.has_title = bool(chart.title)
        if chart.title:
            spans = (Span(chart.title, "quiet"),)
            _fill_frame(native.chart_title.text_frame, spans, 11.0)
        native.has_legend = len(drawing.series) > 1
        if native.has_legend:
            native.legend.position = XL_LEGEND_POSITION.TOP
            native.legend.include_in_layout = False
        axis = native.value_axis
        axis.has_major_gridlines, axis.visible = False, False
        if drawing.least >= 0:
            axis.minimum_scale = 0
        plot = native.plots[0]
        plot.gap_width = 45
        plot.has_data_labels = True
        places = drawing.places
        plot.data_labels.number_format = "#,##0" + (f".{'0' * places}" if places else "")
        plot.data_labels.number_format_is_linked = False
        plot.data_labels.font.size = Pt(11)
        if len(drawing.series) == 1:
            plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        for place, one in enumerate(plot.series):
            one.format.fill.solid()
            is_bad = chart.series[place] in chart.bad if not chart.rows_are_series else False
            one.format.fill.fore_color.rgb = _color(
                VERMILION if is_bad else STACK[place % len(STACK)]
            )


def _find_type(chart: Chart) -> Any:
    """How a chart is drawn; what slides have no chart for, as bars."""
    from pptx.enum.chart import XL_CHART_TYPE as TYPES

    return {
        "columns": TYPES.COLUMN_CLUSTERED,
        "stacked_columns": TYPES.COLUMN_STACKED,
        "stacked": TYPES.BAR_STACKED,
    }.get(chart.kind, TYPES.BAR_CLUSTERED)


# Heights, in pixels


def _text_height(text: str, wide: float, size: float, *, is_bold: bool = False) -> float:
    lines = count_lines(text, WIDER * size, max(20.0, wide), is_bold=is_bold)
    return lines * size * _LINE_HIGH


def _fits_across(slide: Slide, size: float) -> bool:
    """Whether the columns of all tables find room beside each other."""
    return all(
        WIDER * size * sum(find_widths(block).least) <= _part_width(band)
        for band in slide.bands
        for part in band
        for block in part
    )


def _band_height(band: Sequence[Part], size: float) -> float:
    wide = _part_width(band)
    return max(sum(_block_height(one, wide, size) for one in part) for part in band)


def _part_width(band: Sequence[Part]) -> float:
    return (_WIDE - 2 * _EDGE - _GUTTER * (len(band) - 1)) / len(band)


def _has_chart(part: Part) -> bool:
    return any(isinstance(block, Chart) for block in part)


def _block_height(block: Plain, wide: float, size: float) -> float:
    match block:
        case Note():
            size = size + 1 if block.is_heading else size
            text = "".join(span.text for span in _find_spans(block))
            return _text_height(text, wide, size, is_bold=block.is_heading) + 6
        case Pairs():
            widths = find_widths(block).spread(wide, WIDER * size)
            return sum(_pair_height(one, widths, size) for one in block.pairs) + _BELOW
        case Table():
            widths = find_widths(block).spread(wide, WIDER * size)
            has_groups = any(column.group for column in block.columns)
            groups = _group_height(size) if has_groups else 0.0
            rows = (_row_height(block, row, widths, size) for row in range(len(block.rows)))
            return groups + _head_height(block, widths, size) + sum(rows) + _BELOW
    return _CHART_LEAST


def _pair_height(one: Pair, widths: Sequence[float], size: float) -> float:
    texts = (one.label, write_pair(one), one.remark)
    found = [
        _text_height(text, wide - _INSET, size, is_bold=one.is_strong)
        for text, wide in zip(texts, widths, strict=False)
    ]
    return max(found) + _CELL_ROOM


def _group_height(size: float) -> float:
    return size * _LINE_HIGH + _CELL_ROOM


def _head_height(table: Table, widths: Sequence[float], size: float) -> float:
    found = [
        _text_height(column.heading, wide - _INSET, size, is_bold=True)
        for column, wide in zip(table.columns, widths, strict=True)
    ]
    return max(found) + _CELL_ROOM


def _row_height(table: Table, row: int, widths: Sequence[float], size: float) -> float:
    found = [
        _text_height(_write(table, row, place), wide - _INSET, size, is_bold=place == 0)
        for place, wide in enumerate(widths)
    ]
    return max(found) + _CELL_ROOM


# Texts


def _write(table: Table, row: int, place: int) -> str:
    column = table.columns[place]
    places = find_places(column, table.column(column.name))
    return write_cell(table.rows[row][place], column.form, places)


def _signed(text: str, mark: Mark | None) -> str:
    return f"{SIGNS[mark]} {text}" if mark in SIGNS and text else text


def _find_spans(note: Note) -> tuple[Span, ...]:
    spans = note.spans or (Span(note.text),)
    if note.is_heading:
        spans = tuple(Span(one.text, one.mark, one.mark is None) for one in spans)
    elif note.mark is not None:
        spans = tuple(Span(one.text, one.mark or note.mark, one.is_strong) for one in spans)
    sign = _BULLET if note.is_point else f"{SIGNS[note.mark]} " if note.mark in SIGNS else ""
    return (Span(sign, note.mark), *spans) if sign else spans


def _write_groups(shown: Any, table: Table, size: float) -> None:
    """Headings above columns of one group, over all of them."""
    place = 0
    while place < len(table.columns):
        group, end = table.columns[place].group, place
        while end + 1 < len(table.columns) and table.columns[end + 1].group == group:
            end += 1
        cell = shown.cell(0, place)
        if group:
            if end > place:
                cell.merge(shown.cell(0, end))
            _fill_cell(cell, (Span(group, "quiet"),), size, side="center")
            _set_line(cell, LINE)
        else:
            _fill_cell(cell, (Span(" "),), size)
        place = end + 1


def _write_cell(cell: Any, table: Table, row: int, place: int, size: float) -> None:
    """A cell of a table, in the colors of its mark or of what is missing."""
    column, value = table.columns[place], table.rows[row][place]
    mark = table.marks.get((row, column.name))
    is_total = table.last_is_total and row == len(table.rows) - 1
    is_strong = is_total or place == 0 or mark in ("more", "less", "reached")
    spans = (
        tuple(Span(one.text, one.mark, one.is_strong) for one in value.spans)
        if isinstance(value, Rich)
        else (Span(_signed(_write(table, row, place), mark), mark, is_strong),)
    )
    number = find_number(value, column.form)
    if column.form == "missing":
        fill, color = find_heat(number) if number is not None else ("", INK)
        _fill_cell(cell, spans, size, side="center", color=color, fill=fill)
    else:
        fill = FILLS.get(mark, "") if mark is not None else ""
        _fill_cell(cell, spans, size, is_right=column.form not in LEFT, fill=fill)
    _set_line(cell, LINE)
    if is_total:
        _set_line(cell, INK, is_above=True)


def _fill_cell(
    cell: Any,
    spans: Sequence[Span],
    size: float,
    *,
    is_right: bool = False,
    side: str = "",
    fill: str = "",
    **how: Any,
) -> None:
    from pptx.enum.text import MSO_ANCHOR

    cell.margin_left = cell.margin_right = _emu(_INSET / 2)
    cell.margin_top = cell.margin_bottom = _emu(_CELL_ROOM / 2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    if fill:
        cell.fill.solid()
        cell.fill.fore_color.rgb = _color(fill)
    side = side or ("right" if is_right else "left")
    _fill_frame(cell.text_frame, spans, size, side=side, is_cell=True, **how)


def _fill_frame(
    frame: Any,
    spans: Sequence[Span],
    size: float,
    *,
    side: str = "left",
    color: str = INK,
    anchor: str = "top",
    inset: float = 0.0,
    is_cell: bool = False,
) -> None:
    """A text in its stretches: plain runs, so that nothing of it is markup."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    if not is_cell:
        frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = _emu(inset)
        frame.margin_top = frame.margin_bottom = _emu(inset)
        frame.vertical_anchor = MSO_ANCHOR.BOTTOM if anchor == "bottom" else MSO_ANCHOR.TOP
    paragraph = frame.paragraphs[0]
    paragraph.alignment = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER}.get(
        side, PP_ALIGN.RIGHT
    )
    for span in spans:
        run = paragraph.add_run()
        run.text = _clean(span.text)
        run.font.size, run.font.name, run.font.bold = Pt(size), _FONT, span.is_strong
        mark = TEXT_COLORS.get(span.mark, color) if span.mark is not None else color
        run.font.color.rgb = _color(mark)


def _set_line(cell: Any, color: str, *, is_above: bool = False) -> None:
    """A thin line at an edge of a cell, which python-pptx has no words for."""
    from lxml import etree
    from pptx.oxml.ns import qn

    properties = cell._tc.get_or_add_tcPr()
    line = etree.Element(qn("a:lnT" if is_above else "a:lnB"), w="9525")
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=color.removeprefix("#"))
    # Lines stand before the fill of a cell, those above before those below.
    place = sum(one.tag in (qn("a:lnL"), qn("a:lnR"), qn("a:lnT")) for one in properties)
    properties.insert(0 if is_above else place, line)


def _shorten(text: str, wide: float, size: float) -> str:
    """A text on one line; where it is too long its end is left out, and that shows."""
    while text and count_lines(text, WIDER * size, wide) > 1:
        text = text.removesuffix("\u2026")[:-2].rstrip() + "\u2026"
    return text


def _clean(text: str) -> str:
    """A text without signs that a file cannot hold, or a program would act on."""
    return printable(text)


def _plain(text: str) -> str:
    """A text that the spreadsheet within a chart takes for nothing but a text."""
    text = _clean(text)
    return f" {text}" if _RISKY.match(text) else text


def _emu(pixels: float) -> Any:
    from pptx.util import Emu

    return Emu(round(pixels * _EMU))


def _color(color: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(color.removeprefix("#"))

"""One page for deciders as a sheet: its head, its bands of blocks, and how it is printed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from xlsxwriter.utility import quote_sheetname

from cssopt.document.document import (
    Beside,
    Block,
    Cells,
    Chart,
    Column,
    Formula,
    Mark,
    Note,
    Pair,
    Pairs,
    Rich,
    Sheet,
    Span,
    Table,
)
from cssopt.language import phrase
from cssopt.render.number_text import (
    LEFT,
    SIGNS,
    find_number,
    find_places,
    find_totals,
    write_cell,
    write_legend,
)
from cssopt.render.text_size import count_lines
from cssopt.render.xlsx.page import fit_cell, without_noise
from cssopt.render.xlsx.pages.grid import Grid
from cssopt.render.xlsx.pages.layout import PAGE_PIXELS, Band, Laid, lay_out
from cssopt.render.xlsx.pages.styles import (
    BODY,
    SECTION,
    SMALL,
    TILE,
    TITLE,
    PageStyles,
    find_number_format,
    heat_trait,
    number_trait,
)
from cssopt.render.xlsx.printing import LANDSCAPE, PORTRAIT, PrintedRows
from cssopt.render.xlsx.tables import LAST_ROW, Placed, Waiting

POINTS_A_PIXEL: Final = 0.75
ROW_POINTS: Final = 13.0
"""Of a row of parts that stand side by side: a line of text, so that each part flows alone."""
_LINE, _ROOM = 1.28, 4.0
"""Points of a line for each of its type, and of room above and below the lines of a cell."""
_SIZES: Final = {
    "small": SMALL,
    "section": SECTION,
    "title": TITLE,
    "tile": TILE,
}
_BOLD: Final = ("bold", "section", "title", "tile", "head", "subtitle", "total", "box")
_GAP_POINTS: Final = 6.0
_A4: Final = 9
_WIDEST_UPRIGHT: Final = 1.6 * PAGE_PIXELS
"""Pixels of a page that is printed upright."""
_WIDTHS: Final = tuple(PAGE_PIXELS * (1 + place / 12) for place in range(7))
"""Pixels that the first page may be wide, the least first."""
_WIDENED: Final = 1.13
"""How much wider columns are, between programs that have the usual letters and those that do not:
these measure columns by others."""
_LEAST_SCALE: Final = 0.72
"""Part of the size at which a page fits the width of the paper, to which it is made smaller to
stand on one."""
_HIGHEST: Final = 400.0
"""Points of a row at most: spreadsheets allow 409."""
_INSET: Final = 6.0
"""Pixels of a cell that its text does not fill."""
_POINT: Final = "\u2022 "
"""Before a text that is one of a list."""
_IN_POINTS: Final = 100.0
"""Points of a whole share."""


Helper = str | float | tuple[str, float]
"""A cell that only a chart reads: a text or a number as it stands, or a formula and its value."""


@dataclass(frozen=True)
class Room:
    """Cells kept for a chart, which is drawn once every table stands."""

    page: PageSheet
    chart: Chart
    row: int
    column: int
    width: float
    height: float


class _Nowhere:
    """A sheet on which nothing is written: how high a page gets is tried there."""

    def __getattr__(self, name: str) -> Callable[..., str]:
        return lambda *args, **how: ""


@dataclass(frozen=True)
class _Area:
    """Cells of one text: edges in pixels, and rows that it is merged over."""

    row: int
    left: float
    right: float
    rows: int = 1


class PageSheet:
    """A page being written from top to bottom.

    Attributes
    ----------
    sheet: of the book. placed, formulas, rooms: where its tables stand, and what waits until all
        tables of the book do.
    """

    def __init__(
        self, sheet: Any, styles: PageStyles, links: Mapping[str, str], *, is_first: bool = False
    ) -> None:
        self.sheet, self.styles, self._is_first = sheet, styles, is_first
        self._links = links
        self.row = 0
        self.width = 0.0
        self.placed: dict[str, Placed] = {}
        self.formulas: list[Waiting] = []
        self.rooms: list[Room] = []
        self.printed = PrintedRows()
        self._helpers = 0
        self.leads: dict[int, str] = {}
        sheet.hide_gridlines(2)

    def write(self, page: Sheet, chart_height: Callable[[Chart], float]) -> None:
        """The whole page; `chart_height` tells the pixels that a chart is high.

        The first page is made as wide as lets it fill its one sheet of paper.
        """
        if not self._is_first:
            self._write(page, chart_height, PAGE_PIXELS)
            return
        for width in _WIDTHS:
            probe = PageSheet(_Nowhere(), self.styles, self._links)
            probe._write(page, chart_height, width)
            if probe.height * PORTRAIT.wide <= PORTRAIT.high * probe.points_wide * _WIDENED:
                break
        self._write(page, chart_height, width)

    def _write(self, page: Sheet, chart_height: Callable[[Chart], float], width: float) -> None:
        self.width, bands = lay_out(page, width)
        self.leads = _find_leads(page.blocks, self._links)
        edges = [edge for band in bands for edge in band.edges]
        if self.leads:
            edges.append(self.width - LEAD_PIXELS)
        # A page of a single column would not be made smaller to fit its paper by every program.
        self.grid = Grid.of([*edges, self.width / 2, self.width])
        for column, pixels in enumerate(self.grid.widths):
            self.sheet.set_column_pixels(column, column, pixels)
        self._chart_height = chart_height
        self._write_head(page)
        for band in bands:
            self._write_band(band)

    @property
    def height(self) -> float:
        """Points of all of its rows so far."""
        return math.fsum(map(self.printed.height, range(self.row)))

    def finish(self) -> None:
        """How the page is printed: on one of A4 where it can be read there, the first always."""
        sheet, paper = self.sheet, PORTRAIT if self._is_upright else LANDSCAPE
        if paper is PORTRAIT:
            sheet.set_portrait()
        else:
            sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.center_horizontally()
        sheet.set_margins(left=0.45, right=0.45, top=0.75, bottom=0.6)
        sheet.print_area(0, 0, max(0, self.row - 1), self.columns - 1)
        wide = paper.wide / (POINTS_A_PIXEL * self.width)
        scale = min(wide, paper.high / max(1.0, self.height))
        if self._is_first or scale >= _LEAST_SCALE * min(1.0, wide):
            sheet.fit_to_pages(1, 1)
            return
        sheet.fit_to_pages(1, 0)
        sheet.set_h_pagebreaks(self.printed.find_breaks(self.row - 1, self.points_wide, paper))

    @property
    def _is_upright(self) -> bool:
        return self._is_first or self.width <= _WIDEST_UPRIGHT

    @property
    def points_wide(self) -> float:
        """Points of its width."""
        return POINTS_A_PIXEL * self.width

    @property
    def columns(self) -> int:
        """Columns of the sheet that the page fills."""
        return self.grid.span(0.0, self.width)[1] + 1

    def _write_head(self, page: Sheet) -> None:
        if page.question and page.question != page.heading:
            self._line(page.question, "question")
        for box in page.boxes:
            self._line(box, "box")
        self._line(page.heading, "title", *(["bad"] if page.boxes else []))
        if page.explanation:
            self._line(page.explanation, "quiet")

    def _line(self, text: str, *traits: str) -> None:
        """A text over the width of the page, in a row that is as high as it needs."""
        area = _Area(self.row, 0.0, self.width)
        self._set_height(self.row, self._find_points(text, area, traits))
        self._put(area, text, *traits)
        self.row += 1

    def gap(self, points: float = _GAP_POINTS) -> None:
        """An empty row."""
        self._set_height(self.row, points)
        self.row += 1

    # Bands: a single block has rows as high as it needs; parts side by side have rows of one line.

    def _write_band(self, band: Band) -> None:
        top, bottom = self.row, self.row
        is_alone = len(band.parts) == 1
        for part in band.parts:
            self.row = top
            for laid in part:
                self._write_block(laid, is_alone=is_alone)
            bottom = max(bottom, self.row)
        for laid in band.off_paper:
            self.row = top
            self._write_block(laid, is_alone=False)
        self.row = bottom
        if not is_alone:
            # Rows of one line, whatever stands in them; a band stays on one printed page.
            for row in range(top, bottom):
                self._set_height(row, ROW_POINTS)
            self.printed.keep(top, bottom - 1)
            self.gap()

    def _write_block(self, laid: Laid, *, is_alone: bool) -> None:
        flow = _Flow(self, laid, is_alone)
        match laid.block:
            case Note():
                flow.write_note(laid.block)
            case Table():
                flow.write_table(laid.block)
            case Pairs():
                flow.write_pairs(laid.block)
            case Chart():
                flow.keep_room(laid.block, self._chart_height(laid.block))

    def _find_points(self, text: str, area: _Area, traits: Sequence[str]) -> float:
        """Points that a text needs in its cells."""
        size = next((_SIZES[trait] for trait in traits if trait in _SIZES), BODY)
        is_bold = any(trait in _BOLD for trait in traits)
        lines = count_lines(text, size, area.right - area.left - _INSET, is_bold=is_bold)
        return lines * size * _LINE + _ROOM

    def _set_height(self, row: int, points: float) -> None:
        points = min(points, _HIGHEST)
        if points > self.printed.heights.get(row, 0.0):
            self.printed.heights[row] = points
            self.sheet.set_row(row, points)

    # Cells

    def _put(self, area: _Area, value: Any, *traits: str, link: str = "") -> None:
        """A value in its cells, merged where they are several."""
        first, last = self.grid.span(area.left, area.right)
        style = self.styles(*traits)
        if first < last or area.rows > 1:
            bottom = area.row + area.rows - 1
            self.sheet.merge_range(area.row, first, bottom, last, "", style)
        if link := self._links.get(link, ""):
            # The link stands beside what the cell holds, which is written over its text.
            target = f"internal:{quote_sheetname(link)}!A1"
            self.sheet.write_url(area.row, first, target, style, fit_cell(str(value))[:255])
        if isinstance(value, Rich):
            self._put_rich(area.row, first, value.spans, traits)
        else:
            self.cell(area.row, first, value, *traits)

    def cell(self, row: int, column: int, value: Any, *traits: str) -> None:
        """A value in one cell: a number, else its text; nothing where it is None."""
        style = self.styles(*traits)
        if value is None:
            self.sheet.write_blank(row, column, None, style)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, fit_cell(value), style)
        else:
            self.sheet.write_number(row, column, without_noise(value), style)

    def formula(self, row: int, column: int, text: str, value: float, *traits: str) -> None:
        """A formula in a cell, with its value, so that no reader must recalculate."""
        self.sheet.write_formula(row, column, text, self.styles(*traits), without_noise(value))

    def _put_rich(
        self, row: int, column: int, spans: Sequence[Span], traits: tuple[str, ...]
    ) -> None:
        """Stretches of a text in one cell, each told by its color."""
        parts: list[Any] = []
        spans = [span for span in spans if span.text]
        found = [(span.text, (*traits, *_find_span(span, traits))) for span in spans]
        if len(found) == 1:
            (text, own), *_ = found
            self.cell(row, column, text, *own)
            return
        for text, own in found:
            parts += [self.styles(*own), fit_cell(text)]
        if not parts or len("".join(parts[1::2])) > _LONGEST_RICH:
            self.cell(row, column, "".join(span.text for span in spans), *traits)
        else:
            self.sheet.write_rich_string(row, column, *parts, self.styles(*traits))

    @property
    def next_helper(self) -> tuple[int, int]:
        """Row and column of the first free cell beside what is printed."""
        return self._helpers, len(self.grid.widths) + _BESIDE

    def write_helpers(self, rows: Sequence[Sequence[Helper]]) -> tuple[int, int]:
        """Cells that only a chart reads, beside what is printed; row and column of the first."""
        top, left = self.next_helper
        self._helpers += len(rows) + 1
        for i, row in enumerate(rows):
            for j, one in enumerate(row):
                if isinstance(one, tuple):
                    self.formula(top + i, left + j, *one, "small", "quiet")
                else:
                    self.cell(top + i, left + j, one, "small", "quiet")
        return top, left


def _find_leads(blocks: Sequence[Block], links: Mapping[str, str]) -> dict[int, str]:
    """The page of the book to which the figures below each heading lead first, by the heading."""
    found: dict[int, str] = {}
    heading = None
    for block in blocks:
        if isinstance(block, Note) and block.is_heading:
            heading = block
        for page in _find_pages(block) if heading is not None else ():
            if page in links:
                found.setdefault(id(heading), page)
    return found


def _find_pages(block: Block) -> Iterator[str]:
    """The pages to which the figures of a block lead."""
    if isinstance(block, Beside):
        for one in block.blocks:
            yield from _find_pages(one)
    parts: Sequence[Any] = ()
    if isinstance(block, Table):
        parts = block.columns
    elif isinstance(block, Pairs):
        parts = block.pairs
    elif isinstance(block, Note):
        parts = block.spans
    yield from (part.page for part in parts if part.page)


_ARROW: Final = "\u2192 "
"""Before the name of a page that has more."""
LEAD_PIXELS: Final = 110.0
"""Of the place of that at the right of a heading."""
_LONGEST_RICH: Final = 32_000
"""Characters of a cell of stretches."""
_BESIDE: Final = 2
"""Columns between the page and cells that only charts read."""


class _Flow:
    """A block being written into its part of the page."""

    def __init__(self, page: PageSheet, laid: Laid, is_alone: bool) -> None:
        self.page, self.laid, self.is_alone = page, laid, is_alone

    def _write_row(self, cells: Sequence[_Piece]) -> int:
        """Texts and numbers side by side; the row where they stand."""
        page, at = self.page, self.page.row
        points = [
            page._find_points(one.text, _Area(at, one.left, one.right), one.traits) for one in cells
        ]
        needed = max(points, default=ROW_POINTS)
        rows = 1 if self.is_alone else max(1, math.ceil((needed - _ROOM) / ROW_POINTS))
        for one in cells:
            area = _Area(at, one.left, one.right, rows)
            if isinstance(one.value, Formula):
                page._put(area, one.value.value, *one.traits, link=one.link)
                first, _ = page.grid.span(one.left, one.right)
                page.formulas.append(Waiting(page, at, first, one.value, one.table, one.traits))
            else:
                page._put(area, one.value, *one.traits, link=one.link)
        if self.is_alone:
            page._set_height(at, needed)
        page.row += rows
        return at

    def _write_line(self, value: str | Rich, *traits: str) -> None:
        """A text over the width of the block."""
        laid = self.laid
        self._write_row([_Piece(value, str(value), laid.left, laid.right, traits)])

    def write_note(self, note: Note) -> None:
        """A paragraph, a point of a list, or the heading of a section."""
        page = self.page
        traits = ["section"] if note.is_heading else []
        if note.is_heading and self.is_alone:
            page.gap()
        if note.mark is not None:
            traits.append(note.mark)
        if note.mark == "quiet":
            traits.append("small")
        spans = note.spans or (Span(note.text),)
        sign = f"{SIGNS[note.mark]} " if note.mark in SIGNS else ""
        sign = _POINT if note.is_point else sign
        spans = (Span(sign), *spans) if sign else spans
        laid, told = self.laid, Rich(tuple(spans))
        page_name = page.leads.get(id(note), "") if self.is_alone else ""
        if not page_name:
            self._write_line(told, *traits)
            return
        middle, arrow = laid.right - LEAD_PIXELS, f"{_ARROW}{page_name}"
        self._write_row(
            [
                _Piece(told, told.text, laid.left, middle, tuple(traits)),
                _Piece(arrow, arrow, middle, laid.right, (*traits, "leads"), page_name),
            ]
        )

    def keep_room(self, chart: Chart, height: float) -> None:
        """Cells for a chart, with its title above them."""
        page, laid = self.page, self.laid
        told = "; ".join([chart.title, *_tell_limits(chart)])
        if told:
            self._write_line(told, "small", "quiet")
        if height <= 0:
            return
        first, _ = page.grid.span(laid.left, laid.right)
        page.rooms.append(Room(page, chart, page.row, first, laid.right - laid.left, height))
        top = page.row
        page.row += math.ceil(height * POINTS_A_PIXEL / ROW_POINTS) + 1
        for row in range(top, page.row):
            page._set_height(row, ROW_POINTS)
        page.printed.keep(top, page.row - 1)

    def write_pairs(self, pairs: Pairs) -> None:
        """Names and values below one another, or as tiles side by side."""
        if pairs.title:
            self._write_line(pairs.title, "subtitle")
        if pairs.are_tiles:
            self._write_tiles(pairs)
            return
        edges = self.laid.edges
        for one in pairs.pairs:
            strong = ("bold",) if one.is_strong else ()
            cells = [
                _Piece(one.label, one.label, edges[0], edges[1], ("pair", *strong)),
                self._show_pair(one, edges[1], edges[2], ("pair", _find_value_side(one), *strong)),
            ]
            if len(edges) > 3:
                traits = ("pair", "quiet")
                cells.append(_Piece(one.remark, one.remark, edges[2], edges[3], traits))
            self._write_row(cells)
        self._end()

    def _write_tiles(self, pairs: Pairs) -> None:
        edges = list(zip(self.laid.edges, self.laid.edges[1:], pairs.pairs, strict=False))
        self._write_row([_Piece(o.label, o.label, a, b, ("quiet",)) for a, b, o in edges])
        self._write_row([self._show_pair(o, a, b, ("tile",)) for a, b, o in edges])
        self._write_row([_Piece(o.remark, o.remark, a, b, ("small", "quiet")) for a, b, o in edges])
        self._end()

    def _show_pair(self, one: Pair, left: float, right: float, traits: tuple[str, ...]) -> _Piece:
        column = Column("value", one.form, decimals=one.decimals)
        found = _show(one.value, column, find_places(column, [one.value]), one.mark)
        return _Piece(found.value, found.text, left, right, (*traits, *found.traits), one.page)

    def _end(self) -> None:
        if self.is_alone:
            self.page.gap()

    def write_table(self, table: Table) -> None:
        """A table with its title, and what it says below it."""
        page = self.page
        if table.title:
            self._write_line(table.title, "subtitle")
        edges = self.laid.edges
        if any(column.group for column in table.columns):
            self._write_groups(table)
        head = self._write_row(
            [
                _Piece(
                    one.heading, one.heading, edges[i], edges[i + 1], ("head", _find_side(one, i))
                )
                for i, one in enumerate(table.columns)
            ]
        )  # fmt: skip
        starts = list(self._write_rows(table, LAST_ROW - page.row))
        columns = {
            one.name: page.grid.span(edges[i], edges[i + 1])[0]
            for i, one in enumerate(table.columns)
        }
        last = starts[-1] if starts else head
        name = page.sheet.get_name()
        are_apart = starts != list(range(head + 1, head + 1 + len(starts)))
        placed = Placed(
            name, starts[0] if starts else head + 1, last, columns,
            (head, *starts) if are_apart else (),
        )  # fmt: skip
        page.placed[table.name] = placed
        self._write_totals(table, placed)
        self._write_words(table)
        self._end()

    def _write_groups(self, table: Table) -> None:
        edges, pieces = self.laid.edges, []
        at = 0
        for group, columns in groupby(table.columns, lambda one: one.group):
            count = len(list(columns))
            traits = ("group",) if group else ()
            pieces.append(_Piece(group or None, group, edges[at], edges[at + count], traits))
            at += count
        self._write_row(pieces)

    def _write_rows(self, table: Table, room: int) -> Iterator[int]:
        """The cells of each row; where it stands."""
        edges = self.laid.edges
        places = [find_places(one, table.column(one.name)) for one in table.columns]
        last = len(table.rows) - 1
        for i, row in enumerate(table.rows[:room]):
            is_total = table.last_is_total and i == last
            pieces = []
            for j, (value, column) in enumerate(zip(row, table.columns, strict=True)):
                mark = table.marks.get((i, column.name))
                found = _show(value, column, places[j], mark)
                base = ("total",) if is_total else ("cell", "bold") if j == 0 else ("cell",)
                traits = (*base, _find_side(column, j), *found.traits)
                # A link in a cell of text takes the look of the text in some programs; an empty
                # cell leads nowhere.
                is_linked = isinstance(found.value, float | Formula)
                link = column.page if is_linked else ""
                pieces.append(
                    _Piece(
                        found.value, found.text, edges[j], edges[j + 1], traits, link, table.name
                    )
                )
            yield self._write_row(pieces)

    def _write_totals(self, table: Table, placed: Placed) -> None:
        """The sums that a workbook works out from the cells above."""
        totals = find_totals(table)
        if not totals or table.last_is_total:
            return
        edges, pieces = self.laid.edges, []
        for i, column in enumerate(table.columns):
            value: Any = None if i else phrase("Total")
            traits: tuple[str, ...] = ("total", _find_side(column, i))
            text = str(value or "")
            if column.name in totals:
                value = Formula(totals[column.name], "SUM({0})", (Cells(column.name),))
                shown = _show(value, column, find_places(column, table.column(column.name)), None)
                traits, text = (*traits, *shown.traits), shown.text
            pieces.append(_Piece(value, text, edges[i], edges[i + 1], traits, table=table.name))
        self._write_row(pieces)

    def _write_words(self, table: Table) -> None:
        if table.note:
            self._write_line(table.note, "small", "quiet")
        legend = [f"{heading}: {text}." for heading, text in write_legend(table)]
        if legend:
            self._write_line(" ".join(legend), "small", "quiet")


@dataclass(frozen=True)
class _Piece:
    """One cell of a row: what it holds, how it is written, between two edges."""

    value: Any
    text: str
    left: float
    right: float
    traits: tuple[str, ...] = ()
    link: str = ""
    table: str = ""


def _show(value: Any, column: Column, places: int, mark: Mark | None) -> _Piece:
    """A value under a column: a number in its format, else the text that stands for it."""
    marked = (mark,) if mark is not None else ()
    number = find_number(value, column.form)
    text = write_cell(value, column.form, places)
    if number is None or isinstance(value, Rich):
        sign = f"{SIGNS[mark]} " if mark in SIGNS and text else ""
        shown = value if isinstance(value, Rich) else sign + text
        return _Piece(shown or None, text, 0.0, 0.0, marked)
    if column.form == "missing":
        marked = (heat_trait(number), *marked)
    if column.form == "points":
        # A spreadsheet has no format for a hundredth but with the sign %.
        value = _times(value, _IN_POINTS)
    form = number_trait(find_number_format(number, column.form, places, mark))
    plain = value if isinstance(value, Formula) else float(value)
    return _Piece(plain, text, 0.0, 0.0, (form, *marked))


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, Formula):
        return Formula(value.value * factor, f"{factor:g}*({value.text})", value.cells)
    return value * factor


def _find_side(column: Column, place: int) -> str:
    if column.form == "missing":
        return "center"
    if column.form not in LEFT:
        return "right"
    return "indented" if place else "left"


def _find_value_side(pair: Pair) -> str:
    return "left" if find_number(pair.value, pair.form) is None else "right"


def _find_span(span: Span, around: Sequence[str]) -> tuple[str, ...]:
    """Its traits; what is said by the way beside a heading is not bold."""
    if "section" in around and span.mark == "quiet":
        return ("plain", "small", "quiet")
    strong = ("bold",) if span.is_strong else ()
    return (*strong, span.mark) if span.mark is not None else strong


def _tell_limits(chart: Chart) -> list[str]:
    """The limits of a chart by their labels: a native chart draws nothing but columns."""
    return [
        f"{label}: {write_cell(at, 'number', 0)}"
        for label, at in chart.line_at.items()
        if math.isfinite(at)
    ]

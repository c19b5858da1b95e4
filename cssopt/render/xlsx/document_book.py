"""A document as a workbook: a sheet for each of its own, and the sheet Run."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cssopt.document.document import (
    Beside,
    Block,
    Chart,
    Document,
    Formula,
    Note,
    Pairs,
    Sheet,
    Table,
)
from cssopt.document.run_sheet import show_run
from cssopt.render.atomic import replace_file
from cssopt.render.xlsx.book import open_book
from cssopt.render.xlsx.document_charts import NativeChart
from cssopt.render.xlsx.head import Sheets
from cssopt.render.xlsx.page import Page
from cssopt.render.xlsx.pages.charts import draw, find_height
from cssopt.render.xlsx.pages.writer import Room
from cssopt.render.xlsx.styles import BLUE, NAVY, Styles
from cssopt.render.xlsx.tables import (
    LAST_ROW,
    Placed,
    TableWriter,
    Waiting,
    find_traits,
    write_pairs,
)

_WIDE: Final = 40
"""Columns up to which a sheet is printed on as few pages as can be; of more only parts are read."""
_WIDE_PIXELS: Final = 2800
"""What is printed on the width of one page; more could not be read there."""
_PRINT_SCALE: Final = 70
_GAP: Final = 3.0
"""Characters between tables that stand side by side."""


@dataclass(frozen=True)
class _Kept:
    """Room kept for charts that stand side by side, drawn once every table stands."""

    page: Page
    row: int
    left: int
    charts: tuple[NativeChart, ...]


@dataclass
class DocumentSheets(Sheets):
    """A document being written into a book.

    Attributes
    ----------
    only_pages: True where nothing but the pages for deciders is printed: sheets with tables that
        they read are hidden then, and no other is written.
    placed: its tables so far, by name. formulas, kept, rooms: what waits until all of them stand.
    """

    only_pages: bool = False
    placed: dict[str, Placed] = field(default_factory=dict)
    formulas: list[Waiting] = field(default_factory=list)
    kept: list[_Kept] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)

    def write(self) -> None:
        """Every sheet, then what reads the cells of tables: formulas and charts."""
        sheets = self._find_sheets()
        links = self.find_names(sheets)
        for sheet in sheets:
            if sheet.is_page:
                self._write_page(sheet, links)
            else:
                self._write_sheet(sheet)
                if self.only_pages:
                    self.book.worksheets()[-1].hide()
        for formula in self.formulas:
            formula.write(self.placed)
        for kept in self.kept:
            self._draw(kept)
        for room in self.rooms:
            if placed := self.placed.get(room.chart.table):
                draw(self.book, room, self.document.table(room.chart.table), placed)
        for page in self.pages.values():
            page.finish()

    def _find_sheets(self) -> list[Sheet]:
        """Pages for deciders, then the others, and last that of the run."""
        sheets = self.document.sheets
        pages = [sheet for sheet in sheets if sheet.is_page]
        others = [sheet for sheet in sheets if not sheet.is_page]
        if self.only_pages:
            read = {name for page in pages for name in _find_read(page)}
            return [
                *pages,
                *(sheet for sheet in others if read & {table.name for table in sheet.tables}),
            ]
        return [*pages, *others, show_run(self.document.facts)]

    def _write_page(self, sheet: Sheet, links: Mapping[str, str]) -> None:
        audits = self.document.facts.audits
        if audits.failed and not sheet.boxes:
            # No page is read as if all were well.
            sheet = replace(sheet, boxes=(audits.told,))
        page = self.decider_page(sheet, links)
        page.write(sheet, lambda chart: find_height(chart, self.document.table(chart.table)))
        self.placed |= page.placed
        self.formulas += page.formulas
        self.rooms += page.rooms

    def _write_sheet(self, sheet: Sheet) -> None:
        is_first = not self.pages
        page = self.page(sheet.name, sheet.explanation, NAVY if is_first else BLUE)
        content = [block for block in sheet.blocks if not isinstance(block, Note)]
        for block in sheet.blocks:
            self._write_block(page, block, is_alone=content == [block])
        first = content[0] if len(content) > 1 else None
        if isinstance(first, Table) and first.in_view > 1:
            page.freeze(self.placed[first.name].first, first.in_view)
        self._set_printing(page, sheet, is_first=is_first, is_alone=len(content) == 1)

    def _set_printing(self, page: Page, sheet: Sheet, *, is_first: bool, is_alone: bool) -> None:
        """How many pages a sheet is printed on: side by side where one could not be read."""
        tables = [table for table in sheet.tables if isinstance(table, Table)]
        across = -(-page.pixels // _WIDE_PIXELS)
        if any(len(table.columns) > _WIDE for table in tables):
            page.sheet.set_print_scale(_PRINT_SCALE)
            page.sheet.repeat_columns(0, max(0, tables[0].in_view - 1))
            page.set_pages(_PRINT_SCALE)
        elif tables and is_alone and across > 1:
            page.sheet.fit_to_pages(across, 0)
            page.sheet.repeat_columns(0, max(0, tables[0].in_view - 1))
            page.set_pages(across=across)
        else:
            charts = max((_count_charts(block) for block in sheet.blocks), default=0)
            page.set_pages(charts=charts, is_first=is_first)

    def _write_block(self, page: Page, block: Block, *, is_alone: bool) -> None:
        match block:
            case Note():
                if block.is_heading and page.row:
                    page.gap()
                traits = ("section",) if block.is_heading else ()
                page.printed.keep(page.row, page.row + 2 if block.is_heading else page.row)
                page.line(block.text, *traits, *find_traits(block.mark))
            case Chart():
                self._keep_room(page, [block])
            case Beside():
                self._write_beside(page, block)
            case Pairs():
                top = page.row
                if block.title:
                    page.line(block.title, "section")
                write_pairs(page, block)
                page.printed.keep_table(top, top, page.row - 1)
                page.gap()
            case Table():
                self._write_table(page, block, is_alone=is_alone)

    def _write_table(self, page: Page, table: Table, *, is_alone: bool) -> None:
        """A table with its title, its note and the meaning of its columns.

        Where it has its sheet alone, its headings and first columns stay in view.
        """
        writer, top = TableWriter(page, table), page.row
        if table.title:
            page.line(table.title, "section")
        writer.write_above()
        if is_alone:
            header, last = page.row, min(page.row + len(table.rows), LAST_ROW)
            page.freeze(header + 1, table.in_view)
            page.sheet.repeat_rows(header)
            page.printed.repeats = True
            page.sheet.autofilter(header, 0, last, len(writer.columns) - 1)
        self._write_cells(writer, top)
        last = page.row - 1
        writer.write_below()
        # What is said below a table stands on a page with a row of it, not below a bare heading.
        page.printed.keep(last, page.row - 1)
        page.gap()

    def _write_cells(self, writer: TableWriter, top: int) -> None:
        """The cells of a table, on one page with what stands above it from `top` on."""
        page, header = writer.page, writer.page.row
        self.placed[writer.table.name], formulas = writer.write_cells()
        self.formulas += formulas
        page.printed.keep_table(top, header, writer.last_printed(header))

    def _write_beside(self, page: Page, beside: Beside) -> None:
        """Tables from left to right, their headings in one row; charts at the right of them."""
        charts = [block for block in beside.blocks if isinstance(block, Chart)]
        tables = [block for block in beside.blocks if isinstance(block, Table | Pairs)]
        parts: list[tuple[int, list[str], TableWriter | Pairs]] = []
        left, top = 0, page.row
        for block in tables:
            if isinstance(block, Table):
                writer = TableWriter(page, block, left)
                parts.append((left, writer.break_title(), writer))
                left += len(writer.columns)
            else:
                parts.append((left, [block.title] if block.title else [], block))
                left += 3
            page.widen(left, _GAP)
            left += 1
        heads = top + max((len(lines) for _, lines, _ in parts), default=0)
        bottoms = [heads]
        for at, lines, part in parts:
            for row, line in enumerate(lines, heads - len(lines)):
                page.text(row, at, line, "section")
            page.row = heads
            if isinstance(part, Pairs):
                write_pairs(page, part, at, is_beside=len(beside.blocks) > 1)
            else:
                self._write_cells(part, top)
            bottoms.append(page.row)
        if charts:
            page.row = top
            self._keep_room(page, charts, left)
        page.row = max(*bottoms, page.row)
        page.printed.keep_table(top, heads, page.row - 1)
        for _, _, part in parts:
            if isinstance(part, TableWriter):
                part.write_below()
        if parts:
            page.gap()

    def _keep_room(self, page: Page, charts: Sequence[Chart], left: int = 0) -> None:
        natives = tuple(NativeChart(one, self.document.table(one.table)) for one in charts)
        self.kept.append(_Kept(page, page.row, left, natives))
        top = page.row
        page.row += sum(len(one.told) for one in natives) + max(one.rows for one in natives) + 1
        page.printed.keep(top, page.row - 1)

    def _draw(self, kept: _Kept) -> None:
        """The charts of one row, and what they leave out and why."""
        page, row = kept.page, kept.row
        for one in kept.charts:
            for line in one.told:
                page.text(row, kept.left, line, "explanation")
                row += 1
        drawn = [
            (one, placed)
            for one in kept.charts
            if one.rows and one.finds_room(placed := self.placed[one.chart.table])
        ]
        natives = [one.build(self.book, placed) for one, placed in drawn]
        page.draw(natives, row, kept.left, max((one.rows for one, _ in drawn), default=0))


def _count_charts(block: Block) -> int:
    """Charts that stand side by side."""
    blocks = block.blocks if isinstance(block, Beside) else (block,)
    return sum(isinstance(one, Chart) for one in blocks)


def _find_read(page: Sheet) -> Iterator[str]:
    """Names of the tables that the charts and formulas of a page read."""
    for chart in page.charts:
        yield chart.table
    for table in page.tables:
        cells = (
            [cell for row in table.rows for cell in row]
            if isinstance(table, Table)
            else [pair.value for pair in table.pairs]
        )
        for cell in cells:
            if isinstance(cell, Formula):
                yield from (read.table for read in cell.cells)


def make_document_xlsx(document: Document, *, only_pages: bool = False) -> bytes:
    """A workbook with a sheet for each of the document, and last the sheet Run; only its pages for
    deciders where no one sees but these."""
    content = io.BytesIO()
    with open_book(content, document.title, document.marking, document.facts) as book:
        DocumentSheets(book, Styles(book), document, only_pages=only_pages).write()
    return content.getvalue()


def write_document_xlsx(path: Path, document: Document) -> None:
    """Write the workbook of a document.

    Raises ReportError where the file cannot be written; an earlier one is then intact.
    """
    replace_file(path, make_document_xlsx(document))

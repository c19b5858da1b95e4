"""A document as a workbook: a sheet for each of its own, and the sheet Run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cssopt.document.document import Chart, Column, Document, Form, Note, Pairs, Sheet, Table
from cssopt.document.grid import Field, Grid
from cssopt.document.run_sheet import show_run
from cssopt.render.drawing import NOTHING_TO_DRAW
from cssopt.render.number_text import (
    TEXTS,
    find_places,
    find_totals,
    plain_cell,
    write_cell,
    write_legend,
)
from cssopt.render.xlsx.book import open_book
from cssopt.render.xlsx.document_charts import build_chart, find_height, find_undrawn
from cssopt.render.xlsx.head import Head, Sheets
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.styles import SIGNED, Styles

_FORMS: Final[dict[Form, str]] = {
    "money": "number",
    "count": "number",
    "exact": "number",
    "day": "year",
}
"""Forms of a document that a sheet shows by another trait of its styles."""


@dataclass
class DocumentSheets(Sheets):
    """A document being written into a book."""

    document: Document

    @property
    def head(self) -> Head:
        """The verdict of the document, its title and what its money is measured in."""
        document = self.document
        return Head(
            verdict=document.verdict,
            mark=document.mark,
            title=document.title,
            marking=document.marking,
            money=document.measure,
            remark=document.facts.scope,
            audits=document.facts.audits,
        )


def write_document_xlsx(path: Path, document: Document) -> None:
    """Write a workbook with a sheet for each of the document, and last the sheet Run.

    Raises ReportError where the file cannot be written; an earlier one is then intact.
    """
    with open_book(path, document.title, document.marking, document.facts) as book:
        sheets = DocumentSheets(book, Styles(book), document)
        for sheet in (*document.sheets, show_run(document.facts)):
            _write_sheet(sheets, sheet)
        for page in sheets.pages.values():
            page.finish()


def _write_sheet(sheets: DocumentSheets, sheet: Sheet) -> None:
    page = sheets.page(sheet.name, sheet.explanation)
    placed: dict[str, Placed] = {}
    waiting: list[tuple[int, Chart]] = []
    alone = [block for block in sheet.blocks if not isinstance(block, Note)]
    for block in sheet.flat:
        if isinstance(block, Table):
            placed[block.name] = _write_table(page, block, is_alone=alone == [block])
        elif isinstance(block, Chart):
            # Its table may come later: room is kept, and it is drawn once all tables stand.
            waiting.append((page.row, block))
            page.row += find_height(block, sheets.document.table(block.table)) + 2
        elif isinstance(block, Pairs):
            _write_pairs(page, block)
        else:
            _write_note(page, block)
    for row, chart in waiting:
        _write_chart(sheets, page, row, chart, placed[chart.table])


def _write_chart(
    sheets: DocumentSheets, page: Page, row: int, chart: Chart, placed: Placed
) -> None:
    """A chart, or what it leaves out and why."""
    table = sheets.document.table(chart.table)
    undrawn = [table.columns[table.place(name)].heading for name in find_undrawn(chart, table)]
    told = f"Not drawn, for some of its cells are no numbers: {', '.join(undrawn)}."
    if not table.rows:
        page.text(row, 0, f"{chart.title}: {NOTHING_TO_DRAW}", "explanation")
        return
    if undrawn:
        page.text(row, 0, told, "explanation")
    if len(undrawn) < len(chart.series):
        native = build_chart(sheets.book, chart, table, placed)
        page.chart(row + bool(undrawn), native, find_height(chart, table))


def _write_note(page: Page, note: Note) -> None:
    if note.is_heading and page.row:
        page.gap()
    marks = (note.mark, SIGNED) if note.mark else ()
    page.line(note.text, *(("section",) if note.is_heading else ()), *marks)


def _write_table(page: Page, table: Table, *, is_alone: bool) -> Placed:
    """A table with its title, its note and the meaning of its columns."""
    if table.title:
        page.line(table.title, "section")
    totals = find_totals(table)
    fields = [_field(column, table, column.name in totals) for column in table.columns]
    rows = [
        [_cell(value, column) for value, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    marks = {
        (row, table.place(name)): f"{mark} {SIGNED}" for (row, name), mark in table.marks.items()
    }
    grid = Grid(fields, rows, marks)
    placed = page.only_table(grid, 1) if is_alone else page.table(grid)
    if table.note:
        page.line(table.note)
    for heading, text in write_legend(table):
        page.line(f"{heading}: {text}.", "explanation")
    page.gap()
    return placed


def _field(column: Column, table: Table, has_total: bool) -> Field:
    places = find_places(column, table.column(column.name))
    form = _FORMS.get(column.form, column.form)
    return Field(column.heading, form, places if form == "number" else None, has_total)


def _cell(value: Any, column: Column) -> Any:
    """A number, or what stands in place of one; always a text under a column of texts."""
    if value is None or column.form not in TEXTS:
        return plain_cell(value)
    return write_cell(value, column.form, 0)


def _write_pairs(page: Page, facts: Pairs) -> None:
    """Names and values, each in its own form, and what is said of it."""
    if facts.title:
        page.line(facts.title, "section")
    for one in facts.pairs:
        column = Column("value", one.form, decimals=one.decimals)
        form = _FORMS.get(one.form, one.form)
        if form == "number":
            form = f"number{find_places(column, [one.value])}"
        marks = (one.mark, SIGNED) if one.mark else ()
        traits = (*(["bold"] if one.is_strong else []), form, *marks)
        page.pair(one.label, plain_cell(one.value), one.remark, *traits)
    page.gap()

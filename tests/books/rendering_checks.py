"""What holds of every document in every rendering: each number that is shown is that of its table.

Each check reads a rendering without what wrote it, finds every table of the document in it, and
gives how many numbers it compared.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from made_documents import DECIDERS, PageReader, shows
from openpyxl.utils import range_boundaries
from page_checks import (
    DRAWN_WITHOUT_TITLES,
    PageGrid,
    check_page_cell,
    check_page_on_screen,
    check_panels,
    check_safe_cells,
    check_upon,
    check_written_drawing,
    find_series,
    is_upon,
    read_drawn,
)
from shown_cells import NOTHING, SIGN, TEXTS, find_number, find_pages, list_cells

from cssopt.document.document import Chart, Document, Pairs, Rich, Sheet, Table, json_cell
from cssopt.render.document_json import document_facts
from cssopt.render.document_terminal import print_document
from cssopt.render.html.charts import draw_chart
from cssopt.render.screen import Screen, printable

SIGNS = ("\u2713", "\u2717", "!", "\u25b3")
"""An empty cell may bear its mark alone."""


def read_screen(document: Document, width: int = 10_000, encoding: str = "utf-8") -> str:
    """What a terminal shows of a document."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="backslashreplace")
    print_document(Screen(file=file, width=width, force_terminal=width < 10_000), document)
    file.flush()
    return file.buffer.getvalue().decode(encoding)


def count_numbers(document: Document, *, only_pages: bool = False) -> int:
    """How many numbers stand in the tables of a document, or in those of its pages."""
    sheets = find_pages(document) if only_pages else document.sheets
    rows = [row for sheet in sheets for table in sheet.tables for row in list_cells(table)]
    return sum(find_number(value, form) is not None for row in rows for form, value in row)


def check_json(document: Document) -> int:
    """Every number of the JSON."""
    tables = json.loads(json.dumps(document_facts(document), allow_nan=False))["tables"]
    assert list(tables) == list(document.tables)
    count = 0
    for name, table in document.tables.items():
        rows = list(list_cells(table))
        assert len(rows) == len(tables[name])
        for row, record in zip(rows, tables[name], strict=True):
            told = [record["value"]] if isinstance(table, Pairs) else list(record.values())
            for (form, value), found in zip(row, told, strict=True):
                number = find_number(value, form)
                if number is not None:
                    assert found == number, name
                    count += 1
    return count


def check_page(document: Document, page: str) -> int:
    """Every number of the HTML: as it is sorted by, and as it is read.

    Where a document has pages for deciders it shows these alone, which sort by what is read.
    """
    reader, count, pages = PageReader(page), 0, find_pages(document)
    names = [table.name for sheet in pages or document.sheets for table in sheet.tables]
    if pages:
        assert {f"table-{name}" for name in names} == set(reader.tables)
    for name in names:
        table = document.tables[name]
        rows, found_rows = list(list_cells(table)), reader.tables[f"table-{name}"]
        if isinstance(table, Table) and table.last_is_total:
            found_rows = [*found_rows, [(text, None) for text in reader.feet[f"table-{name}"]]]
        assert len(found_rows) == len(rows), name
        for row, cells in zip(rows, found_rows, strict=True):
            found = cells[1:2] if isinstance(table, Pairs) else cells
            for (form, value), (text, data) in zip(row, found, strict=True):
                number = find_number(value, form)
                assert data == (None if pages else number), (name, value)
                if number is not None:
                    assert shows(SIGN.sub("", text), number, form), (name, text, number)
                    count += 1
                elif isinstance(value, str | Rich):
                    assert printable(str(value)) == SIGN.sub("", text), name
                elif pages and value is None:
                    assert not re.search(r"\w", text), (name, text)
    return count


def check_screen(document: Document) -> int:
    """Every number of the sheets for the screen, as it is read there, in its row."""
    screen = read_screen(document)
    lines = [re.split(r"\s{2,}", line.strip()) for line in screen.splitlines()]
    shown_sheets = [sheet for sheet in document.sheets if sheet.on_screen]
    count = sum(check_page_on_screen(one, screen) for one in shown_sheets if one.is_page)
    others = [sheet for sheet in shown_sheets if not sheet.is_page]
    for table in (table for sheet in others for table in sheet.tables):
        if isinstance(table, Pairs):
            pairs = [one for one in table.pairs if one.on_screen and table.on_screen]
            heads = [printable(one.label).strip() for one in pairs]
            rows = [[(one.form, one.value)] for one in pairs]
            named = [line[0] for line in lines]
            places = range(len(named))
            at = next((i for i in places if named[i : i + len(heads)] == heads), None)
            assert at is not None, (table.name, heads)
            shown: Sequence[int] = range(len(rows))
            found = [line[1:2] for line in lines[at : at + len(rows)]]
        else:
            seen = [place for place, column in enumerate(table.columns) if column.on_screen]
            heading = [printable(table.columns[place].heading) for place in seen]
            at = next((i for i, line in enumerate(lines) if line == heading), None)
            assert at is not None, (table.name, heading)
            rows = [[(table.columns[p].form, row[p]) for p in seen] for row in table.rows]
            shown = range(len(rows)) if len(rows) <= 40 else sorted(table.picked or range(40))[:40]
            found = lines[at + 1 : at + 1 + len(shown)]
        for place, line in zip(shown, found, strict=True):
            cells = [cell for cell in line if cell not in SIGNS]
            told = [(form, json_cell(value)) for form, value in rows[place]]
            told = [one for one in told if one[1] not in (None, "") or one[0] in DECIDERS]
            assert len(cells) == len(told), (table.name, cells, told)
            for (form, value), text in zip(told, cells, strict=True):
                number = find_number(value, form)
                if number is not None:
                    assert shows(text, number, form) or (text == "0" and abs(number) < NOTHING)
                    count += 1
                elif form in DECIDERS:
                    assert not re.search(r"\w", text), (table.name, text)
    return count


class BookReader:
    """A workbook with the place of each table of its document.

    Attributes
    ----------
    values, formulas: the workbook, as it is read with and without the values of formulas.
    sheets: of the document, as the workbook has them: pages for deciders first.
    placed: by the name of a table of another sheet its sheet, the row of its heads and its first
        column, from 1.
    """

    def __init__(self, document: Document, path: Path) -> None:
        self.document = document
        self.values = openpyxl.load_workbook(path, data_only=True)
        self.formulas = openpyxl.load_workbook(path)
        self.placed: dict[str, tuple[Any, int, int]] = {}
        taken = set()
        self._on_pages: dict[str, list[list[Any]]] = {}
        self.sheets = sorted(document.sheets, key=lambda sheet: not sheet.is_page)
        for sheet, read in zip(self.sheets, self.values.worksheets, strict=False):
            if sheet.is_page:
                self._place_page(sheet, read)
                continue
            grid = {(c.row, c.column): c.value for row in read.iter_rows() for c in row}
            for table in sheet.tables:
                wanted = (
                    {(i, 0): printable(one.label) for i, one in enumerate(table.pairs)}
                    if isinstance(table, Pairs)
                    else {(0, i): printable(c.heading) for i, c in enumerate(table.columns)}
                )
                places = (
                    place
                    for place in grid
                    if (read.title, place) not in taken
                    and (isinstance(table, Pairs) or not grid.get((place[0], place[1] - 1)))
                    and all(
                        grid.get((place[0] + down, place[1] + right)) == text
                        for (down, right), text in wanted.items()
                    )
                )
                found = next(places, None)
                assert found is not None, f"{sheet.name}: {table.name} is not found"
                taken.add((read.title, found))
                self.placed[table.name] = (read, *found)

    def _place_page(self, sheet: Sheet, read: Any) -> None:
        grid, taken = PageGrid(read), set()
        for table in sheet.tables:
            cells = grid.place(table, taken)
            assert cells is not None, f"{sheet.name}: {table.name} is not found"
            self._on_pages[table.name] = cells

    def cells(self, name: str) -> list[list[Any]]:
        """The cells of a table, row by row; of single facts those of their values."""
        if name in self._on_pages:
            return self._on_pages[name]
        sheet, top, left = self.placed[name]
        table = self.document.tables[name]
        if isinstance(table, Pairs):
            return [[sheet.cell(top + i, left + 1)] for i in range(len(table.pairs))]
        return [
            [sheet.cell(top + 1 + i, left + j) for j in range(len(table.columns))]
            for i in range(len(table.rows))
        ]

    def range(self, address: str) -> list[Any]:
        """The values of the cells that a series of a chart names."""
        values = []
        for part in address.strip("()").split(","):
            name, _, cells = part.rpartition("!")
            sheet = self.values[name.strip("'").replace("''", "'")]
            left, top, right, bottom = range_boundaries(cells)
            rows = sheet.iter_rows(top, bottom, left, right, values_only=True)
            values += [value for row in rows for value in row]
        return values


def check_book(book: BookReader) -> int:
    """Every number of the workbook: its cell has it, in a form of its own."""
    count, pages = 0, find_pages(book.document)
    on_pages = {table.name for sheet in pages for table in sheet.tables}
    for name, table in book.document.tables.items():
        for row, cells in zip(list_cells(table), book.cells(name), strict=True):
            for (form, value), cell in zip(row, cells, strict=True):
                if name in on_pages:
                    count += check_page_cell(cell, value, form, name)
                    continue
                number = find_number(value, form)
                if number is not None:
                    # XlsxWriter keeps 16 digits.
                    near = pytest.approx(number, rel=1e-15, abs=NOTHING)
                    assert cell.value == near, (name, cell.coordinate)
                    assert cell.number_format != "General", (name, cell.coordinate)
                    count += 1
                else:
                    assert not isinstance(cell.value, int | float), (name, cell.coordinate)
    for sheet in book.formulas.worksheets[: len(pages)]:
        check_safe_cells(sheet)
    for sheet in book.formulas.worksheets[len(pages) :]:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None, cell.coordinate
                if cell.data_type == "f":
                    words = re.findall("[A-Za-z]{3,}", re.sub(r"'[^']*'!|\w+!", "", cell.value))
                    assert set(words) <= {"SUM", "SUMIF"}, cell.value
                elif isinstance(cell.value, int | float):
                    assert cell.number_format != "General", f"{sheet.title}!{cell.coordinate}"
    return count


def check_native_charts(book: BookReader) -> int:
    """The charts of the workbook: each series names the cells of its numbers."""
    count = 0
    for sheet, read in zip(book.sheets, book.formulas.worksheets, strict=False):
        if sheet.is_page:
            count += _check_natives_of_page(book, sheet, read)
            continue
        charts = [chart for chart in sheet.charts if book.document.table(chart.table).rows]
        told = [str(row[0].value) for row in book.values[read.title].iter_rows(max_col=1)]
        left_out = sum(text.startswith("Not drawn, for ") for text in told)
        assert len(charts) - left_out <= len(read._charts) <= len(charts), sheet.name
        if len(read._charts) < len(charts):
            continue
        for chart, native in zip(charts, read._charts, strict=True):
            count += _check_native(book, chart, native, is_whole=not left_out)
    return count


def _check_natives_of_page(book: BookReader, sheet: Sheet, read: Any) -> int:
    """The charts of a page, none left out: each is of its own table, without the row of all."""
    count, natives = 0, list(read._charts)
    for chart in sheet.charts:
        table = read_drawn(chart, book.document.table(chart.table))
        if not table.rows:
            continue
        size = len(table.rows) if chart.kind == "panels" else 1
        own, natives = natives[:size], natives[size:]
        assert len(own) == size, (sheet.name, chart.title)
        if chart.kind == "panels":
            count += check_panels(chart, table, book.range, own)
        elif is_upon(chart, table):
            count += check_upon(chart, table, book.range, own[0])
        else:
            count += _check_native(book, chart, own[0], is_whole=True)
    assert not natives, sheet.name
    return count


def _check_native(book: BookReader, chart: Chart, native: Any, *, is_whole: bool) -> int:
    table, count = read_drawn(chart, book.document.table(chart.table)), 0
    drawn = find_series(chart, table)
    if chart.rows_are_series:
        drawn = [list(row) for row in zip(*drawn, strict=True)]
    left = list(drawn)
    for series in native.series:
        numbers = series.yVal if chart.kind == "points" else series.val
        cells = [
            one if isinstance(one, int | float) else None for one in book.range(numbers.numRef.f)
        ]
        count += len(cells)
        if chart.kind == "points":
            # A line is parted where a point has no place, and what stands out is one of it.
            assert any(_holds(whole, cells) for whole in drawn), chart.title
            continue
        found = next((one for one in left if _alike(one, cells)), None)
        assert found is not None, chart.title
        left.remove(found)
    if is_whole and chart.kind != "points":
        assert not left, chart.title
    return count


def _alike(numbers: Sequence[float | None], cells: Sequence[float | None]) -> bool:
    return list(cells) == [
        None if one is None else pytest.approx(one, abs=NOTHING) for one in numbers
    ]


def _holds(whole: Sequence[float | None], cells: Sequence[float | None]) -> bool:
    return any(_alike(whole[i : i + len(cells)], cells) for i in range(len(whole) - len(cells) + 1))


def check_drawings(document: Document) -> int:
    """The charts of the page: a mark or a bar for each number, which tells that number."""
    return sum(
        _check_drawing(chart, document.table(chart.table))
        for sheet in document.sheets
        for chart in sheet.charts
        if document.table(chart.table).rows
    )


def _check_drawing(chart: Chart, table: Table) -> int:
    if chart.kind in DRAWN_WITHOUT_TITLES:
        return check_written_drawing(chart, table)
    table = read_drawn(chart, table)
    figure = ElementTree.fromstring(str(draw_chart(chart, table)))
    wide = next(one for one in figure.iter("svg") if one.get("class") == "wide")
    told = [one.text or "" for one in wide.iter("title")][1:]
    marks = [one for one in wide.iter() if re.match(r"c\d", one.get("class") or "")]
    points = sum(len((one.get("points") or "").split()) for one in wide.iter("polyline"))
    across = {c.name: c.form for c in table.columns}[chart.by]
    numbers = [
        (column.heading, number)
        for column in (table.columns[table.place(name)] for name in chart.series)
        for value, by in zip(table.column(column.name), table.column(chart.by), strict=True)
        if (number := find_number(value, column.form)) is not None
        if chart.kind != "points" or find_number(by, across) is not None
    ]
    if chart.kind == "dots":
        series = len(table.rows) if chart.rows_are_series else len(chart.series)
        assert len(marks) == len(numbers) + (series if series > 1 else 0), chart.title
    elif points and not told:
        assert points == len(numbers), chart.title
    else:
        texts = [re.split(r": (?=[^:]*$)", one.split(";")[0])[-1] for one in told]
        for heading, number in numbers:
            is_named = not chart.rows_are_series and chart.kind != "parts"
            place = next(
                (
                    i
                    for i, (text, whole) in enumerate(zip(texts, told, strict=True))
                    if shows_at_all(text, number)
                    and (not is_named or whole.startswith(printable(heading)))
                ),
                None,
            )
            assert place is not None, (chart.title, heading, number, told)
            del texts[place], told[place]
    return len(numbers)


def shows_at_all(text: str, number: float) -> bool:
    """As `shows`; False for a text without any number."""
    return bool(re.search("[\\d\u2013]", text)) and shows(text, number)


def check_parquet(document: Document, folder: Path) -> int:
    """Every number of the files for programs."""
    count = 0
    for name in document.data or document.tables:
        table = document.tables[name]
        if isinstance(table, Pairs):
            continue
        frame = pd.read_parquet(folder / f"{name}.parquet")
        assert list(frame.columns) == [column.name for column in table.columns]
        assert frame.attrs["run_id"] == document.facts.run_id
        for column in table.columns:
            for value, cell in zip(table.column(column.name), frame[column.name], strict=True):
                if (number := find_number(value, column.form)) is not None:
                    assert float(cell) == number, (name, column.name)
                    count += 1
    return count


def find_unmeasured(document: Document) -> Iterator[str]:
    """Columns of numbers of which nothing says what they count, and numbers that are no numbers."""
    for sheet in document.sheets:
        for table in sheet.tables:
            if isinstance(table, Pairs):
                money = [one.label for one in table.pairs if one.form == "money" and not one.remark]
                yield from (f"{table.name}: {one}" for one in money if not document.measure)
                continue
            whole = table.title or table.note or sheet.explanation
            for column in table.columns:
                name = f"{sheet.name}, {table.name}.{column.name}"
                if column.form == "money" and not (column.measure or document.measure):
                    yield f"{name}: money without a measure"
                own = column.measure or column.meaning or column.title
                if column.form == "number" and not (own or whole):
                    yield f"{name}: a number of what?"
                values = [json_cell(value) for value in table.column(column.name)]
                if column.form in TEXTS and any(type(value) in (int, float) for value in values):
                    yield f"{name}: a number as a text"

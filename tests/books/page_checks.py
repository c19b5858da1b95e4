"""Pages for deciders in the workbook and on the screen: where their tables stand, what is shown.

Read without what wrote them, as `rendering_checks` does of all other sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

import pytest
from made_documents import DECIDERS, NUMBER, read_number, shows
from openpyxl.utils import range_boundaries
from shown_cells import NOTHING, SIGN, find_number

from cssopt.document.document import Chart, Pairs, Rich, Sheet, Table, json_cell
from cssopt.render.html.charts import draw_chart
from cssopt.render.screen import printable

UPON = ("waterfall", "ranges")
"""Charts whose bars stand upon invisible ones, from cells beside the page."""
DRAWN_WITHOUT_TITLES = ("waterfall", "panels", "dumbbell", "ranges", "tornado")
"""Charts that write their numbers beside their marks."""
MOST_ROWS = 12
"""Of a table of a page on a screen."""


class PageGrid:
    """The cells of a page, each merged over columns and rows of its sheet."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self._last = {
            (one.min_row, one.min_col): (one.max_row, one.max_col)
            for one in sheet.merged_cells.ranges
        }
        self.filled = [
            (cell.row, cell.column)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        value = self.sheet.cell(row, column).value
        return "" if value is None else str(value)

    def below(self, row: int, column: int) -> int:
        """The row of the cell below this one."""
        return self._last.get((row, column), (row, column))[0] + 1

    def right(self, row: int, column: int) -> int:
        """The column of the cell at the right of this one."""
        return self._last.get((row, column), (row, column))[1] + 1

    def walk_down(self, row: int, column: int, count: int) -> list[int]:
        """The rows of so many cells below one another."""
        rows = [row]
        while len(rows) < count:
            rows.append(self.below(rows[-1], column))
        return rows

    def walk_right(self, row: int, column: int, count: int) -> list[int]:
        """The columns of so many cells side by side."""
        columns = [column]
        while len(columns) < count:
            columns.append(self.right(row, columns[-1]))
        return columns

    def place(self, table: Table | Pairs, taken: set[Any]) -> list[list[Any]] | None:
        """The cells of a table, row by row, of single facts those of their values; None where its
        headings, or its names, do not stand side by side, or below one another."""
        if isinstance(table, Pairs):
            labels = [printable(one.label) for one in table.pairs]
        else:
            labels = [printable(column.heading) for column in table.columns]
        is_across = isinstance(table, Table) or table.are_tiles
        for row, column in self.filled if labels[0] else self._list_all():
            if (self.sheet.title, row, column) in taken:
                continue
            if is_across:
                columns = self.walk_right(row, column, len(labels))
                places = [(row, one) for one in columns]
            else:
                places = [(one, column) for one in self.walk_down(row, column, len(labels))]
            if [self.text(*place) for place in places] != labels:
                continue
            taken |= {(self.sheet.title, *place) for place in places}
            if isinstance(table, Table):
                rows = self.walk_down(row, column, len(table.rows) + 1)[1:]
                return [[self.sheet.cell(one, c) for _, c in places] for one in rows]
            if is_across:
                return [[self.sheet.cell(self.below(r, c), c)] for r, c in places]
            return [[self.sheet.cell(r, self.right(r, c))] for r, c in places]
        return None

    def _list_all(self) -> Iterator[tuple[int, int]]:
        return (
            (row, column)
            for row in range(1, self.sheet.max_row + 1)
            for column in range(1, self.sheet.max_column + 1)
        )


def show_by_format(number: float, number_format: str) -> str:
    """What a spreadsheet shows of a number (ECMA-376, 18.8.31, as far as pages use it)."""
    parts = number_format.split(";")
    if parts[0].startswith("["):
        for part in parts:
            below = re.match(r"\[<([^\]]+)\](.*)", part)
            if below is None or number < float(below[1]):
                return _fill(number, below[2] if below else part)
    if len(parts) > 1 and number < 0:
        return _fill(-number, parts[1])
    if len(parts) > 2 and number == 0:
        return _fill(number, parts[2])
    return _fill(number, parts[0])


def _fill(number: float, part: str) -> str:
    words = re.findall(r'"([^"]*)"', part)
    bare = re.sub(r'"[^"]*"', "", part)
    digits = re.search(r"(#,##)?0(\.0+)?(E\+00)?(%)?", bare)
    if digits is None:
        return "".join(words)
    grouped, places, power, percent = digits.groups()
    size = number * 100 if percent else number
    kind = "e" if power else "f"
    told = f"{size:{',' if grouped else ''}.{len(places or '.') - 1}{kind}}{percent or ''}"
    return "".join(words) + bare.replace(digits[0], told)


def check_page_cell(cell: Any, value: Any, form: str, name: str) -> int:
    """A cell of a page: its number, as a spreadsheet shows it, or its text; how many numbers."""
    number, where = find_number(value, form), (name, cell.coordinate)
    if number is not None:
        held = 100 * number if form == "points" else number
        assert cell.value == pytest.approx(held, rel=1e-15, abs=NOTHING), where
        assert cell.number_format != "General", where
        shown = SIGN.sub("", show_by_format(cell.value, cell.number_format)).strip()
        assert shows(shown, number, form) or abs(number) < NOTHING, (*where, shown, number)
        return 1
    assert not isinstance(cell.value, int | float), where
    text = SIGN.sub("", str(cell.value or "")).strip()
    if value is None:
        assert text == ("\u2013" if form in DECIDERS else ""), (*where, text)
    elif isinstance(value, str | Rich):
        assert text == SIGN.sub("", printable(str(value))).strip(), where
    return 0


# The screen


def check_page_on_screen(page: Sheet, screen: str) -> int:
    """Every number of a page that the screen shows: tables in lines, single facts and sentences in
    paragraphs. Tables stand in their order; one whose numbers a chart draws is left out."""
    lines = screen.splitlines()
    count, at, drawn = 0, 0, set()
    for block in page.flat:
        if isinstance(block, Chart):
            drawn.add(block.table)
        elif isinstance(block, Pairs) and block.on_screen:
            count += _check_pairs(block, screen)
        elif isinstance(block, Table) and block.name not in drawn:
            places = [i for i, column in enumerate(block.columns) if column.on_screen]
            forms = [block.columns[i].form for i in places]
            if "missing" in forms:
                places = [i for i in places if block.columns[i].form != "sentence"]
            elif "sentence" in forms:
                count += _check_first_row(block, places, lines)
                continue
            found, at = _check_lines(block, places, lines, at)
            count += found
    return count


def _check_pairs(pairs: Pairs, screen: str) -> int:
    count = 0
    for one in (pair for pair in pairs.pairs if pair.on_screen):
        number, label = find_number(one.value, one.form), printable(one.label)
        told = re.findall(rf"(?m)(?:^|  |; ){re.escape(label)} (.*?)(?=; |  |$)", screen)
        assert told, (pairs.name, label)
        if number is not None:
            assert any(re.match(NUMBER, text) and shows(text, number, one.form) for text in told)
            count += 1
        elif isinstance(one.value, str) and one.value:
            assert f"{label} {printable(one.value)}" in screen, (pairs.name, label)
    return count


def _check_first_row(table: Table, places: Sequence[int], lines: Sequence[str]) -> int:
    """Of a table of sentences the first row, in one paragraph."""
    if not table.rows:
        return 0
    cells = [(table.columns[i].form, json_cell(table.rows[0][i])) for i in places]
    texts = [_bare(value) for form, value in cells if isinstance(value, str)]
    line = next((one for one in lines if all(text in _bare(one) for text in texts)), None)
    assert line is not None, (table.name, texts)
    numbers = [(form, n) for form, value in cells if (n := find_number(value, form)) is not None]
    tokens = [found[0] for found in re.finditer(NUMBER, line)]
    for form, number in numbers:
        assert any(shows(token, number, form) for token in tokens), (table.name, number)
    return len(numbers)


def _bare(text: str) -> str:
    """A text without what keeps signs and their numbers in one line."""
    return re.sub(r"\s", "", printable(text))


def _check_lines(
    table: Table, places: Sequence[int], lines: Sequence[str], begin: int
) -> tuple[int, int]:
    split = [re.split(r"\s{2,}", line.strip()) for line in lines]
    heading = [h for i in places if (h := printable(table.columns[i].heading))]
    at = next((i for i in range(begin, len(split)) if split[i] == heading), None)
    assert at is not None, (table.name, heading)
    rows = list(range(len(table.rows)))
    if len(rows) > MOST_ROWS:
        rows = sorted(table.picked or rows)[:MOST_ROWS]
    count = 0
    for row in rows:
        cells = [(table.columns[i].form, table.rows[row][i]) for i in places]
        is_total = table.last_is_total and row == len(table.rows) - 1
        if is_total and any(isinstance(value, Rich) for _, value in cells):
            continue  # Sums of texts.
        at += 1
        told = [(f, json_cell(v)) for f, v in cells]
        told = [one for one in told if one[1] not in (None, "") or one[0] in DECIDERS]
        assert len(split[at]) == len(told), (table.name, split[at], told)
        for (form, value), text in zip(told, split[at], strict=True):
            number = find_number(value, form)
            if number is not None:
                assert shows(text, number, form), (table.name, text, number)
                count += 1
            elif isinstance(value, str):
                assert _bare(text) == _bare(value), (table.name, text)
            else:
                assert not re.search(r"\w", text), (table.name, text)
    return count, at + 1


# Charts


def read_drawn(chart: Chart, table: Table) -> Table:
    """The rows that a chart draws: not the one about all others."""
    if not table.last_is_total:
        return table
    return Table(table.name, table.columns, table.rows[:-1], marks=table.marks)


def find_series(chart: Chart, table: Table) -> list[list[float | None]]:
    """The numbers of each series of a chart, as a workbook holds them on pages."""
    forms = {column.name: column.form for column in table.columns}
    return [
        [
            None if (n := find_number(v, forms[name])) is None
            else 100 * n if forms[name] == "points" else n
            for v in table.column(name)
        ]
        for name in chart.series
    ]  # fmt: skip


def find_steps(chart: Chart, table: Table) -> list[tuple[float, float]]:
    """Where each bar of a waterfall begins and ends, or each range."""
    if chart.kind == "ranges":
        low, high = find_series(chart, table)[:2]
        return [(a or 0.0, b or 0.0) for a, b in zip(low, high, strict=True)]
    steps, end = [], 0.0
    for row, number in enumerate(find_series(chart, table)[0]):
        start = 0.0 if row in (0, *chart.totals) else end
        end = start + (number or 0.0)
        steps.append((start, end))
    return steps


def is_upon(chart: Chart, table: Table) -> bool:
    """True where the bars of a chart stand upon invisible ones: none goes below 0."""
    if chart.kind not in UPON:
        return False
    steps = find_steps(chart, table)
    are_ranges = chart.kind == "ranges" and any(high < low for low, high in steps)
    return not are_ranges and all(min(step) >= 0 for step in steps)


def check_upon(chart: Chart, table: Table, read: Any, native: Any) -> int:
    """Bars upon invisible ones: these end where each begins, the bar is as long as its number, and
    its name, with its number as it is written, stands in the cells of names."""
    base, bar = ([float(v) for v in read(one.val.numRef.f)] for one in native.series)
    steps = find_steps(chart, table)
    assert base == [pytest.approx(min(step), abs=NOTHING) for step in steps], chart.title
    lengths = [pytest.approx(abs(end - start), abs=NOTHING) for start, end in steps]
    assert bar == lengths, chart.title
    source = native.series[0].cat
    names = [str(v) for v in read((source.strRef or source.numRef).f)]
    for place, (name, by) in enumerate(zip(names, table.column(chart.by), strict=True)):
        assert name.startswith(str(by)), chart.title
        told = name.removeprefix(str(by)).strip()
        columns = chart.series[:1] if chart.kind == "waterfall" else chart.series
        for column in columns:
            form = table.columns[table.place(column)].form
            number = find_number(table.rows[place][table.place(column)], form)
            if number is not None:
                texts = [found[0] for found in re.finditer(NUMBER, told)] or [told]
                texts = [told] if told.startswith(("<", "met")) else texts
                assert any(shows(text, number, form) for text in texts), (chart.title, name)
    return 2 * len(steps)


def check_panels(chart: Chart, table: Table, read: Any, natives: Sequence[Any]) -> int:
    """A small chart a row: the numbers of its row over the headings."""
    rows = [list(row) for row in zip(*find_series(chart, table), strict=True)]
    heads = [table.columns[table.place(name)].heading for name in chart.series]
    for row, native in zip(rows, natives, strict=True):
        (series,) = native.series
        held = [v if isinstance(v, int | float) else None for v in read(series.val.numRef.f)]
        assert held == [n if n is None else pytest.approx(n, abs=NOTHING) for n in row], chart.title
        source = series.cat.strRef or series.cat.numRef
        assert [str(v) for v in read(source.f)] == heads, chart.title
    return sum(map(len, rows))


def check_written_drawing(chart: Chart, table: Table) -> int:
    """A drawing that writes its numbers beside its marks, or as titles of them: each is told, by
    a text of its own.

    Panels write percents without their sign, which stands in their title.
    """
    figure = ElementTree.fromstring(str(draw_chart(chart, table)))
    wide = next(one for one in figure.iter("svg") if one.get("class") == "wide")
    texts = [re.split(r": (?=[^:]*$)", "".join(one.itertext()))[-1] for one in wide.iter("text")]
    if chart.kind == "dumbbell":  # Before and after, and what is by the way, at the end of a row.
        texts = [one for one in texts if re.search("[\u2192\u25c6]", one)]
    texts += [(one.text or "").rpartition(": ")[2] for one in wide.iter("title")][1:]
    tokens = [
        found[0] for text in texts for found in re.finditer(rf"<?{NUMBER}|met\b|^\u2013$", text)
    ]
    count = 0
    for place, name in enumerate(chart.series):
        column = table.columns[table.place(name)]
        by_the_way = chart.kind == "dumbbell" and place > 1
        is_bare = chart.kind == "panels" and "percent" in column.form
        for value in read_drawn(chart, table).column(name):
            number = find_number(value, column.form)
            if number is None or (by_the_way and not number):
                continue
            told = 100 * number if is_bare else number
            found = [one for one in tokens if shows(one, told, column.form)]
            assert found, (chart.title, name, number, texts)
            # The nearest, so that none is left for a number that only it shows.
            size = 100 * told if column.form == "points" else told
            tokens.remove(min(found, key=lambda one: abs(read_number(one)[0] - size)))
            count += 1
    return count


def check_safe_cells(sheet: Any) -> None:
    """Links lead into the book alone; formulas are arithmetic, beside the page that of charts."""
    printed = sheet.print_area.rpartition("!")[2] if sheet.print_area else "A1"
    _, _, right, _ = range_boundaries(printed.replace("$", ""))
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        if cell.hyperlink is not None:
            assert cell.hyperlink.target is None, cell.coordinate
            assert cell.hyperlink.location.endswith("!A1"), cell.coordinate
        is_beside = cell.column > right
        if cell.data_type == "f":
            words = re.findall("[A-Za-z]{3,}", re.sub(r"'[^']*'!|\w+!", "", cell.value))
            allowed = {"SUM", "SUMIF", *(("MIN", "ABS") if is_beside else ())}
            assert set(words) <= allowed, cell.value
        elif isinstance(cell.value, int | float) and not is_beside:
            assert cell.number_format != "General", f"{sheet.title}!{cell.coordinate}"

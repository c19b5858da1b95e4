"""Workbooks to fill in, made from the declarations of the tables."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from cssopt.tables.header import columns_of
from cssopt.tables.spec import REMARK_COLUMNS, Column, Table, describe_blank

Rows = Sequence[Mapping[str, Any]]

_ROOM = 400
"""Rows below the header that drop-downs reach."""

_EMPTY_ROWS = 24
"""Rows of an empty table that look like cells to fill in."""

_HEADER = 4
_LINE_POINTS = 15.5
_CREATED = datetime(2026, 1, 1)


def build_template(
    tables: Mapping[str, Table],
    rows: Mapping[str, Rows],
    title: str,
    about: Sequence[str],
    examples: Mapping[str, Rows] | None = None,
) -> bytes:
    """An .xlsx workbook with one sheet per table, its help, measures, drop-downs and rows.

    Parameters
    ----------
    tables: the declared tables by name. rows: rows by table, as column -> value.
    title, about: heading and lines of the first sheet.
    examples: rows by table of which the first is shown in grey above the headers, to be seen but
        never read; the tables then have empty rows to fill in.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": title, "created": _CREATED})
    formats = _Formats(book)
    _write_about(book, formats, tables, title, about)
    for table in tables.values():
        shown = examples.get(table.name, ())[:1] if examples is not None else None
        _write_table(book, formats, table, tables, rows.get(table.name, ()), shown)
    book.close()
    return content.getvalue()


class _Formats:
    def __init__(self, book: Any) -> None:
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.title = book.add_format(
            {**base, "bold": True, "font_size": 14, "font_color": "#1F3B57"}
        )
        self.text = book.add_format({**base, "text_wrap": True})
        self.help = book.add_format({**base, "italic": True, "font_color": "#5F6B76"})
        self.measure = book.add_format(
            {**base, "italic": True, "font_color": "#5F6B76", "font_size": 9, "text_wrap": True}
        )
        head = {**base, "bold": True, "bottom": 1, "font_color": "#FFFFFF"}
        self.required = book.add_format({**head, "bg_color": "#1F3B57"})
        self.optional = book.add_format({**head, "bg_color": "#6F8CA8"})
        cell = {**base, "bg_color": "#FFFBE8", "border": 1, "border_color": "#E3DCC0"}
        self.input = book.add_format(cell)
        self.number = book.add_format({**cell, "num_format": "#,##0.###"})
        self.share = book.add_format({**cell, "num_format": "0.0##"})
        self.example = book.add_format({**base, "italic": True, "font_color": "#9AA5B1"})


def _write_about(
    book: Any, formats: _Formats, tables: Mapping[str, Table], title: str, about: Sequence[str]
) -> None:
    sheet = book.add_worksheet("about")
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, title, formats.title)
    for index, line in enumerate(about, start=2):
        sheet.merge_range(index, 0, index, 1, line, formats.text)
        sheet.set_row(index, _LINE_POINTS * _lines(line, 100))
    first = len(about) + 3
    sheet.write_string(first, 0, "sheet", formats.required)
    sheet.write_string(first, 1, "what it holds", formats.required)
    for index, table in enumerate(tables.values(), start=first + 1):
        sheet.write_url(index, 0, f"internal:'{table.name}'!A1", string=table.name)
        may = "" if not table.optional else " (may be left empty)"
        sheet.write_string(index, 1, table.help + may, formats.text)
        sheet.set_row(index, _LINE_POINTS * _lines(table.help + may, 82))


def _lines(text: str, width: int) -> int:
    """Lines that a text takes: not every program finds the height of a row itself."""
    return max(1, len(textwrap.wrap(text, width)))


def _write_table(
    book: Any,
    formats: _Formats,
    table: Table,
    tables: Mapping[str, Table],
    rows: Rows,
    examples: Rows | None,
) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.write_string(0, 0, table.name, formats.title)
    may = "" if not table.optional else " This sheet may stay empty."
    sheet.write_string(1, 0, table.help + may, formats.help)
    columns = _columns(table)
    if examples is not None and not table.vertical:
        _write_example(sheet, formats, columns, examples)
    for place, column in enumerate(columns):
        if column.measure:
            above = _HEADER - (1 if examples is None else 2)
            sheet.write_string(above, place, column.measure, formats.measure)
        required = column.required and column.name not in REMARK_COLUMNS
        sheet.write_string(
            _HEADER, place, column.name, formats.required if required else formats.optional
        )
        sheet.write_comment(_HEADER, place, _comment(column), {"x_scale": 1.6})
        sheet.set_column(place, place, _width(column, [*rows, *(examples or ())]))
        if not table.vertical:
            _add_choices(sheet, place, column, tables)
    for line, row in enumerate(rows, start=_HEADER + 1):
        for place, column in enumerate(columns):
            _write_cell(sheet, formats, line, place, column, row.get(column.name))
    if examples is not None:
        _write_empty_rows(sheet, formats, table, columns)
    sheet.freeze_panes(_HEADER + 1, 0 if table.vertical else len(table.key))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER)


def _write_example(sheet: Any, formats: _Formats, columns: list[Column], rows: Rows) -> None:
    """A grey row above the header; the note column says what it is."""
    for row in rows:
        for place, column in enumerate(columns):
            value = row.get(column.name)
            if column.name == "note":
                value = "an example, not read"
            if isinstance(value, bool):
                value = str(value).upper()
            if value is not None and value != "":
                sheet.write_string(_HEADER - 1, place, f"{value}", formats.example)


def _write_empty_rows(sheet: Any, formats: _Formats, table: Table, columns: list[Column]) -> None:
    """Cells to fill in; in settings the names stand there, and what they mean."""
    if table.vertical:
        sheet.set_column(0, 0, max(len(setting.name) for setting in table.columns) + 2)
        for line, setting in enumerate(table.columns, start=_HEADER + 1):
            sheet.write_string(line, 0, setting.name, formats.input)
            sheet.write_blank(line, 1, None, formats.input)
            remark = setting.help if setting.required else f"{setting.help} {_blank(setting)}"
            for place, column in enumerate(columns):
                if column.name == "note":
                    sheet.write_string(line, place, remark, formats.help)
                    sheet.set_column(place, place, 100)
        return
    for line in range(_HEADER + 1, _HEADER + 1 + _EMPTY_ROWS):
        for place, column in enumerate(columns):
            sheet.write_blank(line, place, None, _style(formats, column))


def _columns(table: Table) -> list[Column]:
    own = {column.name for column in table.columns}
    remarks = [
        Column(name=name, kind="text", help="For your own remarks.", default="")
        for name in REMARK_COLUMNS
        if name not in own
    ]
    if table.vertical:
        names = "; ".join(f"{column.name}: {column.help}" for column in table.columns)
        plain = {
            "name": Column(name="name", kind="text", help=names),
            "value": Column(name="value", kind="text", help="Its value."),
        }
        return [plain[name] for name in columns_of(table)] + remarks
    return [*table.columns, *remarks]


def _comment(column: Column) -> str:
    lines = [column.help]
    if column.measure:
        lines.append(f"Measure: {column.measure}.")
    if column.choices:
        lines.append(f"One of: {', '.join(column.choices)}.")
    if column.refers_to:
        lines.append(f"A row of the sheet {column.refers_to}.")
    if not column.required and column.name not in REMARK_COLUMNS:
        lines.append(_blank(column))
    return "\n".join(lines)


def _blank(column: Column) -> str:
    return f"Blank means: {describe_blank(column)}."


def _width(column: Column, rows: Rows) -> float:
    longest = max((len(str(row.get(column.name) or "")) for row in rows), default=0)
    return min(48, max(len(column.name) + 3, longest + 2, 10))


def _add_choices(sheet: Any, place: int, column: Column, tables: Mapping[str, Table]) -> None:
    last = _HEADER + _ROOM
    if column.kind == "flag":
        source: Any = ["TRUE", "FALSE"]
    elif column.choices:
        source = list(column.choices)
    elif column.refers_to is not None and column.refers_to in tables:
        target = tables[column.refers_to]
        letter = xl_col_to_name([c.name for c in target.columns].index(target.key[0]))
        source = f"='{target.name}'!${letter}${_HEADER + 2}:${letter}${last}"
    else:
        return
    sheet.data_validation(
        _HEADER + 1,
        place,
        last,
        place,
        {
            "validate": "list",
            "source": source,
            "error_title": column.name,
            "error_message": f"Choose from the list. {column.help}"[:255],
            # A planner may add the row in the other sheet later: warned, not stopped.
            "error_type": "warning",
        },
    )


def _write_cell(
    sheet: Any, formats: _Formats, line: int, place: int, column: Column, value: Any
) -> None:
    if value is None or value == "":
        sheet.write_blank(line, place, None, _style(formats, column))
    elif isinstance(value, bool):
        sheet.write_boolean(line, place, value, formats.input)
    elif isinstance(value, int | float):
        plain = column.measure in ("year", "") and float(value).is_integer()
        style = formats.input if plain else _style(formats, column)
        sheet.write_number(line, place, value, style)
    else:
        sheet.write_string(line, place, str(value), formats.input)


def _style(formats: _Formats, column: Column) -> Any:
    """The format of a column's cells, by what it measures."""
    if column.kind == "number" and "share" in column.measure:
        return formats.share
    if column.kind == "number" and column.measure:
        return formats.number
    return formats.input

"""Workbooks to fill in, made from the declarations of the tables."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from cssopt.tables.header import columns_of
from cssopt.tables.spec import REMARK_COLUMNS, Column, Table, describe_blank
from cssopt.workbook.filling_in import FillingGuide
from cssopt.workbook.guide_sheet import lines_of, write_guide
from cssopt.workbook.styles import (
    COLORS,
    LINE_POINTS,
    OPTIONAL,
    REQUIRED,
    SHARE_AS_TYPED,
    UNREAD,
    Styles,
    is_share,
)

Rows = Sequence[Mapping[str, Any]]

_ROOM = 400
"""Rows below the header that drop-downs reach."""

_EMPTY_ROWS = 24
"""Rows of an empty table that look like cells to fill in."""

_HEADER = 4
_REMARK_WIDTH = 48
_SETTING_WIDTH = 90
_CREATED = datetime(2026, 1, 1)


def build_template(
    tables: Mapping[str, Table],
    rows: Mapping[str, Rows],
    title: str,
    about: Sequence[str],
    guide: FillingGuide,
    examples: Mapping[str, Rows] | None = None,
) -> bytes:
    """An .xlsx workbook with one sheet per table, its help, measures, drop-downs and rows.

    Parameters
    ----------
    tables: the declared tables by name. rows: rows by table, as column -> value.
    title, about: heading and lines of the first sheet.
    guide: the order of the sheets, and how they are filled in.
    examples: rows by table of which the first is shown in grey above the headers, to be seen but
        never read (settings: beside each setting); the tables then have empty rows to fill in.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": title, "created": _CREATED})
    styles = Styles(book)
    write_guide(book, styles, tables, guide, title, about)
    for table in guide.in_order(tables).values():
        _TableSheet(book, styles, table, tables).write(
            rows.get(table.name, ()), None if examples is None else examples.get(table.name, ())
        )
    book.close()
    return content.getvalue()


class _TableSheet:
    """The sheet of one table, with its place in the book."""

    def __init__(
        self, book: Any, styles: Styles, table: Table, tables: Mapping[str, Table]
    ) -> None:
        self.sheet = book.add_worksheet(table.name)
        self.sheet.set_tab_color(COLORS[OPTIONAL if table.optional else REQUIRED])
        self.styles, self.table, self.tables = styles, table, tables
        self.columns = _columns(table)

    def write(self, rows: Rows, examples: Rows | None) -> None:
        """Heading, headers and rows; where examples are given, empty rows to fill in."""
        sheet, table = self.sheet, self.table
        sheet.write_string(0, 0, table.name, self.styles.title)
        may = "" if not table.optional else " This sheet may stay empty."
        sheet.write_string(1, 0, table.help + may, self.styles.help)
        if table.vertical:
            rows = _settings(table, rows, examples)
        elif examples:
            self._write_example(examples[0])
        widths = [self._width(column, [*rows, *(examples or ())[:1]]) for column in self.columns]
        self._write_measures(widths, _HEADER - (1 if examples is None else 2))
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, widths[place])
            self._write_header(place, column)
        for line, row in enumerate(rows, start=_HEADER + 1):
            self._write_row(line, row)
        if examples is not None and not table.vertical:
            for line in range(_HEADER + 1, _HEADER + 1 + _EMPTY_ROWS):
                self._write_row(line, {})
        sheet.freeze_panes(_HEADER + 1, 0 if table.vertical else len(table.key))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEADER)

    def _write_measures(self, widths: Sequence[float], line: int) -> None:
        """Measures above the headers; long ones take several lines."""
        tall = 1
        for place, (column, width) in enumerate(zip(self.columns, widths, strict=True)):
            if column.measure:
                self.sheet.write_string(line, place, column.measure, self.styles.measure)
                tall = max(tall, lines_of(column.measure, width))
        self.sheet.set_row(line, LINE_POINTS * tall)

    def _write_header(self, place: int, column: Column) -> None:
        kind = REQUIRED if column.required else OPTIONAL
        if column.name in REMARK_COLUMNS and column not in self.table.columns:
            kind = UNREAD
        self.sheet.write_string(_HEADER, place, column.name, self.styles.of_kind[kind])
        self.sheet.write_comment(_HEADER, place, _comment(column), {"x_scale": 1.8, "y_scale": 1.6})
        if not self.table.vertical:
            _add_choices(self.sheet, place, column, self.tables)
            _add_bounds(self.sheet, _HEADER + 1, _HEADER + _ROOM, place, column)

    def _write_example(self, row: Mapping[str, Any]) -> None:
        """A grey row above the header; the note column says what it is."""
        for place, column in enumerate(self.columns):
            value = _shown(column, row.get(column.name))
            if column.name == "note":
                value = "an example, not read"
            if value:
                self.sheet.write_string(_HEADER - 1, place, value, self.styles.example)

    def _write_row(self, line: int, row: Mapping[str, Any]) -> None:
        """One row; in settings the cell of a value looks like what that setting measures."""
        tall = 1
        for place, column in enumerate(self.columns):
            value, like = row.get(column.name), column
            if self.table.vertical and column.name == "value":
                like = self.table.column(row["name"])
                _add_bounds(self.sheet, line, line, place, like)
            if column.name in REMARK_COLUMNS and value:
                tall = max(tall, lines_of(str(value), self._width(column, [row])))
            _write_cell(self.sheet, self.styles, line, place, like, value)
        if self.table.vertical and not row.get("note"):
            place = [column.name for column in self.columns].index("note")
            self.sheet.write_string(line, place, row["meaning"], self.styles.meaning)
            tall = max(tall, lines_of(row["meaning"], _SETTING_WIDTH))
        self.sheet.set_row(line, LINE_POINTS * tall)

    def _width(self, column: Column, rows: Rows) -> float:
        if self.table.vertical and column.name == "note":
            return _SETTING_WIDTH
        longest = max((len(str(row.get(column.name) or "")) for row in rows), default=0)
        return min(_REMARK_WIDTH, max(len(column.name) + 3, longest + 2, 10))


def _settings(table: Table, rows: Rows, examples: Rows | None) -> Rows:
    """A row for every setting, with its meaning and an example."""
    given = {row["name"]: row for row in rows}
    shown = {row["name"]: row.get("value") for row in examples or ()}
    filled = []
    for setting in table.columns:
        meaning = setting.help if setting.required else f"{setting.help} {_blank(setting)}"
        if examples is not None:
            example = _shown(setting, shown.get(setting.name)) or "left empty"
            meaning = f"Example: {example}. {meaning}"
        filled.append({"name": setting.name, **given.get(setting.name, {}), "meaning": meaning})
    return filled


def _shown(column: Column, value: Any) -> str:
    """A value as a planner types it; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if is_share(column):
        return f"{100 * value:.6g} %"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


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
    if is_share(column):
        lines.append(f"{SHARE_AS_TYPED}; the cell shows percent.")
    if column.choices:
        lines.append(f"One of: {', '.join(column.choices)}.")
    if column.refers_to:
        lines.append(f"A row of the sheet {column.refers_to}.")
    if not column.required and column.name not in REMARK_COLUMNS:
        lines.append(_blank(column))
    return "\n".join(lines)


def _blank(column: Column) -> str:
    return f"Blank means: {describe_blank(column)}."


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


def _add_bounds(sheet: Any, first: int, last: int, place: int, column: Column) -> None:
    """A warning at a share outside its bounds: 80 where 80 % is meant."""
    low = column.low if column.low is not None else column.above
    if low is None or not is_share(column):
        return
    sheet.data_validation(
        first,
        place,
        last,
        place,
        {
            "validate": "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": column.high,
            "error_title": column.name,
            "error_message": f"A share from {low:.0%} to {column.high:.0%}: {SHARE_AS_TYPED}.",
            # A warning, as with lists: cssopt check says what is wrong, cell by cell.
            "error_type": "warning",
        },
    )


def _write_cell(
    sheet: Any, styles: Styles, line: int, place: int, column: Column, value: Any
) -> None:
    style = styles.remark if column.name in REMARK_COLUMNS else styles.of(column)
    if value is None or value == "":
        sheet.write_blank(line, place, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(line, place, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value, style)
    else:
        sheet.write_string(line, place, str(value), style)

"""The sheet about: a guide of one page to filling in a workbook."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from cssopt.tables.spec import Table
from cssopt.workbook.filling_in import FillingGuide
from cssopt.workbook.styles import COLORS, LINE_POINTS, OPTIONAL, REQUIRED, UNREAD, Styles

NAME = "about"
_STEP, _SHEET, _KIND, _TEXT = 0, 1, 2, 3
_WIDTHS = (34, 20, 10, 60)
_A4 = 9
_LETTERS = 1.15
"""Letters for each unit of a column's width, which is that of a digit: most are narrower."""

_LEGEND = {
    REQUIRED: "Dark sheets and columns: every plan needs them.",
    OPTIONAL: "Light sheets and columns: fill them in where you need them. The comment of a header "
    "says what an empty cell means.",
    UNREAD: "Grey: this sheet, the examples above the headers, the columns source and note, and "
    "sheets of your own.",
}


def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in so wide a column: not every program finds heights itself."""
    return max(1, len(textwrap.wrap(text, int(_LETTERS * width))))


def write_guide(
    book: Any,
    styles: Styles,
    tables: Mapping[str, Table],
    guide: FillingGuide,
    title: str,
    about: Sequence[str],
) -> None:
    """Write the sheet: what the workbook is, what its colors mean, and the steps with their sheets.

    It is printed on one page (A4, upright).
    """
    sheet = book.add_worksheet(NAME)
    sheet.set_tab_color(COLORS[UNREAD])
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, 1)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, title, styles.title)
    line = _write_lines(sheet, styles, about, 1)
    line = _write_legend(sheet, styles, line + 1)
    if guide.numbers:
        sheet.write_string(line + 1, _STEP, "How numbers are typed", styles.heading)
        line = _write_lines(sheet, styles, guide.numbers, line + 2)
    _write_steps(sheet, styles, tables, guide, line + 1)


def _write_lines(sheet: Any, styles: Styles, lines: Sequence[str], first: int) -> int:
    """Lines over the whole width; the row after the last one."""
    for index, text in enumerate(lines, start=first):
        sheet.merge_range(index, _STEP, index, _TEXT, text, styles.text)
        sheet.set_row(index, LINE_POINTS * lines_of(text, sum(_WIDTHS)))
    return first + len(lines)


def _write_legend(sheet: Any, styles: Styles, first: int) -> int:
    for index, (kind, text) in enumerate(_LEGEND.items(), start=first):
        sheet.write_string(index, _STEP, kind, styles.of_kind[kind])
        sheet.merge_range(index, _SHEET, index, _TEXT, text, styles.text)
        sheet.set_row(index, LINE_POINTS * lines_of(text, sum(_WIDTHS[1:])))
    return first + len(_LEGEND)


def _write_steps(
    sheet: Any, styles: Styles, tables: Mapping[str, Table], guide: FillingGuide, line: int
) -> None:
    for place, text in enumerate(("step", "sheet", "", "what it holds")):
        sheet.write_string(line, place, text, styles.heading)
    for number, step in enumerate(guide.steps, start=1):
        name = f"{number}  {step.name}"
        for table in (tables[sheet_name] for sheet_name in step.sheets):
            line += 1
            kind = OPTIONAL if table.optional else REQUIRED
            sheet.write_string(line, _STEP, name, styles.text)
            sheet.write_url(line, _SHEET, f"internal:'{table.name}'!A1", styles.link, table.name)
            sheet.write_string(line, _KIND, kind, styles.of_kind[kind])
            sheet.write_string(line, _TEXT, table.help, styles.text)
            texts = ((name, _WIDTHS[_STEP]), (table.help, _WIDTHS[_TEXT]))
            sheet.set_row(line, LINE_POINTS * max(lines_of(*text) for text in texts))
            name = ""

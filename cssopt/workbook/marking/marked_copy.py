"""A copy of the planner's own workbook with every faulty cell marked, and nothing else changed.

Only the bytes of what is marked are edited: a library that reads and writes whole workbooks would
lose the values that formulas last gave, charts, images and whatever it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final
from xml.parsers import expat

from cssopt.errors import DataError
from cssopt.issues import Issue, Severity
from cssopt.tables.raw import RawBook
from cssopt.workbook.book import read_book
from cssopt.workbook.cell_formats import CellFormats
from cssopt.workbook.marking.comments import add_comments
from cssopt.workbook.marking.package import Package, telling_part
from cssopt.workbook.markup import narrow, read_whole, xml_text
from cssopt.workbook.sheet_cells import SheetMarkup
from cssopt.workbook.strings import read_escapes

_PLACE = re.compile(
    r"(?P<sheet>.+)!(?P<column>[A-Z]{0,3})(?P<row>[1-9]\d{0,6})(:[A-Z]{0,3}\d{1,7})?"
)
_FILLS: Final = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C"}
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TITLE = "issues"
_MOST_LINKS: Final = 5_000
"""A spreadsheet has at most 65,530 links in a sheet and grows slow long before."""
_MOST_TEXT: Final = 32_000
"""Characters; a cell or a comment holds at most 32,767."""
_MOST_STYLES: Final = 65_490
"""Formats that a workbook may have."""


def mark_copy(content: bytes, issues: Sequence[Issue], name: str = "the workbook") -> bytes:
    """The workbook with a fill and a comment on every cell that an issue names.

    `name` is that of the file. A new last sheet, `issues`, lists every issue with a link to its
    cell. Values, formulas with what they last gave, charts, images and formats stay as they are.
    Raises DataError where the workbook cannot be read, before anything of it is unpacked, and
    KeyError or ValueError where it cannot be marked so that all of this holds.
    """
    before = read_book(content, name)
    package = Package(content)
    titles, parts = _find_sheets(package)
    by_sheet: dict[str, dict[str, list[Issue]]] = {}
    for issue in issues:
        for where in (issue.where, *issue.cells):
            match = _PLACE.fullmatch(where)
            if match and match["sheet"] in parts:
                # Of a range or a row, such as 4:4, its first cell is marked.
                cell = f"{match['column'] or 'A'}{match['row']}"
                by_sheet.setdefault(match["sheet"], {}).setdefault(cell, []).append(issue)
    if by_sheet:
        used = max(_highest_style(package, part) for part in parts.values())
        formats = CellFormats(package, used)
        for title, cells in by_sheet.items():
            _mark_sheet(package, parts[title], cells, formats)
        formats.write()
    _add_issue_sheet(package, issues, titles, parts)
    copy = package.pack()
    _compare(before, copy)
    return copy


def _compare(before: RawBook, copy: bytes) -> None:
    """Read the copy as its original is read: no planner may go on with one that holds less."""
    try:
        after = read_book(copy, "the copy")
    except DataError as error:
        raise ValueError(f"the copy could not be read again: {error.issues[0].text}") from error
    for title, sheet in before.sheets.items():
        if after.sheets.get(title) != sheet:
            raise ValueError(f"the copy would not hold the same cells in the sheet '{title}'")


def _find_sheets(package: Package) -> tuple[list[str], dict[str, str]]:
    """Titles of all sheets, and the parts of those with cells by title."""
    relations = {relation.name: relation for relation in package.relations(package.book)}
    listed = package.markup(package.book).root.find("sheets")
    titles, parts = [], {}
    for sheet in listed.all("sheet") if listed else ():
        title = read_escapes(sheet.attributes.get("name", ""))
        titles.append(title)
        relation = relations.get(sheet.attribute("id"))
        if relation and relation.kind == "worksheet" and relation.there:
            parts[title] = relation.part
    return titles, parts


def _highest_style(package: Package, part: str) -> int:
    """The highest number of a format that a cell, row or column of a sheet names."""
    highest = 0

    def look(name: str, attributes: dict[str, str]) -> None:
        nonlocal highest
        style = attributes.get("s") or attributes.get("style")
        if style and name.rpartition(" ")[2] in ("c", "row", "col"):
            highest = max(highest, read_whole(style))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = look
    with telling_part(part):
        parser.Parse(narrow(package.read(part)), True)
    if highest > _MOST_STYLES:
        raise ValueError(f"a cell names the format {highest}, more than a workbook can have")
    return highest


def _mark_sheet(
    package: Package, part: str, cells: dict[str, list[Issue]], formats: CellFormats
) -> None:
    with telling_part(part):
        sheet = SheetMarkup(package.read(part), cells)
    anchors: dict[str, dict[Issue, str]] = {}
    merged = sheet.anchors()
    for cell, found in cells.items():
        anchor = merged.get(cell, cell)
        place = "" if anchor == cell else f"{cell}: "
        for issue in found:
            # What is said of several cells of one merged range is told once.
            anchors.setdefault(anchor, {}).setdefault(issue, f"{place}{issue.code}: {issue.text}")
    order = list(Severity).index
    worst = {cell: min((i.severity for i in told), key=order) for cell, told in anchors.items()}
    if anchors.keys() != cells.keys():
        sheet = SheetMarkup(package.read(part), anchors)
    with telling_part(part):
        colors = {cell: _FILLS.get(rank, _FILLS[Severity.WARNING]) for cell, rank in worst.items()}
        sheet.restyle({c: formats.fill(sheet.style(c), color) for c, color in colors.items()})
    notes = {cell: "\n".join(told.values())[:_MOST_TEXT] for cell, told in anchors.items()}
    add_comments(package, part, sheet, notes)
    package.write(part, sheet.content())


def _add_issue_sheet(
    package: Package, issues: Sequence[Issue], titles: Collection[str], parts: Collection[str]
) -> None:
    title, count = _TITLE, 1
    taken = {name.casefold() for name in titles}
    while title.casefold() in taken:
        count += 1
        title = f"{_TITLE} ({count})"
    part = package.place("worksheets/cssopt_issues{}.xml")
    package.write(part, _write_issues(package.main, issues, parts))
    package.declare(part, _SHEET_TYPE)
    relation = package.relate(package.book, "worksheet", part)
    book = package.markup(package.book)
    listed = book.root.find("sheets")
    if listed is None:
        raise ValueError("its workbook lists no sheets")
    number = 1 + max(
        (read_whole(sheet.attribute("sheetId")) for sheet in listed.all("sheet")), default=0
    )
    entry = f'<{book.prefix(listed)}sheet name="{xml_text(title)}" sheetId="{number}" '
    book.append(listed, f'{entry}xmlns:cssopt="{package.office}" cssopt:id="{relation}"/>')
    package.write(package.book, book.content())


def _write_issues(main: str, issues: Sequence[Issue], parts: Collection[str]) -> str:
    rows = [_row(1, ("code", "where", "what is wrong, and the mend"))]
    links: list[str] = []
    for number, issue in enumerate(issues, start=2):
        rows.append(_row(number, (issue.code, issue.where, issue.text)))
        where = f"{issue.where}!A1" if issue.where in parts else issue.where
        match = _PLACE.fullmatch(where)
        if match and match["sheet"] in parts and len(links) < _MOST_LINKS:
            quoted = match["sheet"].replace("'", "''")
            location = xml_text(f"'{quoted}'{where[match.end('sheet') :]}")
            links.append(f'<hyperlink ref="B{number}" location="{location}"/>')
    widths = "".join(
        f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>'
        for i, width in enumerate((9, 28, 120), start=1)
    )
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{main}"><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><cols>{widths}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>{linked}</worksheet>"
    )


def _row(number: int, texts: Sequence[str]) -> str:
    cells = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">'
        f"{xml_text(text[:_MOST_TEXT])}</t></is></c>"
        for letter, text in zip("ABC", texts, strict=True)
    )
    return f'<row r="{number}">{cells}</row>'

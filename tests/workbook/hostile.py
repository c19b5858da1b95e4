"""Hostile and damaged files, made by script: each with the issue that must answer it."""

# ruff: noqa: E501 (the table of cases has one a line)

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import hostile_zips as zips
from openpyxl import Workbook
from openpyxl.comments import Comment
from packing import (
    BOOK,
    BOOK_RELATIONS,
    MAIN,
    OFFICE,
    SHEET,
    SHEET_RELATIONS,
    STRINGS,
    STYLES,
    TYPES,
    bytes_of,
    edited,
    pack,
    parts_of,
    relations_of,
    sheet_of,
    with_part,
    with_parts,
    with_rows,
    with_tail,
    without_part,
    wrapped,
)

STORED = zipfile.ZIP_STORED
THEME = "xl/theme/theme1.xml"


class Hostile(NamedTuple):
    """A file that must be refused: how it is made, and the code, place and words of the issue.

    An empty place means the file itself.
    """

    make: Callable[[], bytes]
    code: str
    where: str
    words: str


def sst(texts: str) -> bytes:
    return with_part(STRINGS, f'<sst xmlns="{MAIN}">{texts}</sst>')


def styles(inside: str) -> bytes:
    return with_part(STYLES, f'<styleSheet xmlns="{MAIN}">{inside}</styleSheet>')


def names(*texts: str) -> bytes:
    inside = "".join(
        f'<definedName name="n{i}">{text}</definedName>' for i, text in enumerate(texts)
    )
    return edited(BOOK, "<definedNames />", f"<definedNames>{inside}</definedNames>")  # fmt: skip


def many_cells() -> bytes:
    """Ten million cells in well under a megabyte."""
    return with_rows(("<row>" + "<c><v>1</v></c>" * 100 + "</row>") * 100_000)


def formatted_cells(rows: int, columns: int) -> bytes:
    return with_rows(("<row>" + '<c s="0"/>' * columns + "</row>") * rows, STORED)


def commented(ref: str, number: int = 1) -> bytes:
    """A sheet with comments, all at one cell."""
    book = Workbook()
    book.active.title = "data"
    book.active["B2"].comment = Comment("x", "y")
    parts = parts_of(bytes_of(book))
    (name,) = (name for name in parts if "comment" in name and name.endswith(".xml"))
    head, start, rest = parts[name].partition(b"<comment ")
    comment, end, tail = rest.partition(b"</comment>")
    comment = (start + comment + end).replace(b'"B2"', f'"{ref}"'.encode()) * number
    return pack({**parts, name: head + comment + tail})


def shared_formulas(text: str, number: int) -> bytes:
    rows = "".join(
        f'<row r="{i}"><c r="A{i}"><f t="shared" si="0">{text if i == 1 else ""}</f></c></row>'
        for i in range(1, number + 1)
    )
    return with_rows(rows)


def drawing(charts: int) -> bytes:
    """A drawing that shows one chart many times; openpyxl would read the chart each time."""
    chart = f'<c:chart xmlns:c="x" xmlns:r="{OFFICE}" r:id="rId1"/>'
    return with_parts(
        {
            "xl/drawings/drawing1.xml": wrapped("wsDr", [chart] * charts),
            "xl/drawings/_rels/drawing1.xml.rels": relations_of(
                ("rId1", "chart", "../charts/chart1.xml")
            ),
            "xl/charts/chart1.xml": "<chartSpace/>",
        }
    )


def hidden_sheet() -> bytes:
    """A sheet under another tag, with a name that looks like a picture's: openpyxl reads it."""
    far = sheet_of('<row r="1048576"><c r="XFD1048576"/></row>')
    relation = f'Type="{OFFICE}/image" Target="media/image1.png"'
    listed = f'<picture xmlns:r="{OFFICE}" name="hidden" sheetId="7" r:id="rId77"/></sheets>'
    parts = parts_of(edited(BOOK, "</sheets>", listed))
    rest = parts[BOOK_RELATIONS].replace(
        b"</Relationships>", f'<Relationship Id="rId77" {relation}/></Relationships>'.encode()
    )
    return pack({**parts, BOOK_RELATIONS: rest, "xl/media/image1.png": far})


def overlong_xml() -> bytes:
    lines = "".join(f"{i * 7919 % 99991}\n" for i in range(3_000))
    return with_part(THEME, f"<a>{lines * (41 * 2**20 // len(lines))}</a>")


def entities() -> str:
    """The billion laughs: nine lines that unfold to gigabytes."""
    inside = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return f"<!DOCTYPE sst [{inside}]><sst xmlns='{MAIN}'><si><t>&i;</t></si></sst>"


def rules(number: int, ranges: int) -> str:
    sqref = " ".join(f"A{2 * i}" for i in range(1, ranges + 1))
    rule = '<cfRule type="expression"><formula>1</formula></cfRule>'
    return f'<conditionalFormatting sqref="{sqref}">{rule * number}</conditionalFormatting>'


def strict(part: str) -> bytes:
    return edited(part, MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")


def many_sheets() -> bytes:
    book = Workbook()
    for _ in range(251):
        book.create_sheet()
    return bytes_of(book)


def merges(number: int, ref: str) -> str:
    return wrapped("mergeCells", (f'<mergeCell ref="{ref}"/>' for _ in range(number)))


def link(ref: str) -> str:
    return f'<hyperlinks><hyperlink ref="{ref}" location="A1"/></hyperlinks>'


def missing(kind: str) -> bytes:
    return with_part(SHEET_RELATIONS, relations_of(("rId1", kind, "/xl/none.xml")))


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
LAUGH = "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>"
TWICE = relations_of(*[("rId1", "worksheet", "worksheets/sheet1.xml")] * 2)
VALIDATION = '<dataValidation type="list" sqref="A1"/>'
FONT = "<font><b/><i/><u/><sz/></font>"
ALL = "A1:XFD1048576"

HOSTILE: dict[str, Hostile] = {
    name: Hostile(*case)
    for name, case in {
        **zips.CASES,
        # --- macros
        "vba": (lambda: with_part("xl/vbaProject.bin", b"x"), "E-005", "", "has macros"),
        "macro sheet": (lambda: with_part("xl/macrosheets/a.xml", "<a/>"), "E-005", "", "macros"),
        "xlsm": (lambda: edited(TYPES, "openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"), "E-005", "", "has macros"),
        # --- damaged
        "not xml": (lambda: with_part(SHEET, sheet_of("<row>")), "E-006", "", "sheet1.xml cannot be read"),
        "no types": (lambda: without_part(TYPES), "E-006", "", "the part [Content_Types].xml cannot be found"),
        "no workbook": (lambda: without_part(BOOK), "E-006", "", "the part xl/workbook.xml cannot be found"),
        "no relations": (lambda: without_part(BOOK_RELATIONS), "E-006", "", "workbook.xml.rels cannot be found"),
        "no texts": (lambda: without_part(STRINGS), "E-006", "", "sharedStrings.xml cannot be found"),
        "no sheet": (lambda: without_part(SHEET), "E-006", "", "the sheet 'data' cannot be found"),
        "no relation": (lambda: edited(BOOK, "rId1", "rId99"), "E-006", "", "the sheet 'data' cannot be found"),
        "no sheets": (lambda: edited(BOOK, '<sheet ', '<x/></sheets><sheet '), "E-006", "", "cannot"),
        "no comments": (lambda: missing("comments"), "E-006", "", "the part xl/none.xml cannot be found"),
        "another root": (lambda: with_part(SHEET, f'<sst xmlns="{MAIN}"/>'), "E-006", "data", "holds something else"),
        "one id twice": (lambda: with_part(BOOK_RELATIONS, TWICE), "E-006", "", "has one id twice"),
        "odd cell": (lambda: with_rows('<row><c r="A1:B2"/></row>'), "E-006", "data", "a cell has the address 'A1:B2'"),
        "Arabic digits": (lambda: with_rows('<row><c r="A\u0661\u0662"/></row>'), "E-006", "data", "a cell has the address"),
        "odd row": (lambda: with_rows('<row r="1e6"><c/></row>'), "E-006", "data", "a row has the address '1e6'"),
        "row in row": (lambda: with_rows('<row><c><row r="1048576"><c/></row></c></row>'), "E-006", "data", "a row within a row"),
        "odd comment": (lambda: commented("A1:XFD1048576"), "E-006", "data", "a comment has the address"),
        # --- strict, and document types
        "strict": (lambda: strict(BOOK), "E-007", "", "Strict Open XML"),
        "strict sheet": (lambda: strict(SHEET), "E-007", "", "Strict Open XML"),
        "billion laughs": (lambda: with_part(STRINGS, entities()), "E-008", "", "in xl/sharedStrings.xml"),
        "foreign entity": (lambda: with_part(STRINGS, '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'), "E-008", "", "document type"),
        "UTF-16": (lambda: with_part(THEME, '<!DOCTYPE a SYSTEM "x"><a/>'.encode("utf-16")), "E-008", "", "theme1.xml"),
        "entity in relations": (lambda: with_part(BOOK_RELATIONS, "<!DOCTYPE a []><a/>"), "E-008", "", "workbook.xml.rels"),
        "entity in a picture": (lambda: with_part("xl/media/image1.svg", LAUGH), "E-008", "", "image1.svg"),
        # --- pointers
        "one sheet twice": (lambda: edited(BOOK, "</sheets>", f'<sheet xmlns:r="{OFFICE}" name="b" sheetId="2" r:id="rId1"/></sheets>'), "E-009", "", "the same part twice"),
        "two relations to one sheet": (zips.two_relations, "E-009", "", "two sheets are one part"),
        "one chart twice": (lambda: drawing(2), "E-009", "", "draws one chart more than once"),
        "one part a thousand times": (zips.thousand_pointers, "E-009", "", "over and over"),
        # --- far
        "far cell": (lambda: with_rows('<row r="4"><c r="B4"/></row>' + FAR), "E-020", "data!XFD1048576", "Delete the rows below 4 and the columns right of B in Excel"),
        "far empty cell": (lambda: with_rows('<row><c r="A1"/></row><row r="1048576"><c r="C1048576" s="0"/></row>'), "E-020", "data!C1048576", "Delete the rows below 1 in Excel"),
        "far column": (lambda: with_rows('<row><c r="C1"/><c r="XFD1"/></row>'), "E-020", "data!XFD1", "Delete the columns right of C in Excel"),
        "only a far cell": (lambda: with_rows(FAR), "E-020", "data!XFD1048576", "move its table up to the top left"),
        "far without address": (lambda: with_rows('<row r="1048576"><c/></row>'), "E-020", "data!A1048576", "rows and"),
        "far under another tag": (lambda: with_rows('<row><v r="XFD1048576"/></row>'), "E-020", "data!XFD1048576", "outside"),
        "far comment": (lambda: commented("XFD1048576"), "E-020", "data!XFD1048576", "outside"),
        "far in a hidden sheet": (hidden_sheet, "E-020", "hidden!XFD1048576", "outside"),
        "declared": (lambda: with_part(SHEET, sheet_of('<row><c/></row>', f'<dimension ref="{ALL}"/>')), "E-020", "data", "declares the range A1:XFD1048576, though its cells end at A1"),
        "wide": (lambda: with_rows('<row r="1"><c r="ALL1"/></row><row r="50000"><c r="A50000"/></row>'), "E-020", "data", "reaches to ALL50000: 50,000,000 cells"),
        # --- many
        "ten million cells": (many_cells, "E-003", "", "unpacks to 144 MB"),
        "many cells": (lambda: formatted_cells(4_100, 100), "E-021", "data", "more than 300,000 cells"),
        "merged sheet": (lambda: with_tail(merges(1, ALL)), "E-022", f"data!{ALL}", "is a merged range that reaches outside"),
        "merged columns": (lambda: with_tail(merges(1, "A:XFD")), "E-022", "data!A:XFD", "outside"),
        "merged over and over": (lambda: with_tail(merges(300, "A1:Z20")), "E-022", "data!A1:Z20", "more than 100,000 cells"),
        "many merges": (lambda: with_tail(merges(5_001, "A1:B1")), "E-023", "data", "more than 5,000 merged ranges"),
        "linked sheet": (lambda: with_tail(link(ALL)), "E-025", f"data!{ALL}", "is a link that reaches outside"),
        "linked block": (lambda: with_tail(link("A1:ALL200")), "E-025", "data!A1:ALL200", "is a link with which"),
        "many rules": (lambda: with_tail(rules(5_001, 1)), "E-023", "data", "more than 5,000 conditional formats"),
        "many ranges": (lambda: with_tail(rules(500, 500)), "E-023", "data", "on more than 200,000 ranges"),
        "many validations": (lambda: with_tail(wrapped("dataValidations", [VALIDATION] * 5_001)), "E-023", "data", "data validations"),
        "many columns": (lambda: with_part(SHEET, sheet_of("", wrapped("cols", ['<col min="1" max="1"/>'] * 16_385))), "E-023", "data", "column definitions"),
        "many rows": (lambda: with_rows("".join(f'<row r="{i}"/>' for i in range(1, 200_002))), "E-023", "data", "row definitions"),
        "many comments": (lambda: commented("B2", 10_001), "E-023", "data", "more than 10,000 comments"),
        "many names": (lambda: names(*["1"] * 10_001), "E-023", "", "more than 10,000 names"),
        "long name": (lambda: names("x" * 8_193), "E-023", "", "formulas of absurd length"),
        "long names": (lambda: names(*["x" * 8_000] * 26), "E-023", "", "formulas of absurd length"),
        "many sheets": (many_sheets, "E-023", "", "more than 250 sheets"),
        "many texts": (lambda: sst("<si><t/></si>" * 100_001), "E-023", "", "more than 100,000 different texts"),
        "long text": (lambda: sst(f"<si><t>{'long ' * 20_000}</t></si>"), "E-024", "", "a text of 100,000 characters"),
        "many formats": (lambda: styles('<xf numFmtId="0"/>' * 30_001), "E-023", "", "more than 30,000 cell formats"),
        "many styles": (lambda: styles('<cellStyle/>' * 10_001), "E-023", "", "more than 10,000 cell styles"),
        "many number formats": (lambda: styles('<numFmt/>' * 2_001), "E-023", "", "more than 2,000 number formats"),
        "long number format": (lambda: styles(f'<numFmt formatCode="{"[" * 301}"/>'), "E-023", "", "a number format of more than 300"),
        "long formula": (lambda: shared_formulas("1+" * 4_097 + "1", 1), "E-026", "data", "a formula of 8,195 characters"),
        "copied formula": (lambda: shared_formulas("1+" * 4_000 + "1", 1_000), "E-026", "data", "when written out"),
        # --- XML that costs time or memory
        "many elements": (lambda: styles(FONT * 100_000), "E-003", "", "more than 400,000 texts, formats"),
        "many attributes": (lambda: with_rows(("<row>" + '<c a="" b="" c="" d="" e="" f="" g="" h=""/>' * 7 + "</row>") * 49_000, STORED), "E-003", "", "elements and attributes"),
        "much XML": (overlong_xml, "E-003", "", "more than 40 MB of XML"),
        "deep": (lambda: with_part(THEME, "<a>" * 5_000 + "</a>" * 5_000), "E-003", "", "inside each other"),
        "deep in a cell": (lambda: with_rows("<row><c>" + "<v>" * 500 + "</v>" * 500 + "</c></row>"), "E-003", "data", "inside each other"),
        "endless tag": (lambda: with_part(THEME, f"<a b='{'1234567' * 90_000}'/>", STORED), "E-003", "", "a tag or comment of more than half a MB"),
        "endless comment": (lambda: with_part(THEME, f"<a><!--{'1234567' * 90_000}--></a>", STORED), "E-003", "", "a tag or comment"),
        "long namespace": (lambda: with_part(THEME, f"<a xmlns='{'x' * 1_001}'/>"), "E-003", "", "a namespace of absurd length"),
    }.items()
}  # fmt: skip
"""By name, every file that must be refused."""


def write_all(folder: Path) -> dict[str, Path]:
    """Make every hostile file in a folder; the paths by name."""
    paths = {}
    for name, case in HOSTILE.items():
        paths[name] = folder / f"{name.replace(' ', '_')}.xlsx"
        paths[name].write_bytes(case.make())
    return paths


if __name__ == "__main__":
    for made in write_all(Path(sys.argv[1])).values():
        print(made)

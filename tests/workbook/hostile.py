"""Hostile and damaged files, made by script: each with the issue that must answer it, if any."""

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
GOOD: list[list[object]] = [["force", "personnel"], ["brigade", 4]]
"""What the small workbook holds that most of these files are made of."""


class Hostile(NamedTuple):
    """How a file is made, and the code, place and words of the issue that must answer it.

    An empty place means the file itself. Without a code, nothing that is read of the file does any
    harm: then `words` say why, and `rows` are those that must be read.
    """

    make: Callable[[], bytes]
    code: str
    where: str
    words: str
    rows: list[list[object]] = GOOD


def sst(texts: str) -> bytes:
    return with_part(STRINGS, f'<sst xmlns="{MAIN}">{texts}</sst>')


def styles(inside: str) -> bytes:
    return with_part(STYLES, f'<styleSheet xmlns="{MAIN}">{inside}</styleSheet>')


def number_formats() -> bytes:
    """Each of another kind, and each in use by a cell format."""
    known = "".join(f'<numFmt numFmtId="{i}" formatCode="{"y;" * 200}"/>' for i in range(12_000))
    used = "".join(f'<xf numFmtId="{i}"/>' for i in range(12_000))
    return styles(f"<numFmts>{known}</numFmts><cellXfs>{used}</cellXfs>")


def names(*texts: str) -> bytes:
    inside = "".join(
        f'<definedName name="n{i}">{text}</definedName>' for i, text in enumerate(texts)
    )
    return edited(BOOK, "<definedNames />", f"<definedNames>{inside}</definedNames>")  # fmt: skip


def many_cells() -> bytes:
    """Ten million cells in well under a megabyte."""
    return with_rows(("<row>" + "<c><v>1</v></c>" * 100 + "</row>") * 100_000)


def cells(rows: int, columns: int, cell: str) -> bytes:
    return with_rows(("<row>" + cell * columns + "</row>") * rows, STORED)


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
    """A drawing that shows one chart many times; a careless reader would read it each time."""
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
    """A sheet under another tag, with a name that looks like a picture's."""
    far = sheet_of('<row r="1048576"><c r="XFD1048576"/></row>')
    relation = f'Type="{OFFICE}/image" Target="media/image1.png"'
    listed = f'<picture xmlns:r="{OFFICE}" name="hidden" sheetId="7" r:id="rId77"/></sheets>'
    parts = parts_of(edited(BOOK, "</sheets>", listed))
    rest = parts[BOOK_RELATIONS].replace(
        b"</Relationships>", f'<Relationship Id="rId77" {relation}/></Relationships>'.encode()
    )
    return pack({**parts, BOOK_RELATIONS: rest, "xl/media/image1.png": far})


def overlong_xml(part: str) -> bytes:
    lines = "".join(f"{i * 7919 % 99991}\n" for i in range(3_000))
    return with_part(
        part, f'<styleSheet xmlns="{MAIN}">{lines * (41 * 2**20 // len(lines))}</styleSheet>'
    )


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
        "no relations": (lambda: without_part(BOOK_RELATIONS), "E-006", "", "what the part xl/workbook.xml points at cannot be found"),
        "no texts": (lambda: without_part(STRINGS), "", "", "no cell points at a shared string"),
        "no sheet": (lambda: without_part(SHEET), "E-006", "data", "its part xl/worksheets/sheet1.xml is missing"),
        "no relation": (lambda: edited(BOOK, "rId1", "rId99"), "E-006", "data", "its part of the file is missing"),
        "no text for a cell": (lambda: with_rows('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "E-006", "data!A1", "its text is missing in the file"),
        "no sheets": (lambda: edited(BOOK, '<sheet ', '<x/></sheets><sheet '), "E-006", "", "cannot"),
        "no comments": (lambda: missing("comments"), "", "", "comments are not read"),
        "another root": (lambda: with_part(SHEET, f'<sst xmlns="{MAIN}"/>'), "E-006", "", "xl/worksheets/sheet1.xml holds something else"),
        "one id twice": (lambda: with_part(BOOK_RELATIONS, TWICE), "E-006", "", "has the id 'rId1' twice"),
        "odd cell": (lambda: with_rows('<row><c r="A1:B2"/></row>'), "E-006", "data", "a cell has the address 'A1:B2'"),
        "Arabic digits": (lambda: with_rows('<row><c r="A\u0661\u0662"/></row>'), "E-006", "data", "a cell has the address"),
        "odd row": (lambda: with_rows('<row r="1e6"><c/></row>'), "E-006", "data", "a row has the address '1e6'"),
        "row in row": (lambda: with_rows('<row><c><row r="1048576"><c/></row></c></row>'), "E-006", "data!A1", "it has 'row' where none may be"),
        "odd comment": (lambda: commented("A1:XFD1048576"), "", "", "comments are not read", []),
        # --- strict, and document types
        "strict": (lambda: strict(BOOK), "", "", "both forms of the standard are read"),
        "strict sheet": (lambda: strict(SHEET), "", "", "both forms of the standard are read"),
        "unknown encoding": (lambda: with_part(SHEET, '<?xml version="1.0" encoding="foo"?>' + sheet_of()), "E-011", "", "in the encoding 'foo'"),
        "costly encoding": (lambda: with_part(SHEET, '<?xml version="1.0" encoding="punycode"?>' + sheet_of()), "E-011", "", "in the encoding 'punycode'"),
        "cell twice": (lambda: with_rows('<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), "E-006", "data!A1", "stands twice"),
        "billion laughs": (lambda: with_part(STRINGS, entities()), "E-008", "", "in xl/sharedStrings.xml"),
        "foreign entity": (lambda: with_part(STRINGS, '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'), "E-008", "", "document type"),
        "UTF-16": (lambda: with_part(STYLES, '<!DOCTYPE a SYSTEM "x"><a/>'.encode("utf-16")), "E-008", "", "styles.xml"),
        "a document type in a theme": (lambda: with_part(THEME, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "", "", "themes are not read"),
        "entity in relations": (lambda: with_part(BOOK_RELATIONS, "<!DOCTYPE a []><a/>"), "E-008", "", "workbook.xml.rels"),
        "entity in a picture": (lambda: with_part("xl/media/image1.svg", LAUGH), "", "", "pictures are not read"),
        # --- pointers
        "one sheet twice": (lambda: edited(BOOK, "</sheets>", f'<sheet xmlns:r="{OFFICE}" name="b" sheetId="2" r:id="rId1"/></sheets>'), "E-009", "", "two sheets are one part"),
        "two relations to one sheet": (zips.two_relations, "E-009", "", "two sheets are one part"),
        "one chart twice": (lambda: drawing(2), "", "", "charts are not read"),
        "one part a thousand times": (zips.thousand_pointers, "", "", "comments are not read"),
        # --- far
        "far cell": (lambda: with_rows('<row r="4"><c r="B4"><v>1</v></c></row>' + FAR), "E-020", "data!XFD1048576", "Delete the rows below 4 and the columns right of B in Excel"),
        "far empty cell": (lambda: with_rows('<row><c r="A1"><v>1</v></c></row><row r="1048576"><c r="C1048576" s="0"/></row>'), "", "", "empty cells count for nothing", [[1]]),
        "far row": (lambda: with_rows('<row><c r="A1"><v>1</v></c></row><row r="1048576"><c r="C1048576"><v>1</v></c></row>'), "E-020", "data!C1048576", "Delete the rows below 1 in Excel"),
        "far column": (lambda: with_rows('<row><c r="C1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'), "E-020", "data!XFD1", "Delete the columns right of C in Excel"),
        "only a far cell": (lambda: with_rows(FAR), "E-020", "data!XFD1048576", "move its table up to the top left"),
        "far without address": (lambda: with_rows('<row r="1048576"><c><v>1</v></c></row>'), "E-020", "data!A1048576", "rows and"),
        "far under another tag": (lambda: with_rows('<row><v r="XFD1048576"/></row>'), "E-006", "data!A1", "it has 'v' where none may be"),
        "far comment": (lambda: commented("XFD1048576"), "", "", "comments are not read", []),
        "far in a hidden sheet": (hidden_sheet, "", "", "what is not listed as a sheet is none"),
        "declared": (lambda: with_part(SHEET, sheet_of('<row><c><v>1</v></c></row>', f'<dimension ref="{ALL}"/>')), "", "", "cells count, not what the sheet says of them", [[1]]),
        "wide": (lambda: with_rows('<row r="1"><c r="ALL1"><v>1</v></c></row><row r="50000"><c r="A50000"><v>1</v></c></row>'), "E-020", "data", "reaches to ALL50000: 50,000,000 cells"),
        # --- many
        "ten million cells": (many_cells, "E-003", "", "unpacks to 144 MB"),
        "many cells": (lambda: cells(4_100, 100, '<c s="0"/>'), "", "", "empty cells count for nothing", []),
        "many filled cells": (lambda: cells(5_001, 100, "<c><v>1</v></c>"), "E-021", "data!A5001", "more than 500,000 filled cells"),
        "merged sheet": (lambda: with_tail(merges(1, ALL)), "", "", "of a merged range, the part in use counts", []),
        "merged columns": (lambda: with_tail(merges(1, "A:XFD")), "E-022", "data!A:XFD", "is a merged range that cannot be read"),
        "merged over and over": (lambda: with_part(SHEET, sheet_of('<row r="20"><c r="Z20"><v>1</v></c></row>', after=merges(300, "A1:Z20"))), "E-022", "data!A1:Z20", "overlaps other merged ranges"),
        "many merges": (lambda: with_tail(merges(20_001, "A1:B1")), "E-023", "data", "more than 20,000 merged ranges"),
        "linked sheet": (lambda: with_tail(link(ALL)), "", "", "links are not read", []),
        "linked block": (lambda: with_tail(link("A1:ALL200")), "", "", "links are not read", []),
        "many rules": (lambda: with_tail(rules(5_001, 1)), "", "", "conditional formats are not read", []),
        "many ranges": (lambda: with_tail(rules(500, 500)), "", "", "conditional formats are not read", []),
        "many validations": (lambda: with_tail(wrapped("dataValidations", [VALIDATION] * 5_001)), "", "", "validations are not read", []),
        "many columns": (lambda: with_part(SHEET, sheet_of("", wrapped("cols", ['<col min="1" max="1"/>'] * 16_385))), "", "", "columns that are not hidden count for nothing", []),
        "many rows": (lambda: with_rows("".join(f'<row r="{i}"/>' for i in range(1, 200_002))), "", "", "empty rows count for nothing", []),
        "many comments": (lambda: commented("B2", 10_001), "", "", "comments are not read", []),
        "many names": (lambda: names(*["1"] * 10_001), "", "", "names are not read"),
        "long name": (lambda: names("x" * 8_193), "", "", "names are not read"),
        "long names": (lambda: names(*["x" * 8_000] * 26), "", "", "names are not read"),
        "many sheets": (many_sheets, "", "", "each costs no more than its part", []),
        "many texts": (lambda: sst("<si><t/></si>" * 100_001), "", "", "they are short"),
        "long text": (lambda: sst(f"<si><t>{'long ' * 20_000}</t></si>"), "", "", "no cell points at it; what is too long for its column is told there"),
        "many formats": (lambda: styles('<xf numFmtId="0"/>' * 30_001), "", "", "no cell has them"),
        "many styles": (lambda: styles('<cellStyle/>' * 10_001), "", "", "no cell has them"),
        "many number formats": (lambda: styles('<numFmt/>' * 2_001), "", "", "no cell has them"),
        "many long number formats": (number_formats, "E-003", "", "more than 10,000 number formats in use"),
        "long number format": (lambda: styles(f'<numFmt formatCode="{"[" * 301}"/>'), "", "", "no cell has them"),
        "long formula": (lambda: shared_formulas("1+" * 4_097 + "1", 1), "", "", "formulas are not read", [[None]]),
        "copied formula": (lambda: shared_formulas("1+" * 4_000 + "1", 1_000), "", "", "formulas are not read", [[None], [None], [None]]),
        # --- XML that costs time or memory
        "many elements": (lambda: with_part(STYLES, f'<styleSheet xmlns="{MAIN}">{FONT * 310_000}</styleSheet>', STORED), "E-003", "", "more than 1,050,000 cells, values and texts"),
        "many attributes": (lambda: with_rows(("<row>" + "<c " + " ".join(f'{a}{b}=""' for a in "abcde" for b in "fghij") + "/></row>") * 200_100, STORED), "E-003", "data", "more than 5,000,000 attributes"),
        "much XML": (lambda: overlong_xml(STYLES), "E-003", "", "more than 40 MB of tables"),
        "much XML in a theme": (lambda: overlong_xml(THEME), "", "", "themes are not read"),
        "deep": (lambda: styles("<a>" * 5_000 + "</a>" * 5_000), "E-003", "", "inside each other"),
        "deep in a theme": (lambda: with_part(THEME, "<a>" * 5_000 + "</a>" * 5_000), "", "", "themes are not read"),
        "deep in a cell": (lambda: with_rows("<row><c>" + "<v>" * 500 + "</v>" * 500 + "</c></row>"), "E-003", "", "inside each other"),
        "endless tag": (lambda: with_part(STYLES, f"<styleSheet xmlns='{MAIN}' b='{'1234567' * 90_000}'/>", STORED), "E-003", "", "a tag or comment of more than half a MB"),
        "endless tag in a theme": (lambda: with_part(THEME, f"<a b='{'1234567' * 90_000}'/>", STORED), "", "", "themes are not read"),
        "endless comment": (lambda: with_part(STYLES, f"<styleSheet xmlns='{MAIN}'><!--{'1234567' * 90_000}--></styleSheet>", STORED), "E-003", "", "a tag or comment"),
        "endless comment in a theme": (lambda: with_part(THEME, f"<a><!--{'1234567' * 90_000}--></a>", STORED), "", "", "themes are not read"),
        "long namespace": (lambda: with_part(STYLES, f"<a xmlns='{'x' * 1_001}'/>"), "E-003", "", "a namespace of absurd length"),
        "long namespace in a theme": (lambda: with_part(THEME, f"<a xmlns='{'x' * 1_001}'/>"), "", "", "themes are not read"),
    }.items()
}  # fmt: skip
"""By name, every file that must be refused, or read at no cost."""


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

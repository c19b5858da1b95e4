"""Workbooks taken apart and packed again, to make what no spreadsheet program writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache

from openpyxl import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

SHEET = "xl/worksheets/sheet1.xml"
SHEET_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
BOOK = "xl/workbook.xml"
BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"

Parts = Mapping[str, bytes | str]


def bytes_of(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@cache
def good() -> bytes:
    """A small honest workbook with one sheet, `data`."""
    book = Workbook()
    sheet = book.active
    sheet.title = "data"
    sheet.append(["force", "personnel"])
    sheet.append(["brigade", 4])
    parts = parts_of(bytes_of(book))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    place = f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'
    types = parts[TYPES].replace(b"</Types>", place.encode())
    return pack({**parts, STRINGS: f'<sst xmlns="{MAIN}"><si><t>x</t></si></sst>', TYPES: types})


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def with_parts(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The small workbook with these parts added or put in place of its own."""
    return pack({**parts_of(good()), **parts}, method)


def with_part(name: str, part: bytes | str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return with_parts({name: part}, method)


def without_part(name: str) -> bytes:
    parts = parts_of(good())
    del parts[name]
    return pack(parts)


def edited(name: str, old: str, new: str) -> bytes:
    parts = parts_of(good())
    if old.encode() not in parts[name]:
        old = old.replace(" />", "/>")  # As openpyxl writes it where lxml is there.
    assert old.encode() in parts[name]
    return pack({**parts, name: parts[name].replace(old.encode(), new.encode(), 1)})


def sheet_of(rows: str = "", before: str = "", after: str = "") -> str:
    """A sheet part: what stands before its rows, its rows, and what stands after."""
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def with_rows(rows: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return with_part(SHEET, sheet_of(rows), method)


def with_tail(*elements: str) -> bytes:
    """The small workbook whose sheet has these elements after its rows."""
    return with_part(SHEET, sheet_of('<row r="1"><c r="A1"/></row>', after="".join(elements)))


def wrapped(tag: str, elements: Iterable[str]) -> str:
    return f"<{tag}>{''.join(elements)}</{tag}>"


def relations_of(*relations: tuple[str, str, str]) -> str:
    """A part of relations, each with its id, the last word of its kind, and its target."""
    return wrapped(
        f'Relationships xmlns="{PACKAGE}"',
        (
            f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
            for name, kind, target in relations
        ),
    ).replace(f'</Relationships xmlns="{PACKAGE}">', "</Relationships>")

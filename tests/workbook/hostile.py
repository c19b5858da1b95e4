"""Hostile and damaged files, made by script: each with the code and words that must answer it."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from openpyxl import Workbook
from openpyxl.comments import Comment

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OPEN_SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>'
CLOSE_SHEET = "</sheetData></worksheet>"
SHEET = "xl/worksheets/sheet1.xml"


def good() -> bytes:
    """A small honest workbook with one sheet, `data`."""
    book = Workbook()
    sheet = book.active
    sheet.title = "data"
    sheet.append(["force", "personnel"])
    sheet.append(["brigade", 4])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def with_part(name: str, part: bytes | str) -> bytes:
    return pack({**parts_of(good()), name: part})


def without_part(name: str) -> bytes:
    parts = parts_of(good())
    del parts[name]
    return pack(parts)


def with_rows(rows: str, tail: str = "") -> bytes:
    return with_part(SHEET, f"{OPEN_SHEET}{rows}</sheetData>{tail}</worksheet>")


def edited(name: str, old: bytes, new: bytes) -> bytes:
    parts = parts_of(good())
    assert old in parts[name]
    return pack({**parts, name: parts[name].replace(old, new, 1)})


def many_cells() -> bytes:
    """Ten million cells in well under a megabyte."""
    row = "<row>" + "<c><v>1</v></c>" * 100 + "</row>"
    return with_part(SHEET, OPEN_SHEET + row * 100_000 + CLOSE_SHEET)


def some_cells_too_many() -> bytes:
    """Just over the limit, packed so well as ordinary files are."""
    rows = "".join(
        "<row>" + "".join(f"<c><v>{(i * 7919 + j * 104729) % 99991}</v></c>" for j in range(100))
        + "</row>"
        for i in range(1_600)
    )  # fmt: skip
    return with_part(SHEET, OPEN_SHEET + rows + CLOSE_SHEET)


def far_comment() -> bytes:
    book = Workbook()
    book.active.title = "data"
    book.active["B2"].comment = Comment("x", "y")
    content = io.BytesIO()
    book.save(content)
    parts = parts_of(content.getvalue())
    (name,) = (name for name in parts if "comment" in name and name.endswith(".xml"))
    return pack({**parts, name: parts[name].replace(b'ref="B2"', b'ref="XFD1048576"')})


def bomb_of_strings() -> bytes:
    texts = "".join(f"<si><t>{i * 7919 % 99991}</t></si>" for i in range(160_000))
    return with_part("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{texts}</sst>')


def deep_xml() -> bytes:
    return with_part("xl/theme/theme1.xml", "<a>" * 5_000 + "</a>" * 5_000)


def many_elements() -> bytes:
    styles = "".join(f'<xf n="{i * 7919 % 99991}"/>' for i in range(550_000))
    return with_part("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')


def many_sheets() -> bytes:
    book = Workbook()
    for _ in range(300):
        book.create_sheet()
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def double_entry() -> bytes:
    content = io.BytesIO(good())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(SHEET.upper(), OPEN_SHEET + CLOSE_SHEET)
    return content.getvalue()


def overlapping_parts() -> bytes:
    """Two entries of the directory that point at the same bytes (Fifield 2019)."""
    content = io.BytesIO(good())
    with zipfile.ZipFile(content, "a") as archive:
        twin = zipfile.ZipInfo("xl/twin.xml")
        first = archive.getinfo(SHEET)
        for name in ("compress_size", "file_size", "CRC", "header_offset", "compress_type"):
            setattr(twin, name, getattr(first, name))
        twin.flag_bits = first.flag_bits
        archive.filelist.append(twin)
        archive.NameToInfo[twin.filename] = twin
        archive._didModify = True
    return content.getvalue()


def wrong_checksum() -> bytes:
    content = bytearray(pack(parts_of(good()), zipfile.ZIP_STORED))
    place = content.index(b"brigade")
    content[place] ^= 1
    return bytes(content)


def wrong_size() -> bytes:
    """A part that claims 10 bytes and unpacks to a hundred million."""
    content = bytearray(with_part("xl/big.xml", b"<a>" + b" " * 10**8 + b"</a>"))
    packed = content.rindex(b"PK\x01\x02")
    while content[packed + 46 : packed + 56] != b"xl/big.xml":
        packed = content.rindex(b"PK\x01\x02", 0, packed)
    struct.pack_into("<I", content, packed + 24, 10)
    return bytes(content)


def encrypted_entry() -> bytes:
    content = bytearray(good())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def unusual_packing() -> bytes:
    return pack(parts_of(good()), zipfile.ZIP_LZMA)


def billion_laughs() -> bytes:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    text = f"<!DOCTYPE sst [{entities}]><sst xmlns='{MAIN}'><si><t>&i;</t></si></sst>"
    return with_part("xl/sharedStrings.xml", text)


def foreign_entity() -> bytes:
    text = f'<!DOCTYPE sst SYSTEM "file:///etc/passwd"><sst xmlns="{MAIN}"/>'
    return with_part("xl/sharedStrings.xml", text)


def in_utf16(text: str) -> bytes:
    return text.encode("utf-16")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
WHOLE = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'

HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "old xls": (lambda: OLE, "E-002", "is an old .xls file"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "E-004", "a password"),
    "encrypted entry": (encrypted_entry, "E-004", "has a password"),
    "csv": (lambda: b"force,personnel\nbrigade,4\n", "E-002", "is a text file (CSV?)"),
    "html": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "E-002", "a web page"),
    "xml": (lambda: b"<?xml version='1.0'?><Workbook/>", "E-002", "is an XML file"),
    "empty": (lambda: b"", "E-002", "is empty"),
    "noise": (lambda: bytes(range(256)) * 10, "E-002", "is not an .xlsx workbook"),
    "zip of something": (lambda: pack({"readme.txt": "hello"}), "E-002", "is a zip file but not"),
    "ods": (lambda: pack({"mimetype": "x", "content.xml": "<a/>"}), "E-002", "OpenDocument"),
    "docx": (lambda: pack({"word/document.xml": "<a/>"}), "E-002", "is a Word document"),
    "xlsb": (lambda: pack({"xl/workbook.bin": "x"}), "E-002", "is a binary workbook"),
    "macros": (lambda: with_part("xl/vbaProject.bin", b"x"), "E-005", "has macros"),
    "truncated": (lambda: good()[:-400], "E-006", "or is damaged"),
    "half": (lambda: good()[: len(good()) // 2], "E-006", "or is damaged"),
    "wrong checksum": (wrong_checksum, "E-006", "cannot be unpacked"),
    "wrong size": (wrong_size, "E-006", "cannot be unpacked"),
    "not xml": (lambda: with_part(SHEET, "<worksheet><sheetData>"), "E-006", "is not XML"),
    "no workbook": (lambda: without_part("xl/workbook.xml"), "E-006", "is missing"),
    "no relations": (lambda: without_part("xl/_rels/workbook.xml.rels"), "E-006", "is missing"),
    "no sheet": (lambda: without_part(SHEET), "E-006", 'the sheet "data" is missing'),
    "double entry": (double_entry, "E-006", "stand twice"),
    "overlapping parts": (overlapping_parts, "E-006", "stand twice"),
    "path to elsewhere": (lambda: with_part("../../etc/x", b"x"), "E-006", "other folders"),
    "absolute path": (lambda: with_part("/etc/x", b"x"), "E-006", "other folders"),
    "unusual packing": (unusual_packing, "E-006", "unusual way"),
    "strict": (
        lambda: edited("xl/workbook.xml", MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
        "E-007",
        "Strict Open XML",
    ),
    "billion laughs": (billion_laughs, "E-008", "declares entities"),
    "foreign entity": (foreign_entity, "E-008", "declares entities"),
    "foreign entity in UTF-16": (
        lambda: with_part("xl/theme/theme1.xml", in_utf16('<!DOCTYPE a SYSTEM "file:///x"><a/>')),
        "E-008",
        "declares entities",
    ),
    "entity in relations": (
        lambda: with_part("xl/_rels/workbook.xml.rels", "<!DOCTYPE a []><Relationships/>"),
        "E-008",
        "declares entities",
    ),
    "bomb of spaces": (lambda: with_part(SHEET, "<a>" + " " * 10**8 + "</a>"), "E-003", "packed"),
    "ten million cells": (many_cells, "E-003", "packed"),
    "a few cells too many": (some_cells_too_many, "E-003", "over 150,000 cells"),
    "far cell": (lambda: with_rows(FAR), "E-003", "reaches to row 1,048,576 and column 16,384"),
    "far empty cell": (
        lambda: with_rows('<row><c r="A1"/></row><row r="1048576"><c r="C1048576" s="1"/></row>'),
        "E-003",
        "reaches to row 1,048,576 and column 3",
    ),
    "far comment": (far_comment, "E-003", "reaches to row 1,048,576"),
    "merged sheet": (lambda: with_rows("", WHOLE), "E-003", "merged cells or links"),
    "linked sheet": (
        lambda: with_rows("", '<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'),
        "E-003",
        "merged cells or links",
    ),
    "many merges": (
        lambda: with_rows(
            "",
            "<mergeCells>"
            + "".join(f'<mergeCell ref="A{i}:B{i}"/>' for i in range(1, 6_000))
            + "</mergeCells>",
        ),
        "E-003",
        "merged cells or links",
    ),
    "odd cell": (lambda: with_rows('<row><c r="A1:B2"/></row>'), "E-006", 'a cell at "A1:B2"'),
    "many texts": (bomb_of_strings, "E-003", "over 150,000 texts"),
    "deep xml": (deep_xml, "E-003", "far more in it"),
    "many elements": (many_elements, "E-003", "far more in it"),
    "many sheets": (many_sheets, "E-003", "has 301 sheets"),
}  # fmt: skip
"""By name: how the file is made, the code that must answer it, and words of the answer."""

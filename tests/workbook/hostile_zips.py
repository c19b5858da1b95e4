"""Files that are hostile or damaged from the outside: disguises, passwords, zip directories."""

# ruff: noqa: E501 (the table of cases has one a line)

from __future__ import annotations

import io
import random
import struct
import zipfile

from packing import (
    BOOK,
    BOOK_RELATIONS,
    MAIN,
    OFFICE,
    SHEET,
    SHEET_RELATIONS,
    STYLES,
    edited,
    good,
    pack,
    parts_of,
    relations_of,
    with_part,
    with_parts,
)

_ENTRY = b"PK\x01\x02"
_CSV = "force,personnel\nbrigade,4\n"


def ole(*streams: str) -> bytes:
    """The container of old Office files and of encrypted ones, with streams of these names."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "".join(streams).encode("utf-16-le")


def double_entry() -> bytes:
    content = io.BytesIO(good())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(SHEET.upper(), "<worksheet/>")
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


def quoted_parts() -> bytes:
    """A part whose bytes hold the next part, header and all."""
    inner = pack({"xl/inner.xml": "<a/>"}, zipfile.ZIP_STORED)
    content = io.BytesIO(with_part("xl/outer.bin", inner, zipfile.ZIP_STORED))
    with zipfile.ZipFile(content, "a") as archive:
        outer = archive.getinfo("xl/outer.bin")
        twin = zipfile.ZipInfo("xl/inner.xml")
        twin.compress_size = twin.file_size = 4
        twin.CRC = zipfile.crc32(b"<a/>")
        twin.header_offset = outer.header_offset + 30 + len("xl/outer.bin")
        archive.filelist.append(twin)
        archive.NameToInfo[twin.filename] = twin
        archive._didModify = True
    return content.getvalue()


def wrong_checksum() -> bytes:
    content = bytearray(pack(parts_of(good()), zipfile.ZIP_STORED))
    content[content.index(b"brigade")] ^= 1
    return bytes(content)


def declared(size: int) -> bytes:
    """Number formats of a million bytes that declare another size."""
    text = random.Random(1).randbytes(500_000).hex()
    content = bytearray(with_part(STYLES, f'<styleSheet xmlns="{MAIN}">{text}</styleSheet>'))
    entry = content.rindex(_ENTRY)
    while content[entry + 46 : entry + 46 + len(STYLES)] != STYLES.encode():
        entry = content.rindex(_ENTRY, 0, entry)
    struct.pack_into("<I", content, entry + 24, size)
    return bytes(content)


def much() -> bytes:
    """Pictures of a hundred megabytes, packed no better than honest parts are."""
    block = random.Random(1).randbytes(8_000)
    picture = block * (17 * 2**20 // len(block))
    return with_parts({f"xl/media/{i}.bmp": picture for i in range(6)})


def encrypted_entry() -> bytes:
    content = bytearray(good())
    content[content.index(_ENTRY) + 8] |= 1
    return bytes(content)


def renamed(name: str) -> bytes:
    """A part with a name that zipfile itself would not write."""
    spare = "x" * len(name)
    return with_part(spare, b"x").replace(spare.encode(), name.encode())


def thousand_pointers() -> bytes:
    """A thousand relations to one part, which a careless reader would read a thousand times."""
    pointers = [(f"rId{i}", "comments", "../big.xml") for i in range(1_000)]
    return with_parts({"xl/big.xml": "<a>" + "<b/>" * 200 + "</a>", SHEET_RELATIONS: relations_of(*pointers)})  # fmt: skip


def two_relations() -> bytes:
    sheet = f'<sheet xmlns:r="{OFFICE}" name="b" sheetId="2" r:id="rId77"/></sheets>'
    parts = parts_of(edited(BOOK, "</sheets>", sheet))
    again = f'<Relationship Id="rId77" Type="{OFFICE}/worksheet" Target="/{SHEET}"/>'
    more = parts[BOOK_RELATIONS].replace(
        b"</Relationships>", f"{again}</Relationships>".encode()
    )  # fmt: skip
    return pack({**parts, BOOK_RELATIONS: more})


CASES = {
    # --- disguises
    "old xls": (lambda: ole("Workbook"), "E-002", "", "is an old Excel workbook (.xls). Open it in Excel and save"),
    "unknown ole": (lambda: ole(), "E-002", "", "is an old .xls file or has a password"),
    "old Word": (lambda: ole("WordDocument"), "E-002", "", "is a Word or PowerPoint document"),
    "csv": (lambda: _CSV.encode(), "E-002", "", "is plain text, such as CSV"),
    "csv in Latin 1": (lambda: "état;1\n".encode("latin-1") * 90, "E-002", "", "such as CSV"),
    "csv in UTF-16": (lambda: _CSV.encode("utf-16"), "E-002", "", "such as CSV"),
    "html": (lambda: b"\n<HTML><table><tr><td>1</td></tr></table>", "E-002", "", "is a web page (HTML)"),
    "mhtml": (lambda: b"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "E-002", "", "is a web page (MHTML)"),
    "xml of 2003": (lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "E-002", "", "Excel 2003"),
    "xml": (lambda: b'<?xml version="1.0"?><a/>', "E-002", "", "is an XML file"),
    "pdf": (lambda: b"%PDF-1.7\n", "E-002", "", "is a PDF document"),
    "git lfs": (lambda: b"version https://git-lfs.github.com/spec/v1\n", "E-002", "", "git lfs pull"),
    "empty": (lambda: b"", "E-002", "", "is empty"),
    "zeros": (lambda: b"\0" * 9_000, "E-002", "", "is nothing but zero bytes"),
    "noise": (lambda: bytes(range(1, 256)) * 10 + b"\0", "E-002", "", "is in an unknown format"),
    "zip of something": (lambda: pack({"readme.txt": "hello"}), "E-002", "", "is a zip file but not"),
    "zip of a workbook": (lambda: pack({"a/book.xlsx": good()}), "E-002", "", "is a zip file with a workbook in it"),
    "ods": (lambda: pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "E-002", "", "is an OpenDocument file (.ods)"),
    "xlsb": (lambda: pack({"xl/workbook.bin": "x"}), "E-002", "", "is a binary workbook (.xlsb)"),
    "numbers": (lambda: pack({"Index/Document.iwa": "x"}), "E-002", "", "is an Apple Numbers file"),
    "docx": (lambda: pack({"word/document.xml": "<a/>"}), "E-002", "", "but a Word document"),
    # --- passwords
    "password": (lambda: ole("EncryptedPackage"), "E-004", "", "has a password. Open it in Excel, clear"),
    "sensitivity label": (lambda: ole("EncryptedPackage", "DRMEncryptedTransform"), "E-012", "", "by a sensitivity label"),
    "encrypted entry": (encrypted_entry, "E-004", "", "is a zip file with a password"),
    # --- damaged
    "truncated": (lambda: good()[:-400], "E-006", "", "its end is missing or broken"),
    "half": (lambda: good()[: len(good()) // 2], "E-006", "", "its end is missing or broken"),
    "wrong checksum": (wrong_checksum, "E-006", "", "sheet1.xml cannot be read"),
    "declares less": (lambda: declared(10), "E-006", "", "xl/styles.xml cannot be read"),
    "declares more": (lambda: declared(2_000_000), "E-006", "", "xl/styles.xml cannot be read"),
    # --- zip directories
    "double entry": (double_entry, "E-009", "", "has two parts named 'XL/WORKSHEETS/SHEET1.XML'"),
    "overlapping parts": (overlapping_parts, "E-009", "", "that overlap"),
    "quoted parts": (quoted_parts, "E-009", "", "that overlap"),
    "something in front": (lambda: pack({"a": "b"})[:40] + good(), "E-009", "", "or lie outside the file"),
    "path to elsewhere": (lambda: with_part("../../etc/x", b"x"), "E-009", "", "a part named '../../etc/x'"),
    "absolute path": (lambda: renamed("/etc/passwd"), "E-009", "", "points outside the workbook"),
    "backslashes": (lambda: renamed("..\\..\\evil"), "E-009", "", "points outside the workbook"),
    "zero in a name": (lambda: renamed("xl/a\0.xml"), "E-009", "", "a part named 'xl/a?.xml'"),
    "unusual packing": (lambda: pack(parts_of(good()), zipfile.ZIP_LZMA), "E-009", "", "in a way that Excel cannot open"),
    "many parts": (lambda: with_parts({f"xl/{i}": b"" for i in range(2_001)}), "E-003", "", "more than 2,000 parts"),
    "bomb of spaces": (lambda: with_part(SHEET, "<a>" + " " * (90 * 2**20) + "</a>"), "E-003", "", "is packed"),
    "much": (much, "E-003", "", "unpacks to 102 MB"),
}  # fmt: skip
"""By name: how the file is made, code and place of the issue, and words of it."""

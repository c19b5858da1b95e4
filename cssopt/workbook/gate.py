"""A look at a file before any parser opens it: only a believable, harmless .xlsx passes."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.workbook.scan import DamagedPartError, Scan

MAX_FILE = 50 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_RATIO = 200
MAX_PARTS = 2000

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_AS_XLSX = "Open it in Excel and save it as 'Excel Workbook (.xlsx)'."
_OTHERS = {
    "xl/workbook.bin": "is a binary workbook (.xlsb)",
    "word/document.xml": "is a Word document",
    "ppt/presentation.xml": "is a presentation",
    "content.xml": "is an OpenDocument file (.ods)",
}


def check_file(path: Path) -> bytes:
    """The bytes of a file that is a plain workbook without anything dangerous in it.

    Nothing is unpacked beyond the limits, and no parser of spreadsheets sees the file before.
    Raises DataError with every reason why it may not be opened.
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise _refuse(path, "E-001", "is a folder. Name a workbook (.xlsx).")
        if size > MAX_FILE:
            limit = f"{MAX_FILE // 2**20} MB"
            raise _refuse(path, "E-003", f"has {size / 2**20:.0f} MB; at most {limit} are read.")
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        text = f"cannot be read: {reason}. Check the path and your permission."
        raise _refuse(path, "E-001", text) from error
    _check_kind(path, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(path, archive)
            issues = Scan(archive).issues()
    except DamagedPartError as error:
        raise _refuse(path, "E-006", f"{error} {_AS_XLSX}") from error
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as error:
        text = f"is not an .xlsx workbook, or is damaged. {_AS_XLSX}"
        raise _refuse(path, "E-006", text) from error
    if issues:
        raise DataError(issues, path.name)
    return content


def _refuse(path: Path, code: str, text: str) -> DataError:
    return DataError([Issue(code, path.name, text)], path.name)


def _check_kind(path: Path, content: bytes) -> None:
    """Tell what is no zip file by its first bytes."""
    if content.startswith(b"PK"):
        return
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            text = "has a password. Save it without one."
            raise _refuse(path, "E-004", text)
        raise _refuse(path, "E-002", f"is an old .xls file. {_AS_XLSX}")
    start = content[:512].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not content:
        kind = "is empty"
    elif start.startswith((b"<html", b"<!doctype html", b"<table")):
        kind = "is a web page, not a workbook"
    elif start.startswith(b"<"):
        kind = "is an XML file, not a workbook"
    elif b"\0" not in content[:512]:
        kind = "is a text file (CSV?), not a workbook"
    else:
        kind = "is not an .xlsx workbook, or is damaged"
    raise _refuse(path, "E-002", f"{kind}. {_AS_XLSX}")


def _check_directory(path: Path, archive: zipfile.ZipFile) -> None:
    """What the directory of the archive tells without unpacking anything."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        text = f"unpacks to {unpacked / 2**20:.0f} MB in {len(parts)} parts; this is no input."
        raise _refuse(path, "E-003", text)
    if unpacked > 2**20 and unpacked / packed > MAX_RATIO:
        text = f"is packed {unpacked / packed:.0f} times over; this is no input."
        raise _refuse(path, "E-003", text)
    if any(part.flag_bits & 1 for part in parts):
        raise _refuse(path, "E-004", "has a password. Save it without one.")
    if any(part.compress_type not in _METHODS for part in parts):
        raise _refuse(path, "E-006", f"is packed in an unusual way. {_AS_XLSX}")
    if len(set(map(str.lower, names))) < len(names) or _overlap(parts):
        raise _refuse(path, "E-006", f"has parts that stand twice in it. {_AS_XLSX}")
    if any(_leads_outside(name) for name in names):
        raise _refuse(path, "E-006", f"has parts with names of other folders. {_AS_XLSX}")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refuse(path, "E-005", "has macros. Save it as .xlsx, which has none.")
    for part, kind in _OTHERS.items():
        if part in names and "xl/workbook.xml" not in names:
            raise _refuse(path, "E-002", f"{kind}. {_AS_XLSX}")
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        text = f"is a zip file but not an .xlsx workbook. {_AS_XLSX}"
        raise _refuse(path, "E-002", text)


def _overlap(parts: list[zipfile.ZipInfo]) -> bool:
    """True where parts share bytes: a small file that unpacks to a huge one."""
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            return True
        end = part.header_offset + part.compress_size
    return False


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name

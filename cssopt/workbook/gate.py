"""A look at a file before any parser opens it: only a believable .xlsx passes."""

from __future__ import annotations

import zipfile
from pathlib import Path

from cssopt.errors import DataError
from cssopt.issues import Issue

MAX_FILE = 50 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_RATIO = 200
MAX_PARTS = 2000

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def check_file(path: Path) -> bytes:
    """The bytes of a file that looks like a plain workbook.

    Raises DataError with the one reason why it may not be opened.
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
    if content.startswith(_OLD_EXCEL):
        text = "is an old .xls file or has a password. Save it as .xlsx without a password."
        raise _refuse(path, "E-002", text)
    _check_directory(path)
    return content


def _refuse(path: Path, code: str, text: str) -> DataError:
    return DataError([Issue(code, path.name, text)], path.name)


def _check_directory(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        text = "is not an .xlsx workbook, or is damaged. Open it in Excel and save it as .xlsx."
        raise _refuse(path, "E-002", text) from error
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        text = f"unpacks to {unpacked / 2**20:.0f} MB in {len(parts)} parts; this is no input."
        raise _refuse(path, "E-003", text)
    if unpacked > 2**20 and unpacked / packed > MAX_RATIO:
        text = f"is packed {unpacked / packed:.0f} times over; this is no input."
        raise _refuse(path, "E-003", text)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refuse(path, "E-002", "has macros. Save it as .xlsx, which has none.")
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        text = "is a zip file but not an .xlsx workbook. Save the workbook as .xlsx."
        raise _refuse(path, "E-002", text)

"""The zip directory of a workbook: nothing is unpacked before it adds up."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote

from cssopt.tables.tidy import show_line
from cssopt.workbook.gate.disguise import DisguiseFault
from cssopt.workbook.gate.limits import CHUNK, MAX_PARTS, MAX_RATIO, MAX_UNPACKED, MB

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)
"""What zipfile raises on damaged archives and parts."""


class BrokenPartError(Exception):
    """A part cannot be unpacked, or is not what the directory says."""


_LOCAL = b"PK\x03\x04"
_LOCAL_SIZE = 30
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_COPY = "Copy its tables into a new workbook."
_REPACK = "Open it in Excel and save it anew."
_DRIVE = re.compile("[a-z]:")


def open_archive(content: bytes) -> zipfile.ZipFile | DisguiseFault:
    """The archive in the bytes of a file, or why it cannot be opened."""
    if content.count(_ENTRY) > MAX_PARTS:
        # zipfile makes an object of every entry, whatever number the directory declares.
        return "E-003", f"has more than {MAX_PARTS:,} parts in its zip directory. {_COPY}"
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except BROKEN:
        text = (
            "is damaged: its end is missing or broken, as after a download that stopped. "
            "Copy or download it again."
        )
        return "E-006", text


def find_directory_faults(archive: zipfile.ZipFile, content: bytes) -> list[DisguiseFault]:
    """Everything in the directory of an archive that no program that writes workbooks makes."""
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        return [("E-004", "is a zip file with a password. Save the workbook without a password.")]
    faults = [*_size_faults(parts), *_name_faults(parts)]
    if any(part.compress_type not in _METHODS for part in parts):
        text = (
            "is packed in a way that Excel cannot open. Save it as .xlsx in the program that "
            "wrote it."
        )
        faults.append(("E-009", text))
    if _overlap(parts, content, archive.start_dir):
        text = (
            "has parts in its zip directory that overlap or lie outside the file. Copy or "
            "download it again; if it stays so, do not use it."
        )
        faults.append(("E-009", text))
    return faults


def read_chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Bytes of a part, a chunk at a time; raises BrokenPartError where it is damaged."""
    size = 0
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                yield chunk
    except BROKEN as error:
        raise BrokenPartError from error
    if size != part.file_size:
        raise BrokenPartError


def clean(text: str, most: int = 60) -> str:
    """A name out of a file, fit for a message: short and printable."""
    shown = show_line(text[: most + 1])
    return shown if len(text) <= most else shown[:most] + "..."


def _size_faults(parts: list[zipfile.ZipInfo]) -> Iterator[DisguiseFault]:
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if unpacked > MB and unpacked / packed > MAX_RATIO:
        text = (
            f"is packed {unpacked / packed:,.0f} times over; at most {MAX_RATIO} times is read. "
            "Do not use it; ask its sender how it was made."
        )
        yield "E-003", text
    elif unpacked > MAX_UNPACKED:
        text = (
            f"unpacks to {unpacked / MB:,.0f} MB; at most {MAX_UNPACKED // MB} MB are read. "
            "Remove pictures and all that is not input."
        )
        yield "E-003", text


def fold_part(name: str) -> str:
    """The name of a part as names are compared: without case, escapes, and the slashes of DOS."""
    return unquote(name).replace("\\", "/").lower().removeprefix("./")


def rels_of(part: str) -> str:
    """The name of the part that holds the relations of a part; of the package itself for ""."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def name_of(part: zipfile.ZipInfo) -> str:
    """The name by which others point at a part."""
    return fold_part(part.orig_filename)


def _name_faults(parts: list[zipfile.ZipInfo]) -> Iterator[DisguiseFault]:
    seen: set[str] = set()
    for part in parts:
        name = name_of(part)
        if name.startswith("/") or ".." in name.split("/") or _DRIVE.match(name) or "\0" in name:
            text = (
                f"has a part named '{clean(part.orig_filename)}', which points outside the "
                "workbook. Do not use it; ask its sender how it was made."
            )
            yield "E-009", text
            return
        if name in seen and not part.is_dir():
            text = (
                f"has two parts named '{clean(part.orig_filename)}', so that programs read "
                f"different things. {_REPACK}"
            )
            yield "E-009", text
            return
        seen.add(name)


def _overlap(parts: list[zipfile.ZipInfo], content: bytes, end: int) -> bool:
    """Whether any two parts share bytes, as in bombs that unpack the same bytes many times."""
    offsets = sorted(part.header_offset for part in parts)
    if not offsets or offsets[0] != 0:
        return True
    follows = dict(pairwise([*offsets, end]))
    if len(follows) != len(parts):
        return True
    for part in parts:
        start = part.header_offset
        header = content[start : start + _LOCAL_SIZE]
        if len(header) < _LOCAL_SIZE or not header.startswith(_LOCAL):
            return True
        name, extra = struct.unpack("<HH", header[26:])
        if start + _LOCAL_SIZE + name + extra + part.compress_size > follows[start]:
            return True
    return False

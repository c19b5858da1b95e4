"""Reading a folder of CSV files, one file per sheet, as raw cells."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.header import fold_header
from cssopt.tables.numbers import UNKNOWN
from cssopt.tables.raw import RawBook, RawSheet
from cssopt.tables.spec import Table
from cssopt.workbook.csv_file import (
    MAX_AREA,
    SEPARATORS,
    CsvSheet,
    read_csv_bytes,
    read_table,
)

MAX_FILES: Final = 200
MAX_BYTES: Final = 50 * 2**20
"""All files of a folder together, as much as one workbook may have."""

_SYSTEM: Final = frozenset(
    ("thumbs.db", "desktop.ini", "__macosx", "icon\r", "$recycle.bin", "system volume information")
)
"""What operating systems keep in a folder; hidden files and those of open workbooks are others."""

_TABLE_ENDINGS: Final = frozenset((".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"))
"""Endings of files that may hold a table all the same."""


def read_csv_folder(folder: Path, tables: Mapping[str, Table]) -> RawBook:
    """Read every .csv file of a folder as a sheet of its name.

    Every cell is kept as the text that it is, with how its file writes numbers; the declared
    `tables` tell separator and header. Files of the operating system are passed over, others are
    noted. Cells are addressed as in a spreadsheet (``inventory!B7``). Raises DataError with every
    file of a table that cannot be read.
    """
    files, others = _list_files(folder)
    if not files:
        text = "is a folder without .csv files. Name a workbook (.xlsx), or a folder of tables."
        raise DataError([Issue("E-001", folder.name, text)], folder.name)
    if len(files) > MAX_FILES:
        text = f"has {len(files)} .csv files; at most {MAX_FILES} are read."
        raise DataError([Issue("E-003", folder.name, text)], folder.name)
    issues = [*_find_doubles(files, tables), *_find_other_tables(files, others, tables)]
    digest = hashlib.sha256()
    read: list[CsvSheet] = []
    doubts: list[Issue] = _note_others(folder, others)
    for path in files:
        try:
            content = read_csv_bytes(path)
            digest.update(path.name.encode(errors="surrogateescape") + b"\0")
            digest.update(hashlib.sha256(content).digest())
            read.append(read_table(path, content, tables))
        except DataError as error:
            if fold_header(path.stem) in tables:
                issues += error.issues
            else:
                text = f"is no table of the model, and could not be read: {error.issues[0].text}"
                doubts.append(Issue("N-115", path.name, text))
                read.append(CsvSheet(RawSheet(path.stem, ()), "", UNKNOWN))
    issues = issues or _find_excess(folder, files, read)
    if issues:
        raise DataError(issues, folder.name)
    sheets: dict[str, RawSheet] = {}
    for path, found in zip(files, read, strict=True):
        # Files that no table has the name of may differ in the case of their ending only.
        sheets[path.name if path.stem in sheets else path.stem] = found.sheet
    doubts += _note_styles(folder, (found for found in read if _is_sound(found.sheet, tables)))
    return RawBook(folder.name, digest.hexdigest(), sheets, tuple(doubts))


def _list_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """The .csv files of a folder and all else in it, without what a system put there."""
    try:
        paths = sorted(path for path in folder.iterdir() if not _is_of_system(path.name))
    except OSError as error:
        text = f"cannot be read: {error.strerror}. Check your permission."
        raise DataError([Issue("E-001", folder.name, text)], folder.name) from error
    files = [path for path in paths if path.suffix.lower() == ".csv"]
    return files, [path for path in paths if path.suffix.lower() != ".csv"]


def _is_of_system(name: str) -> bool:
    return name.startswith((".", "~")) or name.lower() in _SYSTEM


def _is_sound(sheet: RawSheet, tables: Mapping[str, Table]) -> bool:
    return sheet.fault is None and fold_header(sheet.name) in tables


def _find_doubles(files: Iterable[Path], tables: Mapping[str, Table]) -> list[Issue]:
    """Two files of one table, whose names differ in case or spaces only."""
    first: dict[str, Path] = {}
    issues = []
    for path in files:
        name = fold_header(path.stem)
        if name in first and name in tables:
            text = f'is a second file of the table "{name}", beside {first[name].name}. Remove one.'
            issues.append(Issue("E-207", path.name, text))
        first.setdefault(name, path)
    return issues


def _find_other_tables(
    files: Sequence[Path], others: Iterable[Path], tables: Mapping[str, Table]
) -> list[Issue]:
    """Files that have the name of a table which no .csv file is, and another ending."""
    read = {fold_header(path.stem) for path in files}
    return [
        Issue(
            "E-114",
            path.name,
            f'has the name of the table "{fold_header(path.stem)}", and only .csv files are read '
            f"from a folder. Save it as {path.stem}.csv, or rename it.",
        )
        for path in others
        if path.suffix.lower() in _TABLE_ENDINGS
        and fold_header(path.stem) in tables
        and fold_header(path.stem) not in read
    ]


def _note_others(folder: Path, others: Sequence[Path]) -> list[Issue]:
    if not others:
        return []
    names = [f"{path.name}/" if path.is_dir() else path.name for path in others[:10]]
    more = f" and {len(others) - 10} more" if len(others) > 10 else ""
    text = f"beside the .csv files, and not read: {', '.join(names)}{more}"
    return [Issue("N-115", folder.name, text)]


def _find_excess(folder: Path, files: Sequence[Path], read: Sequence[CsvSheet]) -> list[Issue]:
    """Files that are each small enough, and too much together."""
    area = sum(len(row) for found in read for row in found.sheet.rows)
    size = sum(path.stat().st_size for path in files)
    if area <= MAX_AREA and size <= MAX_BYTES:
        return []
    text = f"has {area:,} cells and {size / 2**20:.0f} MB in all; at most {MAX_AREA:,} cells and "
    text += f"{MAX_BYTES // 2**20} MB are read. Remove what is not input."
    return [Issue("E-003", folder.name, text)]


def _note_styles(folder: Path, read: Iterable[CsvSheet]) -> list[Issue]:
    """How files were understood: a note for each convention other than commas and a point."""
    alike: dict[tuple[str, str], list[CsvSheet]] = {}
    for found in read:
        alike.setdefault((found.separator, found.style.decimal), []).append(found)
    notes = []
    for (separator, decimal), files in alike.items():
        if separator == "," and decimal != ",":
            continue
        between = SEPARATORS.get(separator, f'"{separator}"')
        mark = {",": "a decimal comma", ".": "a decimal point"}.get(decimal)
        shown = f" (as {files[0].shown} shows)" if files[0].shown and mark else ""
        numbers = f"numbers with {mark}{shown}" if mark else "no number with decimals"
        names = ", ".join(found.sheet.name for found in files)
        text = f"cells are taken to be separated by {between}, {numbers}: {names}"
        notes.append(Issue("N-113", folder.name, text))
    return notes

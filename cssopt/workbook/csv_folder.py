"""Reading a folder of CSV files, one file per sheet, as raw cells."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.collection import no_collection
from cssopt.tables.header import fold_header
from cssopt.tables.numbers import UNKNOWN
from cssopt.tables.raw import RawBook, RawSheet
from cssopt.tables.spec import Table
from cssopt.tables.tidy import show_line
from cssopt.workbook.csv_file import CsvSheet, read_table
from cssopt.workbook.csv_rows import MAX_AREA, SEPARATORS, read_csv_bytes

MAX_FILES: Final = 200
MAX_BYTES: Final = 50 * 2**20
"""All files of a folder together, as much as one workbook may have."""

_SYSTEM: Final = frozenset(
    ("thumbs.db", "desktop.ini", "__macosx", "icon\r", "$recycle.bin", "system volume information")
)
"""What operating systems keep in a folder; hidden files and those of open workbooks are others."""

_TABLE_ENDINGS: Final = frozenset((".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"))
"""Endings of files that may hold a table all the same."""


@no_collection()
def read_csv_folder(folder: Path, tables: Mapping[str, Table]) -> RawBook:
    """Read every .csv file of a folder as a sheet of its name.

    Every cell is kept as the text that it is, with how its file writes numbers; the declared
    `tables` tell separator and header. Files of the operating system are passed over, others are
    noted. Cells are addressed as in a spreadsheet (``inventory!B7``). Raises DataError with every
    file of a table that cannot be read.
    """
    name = show_line(folder.name or folder.resolve().name)
    paths, others = _list_files(folder, name)
    if not paths:
        text = "is a folder without .csv files. Name a workbook (.xlsx), or a folder of tables."
        raise DataError([Issue("E-001", name, text)], name)
    if len(paths) > MAX_FILES:
        text = f"has {len(paths)} .csv files; at most {MAX_FILES} are read."
        raise DataError([Issue("E-003", name, text)], name)
    files = _name_files(paths, tables)
    issues = [*_find_doubles(files), *_find_other_tables(files, others, tables)]
    doubts = [*_note_names(files, name), *_note_others(others, name)]
    digest = hashlib.sha256()
    read: list[CsvSheet] = []
    size = area = 0
    for file in files:
        try:
            content = read_csv_bytes(file.path)
            digest.update(file.path.name.encode(errors="surrogateescape") + b"\0")
            digest.update(hashlib.sha256(content).digest())
            read.append(read_table(file.path, content, file.title, file.table))
        except DataError as error:
            if file.table is not None:
                issues += error.issues
            text = f"is no table of the model, and could not be read: {error.issues[0].text}"
            doubts.append(Issue("N-115", show_line(file.path.name), text))
            read.append(CsvSheet(RawSheet(file.title, ()), "", UNKNOWN))
        else:
            if file.path.is_symlink() and folder.resolve() not in file.path.resolve().parents:
                text = (
                    "is a link to a file outside of the folder, which is read: who is given the "
                    "folder has another one there"
                )
                doubts.append(Issue("N-121", show_line(file.path.name), text))
            size += len(content)
            area += read[-1].area
        if area > MAX_AREA or size > MAX_BYTES:
            most = f"at most {MAX_AREA:,} cells and {MAX_BYTES // 2**20} MB are read of a folder"
            text = f"is too much after {len(read)} files: {most}. Remove what is not input."
            raise DataError([Issue("E-003", name, text)], name)
    if issues:
        raise DataError(issues, name)
    known = (found for file, found in zip(files, read, strict=True) if file.table)
    doubts += _note_styles(known, name)
    sheets = {found.sheet.name: found.sheet for found in read}
    return RawBook(name, digest.hexdigest(), sheets, tuple(doubts))


_NUMBER = re.compile(r"^\d{1,3}_")
"""The number that a file has in the order of its folder."""


@dataclass(frozen=True)
class _File:
    """A .csv file: the title of its sheet, and the table that it is; None where it is none."""

    path: Path
    title: str
    table: Table | None


def _list_files(folder: Path, name: str) -> tuple[list[Path], list[Path]]:
    """The .csv files of a folder and all else in it, without what a system put there."""
    try:
        paths = sorted(path for path in folder.iterdir() if not is_of_system(path.name))
    except OSError as error:
        text = f"cannot be read: {error.strerror}. Check your permission."
        raise DataError([Issue("E-001", name, text)], name) from error
    files = [path for path in paths if path.suffix.lower() == ".csv"]
    return files, [path for path in paths if path.suffix.lower() != ".csv"]


def _name_files(paths: Sequence[Path], tables: Mapping[str, Table]) -> list[_File]:
    """The files with their titles, each of which is another one.

    LibreOffice and others put the name of the workbook before that of each sheet,
    ``alliance-members.csv``; planners add a version, or number files in their order. That is left
    out where no file has the plain name of a table.
    """
    plain = any(fold_header(path.stem) in tables for path in paths)
    begin, end = ("", "") if plain else _around(paths, tables)
    files: list[_File] = []
    titles: set[str] = set()
    for path in paths:
        title = show_line(path.stem)
        stem = title if plain else _fold_name(title)
        if stem.startswith(begin) and stem.endswith(end):
            core = stem.removeprefix(begin).removesuffix(end)
            title = core if begin or end or core in tables else title
        table = tables.get(fold_header(title))
        # Files that no table has the name of may differ in the case of their ending only.
        files.append(_File(path, show_line(path.name) if title in titles else title, table))
        titles.add(title)
    return files


def _fold_name(stem: str) -> str:
    """The name of a file as it is compared: points as hyphens, without a number before it."""
    return _NUMBER.sub("", fold_header(stem.replace(".", " ")))


def _around(paths: Iterable[Path], tables: Mapping[str, Table]) -> tuple[str, str]:
    """What stands before and after the names of most tables; empty where so of one at most."""
    found: Counter[tuple[str, str]] = Counter()
    for path in paths:
        stem = f"_{_fold_name(path.stem)}_"
        for table in tables:
            begin, here, end = stem.partition(f"_{table}_")
            if here:
                found[f"{begin}_"[1:], f"_{end}"[:-1]] += 1
    ((around, count),) = found.most_common(1) or [(("", ""), 0)]
    return around if count > 1 else ("", "")


def is_of_system(name: str) -> bool:
    """True for the name of a file that no person made."""
    return name.startswith((".", "~")) or name.lower() in _SYSTEM


def _find_doubles(files: Iterable[_File]) -> list[Issue]:
    """Two files of one table, whose names differ in case or spaces only."""
    first: dict[str, Path] = {}
    issues = []
    for file in files:
        if file.table is None:
            continue
        if file.table.name in first:
            beside = show_line(first[file.table.name].name)
            text = (
                f'is a second file of the table "{file.table.name}", beside {beside}. Remove one.'
            )
            issues.append(Issue("E-207", show_line(file.path.name), text))
        first.setdefault(file.table.name, file.path)
    return issues


def _find_other_tables(
    files: Iterable[_File], others: Iterable[Path], tables: Mapping[str, Table]
) -> list[Issue]:
    """Files that have the name of a table which no .csv file is, and another ending."""
    absent = set(tables) - {file.table.name for file in files if file.table}
    return [
        Issue(
            "E-114",
            show_line(path.name),
            f'has the name of the table "{fold_header(path.stem)}", and only .csv files are read '
            f"from a folder. Save it as {show_line(path.stem)}.csv, or rename it.",
        )
        for path in others
        if path.suffix.lower() in _TABLE_ENDINGS and fold_header(path.stem) in absent
    ]


def _note_names(files: Iterable[_File], name: str) -> list[Issue]:
    cut = [file for file in files if file.table and fold_header(file.path.stem) != file.table.name]
    if not cut:
        return []
    text = (
        "files are taken for tables whose names stand in theirs: "
        f"{show_line(cut[0].path.name)} for "
    )
    return [Issue("N-116", name, f'{text}"{cut[0].title}", and so on')]


def _note_others(others: Sequence[Path], name: str) -> list[Issue]:
    if not others:
        return []
    names = [show_line(path.name) + "/" * path.is_dir() for path in others[:10]]
    more = f" and {len(others) - 10} more" if len(others) > 10 else ""
    text = f"beside the .csv files, and not read: {', '.join(names)}{more}"
    return [Issue("N-115", name, text)]


def _note_styles(read: Iterable[CsvSheet], name: str) -> list[Issue]:
    """How files were understood: a note for each convention other than commas and a point."""
    alike: dict[tuple[str, str], list[CsvSheet]] = {}
    for found in read:
        if found.sheet.fault is None and (found.separator, found.style.decimal) != (",", "."):
            alike.setdefault((found.separator, found.style.decimal), []).append(found)
    notes = []
    for (separator, decimal), files in alike.items():
        between = SEPARATORS.get(separator, f'"{separator}"')
        mark = {",": "a decimal comma", ".": "a decimal point"}.get(decimal)
        shown = f" (as {files[0].shown} shows)" if files[0].shown and mark else ""
        numbers = f"numbers with {mark}{shown}" if mark else "no number with a decimal mark"
        names = ", ".join(found.sheet.name for found in files)
        text = f"cells are taken to be separated by {between}, {numbers}: {names}"
        notes.append(Issue("N-113", name, text))
    return notes

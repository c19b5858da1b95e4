"""Every format that a document is written in: one entry each, and one way to write them all.

What writes a format is loaded only where it is asked for.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from cssopt import interrupt
from cssopt.document.document import Document, Pairs, Table
from cssopt.document.run_facts import describe_run_facts
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.language import in_language
from cssopt.render.atomic import replace_file
from cssopt.render.place import OutputFiles, OutputPlace, name_kept, write_answer, write_json
from cssopt.tables.convert import quote

Files = Mapping[str, Callable[[Path], None]]
"""What writes each file, by its name."""


def _xlsx(document: Document) -> Files:
    from cssopt.render.xlsx.document_book import write_document_xlsx

    return {f"{document.facts.file}.xlsx": partial(write_document_xlsx, document=document)}


def _html(document: Document) -> Files:
    from cssopt.render.html.page import render_html

    def write(path: Path) -> None:
        replace_file(path, render_html(document).encode("utf-8", "backslashreplace"))

    return {f"{document.facts.file}.html": write}


def _json(document: Document) -> Files:
    from cssopt.render.document_json import document_facts

    def write(path: Path) -> None:
        text = json.dumps(document_facts(document), indent=2, allow_nan=False)
        replace_file(path, f"{text}\n".encode())

    return {f"{document.facts.file}.json": write}


def _parquet(document: Document) -> Files:
    from cssopt.render.parquet import write_parquet

    names = document.data or document.tables
    tables = [one for name, one in document.tables.items() if name in names]
    return {
        f"{_name_file(one.name)}.parquet": partial(
            write_parquet, table=one, run_id=document.facts.run_id
        )
        for one in tables
        if isinstance(one, Table)
    }


def _name_file(table: str) -> str:
    """The name of a table as that of a file; models may give a table any name, which gets a hash
    where it is no name of files everywhere."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", table)[:80]
    if plain == table and not _DEVICES.fullmatch(table):
        return table
    return f"{plain}-{hashlib.sha256(table.encode('utf-8', 'replace')).hexdigest()[:8]}"


_DEVICES: Final = re.compile(r"|con|prn|aux|nul|(com|lpt)\d", re.IGNORECASE)
"""Names of files that no system, or not every one, has."""


def _pptx(document: Document) -> Files:
    from cssopt.render.pptx.deck import write_pptx

    return {f"{document.facts.file}.pptx": partial(write_pptx, document=document)}


def _pdf(document: Document) -> Files:
    from cssopt.render.pdf import write_pdf

    return {f"{document.facts.file}.pdf": partial(write_pdf, document=document)}


FORMATS: Final[Mapping[str, Callable[[Document], Files]]] = {
    "xlsx": _xlsx,
    "html": _html,
    "json": _json,
    "parquet": _parquet,
    "pptx": _pptx,
    "pdf": _pdf,
}
"""The files of a document in each format."""

OF_PAGES: Final = ("pptx", "pdf")
"""Formats of the pages for deciders alone."""


def _lacks_parquet() -> str:
    from cssopt.render.parquet import NO_PARQUET, can_write_parquet

    return "" if can_write_parquet() else NO_PARQUET


def _lacks_pptx() -> str:
    from cssopt.render.pptx.deck import NO_PPTX, can_write_pptx

    return "" if can_write_pptx() else NO_PPTX


def _lacks_pdf() -> str:
    from cssopt.render.pdf import NO_PDF, can_write_pdf

    return "" if can_write_pdf() else NO_PDF


_LACKS: Final[Mapping[str, Callable[[], str]]] = {
    "parquet": _lacks_parquet,
    "pptx": _lacks_pptx,
    "pdf": _lacks_pdf,
}
"""What to tell where what a format needs is not installed; empty where it is."""

FIGURES: Final = "figures"
"""Name of the table of single figures under names for programs: they stand in the record too."""

USUAL_FORMATS: Final = ("xlsx", "html")

NO_FORMAT: Final = "none"
"""The word for: write no file."""


def read_formats(text: str) -> tuple[str, ...]:
    """The formats of a list such as ``xlsx,html``; none for ``none``.

    Raises DataError as `check_formats`.
    """
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",")))
    if names == (NO_FORMAT,):
        return ()
    check_formats(names)
    return names


def can_be_written(formats: Sequence[str]) -> tuple[str, ...]:
    """Those of the formats for which all that they need is installed."""
    return tuple(name for name in formats if name not in _LACKS or not _LACKS[name]())


def check_formats(names: Sequence[str]) -> None:
    """DataError (E-542) for a format that there is not, or where none is named."""
    known = ", ".join(FORMATS)
    issues = [
        Issue("E-542", "--formats", f"{quote(name)} is no format. Write some of {known}, or none.")
        for name in names
        if name not in FORMATS
    ]
    if not names:
        issues = [Issue("E-542", "--formats", f"names no format. Write some of {known}.")]
    issues += [
        Issue("E-542", "--formats", told)
        for name, lacks in _LACKS.items()
        if name in names and (told := lacks())
    ]
    if issues:
        raise DataError(issues)


def check_pages(names: Sequence[str], *, has_pages: bool) -> None:
    """DataError (E-542) for a format of pages for deciders where an answer has none."""
    if not has_pages and (asked := [name for name in names if name in OF_PAGES]):
        text = (
            f"{quote(asked[0])} has the pages for deciders, and this answer has none. Those of "
            "solve, compare and cost have them."
        )
        raise DataError([Issue("E-542", "--formats", text)])


def name_files(file: str, formats: Sequence[str]) -> tuple[str, ...]:
    """Names of the files of an answer that are known before it: the first bears its record."""
    known = tuple(f"{file}.{ending}" for ending in formats if ending != "parquet")
    return known or (name_kept(file),)


def _keep(path: Path, document: Document) -> None:
    from cssopt.document.stored import store_document

    write_json(path, store_document(document), is_for_people=False)


def describe_run(document: Document) -> dict[str, Any]:
    """The run record: verdict and facts, and the figures that have names of their own."""
    figures = document.tables.get(FIGURES)
    named = figures.records() if isinstance(figures, Pairs) else []
    return {
        **describe_run_facts(document.facts),
        "verdict": document.verdict,
        "figures": {one["label"]: one["value"] for one in named},
    }


def write_document(
    folder: Path,
    document: Document,
    formats: Sequence[str] = USUAL_FORMATS,
    *,
    is_again: bool = False,
) -> OutputPlace:
    """Write a document in these formats; beside the first its run record, and the answer itself,
    kept so that it can be written again in any format.

    An earlier answer is replaced where it answers the same question about the same input and nobody
    changed it; otherwise the new one gets a number. `is_again`: of a kept run, which replaces its
    own files only. Raises ReportError where it cannot be written, saying where it is kept, and
    DataError as `check_formats`.
    """
    check_formats(formats)
    check_pages(formats, has_pages=any(sheet.is_page for sheet in document.sheets))
    with in_language(document.language):
        return _write_document(folder, document, formats, is_again=is_again)


def _write_document(
    folder: Path, document: Document, formats: Sequence[str], *, is_again: bool
) -> OutputPlace:
    from cssopt.document.stored import store_document

    if interrupt.came() and not is_again:
        document = replace(document, facts=replace(document.facts, was_cut=True))
    files: dict[str, Callable[[Path], None]] = {}
    for ending in formats:
        files |= FORMATS[ending](document)
    first, *_ = name_files(document.facts.file, formats)
    kept = name_kept(document.facts.file)
    files[kept] = partial(_keep, document=document)

    def write(place: OutputPlace) -> None:
        for name, write_one in files.items():
            write_one(place.path if name == first else place.beside(name))

    record = describe_run(document)
    beside = tuple(name for name in files if name != first)
    own = document.facts.run_id if is_again else ""
    answer = OutputFiles(write, lambda: record, lambda: store_document(document), beside, kept, own)
    return write_answer(folder / first, document.facts, answer)

"""Every format that a document is written in: one entry each, and one way to write them all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from cssopt.document.document import Document
from cssopt.document.run_facts import describe_run_facts
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.render.atomic import replace_file
from cssopt.render.document_json import document_facts
from cssopt.render.html.page import render_html
from cssopt.render.place import OutputFiles, OutputPlace, write_answer
from cssopt.render.xlsx.document_book import write_document_xlsx
from cssopt.tables.convert import quote


def _write_html(path: Path, document: Document) -> None:
    replace_file(path, render_html(document).encode("utf-8", "backslashreplace"))


def _write_json(path: Path, document: Document) -> None:
    text = json.dumps(document_facts(document), indent=2, allow_nan=False)
    replace_file(path, f"{text}\n".encode())


FORMATS: Final[Mapping[str, Callable[[Path, Document], None]]] = {
    "xlsx": write_document_xlsx,
    "html": _write_html,
    "json": _write_json,
}
"""What writes a document into a file, by the ending of its name."""

USUAL_FORMATS: Final = ("xlsx", "html")

NO_FORMAT: Final = "none"
"""The word for: write no file."""


def read_formats(text: str) -> tuple[str, ...]:
    """The formats of a list such as ``xlsx,html``; none for ``none``.

    Raises DataError (E-542) for one that there is not.
    """
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",")))
    if names == (NO_FORMAT,):
        return ()
    check_formats(names)
    return names


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
    if issues:
        raise DataError(issues)


def name_files(file: str, formats: Sequence[str]) -> tuple[str, ...]:
    """Names of the files of an answer, the first of which has its record beside it."""
    return tuple(f"{file}.{ending}" for ending in formats)


def write_document(
    folder: Path, document: Document, formats: Sequence[str] = USUAL_FORMATS
) -> OutputPlace:
    """Write a document in these formats, and its run record beside the first.

    An earlier answer is replaced where it answers the same question about the same input and nobody
    changed it; otherwise the new one gets a number. Raises ReportError where it cannot be written,
    saying where it is kept, and DataError as `check_formats`.
    """
    check_formats(formats)
    facts = document.facts
    first, *beside = name_files(facts.file or facts.question, formats)

    def write(place: OutputPlace) -> None:
        FORMATS[formats[0]](place.path, document)
        for name, ending in zip(beside, formats[1:], strict=True):
            FORMATS[ending](place.beside(name), document)

    record = describe_run_facts(facts)
    answer = OutputFiles(write, lambda: record, lambda: document_facts(document), tuple(beside))
    return write_answer(folder / first, facts, answer)

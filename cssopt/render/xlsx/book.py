"""A report workbook: opened with its properties, written whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from cssopt.document.run_facts import RunFacts
from cssopt.render.atomic import replace_file

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Options of a workbook in which no text of the inputs becomes anything but text."""

RUN_ID: Final = "cssopt run id"
"""Name of the document property by which programs find the run of a workbook."""


@contextmanager
def open_book(path: Path, title: str, marking: str, facts: RunFacts) -> Iterator[Any]:
    """Give an empty workbook with its properties, and write it to an .xlsx file at the end.

    Raises ReportError where the file cannot be written; an earlier one is then intact.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, SAFE)
    book.set_properties(
        {"title": title, "comments": marking, "created": facts.begun.replace(tzinfo=None)}
    )
    book.set_custom_property(RUN_ID, facts.run_id)
    yield book
    book.close()
    replace_file(path, content.getvalue())

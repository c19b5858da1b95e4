"""A report workbook: opened with its properties, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

import xlsxwriter

from cssopt.document.run_facts import RunFacts
from cssopt.render.screen import printable

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
def open_book(content: IO[bytes], title: str, marking: str, facts: RunFacts) -> Iterator[Any]:
    """Give an empty workbook with its properties, which is in `content` at the end."""
    book = xlsxwriter.Workbook(content, SAFE)
    texts = {"title": printable(title), "comments": printable(marking)}
    book.set_properties({**texts, "created": facts.begun.replace(tzinfo=None)})
    book.set_custom_property(RUN_ID, facts.run_id)
    yield book
    book.close()

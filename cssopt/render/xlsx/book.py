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
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.run_sheets import write_run
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Options of a workbook in which no text of the inputs becomes anything but text."""

RUN_ID: Final = "cssopt run id"
"""Name of the document property by which programs find the run of a workbook."""


class ReportOnBase(Report):
    """A report on many plans: its head tells the verdict of the base plan, and says so."""

    @property
    def verdict(self) -> str:
        """Whether the base plan meets the threats."""
        return f"Base plan: {super().verdict}"


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


@contextmanager
def write_book(
    path: Path,
    solution: Solution,
    baseline: Baseline | None,
    facts: RunFacts,
    kind: type[Report] = Report,
) -> Iterator[Report]:
    """Give a report to fill with sheets, and write it to an .xlsx file at the end.

    The sheet Run comes last, in every workbook. Raises ReportError where the file cannot be
    written; an earlier one is then intact.
    """
    horizon = solution.data.horizon
    with open_book(path, horizon.title, horizon.marking or "", facts) as book:
        report = kind.begin(book, solution, baseline, facts)
        yield report
        write_run(report)
        for page in report.pages.values():
            page.finish()

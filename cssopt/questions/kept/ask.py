"""The verbs `report` and `compare_runs`: answers that were kept, shown again and told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cssopt.document.document import Document
from cssopt.questions.kept.differences import compare_documents
from cssopt.render.document_json import document_facts
from cssopt.render.formats import USUAL_FORMATS, write_document
from cssopt.render.html.page import render_html
from cssopt.render.kept_run import find_folder_of, read_run
from cssopt.render.place import OutputPlace
from cssopt.solution.verdicts import Audits
from cssopt.solve.outcome import Status

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Kept:
    """An answer that is read, not worked out; it shows itself as when it was.

    Attributes
    ----------
    document: the answer. folder: where its files go by default; None: nowhere.
    is_again: True of a kept run; False of what was told apart just now.
    """

    document: Document
    folder: Path | None = None
    is_again: bool = True

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table by its name: as the method gave it, where that was kept; else as shown."""
        kept = {table.name: table for table in self.document.kept}
        return {name: table.frame for name, table in {**self.document.tables, **kept}.items()}

    @property
    def status(self) -> Status:
        """How it ended."""
        facts = self.document.facts
        return Status.INTERRUPTED if facts.was_cut else Status(facts.status)

    @property
    def audits(self) -> Audits:
        """The audits of all plans whose figures are shown."""
        return self.document.facts.audits

    def facts(self) -> dict[str, Any]:
        """The answer as one JSON object (see ``docs/answer.schema.json``)."""
        return document_facts(self.document)

    def write(
        self, folder: str | Path | None = None, formats: Sequence[str] = USUAL_FORMATS
    ) -> OutputPlace:
        """Write it into a folder, by default that of the run, and say where.

        Raises ReportError where it cannot be written, ValueError without any folder, and DataError
        (E-542) for a format that there is not.
        """
        place = self.folder if folder is None else Path(folder)
        if place is None:
            raise ValueError("Name a folder.")
        return write_document(place, self.document, formats, is_again=self.is_again)

    def __repr__(self) -> str:
        return f"<{self.document.facts.question}, kept: {self.status}>"

    def _repr_html_(self) -> str:
        return render_html(self.document)


def report(run: Path | str) -> Kept:
    """The answer of a kept run; nothing is solved.

    Parameters
    ----------
    run : Path | str
        Its folder, its run record, or a file that it wrote.

    Returns
    -------
    Kept
        With `document`, `tables` and `write`.

    Raises
    ------
    DataError
        Where none is kept there, or where it was changed (E-570).
    """
    path = Path(run)
    return Kept(read_run(path), find_folder_of(path))


def compare_runs(first: Path | str, second: Path | str) -> Kept:
    """What differs between two kept runs of the same command.

    Parameters
    ----------
    first : Path | str
        Its folder, its run record, or a file that it wrote.
    second : Path | str
        The other run, likewise.

    Returns
    -------
    Kept
        With `document`, `tables` and `write`.

    Raises
    ------
    DataError
        As `report`, and for runs of different commands or in different languages (E-571).
    """
    return Kept(compare_documents(read_run(Path(first)), read_run(Path(second))), is_again=False)

"""The pages for deciders as a PDF: their sheets of the workbook, printed by LibreOffice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from cssopt.document.document import Document
from cssopt.errors import PrintError
from cssopt.render.atomic import replace_file
from cssopt.render.xlsx.document_book import make_document_xlsx

NO_PDF: Final = (
    "No PDF can be written, for LibreOffice (soffice) is not installed. Install it, and the same "
    "command again; or print the HTML or the workbook."
)
"""What to tell where `can_write_pdf` is False."""

_PROGRAMS: Final = ("soffice", "libreoffice")
_SECONDS: Final = 180.0
"""After which LibreOffice is ended: it takes some seconds."""
_PRINTED: Final = "printed"


def can_write_pdf() -> bool:
    """True where LibreOffice is installed."""
    return _find_program() is not None


def write_pdf(path: Path, document: Document) -> None:
    """Write the pages whole or not at all; PrintError where LibreOffice fails, ReportError where
    they cannot be written.

    LibreOffice runs with a profile of its own, which is gone afterwards: nothing of the user's is
    read or changed, and no other window of it is in the way. Ask `can_write_pdf` first.
    """
    with tempfile.TemporaryDirectory(prefix="cssopt-pdf-") as folder:
        book = Path(folder) / f"{_PRINTED}.xlsx"
        # Not as a file of the answer: those take their places together, once all are made.
        book.write_bytes(make_document_xlsx(document, only_pages=True))
        told = _print(book)
        made = book.with_suffix(".pdf")
        if not made.is_file():
            raise PrintError(f"{path}: LibreOffice wrote no PDF: {told or 'it said nothing'}.")
        content = made.read_bytes()
    replace_file(path, content)


def _find_program() -> str | None:
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def _print(book: Path) -> str:
    """Print a workbook beside itself; what LibreOffice said."""
    folder = book.parent
    command = [
        _find_program() or _PROGRAMS[0],
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--convert-to", "pdf:calc_pdf_Export", "--outdir", str(folder), str(book)),
    ]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            return process.communicate(timeout=_SECONDS)[0].strip()
        except subprocess.TimeoutExpired:
            return f"it was ended after {_SECONDS:g} s"
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End what still runs: soffice is a script that starts another program."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:  # Windows
        process.kill()
    process.wait()

"""The pages as a PDF: LibreOffice is told what to print, and its faults are told."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from made_workbook import make_pages

from cssopt.errors import DataError, PrintError
from cssopt.render import pdf
from cssopt.render.formats import can_be_written, check_formats, write_document
from cssopt.render.kept_run import read_run
from cssopt.render.pdf import can_write_pdf, write_pdf
from cssopt.render.xlsx.document_book import make_document_xlsx


def install(folder, monkeypatch, body):
    """A program of ours in place of LibreOffice."""
    program = folder / "soffice"
    program.write_text(f"#!{sys.executable}\nimport sys, time, pathlib\n{textwrap.dedent(body)}")
    program.chmod(0o755)
    monkeypatch.setattr(pdf, "_find_program", lambda: str(program))


PRINTS = """
    book = pathlib.Path(sys.argv[-1])
    assert book.read_bytes()[:2] == b"PK"
    book.with_suffix(".pdf").write_bytes(b"%PDF " + " ".join(sys.argv[1:]).encode())
"""


def test_it_prints_with_a_profile_of_its_own_that_is_gone_afterwards(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, PRINTS)
    write_pdf(tmp_path / "report.pdf", make_pages())
    said = (tmp_path / "report.pdf").read_text()
    assert said.startswith("%PDF -env:UserInstallation=file:///")
    assert "--headless" in said
    profile = said.split("UserInstallation=file://")[1].split()[0]
    assert not Path(profile).parent.exists()


def test_a_fault_of_libreoffice_is_told_and_an_earlier_pdf_is_intact(tmp_path, monkeypatch):
    (tmp_path / "report.pdf").write_bytes(b"earlier")
    install(tmp_path, monkeypatch, "print('no such filter')")
    with pytest.raises(PrintError, match="no such filter"):
        write_pdf(tmp_path / "report.pdf", make_pages())
    assert (tmp_path / "report.pdf").read_bytes() == b"earlier"


def test_it_is_written_together_with_other_files(tmp_path, monkeypatch):
    """LibreOffice reads its workbook before the files of the run take their places."""
    install(tmp_path, monkeypatch, PRINTS)
    write_document(tmp_path / "run", make_pages(), ("html", "pdf"))
    written = {path.suffix for path in (tmp_path / "run").iterdir()}
    assert written == {".html", ".json", ".pdf"}


def test_an_answer_is_kept_where_it_cannot_be_printed(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, "print('no such filter')")
    pages = make_pages()
    pages = replace(pages, facts=replace(pages.facts, status="optimal"))
    with pytest.raises(PrintError) as told:
        write_document(tmp_path / "run", pages, ("html", "pdf"))
    (note,) = told.value.__notes__
    assert "cssopt report" in note
    (kept,) = (tmp_path / "run").glob("*-solved-1.json")
    assert read_run(kept).title == pages.title


@pytest.mark.medium
def test_it_is_ended_where_it_takes_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "_SECONDS", 0.3)
    install(tmp_path, monkeypatch, "time.sleep(60)")
    with pytest.raises(PrintError, match="it was ended after"):
        write_pdf(tmp_path / "report.pdf", make_pages())


def test_without_libreoffice_it_is_said_what_to_do(monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    assert not can_write_pdf()
    assert can_be_written(("html", "pdf")) == ("html",)
    with pytest.raises(DataError, match="LibreOffice"):
        check_formats(("pdf",))


def test_only_pages_are_printed_and_what_they_read_is_hidden(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(make_document_xlsx(make_pages(), only_pages=True))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    shown = {sheet.title: sheet.sheet_state for sheet in book}
    assert shown == {
        **dict.fromkeys(("Decision", "Needs", "Who pays", "How sure"), "visible"),
        "Figures": "hidden",
    }

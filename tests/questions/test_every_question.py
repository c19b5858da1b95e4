"""Every question in every rendering: each number is that of its table, and each text is a text."""

from __future__ import annotations

import pytest
from all_questions import ASKED, NAMES, ask
from made_documents import PageReader
from rendering_checks import (
    BookReader,
    check_book,
    check_drawings,
    check_json,
    check_native_charts,
    check_page,
    check_parquet,
    check_screen,
    count_numbers,
    find_unmeasured,
)

from cssopt.questions.question import QUESTIONS, load_questions
from cssopt.render.document_json import document_facts
from cssopt.render.formats import write_document
from cssopt.render.html.page import render_html
from cssopt.render.kept_run import read_run

load_questions()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where files of all questions stand."""
    return tmp_path_factory.mktemp("every_question")


@pytest.fixture(params=ASKED)
def document(request, folder):
    """The answer of one question."""
    return ask(request.param, folder).document


def test_every_question_is_asked():
    assert {name.partition("-")[0] for name in ASKED} - {"weight"} == set(QUESTIONS)


@pytest.mark.medium
def test_every_number_of_every_rendering_is_that_of_its_table(document, tmp_path):
    """The workbook and the JSON have all tables, whole; HTML has pages alone where there are some.

    The screen shows what its sheets keep for it: of pages no table that a chart draws, and of one
    of sentences its first row. Of dots a drawing is only asked for a mark each. Waterfalls and
    ranges of the workbook are bars upon invisible ones: where each begins and how long it is
    follows from the table, and its name tells its number.
    """
    numbers = count_numbers(document)
    page = render_html(document)
    write_document(tmp_path, document, ("xlsx", "parquet"))
    book = BookReader(document, tmp_path / f"{document.facts.file}.xlsx")
    assert check_json(document) == check_book(book) == numbers
    has_pages = any(sheet.is_page for sheet in document.sheets)
    assert check_page(document, page) == count_numbers(document, only_pages=has_pages)
    check_screen(document)
    check_parquet(document, tmp_path)
    check_drawings(document)
    check_native_charts(book)


@pytest.mark.medium
def test_an_answer_that_was_kept_says_what_it_said(document, tmp_path):
    place = write_document(tmp_path, document, ("json",))
    assert document_facts(read_run(place.path.parent)) == document_facts(document)


@pytest.mark.medium
def test_no_name_acts_in_a_page(document):
    page = PageReader(render_html(document))
    names = {name for name, _ in page.elements}
    assert not names & {"img", "b-", "iframe", "link", "object", "form"}
    assert sum(name == "script" for name, _ in page.elements) == 1
    assert NAMES[0] in str(page.texts) or not document.marking


@pytest.mark.medium
def test_every_number_says_what_it_counts(document):
    assert list(find_unmeasured(document)) == []


@pytest.mark.medium
def test_runs_are_not_told_apart_by_their_seconds(folder):
    cells = ask("compare-runs", folder).document.table("cells")
    assert cells.rows
    assert "seconds" not in cells.column("column")

"""Options --brief and --annex: some pages alone."""

from __future__ import annotations

import re

import pytest
from books import make_case
from openpyxl import load_workbook
from small_alliance import CODE_LIKE, make_facts, make_sheets

import cssopt
from cssopt.document.stored import store_document
from cssopt.errors import DataError
from cssopt.questions.plan.pages.chosen_pages import find_member, name_file
from cssopt.questions.plan.pages.page import PAGE_FIGURES
from cssopt.questions.plan.show import Shown, show_plan
from cssopt.render.formats import write_document

NAMES = {"ALF": "Alfland", "BEL": "Belmark", "X-1": "Twin", "X.1": "Twin"}


@pytest.mark.parametrize("wanted", ["ALF", "alf", "Alfland", "ALFLAND"])
def test_a_member_is_found_by_code_or_name(wanted):
    assert find_member(wanted, NAMES) == "ALF"


@pytest.mark.parametrize("wanted", ["Nowhere", "", "Twin"])
def test_one_that_is_none_or_several_is_told_with_those_there_are(wanted):
    with pytest.raises(DataError) as told:
        find_member(wanted, NAMES)
    (issue,) = told.value.issues
    assert issue.code == "E-574"
    assert "ALF (Alfland), BEL (Belmark)" in issue.text


def test_the_file_of_a_page_has_the_code_made_safe():
    assert name_file(["ALF", "BEL"], "ALF") == "annex-ALF"
    odd = ["../etc", "..-etc", "\u0410\u0411", "../etc/"]
    files = [name_file(odd, code) for code in odd]
    assert files == ["annex-etc-1", "annex-etc-2", "annex-member-3", "annex-etc-4"]
    # A code may itself look like a name with a place.
    alike = ["A-2", "A!", "3", "\u0411"]
    assert len({name_file(alike, code) for code in alike}) == len(alike)


def test_the_decision_page_alone(met):
    document = show_plan(*met, make_facts(), Shown(brief=True))
    whole = show_plan(*met, make_facts())
    pages = [sheet.name for sheet in document.sheets if sheet.is_page]
    assert pages == ["Decision"]
    assert document.sheets[0] == next(s for s in whole.sheets if s.is_page)
    assert document.facts.file == "brief"
    assert [t.name for s in document.sheets[1:] for t in s.tables] == [PAGE_FIGURES]
    store_document(document)


def test_the_page_of_one_member_alone(met):
    document = show_plan(*met, make_facts(), Shown(annex="BEL"))
    assert [sheet.name for sheet in document.sheets] == [f"Annex: {CODE_LIKE['BEL']}"]
    assert document.facts.file == "annex-BEL"
    assert document.sheets[0].on_screen


@pytest.mark.medium
def test_no_figure_of_a_page_alone_leads_to_a_page_that_is_not_there(met, tmp_path):
    document = show_plan(*met, make_facts(), Shown(brief=True))
    write_document(tmp_path, document, ["html", "xlsx"])
    text = (tmp_path / "brief.html").read_text(encoding="utf-8")
    leads = set(re.findall(r'href="#([^"]+)"', text))
    assert leads <= set(re.findall(r'id="([^"]+)"', text))
    book = load_workbook(tmp_path / "brief.xlsx")
    for cell in (cell for sheet in book for row in sheet for cell in row if cell.hyperlink):
        assert cell.hyperlink.location.split("!")[0].strip("'") in book.sheetnames
    store_document(document)


def test_the_options_of_the_question():
    case = make_case(make_sheets())
    with pytest.raises(DataError) as told:
        cssopt.solve(case, annex="Nowhere")
    assert [issue.code for issue in told.value.issues] == ["E-574"]
    answer = cssopt.solve(case, annex=CODE_LIKE["ALF"])
    assert answer.document.facts.file == "annex-ALF"

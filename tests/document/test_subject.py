"""What heads a page for deciders: title, years and money, and none of them where it is unknown."""

from __future__ import annotations

from dataclasses import replace

from made_workbook import make_pages

from cssopt.render.html.page import render_html


def test_a_page_for_deciders_is_headed_by_title_years_and_money():
    document = replace(make_pages(), title="Six members", years="2027-32", measure="million EUR")
    assert document.subject == "Six members \u00b7 2027-32 \u00b7 million EUR"
    assert document.subject in render_html(document)
    assert replace(document, years="", measure="").subject == "Six members"

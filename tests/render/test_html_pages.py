"""Pages for deciders in HTML: blocks, marks, links, folded tables, colors, and paper."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from made_documents import HOSTILE, PageReader, make_document
from made_pages import (
    FORCES,
    MEMBERS,
    make_decision,
    make_holdings,
    make_hostile_pages,
    make_page,
    make_pages,
    make_payers,
    make_table,
    make_threats,
)
from test_documents_shown import find_contrast, read_colors

from cssopt.document.document import Beside, Chart, Column, Note, Pair, Pairs, Sheet, Span, Table
from cssopt.document.run_facts import Audits
from cssopt.render.html import page as page_module
from cssopt.render.html.blocks import find_parts
from cssopt.render.html.page import render_html
from cssopt.render.html.paper import ZOOMS, fit_on_paper
from cssopt.render.html.tables import find_fold
from cssopt.solution.verdicts import Broken


def read_main(document):
    """The pages of a document as a tree."""
    return ElementTree.fromstring(page_module._build_all(document)).find("main")


def read_page(*blocks, **how):
    """The second of two pages, which has these blocks."""
    sheets = make_page("Decision"), make_page("Second", *blocks, **how)
    return read_main(make_document(*sheets)).findall("section")[1]


def find_all(tree, tag, kind):
    return [one for one in tree.iter(tag) if kind in one.get("class", "").split()]


def read_text(element):
    return "".join(element.itertext())


# Sections.


def test_only_pages_are_shown_and_each_bears_who_when_what_and_its_number():
    document = make_pages(title="Six-member alliance", marking="ILLUSTRATIVE")
    sections = read_main(document).findall("section")
    pages = [sheet for sheet in document.sheets if sheet.is_page]
    assert len(sections) == len(pages) == len(document.sheets) - 1
    for number, (section, sheet) in enumerate(zip(sections, pages, strict=True), 1):
        assert section.get("id") == f"page{number}"
        line = read_text(section[0])
        assert line.startswith("ILLUSTRATIVE")
        assert "Six-member alliance" in line
        assert document.measure in line
        assert line.endswith(f"run {document.facts.run_id} · {number}/{len(pages)}")
        assert section[1].text == sheet.question
        title = section.find("h1" if number == 1 else "h2")
        assert title.text == sheet.finding


def test_a_document_without_pages_shows_all_sheets_and_the_run():
    sections = read_main(make_document(Sheet("One"), Sheet("Two"))).findall("section")
    assert [section.find("h2").text for section in sections] == ["One", "Two", "Run"]
    assert "heat-1 { background" not in render_html(make_document(Sheet("One")))
    assert "heat-1 { background" in render_html(make_document(make_page("One")))


def test_what_must_be_known_first_stands_above_the_title():
    section = read_page(boxes=("NOT PROVEN: first", "Second"))
    kinds = [(one.tag, one.get("class")) for one in section]
    assert kinds[1:] == [("p", "question"), ("p", "box"), ("p", "box"), ("h2", None)]
    assert [one.text for one in find_all(section, "p", "box")] == ["NOT PROVEN: first", "Second"]


def test_a_failed_audit_is_told_on_every_page_that_does_not_tell_it_itself():
    audits = Audits(
        plans=1, audited=1, failed=(("the plan", (Broken("a/rule", "A, 2027", 0.5, "5 <= 3"),)),)
    )
    document = make_document(make_page("One", boxes=("THE AUDIT FAILED",)), make_page("Two"))
    document = replace(document, facts=replace(document.facts, audits=audits))
    told = [[b.text for b in find_all(s, "p", "box")] for s in read_main(document)]
    assert told == [["THE AUDIT FAILED"], [audits.told]]


# Texts.


def test_figures_lead_to_other_pages_and_to_nothing_else():
    spans = Span("a", page="Decision"), Span("b", page="Second"), Span("c", page="Nowhere")
    columns = Column("who"), Column("cost", "million", page="Decision")
    table = Table("t", columns, (("A", 1.0), ("B", None)))
    pairs = Pairs("p", (Pair("x", 2.0, "million", page="Decision"),))
    section = read_page(Note.of(*spans), table, pairs)
    assert [(one.get("href"), one.text) for one in section.iter("a")] == [
        ("#page1", "a"),
        ("#page1", "1"),
        ("#page1", "\u2013"),
        ("#page1", "2"),
    ]


def test_stretches_have_their_marks_and_their_weight():
    section = read_page(Note.of(Span("x"), Span("y", "given_up"), Span("z", is_strong=True)))
    (paragraph,) = section.findall("p")[1:]
    assert read_text(paragraph) == "xyz"
    assert paragraph.find("span").get("class") == "given_up"
    assert paragraph.find("b").text == "z"


def test_points_that_follow_one_another_are_one_list():
    points = [Note(text, is_point=True) for text in "abc"]
    section = read_page(points[0], points[1], Note("between"), points[2])
    assert [[one.text for one in group] for group in section.iter("ul")] == [["a", "b"], ["c"]]


def test_the_first_words_of_the_decision_stand_out():
    main = read_main(
        make_document(make_page("One", Note("a"), Note("b")), make_page("Two", Note("c")))
    )
    assert [read_text(one) for one in find_all(main, "div", "lead")] == ["a"]
    headed = read_main(make_document(make_page("One", Note("a", is_heading=True), Note("b"))))
    assert find_all(headed, "div", "lead") == []


def test_what_follows_a_heading_stands_below_it_and_all_else_beside_each_other():
    table, note, head = make_table("t", 2), Note("n"), Note("h", is_heading=True)
    assert find_parts((table, note, note, table)) == [[table], [note, note], [table]]
    assert find_parts((head, note, table, note, head, table)) == [
        [head, note, table, note],
        [head, table],
    ]
    assert find_parts((note, head, table)) == [[note], [head, table]]
    section = read_page(Beside((table, note)))
    (beside,) = find_all(section, "div", "beside")
    assert len(beside) == 2


def test_key_figures_stand_large_with_their_names_and_remarks():
    tiles = Pairs(
        "k",
        (Pair("cost", 1112.4, "million", "a year", mark="more"), Pair("a", "b")),
        are_tiles=True,
    )
    section = read_page(tiles)
    (shown,) = find_all(section, "dl", "tiles")
    assert [[part.text for part in tile] for tile in shown] == [
        ["cost", "1,112", "a year"],
        ["a", "b"],
    ]
    assert find_all(shown, "dd", "more")[0].text == "1,112"


# Tables.


def test_headings_over_several_columns_hold_all_of_theirs():
    section = read_page(make_payers(MEMBERS))
    groups, heads = section.find(".//thead")
    assert [(read_text(one), one.get("colspan")) for one in groups] == [
        ("", "1"),
        ("What it pays", "4"),
        ("Net cost in 2027 value", "5"),
    ]
    assert len(heads) == 10
    assert read_page(make_table("t", 2)).find(".//thead").findall("tr")[0].get("class") is None


@pytest.mark.parametrize("count", [1, 400])
def test_a_last_row_about_all_others_stands_below_and_is_not_sorted(count):
    columns = Column("who"), Column("cost", "million")
    rows = (*((f"m{i}", float(i)) for i in range(count)), ("All members", 7.0))
    section = read_page(Table("t", columns, rows, last_is_total=True))
    assert [read_text(one) for one in section.find(".//tfoot/tr")] == ["All members", "7"]
    assert "All members" not in read_text(section.find(".//tbody"))
    assert ("sortable" in section.find(".//table").get("class", "")) == (count > 1)


@pytest.mark.parametrize(
    ("part", "kind", "told"),
    [
        (None, "heat-none", "\u2013"),
        (0.0, "heat-met", "met"),
        (0.0005, "heat-met", "met"),
        (0.0006, "heat-1", "<1\u00a0%"),
        (0.0999, "heat-1", "10\u00a0%"),
        (0.1, "heat-2", "10\u00a0%"),
        (0.3, "heat-3", "30\u00a0%"),
        (0.499, "heat-3", "50\u00a0%"),
        (0.5, "heat-4", "50\u00a0%"),
        (1.0, "heat-4", "100\u00a0%"),
    ],
)
def test_a_missing_part_bears_its_words_and_a_color_by_its_size(part, kind, told):
    section = read_page(Table("t", (Column("need"), Column("m", "missing")), (("N", part),)))
    (cell,) = section.iter("td")
    assert read_text(cell) == told
    assert kind in cell.get("class").split()


def test_cells_have_the_color_of_their_mark_and_no_other_sign():
    columns = Column("who"), Column("cost", "difference"), Column("full", "percent")
    marks = {(0, "cost"): "more", (1, "cost"): "less", (0, "full"): "reached"}
    table = Table("t", columns, (("A", 5.0, 1.0), ("B", -5.0, 0.5)), marks=marks)
    cells = [(read_text(one), one.get("class")) for one in read_page(table).iter("td")]
    assert cells == [
        ("+5", "more"),
        ("100\u00a0%", "reached"),
        ("\u22125", "less"),
        ("50\u00a0%", None),
    ]


def test_few_rows_are_folded_by_what_they_hold_and_many_scroll():
    assert find_fold(make_payers(MEMBERS)) == "tiles"
    assert find_fold(make_holdings(MEMBERS)) == "list"
    assert find_fold(make_threats(("A", "B"))) == "strip"
    assert find_fold(make_table("t", 3)) == ""
    assert find_fold(make_payers(tuple(f"m{i}" for i in range(32)))) == ""


def test_cells_of_a_folded_table_bear_their_headings_where_something_is():
    holdings = make_holdings(MEMBERS)
    cells = list(read_page(holdings).find(".//tbody/tr"))[1:]
    assert [one.get("data-l") for one in cells] == [
        force if value is not None else None
        for force, value in zip(FORCES, holdings.rows[0][1:], strict=True)
    ]
    assert all("data-l" not in one.attrib for one in read_page(make_table("t", 3)).iter("td"))


def test_a_table_says_once_which_of_its_columns_are_words():
    columns = Column("who"), Column("why"), Column("cost", "million"), Column("begins", "year")
    section = read_page(Table("t", columns, (("A", "b", 1.0, 2027), ("B", "c", 2.0, 2028))))
    assert section.find(".//table").get("class").split() == ["sortable", "left-2", "left-4"]
    assert [cell.get("class") for cell in section.iter("td")] == [None] * 6


def test_ends_of_cells_that_html_knows_are_left_out_and_texts_stay_whole():
    """Of a text that looks like such an end nothing is left out."""
    columns = Column("who"), Column("why")
    page = render_html(make_document(make_page("P", Table("t", columns, (("</td>", "b"),)))))
    assert not re.search("</t[dhr]>", page)
    assert [[text for text, _ in row] for row in PageReader(page).tables["table-t"]] == [
        ["</td>", "b"]
    ]


def test_a_chart_stands_beside_two_other_parts():
    bars = Chart("columns", "t", "need", ("own",), "Own")
    table, pairs = make_table("t", 2), Pairs("p", (Pair("a", 1.0, "million"),))
    (three,) = find_all(read_page(Beside((bars, table, pairs))), "div", "beside")
    assert [part.get("class") for part in three] == ["tall", None, None]
    (two,) = find_all(read_page(Beside((bars, table))), "div", "beside")
    assert [part.get("class") for part in two] == [None, None]


# Safety.


@pytest.mark.medium
def test_no_text_of_the_inputs_is_markup_a_link_or_a_style():
    document = make_hostile_pages()
    page = render_html(document)
    found = PageReader(page)
    names = {name for name, _ in found.elements}
    assert names <= {
        *("html", "head", "meta", "title", "style", "body", "div", "span", "b", "button", "nav"),
        *("ol", "li", "a", "main", "section", "p", "h1", "h2", "h3", "table", "caption", "thead"),
        *("tbody", "tfoot", "tr", "th", "td", "dl", "dt", "dd", "figure", "figcaption", "svg"),
        *("rect", "line", "text", "circle", "polygon", "polyline", "g", "ul", "script"),
    }
    assert sum(name == "script" for name, _ in found.elements) == 1
    for _, attributes in found.elements:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert re.fullmatch(r"#page\d+", attributes.get("href", "#page1"))
        assert "src" not in attributes
    assert HOSTILE[0] in read_text(read_main(document))


# Colors: those of the specification, and readable.

TOKENS = {
    "ink": ("1a2530", "e7ecf0"), "muted": ("566371", "a3afba"), "line": ("cfd6dd", "37414b"),
    "blue": ("0068a6", "58b0e6"), "pale": ("cfe3f1", "1f3f56"), "orange": ("e69f00", "f5cf62"),
    "green": ("35a884", "2c9a7c"), "green-text": ("00755a", "49d1ab"),
    "grey": ("4b5763", "b9c3cc"), "vermilion": ("c8500a", "ff8246"),
    "heat-1": ("fbe3d3", "4a2b19"), "heat-2": ("f3b48a", "7a4220"),
    "heat-3": ("e07a3a", "c66a2c"), "heat-4": ("b8440a", "f08745"), "met": ("e4eff6", "1d3240"),
}  # fmt: skip


def test_the_colors_are_those_of_the_specification():
    colors = read_colors()
    for name, wanted in TOKENS.items():
        assert tuple(color.lstrip("#") for color in colors[name]) == wanted, name
    assert colors["paper"] == ("#fff", "#171c22")


@pytest.mark.parametrize("theme", [0, 1])
def test_words_can_be_read_on_all_that_they_stand_on(theme):
    colors = {name: pair[theme] for name, pair in read_colors().items()}
    on_paper = ("ink", "muted", "blue", "green-text", "vermilion", "link")
    pairs = [(word, "paper") for word in on_paper]
    pairs += [("ink", fill) for fill in ("met", "heat-1", "heat-2", "pale")]
    pairs += [("on", "heat-4"), ("on", "blue"), ("on", "grey"), ("on", "vermilion")]
    for word, ground in pairs:
        assert find_contrast(colors[word], colors[ground]) >= 4.5, (word, ground)
    # Words on these are dark in both themes.
    assert find_contrast("#1a0d04", colors["heat-3"]) >= 4.5
    for fill in ("orange", "green"):
        assert find_contrast("#14181c", colors[fill]) >= 4.5, fill


# Paper.


def fit(sheet):
    found = fit_on_paper(sheet, make_document(sheet), is_dense=True)
    return int(found.kind.removeprefix("fit-") or 100), found.most_printed


def test_a_longer_decision_is_printed_in_smaller_letters_and_none_of_it_is_left_out():
    sizes = []
    for members, forces, years in ((2, 2, 3), (6, 5, 6), (9, 6, 8)):
        names = tuple(f"Member {i} of the treaty" for i in range(members))
        kinds = (*FORCES, "Submarine")[:forces]
        zoom, rows = fit(make_decision(names, kinds, tuple(range(2027, 2027 + years))))
        sizes.append(zoom)
        assert rows >= 50
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 100
    assert sizes[-1] >= 70


def test_of_a_table_that_no_paper_holds_some_rows_are_printed_and_that_is_told():
    sheet = make_page("One", make_table("t", 400), make_table("u", 400), make_table("v", 400))
    zoom, rows = fit(sheet)
    assert rows < 50
    assert zoom in ZOOMS
    section = read_main(make_document(sheet)).find("section")
    hidden = find_all(section, "tr", "more")
    assert len(hidden) == 3 * (400 - rows)
    told = [read_text(one) for one in find_all(section, "p", "paper")]
    assert told == [f"{rows} of 400 rows are printed; all stand in the workbook."] * 3

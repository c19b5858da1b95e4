"""A document in every rendering: each number is that of its table, and each text is a text."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from answer_schema import follows, read_schema
from hypothesis import HealthCheck, given, settings
from made_documents import (
    HOSTILE,
    KINDS,
    PageReader,
    draw_tables,
    make_document,
    make_hostile,
    shows,
)
from rendering_checks import (
    BookReader,
    check_book,
    check_json,
    check_page,
    check_screen,
    count_numbers,
    read_screen,
)
from small_alliance import make_facts

from cssopt.document.document import VERSION, Chart, Column, Sheet, Table
from cssopt.render.document_json import document_facts
from cssopt.render.html.page import render_html
from cssopt.render.number_text import write_cell
from cssopt.render.xlsx.document_book import write_document_xlsx
from cssopt.solution.verdicts import Audits, Broken


def read_book(folder, document):
    path = folder / "answer.xlsx"
    write_document_xlsx(path, document)
    return openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)


def find_cells(sheet, headings):
    """The rows below a header, as cells."""
    rows = list(sheet.iter_rows())
    header = next(
        i for i, row in enumerate(rows)
        if [cell.value for cell in row[: len(headings)]] == headings
    )  # fmt: skip
    return [row[: len(headings)] for row in rows[header + 1 :]]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(table=draw_tables())
def test_every_number_of_every_rendering_is_that_of_its_table(tmp_path_factory, table):
    document = make_document(Sheet("Sheet", "", (table,), on_screen=True))
    path = tmp_path_factory.mktemp("book") / "answer.xlsx"
    write_document_xlsx(path, document)
    assert (
        count_numbers(document)
        == check_json(document)
        == check_page(document, render_html(document))
        == check_screen(document)
        == check_book(BookReader(document, path))
    )


@pytest.mark.medium
@settings(max_examples=8, deadline=None)
@given(table=draw_tables())
def test_totals_are_formulas_with_the_sum_as_their_value_and_the_page_shows_it(
    tmp_path_factory, table
):
    document = make_document(Sheet("Sheet", "", (table,)))
    page = PageReader(render_html(document))
    formulas, values = read_book(tmp_path_factory.mktemp("book"), document)
    headings = [column.heading for column in table.columns]
    below = len(table.rows)
    # A column in which nothing is told has no total: 0 would be something.
    told = {one.name for one in table.columns if any(x is not None for x in table.column(one.name))}
    if below == 1 or not any(column.total and column.name in told for column in table.columns):
        assert page.feet == {}
        return
    for place, column in enumerate(table.columns):
        if not column.total or column.name not in told:
            continue
        total = math.fsum(value or 0 for value in table.column(column.name))
        cell = find_cells(values["Sheet"], headings)[below][place]
        assert cell.value == pytest.approx(total, rel=1e-15, abs=1e-9)
        formula = find_cells(formulas["Sheet"], headings)[below][place].value
        assert re.fullmatch(r"=SUM\([A-Z]+\d+:[A-Z]+\d+\)", formula)
        assert shows(page.feet["table-drawn"][place], total)


def test_a_sum_that_would_hide_what_is_not_known_is_not_drawn():
    columns = (Column("name"), Column("a", "money", total=True), Column("b", "money", total=True))
    table = Table("t", columns, (("x", 1.0, 1.0), ("y", math.inf, 2.0)))
    document = make_document(Sheet("Sheet", "", (table,), on_screen=True))
    assert PageReader(render_html(document)).feet["table-t"] == ["total", "", "3.0"]
    assert re.search(r"total +3\.0\n", read_screen(document))


@pytest.mark.parametrize(
    ("value", "form", "places", "text"),
    [
        (1234.56, "money", 1, "1,234.6"),
        (-1234.56, "money", 1, "\u22121,234.6"),
        (3609.25, "money", 1, "3,609.3"),  # as spreadsheets: halves up
        (-0.04, "money", 1, "0.0"),  # no minus before what rounds to nothing
        (0.0, "money", 1, "\u2013"),
        (0.125, "share", 1, "12.5%"),
        (0.00125, "fine_share", 2, "0.13%"),
        (1.005, "number", 2, "1.01"),
        (np.float64(2.5), "number", 0, "3"),
        (1e22, "count", 0, "10,000,000,000,000,000,000,000"),
        (16.0, "exact", 8, "16"),  # each with its own decimals, up to those of the column
        (-0.00751551, "exact", 8, "\u22120.00751551"),
        (2027, "year", 0, "2027"),
        (0, "day", 0, "0"),
        (None, "money", 1, ""),
        (math.inf, "money", 1, "not known"),
        (math.nan, "money", 1, "none"),
        ("no ceiling", "money", 1, "no ceiling"),
        (True, "number", 0, "yes"),
        (3.5, "text", 0, "3.5"),
    ],
)
def test_values_are_written_by_their_form(value, form, places, text):
    assert write_cell(value, form, places) == text


def test_json_has_null_where_there_is_no_finite_number():
    rows = ((math.inf,), (np.float32("nan"),), (None,), (np.int64(3),))
    table = Table("t", (Column("a", "number"),), rows)
    facts = document_facts(make_document(Sheet("Sheet", "", (table,))))
    assert [row["a"] for row in facts["tables"]["t"]] == [None, None, None, 3]


# Hostile texts.


@pytest.mark.medium
def test_no_text_becomes_an_element_of_the_page():
    page = render_html(make_hostile())
    found = PageReader(page)
    names = {name for name, _ in found.elements}
    assert not names & {"img", "b-", "iframe", "link", "object", "form"}
    assert sum(name == "script" for name, _ in found.elements) == 1
    assert sum(name == "h1" for name, _ in found.elements) == 1
    for name, attributes in found.elements:
        assert "style" not in attributes, name
        assert not any(key.startswith("on") for key in attributes), name
        assert "src" not in attributes, name
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in page
    assert "@import" not in page
    assert "\u202e" not in page
    shown = [row[0][0] for row in found.tables["table-costs"]]
    assert shown[2] == "=1+1"
    assert shown[0] == HOSTILE[0]
    assert "\\u202etxt.exe" in shown
    assert "lone \\udce9 half" in shown


def test_the_policy_lets_the_style_and_the_script_of_the_page_act_and_no_other():
    page = render_html(make_hostile())
    found = PageReader(page)
    policy = next(a["content"] for n, a in found.elements if n == "meta" and "http-equiv" in a)
    for name in ("style", "script"):
        (content,) = found.texts[name]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("; base-uri 'none'; form-action 'none'")
    assert "unsafe" not in policy


@pytest.mark.medium
def test_no_text_becomes_a_formula_or_a_link_of_the_workbook(tmp_path):
    formulas, _ = read_book(tmp_path, make_hostile())
    found = set()
    for sheet in formulas:
        assert not sheet._hyperlinks
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert re.fullmatch(r"=SUM\(\w+:\w+\)", cell.value)
                found.add(cell.value)
                if isinstance(cell.value, int | float):
                    assert cell.number_format != "General"
    assert {"=1+1", "@SUM(A1)", "http://example.org/x"} <= found
    assert formulas.sheetnames == ["<b>", "<b> (2)", "Run"]


def test_no_text_steers_the_screen_and_none_is_cut():
    wide, narrow = (read_screen(make_hostile(), width) for width in (10_000, 40))
    for shown in (wide, narrow):
        assert "\x1b[31mred" not in shown
        assert "\u202e" not in shown
        assert "\x00" not in shown
    assert "[bold]bold[/bold] :smile:" in wide
    assert wide.count("x" * 300) == 3  # two cells and a note
    letters = [Counter(re.sub(r"\x1b\[[\d;]*m|\s", "", shown)) for shown in (wide, narrow)]
    assert letters[0] == letters[1]  # folded, nothing lost


def test_a_screen_without_signs_has_words_in_their_place():
    shown = read_screen(make_hostile(), encoding="ascii")
    assert re.search(r" 0\.5 ok ", shown)
    assert re.search(r"30\.5 changed ", shown)


# Charts.


def chart_texts(kind, values, **how):
    # Points have a number on each axis.
    by = Column("who", "number" if kind == "points" else "text")
    rows = tuple((i if kind == "points" else f"m{i}", v) for i, v in enumerate(values))
    table = Table("t", (by, Column("cost", "money")), rows)
    chart = Chart(kind, "t", "who", ("cost",), "What it costs", **how)
    return PageReader(render_html(make_document(Sheet("Sheet", "", (chart, table)))))


def shapes(page, name, kind):
    """The elements of a drawing in the wide one of the two."""
    begin = next(i for i, (n, a) in enumerate(page.elements) if n == "svg")
    end = next(i for i, (n, a) in enumerate(page.elements) if i > begin and n == "svg")
    return [a for n, a in page.elements[begin:end] if n == name and kind in (a["class"] or "")]


@pytest.mark.parametrize("kind", ["bars", "columns", "stacked"])
def test_bars_are_as_long_as_their_numbers_from_zero(kind):
    values = [10.0, 25.0, 0.0, 40.0]
    page = chart_texts(kind, values)
    side = "height" if kind == "columns" else "width"
    sizes = [float(one[side]) for one in shapes(page, "rect", "c0")]
    for size, value in zip(sizes, values, strict=True):
        assert size == pytest.approx(sizes[3] * value / 40, abs=0.11)  # a tenth of a pixel


def test_bars_below_zero_go_to_its_left_and_are_never_stacked():
    for kind in ("bars", "stacked"):
        page = chart_texts(kind, [10.0, -10.0])
        (zero,) = shapes(page, "line", "zero")
        up, down = shapes(page, "rect", "c0")
        assert float(up["x"]) == pytest.approx(float(zero["x1"]), abs=0.11)
        assert float(down["x"]) + float(down["width"]) == pytest.approx(float(zero["x1"]), abs=0.11)


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_tells_its_title_and_shows_numbers_of_its_table_or_its_axis(kind):
    page = chart_texts(kind, [10.0, 25.5, None, 41.0], line_at={"ceiling": 30.0})
    assert page.texts["figcaption"] == ["What it costs"]
    assert page.texts["title"].count("What it costs") == 2
    assert [a["role"] for n, a in page.elements if n == "svg"] == ["img", "img"]
    labels = {text for text in page.texts["text"] if re.fullmatch(r"[\d.,]+", text)}
    ticks = {"0", "10", "20", "30", "40"} | ({"1", "2", "3"} if kind == "points" else set())
    assert labels <= {"10.0", "25.5", "41.0"} | ticks
    if kind in ("bars", "columns", "dots"):
        assert {"10.0", "25.5", "41.0"} <= labels
    if kind == "parts":
        # A limit of numbers has no place on an axis of shares.
        assert {"0%", "100%"} <= set(page.texts["text"])
    else:
        assert "ceiling: 30.0" in page.texts["text"]


@pytest.mark.medium
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("values", [[], [None, None], [0.0], [-1.0, -2.0], [1e-12, 1e15]])
def test_a_chart_of_nothing_or_of_odd_numbers_is_drawn(kind, values, tmp_path):
    rows = tuple((f"m{i}", value) for i, value in enumerate(values))
    table = Table("t", (Column("who"), Column("cost", "money")), rows)
    chart = Chart(kind, "t", "who", ("cost",), "What it costs")
    document = make_document(Sheet("Sheet", "", (chart, table)))
    # Digests of scripts and styles are letters by chance.
    assert "NaN" not in re.sub(r"sha256-[\w+/=]*", "", render_html(document))
    read_book(tmp_path, document)


def test_a_chart_of_an_empty_table_says_so(tmp_path):
    table = Table("t", (Column("who"), Column("cost", "money")), ())
    chart = Chart("bars", "t", "who", ("cost",), "What it costs")
    document = make_document(Sheet("Sheet", "", (chart, table)))
    told = "Nothing is drawn: the table has no rows."
    assert told in render_html(document)
    _, book = read_book(tmp_path, document)
    assert f"What it costs: {told}" in [row[0].value for row in book["Sheet"].iter_rows()]
    assert not book["Sheet"]._charts


def test_a_failed_audit_stands_on_every_page_and_every_sheet(tmp_path):
    broken = Broken("budgets.ceiling", "A, 2027", 0.4, "5 <= 3")
    facts = make_facts(audits=Audits.of([("the plan", (broken,)), ("another", ())]))
    document = replace(make_document(Sheet("One"), Sheet("Two")), facts=facts)
    told = "THE AUDIT FAILED for the plan: budgets.ceiling at A, 2027 (5 <= 3)."
    page = PageReader(render_html(document))
    boxes = [a for _, a in page.elements if a.get("class") == "box"]
    assert len(boxes) == 3
    assert sum(text.startswith(told) for text in page.texts["p"]) == 3
    _, book = read_book(tmp_path, document)
    for sheet in book:
        assert any(str(row[0].value).startswith(told) for row in sheet.iter_rows())


def test_native_charts_name_the_cells_of_their_columns(tmp_path):
    columns = (Column("who"), Column("note"), Column("cost", "money"))
    table = Table("t", columns, (("A", "x", 1.0), ("B", "y", 2.0)))
    chart = Chart("bars", "t", "who", ("cost",), "What it costs")
    book, _ = read_book(tmp_path, make_document(Sheet("Sheet", "", (chart, table))))
    (native,) = book["Sheet"]._charts
    (series,) = native.series
    cells = find_cells(book["Sheet"], ["who", "note", "cost"])
    first, last = cells[0][0].row, cells[1][0].row
    assert series.cat.strRef.f == f"Sheet!$A${first}:$A${last}"
    assert series.val.numRef.f == f"Sheet!$C${first}:$C${last}"
    assert native.y_axis.scaling.min == 0


def test_a_text_among_numbers_is_never_drawn_as_zero(tmp_path):
    columns = (Column("year", "year"), Column("a", "money"), Column("b", "money"))
    rows = ((2027, 1.0, 1.0), (2028, math.inf, 2.0), (2029, 3.0, None))
    table = Table("t", columns, rows)
    charts = [Chart(kind, "t", "year", ("a", "b"), kind) for kind in ("curves", "bars")]
    document = make_document(Sheet("Sheet", "", (*charts, table)))
    _, book = read_book(tmp_path, document)
    lines, bars = book["Sheet"]._charts
    assert [series.tx.strRef.f[-4] for series in lines.series] == ["C"]
    assert [series.tx.strRef.f[-4] for series in bars.series] == ["B", "C"]
    told = [row[0].value for row in book["Sheet"].iter_rows()]
    assert "Not drawn, for some of its cells are no numbers: a." in told
    drawn = PageReader(render_html(document)).elements
    points = [one["points"].count(",") for name, one in drawn if name == "polyline"]
    assert points[:3] == [1, 1, 2]  # a in two parts, b without its end


def test_more_series_than_can_stand_beside_each_other_get_a_panel_each():
    columns = (Column("who"), *(Column(f"m{i}", "money") for i in range(6)))
    table = Table("t", columns, (("A", *range(1, 7)), ("B", *range(2, 8))))
    chart = Chart("bars", "t", "who", tuple(f"m{i}" for i in range(6)), "All")
    page = PageReader(render_html(make_document(Sheet("Sheet", "", (chart, table)))))
    widths = [float(one["width"]) for one in shapes(page, "rect", "c0")]
    longest = max(widths)
    values = [1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7]
    assert widths == pytest.approx([longest * value / 7 for value in values], abs=0.11)


# The envelope.


def test_the_json_of_a_document_follows_its_schema():
    schema = read_schema()
    facts = json.loads(json.dumps(document_facts(make_hostile())))
    assert follows(facts, schema)
    assert facts.keys() == schema["properties"].keys() - {"profile"}  # only where it is asked for
    assert facts["columns"].keys() == facts["tables"].keys()
    assert facts["facts"]["source"] == "alliance.xlsx"
    assert not follows({**facts, "version": VERSION + 1}, schema)
    assert not follows({**facts, "tables": {"t": [{"a": [1]}]}}, schema)
    assert not follows({k: v for k, v in facts.items() if k != "facts"}, schema)

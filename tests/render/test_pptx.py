"""Slides: what stands on them, that it fits, and that no name becomes more than a text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pptx
import pytest
from made_documents import HOSTILE, make_document
from made_workbook import CASH, make_decision, make_pages

from cssopt.document.document import Chart, Column, Note, Sheet, Span, Table
from cssopt.errors import DataError
from cssopt.render.formats import can_be_written, check_formats, check_pages, write_document
from cssopt.render.pptx import deck
from cssopt.render.pptx.deck import write_pptx
from cssopt.render.pptx.slides import make_slides

PIXEL = 9525


def read_slides(path, document):
    write_pptx(path, document)
    return pptx.Presentation(str(path)).slides


@pytest.fixture(scope="module")
def slides(tmp_path_factory):
    return read_slides(tmp_path_factory.mktemp("slides") / "report.pptx", make_pages())


def read_texts(slide):
    """Every text of a slide: of its shapes, and of the cells of its tables."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text_frame.text for row in shape.table.rows for cell in row.cells)


def find_tables(slide):
    return [shape.table for shape in slide.shapes if shape.has_table]


def test_the_sections_of_the_decision_are_five_slides():
    made = make_slides(make_pages())
    assert [one.title for one in made] == [
        make_decision().finding,
        "2 What does it cost?",  # its figures lead to a page that is not there
        "Elsmark is at its ceiling",
        "4 Who must do what?",
        "5 How sure is it? \u00b7 6 What to decide, by when",
    ]
    assert made[2].subtitle.startswith("3 Who pays what?")


def test_every_slide_bears_marking_run_and_its_number(slides):
    for number, slide in enumerate(slides, 1):
        texts = list(read_texts(slide))
        assert "ILLUSTRATIVE" in texts
        assert any(f"{number} / 5" in text and "run " in text for text in texts)


def test_the_box_of_a_plan_that_is_not_proven_stands_on_every_slide(tmp_path):
    document = make_document(make_decision(boxes=("NOT PROVEN: a limit cut the search off.",)))
    for slide in read_slides(tmp_path / "a.pptx", document):
        assert "NOT PROVEN: a limit cut the search off." in set(read_texts(slide))


def test_tables_bear_the_texts_of_the_document(slides):
    (threats,) = find_tables(slides[0])
    assert [cell.text_frame.text for cell in threats.rows[1].cells][:3] == [
        "Border crisis on the plain",
        "58\u00a0%",
        "met",
    ]
    (money,) = find_tables(slides[2])
    assert money.cell(0, 1).is_merge_origin
    assert money.cell(0, 1).text_frame.text == "What it pays"
    assert [cell.text_frame.text for cell in money.rows[2].cells][-1] == "+1,750"


def test_the_chart_is_native_and_has_the_numbers(slides):
    (shape,) = (one for one in slides[1].shapes if one.has_chart)
    (series,) = shape.chart.plots[0].series
    assert list(series.values) == [money / 1000 for money in CASH]
    assert list(shape.chart.plots[0].categories) == [str(year) for year in range(2027, 2033)]
    assert shape.chart.value_axis.minimum_scale == 0


@pytest.mark.medium
def test_a_title_is_a_title_for_those_who_hear_it(slides):
    assert slides[0].shapes.title.text_frame.text == make_decision().finding


def test_nothing_leaves_the_slide_nor_lies_on_the_foot(slides):
    for slide in slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= 1280 * PIXEL
            assert shape.top + shape.height <= 720 * PIXEL
        for table in find_tables(slide):
            assert sum(column.width for column in table.columns) <= 1184 * PIXEL + 20


def test_parts_below_one_another_do_not_overlap(slides):
    for slide in slides:
        frames = []
        for shape in slide.shapes:
            high = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            frames.append((shape.left, shape.left + shape.width, shape.top, shape.top + high))
        for i, (left, right, top, bottom) in enumerate(frames):
            for other_left, other_right, other_top, other_bottom in frames[i + 1 :]:
                is_beside = right <= other_left + 20 or other_right <= left + 20
                assert is_beside or bottom <= other_top + 20 or other_bottom <= top + 20


def test_a_table_of_many_rows_gets_smaller_letters(tmp_path):
    def read_size(count):
        rows = tuple((f"member {n}", float(n)) for n in range(count))
        table = Table("t", (Column("who"), Column("money", "million")), rows)
        page = Sheet("Decision", "", (Note("1", is_heading=True), table), is_page=True)
        (slide,) = read_slides(tmp_path / f"{count}.pptx", make_document(page))
        (shown,) = find_tables(slide)
        return shown.cell(1, 0).text_frame.paragraphs[0].runs[0].font.size

    assert read_size(22) < read_size(3)


def test_names_of_inputs_are_plain_runs_and_no_formula_of_the_sheet_within_a_chart(tmp_path):
    names = (*HOSTILE, "{=1+1}", "internal:Sheet1!A1", "\udce9")
    table = Table(
        "t", (Column("who"), Column("n", "million")), tuple((name, 1.0) for name in names)
    )
    chart = Chart("bars", "t", "who", ("n",), names[2])
    blocks = (Note.of(*map(Span, names)), Note(names[2], is_heading=True), chart, table)
    page = Sheet("Decision", "", blocks, is_page=True, finding=names[0], question=names[2],
                 boxes=names[:3])  # fmt: skip
    path = tmp_path / "a.pptx"
    slides = read_slides(path, make_document(page, title=names[0], marking=names[1]))
    assert slides[0].shapes.title.text_frame.text == names[0]
    with zipfile.ZipFile(path) as archive:
        (inner,) = (name for name in archive.namelist() if name.endswith(".xlsx"))
        within = archive.read(inner)
        relations = [archive.read(n).decode() for n in archive.namelist() if n.endswith(".rels")]
    assert not any("example.org" in text for text in relations)
    sheet = openpyxl.load_workbook(io.BytesIO(within)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) >= 2 * len(names)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.medium
def test_slides_are_written_as_a_format(tmp_path):
    place = write_document(tmp_path, make_pages(), ("html", "pptx"))
    assert place.beside(f"{make_pages().facts.file}.pptx").is_file()


def test_an_answer_without_pages_has_no_slides(tmp_path):
    document = make_document(Sheet("Shares", "", ()))
    for ending in ("pptx", "pdf"):
        if ending not in can_be_written((ending,)):
            continue
        with pytest.raises(DataError, match="solve, compare and cost") as told:
            write_document(tmp_path, document, (ending,))
        assert told.value.issues[0].code == "E-542"
    check_pages(("xlsx", "html"), has_pages=False)


def test_without_python_pptx_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setattr(deck, "can_write_pptx", lambda: False)
    assert can_be_written(("xlsx", "pptx")) == ("xlsx",)
    with pytest.raises(DataError, match=r"cssopt\[slides\]"):
        check_formats(("pptx",))


def test_a_page_without_sections_is_one_slide():
    page = replace(make_decision(), blocks=(Note("Nothing was found."),))
    (slide,) = make_slides(make_document(page))
    assert slide.title == page.finding

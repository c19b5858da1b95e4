"""What a page, a screen and a picture show of a document: charts, long tables, columns, colors."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_documents import HOSTILE, PageReader, make_document, make_hostile, shows
from small_alliance import make_facts
from test_documents import read_screen

from cssopt.document.document import Beside, Chart, Column, Note, Pair, Pairs, Sheet, Table
from cssopt.errors import ReportError
from cssopt.render import pictures
from cssopt.render.axis import Axis
from cssopt.render.document_terminal import MORE
from cssopt.render.drawing import Drawing
from cssopt.render.html import page as page_module
from cssopt.render.html.charts import draw_shapes
from cssopt.render.html.page import render_html
from cssopt.render.html.shapes import find_width
from cssopt.render.number_text import find_totals
from cssopt.render.pictures import write_pictures

TWO = (Column("who"), Column("a", "money"), Column("b", "money"))


class Drawn:
    """The shapes of a chart by the name of their element, with their attributes."""

    def __init__(self, chart, table, width=720.0):
        shapes, self.height = draw_shapes(Drawing.of(chart, table), width)
        tree = ElementTree.fromstring(f"<svg>{''.join(shapes)}</svg>")
        self.found = list(tree.iter())
        self.texts = [one.text for one in self.found if one.tag == "text"]

    def __call__(self, tag, kind):
        return [
            {k: float(v) for k, v in one.attrib.items() if re.fullmatch(r"-?[\d.]+", v)}
            for one in self.found
            if one.tag == tag and kind in one.attrib.get("class", "").split()
        ]


def make_two(*rows):
    return Table("t", TWO, tuple((f"m{i}", *row) for i, row in enumerate(rows)))


def test_parts_are_shares_of_one_length():
    rows = ((30.0, 10.0), (1.0, 1.0), (0.0, 5.0))
    drawn = Drawn(Chart("parts", "t", "who", ("a", "b"), "Parts"), make_two(*rows))
    lengths = []
    for one, other, (a, b) in zip(
        drawn("rect", "c0")[1:], drawn("rect", "c1")[1:], rows, strict=True
    ):
        assert one["width"] * b == pytest.approx(other["width"] * a, abs=0.2 * (a + b))
        lengths.append(one["width"] + other["width"])
    assert lengths == pytest.approx([lengths[0]] * 3, abs=0.2)


def test_parts_of_nothing_have_no_length():
    drawn = Drawn(Chart("parts", "t", "who", ("a", "b"), "Parts"), make_two((0.0, 0.0), (1.0, 3.0)))
    assert [drawn("rect", kind)[1]["width"] for kind in ("c0", "c1")] == [0.0, 0.0]


def test_stacked_columns_stand_one_on_another_from_zero():
    rows = ((30.0, 10.0), (20.0, 40.0))
    drawn = Drawn(Chart("stacked_columns", "t", "who", ("a", "b"), "Stacks"), make_two(*rows))
    (zero,) = {one["y1"] for one in drawn("line", "zero")}
    lower, upper = drawn("rect", "c0")[1:], drawn("rect", "c1")[1:]
    scale = lower[0]["height"] / 30
    for one, other, (a, b) in zip(lower, upper, rows, strict=True):
        assert one["y"] + one["height"] == pytest.approx(zero, abs=0.11)
        assert other["y"] + other["height"] == pytest.approx(one["y"], abs=0.11)
        assert (one["height"], other["height"]) == pytest.approx((a * scale, b * scale), abs=0.2)


@pytest.mark.parametrize("kind", ["stacked", "parts", "stacked_columns"])
def test_nothing_below_zero_is_stacked(kind):
    table = make_two((30.0, -10.0), (20.0, 40.0))
    drawing = Drawing.of(Chart(kind, "t", "who", ("a", "b"), "Gains"), table)
    assert drawing.kind in ("bars", "columns")
    side, place = ("height", "y") if drawing.kind == "columns" else ("width", "x")
    drawn = Drawn(Chart(kind, "t", "who", ("a", "b"), "Gains"), table)
    (zero,) = {one[f"{place}1"] for one in drawn("line", "zero")}
    bars = [bar for kind in ("c0", "c1") for bar in drawn("rect", kind)[1:]]
    assert len(bars) == 4
    for bar in bars:
        assert min(abs(bar[place] - zero), abs(bar[place] + bar[side] - zero)) < 0.2


@pytest.mark.parametrize("kind", ["bars", "columns", "stacked", "parts", "stacked_columns"])
def test_no_two_series_of_a_chart_have_one_color(kind):
    """More than there are colors get a panel each, of one color."""
    columns = (Column("who"), *(Column(f"part {i}", "money") for i in range(10)))
    table = Table("t", columns, (("A", *range(1, 11)), ("B", *range(11, 21))))
    chart = Chart(kind, "t", "who", tuple(f"part {i}" for i in range(10)), "Parts")
    drawn = Drawn(chart, table)
    assert {one.attrib["class"] for one in drawn.found if one.tag == "rect"} == {"c0 part"}
    assert {f"part {i}" for i in range(10)} <= set(drawn.texts)
    wanted = {"1.8%", "12.9%"} if kind == "parts" else {"1.0", "20.0"}  # 1 of 55, 20 of 155
    assert wanted <= set(drawn.texts)


@pytest.mark.parametrize("kind", ["columns", "stacked_columns"])
def test_of_many_years_some_names_stand_for_all_and_an_axis_for_the_numbers(kind):
    rows = tuple((year, 100.0 + year, 1.0) for year in range(2027, 2067))
    columns = (Column("year", "year"), *TWO[1:])
    drawn = Drawn(Chart(kind, "t", "year", ("a", "b"), "Years"), Table("t", columns, rows), 340.0)
    years = [text for text in drawn.texts if re.fullmatch("20..", text)]
    assert years[0] == "2027"
    assert 3 <= len(years) < 40
    assert len(drawn("rect", "c0")) == 41
    assert {"0", "500", "1,000"} <= set(drawn.texts)


def make_points(*points, **how):
    columns = (Column("spend", "money", measure="million EUR"), Column("risk", "number"))
    return Chart("points", "t", "spend", ("risk",), "Front", **how), Table("t", columns, points)


def test_points_stand_by_their_numbers_on_both_axes():
    points = ((10.0, 4.0), (20.0, 1.0), (60.0, 0.5))
    drawn = Drawn(*make_points(*points, is_joined=False))
    marks = drawn("circle", "c0")
    xs, ys = ([mark[side] for mark in marks] for side in ("cx", "cy"))
    assert (xs[2] - xs[0]) / (xs[1] - xs[0]) == pytest.approx(50 / 10, abs=0.01)
    assert (ys[2] - ys[0]) / (ys[1] - ys[0]) == pytest.approx(3.5 / 3, abs=0.01)
    assert "spend, million EUR" in drawn.texts
    assert "risk" in drawn.texts
    assert not drawn("polyline", "line")
    assert Drawn(*make_points(*points))("polyline", "line")


def test_an_axis_that_does_not_begin_at_zero_says_so():
    beside = Drawn(*make_points((1000.0, 4.0), (1100.0, 1.0)))
    assert "An axis here does not begin at 0." in beside.texts
    whole = Drawn(*make_points((10.0, 4.0), (1100.0, 1.0)))
    assert "An axis here does not begin at 0." not in whole.texts


@pytest.mark.parametrize("kind", ["points", "curves"])
def test_what_is_all_but_the_same_is_not_stretched(kind):
    columns = (Column("year", "year"), Column("cost", "money"))
    table = Table("t", columns, ((2027, 100.0), (2028, 100.5), (2029, 99.9)))
    heights = [one["cy"] for one in Drawn(Chart(kind, "t", "year", ("cost",), "x"), table)(
        "circle", "c0")]  # fmt: skip
    assert max(heights) - min(heights) < 3


def test_points_without_both_numbers_are_not_drawn():
    drawn = Drawn(*make_points((1.0, 2.0), (None, 3.0), (4.0, None), (5.0, 1.0)))
    assert len(drawn("circle", "c0")) == 2
    assert (
        "Nothing is drawn: no row has a number on both axes."
        in Drawn(*make_points((None, 1.0))).texts
    )


@settings(max_examples=20, deadline=None)
@given(
    spends=st.lists(st.floats(0, 100), min_size=1, max_size=8),
    width=st.sampled_from([340.0, 720.0]),
)
def test_labels_of_picked_points_are_all_told_and_none_covers_another(spends, width):
    points = [(spend, 100 - spend) for spend in sorted(spends)]
    names = {i: f"Point {i} of them all" for i in range(len(points))}
    chart, table = make_points(*points, picked=names)
    shapes, _ = draw_shapes(Drawing.of(chart, table), width)
    tree = ElementTree.fromstring(f"<svg>{''.join(shapes)}</svg>")
    words = [one for one in tree.iter("text") if one.attrib.get("class") == "picked"]
    told = " ".join(one.text for one in tree.iter("text"))
    assert all(name in told for name in names.values())
    boxes = []
    for one in words:
        left, base = float(one.attrib["x"]), float(one.attrib["y"])
        boxes.append((left, base - 11, left + find_width(one.text), base + 3))
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] + 0.1 or b[2] <= a[0] + 0.1 or a[3] <= b[1] + 0.1 or b[3] <= a[1] + 0.1
    assert all(box[0] >= 0 and box[2] <= width + 0.1 for box in boxes)


def test_rows_are_series_over_the_names_of_columns():
    columns = (Column("code"), Column("name"), *(Column(str(y), "money") for y in (2027, 2028)))
    table = Table("t", columns, (("A", "Alpha", 1.0, 2.0), ("B", "Beta", 4.0, 3.0)))
    chart = Chart("curves", "t", "name", ("2027", "2028"), "By year", rows_are_series=True)
    drawing = Drawing.of(chart, table)
    assert drawing.names == ("2027", "2028")
    assert [(one.name, one.numbers) for one in drawing.series] == [
        ("Alpha", (1.0, 2.0)), ("Beta", (4.0, 3.0))
    ]  # fmt: skip
    assert {"Alpha", "Beta", "2027", "2028"} <= set(Drawn(chart, table).texts)


@settings(max_examples=80, deadline=None)
@given(
    numbers=st.lists(
        st.floats(-1e12, 1e12).map(lambda x: round(x, 3)), min_size=1, max_size=5
    ),
    form=st.sampled_from(["money", "share", "count"]),
    around=st.booleans(),
)  # fmt: skip
@example(numbers=[2.0, 1.9], form="money", around=True)
@example(numbers=[-2.0, -1.9], form="money", around=True)
def test_round_numbers_of_an_axis_are_what_they_say(numbers, form, around):
    axis = (Axis.around if around else Axis.from_zero)(numbers, form)
    assert axis.least <= min(numbers)
    assert axis.most >= max(numbers)
    assert around or axis.holds_zero
    span = axis.most - axis.least
    ticks = axis.ticks
    assert all(axis.least - 1e-6 * span <= tick <= axis.most + 1e-6 * span for tick in ticks)
    assert 2 <= len(ticks) <= 7 or form == "count" or span <= 1
    steps = [b - a for a, b in pairwise(ticks)]
    assert steps == pytest.approx([steps[0]] * len(steps), rel=1e-6) if steps else True
    assert len(set(axis.texts)) == len(ticks)
    assert all(map(shows, axis.texts, ticks))


def test_names_that_are_long_are_whole_and_no_line_is_wider_than_its_room():
    name = "A very long name of a member " * 4
    table = Table("t", TWO, ((name, 1.0, 2.0), ("x" * 80, 3.0, 1.0)))
    for kind in ("bars", "columns", "stacked", "parts", "stacked_columns", "curves", "dots"):
        for width in (340.0, 720.0):
            drawn = Drawn(Chart(kind, "t", "who", ("a", "b"), "x"), table, width)
            whole = "".join(drawn.texts).replace(" ", "")
            assert name.replace(" ", "") in whole, kind
            assert "x" * 80 in whole, kind


# Long tables.


def make_long(count, **how):
    columns = (Column("row", "count"), Column("cost", "money", total=True))
    return Table("long", columns, tuple((i, float(i)) for i in range(count)), **how)


def test_a_long_table_shows_its_first_rows_and_those_that_stand_for_all():
    picked = tuple(range(0, 1200, 100))
    page = render_html(make_document(Sheet("S", "", (make_long(1200, picked=picked),))))
    found = PageReader(page)
    rows = [row[0][1] for row in found.tables["table-long"]]
    assert rows == sorted({*range(500), *picked})
    assert (
        f"{len(rows)} of 1,200 rows; all stand in the workbook and the JSON; sums are those of all."
        in found.texts["p"]
    )
    assert (
        "12 of 1,200 rows are printed; all stand in the workbook; sums are those of all."
        in (found.texts["p"])
    )
    assert found.feet["table-long"] == ["total", f"{1199 * 600:,}.0"]
    hidden = [a for name, a in found.elements if name == "tr" and a.get("class") == "more"]
    assert len(hidden) == len(rows) - len(picked)


def test_a_table_that_has_room_is_told_nothing_of():
    shown = render_html(make_document(Sheet("S", "", (make_long(50),))))
    assert " of 50 rows" not in shown
    assert 'class="more"' not in shown


def test_the_screen_shows_picked_rows_or_the_first_and_says_so():
    first = read_screen(make_document(Sheet("S", "", (make_long(397),), on_screen=True)))
    assert "40 of 397 rows; all stand in the workbook; sums are those of all." in first
    assert len(re.findall(r"^ *\d+ +[\d,]+\.0$", first, re.MULTILINE)) == 39  # 0 is written 0
    picked = make_long(397, picked=(3, 390, 100))
    shown = read_screen(make_document(Sheet("S", "", (picked,), on_screen=True)))
    assert re.findall(r"^ *(\d+) +[\d,]+\.0$", shown, re.MULTILINE) == ["3", "100", "390"]
    assert re.search(r"total +78,606\.0", shown)


def test_the_screen_leaves_out_columns_that_have_no_room_there():
    columns = (
        Column("who"),
        Column("why", "sentence", meaning="a reason", on_screen=False),
        Column("cost", "money", meaning="what is spent"),
    )
    table = Table("t", columns, (("A", "because", 1.5),), marks={(0, "cost"): "bad"})
    document = make_document(Sheet("S", "", (table,), on_screen=True), Sheet("Other", "unseen"))
    shown = read_screen(document)
    assert "because" not in shown
    assert "a reason" not in shown
    assert re.search(r"A +1\.5 \u2717", shown)
    assert "cost: what is spent." in shown
    assert "unseen" not in shown
    assert "because" in render_html(document)


def test_the_screen_shows_single_facts_and_no_chart():
    facts = Pairs("facts", (Pair("spent", 1234.56, "money", "million EUR", is_strong=True),))
    table = make_two((1.0, 2.0))
    chart = Chart("bars", "t", "who", ("a",), "A chart of it")
    blocks = (Beside((facts, table)), chart, Note("a stretch", "bar"))
    shown = read_screen(make_document(Sheet("S", "", blocks, on_screen=True)))
    assert re.search(r"spent +1,234\.6 +million EUR", shown)
    assert "A chart of it" not in shown
    assert "\na stretch\n" in shown


def test_the_screen_says_that_it_leaves_out_facts_and_texts():
    facts = Pairs("facts", (Pair("large", 1), Pair("small", 2, on_screen=False)))
    whole = Pairs("whole", (Pair("of a base", 3),), on_screen=False)
    blocks = (facts, whole, Note("Long.", on_screen=False))
    screen = read_screen(make_document(Sheet("First", "", blocks, on_screen=True)))
    assert "large" in screen
    assert not [told for told in ("small", "of a base", "Long.") if told in screen]
    assert screen.count(MORE) == 1
    page = render_html(make_document(Sheet("First", "", blocks, on_screen=True)))
    assert all(told in page for told in ("small", "of a base", "Long."))


def test_a_schedule_has_stretches_of_color_and_no_signs():
    columns = (Column("what"), Column("2027"), Column("2028"))
    marks = {(0, "2027"): "under_way", (0, "2028"): "bar"}
    table = Table("t", columns, (("Ship", "ordered", "serves"),), marks=marks)
    document = make_document(Sheet("S", "", (table,), on_screen=True))
    found = PageReader(render_html(document))
    kinds = [a["class"] for name, a in found.elements if name == "td" and a.get("class")]
    assert kinds[:2] == ["under_way", "bar"]
    assert [text for text, _ in found.tables["table-t"][0]] == ["Ship", "ordered", "serves"]
    assert re.search(r"Ship +ordered +serves\n", read_screen(document))


def test_blocks_stand_beside_each_other_each_with_its_words():
    facts = Pairs("facts", (Pair("spent", 2.5, "money", "million"),), "Facts")
    table = replace(make_two((1.0, 2.0)), note="what it says")
    found = PageReader(render_html(make_document(Sheet("S", "", (Beside((facts, table)),)))))
    place = next(i for i, (_, a) in enumerate(found.elements) if a.get("class") == "beside")
    assert found.elements[place + 1] == ("div", {})
    assert found.tables["table-facts"][0] == [("spent", None), ("2.5", 2.5), ("million", None)]


# Colors.


def read_colors():
    """Each color of the page by its name: in light, and in dark."""
    style = page_module._read("page.css")
    return {
        name: (light, dark)
        for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", style)
    }


def find_light(color):
    """Relative luminance (WCAG 2.2)."""
    digits = color.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def find_contrast(one, other):
    less, more = sorted((find_light(one), find_light(other)))
    return (more + 0.05) / (less + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_words_and_what_is_drawn_can_be_read_on_their_ground(theme):
    colors = {name: pair[theme] for name, pair in read_colors().items()}
    words = ("ink", "muted", "link", "good", "bad", "warn")
    for ground in ("paper", "ground", "changed", "bar", "under"):
        for word in words if ground in ("paper", "ground", "changed") else ("ink",):
            assert find_contrast(colors[word], colors[ground]) >= 4.5, (word, ground)
    for ground in ("paper", "soft"):
        assert find_contrast(colors["ink"], colors[ground]) >= 4.5
    series = [name for name in colors if re.fullmatch(r"c\d", name)]
    assert len(series) == 8
    drawing = page_module._read("drawing.css")
    for name in (*series, "bad", "ink"):
        assert find_contrast(colors[name], colors["paper"]) >= 3, name
    for name in series:
        (told,) = re.findall(rf"\.on{name[1]} {{ fill: ([^;]+);", drawing)
        color = colors[told[6:-1]] if told.startswith("var") else told
        assert find_contrast(color, colors[name]) >= 4.5, name


# Pictures.


def test_each_chart_is_a_picture_that_stands_alone(tmp_path):
    table = make_two((1.0, 2.0), (3.0, 4.0))
    charts = [Chart(kind, "t", "who", ("a", "b"), f"A chart: {kind}") for kind in ("bars", "dots")]
    nothing = Table("none", TWO, ())
    empty = Chart("bars", "none", "who", ("a",), "Nothing")
    document = make_document(Sheet("S", "", (*charts, table, empty, nothing)))
    paths = write_pictures(tmp_path / "new", document)
    assert [path.name for path in paths] == [
        f"{document.facts.file}-t-{n}.{ending}" for n in (1, 2) for ending in ("svg", "png")
    ]  # fmt: skip
    for path, kind in zip(paths[::2], ("bars", "dots"), strict=True):
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
        assert f"A chart: {kind}" in texts
        assert any(document.facts.run_id in text for text in texts)
        assert any(document.marking in text for text in texts)
        style = next(root.iter("{http://www.w3.org/2000/svg}style")).text
        assert "var(" not in style
        assert "light-dark" not in style
    for path in paths[1::2]:
        assert path.read_bytes().startswith(b"\x89PNG\r\n")


@pytest.mark.medium
def test_no_text_becomes_an_element_of_a_picture_or_a_path(tmp_path):
    written = write_pictures(tmp_path, make_hostile())
    assert {path.parent for path in written} == {tmp_path}
    for path in written[::2]:
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        names = {one.tag.rpartition("}")[2] for one in root.iter()}
        assert names <= {
            "svg", "style", "rect", "g", "text", "title", "line", "circle", "polygon", "polyline"
        }  # fmt: skip
        told = "".join(one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}text"))
        assert (
            HOSTILE[13].replace(" ", "") in told.replace(" ", "")
            or HOSTILE[0] in told
            or (HOSTILE[1].replace(" ", "") in told.replace(" ", ""))
        )
    named = Table("../../a b/\u00e9<x>", TWO, (("A", 1.0, 2.0),))
    chart = Chart("bars", named.name, "who", ("a",), "x")
    facts = make_facts(question="share", file="../up")
    document = replace(make_document(Sheet("S", "", (chart, named))), facts=facts)
    assert [path.name for path in write_pictures(tmp_path, document)][:1] == ["_up-_a_b_x_-1.svg"]


def test_without_its_package_the_way_to_pictures_is_told(tmp_path, monkeypatch):
    pictures._find_drawer.cache_clear()
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(ReportError, match=re.escape('pip install "cssopt[pictures]"')):
        write_pictures(tmp_path, make_hostile())
    assert not list(tmp_path.iterdir())


def test_without_a_font_no_picture_without_words_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "_find_drawer", lambda: lambda svg: b"the same whatever it says")
    with pytest.raises(ReportError, match="no font was found"):
        write_pictures(tmp_path, make_hostile())
    assert not list(tmp_path.iterdir())


def test_a_column_in_which_nothing_is_told_has_no_sum():
    """0 would say that there is no difference, where none is told."""
    columns = (Column("a", "money", total=True), Column("b", "money", total=True))
    table = Table("differences", columns, ((None, 1.0), (None, 2.0)))
    assert find_totals(table) == {"b": 3.0}

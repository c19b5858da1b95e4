"""Charts of pages for deciders: where bars and marks stand, what they are told to be."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from made_pages import MEMBERS, make_charts, make_document, make_page

from cssopt.document.document import Chart, Column, Table
from cssopt.render.drawing import Drawing, find_steps
from cssopt.render.html.charts import WIDTHS, draw_chart, draw_shapes
from cssopt.render.html.shapes import find_width

KINDS = ("waterfall", "panels", "dumbbell", "ranges", "tornado", "stacked_columns")


class Drawn:
    """The shapes of a chart by the name of their element and a class, numbers as numbers."""

    def __init__(self, chart, table, width=720.0, look="page"):
        shapes, self.height = draw_shapes(Drawing.of(chart, table, look), width)
        tree = ElementTree.fromstring(f"<svg>{''.join(shapes)}</svg>")
        self.found = list(tree.iter())
        self.texts = [one.text for one in self.found if one.tag == "text"]

    def __call__(self, tag, *kinds):
        return [
            {k: float(v) for k, v in one.attrib.items() if re.fullmatch(r"-?[\d.]+", v)}
            for one in self.found
            if one.tag == tag and {*one.attrib.get("class", "").split()} & {*kinds}
        ]

    def bars(self):
        """Bars in their order: left end, right end and color."""
        return [
            (
                float(one.attrib["x"]),
                float(one.attrib["x"]) + float(one.attrib["width"]),
                one.attrib["class"].split()[0],
            )
            for one in self.found
            if one.tag == "rect" and "part" in one.attrib["class"]
        ]


def make(kind, columns, rows, **how):
    """A chart of all columns behind the first, and its table."""
    names = [Column(name) if form is None else Column(name, form) for name, form in columns]
    table = Table("t", tuple(names), tuple(rows), **how.pop("table", {}))
    series = tuple(one.name for one in names[1:])
    return Chart(kind, "t", names[0].name, series, kind, **how), table


# Waterfall.

STEPS = (("Apart", 20.0), ("Saved", -8.0), ("Nothing", 0.0), ("Bodies", 2.0), ("Plan", 14.0))


def test_each_step_begins_where_the_one_above_ended_and_totals_at_zero():
    numbers = [number for _, number in STEPS]
    assert find_steps(numbers, (0, 4)) == ((0, 20), (20, 12), (12, 12), (12, 14), (0, 14))
    chart, table = make("waterfall", (("step", None), ("money", "million")), STEPS, totals=(0, 4))
    drawn = Drawn(chart, table)
    (zero,) = {one["x1"] for one in drawn("line", "zero")}
    bars = drawn.bars()
    scale = (bars[0][1] - zero) / 20
    wanted = [(0, 20), (12, 20), (12, 12), (12, 14), (0, 14)]
    for (left, right, _), (low, high) in zip(bars, wanted, strict=True):
        assert (left, right) == pytest.approx((zero + low * scale, zero + high * scale), abs=0.2)
    assert [color for *_, color in bars] == ["grey", "green", "orange", "orange", "blue"]
    assert {"20", "\u22128", "0", "2", "14"} <= set(drawn.texts)


def test_a_step_has_the_color_of_the_mark_of_its_cell():
    marks = {"marks": {(1, "money"): "bad", (2, "money"): "quiet", (3, "money"): "lent"}}
    columns = (("step", None), ("money", "million"))
    chart, table = make("waterfall", columns, STEPS, totals=(0, 4), table=marks)
    colors = [color for *_, color in Drawn(chart, table).bars()]
    assert colors == ["grey", "vermilion", "pale", "green", "blue"]


def test_a_waterfall_that_falls_below_zero_keeps_its_steps():
    chart, table = make("waterfall", (("a", None), ("b", "million")), (("x", 2.0), ("y", -5.0)))
    drawn = Drawn(chart, table)
    (zero,) = {one["x1"] for one in drawn("line", "zero")}
    (_, up, _), (left, right, _) = drawn.bars()
    assert right == pytest.approx(up, abs=0.2)
    assert (zero - left) == pytest.approx(3 / 2 * (up - zero), abs=0.3)


# What is about all rows.


@pytest.mark.parametrize("kind", ["bars", "tornado", "panels"])
def test_a_last_row_about_all_others_is_not_drawn(kind):
    rows = (("A", 1.0, 2.0), ("B", 3.0, 4.0), ("All members", 400.0, 600.0))
    columns = (("who", None), ("a", "million"), ("b", "million"))
    chart, table = make(kind, columns, rows, table={"last_is_total": True})
    drawn = Drawn(chart, table)
    assert "All members" not in drawn.texts
    assert "600" not in drawn.texts
    assert "B" in drawn.texts


def test_the_end_of_a_waterfall_is_drawn_though_it_is_about_all_others():
    columns = (("step", None), ("money", "million"))
    table = {"last_is_total": True}
    chart, table = make("waterfall", columns, STEPS, totals=(0, 4), table=table)
    assert "Plan" in Drawn(chart, table).texts


# Panels.

CEILING = (
    ("A", 0.24, 0.5, 0.1),
    ("B", 1.0, 0.75, None),
    ("C", 0.1, 0.1, 0.1),
    ("D", 0.2, 0.2, 0.2),
)
SHARES = (("who", None), ("2027", "percent"), ("2028", "percent"), ("2029", "percent"))


def test_panels_stand_on_one_scale_from_zero():
    chart, table = make("panels", SHARES, CEILING, line_at={"its ceiling": 1.0})
    drawn = Drawn(chart, table)
    bars = drawn("rect", "part")
    numbers = [n for _, *row in CEILING for n in row if n is not None]
    scale = bars[0]["height"] / numbers[0]
    assert [bar["height"] for bar in bars] == pytest.approx([scale * n for n in numbers], abs=0.2)
    zeros = sorted({one["y1"] for one in drawn("line", "zero")})
    assert len(zeros) == 2  # Three panels beside each other, and one below them.
    assert {round(bar["y"] + bar["height"], 0) for bar in bars} == {round(y, 0) for y in zeros}
    limits = drawn("line", "limit")
    assert len(limits) == len(CEILING) + 1  # One a panel, and one where it is told.
    assert [text for text in drawn.texts if "ceiling" in text] == ["its ceiling: 100 %"]


def test_panels_name_each_row_and_write_each_number():
    chart, table = make("panels", SHARES, CEILING)
    texts = Drawn(chart, table).texts
    assert [text for text in texts if text in "ABCD"] == ["A", "B", "C", "D"]
    assert {"24", "50", "10", "100", "75", "20"} <= set(texts)
    assert texts.count("2027") == 4


def test_a_bar_that_reaches_its_ceiling_is_marked():
    chart, table = make("panels", SHARES, CEILING, table={"marks": {(1, "2027"): "reached"}})
    colors = [color for *_, color in Drawn(chart, table).bars()]
    assert colors.index("orange") == 3
    assert colors.count("orange") == 1


def test_of_many_years_the_largest_is_told_where_not_all_find_room():
    years = tuple((str(year), "percent") for year in range(2027, 2067))
    row = ("A", *(0.31 + 0.001 * i for i in range(39)), 0.99)
    chart, table = make("panels", (("who", None), *years), (row,))
    texts = Drawn(chart, table, WIDTHS["narrow"]).texts
    assert "99" in texts
    assert "31" not in texts
    assert "27" in texts
    assert 2 <= sum(re.fullmatch(r"\d\d", text) is not None for text in texts) < 30


# From before to after.

HELD = (("Arland", "Frigate", 5.0, 3.0, 1.5), ("Arland", "Squadron", 3.0, 2.2, None),
        ("Bruma", "Frigate", 3.0, 4.0, 1.7))  # fmt: skip


def make_today():
    columns = (
        Column("member"),
        Column("force"),
        *(Column(n, "units") for n in ("today", "then", "lent")),
    )
    table = Table("t", columns, HELD, in_view=2)
    return Chart("dumbbell", "t", "force", ("today", "then", "lent"), "Units"), table


def test_marks_stand_where_their_numbers_are_on_a_line_from_before_to_after():
    drawn = Drawn(*make_today())
    rings, dots = drawn("circle", "hollow")[1:], drawn("circle", "blue")[1:]  # The first is a key.
    scale = (rings[0]["cx"] - dots[0]["cx"]) / 2
    zero = rings[0]["cx"] - 5 * scale
    assert [one["cx"] for one in rings] == pytest.approx(
        [zero + scale * r[2] for r in HELD], abs=0.3
    )
    assert [one["cx"] for one in dots] == pytest.approx(
        [zero + scale * r[3] for r in HELD], abs=0.3
    )
    ways = [one[end] for one in drawn("line", "way") for end in ("x1", "x2")]
    ends = [mark["cx"] for pair in zip(rings, dots, strict=True) for mark in pair]
    assert ways == pytest.approx(ends)
    assert [one["x1"] for one in drawn("line", "zero")] == pytest.approx([zero], abs=0.3)


def test_rows_are_told_under_whose_they_are_with_their_numbers():
    texts = Drawn(*make_today()).texts
    assert texts.count("Arland") == texts.count("Bruma") == 1
    assert texts.index("Arland") < texts.index("Squadron") < texts.index("Bruma")
    assert {"5 \u2192 3", "3 \u2192 2.2", "3 \u2192 4", "\u25c6 1.5", "\u25c6 1.7"} <= set(texts)
    assert sum(text.startswith("\u25c6") for text in texts) == 2
    assert {"today", "then", "lent"} <= set(texts)


# Ranges.


def test_a_range_lies_between_its_ends_with_a_mark_where_it_is():
    columns = (("who", None), ("least", "million"), ("most", "million"), ("plan", "million"))
    rows = (("A", 10.0, 40.0, 20.0), ("B", 0.0, 5.0, 5.0), ("C", None, None, 7.0))
    drawn = Drawn(*make("ranges", columns, rows))
    (first, end, color), (second, other, _) = drawn.bars()
    scale = (end - first) / 30
    zero = first - 10 * scale
    assert color == "pale"
    assert (second, other) == pytest.approx((zero, zero + 5 * scale), abs=0.3)
    marks = [one["cx"] for one in drawn("circle", "blue")]
    assert marks == pytest.approx([zero + 20 * scale, zero + 5 * scale, zero + 7 * scale], abs=0.3)
    assert {"10", "40", "0 \u2013 5"} <= set(drawn.texts)


# Tornado.

SIDES = (("threat", None), ("less", "difference"), ("more", "difference"))


def test_two_bars_stand_to_the_sides_of_zero():
    drawn = Drawn(*make("tornado", SIDES, (("A", -20.0, 40.0), ("B", -10.0, None))))
    (zero,) = {one["x1"] for one in drawn("line", "zero")}
    low, high, other = drawn.bars()
    scale = (high[1] - high[0]) / 40
    assert low[:2] == pytest.approx((zero - 20 * scale, zero), abs=0.3)
    assert high[0] == pytest.approx(zero, abs=0.2)
    assert other[:2] == pytest.approx((zero - 10 * scale, zero), abs=0.3)
    assert [low[2], high[2], other[2]] == ["green", "orange", "green"]
    assert {"\u221220", "+40", "\u221210", "less", "more"} <= set(drawn.texts)


def test_two_bars_on_one_side_of_zero_do_not_cover_each_other():
    drawn = Drawn(*make("tornado", SIDES, (("A", 20.0, 40.0),)))
    one, other = drawn("rect", "part")
    assert one["x"] == other["x"]
    assert one["y"] + one["height"] <= other["y"]


# Stacks.


def test_stacks_bear_their_parts_their_sums_and_the_names_beside_the_last():
    columns = (("year", "year"), ("run", "million"), ("buy", "million"))
    chart, table = make("stacked_columns", columns, ((2027, 300.0, 100.0), (2028, 200.0, 250.0)))
    drawn = Drawn(chart, table)
    lower, upper = (
        [bar for bar in drawn("rect", kind) if bar["width"] > 9] for kind in ("c0", "c1")
    )
    (zero,) = {one["y1"] for one in drawn("line", "zero")}
    scale = lower[0]["height"] / 300
    for one, two, (_, a, b) in zip(lower, upper, table.rows, strict=True):
        assert one["y"] + one["height"] == pytest.approx(zero, abs=0.11)
        assert two["y"] + two["height"] == pytest.approx(one["y"], abs=0.11)
        assert (one["height"], two["height"]) == pytest.approx((a * scale, b * scale), abs=0.2)
    assert {"300", "100", "200", "250", "400", "450", "run", "buy"} <= set(drawn.texts)
    assert drawn("line", "grid") == []


def test_parts_below_zero_are_not_stacked():
    columns = (("year", "year"), ("run", "million"), ("resid", "million"))
    chart, table = make("stacked_columns", columns, ((2027, 300.0, -100.0),))
    assert Drawing.of(chart, table, "page").kind == "columns"


# All.


def test_where_there_is_little_room_bars_are_lower():
    chart, table = make(
        "columns", (("year", "year"), ("cash", "million")), ((2027, 5.0), (2028, 4.0))
    )
    low, high = Drawn(chart, table, look="low"), Drawn(chart, table)
    assert low.height < 110 < 200 < high.height
    for drawn in (low, high):
        first, second = drawn("rect", "part")
        assert second["height"] == pytest.approx(0.8 * first["height"], abs=0.1)


@pytest.mark.parametrize("width", WIDTHS.values())
@pytest.mark.parametrize(
    "names", [MEMBERS, ("A", "B"), tuple(f"A member of the {i}th" for i in range(32))]
)
def test_no_word_leaves_its_chart_and_none_has_a_fallback_color(names, width):
    for sheet in make_charts(names):
        document = make_document(sheet)
        for chart in sheet.charts:
            drawing = Drawing.of(chart, document.table(chart.table), "page")
            shapes, height = draw_shapes(drawing, width)
            for one, anchor in find_words(shapes):
                size = find_width(one.text) * (1.15 if one.get("class") == "strong" else 1.0)
                left = float(one.get("x")) - size * ANCHORS[anchor]
                assert left >= -1, one.text
                assert left + size <= width + 1, one.text
                assert 0 <= float(one.get("y")) <= height, one.text


def find_words(shapes):
    """Each text, and how it stands at its place, which a group may say for many."""
    tree = ElementTree.fromstring(f"<svg>{''.join(shapes)}</svg>")
    for parent in tree.iter():
        for one in parent.findall("text"):
            yield one, one.get("text-anchor") or parent.get("text-anchor")


ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


@pytest.mark.parametrize("place", range(len(KINDS)))
def test_a_figure_is_drawn_in_both_widths_and_told_to_readers_of_the_screen(place):
    sheet = make_charts()[place]
    (chart,) = sheet.charts
    figure = ElementTree.fromstring(
        draw_chart(chart, make_document(sheet).table(chart.table), "page")
    )
    for svg, name in zip(figure.findall("svg"), ("wide", "narrow"), strict=True):
        assert svg.get("class") == name
        assert svg.get("role") == "img"
        assert svg.find("title").text == chart.title
    assert figure.find("figcaption").text == chart.title


@pytest.mark.parametrize("look", ["beside", "low"])
def test_beside_something_else_a_figure_is_narrow_on_every_screen(look):
    chart, table = make("columns", (("year", "year"), ("cash", "million")), ((2027, 5.0),))
    figure = ElementTree.fromstring(draw_chart(chart, table, look))
    assert [svg.get("class") for svg in figure.findall("svg")] == ["narrow"]
    assert figure.get("class") == "alone"


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "stacked_columns"])
def test_a_chart_of_no_rows_and_one_of_empty_cells_are_none(kind):
    columns = (("who", None), ("a", "million"), ("b", "million"))
    chart, table = make(kind, columns, ())
    assert "<svg" not in draw_chart(chart, table, "page")
    chart, table = make(kind, columns, (("A", None, None),))
    assert "nan" not in draw_chart(chart, table, "page")
    assert make_page("P", chart, table)

"""Pages for deciders on the screen: whole, short, and in any encoding."""

from __future__ import annotations

import io

import pytest
from made_workbook import make_decision
from rich.console import Console

from cssopt.document.document import Note, Sheet, Span
from cssopt.render.page_terminal import print_boxes, print_page


def print_at(width, page, encoding="utf-8"):
    """What stands on a screen of so many columns."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    console = Console(file=stream, width=width, force_terminal=False)
    print_boxes(console, page)
    print_page(console, page)
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)


def test_the_page_is_read_at_one_look():
    text = print_at(130, make_decision())
    lines = text.splitlines()
    assert len(lines) <= 40
    for said in ("1 Are the threats met?", "Arland", "All members", "Most urgent:", "27,937"):
        assert said in text


def test_on_a_narrow_screen_groups_of_columns_stand_by_themselves():
    lines = print_at(80, make_decision()).splitlines()
    heads = [line for line in lines if line.startswith("Member")]
    assert any("Cash, six years" in line and "against alone" not in line for line in heads)
    assert any("against alone" in line and "Cash, six years" not in line for line in heads)
    # No force stands in the table of what is paid.
    paid = [line for line in lines if line.startswith("Bruma") and "\u2192" not in line]
    assert len(paid) == len(heads) - 1
    assert max(map(len, paid)) <= 80


def test_on_a_wide_screen_they_stand_side_by_side():
    heads = [line for line in print_at(200, make_decision()).splitlines() if "Fullest" in line]
    assert heads
    assert all("against alone" in line for line in heads)


@pytest.mark.parametrize(("encoding", "sign"), [("utf-8", "\u25bc3"), ("ascii", "v3")])
def test_signs_are_told_in_every_encoding(encoding, sign):
    assert sign in print_at(110, make_decision(), encoding)


def test_boxes_stand_first():
    text = print_at(110, make_decision(boxes=("Do not use it.",)))
    assert text.startswith("! Do not use it.")


def test_first_words_that_are_no_sentence_are_not_left_alone():
    points = [
        Note.of(Span("Proven."), Span(" No plan is better."), is_point=True),
        Note.of(Span("Nothing is missing:"), Span(" there is nothing to ask."), is_point=True),
    ]
    text = print_at(110, Sheet("Decision", "", tuple(points), is_page=True))
    assert "Proven." in text
    assert "No plan is better" not in text
    assert "Nothing is missing: there is nothing to ask." in text

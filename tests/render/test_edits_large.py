"""Files that nobody could compare in reasonable time are told apart all the same."""

from __future__ import annotations

import pytest

from cssopt.render import edits
from cssopt.render.edits import find_edits


@pytest.fixture
def pages(tmp_path):
    """A page as it is now, and as it was written: other at both ends."""
    now, written = tmp_path / "report.html", tmp_path / "written.html"
    now.write_text("<p>1</p><p>same</p><p>2</p>", encoding="utf-8")
    written.write_text("<p>3</p><p>same</p><p>4</p>", encoding="utf-8")
    return now, written


def test_every_place_is_told_where_there_is_time(pages):
    assert [(edit.written, edit.now) for edit in find_edits(*pages)] == [("3", "1"), ("4", "2")]


def test_a_page_too_long_to_be_compared_is_one_edit(pages, monkeypatch):
    monkeypatch.setattr(edits, "_MOST_PAIRS", 3)
    assert len(find_edits(*pages)) == 1


def test_a_file_too_large_to_be_read_is_one_edit(pages, monkeypatch):
    monkeypatch.setattr(edits, "_LARGEST", 3)
    (edit,) = find_edits(*pages)
    assert edit.place == "the whole file"

"""What stands at the top and bottom of printed pages: whole, as it was typed, or not at all."""

from __future__ import annotations

import html
import re
from zipfile import ZipFile

import pytest
from books import solve_sheets
from small_alliance import make_sheets, write_report


def print_with(path, **settings):
    """The sections of header and footer of every sheet, by letter, of a plan so titled."""
    sheets = make_sheets()
    given = [row for row in sheets["settings"] if row[0] not in settings]
    sheets["settings"] = [*given, *map(list, settings.items())]
    write_report(path, solve_sheets(sheets))
    with ZipFile(path) as parts:
        pages = [parts.read(name).decode() for name in parts.namelist() if "/sheet" in name]
    printed = [
        html.unescape(text)
        for page in pages
        for text in re.findall("<odd(?:Header|Footer)>(.*?)</odd", page, re.DOTALL)
    ]
    assert len(printed) >= 2 * 9
    # 255 characters are all that spreadsheets allow, as UTF-16 counts them.
    assert max(len(text.encode("utf-16-le")) for text in printed) <= 2 * 255
    return [read_sections(text) for text in printed]


def read_sections(text):
    """&L, &C and &R begin a section; && is a plain &."""
    parts = re.split("&([LCR])", text.replace("&&", "\0"))
    texts = (part.replace("\0", "&").strip() for part in parts[2::2])
    return dict(zip(parts[1::2], texts, strict=True))


@pytest.mark.medium
@pytest.mark.parametrize(
    "marking", ["R&D & <MORE> ".ljust(85, "m"), "&C&L&P&&", "2030 & 12", "北" * 100, "🔒" * 50]
)
def test_a_marking_is_printed_as_it_was_typed(tmp_path, marking):
    for sections in print_with(tmp_path / "report.xlsx", marking=marking, title="A & B"):
        assert sections["C"] == f"&B{marking}"


def test_a_title_too_long_to_print_beside_a_marking_is_left_out_whole(tmp_path):
    printed = print_with(tmp_path / "report.xlsx", marking="SECRET", title="T&" * 100)
    assert all(sections["C"] == "&BSECRET" for sections in printed)
    assert not any("T&" in text for sections in printed for text in sections.values())


def test_what_a_page_cannot_hold_is_never_printed_in_part(tmp_path):
    """A text of an input has at most 200 characters, but each & takes two."""
    printed = print_with(tmp_path / "report.xlsx", marking="m&" * 100, title="A")
    assert not any("m&" in text for sections in printed for text in sections.values())
    assert any(sections.get("L") == "A" for sections in printed)

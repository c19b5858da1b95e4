"""Packages that were tampered with: the same tables as before, or an issue; never other values.

What the standard allows to be left out, put in another order or written otherwise, and which then
means something else, cannot be told from what a planner meant. The lists below say what that is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from random import Random

import pytest
import xlsxwriter
from packing import parts_of

from cssopt.errors import DataError
from cssopt.tables.raw import RawSheet
from cssopt.workbook.book import read_book

MEANT_ATTRIBUTES = {
    ("c", "t"),  # without its kind, the place of a text is a number
    ("c", "r"),  # cells without an address follow one another
    ("row", "r"),
    ("c", "s"),  # cells without a format show numbers
    ("xf", "numFmtId"),
    ("numFmt", "formatCode"),
    ("numFmt", "numFmtId"),
    ("row", "hidden"),
    ("col", "hidden"),
    ("col", "min"),
    ("col", "max"),
    ("sheet", "state"),
    ("table", "totalsRowCount"),
}
"""Attributes whose absence means something else: tag and name."""

MEANT_ELEMENTS = {"row", "c", "v", "f", "si", "t", "r", "is"} | {
    "mergeCells", "mergeCell", "cols", "col", "tableParts", "tablePart",
    "numFmts", "numFmt", "cellXfs", "xf", "sheet",
}  # fmt: skip
"""Elements whose absence means something else: a blank, nothing merged, no sheet."""

ORDERED = {"sst", "si", "is", "r", "cellXfs"}
"""Elements whose children mean something by their order."""

COUNTED = {"si", "xf"}
"""Elements that others name by their place, so that one twice moves all that follow."""

_TAG = re.compile(r"<(/?)([\w:]+)([^>]*?)(/?)>")
_ATTRIBUTE = re.compile(r'\s([\w:]+)="[^"]*"')


@cache
def clean() -> bytes:
    """Two sheets with texts, numbers, dates, formulas, merged and hidden cells, and a table."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    rich = book.add_format({"bold": True})
    sheet = book.add_worksheet("members")
    sheet.write_row("A1", ["member", "gdp", "since", "votes"])
    for row, name in enumerate(("NOR", "SOU", "EST"), start=1):
        sheet.write_row(row, 0, [name, 1_000.5 * row])
        sheet.write_number(row, 2, 40_000 + row, date)
        sheet.write_boolean(row, 3, row == 1)
    sheet.write_rich_string("A6", "a ", rich, "note")
    sheet.merge_range("A7:B7", "merged")
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(3, 3, None, None, {"hidden": True})
    other = book.add_worksheet("forces")
    columns = [{"header": "force"}, {"header": "units", "total_function": "sum"}]
    rows = [["BDE", 3], ["ADB", 4]]
    other.add_table("A1:B4", {"data": rows, "columns": columns, "total_row": True})
    other.write_formula("D2", "=B2*2", None, 6)
    other.write_formula("D3", '=IF(B3>9,1,"")', None, "")
    book.close()
    # XlsxWriter says that all is still to be calculated; here its results are right.
    parts = parts_of(content.getvalue())
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    return pack(list(parts.items()))


def pack(parts: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, part in parts:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            archive.writestr(entry, part)
    return content.getvalue()


def picture(sheet: RawSheet, dates: bool) -> dict[str, object]:
    """All that is known of a sheet."""
    cells = {
        cell.where: (cell.value, cell.trouble, cell.formula, cell.date if dates else "")
        for row in sheet.rows
        for cell in row
        if cell.value is not None or cell.trouble or cell.formula
    }
    places = sheet.hidden, sheet.hidden_rows, sheet.hidden_columns, sheet.totals_rows
    return {**cells, "places": places, "merged": set(sheet.merged)}


def judge(content: bytes) -> str:
    """What is wrong with how a tampered package is read; empty where nothing is."""
    try:
        book = read_book(content, "book.xlsx")
    except DataError as error:
        unnamed = [str(i) for i in error.issues if not (i.where and i.code.startswith("E-0"))]
        return f"refused without place or code: {unnamed}" if unnamed else ""
    for name, sheet in read_book(clean(), "book.xlsx").sheets.items():
        found = book.sheets.get(name)
        if found is None:
            return f"the sheet {name} is gone without a word"
        if found.fault is not None:
            continue
        dates = not any(doubt.code == "W-022" for doubt in book.doubts)
        was, now = picture(sheet, dates), picture(found, dates)
        if was != now:
            keys = [key for key in was.keys() | now.keys() if was.get(key) != now.get(key)]
            return f"{name}: {[(key, was.get(key), now.get(key)) for key in keys[:3]]}"
    return ""


# --- ways to tamper


def drop_part(random: Random, parts: list[tuple[str, bytes]]) -> bytes:
    parts.remove(random.choice(parts))
    return pack(parts)


def double_part(random: Random, parts: list[tuple[str, bytes]]) -> bytes:
    name, part = random.choice(parts)
    again = random.choice([name.upper(), name.replace("/", "\\"), f"copy/{name}"])
    parts.insert(random.randrange(len(parts)), (again, random.choice([part, b"", b"<a/>"])))
    if again == name:
        return clean()
    return pack(parts)


def rename_part(random: Random, parts: list[tuple[str, bytes]]) -> bytes:
    place = random.randrange(len(parts))
    name, part = parts[place]
    names = [name.upper(), name.replace("/", "\\"), f"{name}x", name.replace("xl/", "")]
    parts[place] = random.choice(names), part
    return pack(parts) if len({n.lower() for n, _ in parts}) == len(parts) else clean()


def reorder_parts(random: Random, parts: list[tuple[str, bytes]]) -> bytes:
    random.shuffle(parts)
    return pack(parts, random.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))


def flip_bytes(random: Random, parts: list[tuple[str, bytes]]) -> bytes:
    content = bytearray(pack(parts, random.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])))
    for _ in range(random.choice([1, 1, 2, 8])):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    return bytes(content)


class Element:
    """A place in an XML text: the element's tag, where it begins and ends, and its parent."""

    def __init__(self, tag: str, start: int, opened: int, parent: Element | None) -> None:
        self.tag = tag.rpartition(":")[2]
        self.start, self.opened, self.end = start, opened, opened
        self.parent = parent


def elements_of(text: str) -> list[Element]:
    found: list[Element] = []
    stack: list[Element] = []
    for match in _TAG.finditer(text):
        closing, tag, _, empty = match.groups()
        if closing:
            stack.pop().end = match.end()
            continue
        element = Element(tag, match.start(), match.end(), stack[-1] if stack else None)
        found.append(element)
        if not empty:
            stack.append(element)
    return found


def in_xml(change: Callable[[Random, str], str | None]) -> Callable[..., bytes]:
    """A way to tamper with the text of one part; None where this text has nothing of the kind."""

    def tamper(random: Random, parts: list[tuple[str, bytes]]) -> bytes:
        while True:
            place = random.randrange(len(parts))
            name, part = parts[place]
            changed = change(random, part.decode())
            if changed is not None:
                parts[place] = name, changed.encode()
                return pack(parts)

    tamper.__name__ = change.__name__
    return tamper


@in_xml
def remove_attribute(random: Random, text: str) -> str | None:
    element = random.choice(elements_of(text))
    tag = text[element.start : element.opened]
    found = [
        match
        for match in _ATTRIBUTE.finditer(tag)
        if (element.tag, match[1]) not in MEANT_ATTRIBUTES
    ]
    if not found:
        return None
    match = random.choice(found)
    start = element.start
    return text[: start + match.start()] + text[start + match.end() :]


@in_xml
def remove_element(random: Random, text: str) -> str | None:
    found = [e for e in elements_of(text) if e.parent and e.tag not in MEANT_ELEMENTS]
    if not found:
        return None
    element = random.choice(found)
    return text[: element.start] + text[element.end :]


@in_xml
def double_element(random: Random, text: str) -> str | None:
    found = [e for e in elements_of(text) if e.parent and e.tag not in COUNTED]
    # A second run in a text is more text.
    found = [e for e in found if not (e.tag == "r" and e.parent.tag in ("si", "is"))]
    if not found:
        return None
    element = random.choice(found)
    return text[: element.end] + text[element.start : element.end] + text[element.end :]


@in_xml
def swap_elements(random: Random, text: str) -> str | None:
    children: dict[Element, list[Element]] = {}
    for element in elements_of(text):
        if element.parent and element.parent.tag not in ORDERED:
            children.setdefault(element.parent, []).append(element)
    pairs = [pair for siblings in children.values() for pair in pairwise(siblings)]
    if not pairs:
        return None
    first, second = random.choice(pairs)
    between = text[first.end : second.start]
    swapped = text[second.start : second.end] + between + text[first.start : first.end]
    return text[: first.start] + swapped + text[second.end :]


WAYS = [
    drop_part, double_part, rename_part, reorder_parts, flip_bytes,
    remove_attribute, remove_element, double_element, swap_elements,
]  # fmt: skip


def tampered(seed: int) -> tuple[str, bytes]:
    random = Random(seed)
    way = WAYS[seed % len(WAYS)]
    return way.__name__, way(random, list(parts_of(clean()).items()))


def judge_seeds(seeds: range) -> dict[str, str]:
    wrong = {}
    for seed in seeds:
        way, content = tampered(seed)
        if verdict := judge(content):
            wrong[f"seed {seed}, {way}"] = verdict
    return wrong


def test_the_clean_book_holds_what_can_be_lost():
    book = read_book(clean(), "book.xlsx")
    members, forces = book.sheets["members"], book.sheets["forces"]
    assert [cell.value for cell in members.rows[1]] == ["NOR", 1000.5, 40_001, True]
    assert members.rows[1][2].date == "2009-07-07"
    assert (members.hidden_rows, members.hidden_columns) == ({2}, {3})
    assert (members.merged, forces.totals_rows) == (("A7:B7",), {3})
    assert [forces.rows[row][3].value for row in (1, 2)] == [6, None]
    assert forces.rows[2][3].formula


@pytest.mark.medium
def test_tampered_packages_are_told_or_read_alike():
    assert not judge_seeds(range(63))


@pytest.mark.slow
def test_many_tampered_packages_are_told_or_read_alike():
    assert not judge_seeds(range(63, 2_000))

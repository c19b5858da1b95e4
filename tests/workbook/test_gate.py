"""Hostile, damaged and disguised files are refused, or read at no cost, soon and cheaply."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random

import pytest
from honest import office_book, script_book
from hostile import FAR, HOSTILE, write_all
from openpyxl import Workbook
from packing import (
    SHEET,
    bytes_of,
    good,
    pack,
    parts_of,
    sheet_of,
    with_part,
    with_parts,
    with_rows,
    with_tail,
)
from speed import slowness

from cssopt.errors import DataError
from cssopt.tables.codes import CODES
from cssopt.workbook.book import read_book
from cssopt.workbook.gate import file as gate
from cssopt.workbook.gate.file import open_file
from cssopt.workbook.read import read_workbook

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SECONDS, MEGABYTES = 2.0, 150


MEND = re.compile(
    r"[.;] (Choose|Clear|Copy|Delete|Do not|Fetch|Name|Open|Put|Remove|Save|Select|Shorten|Unmerge"
    r"|Unpack) "
)
"""How a sentence goes on that says what to do."""


@pytest.mark.medium
def test_every_hostile_file_is_answered_soon_and_cheaply(tmp_path):
    """Seconds are of the processor, so that the neighbours of a busy machine do not count."""
    paths = write_all(tmp_path)
    command = [sys.executable, HERE / "read_probe.py", *paths.values()]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    wrong = {}
    for (name, path), answer in zip(paths.items(), answers, strict=True):
        stem, issues, seconds, peak, values = answer
        assert stem == path.stem
        case = HOSTILE[name]
        expected = [[case.code, case.where or path.name]] if case.code else []
        if [issue[:2] for issue in issues] != expected:
            wrong[name] = issues
        elif not case.code:
            if next(iter(values.values())) != case.rows:
                wrong[name] = values
        elif case.words not in issues[0][2]:
            wrong[name] = issues
        elif not MEND.search(issues[0][2]):
            wrong[name] = f"says not what to do: {issues[0][2]}"
        if seconds > SECONDS * slowness() or peak > MEGABYTES:
            wrong[name] = f"took {seconds:.2f} s and {peak:.0f} MB"
    assert not wrong


def test_the_kinds_are_many_and_can_be_explained():
    assert len(HOSTILE) >= 100
    codes = {case.code for case in HOSTILE.values()}
    assert codes - {""} <= set(CODES)
    assert codes >= {f"E-00{i}" for i in (2, 3, 4, 5, 6, 8, 9)} | {f"E-02{i}" for i in range(4)}
    assert codes >= {"E-011", "E-012"}


# --- honest workbooks pass


def faults_of(content: bytes, name: str = "book.xlsx") -> list[str]:
    """Every reason that is told why a workbook, or a sheet of it, is not read."""
    try:
        book = read_book(content, name)
    except DataError as error:
        return [str(issue) for issue in error.issues]
    return [str(sheet.fault) for sheet in book.sheets.values() if sheet.fault]


@pytest.mark.medium
def test_ordinary_workbooks_pass(tmp_path):
    office_book().save(tmp_path / "office.xlsx")
    script_book(tmp_path / "script.xlsx")
    for path in sorted(tmp_path.glob("*.xlsx")):
        assert open_file(path) == path.read_bytes()
        assert not faults_of(path.read_bytes())


@pytest.mark.medium
def test_our_own_workbooks_pass():
    for folder in (ROOT / "inputs", ROOT / "tests" / "cases" / "formulation"):
        books = sorted(folder.glob("*.xlsx"))
        assert books
        for book in books:
            assert not faults_of(book.read_bytes())


@pytest.mark.medium
def test_big_but_honest_workbooks_pass():
    """Thirty tables of 330 rows and ten columns: a hundred thousand cells."""
    book = Workbook(write_only=True)
    for number in range(30):
        sheet = book.create_sheet(f"table {number}")
        for row in range(330):
            sheet.append([f"name {row}", *(row * column / 7 for column in range(9))])
    assert not faults_of(bytes_of(book))


@pytest.mark.parametrize(
    "content",
    [
        with_parts({"customXml/item1.xml": "no XML", "xl/drawings/vml.vml": "<br>"}),
        with_part("xl/media/logo.svg", '<!DOCTYPE svg PUBLIC "-//W3C" "x"><svg/>'),
        with_part("xl/worksheets/", b""),
        with_rows("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"),
        with_tail('<mergeCells><mergeCell ref="A1:ALL90"/></mergeCells>'),
    ],
    ids=["untidy parts", "picture", "folder entry", "no addresses", "a large merge"],
)
def test_oddities_without_harm_pass(content):
    assert not faults_of(content)


@pytest.mark.slow
def test_what_libreoffice_saves_passes(tmp_path):
    office_book().save(tmp_path / "office.xlsx")
    script_book(tmp_path / "script.xlsx")
    books = [tmp_path / "office.xlsx", tmp_path / "script.xlsx", *ROOT.glob("inputs/*.xlsx")]
    convert = ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless"]
    convert += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "saved"]
    subprocess.run([*convert, *books], check=True, capture_output=True, timeout=300)
    saved = sorted((tmp_path / "saved").glob("*.xlsx"))
    assert len(saved) == len(books)
    for book in saved:
        assert not faults_of(book.read_bytes())


# --- damage is told, all at once, and only ordinary files are opened


@pytest.mark.medium
def test_random_damage_is_told_or_does_no_harm():
    random = Random(1)
    for _ in range(500):
        content = bytearray(random.choice([good(), pack(parts_of(good()), zipfile.ZIP_STORED)]))
        for _ in range(random.choice([1, 3, 20])):
            place = random.randrange(len(content))
            if random.random() < 0.7:
                content[place] = random.randrange(256)
            else:
                del content[place : place + random.randrange(1, 30)]
        assert {fault[:3] for fault in faults_of(bytes(content))} <= {"E-0"}


def test_every_faulty_sheet_is_told_at_once():
    book = Workbook()
    book.active.title = "first"
    book.create_sheet("second")
    parts = {
        **parts_of(bytes_of(book)),
        SHEET: sheet_of(FAR),
        "xl/worksheets/sheet2.xml": sheet_of('<row r="1"><c r="A1"/><c r="A1"/></row>'),
    }
    told = sorted(fault.split(" ")[1] for fault in faults_of(pack(parts)))
    assert told == ["first!XFD1048576", "second!A1"]


def test_every_damaged_sheet_is_told_at_once():
    book = Workbook()
    book.create_sheet("second")
    parts = {
        **parts_of(bytes_of(book)),
        SHEET: "<worksheet",
        "xl/worksheets/sheet2.xml": "<!DOCTYPE a><a/>",
        "xl/theme/theme1.xml": "<broken",
    }
    assert [fault[:5] for fault in faults_of(pack(parts))] == ["E-006", "E-008"]


def refuse(path):
    with pytest.raises(DataError) as caught:
        read_workbook(path)
    (issue,) = caught.value.issues
    return str(issue)


def test_only_ordinary_files_are_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert refuse(tmp_path / "pipe.xlsx").startswith("E-001 pipe.xlsx is not an ordinary file")
    lock = tmp_path / "~$book.xlsx"
    lock.write_bytes(b"\x07planner")
    assert "while 'book.xlsx' is open" in refuse(lock)
    path = tmp_path / "book.xlsx"
    path.write_bytes(good())
    monkeypatch.setattr(gate, "MAX_FILE", 1_000)
    assert refuse(path).startswith("E-003 book.xlsx has ")


def test_names_in_messages_are_short_and_printable():
    book = Workbook()
    book.active.title = "x" * 31
    parts = parts_of(bytes_of(book))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b'"' + b"x" * 31, b'"_x001b_[31m\xe2\x80\xae' + b"y" * 900
    )
    parts[SHEET] = sheet_of(FAR).encode()
    (fault,) = faults_of(pack(parts))
    assert fault.isprintable()
    assert len(fault.split("!")[0]) < 90

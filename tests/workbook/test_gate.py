"""Hostile, damaged and disguised files are refused before a parser sees them, soon and cheaply."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hostile import CLOSE_SHEET, HOSTILE, MAIN, OPEN_SHEET, SHEET, good, pack, parts_of, with_rows
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from cssopt.errors import DataError
from cssopt.workbook.gate import check_file
from cssopt.workbook.read import read_workbook

ROOT = Path(__file__).parents[2]
SECONDS, MEGABYTES = 2.0, 200

# Runs in a process of its own: what the gate says of each file, its seconds, and the most memory
# that it held (of the process, not of the one that started it).
MEASURE = """
import json, re, sys, time
from pathlib import Path
from cssopt.errors import DataError
from cssopt.workbook.gate import check_file
for name in sys.argv[1:]:
    begun = time.perf_counter()
    try:
        check_file(Path(name))
        issues = []
    except DataError as error:
        issues = [str(issue) for issue in error.issues]
    status = Path("/proc/self/status").read_text()
    peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) / 1024
    print(json.dumps([issues, time.perf_counter() - begun, peak]))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What the gate answers to every hostile file, measured in a subprocess."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = []
    for name, (make, _, _) in HOSTILE.items():
        path = folder / f"{name.replace(' ', '_')}.xlsx"
        path.write_bytes(make())
        paths.append(str(path))
    command = [sys.executable, "-c", MEASURE, *paths]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return dict(zip(HOSTILE, lines, strict=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_their_own_sentence(name, answers):
    _, code, words = HOSTILE[name]
    issues, _, _ = answers[name]
    assert len(issues) == 1
    assert issues[0].startswith(f"{code} ")
    assert words in issues[0]


def test_the_gate_is_quick_and_needs_little_memory(answers):
    seconds = {name: seconds for name, (_, seconds, _) in answers.items()}
    assert max(seconds.values()) < SECONDS, max(seconds, key=seconds.get)
    assert max(peak for _, _, peak in answers.values()) < MEGABYTES


def test_the_kinds_are_many():
    assert len(HOSTILE) >= 40
    assert {code for _, code, _ in HOSTILE.values()} >= {f"E-00{i}" for i in range(2, 9)}


def honest_book() -> Workbook:
    """What planners do to a workbook that is none of the gate's business."""
    book = Workbook()
    sheet = book.active
    sheet.title = "forces"
    sheet["A1"] = "Forces of the alliance"
    sheet.merge_cells("A1:Z1")
    for column in "ABC":
        sheet.column_dimensions[column].width = 20
    for row in range(2, 3_000):
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor="FFFFCC")
    sheet["A3"].hyperlink = "https://example.org"
    sheet.print_title_rows = "1:2"
    book.create_sheet("notes").append(["=1+1", "text"])
    return book


def test_honest_workbooks_pass(tmp_path):
    path = tmp_path / "honest.xlsx"
    honest_book().save(path)
    assert check_file(path) == path.read_bytes()
    for folder in (ROOT / "inputs", ROOT / "tests" / "cases" / "formulation"):
        books = sorted(folder.glob("*.xlsx"))
        assert books
        for book in books:
            assert check_file(book) == book.read_bytes()


def test_every_faulty_sheet_is_told_at_once(tmp_path):
    parts = parts_of(good())
    far = '<row r="1048576"><c r="ZZ1048576"/></row>'
    content = {
        **parts,
        SHEET: OPEN_SHEET + far + CLOSE_SHEET,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">' + "<si/>" * 150_001 + "</sst>",
    }
    path = tmp_path / "two.xlsx"
    path.write_bytes(pack(content, zipfile.ZIP_STORED))
    with pytest.raises(DataError) as caught:
        check_file(path)
    assert [issue.where for issue in caught.value.issues] == ["texts", "data"]


def test_cells_without_addresses_are_counted_on(tmp_path):
    """A file may leave addresses out; the cells then follow one another."""
    path = tmp_path / "plain.xlsx"
    path.write_bytes(
        with_rows("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")
    )
    book = read_workbook(path)
    assert [[cell.value for cell in row] for row in book.sheets["data"].rows] == [[1, 2], [3, None]]

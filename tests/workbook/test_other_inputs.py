"""CSV folders and pandas frames are the same tables, and pass the same checks."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cssopt
from cssopt import find_tables
from cssopt.errors import DataError
from cssopt.workbook.csv_folder import read_csv_folder

EXAMPLE = Path(cssopt.__file__).parents[1] / "models" / "example"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(EXAMPLE, tmp_path / "alliance"))


@pytest.fixture(scope="module")
def tables():
    return find_tables()


def records(case):
    return {name: table.records() for name, table in case.data.tables.items()}


def test_a_csv_folder_is_read_as_the_workbook_is(folder, tmp_path):
    from cssopt import write_template

    book = write_template(tmp_path / "book.xlsx", example=True)
    assert records(cssopt.load(folder)) == records(cssopt.load(book))


def test_frames_are_read_as_the_csv_files_are(folder):
    frames = {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}
    assert records(cssopt.load(frames)) == records(cssopt.load(folder))


@pytest.mark.medium
def test_a_frame_may_have_its_keys_as_index(folder):
    frames = {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}
    frames["inventory"] = frames["inventory"].set_index(["member", "force"])
    assert records(cssopt.load(frames)) == records(cssopt.load(folder))


def test_an_issue_of_a_frame_has_the_address_of_a_sheet(folder):
    frames = {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}
    units = frames["inventory"].columns.get_loc("units")
    frames["inventory"] = frames["inventory"].astype(object)
    frames["inventory"].iloc[1, units] = pd.Timestamp("2026-05-01")
    frames["inventory"].iloc[2, units] = np.float64("inf")
    frames["inventory"].iloc[3, units] = pd.NA
    told = [str(issue) for issue in cssopt.check(frames).issues]
    assert [line.split()[:2] for line in told] == [
        ["E-108", "inventory!C3"],
        ["E-102", "inventory!C4"],
        ["E-101", "inventory!C5"],
    ]


def test_what_is_no_frame_is_told():
    with pytest.raises(TypeError, match="source is a text or a path or a mapping of a text to a"):
        cssopt.load({"members": [1, 2]})


def test_an_issue_of_a_csv_file_has_the_address_of_a_sheet(folder):
    path = folder / "inventory.csv"
    path.write_text('member,force,units\nNOR,BDE,"1,234"\n', encoding="utf-8")
    (issue,) = cssopt.check(folder).issues
    assert str(issue).startswith('E-107 inventory!C2 units = "1,234" can mean 1234 or 1.234.')


def test_semicolons_and_decimal_commas(folder):
    path = folder / "power.csv"
    path.write_text("force;capability;power\nBDE;LAND;1\nADB;AIR;1\nBDE;AIR;0,1\n")
    checked = cssopt.check(folder)
    assert checked.data.power.power["BDE", "AIR"] == 0.1
    (note,) = (note for note in checked.notes if note.code == "N-113")
    assert note.text.endswith(
        "separated by semicolons, numbers with a decimal comma (as power!C4 = 0,1 shows): power"
    )
    assert not any(note.code == "N-104" for note in checked.notes)


def test_a_byte_order_mark_does_no_harm(folder):
    path = folder / "power.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert cssopt.check(folder).issues == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"force,power\nA\xff,1\n", "E-002 power.csv is not UTF-8 text"),
        (b"PK\x03\x04\0\0", "E-002 power.csv is not a text file: it looks like a workbook"),
        (b"f\0o\0r\0", "E-002 power.csv is not a text file"),
        (b'force,power\n"A,1\n', "E-002 power.csv is not a CSV file: row 2 cannot be read"),
        (b",".join([b"x"] * 2000), "E-003 power.csv has 2000 columns"),
    ],
)
def test_files_that_are_no_csv(folder, content, expected):
    (folder / "power.csv").write_bytes(content)
    with pytest.raises(DataError) as caught:
        cssopt.check(folder)
    (issue,) = caught.value.issues
    assert str(issue).startswith(expected)


def test_a_folder_without_tables(tmp_path, tables):
    with pytest.raises(DataError, match=r"is a folder without \.csv files"):
        read_csv_folder(tmp_path, tables)


def test_the_digest_changes_with_any_file_that_is_read(folder, tables):
    before = read_csv_folder(folder, tables).digest
    (folder / "._power.csv").write_bytes(b"\0\5\x16\7")
    (folder / ".DS_Store").write_bytes(b"\0")
    assert before == read_csv_folder(folder, tables).digest
    path = folder / "power.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    assert read_csv_folder(folder, tables).digest != before

"""Inputs as frames and back: what pandas makes of them on the way is read as what it was."""

from __future__ import annotations

import datetime
import decimal
import io

import numpy as np
import pandas as pd
import pytest
from books import make_case
from paths import FORMULATION, ROOT
from small_books import make_book

import cssopt

BOOKS = [
    ROOT / "models" / "example",
    ROOT / "inputs" / "demo.xlsx",
    FORMULATION / "core_mip_102.xlsx",
]


def through_csv(frame):
    return pd.read_csv(io.StringIO(frame.to_csv(index=False)))


WAYS = {
    "as they are": lambda frame: frame,
    "through CSV": through_csv,
    "whole numbers as floats": lambda f: f.apply(
        lambda c: c.astype(float) if c.dtype.kind in "iu" else c
    ),
    "nan in place of None": lambda f: f.astype(object).where(f.notna(), np.nan),
    "types of pandas": lambda f: f.convert_dtypes(),
    "a row that is nowhere": lambda f: pd.concat([f, f.iloc[:0]]).reset_index(drop=True),
    "joined with what has gaps": lambda f: f.reindex([*f.index, len(f)]).iloc[: len(f)],
}


@pytest.fixture(scope="module", params=BOOKS, ids=lambda path: path.stem)
def case(request):
    return cssopt.load(request.param)


def records(case):
    return {name: table.records() for name, table in case.data.tables.items()}


@pytest.mark.medium
@pytest.mark.parametrize("way", WAYS)
def test_frames_of_a_case_are_the_same_case(case, way):
    frames = {name: WAYS[way](frame) for name, frame in case.frames.items()}
    assert records(cssopt.load(frames)) == records(case)


def test_frames_have_plain_columns(case):
    for name, frame in case.frames.items():
        spec = case.data.tables[name].spec
        names = ["name", "value"] if spec.vertical else [column.name for column in spec.columns]
        assert list(frame.columns) == names
        assert list(frame.index) == list(range(len(frame)))


def test_frames_are_made_anew_and_what_is_changed_is_what_is_solved():
    """1 unit more of 4 at 10 million in each of 4 years."""
    case = make_case(make_book())
    frames = case.frames
    frames["requirements"]["level"] = frames["requirements"]["level"] * 1.25
    solved = cssopt.solve(cssopt.load(frames))
    assert cssopt.solve(case).pooled_expenditure == pytest.approx(160)
    assert solved.pooled_expenditure == pytest.approx(200)


def test_an_issue_names_sheet_and_row(case):
    """Row 3 of a sheet, below its header, is the second of the frame."""
    frames = case.frames
    frames["members"] = frames["members"].astype(object)
    frames["members"].iloc[1, 0] = None
    (told, *_) = cssopt.check(frames).issues
    assert str(told).startswith("E-101 members!A3 member is blank")


@pytest.mark.medium
@pytest.mark.parametrize(
    ("value", "told"),
    [
        (datetime.date(2026, 5, 1), "E-108 members!A2 member = 2026-05-01 is a date"),
        (datetime.datetime(2026, 5, 1, 3), "E-108 members!A2 member = 2026-05-01 is a date"),
        (pd.Timestamp("2026-05-01"), "E-108 members!A2 member = 2026-05-01 is a date"),
        ([1], "E-105 members!A2 member = [1] is not a text"),
        (10**400, "E-105 members!A2 member = inf is not a text"),
    ],
)
def test_what_is_no_cell_is_told(case, value, told):
    frames = case.frames
    frames["members"] = frames["members"].astype(object)
    frames["members"].at[0, "member"] = value
    assert any(str(issue).startswith(told) for issue in cssopt.check(frames).issues)


@pytest.mark.medium
def test_a_decimal_is_a_number(case):
    frames = case.frames
    frames["members"] = frames["members"].astype(object)
    gdp = frames["members"].columns.get_loc("gdp")
    frames["members"].iloc[0, gdp] = decimal.Decimal("12.5")
    assert next(iter(cssopt.load(frames).data.members.gdp.values())) == 12.5


@pytest.mark.medium
def test_a_frame_may_be_no_larger_than_a_sheet(case):
    """It is refused before any cell of it is looked into; one that is not read may be anything."""
    frames = case.frames
    large = pd.DataFrame(np.zeros((200_000, 3)), columns=["member", "force", "units"])
    (told,) = [i for i in cssopt.check({**frames, "inventory": large}).issues if i.code[0] == "E"]
    assert str(told).startswith("E-024 inventory has 200,000 rows and 3 columns; at most 100,000")
    assert records(cssopt.load({**frames, "my own": large})) == records(case)
    many = pd.concat([frames["members"]] * 5_000)
    (told, *_) = [i for i in cssopt.check({**frames, "members": many}).issues if i.code == "E-024"]
    assert "filled cells" in str(told)


def test_an_index_that_has_the_name_of_a_column_is_a_column_twice(case):
    frames = case.frames
    frames["members"].index.name = "member"
    (told, *_) = cssopt.check(frames).issues
    assert told.code == "E-204"

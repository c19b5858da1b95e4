"""Words that the model uses itself are no codes: in a sheet, a what-if, a file or a frame."""

from __future__ import annotations

import pandas as pd
import pytest
from books import Sheets, make_data, make_raw
from small_books import make_book

import cssopt
from cssopt import find_tables
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.changes import read_change
from cssopt.tables.check import check_book
from cssopt.tables.patch import try_steps
from cssopt.tables.scenario_file import read_toml

SPELLINGS = ["common", "Common", " COMMON ", "\uff43\uff4f\uff4d\uff4d\uff4f\uff4e", "c\u200bommon"]
"""As it is, in other letters, with spaces, in full width, with a sign that nobody sees."""


def errors(sheets: Sheets) -> list[Issue]:
    issues = check_book(make_raw(sheets), find_tables()).issues
    return [issue for issue in issues if issue.code.startswith("E")]


def renamed(old: str, new: str) -> dict[str, list[list[object]]]:
    """The small book with another code, wherever it stands."""
    return {
        name: [[new if cell == old else cell for cell in row] for row in rows]
        for name, rows in make_book().items()
    }


@pytest.mark.parametrize("code", SPELLINGS)
def test_no_member_is_called_common(code):
    """Its own costs and the common ones would be one in the ledger; told once, at its cell."""
    (issue,) = errors(renamed("A", code))
    assert (issue.code, issue.where) == ("E-140", "members!R2C1")
    assert '"common" is who bears the costs that the members share' in issue.text
    assert "Choose another member, here and wherever it is named." in issue.text


@pytest.mark.parametrize("code", ["commons", "common A", "comm on"])
def test_words_that_only_look_like_it_are_codes(code):
    assert errors(renamed("A", code)) == []


@pytest.mark.parametrize("code", ["*", "\uff0a"])
def test_no_force_is_called_what_stands_for_all_forces(code):
    force = make_book()["forces"][1][0]
    (issue,) = errors(renamed(force, code))
    assert (issue.code, issue.where) == ("E-140", "forces!R2C1")


@pytest.mark.parametrize("code", ["gdp", "GDP"])
def test_no_key_of_a_treaty_is_called_as_studies_name_sharing_by_gdp(code):
    (issue,) = errors(make_book(sharing_keys=[["key", "member", "share"], [code, "A", 1]]))
    assert (issue.code, issue.where) == ("E-140", "sharing_keys!R2C1")


def test_no_scenario_is_called_as_the_plan_that_all_are_compared_with(tmp_path):
    head = ["scenario", "step", "table", "where", "column", "change", "value"]
    row = ["Base", 1, "members", None, "gdp", "scale", 2]
    (issue,) = errors(make_book(scenarios=[head, row]))
    assert (issue.code, issue.where) == ("E-140", "scenarios!R2C1")
    file = tmp_path / "s.toml"
    file.write_text('[base]\n[[base.steps]]\ntable = "members"\ncolumn = "gdp"\nvalue = 2\n')
    with pytest.raises(DataError, match="inputs as they are"):
        read_toml(file)


@pytest.mark.parametrize("code", SPELLINGS)
def test_a_what_if_adds_no_such_member(code):
    step = read_change(f"+members[member={code}; name=x; gdp=1; population=1]")
    patch = try_steps(make_data(make_book()), [step])
    assert [issue.code for issue in patch.issues] == ["E-140"]


def test_nor_does_a_frame():
    frames = {
        name: pd.DataFrame(rows[1:], columns=rows[0])
        for name, rows in renamed("A", "Common").items()
    }
    with pytest.raises(DataError) as caught:
        cssopt.load(frames)
    assert [(i.code, i.where) for i in caught.value.issues] == [("E-140", "members!A2")]

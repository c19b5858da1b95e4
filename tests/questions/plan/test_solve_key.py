"""A plan by another key, and the sheet Keys, worked by hand on the small book with talks.

Talks cost 4 a year for four years: 16 in all, nothing discounted. GDP 1000 each; people 3 and 1.
"""

from __future__ import annotations

import json

import openpyxl
import pytest
from books import make_case, solve_sheets, write_csv
from small_books import make_book, measure, members
from typer.testing import CliRunner

import cssopt
from cssopt.cli import app

AGREED = [["key", "member", "share"], ["treaty", "A", 60], ["treaty", "B", 40]]


def talks(**sheets):
    rows = members()
    rows[1][4] = 3
    return make_book(**{**measure(None), "members": rows, "sharing_keys": AGREED, **sheets})


@pytest.mark.parametrize(
    ("key", "of_a"),
    [("gdp", 0.5), ("treaty", 0.6), ("population", 0.75), ("cis_2009", (0.5 + 0.75) / 2)],
)
def test_a_plan_by_a_key(key, of_a):
    solution = cssopt.solve(make_case(talks()), key=key)
    assert solution.quantities.key_share["A", 2032] == pytest.approx(of_a)
    # A holds 2 units for 20 a year and bears its part of the talks; B bears the rest of them.
    assert solution.quantities.burden == pytest.approx({"A": 80 + 16 * of_a, "B": 16 * (1 - of_a)})
    assert solution.audit.passed


def test_it_is_as_if_the_workbook_had_the_key():
    """A's weight is a half: 0.75 / 2 to 0.25, so 0.6 to 0.4."""
    rows = members()
    rows = [[*rows[0], "common_weight"], [*rows[1], 0.5], [*rows[2], 1]]
    rows[1][4] = 3
    typed = [["key", "member", "share"], ["heads", "A", 0.75], ["heads", "B", 0.25]]
    there = solve_sheets(talks(members=rows, sharing_keys=typed), sharing_key="heads")
    here = cssopt.solve(make_case(talks(members=rows)), key="population")
    assert here.quantities.key_share["A", 2030] == pytest.approx(0.6)
    assert here.quantities.burden == pytest.approx(there.quantities.burden)


def test_where_the_key_of_the_study_adds_up_to_0_another_does():
    rows = members()
    rows[1][3] = rows[2][3] = 0
    case = make_case(talks(members=rows))
    with pytest.raises(cssopt.DataError, match="E-302"):
        cssopt.solve(case)
    assert cssopt.solve(case, key="equal").quantities.key_share["A", 2030] == 0.5


def test_all_that_is_said_about_a_key(tmp_path):
    case = make_case(talks())
    told = r"E-134 key The key \"use\" gives no shares: it goes by what a plan does"
    with pytest.raises(cssopt.DataError, match=told):
        cssopt.solve(case, key="use")
    solution = cssopt.solve(case, key="Population")
    (note,) = [note for note in solution.document.facts.issues if note.code == "N-122"]
    assert "shared by the key" in note.text


KEY = '"""Votes."""\n\n\ndef by_votes(base):\n    """By votes."""\n    return {"A": 3, "B": 1}\n'


@pytest.mark.medium
def test_a_key_of_ones_own_in_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own" / "keys").mkdir(parents=True)
    (tmp_path / "own" / "keys" / "votes.py").write_text(KEY, encoding="utf-8")
    book = write_csv(talks(), tmp_path / "small")
    words = ["solve", str(book), "--models", "own", "--key", "by_votes", "--json"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    record = json.loads((tmp_path / "reports" / "small-pooled" / "run.json").read_text("utf-8"))
    assert record["command"]["key"] == "by_votes"
    burdens = {row["member"]: row["cost"] for row in json.loads(done.stdout)["tables"]["burden"]}
    assert burdens == pytest.approx({"A": 80 + 12, "B": 4})
    assert any(issue["code"] == "N-122" for issue in record["issues"])
    report = tmp_path / "reports" / "small-pooled" / "report.xlsx"
    money, shares, words = read_keys(report)
    assert money["by_votes (in force)"] == {"A": 12, "B": 4, "total": 16}
    assert shares["by_votes (in force)"] == {"A": 0.75, "B": 0.25, "total": 1}
    assert words["by_votes (in force)"] == "By votes."
    assert str(tmp_path) not in repr(words)


def read_keys(path):
    """Money and shares by key and member, and what each key is."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheets = book["Keys"], book["What keys are"]
    rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    found, heads = [], [i for i, row in enumerate(rows) if row[0] == "member"]
    for head in heads:
        lines = {row[0]: row for row in rows[head + 1 : head + 4]}
        names = [name for name in rows[head][2:] if name]
        found.append(
            {
                name: {who: pytest.approx(row[i]) for who, row in lines.items()}
                for i, name in enumerate(names, 2)
            }
        )
    start = next(i for i, row in enumerate(rows) if row[0] == "key")
    return *found, {row[0]: row[1] for row in rows[start + 1 :] if row[0]}


@pytest.mark.medium
def test_the_sheet_says_what_each_would_pay(tmp_path):
    """Of 16: by people 12 and 4, by the treaty 9.6 and 6.4. Of the common defense A uses a third
    (see the key); the ceiling of the UN, 22 %, cannot hold for two."""
    case = make_case(talks())
    place = cssopt.solve(case).write(tmp_path, ["xlsx"])
    money, shares, words = read_keys(place.path)
    assert money["gdp (in force)"] == {"A": 8, "B": 8, "total": 16}
    assert money["population"] == {"A": 12, "B": 4, "total": 16}
    assert money["treaty"] == {"A": 9.6, "B": 6.4, "total": 16}
    assert money["use"] == {"A": 16 / 3, "B": 32 / 3, "total": 16}
    assert shares["treaty"] == {"A": 0.6, "B": 0.4, "total": 1}
    assert "un_scale" not in money
    assert "add up to 0.44 of the whole" in words["un_scale"]
    assert words["treaty"] == "Agreed in the sheet sharing_keys."


@pytest.mark.medium
def test_who_would_pay_above_its_ceiling_is_told(tmp_path):
    """B pays half of 4 a year and may pay 2.5 at most: by danger 2 too, in use 8/3. A has none."""
    rows = [
        [*row, ceiling]
        for row, ceiling in zip(members(), ("budget_share", None, 0.0025), strict=True)
    ]
    place = cssopt.solve(make_case(talks(members=rows))).write(tmp_path, ["xlsx"])
    sheet = openpyxl.load_workbook(place.path)["What keys are"]
    lines = list(sheet.iter_rows(values_only=True))
    start = next(i for i, row in enumerate(lines) if row[0] == "key")
    above = {row[0]: row[3] for row in lines[start + 1 :]}
    assert not above["gdp (in force)"]
    assert not above["exposure"]
    assert above["use"] == "Beta in 2030, 2031, 2032, 2033"


@pytest.mark.medium
def test_a_sheet_of_nothing_to_share_says_so(tmp_path):
    for sheets, who, told in (
        (make_book(), None, "There are no common costs to share."),
        (talks(), ["A"], "One member bears all costs by itself: there is nothing to share."),
    ):
        solution = cssopt.solve(make_case(sheets), members=who)
        place = solution.write(tmp_path / told[:9], ["xlsx"])
        sheet = openpyxl.load_workbook(place.path)["Keys"]
        assert told in [row[0] for row in sheet.iter_rows(values_only=True)]

"""What-ifs end to end: costs worked out by hand, and exactly the changes side by side."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from books import make_raw, write_csv
from commands import command
from openpyxl import load_workbook
from small_books import make_book

import cssopt
from cssopt import find_scenarios, find_tables, read_changes, whatif
from cssopt.assembly.case import Case
from cssopt.assembly.changes import pick_scenarios
from cssopt.assembly.folders import find_model_folders
from cssopt.errors import DataError
from cssopt.solve.session import QuietHighs
from cssopt.tables.check import check_book

HEAD = ["scenario", "step", "table", "where", "column", "change", "value"]
SCENARIOS = [
    HEAD,
    ["half more", 1, "requirements", None, "level", "scale", 1.5],
    ["A leaves", 1, "members", "member=A", None, "drop", None],
    ["two steps", 1, "requirements", "threat=K", "level", "set", 2],
    ["two steps", 2, "forces", "force=unit", "operating_cost", "add", 5],
    ["cannot be", 1, "members", "member=Z", "gdp", "set", 1],
]


@pytest.fixture(scope="module")
def case():
    checked = check_book(make_raw(make_book(scenarios=SCENARIOS)), find_tables())
    assert checked.data is not None, checked.issues
    return Case("small.xlsx", "0" * 64, checked.data, find_model_folders())


@pytest.fixture(scope="module")
def comparison(case):
    return whatif(case)


def test_every_scenario_costs_what_it_should(comparison):
    """Together A holds all 4 units, for 40 a year; B is twice as dear."""
    assert comparison.base.pooled_expenditure == pytest.approx(160)
    cost = {v.name: v.solution and v.solution.pooled_expenditure for v in comparison.variants}
    assert cost == {
        "half more": pytest.approx(4 * 60),
        "A leaves": pytest.approx(4 * 80),
        "two steps": pytest.approx(4 * 2 * 15),
        "cannot be": None,
    }


def test_a_scenario_that_cannot_be_made_is_a_row_with_its_reason(comparison):
    failed = comparison.variants[-1]
    assert failed.solution is None
    assert "E-504 scenarios!R6C4 no row of members has member=Z." in failed.reason


def test_the_base_is_never_changed(case, comparison):
    assert case.data.requirements.level["K", "land", 0.0] == 4.0
    assert set(case.data.members) == {"A", "B"}


def test_the_comparison_shows_exactly_the_touched_cells(case, tmp_path):
    comparison = whatif(case, scenario=["two steps"])
    book = load_workbook(comparison.write(tmp_path).path)
    lines = [[cell.value for cell in row] for row in book["Changes"].iter_rows()]
    start = next(i for i, line in enumerate(lines) if line[0] == "scenario")
    assert [line[:4] + line[5:8] for line in lines[start + 1 : start + 3]] == [
        ["two steps", 1, "requirements", "K, land, 0", "level", 4, 2],
        ["two steps", 2, "forces", "unit", "operating_cost", 10, 15],
    ]
    costs = [[cell.value for cell in row] for row in book["Costs"].iter_rows()]
    assert ["operating_cost", 160, 120] in costs
    assert book.sheetnames == [
        "What if", "Changes", "Steps", "Costs", "Costs by bearer", "Burden", "Units", "Moved",
        "Covered share", "Coverage", "Shortfall", "Set up", "Run",
    ]  # fmt: skip


def test_a_member_that_leaves_leaves_the_coalition_too(case):
    steps = {"A leaves": find_scenarios(case)["A leaves"]}
    (variant,) = whatif(case, scenarios=steps, members=["A", "B"]).variants
    assert variant.solution.coalition == ("B",)


def test_changed_tables_pass_the_same_rules(case):
    steps = read_changes(["settings.last_year=2020"])
    with pytest.raises(DataError, match="E-301"):
        cssopt.change(case, steps)


def test_scenarios_that_a_script_hands_over_are_compared_alone(case):
    mine = {"dearer": ["forces.operating_cost*=2"], "half more": ["requirements.level*=2"]}
    comparison = whatif(case, scenarios=mine)
    costs = {v.name: v.solution.pooled_expenditure for v in comparison.variants}
    assert costs == {"dearer": pytest.approx(4 * 80), "half more": pytest.approx(4 * 80)}
    (only,) = whatif(case, scenarios=mine, scenario=["dearer"]).variants
    assert only.name == "dearer"


def test_the_command_line(tmp_path):
    book = write_csv(make_book(scenarios=SCENARIOS), tmp_path / "small")
    dearer = "forces[force=unit].operating_cost*=2"
    words = ("--scenario", "half more", "--set", dearer, "--out", tmp_path, "--json")
    done = command("whatif", book, *words)
    assert done.code == 0, done.err
    base, half, own = done.tables["plans"]
    assert [half["scenario"], own["scenario"]] == ["half more", "command line"]
    assert half["difference"] == pytest.approx(4 * 20)
    assert half["difference_share"] == pytest.approx(0.5)
    cells = [row for row in done.tables["changes"] if row["scenario"] == "command line"]
    told = [(c["table"], c["row"], c["column"], c["old"], c["new"]) for c in cells]
    assert told == [("forces", "unit", "operating_cost", 10.0, 20.0)]
    assert base["pooled_expenditure"] == pytest.approx(160)
    assert (tmp_path / "comparison.xlsx").exists()


def test_a_wrong_change_is_told_before_anything_is_solved(case, tmp_path):
    book = write_csv(make_book(), tmp_path / "small")
    with patch.object(QuietHighs, "startSolve", side_effect=AssertionError):
        done = command("whatif", book, "--set", "member.gdp=1")
    assert done.code == 3
    assert 'Did you mean "members"?' in done.err
    with pytest.raises(DataError, match="is no scenario"):
        pick_scenarios({"a": ()}, ["b"])

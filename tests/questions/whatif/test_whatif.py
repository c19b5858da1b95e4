"""What-ifs end to end: costs worked out by hand, and exactly the changes side by side."""

from __future__ import annotations

import json

import pytest
from books import make_raw, write_csv
from openpyxl import load_workbook
from small_books import make_book
from typer.testing import CliRunner

import cssopt
from cssopt import (
    find_scenarios,
    find_tables,
    pick_scenarios,
    read_changes,
    report_whatif,
    whatif,
    write_template,
)
from cssopt.assembly.case import Case
from cssopt.assembly.folders import find_model_folders
from cssopt.cli import app
from cssopt.errors import DataError
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
    return whatif(case, find_scenarios(case))


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
    known = find_scenarios(case)
    comparison = whatif(case, pick_scenarios(known, ["two steps"]))
    report_whatif(case, comparison, tmp_path / "comparison.xlsx")
    book = load_workbook(tmp_path / "comparison.xlsx")
    lines = [[cell.value for cell in row] for row in book["Changes"].iter_rows()]
    start = next(i for i, line in enumerate(lines) if line[0] == "scenario")
    assert [line[:7] for line in lines[start + 1 :]] == [
        ["two steps", 1, "requirements", "K, land, 0", "level", 4, 2],
        ["two steps", 2, "forces", "unit", "operating_cost", 10, 15],
    ]
    costs = [[cell.value for cell in row] for row in book["Costs"].iter_rows()]
    assert ["operating_cost", 160, 120] in costs
    assert book.sheetnames == [
        "What if", "Changes", "Costs", "Costs by bearer", "Burden", "Units", "Moved",
        "Covered share", "Coverage", "Shortfall", "Set up", "Run",
    ]  # fmt: skip


def test_a_member_that_leaves_leaves_the_coalition_too(case):
    steps = {"A leaves": find_scenarios(case)["A leaves"]}
    (variant,) = whatif(case, steps, members=["A", "B"]).variants
    assert variant.solution.coalition == ("B",)


def test_changed_tables_pass_the_same_rules(case):
    steps = read_changes(["settings.last_year=2020"])
    with pytest.raises(DataError, match="E-301"):
        cssopt.change(case, steps)


def test_the_command_line(tmp_path):
    book = write_csv(make_book(scenarios=SCENARIOS), tmp_path / "small")
    dearer = "forces[force=unit].operating_cost*=2"
    command = ["whatif", str(book), "--scenario", "half more", "--set", dearer]
    command += ["--out", str(tmp_path), "--json"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0
    facts = json.loads(result.stdout)
    names = [scenario["scenario"] for scenario in facts["scenarios"]]
    assert names == ["half more", "command line"]
    assert facts["scenarios"][0]["difference"]["pooled_expenditure"] == pytest.approx(4 * 20)
    assert facts["scenarios"][1]["changed"] == [
        {"table": "forces", "key": ["unit"], "column": "operating_cost", "old": 10.0, "new": 20.0}
    ]
    assert (tmp_path / "comparison.xlsx").exists()


def test_a_wrong_change_is_told_before_anything_is_solved(tmp_path):
    book = write_template(tmp_path / "book.xlsx", example=True)
    result = CliRunner().invoke(app, ["whatif", str(book), "--set", "member.gdp=1"])
    assert isinstance(result.exception, DataError)
    assert 'Did you mean "members"?' in str(result.exception)
    with pytest.raises(DataError, match="is no scenario"):
        pick_scenarios({"a": ()}, ["b"])

"""The run record says what the report says, in strict JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from books import solve_sheets
from cssopt.questions.plan.record import build_run_record
from small_alliance import make_facts, make_sheets

from cssopt.document.run_facts import find_versions, without_folders
from cssopt.render.place import write_json


def read_record(tmp_path: Any, solution: Any, baseline: Any) -> Any:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    path = tmp_path / "run.json"
    write_json(path, build_run_record(solution, baseline, make_facts()))
    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


def test_the_record_of_a_plan(tmp_path, short):
    solution, baseline = short
    record = read_record(tmp_path, *short)
    assert record["source"] == "alliance.xlsx"
    assert record["sha256"] == make_facts().digest
    assert record["begun"] == "2027-03-04T05:06:07+00:00"
    assert record["status"] == "optimal"
    assert record["threats_met"] is False
    assert sum(record["costs"].values()) == pytest.approx(record["pooled_expenditure"])
    assert sum(record["burden"].values()) == pytest.approx(record["pooled_expenditure"])
    assert record["baseline"]["saving"] == pytest.approx(baseline.saving)
    assert set(record["baseline"]["alone"]) == {"ALF", "BEL"}
    assert [stage["name"] for stage in record["stages"]] == ["missing_share", "pooled_expenditure"]
    assert [issue["code"] for issue in record["issues"]] == ["W-201", "N-001"]
    assert {"read", "check", "build", "solve", "audit"} <= set(record["seconds"])
    assert record["columns"], record["rows"] == solution.shape[::-1]


def test_the_record_without_a_plan_has_null_for_what_is_not_known(tmp_path):
    record = read_record(tmp_path, solve_sheets(make_sheets(need=5.0), "strict"), None)
    assert record["status"] == "infeasible"
    for figure in ("objective", "pooled_expenditure", "shortfall", "bound", "gap", "audit"):
        assert record[figure] is None
    assert record["baseline"] is None


def test_the_record_shows_no_folder_of_the_machine(tmp_path, met):
    read_record(tmp_path, *met)
    assert "secret_place" not in (tmp_path / "run.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/me/a b.xlsx", "a b.xlsx"),
        (r"C:\Users\me\plan.xlsx", "plan.xlsx"),
        ("plan.xlsx", "plan.xlsx"),
        ("reports/", "reports"),
    ],
)
def test_folders_are_left_out(path, name):
    assert without_folders(path) == name


def test_options_keep_what_is_not_a_path():
    options = make_facts(options={"gap": 1e-7, "members": "A/B,C", "out": "/tmp/x"}).plain_options
    assert options == {"gap": "1e-07", "members": "A/B,C", "out": "x"}


def test_every_option_is_told_also_one_that_was_not_given():
    options = {"points": None, "set": ["a.b=1", "c.d*=2"], "scenarios": ["/home/me/x.toml"]}
    told = make_facts(options=options).plain_options
    assert told == {"points": "none", "set": "a.b=1; c.d*=2", "scenarios": "x.toml"}


def test_seconds_outside_highs_are_the_steps_of_the_plan_less_those_inside(met):
    """Reading 0.25 + checking 0.5 + 1 + 2 + 10 + 0.5 + 0.25, of which HiGHS had 8; the 100 of the
    baseline are other plans, whose seconds in HiGHS stand apart."""
    solution = replace(
        met[0],
        seconds={
            "build": 1.0, "compile": 2.0, "solve": 10.0, "extract": 0.5, "audit": 0.25,
            "baseline": 100.0,
        },
        solved=replace(met[0].solved, seconds=8.0),
    )  # fmt: skip
    record = build_run_record(solution, None, make_facts())
    assert record["seconds_inside_highs"] == 8
    assert record["seconds_outside_highs"] == 14.5 - 8
    assert record["seconds"]["baseline"] == 100


def test_versions_name_every_program():
    assert set(find_versions()) == {"cssopt", "Pyomo", "HiGHS", "Python"}

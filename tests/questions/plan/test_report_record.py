"""What programs read of a report: every figure by its name, in strict JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from books import solve_sheets
from small_alliance import make_facts, make_sheets

from cssopt.document.document import Pairs
from cssopt.document.run_facts import PlanFacts, find_versions, without_folders
from cssopt.document.run_sheet import show_run
from cssopt.questions.plan.show import show_plan
from cssopt.render.document_json import document_facts


def read_answer(solution: Any, baseline: Any) -> tuple[Any, dict[str, Any]]:
    """The whole of it, and its figures by name."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    text = json.dumps(document_facts(show_plan(solution, baseline, make_facts())))
    assert "secret_place" not in text
    told = json.loads(text, parse_constant=refuse)
    return told, {row["label"]: row["value"] for row in told["tables"]["figures"]}


def sum_of(figures: dict[str, Any], head: str) -> float:
    return sum(value for name, value in figures.items() if name.startswith(head))


def test_the_figures_of_a_plan(short):
    solution, baseline = short
    told, figures = read_answer(solution, baseline)
    facts = told["facts"]
    assert facts["source"] == "alliance.xlsx"
    assert facts["sha256"] == make_facts().digest
    assert facts["begun"] == "2027-03-04T05:06:07+00:00"
    assert figures["status"] == "optimal"
    assert figures["threats_met"] is False
    assert figures["pooled_expenditure"] == pytest.approx(solution.pooled_expenditure)
    assert sum_of(figures, "costs.") == pytest.approx(figures["pooled_expenditure"])
    assert sum_of(figures, "burden.") == pytest.approx(figures["pooled_expenditure"])
    assert figures["saving"] == pytest.approx(baseline.saving)
    alone = {name.split(".")[1] for name in figures if name.startswith("alone.")}
    assert alone == {"ALF", "BEL"}
    assert [issue["code"] for issue in facts["issues"]] == ["W-201", "N-001"]


def test_without_a_plan_what_is_not_known_is_null():
    told, figures = read_answer(solve_sheets(make_sheets(need=5.0), "strict"), None)
    assert figures["status"] == "infeasible"
    for figure in ("objective", "pooled_expenditure", "shortfall", "bound", "gap"):
        assert figures[figure] is None
    assert not any(name.startswith(("alone.", "saving")) for name in figures)
    assert "audit" not in told["tables"]


def test_every_row_of_a_declared_sheet_is_in_its_table(met):
    told, _ = read_answer(*met)
    held = told["tables"]["held"]
    assert {row["member"] for row in held} == {"ALF"}
    assert held[0]["2028"] == pytest.approx(2, abs=1e-4)


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
            "read": 0.25, "check": 0.5, "build": 1.0, "compile": 2.0, "solve": 10.0,
            "extract": 0.5, "audit": 0.25, "baseline": 100.0,
        },
        solved=replace(met[0].solved, seconds=8.0),
    )  # fmt: skip
    _, figures = read_answer(solution, None)
    assert figures["seconds_inside_highs"] == 8
    assert figures["seconds_outside_highs"] == 14.5 - 8


def test_another_solver_is_named_and_its_seconds_are_not_those_of_highs(met):
    """Of 10 s of solving HiGHS had none, whatever the other solver took."""
    solved = replace(met[0].solved, seconds=8.0, solver="cbc 2.10.8")
    solution = replace(met[0], seconds={"build": 1.0, "solve": 10.0}, solved=solved)
    _, figures = read_answer(solution, None)
    assert (figures["seconds_inside_highs"], figures["seconds_outside_highs"]) == (0, 11)
    plan = PlanFacts.of(solution)
    assert plan.solver_options["solver"] == "cbc 2.10.8"
    assert "seed" not in plan.solver_options
    assert plan.facts["seconds_inside_highs"] == 0
    blocks = {
        each.name: each
        for each in show_run(make_facts(plan=plan)).blocks
        if isinstance(each, Pairs)
    }
    told = {pair.label: pair.value for pair in blocks["run_solver"].pairs}
    assert (told["solver"], told["threads"]) == ("cbc 2.10.8", "1")


def test_versions_name_every_program():
    assert set(find_versions()) == {"cssopt", "Pyomo", "HiGHS", "Python"}

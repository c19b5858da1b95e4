"""A worker's answers are those of a cold start, whichever way they come."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from functools import cache
from types import SimpleNamespace

import pytest
from books import make_data
from paths import ROOT
from small_books import make_book

import cssopt
from cssopt import write_template
from cssopt.assembly.case import find_rules
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.errors import CssoptError, DataError
from cssopt.runs.outcome import BUILT, PATCHED, Run, join_reasons
from cssopt.runs.specification import RunSpecification
from cssopt.runs.worker import Worker
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.tables.check import check_data
from cssopt.tables.patch import Step, patch_tables
from cssopt.trace.sources import find_cells

DEMO = ROOT / "inputs" / "demo.xlsx"
FOLDERS = find_model_folders()


def make_worker(data, study="relaxed", folders=FOLDERS, **more):
    specification = {"members": None, "options": Options(), **more}
    return Worker(RunSpecification(data=data, study=str(study), **specification), folders)


def step(text):
    """A step as ``--set`` writes it."""
    return cssopt.read_changes([text])[0]


def run(*texts):
    return Run(" ".join(texts) or "base", tuple(step(text) for text in texts))


RULES = find_rules(FOLDERS)


@cache
def read_study(study):
    return load_study(study, FOLDERS)


def solve_cold(data, steps, study="relaxed", members=None):
    """The same what-if, read, checked, built and solved as any plan is; or the error's text."""
    try:
        changed, _ = patch_tables(data, steps)
        if issues := check_data(changed, RULES):
            errors = [issue for issue in issues if issue.code.startswith("E")]
            if errors:
                raise DataError(errors)
        coalition = members or changed.members.keys
        return run_study(Instance(changed, read_study(study), coalition), Options())
    except CssoptError as error:
        return SimpleNamespace(status="error", has_plan=False, reason=str(error))


def compare(outcome, cold):
    """Equal in status and in every figure that has one value only."""
    assert outcome.status == cold.status
    assert outcome.has_plan == cold.has_plan
    if outcome.status == "error":
        assert outcome.reason == cold.reason
    if not cold.has_plan:
        return
    near = {"rel": 1e-6, "abs": 1e-6}
    assert outcome.objective == pytest.approx(cold.objective, **near)
    assert outcome.bound == pytest.approx(cold.bound, **near)
    assert outcome.pooled_expenditure == pytest.approx(cold.pooled_expenditure, **near)
    assert outcome.missing_share == pytest.approx(cold.missing_share, **near)
    assert outcome.threats_met == cold.threats_met
    assert math.fsum(outcome.costs.values()) == pytest.approx(outcome.pooled_expenditure, **near)
    assert math.fsum(outcome.burden.values()) == pytest.approx(outcome.pooled_expenditure, **near)
    assert math.fsum(outcome.shortfalls.values()) == pytest.approx(outcome.shortfall, **near)


NUMBERS = ("number", "whole")


def draw_step(chance, data):
    """A change of one cell or of a whole column, of any table, sometimes a bold one."""
    columns = [
        (name, column)
        for name, table in data.tables.items()
        for column in table.spec.columns
        if column.kind in NUMBERS and column.name not in table.spec.key and len(table)
    ]
    name, column = chance.choice(columns)
    table, where = data.tables[name], ""
    numbers = {k: v for k, v in table.columns[column.name].items() if v is not None}
    if not numbers or column.name in ("first_year", "last_year", "price_year"):
        return draw_step(chance, data)
    key = chance.choice(sorted(numbers, key=str))
    if not table.spec.vertical and (chance.random() < 0.7 or len(numbers) < len(table)):
        parts = key if isinstance(key, tuple) else (key,)
        where = "; ".join(f"{n}={v}" for n, v in zip(table.spec.key, parts, strict=True))
    if column.kind == "whole":
        change, value = chance.choice([("add", 1.0), ("add", -1.0)])
    else:
        change, value = chance.choice(
            [
                ("scale", chance.uniform(0.7, 1.3)),
                ("scale", chance.uniform(0.7, 1.3)),
                ("set", numbers[key] * chance.uniform(0.8, 1.2)),
                ("add", chance.uniform(-0.1, 0.1)),
                ("set", chance.choice([0.0, 1.0])),
            ]
        )
    return Step(table=name, where=where, column=column.name, change=change, value=value)


def draw_runs(seed, data, number):
    chance = random.Random(seed)
    return [
        Run(str(i), tuple(draw_step(chance, data) for _ in range(chance.choice((1, 1, 2, 3)))))
        for i in range(number)
    ]


def draw_scale(chance, data):
    """A whole column or a single cell, of any table, a bit less or a bit more.

    Columns with an upper bound only get less: beyond it the run would fail, and test nothing.
    """
    columns = sorted({(table, column) for table, _, column in find_cells(data)})
    name, column = chance.choice(columns)
    table = data.tables[name]
    where = ""
    if not table.spec.vertical and chance.random() < 0.5:
        numbers = [k for k, v in table.columns[column].items() if v is not None]
        key = chance.choice(sorted(numbers, key=str))
        parts = key if isinstance(key, tuple) else (key,)
        where = "; ".join(f"{n}={v}" for n, v in zip(table.spec.key, parts, strict=True))
    high = 1.1 if table.spec.column(column).high is None else 1.0
    factor = chance.uniform(0.9, high)
    return Step(table=name, where=where, column=column, change="scale", value=factor)


def draw_scales(seed, data, number):
    chance = random.Random(seed)
    return [
        Run(str(i), tuple(draw_scale(chance, data) for _ in range(chance.choice((1, 1, 2, 3)))))
        for i in range(number)
    ]


def compare_many(data, study, seed, number, draw=draw_runs):
    """Random what-ifs in one worker against cold starts: how often each way was gone."""
    worker, ways = make_worker(data, study), Counter()
    for each in draw(seed, data, number):
        outcome = worker.run(each)
        cold = solve_cold(data, each.steps, study)
        try:
            compare(outcome, cold)
        except AssertionError as error:
            raise AssertionError(f"{each.steps}\n{outcome}") from error
        ways[outcome.way or "failed", outcome.status] += 1
    return ways


@cache
def demo():
    return cssopt.load(DEMO).data


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    path = tmp_path_factory.mktemp("example") / "example.xlsx"
    write_template(path, example=True)
    return cssopt.load(path).data


@pytest.mark.slow
def test_random_what_ifs_of_the_example(example):
    ways = compare_many(example, "relaxed", 3, 25)
    assert ways[PATCHED, "optimal"] >= 8
    assert ways[BUILT, "optimal"] > 0


@pytest.mark.medium
def test_random_what_ifs_in_whole_numbers():
    ways = compare_many(make_data(make_book()), "pooled", 4, 20)
    assert ways[PATCHED, "optimal"] >= 5


@pytest.mark.slow
def test_some_what_ifs_of_numbers_only_of_the_demo():
    ways = compare_many(demo(), "relaxed", 7, 6, draw_scales)
    assert ways.total() == 6
    assert ways[PATCHED, "optimal"] >= 2


@pytest.mark.slow
def test_random_what_ifs_of_numbers_only_of_the_demo():
    ways = compare_many(demo(), "relaxed", 8, 80, draw_scales)
    assert ways.total() == 80
    assert ways[PATCHED, "optimal"] >= 48


@pytest.mark.slow
def test_random_what_ifs_without_any_shortfall(example):
    ways = compare_many(example, "strict", 5, 10)
    assert {status for _, status in ways} >= {"optimal"}


@pytest.mark.slow
def test_random_what_ifs_of_the_demo_of_every_kind():
    ways = compare_many(demo(), "relaxed", 20261125, 60)
    assert ways.total() == 60
    assert ways[PATCHED, "optimal"] >= 20
    assert ways["failed", "error"] > 0
    assert ways[BUILT, "optimal"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("study", ["strict", "fair", "least_shortfall", "no_institutions"])
def test_random_what_ifs_of_the_demo_in_other_studies(study, tmp_path):
    path = tmp_path / f"{study}_relaxed.toml"
    path.write_text(f'extends = "{study}"\nrelaxed = true\n', encoding="utf-8")
    ways = compare_many(demo(), path, study, 16)
    assert ways.total() == 16
    assert sum(n for (way, _), n in ways.items() if way == PATCHED) >= 4


@pytest.mark.slow
def test_random_what_ifs_of_the_example_in_whole_numbers(example):
    ways = compare_many(example, "pooled", 6, 14)
    assert ways[PATCHED, "optimal"] >= 3


def test_a_patched_run_worked_by_hand():
    """6 units of A at 10 million in four years (small_books); twice as dear, 480; at a rate of
    100 % a year, 60 * (1 + 1/2 + 1/4 + 1/8)."""
    worker = make_worker(make_data(make_book()))
    runs = [
        run("requirements.level=6"),
        run("requirements.level=5"),
        run("requirements.level=6"),
        run("requirements.level=6", "forces.operating_cost*=2"),
        run("requirements.level=6", "settings.discount_rate=1"),
    ]
    outcomes = [worker.run(each) for each in runs]
    assert [o.way for o in outcomes] == [BUILT, BUILT, PATCHED, PATCHED, PATCHED]
    assert "first run" in outcomes[0].reason
    assert "second run" in outcomes[1].reason
    assert outcomes[2].reason == ""
    money = [240, 200, 240, 480, 60 * (1 + 1 / 2 + 1 / 4 + 1 / 8)]
    assert [o.pooled_expenditure for o in outcomes] == pytest.approx(money)
    for outcome, amount in zip(outcomes, money, strict=True):
        assert outcome.costs["operating_cost"] == pytest.approx(amount)
        assert outcome.burden == pytest.approx({"A": amount, "B": 0})
        assert outcome.threats_met
        assert outcome.shortfall == pytest.approx(0)
    assert outcomes[3].units == pytest.approx({("A", "unit"): 6, ("B", "unit"): 0})


def test_a_patched_shortfall_worked_by_hand():
    """16 units are all there are: of 20 that are needed, 4 are missing in each of four years."""
    worker = make_worker(make_data(make_book()))
    *_, outcome = [worker.run(run(f"requirements.level={x}")) for x in (4, 5, 20)]
    assert outcome.way == PATCHED
    assert not outcome.threats_met
    assert outcome.shortfall == pytest.approx(16)
    assert outcome.shortfalls == pytest.approx({("K", "land"): 16})
    assert outcome.missing_share == pytest.approx(4 * 4 / 20)
    assert outcome.pooled_expenditure == pytest.approx(4 * (8 * 10 + 8 * 20))


def test_an_infeasible_run_between_two_others():
    worker = make_worker(make_data(make_book()), "strict")
    levels = (4, 5, 4, 17, 4)
    outcomes = [worker.run(run(f"requirements.level={x}")) for x in levels]
    assert [o.status for o in outcomes] == [*["optimal"] * 3, "infeasible", "optimal"]
    assert not outcomes[3].has_plan
    assert outcomes[3].costs == {}
    assert outcomes[4].way == PATCHED
    assert outcomes[4].pooled_expenditure == pytest.approx(160)


FAILING = {
    "no such table": ("requirement.level*=2", '"requirement" is no table'),
    "touches nothing": ("requirements[threat=Q].level*=2", "no row of requirements has threat=Q"),
    "beyond the bounds": ("readiness.available_share=2", "available_share"),
    "against a rule": ("members.gdp=0", "adds up to 0 over A, B"),
}


@pytest.mark.medium
@pytest.mark.parametrize(("text", "expected"), FAILING.values(), ids=FAILING)
def test_a_failing_run_is_its_reason_and_stops_no_other(text, expected):
    worker = make_worker(make_data(make_book()))
    for _ in range(3):
        outcome = worker.run(run(text))
        assert outcome.status == "error"
        assert not outcome.has_plan
        assert expected in outcome.reason
        assert "Traceback" not in outcome.reason
    assert worker.run(run()).pooled_expenditure == pytest.approx(160)


@pytest.mark.medium
def test_a_warning_stops_no_run():
    """One price of 1 million among prices of hundreds is odd (W-420), and no error."""
    text = "forces[force=FSQ].procurement_cost=1"
    changed, _ = patch_tables(demo(), run(text).steps)
    codes = {issue.code for issue in check_data(changed, RULES)}
    assert "W-420" in codes
    assert not any(code.startswith("E") for code in codes)
    assert make_worker(demo()).run(run(text)).status == "optimal"


def test_a_rule_that_the_study_s_options_decide_holds_for_patched_runs_too(tmp_path):
    """The treaty's key falls to 0: told as by a cold start, and runs after it are still patched."""
    study = tmp_path / "by_treaty.toml"
    study.write_text('extends = "relaxed"\n[options]\nsharing_key = "treaty"\n', encoding="utf-8")
    keys = [["key", "member", "share"], ["treaty", "A", 1], ["treaty", "B", 3]]
    worker = make_worker(make_data(make_book(sharing_keys=keys)), study)
    shares = (2, 3, 4, 0, 5)
    outcomes = [worker.run(run(f"sharing_keys.share={x}")) for x in shares]
    assert [o.status for o in outcomes] == [*["optimal"] * 3, "error", "optimal"]
    assert 'the sharing key "treaty" adds up to 0 over A, B' in outcomes[3].reason
    assert outcomes[4].way == PATCHED


def test_another_shape_is_built_and_then_kept_too():
    """B leaves: A holds 5 units alone. Each shape is kept from its second run on."""
    worker = make_worker(make_data(make_book()))
    leaves = Step(table="members", where="member=B", change="drop")
    outcomes = []
    for level in (4, 5, 6, 7):
        outcomes.append(worker.run(Run(f"with {level}", run(f"requirements.level={level}").steps)))
        alone = Run(f"alone {level}", (leaves, *run(f"requirements.level={level}").steps))
        outcomes.append(worker.run(alone))
    assert [o.way for o in outcomes] == [BUILT] * 4 + [PATCHED] * 4
    assert [o.pooled_expenditure for o in outcomes[1::2]] == pytest.approx([160, 200, 240, 280])
    assert [set(o.burden) for o in outcomes[-2:]] == [{"A", "B"}, {"A"}]


@pytest.mark.medium
def test_a_coalition_of_some(example):
    members = example.members.keys[:2]
    worker = make_worker(example, members=members)
    for factor in (1.0, 1.1, 1.2):
        each = run(f"forces.operating_cost*={factor}") if factor > 1 else run()
        outcome = worker.run(each)
        compare(outcome, solve_cold(example, each.steps, members=members))
        assert set(outcome.burden) == set(members)
    assert outcome.way == PATCHED


def test_equal_security_is_built_anew_each_time():
    worker = make_worker(make_data(make_book()), "equal_security")
    outcomes = [worker.run(run("requirements.level=4")) for _ in range(3)]
    assert [o.way for o in outcomes] == [BUILT] * 3
    assert outcomes[2].reason == "the objective takes numbers from other plans"
    assert [o.pooled_expenditure for o in outcomes] == pytest.approx([160] * 3)


COMPONENT = '''"""A reserve: {what}.

Parameters:
    nothing
Constraints:
    keep_reserve:    held is at least a reserve
"""
from cssopt.modeling import constraint
REQUIRES = ("horizon", "readiness", "forces")

def constraints(block, data, use):
    least = {rule}
    held = use.readiness.held
    block.keep_reserve = constraint(
        "member force tier year", list(held), lambda *key: held[key] >= least, doc="reserve"
    )

def audit(data, solution):
    yield from ()
'''


def own_models(folder, what, rule):
    (folder / "components").mkdir()
    (folder / "studies").mkdir()
    text = COMPONENT.format(what=what, rule=rule)
    (folder / "components" / "reserve.py").write_text(text, encoding="utf-8")
    study = 'extends = "relaxed"\nwith = ["reserve"]\n'
    (folder / "studies" / "reserved.toml").write_text(study, encoding="utf-8")
    return find_model_folders([folder])


def test_a_component_that_cannot_be_traced_is_built_each_time(tmp_path):
    """It rounds the cost of 10 million to a reserve of 1 unit of each member, 2 in all: the need
    of 5 takes 4 units of A and 1 of B."""
    folders = own_models(tmp_path, "rounds", 'round(data.forces.operating_cost["unit"] / 10)')
    worker = make_worker(make_data(make_book()), "reserved", folders)
    outcomes = [worker.run(run("requirements.level=5")) for _ in range(4)]
    assert [o.way for o in outcomes] == [BUILT] * 4
    assert "round" in outcomes[2].reason
    assert [o.pooled_expenditure for o in outcomes] == pytest.approx([4 * (40 + 20)] * 4)


def test_a_component_that_reads_numbers_elsewhere_is_built_anew(tmp_path):
    """What it makes of float(x) is bound to the number it was: other numbers are refused."""
    folders = own_models(tmp_path, "floats", 'float(data.forces.operating_cost["unit"]) / 10')
    worker = make_worker(make_data(make_book()), "reserved", folders)
    outcomes = [worker.run(run(f"forces.operating_cost={10 * n}")) for n in (1, 2, 2, 1, 1, 4)]
    # Least units of each member, then the rest of 4 at A; a unit costs 10 n, and 20 n at B.
    money = [4 * 10 * n * (max(4 - n, n) + 2 * n) for n in (1, 2, 2, 1, 1, 4)]
    assert [o.pooled_expenditure for o in outcomes] == pytest.approx(money)
    assert any("forces.operating_cost of unit decides" in o.reason for o in outcomes)


def test_a_component_that_fails_is_the_run_s_reason(tmp_path):
    folders = own_models(tmp_path, "fails", '1 / (data.forces.operating_cost["unit"] - 20)')
    worker = make_worker(make_data(make_book()), "reserved", folders)
    outcomes = [worker.run(run(f"forces.operating_cost={cost}")) for cost in (21, 22, 24, 20, 30)]
    assert [o.status for o in outcomes] == [*["optimal"] * 3, "error", "optimal"]
    assert re.search(r"reserve\.py, line \d+: constraints: ZeroDivisionError", outcomes[3].reason)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("", "built", "built"),
        ("cut off", "", "cut off"),
        ("cut off", "built", "cut off; built"),
        ("It was cut off.", "built anew", "It was cut off. Built anew"),
    ],
)
def test_two_reasons_are_one_text(first, second, told):
    assert join_reasons(first, second) == told

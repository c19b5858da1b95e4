"""Whoever tampers with a plan is found out by the audit, rule by rule and number by number.

Whether a plan is wrong is established without any audit, by the compiled program (`tampering`): a
tampered plan that is still true is no fault, and another one is tried in its place.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import tampering
from alliances import ALLIANCE
from books import make_data, solve_sheets
from golden_books import ON_DEMAND
from independent.random_books import KINDS, make_random_book
from tampering import Planned, break_row, make_plan, tamper, with_values

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import load_study
from cssopt.solution.audit import audit_solution
from cssopt.tables.data import Data

NEAR = {"base_units": {("NOR", "BDE", 2027): 3.0}, "persist_weight": 1.0, "persist_most": 1e3}
PLANS = 195
"""Tampered plans of each study, shared among its books."""


def read_book(name: str) -> Data:
    """A book by its name; a number is the seed of a random one."""
    if name == "demo":
        return cssopt.load("inputs/demo.xlsx").data
    return make_data(ALLIANCE if name == "alliance" else make_random_book(int(name)))


@cache
def plan_of(book: str, study: str) -> Planned:
    """The plan of a book in a study; ``near`` is pooled with all components added on demand."""
    folders, data = find_model_folders(), read_book(book)
    if study == "equal_security":
        return make_plan(data, load_study(study, folders), alone_shortfall={})
    if study != "near":
        return make_plan(data, load_study(study, folders))
    chosen = load_study("pooled", folders)
    for part in ON_DEMAND:
        chosen = chosen.adding(part, folders)
    return make_plan(data, chosen, **NEAR)


def tamper_until_wrong(plan: Planned, chance: random.Random) -> tuple[str, bool]:
    """A tampered plan that is wrong, and whether the audit passes it."""
    while True:
        what, told = tamper(plan, chance)
        if plan.is_wrong(told):
            return what, plan.audit(told).passed


def check_rules(plan: Planned, most: int) -> list[str]:
    """Rules under whose own name the audit tells nothing though one of their rows is broken."""
    true = plan.tell(plan.values)
    assert not plan.is_wrong(true)
    assert plan.audit(true).passed, plan.audit(true).failures
    chance, missed = random.Random(1), []
    for rule, rows in plan.rules():
        for row in chance.sample(rows, min(most, len(rows))):
            values = break_row(plan, row)
            assert plan.excess(values)[row] > tampering.BROKEN, (rule, row)
            failed = {line.name for line in plan.audit(plan.tell(values)).failures}
            if rule not in failed:
                missed.append(f"{rule} {plan.program.rows[row][2]}")
    return missed


@pytest.mark.medium
@pytest.mark.parametrize("study", ["pooled", "relaxed"])
def test_a_handful_of_tampered_plans_is_caught(study):
    chance = random.Random(7)
    passed = [tamper_until_wrong(plan_of("alliance", study), chance) for _ in range(8)]
    assert [what for what, through in passed if through] == []


@pytest.mark.slow
@pytest.mark.parametrize("book", ["alliance", "demo", "9"])
@pytest.mark.parametrize("study", ["pooled", "relaxed"])
def test_every_tampered_plan_is_caught(study, book):
    """195 in each of the two studies, 390 in all: a third of them in each of three rich books."""
    plan, chance = plan_of(book, study), random.Random(f"{study} {book}")
    passed = [tamper_until_wrong(plan, chance) for _ in range(PLANS // 3)]
    assert [what for what, through in passed if through] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "study",
    [
        "pooled", "relaxed", "near",
        *(
            pytest.param(name, marks=pytest.mark.long)
            for name in ("fair", "strict", "equal_security")
        ),
    ],
)  # fmt: skip
def test_a_row_of_every_rule_that_breaks_is_told_by_its_name(study):
    assert check_rules(plan_of("alliance", study), 1) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3 * len(KINDS)))
@pytest.mark.parametrize("study", ["pooled", "relaxed"])
def test_a_row_of_every_rule_that_breaks_is_told_by_its_name_in_random_books(study, seed):
    assert check_rules(plan_of(str(seed), study), 3) == []


@pytest.mark.medium
@pytest.mark.parametrize("study", ["pooled", "relaxed"])
@pytest.mark.parametrize("value", [-0.01, 1.01, 0.5])
def test_decisions_out_of_their_range_are_told(study, value):
    """One decision of every kind at once: below 0, above 1, a half."""
    plan = plan_of("alliance", study)
    program, values, outside = plan.program, plan.values.copy(), set()
    last = {name: place for place, (_, name, _) in enumerate(program.columns)}
    for name, place in last.items():
        values[place] = value
        inside = program.lower[place] <= value <= program.upper[place]
        if not inside or program.whole[place]:
            outside.add(f"range of {name}")
    told = {line.rule for line in plan.audit(plan.tell(values)).failures}
    assert {rule for rule in told if rule.startswith("range of")} == outside


def test_fractions_are_a_fault_only_where_numbers_are_whole():
    """A fleet that is run by a half, with all that follows from it."""
    told = {}
    for study in ("pooled", "relaxed"):
        plan = plan_of("alliance", study)
        place = [name for _, name, _ in plan.program.columns].index("operates")
        values = plan.values.copy()
        values[place] = 0.5
        failed = plan.audit(plan.tell(values)).failures
        told[study] = "range of operates" in {line.rule for line in failed}
    assert told == {"pooled": True, "relaxed": False}


def test_a_number_that_lacks_is_too_many_or_none_is_told_alone():
    plan = plan_of("alliance", "relaxed")
    true = plan.tell(plan.values)
    held = dict(true.held)
    first, *_ = held
    strange = {("nobody", *key[1:]): units for key, units in held.items()}
    for values in (
        {key: units for key, units in held.items() if key != first},
        {**held, ("nobody", *first[1:]): 1.0},
        strange,
        {**held, first: np.nan},
        {**held, first: np.inf},
    ):
        (line,) = plan.audit(with_values(true, "held", values)).failures
        assert line.name == "readiness.numbers of held"
    (line,) = plan.audit(with_values(true, "legacy", {**true.legacy, first: 1.0})).failures
    assert line.name == "stock.numbers of legacy"


def test_a_parameter_of_another_program_is_told():
    """Twice the bound on units would let a closed line pass for an open one."""
    plan = plan_of("alliance", "relaxed")
    true = plan.tell(plan.values)
    key = next(iter(true.most_orders))
    changed = {**true.most_orders, key: 2 * true.most_orders[key]}
    (line,) = plan.audit(with_values(true, "most_orders", changed)).failures
    assert line.name == "most_units.parameter most_orders"


@pytest.mark.parametrize("figure", ["burden", "outlay"])
def test_what_members_bear_is_not_exchanged(figure):
    """The sum stays as it was."""
    plan = plan_of("alliance", "pooled")
    true = plan.tell(plan.values)
    values = dict(getattr(true, figure))
    one, other = next(iter(values)), list(values)[-1]
    values[one], values[other] = values[other], values[one]
    told = {line.name for line in plan.audit(with_values(true, figure, values)).failures}
    assert f"sharing.{figure}" in told


APART = {"situations": [["situation", "threat"], ["one", "BORDER"], ["two", "COAST"]]}
AT_ONCE: dict[str, list[list[str]]] = {"situations": [["situation", "threat"]]}


@pytest.mark.medium
@pytest.mark.parametrize(
    ("planned", "sheet", "rule"),
    [(AT_ONCE, APART, "plan_no_others_together"), (APART, AT_ONCE, "plan_all_together")],
    ids=["together, where the sheet has them apart", "apart, where all stand together"],
)
def test_situations_are_those_of_the_sheet(planned, sheet, rule):
    study = load_study("relaxed", find_model_folders())
    plan = make_plan(make_data({**ALLIANCE, **planned}), study)
    quantities = plan.tell(plan.values)
    assert plan.audit(quantities).passed
    other = replace(plan.problem, data=make_data({**ALLIANCE, **sheet}))
    failed = {line.name for line in audit_solution(other, quantities).failures}
    assert f"situations.{rule}" in failed


def test_a_situation_may_be_called_as_the_model_calls_one():
    """COAST, named in none, is a situation of its own beside one that is called "only COAST"."""
    named = {"situations": [["situation", "threat"], ["only COAST", "BORDER"]]}
    quantities = solve_sheets({**ALLIANCE, **named}, "relaxed").quantities
    situations = {}
    for s, k, _ in quantities.together:
        situations.setdefault(s, set()).add(k)
    assert situations == {"only COAST": {"BORDER"}, "only COAST alone": {"COAST"}}

"""The standard questions end to end: their changes, and plans of costs worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from books import add_column, make_data, read_study
from paths import DEMO
from small_books import (
    ACTIVITIES,
    DRONE_POWER,
    activity,
    bodies,
    forces,
    make_book,
    measure,
    members,
    plan_sheets,
    settings,
)

import cssopt
from cssopt.assembly.case import find_rules
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.errors import DataError
from cssopt.questions.whatif.standard import QUESTIONS, ask
from cssopt.solution.quantities import Quantities, Quantity
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.tables.check import check_data
from cssopt.tables.data import Data
from cssopt.tables.patch import patch_tables

YEARS = range(2030, 2034)


def after(base, steps):
    """The plan after the steps, its tables checked by every rule."""
    data, touched = patch_tables(base.data.book, steps)
    assert touched
    issues = check_data(data, rules())
    assert not [issue for issue in issues if issue.code.startswith("E")], issues
    coalition = [m for m in base.coalition if m in data.parties]
    solution = run_study(Instance(data, base.study, coalition), Options())
    assert solution.status is Status.OPTIMAL
    assert solution.audit is not None
    assert solution.audit.passed, solution.audit.failures
    return solution


@cache
def rules():
    return find_rules(find_model_folders())


def costs(kind, base):
    return {
        name: after(base, steps).pooled_expenditure / len(YEARS)
        for name, steps in ask(kind, base).items()
    }


def test_members_leave_with_their_forces():
    """Without A, B holds the 4 units, for 80 a year; without B, A does as it did, for 40."""
    base = plan_sheets(make_book())
    assert costs("leaving", base) == pytest.approx({"A leaves": 80, "B leaves": 40})


def test_the_largest_member_leaves():
    rows = members()
    rows[1][3] = 1001
    assert costs("largest", plan_sheets(make_book(members=rows))) == pytest.approx(
        {"A, the largest member, leaves": 80}
    )


def test_each_threat_is_smaller_or_larger():
    """4 units for 40 a year, and the same share of it more or less."""
    expected = {"K -30 %": 28, "K -20 %": 32, "K -10 %": 36, "K +10 %": 44, "K +20 %": 48,
                "K +30 %": 52}  # fmt: skip
    assert costs("threats", plan_sheets(make_book())) == pytest.approx(expected)


def test_one_threat_changes_and_the_others_stay():
    threats = [["threat", "name", "theatre", "kind"]]
    threats += [[k, k, "HOME", "military"] for k in ("K", "L", "calm")]
    head = ["threat", "capability", "day", "level"]
    needs = [head, ["K", "land", 0, 2], ["L", "land", 0, 3], ["calm", "land", 0, 0]]
    base = plan_sheets(make_book(threats=threats, requirements=needs))
    questions = ask("threats", base)
    assert len(questions) == 2 * 6  # what needs nothing cannot need more
    _, touched = patch_tables(base.data.book, questions["L -30 %"])
    (cell,) = touched
    assert (cell.key, cell.old) == (("L", "land", 0.0), 3)
    assert cell.new == pytest.approx(2.1)


def test_the_residual_value_counts_for_less():
    """The crisis comes in 2032: a unit kept from 2030 on costs 40, a drone bought in 2032 serves
    two of its four years and costs 32 + 2, less what of 16 counts."""
    threats = make_book()["threats"]
    threats[1][4] = 2032
    base = plan_sheets(make_book(forces=forces(price=32), power=DRONE_POWER, threats=threats))
    assert base.pooled_expenditure == pytest.approx(4 * 18)
    assert costs("residual", base) == pytest.approx(
        {"no residual value counts": 34, "half of the residual value counts": 26}
    )


@pytest.fixture(scope="module")
def talking():
    """Talks cost 4 a year and halve the need: 20 + 4 a year, and of the 4 A bears a quarter."""
    rows = members()
    rows[2][3] = 3000
    base = plan_sheets(make_book(**measure(None), members=rows))
    assert base.pooled_expenditure == pytest.approx(4 * 24)
    assert base.quantities.burden == pytest.approx({"A": 4 * 21, "B": 4 * 3})
    return base


def test_a_share_that_is_withheld_is_borne_by_the_others(talking):
    plans = {name: after(talking, steps) for name, steps in ask("withholding", talking).items()}
    burden = {name: plan.quantities.burden for name, plan in plans.items()}
    assert burden == {
        "A withholds its common share": pytest.approx({"A": 4 * 20, "B": 4 * 4}),
        "B withholds its common share": pytest.approx({"A": 4 * 24, "B": 0}),
    }


def test_a_share_that_is_withheld_and_cut(talking):
    """Without A's quarter 3 a year are left: talks at 0.75 and 4 * (1 - 0.375) = 2.5 units, 28.
    Without B's three quarters 1 is left: talks at 0.25 and 3.5 units, 36."""
    expected = {
        "A withholds its common share, which is cut": 25 + 3,
        "B withholds its common share, which is cut": 35 + 1,
    }
    assert costs("withholding-cut", talking) == pytest.approx(expected)


def test_a_cut_lowers_a_ceiling_that_is_there():
    """A quarter off 2 leaves 1.5, off 4 leaves 3, in place of 9."""
    ceilings = [["year", "budget"], [2030, 2], [2031, 9]]
    rows = members()
    rows[2][3] = 3000
    base = plan_sheets(make_book(**measure(None), members=rows, common_budgets=ceilings))
    assert base.quantities.common_cost == pytest.approx({2030: 2, 2031: 4, 2032: 4, 2033: 4})
    steps, _ = ask("withholding-cut", base).values()
    changed, _ = patch_tables(base.data.book, steps)
    assert changed.common_budgets.budget == pytest.approx({2030: 1.5, 2031: 3, 2032: 3, 2033: 3})


def test_a_cut_never_raises_a_ceiling_that_is_there(talking):
    """A ceiling of 0.5 is lower than the 3 that the others paid in the base plan."""
    book = talking.data.book
    table = book.common_budgets.replace({"year": {2030: 2030}, "budget": {2030: 0.5}})
    lower = Data({**book.tables, "common_budgets": table})
    steps, _ = ask("withholding-cut", replace(talking, data=lower)).values()
    changed, _ = patch_tables(lower, steps)
    assert changed.common_budgets.budget == pytest.approx({2030: 0.5, 2031: 3, 2032: 3, 2033: 3})


def ratifying(*more, **changed):
    """A treaty that each member ratifies in 2031, for nothing: B as a part of the treaty itself."""
    rows = [
        activity("RA", "legislation", 0, member="A", earliest=2031),
        activity("RB", "treaty", 0, member="B", earliest=2031),
        activity("EX", "resources", 0, member="B"),
        activity("T", "treaty", 0),
        *more,
    ]
    return make_book(activities=[ACTIVITIES, *rows], **changed)


def test_each_ratification_comes_a_year_late():
    """Nothing is pooled before 2031: 120, then 40 a year. With A's act late it delegates nothing in
    2031, so that B holds its own part, 2 units for 40, beside the 4 that A keeps for later. With
    B's late nothing is pooled in 2031: 120."""
    base = plan_sheets(ratifying())
    assert base.pooled_expenditure == pytest.approx(120 + 3 * 40)
    questions = ask("ratification", base)
    late = {name: after(base, steps).pooled_expenditure for name, steps in questions.items()}
    assert late == pytest.approx(
        {"RA a year late": 120 + (40 + 40) + 2 * 40, "RB a year late": 2 * 120 + 2 * 40}
    )


def test_a_year_late_is_told_against_the_base_plan():
    """C has neither needs nor forces: its act costs 1 a year and is never started."""
    exposure = [["threat", "member", "share"], ["K", "A", 1], ["K", "B", 1]]
    act = activity("RC", "legislation", 0, 1, member="C", earliest=2033)
    base = plan_sheets(ratifying(act, members=members(third=True), exposure=exposure))
    steps = {name: step for name, (step,) in ask("ratification", base).items()}
    assert {name: (step.value, step.note) for name, step in steps.items()} == {
        "RA a year late": (2032, "it starts in 2031 in the base plan: 2032 at the earliest"),
        "RB a year late": (2032, "it starts in 2031 in the base plan: 2032 at the earliest"),
        "RC a year late": (
            2034,
            "the base plan never starts it: 2034 at the earliest; it then does not start within "
            "the years of the plan",
        ),
    }
    late = after(base, (steps["RC a year late"],))
    assert late.pooled_expenditure == pytest.approx(base.pooled_expenditure)


WITHHELD = add_column(members(), "common_weight", 0, 1)
"""A withholds its share already, and B has nobody to share with."""


@pytest.mark.parametrize(
    ("kind", "sheets", "coalition"),
    [
        ("leaving", make_book(), ["A"]),
        ("largest", make_book(), ["A"]),
        ("withholding", make_book(), None),
        ("withholding-cut", make_book(bodies=bodies(("council", "consultation", 5, 5))), None),
        ("withholding", make_book(**measure(None)), ["A"]),
        ("withholding", make_book(**measure(None), members=WITHHELD), None),
        ("ratification", make_book(), None),
        ("residual", make_book(), None),
        ("residual", make_book(forces=forces(price=9), settings=settings(residual_share=0)), None),
        ("ratification", ratifying(), ["A"]),
        ("threats", make_book(requirements=[["threat", "capability", "day", "level"]]), None),
    ],
)  # fmt: skip
def test_a_question_without_meaning_asks_nothing(kind, sheets, coalition):
    assert ask(kind, plan_sheets(sheets, coalition)) == {}


def test_without_a_plan_only_what_needs_none_is_asked():
    sheets = ratifying(**measure(None), inventory=[["member", "force", "units"]])
    data = make_data(sheets)
    base = run_study(Instance(data, read_study("strict"), data.members.keys), Options())
    assert base.status is Status.INFEASIBLE
    asked = {kind: len(ask(kind, base)) for kind in QUESTIONS}
    assert asked == {"leaving": 2, "largest": 1, "withholding": 0, "withholding-cut": 0,
                     "threats": 6, "residual": 0, "ratification": 0}  # fmt: skip


def test_an_unknown_question_is_told_with_the_nearest():
    with pytest.raises(DataError, match='E-512 question "leavin" is no standard quest'):
        ask("leavin", plan_sheets(make_book()))


def test_names_of_any_signs_are_matched_exactly():
    """Each strange name would, as it stands, be several conditions or fit other names too."""
    member, threat, act = 'A;B,"*[x]=?', "K;*", 'R;"*"'
    rows, threats = members(), make_book()["threats"]
    rows[1][0], rows[2][0], threats[1][0] = member, "A", threat
    base = plan_sheets(
        make_book(
            measures=measure(None)["measures"],
            effects=[["measure", "threat", "effect"], ["talks", threat, 0.5]],
            members=rows,
            inventory=[["member", "force", "units"], [member, "unit", 8], ["A", "unit", 8]],
            activities=[ACTIVITIES, activity(act, "legislation", 0, member=member)],
            threats=threats,
            requirements=[["threat", "capability", "day", "level"], [threat, "land", 0, 4]],
        )
    )
    expected = {"leaving": ("members", member), "largest": ("members", member),
                "withholding": ("members", member), "withholding-cut": ("members", member),
                "threats": ("requirements", (threat, "land", 0.0)),
                "ratification": ("activities", act)}  # fmt: skip
    # The others name no member, threat or activity.
    for kind in set(QUESTIONS) - {"residual"}:
        first = next(iter(ask(kind, base).values()))
        _, touched = patch_tables(base.data.book, first[:1])
        table, key = expected[kind]
        assert {cell.key for cell in touched if cell.table == table} == {key}, kind


def plan_of_the_demo():
    """The demo with a plan that was not solved for: all starts at once, 1 million is common."""
    case = cssopt.load(DEMO)
    data = case.data.restrict("members", case.data.members, {})
    years = range(data.settings.first_year, data.settings.last_year + 1)
    share = {(m, t): 1 / len(data.members) for m in data.members for t in years}
    started = {(a, t): 1.0 for a in data.activities for t in years}
    figures = {
        "key_share": figure("key_share", ("member", "year"), share),
        "common_cost": figure("common_cost", ("year",), dict.fromkeys(years, 1.0)),
        "started": figure("started", ("activity", "year"), started),
    }
    small = plan_sheets(make_book())
    quantities = Quantities(data, figures, {})
    return case, replace(small, data=data, coalition=data.members.keys, quantities=quantities)


def figure(name, index_names, values):
    return Quantity(name, "", "variable", "", "", index_names, values)


@pytest.mark.slow
def test_every_question_can_be_asked_of_the_demo():
    case, base = plan_of_the_demo()
    asked = {kind: ask(kind, base) for kind in QUESTIONS}
    assert {kind: len(questions) for kind, questions in asked.items()} == {
        "leaving": 6, "largest": 1, "withholding": 6, "withholding-cut": 6, "threats": 4 * 6,
        "residual": 2, "ratification": 6,
    }  # fmt: skip
    for questions in asked.values():
        for steps in questions.values():
            assert all(step.note for step in steps)
            changed, touched = cssopt.change(case, steps)
            assert touched
            assert changed.data is not case.data

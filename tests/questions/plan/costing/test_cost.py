"""`cssopt cost`: a planner's own plan on books whose costs are worked out by hand, and on random
ones. In the small book A and B have 8 units each, and 4 are needed in each of four years; a unit
costs 10 million a year, B's 20, and a unit that is given up does not come back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from books import add_column, make_case, make_raw
from independent.random_books import make_random_book
from small_books import DRONE_POWER, forces, make_book

import cssopt
from cssopt.errors import DataError
from cssopt.questions.plan.costing.page import Costed, _tell_near, tell_title
from cssopt.questions.plan.costing.result import BrokenRule
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.pages.method import title_method
from cssopt.questions.plan.result import Comparison
from cssopt.questions.plan.view import PlanView
from cssopt.solution.audit import FAILED, audit_solution
from cssopt.tables.check import check_book

SLOW_BOOKS = (14, 22, 30, 33, 58, 65, 76, 99)
HEAD = ["member", "force", "year", "held", "ordered"]


def near(number):
    """A number by which units may be off that were typed, times what they cost."""
    return pytest.approx(number, rel=1e-6, abs=1e-4)


def cost(*rows, **sheets):
    return cssopt.cost(make_case(make_book(plan=[HEAD, *rows], **sheets)))


def page_of(answer):
    return next(sheet for sheet in answer.document.sheets if sheet.name == "Your plan")


def texts_of(answer):
    return " ".join(getattr(block, "text", "") for block in page_of(answer).blocks)


def broken(answer):
    return {(rule.name, *rule.key.values()): near(rule.amount) for rule in answer.broken}


@pytest.mark.medium
def test_what_is_blank_is_filled_in_at_the_least_cost():
    """A holds 6 in 2030 as planned, then the 4 that are needed: 60 + 3 * 40."""
    answer = cost(["A", "unit", 2030, 6, None])
    assert answer.plan.pooled_expenditure == near(60 + 3 * 40)
    assert answer.broken == ()
    (row,) = answer.rows
    assert row.typed == {"held": 6, "ordered": None}
    assert row.found == {"held": near(6), "ordered": 0}
    assert (
        page_of(answer).finding == "Your plan costs EUR\u00a00.18\u00a0billion and keeps every rule"
    )
    assert "It meets every need." in texts_of(answer)


def test_the_plan_near_it_says_what_to_change():
    """It gives up 2 units in 2030, and saves their 20 million."""
    answer = cost(["A", "unit", 2030, 6, None])
    (move,) = answer.moves
    assert (move.party, move.thing) == ("A", "unit")
    assert move.by_year == {2030: near(-2)}
    assert answer.near.pooled_expenditure == near(160)
    assert "It keeps every rule and costs EUR\u00a020\u00a0million less." in texts_of(answer)


def test_a_dear_move_is_not_proposed():
    """Moving 2 units for a year saves 20 million, less than 2 * 11."""
    book = make_book(plan=[HEAD, ["A", "unit", 2030, 6, None]])
    assert cssopt.cost(make_case(book), persist=11).moves == ()


def test_the_least_cost_plan_itself_has_nothing_to_change():
    answer = cost(*(["A", "unit", year, 4, 0] for year in range(2030, 2034)))
    assert answer.plan.pooled_expenditure == near(160)
    assert answer.broken == ()
    assert answer.moves == ()
    assert "Nothing: no plan near yours is better." in texts_of(answer)


def test_a_plan_near_it_that_only_orders_otherwise_is_told():
    """A given plan that breaks a rule is never said to be as good as one that keeps it."""
    answer = cost(["A", "unit", 2030, 6, None])
    found = replace(answer.found, near=answer.found.plan)
    keeps = Costed(found)
    assert [note.text for note in _tell_near(keeps, found.plan, found.near)] == [
        "Nothing: no plan near yours is better."
    ]
    breaks = Costed(
        replace(
            found,
            broken=(
                BrokenRule(
                    name="budgets.limit_budget",
                    says="",
                    key={},
                    amount=1.0,
                    limit=None,
                    measure="",
                    planned=(),
                    inputs=(),
                ),
            ),
        )
    )
    told = [note.text for note in _tell_near(breaks, found.plan, found.near)]
    assert told[:2] == [
        "It holds the same units, and differs in orders or in their use.",
        "It keeps every rule and costs as much.",
    ]


def test_a_plan_that_leaves_needs_missing_says_so():
    """One unit of A and none of B, where 4 are needed: three quarters are missing each year."""
    rows = [[m, "unit", t, 1 if m == "A" else 0, 0] for m in "AB" for t in range(2030, 2034)]
    answer = cost(*rows)
    assert answer.broken == ()
    assert answer.plan.costs["operating_cost"] == near(40)
    assert "It leaves 75.0\u00a0% of all needs missing, weighted." in texts_of(answer)
    # More could be done, so that the page must not say that nobody can.
    causes = PlanFigures(PlanView(answer.plan)).causes
    assert {cause.kind for found in causes.values() for cause in found} == {"chosen"}
    assert "in 2030\u201333 this plan leaves it so" in answer.document.sheets[0].blocks[0].text


def test_units_from_nowhere_are_not_given_up_beyond_the_inventory():
    """B gives up its 8 by 2031, has 5 in 2032 that no rule allows, and none in 2033."""
    rows = [["B", "unit", year, held, None] for year, held in ((2031, 0), (2032, 5), (2033, 0))]
    plan = cost(*rows).plan
    given_up, aged = (
        sum(x for (m, *_), x in plan.accounts[name].items() if m == "B")
        for name in ("given up", "aged out")
    )
    assert (given_up, aged) == (near(8), near(0))


def test_a_plan_of_members_that_do_not_take_part_is_none():
    case = make_case(make_book(plan=[HEAD, ["A", "unit", 2030, 6, None]]))
    with pytest.raises(DataError) as told:
        cssopt.cost(case, members=["B"])
    assert told.value.issues[0].code == "E-579"


def test_what_a_member_cannot_master_is_not_held_in_silence():
    """Drones ask for a level that A has not: what it plans to hold of them would be dropped."""
    book = make_book(**DRONES, plan=[HEAD, ["A", "drone", 2030, 1, None]])
    with pytest.raises(DataError) as told:
        cssopt.cost(make_case(book))
    assert (told.value.issues[0].code, told.value.issues[0].where) == ("E-578", "plan!R2C4")


def test_more_than_the_inventory_is_costed_and_told_with_cells():
    """A is to hold 10 of its 8 in 2030, and of B's 3 of 2031 there are to be 5 in 2032."""
    answer = cost(
        ["A", "unit", 2030, 10, None], ["B", "unit", 2031, 3, None], ["B", "unit", 2032, 5, None]
    )
    assert broken(answer) == {
        ("stock.never_return", "B", "unit", 2032): 2,
        ("stock.keep_within_legacy", "A", "unit", 2030): 2,
    }
    # B must still have 3 in 2030. Then 4 are needed, of A or B: 1 of A beside B's 3 in 2031 (A then
    # keeps 1, at 10 a year), B's 5 in 2032 and 3 in 2033.
    spent = 10 * 10 + 3 * 20 + (10 + 3 * 20) + (10 + 5 * 20) + (10 + 3 * 20)
    assert answer.plan.pooled_expenditure == near(spent)
    of_inventory = answer.broken[1]
    assert of_inventory.limit == 8
    assert of_inventory.planned == ("plan!R2C4",)
    assert of_inventory.inputs == ("inventory!R2C3",)
    assert answer.audits.passed
    assert {line.rule for line in answer.plan.audit.gave_way} == {
        "keep_within_legacy", "never_return"
    }  # fmt: skip
    assert page_of(answer).finding.endswith("breaks 2 rules")
    assert "It breaks rules in 2 places" in answer.document.sheets[0].boxes[1]


def test_more_people_than_there_are():
    """Each unit takes 2 thousand people: 6 units take 12 where A allows 9."""
    people = add_column(make_book()["members"], "personnel", 9, None)
    book = make_book(members=people, plan=[HEAD, ["A", "unit", 2030, 6, None]])
    book["forces"][1][2] = 2
    answer = cssopt.cost(make_case(book))
    (rule,) = answer.broken
    assert (rule.name, dict(rule.key)) == (
        "personnel.limit_personnel", {"member": "A", "year": 2030}
    )  # fmt: skip
    assert (rule.amount, rule.limit) == (near(3), 9)
    assert rule.planned == ("plan!R2C4",)
    assert rule.inputs == ("members!R2C8",)
    assert rule.measure == "personnel, thousands"
    assert page_of(answer).finding.endswith(
        "breaks a rule: the plan uses no more people than the member allows"
    )


def test_more_money_than_the_ceiling():
    """6 units cost 60 million; A may spend 50."""
    budgets = [["member", "year", "budget"], ["A", 2030, 50]]
    answer = cost(["A", "unit", 2030, 6, None], budgets=budgets)
    (rule,) = answer.broken
    assert rule.name == "budgets.limit_budget"
    assert (rule.amount, rule.limit) == (near(10), 50)
    assert rule.inputs == ("budgets!R2C3",)
    assert answer.plan.costs["operating_cost"] == near(180)
    payers = {one.party: one for one in PlanFigures(PlanView(answer.plan)).payers.each}
    assert payers["A"].fullest == (near(60 / 50), (2030,))


def test_more_orders_than_industry_delivers():
    """Drones at 20 million, of which each member can import 1 a year: 5 in 2030 are 3 too many."""
    answer = cost(
        ["A", "drone", 2030, None, 5], forces=forces(price=20, imports=1), power=DRONE_POWER
    )
    amounts = {rule.name: rule.amount for rule in answer.broken}
    assert amounts["industry.limit_production"] == near(3)
    assert answer.plan.costs["procurement_cost"] == near(5 * 20)


def test_units_that_were_bought_must_be_held():
    """2 drones ordered, 1 held: one is bought and nowhere."""
    answer = cost(["A", "drone", 2030, 1, 2], forces=forces(price=20), power=DRONE_POWER)
    assert broken(answer) == {("readiness.split_units", "A", "drone", 2030): 1}


@pytest.mark.medium
@pytest.mark.parametrize(
    "seed", [1, 7, *(pytest.param(seed, marks=pytest.mark.slow) for seed in SLOW_BOOKS)]
)
def test_the_own_optimum_of_a_random_book_costs_the_same_and_breaks_nothing(seed):
    book = make_random_book(seed, 1.0)
    plan = cssopt.solve(make_case(book))
    ordered = plan.accounts["ordered"]
    typed = [
        [*key, held, ordered.get(key)]
        for key, held in ((key, round(x, 9)) for key, x in plan.units_by_year.items())
    ]
    answer = cssopt.cost(make_case({**book, "plan": [HEAD, *typed]}))
    assert answer.status is cssopt.Status.OPTIMAL
    assert answer.broken == ()
    assert answer.plan.objective == pytest.approx(plan.objective, rel=1e-6, abs=1e-6)
    assert answer.audits.passed


def test_no_solve_reads_the_sheet():
    rows = [HEAD, ["A", "unit", 2030, 6, None]]
    without = cssopt.solve(make_case(make_book()))
    beside = cssopt.solve(make_case(make_book(plan=rows)))
    assert beside.shape == without.shape
    assert beside.objective == without.objective
    assert beside.found.tables.keys() == without.found.tables.keys()


@pytest.fixture(scope="module")
def broken_plan():
    """Costed: 10 of A's 8 units in 2030, and of B 5 in 2032 after 3 in 2031."""
    rows = ["A", "unit", 2030, 10, None], ["B", "unit", 2031, 3, None], ["B", "unit", 2032, 5, None]
    found = cost(*rows).found
    return Costed(found)


def title_of(costed, rules, **changed):
    """The title with so many of the broken rules, and a plan that is changed so."""
    plan = replace(costed.found.plan, **changed)
    found = replace(costed.found, compared=Comparison(plan), broken=costed.found.broken[:rules])
    return tell_title(Costed(found))


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (0, "and keeps every rule"),
        (1, "and breaks a rule: units given up do not come back"),
        (2, "and breaks 2 rules"),
    ],
)
def test_the_title_says_how_many_rules_it_breaks(broken_plan, rules, says):
    assert title_of(broken_plan, rules) == f"Your plan costs EUR\u00a00.41\u00a0billion {says}"


def test_one_rule_that_is_broken_in_two_places_is_one_rule(broken_plan):
    first, _ = broken_plan.found.broken
    again = replace(first, key={**first.key, "year": 2033})
    costed = Costed(replace(broken_plan.found, broken=(first, again)))
    assert tell_title(costed).endswith("breaks 1 rule in several places")


def test_what_is_not_sure_stands_before_the_title(broken_plan):
    unproven = title_of(broken_plan, 0, status=cssopt.Status.FEASIBLE)
    assert unproven.startswith("NOT PROVEN: Your plan costs")
    audit = broken_plan.found.plan.audit
    lines = tuple(replace(line, result=FAILED) for line in audit.lines)
    failed = title_of(broken_plan, 2, audit=replace(audit, lines=lines))
    assert failed.startswith("THE AUDIT FAILED: Your plan costs")


def test_what_gave_way_is_no_failed_audit_and_is_told_as_broken(broken_plan):
    audits = broken_plan.found.audits
    assert audits.passed
    title = title_method(broken_plan.found.plan.audit, audits)
    assert title.startswith("The plan as given breaks 2 rules where it was told")


def test_what_is_broken_by_more_than_was_told_fails_its_audit(broken_plan):
    """As is what is broken elsewhere: half of what A holds too many is owned up to."""
    plan = broken_plan.found.plan
    problem = plan.instance.assemble()
    told = {row: amount / 2 for row, amount in plan.given_way.items()}
    audit = audit_solution(problem, plan.quantities, told)
    assert {line.rule for line in audit.failures} == {"keep_within_legacy", "never_return"}
    assert audit_solution(problem, plan.quantities, plan.given_way).passed


def test_where_there_is_no_plan_to_cost_it_is_told_how_to_give_one():
    with pytest.raises(DataError) as told:
        cssopt.cost(make_case(make_book()))
    assert str(told.value.issues[0]).startswith("E-579 plan there is no plan to cost.")


DRONES = {"forces": forces(price=20, tech=1), "power": DRONE_POWER}


@pytest.mark.medium
@pytest.mark.parametrize(
    ("row", "where", "says"),
    [
        (["A", "unit", 2034, 4, None], "plan!R2C3", "outside the years"),
        (["A", "unit", 2030, None, 2], "plan!R2C5", "cannot be bought"),
        (["A", "drone", 2030, None, 2], "plan!R2C5", "asks for 1; no programme unlocks it"),
        (["A", "drone", 2030, 2.5, None], "plan!R2C4", "whole units"),
        (["A", "drone", 2030, None, 2.5], "plan!R2C5", "whole units"),
        (["A", "drone", 2033, None, 2], "plan!R2C5", "arrives in 2034"),
        (["A", "drone", 2030, 1, None], "plan!R2C4", 'no "drone" in its inventory'),
        (["A", "unit", 2030, None, None], "plan!R2C4", "changes nothing"),
    ],
)
def test_a_faulty_row_is_told_with_its_cell_and_hinders_no_solve(row, where, says):
    rows = add_column(add_column(DRONES["forces"], "lead_time", 0, 1), "whole", None, True)
    book = make_book(forces=rows, power=DRONE_POWER, plan=[HEAD, row])
    if "unlocks" not in says:
        book["members"][1][5] = 1
    case = make_case(book)
    assert cssopt.solve(case).status is cssopt.Status.OPTIMAL
    with pytest.raises(DataError) as told:
        cssopt.cost(case)
    issue = told.value.issues[0]
    assert (issue.code, issue.where) == ("E-578", where)
    assert says in issue.text


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["X", "unit", 2030, 4, None]], ("E-121", "plan!R2C1")),
        ([["A", "tank", 2030, 4, None]], ("E-121", "plan!R2C2")),
        ([["A", "unit", 2030, -1, None]], ("E-110", "plan!R2C4")),
        ([["A", "unit", 2030, "four", None]], ("E-102", "plan!R2C4")),
        ([["A", "unit", 2030, 4, None], ["A", "unit", 2030, 5, None]], ("E-120", "plan!R3C1")),
        ([["A", "unit", None, 4, None]], ("E-101", "plan!R2C3")),
    ],
)
def test_what_no_sheet_may_have_is_told_when_it_is_read(rows, told):
    checked = check_book(make_raw(make_book(plan=[HEAD, *rows])), cssopt.find_tables())
    assert [(issue.code, issue.where) for issue in checked.issues] == [told]

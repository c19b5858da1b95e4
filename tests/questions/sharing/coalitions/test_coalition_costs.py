"""What coalitions spend by themselves: as `compare`, known answers and another program have it."""

from __future__ import annotations

import itertools
import json
import math

import pytest
from baselines import find_baseline
from books import Rows, make_case
from independent import questions
from independent.random_books import kind_of, make_random_book
from paths import FORMULATION
from small_books import make_book, members

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.errors import DataError, SolveError
from cssopt.questions.sharing.coalitions.cost import CoalitionCost, CoalitionCosts
from cssopt.questions.sharing.coalitions.find import find_coalition_costs
from cssopt.questions.sharing.coalitions.worker import (
    CoalitionQuestion,
    CoalitionTask,
    CoalitionWorker,
)
from cssopt.solve.answer import CUT_OFF, NOT_ASKED, Options

EXACT = 1e-6
FOLDERS = find_model_folders()
EXPECTED = json.loads((FORMULATION / "expected.json").read_text())
YEARS = 4


def find(case: cssopt.Case, study: str = "pooled", **how) -> CoalitionCosts:
    options = how.pop("options", Options())
    return find_coalition_costs(Instance.of(case, study), options, folders=FOLDERS, **how)


def make_three() -> dict[str, Rows]:
    """The small book with a third member, C, as dear as A and without units of its own."""
    return make_book(members=members(third=True))


def near(value: float):
    return pytest.approx(value, rel=EXACT, abs=EXACT)


# What they are


def test_costs_of_the_small_book_are_those_worked_out_by_hand():
    """A alone 40 a year, B alone 80, both together 40; and the masks of the game."""
    found = find(make_case(make_book()))
    assert {s: cost.cost for s, cost in found.costs.items()} == {
        ("A",): near(40 * YEARS), ("B",): near(80 * YEARS), ("A", "B"): near(40 * YEARS),
    }  # fmt: skip
    game = found.game()
    assert game.players == ("A", "B")
    assert game.values.tolist() == [0.0, near(160), near(320), near(160)]
    assert game.is_cost
    assert not game.doubt.size
    assert found.tell() == ()
    assert found.grand.pooled_expenditure == near(160)
    assert found.grand.audit.passed
    assert found.audits.passed
    assert found.audits.plans == found.audits.audited == 3


@pytest.mark.medium
@pytest.mark.parametrize(
    "book",
    [
        "core_lp_108",
        *(
            pytest.param(book, marks=pytest.mark.slow)
            for book in ("core_lp_100", "core_lp_101", "full_110")
        ),
    ],
)
def test_costs_equal_compare_and_the_known_answers(book):
    """Members alone as in expected.json; the pair M00,M01 and all of them as `compare` has them."""
    case = cssopt.load(FORMULATION / f"{book}.xlsx")
    known, everybody = EXPECTED[book], case.data.parties
    pair = ("M00", "M01")
    found = find(case, coalitions=[everybody, pair, *((m,) for m in everybody)])
    for member in everybody:
        assert found.costs[member,].cost == near(known[member]["pooled_expenditure"])
    for coalition in (pair, everybody):
        compared = find_baseline(cssopt.solve(case, members=coalition))
        if compared.equal is None or not compared.equal.has_plan:
            assert math.isinf(found.costs[coalition].cost)
        else:
            assert found.costs[coalition].cost == near(compared.equal.pooled_expenditure)


@pytest.mark.parametrize(
    "book", ["core_lp_108", pytest.param("core_lp_101", marks=pytest.mark.slow)]
)
def test_strict_costs_are_the_known_answers(book):
    """No shortfall allowed: the figures of expected.json, and no cost where it says Infeasible."""
    case = cssopt.load(FORMULATION / f"{book}.xlsx")
    known, everybody = EXPECTED[book], case.data.parties
    asked = [everybody, ("M00", "M01"), *((m,) for m in everybody)]
    found = find(case, is_strict=True, coalitions=asked)
    names = {everybody: "all", ("M00", "M01"): "M00,M01"}
    for coalition in asked:
        told = known[names.get(coalition, coalition[0])]["strict"]
        cost = found.costs[coalition]
        if told == "Infeasible":
            assert cost.is_impossible
            assert "cannot all be met" in cost.reason
        else:
            assert cost.cost == near(told)
    assert found.security.startswith("strict")


@pytest.mark.medium
@pytest.mark.parametrize(
    "seed", [22, *(pytest.param(s, marks=pytest.mark.slow) for s in (7, 10, 14, 33, 40, 58, 65))]
)
def test_costs_equal_an_independent_program(seed):
    """Every coalition of a random book, by a program that shares nothing with this one."""
    sheets = make_random_book(seed)
    found = find(make_case(sheets))
    for coalition, cost in found.costs.items():
        equal = questions.solve_equal_security(sheets, coalition)
        if len(coalition) == 1:
            assert cost.cost == near(equal.alone[coalition[0]].money)
        elif equal.money is None:
            assert cost.is_impossible
        elif equal.decided:
            assert cost.cost == near(equal.money)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(s, marks=pytest.mark.slow) for s in (2, 10, 20, 12, 22, 30, 32))]
)
def test_a_union_costs_no_more_than_its_parts(seed):
    """Formulation, section 4: nothing joint is in these books, and no budget that lines, which are
    paid for together, could break."""
    assert kind_of(seed) in ("core", "lines")
    costs = find(make_case(without_budgets(make_random_book(seed)))).costs
    pairs = [
        (one, other) for one, other in itertools.combinations(costs, 2) if not set(one) & set(other)
    ]
    assert pairs
    for one, other in pairs:
        union = costs[tuple(m for m in max(costs, key=len) if m in one + other)]
        apart = costs[one].cost + costs[other].cost
        assert union.cost <= apart + EXACT * max(1.0, apart)


def without_budgets(sheets: dict[str, Rows]) -> dict[str, Rows]:
    """The book with no ceiling on what anybody spends."""
    head, *rows = sheets["members"]
    place = head.index("budget_share")
    free = [head, *([*row[:place], None, *row[place + 1 :]] for row in rows)]
    kept = {name: rows for name, rows in sheets.items() if not name.endswith("budgets")}
    return {**kept, "members": free}


@pytest.mark.medium
def test_common_costs_inside_a_binding_budget_can_leave_a_union_without_a_plan():
    """Book 12: lines are paid for together. Both members have plans alone; together they have one
    only where no budget binds. The other program says so too."""
    sheets = make_random_book(12)
    union = find(make_case(sheets), coalitions=[("M0", "M2"), ("M0",), ("M2",)])
    equal = questions.solve_equal_security(sheets, ("M0", "M2"))
    assert equal.money is None
    assert union.costs["M0", "M2"].is_impossible
    assert "common costs inside a binding budget" in union.costs["M0", "M2"].reason
    assert all(union.costs[m,].cost == near(equal.alone[m].money) for m in ("M0", "M2"))
    free = without_budgets(sheets)
    unbound = find(make_case(free), coalitions=[("M0", "M2")]).costs["M0", "M2"]
    assert unbound.cost == near(questions.solve_equal_security(free, ("M0", "M2")).money)


def test_a_coalition_without_a_plan_is_told_and_not_priced():
    """B has 1 unit of the 4 that it needs: strict it has no plan alone, with A it has."""
    found = find(make_case(make_short()), is_strict=True)
    assert found.costs["B",].is_impossible
    assert math.isinf(found.game().values[0b10])
    assert not found.game().is_whole
    assert found.tell()[0].startswith("B has no plan, and so no cost: ")
    # At equal security the same shortfall is allowed that B has alone.
    assert find(make_case(make_short())).game().is_whole


def make_short() -> dict[str, Rows]:
    """The small book, in which B has 1 unit: alone it falls short, together with A it does not."""
    return make_book(inventory=[["member", "force", "units"], ["A", "unit", 8], ["B", "unit", 1]])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 31])
def test_a_search_that_ends_at_a_gap_says_how_far_it_may_be_off(seed):
    """Whole numbers at a gap of 10 %: the least lies between bound and cost, as the game says."""
    assert kind_of(seed) == "whole"
    case = make_case(make_random_book(seed))
    exact, loose = find(case), find(case, options=Options(gap=0.1))
    game = loose.game()
    for mask in range(1, len(game.values)):
        coalition = game.names(mask)
        least, cost = exact.costs[coalition].cost, loose.costs[coalition]
        assert cost.bound <= least + EXACT * least
        assert least <= cost.cost + EXACT * least
        assert cost.gap <= 0.1 + EXACT
        doubt = game.doubt[mask] if game.doubt.size else 0.0
        assert doubt == pytest.approx(cost.cost - cost.bound)
        if len(coalition) == 1:
            assert cost.cost == exact.costs[coalition].cost


# How they are found


@pytest.mark.medium
def test_the_journal_has_what_was_solved_and_knows_changed_inputs(tmp_path):
    """All but the members alone and all together is taken from it; a changed price is not."""
    case, journal = make_case(make_three()), tmp_path / "journal.sqlite"
    first = find(case, journal=journal)
    again = find(case, journal=journal)
    assert (first.reused, again.reused) == (0, 3)
    assert again.costs == first.costs
    dearer = make_case({**make_three(), "members": members(index_of_b=3, third=True)})
    assert find(dearer, journal=journal).reused == 0
    assert find(case, is_strict=True, journal=journal).reused == 0
    assert find(case, options=Options(gap=0.01), journal=journal).reused == 0


@pytest.mark.medium
def test_an_interrupted_search_keeps_what_is_solved_and_the_next_does_the_rest(tmp_path):
    case, journal = make_case(make_three()), tmp_path / "journal.sqlite"

    def interrupt(step: str) -> None:
        if step.startswith("coalition 2 of 3"):
            raise KeyboardInterrupt

    cut = find(case, journal=journal, tell=interrupt)
    assert [("+".join(c.members), c.reason) for c in cut.unanswered] == [
        ("B+C", "not begun: the run was interrupted")
    ]
    assert math.isinf(cut.game().doubt[0b110])
    assert "Not known is the cost of B+C" in cut.tell()[0]
    whole = find(case, journal=journal)
    assert whole.reused == 2
    assert whole.tell() == ()
    with pytest.raises(KeyboardInterrupt):
        find(case, tell=interrupt, options=Options(keep_on_interrupt=False))


def test_what_there_is_no_time_for_is_told_and_asked_again(tmp_path):
    """With no time at all members alone are not known, and so no security to equal."""
    case, journal = make_case(make_three()), tmp_path / "journal.sqlite"
    late = find(case, journal=journal, options=Options(patience=0.0))
    assert {c.members for c in late.unanswered} >= {s for s in late.costs if len(s) > 1}
    assert "no security alone that it could equal" in late.costs["A", "B"].reason
    assert CUT_OFF.rstrip(".") in late.tell()[0]
    assert find(case, journal=journal).tell() == ()


def test_a_coalition_that_is_not_begun_in_time_is_asked_by_the_next_command():
    instance = Instance.of(make_case(make_three()), "strict")
    worker = CoalitionWorker(CoalitionQuestion(instance, None), Options(until=0.0))
    outcome = worker.find_cost(CoalitionTask(("A", "B")))
    assert (outcome.reason, outcome.final) == (NOT_ASKED, False)
    assert CoalitionCost.of_outcome(("A", "B"), outcome).doubt == math.inf


@pytest.mark.slow
def test_two_processes_find_the_same():
    case = make_case(make_random_book(7))
    one, two = find(case), find(case, processes=2)
    assert list(one.costs) == list(two.costs)
    for coalition, cost in one.costs.items():
        assert two.costs[coalition].cost == pytest.approx(cost.cost, rel=1e-9)


# What cannot be asked


def test_what_cannot_be_asked_says_why():
    case = make_case(make_three())
    with pytest.raises(DataError, match="is not a member"):
        find(case, coalitions=[("A", "Z")])
    of_two = Instance.of(case, "pooled", ["A", "B"])
    with pytest.raises(SolveError, match="C cannot be in a coalition"):
        find_coalition_costs(of_two, Options(), folders=FOLDERS, coalitions=[("A", "C")])
    some = find(case, coalitions=[("B", "A")])
    assert list(some.costs) == [("A", "B")]
    assert some.grand is None
    with pytest.raises(SolveError, match="1 of 7 were asked for"):
        some.game()

"""Tipping points worked out by hand on small books: found within the tolerance, told on both sides.

The book is `small_books`: a unit costs A 10 million a year and B 20; power 4 is needed in each of
four years; each member would face all of it alone.
"""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import openpyxl
import pytest
from books import make_data, read_study, write_csv
from paths import DEMO
from small_books import DRONE_POWER, activities, activity, bodies, forces, make_book, members

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.errors import DataError, ModelError
from cssopt.modeling import variable
from cssopt.questions.tipping import ties as tipping_ties
from cssopt.questions.tipping.brackets import (
    PLAN,
    Bracket,
    find_brackets,
    find_changes,
    find_runs,
    make_grid,
)
from cssopt.questions.tipping.ties import WithoutElementTest, find_test
from cssopt.runs.outcome import Outcome, Run, failed
from cssopt.runs.specification import RunSpecification
from cssopt.runs.structure import find_stretches
from cssopt.runs.worker import Worker
from cssopt.solution.run import run_study
from cssopt.solve.answer import UNFINISHED, Options
from cssopt.solve.outcome import Status
from cssopt.tables.patch import patch_tables


def plan(*structure, status="optimal", money=1.0):
    """An outcome with a plan that has these elements."""
    return Outcome(status=status, pooled_expenditure=money, structure=structure)


def search(evaluate, low, high, *, points=3, width=0.01, whole=False):
    """The brackets of a structure that is made up, and the values looked at."""
    grid = make_grid(low, high, points, whole=whole)
    found = find_runs(evaluate, grid, width, whole=whole)
    return find_brackets(found, width), found


# The search, on structures that are made up.


def test_each_element_has_a_bracket_of_its_own_around_its_value():
    begins, ends = {"a": 0.3, "b": 0.31, "c": 0.9}, {"d": 0.3001}

    def evaluate(value):
        return plan(*(e for e, at in begins.items() if value >= at),
                    *(e for e, at in ends.items() if value < at))  # fmt: skip

    brackets, found = search(evaluate, 0.0, 1.0)
    assert sorted((b.element, b.begins) for b in brackets) == [
        ("a", True), ("b", True), ("c", True), ("d", False),
    ]  # fmt: skip
    for bracket in brackets:
        at = {**begins, **ends}[bracket.element]
        assert bracket.low < at <= bracket.high
        assert bracket.high - bracket.low <= 0.01
        assert (bracket.below, bracket.above) == (found[bracket.low], found[bracket.high])
        assert bracket.remark == ""


def test_bisection_looks_at_no_more_values_than_it_must():
    brackets, found = search(lambda v: plan(*["a"] * (v >= 0.77)), 0.0, 1.0, width=2**-10)
    # Three points of the grid, and half a range of 0.5 cut in two nine times.
    assert (len(brackets), len(found)) == (1, 3 + 9)


def test_what_comes_and_goes_between_two_alike_plans_is_not_seen_by_a_coarse_grid():
    def evaluate(value):
        return plan(*["a"] * (0.4 < value < 0.45))

    assert search(evaluate, 0.0, 1.0, points=3)[0] == ()
    begins, ends = search(evaluate, 0.0, 1.0, points=24)[0]
    assert (begins.begins, ends.begins) == (True, False)
    assert begins.low <= 0.4 <= begins.high
    assert ends.low <= 0.45 <= ends.high
    assert begins.stretch == tuple(reversed(ends.stretch))


def test_where_the_plan_ends_nothing_is_said_of_its_elements():
    """Only the plan itself ends there; what ended before has its own bracket."""

    def evaluate(value):
        if value > 0.6:
            return Outcome(status="infeasible")
        return plan("a", *["b"] * (value < 0.4))

    brackets, _ = search(evaluate, 0.0, 1.0)
    assert [(b.element, b.begins) for b in brackets] == [("b", False), (PLAN, False)]
    assert brackets[1].low <= 0.6 <= brackets[1].high
    assert brackets[1].above.status == "infeasible"


def test_across_values_without_a_plan_a_change_is_told_with_its_reason():
    def evaluate(value):
        if 0.3 < value < 0.7:
            return Outcome(status="infeasible")
        return plan(*["a"] * (value > 0.5))

    brackets, _ = search(evaluate, 0.0, 1.0)
    ends, across, begins = sorted(brackets, key=lambda b: (b.low, b.element != PLAN))
    assert (ends.element, across.element, begins.element) == (PLAN, "a", PLAN)
    assert across.low <= 0.3 <= 0.7 <= across.high
    assert "ended as infeasible" in across.remark


@pytest.mark.parametrize("lost", [failed("no memory"), plan("x", status="interrupted")])
def test_a_value_without_an_answer_is_never_taken_for_a_plan(lost):
    brackets, found = search(lambda v: lost if v == 0.25 else plan(*["a"] * (v > 0.1)), 0.0, 1.0)
    (bracket,) = brackets
    assert (bracket.low, bracket.high) == (0.0, 0.5)
    assert f"ended as {lost.status}" in bracket.remark
    assert len(found) == 4


def test_a_limit_that_left_a_proven_gap_is_a_plan_and_unbounded_is_none():
    assert find_changes(plan("a", status="feasible"), plan("b")) == {"a", "b"}
    assert find_changes(plan("a"), Outcome(status="unbounded")) == {PLAN}
    assert find_changes(Outcome(status="infeasible"), Outcome(status="unbounded")) == frozenset()


def test_whole_numbers_are_bisected_down_to_neighbors():
    brackets, found = search(lambda v: plan(*["a"] * (v >= 77)), 0, 100, width=1, whole=True)
    assert [(b.low, b.high) for b in brackets] == [(76.0, 77.0)]
    assert all(value.is_integer() for value in found)
    assert make_grid(2030, 2033, 9, whole=True) == (2030, 2031, 2032, 2033)
    assert make_grid(0, 10, 3, whole=True) == (0, 5, 10)
    assert make_grid(0.8, 1.4, 7, whole=False) == (0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)


def test_stretches_say_where_each_element_is():
    outcomes = {0.0: plan("a"), 1.0: plan("a", "b"), 2.0: plan("b"), 3.0: plan("a")}
    assert [(s.element, s.values) for s in find_stretches(outcomes)] == [
        ("a", (0.0, 1.0)), ("a", (3.0,)), ("b", (1.0, 2.0)),
    ]  # fmt: skip


# The declaration.


def test_words_name_indices_of_the_decision():
    told = variable("member year", [("A", 1)], doc="", measure="", structure="{member} acts")
    assert told.structure == ("{member} acts",)
    assert variable("year", [1], doc="", measure="").structure == ()
    with pytest.raises(ModelError, match=r"names \{force\}; the indices .* are member, year"):
        variable("member year", [], doc="", measure="", structure="{member} buys {force}")


# Small books.


@pytest.fixture
def find(tmp_path):
    """The tipping points of the small book with some sheets replaced, as {(element, change): row}.

    Every bracket is confirmed by the structure of cold solves at both ends.
    """

    def find(vary, study="pooled", coalition=None, options=None, **sheets):
        case = cssopt.load(write_csv(make_book(**sheets), tmp_path / "book"))
        found = cssopt.tipping(case, vary=vary, study=study, members=coalition, **(options or {}))
        for point in found.points:
            for value, expected in ((point.low, not point.begins), (point.high, point.begins)):
                run, outcome = found.outcomes[value]
                data, _ = patch_tables(case.data, run.steps)
                names = coalition or data.members.keys
                solved = run_study(Instance(data, read_study(study), names), Options())
                assert str(solved.status) == outcome.status
                assert (point.element in read_structure(solved)) is expected
                if solved.has_plan:
                    assert solved.pooled_expenditure == pytest.approx(outcome.pooled_expenditure)
        rows = found.tables["tipping_points"].to_dict("records")
        return found, {(row["element"], row["change"]): row for row in rows}

    return find


def read_structure(solution):
    """The structure of a cold plan, read from its quantities and not by the engine's reader."""
    if not solution.has_plan:
        return set()
    q = solution.quantities
    told = {PLAN}
    for name, sentences in (
        ("orders", [(1, "{0} is bought"), (0, "{0} buys {1}")]),
        ("delegated", [(0, "{0} delegates units")]),
        ("body_active", [(0, "{0} is founded")]),
        ("line_open", [(0, "the line of {0} is opened")]),
        ("operates", [(0, "{0} runs a fleet of {1}")]),
        ("launched", [(0, "{0} is launched")]),
        ("started", [(0, "{0} is started")]),
    ):
        for key, value in getattr(q, name).items():
            if value > 1e-6:
                told |= {words.format(*key[place:]) for place, words in sentences}
    for key, short in q.shortfall.items():
        if short > 1e-6 * q.need[key]:
            told.add(f"{key[0]} is not met")
    return told


def assert_around(row, value, width):
    """The bracket of a row is as narrow as asked for and holds the value."""
    assert row["between"] - 1e-9 <= value <= row["and"] + 1e-9
    assert row["and"] - row["between"] <= width * (1 + 1e-9)
    assert row["remark"] == ""


@pytest.mark.medium
def test_buying_ends_where_the_price_makes_a_unit_as_dear_as_one_that_is_kept(find):
    """A drone costs p, serves four years and runs for 1 a year: p / 4 + 1 = 10 at p = 36.

    A later one is worth its unused years at the end, so that every year has the same break-even.
    """
    found, rows = find(
        "forces[force=drone].procurement_cost=20..60", coalition=["A"],
        forces=forces(price=30), power=DRONE_POWER,
    )  # fmt: skip
    assert set(rows) == {("drone is bought", "ends"), ("A buys drone", "ends")}
    for row in rows.values():
        assert_around(row, 36.0, 40 * 1e-4)
        # Four units or drones: 160 million, or 4 * (p + 4).
        assert row["expenditure_below"] == pytest.approx(4 * (row["between"] + 4))
        assert row["expenditure_above"] == pytest.approx(160.0)
        assert (row["status_below"], row["status_above"]) == ("optimal", "optimal")
        assert (row["gap_below"], row["gap_above"]) == (0.0, 0.0)
        # Without drones, at the point of the grid one step below: 160 in place of 4 * (p + 4).
        assert (row["tie"], row["without_at"]) == ("needed", 30.0)
        assert row["without_expenditure"] == pytest.approx(160 - 4 * (30 + 4))
    assert found.tables["structure"]["element"].tolist() == ["A buys drone", "drone is bought"]
    assert found.tables["structure"]["from"].tolist() == [20.0, 20.0]


@pytest.mark.medium
def test_delegating_ends_where_moving_costs_more_than_units_of_ones_own(find):
    """B alone is threatened, at home, where a unit costs it 20 a year; one of A's costs 10.

    It is moved there with a likelihood of 0.5: 10 + 0.5 c = 20 at c = 20. From there on B may call
    its units its own or delegated, as it likes.
    """
    everyone = members()
    everyone[1][2] = "FAR"
    threats = [["threat", "name", "theatre", "kind", "likelihood"],
               ["K", "Crisis", "HOME", "military", 0.5]]  # fmt: skip
    _, rows = find(
        "movement[member=A].cost_per_load=0..50",
        theatres=[["theatre", "name"], ["HOME", "Home"], ["FAR", "Far"]],
        threats=threats,
        movement=[["member", "theatre", "transit_days", "cost_per_load"], ["A", "HOME", 0, 7]],
        exposure=[["threat", "member", "share"], ["K", "B", 1]],
        members=everyone,
    )
    row = rows.pop(("A delegates units", "ends"))
    assert_around(row, 20.0, 50 * 1e-4)
    assert row["expenditure_above"] == pytest.approx(4 * 4 * 20.0)
    assert row["expenditure_below"] == pytest.approx(4 * 4 * (10 + 0.5 * row["between"]))
    assert row["tie"] == "needed"
    assert {row["tie"] for row in rows.values()} <= {"tie"}


@pytest.mark.medium
def test_members_change_places_where_their_costs_cross(find):
    """Each holds 2 units of its own; 2 more are delegated by the cheaper one: A below index 2."""
    _, rows = find("members[member=A].cost_index=1..3.2")
    ends, begins = rows["A delegates units", "ends"], rows["B delegates units", "begins"]
    for row in (ends, begins):
        assert_around(row, 2.0, 2.2 * 1e-4)
        assert row["tie"] == "needed"
    # One step of the grid of 0.275 further on: 2 units for 4 years, at the difference of the costs.
    a = ends["without_at"]
    assert ends["without_expenditure"] == pytest.approx(2 * 4 * 10 * (2 - a))


@pytest.mark.medium
def test_a_body_is_founded_while_it_costs_less_than_it_saves(find):
    """Apart each member faces all of it: 120 a year, together 40. It saves 320 in four years."""
    found, rows = find("bodies.setup_cost=0..500", bodies=bodies(("council", "delegation", 1, 0)))
    assert set(rows) == {("council is founded", "ends"), ("A delegates units", "ends")}
    row = rows["council is founded", "ends"]
    assert_around(row, 320.0, 500 * 1e-4)
    assert row["expenditure_below"] == pytest.approx(4 * 40 + row["between"])
    assert row["expenditure_above"] == pytest.approx(4 * 120)
    assert (row["tie"], row["without_at"]) == ("needed", 250.0)
    assert row["without_expenditure"] == pytest.approx(480 - (160 + 250))
    assert max(row["gap_below"], row["gap_above"]) <= 1e-6
    assert len(found.outcomes) == len(found.tables["runs"])


@pytest.mark.medium
def test_what_begins_and_ends_again_has_both_its_places(find):
    """Of three forces the middle one is bought only where running costs are neither low nor high.

    For four years a unit costs 40 v, a drone 20 + 16 v, a robot 38 + 4 v, with v the cost index:
    the drone is cheapest from 40 v = 20 + 16 v, v = 5 / 6, to 20 + 16 v = 38 + 4 v, v = 1.5.
    """
    sheet = forces(price=20)
    sheet[2][3] = 4
    sheet.append(["robot", "Robot", 0, 1, 0, 38, 4, 0, None])
    power = [*DRONE_POWER, ["robot", "land", 1]]
    found, rows = find(
        "members[member=A].cost_index=0.5..2", coalition=["A"], forces=sheet, power=power
    )
    begins, ends = rows["drone is bought", "begins"], rows["drone is bought", "ends"]
    assert_around(begins, 5 / 6, 1.5e-4)
    assert_around(ends, 1.5, 1.5e-4)
    assert_around(rows["robot is bought", "begins"], 1.5, 1.5e-4)
    assert {element for element, _ in rows} == {
        "drone is bought", "A buys drone", "robot is bought", "A buys robot",
    }  # fmt: skip
    stretches = found.tables["structure"].set_index("element").loc["drone is bought"]
    assert (stretches["from"], stretches["to"]) == (begins["and"], ends["between"])
    assert not stretches["throughout"]


@pytest.mark.medium
def test_years_are_looked_at_one_by_one(find):
    """A treaty of 200 in its one year opens pooling, which saves 80 a year.

    From 2031 on that is 240, which pays; from 2032 on 160, which does not.
    """
    sheet = activities(activity("treaty", "treaty", 0, 200, earliest=2030))
    found, rows = find("activities.earliest_year=2030..2034", activities=sheet)
    assert list(found.outcomes) == [2030, 2031, 2032, 2033, 2034]
    assert found.note == "Every whole number from 2030 to 2034 was looked at."
    assert set(rows) == {("treaty is started", "ends"), ("A delegates units", "ends")}
    for row in rows.values():
        assert (row["between"], row["and"]) == (2031, 2032)
        assert row["expenditure_below"] == pytest.approx(120 + 3 * 40 + 200)
        assert row["expenditure_above"] == pytest.approx(4 * 120)


@pytest.mark.medium
def test_where_no_plan_can_be_it_says_so_with_its_status(find):
    """16 units are all there are: a need beyond 16 has no plan in which it is met."""
    found, rows = find("requirements.level=1..31", "strict")
    row = rows[PLAN, "ends"]
    assert_around(row, 16.0, 30 * 1e-4)
    assert (row["status_below"], row["status_above"]) == ("optimal", "infeasible")
    assert math.isnan(row["expenditure_above"])
    assert row["tie"] == ""
    assert all(r["and"] <= row["between"] for r in rows.values() if r is not row)
    facts = found.facts()
    told = next(t for t in facts["tables"]["tipping_points"] if t["element"] == PLAN)
    assert told["gap_above"] is None


@pytest.mark.medium
def test_a_need_ceases_to_be_met_where_the_units_end(find):
    found, rows = find("requirements.level=10..20")
    assert_around(rows["K is not met", "begins"], 16.0, 10 * 1e-4)
    # Every year and unit beyond 16 is missing: 4 years of 18 - 16, for lack of any other plan.
    assert rows["K is not met", "begins"]["without_status"] == "infeasible"
    assert rows["K is not met", "begins"]["tie"] == "needed"
    assert found.tables["runs"]["threats_met"].sum() > 0


def solve_withouts(sheets, *elements):
    """The plans of a book without these elements."""
    specification = RunSpecification(
        data=make_data(sheets), study="pooled", members=None, options=Options()
    )
    return WithoutElementTest(specification, find_model_folders()).solve(
        Run("1", ()), 1.0, elements
    )


def test_members_that_cost_the_same_are_a_tie_and_others_are_not():
    told = ["A delegates units", "B delegates units"]
    equal = solve_withouts(make_book(members=members(index_of_b=1)), *told)
    assert [equal[element].verdict for element in told] == ["tie", "tie"]
    assert [equal[element].expenditure for element in told] == pytest.approx([0.0, 0.0])
    dearer = solve_withouts(make_book(), *told)
    # In place of A's 2 delegated units B holds 2 of its own: 10 million more, in four years.
    assert [dearer[element].verdict for element in told] == ["needed", "tie"]
    assert dearer[told[0]].expenditure == pytest.approx(2 * 10 * 4)
    assert dearer[told[0]].missing_share == pytest.approx(0.0)


def test_what_is_missing_without_an_element_is_told_as_more():
    """20 units are asked for, and members have 8 each: without drones 4 of 20 lack in four years.

    Drones cost 30 and 1 a year; the 16 units 10 a year, those of B twice as much.
    """
    level = [["threat", "capability", "day", "level"], ["K", "land", 0, 20]]
    book = make_book(forces=forces(price=30), power=DRONE_POWER, requirements=level)
    without = solve_withouts(book, "drone is bought")["drone is bought"]
    assert without.verdict == "needed"
    assert without.missing_share == pytest.approx(4 * 4 / 20)
    assert without.expenditure == pytest.approx(4 * 8 * (10 + 20) - 20 * (30 + 4))


def stages(*pairs, status=Status.OPTIMAL, values=(0.0,)):
    """An answer of stages with these values and bounds; those with a gap are not proven."""
    ended = tuple(
        SimpleNamespace(
            value=value, bound=bound, status=Status.OPTIMAL if value == bound else Status.FEASIBLE
        )
        for value, bound in pairs
    )
    return SimpleNamespace(status=status, values=values, stages=ended)


@pytest.mark.parametrize(
    ("without", "verdict"),
    [
        (stages((5.0, 5.0), (100.0, 100.0)), "tie"),
        (stages((5.0, 5.0), (100.00009, 100.00009)), "tie"),
        (stages((5.0, 5.0), (100.001, 100.001)), "needed"),
        (stages((5.001, 5.001), (90.0, 90.0)), "needed"),
        # A limit left a gap: worse as far as found, but not proven worse.
        (stages((5.0, 5.0), (101.0, 99.0)), "unknown"),
        (stages((5.0, 5.0)), "unknown"),
        (stages(status=Status.INFEASIBLE, values=None), "needed"),
        (stages(status=Status.UNBOUNDED, values=None), "unknown"),
        (stages(status=Status.INTERRUPTED, values=None), "unknown"),
    ],
)
def test_only_what_is_proven_is_called_needed(without, verdict):
    assert tipping_ties._judge(stages((5.0, 5.0), (100.0, 100.0)), without) == verdict


@pytest.mark.parametrize(
    ("own", "without", "verdict"),
    [
        # The plan with the element may cost 90, those without it 100: none is proven as good.
        (((5.0, 5.0), (100.0, 90.0)), ((5.0, 5.0), (100.0, 100.0)), "unknown"),
        # As found, the plan without it is better; the one with it may still be better than that.
        (((5.0, 5.0), (100.0, 90.0)), ((5.0, 5.0), (95.0, 95.0)), "unknown"),
        # However low the plan with it may get, what was found is better than any without it.
        (((5.0, 5.0), (100.0, 90.0)), ((5.0, 5.0), (101.0, 101.0)), "needed"),
        # Money at a missing share of 0.5 beside money at 0.3: not to be compared.
        (((0.5, 0.2), (100.0, 100.0)), ((0.3, 0.3), (140.0, 140.0)), "unknown"),
        # Both at 0.5, but the plan with it may miss less.
        (((0.5, 0.2), (100.0, 100.0)), ((0.5, 0.5), (140.0, 140.0)), "unknown"),
        (((0.5, 0.2), (100.0, 100.0)), ((0.6, 0.6), (90.0, 90.0)), "needed"),
        # A plan without it that beats the proven best contradicts it: nothing is told.
        (((0.5, 0.5), (100.0, 100.0)), ((0.3, 0.3), (140.0, 140.0)), "unknown"),
        # Its own bound is of no matter where the plan without it reaches the proven best.
        (((0.5, 0.5), (100.0, 100.0)), ((0.5, 0.3), (100.0, 80.0)), "tie"),
        (((0.5, 0.5), (100.0, 100.0)), ((0.5, 0.3), (140.0, 140.0)), "needed"),
        (((0.0, 0.0), (100.0, 100.0)), ((0.0, 0.0), (math.nan, math.nan)), "unknown"),
    ],
)
def test_nothing_is_told_where_the_plan_with_the_element_is_not_proven(own, without, verdict):
    assert tipping_ties._judge(stages(*own), stages(*without)) == verdict


def test_the_test_stands_a_step_further_on_but_within_the_stretch():
    def place(*stretch):
        bracket = Bracket("a", True, 0.0, stretch[0], plan(), plan("a"), stretch)
        return find_test(bracket, make_grid(0.0, 8.0, 9, whole=False))

    assert place(0.1, 0.5, 1.0, 1.1, 2.0, 3.0, 4.0) == 1.1
    assert place(0.1, 0.15, 0.2, 0.3) == 0.2
    assert place(0.1) == 0.1


def test_nothing_changes_where_the_quantity_does_not_matter(find):
    found, rows = find("members.population*=0.5..2")
    assert rows == {}
    assert len(found.outcomes) == 9
    assert list(found.tables["tipping_points"].columns)[:4] == [
        "element",
        "change",
        "between",
        "and",
    ]
    assert found.tables["structure"]["throughout"].all()


@pytest.mark.medium
@pytest.mark.parametrize(
    ("vary", "varies"),
    [
        # 4 units of A for 4 years at 10: 160 at any population.
        ("members.population*=0.5..2", False),
        # At a cost index of 2 twice that.
        ("members[member=A].cost_index=1..2", True),
    ],
)
def test_in_the_workbook_what_does_not_vary_is_drawn_flat(vary, varies, tmp_path, small):
    found = cssopt.tipping(small, vary=vary, points=3, ties=False)
    values = found.document.table("values").column("expenditure")
    assert values[0] == pytest.approx(160)
    assert values[-1] == pytest.approx(320 if varies else 160)
    book = openpyxl.load_workbook(found.write(tmp_path, ["xlsx"]).path)
    scales = [chart.y_axis.scaling for chart in book["Tipping points"]._charts]
    # Rounding is not stretched over the height of the chart: its axis begins at 0.
    expenditure, missing = [(scale.min, scale.max) for scale in scales]
    assert missing[0] == 0
    if not varies:
        assert expenditure[0] == 0
        assert expenditure[1] is None or expenditure[1] > 160


def test_a_plan_that_a_limit_left_as_it_was_is_no_answer(small, monkeypatch):
    """In the middle the limit comes before money is made least: the plan has what security alone
    left. Neither its money is told, nor what it has and its neighbors have not."""
    run = Worker.run

    def cut(worker, asked):
        outcome = run(worker, asked)
        if list(asked.point.values()) != [1.5]:
            return outcome
        reason = f"A limit was reached before expenditure could be minimized: {UNFINISHED}."
        own = {"status": "feasible", "structure": ("Zeta buys ships",), "reason": reason}
        return replace(outcome, pooled_expenditure=9e9, bound=-math.inf, **own)

    monkeypatch.setattr(Worker, "run", cut)
    found = cssopt.tipping(small, vary="members[member=A].cost_index=1..2", points=3, ties=False)
    assert found.found.outcomes[1.5][1].status == "no plan yet"
    assert found.status is Status.FEASIBLE
    told = " ".join(map(str, found.tables["tipping_points"]["element"]))
    assert "Zeta" not in told
    row = found.tables["runs"].set_index("run").loc["2"]
    assert math.isnan(row["pooled_expenditure"])
    assert UNFINISHED in row["reason"]
    assert "9,000,000" not in str(found.document.table("values").records())


OWN = '''"""Stores, which pay where the gdp is below 500.

Variables:
    stores[m,t] in 0..1

Costs:
    store_cost[m,t] = (gdp - 500) * stores
"""

from cssopt.modeling import variable

REQUIRES = ("horizon", "members")


def variables(block, data, use):
    keys = [(m, t) for m in data.members for t in use.horizon.years]
    block.stores = variable(
        "member year", keys, doc="stores", measure="share", most=1.0,
        structure="{member} keeps stores",
    )


def costs(block, data, use, ledger):
    for m, t in block.stores:
        ledger.post("store_cost", m, t, (data.members.gdp[m] - 500) * block.stores[m, t])
'''


@pytest.mark.medium
def test_a_component_of_ones_own_says_in_one_line_what_counts(tmp_path):
    for name, text in (
        ("components/own.py", OWN),
        ("studies/mine.toml", '# Mine.\nextends = "pooled"\nwith = ["own"]\n'),
    ):
        path = tmp_path / "models" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    case = cssopt.load(write_csv(make_book(), tmp_path / "book"), [tmp_path / "models"])
    found = cssopt.tipping(case, vary="members[member=B].gdp=300..1000", study="mine")
    (point,) = found.points
    assert (point.element, point.change) == ("B keeps stores", "ends")
    assert point.low < 500 <= point.high
    assert point.without.verdict == "needed"
    # Four years at 500 less the gdp, which is the value of the quantity itself.
    assert point.without.expenditure == pytest.approx(4 * (500 - point.without.at))


# What is asked for wrongly.


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The small book, loaded."""
    return cssopt.load(write_csv(make_book(), tmp_path_factory.mktemp("books") / "small"))


@pytest.mark.parametrize(
    ("vary", "options", "told"),
    [
        ("requirements.level*=0.5,1,2", {}, "tipping points are looked for in a range"),
        ("requirements.level*=2..1", {}, "Write the lesser number first"),
        ("requirements.levle*=0.5..2", {}, 'Did you mean "level"'),
        ("forces.service_life*=1..2", {}, "holds whole numbers"),
        ("requirements.level*=0.5..2", {"points": 1}, "must be at least 2"),
        ("requirements.level*=0.5..2", {"tolerance": 0.0}, "must be at least"),
        ("requirements.level*=0.5..2", {"members": ["C"]}, '"C" is not a member'),
    ],
)
def test_wrong_words_are_told_before_anything_is_solved(small, vary, options, told):
    with pytest.raises(DataError) as caught:
        cssopt.tipping(small, vary=vary, **options)
    assert told in " ".join(issue.text for issue in caught.value.issues)


# The demo.


@pytest.mark.slow
def test_every_bracket_of_the_demo_is_that_of_cold_solves():
    """On the relaxed demo, where the requirements of one threat grow."""
    case = cssopt.load(DEMO)
    vary = "requirements[threat=PLAIN].level*=1..1.6"
    found = cssopt.tipping(case, vary=vary, study="relaxed", points=4, tolerance=1e-3, ties=False)
    assert len(found.points) >= 4
    assert {point.without for point in found.points} == {None}
    cold = {}
    for point in found.points:
        for value, expected in ((point.low, not point.begins), (point.high, point.begins)):
            run, outcome = found.outcomes[value]
            if value not in cold:
                solved = cssopt.solve(cssopt.change(case, run.steps)[0], study="relaxed")
                cold[value] = read_structure(solved)
                assert solved.pooled_expenditure == pytest.approx(outcome.pooled_expenditure)
                assert solved.missing_share == pytest.approx(outcome.missing_share)
            assert (point.element in cold[value]) is expected, (point.element, value)

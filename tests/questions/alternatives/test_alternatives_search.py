"""The search for near-optimal plans on plain programs, against enumeration; and where it is cut."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo_programs import compile_model

from cssopt.modeling import ContributionKind
from cssopt.questions.alternatives.distinct_plans import Differ, Space
from cssopt.questions.alternatives.ranges import (
    INTERRUPTED,
    SIDE_BY_SIDE,
    SPENT,
    Asked,
    Bounds,
    End,
    EndFinder,
    Ranges,
    _as_range,
    climb,
)
from cssopt.questions.alternatives.result import Contribution, ContributionRange
from cssopt.runs.pool import Lost
from cssopt.solve.answer import CUT_OFF, Options, is_left
from cssopt.solve.answer import NOT_ASKED as LEFT
from cssopt.solve.outcome import Status
from cssopt.solve.session import HighsSession
from cssopt.solve.warm.next_question import LinearFigure, LpSession, QuestionAnswer

KIND = ContributionKind(name="units", quantity="x", by=("force",), says="units", tells_apart=True)
COSTS = (4, 5, 7)
"""Of three forces of powers 3, 4 and 5, of which 12 are needed, at most 4 units of each."""


def make_program(*, whole):
    model = pyo.ConcreteModel()
    domain = pyo.NonNegativeIntegers if whole else pyo.NonNegativeReals
    model.x = pyo.Var(range(3), domain=domain, bounds=(0, 4))
    model.need = pyo.Constraint(expr=3 * model.x[0] + 4 * model.x[1] + 5 * model.x[2] >= 12)
    figures = {"cost": sum(c * model.x[i] for i, c in enumerate(COSTS))}
    figures |= {f"x{i}": model.x[i] + 0.0 for i in range(3)}
    return compile_model(model, figures)


def plans_within(most):
    """Every whole plan that meets the need and costs no more."""
    return [
        x for x in product(range(5), repeat=3)
        if 3 * x[0] + 4 * x[1] + 5 * x[2] >= 12
        and sum(c * n for c, n in zip(COSTS, x, strict=True)) <= most + 1e-6
    ]  # fmt: skip


def set_out(program, base, levels, *, basis=None, processes=1, **options):
    """Everything a search begins with, from a base plan."""
    cost = LinearFigure(*program.find_figure("cost"))
    plan = program.lower * 0.0
    plan[:] = base
    bounds = Bounds(cost, cost.of(plan), [])
    bounds.add(plan)
    forces = {
        Contribution(KIND, ("force",), (str(i),)): LinearFigure(*program.find_figure(f"x{i}"))
        for i in range(3)
    }
    given = {"basis": basis, "processes": processes}
    search = Ranges(program, Options(**options), bounds, levels, **given)
    return bounds, forces, search


@pytest.mark.parametrize("levels", [(0.0, 0.2, 0.5), (0.1,)])
def test_what_begins_at_the_base_plan_ends_where_what_begins_anew_does(levels):
    """The basis of the base plan is given, and every question is asked of a new program."""
    program = make_program(whole=False)
    bounds, forces, _ = set_out(program, (0, 3, 0), levels)
    least = LpSession(program, Options())
    least.minimise(bounds.expenditure)
    basis = least._session.basis
    search = Ranges(program, Options(), bounds, levels, basis=basis)
    found = search.find(forces, silent)
    for one in found:
        figure, ends = forces[one.contribution], []
        for sign in (1, -1):
            fresh = LpSession(program, Options())
            fresh.limit(bounds.limit(fresh), bounds.ceiling(one.within))
            turned = LinearFigure(sign * figure.coefficients, sign * figure.constant)
            ends.append(sign * fresh.minimise(turned).value)
        assert (one.least, one.most) == pytest.approx(tuple(ends), abs=1e-6)
        assert one.status is Status.OPTIMAL
    assert all(spent <= bounds.ceiling(levels[-1]) + 1e-6 for spent, _ in bounds.plans)


def silent(_step):
    pass


def test_rungs_lie_between_two_levels_and_never_far_apart():
    for last, level in ((0.0, 0.01), (0.01, 0.02), (0.02, 0.05), (0.0, 3.0)):
        rungs = climb(last, level)
        assert all(last < rung < level for rung in rungs)
        way = [last, *rungs, level]
        assert all(b <= 1.5 * a for a, b in pairwise(way) if a > 0)
        assert way[1] <= level / 39 or last > 0
    assert climb(0.0, 0.0) == climb(0.02, 0.02) == climb(0.02, 0.021) == []


@pytest.mark.parametrize("lost", [False, True])
def test_a_ladder_of_ceilings_changes_no_end(monkeypatch, lost):
    """As in a large program; where a rung is not reached, the end is asked from nothing."""
    monkeypatch.setattr(sys.modules[HighsSession.__module__], "_LARGE", 0)
    program, levels, begun = make_program(whole=False), (0.1, 0.2, 0.5), []
    optimise, minimise = HighsSession.optimise, LpSession.minimise

    def count(session, **how):
        if how.get("or_far", True):
            return optimise(session, **how)
        begun.append(how)
        return (Status.ERROR, math.nan, math.nan) if lost else optimise(session, **how)

    def hear(session, figure, *, near=True, patience=1.0):
        begun.append(near)
        return minimise(session, figure, near=near, patience=patience)

    bounds, forces, plain = set_out(program, (0, 3, 0), levels)
    expected = plain.find(forces, silent)
    least = LpSession(program, Options())
    least.minimise(bounds.expenditure)
    basis = least._session.basis
    bounds, _, _ = set_out(program, (0, 3, 0), levels)
    monkeypatch.setattr(HighsSession, "optimise", count)
    monkeypatch.setattr(LpSession, "minimise", hear)
    found = Ranges(program, Options(), bounds, levels, basis=basis).find(forces, silent)
    assert any(isinstance(how, dict) for how in begun)
    assert (False in begun) is lost
    for one, other in zip(found, expected, strict=True):
        assert one.status is other.status is Status.OPTIMAL
        assert (one.least, one.most) == pytest.approx((other.least, other.most), abs=1e-7)
    # What stands at a rung is no plan that is kept: only the ends of levels are.
    assert len(bounds.plans) <= 1 + 2 * len(forces) * (1 + len(levels))


def repeat_forces(forces):
    """Each force once for each of seven members: more contributions than are asked at once."""
    return {
        Contribution(KIND, ("member", "force"), (str(n), k.key[0])): f
        for n in range(7) for k, f in forces.items()
    }  # fmt: skip


@pytest.mark.parametrize("processes", [1, pytest.param(2, marks=pytest.mark.medium)])
def test_no_more_is_asked_than_the_steps_let(processes):
    """Eight contributions are asked before it is known what the first took; the ninth is not begun
    once so many as that one would take all, and what nobody asked says so."""
    program = make_program(whole=False)
    bounds, forces, _ = set_out(program, (0, 3, 0), (0.2,))
    many = repeat_forces(forces)
    search = Ranges(program, Options(), bounds, (0.2,), processes=processes, most_steps=1.0)
    found = search.find(many, silent)
    assert search.is_spent
    assert not search.is_proven
    assert len(search._found) == SIDE_BY_SIDE
    left = [one for one in found if one.message]
    assert {(one.status, one.message) for one in left} == {(Status.FEASIBLE, SPENT)}
    whole = Ranges(program, Options(), set_out(program, (0, 3, 0), (0.2,))[0], (0.2,))
    whole.find(many, silent)
    assert not whole.is_spent
    assert whole.is_proven


@pytest.mark.parametrize(("most", "asked"), [(79.0, 8), (81.0, 9), (100.0, 10), (101.0, 11)])
def test_what_is_under_way_is_taken_for_as_dear_as_what_is_known(monkeypatch, most, asked):
    """Each takes 10 steps. With eight under way and one known all are taken for 80."""
    own = EndFinder.__call__
    monkeypatch.setattr(EndFinder, "__call__", lambda *all: own(*all)._replace(steps=10.0))
    program = make_program(whole=False)
    bounds, forces, _ = set_out(program, (0, 3, 0), (0.2,))
    many = repeat_forces(forces)
    search = Ranges(program, Options(), bounds, (0.2,), most_steps=most)
    search.find(many, silent)
    assert (len(search._found), search.is_spent) == (asked, True)


def test_the_largest_is_asked_first_wherever_it_stands():
    program = make_program(whole=False)
    _, forces, search = set_out(program, (0, 3, 1), (0.2,))
    heard = []
    search.find(forces, heard.append)
    turned = dict(reversed(forces.items()))
    again = []
    set_out(program, (0, 3, 1), (0.2,))[2].find(turned, again.append)
    assert heard == again
    assert [step.split(": ")[1] for step in heard] == ["units 1", "units 2", "units 0"]


def test_a_ladder_takes_no_more_time_than_one_question(monkeypatch):
    """A time limit counts from the first rung: with it over, none of those after is run."""
    monkeypatch.setattr(sys.modules[HighsSession.__module__], "_LARGE", 0)
    program = make_program(whole=False)
    bounds, forces, _ = set_out(program, (0, 3, 0), (0.2,))
    session = LpSession(program, Options(time_limit=100.0))
    number = bounds.limit(session)
    session.minimise(bounds.expenditure)
    begun, begin = [], HighsSession.begin
    monkeypatch.setattr(HighsSession, "begin", lambda own: begun.append(begin(own)))
    for _ in range(2):
        session.raise_limit(number, [16.0, 17.0, 18.0])
        session.limit(number, 19.0)
        session.minimise(next(iter(forces.values())))
    assert len(begun) == 2


@pytest.mark.parametrize("levels", [(0.0, 0.2, 0.5), (0.4,)])
def test_ranges_of_whole_units_equal_enumeration(levels):
    # 3 of the second force at 5 each: 15, the least for 12 (by enumeration below).
    assert min(4 * a + 5 * b + 7 * c for a, b, c in plans_within(99)) == 15
    bounds, forces, search = set_out(make_program(whole=True), (0, 3, 0), levels)
    found = search.find(forces, silent)
    assert [one.within for one in found] == [level for level in levels for _ in range(3)]
    for one in found:
        every = [x[int(one.contribution.key[0])] for x in plans_within(15 * (1 + one.within))]
        assert (one.least, one.most) == pytest.approx((min(every), max(every)), abs=1e-6)
        assert (one.surely_least, one.surely_most) == pytest.approx((min(every), max(every)))
        assert one.status is Status.OPTIMAL
    assert search.solves <= 6 * len(levels)
    assert all(spent <= 15 * (1 + levels[-1]) + 1e-6 for spent, _ in bounds.plans)


@pytest.mark.parametrize(("side_by_side", "solves"), [(1, 2), (2, 2 + 2)])
def test_what_a_known_plan_proves_is_not_asked(monkeypatch, side_by_side, solves):
    """The base plan has none of the first force: its least is known. The most, 4, is asked within
    what the base plan spends and within 16.5, which pays for it; within 18 it is known. The same
    once more is asked again only where both may be asked side by side."""
    monkeypatch.setattr("cssopt.questions.alternatives.ranges.SIDE_BY_SIDE", side_by_side)
    _, forces, search = set_out(make_program(whole=False), (0, 3, 0), (0.1, 0.2))
    (first, figure), *_ = forces.items()
    same = Contribution(KIND, ("force",), ("again",))
    found = search.find({first: figure, same: figure}, silent)
    assert search.solves == solves
    assert [one.most for one in found] == pytest.approx([4.0] * 4, abs=1e-6)


@pytest.mark.medium
@pytest.mark.parametrize("whole", [True, False])
def test_answers_are_the_same_however_many_are_asked_side_by_side(whole):
    """More contributions than may be asked side by side, so that later ones know plans of earlier
    ones."""
    program = make_program(whole=whole)
    answers = []
    for processes in (1, 3):
        bounds, forces, search = set_out(program, (0, 3, 0), (0.1, 0.4), processes=processes)
        figures = [one.coefficients for one in forces.values()]
        sums = {
            Contribution(KIND, ("force",), (f"{i}{j}{n}",)): LinearFigure(
                figures[i] + n * figures[j]
            )
            for i, j, n in product(range(3), range(3), (1, 2))
        }
        found = search.find(sums, silent)
        assert len(sums) > 2 * SIDE_BY_SIDE
        answers.append((found, search.solves, [plan.tolist() for _, plan in bounds.plans]))
    one, three = answers
    assert one == three
    assert {end.status for end in one[0]} == {Status.OPTIMAL}


def test_without_a_basis_each_contribution_begins_from_nothing(monkeypatch):
    """Else an answer would depend on what its process was asked before."""
    given, counts, minimise = [], [], LpSession.minimise

    def told(session, figure, *, near=True, patience=1.0):
        given.append(near)
        return minimise(session, figure, near=near, patience=patience)

    monkeypatch.setattr(LpSession, "minimise", told)
    monkeypatch.setattr(LpSession, "keep_basis", lambda _: False)
    program, levels = make_program(whole=False), (0.1, 0.2)
    bounds, forces, _ = set_out(program, (0, 3, 0), levels)
    finder = EndFinder(program, Options(), bounds, levels, None)
    for place, figure in enumerate(forces.values()):
        given.clear()
        finder(Asked(place, figure, ()))
        assert not given[0]
        assert all(given[1:])
        counts.append(len(given))
    assert max(counts) > 1


def test_sums_are_asked_first_and_of_these_money_and_all_are_told_in_their_order():
    _, forces, search = set_out(make_program(whole=False), (0, 3, 0), (0.1,))
    apart = {Contribution(KIND, ("member", "force"), ("a", k.key[0])): f for k, f in forces.items()}
    burden = replace(KIND, name="burden", form="money")
    money = {Contribution(burden, k.indices, k.key): f for k, f in forces.items()}
    parts = {Contribution(burden, k.indices, k.key): f for k, f in apart.items()}
    told = []
    found = search.find({**apart, **parts, **forces, **money}, told.append)
    assert [one.contribution for one in found] == [*apart, *parts, *forces, *money]
    # Of a kind the second stands first, of which the base plan has 3 and of the others none.
    asked = [list(own)[place] for own in (money, forces, parts, apart) for place in (1, 0, 2)]
    assert [str(step).split(": ")[1] for step in told] == [
        f"{one.kind.name} {one.label}" for one in asked
    ]


@pytest.mark.parametrize("whole", [True, False])
def test_what_lies_between_two_known_plans_is_possible_in_fractions(monkeypatch, whole):
    """Beside the base plan, 15 million, one search finds 4 of the first force for 16 million, and
    all others nothing: 15.5 million pay for half the way, but no half units."""
    levels = (0.5 / 15, 0.1)
    bounds, forces, search = set_out(make_program(whole=whole), (0, 3, 0), levels)
    plan = np.array([4.0, 0.0, 0.0])
    stopped = QuestionAnswer(Status.FEASIBLE, plan, -4.0, -4.0, 0.0)
    nothing = QuestionAnswer(Status.INTERRUPTED, None, math.nan, math.nan, 0.0, "No plan in time.")
    asked = []

    def minimise(_session, figure, *, near=True, patience=1.0):
        asked.append(figure.coefficients[0] < 0)
        return stopped if asked[-1] and sum(asked) == 2 else nothing

    monkeypatch.setattr(LpSession, "minimise", minimise)
    found = search.find(forces, silent)
    assert not search.is_proven
    # What lies between is a plan like any other: it is audited, and plans that differ begin there.
    between = [] if whole else [(15.5, pytest.approx([2.0, 1.5, 0.0], abs=1e-6))]
    assert [(spent, list(plan)) for spent, plan in bounds.plans] == [
        (15.0, [0.0, 3.0, 0.0]), (16.0, [4.0, 0.0, 0.0]),
        *((pytest.approx(spent, abs=1e-6), plan) for spent, plan in between),
    ]  # fmt: skip
    near, far = found[:3], found[3:]
    half = [(0, 0), (3, 3), (0, 0)] if whole else [(0, 2), (1.5, 3), (0, 0)]
    assert [(one.least, one.most) for one in near] == [pytest.approx(x, abs=1e-6) for x in half]
    assert [(one.least, one.most) for one in far] == [(0, 4), (0, 3), (0, 0)]
    for one in near:
        # What is sure is as it was: no plan has 5 of any, and none is proven to have fewer.
        assert (one.surely_least, one.surely_most) == (0, 4)


def test_a_plan_is_not_stretched_beyond_itself():
    """Nothing is known of what lies beyond; and a plan that spends no more than the base plan, or
    than a level, stands for itself."""
    bounds, _, _ = set_out(make_program(whole=False), (0, 3, 0), (0.1,))
    for plan in ([4.0, 0.0, 0.0], [0.0, 0.5, 2.0], [1.0, 2.25, 0.0], [4.0, 4.0, 4.0]):
        bounds.add(np.array(plan))
    bounds.go_part_way((1 / 30, 1 / 15, 3.0))
    added = bounds.plans[5:]
    assert [spent for spent, _ in added] == pytest.approx(
        [15.5] * 3 + [16.0] * 2 + [60.0], abs=1e-6
    )
    ways = [0.5, 0.5 / 1.5, 0.5 / 49, 1 / 1.5, 1 / 49, 45 / 49]
    ends = [(4, 0, 0), (0, 0.5, 2), (4, 4, 4), (0, 0.5, 2), (4, 4, 4), (4, 4, 4)]
    for (_, plan), way, end in zip(added, ways, ends, strict=True):
        expected = [(1 - way) * a + way * b for a, b in zip((0, 3, 0), end, strict=True)]
        assert list(plan) == pytest.approx(expected, abs=1e-6)


def test_plans_that_differ_reach_farther_where_nothing_is_proven():
    """Of what is told at the end, known plans have all: those that differ most too."""
    _, forces, search = set_out(make_program(whole=False), (0, 3, 0), (0.5,), until=0.0)
    before = search.find(forces, silent)
    assert {(one.least, one.most) for one in before} == {(0, 0), (3, 3)}
    search._bounds.add(np.array([4.0, 0.0, 0.0]))
    first, second, third = search.tell(forces)
    assert [(one.least, one.most) for one in (first, second, third)] == [(0, 4), (0, 3), (0, 0)]


@pytest.mark.parametrize("unproven", [None, "low", "high", "left"])
def test_what_lies_part_of_the_way_is_only_kept_where_an_end_is_not_proven(monkeypatch, unproven):
    bounds, forces, search = set_out(make_program(whole=False), (0, 3, 0), (0.1, 0.5))
    find = EndFinder.__call__

    def cut(finder, asked):
        found = find(finder, asked)
        if asked.place != 2 or unproven is None:
            return found
        if unproven == "left":
            return Lost()
        ends = [replace(end, status=Status.FEASIBLE) for end in getattr(found, unproven)]
        return found._replace(**{unproven: ends})

    monkeypatch.setattr(EndFinder, "__call__", cut)
    added = []
    go = Bounds.go_part_way
    monkeypatch.setattr(Bounds, "go_part_way", lambda *given: (added.append(1), go(*given)))
    search.find(forces, silent)
    assert search.is_proven == (unproven is None)
    assert len(added) == (unproven is not None)
    # What money does not reach at all is no new plan.
    before = len(bounds.plans)
    bounds.go_part_way((0.0,))
    assert len(bounds.plans) == before


def test_a_range_of_which_next_to_nothing_is_known_does_not_decide_what_differs():
    """Two ranges of the same true width, of one of which a millionth is known: to go all the way
    in it counts ten times at most, not a million times."""
    figures = [LinearFigure(row) for row in np.eye(2)]
    known = Contribution(KIND, ("force",), ("known",))
    whole = ContributionRange(known, 0.1, 0.0, 0.0, 4.0, 0.0, 4.0, Status.OPTIMAL)
    sliver = replace(whole, most=4e-6, status=Status.FEASIBLE)  # at most 4, for all that is known
    space = Space(figures, [whole, sliver])
    one, other = (space.place(np.array(plan)) for plan in ([4.0, 0.0], [0.0, 4.0]))
    assert (one.sum(), other.sum()) == pytest.approx((0.5, 5.0))
    # What is all that is possible is no sliver: it is measured by that.
    small = replace(sliver, surely_most=0.04)
    assert Space(figures, [whole, small]).place(np.array([0.0, 0.04])).sum() == pytest.approx(0.5)
    # A range that is proven to be so narrow is measured by itself.
    narrow = replace(whole, most=4e-3, surely_most=4e-3)
    assert Space(figures, [whole, narrow]).place(np.array([0.0, 4e-3])).sum() == pytest.approx(0.5)


def test_what_is_lost_with_its_process_says_so(monkeypatch):
    """It keeps what other plans have, and what its decisions allow."""
    _, forces, search = set_out(make_program(whole=False), (0, 3, 0), (0.5,))
    find = EndFinder.__call__

    def lose(finder, asked):
        return Lost() if asked.place == 1 else find(finder, asked)

    monkeypatch.setattr(EndFinder, "__call__", lose)
    first, second, third = search.find(forces, silent)
    assert (first.status, third.status) == (Status.OPTIMAL, Status.OPTIMAL)
    # 4 of the first do without the second, and 12 million more pay for them.
    assert (second.least, second.surely_least) == (0.0, 0.0)
    assert (second.most, second.surely_most) == (3.0, 4.0)
    assert second.status is Status.ERROR
    assert second.message.startswith("Not found: its process ended")


@pytest.mark.parametrize("whole", [True, False])
def test_plans_keep_all_limits_and_none_is_farther_than_the_bound(whole):
    program = make_program(whole=whole)
    bounds, forces, search = set_out(program, (0, 3, 0), (0.5,))
    ranges = search.find(forces, silent)
    space = Space(list(forces.values()), ranges)
    differ = Differ(program, Options(), bounds, 0.5, space)
    found = list(differ.find(3))
    assert len(found) == 3
    spans = [one.most - one.least for one in ranges]
    earlier = [(0.0, 3.0, 0.0)]
    for one in found:
        x = one.plan
        assert 3 * x[0] + 4 * x[1] + 5 * x[2] >= 12 - 1e-6
        assert sum(c * n for c, n in zip(COSTS, x, strict=True)) <= 22.5 + 1e-5
        assert one.apart == pytest.approx(min(distance(x, y, spans) for y in earlier), abs=1e-6)
        farthest = max(min(distance(p, y, spans) for y in earlier) for p in plans_within(15 * 1.5))
        assert one.bound >= max(farthest, one.apart) - 1e-6
        if whole and one is found[0]:
            assert one.apart == pytest.approx(farthest, abs=1e-6)
        assert one.apart > 0.1
        earlier.append(tuple(x))


def distance(one, other, spans):
    return sum(abs(a - b) / s for a, b, s in zip(one, other, spans, strict=True)) / len(spans)


def test_a_limit_of_the_search_leaves_what_is_possible_and_what_is_sure(monkeypatch):
    bounds, forces, search = set_out(make_program(whole=True), (0, 3, 0), (0.5,))
    # The search for the least of the second force stops at a plan with 2 and the proof at 1; all
    # others find no plan in time.
    stopped = QuestionAnswer(Status.FEASIBLE, np.array([1.0, 2.0, 1.0]), 2.0, 1.0, 0.0)
    nothing = QuestionAnswer(Status.INTERRUPTED, None, math.nan, math.nan, 0.0, "No plan in time.")

    def minimise(_session, figure, *, near=True, patience=1.0):
        return stopped if figure.coefficients[1] > 0 else nothing

    monkeypatch.setattr(LpSession, "minimise", minimise)
    first, second, third = search.find(forces, silent)
    assert (second.least, second.surely_least) == (2.0, 1.0)
    # Possible is what the base plan has; sure is the bound of the decision alone.
    assert (second.most, second.surely_most) == (3.0, 4.0)
    assert (second.status, second.verdict) == (Status.FEASIBLE, "at least")
    assert second.message == "No plan in time."
    # What a search found on its way is possible too; of the third force the base plan has none.
    assert (third.least, third.surely_least, third.most, third.surely_most) == (0, 0, 1, 4)
    assert (first.status, third.verdict) == (Status.FEASIBLE, "free")
    # That plan costs 21: it counts from 40 % on.
    assert len(bounds.known(0.4)) == 2
    assert len(bounds.known(0.3)) == 1


def test_an_interrupted_search_asks_no_more(monkeypatch):
    program = make_program(whole=False)
    _, forces, search = set_out(program, (0, 3, 0), (0.1, 0.5))
    monkeypatch.setattr(LpSession, "cancelled", True)
    found = search.find(forces, silent)
    assert search.solves == 0
    assert {one.status for one in found} == {Status.INTERRUPTED}
    assert {one.message for one in found} == {INTERRUPTED}
    assert all(one.surely_most == 4.0 for one in found)


@pytest.mark.medium
@pytest.mark.parametrize("processes", [1, 2])
def test_ctrl_c_keeps_what_was_found(processes):
    """It comes when the second one is told: with one process before its work, else after it."""
    told = []

    def press(step):
        told.append(step)
        if len(told) == 2:
            raise KeyboardInterrupt

    given = (0, 3, 0), (0.1, 0.5)
    bounds, forces, search = set_out(make_program(whole=False), *given, processes=processes)
    again = {Contribution(KIND, ("member", "force"), ("a", k.key[0])): f for k, f in forces.items()}
    found = search.find({**forces, **again}, press)
    assert search.cancelled
    assert not search.is_proven
    assert len(bounds.plans) > 1
    # What was found by then may prove ends of others too.
    assert sum(one.status is Status.OPTIMAL for one in found) >= 2 * processes
    left = [one for one in found if one.status is not Status.OPTIMAL]
    assert left
    assert {(one.status, one.message) for one in left} == {(Status.INTERRUPTED, INTERRUPTED)}


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_not_asked_in_time_is_no_question_and_says_so(processes):
    program = make_program(whole=False)
    late = {"until": 0.0, "processes": processes}
    _, forces, search = set_out(program, (0, 3, 0), (0.1, 0.5), **late)
    found = search.find(forces, silent)
    assert search.solves == 0
    assert not search.cancelled
    assert {one.status for one in found} == {Status.FEASIBLE}
    assert all(is_left(one.message) for one in found)
    assert [(one.least, one.most) for one in found] == [(0, 0), (3, 3), (0, 0)] * 2


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (CUT_OFF, LEFT, CUT_OFF),
        (LEFT, LEFT, LEFT),
        ("Odd.", LEFT, f"Odd. {LEFT}"),
        ("", LEFT, LEFT),
    ],
)
def test_a_range_that_was_begun_is_not_also_called_not_asked(first, second, told):
    contribution = Contribution(KIND, ("force",), ("0",))
    down, up = (End(0.0, 0.0, Status.FEASIBLE, message) for message in (first, second))
    assert _as_range(contribution, 0.1, 0.0, down, up).message == told


def test_ends_below_nothing_are_not_cut_off():
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(0, 10))
    program = compile_model(model, {"cost": model.x + 1.0, "gain": 5.0 - 2.0 * model.x})
    plan = program.lower.copy()
    cost = LinearFigure(*program.find_figure("cost"))
    bounds = Bounds(cost, 1.0, [])
    bounds.add(plan)
    gain = {Contribution(KIND, ("force",), ("g",)): LinearFigure(*program.find_figure("gain"))}
    (one,) = Ranges(program, Options(), bounds, (3.0,)).find(gain, silent)
    # 3 million more pay for x = 3.
    assert (one.least, one.most) == pytest.approx((-1.0, 5.0), abs=1e-6)
    assert (one.surely_least, one.surely_most) == pytest.approx((-1.0, 5.0), abs=1e-6)
    assert one.verdict == "free"
    assert not math.isinf(one.surely_least)


@pytest.mark.parametrize(
    ("least", "most", "surely", "verdict"),
    [
        (0.0, 0.0, (0.0, 0.0), "never"),
        (3.0, 3.0, (3.0, 3.0), "certain"),
        (2.0, 3.0, (2.0, 3.0), "at least"),
        (2.0, 3.0, (0.5, math.inf), "at least"),
        (0.0, 3.0, (0.0, 3.0), "free"),
        (-1.0, 3.0, (-1.0, 3.0), "free"),
        (2.0, 3.0, (0.0, 4.0), "open"),
        (0.0, 0.0, (0.0, 4.0), "open"),
    ],
)
def test_a_verdict_says_only_what_is_proven(least, most, surely, verdict):
    one = Contribution(KIND, ("force",), ("a",))
    assert (
        ContributionRange(one, 0.1, least, least, most, *surely, Status.FEASIBLE).verdict == verdict
    )

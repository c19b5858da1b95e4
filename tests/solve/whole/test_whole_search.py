"""The search by parts: plans that keep every rule, the known optimum, and the same one always."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from plain_programs import cut_off_at_the_root
from scipy.sparse import csr_array

from cssopt.solve import stages
from cssopt.solve.answer import Options
from cssopt.solve.names import Names
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, StageConstraint, StageRow, relax
from cssopt.solve.session import HighsSession
from cssopt.solve.stages import solve_program
from cssopt.solve.watching import SolveState, watch
from cssopt.solve.whole import search
from cssopt.solve.whole.first_plan import find_first_plan
from cssopt.solve.whole.neighborhoods import find_kinds, find_loosest
from cssopt.solve.whole.part import Whole, aim, find_missed
from cssopt.solve.whole.search import find_plan, worked_by
from cssopt.solve.whole.weights import Objective
from cssopt.solve.whole.work import Alone, Proof, Task, Work, prove

MEMBERS, YEARS = ("A", "B", "C"), (2027, 2028, 2029)


def make_book(seed: int) -> Program:
    """Members hold whole units behind a line that is opened once; a need each year is met or short.

    Every member has people for so many units, and all share so many staff posts.
    """
    random = np.random.default_rng(seed)
    keys = list(product(MEMBERS, YEARS))
    columns = [
        *(("a", "held", key) for key in keys),
        *(("a", "posts", key) for key in keys),
        *(("a", "open", (year,)) for year in YEARS),
        *(("a", "short", (year,)) for year in YEARS),
    ]
    place = {(name, key): number for number, (_, name, key) in enumerate(columns)}
    rows: list[tuple[str, dict[int, float], float, float]] = []
    inf = np.inf
    power = {member: random.uniform(2, 5) for member in MEMBERS}
    for year in YEARS:
        terms = {place["held", (member, year)]: power[member] for member in MEMBERS}
        rows.append(("need", {**terms, place["short", (year,)]: 1.0}, random.uniform(20, 40), inf))
        posts = {place["posts", (member, year)]: 1.0 for member in MEMBERS}
        rows.append(("posts", {**posts, place["open", (year,)]: -2.0}, 0.0, 0.0))
        shared = {place["held", (member, year)]: 1.0 for member in MEMBERS}
        rows.append(("industry", shared, -inf, random.uniform(6, 9)))
        for member in MEMBERS:
            own = {place["held", (member, year)]: 1.0, place["posts", (member, year)]: 0.7}
            rows.append(("people", own, -inf, random.uniform(3, 5)))
            switch = {place["held", (member, year)]: 1.0, place["open", (year,)]: -9.0}
            rows.append(("line", switch, -inf, 0.0))
    for before, after in pairwise(YEARS):
        lasts = {place["open", (before,)]: 1.0, place["open", (after,)]: -1.0}
        rows.append(("lasts", lasts, -inf, 0.0))
    matrix = np.zeros((len(rows), len(columns)))
    for row, (_, terms, _, _) in enumerate(rows):
        matrix[row, list(terms)] = list(terms.values())
    money = np.array(
        [
            {"held": random.uniform(1, 3), "posts": 0.1, "open": 4.0, "short": 0.0}[name]
            for _, name, _ in columns
        ]
    )
    short = np.array([0.05 if name == "short" else 0.0 for _, name, _ in columns])
    is_switch = np.array([name == "open" for _, name, _ in columns])
    return Program(
        csr_array(matrix),
        np.array([lower for _, _, lower, _ in rows]),
        np.array([upper for _, _, _, upper in rows]),
        np.zeros(len(columns)),
        np.where(is_switch, 1.0, np.inf),
        np.array([name in ("held", "open") for _, name, _ in columns]),
        csr_array(np.array([short, money])),
        np.zeros(2),
        (
            StageRow("missing_share", 0, (StageConstraint("missing_share", 0),)),
            StageRow("m", 1, ()),
        ),
        {},
        Names.of(columns),
        Names.of(("a", name, number) for number, (name, _, _, _) in enumerate(rows)),
        indices={
            "held": ("member", "year"),
            "posts": ("member", "year"),
            "open": ("year",),
            "short": ("year",),
        },
    )


def check_plan(program: Program, plan: Floats | None) -> Floats:
    """A plan that is one: every rule is kept, and what is whole is exactly so."""
    assert plan is not None
    assert find_missed(program, plan).max() <= 1e-6
    assert (plan >= program.lower - 1e-9).all()
    assert (plan <= program.upper + 1e-9).all()
    whole = plan[program.whole]
    assert (whole == np.round(whole)).all()
    return plan


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(12))
def test_the_search_reaches_the_known_optimum(seed: int) -> None:
    program = make_book(seed)
    exact = solve_program(program, Options())
    assert exact.status is Status.OPTIMAL
    found = find_plan(program, Options())
    figures = program.figures_of(check_plan(program, found.plan))
    assert figures == pytest.approx(exact.figures, rel=1e-6, abs=1e-9)


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(12))
def test_the_bound_is_below_the_optimum_and_the_value_is_the_plans(seed: int) -> None:
    program = make_book(seed)
    exact = solve_program(program, Options())
    found = find_plan(program, Options())
    weights = np.array(found.weighted.weights)
    assert weights[0] > weights[1] == 1.0
    assert found.weighted.bound <= float(weights @ exact.figures) * (1 + 1e-9)
    assert found.weighted.value == pytest.approx(float(weights @ program.figures_of(found.plan)))


def work_here(tasks: Sequence[Task]) -> list[Floats | None]:
    return Alone().work(tasks)


class By(Alone):
    """Who works on the tasks of a round as a function does."""

    def __init__(self, work_on: Callable[[Sequence[Task]], list[Floats | None]]) -> None:
        self._work_on = work_on

    def work(self, tasks: Sequence[Task]) -> list[Floats | None]:
        return self._work_on(tasks)


def test_a_first_plan_stays_within_bounds_that_are_not_whole():
    """At most 1.5 units each: with fractions both have 1.5, which is 1 and not 2."""
    program = Program(
        csr_array(np.array([[1.0, 1.0]])),
        np.array([-np.inf]),
        np.array([9.0]),
        np.zeros(2),
        np.array([1.5, 1.5]),
        np.ones(2, dtype=bool),
        csr_array(np.array([[-1.0, -1.0]])),
        np.zeros(1),
        (StageRow("units", 0, ()),),
        {},
        (("a", "held", ("A",)), ("a", "held", ("B",))),
        (("a", "most", 0),),
        indices={"held": ("member",)},
    )
    with worked_by(By(lambda tasks: [None] * len(tasks))):
        found = find_plan(program, Options())
    assert check_plan(program, found.plan).tolist() == [1, 1]


class Counting(Alone):
    """Counts rounds; a proof tells at once what is known."""

    is_aside = True

    def __init__(self, known: float) -> None:
        self.rounds, self._told, self._is_begun = 0, known, False

    def work(self, tasks: Sequence[Task]) -> list[Floats | None]:
        self.rounds += 1
        return super().work(tasks)

    def begin(self, proof: Proof) -> None:
        self._is_begun = True

    @property
    def known(self) -> float:
        return self._told if self._is_begun else -np.inf

    def finish(self) -> float:
        return self.known


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(6))
def test_nothing_more_is_searched_once_the_plan_is_proven(seed: int) -> None:
    program = make_book(seed)
    found = find_plan(program, Options())
    rounds = []
    for known in (-np.inf, found.weighted.value):
        with worked_by(crew := Counting(known)):
            again = find_plan(program, Options())
        assert again.weighted.value == pytest.approx(found.weighted.value, rel=1e-9)
        rounds.append(crew.rounds)
    assert rounds[1] < rounds[0]
    assert again.weighted.gap == pytest.approx(0, abs=1e-6)


class Interrupted(Counting):
    """Ctrl-C comes in the first round after a bound is known."""

    def work(self, tasks: Sequence[Task]) -> list[Floats | None]:
        if np.isfinite(self.known):
            raise KeyboardInterrupt
        return super().work(tasks)


@pytest.mark.medium
def test_a_bound_that_is_proven_by_then_is_kept_at_ctrl_c() -> None:
    program = make_book(0)
    bound = find_plan(program, Options()).weighted.value - 1
    with worked_by(Interrupted(bound)):
        found = find_plan(program, Options())
    assert found.cancelled
    check_plan(program, found.plan)
    assert found.weighted.bound == bound


class Telling(Counting):
    """The proof never ends, but has come so far; Ctrl-C comes in the second round after that."""

    rounds_since = 0

    @property
    def so_far(self) -> float:
        return super().known

    @property
    def known(self) -> float:
        return -np.inf

    def work(self, tasks: Sequence[Task]) -> list[Floats | None]:
        self.rounds_since += np.isfinite(self.so_far)
        if self.rounds_since > 1:
            raise KeyboardInterrupt
        return super().work(tasks)


@pytest.mark.medium
def test_how_far_a_proof_has_come_is_told_and_kept_at_ctrl_c() -> None:
    program = make_book(0)
    bound = find_plan(program, Options()).weighted.value - 1
    heard: list[SolveState | None] = []
    with worked_by(Telling(bound)), watch(heard.append):
        found = find_plan(program, Options())
    assert found.cancelled
    assert found.weighted.bound == bound
    told = [state.bound for state in heard if state is not None]
    assert told[0] < bound
    assert told[-1] == bound


def work_backwards(tasks: Sequence[Task]) -> list[Floats | None]:
    """Work on the last task first."""
    return work_here(tasks[::-1])[::-1]


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(6))
def test_the_plan_does_not_depend_on_the_order_of_arrival(seed: int) -> None:
    program = make_book(seed)
    found = find_plan(program, Options())
    with worked_by(By(work_backwards)):
        again = find_plan(program, Options())
    assert np.array_equal(check_plan(program, found.plan), check_plan(program, again.plan))


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(6))
def test_what_each_proposes_is_taken_only_where_it_keeps_every_rule(seed: int) -> None:
    program = make_book(seed)

    def propose_nonsense(tasks: Sequence[Task]) -> list[Floats | None]:
        return [np.zeros(len(task.part.begin)) for task in tasks]

    with worked_by(By(propose_nonsense)):
        found = find_plan(program, Options())
    if found.plan is not None:
        check_plan(program, found.plan)


def as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "is_large", lambda program: program.is_whole)


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(12))
def test_what_is_proven_after_a_search_is_what_is_proven_without(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make_book(seed)
    exact = solve_program(program, Options())
    as_large(monkeypatch)
    solved = solve_program(program, Options())
    assert solved.status is Status.OPTIMAL
    assert solved.figures == pytest.approx(exact.figures, rel=1e-6, abs=1e-9)
    assert solved.weighted is not None
    assert solved.weighted.bound <= solved.weighted.value


def name_common(program: Program) -> set[str]:
    """The decisions that are free around every member."""
    kinds = {kind.index: kind for kind in find_kinds(program)}
    common = np.flatnonzero(kinds["member"].common)
    return {program.columns[place][1] for place in common}


def test_an_equality_frees_all_that_it_shares_out_but_where_something_gives_way() -> None:
    """Posts of all members add up to two a line. Where lines are whole, nothing else gives way."""
    program = make_book(0)
    assert name_common(program) == {"posts", "short"}
    opened = np.array([name == "open" for _, name, _ in program.columns])
    assert name_common(replace(program, whole=program.whole & ~opened)) == {"short", "open"}


@pytest.mark.medium
def test_a_plan_is_kept_where_the_limit_comes_before_any_proof(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = make_book(0)
    as_large(monkeypatch)
    found = find_plan(program, Options())
    monkeypatch.setattr(stages, "find_plan", lambda _program, _options: replace(found, seconds=9.0))
    solved = solve_program(program, Options(time_limit=1.0))
    assert solved.status is Status.FEASIBLE
    assert np.array_equal(solved.values, found.plan)
    assert [stage.name for stage in solved.stages] == ["missing_share", "m"]
    assert all(stage.bound <= stage.value for stage in solved.stages)
    assert solved.gap == np.inf
    assert "Counted together" in solved.message
    relaxed = solve_program(relax(program), Options())
    assert solved.stages[0].bound == pytest.approx(relaxed.stages[0].value, abs=1e-7)
    assert solved.stages[0].bound > 0


@pytest.mark.medium
def test_a_stage_cut_off_is_at_its_least_with_the_whole_numbers_of_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first stage takes all the time, and finds less missing than the plan found by parts."""
    program, options = make_book(0), Options()
    best = solve_program(program, options)
    as_large(monkeypatch)
    # A plan in which more is missing, and which the first stage therefore leaves.
    worse = solve_program(replace(program, stages=program.stages[1:]), options)
    assert best.values is not None
    assert worse.values is not None
    rows = [stage.row for stage in program.stages]
    assert program.figures_of(worse.values)[rows[0]] > best.stages[0].value + 1e-3
    told = replace(find_plan(program, options), plan=worse.values, seconds=0.0)
    monkeypatch.setattr(stages, "find_plan", lambda _program, _options: told)
    optimise = HighsSession.optimise

    def take_all_time(self, **how):
        answer = optimise(self, **how)
        if self.about == "missing share":
            self.options = replace(self.options, time_limit=0.0)
        return answer

    monkeypatch.setattr(HighsSession, "optimise", take_all_time)
    solved = solve_program(program, replace(options, time_limit=1000.0))
    assert solved.values is not None
    assert solved.status is Status.FEASIBLE
    monkeypatch.setattr(HighsSession, "optimise", optimise)
    least = solve_program(program.fix_whole(solved.values), options)
    assert solved.stages[1].value == pytest.approx(least.stages[1].value, rel=1e-6)
    assert "the least with the whole numbers of the stage before" in solved.message


@pytest.mark.medium
def test_a_bound_above_the_plan_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    program = make_book(0)
    as_large(monkeypatch)
    found = find_plan(program, Options())
    wrong = replace(found.weighted, bound=1.01 * found.weighted.value)
    told = replace(found, weighted=wrong, seconds=9.0)
    monkeypatch.setattr(stages, "find_plan", lambda _program, _options: told)
    solved = solve_program(program, Options(time_limit=1.0))
    assert solved.weighted is not None
    assert solved.weighted.bound == -np.inf
    assert "Counted together" not in solved.message


def test_no_time_is_kept_for_a_proof_before_there_is_a_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With all of the time for what follows the search, rounds go on while rules are missed."""
    program = make_book(0)
    monkeypatch.setattr(search, "_PROOF", 1.0)
    rounds = []

    def counted(tasks: Sequence[Task]) -> list[Floats | None]:
        rounds.append(len(tasks))
        return work_here(tasks)

    with worked_by(By(counted)):
        usable = find_plan(program, Options(time_limit=1000.0))
    check_plan(program, usable.plan)
    for_first = len(rounds)

    def spoilt(*given: object) -> Floats:
        plan = find_first_plan(*given)
        plan[0] = 9.0  # more units than A has people for
        return plan

    monkeypatch.setattr(search, "find_first_plan", spoilt)
    with worked_by(By(counted)):
        found = find_plan(program, Options(time_limit=1000.0))
    assert len(rounds) > 2 * for_first
    check_plan(program, found.plan)


def interrupt_after(count: int) -> Callable[[Sequence[Task]], list[Floats | None]]:
    """Work on so many rounds, then be interrupted."""
    rounds = []

    def work_on(tasks: Sequence[Task]) -> list[Floats | None]:
        if len(rounds) == count:
            raise KeyboardInterrupt
        rounds.append(len(tasks))
        return work_here(tasks)

    return work_on


def test_ctrl_c_keeps_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    program = make_book(1)
    as_large(monkeypatch)
    # Two members take their units in the first round, the third one in another.
    with worked_by(By(interrupt_after(2))):
        solved = solve_program(program, Options())
    assert solved.cancelled
    assert solved.status is Status.INTERRUPTED
    check_plan(program, solved.values)


def test_ctrl_c_before_the_first_plan_ends_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    as_large(monkeypatch)
    with worked_by(By(interrupt_after(1))):
        solved = solve_program(make_book(1), Options())
    assert solved.cancelled
    assert solved.status is Status.INTERRUPTED
    assert solved.values is None


def test_ctrl_c_ends_a_search_of_which_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    as_large(monkeypatch)

    def interrupted(_tasks: Sequence[Task]) -> list[Floats | None]:
        raise KeyboardInterrupt

    with worked_by(By(interrupted)), pytest.raises(KeyboardInterrupt):
        solve_program(make_book(1), Options(keep_on_interrupt=False))


def test_a_program_without_a_plan_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    program = make_book(2)
    upper = program.row_upper.copy()
    upper[[row[1] == "people" for row in program.rows]] = -1.0
    as_large(monkeypatch)
    solved = solve_program(replace(program, row_upper=upper), Options())
    assert solved.status is Status.INFEASIBLE


@pytest.mark.medium
def test_whoever_waits_hears_of_the_plan_and_its_bound() -> None:
    heard = []
    with watch(heard.append):
        found = find_plan(make_book(3), Options())
    best = [state.best for state in heard if state is not None and not np.isnan(state.best)]
    assert best == sorted(best, reverse=True)
    assert best[-1] == pytest.approx(found.weighted.value)
    assert all(state.bound <= found.weighted.value for state in heard if state is not None)


def begin_first_plan(program: Program, crew: Alone) -> tuple[Whole, Floats]:
    objective, work = Objective.of(program), Work(Options())
    relaxed = work.relax(program, objective)
    assert relaxed is not None
    whole = Whole(program, objective, max(1.0, abs(relaxed.value)))
    loosest = find_loosest(find_kinds(program), program)
    return whole, find_first_plan(whole, relaxed.plan, loosest, work, crew)


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(12))
def test_the_first_plan_keeps_what_members_share(seed: int) -> None:
    """All of them would like more of what industry delivers than there is."""
    program = make_book(seed)
    _, plan = begin_first_plan(program, Alone())
    check_plan(program, plan)


def test_who_breaks_a_rule_together_with_another_is_asked_again() -> None:
    """Two need 1.5 units each, of 3.5 in all: beside 1.5 of the other each can have 2, not both."""
    columns = Names.of(("a", name, (member,)) for name in ("held", "short") for member in "AB")
    program = Program(
        csr_array(np.array([[1.0, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0]])),
        np.array([1.5, 1.5, -np.inf]),
        np.array([np.inf, np.inf, 3.5]),
        np.zeros(4),
        np.full(4, np.inf),
        np.array([True, True, False, False]),
        csr_array(np.array([[0.0, 0, 1, 1], [1, 1, 0, 0]])),
        np.zeros(2),
        (StageRow("missing", 0, (StageConstraint("missing", 0),)), StageRow("m", 1, ())),
        {},
        columns,
        Names.of([("a", "need", ("A",)), ("a", "need", ("B",)), ("a", "industry", None)]),
        indices={"held": ("member",), "short": ("member",)},
    )
    asked: list[int] = []

    def work_on(tasks: Sequence[Task]) -> list[Floats | None]:
        asked.append(len(tasks))
        return work_here(tasks)

    _, plan = begin_first_plan(program, By(work_on))
    assert asked == [2, 1]
    assert check_plan(program, plan).tolist() == [2, 1, 0, 0.5]


@pytest.mark.medium
def test_a_proof_beside_the_search_ends_by_the_clock() -> None:
    program = make_book(0)
    found = find_plan(program, Options())
    assert found.plan is not None
    proof = Proof(aim(program, Objective.of(program)), found.plan, Options())
    assert prove(proof) == pytest.approx(found.weighted.bound)
    late = replace(proof, options=replace(Options(), until=0.0))
    assert prove(late, is_aside=True) == -np.inf


def test_a_proof_that_is_cut_off_at_its_root_keeps_its_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """HiGHS has counted nothing of it by then."""
    program = make_book(0)
    found = find_plan(program, Options())
    assert found.plan is not None
    runs = cut_off_at_the_root(monkeypatch)
    proof = Proof(aim(program, Objective.of(program)), found.plan, Options(time_limit=60))
    assert prove(proof, is_aside=True) == pytest.approx(found.weighted.bound)
    assert len(runs) == 1

"""`diagnose` names planted contradictions by their cells, and what it proposes solves."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from books import add_column, write_csv
from contradictions import CONTRADICTIONS, NEED, TWO
from paths import ANSWERS, DEMO
from small_books import forces, make_book, settings

import cssopt
from cssopt import change
from cssopt.assembly.instance import Instance
from cssopt.errors import DataError, ModelError
from cssopt.questions.diagnosis import checks as conflict_checks
from cssopt.questions.diagnosis import missing_power as conflict_years
from cssopt.questions.diagnosis.checks import Checks
from cssopt.questions.diagnosis.conflicts import find_conflicts
from cssopt.questions.diagnosis.missing_power import find_missing
from cssopt.questions.diagnosis.programs import Programs
from cssopt.runs.solve_case import solve_instance
from cssopt.runs.specification import RunSpecification
from cssopt.solve.answer import Options
from cssopt.solve.feasibility import WHOLE, Feasibility, find_feasibility
from cssopt.solve.outcome import Status
from cssopt.solve.stages import solve_program
from cssopt.tables.rules_in_force import find_rules_in_force

NEAR = 1e-3
"""A change is the smallest to within this share of itself."""


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """Case and diagnosis of a contradiction, made once."""
    made = {}

    def find(name):
        if name not in made:
            folder = tmp_path_factory.mktemp("book") / "book"
            case = cssopt.load(write_csv(CONTRADICTIONS[name].sheets, folder))
            made[name] = case, cssopt.diagnose(case)
        return made[name]

    return find


@pytest.fixture
def load(tmp_path):
    """The case of some sheets."""
    return lambda sheets, models=(): cssopt.load(write_csv(sheets, tmp_path / "book"), models)


def cells_of(diagnosis, conflict=None):
    table = diagnosis.tables["conflicts"]
    return set(
        table["where"] if conflict is None else table[table["conflict"] == conflict]["where"]
    )


def solve_strict(case, members=None):
    """As `cssopt.solve`, with the study read once."""
    return solve_instance(case, Instance.of(case, "strict", members), Options())


def solve_after(case, steps, members=None):
    return solve_strict(change(case, steps)[0], members)


ALIKE = (
    "whole units against personnel", "common budget against a body", "date against ratification",
    "dependence cap against need", "delivery time against need",
)  # fmt: skip
"""Contradictions of kinds that others show too: with a limit of a member, a date, or a share."""


KINDS = [pytest.param(n, marks=[pytest.mark.slow] if n in ALIKE else []) for n in CONTRADICTIONS]


@pytest.mark.medium
@pytest.mark.parametrize("name", KINDS)
def test_a_contradiction_is_named_by_its_cells_and_no_others(solved, name):
    _, diagnosis = solved(name)
    assert diagnosis.status is Status.INFEASIBLE
    assert len(diagnosis.conflicts) == 1
    assert not diagnosis.more
    assert cells_of(diagnosis) == CONTRADICTIONS[name].cells


@pytest.mark.medium
@pytest.mark.parametrize("name", KINDS)
def test_each_change_alone_is_the_smallest_and_costs_what_it_does_by_hand(solved, name):
    _, diagnosis = solved(name)
    expected = CONTRADICTIONS[name].changes
    told = {relaxation.changes[0].where: relaxation for relaxation in diagnosis.relaxations}
    assert set(told) == set(expected)
    for where, (value, cost) in expected.items():
        (found,) = told[where].changes
        if value == "dropped":
            assert found.dropped
        elif isinstance(value, bool):
            assert found.new is value
        else:
            assert found.new == pytest.approx(value, abs=NEAR * abs(value - found.old) + 1e-6)
        if cost is not None:
            assert told[where].outcome.pooled_expenditure == pytest.approx(cost, rel=2e-3)


@pytest.mark.medium
@pytest.mark.parametrize("name", KINDS)
def test_what_is_proposed_solves_as_it_is_told(solved, name):
    case, diagnosis = solved(name)
    for relaxation in diagnosis.relaxations:
        plan = solve_after(case, relaxation.steps)
        assert plan.status is Status.OPTIMAL
        assert plan.audit.passed
        assert plan.threats_met
        assert plan.pooled_expenditure == pytest.approx(relaxation.outcome.pooled_expenditure)


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_shorter_change_does_not_solve(solved, name):
    case, diagnosis = solved(name)
    for relaxation in diagnosis.relaxations:
        (found,) = relaxation.changes
        if isinstance(found.new, float):
            short = replace(found.step, value=found.old + 0.98 * (found.new - found.old))
            assert solve_after(case, [short]).status is Status.INFEASIBLE
        elif type(found.new) is int:
            towards = 1 if found.new < found.old else -1
            short = replace(found.step, value=found.new + towards)
            assert solve_after(case, [short]).status is Status.INFEASIBLE


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_the_conflict_stands_by_itself_and_not_without_any_member(solved, name):
    case, diagnosis = solved(name)
    rules = find_rules_in_force(case.data)
    kept = {rule.name for rule in diagnosis.conflicts[0].rules}
    others = [rule.lift(case.data) for rule in rules if rule.name not in kept]
    alone = change(case, others)[0] if others else case
    assert solve_strict(alone).status is Status.INFEASIBLE
    for rule in diagnosis.conflicts[0].rules:
        assert solve_after(alone, [rule.lift(alone.data)]).status is Status.OPTIMAL


@pytest.mark.medium
def test_a_conflict_of_whole_numbers_starts_without_an_irreducible_set(solved):
    for name, planted in CONTRADICTIONS.items():
        _, diagnosis = solved(name)
        if planted.whole:
            assert diagnosis.conflicts[0].rows == 0
            assert diagnosis.checks[0].answer.by == WHOLE
    assert solved("budget against need")[1].conflicts[0].rows > 0


@pytest.mark.medium
def test_the_years_and_what_the_checks_said_are_told(solved):
    _, diagnosis = solved("transit against response day")
    missing = diagnosis.tables["missing"]
    assert missing["year"].tolist() == [2030, 2031, 2032, 2033]
    assert missing["missing"].tolist() == pytest.approx([4] * 4)
    told = " ".join(diagnosis.tables["notes"]["note"])
    assert "short in 2030-2033" in told
    assert 'nobody is there by day 10: the first, "A" at tier "ready", needs 20 days' in told
    _, diagnosis = solved("common budget against a body")
    assert diagnosis.tables["missing"]["year"].tolist() == [2030]


@pytest.mark.medium
def test_two_contradictions_are_both_told_and_one_change_is_not_enough(load):
    case = load(TWO.sheets)
    diagnosis = cssopt.diagnose(case)
    found = {frozenset(cells_of(diagnosis, number)) for number in (1, 2)}
    assert found == {
        frozenset({NEED, "budgets!C2", "budgets!C3"}),
        frozenset({"requirements!D3", "caveats!A2"}),
    }
    assert not diagnosis.more
    ways = {tuple(change.where for change in each.changes) for each in diagnosis.relaxations}
    assert (NEED, "requirements!D3") in ways
    assert ("caveats!A2", "budgets!C2") in ways
    for relaxation in diagnosis.relaxations:
        assert solve_after(case, relaxation.steps).status is Status.OPTIMAL
        for one in relaxation.steps:
            rest = [step for step in relaxation.steps if step is not one]
            assert solve_after(case, rest).status is Status.INFEASIBLE
    first = cssopt.diagnose(case, conflicts=1)
    assert len(first.conflicts) == 1
    assert first.more
    assert all(relaxation.confirmed for relaxation in first.relaxations)


@pytest.mark.medium
@pytest.mark.parametrize(
    ("sheets", "told"),
    [
        # No member has a row for the theatre.
        (
            {
                "theatres": [["theatre", "name"], ["HOME", "Home"], ["FAR", "Far"]],
                "threats": [
                    ["threat", "name", "theatre", "kind"], ["K", "Crisis", "FAR", "military"],
                ],
            },
            'no member can move forces to "FAR"',
        ),
        # No force has power in it.
        (
            {
                "capabilities": [
                    ["capability", "name", "measure"],
                    ["land", "Land", "power"], ["sea", "Sea", "power"],
                ],
                "requirements": [["threat", "capability", "day", "level"], ["K", "sea", 0, 4]],
            },
            'has, or can buy, a force with power in "sea"',
        ),
    ],
)  # fmt: skip
def test_a_need_that_nothing_supplies_stands_alone(load, sheets, told):
    diagnosis = cssopt.diagnose(load(make_book(**sheets)))
    assert cells_of(diagnosis) == {NEED}
    notes = " ".join(diagnosis.tables["notes"]["note"])
    assert "nothing in the inputs supplies it" in notes
    assert told in notes
    (relaxation,) = diagnosis.relaxations
    assert relaxation.changes[0].new == 0


GUIDELINE = '''"""A guideline for what members spend.

Constraints:
    spend_at_least:    outlay[m,t] >= least_outlay[m]
"""

from cssopt.modeling import Column, Rule, Table, constraint, holds

REQUIRES = ("horizon", "members", "sharing")

TABLES = (
    Table(
        name="guidelines",
        help="Least outlay.",
        key=("member",),
        optional=True,
        columns=(
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(
                name="least_outlay",
                kind="number",
                help="Least outlay of a year.",
                measure="million",
                low=0,
                rule=Rule(name="guideline", says="{member} spends {value:g} a year", without=0.0),
            ),
        ),
    ),
)


def constraints(block, data, use):
    least = data.guidelines.least_outlay
    block.spend_at_least = constraint(
        "member year",
        [(m, t) for m in least for t in use.horizon.years],
        lambda m, t: use.sharing.outlay[m, t] >= MOST * least[m],
        doc="a member spends no less than its guideline",
    )


def audit(data, solution):
    for m, least in data.guidelines.least_outlay.items():
        for t in range(data.settings.first_year, data.settings.last_year + 1):
            yield holds("spend_at_least", (m, t), solution.outlay[m, t], ">=", least)
'''


@pytest.fixture
def own(tmp_path):
    """A folder of model files with a guideline, in a study by which shortfall is allowed."""
    (tmp_path / "components").mkdir()
    (tmp_path / "studies").mkdir()
    study = '# A study.\nextends = "pooled"\nwith = ["guideline"]\n'
    (tmp_path / "studies" / "mine.toml").write_text(study)

    def write(text):
        (tmp_path / "components" / "guideline.py").write_text(text)
        return [tmp_path]

    return write


@pytest.mark.medium
def test_rules_may_conflict_without_any_need(load, own):
    budgets = [["member", "year", "budget"], ["A", 2031, 6]]
    sheets = make_book(budgets=budgets, guidelines=[["member", "least_outlay"], ["A", 10]])
    case = load(sheets, own(GUIDELINE.replace("MOST * ", "")))
    diagnosis = cssopt.diagnose(case, study="mine")
    assert cells_of(diagnosis) == {"guidelines!B2", "budgets!C2"}
    assert "missing" not in diagnosis.tables
    told = {each.changes[0].where: each.changes[0].new for each in diagnosis.relaxations}
    assert told["guidelines!B2"] == pytest.approx(6, abs=4 * NEAR)
    assert told["budgets!C2"] == pytest.approx(10, abs=4 * NEAR)


def test_what_no_rule_stands_behind_is_said_to_be_so(load, own):
    guideline = GUIDELINE.replace("least[m],", "least[m] + 1e6,").replace("MOST * ", "")
    sheets = make_book(guidelines=[["member", "least_outlay"], ["A", 10]])
    diagnosis = cssopt.diagnose(load(sheets, own(guideline)), study="mine")
    assert "conflicts" not in diagnosis.tables
    assert not diagnosis.relaxations
    assert "even with every need, rule and fact" in diagnosis.tables["notes"]["note"].iloc[0]
    document = diagnosis.document
    assert "conflicts" not in document.tables
    assert document.table("notes").column("note") == diagnosis.tables["notes"]["note"].tolist()


def test_a_book_with_a_plan_has_nothing_to_diagnose(load):
    diagnosis = cssopt.diagnose(load(make_book()))
    assert diagnosis.has_plan
    assert diagnosis.status is Status.OPTIMAL
    assert diagnosis.document.mark == "good"
    assert diagnosis.sentence.startswith("There is a plan")
    assert not diagnosis.conflicts
    assert len(diagnosis.checks) == 1


def test_a_limit_of_time_proves_nothing():
    diagnosis = cssopt.diagnose(cssopt.load(DEMO), time_limit=0)
    assert diagnosis.status is Status.NO_PLAN_YET
    assert diagnosis.sentence.startswith("Nothing is proven. The time limit was reached")
    assert not diagnosis.conflicts
    assert diagnosis.undecided == 1


def test_checks_that_a_limit_ends_leave_a_conflict_that_may_be_too_large(load, monkeypatch):
    asked = []

    def decide(program, options, *, relaxed_only=False):
        """Only the first question is decided."""
        asked.append(program)
        if len(asked) == 1:
            return find_feasibility(program, options, relaxed_only=relaxed_only)
        return Feasibility(Status.NO_PLAN_YET, WHOLE, "too late")

    monkeypatch.setattr(conflict_checks, "find_feasibility", decide)
    sheets = CONTRADICTIONS["budget against need"].sheets
    sheets = {**sheets, "caveats": [["member", "threat"], ["A", "K"]]}
    diagnosis = cssopt.diagnose(load(sheets))
    assert diagnosis.status is Status.INFEASIBLE
    assert not diagnosis.conflicts[0].minimal
    assert cells_of(diagnosis) == {NEED, "budgets!C2", "budgets!C3", "caveats!A2", "threats!F2"}
    assert not diagnosis.relaxations
    assert diagnosis.undecided == len(asked) - 1
    assert "A limit of time" in " ".join(diagnosis.tables["notes"]["note"])


def test_checks_end_once_they_took_too_long_together(load, monkeypatch):
    """Only the first is made: what it proved is told, and that the conflict may be too large."""
    monkeypatch.setattr(conflict_checks, "_LARGE", 0)
    monkeypatch.setattr(Options, "find_patience", lambda _options, _seconds: 0.0)
    diagnosis = cssopt.diagnose(load(CONTRADICTIONS["budget against need"].sheets))
    assert diagnosis.status is Status.INFEASIBLE
    assert not diagnosis.conflicts[0].minimal
    assert not diagnosis.relaxations
    assert diagnosis.undecided == len(diagnosis.checks) - 1 > 0


@pytest.mark.medium
def test_what_is_missing_at_the_least_is_told_only_where_it_is_proven(load, monkeypatch):
    def solve(*given):
        return replace(solve_program(*given), status=Status.FEASIBLE)

    monkeypatch.setattr(conflict_years, "solve_program", solve)
    diagnosis = cssopt.diagnose(load(CONTRADICTIONS["caveat against need"].sheets))
    assert "missing" not in diagnosis.tables
    assert "notes" not in diagnosis.tables
    assert cells_of(diagnosis) == {NEED, "caveats!A2"}


def test_a_study_that_takes_numbers_from_other_plans_is_refused(load):
    with pytest.raises(ModelError, match="takes numbers from other plans"):
        cssopt.diagnose(load(make_book()), study="equal_security")


def test_wrong_words_are_told(load):
    case = load(make_book())
    with pytest.raises(DataError, match="at least 1"):
        cssopt.diagnose(case, conflicts=0)
    with pytest.raises(DataError, match="is not a member"):
        cssopt.diagnose(case, members=["C"])
    with pytest.raises(DataError, match="plans one member"):
        cssopt.diagnose(case, study="standalone")


@pytest.mark.medium
def test_members_that_stay_away_have_no_rules(load):
    """Alone, A can pay 3 units, whatever B may pay."""
    case = load(CONTRADICTIONS["budget against need"].sheets)
    diagnosis = cssopt.diagnose(case, members=["A"])
    assert cells_of(diagnosis) == {NEED, "budgets!C2"}
    told = {each.changes[0].where: each.changes[0].new for each in diagnosis.relaxations}
    assert told[NEED] == pytest.approx(3, abs=NEAR)
    assert told["budgets!C2"] == pytest.approx(40, abs=10 * NEAR)


def check_least(case, relaxation, members=None):
    """The changes suffice, and none can be shorter by 0.2 % of itself while the others stay."""
    assert solve_after(case, relaxation.steps, members).status is Status.OPTIMAL
    for place, found in enumerate(relaxation.changes):
        others = [c.step for c in relaxation.changes[:place] + relaxation.changes[place + 1 :]]
        if isinstance(found.new, float):
            back = found.new - (1 + NEAR) * NEAR * (found.new - found.old)
            others.append(replace(found.step, value=back))
        elif type(found.new) is int:
            others.append(replace(found.step, value=found.new + (found.new < found.old) * 2 - 1))
        changed = change(case, others)[0] if others else case
        assert solve_strict(changed, members).status is Status.INFEASIBLE, found.where


@pytest.mark.medium
def test_needs_are_lowered_no_further_than_they_must():
    """tests/cases/answers/README.md: 4 units, K1 + K2 <= 4 in 2030 and K1 + 1.5 K2 <= 4 in 2031."""
    case = cssopt.load(ANSWERS / "diagnose_lowered_needs.xlsx")
    found = {len(each.changes): each for each in cssopt.diagnose(case).relaxations}
    (alone,) = found[1].changes
    assert (alone.where, alone.new) == ("requirements!D3", 0)
    first, second = found[2].changes
    assert first.new + 1.5 * second.new == pytest.approx(4, abs=5e-3)
    assert first.new + second.new <= 4
    assert 0 < first.new < 4
    assert 0 < second.new < 3
    check_least(case, found[2])


def contradict(seed):
    """A book with too few units, too little money and needs that grow, drawn anew."""
    rng = random.Random(seed)
    count = rng.randint(2, 4)
    names = [f"K{i}" for i in range(count)]
    exposed = [name for name in names if rng.random() < 0.4]
    return make_book(
        settings=[[n, rng.randint(2030, 2032) if n == "last_year" else x] for n, x in settings()],
        inventory=[["member", "force", "units"], ["A", "unit", rng.randint(1, 6)],
                   ["B", "unit", rng.randint(0, 4)]],
        threats=[["threat", "name", "theatre", "kind"],
                 *([name, name, "HOME", "military"] for name in names)],
        requirements=[["threat", "capability", "day", "level", "growth"],
                      *([name, "land", 0, rng.uniform(1, 6), rng.choice([0, 0.1, 0.5])]
                        for name in names)],
        exposure=[["threat", "member", "share"],
                  *([name, "B", 1] for name in exposed)],
        caveats=[["member", "threat"], *(["A", name] for name in exposed[:1])],
        budgets=[["member", "year", "budget"], ["A", 2030, rng.uniform(10, 50)]],
        forces=add_column(forces(), "whole", seed % 4 == 3),
    )  # fmt: skip


CONTRADICTED = [1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(24) if n != 1)]


@pytest.mark.medium
@pytest.mark.parametrize("seed", CONTRADICTED)
def test_every_diagnosis_suffices_and_is_least(load, seed):
    case = load(contradict(seed))
    diagnosis = cssopt.diagnose(case)
    assert diagnosis.has_plan is (solve_strict(case).status is Status.OPTIMAL)
    assert bool(diagnosis.relaxations) is not diagnosis.has_plan
    for relaxation in diagnosis.relaxations:
        check_least(case, relaxation)


@pytest.mark.slow
def test_two_members_of_the_demo_cannot_be_safe_and_are_told_what_would_do():
    case = cssopt.load(DEMO)
    members = ["DOR", "ELS"]
    diagnosis = cssopt.diagnose(case, members=members, conflicts=1)
    assert diagnosis.status is Status.INFEASIBLE
    assert diagnosis.undecided == 0
    assert diagnosis.more
    rules = find_rules_in_force(case.data)
    kept = {rule.name for rule in diagnosis.conflicts[0].rules}
    lifts = [rule.lift(case.data) for rule in rules if rule.name not in kept]
    lifted = change(case, lifts)[0]
    assert solve_strict(lifted, members).status is Status.INFEASIBLE
    assert diagnosis.relaxations
    for relaxation in diagnosis.relaxations:
        assert relaxation.confirmed
        plan = solve_after(case, relaxation.steps, members)
        assert plan.status is Status.OPTIMAL
        assert plan.threats_met


@pytest.mark.slow
def test_the_early_needs_of_the_demo_wait_for_deliveries_and_the_treaty():
    """In 2027 nothing can be delivered and nothing delegated, which no budget changes."""
    case = cssopt.load(DEMO)
    specification = RunSpecification(
        data=case.data, study="strict", members=None, options=Options()
    )
    checks = Checks(Programs(specification, case.folders), Options(), lambda _step: None)
    missing = find_missing(checks, ())
    (conflict,) = find_conflicts(checks, missing, 1)
    assert {rule.rule.name for rule in conflict.rules} == {"need", "delivery time", "duration"}
    # The treaty, or a ratification that waits for it: either alone takes the first year.
    ratifications = {act for act, after in case.data.precedence if after == "TREATY"}
    durations = {f"activities[{activity}].duration" for activity in {"TREATY", *ratifications}}
    assert durations & {rule.name for rule in conflict.rules}
    assert {each.year for each in conflict.missing} == {2027}
    assert conflict.rows > 0
    assert checks.undecided == 0

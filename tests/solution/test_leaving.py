"""Dropped rows never turn the meaning of others: members leave the coalition, needs go with them.

Costs are worked out by hand in tests/cases/answers/README.md and beside each small book; on random
books a member that leaves must give what `solve` gives for the others.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from alliances import make_alliance
from books import make_data
from commands import command
from openpyxl import load_workbook
from paths import ANSWERS
from small_books import (
    ACTIVITIES,
    DRONE_POWER,
    activity,
    bodies,
    forces,
    make_book,
    members,
    settings,
)
from small_books import programme as joint_programme
from sweeping import sweep

import cssopt
from cssopt import rules, whatif
from cssopt.assembly.case import Case
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import find_cooperating
from cssopt.errors import DataError
from cssopt.runs.outcome import Run
from cssopt.runs.specification import RunSpecification
from cssopt.runs.warm_program import find_shape
from cssopt.solve.answer import Options
from cssopt.tables.patch import Step, patch_tables
from cssopt.tables.scenarios import read_change

EXACT = 1e-9
WARM = 1e-6


def make_case(sheets):
    return Case("small.xlsx", "0" * 64, make_data(sheets), find_model_folders())


def seeds(known, slow):
    """Seeds of random books; those that are slow run with the slow tests."""
    return [pytest.param(n, marks=[pytest.mark.slow] if n in slow else []) for n in known]


def drop(member):
    return Step(table="members", where=f"member={member}", change="drop")


def change(case, *texts):
    return cssopt.change(case, [read_change(text) for text in texts])[0]


def cost(case, members=None):
    solution = cssopt.solve(case, members=members)
    assert solution.status is cssopt.Status.OPTIMAL
    assert solution.audit.passed, solution.audit.failures
    return solution.pooled_expenditure


# Books whose right answer is worked out by hand.


@pytest.mark.medium
@pytest.mark.parametrize("book", ["leaving_exposure", "leaving_activity"])
def test_without_c_four_units_meet_the_need(book, tmp_path):
    """4 x 10 million x 4 years: what endangers C alone, and what C alone must do, is left out."""
    path = ANSWERS / f"{book}.xlsx"
    done = command("whatif", path, "--ask", "leaving", "--out", tmp_path, "--json")
    assert done.code == 0, done.err
    found = {row["scenario"]: row for row in done.tables["plans"]}
    assert found["C leaves"]["pooled_expenditure"] == pytest.approx(160)
    assert found["C leaves"]["threats_met"]
    case = cssopt.load(path)
    dropped = whatif(case, scenarios={"drop": (drop("C"),)}).variants[0].solution
    assert dropped.pooled_expenditure == pytest.approx(160)
    assert dropped.coalition == ("A", "B")
    assert cost(case, ["A", "B"]) == pytest.approx(160)


@pytest.mark.medium
@pytest.mark.parametrize(
    ("book", "step"),
    [
        ("drop_body_of_measure", "-bodies[body=COUNCIL]"),
        ("situations_emptied", "-threats[threat=K,M]"),
        ("situations_emptied", "-situations[situation=S]"),
        ("situations_emptied", "-situations"),
    ],
)
def test_dropped_rows_do_not_turn_the_meaning_of_others(book, step):
    """Talks go with the body they need; L and N stay apart: 4 units in each case."""
    case = cssopt.load(ANSWERS / f"{book}.xlsx")
    assert cost(case) == pytest.approx(160)
    assert cost(change(case, step)) == pytest.approx(160)


def test_rows_of_situations_that_are_added_and_dropped_count_too():
    """K and L need 4 each: at once 8 units (A's, for 80 a year), apart the same 4 twice."""
    threats = [["threat", "name", "theatre", "kind"]]
    threats += [[k, k, "HOME", "military"] for k in ("K", "L")]
    needs = [["threat", "capability", "day", "level"], *([k, "land", 0, 4] for k in ("K", "L"))]
    sheets = make_book(threats=threats, requirements=needs)
    case = make_case(sheets)
    added = "+situations[situation=S; threat=K]"
    assert cost(case) == pytest.approx(320)
    assert cost(change(case, added)) == pytest.approx(160)
    emptied, touched = patch_tables(case.data, [read_change(added), read_change("-situations")])
    assert cost(replace(case, data=emptied)) == pytest.approx(160)
    assert find_shape(case.data, emptied, touched) != find_shape(case.data, case.data, ())


FUNDED = {
    "settings": settings(),
    "forces": forces(price=20, tech=1),
    "power": DRONE_POWER,
    "inventory": [["member", "force", "units"], ["A", "unit", 0]],
    "bodies": bodies(("AGENCY", "consultation", 0, 0)),
    "activities": [ACTIVITIES, activity("F", "body", 0, body="AGENCY", programme="P")],
    **joint_programme("research", "unlock", "drone"),
}
"""No units, and drones that only the joint programme P unlocks; F founds its agency."""


def test_a_joint_programme_stays_joint_when_what_named_it_goes_along():
    """Alone A can launch no joint programme and buys nothing; were P its own, it would, for less
    than the penalty of the shortfall."""
    case = make_case(make_book(**FUNDED))
    own = {**FUNDED, "activities": [ACTIVITIES]}
    assert cost(case, ["A"]) == 0
    assert cost(make_case(make_book(**own)), ["A"]) > 0
    changed = change(case, "-bodies[body=AGENCY]")
    assert not len(changed.data.activities)
    assert cost(changed, ["A"]) == 0


def test_exposure_that_is_dropped_by_name_endangers_everyone_and_this_is_said():
    """The planner's own act, as in a workbook without the rows: 8 units for 320, and it is told."""
    case = cssopt.load(ANSWERS / "leaving_exposure.xlsx")
    steps = {"all": (read_change("-exposure[threat=X]"),)}
    comparison = whatif(case, scenarios=steps, members=["A", "B"])
    (variant,) = comparison.variants
    assert comparison.base.pooled_expenditure == pytest.approx(160)
    assert variant.solution.pooled_expenditure == pytest.approx(320)
    (remark,) = comparison.remarks(variant)
    assert remark == (
        "Rows of exposure are dropped: a threat that has none left endangers every member wholly."
    )


# What a what-if says of those who leave.


@pytest.fixture(scope="module")
def leaving():
    case = cssopt.load(ANSWERS / "leaving_exposure.xlsx")
    return case, whatif(case, ask=["leaving"])


def test_the_base_for_the_remaining_members_stands_beside(leaving):
    """X needs 4 units that C holds; whoever meets K, A and C hold 8 at 10 million: with C gone, A
    holds the 4 that K needs. What A and B bear in the base plan is all that C does not."""
    _, comparison = leaving
    variant = comparison.variants[-1]
    burden = comparison.base.quantities.burden
    told = " ".join(comparison.remarks(variant))
    assert told == (
        "C leaves the coalition: needs of C are no longer counted. No need of X is left. "
        f"The remaining members (A, B) bear {320 - burden['C']:,.1f} million in the base plan and "
        "160.0 in this one."
    )
    tables = comparison.facts()["tables"]
    assert tables["remaining"][-1] == {
        "scenario": "C leaves",
        "left": "Gamma",
        "members": "Alpha, Beta",
        "base_burden": pytest.approx(320 - burden["C"]),
        "burden": pytest.approx(160),
        "base_shortfall": pytest.approx(0),
        "shortfall": pytest.approx(0),
        "not_counted": "Crisis of C",
    }
    (cell,) = [row for row in tables["changes"] if row["scenario"] == "C leaves"]
    told = [cell[name] for name in ("table", "row", "column", "old", "new")]
    assert told == ["members", "C", "member", "C", "(leaves the coalition)"]


def test_shortfall_is_compared_on_needs_that_are_counted_in_both():
    """A alone can hold units, 8 of them; K needs 10 of A and B, X needs 4 of C. Of 14 the base
    lacks 6 in each year, with C gone 2: the others' need of K is short by 2 there, by 2 to 6 here,
    as X may or may not be met. A priority of X keeps it met: K short by 6."""
    threats = [["threat", "name", "theatre", "kind", "priority"]]
    threats += [["K", "K", "HOME", "military", 1], ["X", "X", "HOME", "military", 9]]
    sheets = make_book(
        members=members(third=True),
        inventory=[["member", "force", "units"], ["A", "unit", 8]],
        threats=threats,
        requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 10],
                      ["X", "land", 0, 4]],
        exposure=[["threat", "member", "share"], ["K", "A", 1], ["X", "C", 1]],
    )  # fmt: skip
    comparison = whatif(make_case(sheets), scenarios={"C leaves": (drop("C"),)})
    (variant,) = comparison.variants
    assert comparison.base.shortfall == pytest.approx(4 * 6)
    assert variant.solution.shortfall == pytest.approx(4 * 2)
    assert list(comparison.remarks(variant))[-1] == (
        "Of the needs that are counted in both, 24.00 power-years are short in the base plan and "
        "8.00 in this one."
    )


def test_a_member_outside_the_base_plan_changes_nothing(leaving):
    case, _ = leaving
    comparison = whatif(case, scenarios={"C leaves": (drop("C"),)}, members=["A", "B"])
    (variant,) = comparison.variants
    assert list(comparison.remarks(variant)) == ["C takes no part in the base plan either."]
    assert variant.solution.coalition == ("A", "B")
    assert "remaining" not in comparison.document.tables


@pytest.mark.medium
def test_the_workbook_shows_who_leaves(leaving, tmp_path):
    _, comparison = leaving
    book = load_workbook(comparison.write(tmp_path, ["xlsx"]).path)
    rows = {name: [[cell.value for cell in row] for row in book[name].iter_rows()]
            for name in ("What if", "Changes")}  # fmt: skip
    assert ["C leaves", 1, "members", "C", "member", "C", "(leaves the coalition)"] in [
        row[:4] + row[5:8] for row in rows["Changes"]
    ]
    start = next(i for i, row in enumerate(rows["What if"]) if row[1] == "leaves")
    heads = rows["What if"][start]
    table = [dict(zip(heads, row, strict=True)) for row in rows["What if"][start + 1 : start + 4]]
    told = {row["leaves"]: row["they bear in the base"] for row in table}
    burden = comparison.base.quantities.burden
    named = {"Alpha": "A", "Beta": "B", "Gamma": "C"}
    assert told == {name: pytest.approx(320 - burden[m]) for name, m in named.items()}
    assert table[2]["threats of which no need is left"] == "Crisis of C"


def test_the_last_member_of_a_coalition_cannot_leave(leaving):
    case, _ = leaving
    (variant,) = whatif(case, scenarios={"A leaves": (drop("A"),)}, members=["A"]).variants
    assert variant.solution is None
    assert "E-514 --members of A nobody is left to plan for." in variant.reason
    with pytest.raises(DataError, match='E-130 members "C" is not a member'):
        cssopt.solve(change(case, "-members[member=C]"), members=["A", "C"])


# Leaving is the coalition of the others, in every command.


def random_book(seed):
    """A random alliance in which one member alone is endangered by the last threat."""
    sheets = make_alliance(seed, years=2, whole=seed % 3 == 2, institutions=seed % 2 == 1,
                           penalty=None if seed % 4 == 3 else 500.0)  # fmt: skip
    alone = random.Random(seed).choice([row[0] for row in sheets["members"][1:]])
    sheets["exposure"] = [*sheets["exposure"], ["south", alone, 1]]
    return make_case(sheets)


def others(case, member):
    return [m for m in case.data.members if m != member]


@pytest.mark.medium
@pytest.mark.parametrize("seed", seeds(range(8), slow=(2, 5, 6, 7)))
def test_a_member_leaving_in_a_what_if_is_the_coalition_of_the_others(seed):
    case = random_book(seed)
    comparison = whatif(case, ask=["leaving"])
    assert len(comparison.variants) == len(comparison.base.coalition)
    for member, variant in zip(comparison.base.coalition, comparison.variants, strict=True):
        known = cssopt.solve(case, members=others(case, member))
        plan = variant.solution
        assert plan.coalition == known.coalition
        assert plan.status is known.status
        assert plan.objective == pytest.approx(known.objective, rel=EXACT)
        assert plan.missing_share == pytest.approx(known.missing_share, rel=EXACT)
        assert plan.quantities.burden == pytest.approx(known.quantities.burden, rel=EXACT)


@pytest.mark.medium
@pytest.mark.parametrize("seed", seeds((1, 2, 4, 5), slow=(2, 4, 5)))
def test_a_member_leaving_in_a_sweep_is_the_coalition_of_the_others(seed, tmp_path):
    """Needs are scaled beside, so that later runs are patched into programs of the earlier ones:
    those of another coalition must never serve."""
    case = random_book(seed)
    runs, factors = [], (1.0, 1.1, 0.9)
    for factor in factors:
        scaled = Step(table="requirements", column="level", change="scale", value=factor)
        for member in case.data.members:
            runs.append(Run(f"{member} {factor}", (drop(member), scaled)))
    done = sweep(case, runs, journal=tmp_path / "journal.sqlite", processes=1)
    ways = set()
    for run, outcome in done.outcomes:
        member, factor = run.name.split()
        larger = change(case, f"requirements.level*={factor}")
        known = cssopt.solve(larger, members=others(case, member))
        assert outcome.objective == pytest.approx(known.objective, rel=WARM)
        assert outcome.missing_share == pytest.approx(known.missing_share, rel=WARM, abs=WARM)
        assert set(outcome.burden) == set(known.coalition)
        ways.add(outcome.way)
    assert ways == {"patched", "built"}


@pytest.mark.medium
def test_tipping_points_of_changed_tables_are_those_of_the_others(leaving):
    """Without C, A's 8 units meet what K needs up to 8; beyond, B delegates."""
    case, _ = leaving
    changed = change(case, "-members[member=C]")
    vary = "requirements[threat=K].level=5..12"
    points = cssopt.tipping(changed, vary=vary, points=3, tolerance=0.01).points
    (begins,) = [point for point in points if point.element == "B delegates units"]
    assert begins.begins
    assert begins.low <= 8 <= begins.high


@pytest.mark.medium
def test_rules_of_changed_tables_are_priced_for_the_others():
    case = random_book(4)
    gone, rest = case.data.members.keys[0], case.data.members.keys[1:]
    changed = change(case, f"-members[member={gone}]")
    lists = [rules(changed, processes=1), rules(case, members=rest, processes=1)]
    assert lists[0].base.coalition == rest
    reached = [
        {(price.name, name): x for price in one.prices for name, x in price.outcome.reached.items()}
        for one in lists
    ]
    assert len(reached[0]) > 3
    assert reached[0] == pytest.approx(reached[1], rel=WARM)


def test_who_cooperates_on_changed_tables():
    case = random_book(0)
    first, *rest = case.data.members
    gone = change(case, f"-members[member={first}]").data
    assert find_cooperating(gone, None) == tuple(rest)
    assert find_cooperating(gone, (first, rest[0])) == (rest[0],)
    specification = RunSpecification(
        data=case.data, study="pooled", members=None, options=Options()
    )
    folders = find_model_folders()
    assert specification.fingerprint(folders) != replace(specification, data=gone).fingerprint(
        folders
    )


# Fewer threats.


@pytest.mark.medium
@pytest.mark.parametrize("seed", seeds(range(12), slow=(2, 3, 5, 6, 7, 9, 10, 11)))
def test_fewer_threats_never_raise_what_is_missing_or_what_it_costs(seed):
    """Neither the missing share nor a penalised objective; nor money where all needs are met."""
    penalised = seed % 3 != 0
    sheets = make_alliance(seed, years=2, institutions=seed % 2 == 1, whole=seed % 4 == 2,
                           penalty=500.0 if penalised else None, caps=seed % 2 == 0)  # fmt: skip
    if not penalised:
        for row in sheets["requirements"][1:]:
            row[3] /= 4
    chance = random.Random(seed)
    third = ["third", "Third", "S", "political-military", None, 0.5, 1, None]
    sheets["threats"] = [*sheets["threats"], third]
    sheets["requirements"] = [*sheets["requirements"], ["third", "land", 90, 1.0, 0]]
    situations = [["a", "east"], ["a", "south"], ["b", "third"]]
    sheets["situations"] = [["situation", "threat"], *situations[: chance.randint(1, 3)]]
    case = make_case(sheets)
    before = cssopt.solve(case)
    for threats in ("east", "south", "east,south", "third"):
        after = cssopt.solve(change(case, f"-threats[threat={threats}]"))
        assert after.status is cssopt.Status.OPTIMAL
        assert after.audit.passed, after.audit.failures
        if penalised:
            assert after.objective <= before.objective * (1 + WARM)
        else:
            assert after.missing_share <= before.missing_share * (1 + WARM) + WARM
        if before.threats_met and after.threats_met:
            assert after.pooled_expenditure <= before.pooled_expenditure * (1 + WARM)

"""Every line of the pooling ledger is what its name says: small books where one link alone acts."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from alliances import make_alliance
from books import make_data, solve_sheets
from small_books import ACTIVITIES, activity, bodies, forces, make_book, programme, settings

from cssopt.assembly.component import find_files, load_objective
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.questions.plan import pooling_ledger, saving_range
from cssopt.questions.plan.baseline import compare_with_standing_alone
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

ALONE = "every member alone"
ONCE = "overlapping needs met once"
JOINT = "joint production, industry, measures and programmes"
DELEGATION = "delegation, free of bodies, set-up and integration loss"
CHARGED = "bodies, set-up and integration loss charged"
WAITING = "price of waiting for members charged"
APPORTIONED = "apportionment charged"

ONLY_B = [["threat", "member", "share"], ["K", "B", 1]]
COUNCIL = ("council", "delegation", 3, 1)


def compare(sheets, members=None, **asked):
    folders = find_model_folders()
    data = make_data(sheets)
    chosen = run_study(
        Instance(data, load_study("pooled", folders), members or data.members.keys, {}), Options()
    )
    equal = load_objective(find_files(folders, "objectives", "*.py")["equal_security"])
    return chosen, compare_with_standing_alone(chosen, equal, **(asked or {"ledger": True}))


def savings(sheets):
    """What each line saves, without those that save nothing."""
    _, baseline = compare(sheets)
    assert [line.name for line in baseline.links] == [
        ALONE, ONCE, JOINT, DELEGATION, CHARGED, WAITING, APPORTIONED,
    ]  # fmt: skip
    assert sum(line.saving for line in baseline.links) == pytest.approx(baseline.saving)
    assert baseline.links[0].expenditure == pytest.approx(baseline.expenditure_alone)
    assert baseline.links[-1].expenditure == pytest.approx(baseline.equal.pooled_expenditure)
    return {line.name: line.saving for line in baseline.links if abs(line.saving) > 1e-6}


def test_overlapping_needs_met_once():
    """Nobody delegates: 4 units each alone (120 a year), 2 each together (60)."""
    caveats = [["member", "threat"], ["A", "K"], ["B", "K"]]
    assert savings(make_book(caveats=caveats)) == pytest.approx({ONCE: 4 * 60})


def test_more_missing_than_all_may_miss_together_fails_the_audit_of_its_link(monkeypatch):
    """No member by itself has a rule for it: 1 of power more is missing at each, of no need."""
    honest = pooling_ledger.solve_program

    def lie(program, options):
        solved = honest(program, options)
        short = [name == "shortfall" for _, name, _ in program.columns]
        return replace(solved, values=solved.values + np.array(short, float))

    monkeypatch.setattr(pooling_ledger, "solve_program", lie)
    _, baseline = compare(make_book())
    verdicts = {line.name: line.verdict for line in baseline.links}
    assert [one.rule for one in verdicts.pop(ONCE)] == ["objective.no_less_secure"]
    assert not any(verdicts.values())


@pytest.mark.medium
def test_plans_of_the_least_and_most_saving_are_held_to_their_programs(monkeypatch):
    honest = saving_range.solve_program

    def audits():
        chosen, baseline = compare(make_book(), saving_range=True)
        return baseline.audit_with(chosen)

    told = audits()
    assert (told.passed, told.plans - told.audited) == (True, 1)

    def lie(program, options):
        solved = honest(program, options)
        return replace(solved, values=-1.0 - solved.values)

    monkeypatch.setattr(saving_range, "solve_program", lie)
    ((name, broken),) = audits().failed
    assert name == "the least and the most saving"
    assert any("range of" in one.rule for one in broken)


def two_threats():
    """One threat for each member: nothing overlaps, and caveats keep each from the other's."""
    book = make_book()
    book["threats"].append(["L", "Other", "HOME", "military", None, None])
    return {
        "threats": book["threats"],
        "requirements": [*book["requirements"], ["L", "land", 0, 4]],
        "exposure": [["threat", "member", "share"], ["K", "A", 1], ["L", "B", 1]],
        "situations": [["situation", "threat"], ["k", "K"], ["l", "L"]],
        "caveats": [["member", "threat"], ["A", "L"], ["B", "K"]],
    }


@pytest.mark.medium
def test_a_joint_programme():
    """10 of support a unit and year, halved from 2031 for 5: A saves 20 and B 40 a year."""
    fund = activity("fund", "funding", 0, programme="P")
    book = make_book(
        forces=forces(support_cost=10),
        activities=[ACTIVITIES, fund],
        **programme("infrastructure", "support_cut", "unit", 0.5),
        **two_threats(),
    )
    assert savings(book) == pytest.approx({JOINT: 3 * 60 - 5})


def test_joint_industry():
    """Only A has industry, 8 drones a year: B buys from it what it could not make.

    Drones at 1 and 1 a year. A alone: 4 + 4 * 4 = 20. B alone: 4 units, 80 a year. Together B buys
    4 drones too, at 4 + 4 * 4 * 2 (twice as dear to run) = 36.
    """
    book = make_book(
        forces=forces(price=1, imports=0),
        power=[["force", "capability", "power"], ["unit", "land", 1], ["drone", "land", 1]],
        industry=[["member", "force", "capacity"], ["A", "drone", 8]],
        **two_threats(),
    )
    assert savings(book) == pytest.approx({JOINT: 4 * 80 - 36})


def test_delegation():
    """Only B is endangered, and is twice as dear: A does it all for 40 in place of 80 a year."""
    assert savings(make_book(exposure=ONLY_B)) == pytest.approx({DELEGATION: 4 * 40})


def test_bodies_and_set_up_are_charged():
    """The council costs 3 and 1 a year, the treaty 2."""
    treaty = activity("treaty", "treaty", 0, 2)
    book = make_book(exposure=ONLY_B, bodies=bodies(COUNCIL), activities=[ACTIVITIES, treaty])
    assert savings(book) == pytest.approx({DELEGATION: 4 * 40, CHARGED: -(3 + 4 + 2)})


def test_integration_loss_is_charged():
    """Half the worth until a command works, for 7 and 3 a year: cheaper than 4 units more."""
    book = make_book(
        settings=settings(unintegrated_power=0.5),
        exposure=ONLY_B,
        bodies=bodies(("command", "integration", 7, 3)),
    )
    assert savings(book) == pytest.approx({DELEGATION: 4 * 40, CHARGED: -(7 + 4 * 3)})


def test_waiting_is_charged():
    """The council is founded once A has ratified, a year later: in 2030 B meets its need itself.

    A keeps the 4 units that it delegates from 2031 on, and so they cost 40 in 2030 too: 80 more in
    2030; the council costs 1 less.
    """
    steps = [
        ACTIVITIES,
        activity("ratify", "legislation", 1, member="B"),
        activity("found", "body", 0, body="council"),
    ]
    book = make_book(
        exposure=ONLY_B,
        bodies=bodies(COUNCIL),
        activities=steps,
        precedence=[["activity", "after"], ["found", "ratify"]],
    )
    assert savings(book) == pytest.approx(
        {DELEGATION: 4 * 40, CHARGED: -(3 + 4), WAITING: -(80 - 1)}
    )


def test_apportionment_is_charged():
    """B must hold half of the power: 2 units of each, 60 a year in place of 40."""
    shares = [["member", "capability", "min_share"], ["B", "land", 0.5]]
    book = make_book(exposure=ONLY_B, apportionment=shares)
    assert savings(book) == pytest.approx({DELEGATION: 4 * 40, APPORTIONED: -4 * 20})


def test_further_security_is_a_figure_of_its_own():
    """B has 2 units only: alone it is 2 short, for 40 a year; the coalition meets the need.

    At equal security A holds 2 units (20 a year), in the chosen plan 4 (40 a year).
    """
    inventory = [["member", "force", "units"], ["A", "unit", 8], ["B", "unit", 2]]
    chosen, baseline = compare(make_book(exposure=ONLY_B, inventory=inventory))
    assert chosen.threats_met
    assert baseline.expenditure_alone == pytest.approx(4 * 40)
    assert baseline.equal.pooled_expenditure == pytest.approx(4 * 20)
    assert baseline.saving == pytest.approx(4 * 20)
    assert baseline.further_security(chosen) == pytest.approx(4 * 20)


@pytest.mark.medium
def test_the_year_of_breaking_even():
    """100 for the council in 2030, then 40 a year less: 140 to 80, 180 to 160, 220 to 240."""
    council = bodies(("council", "delegation", 100, 0))
    _, baseline = compare(make_book(exposure=ONLY_B, bodies=council))
    assert baseline.break_even == 2032
    _, baseline = compare(make_book(exposure=ONLY_B))
    assert baseline.break_even == 2030


@pytest.mark.medium
@pytest.mark.parametrize("seed", [1, 2])
def test_the_lines_add_up_on_a_rich_book(seed):
    """And what is charged never saves, nor does acting together cost."""
    sheets = make_alliance(seed, years=2, institutions=True, budgets=False)
    _, baseline = compare(sheets)
    lines = {line.name: line.saving for line in baseline.links}
    assert sum(lines.values()) == pytest.approx(baseline.saving)
    assert not any(map(math.isnan, lines.values()))
    for name in (ONCE, JOINT, DELEGATION):
        assert lines[name] >= -1e-5 * baseline.expenditure_alone, name
    for name in (CHARGED, WAITING, APPORTIONED):
        assert lines[name] <= 1e-5 * baseline.expenditure_alone, name


# Fair: A does all for 40 a year. Every unit that B holds instead costs 10 more, and takes 10 off A.
@pytest.mark.parametrize(
    ("margin", "burden_of_a", "burden_of_b"),
    [
        (0.0, 40.0, 0.0),
        (0.25, 30.0, 20.0),
        # From 10 (4 - x) = 20 x on, x = 4/3, shifting more helps nobody.
        (1.0, 80 / 3, 80 / 3),
    ],
)
def test_fair_shifts_burden_within_its_margin(margin, burden_of_a, burden_of_b):
    solution = solve_sheets(make_book(), "fair", margin=margin)
    assert solution.audit.passed
    assert solution.threats_met
    burden = solution.quantities.burden
    assert burden["A"] == pytest.approx(4 * burden_of_a, rel=1e-5)
    assert burden["B"] == pytest.approx(4 * burden_of_b, rel=1e-5, abs=1e-3)
    assert solution.quantities.largest_burden == pytest.approx(burden["A"] / 4000, rel=1e-5)
    assert solution.pooled_expenditure <= 160 * (1 + margin) * (1 + 1e-6)


@pytest.mark.parametrize("penalty", [None, 300.0])
def test_fair_is_as_secure_as_the_cheapest_plan(penalty):
    sheets = make_alliance(4, years=2, penalty=penalty)
    cheapest, fair = solve_sheets(sheets), solve_sheets(sheets, "fair", margin=0.1)
    if penalty is None:
        assert fair.missing_share <= cheapest.missing_share * (1 + 2e-6) + 2e-9
    else:
        weight = {"land": 1, "air": 2}
        priority = {row[0]: row[6] for row in sheets["threats"][1:]}

        def weighted(solution):
            return sum(
                priority[k] * weight[c] * short
                for (k, c, _, _), short in solution.quantities.shortfall.items()
            )

        assert weighted(fair) <= weighted(cheapest) * (1 + 2e-6) + 2e-9
    gdp = {row[0]: row[3] * (1 + 1 / 1.05) for row in sheets["members"][1:]}
    largest = [max(s.quantities.burden[m] / gdp[m] for m in gdp) for s in (cheapest, fair)]
    assert largest[1] < largest[0] * (1 - 1e-4)
    assert fair.pooled_expenditure <= cheapest.pooled_expenditure * 1.1 * (1 + 1e-6)


def test_a_member_without_gdp_does_not_cost_security():
    """Its share of GDP would mean nothing: only B's burden is judged, and no need is left short."""
    sheets = make_book()
    sheets["members"][1][3] = 0
    cheapest, fair = solve_sheets(sheets), solve_sheets(sheets, "fair", margin=0.0)
    assert fair.threats_met
    assert fair.audit.passed
    assert fair.pooled_expenditure == pytest.approx(cheapest.pooled_expenditure)
    assert fair.solved.stages[0].value == pytest.approx(cheapest.objective)

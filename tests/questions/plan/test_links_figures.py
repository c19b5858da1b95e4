"""Figures beside the pooling ledger, by hand: further security, breaking even, fair sharing.

A's unit costs 10 a year, B's 20; the need is 4 in each of four years (small_books).
"""

from __future__ import annotations

import pandas as pd
import pytest
from books import add_column, make_data, read_study
from small_books import DRONE_POWER, bodies, compare, forces, make_book, members

import cssopt
from cssopt.assembly.instance import Instance
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

DELEGATION = "delegation, free of bodies, set-up and integration loss"
CHARGED = "bodies, set-up and integration loss charged"

ONLY_B = [["threat", "member", "share"], ["K", "B", 1]]
COUNCIL = ("council", "delegation", 3, 1)


def test_further_security_stands_beside_the_lines_and_not_in_them():
    """B has 2 units only, and 2 are missing alone: 40 a year. A delegates 2 for the same security
    (20), and 4 in the chosen plan (40)."""
    few = [["member", "force", "units"], ["A", "unit", 8], ["B", "unit", 2]]
    sheets = make_book(exposure=ONLY_B, inventory=few)
    chosen, baseline = compare(sheets)
    lines = {line.name: line.saving for line in baseline.links if abs(line.saving) > 1e-6}
    assert lines == pytest.approx({DELEGATION: 4 * 20})
    assert baseline.links[-1].expenditure == pytest.approx(4 * 20)
    assert baseline.further_security(chosen) == pytest.approx(4 * 20)


def test_breaking_even_is_counted_in_present_value():
    """100 for the council; 40 less a year, worth 4/5 a year later: -60, -28, -2.4, then 18.08.

    Undiscounted it would be 2032: -60, -20, 20.
    """
    council = bodies(("council", "delegation", 100, 0))
    sheets = make_book(exposure=ONLY_B, bodies=council)
    _, plain = compare(sheets, ledger=False)
    assert plain.break_even == 2032
    for row in sheets["settings"]:
        row[1] = 0.25 if row[0] == "discount_rate" else row[1]
    _, discounted = compare(sheets, ledger=False)
    assert discounted.break_even == 2033
    assert discounted.saving == pytest.approx(-60 + 32 + 25.6 + 20.48)


def test_a_saving_that_is_lost_again_is_no_breaking_even():
    """B is endangered in 2030 only, A throughout, and B must hold half of the power.

    Together 2 and 2 units, 60 a year. Alone A 40 a year, B 80 in 2030: 60 less, then 20 more a
    year: 60, 40, 20, 0, -20 at the end of 2034.
    """
    book = make_book(
        apportionment=[["member", "capability", "min_share"], ["B", "land", 0.5]],
        exposure=[["threat", "member", "share"], ["K", "A", 1], ["L", "B", 1]],
    )
    book["threats"].append(["L", "Other", "HOME", "military", None, None])
    book["threats"] = add_column(book["threats"], "last_year", None, 2030)
    book["requirements"].append(["L", "land", 0, 4])
    # They never come together: the same 4 units do for both.
    book["situations"] = [["situation", "threat"], ["k", "K"], ["l", "L"]]
    for row in book["settings"]:
        row[1] = 2034 if row[0] == "last_year" else row[1]
    _, baseline = compare(book, ledger=False)
    assert baseline.saving == pytest.approx(-20)
    assert baseline.break_even is None


@pytest.mark.medium
def test_the_verb_compare_gives_the_same_lines():
    """Only B is endangered: A does it for 40 in place of 80 a year; the council costs 7."""
    sheets = make_book(exposure=ONLY_B, bodies=bodies(COUNCIL))
    frames = {name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in sheets.items()}
    answer = cssopt.compare(cssopt.load(frames))
    baseline = answer.baseline
    lines = {line.name: line.saving for line in baseline.links if abs(line.saving) > 1e-6}
    assert lines == pytest.approx({DELEGATION: 160, CHARGED: -7})
    assert baseline.saving == pytest.approx(160 - 7)
    assert answer.plan.pooled_expenditure == pytest.approx(4 * 40 + 7)
    assert "overlapping needs met once" in answer.tables["pooling_ledger"]["done_together"].tolist()


def test_what_units_are_still_worth_at_the_end_is_no_breaking_even():
    """B needs 4 from 2032 on; A has industry for drones at 100, and 2 a year for B to run.

    Alone B keeps 4 units from 2030 on: 80 a year. Together it buys 4 drones in 2032: 400 and 8,
    then 8; half of their life is left, 200. Paid less by then: 80, 160, -168, -96.
    """
    book = make_book(
        exposure=ONLY_B,
        caveats=[["member", "threat"], ["A", "K"]],
        forces=forces(price=100, imports=0),
        power=DRONE_POWER,
        industry=[["member", "force", "capacity"], ["A", "drone", 8]],
    )
    book["threats"][1][4] = 2032
    _, baseline = compare(book, ledger=False)
    assert baseline.expenditure_alone == pytest.approx(4 * 80)
    assert baseline.saving == pytest.approx(320 - (408 + 8 - 200))
    assert baseline.break_even is None


# --- fair sharing


def fair(sheets, margin):
    data = make_data(sheets)
    given = {"margin": margin}
    solution = run_study(Instance(data, read_study("fair"), data.members.keys, given), Options())
    assert solution.audit.passed
    assert solution.threats_met
    return solution


def test_a_burden_is_measured_by_what_a_member_has():
    """B has three times A's GDP: with x units at B, 10 (4 - x) / 1 = 20 x / 3, so x is 2.4.

    A 16 and B 48 a year, 64 in all, within twice the 40 of the cheapest plan.
    """
    rich = members()
    rich[2][3] = 3000
    solution = fair(make_book(members=rich), 1.0)
    burden = solution.quantities.burden
    assert burden == pytest.approx({"A": 4 * 16, "B": 4 * 48}, rel=1e-5)
    assert solution.quantities.largest_burden == pytest.approx(16 / 1000, rel=1e-5)


@pytest.mark.parametrize("order", ["BC", "CB"])
def test_among_plans_as_fair_the_cheapest_is_taken(order):
    """A must hold half of the power, so that its burden is 20 a year at least.

    The other half is B's for 20 a unit or C's for 30; both are so rich that neither matters. B's
    it is: 20 + 40 a year, though 20 + 60 would be within twice the 40 of the cheapest plan.
    """
    index = {"B": 2, "C": 3}
    head, first = members()[:2]
    rich = [[m, m, "HOME", 1e6, 1, 0, index[m]] for m in order]
    book = make_book(
        members=[head, first, *rich],
        exposure=[["threat", "member", "share"], ["K", "A", 1]],
        apportionment=[["member", "capability", "min_share"], ["A", "land", 0.5]],
    )
    book["inventory"].append(["C", "unit", 8])
    solution = fair(book, 1.0)
    assert solution.quantities.largest_burden == pytest.approx(20 / 1000, rel=1e-5)
    assert solution.pooled_expenditure == pytest.approx(4 * 60, rel=1e-5)
    assert solution.quantities.burden["C"] == pytest.approx(0, abs=1e-2)

"""Transfers worked out by hand, and what holds of them at any costs.

A pays 10 in each of two years and B nothing; both should bear 10 (no discount).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cssopt.questions.sharing.payments import Payment
from cssopt.questions.sharing.transfers import Balance, Spread, find_transfers

OUTLAY = {("A", 2030): 10.0, ("A", 2031): 10.0}
SHARES = {"A": 10.0, "B": 10.0}
FLAT = {2030: 1.0, 2031: 1.0}


def paid_by(found, member):
    return {year: amount for (m, year), amount in found.net.items() if m == member and amount}


def test_without_budgets_one_payment_in_the_first_year():
    found = find_transfers(SHARES, OUTLAY, FLAT)
    assert found.payments == {2030: (Payment("B", "A", 10.0),)}
    assert paid_by(found, "A") == {2030: -10}
    assert found.moved == 10
    assert found.balances == (Balance("A", 20, -10, 10), Balance("B", 0, 10, 10))


def test_level_transfers_are_the_same_every_year():
    found = find_transfers(SHARES, OUTLAY, FLAT, spread=Spread.LEVEL)
    assert found.payments == {2030: (Payment("B", "A", 5.0),), 2031: (Payment("B", "A", 5.0),)}


def test_a_payment_in_a_later_year_is_larger_by_the_discount():
    # the budget of B is closed in 2030: 10 of 2030 are 12.5 of 2031 at 0.8
    discount = {2030: 1.0, 2031: 0.8}
    shares = {"A": 8.0, "B": 10.0}
    found = find_transfers(shares, OUTLAY, discount, ceilings={("B", 2030): 0.0})
    assert paid_by(found, "B") == pytest.approx({2031: 12.5})
    assert found.moved == pytest.approx(10)


def test_a_budget_makes_a_second_year_needed():
    ceilings = {("B", 2030): 7.0, ("B", 2031): 6.0}
    found = find_transfers(SHARES, OUTLAY, FLAT, ceilings=ceilings)
    # the same in each year, 5, is within both budgets
    assert paid_by(found, "B") == pytest.approx({2030: 5, 2031: 5})
    tight = find_transfers(SHARES, OUTLAY, FLAT, ceilings={**ceilings, ("B", 2031): 4.0})
    assert paid_by(tight, "B") == pytest.approx({2030: 6, 2031: 4})


def test_of_equally_few_years_the_earliest():
    years = {2030: 1.0, 2031: 1.0, 2032: 1.0}
    ceilings = {("B", 2030): 4.0, ("B", 2031): 8.0, ("B", 2032): 9.0}
    found = find_transfers(SHARES, OUTLAY, years, ceilings=ceilings)
    assert set(paid_by(found, "B")) == {2030, 2031}


def test_each_pays_the_same_but_what_its_budget_leaves():
    years = {2030: 1.0, 2031: 1.0, 2032: 1.0}
    found = find_transfers(SHARES, OUTLAY, years, ceilings={("B", 2031): 2.0}, spread=Spread.LEVEL)
    assert paid_by(found, "B") == pytest.approx({2030: 4, 2031: 2, 2032: 4})


def test_a_payer_with_room_pays_once_while_another_needs_two_years():
    outlay = {("A", 2030): 12.0}
    shares = {"A": 0.0, "B": 8.0, "C": 4.0}
    ceilings = {("B", 2030): 5.0, ("B", 2031): 5.0}
    found = find_transfers(shares, outlay, FLAT, ceilings=ceilings)
    assert paid_by(found, "B") == pytest.approx({2030: 4, 2031: 4})
    assert paid_by(found, "C") == pytest.approx({2030: 4})


def test_who_receives_shares_each_year_in_proportion():
    # A is owed 6 and C 2; B pays 5 in 2030 and 3 in 2031
    outlay = {("A", 2030): 6.0, ("C", 2030): 2.0}
    shares = {"A": 0.0, "B": 8.0, "C": 0.0}
    found = find_transfers(shares, outlay, FLAT, ceilings={("B", 2030): 5.0, ("B", 2031): 3.0})
    assert paid_by(found, "A") == pytest.approx({2030: -3.75, 2031: -2.25})
    assert paid_by(found, "C") == pytest.approx({2030: -1.25, 2031: -0.75})


def test_budgets_that_are_too_tight_are_told_with_what_is_missing():
    ceilings = {("B", 2030): 3.0, ("B", 2031): 4.0}
    found = find_transfers(SHARES, OUTLAY, FLAT, ceilings=ceilings)
    assert not found.net
    assert found.missing == {"B": pytest.approx(3)}
    assert "within the budgets: B lacks 3.00 (present value)" in found.why_not


def test_a_plan_beyond_a_budget_is_told():
    found = find_transfers({"A": 20.0, "B": 0.0}, OUTLAY, FLAT, ceilings={("A", 2030): 6.0})
    assert found.missing == {"A": pytest.approx(4)}
    assert found.why_not.startswith("The plan itself spends more than the budgets: A lacks 4.00")


def test_salvage_counts_in_the_last_year():
    # A is left with 4 of its orders: it bears 16 of 16, and should bear 8
    found = find_transfers({"A": 8.0, "B": 8.0}, OUTLAY, FLAT, salvage={"A": -4.0})
    assert paid_by(found, "B") == {2030: 8}
    assert found.balances[0] == Balance("A", 16, -8, 8)


def test_shares_that_are_the_plan_need_no_transfers():
    found = find_transfers({"A": 20.0, "B": 0.0}, OUTLAY, FLAT)
    assert (found.payments, found.moved, found.why_not) == ({}, 0, "")


def test_shares_must_add_up_to_the_plan():
    found = find_transfers({"A": 10.0, "B": 9.0}, OUTLAY, FLAT)
    assert found.why_not.startswith("The shares add up to 19.00, the costs of the plan to 20.00")


def test_an_unknown_member_is_an_error():
    with pytest.raises(ValueError):
        find_transfers({"B": 10.0}, OUTLAY, FLAT)


def solve_in_years(needs, room, discount, years):
    """The least paid when only these years are open, by payments and receipts; and whether any."""
    count, years = len(needs), list(years)
    value, size = discount[years], len(needs) * len(years)
    if not size:
        return 0.0, not np.abs(needs).max() > 1e-9
    paying = np.hstack([np.eye(size), -np.eye(size)])
    sums = np.vstack([np.kron(np.ones(count), np.eye(len(years))), np.kron(np.eye(count), value)])
    found = linprog(
        np.concatenate([np.tile(value, count), np.zeros(size)]),
        paying,
        room[:, years].ravel(),
        np.hstack([sums, -sums]),
        np.concatenate([np.zeros(len(years)), needs]),
    )
    return found.fun, found.status == 0


@st.composite
def alliances(draw):
    count, years = draw(st.integers(2, 4)), draw(st.integers(1, 4))
    grid = st.lists(st.integers(0, 30), min_size=count * years, max_size=count * years)
    outlay = np.array(draw(grid), dtype=float).reshape(count, years)
    room = np.array(draw(grid), dtype=float).reshape(count, years)
    discount = (1 + draw(st.sampled_from([0.0, 0.03, 0.1]))) ** -np.arange(years)
    parts = np.array(draw(st.lists(st.integers(1, 9), min_size=count, max_size=count)))
    return outlay, room, discount, parts


@pytest.mark.medium
@settings(max_examples=60)
@given(alliances(), st.sampled_from(Spread))
def test_transfers_hold_what_they_promise(alliance, spread):
    outlay, room, discount, parts = alliance
    members, years = range(len(outlay)), range(len(discount))
    shares = {
        f"M{m}": float(p * (outlay @ discount).sum() / parts.sum()) for m, p in enumerate(parts)
    }
    grid = {(f"M{m}", y): float(outlay[m, y]) for m in members for y in years}
    ceilings = {(f"M{m}", y): float(outlay[m, y] + room[m, y]) for m in members for y in years}
    value = dict(enumerate(discount.tolist()))
    found = find_transfers(shares, grid, value, ceilings=ceilings, spread=spread)
    size = max(1.0, outlay.sum())
    if found.why_not:
        # the members that lack something cannot pay their share even with all their budgets
        assert found.missing
        for m, share in enumerate(shares.values()):
            all_paid = sum(ceilings[f"M{m}", y] * discount[y] for y in years)
            lacks = found.missing.get(f"M{m}", 0.0)
            assert lacks == pytest.approx(max(0.0, share - all_paid), abs=1e-6 * size)
        return
    net = np.array([[found.net[f"M{m}", y] for y in years] for m in members])
    assert np.abs(net.sum(axis=0)).max() <= 1e-8 * size
    assert (outlay + net) @ discount == pytest.approx(list(shares.values()), abs=1e-8 * size)
    assert (net <= room + 1e-8 * size).all()
    needs = np.array(list(shares.values())) - outlay @ discount
    least, _ = solve_in_years(needs, room, discount, years)
    assert found.moved == pytest.approx(least, abs=1e-7 * size)
    if spread is Spread.FEWEST and found.moved > 1e-6:
        used = int(np.abs(net).any(axis=0).sum())
        for fewer in combinations(years, used - 1):
            other, feasible = solve_in_years(needs, room, discount, fewer)
            assert not feasible or other > found.moved + 1e-9 * size
    for y in years:
        back = dict.fromkeys(shares, 0.0)
        for payment in found.payments.get(y, ()):
            assert payment.amount > 0
            back[payment.payer] += payment.amount
            back[payment.receiver] -= payment.amount
        assert list(back.values()) == pytest.approx(net[:, y], abs=1e-7 * size)

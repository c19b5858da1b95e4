"""Who pays whom, counted by hand and against every way of dividing the members."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.payments import Payment, find_payments


def count_groups(amounts):
    """The most groups that cancel out, by trying the group of the first in every way."""
    if not amounts:
        return 0
    best, rest = 0, amounts[1:]
    for mask in range(1 << len(rest)):
        group = [amounts[0], *(a for i, a in enumerate(rest) if mask >> i & 1)]
        if sum(group) == 0:
            best = max(best, 1 + count_groups([a for i, a in enumerate(rest) if not mask >> i & 1]))
    return best


def check_settled(net, payments):
    left = dict(net)
    for payment in payments:
        assert payment.amount > 0
        left[payment.payer] -= payment.amount
        left[payment.receiver] += payment.amount
    assert list(left.values()) == pytest.approx([0] * len(left), abs=1e-9)


def test_groups_that_cancel_out_save_a_payment():
    # the largest to the largest would be A to F 6, B to D 4, B to E 2, A to E 1
    net = {"A": 7.0, "B": 6.0, "D": -4.0, "E": -3.0, "F": -6.0}
    found = find_payments(net)
    expected = {Payment("A", "D", 4.0), Payment("A", "E", 3.0), Payment("B", "F", 6.0)}
    assert set(found.payments) == expected
    assert found.guarantee is Guarantee.EXACT


def test_nobody_pays_nothing():
    assert find_payments({"A": 0.0, "B": 0.0}).payments == ()
    assert find_payments({}).payments == ()


def test_one_pays_another():
    assert find_payments({"A": 3.0, "B": -3.0}).payments == (Payment("A", "B", 3.0),)


def test_amounts_must_add_up_to_nothing():
    with pytest.raises(ValueError, match="add up to 0"):
        find_payments({"A": 3.0, "B": -2.0})


def test_many_members_are_settled_without_the_word_exact():
    net = {f"P{i}": float(i) for i in range(1, 8)} | {f"R{i}": -float(i) for i in range(1, 8)}
    found = find_payments(net)
    check_settled(net, found.payments)
    assert found.guarantee is Guarantee.APPROXIMATE
    assert len(found.payments) < len(net)


@given(st.lists(st.integers(-6, 6), min_size=1, max_size=7))
def test_no_fewer_payments_would_do(drawn):
    amounts = [a for a in [*drawn, -sum(drawn)] if a]
    net = {f"M{i}": float(a) for i, a in enumerate(amounts)}
    found = find_payments(net)
    check_settled(net, found.payments)
    assert len(found.payments) == len(amounts) - count_groups(amounts)

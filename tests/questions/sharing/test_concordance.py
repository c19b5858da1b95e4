"""Rank tests worked out by hand, and against scipy where it is exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cssopt.questions.sharing.concordance import (
    RankFlip,
    find_kendall,
    find_rank_flips,
    find_spearman,
    find_wilcoxon,
)
from cssopt.questions.sharing.games.allocation import Guarantee

TESTS = (find_spearman, find_kendall, find_wilcoxon)


def by_member(numbers):
    return {f"M{i}": float(x) for i, x in enumerate(numbers)}


def test_three_members_in_the_same_order():
    # of six orders two are as far out, the same and the reverse
    burdens, benefits = by_member([0.1, 0.3, 0.6]), by_member([0.2, 0.3, 0.5])
    for find in (find_spearman, find_kendall):
        found = find(burdens, benefits)
        assert (found.value, found.p_value) == (pytest.approx(1), pytest.approx(2 / 6))
        assert found.guarantee is Guarantee.EXACT


def test_two_neighbors_change_places():
    # rho = 1 - 6 * 2 / (3 * 8) = 1/2, and four of six orders reach 1/2; tau = (2 - 1) / 3
    burdens, benefits = by_member([0.1, 0.6, 0.3]), by_member([0.2, 0.3, 0.5])
    spearman, kendall = find_spearman(burdens, benefits), find_kendall(burdens, benefits)
    assert spearman.value == pytest.approx(0.5)
    assert spearman.p_value == 1  # |rho| is 1/2 or 1 in all six
    assert kendall.value == pytest.approx(1 / 3)
    assert kendall.p_value == 1


def test_wilcoxon_by_hand():
    # differences -0.1, -0.2, 0.3: ranks 1 and 2 against 3; of eight signs all reach 3 or less
    found = find_wilcoxon(by_member([0.1, 0.2, 0.7]), by_member([0.2, 0.4, 0.4]))
    # sums of positive ranks over all signs: 0 1 2 3 3 4 5 6, of which five are 3 or less
    assert (found.value, found.p_value) == (3, 1)


def test_wilcoxon_of_all_above_but_one():
    # ranks 1 2 3 4 of which the first is negative: 1, reached by 2 of 16 signs on each side
    burdens = by_member([0.1, 0.22, 0.33, 0.35])
    benefits = by_member([0.11, 0.2, 0.3, 0.31])
    found = find_wilcoxon(burdens, benefits)
    assert (found.value, found.p_value) == (1, 4 / 16)


@settings(max_examples=20)
@given(st.permutations(range(7)), st.permutations(range(7)))
def test_exact_as_scipy_without_ties(first, second):
    x, y = np.array(first) / 21, np.array(second) / 21 + np.linspace(0, 0.01, 7) ** 2
    kendall = find_kendall(by_member(x), by_member(y))
    theirs = stats.kendalltau(x, y, method="exact")
    assert kendall.value == pytest.approx(theirs.statistic)
    assert kendall.p_value == pytest.approx(theirs.pvalue)
    differences = np.abs(np.round(x - y, 12))
    if len(np.unique(differences[differences > 0])) == 7:
        found = find_wilcoxon(by_member(x), by_member(y))
        theirs = stats.wilcoxon(x, y, method="exact")
        assert found.value == theirs.statistic
        assert found.p_value == pytest.approx(theirs.pvalue)


def test_spearman_as_all_orders_of_scipy_with_ties():
    x, y = np.array([0.1, 0.1, 0.2, 0.25, 0.35]), np.array([0.3, 0.1, 0.1, 0.2, 0.3])

    def rho(order):
        return abs(stats.spearmanr(order, y).statistic)

    theirs = stats.permutation_test(
        (x,), rho, permutation_type="pairings", n_resamples=np.inf, alternative="greater"
    )
    found = find_spearman(by_member(x), by_member(y))
    assert found.value == pytest.approx(stats.spearmanr(x, y).statistic)
    assert found.p_value == pytest.approx(theirs.pvalue)


def test_wilcoxon_with_ties_as_all_signs_of_scipy():
    x = np.array([0.20, 0.15, 0.30, 0.05, 0.20, 0.10])
    y = np.array([0.15, 0.20, 0.20, 0.15, 0.15, 0.15])
    found = find_wilcoxon(by_member(x), by_member(y))
    theirs = stats.wilcoxon(np.round(x - y, 12), method=stats.PermutationMethod(n_resamples=np.inf))
    assert found.value == theirs.statistic
    assert found.p_value == pytest.approx(theirs.pvalue)


def test_large_groups_are_approximate_but_for_kendall_and_wilcoxon():
    draw = np.random.default_rng(7)
    x, y = draw.dirichlet(np.ones(12)), draw.dirichlet(np.ones(12))
    spearman = find_spearman(by_member(x), by_member(y))
    assert spearman.guarantee is Guarantee.APPROXIMATE
    assert spearman.p_value == pytest.approx(stats.spearmanr(x, y).pvalue)
    assert find_kendall(by_member(x), by_member(y)).guarantee is Guarantee.EXACT
    x[0] = x[1]
    assert find_kendall(by_member(x), by_member(y)).guarantee is Guarantee.APPROXIMATE
    theirs = stats.wilcoxon(x, y, method="exact")
    assert find_wilcoxon(by_member(x), by_member(y)).p_value == pytest.approx(theirs.pvalue)
    assert find_spearman(by_member(x), by_member(x)).value == pytest.approx(1)


@pytest.mark.parametrize("find", TESTS)
def test_fewer_than_three_members_are_told(find):
    found = find(by_member([0.4, 0.6]), by_member([0.5, 0.5]))
    assert found.value is None
    assert found.why_not.startswith("Fewer than 3 members")


def test_no_order_and_no_difference_are_told():
    uneven, even = by_member([0.2, 0.3, 0.5]), by_member([1 / 3] * 3)
    for find in (find_spearman, find_kendall):
        assert find(even, uneven).why_not.startswith("All bear the same")
        assert find(uneven, even).why_not.startswith("All benefit the same")
    # a key by GDP gives the shares of GDP but for rounding
    near = {member: share + 1e-16 for member, share in uneven.items()}
    assert find_wilcoxon(uneven, near).why_not.startswith("Every member bears exactly")
    one = find_wilcoxon(uneven, by_member([0.2, 0.35, 0.45]))
    assert one.note == "1 whose shares are the same left out."


def test_flips_are_named():
    flips = find_rank_flips(
        {
            "money": {"A": 0.5, "B": 0.3, "C": 0.2},
            "ready power": {"A": 0.4, "B": 0.2, "C": 0.4},
        }
    )
    assert flips == (RankFlip("money", "ready power", "B", "C"),)  # A and C: no order by power


def test_differences_of_one_size_share_their_rank_whatever_their_last_digit():
    """4/15 - 1/12 = 1/4 - 1/15 = 11/60: B, C and E differ alike, ranks 1, 5, 5, 2, 5, 3."""
    burdens = dict(zip("ABCDEF", (2 / 15, 4 / 15, 4 / 15, 1 / 15, 1 / 15, 3 / 15), strict=True))
    benefits = dict(zip("ABCDEF", (1 / 12, 1 / 12, 1 / 12, 2 / 12, 3 / 12, 4 / 12), strict=True))
    found = find_wilcoxon(burdens, benefits)
    # D, E and F bear less: 2 + 5 + 3; of 21 that is nearly half, so that all is chance.
    assert (found.value, found.p_value) == (10, 1.0)

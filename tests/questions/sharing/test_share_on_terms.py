"""`share` on terms: floors, ceilings, who withholds, coalitions in parts, and sampled shares."""

from __future__ import annotations

import pytest
from books import make_case
from small_books import make_book, members

import cssopt
from cssopt.errors import DataError


@pytest.fixture(scope="module")
def case():
    """A can hold 8 units, B as many at twice the price, and C has none."""
    return make_case(make_book(members=members(third=True)))


def shares(answer, method):
    rows = answer.tables["shares"]
    return dict(rows.loc[rows["method"] == method, ["player", "share"]].to_numpy())


def parts(answer, method):
    """Shares as parts of the total."""
    found = shares(answer, method)
    total = answer.found.costs.costs[answer.found.members].cost
    return [found[m] / total for m in "ABC"]


@pytest.mark.medium
def test_a_ceiling_is_borne_by_the_others():
    """By GDP 1/6, 1/2 and 1/3. At most 40 %: B bears 0.4, and the rest is A's and C's as 1 to 2. At
    least 0.25 too: A bears that, and C what is left."""
    unlike = [
        ["member", "name", "home_theatre", "gdp", "population"],
        ["A", "Alpha", "HOME", 1000, 1],
        ["B", "Beta", "HOME", 3000, 1],
        ["C", "Gamma", "HOME", 2000, 1],
    ]
    case = make_case(make_book(members=unlike))
    assert parts(cssopt.share(case, methods=("gdp",)), "gdp") == pytest.approx(
        [1 / 6, 1 / 2, 1 / 3]
    )
    assert parts(cssopt.share(case, ceiling_share=0.4), "gdp") == pytest.approx([0.2, 0.4, 0.4])
    both = cssopt.share(case, ceiling_share=0.4, floor_share=0.25)
    assert parts(both, "gdp") == pytest.approx([0.25, 0.4, 0.35])


@pytest.mark.medium
def test_what_is_withheld_is_borne_by_the_others_or_cut(case):
    gdp = parts(cssopt.share(case, methods=("gdp",)), "gdp")
    borne = parts(cssopt.share(case, withholds=["A"], methods=("gdp",)), "gdp")
    assert borne == pytest.approx([0, gdp[1] / (gdp[1] + gdp[2]), gdp[2] / (gdp[1] + gdp[2])])
    answer = cssopt.share(case, withholds=["A"], cut=True)
    assert parts(answer, "gdp") == pytest.approx([0, gdp[1], gdp[2]])
    (one,) = (one for one in answer.found.methods if one.method == "gdp")
    total = answer.found.costs.costs[answer.found.members].cost
    assert one.allocation.note == f"{gdp[0] * total:,.1f} is not paid, and has to be cut."
    assert one.is_stable is False, "who is left unpaid keeps nobody in"
    # What goes by costs says itself who bears them.
    assert parts(answer, "proportional") == pytest.approx(
        parts(cssopt.share(case, methods=("proportional",)), "proportional")
    )


@pytest.mark.medium
def test_who_withholds_bears_nothing_also_of_a_floor(case):
    answer = cssopt.share(case, withholds=["A"], floor_share=0.45, ceiling_share=0.55)
    found = parts(answer, "gdp")
    assert found[0] == 0
    assert sorted(found)[1:] == pytest.approx([0.45, 0.55]) or found[1:] == pytest.approx([0.5] * 2)


@pytest.mark.medium
def test_terms_that_nobody_can_keep_are_told(case):
    answer = cssopt.share(case, ceiling_share=0.3)
    (one,) = (one for one in answer.found.methods if one.method == "gdp")
    assert "ceilings" in one.allocation.why_not
    with pytest.raises(DataError, match="E-110"):
        cssopt.share(case, ceiling_share=1.5)


@pytest.mark.medium
def test_shares_that_are_sampled_whole_are_those_of_all_coalitions(case):
    """With three members each stratum has at most two coalitions, and 36 draws see them all."""
    listed, sampled = cssopt.share(case), cssopt.share(case, listed=2, samples=36)
    assert shares(sampled, "shapley") == pytest.approx(shares(listed, "shapley"), rel=1e-9)
    rows = sampled.tables["shares"]
    assert set(rows.loc[rows["method"] == "shapley", "guarantee"]) == {"approximate"}
    with pytest.raises(DataError, match="at least 36"):
        cssopt.share(case, listed=2, samples=35)


@pytest.mark.medium
def test_in_parts_no_coalition_costs_more_than_its_members_alone(case):
    together, apart = cssopt.share(case), cssopt.share(case, apart=True)
    alone = {m: together.found.costs.costs[m,].cost for m in "ABC"}
    # On this book acting together never costs more, so that nothing changes.
    assert all(
        one.cost <= sum(alone[m] for m in one.members) + 1e-6
        for one in together.found.costs.costs.values()
    )
    assert apart.found.apart == 0
    assert shares(apart, "shapley") == pytest.approx(shares(together, "shapley"))
    with pytest.raises(DataError, match="E-560"):
        cssopt.share(case, apart=True, listed=2)

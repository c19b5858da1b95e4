"""Page 9: who covers which threat; shares of a row add up."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest
from made_holdings import make_figures, make_proportions, plain

from cssopt.document.document import Table
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.cover import find_years, settle_shares, show_cover

NAMES = {"A": "Arl", "B": "Bru"}


def figures(cover, names=None, acting=None, **threats):
    threats = threats or {"K": "Raid", "L": "Siege"}
    return make_figures(
        proportions=make_proportions(cover, names or NAMES),
        security=SimpleNamespace(threats=threats, years=(2030, 2031, 2032)),
        acting=acting or {2030: 0.0, 2031: 1.0, 2032: 1.0},
    )


def title(cover):
    return plain(show_cover(figures(cover), Opinions()).finding)


def test_the_title_where_nothing_is_asked_for_or_covered():
    assert title({}) == "No threat asks for anything in any year of this plan"
    told = "In 2032 no member covers any part of a threat"
    assert title({("K", 2032): {"A": 0.0, "B": 0.0}}) == told


def test_the_title_of_one_threat():
    told = "In 2032 Bru covers 60 % of Raid, more than anyone else"
    assert title({("K", 2032): {"A": 0.3, "B": 0.6}}) == told


def test_the_title_of_several_threats_tells_the_two_largest_shares():
    cover = {("K", 2032): {"A": 0.3, "B": 0.6}, ("L", 2032): {"A": 0.8, "B": 0.1}}
    told = "In 2032 Arl covers 80 % of Siege, and Bru 60 % of Raid: the largest shares"
    assert title(cover) == told
    cover["L", 2032] = {"A": 0.1, "B": 0.8}
    assert title(cover) == "In 2032 Bru covers 80 % of Siege and 60 % of Raid: the largest shares"


def test_the_title_is_of_the_last_year_in_which_anything_is_asked_for():
    cover = {("K", 2030): {"A": 0.3, "B": 0.6}, ("K", 2031): {"A": 0.9, "B": 0.0}}
    assert title(cover) == "In 2031 Arl covers 90 % of Raid, more than anyone else"


@pytest.mark.parametrize(
    ("acting", "years"),
    [
        ({2030: 0.0, 2031: 1.0, 2032: 1.0}, [2030, 2031, 2032]),
        ({2030: 1.0, 2031: 1.0, 2032: 1.0}, [2030, 2032]),
        ({2030: 0.0, 2031: 0.0, 2032: 0.0}, [2030, 2032]),
        ({2030: 0.0, 2031: 0.0, 2032: 1.0}, [2030, 2032]),
    ],
)
def test_years_are_the_first_the_first_together_and_the_last_each_once(acting, years):
    assert list(find_years((2030, 2031, 2032), acting).values()) == years


def tables(*made, **how):
    sheet = show_cover(figures(*made, **how), Opinions())
    return {block.name: block for block in sheet.flat if isinstance(block, Table)}


def test_a_threat_that_asks_for_nothing_in_a_year_has_dashes():
    found = tables({("K", 2030): {"A": 0.25, "B": 0.0}, ("L", 2032): {"A": 0.5, "B": 0.5}})
    first, last = found["cover_at_first"], found["cover_at_last"]
    assert first.rows == (("Raid", 0.25, None, 0.75), ("Siege", None, None, None))
    assert last.rows[0] == ("Raid", None, None, None)
    assert first.marks == {(0, "of_A"): "bar"}


def test_beyond_nine_members_the_others_are_added_up_and_stand_below():
    names = {f"M{n}": f"Member {n}" for n in range(12)}
    cover = {("K", 2032): dict.fromkeys(names, 1 / 12)}
    found = tables(cover, names)
    last = found["cover_at_last"]
    assert last.columns[-2].heading == "4 others"
    assert len(last.columns) == 1 + 8 + 1 + 1
    assert sum(last.rows[0][1:]) == pytest.approx(1)
    assert len(found["cover_by_others"].rows) == 4


def test_codes_of_members_and_columns_of_ours_do_not_clash():
    found = tables({("K", 2032): {"threat": 0.5, "missing": 0.5}}, {"threat": "X", "missing": "Y"})
    assert found["cover_at_last"].rows[0] == ("Raid", 0.5, 0.5, 0.0)


def test_shares_as_they_are_shown_add_up_to_100_give_or_take_1():
    drawn = random.Random(9)
    for _ in range(300):
        parts = [drawn.random() ** 3 for _ in range(drawn.randint(2, 11))]
        shares = settle_shares([part / sum(parts) for part in parts])
        assert abs(sum(round(100 * share) for share in shares) - 100) <= 1
        assert all(abs(share - part / sum(parts)) < 0.01
                   for share, part in zip(shares, parts, strict=True))  # fmt: skip


def test_shares_that_add_up_as_shown_stay_as_they_are():
    assert settle_shares([0.333, 0.333, 0.334]) == [0.333, 0.333, 0.334]
    assert sum(settle_shares([0.125] * 8)) == pytest.approx(1)

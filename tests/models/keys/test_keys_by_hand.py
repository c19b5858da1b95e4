"""Every key of the house against arithmetic by hand, public figures and published answers."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from books import read_study
from key_books import base_of, bears
from paths import CASES, ROOT
from small_books import measure, plan

from cssopt.assembly.sharing_keys import make_base
from cssopt.modeling import KeyCosts, NoSharesError

GAMES = json.loads((CASES / "games" / "cost_games.json").read_text(encoding="utf-8"))
THREE = {"A": [600, 10, 500], "B": [300, 30, None], "C": [100, 10, 100]}
"""gdp, population and gni: B's income is its product of 300, and incomes are 900 in all."""


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("equal", [1 / 3, 1 / 3, 1 / 3]),
        ("gdp", [0.6, 0.3, 0.1]),
        ("gni", [500 / 900, 300 / 900, 100 / 900]),
        ("population", [0.2, 0.6, 0.2]),
        # Half of 0.6 and 0.2, of 0.3 and 0.6, of 0.1 and 0.2.
        ("cis_2009", [0.4, 0.45, 0.15]),
        # The largest comes down to 300: 300, 300, 100.
        ("second_contributor", [3 / 7, 3 / 7, 1 / 7]),
    ],
)
def test_keys_by_size(key, parts):
    assert list(bears(key, base_of(THREE, "gni")).values()) == pytest.approx(parts)


def test_those_who_share_are_rescaled_among_themselves():
    """A and C: GDP 600 and 100, people 10 and 10."""
    pair = base_of(THREE, "gni", coalition=["A", "C"])
    assert bears("gdp", pair) == pytest.approx({"A": 6 / 7, "C": 1 / 7})
    half = (6 / 7 + 1 / 2) / 2
    assert bears("cis_2009", pair) == pytest.approx({"A": half, "C": 1 - half})
    assert bears("second_contributor", base_of(THREE, "gni", coalition=["B"])) == {"B": 1.0}


@pytest.mark.parametrize("year", ["1996", "2022"])
def test_the_rule_of_2009_on_figures_of_the_world_bank(year):
    """Six members of the treaty, in percent with the three decimals that are printed."""
    with (Path(__file__).parent / "worldbank_csto6.csv").open(encoding="utf-8") as file:
        rows = {
            row["iso3"]: [float(row["gdp_usd"]) / 1e6, float(row["population"]) / 1e6]
            for row in csv.DictReader(file)
            if row["year"] == year
        }
    shares = bears("cis_2009", base_of(rows))
    expected = GAMES["cis_2009_key_csto6_wb"][year]
    assert {m: round(100 * share, 3) for m, share in shares.items()} == expected


def un_base(toy, **more):
    rows = zip("ABCDE", zip(toy["gni"], toy["pop"], strict=True), strict=True)
    return base_of({m: list(cells) for m, cells in rows}, **more)


@pytest.mark.parametrize(("ceiling", "answer"), [(1.0, "share_pct"), (0.4, "share_pct_ceiling40")])
def test_the_scale_of_the_un_on_a_toy(tmp_path, ceiling, answer):
    """The file with another ceiling, in a folder in front."""
    text = (ROOT / "models" / "keys" / "un_scale.py").read_text(encoding="utf-8")
    (tmp_path / "keys").mkdir()
    own = tmp_path / "keys" / "un_scale.py"
    own.write_text(text.replace("CEILING = 0.22", f"CEILING = {ceiling}", 1), encoding="utf-8")
    toy = GAMES["un_scale_toy"]
    shares = bears("un_scale", un_base(toy), front=[tmp_path])
    assert [round(100 * share, 4) for share in shares.values()] == pytest.approx(
        toy[answer], abs=1e-12
    )


def test_among_few_the_ceiling_of_the_un_binds_most():
    """22 % each for the four largest, and 12 % left for the smallest; A and B then bear half."""
    toy = GAMES["un_scale_toy"]
    shares = bears("un_scale", un_base(toy))
    assert list(shares.values()) == pytest.approx([0.22, 0.22, 0.22, 0.22, 0.12])
    converted = bears("un_scale", un_base(toy, coalition=["A", "E"]))
    assert converted == pytest.approx({"A": 22 / 34, "E": 12 / 34})
    with pytest.raises(NoSharesError, match=r'"un_scale" gives no shares: the ceilings .* 0\.66'):
        bears("un_scale", base_of({m: [1, 1] for m in "ABC"}))


def test_floor_and_ceiling_of_the_un_for_the_small_and_the_least_developed():
    """Five alike at 1,000,000 with the same income per head as all others, so that nobody is
    relieved. F has 10 of 5,000,010: less than 0.001 %. G, least developed, has at most 0.01 %."""
    five = {m: [1e6, 1e3, None] for m in "ABCDE"}
    small = bears("un_scale", base_of({**five, "F": [10, 1e-2, None]}, "least_developed"))
    assert small["F"] == pytest.approx(1e-5)
    assert small["A"] == pytest.approx((1 - 1e-5) / 5)
    both = {**five, "F": [10, 1e-2, None], "G": [2e5, 2e2, True]}
    shares = bears("un_scale", base_of(both, "least_developed"))
    assert shares["F"] == pytest.approx(1e-5), "who is at the floor bears nothing for G"
    assert shares["G"] == pytest.approx(1e-4)
    assert shares["A"] == pytest.approx((1 - 1e-4 - 1e-5) / 5)


def test_progressive_rates_take_more_of_the_rich():
    """GDP 3000 and 1000, one million people each, 2000 per head on average. A has 1.5 averages:
    0.1 * 0.5 + 0.15 * 0.5 + 0.2 * 0.5 = 0.225; B has 0.5: 0.1 * 0.5 = 0.05."""
    shares = bears("ability_to_pay", base_of({"A": [3000, 1], "B": [1000, 1]}))
    assert shares == pytest.approx({"A": 0.225 / 0.275, "B": 0.05 / 0.275})
    # As much per head for all: in proportion to income, and nobody without people breaks it.
    alike = bears("ability_to_pay", base_of({"A": [3000, 3], "B": [1000, 1], "C": [0, 0]}))
    assert alike == pytest.approx({"A": 0.75, "B": 0.25, "C": 0})


def test_danger_is_shared_by_exposure():
    """Four years. K endangers both alike (shares 1 and 1 of what is met once: half each), in one
    requirement; L, of priority 3 and in 2031 alone, endangers B by 0.9, in two requirements. A: 4 *
    0.5 = 2; B: 2 + 3 * 2 * 0.9 = 7.4."""
    sheets = {
        "threats": [
            ["threat", "name", "theatre", "kind", "first_year", "last_year", "priority"],
            ["K", "K", "HOME", "military", None, None, 1],
            ["L", "L", "HOME", "military", 2031, 2031, 3],
        ],
        "requirements": [
            ["threat", "capability", "day", "level"],
            ["K", "land", 0, 4],
            ["L", "land", 0, 1],
            ["L", "land", 9, 30],
        ],
        "exposure": [["threat", "member", "share"], ["L", "B", 0.9], ["L", "A", 0]],
    }
    base = base_of({"A": [1, 1], "B": [1, 1]}, **sheets)
    assert bears("exposure", base) == pytest.approx({"A": 2 / 9.4, "B": 7.4 / 9.4})


def test_use_is_what_own_forces_do_not_do():
    """Power 4 is asked once for both, half for each. Without talks A holds it all: B has 2 of it,
    A nothing. Talks halve the need for 4 a year: A's own 2 units meet the half of its part that is
    left and as much for B. A has 1 of the talks; B has 1 of the talks and 1 of A."""
    study = read_study("pooled")
    for sheets, used in (({}, {"A": 0, "B": 1}), (measure(None), {"A": 1 / 3, "B": 2 / 3})):
        solution = plan(**sheets)
        base = make_base(solution.data.book, study, ["A", "B"], solution.quantities)
        assert bears("use", base) == pytest.approx(used)
    with pytest.raises(NoSharesError, match="goes by what a plan does"):
        bears("use", make_base(solution.data.book, study, ["A", "B"]))


class Numbers(dict):
    """Numbers of a plan by name."""

    __getattr__ = dict.__getitem__


def test_protection_is_what_forces_do_for_their_own_part_and_for_others():
    """A holds all of the 4 that are asked. Then by numbers of our own: of each need A meets 1 for
    its own part, and B 2 for its own and 1 that it lends, so that B does three times as much."""
    solution = plan()
    base = make_base(solution.data.book, read_study("pooled"), ["A", "B"], solution.quantities)
    assert bears("protection", base) == pytest.approx({"A": 1, "B": 0})
    needs = list(base.arithmetic.threats.full)
    own = {(m, *need): power for need in needs for m, power in (("A", 1.0), ("B", 2.0))}
    lent = {("B", *need): 1.0 for need in needs}
    both = replace(base, plan=Numbers(own_supply=own, credited=lent))
    assert bears("protection", both) == pytest.approx({"A": 1 / 4, "B": 3 / 4})
    alone = replace(base, plan=Numbers(own_supply=own))
    assert bears("protection", alone) == pytest.approx({"A": 1 / 3, "B": 2 / 3})
    with pytest.raises(NoSharesError, match="what forces do in a plan"):
        bears("protection", replace(base, plan=None))


def costs_of(game, *, letters):
    """Costs alone, without each, and of all."""
    values = {frozenset(name): float(value) for name, value in game["c"].items()}
    everybody = frozenset(letters)
    total, alone = values[everybody], {m: values[frozenset(m)] for m in letters}
    return KeyCosts(total, alone, {m: values[everybody - {m}] for m in letters}, alone)


def base_with(letters):
    return base_of({m: [1, 1] for m in letters})


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("proportional", "prop_to_standalone"),
        ("separable_costs", "ACA_SCRB"),
        # The nucleolus of this game divides the saving by heads.
        ("equal_saving", "nucleolus"),
    ],
)
def test_keys_by_cost_on_the_tennessee_valley(key, answer):
    game = GAMES["tva"]
    shares = bears(key, base_with("123"), costs_of(game, letters="123"))
    paid = [share * game["c"]["123"] for share in shares.values()]
    assert paid == pytest.approx(game["computed"][answer], abs=0.06)


def test_separable_costs_of_swedish_water():
    """Costs are printed to 0.01. K: 0.82 + 22.43 * 10.09 / 47.22 = 5.613, which is printed 5.62."""
    game = GAMES["sweden_water_1979"]
    shares = bears("separable_costs", base_with("AHKLMT"), costs_of(game, letters="AHKLMT"))
    paid = {m: share * 83.82 for m, share in shares.items()}
    assert paid["K"] == pytest.approx(0.82 + 22.43 * 10.09 / 47.22)
    assert list(paid.values()) == pytest.approx(game["published"]["SCRB"], abs=0.01)


def test_a_member_may_receive_by_a_key_of_costs():
    """Alone 10, 10 and 0, together 11: 9 are saved, 3 each. C receives 3."""
    costs = KeyCosts(11, {"A": 10, "B": 10, "C": 0}, {}, {})
    paid = {m: 11 * share for m, share in bears("equal_saving", base_with("ABC"), costs).items()}
    assert paid == pytest.approx({"A": 7, "B": 7, "C": -3})


def test_no_cost_is_told_and_never_priced():
    costs = KeyCosts(11, {"A": 10, "B": float("inf")}, {"A": 8, "B": 10}, {})
    with pytest.raises(
        NoSharesError, match=r'"proportional" gives no shares: .*no cost of B alone'
    ):
        bears("proportional", base_with("AB"), costs)
    with pytest.raises(NoSharesError, match="needs what coalitions cost"):
        bears("proportional", base_with("AB"))
    nothing_left = KeyCosts(10, {"A": 2, "B": 2}, {"A": 8, "B": 8}, {})
    with pytest.raises(NoSharesError, match="no benefit remains"):
        bears("separable_costs", base_with("AB"), nothing_left)


@pytest.mark.parametrize("key", ["gdp", "cis_2009", "un_scale", "ability_to_pay"])
def test_weights_that_are_all_0_are_told(key):
    with pytest.raises(NoSharesError, match=f'"{key}" gives no shares: .* 0'):
        bears(key, base_of({m: [0, 0] for m in "AB"}))

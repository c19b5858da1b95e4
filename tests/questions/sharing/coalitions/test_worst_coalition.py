"""The worst coalition by one search: as by listing where rules belong to members, else a bound."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from books import Rows
from owning import Owned, make_owned_book, solve_alone_and_whole, solve_owned
from small_books import make_book, settings

from cssopt.errors import SolveError
from cssopt.questions.sharing.coalitions.ownership import build_ownership
from cssopt.questions.sharing.coalitions.row_generation import Coalition
from cssopt.questions.sharing.coalitions.worst_coalition import (
    find_least_core_of_plan,
    find_obstacle,
    separate_by_model,
)
from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.least_core import least_core
from cssopt.solve.answer import Options

SAME = 1e-6
EXACTLY = Options(gap=1e-9)


@cache
def solve_once(seed: int, most: float = 1.0) -> Owned:
    owned = solve_owned(make_owned_book(seed, most=most))
    assert owned is not None
    return owned


def list_costs(owned: Owned) -> dict[Coalition, float]:
    game = owned.game
    return {game.names(mask): float(game.values[mask]) for mask in range(1, game.all + 1)}


def find_excesses(owned: Owned, tries: int = 3) -> list[tuple[float, float]]:
    """The largest excess at some shares, by the list of all, and what the search says of it."""
    own = build_ownership(owned.whole.instance, owned.alone)
    costs, game = list_costs(owned), owned.game
    known = {s: cost for s, cost in costs.items() if len(s) in (1, game.count)}
    separate = separate_by_model(own, costs.__getitem__, EXACTLY)
    chance, found = np.random.default_rng(0), []
    for _ in range(tries):
        pays = chance.dirichlet(np.ones(game.count)) * game.total
        excess = (game.sums(pays) - game.values)[1:-1]
        answer = separate(dict(zip(game.players, pays.tolist(), strict=True)), known)
        found.append((float(excess[np.isfinite(excess)].max()), answer.most))
    return found


def assert_exact(seed: int) -> None:
    owned = solve_once(seed)
    size = max(1.0, abs(owned.game.total))
    for listed, said in find_excesses(owned):
        assert said == pytest.approx(listed, abs=SAME * size)


@pytest.mark.medium
@pytest.mark.parametrize("seed", [7])
def test_it_is_exact_where_every_rule_belongs_to_members(seed):
    assert_exact(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 24, *range(30, 60)])
def test_it_is_exact_in_more_books(seed):
    assert_exact(seed)


@pytest.mark.parametrize("seed", [4, pytest.param(2, marks=pytest.mark.slow)])
def test_elsewhere_no_coalition_is_worse_than_it_says(seed):
    owned = solve_once(seed, 2.2)
    size = max(1.0, abs(owned.game.total))
    for listed, said in find_excesses(owned):
        assert said >= listed - SAME * size


@pytest.mark.medium
@pytest.mark.parametrize("seed", [2, pytest.param(24, marks=pytest.mark.slow)])
def test_the_least_core_of_a_book(seed):
    owned = solve_once(seed)
    found = find_least_core_of_plan(owned.whole, owned.alone, EXACTLY)
    epsilon, size = least_core(owned.game).figures["epsilon"], abs(owned.game.total)
    assert found.guarantee is Guarantee.CERTIFIED
    assert found.most == pytest.approx(epsilon, abs=SAME * size)


@pytest.mark.medium
def test_where_the_bounds_do_not_meet_coalitions_near_the_worst_are_tried():
    """Needs overlap: the search knows no member that brings them, and its bound is loose."""
    owned = solve_once(2, 2.2)
    found = find_least_core_of_plan(owned.whole, owned.alone, EXACTLY)
    epsilon, size = least_core(owned.game).figures["epsilon"], abs(owned.game.total)
    assert found.guarantee is Guarantee.APPROXIMATE
    assert found.excess == pytest.approx(epsilon, abs=SAME * size)
    assert found.least <= epsilon + SAME * size <= found.most + 2 * SAME * size
    assert "The worst coalition found is" in found.as_allocation().note


@pytest.mark.medium
def test_blocs_share_as_players():
    """Of four members two stay together: the least core is that of the game of three players."""
    owned = solve_once(2)
    costs = list_costs(owned)
    first, second, third, fourth = owned.game.players
    players = {"bloc": (first, third), second: (second,), fourth: (fourth,)}
    values = np.zeros(8)
    for mask in range(1, 8):
        inside = {m for i, own in enumerate(players.values()) if mask >> i & 1 for m in own}
        values[mask] = costs[tuple(m for m in owned.game.players if m in inside)]
    blocs = {"bloc": [third, first]}
    found = find_least_core_of_plan(owned.whole, owned.alone, EXACTLY, blocs=blocs)
    listed = least_core(Game(tuple(players), values)).figures["epsilon"]
    assert list(found.shares) == list(players)
    assert found.guarantee is Guarantee.CERTIFIED
    assert found.most == pytest.approx(listed, abs=SAME * values[-1])


@pytest.mark.parametrize(
    "blocs", [{"bloc": ["M0", "nobody"]}, {"one": ["M0"], "two": ["M0", "M1"]}, {"M0": ["M1"]}]
)
def test_a_bloc_of_strangers_or_of_others_is_told(blocs):
    owned = solve_once(2)
    with pytest.raises(SolveError, match="is no member, or stands in or for another bloc too"):
        find_least_core_of_plan(owned.whole, owned.alone, EXACTLY, blocs=blocs)


COUNT = 13
NEED, UNITS = 26.0, 3.0


def index_of(place: int) -> float:
    """What a unit of a member costs, in tens of millions."""
    return 1 + 0.25 * (place * 5 % COUNT)


def make_many() -> dict[str, Rows]:
    """Thirteen members with three units each and different costs, and two parts each of a need of
    26 in one year."""
    members = [f"M{i:02d}" for i in range(COUNT)]
    return make_book(
        settings=[row if row[0] != "last_year" else ["last_year", 2030] for row in settings()],
        members=[["member", "name", "home_theatre", "gdp", "population", "cost_index"],
                 *([m, m, "HOME", 1000, 1, index_of(i)] for i, m in enumerate(members))],
        inventory=[["member", "force", "units"], *([m, "unit", UNITS] for m in members)],
        exposure=[["threat", "member", "share"], *(["K", m, 1 / COUNT] for m in members)],
        requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, NEED]],
    )  # fmt: skip


@pytest.mark.medium
def test_thirteen_members_as_by_their_order_of_merit():
    """What a coalition costs is known by hand: its cheapest units meet two of need for each member.
    8,192 coalitions are listed so, and a few of them generated."""
    mask, order = np.arange(1 << COUNT), sorted(range(COUNT), key=index_of)
    left, values = np.zeros(1 << COUNT), np.zeros(1 << COUNT)
    for i in range(COUNT):
        left += (mask >> i & 1) * (NEED / COUNT)
    for i in order:
        used = np.minimum(left, (mask >> i & 1) * UNITS)
        values += 10 * index_of(i) * used
        left -= used
    whole, alone = solve_alone_and_whole(make_many())
    assert whole.objective == pytest.approx(values[-1])
    found = find_least_core_of_plan(whole, alone, EXACTLY)
    listed = least_core(Game(whole.coalition, values)).figures["epsilon"]
    assert found.guarantee is Guarantee.CERTIFIED
    assert found.most == pytest.approx(listed, abs=SAME * values[-1])
    assert len(found.known) < 200


@pytest.mark.medium
def test_who_has_no_plan_alone_is_told():
    owned = solve_once(2)
    alone = dict(owned.alone)
    alone["M0"] = replace(alone["M0"], quantities=None)
    with pytest.raises(SolveError, match="no value of M0"):
        find_least_core_of_plan(owned.whole, alone, EXACTLY)


def test_a_decision_that_earns_money_leaves_no_bound():
    owned = solve_once(2)
    own = build_ownership(owned.whole.instance, owned.alone)
    program = own.program
    assert find_obstacle(own) == ""
    earning = replace(own, program=replace(program, reported=-program.reported))
    assert find_obstacle(earning).startswith("No bound is known: a decision earns money")
    with pytest.raises(SolveError, match="earns money"):
        separate_by_model(earning, lambda _: math.inf, EXACTLY)

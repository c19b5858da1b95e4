"""Least core of a game too large to list: coalitions are found as they are needed.

A small linear program holds the excesses of the coalitions known so far; an oracle names those that
would gain most at its shares, and what no other can exceed. Its least value is a lower bound of the
least largest excess, the oracle's an upper one (Hallefjord, Helming and Jornsten 1995; Faigle, Kern
and Paulusma 2000). The excess of a coalition is what it would gain by acting alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cssopt.errors import SolveError
from cssopt.names import join_names
from cssopt.questions.sharing.games.allocation import Allocation, Guarantee
from cssopt.questions.sharing.games.game import Game
from cssopt.solve.growing_program import GrowingProgram
from cssopt.solve.program import Floats

METHOD: Final = "least_core"
_SAME: Final = 1e-9
"""Of the largest value known: excesses nearer than that are the same."""
_MET: Final = 1e-7
"""Of the largest value known: bounds nearer than that meet."""
_FAR: Final = 1e6
"""Beyond any share, in largest values."""

_NO_OTHER: Final = "The search names no further coalition, and bounds the others no better."
_NO_TIME: Final = "The time was over before the bounds met."

Coalition = tuple[str, ...]
"""Players in their order."""
Shares = Mapping[str, float]


@dataclass(frozen=True)
class Separation:
    """What an oracle says of shares.

    Attributes
    ----------
    values: of coalitions that gain most, or much: no better than what each has by itself (a cost is
        not below it). Empty where it found none.
    most: what the excess of no coalition exceeds, be it found or not; inf where that is not known.
    """

    values: Mapping[Coalition, float]
    most: float = math.inf


Separate = Callable[[Shares, Mapping[Coalition, float]], Separation]
"""Finds coalitions for shares, given the values known so far."""


@dataclass(frozen=True)
class LeastCore:
    """What is known of the least core.

    Attributes
    ----------
    shares: by player; where the bounds do not meet, those whose worst known coalition gains least.
    least: what the largest excess is at least, whatever the shares. most: what no coalition exceeds
        at these; inf where no oracle could tell.
    known: value of every coalition that was generated, or given.
    worst: the coalition known to gain most at these shares, and its excess there.
    rounds: how often the oracle was asked.
    told: why the bounds do not meet; empty where they do.
    """

    shares: Shares
    least: float
    most: float
    known: Mapping[Coalition, float]
    worst: Coalition
    excess: float
    rounds: int
    told: str = ""

    @property
    def guarantee(self) -> Guarantee:
        """Certified where both bounds meet."""
        return Guarantee.APPROXIMATE if self.told else Guarantee.CERTIFIED

    @property
    def sentence(self) -> str:
        """The worst coalition, and how far that can be relied on."""
        none = (
            "whether another gains more is not known"
            if math.isinf(self.most)
            else f"none gains more than {self.most:,.6g}"
            if self.most >= 0
            else f"each loses {-self.most:,.6g} or more"
        )
        who, amount = join_names(self.worst), f"{abs(self.excess):,.6g}"
        verb = "gains" if self.excess >= 0 else "loses"
        return f"The worst coalition found is {who}, which {verb} {amount} by acting alone; {none}."

    def as_allocation(self) -> Allocation:
        """The shares as those of a method."""
        note = f"{self.sentence} {self.told}".strip()
        bounds = {"epsilon": self.excess, "epsilon at least": self.least}
        if math.isfinite(self.most):
            bounds["epsilon at most"] = self.most
        figures = {**bounds, "coalitions": float(len(self.known))}
        return Allocation(METHOD, self.shares, self.guarantee, note=note, figures=figures)


def find_least_core_by_rows(
    players: Sequence[str],
    separate: Separate,
    known: Mapping[Coalition, float],
    *,
    is_cost: bool = True,
    until: float = math.inf,
) -> LeastCore:
    """The least core by row generation.

    Parameters
    ----------
    separate: the oracle. known: values to begin with, by players in their order: of all together,
        of each alone, and of any others.
    is_cost: True where values are costs. until: when no further question is begun
        (`time.perf_counter`).

    Raises SolveError where a player has no value alone, as then nothing may bound its share.
    """
    return _Generation(tuple(players), dict(known), is_cost).run(separate, until)


class _Generation:
    def __init__(self, players: Coalition, known: dict[Coalition, float], is_cost: bool):
        self.players, self.known = players, known
        self.sign = -1.0 if is_cost else 1.0
        lacking = [p for p in players if not math.isfinite(known.get((p,), math.inf))]
        if lacking or players not in known:
            who = join_names(lacking) or "all together"
            raise SolveError(f"there is no value of {who}, and so nothing that bounds the shares")
        self.total = known[players]
        self.scale = max(map(abs, filter(math.isfinite, known.values()))) or 1.0
        count = len(players)
        self.program = GrowingProgram(
            costs=np.append(np.zeros(count), 1.0),
            lower=np.full(count + 1, -_FAR),
            upper=np.full(count + 1, _FAR),
            fixed=np.append(np.ones(count), 0.0)[None, :],
            at=np.array([self.total / self.scale]),
        )
        self._add(known)

    def run(self, separate: Separate, until: float) -> LeastCore:
        """Ask the oracle until both bounds meet, or nothing further is found."""
        tried: list[tuple[float, Shares]] = []
        least = -math.inf
        while True:
            point = self.program.solve()
            level = point.value * self.scale
            least = max(least, level)
            shares = dict(zip(self.players, (point.x[:-1] * self.scale).tolist(), strict=True))
            found = separate(shares, self.known)
            self.known |= found.values
            tried.append((max(found.most, self._find_worst(shares)[1]), shares))
            best, told = min(tried, key=lambda each: each[0]), ""
            if best[0] - least <= _MET * self.scale:
                break
            fresh = self._find_broken(found.values, shares, level)
            if not fresh or time.perf_counter() >= until:
                told = _NO_TIME if fresh else _NO_OTHER
                best = min(tried, key=lambda each: self._find_worst(each[1])[1])
                break
            self._add(fresh)
        worst, excess = self._find_worst(best[1])
        known = dict(self.known)
        return LeastCore(best[1], least, best[0], known, worst, excess, len(tried), told)

    def _excess(self, coalition: Coalition, value: float, shares: Shares) -> float:
        """What a coalition would gain by acting alone; -inf where it cannot."""
        if not math.isfinite(value):
            return -math.inf
        return self.sign * (value - sum(shares[p] for p in coalition))

    def _find_worst(self, shares: Shares) -> tuple[Coalition, float]:
        """The proper coalition known to gain most."""
        return max(
            ((s, self._excess(s, v, shares)) for s, v in self.known.items() if s != self.players),
            key=lambda each: each[1],
        )

    def _find_broken(
        self, values: Mapping[Coalition, float], shares: Shares, level: float
    ) -> dict[Coalition, float]:
        """Coalitions that gain more than those held so far, which are none of them."""
        above = level + _SAME * self.scale
        return {s: v for s, v in values.items() if self._excess(s, v, shares) > above}

    def _add(self, values: Mapping[Coalition, float]) -> None:
        """Hold the excess of these coalitions at no more than the largest one."""
        held = [
            (s, v) for s, v in values.items() if math.isfinite(v) and 0 < len(s) < len(self.players)
        ]
        rows = np.array([[*self._members(s), 1.0] for s, _ in held])
        self.program.add(rows, self.sign * np.array([v for _, v in held]) / self.scale)

    def _members(self, coalition: Coalition) -> list[float]:
        return [self.sign * (player in coalition) for player in self.players]


def separate_by_listing(game: Game, at_once: int = 20) -> Separate:
    """The oracle of a game whose coalitions are all listed: the worst ones, exactly."""

    def separate(shares: Shares, _known: Mapping[Coalition, float]) -> Separation:
        given = game.sums([shares[p] for p in game.players])
        excess: Floats = np.where(
            np.isfinite(game.values), game.sign * (game.values - given), -math.inf
        )
        excess[[0, game.all]] = -math.inf
        worst = np.argsort(excess)[::-1][:at_once]
        values = {
            game.names(s): float(game.values[s]) for s in worst.tolist() if excess[s] > -math.inf
        }
        return Separation(values, float(excess[worst[0]]))

    return separate


Price = Callable[[Coalition], float]
"""What a coalition costs by itself, inf where it cannot act; asked once for each."""


def separate_by_search(
    players: Sequence[str], price: Price, *, until: float = math.inf
) -> Separate:
    """An oracle for costs that can only be asked for: a local search that adds, drops or swaps one
    player at a time. It has no bound.

    It begins at the worst coalitions known, one for each player, among them all but one.
    """
    order = {player: place for place, player in enumerate(players)}
    but_one = [tuple(p for p in players if p != left) for left in players]
    asked: dict[Coalition, float] = {}

    def separate(shares: Shares, known: Mapping[Coalition, float]) -> Separation:
        asked.update(known)
        found: dict[Coalition, float] = {}

        def excess(coalition: Coalition) -> float:
            if coalition not in asked:
                asked[coalition] = price(coalition)
            found[coalition] = asked[coalition]
            return sum(shares[p] for p in coalition) - asked[coalition]

        proper = {s for s in known if len(s) < len(players)}.union(but_one)
        for start in sorted(sorted(proper), key=excess, reverse=True)[: len(players)]:
            best, level = start, excess(start)
            while time.perf_counter() < until:
                near = max(_neighbors(best, order), key=excess)
                if excess(near) <= level:
                    break
                best, level = near, excess(near)
        return Separation(found)

    return separate


def _neighbors(coalition: Coalition, order: Mapping[str, int]) -> list[Coalition]:
    """Proper coalitions that differ by a player more, a player less, or one for another."""
    inside, outside = set(coalition), set(order) - set(coalition)
    more = [inside | {p} for p in outside]
    less = [inside - {p} for p in inside]
    swapped = [(inside | {p}) - {q} for p in outside for q in inside]
    return [
        tuple(sorted(each, key=order.__getitem__))
        for each in (*more, *less, *swapped)
        if 0 < len(each) < len(order)
    ]


def try_in_turn(*oracles: Separate) -> Separate:
    """Oracles for costs. The next is asked only where those before it find no coalition worse than
    all known, and do not prove that there is none; the best bound of those asked counts."""

    def separate(shares: Shares, known: Mapping[Coalition, float]) -> Separation:
        def find_worst(values: Mapping[Coalition, float]) -> float:
            return max(
                (
                    sum(shares[p] for p in coalition) - cost
                    for coalition, cost in values.items()
                    if len(coalition) < len(shares)
                ),
                default=-math.inf,
            )

        values: dict[Coalition, float] = {}
        most, level = math.inf, find_worst(known)
        size = max(map(abs, shares.values()))
        for oracle in oracles:
            found = oracle(shares, known)
            values |= found.values
            most = min(most, found.most)
            above = level + _SAME * size
            if find_worst(found.values) > above or found.most <= above:
                break
        return Separation(values, most)

    return separate


def join_blocs(blocs: Mapping[str, Iterable[str]], members: Sequence[str], price: Price) -> Price:
    """What coalitions of blocs cost, whose members stay together: fewer players than members."""
    own = {bloc: frozenset(names) for bloc, names in blocs.items()}

    def price_blocs(coalition: Coalition) -> float:
        inside = frozenset().union(*(own[bloc] for bloc in coalition))
        return price(tuple(member for member in members if member in inside))

    return price_blocs

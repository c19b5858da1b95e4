"""A game of which some coalitions are known, and not all: there are too many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from cssopt.questions.sharing.games.core import ROUNDING, CoreViolation
from cssopt.solve.program import Floats

Coalition = tuple[str, ...]


def list_border_coalitions(players: Sequence[str]) -> list[Coalition]:
    """Each alone, all but each, and all."""
    return [*((p,) for p in players), *(_without(players, p) for p in players), tuple(players)]


def _without(players: Sequence[str], player: str) -> Coalition:
    return tuple(p for p in players if p != player)


@dataclass(frozen=True, eq=False)
class KnownGame:
    """Costs of some coalitions.

    Attributes
    ----------
    players: their names. known: costs by coalition, its players in their order; those of each
        alone, of all but each and of all are there. ``inf`` for one that cannot act by itself.
    doubts: by how much a cost may be above the least; none where it is what it says.
    """

    players: tuple[str, ...]
    known: Mapping[Coalition, float]
    doubts: Mapping[Coalition, float] = field(default_factory=dict)
    is_cost: bool = True

    @property
    def total(self) -> float:
        """What is shared."""
        return self.known[self.players]

    @property
    def singles(self) -> Floats:
        """The cost of each player by itself."""
        return np.array([self.known[p,] for p in self.players])

    @property
    def without_one(self) -> Floats:
        """The cost of all but each player."""
        return np.array([self.known[_without(self.players, p)] for p in self.players])

    @cached_property
    def border_doubt(self) -> float:
        """The largest doubt of the costs of each alone, of all but each and of all."""
        return max(self.doubts.get(s, 0.0) for s in list_border_coalitions(self.players))

    @property
    def total_doubt(self) -> float:
        """By how much the total may be above the least."""
        return self.doubts.get(self.players, 0.0)

    def find_violations(
        self, shares: Mapping[str, float], most: int | None = 10
    ) -> tuple[CoreViolation, ...]:
        """The known coalitions that would pay less by themselves, the worst first; none of those
        that are not known."""
        finite = [abs(cost) for cost in self.known.values() if np.isfinite(cost)]
        none = ROUNDING * max([*finite, *map(abs, shares.values()), 1e-300])
        found = [
            CoreViolation(
                coalition,
                self._mask(coalition),
                gain,
                gain / len(coalition),
                gain > self.total_doubt + none,
            )
            for coalition, cost in self.known.items()
            if len(coalition) < len(self.players)
            if (gain := sum(shares[p] for p in coalition) - cost) > none
        ]
        return tuple(sorted(found, key=lambda one: (-one.gain, len(one.coalition)))[:most])

    def _mask(self, coalition: Sequence[str]) -> int:
        return sum(1 << self.players.index(p) for p in coalition)

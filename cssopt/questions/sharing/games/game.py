"""What every coalition costs or gains by itself, over bit masks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from cssopt.solve.program import Floats

MOST_LISTED = 22
"""Players whose coalitions are all listed: 4,194,304 of them."""


@dataclass(frozen=True, eq=False)
class Game:
    """A game with the value of every coalition.

    Attributes
    ----------
    players: their names; player i is the bit ``1 << i`` of a mask.
    values: by mask, 2**n of them; 0 for the empty coalition. A coalition that cannot act by
        itself has ``inf`` where values are costs and ``-inf`` where they are gains.
    is_cost: True where values are costs, which are better small.
    doubt: by mask, by how much a value may be worse than the best there is, as it is not proven;
        empty where every value is what it says.
    """

    players: tuple[str, ...]
    values: Floats
    is_cost: bool = True
    doubt: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def count(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def all(self) -> int:
        """Mask of the coalition of all."""
        return (1 << self.count) - 1

    @property
    def total(self) -> float:
        """What is shared: the value of the coalition of all."""
        return float(self.values[self.all])

    @property
    def sign(self) -> float:
        """-1 for costs, 1 for gains: a method for gains shares ``sign * values``."""
        return -1.0 if self.is_cost else 1.0

    @property
    def gains(self) -> Floats:
        """The values as gains, by mask; ``-inf`` for a coalition that cannot act by itself."""
        return self.sign * self.values

    @property
    def singles(self) -> Floats:
        """The value of each player by itself."""
        singles: Floats = self.values[1 << np.arange(self.count)]
        return singles

    @property
    def without_one(self) -> Floats:
        """The value of all but each player."""
        others: Floats = self.values[self.all ^ (1 << np.arange(self.count))]
        return others

    @property
    def is_whole(self) -> bool:
        """True where every coalition can act by itself, so that each has a value."""
        return bool(np.isfinite(self.values).all())

    def mask(self, names: Iterable[str]) -> int:
        """The mask of a coalition."""
        return sum(1 << self.players.index(name) for name in names)

    def names(self, mask: int) -> tuple[str, ...]:
        """The players of a coalition, in their order."""
        return tuple(p for i, p in enumerate(self.players) if mask >> i & 1)

    def sums(self, shares: Sequence[float] | Floats) -> Floats:
        """What each coalition's members have together of these shares, by mask."""
        return sum_shares(np.asarray(shares, dtype=float))

    def dual(self) -> Game:
        """The game in which each coalition has what the others leave of the total."""
        return Game(self.players, self.total - self.values[::-1], self.is_cost)


def sum_shares(shares: Floats) -> Floats:
    """Sums of shares over every coalition, by mask."""
    sums = np.zeros(1 << len(shares))
    for i, share in enumerate(shares):
        sums[1 << i : 2 << i] = sums[: 1 << i] + share
    return sums

"""The Shapley value: each pays what it adds, on average over all orders of joining.

Sources: Shapley (1953), A value for n-person games; for the sampling Castro, Gomez, Molina and
Tejada (2017), Improving polynomial estimation of the Shapley value by stratified random sampling
with optimum allocation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

import numpy as np

from cssopt.questions.sharing.games.allocation import Allocation, Guarantee
from cssopt.questions.sharing.games.allot import allot, find_missing, list_masks
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.semivalue import find_semivalue
from cssopt.solve.program import Floats

_KEPT: Final = 1_000_000
"""Values that are kept for a coalition that is drawn again."""


def shapley(game: Game) -> Allocation:
    """The Shapley value, from the values of all coalitions."""
    masks = list_masks(game)
    if why_not := find_missing(game, masks):
        return Allocation("shapley", why_not=why_not)
    return allot(game, "shapley", find_semivalue(game.values, shapley_weights(game.count)), masks)


def shapley_weights(count: int) -> Floats:
    """The weight of what one of `count` players adds to a coalition, by the coalition's size."""
    return np.array([1 / (count * math.comb(count - 1, size)) for size in range(count)])


class _NoValueError(Exception):
    """A coalition that cannot act by itself was drawn."""


def count_least_samples(players: int) -> int:
    """How many samples a Shapley value of so many players takes at least."""
    return 4 * players**2


def find_shapley_by_sampling(
    value: Callable[[int], float], players: Sequence[str], samples: int, seed: int
) -> Allocation:
    """An estimate of the Shapley value, with the standard error of each share.

    What a player adds is drawn in strata, one for each player and size of the coalition that it
    joins: half of the samples evenly, the rest where draws differed most. A stratum with fewer
    coalitions than draws is worked out whole. As the shares must add up to the total, what is
    left over goes to the players in proportion to the variance of their shares, which makes the
    errors least.

    Parameters
    ----------
    value: what a coalition costs or gains, by its mask; infinite where it cannot act by itself.
    players: their names; player i is the bit ``1 << i``.
    samples: how often what a player adds is drawn; each takes two values.
    seed: of the random draws; the same seed gives the same shares.

    Raises ValueError where there are fewer than two samples for each stratum and half.
    """
    count = len(players)
    if samples < (least := count_least_samples(count)):
        raise ValueError(f"{count} players need at least {least:,} samples")
    draw = _Draw(value, players, np.random.default_rng(seed))
    try:
        means, variances = draw.find_means(samples)
        total = draw.value(draw.all)
    except _NoValueError as error:
        return Allocation("shapley", why_not=str(error))
    shares = means.mean(axis=1)
    variance = variances.sum(axis=1) / count**2
    gap = total - shares.sum()
    spread = variance.sum()
    part = variance / spread if spread else np.full(count, 1 / count)
    # Draws that were all alike tell no variance: then what is left over is all that is known of it.
    variance = variance * (1 - part) if spread else np.full(count, gap**2)
    return Allocation(
        "shapley",
        dict(zip(players, (shares + gap * part).tolist(), strict=True)),
        Guarantee.APPROXIMATE,
        note=f"Sampled: {samples:,} draws, seed {seed}; the standard error stands beside a share.",
        errors=dict(zip(players, np.sqrt(variance).tolist(), strict=True)),
    )


class _Draw:
    """Draws of what players add."""

    def __init__(
        self, value: Callable[[int], float], players: Sequence[str], random: np.random.Generator
    ) -> None:
        self.players, self.count, self.random = players, len(players), random
        self.all = (1 << self.count) - 1
        self.ask = lru_cache(_KEPT)(value)

    def find_means(self, samples: int) -> tuple[Floats, Floats]:
        """Mean of what player i adds to a coalition of a size, and the mean's variance."""
        count = self.count
        even = samples // (2 * count**2)
        strata = [(i, size) for i in range(count) for size in range(count)]
        whole = {size for size in range(count) if math.comb(count - 1, size) <= even}
        drawn = {
            (i, size): list(self._list(i, size) if size in whole else self._draw(i, size, even))
            for i, size in strata
        }
        open_strata = [stratum for stratum in strata if stratum[1] not in whole]
        spread = np.sqrt(_find_variances([drawn[stratum] for stratum in open_strata]))
        rest = samples - sum(map(len, drawn.values()))
        scale = rest / spread.sum() if spread.any() else 0.0
        for stratum, deviation in zip(open_strata, spread, strict=True):
            drawn[stratum] += self._draw(*stratum, int(deviation * scale))
        means, variances = np.zeros((2, count, count))
        for stratum, values in drawn.items():
            means[stratum] = np.mean(values)
        of_draws = _find_variances([drawn[stratum] for stratum in open_strata])
        for stratum, variance in zip(open_strata, of_draws, strict=True):
            variances[stratum] = variance / len(drawn[stratum])
        return means, variances

    def _list(self, i: int, size: int) -> Iterator[float]:
        others = [1 << j for j in range(self.count) if j != i]
        return (self._add(i, sum(joined)) for joined in combinations(others, size))

    def _draw(self, i: int, size: int, times: int) -> Iterator[float]:
        others = [1 << j for j in range(self.count) if j != i]
        for _ in range(times):
            joined = self.random.choice(self.count - 1, size, replace=False, shuffle=False)
            yield self._add(i, sum(others[j] for j in joined))

    def _add(self, i: int, mask: int) -> float:
        return self.value(mask | 1 << i) - self.value(mask)

    def value(self, mask: int) -> float:
        if not mask:
            return 0.0
        value = self.ask(mask)
        if not math.isfinite(value):
            names = "+".join(p for i, p in enumerate(self.players) if mask >> i & 1)
            raise _NoValueError(f"It needs the value of {names}, which cannot act by itself.")
        return value


def _find_variances(strata: Sequence[Sequence[float]]) -> Floats:
    """The variance of each stratum from its draws, and from all as if one more draw had shown it.

    A few draws of what differs rarely are often alike; their variance is not nothing.
    """
    own = np.array([np.var(draws, ddof=1) for draws in strata])
    counts = np.array([len(draws) for draws in strata])
    return ((counts - 1) * own + own.mean()) / counts if strata else own

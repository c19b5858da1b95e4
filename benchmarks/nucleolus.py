"""The nucleolus of games of 20 players, against coopgame-py.

``python benchmarks/nucleolus.py`` or, for another number of players, ``... nucleolus.py 16``.

Processor time of both, one after the other in one run, each game three times; a ratio below 1 means
that ours takes less. Kohlberg's criterion is part of ours. Nothing here is a test.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import coopgame
import numpy as np

from cssopt.questions.sharing.games.game import Game, sum_shares
from cssopt.questions.sharing.games.nucleolus import nucleolus
from cssopt.solve.program import Floats

TIMES = 3


def make_games(count: int) -> Iterator[tuple[str, Floats]]:
    """Gains by mask, of games that differ in their ties and levels."""
    rng = np.random.default_rng(20)
    sizes = sum_shares(np.ones(count))
    weights = rng.integers(1, 30, count).astype(float)
    sums = sum_shares(weights)
    runway = np.zeros(1 << count)
    for player, length in enumerate(weights):
        runway[1 << player : 2 << player] = np.maximum(runway[: 1 << player], length)
    left = sum_shares((np.arange(count) % 2).astype(float))
    yield "convex with noise", sizes**2 + sizes * rng.random(1 << count)
    yield (
        "superadditive, whole numbers",
        10 * sizes * (sizes - 1) + rng.integers(0, 10, 1 << count) * (sizes > 0),
    )
    yield "bankruptcy", np.maximum(0.0, 0.6 * sums[-1] - sums[::-1])
    yield "weighted majority", (sums > sums[-1] / 2).astype(float)
    yield "gloves", np.minimum(left, sizes - left)
    yield "airport", -runway


def find_seconds(solve: Callable[[Any], Any], game: Any) -> tuple[float, Any]:
    """Median of processor time, and what was found."""
    seconds = []
    for _ in range(TIMES):
        begun = time.process_time()
        found = solve(game)
        seconds.append(time.process_time() - begun)
    return median(seconds), found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(f"| {count} players | ratio | seconds, ours / theirs | shares differ by |")
    print("|---|---|---|---|")
    for name, values in make_games(count):
        values[0] = 0.0
        own, found = find_seconds(nucleolus, Game(tuple(map(str, range(count))), values, False))
        other, known = find_seconds(coopgame.nucleolus, coopgame.Game(values[1:].tolist()))
        off = np.abs(np.array(list(found.shares.values())) - known["allocation"]).max()
        print(
            f"| {name} | {own / other:.2f} | {own:.2f} / {other:.2f} "
            f"| {off / np.abs(values).max():.0e} of the largest value |",
            flush=True,
        )


if __name__ == "__main__":
    main()

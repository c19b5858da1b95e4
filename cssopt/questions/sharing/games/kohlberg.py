"""Kohlberg's criterion: whether shares are a nucleolus, told without looking for one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from cssopt.questions.sharing.games.allot import Masks
from cssopt.questions.sharing.games.excess import Excess, Scaled
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.span import Span, list_members
from cssopt.solve.growing_program import GrowingProgram, LeastPoint
from cssopt.solve.program import Floats

_FIRST, _MORE = 1 << 10, 16
"""Coalitions that are sorted first, and how many times more each time that they do not suffice."""

_UNBALANCED = 1e-7
"""Gain along a direction that no coalition loses by, above which there is one."""


def check_kohlberg(
    game: Game,
    shares: Mapping[str, float],
    excess: Excess = Excess.WHOLE,
    *,
    is_rational: bool = True,
) -> bool:
    """True where shares are a nucleolus of the game (Kohlberg 1971), or a prenucleolus.

    For every level the coalitions whose excess is no lower have to be balanced: with weights above
    0 they add up to a multiple of the coalition of all; or, which is the same, no change of shares
    helps one of them and harms none. Where shares have to be individually rational, players that
    have just what they have alone count too, with weights that may be 0. Coalitions in the span of
    those before cannot fail and are not looked at; when the span is everything it ends (Benedek,
    Fliege and Nguyen 2021). Excesses are divided by a positive number or by none: that leaves the
    criterion as it is.

    Parameters
    ----------
    shares: by player, in the measure of the game; differences of a 1e-9th of the largest gain of a
        coalition are not seen.
    is_rational: True for the nucleolus, False for the prenucleolus.

    Raises
    ------
    SolveError where HiGHS gives no answer to an LP.
    """
    scaled = Scaled(game, excess)
    point = scaled.read(shares)
    if abs(point.sum() - scaled.total) > scaled.tie:
        return False
    alone = scaled.is_alone & is_rational
    if (point[alone] < -scaled.tie).any():
        return False
    held = alone & (point <= scaled.tie)
    span = Span(game.count)
    for masks in _split_levels(scaled.find_excesses(point), scaled.tie):
        rows = list_members(masks, game.count)
        rows = rows[span.find_outside(rows)]
        if len(rows) and not _is_balanced(rows, span, held):
            return False
        span.add(rows)
        if span.is_full:
            break
    return True


def _split_levels(excesses: Floats, tie: float) -> Iterator[Masks]:
    """Coalitions of equal excess, the largest first; as few as are asked for are sorted."""
    below, count = math.inf, _FIRST
    while True:
        lowest = -math.inf
        if count < len(excesses):
            lowest = float(np.partition(excesses, -count)[-count])
        wanted = np.isfinite(excesses) & (excesses >= lowest) & (excesses < below)
        masks = np.flatnonzero(wanted)
        masks = masks[np.argsort(-excesses[masks], kind="stable")]
        ends = np.flatnonzero(-np.diff(excesses[masks]) > tie) + 1
        begin = 0
        for end in ends.tolist():
            yield masks[begin:end]
            begin = end
        if lowest == -math.inf:
            if begin < len(masks):
                yield masks[begin:]
            return
        # The last level may go on among those that were not sorted.
        below = float(np.nextafter(excesses[masks[begin]], math.inf))
        count *= _MORE


def _is_balanced(rows: Floats, span: Span, held: NDArray[np.bool_]) -> bool:
    """True where no change of shares that leaves the span as it is gives one of the coalitions more
    and none of them, nor a player that is held, less."""
    mean = rows.mean(axis=0)
    if np.abs(mean @ span.free).max() < 1e-12:
        return True
    size = rows.shape[1]
    program = GrowingProgram(
        costs=-mean,
        lower=np.where(held, 0.0, -1.0),
        upper=np.ones(size),
        fixed=span.rows,
        at=np.zeros(len(span.rows)),
    )
    known: set[int] = set()

    def find_broken(optimum: LeastPoint) -> tuple[Floats, Floats]:
        found = -optimum.value > _UNBALANCED
        worst = _find_harmed(rows @ optimum.x, known) if found else np.zeros(0, int)
        known.update(worst.tolist())
        return rows[worst], np.zeros(len(worst))

    return -program.solve_growing(find_broken).value <= _UNBALANCED


def _find_harmed(changes: Floats, known: set[int]) -> Masks:
    """Places of the coalitions that lose most by a change, but for those that are known."""
    order = np.argsort(changes, kind="stable")[:200]
    return np.array([p for p in order.tolist() if changes[p] < -1e-9 and p not in known], int)

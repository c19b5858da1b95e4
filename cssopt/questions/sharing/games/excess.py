"""What a coalition lacks: its excess, as it is, for each member, or in proportion to its value."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np

from cssopt.questions.sharing.games.allot import Masks, write_coalition
from cssopt.questions.sharing.games.game import MOST_LISTED, Game, sum_shares
from cssopt.solve.program import Floats

LARGEST = 1000.0
"""What the largest gain is in LPs, so that their tolerance of 1e-9 is a 1e-12th of it."""

_ROUNDING = 4 * float(np.finfo(float).eps)


class Excess(StrEnum):
    """How the excess of a coalition is measured; the word says what it is divided by."""

    WHOLE = "whole"
    """``e(S, x) = v(S) - x(S)`` for gains and ``x(S) - c(S)`` for costs (Schmeidler 1969)."""
    PER_MEMBER = "per head"
    """``e(S, x) / |S|`` (Grotte 1970)."""
    PER_VALUE = "per value"
    """``e(S, x) / v(S)`` or ``e(S, x) / c(S)`` (Young, Okada and Hashimoto 1982)."""


def explain_none(game: Game, excess: Excess, *, is_rational: bool) -> str:
    """Why no shares can be found by this excess; empty where they may be.

    `is_rational`: shares have to leave each player at least as well off as by itself.
    """
    if game.count > MOST_LISTED:
        return (
            f"Every coalition is listed for it, which is done to {MOST_LISTED} players; "
            f"the game has {game.count}."
        )
    if not np.isfinite(game.total):
        return "The coalition of all cannot act, so there is nothing to share."
    if excess is Excess.PER_VALUE and not (game.values[1:] > 0).all():
        mask = 1 + int(np.argmin(game.values[1:] > 0))
        return (
            f"The value of {write_coalition(game, mask)} is {game.values[mask]:g}: an excess in "
            "proportion to the value has a meaning only where every value is above 0."
        )
    if is_rational and np.isfinite(game.singles).all() and Scaled(game).total < 0:
        together = float(game.singles.sum())
        return (
            f"There is no imputation: by themselves the players have {together:g} in sum, which is "
            f"better than the {game.total:g} of all together, so that somebody is worse off than "
            "alone whatever the shares. The prenucleolus does not ask for that."
        )
    return ""


class Scaled:
    """The coalitions of a game as gains over what their members gain alone, the largest being
    `LARGEST`.

    Excesses are the same but for the scale. In this measure tolerances mean the same in every game,
    and a difference of 1 among values of a million is not lost.

    Attributes
    ----------
    gains: by mask; -inf for coalitions without an excess: none, all, and those that cannot act.
    total: of all. weights: what excesses are divided by, by mask; None where by nothing.
    alone: what each player gains by itself, in the measure of the game; 0 where it cannot act.
    is_alone: True for players that can act by themselves.
    scale: one of `gains` in the measure of the game. tie: excesses no farther apart are equal.
    """

    def __init__(self, game: Game, excess: Excess = Excess.WHOLE) -> None:
        self.game = game
        singles = game.sign * game.singles
        self.is_alone = np.isfinite(singles)
        self.alone: Floats = np.where(self.is_alone, singles, 0.0)
        finite = np.isfinite(game.values)
        gains = np.where(finite, game.gains, -np.inf) - sum_shares(self.alone)
        # What adding up loses is no difference: 0.1 + 0.2 - 0.3 is nothing.
        size = np.abs(np.where(finite, game.values, 0.0)) + sum_shares(np.abs(self.alone))
        gains[np.abs(gains) <= _ROUNDING * game.count * size] = 0.0
        # Where nobody gains anything, what they have alone says what is little.
        largest = float(np.abs(gains[finite]).max(initial=0.0)) or float(size.max())
        self.scale = (largest or 1.0) / LARGEST
        gains /= self.scale
        self.total = float(gains[game.all])
        gains[[0, game.all]] = -np.inf
        self.gains: Floats = gains
        self.weights, heaviest = _weigh(game, excess)
        self._unit = self.scale / heaviest
        lightest = 1.0 if self.weights is None else float(self.weights.min())
        lost = _ROUNDING * game.count * float(size.max()) / self.scale
        self.tie = 1e-9 * LARGEST + lost / min(1.0, lightest)

    def find_excesses(self, point: Floats) -> Floats:
        """Excess of each coalition by mask at a point of this measure; -inf where it has none."""
        excesses: Floats = self.gains - sum_shares(point)
        if self.weights is not None:
            excesses /= self.weights
        return excesses

    def weigh(self, masks: Masks) -> Floats:
        """What the excesses of these coalitions are divided by."""
        return np.ones(len(masks)) if self.weights is None else self.weights[masks]

    def show(self, point: Floats) -> dict[str, float]:
        """A point of this measure as shares, in that of the game."""
        shares = self.game.sign * (point * self.scale + self.alone) + 0.0
        return dict(zip(self.game.players, shares.tolist(), strict=True))

    def read(self, shares: Mapping[str, float]) -> Floats:
        """Shares as a point of this measure."""
        given = np.array([shares[player] for player in self.game.players], dtype=float)
        point: Floats = (self.game.sign * given - self.alone) / self.scale
        return point

    def show_excess(self, excess: float) -> float:
        """An excess of this measure in that of the game."""
        return excess * self._unit


def _weigh(game: Game, excess: Excess) -> tuple[Floats | None, float]:
    """What excesses are divided by, by mask, and of what it is a part."""
    if excess is Excess.WHOLE:
        return None, 1.0
    if excess is Excess.PER_MEMBER:
        sizes = sum_shares(np.ones(game.count))
        sizes[0] = 1.0
        return sizes, 1.0
    weights = np.where(np.isfinite(game.values), game.values, 0.0)
    weights[game.all] = 0.0
    largest = float(weights.max()) or 1.0
    return np.where(weights > 0, weights / largest, 1.0), largest

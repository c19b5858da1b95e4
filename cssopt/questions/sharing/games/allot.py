"""From an array of shares to an allocation: what is missing, and what is not proven, is told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cssopt.questions.sharing.games.allocation import Allocation, Guarantee
from cssopt.questions.sharing.games.game import Game
from cssopt.solve.program import Floats
from cssopt.tables.numbers import say

Masks = NDArray[np.int64]
"""Coalitions, one mask each."""


def list_masks(game: Game) -> Masks:
    """Every coalition."""
    return np.arange(1 << game.count)


def list_border(game: Game) -> Masks:
    """Each player by itself, all but each, and all: what most rules of engineers ask for."""
    singles = 1 << np.arange(game.count)
    return np.concatenate([singles, game.all ^ singles, [game.all]])


def write_coalition(game: Game, mask: int) -> str:
    """A coalition as files and messages have it, such as ``A+C``."""
    return "+".join(game.names(mask))


def find_missing(game: Game, masks: Masks) -> str:
    """Why a method that needs the values of these coalitions gives nothing; empty where it can."""
    missing = masks[~np.isfinite(game.values[masks])]
    if not missing.size:
        return ""
    others = len(np.unique(missing)) - 1
    more = f" (and of {others} other coalition{'s' if others > 1 else ''})" if others else ""
    value = "cost" if game.is_cost else "gain"
    first = write_coalition(game, int(missing[0]))
    return f"It needs the {value} of {first}{more}; what cannot act by itself has none."


def find_doubt(game: Game, masks: Masks) -> str:
    """How far the values of these coalitions are in doubt, a sentence; empty where they are not."""
    return say_doubt(float(game.doubt[masks].max()) if game.doubt.size else 0.0, game.is_cost)


def say_doubt(doubt: float, is_cost: bool) -> str:
    """How far values are in doubt, a sentence; empty where they are not."""
    if not doubt > 0.0:
        return ""
    values, way = ("Costs", "high") if is_cost else ("Gains", "low")
    if math.isinf(doubt):
        return f"{values} enter of which nobody knows how far they are too {way}."
    return f"{values} that are not proven enter: one may be up to {say(doubt)} too {way}."


def with_doubt(found: Allocation, doubt: str) -> Allocation:
    """Shares that go by values in doubt, as a sentence says it: approximate; as they were where
    nothing is in doubt, or there are none."""
    if not found.is_found or not doubt:
        return found
    note = " ".join(filter(None, (found.note, doubt)))
    return replace(found, guarantee=Guarantee.APPROXIMATE, note=note)


def is_nothing(number: float, game: Game) -> bool:
    """True for a sum that differs from 0 by no more than the rounding of the values in it."""
    finite = game.values[np.isfinite(game.values)]
    return abs(number) <= 1e-12 * game.count * float(np.abs(finite).max())


def allot(
    game: Game,
    method: str,
    shares: Floats,
    masks: Masks,
    note: str = "",
    figures: Mapping[str, float] | None = None,
) -> Allocation:
    """The allocation of an array of shares that was worked out from the values of `masks`."""
    doubt = find_doubt(game, masks)
    return Allocation(
        method,
        dict(zip(game.players, shares.tolist(), strict=True)),
        Guarantee.APPROXIMATE if doubt else Guarantee.EXACT,
        note=" ".join(filter(None, (note, doubt))),
        figures=figures or {},
    )

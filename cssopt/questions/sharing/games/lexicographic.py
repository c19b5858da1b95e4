"""Excesses made as small as can be: the largest first, then the next, until shares are one point.

A sequence of LPs (Kopelowitz 1967; Maschler, Peleg and Shapley 1979). Each finds the least largest
excess of the coalitions whose shares can still move, and settles those whose price is above 0: they
have that excess in all optima, not only in the one that was found (Potters, Reijnierse and Ansing
1996). What lies in their span is settled with them, so that every LP widens the span and at most
n - 1 are solved. Coalitions enter an LP when it breaks them. The digits are not the LP's: it says
which equations hold, and these are solved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cssopt.errors import SolveError
from cssopt.questions.sharing.games.allot import Masks
from cssopt.questions.sharing.games.excess import LARGEST, Excess, Scaled
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.span import Span, list_members
from cssopt.solve.growing_program import GrowingProgram, LeastPoint
from cssopt.solve.program import Floats

FAR = 1e4 * LARGEST
"""How far a share may be from what its player has alone, beside the largest gain of a coalition.
Shares that would go farther go to infinity: too few coalitions can act to hold them."""

BROKEN = 1e-12 * LARGEST
"""By how much an excess is above the largest where its coalition has to enter."""

_PRICED = 1e-9
"""Price, as a part of the highest, above which a row is tight in all optima."""

_MOST_OFF = 1e-6
"""By how much an LP may differ from the equations that it says hold, beside their largest."""

_PARTS = 64
"""In how many parts of the list of coalitions the worst is looked for."""


@dataclass(frozen=True)
class Leximin:
    """Where the excesses are as small as can be, in the measure of the game.

    Attributes
    ----------
    shares: by player; they say nothing where they are not single.
    levels: the least largest excess of each LP.
    is_single: True where excesses are as small at no other shares.
    tie: excesses no farther apart are equal.
    """

    shares: dict[str, float]
    levels: tuple[float, ...]
    is_single: bool
    tie: float


def minimize_excesses(
    game: Game, excess: Excess, *, is_rational: bool, only_first: bool = False
) -> Leximin | None:
    """The shares whose excesses, sorted from the largest, are lexicographically least.

    Parameters
    ----------
    game: one of which `explain_none` has nothing to say.
    is_rational: each player that can act by itself has at least what it has alone.
    only_first: True where the least largest excess is all that is asked.

    Returns
    -------
    None where not even the largest excess has a least value, as too few coalitions can act.

    Raises
    ------
    SolveError where HiGHS gives no answer to an LP.
    """
    search = _Search(Scaled(game, excess), is_rational=is_rational)
    while not search.span.is_full and search.widen() and not only_first:
        pass
    if not search.levels and game.count > 1:
        return None
    return Leximin(
        search.scaled.show(search.point),
        tuple(map(search.scaled.show_excess, search.levels)),
        search.span.is_full,
        search.scaled.show_excess(search.scaled.tie),
    )


def find_worst(excesses: Floats, above: float, known: set[int]) -> Masks:
    """Coalitions with the largest excess above a level, one for each part of the list, but for
    those that are known."""
    parts = excesses.reshape(min(_PARTS, len(excesses)), -1)
    worst = parts.argmax(axis=1) + np.arange(len(parts)) * parts.shape[1]
    return np.array([m for m in worst.tolist() if excesses[m] > above and m not in known], int)


class _Search:
    """The sequence of LPs for one game.

    Attributes
    ----------
    scaled: the game; coalitions that are settled have no excess any more.
    span: of the coalitions that are settled. point: at which they have what they are to have.
    levels: the least largest excess of each LP. least: what each player has at least.
    entered: coalitions that have entered an LP.
    """

    def __init__(self, scaled: Scaled, *, is_rational: bool) -> None:
        self.scaled = scaled
        self.count = scaled.game.count
        self.span = Span(self.count)
        self.point: Floats = np.full(self.count, scaled.total / self.count)
        self.levels: list[float] = []
        self.least: Floats = np.where(scaled.is_alone & is_rational, 0.0, -FAR)
        ones = 1 << np.arange(self.count)
        self.entered: Masks = np.unique(np.concatenate([ones, scaled.game.all ^ ones]))
        # By LP: rows that hold, over shares and its level, and what they come to.
        self._equations: list[tuple[Floats, Floats]] = []

    def widen(self) -> bool:
        """Solve the next LP and settle what it says; False where it has no least value."""
        moving = self.entered[np.isfinite(self.scaled.gains[self.entered])]
        if not len(moving):
            moving = np.array([np.argmax(self.scaled.gains)])
            if not np.isfinite(self.scaled.gains[moving[0]]):
                return False
        optimum, moving = self._solve(moving)
        prices = optimum.prices / np.sqrt(self.scaled.weigh(moving))
        none = _PRICED * prices.max()
        bounded = optimum.columns[:-1]
        if np.any(bounded[self.least == -FAR] > none) or np.any(bounded < -none):
            return False
        self._hold(moving[prices > none], np.flatnonzero(bounded > none))
        self._refine(float(optimum.x[-1]))
        if not self.span.is_full:
            self.scaled.gains[self.span.find_settled()] = -np.inf
        self.entered = moving
        return True

    def _solve(self, moving: Masks) -> tuple[LeastPoint, Masks]:
        """The LP over shares and the largest excess: its optimum, and what entered it."""
        settled = self.span.rows
        program = GrowingProgram(
            costs=np.append(np.zeros(self.count), 1.0),
            lower=np.append(self.least, -np.inf),
            upper=np.append(np.full(self.count, FAR), np.inf),
            fixed=np.column_stack([settled, np.zeros(len(settled))]),
            at=settled @ self.point,
        )
        entered: list[int] = []

        def enter(masks: Masks) -> tuple[Floats, Floats]:
            entered.extend(masks.tolist())
            return self._read_rows(masks)

        def find_broken(optimum: LeastPoint) -> tuple[Floats, Floats]:
            excesses = self.scaled.find_excesses(optimum.x[:-1])
            return enter(find_worst(excesses, optimum.value + BROKEN, set(entered)))

        program.add(*enter(moving))
        optimum = program.solve_growing(find_broken)
        return optimum, np.array(entered)

    def _read_rows(self, masks: Masks) -> tuple[Floats, Floats]:
        """Shares and largest excess with the gain that coalitions have in sum; divided by the root
        of what excesses are divided by, so that no coefficient is too small or too large."""
        weights = self.scaled.weigh(masks)
        rows, size = np.column_stack([list_members(masks, self.count), weights]), np.sqrt(weights)
        return rows / size[:, None], self.scaled.gains[masks] / size

    def _hold(self, masks: Masks, players: Masks) -> None:
        """Settle coalitions at the level of this LP, and players at what they have alone."""
        own, members = np.eye(self.count + 1)[players], list_members(masks, self.count)
        if not self.span.find_outside(np.vstack([members, own[:, :-1]])).any():
            raise SolveError("a small program has no row that is tight in all its optima")
        rows, gains = self._read_rows(masks)
        self._equations.append((np.vstack([rows, own]), np.append(gains, np.zeros(len(players)))))
        self.span.add(members)
        self.span.add(own[:, :-1])

    def _refine(self, level: float) -> None:
        """Solve the equations that hold for point and levels, of which the LP has ten digits."""
        count, found = self.count, len(self._equations)
        blocks = [np.append(np.ones(count), np.zeros(found))[None]]
        for place, (rows, _) in enumerate(self._equations):
            block = np.zeros((len(rows), count + found))
            block[:, :count], block[:, count + place] = rows[:, :-1], rows[:, -1]
            blocks.append(block)
        matrix = np.vstack(blocks)
        gains = np.concatenate([[self.scaled.total], *(gains for _, gains in self._equations)])
        exact = np.linalg.lstsq(matrix, gains, rcond=None)[0]
        off = max(
            float(np.abs(matrix @ exact - gains).max()) / max(LARGEST, float(np.abs(gains).max())),
            abs(exact[-1] - level) / max(LARGEST, abs(level)),
        )
        if off > _MOST_OFF:
            raise SolveError(f"a small program is {off:.1e} off the equations that it says hold")
        self.point, self.levels = exact[:count], exact[count:].tolist()

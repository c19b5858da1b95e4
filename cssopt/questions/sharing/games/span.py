"""Which coalitions' shares are settled: those in the span of coalitions whose shares are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cssopt.questions.sharing.games.allot import Masks
from cssopt.questions.sharing.games.game import sum_shares
from cssopt.solve.program import Floats

_NOTHING = 1e-9
"""Length up to which a coalition has no part outside a span; rows are of 0 and 1."""

_SAMPLE = 250


def list_members(masks: Masks, count: int) -> Floats:
    """Coalitions as rows: 1 in the column of each member."""
    octets = masks.astype("<u4").view(np.uint8).reshape(-1, 4)
    return np.unpackbits(octets, axis=1, count=count, bitorder="little").astype(float)


class Span:
    """The span of coalitions as vectors of 0 and 1; at first that of the coalition of all.

    Attributes
    ----------
    rows: independent ones of those added. free: directions in which shares can still move and
        leave the shares of all these coalitions as they are: orthonormal columns.
    """

    def __init__(self, count: int) -> None:
        self.rows = np.zeros((0, count))
        self.free = np.eye(count)
        self.add(np.ones((1, count)))

    @property
    def is_full(self) -> bool:
        """True where nothing can move: the shares are one point."""
        return not self.free.shape[1]

    def find_outside(self, rows: Floats) -> NDArray[np.bool_]:
        """True for rows outside the span."""
        outside: NDArray[np.bool_] = self._lengths(rows) > _NOTHING
        return outside

    def add(self, rows: Floats) -> None:
        """Widen the span by rows: the one farthest outside first."""
        # Of many rows a sample gives nearly all of the span; all of them are seen once or twice.
        for some in (rows[:: len(rows) // _SAMPLE + 1], rows):
            while not self.is_full:
                lengths = self._lengths(some)
                if lengths.max(initial=0.0) <= _NOTHING:
                    break
                self.rows = np.vstack([self.rows, some[lengths.argmax()]])
                self.free = np.linalg.svd(self.rows)[2][len(self.rows) :].T

    def _lengths(self, rows: Floats) -> Floats:
        lengths: Floats = np.linalg.norm(rows @ self.free, axis=1)
        return lengths

    def find_settled(self) -> Masks:
        """Masks of all coalitions in the span.

        Along two random directions that are free only coalitions in the span stay where they are,
        but for a chance of about 1e-12 with 22 players, which Kohlberg's criterion would tell.
        """
        first, second = (self.free @ np.random.default_rng(1).random((self.free.shape[1], 2))).T
        masks = np.flatnonzero(np.abs(sum_shares(first)) < _NOTHING)
        moves = np.zeros(len(masks))
        for player, move in enumerate(second):
            moves += move * (masks >> player & 1)
        return masks[np.abs(moves) < _NOTHING]

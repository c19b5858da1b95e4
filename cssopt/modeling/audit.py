"""What an audit says: rules and amounts worked out again in plain arithmetic."""

from __future__ import annotations

import math
from typing import Any, Literal, NamedTuple

Sense = Literal["<=", "==", ">="]

TOLERANCE = 1e-6
"""Largest violation, relative to the size of the two sides (at least 1), that an audit accepts."""


class AuditFinding(NamedTuple):
    """One rule at one place: both sides, and by how much it is broken.

    `scale` is the size of the largest number that entered a side: rounding is judged against it.
    """

    rule: str
    where: tuple[Any, ...]
    left: float
    sense: Sense
    right: float
    scale: float = 1.0

    @property
    def violation(self) -> float:
        """How far the rule is broken, relative to the size of its sides; 0 where it holds.

        Infinite where a side is no number, which can be compared with nothing.
        """
        return self.beyond(0.0)

    def beyond(self, allowed: float) -> float:
        """As `violation`, of what the sides are apart by more than is allowed."""
        gap = self.left - self.right
        if self.sense == "==":
            gap = abs(gap)
        elif self.sense == ">=":
            gap = -gap
        gap -= allowed
        if gap <= 0:
            return 0.0
        size = max(1.0, self.scale, abs(self.left), abs(self.right))
        return gap / size if math.isfinite(gap) else math.inf


class PostedAmount(NamedTuple):
    """One ledger amount worked out again."""

    entry: str
    bearer: str
    year: int
    amount: float


class Supply(NamedTuple):
    """One component's part of a balance worked out again."""

    balance: str
    key: Any
    amount: float


class LeftOut(NamedTuple):
    """One declared rule that an audit does not work out again, and why not."""

    rule: str
    why: str


def holds(
    rule: str, where: tuple[Any, ...], left: float, sense: Sense, right: float, scale: float = 1.0
) -> AuditFinding:
    """State that ``left sense right`` for a rule at a place (its key)."""
    return AuditFinding(rule, where, left, sense, right, scale)


def amount(entry: str, bearer: str, year: int, value: float) -> PostedAmount:
    """State what a ledger entry must amount to."""
    return PostedAmount(entry, bearer, year, value)


def supplies(balance: str, key: Any, value: float) -> Supply:
    """State what this component's postings to a balance must add up to for a key."""
    return Supply(balance, key, value)


def leaves_out(rule: str, why: str) -> LeftOut:
    """State that a declared constraint is not worked out again, and why: every report tells it."""
    return LeftOut(rule, why)

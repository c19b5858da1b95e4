"""What a method of sharing gives each player, and how far it can be relied on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Guarantee(StrEnum):
    """What stands behind a figure; the weakest word of all that entered it is told."""

    EXACT = "exact"
    """Plain arithmetic on given values: nothing but the rounding of a computer is lost."""
    PROVEN = "proven"
    """Optima that the solver proved stand behind it, up to its gap of nothing."""
    CERTIFIED = "certified"
    """It was found by a search, and a second calculation proved that it is the answer."""
    APPROXIMATE = "approximate"
    """Sampled, or costs that are not proven enter: how far off it may be stands beside it."""

    @classmethod
    def weakest(cls, *words: Guarantee) -> Guarantee:
        """The weakest of several."""
        order = list(cls)
        return max(words, key=order.index)


@dataclass(frozen=True)
class Allocation:
    """How one method shares the total.

    Attributes
    ----------
    method: its name, as ``nucleolus``.
    shares: by player, in the measure of the game; empty where the method gives none.
    guarantee: what stands behind the shares.
    why_not: why it gives none, a sentence for a planner; empty where it does.
    note: what must be known of the shares; empty where nothing.
    errors: standard error by player, where shares were sampled.
    figures: further figures of the method by name, as ``{"largest excess": 1.6}``.
    """

    method: str
    shares: Mapping[str, float] = field(default_factory=dict)
    guarantee: Guarantee = Guarantee.EXACT
    why_not: str = ""
    note: str = ""
    errors: Mapping[str, float] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_found(self) -> bool:
        """True where there are shares."""
        return bool(self.shares)

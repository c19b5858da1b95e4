"""One figure about the spread of a burden, and why where it cannot be given."""

from __future__ import annotations

from dataclasses import dataclass

from cssopt.questions.sharing.games.allocation import Guarantee


@dataclass(frozen=True)
class Statistic:
    """One figure about numbers of members.

    Attributes
    ----------
    name: as ``Spearman rank correlation``. value: None where it cannot be given.
    p_value: the probability of a value as far out by chance alone; None where none is asked.
    guarantee: what stands behind the value and its probability.
    why_not: why there is no value, a sentence; empty where there is one.
    note: what must be known of it; empty where nothing.
    """

    name: str
    value: float | None = None
    p_value: float | None = None
    guarantee: Guarantee = Guarantee.EXACT
    why_not: str = ""
    note: str = ""

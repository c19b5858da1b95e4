"""What sharing finds: the shares of every method, with who would object to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.core import CoreViolation
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.power import Power
from cssopt.solution.verdicts import Audits
from cssopt.solve.outcome import Status


@dataclass(frozen=True)
class MethodShares:
    """The shares of one method.

    Attributes
    ----------
    title: as a planner calls the method. says: what it does, one sentence. group: what it goes by.
    is_stable: True where no coalition would do better by itself, False where one would; None where
        that is not known, or there are no shares.
    violations: the coalitions that would do better, the worst first.
    is_main: True for one of the few ways that the first page shows.
    """

    allocation: Allocation
    title: str
    says: str
    group: str
    is_stable: bool | None = None
    violations: tuple[CoreViolation, ...] = ()
    is_main: bool = False

    @property
    def method(self) -> str:
        """Its name, as in files."""
        return self.allocation.method


@dataclass(frozen=True)
class Core:
    """Whether there are shares with which no coalition would do better by itself.

    Attributes
    ----------
    is_empty: None where that is not known.
    epsilon: the least that the most dissatisfied coalition would gain, over all ways of sharing;
        below 0 where all would lose. None where there is none.
    subsidy: what somebody would have to add so that nobody leaves (the cost of stability).
    why_not: why it is not known; empty where it is.
    """

    is_empty: bool | None
    epsilon: float | None = None
    subsidy: float | None = None
    why_not: str = ""


@dataclass(frozen=True)
class GameSharing:
    """A game from a file, shared by every method.

    Attributes
    ----------
    source: name of the file. power: of each vote, in a game of votes.
    """

    source: str
    game: Game
    core: Core
    methods: tuple[MethodShares, ...]
    power: tuple[Power, ...] = ()
    audits: Audits = field(default_factory=Audits)
    status: Status = Status.OPTIMAL


@dataclass(frozen=True)
class ClaimsSharing:
    """An estate on which more is claimed than there is, shared by every rule.

    Attributes
    ----------
    source: name of the file. claims: by claimant.
    """

    source: str
    estate: float
    claims: Mapping[str, float]
    methods: tuple[MethodShares, ...]
    audits: Audits = field(default_factory=Audits)
    status: Status = Status.OPTIMAL

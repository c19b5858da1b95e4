"""Who pays what: every accepted way of sharing, from what each coalition would spend by itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cssopt.document.document import Document
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.common_options import Common, option
from cssopt.questions.question import Asking, question, verb
from cssopt.questions.sharing.find import share_claims, share_game
from cssopt.questions.sharing.result import ClaimsSharing, GameSharing
from cssopt.questions.sharing.show_game import show_claims, show_game

Sharing = GameSharing | ClaimsSharing


@question("share")
@dataclass(frozen=True, kw_only=True)
class Share(Common):
    """Share the burden by every accepted way, and show who would object, and who would agree."""

    game: Path | None = option(
        None,
        "In place of a workbook: a file of what each coalition costs or gains. CSV has the columns "
        'coalition,value; JSON is {"values": {"A": 10, "A+B": 18}}. A coalition is names joined by '
        "+, or letters side by side where every name is one letter.",
    )
    claims: Path | None = option(
        None,
        "In place of a workbook: a file of an estate and of claims on it. CSV has the columns "
        'claimant,claim with a row named estate; JSON is {"estate": 100, "claims": {"A": 80}}.',
    )
    costs: bool = option(
        True, "Whether values of --game are costs or gains.", flag="--costs/--gains"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.game is not None and self.claims is not None:
            text = "is asked beside --game, and each is a question of its own. Name one of them."
            raise DataError([Issue("E-541", "--claims", text)])

    @property
    def own_source(self) -> Path | None:
        """The file that is read in place of a workbook."""
        return self.game or self.claims

    def find(self, asked: Asking) -> Sharing:
        """The shares of every method."""
        if self.game is not None:
            return share_game(self.game, is_cost=self.costs)
        if self.claims is not None:
            return share_claims(self.claims)
        raise NotImplementedError

    def show(self, found: Sharing, asked: Asking) -> Document:
        """The answer, to be read."""
        facts = asked.facts(found.audits, self.own_source)
        if isinstance(found, ClaimsSharing):
            return show_claims(found, facts)
        return show_game(found, facts)


share = verb(Share)

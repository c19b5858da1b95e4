"""Who pays what: every accepted way of sharing, from what each coalition would spend by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from cssopt.assembly.instance import find_coalition
from cssopt.document.document import Document
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.common_options import Common, find_option, option, split_names
from cssopt.questions.question import Asking, question, verb
from cssopt.questions.sharing.book import BookSharing, Draws, VotesNeeded, share_book
from cssopt.questions.sharing.find import share_claims, share_game
from cssopt.questions.sharing.methods import Terms, read_unions
from cssopt.questions.sharing.result import ClaimsSharing, GameSharing
from cssopt.questions.sharing.show_book import show_book
from cssopt.questions.sharing.show_game import show_claims, show_game

Sharing = GameSharing | ClaimsSharing | BookSharing


@question("share")
@dataclass(frozen=True, kw_only=True)
class Share(Common):
    """Share the burden by every accepted way, and show who would object, and who would agree."""

    game: str | Path | None = option(
        None,
        "In place of a workbook: a file of what each coalition costs or gains. CSV has the columns "
        'coalition,value; JSON is {"values": {"A": 10, "A+B": 18}}. A coalition is names joined by '
        "+, or letters side by side where every name is one letter.",
        read=Path,
    )
    claims: str | Path | None = option(
        None,
        "In place of a workbook: a file of an estate and of claims on it. CSV has the columns "
        'claimant,claim with a row named estate; JSON is {"estate": 100, "claims": {"A": 80}}.',
        read=Path,
    )
    costs: bool = option(
        True, "Whether values of --game are costs or gains.", flag="--costs/--gains"
    )

    strict: bool = option(
        False,
        "No shortfall is allowed: coalitions are compared at needs met in full, not at the "
        "security that members have alone.",
    )
    methods: Sequence[str] = option(
        (), "A way of sharing that is asked for, such as shapley. Default: all.", flag="--method"
    )
    choose: str | None = option(
        None,
        "The way of sharing that payments carry out and that is held beside benefits. Default: "
        "the nucleolus.",
    )
    unions: str | None = option(
        None,
        "Blocs that act as one, such as A+B,C+D, for the Owen value. Who is not named acts alone.",
    )
    floor_share: float = option(
        0.0, "The least that any member bears by a key, of the whole.", least=0, most=1, share=True
    )
    ceiling_share: float = option(
        1.0, "The most that any member bears by a key, of the whole.", least=0, most=1, share=True
    )
    withholds: Sequence[str | int] | None = option(
        None,
        "Members that pay nothing, such as A,B: the others bear it by the key.",
        read=split_names,
    )
    cut: bool = option(
        False, "What members withhold is cut from the whole, and nobody else bears it."
    )
    votes_needed: float = option(
        2 / 3, "Part of all votes that a majority by votes needs.", least=0, most=1, share=True
    )
    members_needed: float = option(
        0.55, "Part of the members that a double majority needs.", least=0, most=1, share=True
    )
    people_needed: float = option(
        0.65, "Part of the people that a double majority needs.", least=0, most=1, share=True
    )
    blockers: int = option(
        1,
        "How many members must be against at least to block a double majority by people: 4 in the "
        "Council of the European Union.",
        least=1,
        most=100,
        whole=True,
    )
    apart: bool = option(
        False,
        "Coalitions act in parts, each by itself, where that is cheaper or they have no joint "
        "plan; with up to 16 members.",
    )
    listed: int = option(
        12,
        "Members up to whom every coalition is priced. With more, each alone, all together, all "
        "but each, and the worst that are found.",
        least=1,
        most=22,
        whole=True,
    )
    samples: int | None = option(
        None,
        "Draws for the Shapley value where not every coalition is priced, at least 4 times the "
        "square of the number of members; each may need the cost of two more coalitions.",
        least=1,
        whole=True,
    )
    seed: int = option(
        0, "Only with --samples: the same seed, the same draws.", least=0, whole=True
    )
    fair: Sequence[float] = option(
        (),
        "How much more than the cheapest plan may be spent for a more even burden, such as 1% or "
        "0.01; each level is solved, and what it adds is told.",
        least=0,
        share=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.game is not None and self.claims is not None:
            text = "is asked beside --game, and each is a question of its own. Name one of them."
            raise DataError([Issue("E-541", "--claims", text)])
        what, heard = self._heard
        issues = [
            Issue("E-543", option.flag, f"says nothing about {what}. Leave it out.")
            for each in fields(self)
            if (option := find_option(each)) is not None
            if getattr(self, each.name) != each.default
            if (each.name not in heard if self.own_source else each.name == "costs")
        ]
        if self.cut and not self.withholds and not issues:
            text = "says nothing where nobody withholds. Name who does with --withholds."
            issues.append(Issue("E-543", "--cut", text))
        if issues:
            raise DataError(issues)

    @property
    def _heard(self) -> tuple[str, frozenset[str]]:
        """What is asked about, and the options that say something about a file of it."""
        if self.game is not None:
            return "a game from a file", frozenset({"game", "costs", "methods", "unions"})
        if self.claims is not None:
            return "claims from a file", frozenset({"claims", "methods"})
        return "a workbook, whose coalitions have costs", frozenset()

    @property
    def own_source(self) -> Path | None:
        """The file that is read in place of a workbook."""
        source = self.claims if self.game is None else self.game
        return None if source is None else Path(source)

    def find(self, asked: Asking) -> Sharing:
        """The shares of every method."""
        if self.game is not None:
            path = Path(self.game)
            return share_game(path, is_cost=self.costs, names=self.methods, unions=self.unions)
        if self.claims is not None:
            return share_claims(Path(self.claims), self.methods)
        needed = VotesNeeded(
            self.votes_needed, self.members_needed, self.people_needed, self.blockers
        )
        members = asked.instance.coalition
        terms = Terms(
            self.floor_share,
            self.ceiling_share,
            tuple(find_coalition(asked.inputs, self.withholds)) if self.withholds else (),
            self.cut,
        )
        return share_book(
            asked.inputs,
            asked.instance,
            asked.solver,
            is_strict=self.strict,
            methods=self.methods,
            chosen=self.choose,
            unions=read_unions(self.unions, members),
            terms=terms,
            needed=needed,
            fair=self.fair,
            most_listed=self.listed,
            may_part=self.apart,
            draws=None if self.samples is None else Draws(self.samples, self.seed),
            journal=self.journal,
            processes=self.processes,
            tell=self.tell,
        )

    def show(self, found: Sharing, asked: Asking) -> Document:
        """The answer, to be read."""
        about = {
            "costs": self.game is not None and self.costs,
            "gains": not self.costs,
            "strict": self.strict,
            "apart": self.apart,
        }
        scope = "; ".join(name for name, holds in about.items() if holds)
        facts = asked.facts(found, source=self.own_source, scope=scope)
        if isinstance(found, ClaimsSharing):
            return show_claims(found, facts)
        if isinstance(found, GameSharing):
            return show_game(found, facts)
        return show_book(found, facts)


share = verb(Share)

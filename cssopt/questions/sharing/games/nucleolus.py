"""The nucleolus and its kin: the most dissatisfied coalition is as satisfied as can be, then the
next, until the shares are one point."""

from __future__ import annotations

from cssopt.errors import SolveError
from cssopt.questions.sharing.games.allocation import Allocation, Guarantee
from cssopt.questions.sharing.games.allot import find_doubt, list_masks, with_doubt
from cssopt.questions.sharing.games.excess import Excess, explain_none
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.kohlberg import check_kohlberg
from cssopt.questions.sharing.games.lexicographic import minimize_excesses

_NOT_SINGLE = (
    "Too few coalitions can act by themselves: no shares, or more than one, have the least "
    "excesses."
)
_NOT_PROVEN = "What was calculated is not shown, as it does not pass Kohlberg's criterion."


def nucleolus(game: Game) -> Allocation:
    """The nucleolus: among shares that leave each player at least as well off as by itself, those
    whose excesses are lexicographically least (Schmeidler 1969)."""
    return _find("nucleolus", game, Excess.WHOLE, is_rational=True)


def prenucleolus(game: Game) -> Allocation:
    """The prenucleolus: as the nucleolus, but a player may end worse off than by itself."""
    return _find("prenucleolus", game, Excess.WHOLE, is_rational=False)


def per_capita_nucleolus(game: Game) -> Allocation:
    """The per capita nucleolus: as the nucleolus, with the excess for each member of a coalition
    (Grotte 1970)."""
    return _find("per_capita_nucleolus", game, Excess.PER_MEMBER, is_rational=True)


def proportional_nucleolus(game: Game) -> Allocation:
    """The proportional nucleolus: as the nucleolus, with the excess as a part of the value of the
    coalition, which has to be above 0 (Young, Okada and Hashimoto 1982)."""
    return _find("proportional_nucleolus", game, Excess.PER_VALUE, is_rational=True)


def anti_prenucleolus(game: Game) -> Allocation:
    """The anti-prenucleolus: the prenucleolus of the dual game, in which a coalition has what the
    others leave of the total (Funaki and Meinhardt 2006)."""
    if not game.is_whole:
        return Allocation(
            "anti_prenucleolus",
            why_not="A coalition cannot act by itself: what it leaves to the others is unknown.",
        )
    found = _find("anti_prenucleolus", game.dual(), Excess.WHOLE, is_rational=False)
    return with_doubt(found, find_doubt(game, list_masks(game)))


def _find(method: str, game: Game, excess: Excess, *, is_rational: bool) -> Allocation:
    """Shares by an excess, proven by Kohlberg's criterion."""
    if why_not := explain_none(game, excess, is_rational=is_rational):
        return Allocation(method, why_not=why_not)
    try:
        least = minimize_excesses(game, excess, is_rational=is_rational)
        if least is None or not least.is_single:
            return Allocation(method, why_not=_NOT_SINGLE)
        holds = check_kohlberg(game, least.shares, excess, is_rational=is_rational)
    except SolveError as error:
        return Allocation(method, why_not=explain_no_answer(error))
    if not holds:
        return Allocation(method, why_not=_NOT_PROVEN)
    figures = {"largest excess": least.levels[0]} if least.levels else {}
    found = Allocation(method, least.shares, Guarantee.CERTIFIED, figures=figures)
    return with_doubt(found, find_doubt(game, list_masks(game)))


def explain_no_answer(error: SolveError) -> str:
    """Why a method gives nothing where the solver gave no answer."""
    return f"The solver gave no answer: {str(error).rstrip('.')}."

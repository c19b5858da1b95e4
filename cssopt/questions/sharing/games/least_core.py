"""The least core: shares whose largest excess is the least; and the subsidy that fills the core."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cssopt.errors import SolveError
from cssopt.questions.sharing.games.allocation import Allocation, Guarantee
from cssopt.questions.sharing.games.excess import Excess, Scaled, explain_none
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.kohlberg import check_kohlberg
from cssopt.questions.sharing.games.lexicographic import (
    BROKEN,
    FAR,
    Leximin,
    find_worst,
    minimize_excesses,
)
from cssopt.questions.sharing.games.nucleolus import NO_ANSWER, NOT_PROVEN, find_prenucleolus, rate
from cssopt.questions.sharing.games.span import Masks, list_members
from cssopt.solve.growing_program import GrowingProgram, LeastPoint
from cssopt.solve.program import Floats

UNBOUNDED = (
    "Too few coalitions can act by themselves: the largest excess can be as small as one likes."
)
_POINT = "The least core may hold many shares: these are the prenucleolus, which is one of them."
_OTHER = (
    "The least core holds many shares: these are some of them, as too few coalitions can act by "
    "themselves for a prenucleolus."
)


def find_least_core(game: Game) -> Allocation:
    """The least core: all shares at which the largest excess of a coalition is the least that it
    can be (Maschler, Peleg and Shapley 1979). Its shares are one point, the prenucleolus where
    there is one.

    Figures: ``epsilon``, the largest excess there, in the measure of the game: above 0 exactly
    where the core is empty, and then what walking out would have to cost each coalition for the
    core to hold somebody; ``epsilon per member`` and ``epsilon per value`` those of the weak and of
    the proportional least core, which hold other shares; the last one where all values are above 0.
    """
    method = "least_core"
    if why_not := explain_none(game, Excess.WHOLE, is_rational=False):
        return Allocation(method, why_not=why_not)
    try:
        least = minimize_excesses(game, Excess.WHOLE, is_rational=False)
        if least is None:
            return Allocation(method, why_not=UNBOUNDED)
        holds = check_kohlberg(game, least.shares, is_rational=False, only_first=True)
        figures = _find_epsilons(game, least)
    except SolveError as error:
        return Allocation(method, why_not=f"{NO_ANSWER}: {error}.")
    if not holds:
        return Allocation(method, why_not=f"{NO_ANSWER}: {NOT_PROVEN}")
    note = _POINT if least.is_single else _OTHER
    found = Allocation(method, least.shares, Guarantee.CERTIFIED, note=note, figures=figures)
    return rate(game, found)


def _find_epsilons(game: Game, least: Leximin) -> dict[str, float]:
    """The least largest excess as it is, for each member, and in proportion to the value."""
    figures = {"epsilon": least.levels[0]} if least.levels else {}
    for excess in (Excess.PER_MEMBER, Excess.PER_VALUE):
        if not explain_none(game, excess, is_rational=False):
            other = minimize_excesses(game, excess, is_rational=False, only_first=True)
            figures |= {f"epsilon {excess}": level for level in (other.levels if other else ())}
    return figures


def is_core_empty(game: Game) -> bool:
    """True where, whatever the shares, some coalition is better off by itself.

    Excesses of less than a 1e-9th of the largest gain of a coalition count as none. Raises
    SolveError where it cannot be told, with the reason.
    """
    if why_not := explain_none(game, Excess.WHOLE, is_rational=False):
        raise SolveError(why_not)
    least = minimize_excesses(game, Excess.WHOLE, is_rational=False, only_first=True)
    return least is not None and least.levels[:1] > (least.tie,)


def find_cost_of_stability(game: Game) -> Allocation:
    """The least subsidy from outside with which nobody walks out, and shares then (Bachrach et al.
    2009): the prenucleolus of the game with the subsidy.

    Shares add up to what is left to pay, or to what there is with the subsidy. Figure: ``subsidy``,
    in the measure of the game, 0 where the core is not empty.
    """
    method = "cost_of_stability"
    if why_not := explain_none(game, Excess.WHOLE, is_rational=False):
        return Allocation(method, why_not=why_not)
    try:
        subsidy = _find_subsidy(Scaled(game))
    except SolveError as error:
        return Allocation(method, why_not=f"{NO_ANSWER}: {error}.")
    values = game.values.copy()
    values[game.all] += game.sign * subsidy
    stable = find_prenucleolus(replace(game, values=values))
    figures = {**stable.figures, "subsidy": subsidy}
    return replace(stable, method=method, figures=figures)


def _find_subsidy(scaled: Scaled) -> float:
    """The least that all have to have more, so that no coalition has less than by itself."""
    count = scaled.game.count
    program = GrowingProgram(
        costs=np.ones(count),
        lower=np.full(count, -FAR),
        upper=np.full(count, FAR),
        fixed=np.zeros((0, count)),
        at=np.zeros(0),
    )
    program.add(np.ones((1, count)), np.array([scaled.total]))
    known: set[int] = set()

    def find_broken(optimum: LeastPoint) -> tuple[Floats, Floats]:
        masks: Masks = find_worst(scaled.find_excesses(optimum.x), BROKEN, known)
        known.update(masks.tolist())
        return list_members(masks, count), scaled.gains[masks]

    missing = program.solve_growing(find_broken).value - scaled.total
    return missing * scaled.scale if missing > scaled.tie else 0.0

"""The least core: shares whose largest excess is the least; and the subsidy that fills the core."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cssopt.errors import SolveError
from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.allot import Masks
from cssopt.questions.sharing.games.excess import Excess, Scaled, explain_none
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.lexicographic import (
    BROKEN,
    FAR,
    find_worst,
    minimize_excesses,
)
from cssopt.questions.sharing.games.nucleolus import explain_no_answer, prenucleolus
from cssopt.questions.sharing.games.span import list_members
from cssopt.solve.growing_program import GrowingProgram, LeastPoint
from cssopt.solve.program import Floats

_EPSILONS = {
    Excess.WHOLE: "epsilon",
    Excess.PER_MEMBER: "epsilon per head",
    Excess.PER_VALUE: "epsilon per value",
}
_POINT = "Other shares may do as well: these are also those of the prenucleolus."


def least_core(game: Game) -> Allocation:
    """The least core: all shares at which the largest excess of a coalition is the least that it
    can be (Maschler, Peleg and Shapley 1979). Those given are the prenucleolus, one point of it.

    Figures: ``epsilon``, the largest excess there, in the measure of the game: above 0 exactly
    where the core is empty, and then what walking out would have to cost each coalition so that
    some shares keep all together. ``epsilon per head`` and ``epsilon per value`` are those of the
    weak and of the proportional least core, which hold other shares; the latter only where all
    values are above 0. A figure that has no least value is left out, and one to which the solver
    gives no answer is told in the note.
    """
    found = replace(prenucleolus(game), method="least_core")
    if explain_none(game, Excess.WHOLE, is_rational=False):
        return found
    figures, told = _find_epsilons(game)
    figures = {**found.figures, **figures}
    figures.pop("largest excess", None)
    notes = (_POINT if found.is_found else "", found.note, *told)
    return replace(found, note=" ".join(filter(None, notes)), figures=figures)


def _find_epsilons(game: Game) -> tuple[dict[str, float], list[str]]:
    """The least largest excess as it is, for each member, and in proportion to the value; and what
    is to be told of those that were not found."""
    figures: dict[str, float] = {}
    told = []
    for excess, name in _EPSILONS.items():
        if explain_none(game, excess, is_rational=False):
            continue
        try:
            least = minimize_excesses(game, excess, is_rational=False, only_first=True)
        except SolveError as error:
            told.append(f"There is no {name}. {explain_no_answer(error)}")
        else:
            figures.update((name, level) for level in (least.levels if least else ()))
    return figures, told


def is_core_empty(game: Game) -> bool:
    """True where, whatever the shares, some coalition is better off by itself.

    Excesses of less than a 1e-9th of the largest gain of a coalition count as none, and values
    count as proven. Raises SolveError where it cannot be told, with the reason.
    """
    return weigh_core(game)[0]


def weigh_core(game: Game) -> tuple[bool, float | None]:
    """Whether the core is empty, as `is_core_empty` has it, and epsilon as of `least_core`; None
    where that has no least value."""
    if why_not := explain_none(game, Excess.WHOLE, is_rational=False):
        raise SolveError(why_not)
    least = minimize_excesses(game, Excess.WHOLE, is_rational=False, only_first=True)
    if least is None:
        return False, None
    return least.levels[:1] > (least.tie,), next(iter(least.levels), None)


def cost_of_stability(game: Game) -> Allocation:
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
        return Allocation(method, why_not=explain_no_answer(error))
    values = game.values.copy()
    values[game.all] += game.sign * subsidy
    stable = prenucleolus(replace(game, values=values))
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

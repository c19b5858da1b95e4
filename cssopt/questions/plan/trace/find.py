"""Following a figure to its cells, or a cell to the figures."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from cssopt.language import phrase
from cssopt.questions.plan.figures.lines import FigureLine, list_lines
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.trace.cells import find_cell
from cssopt.questions.plan.trace.figure_names import FigureNames
from cssopt.questions.plan.trace.moves import move_cell
from cssopt.questions.plan.trace.parts import EQUAL, Makeup, Part
from cssopt.questions.plan.trace.result import Change, Trail
from cssopt.questions.plan.trace.roots import RootFinder, Roots
from cssopt.questions.plan.view import PlanView
from cssopt.runs.solve_case import Solution
from cssopt.solution import plan as compared
from cssopt.solution.baseline import Baseline
from cssopt.solution.run import ProgressCallback

_MOVES: Final = 1e-7
"""Part of itself by which a figure must change to be told; what is less is rounding."""


Compare = Callable[[Solution], Baseline | None]
"""What works out the plans that a plan is compared with."""


def follow_figure(plan: Solution, asked: str, compare: Compare, tell: ProgressCallback) -> Trail:
    """The parts of a figure, and what is behind them; DataError (E-575) where there is none such.

    Plans that it is compared with are worked out only where a figure of theirs is asked for.
    """
    names, baseline = FigureNames(PlanFigures(PlanView(plan))), None
    name = names.find(asked)
    if name is None or not names.can_follow(name):
        baseline = compare(plan)
        names = FigureNames(PlanFigures(PlanView(plan, baseline)))
        name = names.find(asked)
    if name is None:
        raise names.refuse(asked)
    if not names.can_follow(name):
        raise names.refuse_to_follow(name)
    tell(phrase("following the figure"))
    figure = names.make(name)
    roots = find_roots(plan, baseline, figure.makeup)
    return Trail(plan, baseline, figure=figure, roots=roots)


def list_figures(plan: Solution, compare: Compare) -> Trail:
    """All figures of the decision page."""
    baseline = compare(plan)
    lines = list_lines(PlanFigures(PlanView(plan, baseline)))
    return Trail(plan, baseline, listed=lines)


def follow_cell(plan: Solution, asked: str, tell: ProgressCallback) -> Trail:
    """The figures that a little more in a cell moves."""
    cell = find_cell(plan.instance.data, asked)
    tell(phrase("solving again with a little more in the cell"))
    moved = move_cell(plan, cell)
    if moved.base is None:
        return Trail(plan, moved=moved)
    before, after = map(_by_name, moved.figures)
    changes = [Change(line, after[name].value) for name, line in before.items() if name in after]
    told = sorted(filter(_is_moved, changes), key=lambda one: -_size(one))
    reported = _by_name(PlanFigures(PlanView(plan)))
    is_same = not any(
        _is_moved(Change(line, before[name].value))
        for name, line in reported.items()
        if name in before
    )
    return Trail(plan, moved=moved, changes=tuple(told), is_same_plan=is_same)


def _by_name(figures: PlanFigures) -> dict[str, FigureLine]:
    return {line.name: line for line in list_lines(figures)}


def _is_moved(change: Change) -> bool:
    scale = max(1e-3, abs(change.line.value), abs(change.after))
    return math.isfinite(change.more) and abs(change.more) > _MOVES * scale


def _size(change: Change) -> float:
    """A change as a part of the figure; a figure that was 0 changes by all of itself."""
    scale = max(abs(change.line.value), abs(change.after))
    return abs(change.more) / scale if scale else 0.0


def find_roots(plan: Solution, baseline: Baseline | None, makeup: Makeup) -> Roots:
    """What is behind the parts of a figure that are not 0, of whichever plan they are."""
    by_plan: dict[str, list[Part]] = {}
    # What a sum is divided by makes nothing of it.
    for part in (*makeup.over, *(part.times(0) for part in makeup.under or ())):
        if part.amount:
            by_plan.setdefault(part.plan, []).append(part)
    found = []
    for name, own in by_plan.items():
        chosen = _choose(plan, baseline, name)
        if chosen is not None and chosen.solved.values is not None:
            finder = RootFinder(chosen, PlanView(chosen).names)
            scales = dict.fromkeys(part.scaled_by for part in own if part.scaled_by)
            places = [(part.place, part.factor) for part in own]
            found.append(finder.find([*places, *((place, 0.0) for place in scales)]))
    decisions = [one for roots in found for one in roots.decisions]
    decisions.sort(key=lambda one: (-abs(one.makes or 0.0), -abs(one.amount)))
    rules = [one for roots in found for one in roots.rules]
    return Roots(
        tuple(decisions),
        tuple(dict.fromkeys(cell for roots in found for cell in roots.cells)),
        tuple(sorted(dict.fromkeys(rules), key=lambda one: -(one.saves or 0.0))),
    )


def _choose(plan: Solution, baseline: Baseline | None, name: str) -> compared.Solution | None:
    if not name or baseline is None:
        return plan
    return baseline.equal if name == EQUAL else baseline.alone.get(name)

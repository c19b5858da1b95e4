"""A first plan with whole numbers, near the plan with fractions.

The program with fractions tells what is wanted. Its switches are set first, as near to it as the
rules among switches allow (a projection, as in the feasibility pump: Fischetti, Glover and Lodi
2005), rather on than off: what is only a little wanted cannot be had without. Then the program is
solved again, so that amounts fit the switches; and a few members at a time take the best whole
units beside what all others have, in fractions still or whole already (relax and fix: Dillenberger
and others 1994). Rules that members have in common may be missed in this, at a price.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from cssopt.solve.program import Floats
from cssopt.solve.whole.neighborhoods import Kind, find_switches
from cssopt.solve.whole.part import Mask, Whole, find_rows, make_program, put_together
from cssopt.solve.whole.work import Crew, Task, Work

_ON = 0.02
"""What it counts to switch on what is not wanted at all, beside 1 for the other way round."""

_TOGETHER = 2
"""Values that take their whole numbers from the same plan: what one has cannot be known by the
other, so the more of them, the worse the plan."""

_NEAR_GAP, _NEAR_NODES = 1e-2, 1
"""How near is near enough: what is left is found by the search that follows."""

_ROUNDING = 1e-9
"""What rounding may take of a bound that is a whole number."""


def find_first_plan(whole: Whole, relaxed: Floats, kind: Kind, work: Work, crew: Crew) -> Floats:
    """A plan with whole numbers, which may miss rules, near a plan with fractions.

    `kind`: whose values take their whole numbers a few at a time.
    """
    plan, program = relaxed.copy(), whole.program
    switches = find_switches(program)
    if switches.any():
        plan = _set_switches(whole, plan, switches, work)
        plan = work.settle(whole, plan, ~switches)
    around = [kind.free(place) & ~switches for place in range(kind.count)]
    around = [free for free in around if (free & program.whole).any()]
    for begin in range(0, len(around), _TOGETHER):
        if work.is_over:
            break
        plan = _round(whole, plan, around[begin : begin + _TOGETHER], work, crew)
    # Whole numbers that none of these has are rounded as they are, and mended later.
    ends = np.ceil(program.lower - _ROUNDING), np.floor(program.upper + _ROUNDING)
    rounded = np.clip(np.round(plan), *ends)
    plan = np.where(program.whole, rounded, plan)
    return work.settle(whole, plan, ~program.whole)


def _set_switches(whole: Whole, plan: Floats, switches: Mask, work: Work) -> Floats:
    """The plan with its switches on or off."""
    program, columns = whole.program, np.flatnonzero(switches)
    rows = np.flatnonzero(~find_rows(program, ~switches) & find_rows(program, switches))
    wanted = np.clip(plan[columns], 0.0, 1.0)
    chosen = make_program(
        csr_array(program.matrix[rows, :][:, columns]),
        (program.row_lower[rows], program.row_upper[rows]),
        (program.lower[columns], program.upper[columns]),
        np.ones(len(columns), dtype=bool),
        (1 - wanted) * _ON - wanted,
    )
    found = work.search(chosen, None, gap=0.0)
    plan = plan.copy()
    plan[columns] = np.round(wanted if found is None else found)
    return plan


def _round(whole: Whole, plan: Floats, around: list[Mask], work: Work, crew: Crew) -> Floats:
    """The plan with the best whole numbers in each of some neighborhoods.

    They are found beside each other; what then breaks a rule with those before it is found again.
    """
    together, free = plan, np.zeros(len(plan), dtype=bool)
    for own, found in zip(around, _find_best(whole, plan, around, work, crew), strict=True):
        if found is None:
            continue
        if not free.any():
            together = found
        else:
            both = put_together(plan, [together, found])
            both = work.settle(whole, both, (free | own) & ~whole.program.whole)
            if whole.broken(both) <= max(whole.broken(together), whole.broken(found)):
                together = both
            else:
                (again,) = _find_best(whole, together, [own], work, crew)
                together = together if again is None else again
        free |= own
    return together


def _find_best(
    whole: Whole, plan: Floats, around: list[Mask], work: Work, crew: Crew
) -> list[Floats | None]:
    """Plans with the best whole numbers in one neighborhood each; None where none is found, not
    even one that misses rules."""
    found: list[Floats | None] = [None] * len(around)
    for elastic in (False, True):
        left = [place for place, each in enumerate(found) if each is None]
        if not left or work.is_over:
            break
        parts = [whole.cut_out(around[place], plan, elastic=elastic) for place in left]
        options = work.options
        answers = crew.work([Task(part, options, _NEAR_GAP, _NEAR_NODES) for part in parts])
        for place, part, answer in zip(left, parts, answers, strict=True):
            if answer is not None:
                found[place] = part.put_back(answer, plan)
    return found

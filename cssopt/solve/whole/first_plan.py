"""A first plan with whole numbers, near the plan with fractions.

The program with fractions tells what is wanted. Its switches are set first, as near to it as the
rules among switches allow (a projection, as in the feasibility pump: Fischetti, Glover and Lodi
2005), rather on than off: what is only a little wanted cannot be had without. Then the program is
solved again, so that amounts fit the switches; and one member after another takes the nearest whole
units, all others being as they are. Rules that members have in common may be missed in this, at a
price; most of all those of whole numbers alone, which nothing can mend later.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import bmat, csr_array, eye_array

from cssopt.solve.program import Floats
from cssopt.solve.whole.neighborhoods import Kind, find_switches
from cssopt.solve.whole.part import Mask, Whole, find_rows, make_program
from cssopt.solve.whole.work import Work

_ON = 0.02
"""What it counts to switch on what is not wanted at all, beside 1 for the other way round."""

_DEAR = 100.0
"""Price of missing a rule of whole numbers alone, beside 1 for another, in units of distance."""

_NEAR_GAP, _NEAR_NODES = 0.1, 500
"""How near is near enough."""


def find_first_plan(whole: Whole, relaxed: Floats, kind: Kind, work: Work) -> Floats:
    """A plan with whole numbers, which may miss rules, near a plan with fractions.

    `kind`: whose values take their whole numbers one after another.
    """
    plan = relaxed.copy()
    switches = find_switches(whole.program)
    if switches.any():
        plan = _set_switches(whole, plan, switches, work)
        plan = work.settle(whole, plan, ~switches)
    wanted = plan.copy()
    for place in range(kind.count):
        free = (kind.codes == place) & ~switches
        if (free & whole.program.whole).any():
            plan = _round(whole, plan, wanted, free, switches, work)
    # Whole numbers that none of these has are rounded as they are, and mended later.
    plan = np.where(whole.program.whole, np.round(plan), plan)
    return work.settle(whole, plan, ~whole.program.whole)


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


def _round(
    whole: Whole, plan: Floats, wanted: Floats, free: Mask, switches: Mask, work: Work
) -> Floats:
    """The plan with the nearest whole numbers among what is free."""
    program, columns = whole.program, np.flatnonzero(free)
    entries = whole.by_column[:, columns].tocsr()
    rows = np.flatnonzero(np.diff(entries.indptr))
    entries = csr_array(entries[rows])
    fixed = (program.matrix @ np.where(free, 0.0, plan))[rows]
    is_common = find_rows(program, ~free & ~switches)[rows]
    is_whole = ~find_rows(program, ~program.whole)[rows]
    soft = np.flatnonzero(is_common)
    units = np.flatnonzero(program.whole[columns])
    count, missed = len(units), len(soft)
    over = csr_array((np.ones(missed), (soft, np.arange(missed))), shape=(len(rows), missed))
    picks = csr_array((np.ones(count), (np.arange(count), units)), shape=(count, len(columns)))
    apart = csr_array(eye_array(count))
    # What a number is away from the one wanted stands in a column of its own.
    matrix = bmat(
        [[entries, None, over, -over], [picks, -apart, None, None], [picks, apart, None, None]],
        format="csr",
    )
    near, inf = wanted[columns][units], np.full(count, np.inf)
    price = np.where(is_whole[soft], _DEAR, 1.0) / whole.sizes[rows[soft]]
    nothing = np.zeros(count + 2 * missed)
    rounded = make_program(
        csr_array(matrix),
        (
            np.concatenate([program.row_lower[rows] - fixed, -inf, near]),
            np.concatenate([program.row_upper[rows] - fixed, near, inf]),
        ),
        (
            np.concatenate([program.lower[columns], nothing]),
            np.concatenate([program.upper[columns], nothing + np.inf]),
        ),
        np.concatenate([program.whole[columns], nothing > 0]),
        np.concatenate([np.zeros(len(columns)), np.ones(count), price, price]),
    )
    found = work.search(rounded, None, gap=_NEAR_GAP, nodes=_NEAR_NODES)
    if found is None:
        return plan
    changed = plan.copy()
    changed[columns] = found[: len(columns)]
    return np.where(program.whole & free, np.round(changed), changed)

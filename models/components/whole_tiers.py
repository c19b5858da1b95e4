"""Tiers of whole units: what limit_tier (of readiness) comes to where units cannot be divided.

Cuts for forces with whole units: they keep every plan in whole units, and take away many in
fractions that a search would else have to rule out one by one. `without` them a study has the same
optimum and is slower to prove it; one that takes fractions for whole numbers (relaxed) has none, as
they would change its plans.

Parameters:
    N[m,f,t]                  floor(most_held[m,f,t]) (of most_units): no plan holds more units
    whole_share[m,f,r,t]      the best share that whole units reach, where it is below max_share[r]:
                              max_{n = 1..N} floor(max_share[r] * n) / n; only where N < 100
    most_whole[m,f,r,t]       floor(max_share[r] * N)

Constraints (for whole forces and max_share[r] < 1, and beside no given plan):
    limit_whole_share:    held[m,f,r,t] <= whole_share * sum_r' held[m,f,r',t]
    limit_whole_units:    held[m,f,r,t] <= most_whole

Why they keep every plan in whole units: let n = sum_r' held[m,f,r',t]. It is whole, and at most N.
By limit_tier held[r] <= max_share[r] * n, and as held[r] is whole, held[r] <= floor(max_share[r] *
n). This is at most whole_share * n, where floor(max_share[r] * n) / n is one of the shares of which
whole_share is the largest (with n = 0 both sides are 0), and at most most_whole, as n <= N. (They
are the line through 0 and the flat one of the concave envelope of floor(max_share * n); those in
between add nothing that could be measured.) Rounding: floor(x + 1e-6), more than any search lets a
plan miss limit_tier by, so that 0.3333333 of three units is one. From 100 units on the best share
is less than 0.01 below max_share, as floor(s * n) / n > s - 1 / n.
"""

import math

from cssopt.modeling import constraint, holds

REQUIRES = ("forces", "readiness", "most_units")
OPTIONAL = ("given_plan",)

_MANY = 100
"""From so many units on the share that whole ones reach is as good as the largest share."""


def _round_down(units):
    return math.floor(units + 1e-6)


def _reach(share, most):
    """The best share that whole units reach, at most so many of them.

    Of the most it is asked only at numbers that reach more than all before: what-ifs that move it
    between two of these leave the program as it is.
    """
    best = 0.0
    for units in range(1, _MANY):
        reached = _round_down(share * units) / units
        if reached > best:
            if units > most:
                return best
            best = reached
            if best >= share:
                return share
    return share if most >= _MANY else best


def arithmetic(data, use):
    whole_share, most_whole = {}, {}
    # A given plan may hold more at a tier than it may: by how much, limit_tier tells.
    pairs = () if "given_plan" in use else use.readiness.pairs
    limited = {r: share for r, share in data.readiness.max_share.items() if share < 1}
    for m, f, t in pairs:
        if data.forces.whole[f]:
            most = _round_down(use.most_units.most_held[m, f, t])
            for r, share in limited.items():
                reached = _reach(share, most)
                if reached < share:
                    whole_share[m, f, r, t] = reached
                most_whole[m, f, r, t] = _round_down(share * most)
    return {"whole_share": whole_share, "most_whole": most_whole}


def constraints(block, data, use):
    if use.relaxed:
        return
    held, all_held = use.readiness.held, use.readiness.all_held
    share, most = block.whole_share, block.most_whole
    block.limit_whole_share = constraint(
        "member force tier year",
        share,
        lambda m, f, r, t: held[m, f, r, t] <= share[m, f, r, t] * all_held[m, f, t],
        doc="a tier holds no more than the best share that whole units reach",
    )
    block.limit_whole_units = constraint(
        "member force tier year",
        most,
        lambda m, f, r, t: held[m, f, r, t] <= most[m, f, r, t],
        doc="a tier holds no more whole units than its share of the most that can be held",
    )


def audit(data, solution):
    if solution.relaxed:
        return
    bounds = solution.arithmetic.whole_tiers
    for (m, f, r, t), most in bounds.most_whole.items():
        at_tier = solution.held[m, f, r, t]
        yield holds("limit_whole_units", (m, f, r, t), at_tier, "<=", most)
        if (m, f, r, t) in bounds.whole_share:
            everything = sum(solution.held[m, f, q, t] for q in data.readiness)
            most = bounds.whole_share[m, f, r, t] * everything
            yield holds("limit_whole_share", (m, f, r, t), at_tier, "<=", most)

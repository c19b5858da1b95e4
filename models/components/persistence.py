"""Minimal change: a plan kept near a base plan, so that small changes do not reshuffle everything.

In no study: it is added where a plan is asked to stay near another.

Sets:
    (m,f,t): units that the plan may hold, and those that the base plan held for members of S in
             years of the plan; where one of the two has none, it counts as 0

Parameters:
    base_units[m,f,t]    units held by the base plan
    persist_weight       million per unit moved and year: a penalty, not money
    persist_most         most units moved, in unit-years; none: no bound

Variables:
    moved[m,f,t] >= 0    units held more, or less, than in the base plan

Constraints:
    count_added:      moved[m,f,t] >= sum_r held[m,f,r,t] - base_units[m,f,t]
    count_removed:    moved[m,f,t] >= base_units[m,f,t] - sum_r held[m,f,r,t]
    limit_moved:      sum_{m,f,t} moved[m,f,t] <= persist_most

Expressions:
    units_moved = sum_{m,f,t} moved    unit-years; where persist_weight is 0, it may count more
                                       than moved: the table `moves` is exact
    persistence_penalty = sum_t discount[t] * persist_weight * sum_{m,f} moved[m,f,t]
                         discounted like the costs, so that in every year a move is worth what
                         saves more than persist_weight; it is in no ledger of costs
"""

from cssopt.modeling import (
    Criterion,
    Measure,
    constraint,
    expression,
    holds,
    lookup,
    parameter,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "readiness")
GIVEN = ("base_units", "persist_weight", "persist_most")

CRITERIA = (
    Criterion(
        name="change",
        figure="units_moved",
        says="units held more or less than in the base plan, in unit-years",
        thrifty=True,
    ),
)

ROLES = (
    Measure(
        role="penalty",
        figure="persistence_penalty",
        says="weight on units held more or less than in the base plan",
    ),
)


def arithmetic(data, use):
    base = {
        (m, f, t): units
        for (m, f, t), units in data.given["base_units"].items()
        if m in data.members and t in use.horizon.years
    }
    base_units = parameter(
        "member force year", base, doc="units held by the base plan", measure="units"
    )
    return {"base_units": base_units}


def variables(block, data, use):
    block.moved = variable(
        "member force year",
        dict.fromkeys((*use.readiness.pairs, *block.base_units)),
        doc="units held more, or less, than in the base plan",
        measure="units",
    )


def constraints(block, data, use):
    base, moved, held = block.base_units, block.moved, use.readiness.all_held
    block.count_added = constraint(
        "member force year",
        use.readiness.pairs,
        lambda *key: moved[key] >= held[key] - base.get(key, 0.0),
        doc="units held more than in the base plan count as moved",
    )
    block.count_removed = constraint(
        "member force year",
        base,
        lambda *key: moved[key] >= base[key] - lookup(held, key),
        doc="units held less than in the base plan count as moved",
    )
    every = [(1.0, moved[key]) for key in moved]
    most = data.given["persist_most"]
    block.limit_moved = constraint(
        "",
        () if most is None else (None,),
        lambda _: weighted_sum(every) <= most,
        doc="no more units move than is allowed",
        policy=True,
    )
    block.units_moved = expression(
        "", weighted_sum(every), doc="units moved against the base plan", measure="unit-years"
    )
    weight, discount = data.given["persist_weight"], use.horizon.discount
    block.persistence_penalty = expression(
        "",
        weighted_sum((discount[key[2]] * weight, moved[key]) for key in moved),
        doc="penalty of moving units against the base plan; not money",
        measure="penalty",
    )


def _differences(solution):
    """Units held against those of the base plan, by member, force and year."""
    base = solution.arithmetic.persistence.base_units
    held = solution.sums("held", "member force year")
    return {key: held.get(key, 0.0) - base.get(key, 0.0) for key in {**base, **held}}


def audit(data, solution):
    discount, penalty = solution.arithmetic.horizon.discount, 0.0
    for key, difference in _differences(solution).items():
        yield holds("count_added", key, difference, "<=", solution.moved[key])
        yield holds("count_removed", key, -difference, "<=", solution.moved[key])
    for (_, _, t), units in solution.moved.items():
        penalty += discount[t] * data.given["persist_weight"] * units
    yield holds("penalty_adds_up", (), solution.persistence_penalty, "==", penalty)
    units_moved, most = sum(solution.moved.values()), data.given["persist_most"]
    yield holds("units_add_up", (), solution.units_moved, "==", units_moved)
    if most is not None:
        yield holds("limit_moved", (), units_moved, "<=", most)


def results(solution):
    """Units held more (or, negative, less) than in the base plan, where any moved."""
    rows = {}
    for (m, f, t), difference in _differences(solution).items():
        if abs(difference) > 1e-6:
            rows.setdefault((m, f), {})[t] = difference
    years = solution.arithmetic.horizon.years
    return {
        "moves": [
            {"member": m, "force": f, **{t: by_year.get(t, 0.0) for t in years}}
            for (m, f), by_year in rows.items()
        ]
    }

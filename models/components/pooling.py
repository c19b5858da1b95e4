"""Pooling: the treaty and the bodies that decide open what members do together.

Variables:
    pooled[t] in {0,1}    the treaty works in t; 1 in every year for a coalition of one, and where S
                          leaves no body of role `delegation` and no activity of kind `treaty`

Constraints:
    decide_before_pooling:      pooled[t] <= body_active[b,t]      for bodies of role delegation
    treaty_before_pooling:      pooled[t] <= finished[a,t]    for activities of kind treaty
    delegate_when_pooled:       sum_{r, k in s} delegated[m,f,r,k,t]
                                <= most_delegated[m,f,t] * pooled[t]
    produce_apart:              orders[m,f,t] <= capacity[m,f] + max_imports[f]
                                + most_orders[m,f,t] * pooled[t]    where max_imports is given
"""

from cssopt.modeling import (
    account,
    constraint,
    holds,
    total,
    variable,
)

REQUIRES = (
    "horizon",
    "members",
    "forces",
    "situations",
    "employment",
    "most_units",
    "bodies",
    "set_up",
    "orders",
    "industry",
)


def arithmetic(data, use):
    deciders = [b for b in use.bodies.bodies if data.bodies.role[b] == "delegation"]
    treaties = [a for a in use.set_up.activities if data.activities.kind[a] == "treaty"]
    gated = bool(deciders or treaties)
    imports, capacity = data.forces.max_imports, data.industry.capacity
    apart = {
        (m, f): capacity.get((m, f), 0.0) + imports[f]
        for m in data.members
        for f in data.forces
        if imports[f] is not None
    }
    return {
        "deciders": deciders,
        "treaties": treaties,
        "gated_years": list(use.horizon.years) if gated else [],
        "obtainable_apart": apart,
    }


def variables(block, data, use):
    block.pooled = variable(
        "year",
        block.gated_years,
        doc="the treaty works: members may pool",
        measure="0 or 1",
        domain="binary",
    )


def constraints(block, data, use):
    pooled, body_active, finished = block.pooled, use.bodies.body_active, use.set_up.finished
    block.decide_before_pooling = constraint(
        "body year",
        [(b, t) for b in block.deciders for t in block.gated_years],
        lambda b, t: pooled[t] <= body_active[b, t],
        doc="nothing is pooled before the bodies that decide work",
    )
    block.treaty_before_pooling = constraint(
        "activity year",
        [(a, t) for a in block.treaties for t in block.gated_years],
        lambda a, t: pooled[t] <= finished[a, t],
        doc="nothing is pooled before the treaty is in force",
    )
    _gate_delegation(block, data, use)
    apart = block.obtainable_apart
    orders, most = use.orders.orders, use.most_units.most_orders
    block.produce_apart = constraint(
        "member force year",
        [(m, f, t) for m, f, t in orders if (m, f) in apart and t in pooled],
        lambda m, f, t: orders[m, f, t] <= apart[m, f] + most[m, f, t] * pooled[t],
        doc="before pooling a member orders from its own industry and imports only",
        policy=True,
        measure="units",
    )


def _gate_delegation(block, data, use):
    delegated, pooled = use.employment.delegated, block.pooled
    most = use.most_units.most_delegated
    units = {}
    for m, f, r, k, t in delegated:
        if t in pooled:
            units.setdefault((m, f, t), {}).setdefault(k, []).append(delegated[m, f, r, k, t])
    rows = {
        (m, f, s, t): terms
        for (m, f, t), planned in units.items()
        for s, terms in use.situations.sums_over(planned, t).items()
    }
    block.delegate_when_pooled = constraint(
        "member force situation year",
        rows,
        lambda m, f, s, t: total(rows[m, f, s, t]) <= most[m, f, t] * pooled[t],
        doc="nothing is delegated in a year in which the treaty does not work",
    )


def audit(data, solution):
    for t, state in solution.pooled.items():
        for b in solution.arithmetic.pooling.deciders:
            working = solution.body_active[b, t]
            yield holds("decide_before_pooling", (b, t), state, "<=", working)
        for a in solution.arithmetic.pooling.treaties:
            yield holds("treaty_before_pooling", (a, t), state, "<=", solution.finished[a, t])
    if solution.pooled:
        yield from _audit_years_apart(data, solution)


def _audit_years_apart(data, solution):
    apart = solution.arithmetic.pooling.obtainable_apart
    works = {t: solution.settle(state) for t, state in solution.pooled.items()}
    delegated = solution.sums("delegated", "member force situation year", along="together")
    for (m, f, s, t), units in delegated.items():
        most = solution.most_delegated[m, f, t] * works[t]
        yield holds("delegate_when_pooled", (m, f, s, t), units, "<=", most)
    for (m, f, t), ordered in solution.orders.items():
        if (m, f) in apart:
            most = apart[m, f] + solution.most_orders[m, f, t] * works[t]
            yield holds("produce_apart", (m, f, t), ordered, "<=", most)


def accounts(solution):
    gated = solution.pooled
    for t in solution.arithmetic.horizon.years:
        yield account("acting together", t, gated.get(t, 1.0))

"""What completed programmes change: locked forces, production, prices and support.

Variables:
    cut_orders[m,p,f,t] >= 0    orders at the price that p has cut: all once p is complete, else 0
    cut_held[m,p,f,t] >= 0      units held at the support cost that p has cut, likewise

Constraints:
    order_after_unlock:    orders[m,f,t] <= most_orders * sum_{p unlocks f} complete[p,t]
                           for members below the force's tech_level
    cut_only_orders:       cut_orders <= orders
    cut_when_complete:     cut_orders <= most_orders * complete[p,t]
    cut_all_orders:        cut_orders >= orders - most_orders * (1 - complete[p,t])
    support_only_held, support_when_complete, support_all_held: the same for cut_held

Balances:
    savings[m,f,t] (of orders): sum_p price_cut * price[f,t] * cut_orders[m,p,f,t]
    support_savings[m,f,t] (of readiness): sum_p support_cut * support_cost[f] * cut_held[m,p,f,t]
    added_capacity[f,t] (of industry): sum_p capacity * complete[p,t]

Sources:
    Linearised product of a 0/1 and a bounded variable: Glover (1975).
"""

from cssopt.modeling import constraint, holds, supplies, total, variable

REQUIRES = (
    "horizon",
    "members",
    "forces",
    "programmes",
    "orders",
    "readiness",
    "industry",
    "most_units",
)


def variables(block, data, use):
    price_cuts, support_cuts = use.programmes.price_cuts, use.programmes.support_cuts
    block.cut_orders = variable(
        "member programme force year",
        [(m, p, f, t) for m, f, t in use.orders.orders for p in price_cuts.get(f, ())],
        doc="units ordered at a price that a programme has cut",
        measure="units",
    )
    block.cut_held = variable(
        "member programme force year",
        [(m, p, f, t) for m, f, t in use.readiness.pairs for p in support_cuts.get(f, ())],
        doc="units held at a support cost that a programme has cut",
        measure="units",
    )


def balances(block, data, use):
    cuts, price = use.programmes.price_cuts, use.orders.price
    for (m, p, f, t), units in block.cut_orders.items():
        use.orders.savings.post((m, f, t), cuts[f][p] * price[f, t] * units)
    cuts, support_cost = use.programmes.support_cuts, data.forces.support_cost
    for (m, p, f, t), units in block.cut_held.items():
        use.readiness.support_savings.post((m, f, t), cuts[f][p] * support_cost[f] * units)
    for f, added in use.programmes.capacity.items():
        for t in use.horizon.years:
            capacity = total(units * use.programmes.complete[p, t] for p, units in added.items())
            use.industry.added_capacity.post((f, t), capacity)


def constraints(block, data, use):
    orders, cut_orders = use.orders.orders, block.cut_orders
    held, cut_held = use.readiness.all_held, block.cut_held
    most, most_held = use.most_units.most_orders, use.most_units.most_held
    complete, unlocks = use.programmes.complete, use.programmes.unlocks
    members, forces = data.members, data.forces
    block.order_after_unlock = constraint(
        "member force year",
        [(m, f, t) for m, f, t in orders if members.tech_level[m] < forces.tech_level[f]],
        lambda m, f, t: (
            orders[m, f, t] <= most[m, f, t] * total(complete[p, t] for p in unlocks[f])
        ),
        doc="a member below the force's tech_level orders it only once a programme unlocks it",
        gives_way=True,
        measure="units",
    )
    block.cut_only_orders = constraint(
        "member programme force year",
        cut_orders,
        lambda m, p, f, t: cut_orders[m, p, f, t] <= orders[m, f, t],
        doc="a cut price is for units that are ordered",
    )
    block.cut_when_complete = constraint(
        "member programme force year",
        cut_orders,
        lambda m, p, f, t: cut_orders[m, p, f, t] <= most[m, f, t] * complete[p, t],
        doc="a price is cut only once the programme is complete",
    )
    block.cut_all_orders = constraint(
        "member programme force year",
        cut_orders,
        lambda m, p, f, t: (
            cut_orders[m, p, f, t] >= orders[m, f, t] - most[m, f, t] * (1 - complete[p, t])
        ),
        doc="once the programme is complete every order has the cut price",
    )
    block.support_only_held = constraint(
        "member programme force year",
        cut_held,
        lambda m, p, f, t: cut_held[m, p, f, t] <= held[m, f, t],
        doc="a cut support cost is for units that are held",
    )
    block.support_when_complete = constraint(
        "member programme force year",
        cut_held,
        lambda m, p, f, t: cut_held[m, p, f, t] <= most_held[m, f, t] * complete[p, t],
        doc="a support cost is cut only once the programme is complete",
    )
    block.support_all_held = constraint(
        "member programme force year",
        cut_held,
        lambda m, p, f, t: (
            cut_held[m, p, f, t] >= held[m, f, t] - most_held[m, f, t] * (1 - complete[p, t])
        ),
        doc="once the programme is complete every unit has the cut support cost",
    )


def audit(data, solution):
    effects, forces = data.programme_effects, data.forces
    price = solution.arithmetic.orders.price

    def complete(p, t):
        launched = solution.launched.get((p, t - data.programmes.duration[p]), 0.0)
        return solution.settle(launched)

    cuts = {key: effects.value[key] for key in effects}
    for (m, p, f, t), units in solution.cut_orders.items():
        where, ordered = (m, p, f, t), solution.orders[m, f, t]
        yield holds("cut_only_orders", where, units, "<=", ordered)
        most, done = solution.most_orders[m, f, t], complete(p, t)
        yield holds("cut_when_complete", where, units, "<=", most * done)
        yield holds("cut_all_orders", where, units, ">=", ordered - most * (1 - done))
        yield supplies("savings", (m, f, t), cuts[p, f, "price_cut"] * price[f, t] * units)
    for (m, p, f, t), units in solution.cut_held.items():
        where = m, p, f, t
        held = sum(solution.held.get((m, f, r, t), 0.0) for r in data.readiness)
        yield holds("support_only_held", where, units, "<=", held)
        most, done = solution.most_held[m, f, t], complete(p, t)
        yield holds("support_when_complete", where, units, "<=", most * done)
        yield holds("support_all_held", where, units, ">=", held - most * (1 - done))
        cut = cuts[p, f, "support_cut"] * forces.support_cost[f]
        yield supplies("support_savings", (m, f, t), cut * units)
    launched = {p for p, _ in solution.launched}
    for (p, f, effect), value in cuts.items():
        if effect == "capacity" and p in launched:
            for t in solution.arithmetic.horizon.years:
                yield supplies("added_capacity", (f, t), value * complete(p, t))
    for (m, f, t), ordered in solution.orders.items():
        if data.members.tech_level[m] < forces.tech_level[f]:
            done = sum(complete(p, t) for p, g, e in effects if e == "unlock" and g == f)
            most = solution.most_orders[m, f, t] * done
            yield holds("order_after_unlock", (m, f, t), ordered, "<=", most)

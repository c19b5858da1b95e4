"""Production lines: a force whose line costs money is ordered only once the line is open.

Variables:
    line_open[f,t] in {0,1}    the line of f has been opened by t, only where programme_cost > 0

Constraints:
    order_from_open_line:    orders[m,f,t] <= most_orders[m,f,t] * line_open[f,t]
    line_stays_open:         line_open[f,t] >= line_open[f,t-1]

Costs:
    programme_cost[common,t] = sum_f programme_cost[f] * (line_open[f,t] - line_open[f,t-1])
"""

from cssopt.modeling import (
    COMMON,
    Entry,
    Lasting,
    Sheet,
    amount,
    constraint,
    holds,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "forces", "orders", "most_units")

ROLES = (
    Entry(entry="programme_cost", says="Opening production lines", group="buying"),
    Sheet(
        shows="line_open",
        page="Orders",
        place=2,
        title="Production lines opened",
        empty="None is opened.",
        form="first year",
    ),
)


def arithmetic(data, use):
    ordered = {f for _, f, _ in use.orders.orderable}
    costly = [f for f in data.forces if data.forces.programme_cost[f] > 0 and f in ordered]
    return {"costly": costly, "opening": Lasting(tuple(costly), use.horizon.years)}


def variables(block, data, use):
    block.line_open = variable(
        "force year",
        block.opening.keys,
        doc="the production line is open",
        measure="0 or 1",
        domain="binary",
        structure="the line of {force} is opened",
    )


def costs(block, data, use, ledger):
    price = data.forces.programme_cost
    for t in use.horizon.years if block.costly else ():
        opened = []
        for f in block.costly:
            opened += block.opening.begins(block.line_open, f, t, price[f])
        ledger.post("programme_cost", COMMON, t, weighted_sum(opened))


def constraints(block, data, use):
    orders, line_open, most = use.orders.orders, block.line_open, use.most_units.most_orders
    block.order_from_open_line = constraint(
        "member force year",
        [key for key in orders if key[1] in block.costly],
        lambda m, f, t: orders[m, f, t] <= most[m, f, t] * line_open[f, t],
        doc="units are ordered only from an open line",
    )
    block.line_stays_open = block.opening.stays(
        "force year", line_open, doc="an open line stays open"
    )


def audit(data, solution):
    opening, opened = solution.arithmetic.lines.opening, {}
    yield from opening.hold_once("line_stays_open", solution.line_open)
    for _, t, cost in opening.spent(solution.line_open, data.forces.programme_cost):
        opened[t] = opened.get(t, 0.0) + cost
    for (m, f, t), ordered in solution.orders.items():
        if f in opening.items:
            most = solution.most_orders[m, f, t] * solution.settle(solution.line_open[f, t])
            yield holds("order_from_open_line", (m, f, t), ordered, "<=", most)
    for t, cost in opened.items():
        yield amount("programme_cost", COMMON, t, cost)


def undertakings(solution):
    forces, opening = solution.data.forces, solution.arithmetic.lines.opening
    for f in opening.items:
        yield opening.undertaking(
            solution.line_open,
            f,
            kind="line",
            name=forces.name[f],
            cost=forces.programme_cost[f],
            table="forces",
        )

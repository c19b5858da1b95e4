"""Production lines: a force whose line costs money is ordered only once the line is open.

Variables:
    line_open[f,t] in {0,1}    the line of f has been opened by t, only where programme_cost > 0

Constraints:
    order_from_open_line:    orders[m,f,t] <= most_orders[m,f,t] * line_open[f,t]
    line_stays_open:         line_open[f,t] >= line_open[f,t-1]

Costs:
    programme_cost[common,t] = sum_f programme_cost[f] * (line_open[f,t] - line_open[f,t-1])
"""

from cssopt.modeling import COMMON, Sheet, amount, constraint, holds, variable, weighted_sum

REQUIRES = ("horizon", "forces", "orders", "most_units")

ROLES = (
    Sheet(
        shows="line_open",
        page="Orders",
        place=2,
        title="Production lines opened",
        empty="None is opened.",
        form="first year",
    ),
)


def variables(block, data, use):
    costly = [f for f in data.forces if data.forces.programme_cost[f] > 0]
    ordered = {(f, t) for _, f, t in use.orders.orders}
    block.costly = [f for f in costly if any(g == f for g, _ in ordered)]
    block.line_open = variable(
        "force year",
        [(f, t) for f in block.costly for t in use.horizon.years],
        doc="the production line is open",
        measure="0 or 1",
        domain="binary",
        structure="the line of {force} is opened",
    )


def costs(block, data, use, ledger):
    first, price = use.horizon.first_year, data.forces.programme_cost
    for t in use.horizon.years if block.costly else ():
        opened = [(price[f], block.line_open[f, t]) for f in block.costly]
        if t > first:
            opened += [(-price[f], block.line_open[f, t - 1]) for f in block.costly]
        ledger.post("programme_cost", COMMON, t, weighted_sum(opened))


def constraints(block, data, use):
    orders, line_open, most = use.orders.orders, block.line_open, use.most_units.most_orders
    block.order_from_open_line = constraint(
        "member force year",
        [key for key in orders if key[1] in block.costly],
        lambda m, f, t: orders[m, f, t] <= most[m, f, t] * line_open[f, t],
        doc="units are ordered only from an open line",
    )
    block.line_stays_open = constraint(
        "force year",
        [(f, t) for f, t in line_open if t > use.horizon.first_year],
        lambda f, t: line_open[f, t] >= line_open[f, t - 1],
        doc="an open line stays open",
    )


def audit(data, solution):
    price, first = data.forces.programme_cost, data.settings.first_year
    opened = {}
    for (f, t), state in solution.line_open.items():
        before = solution.line_open[f, t - 1] if t > first else 0.0
        yield holds("line_stays_open", (f, t), state, ">=", before)
        opened[t] = opened.get(t, 0.0) + price[f] * (state - before)
    for (m, f, t), ordered in solution.orders.items():
        if price[f] > 0:
            most = solution.most_orders[m, f, t] * solution.settle(solution.line_open[f, t])
            yield holds("order_from_open_line", (m, f, t), ordered, "<=", most)
    for t, cost in opened.items():
        yield amount("programme_cost", COMMON, t, cost)

"""Giving up units before their time: what else leaves the inventory has aged out, for nothing.

Variables:
    given_up[m,f,t] >= 0    units of the inventory given up in t before their time, only where
                            disposal_cost > 0

Constraints:
    count_given_up:    given_up[m,f,t] >= (legacy[m,f,t] - keep[m,f,t])
                                          - (legacy[m,f,t-1] - keep[m,f,t-1])
                       in t0 without the second bracket

Costs:
    disposal_cost[m,t] = cost_index[m] * sum_f disposal_cost[f] * given_up[m,f,t]
"""

from cssopt.modeling import Entry, amount, constraint, holds, variable, weighted_sum

REQUIRES = ("horizon", "members", "forces", "stock")

ROLES = (Entry(entry="disposal_cost", says="Giving units up", group="running"),)


def variables(block, data, use):
    block.given_up = variable(
        "member force year",
        [key for key in use.stock.legacy if data.forces.disposal_cost[key[1]] > 0],
        doc="units of the inventory given up before their time",
        measure="units",
    )


def costs(block, data, use, ledger):
    disposed = {}
    for m, f, t in block.given_up:
        cost = data.members.cost_index[m] * data.forces.disposal_cost[f]
        disposed.setdefault((m, t), []).append((cost, block.given_up[m, f, t]))
    for key, terms in disposed.items():
        ledger.post("disposal_cost", *key, weighted_sum(terms))


def constraints(block, data, use):
    keep, legacy, first = use.stock.keep, use.stock.legacy, use.horizon.first_year

    def gone(m, f, t):
        return legacy[m, f, t] - keep[m, f, t] if t >= first else 0.0

    block.count_given_up = constraint(
        "member force year",
        block.given_up,
        lambda m, f, t: block.given_up[m, f, t] >= gone(m, f, t) - gone(m, f, t - 1),
        doc="units that leave before their time are given up",
    )


def audit(data, solution):
    legacy, disposed = solution.arithmetic.stock.legacy, {}
    for (m, f, t), units in solution.given_up.items():
        gone = legacy[m, f, t] - solution.keep[m, f, t]
        before = legacy.get((m, f, t - 1), 0.0) - solution.keep.get((m, f, t - 1), 0.0)
        yield holds("count_given_up", (m, f, t), units, ">=", gone - before)
        cost = data.members.cost_index[m] * data.forces.disposal_cost[f] * units
        disposed[m, t] = disposed.get((m, t), 0.0) + cost
    for (m, t), cost in disposed.items():
        yield amount("disposal_cost", m, t, cost)

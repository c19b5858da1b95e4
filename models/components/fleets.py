"""Fleets: running even one unit of a force costs a member a fixed sum a year.

Variables:
    operates[m,f,t] in {0,1}    m runs a fleet of f in t, only where fleet_cost > 0

Constraints:
    hold_in_a_fleet:    sum_r held[m,f,r,t] <= most_held[m,f,t] * operates[m,f,t]

Costs:
    fleet_cost[m,t] = cost_index[m] * sum_f fleet_cost[f] * operates[m,f,t]
"""

from cssopt.modeling import (
    Entry,
    amount,
    constraint,
    holds,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "members", "forces", "readiness", "most_units")

ROLES = (Entry(entry="fleet_cost", says="Keeping fleets going", group="running"),)


def variables(block, data, use):
    block.operates = variable(
        "member force year",
        [key for key in use.readiness.pairs if data.forces.fleet_cost[key[1]] > 0],
        doc="the member runs a fleet of the force",
        measure="0 or 1",
        domain="binary",
        structure="{member} runs a fleet of {force}",
    )


def costs(block, data, use, ledger):
    fleets = {}
    for m, f, t in block.operates:
        cost = data.members.cost_index[m] * data.forces.fleet_cost[f]
        fleets.setdefault((m, t), []).append((cost, block.operates[m, f, t]))
    for key, terms in fleets.items():
        ledger.post("fleet_cost", *key, weighted_sum(terms))


def constraints(block, data, use):
    all_held, most = use.readiness.all_held, use.most_units.most_held
    block.hold_in_a_fleet = constraint(
        "member force year",
        block.operates,
        lambda m, f, t: all_held[m, f, t] <= most[m, f, t] * block.operates[m, f, t],
        doc="units are held only where a fleet is run",
    )


def audit(data, solution):
    fleets = {}
    for (m, f, t), state in solution.operates.items():
        held = sum(solution.held.get((m, f, r, t), 0.0) for r in data.readiness)
        most = solution.most_held[m, f, t] * solution.settle(state)
        yield holds("hold_in_a_fleet", (m, f, t), held, "<=", most)
        cost = data.members.cost_index[m] * data.forces.fleet_cost[f] * state
        fleets[m, t] = fleets.get((m, t), 0.0) + cost
    for (m, t), cost in fleets.items():
        yield amount("fleet_cost", m, t, cost)

"""Power for a member's own part of a threat, which needs no treaty.

Parameters:
    own_limit: largest own part of full[k,c,d,t],
        own_share * (1 - relief[k,t]) + (exposure - own_share) * (1 - pooled[t] - relief_apart[k,t])

Variables:
    own_supply[m,k,c,d,t] >= 0    power that counts for the own part

Constraints:
    supply_what_is_planned:    own_supply <= sum_f,r power[f,c] * quality[m,f] * own[m,f,r,k,t]
                               over the (f,r) that serve (c,d) in time
    supply_own_part_only:      own_supply <= full * own_limit

Balances:
    supply[k,c,d,t] (of coverage): own_supply
"""

from cssopt.modeling import (
    account,
    constraint,
    holds,
    lookup,
    supplies,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "members", "forces", "threats", "employment", "coverage")
OPTIONAL = ("relief", "pooling")


def variables(block, data, use):
    block.own_supply = variable(
        "member threat capability day year",
        use.employment.needs_served(use.employment.own),
        doc="power that counts for the member's own part",
        measure="power",
    )


def balances(block, data, use):
    for (_m, k, c, d, t), power in block.own_supply.items():
        use.coverage.supply.post((k, c, d, t), power)


def constraints(block, data, use):
    threats, own_supply = use.threats, block.own_supply
    planned = use.employment.power_in_time(use.employment.own)
    relief = use.relief.relief if "relief" in use else {}
    apart = use.relief.relief_apart if "relief" in use else {}
    pooled = use.pooling.pooled if "pooling" in use else {}

    def own_limit(m, k, t):
        own, exposure = threats.own_share[k, m], threats.exposure[k, m]
        limit = own * (1 - lookup(relief, (k, t), 0.0))
        if exposure > own:
            limit += (exposure - own) * (1 - lookup(pooled, t, 1.0) - lookup(apart, (k, t), 0.0))
        return limit

    block.supply_what_is_planned = constraint(
        "member threat capability day year",
        own_supply,
        lambda *key: own_supply[key] <= weighted_sum(planned[key]),
        doc="power that counts comes from units planned in time",
    )
    block.supply_own_part_only = constraint(
        "member threat capability day year",
        own_supply,
        lambda m, k, c, d, t: (
            own_supply[m, k, c, d, t] <= threats.full[k, c, d, t] * own_limit(m, k, t)
        ),
        doc="own power counts up to the member's own part",
    )


def audit(data, solution):
    threats, forces = solution.arithmetic.threats, solution.arithmetic.forces
    arrival = solution.arithmetic.employment.arrival
    relief = solution.relief if "relief" in solution else {}
    apart = solution.relief_apart if "relief_apart" in solution else {}
    pooled = solution.pooled if "pooled" in solution else {}
    power = {}
    for (m, f, r, k, t), units in solution.own.items():
        if units:
            power.setdefault((m, k, t), []).append((f, r, units))
    for (m, k, c, d, t), counted in solution.own_supply.items():
        planned = sum(
            forces.power_of[f].get(c, 0.0) * forces.quality[m, f] * units
            for f, r, units in power.get((m, k, t), ())
            if (m, r, k) in arrival and arrival[m, r, k] <= d
        )
        own = threats.own_share[k, m]
        beyond = threats.exposure[k, m] - own
        part = own * (1 - relief.get((k, t), 0.0))
        part += beyond * (1 - pooled.get(t, 1.0) - apart.get((k, t), 0.0))
        full, where = threats.full[k, c, d, t], (m, k, c, d, t)
        yield holds("supply_what_is_planned", where, counted, "<=", planned)
        yield holds("supply_own_part_only", where, counted, "<=", full * part)
        yield supplies("supply", (k, c, d, t), counted)


def accounts(solution):
    for key, power in solution.own_supply.items():
        yield account("covered by own", key, power)

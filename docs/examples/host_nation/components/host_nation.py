"""Host nations: what others send to a theatre is received and supported by its host.

Parameters:
    host[h], capacity[h]        the host of theatre h, and loads it can receive at one time
    support_per_load[h]         million per load and year of use, borne by the host

Constraints:
    receive_within_capacity:    sum_{m not host, f, r, k in s, in h} load[f] * delegated[m,f,r,k,t]
                                <= capacity[h]    for every situation s and year t

Costs:
    host_support_cost[host,t] = sum likelihood[k] * support_per_load[h] * load[f] * delegated
"""

from cssopt.modeling import Column, Table, amount, constraint, holds, weighted_sum

REQUIRES = ("horizon", "members", "forces", "threats", "situations", "employment")

TABLES = (
    Table(
        name="host_nations",
        help="Who receives forces in a theatre. No row: nobody need receive them.",
        key=("theatre",),
        optional=True,
        columns=(
            Column(name="theatre", kind="text", help="The theatre.", refers_to="theatres"),
            Column(name="member", kind="text", help="Its host.", refers_to="members"),
            Column(
                name="capacity",
                kind="number",
                help="Loads that the host can receive at one time.",
                measure="loads",
                low=0,
            ),
            Column(
                name="support_per_load",
                kind="number",
                help="Cost of supporting one load for a year of use.",
                measure="million per load",
                low=0,
            ),
        ),
    ),
)


def variables(block, data, use):
    """Loads received, by host theatre, year and threat: terms (load, units)."""
    block.received = {}
    for key, units in use.employment.delegated.items():
        m, f, _, k, t = key
        h = data.threats.theatre[k]
        if h in data.host_nations and data.host_nations.member[h] != m:
            by_threat = block.received.setdefault((h, t), {})
            by_threat.setdefault(k, []).append((data.forces.load[f], units))


def costs(block, data, use, ledger):
    supported = {}
    for (h, t), by_threat in block.received.items():
        host, price = data.host_nations.member[h], data.host_nations.support_per_load[h]
        for k, terms in by_threat.items():
            weight = data.threats.likelihood[k] * price
            supported.setdefault((host, t), []).extend((weight * a, x) for a, x in terms)
    for (host, t), terms in supported.items():
        ledger.post("host_support_cost", host, t, weighted_sum(terms))


def constraints(block, data, use):
    rows = {}
    for (h, t), by_threat in block.received.items():
        for s, threats in use.situations.threats_in[t].items():
            terms = [term for k in threats for term in by_threat.get(k, ())]
            if terms:
                rows[h, s, t] = terms
    block.receive_within_capacity = constraint(
        "theatre situation year",
        rows,
        lambda h, s, t: weighted_sum(rows[h, s, t]) <= data.host_nations.capacity[h],
        doc="a host receives no more than it can",
        policy=True,
    )


def _situations(data):
    """Threats that may arise together: all where the sheet has no row, else its rows, and every
    threat that stands in none of them by itself."""
    if not len(data.situations):
        return {"all": set(data.threats)}
    sets = {}
    for s, k in data.situations:
        sets.setdefault(s, set()).add(k)
    named = set().union(*sets.values())
    return sets | {("alone", k): {k} for k in data.threats if k not in named}


def audit(data, solution):
    hosts, received, cost = data.host_nations, {}, {}
    for (m, f, _, k, t), units in solution.delegated.items():
        h = data.threats.theatre[k]
        if h in hosts and hosts.member[h] != m:
            load = data.forces.load[f] * units
            received[h, k, t] = received.get((h, k, t), 0.0) + load
            price = data.threats.likelihood[k] * hosts.support_per_load[h]
            cost[hosts.member[h], t] = cost.get((hosts.member[h], t), 0.0) + price * load
    situations = _situations(data)
    for h in hosts:
        for t in {t for _, _, t in received}:
            for s, threats in situations.items():
                loads = sum(received.get((h, k, t), 0.0) for k in threats)
                yield holds("receive_within_capacity", (h, s, t), loads, "<=", hosts.capacity[h])
    for (host, t), value in cost.items():
        yield amount("host_support_cost", host, t, value)

"""Planning units against threats: for the member's own part, or delegated to the common defence.

Variables:
    own[m,f,r,k,t] >= 0          units planned for the member's own part, where own_share > 0
    delegated[m,f,r,k,t] >= 0    units delegated, where S has two members or more and no caveat
                                 forbids it
    Both exist only where the movement exists, the threat is active, and some required capability
    of the threat can be served in time by that force at that tier:
    notice_days[r] + transit_days[m, theatre of k] <= d and power[f,c] > 0

Constraints:
    one_place_at_a_time:    sum_{k in s} own + delegated <= available_share[r] * held[m,f,r,t]
                            for every situation s

Costs:
    movement_cost[m,t] = sum likelihood * cost_per_load * load * (own + delegated)
"""

from cssopt.modeling import (
    Entry,
    Sheet,
    account,
    amount,
    constraint,
    holds,
    total,
    variable,
    weighted_sum,
)

REQUIRES = (
    "horizon",
    "members",
    "forces",
    "readiness",
    "movement",
    "threats",
    "situations",
    "caveats",
)

ROLES = (
    Entry(entry="movement_cost", says="Moving forces", group="running"),
    Sheet(shows="employment", page="Employment", place=3, form="rows"),
)


def _find_arrivals(data, use):
    """The day on which units of a member at a tier are there against a threat; no entry: never."""
    transit, theatre = use.movement.transit_days, data.threats.theatre
    return {
        (m, r, k): data.readiness.notice_days[r] + transit[m, theatre[k]]
        for k in use.threats.threats
        for m in data.members
        if (m, theatre[k]) in transit
        for r in data.readiness
    }


def _find_served(data, use, arrival):
    """Capabilities and days served in time, by member, force, tier and threat."""
    served = {}
    days = {}
    for k, c, d in data.requirements:
        days.setdefault(k, []).append((c, d))
    for (m, r, k), there in arrival.items():
        timely = [(c, d) for c, d in days.get(k, ()) if there <= d]
        for f, power in use.forces.power_of.items():
            useful = [(c, d) for c, d in timely if power.get(c, 0.0) > 0]
            if useful:
                served[m, f, r, k] = useful
    return served


def arithmetic(data, use):
    arrival = _find_arrivals(data, use)
    return {"arrival": arrival, "served": _find_served(data, use, arrival)}


def variables(block, data, use):
    threats_in = {t: set() for t in use.horizon.years}
    for k, t in use.threats.needs:
        threats_in[t].add(k)
    pairs = set(use.readiness.pairs)
    keys = [
        (m, f, r, k, t)
        for (m, f, r, k) in block.served
        for t in use.horizon.years
        if k in threats_in[t] and (m, f, t) in pairs
    ]
    together = len(data.members) > 1
    block.own = variable(
        "member force tier threat year",
        [key for key in keys if use.threats.own_share[key[3], key[0]] > 0],
        doc="units planned for the member's own part",
        measure="units",
    )
    block.delegated = variable(
        "member force tier threat year",
        [key for key in keys if together and (key[0], key[3]) not in use.caveats.forbidden],
        doc="units delegated to the common defence",
        measure="units",
        structure="{member} delegates units",
    )
    served = block.served
    block.needs_served = lambda planned: _needs_served(served, planned, use.threats.full)
    block.power_in_time = lambda planned: _power_in_time(served, planned, use)


def _needs_served(served, planned, full):
    """Member and need, wherever planned units serve it in time, once for each of them."""
    for m, f, r, k, t in planned:
        for c, d in served[m, f, r, k]:
            if (k, c, d, t) in full:
                yield m, k, c, d, t


def _power_in_time(served, planned, use):
    """Terms (power, units) of planned units that serve a need in time, by member and need."""
    terms = {}
    power_of, quality, full = use.forces.power_of, use.forces.quality, use.threats.full
    for (m, f, r, k, t), units in planned.items():
        term_of = {}  # one for all days: a plan has hundreds of thousands of them
        for c, d in served[m, f, r, k]:
            if (k, c, d, t) in full:
                if c not in term_of:
                    term_of[c] = power_of[f][c] * quality[m, f], units
                terms.setdefault((m, k, c, d, t), []).append(term_of[c])
    return terms


def costs(block, data, use, ledger):
    moving = {}
    for planned in (block.own, block.delegated):
        for key, units in planned.items():
            m, f, _, k, t = key
            cost = data.threats.likelihood[k] * data.forces.load[f]
            cost *= use.movement.cost_per_load[m, data.threats.theatre[k]]
            moving.setdefault((m, t), []).append((cost, units))
    for key, terms in moving.items():
        ledger.post("movement_cost", *key, weighted_sum(terms))


def constraints(block, data, use):
    by_unit = {}
    for planned in (block.own, block.delegated):
        for (m, f, r, k, t), units in planned.items():
            by_unit.setdefault((m, f, r, t), {}).setdefault(k, []).append(units)
    rows = {
        (m, f, r, s, t): terms
        for (m, f, r, t), planned in by_unit.items()
        for s, terms in use.situations.sums_over(planned, t).items()
    }
    held, share = use.readiness.held, data.readiness.available_share
    block.one_place_at_a_time = constraint(
        "member force tier situation year",
        rows,
        lambda m, f, r, s, t: total(rows[m, f, r, s, t]) <= share[r] * held[m, f, r, t],
        doc="within a situation a unit is planned for one threat only",
    )


def audit(data, solution):
    moving, over = {}, "member force tier situation year"
    per_load = solution.arithmetic.movement.cost_per_load
    own, delegated = (solution.sums(name, over, along="together") for name in ("own", "delegated"))
    for kind in (solution.own, solution.delegated):
        for (m, f, r, k, t), units in kind.items():
            price = per_load.get((m, data.threats.theatre[k]))
            yield holds("can_move", (m, f, r, k, t), units * (price is None), "==", 0.0)
            cost = data.threats.likelihood[k] * data.forces.load[f] * (price or 0.0) * units
            moving[m, t] = moving.get((m, t), 0.0) + cost
    for m, f, r, s, t in own | delegated:
        units = own.get((m, f, r, s, t), 0.0) + delegated.get((m, f, r, s, t), 0.0)
        ready = data.readiness.available_share[r] * solution.held.get((m, f, r, t), 0.0)
        yield holds("one_place_at_a_time", (m, f, r, s, t), units, "<=", ready)
    for (m, t), cost in moving.items():
        yield amount("movement_cost", m, t, cost)


def results(solution):
    """Units planned for each threat. in_place_on_day is the day on which they are there; serves are
    the needs, with their days, that they are in time for."""
    data, rows, arrival = solution.data, {}, solution.arithmetic.employment.arrival
    for part in ("own", "delegated"):
        for (m, f, r, k, t), units in getattr(solution, part).items():
            rows.setdefault((k, m, f, r, part), {})[t] = units
    order = {k: place for place, k in enumerate(data.threats)}
    table = []
    for (k, m, f, r, part), units in sorted(rows.items(), key=lambda row: order[row[0][0]]):
        if any(planned > 1e-9 for planned in units.values()):
            day = arrival[m, r, k]
            about = {"threat": k, "member": m, "force": f, "tier": r, "part": part}
            serves = _serves(data, f, k, day)
            table.append({**about, "in_place_on_day": day, "serves": serves, **units})
    return {"employment": table}


def _serves(data, f, k, day):
    """The needs of a threat that a force has power for and is in time for."""
    days = {}
    for threat, c, d in data.requirements:
        if threat == k and data.power.power.get((f, c), 0.0) > 0 and day <= d:
            days.setdefault(c, []).append(d)
    return "; ".join(
        f"{c} by day {', '.join(f'{d:g}' for d in sorted(by))}" for c, by in days.items()
    )


def accounts(solution):
    """Units at the common disposal: in no situation more than the most of any are away at once."""
    at_once = {}
    over = "member force situation year"
    for (m, f, _, t), units in solution.sums("delegated", over, along="together").items():
        at_once[m, f, t] = max(units, at_once.get((m, f, t), 0.0))
    for key, units in at_once.items():
        yield account("lent at once", key, units)

"""Bounds on units, for rules that switch on or off (lines, fleets, gates).

Parameters:
    most_needed[m,f,t]    units with which m alone could meet every situation of t with f, at any
                          tier and day: max(sum_r h[r], max_r h[r] / max_share[r]), where h[r] is
                          what tier r would have to hold for the situation that asks most of it:
                          planned[r] / available_share[r], and where law limits delegation
                          max_r planned[r] / (delegable_share * the least available_share) more,
                          as units of any tier, served or not, widen what law allows
    most_orders[m,f,t]    U for orders: most_needed of the years in which they serve, what people
                          allow and what production delivers
    most_delegated[m,f,t] U for units delegated within a situation: what law and the readiest tier
                          make available of most_held
    most_held[m,f,t]      U for units held: twice most_needed of any year, what people allow, and
                          legacy plus the orders that can be in service

Why these are valid: an order larger than the most that is needed in any year of its service can be
cut to it. In a plan where no order can be cut any further every order is needed in full in some
year; those needed before t and still in service stand together in such a year, and so do those
needed from t on, so that no more than twice the most needed are held.

Apportionment may ask a member for more units than needs do: for a share of the power that all
others hold, or for so much that a small largest share of another one is kept. There most_needed is,
in every year, what gives at the weakest tier all the power that most_needed of all members and
forces could give, divided for every capability by the least share that a member may be held to: its
max_share, or what the min_share of all others leaves it; and twice that, so that a plan that comes
near the bound is one that it held back: then the audit fails.
"""

import math

from cssopt.modeling import holds, largest, parameter, smallest

REQUIRES = (
    "horizon",
    "members",
    "forces",
    "stock",
    "orders",
    "readiness",
    "threats",
    "situations",
    "employment",
    "legislation",
)
OPTIONAL = ("programmes",)


def _units_at_tier(data, use):
    """Units planned that meet all of a threat which a tier serves, by (m, f, t), tier, threat."""
    units = {}
    for (m, f, r, k), served in use.employment.served.items():
        quality = use.forces.quality[m, f]
        if quality <= 0 or data.readiness.available_share[r] <= 0:
            continue
        power = use.forces.power_of[f]
        for t in use.threats.active_years[k]:
            asked = [use.threats.full.get((k, c, d, t), 0.0) / power[c] for c, d in served]
            most = largest(asked) * max(1.0, use.threats.tot[k]) / (quality * _least_worth(data))
            units.setdefault((m, f, t), {}).setdefault(r, {})[k] = most
    return units


def _least_worth(data):
    """Smallest positive worth of a unit of delegated power."""
    return data.settings.unintegrated_power or 1.0


def _most_needed(data, at_tier, situations, law, whole):
    """Units that hold what every tier must hold, within the tiers' largest shares."""
    share, ready = data.readiness.max_share, data.readiness.available_share
    planned = {
        r: largest([sum(by_threat.get(k, 0.0) for k in threats) for threats in situations])
        for r, by_threat in at_tier.items()
    }
    able = [r for r in share if share[r] > 0 and ready[r] > 0]
    for_law = 0.0
    if 0 < law < 1 and able:
        for_law = largest([*planned.values(), 0.0]) / (law * smallest([ready[r] for r in able]))
    held = {r: planned.get(r, 0.0) / ready[r] + for_law for r in able}
    if whole:
        held = {r: math.ceil(units) for r, units in held.items()}
    most = largest([sum(held.values()), *(held[r] / share[r] for r in able), 0.0])
    if whole:
        # A few units more, so that rounding within tiers never asks for more than this.
        open_tiers = [s for s in share.values() if s > 0]
        most = math.ceil(most) + math.ceil(len(share) / smallest([*open_tiers, 1.0]))
    return most


def variables(block, data, use):
    at_tier = _units_at_tier(data, use)
    needed = {
        (m, f, t): _most_needed(
            data,
            at_tier.get((m, f, t), {}),
            list(use.situations.threats_in[t].values()),
            use.legislation.delegable_share.get((m, f), 1.0),
            data.forces.whole[f],
        )
        for m, f, t in use.readiness.pairs
    }
    if len(data.tables.get("apportionment", ())) and len(data.members) > 1:
        needed = _apportioned(data, use, needed)
    block.most_needed = parameter(
        "member force year",
        needed,
        doc="units with which the member alone could meet every situation",
        measure="units",
    )
    block.most_orders = parameter(
        "member force year",
        {key: _most_orders(block, data, use, *key) for key in use.orders.orders},
        doc="no plan orders more units",
        measure="units",
    )
    block.most_held = parameter(
        "member force year",
        {key: _most_held(block, data, use, *key) for key in use.readiness.pairs},
        doc="no plan holds more units",
        measure="units",
    )
    ready = largest([*data.readiness.available_share.values(), 0.0])
    law = use.legislation.delegable_share
    block.most_delegated = parameter(
        "member force year",
        {
            (m, f, t): ready * law.get((m, f), 1.0) * held
            for (m, f, t), held in block.most_held.items()
        },
        doc="no plan delegates more units within a situation",
        measure="units",
    )


def _apportioned(data, use, needed):
    """The most needed where every member may have to keep pace with the power of all."""
    ready = [share for share in data.readiness.available_share.values() if share > 0]
    most = {}
    for (m, f, _), units in needed.items():
        most[m, f] = largest([units, most.get((m, f), 0.0)])
    powers = {
        (m, f): [p * use.forces.quality[m, f] for p in use.forces.power_of.get(f, {}).values() if p]
        for m, f in most
    }
    total = sum(units * largest([*powers[key], 0.0]) for key, units in most.items())
    total *= 2 * largest([*ready, 0.0])
    for c in {c for _, c in data.apportionment}:
        total /= _least_share(data, c)
    pace = {}
    for key, units in most.items():
        weakest = min(powers[key], default=0.0) * min(ready, default=0.0)
        pace[key] = largest([units, total / weakest]) if weakest > 0 else units
    return {(m, f, t): pace[m, f] for m, f, t in needed}


def _least_share(data, c):
    """The least positive share of the power for c that the rows may hold a member to."""
    least, most = data.apportionment.min_share, data.apportionment.max_share
    kept = {m: least.get((m, c), 0.0) for m in data.members}
    largest = (min(most.get((m, c), 1.0), 1.0 - sum(kept.values()) + kept[m]) for m in data.members)
    return min((share for share in largest if share > 1e-6), default=1.0)


def _most_orders(block, data, use, m, f, t):
    enters = t + data.forces.lead_time[f]
    serves = range(enters, min(enters + data.forces.service_life[f] - 1, use.horizon.last_year) + 1)
    needed = largest([block.most_needed[m, f, year] for year in serves])
    return smallest([needed, _by_people(data, m, f), _by_industry(data, use, f)])


def _most_held(block, data, use, m, f, t):
    needed = largest([most for (n, g, _), most in block.most_needed.items() if (n, g) == (m, f)])
    in_service = use.orders.serving.get((m, f, t), ())
    supply = use.stock.legacy.get((m, f, t), 0.0)
    supply += sum(block.most_orders[m, f, ordered] for ordered in in_service)
    return smallest([2 * needed, _by_people(data, m, f), supply])


def _by_people(data, m, f):
    ceiling, each = data.members.personnel[m], data.forces.personnel[f]
    return ceiling / each if ceiling is not None and each > 0 else math.inf


def _by_industry(data, use, f):
    """Units a year that the coalition can obtain."""
    imports = data.forces.max_imports[f]
    if imports is None:
        return math.inf
    own = sum(units for (_, g), units in data.industry.capacity.items() if g == f)
    added = use.programmes.capacities.get(f, 0.0) if "programmes" in use else 0.0
    return own + len(data.members) * imports + added


def audit(data, solution):
    """Where apportionment could ask for more than needs do, no plan may come near the bounds.

    Only for forces whose bounds some switch uses; units that cost nothing are left out, as a plan
    may have any number of them.
    """
    if not len(data.tables.get("apportionment", ())) or len(data.members) < 2:
        return
    forces = data.forces
    switched = {f for _, f, _ in data.tables.get("programme_effects", ())}
    switched |= {f for f in forces if forces.fleet_cost[f] > 0 or forces.programme_cost[f] > 0}
    for (m, f, t), most in solution.most_needed.items():
        if f not in switched:
            continue
        held = sum(solution.held.get((m, f, r, t), 0.0) for r in data.readiness)
        ordered = solution.orders.get((m, f, t), 0.0)
        costly = forces.operating_cost[f] > 0 or forces.support_cost[f] > 0
        if costly and held > 0:
            yield holds("bound_is_not_felt", (m, f, t), held, "<=", 0.9 * 2 * most)
        if ordered > 0 and (costly or forces.procurement_cost[f]):
            yield holds("bound_is_not_felt", (m, f, t), ordered, "<=", 0.9 * most)

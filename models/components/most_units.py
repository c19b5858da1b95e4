"""Bounds on units, for rules that switch on or off (lines, fleets, gates).

Parameters:
    most_needed[m,f,t]    units with which m alone could meet every situation of t with f, at any
                          tier and day: max(sum_r h[r], max_r h[r] / max_share[r]), where h[r] is
                          what tier r would have to hold for the situation that asks most of it
    most_orders[m,f,t]    U for orders: most_needed of the years in which they serve, what people
                          allow and what production delivers
    most_delegated[m,f,t] U for units delegated within a situation: what law and the readiest tier
                          make available of most_held
    most_held[m,f,t]      U for units held: twice most_needed of any year, what people allow, and
                          legacy plus the orders that can be in service

Why these are valid: an order larger than the most that is needed in any year of its service can be
cut to it. In a plan where no order can be cut any further every order is needed in full in some
year; those needed before t and still in service stand together in such a year, and so do those
needed from t on, so that no more than twice the most needed are held. (Apportionment may ask a
member for more units than needs do. There most_needed counts ten times over, and the audit fails
if a plan comes near it.)
"""

import math

from cssopt.modeling import holds, parameter

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

_APPORTIONED = 10.0


def _units_at_tier(data, use):
    """Units at a tier that meet all of a threat they can serve, by (m, f, t), tier and threat."""
    ready, law = data.readiness.available_share, use.legislation.delegable_share
    units = {}
    for (m, f, r, k), served in use.employment.served.items():
        quality = use.forces.quality[m, f]
        usable = ready[r] * (law.get((m, f), 1.0) or 1.0) * _least_worth(data)
        if quality <= 0 or usable <= 0:
            continue
        power = use.forces.power_of[f]
        for t in use.threats.active_years[k]:
            asked = (use.threats.full.get((k, c, d, t), 0.0) / power[c] for c, d in served)
            most = max(asked) * max(1.0, use.threats.tot[k]) / (quality * usable)
            units.setdefault((m, f, t), {}).setdefault(r, {})[k] = most
    return units


def _least_worth(data):
    """Smallest positive worth of a unit of delegated power."""
    return data.settings.unintegrated_power or 1.0


def _most_needed(data, at_tier, situations, whole):
    """Units that hold what every tier must hold, within the tiers' largest shares."""
    share = data.readiness.max_share
    held = {}
    for r, by_threat in at_tier.items():
        worst = max(sum(by_threat.get(k, 0.0) for k in threats) for threats in situations)
        held[r] = math.ceil(worst) if whole else worst
    within = (h / share[r] for r, h in held.items() if share[r] > 0)
    most = max(sum(held.values()), *within, 0.0)
    if whole:
        # A few units more, so that rounding within tiers never asks for more than this.
        open_tiers = [s for s in share.values() if s > 0]
        most = math.ceil(most) + math.ceil(len(share) / min(open_tiers, default=1.0))
    return most


def variables(block, data, use):
    generous = _APPORTIONED if len(data.tables.get("apportionment", ())) else 1.0
    at_tier = _units_at_tier(data, use)
    block.most_needed = parameter(
        "member force year",
        {
            (m, f, t): generous
            * _most_needed(
                data,
                at_tier.get((m, f, t), {}),
                list(use.situations.threats_in[t].values()),
                data.forces.whole[f],
            )
            for m, f, t in use.readiness.pairs
        },
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
    ready = max(data.readiness.available_share.values(), default=0.0)
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


def _most_orders(block, data, use, m, f, t):
    enters = t + data.forces.lead_time[f]
    serves = range(enters, min(enters + data.forces.service_life[f] - 1, use.horizon.last_year) + 1)
    needed = max(block.most_needed[m, f, year] for year in serves)
    return min(needed, _by_people(data, m, f), _by_industry(data, use, f))


def _most_held(block, data, use, m, f, t):
    needed = max(most for (n, g, _), most in block.most_needed.items() if (n, g) == (m, f))
    in_service = use.orders.serving.get((m, f, t), ())
    supply = use.stock.legacy.get((m, f, t), 0.0)
    supply += sum(block.most_orders[m, f, ordered] for ordered in in_service)
    return min(2 * needed, _by_people(data, m, f), supply)


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
    """Where apportionment could ask for more than needs do, no plan may come near the bounds."""
    if not len(data.tables.get("apportionment", ())):
        return
    for key, most in solution.most_needed.items():
        m, f, t = key
        held = sum(solution.held.get((m, f, r, t), 0.0) for r in data.readiness)
        if data.forces.fleet_cost[f] > 0:
            yield holds("bound_is_not_felt", key, held, "<=", 0.9 * most)
        if data.forces.programme_cost[f] > 0:
            ordered = solution.orders.get((m, f, t), 0.0)
            yield holds("bound_is_not_felt", key, ordered, "<=", 0.9 * most)

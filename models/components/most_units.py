"""Bounds on units, for rules that switch on or off (lines, fleets, gates).

Parameters:
    most_held[m,f,t]      U: no plan needs, or can have, more units held than this; the least of
        people:      personnel[m] / personnel[f]
        supply:      legacy plus all orders that production could deliver by then
        need:        units that would meet the largest situation alone, at the tier and day that
                     asks most, within what law lets the member delegate and tiers may hold
    most_orders[m,f,t]    U for orders: most_held when they enter service, and what production and
                          the budget of the year allow

Any valid bound gives the same plan; tight ones solve faster. Apportionment may ask a member for
more units than needs do, so there the need counts ten times over, and the audit tells if a plan
comes near it.
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


def _units_per_threat(data, use):
    """Units that meet the whole of a threat alone, by member, force, threat and year."""
    tiers, worth = data.readiness, _least_worth(data)
    share = use.legislation.delegable_share
    units = {}
    for (m, f, r, k), served in use.employment.served.items():
        usable = tiers.available_share[r] * tiers.max_share[r]
        legal = share.get((m, f), 1.0) or 1.0
        if usable <= 0 or use.forces.quality[m, f] <= 0:
            continue
        for t in use.threats.active_years[k]:
            power = use.forces.power_of[f]
            most = max(
                use.threats.full.get((k, c, d, t), 0.0)
                * max(1.0, use.threats.tot[k])
                / (power[c] * use.forces.quality[m, f])
                for c, d in served
            )
            most /= usable * legal * worth
            units[m, f, k, t] = max(units.get((m, f, k, t), 0.0), most)
    return units


def _least_worth(data):
    """Smallest positive worth of a unit of delegated power."""
    apart = data.tables["settings"].columns.get("unintegrated_power")
    return (apart[None] if apart else 1.0) or 1.0


def variables(block, data, use):
    per_threat = _units_per_threat(data, use)
    generous = _APPORTIONED if len(data.tables.get("apportionment", ())) else 1.0
    block.most_held = parameter(
        "member force year",
        {
            (m, f, t): min(
                _by_people(data, m, f),
                _by_supply(data, use, m, f, t),
                generous * _by_need(data, use, per_threat, m, f, t),
            )
            for m, f, t in use.readiness.pairs
        },
        doc="no plan needs, or can have, more units held",
        measure="units",
    )
    block.most_orders = parameter(
        "member force year",
        {
            (m, f, t): min(
                block.most_held[m, f, t + data.forces.lead_time[f]], _by_industry(data, use, f)
            )
            for m, f, t in use.orders.orders
        },
        doc="no plan orders more units",
        measure="units",
    )


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


def _by_supply(data, use, m, f, t):
    served_by = use.orders.serving.get((m, f, t), ())
    return use.stock.legacy.get((m, f, t), 0.0) + (
        len(served_by) * _by_industry(data, use, f) if served_by else 0.0
    )


def _by_need(data, use, per_threat, m, f, t):
    """Units for the largest situation; a little more where units or tiers come whole."""
    largest = max(
        (
            sum(per_threat.get((m, f, k, t), 0.0) for k in threats)
            for threats in use.situations.threats_in[t].values()
        ),
        default=0.0,
    )
    if not data.forces.whole[f]:
        return largest
    shares = [share for share in data.readiness.max_share.values() if share > 0]
    return math.ceil(largest) + math.ceil((len(data.readiness) + 1) / min(shares, default=1.0))


def audit(data, solution):
    if not len(data.tables.get("apportionment", ())):
        return
    for (m, f, t), most in solution.most_held.items():
        held = sum(solution.held.get((m, f, r, t), 0.0) for r in data.readiness)
        if data.forces.fleet_cost[f] > 0:
            people = _by_people(data, m, f)
            yield holds("bound_is_not_felt", (m, f, t), held, "<=", max(most * 0.9, min(most, people)))

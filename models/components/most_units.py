"""Bounds on units, for rules that switch on or off (lines, fleets, gates).

Parameters:
    most_spent            given where any plan within this expenditure may be asked for, not only
                          the cheapest (alternatives), or any at all (fronts of criteria that may be
                          better for units that nobody needs); the bounds are then those of any plan
    most_missed           given beside a given plan, once it is known by how much rules are missed
    most_needed[m,f,t]    units with which m alone could meet every situation of t with f, at any
                          tier and day: max(sum_r h[r], max_r h[r] / max_share[r]), where h[r] is
                          what tier r would have to hold for the situation that asks most of it:
                          planned[r] / available_share[r], and where law limits delegation
                          max_r planned[r] / (delegable_share * the least available_share) more,
                          as units of any tier, served or not, widen what law allows;
                          near a base plan no less than base_units[m,f,t]; of whole forces more, as
                          told below
    most_orders[m,f,t]    U for orders: what people allow and what production delivers, and
                          least:    most_needed of the years in which they serve
                          any plan: most_spent / whole_cost[m,f,t], and budget ceiling / price
    most_held[m,f,t]      U for units held: what people allow, legacy plus the orders that can be in
                          service, and
                          least:    twice most_needed of any year; and legacy, where
                                    disposal_cost > 0; but not of whole units that are had by steps
                          any plan: budget ceiling[m,t] / run_cost[m,f]
    most_delegated[m,f,t] U for units delegated within a situation: what law and the readiest tier
                          make available of most_held
    run_cost[m,f]         least cost of a unit in a year: cost_index * (operating_cost * the least
                          operating_factor + support_cost * (1 - all support cuts))
    whole_cost[m,f,t]     least present value of a unit ordered in t: discount[t] * price, less
                          discount[T] * salvage_share * price, at the price less all price cuts,
                          and discount * run_cost of every year in which it serves

Why `least` is valid, whatever is minimised of expenditure, burdens, outlays, missing shares and
moves against a base plan: none of these is larger in a plan with fewer units, unless a need is met
or a unit of the base plan is held by them. An order larger than the most that is needed in any year
of its service can be cut to it. In a plan where no order can be cut any further every order is
needed in full in some year; those needed before t and still in service stand together in such a
year, and so do those needed from t on, so that no more than twice the most needed are held. What
the base plan holds is always within the bounds. Where giving units up costs something, a plan may
keep those of its inventory that it does not need; no more than twice the most needed are bought.

Whole units cannot be split among tiers in any number: n of them can where
sum_r floor(max_share[r] * n) >= n. The argument above cuts a plan down unit by unit, so it asks
that every n >= most_needed can be split. (Then most_needed serves every situation too: tier r may
hold floor(max_share[r] * n), no less than what it must, and some tiers have room for the rest.)
    a tier with max_share 1    takes what is left over: every n can be split
    sum_r max_share[r] > 1     every n >= R / (sum_r max_share[r] - 1) can, for R tiers, as a floor
                               takes less than 1 from each; most_needed is no less
    sum_r max_share[r] = 1     n can be split where every max_share[r] * n is whole, so by steps of
                               the least common denominator L of the shares: 20 for 0.55 and 0.45.
                               An order is cut by L at a time, whatever else serves in its years:
                               what was a multiple of L remains one. most_needed is L more, and no
                               order is larger: cut by L it would still be no less than is needed.
                               Many small orders, none of which can be cut by L, may hold more than
                               twice as much together, so units held are bounded by supply alone
    sum_r max_share[r] < 1     no unit can be held at all
Shares count as the nearest fractions with denominators of at most a thousand million: ten digits of
a third are 1/3, about as exactly as a search keeps limit_tier.

Why those of any plan are valid: nothing in the ledger is below 0 but the salvage value of an order,
which its price exceeds. So a plan that spends no more than most_spent has no more than most_spent /
whole_cost of any order, and a member has no more in a year than its budget pays. A force that costs
nothing at all, and that neither people nor production limits, could be held without end: its orders
end at 1,000 times the most that is needed or there in any year (of one unit at least).

Apportionment may ask a member for more units than needs do: for a share of the power that all
others hold, or for so much that a small largest share of another one is kept. There most_needed is,
in every year, what gives at the weakest tier all the power that most_needed of all members and
forces could give, divided for every capability by the least share that a member may be held to: its
max_share, or what the min_share of all others leaves it; and twice that, so that a plan that comes
near the bound is one that it held back: then the audit fails.

Beside a given plan, which may break rules of people, production and money, orders and units held
are bounded by once and twice the sum of what is most needed of the force, what the plan orders of
it in all and holds of it at most, and what the inventory has. Once it is known by how much rules
are missed at the least (most_missed), also by what people and production allow if their rules are
missed by all of that: limit + most_missed * max(1, limit), as what is missed counts relative to its
limit, and absolute where that is 0; orders may come on top of people as far as the plan has them,
and by as many units as may be missing from what is held (each counts no less than 1).

Pledges and balances of work may ask for units that no need asks for: for their money, or for where
they are built. There most_needed of t is legacy and, for every order in service in t, the larger of
the most needed of the years in which it serves and
    pledge:    floor[m,g,t] / (price less all price cuts), floor[m,g,year] / run_cost[m,f] of every
               year in which it serves; for a whole force rounded up, and one more
    balance:   capacity of all for f; of m, all that its industry can build over the years, at its
               price, / (most[m] * price[f,t]); likewise
For an order that is larger can be cut: no pledge of m ends below its floor by it unless what the
order costs in that year is within that floor, no work of others becomes less unless it is all
placed, and no work of m too much unless what m pays, this order included, is within its work over
most[m]. Where such money buys without end, it is 1,000 times the most needed, as below.
"""

import math
from fractions import Fraction

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
OPTIONAL = ("programmes", "persistence", "budgets", "pledges", "given_plan")
GIVEN = ("most_spent", "most_missed")

_WITHOUT_END = 1000.0
"""How many times the most needed are ordered of what costs nothing and nothing limits."""

_FINEST = 1_000_000_000
"""Largest denominator of a share of whole units."""


def _units_at_tier(data, use):
    """Units planned that meet all of a threat which a tier serves, by (m, f, t), tier, threat."""
    units, asked, least_worth = {}, {}, _least_worth(data)
    for (m, f, r, k), served in use.employment.served.items():
        quality = use.forces.quality[m, f]
        if quality <= 0 or data.readiness.available_share[r] <= 0:
            continue
        # Members far and near, and tiers, serve the same days more often than not.
        place = f, k, tuple(served)
        if place not in asked:
            asked[place] = _most_asked(use, *place)
        for t, most in asked[place].items():
            units.setdefault((m, f, t), {}).setdefault(r, {})[k] = most / (quality * least_worth)
    return units


def _most_asked(use, f, k, served):
    """Units of quality 1 that meet what most of them are asked for in each year."""
    power, full, factor = use.forces.power_of[f], use.threats.full, max(1.0, use.threats.tot[k])
    return {
        t: largest([full.get((k, c, d, t), 0.0) / power[c] for c, d in served]) * factor
        for t in use.threats.active_years[k]
    }


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
        most = largest([most, _split_from(data)])
    return most


def _shares_without_rest(data):
    """The tiers' shares as fractions, where none of them takes what the others leave over."""
    shares = [share for share in data.readiness.max_share.values() if share > 0]
    if any(share >= 1 for share in shares):
        return []
    return [Fraction(float(share)).limit_denominator(_FINEST) for share in shares]


def _split_from(data):
    """From how many whole units on every number can be split among tiers, where it is so."""
    parts = _shares_without_rest(data)
    return math.ceil(len(parts) / (sum(parts) - 1)) if sum(parts) > 1 else 0


def _find_step(data, f):
    """By how many units at a time a force can be had that tiers split without rest; 0: by one."""
    parts = _shares_without_rest(data) if data.forces.whole[f] else []
    return math.lcm(*(part.denominator for part in parts)) if sum(parts) == 1 else 0


def arithmetic(data, use):
    at_tier = _units_at_tier(data, use)
    needed = {
        (m, f, t): _most_needed(
            data,
            at_tier.get((m, f, t), {}),
            list(use.situations.threats_in[t].values()),
            use.legislation.delegable_share[m, f],
            data.forces.whole[f],
        )
        for m, f, t in use.readiness.pairs
    }
    if "persistence" in use:
        needed = _near_base(data, use.persistence.base_units, needed)
    if len(data.tables.get("pledges", ())) or len(data.tables.get("work_balance", ())):
        needed = _beyond_needs(data, use, needed)
    steps = {f: _find_step(data, f) for f in data.forces}
    needed = {key: units + steps[key[1]] for key, units in needed.items()}
    if len(data.tables.get("apportionment", ())) and len(data.members) > 1:
        needed = _apportioned(data, use, needed)
    orders = {key: _most_orders(needed, data, use, *key) for key in use.orders.orderable}
    ever = _most_ever(needed)
    held = {key: _most_held(ever, orders, data, use, *key) for key in use.readiness.pairs}
    if "given_plan" in use:
        orders, held = _beside_plan(needed, data, use)
    ready = largest([*data.readiness.available_share.values(), 0.0])
    law = use.legislation.delegable_share
    delegated = {(m, f, t): ready * law[m, f] * most for (m, f, t), most in held.items()}
    told = {
        "most_needed": (needed, "units with which the member alone could meet every situation"),
        "most_orders": (orders, "no plan orders more units"),
        "most_held": (held, "no plan holds more units"),
        "most_delegated": (delegated, "no plan delegates more units within a situation"),
    }
    return {
        name: parameter("member force year", units, doc=doc, measure="units")
        for name, (units, doc) in told.items()
    }


def _beside_plan(needed, data, use):
    """Bounds on orders and on what is held where a given plan may break any rule but its own."""
    planned, taken = use.given_plan, {}
    largest_of = (use.stock.legacy, planned.held_as_planned)
    for m, f, t in use.readiness.pairs:
        each = [units.get((m, f, t), 0.0) for units in largest_of]
        taken[m, f] = [largest(pair) for pair in zip(taken.get((m, f), each), each, strict=True)]
    for (m, f, _), units in planned.ordered_as_planned.items():
        taken[m, f].append(units)
    most = _most_ever(needed)
    orders = {(m, f, t): most[m, f] + sum(taken[m, f]) for m, f, t in use.orders.orderable}
    held = {(m, f, t): 2 * (most[m, f] + sum(taken[m, f])) for m, f, t in use.readiness.pairs}
    if "most_missed" not in data.given:
        return orders, held
    missed = data.given["most_missed"]
    people = {pair: _by_people(data, *pair, missed) for pair in taken}
    industry = {f: _by_industry(data, use, f, missed) for f in data.forces}
    return {
        (m, f, t): smallest([units, people[m, f] + sum(taken[m, f]) + missed, industry[f]])
        for (m, f, t), units in orders.items()
    }, {(m, f, t): smallest([units, people[m, f]]) for (m, f, t), units in held.items()}


def _near_base(data, base, needed):
    """The most needed where a base plan is a need too: what it holds may be held again."""
    near = {key: largest([units, base.get(key, 0.0)]) for key, units in needed.items()}
    return {key: math.ceil(u) if data.forces.whole[key[1]] else u for key, u in near.items()}


def _beyond_needs(data, use, needed):
    """The most needed where a pledge or a balance of work may ask for units too."""
    most = {}
    for m, f, t in use.orders.orderable:
        asked = _largest_needed(needed, m, f, _in_service(data, use, f, t))
        reasons = [*_for_pledges(data, use, m, f, t), *_for_work(data, use, m, f, t)]
        if data.forces.whole[f]:
            reasons = [units if units == math.inf else math.ceil(units) + 1 for units in reasons]
        units = largest([*asked, *reasons, 0.0])
        units = _without_end(needed, data, use, m, f) if units == math.inf else units
        most[m, f, t] = smallest([units, _by_people(data, m, f), _by_industry(data, use, f)])
    beyond = {}
    for m, f, t in needed:
        held = use.stock.legacy.get((m, f, t), 0.0)
        held += sum(most[m, f, ordered] for ordered in use.orders.serving.get((m, f, t), ()))
        beyond[m, f, t] = largest([needed[m, f, t], held])
    return beyond


def _for_pledges(data, use, m, f, t):
    """Units of an order that the money of a pledge may ask for."""
    floors = use.pledges.floor if "pledges" in use else {}
    price = use.orders.price[f, t] * (1 - _cuts(use, "price_cuts", f))
    run, serves = _run_cost(data, use, m, f), _in_service(data, use, f, t)
    for (n, _, year), floor in floors.items():
        if n == m and floor > 0:
            if year == t:
                yield _within(floor, price)
            if year in serves:
                yield _within(floor, run)


def _for_work(data, use, m, f, t):
    """Units of an order that a balance of work may ask for."""
    bounds = data.tables.get("work_balance", ())
    if not len(bounds) or len(data.members) < 2:
        return
    capacity, price = data.industry.capacity, use.orders.price
    yield sum(units for (_, g), units in capacity.items() if g == f)
    most = bounds.most_work.get(m if m in bounds else "*")
    if most is not None and most > 0:
        own = {g: units for (n, g), units in capacity.items() if n == m}
        built = sum(each * own.get(g, 0.0) for (g, _), each in price.items())
        yield _within(built, most * price[f, t])


def _without_end(needed, data, use, m, f):
    there = [use.stock.legacy.get((m, f, year), 0.0) for year in use.horizon.years]
    return _WITHOUT_END * largest([1.0, *there, *_largest_needed(needed, m, f, use.horizon.years)])


def _apportioned(data, use, needed):
    """The most needed where every member may have to keep pace with the power of all."""
    ready = [share for share in data.readiness.available_share.values() if share > 0]
    most = _most_ever(needed)
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


def _most_orders(needed, data, use, m, f, t):
    most = smallest([_by_people(data, m, f), _by_industry(data, use, f)])
    if "most_spent" not in data.given:
        return smallest([most, *_largest_needed(needed, m, f, _in_service(data, use, f, t))])
    most = smallest([most, _by_money(data, use, m, f, t)])
    if most < math.inf:
        return most
    return _without_end(needed, data, use, m, f)


def _in_service(data, use, f, t):
    """Years in which an order of t serves."""
    enters = t + data.forces.lead_time[f]
    return range(enters, min(enters + data.forces.service_life[f] - 1, use.horizon.last_year) + 1)


def _largest_needed(needed, m, f, years):
    asked = [needed[m, f, t] for t in years if (m, f, t) in needed]
    return [largest(asked)] if asked else []


def _most_ever(needed):
    """The most needed of any year, by (m, f)."""
    by_year = {}
    for (m, f, _), units in needed.items():
        by_year.setdefault((m, f), []).append(units)
    return {pair: largest(units) for pair, units in by_year.items()}


def _most_held(ever, orders, data, use, m, f, t):
    in_service = use.orders.serving.get((m, f, t), ())
    supply = use.stock.legacy.get((m, f, t), 0.0)
    supply += sum(orders[m, f, ordered] for ordered in in_service)
    most = smallest([_by_people(data, m, f), supply])
    if "most_spent" not in data.given and _find_step(data, f):
        return most
    if "most_spent" not in data.given:
        return smallest([2 * ever[m, f] + _idle(data, use.stock, m, f, t), most])
    return smallest([most, _within(_budget(use, m, t), _run_cost(data, use, m, f))])


def _idle(data, stock, m, f, t):
    """Units kept without need, as giving them up costs something."""
    return stock.legacy.get((m, f, t), 0.0) if data.forces.disposal_cost[f] > 0 else 0.0


def _by_money(data, use, m, f, t):
    """Units that a plan within most_spent orders in t, within the budget of the year."""
    discount, last = use.horizon.discount, use.horizon.last_year
    price = use.orders.price[f, t] * (1 - _cuts(use, "price_cuts", f))
    whole = (discount[t] - discount[last] * use.orders.salvage_share[f, t]) * price
    serves = _in_service(data, use, f, t)
    whole += sum(discount[year] for year in serves) * _run_cost(data, use, m, f)
    return smallest([_within(data.given["most_spent"], whole), _within(_budget(use, m, t), price)])


def _run_cost(data, use, m, f):
    """What a unit costs in a year at the least."""
    factors = data.readiness.operating_factor
    run = data.forces.operating_cost[f] * smallest([factors[r] for r in data.readiness])
    run += data.forces.support_cost[f] * (1 - _cuts(use, "support_cuts", f))
    return data.members.cost_index[m] * run


def _cuts(use, kind, f):
    """The share that all programmes together take off a cost."""
    by_force = getattr(use.programmes, kind) if "programmes" in use else {}
    return sum(by_force.get(f, {}).values())


def _budget(use, m, t):
    return use.budgets.ceiling.get((m, t), math.inf) if "budgets" in use else math.inf


def _within(money, each):
    """Units that a sum pays, with a little more for rounding."""
    return money * (1 + 1e-6) / each if each > 0 else math.inf


def _by_people(data, m, f, missed=0.0):
    ceiling, each = data.members.personnel[m], data.forces.personnel[f]
    return _beyond(ceiling, missed) / each if ceiling is not None and each > 0 else math.inf


def _beyond(limit, missed):
    """The limit of a rule that is kept, or where it is missed by all that may be missed."""
    return limit + missed * largest([1.0, limit]) if missed else limit


def _by_industry(data, use, f, missed=0.0):
    """Units a year that the coalition can obtain."""
    imports = data.forces.max_imports[f]
    if imports is None:
        return math.inf
    own = sum(units for (_, g), units in data.industry.capacity.items() if g == f)
    added = use.programmes.capacities.get(f, 0.0) if "programmes" in use else 0.0
    return _beyond(own + len(data.members) * imports, missed) + added


def audit(data, solution):
    """Where apportionment could ask for more than needs do, no plan may come near the bounds.

    Only for forces whose bounds some switch uses, or what whole units come to at a tier (of
    whole_tiers); units that cost nothing are left out, as a plan may have any number of them. Where
    a plan is given, or any plan within an expenditure is asked for, the bounds are others, and are
    those of all such plans.
    """
    if not len(data.tables.get("apportionment", ())) or len(data.members) < 2:
        return
    if "given_plan" in solution.arithmetic or "most_spent" in data.given:
        return
    forces = data.forces
    switched = {f for _, f, _ in data.tables.get("programme_effects", ())}
    switched |= {f for f in forces if forces.fleet_cost[f] > 0 or forces.programme_cost[f] > 0}
    if not solution.relaxed and smallest([*data.readiness.max_share.values(), 1.0]) < 1:
        switched |= {f for f in forces if forces.whole[f]}
    for (m, f, t), most in solution.most_needed.items():
        if f not in switched:
            continue
        held = sum(solution.held.get((m, f, r, t), 0.0) for r in data.readiness)
        ordered = solution.orders.get((m, f, t), 0.0)
        costly = forces.operating_cost[f] > 0 or forces.support_cost[f] > 0
        if costly and held > 0 and not _find_step(data, f):
            idle = _idle(data, solution.arithmetic.stock, m, f, t)
            yield holds("bound_is_not_felt", (m, f, t), held, "<=", 0.9 * 2 * most + idle)
        if ordered > 0 and (costly or forces.procurement_cost[f]):
            yield holds("bound_is_not_felt", (m, f, t), ordered, "<=", 0.9 * most)

"""Power that does not go together with the needs: warnings over the whole book, no mathematics.

Sets:
    what each of the CHECKS finds: levels, powers, shares and factors that a slip of measure or of a
    decimal point makes, such as 110 for 1.1; the plan is made all the same
"""

from cssopt.modeling import Check, Fault, say

REQUIRES = ("horizon",)

_GAP = 100.0
"""Levels this many times above all others of their capability are hardly in the same measure."""

_STRONG = 10.0
"""Times the largest need of a capability: no single unit has so much power."""

_LARGEST_FACTOR = {
    ("inventory", "quality"): 5.0,
    ("members", "cost_index"): 20.0,
    ("readiness", "operating_factor"): 10.0,
}
"""Factors where 1 is the standard: one above is hardly meant, one in percent (110) lies above."""


def _strong_units(data):
    need = {}
    for (_, c, _), level in data.requirements.level.items():
        need[c] = max(need.get(c, 0.0), level)
    for (f, c), power in data.power.power.items():
        if 0 < _STRONG * need.get(c, 0.0) < power:
            text = f'one unit has {say(power)} of "{c}", {say(power / need[c])} times the largest '
            text += f"level that is asked for ({say(need[c])}). Are both in the same measure?"
            yield Fault("power", (f, c), "power", text)


def _bear_too_little(data):
    """Largest shares of a member that leave a part to nobody, as where 0.4 % stands for 40 %."""
    count = len(data.members)
    for c, share in data.capabilities.max_member_share.items():
        if share is not None and 0 < count * share < 1 - 1e-9:
            text = (
                f"{share:.6g} of each of the {count} members makes {count * share:.6g}: the rest "
            )
            text += "of every need is met by nobody. 0.4 stands for 40 %."
            yield Fault("capabilities", c, "max_member_share", text)


def _large_factors(data):
    for (table, column), most in _LARGEST_FACTOR.items():
        for key, factor in data.tables[table].columns[column].items():
            if factor > most:
                text = f"{say(factor)} is that many times the standard, which is 1. Is it meant? "
                yield Fault(table, key, column, f"{text}1.1 stands for 110 %.")


def _held(data):
    """Power of the inventory, by capability."""
    held, powers = {}, _powers(data)
    for (m, f), units in data.inventory.units.items():
        for c, power in powers.get(f, ()):
            held[c] = held.get(c, 0.0) + units * power * data.inventory.quality[m, f]
    return held


def _powers(data):
    """Capabilities and powers by force."""
    powers = {}
    for (f, c), power in data.power.power.items():
        powers.setdefault(f, []).append((c, power))
    return powers


def _buyable(data):
    """Forces that some member can order so that they serve within the plan."""
    forces, span = data.forces, data.settings.last_year - data.settings.first_year
    tech = max(data.members.tech_level.values(), default=0.0)
    unlocked = set()
    if "programme_effects" in data.tables:
        unlocked = {f for _, f, effect in data.programme_effects if effect == "unlock"}
    return [
        f
        for f in forces
        if forces.procurement_cost[f] is not None
        and forces.lead_time[f] <= span
        and (forces.tech_level[f] <= tech or f in unlocked)
    ]


def _most_bought(data):
    """Units of each force that all members can buy in the years of the plan; None: no bound."""
    imports = data.forces.max_imports
    yearly = {f: len(data.members) * (most or 0.0) for f, most in imports.items()}
    for (_, f), units in data.industry.capacity.items() if "industry" in data.tables else ():
        yearly[f] += units
    if "programme_effects" in data.tables:
        for (_, f, effect), value in data.programme_effects.value.items():
            if effect == "capacity" and value is not None:
                yearly[f] += value
    years = data.settings.last_year - data.settings.first_year + 1
    return {f: None if most is None else yearly[f] * years for f, most in imports.items()}


def _could_be_bought(data):
    """By capability: the power that can be bought (None: without a bound), and its least price."""
    quality = {}
    for (_, f), factor in data.inventory.quality.items():
        quality[f] = max(quality.get(f, 1.0), factor)
    bought, price, most, powers = {}, {}, _most_bought(data), _powers(data)
    for f in _buyable(data):
        units, cost = most[f], data.forces.procurement_cost[f]
        for c, power in powers.get(f, ()):
            worth = power * quality.get(f, 1.0)
            if worth <= 0:
                continue
            before = bought.get(c, 0.0)
            bought[c] = None if units is None or before is None else before + units * worth
            price[c] = min(price.get(c, cost / worth), cost / worth)
    return bought, price


def _least_part(data):
    """The part of each threat's needs that forces must give at the least: shares and measures may
    take some off."""
    shares = {}
    for (k, _), share in data.exposure.share.items():
        shares[k] = shares.get(k, 0.0) + share
    cap = data.threats.non_military_cap
    return {k: min(1.0, shares.get(k, 1.0)) * (1 - cap[k]) for k in data.threats}


def _beyond_reach(data):
    held, (bought, price) = _held(data), _could_be_bought(data)
    ready = max(data.readiness.available_share.values(), default=0.0)
    gdp = sum(data.members.gdp.values())
    # A force whose power was forgotten is told by itself, not by the needs that it leaves.
    complete = {f for (f, _), power in data.power.power.items() if power} >= set(data.forces)
    part, asked = _least_part(data), {}
    for (_, c, _), level in data.requirements.level.items():
        if level:
            asked.setdefault(c, []).append(level)
    largest = {c: (len(levels), sorted(levels)[-2:]) for c, levels in asked.items()}
    for (k, c, d), level in data.requirements.level.items():
        need, own = level * part[k], held.get(c, 0.0) * ready
        count, top = largest.get(c, (0, []))
        # the largest of all others, where there are several
        other = top[0 if level == top[-1] else -1] if count >= (3 if level else 2) else None
        more, text = bought.get(c, 0.0), ""
        if own > 0 and level >= _GAP * own:
            text = f"is {level / own:,.0f} times the {say(own)} that all members have in it."
        elif other is not None and level >= _GAP * other:
            text = f'is {level / other:,.0f} times the next largest level of "{c}".'
        elif more is None and 0 < gdp < (need - own) * price[c]:
            text = f"would cost {say((need - own) * price[c])} million to buy, more than the gross "
            text += "domestic product of all members in a year."
        elif complete and more is not None and need > own + more * ready > 0:
            text = f"is more than all that can be there: the members have {say(own)} in it, and "
            text += f"can buy {say(more * ready)} in the years of the plan."
        if text:
            text = f"{say(level)} of {c} {text} Is the level meant?"
            yield Fault("requirements", (k, c, d), "level", text)


CHECKS = (
    Check(
        code="W-423",
        rule="a level can be reached by some plan",
        find=_beyond_reach,
        one_cause=True,
    ),
    Check(
        code="W-429",
        rule="factors lie near their standard, which is 1",
        find=_large_factors,
        one_cause=True,
    ),
    Check(
        code="W-455",
        rule="one unit has no more than some times the power that is needed",
        find=_strong_units,
        one_cause=True,
    ),
    Check(
        code="W-456",
        rule="the members together may meet the whole of a need",
        find=_bear_too_little,
        one_cause=True,
    ),
)


def audit(data, solution):
    """Nothing to hold: warnings change no plan."""
    return ()

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
    held = {}
    for (m, f), units in data.inventory.units.items():
        for (g, c), power in data.power.power.items():
            if g == f:
                quality = data.inventory.quality[m, f]
                held[c] = held.get(c, 0.0) + units * power * quality
    return held


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


def _most_bought(data, f):
    """Units of a force that all members can buy in the years of the plan; None without a bound."""
    imports = data.forces.max_imports[f]
    if imports is None:
        return None
    yearly = len(data.members) * imports
    if "industry" in data.tables:
        yearly += sum(units for (_, g), units in data.industry.capacity.items() if g == f)
    if "programme_effects" in data.tables:
        yearly += sum(
            value
            for (_, g, effect), value in data.programme_effects.value.items()
            if g == f and effect == "capacity" and value is not None
        )
    return yearly * (data.settings.last_year - data.settings.first_year + 1)


def _could_be_bought(data):
    """By capability: the power that can be bought (None: without a bound), and its least price."""
    quality = {}
    for (_, f), factor in data.inventory.quality.items():
        quality[f] = max(quality.get(f, 1.0), factor)
    bought, price = {}, {}
    for f in _buyable(data):
        units, cost = _most_bought(data, f), data.forces.procurement_cost[f]
        for (g, c), power in data.power.power.items():
            worth = power * quality.get(f, 1.0)
            if g != f or worth <= 0:
                continue
            before = bought.get(c, 0.0)
            bought[c] = None if units is None or before is None else before + units * worth
            price[c] = min(price.get(c, cost / worth), cost / worth)
    return bought, price


def _least_need(data, k, level):
    """What forces must give of a level at the least: shares and measures may take some off."""
    shares = [data.exposure.share[i] for i in data.exposure if i[0] == k]
    cover = min(1.0, sum(shares)) if shares else 1.0
    return level * cover * (1 - data.threats.non_military_cap[k])


def _beyond_reach(data):
    held, (bought, price) = _held(data), _could_be_bought(data)
    ready = max(data.readiness.available_share.values(), default=0.0)
    gdp = sum(data.members.gdp.values())
    # A force whose power was forgotten is told by itself, not by the needs that it leaves.
    complete = {f for (f, _), power in data.power.power.items() if power} >= set(data.forces)
    for (k, c, d), level in data.requirements.level.items():
        need, own = _least_need(data, k, level), held.get(c, 0.0) * ready
        others = [
            other
            for (n, b, day), other in data.requirements.level.items()
            if b == c and (n, day) != (k, d) and other
        ]
        more, text = bought.get(c, 0.0), ""
        if own > 0 and level >= _GAP * own:
            text = f"is {level / own:,.0f} times the {say(own)} that all members have in it."
        elif len(others) > 1 and level >= _GAP * max(others):
            text = f'is {level / max(others):,.0f} times the next largest level of "{c}".'
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

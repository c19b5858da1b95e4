"""Numbers that do not go together: warnings over the whole book, no mathematics.

Sets:
    what each of the CHECKS finds: numbers that a slip of measure or of a decimal point makes, such
    as persons for millions, or 0.9 for 0.9 %; the plan is made all the same
"""

import re

from cssopt.modeling import Check, Fault

REQUIRES = ("horizon",)

_MOST_PEOPLE = 2_000.0
"""Million: more than any state has."""

_POOREST, _RICHEST = 100.0, 500_000.0
"""Income a head, in a currency like the dollar: no state lies below or above."""

_LIKE_A_DOLLAR = ("USD", "US$", "$", "DOLLAR", "EUR", "€", "EURO", "GBP", "£", "CHF", "CAD", "AUD")
"""Currencies whose unit is worth about a dollar: `_POOREST` and `_RICHEST` hold for these."""

_RICHER = 200.0
"""Times the middle of the others' income a head: no two neighbors are so far apart."""

_MOST_SOLDIERS = 0.05
"""Of the population: more than any state has under arms outside a great war."""

_MOST_POSTS = 20.0
"""Thousand posts of one body: more than any alliance has."""

_DEAREST_POST = 50.0
"""Times the largest income a head: no post costs so much."""

_SCALES = re.compile(
    r"[(\[]?(?<![^\W_])(thousands?|tsd|k|millions?|mio|mn|mln|m|billions?|bn|mrd)(?![^\W_])[.)\]\s]*",
    re.IGNORECASE,
)
"""Words in a currency that say how much of it is counted."""

_MOST_OF_GDP = 0.2
"""Of the gross domestic product a year: more than states spend outside a great war."""

_GAP = 100.0
"""Levels this many times above all others of their capability are hardly in the same measure."""

_MOST_SET_UP = 0.1
"""Of what all members can spend in a year: more than any one body, measure or activity costs."""

_STRONG = 10.0
"""Times the largest need of a capability: no single unit has so much power."""

_LATEST_DAY = 1_000.0
"""Days after which forces are hardly asked for for the first time."""

_FAR_YEARS = 50
"""Years: a ceiling this far outside the plan is a slip, not a table that goes on."""

_OLDEST = 100
"""Years: no kind of unit serves longer."""

_LARGEST_FACTOR = {
    ("inventory", "quality"): 5.0,
    ("members", "cost_index"): 20.0,
    ("readiness", "operating_factor"): 10.0,
}
"""Factors where 1 is the standard: one above is hardly meant, one in percent (110) lies above."""


def _say(number):
    """A number of at least three digits, and never 6.1e+11, which planners do not read."""
    return f"{number:,.0f}" if abs(number) >= 1_000 else f"{number:,.4g}"


def _too_many_people(data):
    for m, people in data.members.population.items():
        if people > _MOST_PEOPLE:
            text = f"{_say(people)} million people are more than any state has. Is it in million? "
            yield Fault("members", m, "population", f"{text}14.2 stands for 14,200,000.")


def _income(data):
    """Gross domestic product a head, of the members whose population can be one."""
    gdp, people = data.members.gdp, data.members.population
    return {m: gdp[m] / people[m] for m in data.members if 0 < people[m] <= _MOST_PEOPLE}


def _unlikely_income(data):
    income, currency = _income(data), data.settings.currency
    absolute = currency.upper().strip() in _LIKE_A_DOLLAR
    for m, head in income.items():
        others = [other for n, other in income.items() if n != m]
        middle = sorted(others)[len(others) // 2] if len(others) > 2 else head
        far = head > _RICHER * middle or head * _RICHER < middle
        if far or (absolute and not _POOREST <= head <= _RICHEST):
            text = f"{_say(data.members.gdp[m])} million over {_say(data.members.population[m])} "
            text += f"million people is {_say(head)} {currency} a head. Are both in million?"
            yield Fault("members", m, "gdp", text)


def _too_many_soldiers(data):
    population = data.members.population
    for m, people in data.members.personnel.items():
        most = _MOST_SOLDIERS * population[m] * 1_000
        if people is not None and 0 < most < people:
            text = f"{_say(people)} thousand are {_say(people / population[m] / 10)} % of the "
            text += f"population of {_say(population[m])} million. Is it in thousands? 60 stands "
            yield Fault("members", m, "personnel", f"{text}for 60,000.")
    most = _MOST_SOLDIERS * max(population.values(), default=0.0) * 1_000
    for f, people in data.forces.personnel.items():
        if 0 < most < people:
            text = (
                f"one unit takes {_say(people)} thousand people, more than any member could have "
            )
            text += "under arms. Is it in thousands? 4.5 stands for 4,500."
            yield Fault("forces", f, "personnel", text)


def _too_many_posts(data):
    for b, posts in data.bodies.staff.items() if "bodies" in data.tables else ():
        if posts > _MOST_POSTS:
            text = f"{_say(posts)} thousand posts are more than any alliance has. Is it in "
            yield Fault("bodies", b, "staff", f"{text}thousands? 0.06 stands for 60 posts.")


def _dear_posts(data):
    # An income that is no likely one is told for itself.
    doubtful = {fault.key for fault in _unlikely_income(data)}
    richest = max((i for m, i in _income(data).items() if m not in doubtful), default=0.0)
    for b, cost in data.bodies.post_cost.items() if "bodies" in data.tables else ():
        # million for a thousand posts: thousands for one
        post = 1_000 * cost
        if 0 < _DEAREST_POST * richest < post:
            text = f"a post costs {post:,.0f} a year, {post / richest:,.0f} times the largest "
            text += "income a head. Is the cost that of a thousand posts, in million? 20 stands "
            yield Fault("bodies", b, "post_cost", f"{text}for 20,000 a post.")


def _counted_currency(data):
    currency = data.settings.currency
    if (said := _SCALES.search(currency)) and (plain := _SCALES.sub("", currency).strip()):
        text = f'"{currency}" says how much is counted ("{said[1]}"), and all money is in millions '
        yield Fault("settings", None, "currency", f'{text}anyway. Type "{plain}".')


def _begun(data):
    """The first year in which each activity can begin, after all that it waits for."""
    first, duration = data.settings.first_year, data.activities.duration
    begun = {a: max(first, year or first) for a, year in data.activities.earliest_year.items()}
    waits = list(data.precedence) if "precedence" in data.tables else []
    # There is no circle (E-304), so that each round settles one more of the longest row at least.
    for _ in waits:
        before = dict(begun)
        for a, earlier in waits:
            begun[a] = max(begun[a], begun[earlier] + duration[earlier])
        if begun == before:
            break
    return begun


def _never_complete(data):
    """Activities and programmes that end after the plan even where nothing delays them."""
    first, last = data.settings.first_year, data.settings.last_year
    begun = {}
    if "activities" in data.tables:
        begun["activities"] = _begun(data)
    if "programmes" in data.tables:
        years = data.programmes.earliest_year
        begun["programmes"] = {p: max(first, year or first) for p, year in years.items()}
    for table, starts in begun.items():
        duration = data.tables[table].columns["duration"]
        own = data.tables[table].columns["earliest_year"]
        for key, start in starts.items():
            if (year := own[key]) is not None and year > last:
                text = f"{year} is after the plan ends in {last}: it never begins. Is it the year?"
                yield Fault(table, key, "earliest_year", text)
            # What begins after the plan waits for another one, which is told.
            if start <= last < start + duration[key]:
                text = f"begun in {start} at the earliest, it is complete in "
                text += f"{start + duration[key]}, after the plan ends in {last}: nothing that "
                text += "waits for it happens. Is the duration in years?"
                yield Fault(table, key, "duration", text)


def _years_far_off(data):
    """Ceilings of years so far from the plan that no longer table explains them."""
    first, last = data.settings.first_year, data.settings.last_year
    for table in ("budgets", "common_budgets"):
        for key in data.tables.get(table, ()):
            year = key[-1] if isinstance(key, tuple) else key
            if not first - _FAR_YEARS <= year <= last + _FAR_YEARS:
                text = f"{year} lies far outside the years of the plan, {first} to {last}: this "
                yield Fault(table, key, "year", f"{text}ceiling holds for none of them.")


def _spends_too_much(data):
    for m, share in data.members.budget_share.items():
        if share is not None and share > _MOST_OF_GDP:
            text = (
                f"{share:.6g} is {share * 100:.6g} % of the gross domestic product. Is it meant? "
            )
            yield Fault("members", m, "budget_share", f"{text}0.01 stands for 1 %.")


def _above_gdp(data):
    first = data.settings.first_year
    for (m, t), budget in data.budgets.budget.items() if "budgets" in data.tables else ():
        gdp = data.members.gdp[m] * (1 + data.members.gdp_growth[m]) ** (t - first)
        if budget is not None and budget > gdp > 0:
            text = f'{_say(budget)} is more than the gross domestic product of "{m}" in {t}, '
            yield Fault("budgets", (m, t), "budget", f"{text}{_say(gdp)}. Is it in million?")


def _most_spent(data):
    """What all members together can spend in a year at the most: budgets, else all they have."""
    total = 0.0
    fixed = data.budgets.budget if "budgets" in data.tables else {}
    for m, share in data.members.budget_share.items():
        gdp = data.members.gdp[m]
        own = [budget for (n, _), budget in fixed.items() if n == m and budget is not None]
        total += max([gdp if share is None else share * gdp, *own])
    return total


def _beyond_price(data):
    most = _most_spent(data)
    for f, price in data.forces.procurement_cost.items():
        if price is not None and 0 < most < price:
            text = f"one unit costs {_say(price)} million, more than all members together can "
            text += f"spend in a year ({_say(most)}). Is it in million?"
            yield Fault("forces", f, "procurement_cost", text)


def _dear_set_up(data):
    """Costs of what is set up once for all members, against what these can spend."""
    most = _most_spent(data)
    asked = {
        ("forces", "programme_cost"): 1.0,
        ("forces", "fleet_cost"): 1.0,
        ("bodies", "setup_cost"): _MOST_SET_UP,
        ("bodies", "annual_cost"): _MOST_SET_UP,
        ("measures", "annual_cost"): _MOST_SET_UP,
        ("activities", "annual_cost"): _MOST_SET_UP,
        ("programmes", "annual_cost"): 1.0,
    }
    for (table, column), part in asked.items():
        costs = data.tables[table].columns[column] if table in data.tables else {}
        for key, cost in costs.items():
            if cost is not None and 0 < part * most < cost:
                text = f"{_say(cost)} million are {_say(100 * cost / most)} % of what all members "
                text += f"together can spend in a year ({_say(most)}). Is it in million?"
                yield Fault(table, key, column, text)


def _strong_units(data):
    need = {}
    for (_, c, _), level in data.requirements.level.items():
        need[c] = max(need.get(c, 0.0), level)
    for (f, c), power in data.power.power.items():
        if 0 < _STRONG * need.get(c, 0.0) < power:
            text = (
                f'one unit has {_say(power)} of "{c}", {_say(power / need[c])} times the largest '
            )
            text += f"level that is asked for ({_say(need[c])}). Are both in the same measure?"
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


def _late_days(data):
    for key, level in data.requirements.level.items():
        if level and key[2] > _LATEST_DAY:
            text = f"{_say(key[2])} days are {_say(key[2] / 365)} years. Is it in days?"
            yield Fault("requirements", key, "day", text)


def _long_lives(data):
    for f, life in data.forces.service_life.items():
        if life is not None and life > _OLDEST:
            text = f"{life} years are more than any kind of unit serves. Is it in years?"
            yield Fault("forces", f, "service_life", text)


def _upkeep_above_price(data):
    forces = data.forces
    for f, price in forces.procurement_cost.items():
        upkeep = forces.operating_cost[f] + forces.support_cost[f]
        if price is not None and 0 < price < upkeep:
            text = (
                f"operating and supporting a unit costs {_say(upkeep)} million a year, more than "
            )
            text += f"the {_say(price)} that it costs to buy. Are both in million?"
            yield Fault("forces", f, "operating_cost", text)


def _delivered_too_late(data):
    span = data.settings.last_year - data.settings.first_year
    for f, lead in data.forces.lead_time.items():
        if data.forces.procurement_cost[f] is not None and lead > span:
            text = f"ordered in {data.settings.first_year} it is delivered in "
            text += f"{data.settings.first_year + lead}, after the plan ends in "
            text += f"{data.settings.last_year}: it is never bought."
            yield Fault("forces", f, "lead_time", text)


def _large_factors(data):
    for (table, column), most in _LARGEST_FACTOR.items():
        for key, factor in data.tables[table].columns[column].items():
            if factor > most:
                text = f"{_say(factor)} is that many times the standard, which is 1. Is it meant? "
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
            text = f"is {level / own:,.0f} times the {_say(own)} that all members have in it."
        elif len(others) > 1 and level >= _GAP * max(others):
            text = f'is {level / max(others):,.0f} times the next largest level of "{c}".'
        elif more is None and 0 < gdp < (need - own) * price[c]:
            text = (
                f"would cost {_say((need - own) * price[c])} million to buy, more than the gross "
            )
            text += "domestic product of all members in a year."
        elif complete and more is not None and need > own + more * ready > 0:
            text = f"is more than all that can be there: the members have {_say(own)} in it, and "
            text += f"can buy {_say(more * ready)} in the years of the plan."
        if text:
            text = f"{_say(level)} of {c} {text} Is the level meant?"
            yield Fault("requirements", (k, c, d), "level", text)


CHECKS = (
    Check(
        code="W-421",
        rule="the gross domestic product a head is believable",
        find=_unlikely_income,
        one_cause=True,
    ),
    Check(
        code="W-422",
        rule="personnel is a small part of the population",
        find=_too_many_soldiers,
        one_cause=True,
    ),
    Check(
        code="W-423",
        rule="a level can be reached by some plan",
        find=_beyond_reach,
        one_cause=True,
    ),
    Check(
        code="W-424",
        rule="budgets are a part of the gross domestic product",
        find=_above_gdp,
        one_cause=True,
    ),
    Check(
        code="W-425",
        rule="a budget_share is a small part of the gross domestic product",
        find=_spends_too_much,
        one_cause=True,
    ),
    Check(
        code="W-426",
        rule="all members together can pay for a unit",
        find=_beyond_price,
        one_cause=True,
    ),
    Check(
        code="W-427",
        rule="a unit costs more to buy than to run for a year",
        find=_upkeep_above_price,
        one_cause=True,
    ),
    Check(
        code="W-428",
        rule="what can be bought is delivered in the plan",
        find=_delivered_too_late,
        one_cause=True,
    ),
    Check(
        code="W-429",
        rule="factors lie near their standard, which is 1",
        find=_large_factors,
        one_cause=True,
    ),
    Check(
        code="W-437",
        rule="a population is one of a state",
        find=_too_many_people,
        one_cause=True,
    ),
    Check(
        code="W-438",
        rule="a body has at most some thousand posts",
        find=_too_many_posts,
        one_cause=True,
    ),
    Check(
        code="W-451",
        rule="a post costs no more than some incomes a head",
        find=_dear_posts,
        one_cause=True,
    ),
    Check(
        code="W-452",
        rule="the currency is named alone: money is in millions of it",
        find=_counted_currency,
    ),
    Check(
        code="W-453",
        rule="activities and programmes are complete within the plan",
        find=_never_complete,
    ),
    Check(
        code="W-454",
        rule="what is set up costs a small part of what all members can spend",
        find=_dear_set_up,
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
    Check(
        code="W-457",
        rule="forces are needed within some years of a crisis",
        find=_late_days,
        one_cause=True,
    ),
    Check(
        code="W-458",
        rule="a unit serves for less than a century",
        find=_long_lives,
        one_cause=True,
    ),
    Check(
        code="W-459",
        rule="a ceiling is of a year of the plan, or near it",
        find=_years_far_off,
        one_cause=True,
    ),
)


def audit(data, solution):
    """Nothing to hold: warnings change no plan."""
    return ()

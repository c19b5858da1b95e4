"""Money that does not go together: warnings over the whole book, no mathematics.

Sets:
    what each of the CHECKS finds: costs, budgets and prices that a slip of measure or of a decimal
    point makes, such as thousands for millions; the plan is made all the same
"""

from cssopt.modeling import Check, Fault, say

REQUIRES = ("horizon",)

_SCALES = (
    *("k", "tsd", "thousand", "thousands", "m", "mio", "mn", "mln", "million", "millions"),
    *("bn", "mrd", "billion", "billions"),
)
"""Words in a currency that say how much of it is counted."""

_MOST_OF_GDP = 0.2
"""Of the gross domestic product a year: more than states spend outside a great war."""

_MOST_SET_UP = 0.1
"""Of what all members can spend in a year: more than any one body, measure or activity costs."""


def _counted_currency(data):
    currency, said, plain = data.settings.currency, "", []
    for piece in currency.translate(dict.fromkeys(map(ord, "-_/()[]."), " ")).split():
        word = "".join(sign for sign in piece if sign.isalnum())
        if word.lower() in _SCALES:
            said, piece = word, piece.replace(word, "")
        plain.append(piece)
    if said and any(plain):
        text = f'"{currency}" says how much is counted ("{said}"), and all money is in millions '
        text += f'anyway. Type "{" ".join(filter(None, plain))}".'
        yield Fault("settings", None, "currency", text)


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
            text = f'{say(budget)} is more than the gross domestic product of "{m}" in {t}, '
            yield Fault("budgets", (m, t), "budget", f"{text}{say(gdp)}. Is it in million?")


def _most_spent(data):
    """What all members together can spend in a year at the most: budgets, else all they have."""
    total, largest = 0.0, {}
    for (m, _), budget in data.budgets.budget.items() if "budgets" in data.tables else ():
        largest[m] = max(largest.get(m, 0.0), budget or 0.0)
    for m, share in data.members.budget_share.items():
        gdp = data.members.gdp[m]
        total += max(gdp if share is None else share * gdp, largest.get(m, 0.0))
    return total


def _beyond_price(data):
    most = _most_spent(data)
    for f, price in data.forces.procurement_cost.items():
        if price is not None and 0 < most < price:
            text = f"one unit costs {say(price)} million, more than all members together can "
            text += f"spend in a year ({say(most)}). Is it in million?"
            yield Fault("forces", f, "procurement_cost", text)


def _dear_set_up(data):
    """Costs of what is set up once for all members, against what these can spend."""
    most = _most_spent(data)
    asked = {
        ("forces", "programme_cost"): 1.0,
        ("forces", "fleet_cost"): 1.0,
        ("forces", "disposal_cost"): 1.0,
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
                text = f"{say(cost)} million are {say(100 * cost / most)} % of what all members "
                text += f"together can spend in a year ({say(most)}). Is it in million?"
                yield Fault(table, key, column, text)


def _upkeep_above_price(data):
    forces = data.forces
    for f, price in forces.procurement_cost.items():
        upkeep = forces.operating_cost[f] + forces.support_cost[f]
        if price is not None and 0 < price < upkeep:
            text = f"operating and supporting a unit costs {say(upkeep)} million a year, more than "
            text += f"the {say(price)} that it costs to buy. Are both in million?"
            yield Fault("forces", f, "operating_cost", text)


CHECKS = (
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
        code="W-452",
        rule="the currency is named alone: money is in millions of it",
        find=_counted_currency,
    ),
    Check(
        code="W-454",
        rule="what is set up costs a small part of what all members can spend",
        find=_dear_set_up,
        one_cause=True,
    ),
)


def audit(data, solution):
    """Nothing to hold: warnings change no plan."""
    return ()

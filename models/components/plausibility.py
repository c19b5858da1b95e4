"""What is defined but hardly meant: warnings over the whole book, no mathematics.

Sets:
    what each of the CHECKS finds: a plan can be made all the same, and is; the planner is told
    where to look
"""

from cssopt.modeling import Check, Fault, say

REQUIRES = ("horizon",)


def _half_units(data):
    """Parts of units of forces that are whole: they are not in the plan."""
    for (m, f), units in data.inventory.units.items():
        whole = int(units + 1e-9)
        if data.forces.whole[f] and units - whole > 1e-9:
            text = f'"{f}" is held in whole units (whole TRUE): of {units:.6g} there are {whole} '
            text += "in the first year. Type a whole number, or let the force be divided (FALSE)."
            yield Fault("inventory", (m, f), "units", text)


def _powerless(data):
    able = {f for (f, _), power in data.power.power.items() if power > 0}
    for f in data.forces:
        if f not in able:
            text = "has no power in any capability, so that it only costs: fill in the sheet power."
            yield Fault("forces", f, "force", text)


def _tiers_do_not_hold(data):
    shares = data.readiness.max_share
    if shares and sum(shares.values()) < 1 - 1e-9:
        text = f"the tiers together hold {sum(shares.values()):.6g} of the units at most, so that "
        yield Fault("readiness", next(iter(shares)), "max_share", f"{text}no unit can be held.")


def _outlived(data):
    for (m, f), life in data.inventory.remaining_life.items():
        if life is not None and life > data.forces.service_life[f]:
            longest = data.forces.service_life[f]
            text = f"{life:g} years is more than the service_life of the force, {longest} years."
            yield Fault("inventory", (m, f), "remaining_life", text)


def _hardly_exposed(data):
    sums, first = {}, {}
    for (k, m), share in data.exposure.share.items():
        sums[k] = sums.get(k, 0.0) + share
        first.setdefault(k, m)
    for k, tot in sums.items():
        if tot < 1 - 1e-9:
            text = f'the shares of threat "{k}" add up to {tot:.6g}: only so much of it is met.'
            yield Fault("exposure", (k, first[k]), "share", text)


def _cannot_afford(data):
    """Budgets of the first year far below what the inventory costs at its cheapest tier."""
    factor = min(data.readiness.operating_factor.values(), default=0.0)
    running = {}
    for (m, f), units in data.inventory.units.items():
        cost = data.forces.operating_cost[f] * factor + data.forces.support_cost[f]
        running[m] = running.get(m, 0.0) + data.members.cost_index[m] * cost * units
    first = data.settings.first_year
    for m, cost in running.items():
        share, row = data.members.budget_share[m], data.budgets.budget.get((m, first))
        budget = row if row is not None or share is None else share * data.members.gdp[m]
        if budget is not None and budget < cost / 2:
            table, key, column = (
                ("members", m, "budget_share") if row is None else ("budgets", (m, first), "budget")
            )
            text = f"the budget of {first}, {say(budget)}, is less than half of the {say(cost)} "
            yield Fault(table, key, column, f'{text}that the inventory of "{m}" costs a year.')


def _cannot_man(data):
    needed = {}
    for (m, f), units in data.inventory.units.items():
        needed[m] = needed.get(m, 0.0) + data.forces.personnel[f] * units
    for m, people in needed.items():
        ceiling = data.members.personnel[m]
        if ceiling is not None and people > ceiling * (1 + 1e-9):
            text = f"{say(ceiling)} is less than the {say(people)} that its inventory takes."
            yield Fault("members", m, "personnel", text)


def _lonely(keys):
    """Names that stand in one row only, beside others: perhaps a misspelt one."""
    rows = {}
    for key in keys:
        rows.setdefault(key[0], []).append(key)
    for name, own in rows.items():
        if len(own) == 1 and len(rows) > 1:
            yield name, own[0]


def _lonely_keys(data):
    for name, key in _lonely(data.sharing_keys):
        text = f'"{name}" has a share of one member only, who then bears all: is it misspelt?'
        yield Fault("sharing_keys", key, "key", text)


CHECKS = (
    Check(code="W-403", rule="a force has power", find=_powerless),
    Check(code="W-404", rule="the tiers can hold all units", find=_tiers_do_not_hold),
    Check(
        code="W-405", rule="an inventory does not outlive its force", find=_outlived, one_cause=True
    ),
    Check(
        code="W-406",
        rule="the exposures of a threat add up to 1 or more",
        find=_hardly_exposed,
        one_cause=True,
    ),
    Check(
        code="W-407", rule="a budget can pay for the inventory", find=_cannot_afford, one_cause=True
    ),
    Check(code="W-409", rule="a member can man its inventory", find=_cannot_man, one_cause=True),
    Check(code="W-411", rule="a sharing key has several members", find=_lonely_keys),
    Check(
        code="W-441",
        rule="units of a whole force are whole numbers",
        find=_half_units,
        one_cause=True,
    ),
)


def audit(data, solution):
    """Nothing to hold: warnings change no plan."""
    return ()

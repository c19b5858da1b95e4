"""Buying units: orders, their price, and what they are still worth at the end.

Parameters:
    price[f,t] = procurement_cost * (1 + price_growth) ** (t - t0)    million per unit
    years_left[f,t] = max(0, t + lead_time + service_life - 1 - T)
    salvage_share[f,t] = residual_share * years_left / service_life

Variables:
    orders[m,f,t] >= 0      units ordered in t; whole if the force is whole. They exist where they
                            enter service by T, where the force has a procurement_cost, and where
                            the member's tech_level reaches the force's or a programme unlocks it

Balances:
    units[m,f,t] (of stock): orders in service in t .. t + service_life - 1 after lead_time
    savings[m,f,t]           million taken off the price of these orders by other components

Costs:
    procurement_cost[m,t] = sum_f price[f,t] * orders[m,f,t] - savings[m,f,t]
    salvage_value[m,T] = - sum_f,t salvage_share[f,t] * (price[f,t] * orders - savings)
                         no payment of its year: it counts in expenditure, not in outlay
"""

from cssopt.modeling import (
    Column,
    Entry,
    Sheet,
    Table,
    account,
    amount,
    balance,
    holds,
    parameter,
    supplies,
    total,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "members", "forces", "stock")
OPTIONAL = ("programmes",)

ROLES = (
    Entry(entry="procurement_cost", says="Buying units", group="buying"),
    Entry(entry="salvage_value", says="Residual value of bought units", group="residual"),
    Sheet(
        shows="orders",
        page="Orders",
        place=2,
        explanation="Units ordered, by the year of the order; total over all years.",
        empty="Nothing is ordered.",
        total=True,
    ),
)

TABLES = (
    Table(
        name="settings",
        help="What the workbook is about.",
        vertical=True,
        columns=(
            Column(
                name="residual_share",
                kind="number",
                help="Part of the residual value of bought units that is credited at the end.",
                measure="share",
                default=1.0,
                low=0,
                high=1,
            ),
        ),
    ),
)


def arithmetic(data, use):
    forces, members, years = data.forces, data.members, use.horizon.years
    last = use.horizon.last_year
    unlocks = use.programmes.unlocks if "programmes" in use else ()
    buyable = [f for f in forces if forces.procurement_cost[f] is not None]
    orderable = [
        (m, f, t)
        for m in members
        for f in buyable
        if members.tech_level[m] >= forces.tech_level[f] or f in unlocks
        for t in years
        if t + forces.lead_time[f] <= last
    ]
    price = parameter(
        "force year",
        {
            (f, t): forces.procurement_cost[f]
            * (1 + forces.price_growth[f]) ** (t - use.horizon.first_year)
            for f in buyable
            for t in years
        },
        doc="price of one unit",
        measure="million",
    )
    salvage_share = {
        (f, t): data.settings.residual_share
        * max(0, t + forces.lead_time[f] + forces.service_life[f] - 1 - last)
        / forces.service_life[f]
        for f in buyable
        for t in years
    }
    serving = {}
    for m, f, t in orderable:
        enters = t + forces.lead_time[f]
        leaves = enters + forces.service_life[f]
        for year in range(enters, min(leaves, last + 1)):
            serving.setdefault((m, f, year), []).append(t)
    return {
        "orderable": orderable,
        "price": price,
        "salvage_share": salvage_share,
        "serving": serving,
    }


def variables(block, data, use):
    block.orders = variable(
        "member force year",
        block.orderable,
        doc="units ordered",
        measure="units",
        domain=lambda m, f, t: "whole" if data.forces.whole[f] else "nonnegative",
        structure=("{force} is bought", "{member} buys {force}"),
    )
    block.savings = balance(
        "member force year", doc="taken off the price of orders", measure="million"
    )


def balances(block, data, use):
    for (m, f, year), ordered_in in block.serving.items():
        use.stock.units.post(
            (m, f, year), weighted_sum((1.0, block.orders[m, f, t]) for t in ordered_in)
        )


def costs(block, data, use, ledger):
    last = use.horizon.last_year
    paid, salvage = {}, {}
    for m, f, t in block.orders:
        share = block.salvage_share[f, t]
        term = (block.price[f, t], block.orders[m, f, t])
        saving = block.savings[m, f, t]
        paid.setdefault((m, t), ([], []))
        paid[m, t][0].append(term)
        paid[m, t][1].append(saving)
        salvage.setdefault(m, ([], []))
        salvage[m][0].append((-share * term[0], term[1]))
        salvage[m][1].append(share * saving)
    for (m, t), (terms, savings) in paid.items():
        ledger.post("procurement_cost", m, t, weighted_sum(terms) - total(savings))
    for m, (terms, savings) in salvage.items():
        value = weighted_sum(terms) + total(savings)
        ledger.post("salvage_value", m, last, value, in_outlay=False)


def audit(data, solution):
    forces, last = data.forces, solution.arithmetic.horizon.last_year
    price, still_worth = solution.arithmetic.orders.price, solution.arithmetic.orders.salvage_share
    paid, salvage = {}, {}
    for (m, f, t), ordered in solution.orders.items():
        lead, life = forces.lead_time[f], forces.service_life[f]
        cost = ordered * price[f, t] - solution.savings.get((m, f, t), 0.0)
        paid[m, t] = paid.get((m, t), 0.0) + cost
        salvage[m] = salvage.get(m, 0.0) - cost * still_worth[f, t]
        for year in range(t + lead, min(t + lead + life, last + 1)):
            yield supplies("units", (m, f, year), ordered)
        yield holds("in_service_by_the_end", (m, f, t), ordered * (t + lead > last), "==", 0.0)
        if forces.whole[f] and not solution.relaxed:
            yield holds("whole_units", (m, f, t), ordered, "==", round(ordered))
    for (m, t), cost in paid.items():
        yield amount("procurement_cost", m, t, cost)
    for m, value in salvage.items():
        yield amount("salvage_value", m, last, value)


def accounts(solution):
    price = solution.arithmetic.orders.price
    for (m, f, t), units in solution.orders.items():
        paid = price[f, t] * units - solution.savings.get((m, f, t), 0.0)
        yield account("ordered", (m, f, t), units)
        yield account("paid for orders", (m, f, t), paid)
    for (m, f, year), ordered_in in solution.arithmetic.orders.serving.items():
        serving = sum(solution.orders[m, f, t] for t in ordered_in)
        yield account("bought and in service", (m, f, year), serving)
    for f in dict.fromkeys(f for _, f, _ in solution.orders):
        yield account("years to arrive", f, solution.data.forces.lead_time[f])

"""Units held at readiness tiers, and what they cost to run.

Parameters:
    notice_days[r], operating_factor[r], available_share[r], max_share[r]

Variables:
    held[m,f,r,t] >= 0    units held at tier r; whole if the force is whole

Constraints:
    split_units:        sum_r held[m,f,r,t] = units[m,f,t]        (kept and in service, from stock)
    limit_tier:         held[m,f,r,t] <= max_share[r] * sum_r' held[m,f,r',t]

Costs:
    operating_cost[m,t] = cost_index * sum_f,r operating_cost * operating_factor * held
    support_cost[m,t] = cost_index * sum_f (support_cost * sum_r held - support_savings[m,f,t])

Balances:
    people[m,t] (of personnel): personnel[f] * held
    support_savings[m,f,t]      million taken off by other components, before the cost_index
"""

from cssopt.modeling import (
    Column,
    Entry,
    Index,
    Measure,
    Rule,
    Sheet,
    Table,
    account,
    amount,
    balance,
    constraint,
    holds,
    supplies,
    total,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "members", "forces", "stock", "orders", "personnel")
INDICES = (Index("tier", before="theatre", letter="r", says="readiness tier"),)

ROLES = (
    Entry(entry="operating_cost", says="Running the units", group="running"),
    Entry(entry="support_cost", says="Bases and support", group="running"),
    Measure(
        role="units", figure="held", by="member force", says="units held, the mean of all years"
    ),
    Sheet(
        shows="held",
        page="Plan",
        place=1,
        explanation="Units held by each member at each readiness tier, by year.",
        empty="No units are held.",
    ),
)

TABLES = (
    Table(
        name="readiness",
        help="Readiness tiers: how soon units are available and what that costs.",
        key=("tier",),
        columns=(
            Column(name="tier", kind="text", help="Name of the tier."),
            Column(
                name="notice_days",
                kind="number",
                help="Days from alarm to departure.",
                measure="days",
                low=0,
                rule=Rule(
                    name="notice",
                    says="units at {tier} leave after {value:g} days",
                    without=0.0,
                    nature="fact",
                ),
            ),
            Column(
                name="operating_factor",
                kind="number",
                help="Multiplies the operating cost of a unit at this tier.",
                low=0,
            ),
            Column(
                name="available_share",
                kind="number",
                help="Share of the units at this tier that can be used at one time.",
                measure="share",
                low=0,
                high=1,
            ),
            Column(
                name="max_share",
                kind="number",
                help="Largest share of a member's units of a force that this tier may hold.",
                measure="share",
                default=1.0,
                low=0,
                high=1,
                rule=Rule(
                    name="readiness ceiling",
                    says="at most {value:.4g} of a force is held at {tier}",
                    without=1.0,
                ),
            ),
        ),
    ),
)


def arithmetic(data, use):
    pairs = [
        (m, f, t)
        for m in data.members
        for f in data.forces
        for t in use.horizon.years
        if (m, f, t) in use.stock.legacy or (m, f, t) in use.orders.serving
    ]
    return {"pairs": pairs}


def variables(block, data, use):
    keys = [(m, f, r, t) for m, f, t in block.pairs for r in data.readiness]
    block.held = variable(
        "member force tier year",
        keys,
        doc="units held at a readiness tier",
        measure="units",
        domain=lambda m, f, r, t: "whole" if data.forces.whole[f] else "nonnegative",
    )
    block.all_held = {
        (m, f, t): weighted_sum((1.0, block.held[m, f, r, t]) for r in data.readiness)
        for m, f, t in block.pairs
    }
    block.support_savings = balance(
        "member force year",
        doc="taken off the support cost, before the cost index",
        measure="million",
    )


def balances(block, data, use):
    people = {}
    for m, f, r, t in block.held:
        term = (data.forces.personnel[f], block.held[m, f, r, t])
        people.setdefault((m, t), []).append(term)
    for key, terms in people.items():
        use.personnel.people.post(key, weighted_sum(terms))


def costs(block, data, use, ledger):
    forces, tiers, members = data.forces, data.readiness, data.members
    operating, support, savings = {}, {}, {}
    for m, f, r, t in block.held:
        index = members.cost_index[m]
        run = index * forces.operating_cost[f] * tiers.operating_factor[r]
        operating.setdefault((m, t), []).append((run, block.held[m, f, r, t]))
        keep_up = index * forces.support_cost[f]
        support.setdefault((m, t), []).append((keep_up, block.held[m, f, r, t]))
    for m, f, t in block.pairs:
        saving = members.cost_index[m] * block.support_savings[m, f, t]
        savings.setdefault((m, t), []).append(saving)
    for key, terms in operating.items():
        ledger.post("operating_cost", *key, weighted_sum(terms))
    for key, terms in support.items():
        ledger.post("support_cost", *key, weighted_sum(terms) - total(savings[key]))


def constraints(block, data, use):
    held, all_held, units = block.held, block.all_held, use.stock.units
    block.split_units = constraint(
        "member force year",
        block.pairs,
        lambda m, f, t: all_held[m, f, t] == units[m, f, t],
        doc="every unit that a member has is held at one tier",
        gives_way=True,
        measure="units",
    )
    limited = [r for r in data.readiness if data.readiness.max_share[r] < 1]
    block.limit_tier = constraint(
        "member force tier year",
        [(m, f, r, t) for m, f, t in block.pairs for r in limited],
        lambda m, f, r, t: held[m, f, r, t] <= data.readiness.max_share[r] * all_held[m, f, t],
        doc="a tier holds no more than its largest share",
        policy=True,
        measure="units",
    )


def audit(data, solution):
    forces, tiers, members = data.forces, data.readiness, data.members
    for m in members:
        for t in solution.arithmetic.horizon.years:
            operating = support = people = 0.0
            for f in forces:
                at_tier = {r: solution.held.get((m, f, r, t), 0.0) for r in tiers}
                everything = sum(at_tier.values())
                has = solution.units.get((m, f, t), 0.0)
                yield holds("split_units", (m, f, t), everything, "==", has)
                for r, number in at_tier.items():
                    where = (m, f, r, t)
                    yield holds("limit_tier", where, number, "<=", tiers.max_share[r] * everything)
                    if forces.whole[f] and not solution.relaxed:
                        yield holds("whole_units", where, number, "==", round(number))
                    operating += forces.operating_cost[f] * tiers.operating_factor[r] * number
                support += forces.support_cost[f] * everything
                support -= solution.support_savings.get((m, f, t), 0.0)
                people += forces.personnel[f] * everything
            yield amount("operating_cost", m, t, members.cost_index[m] * operating)
            yield amount("support_cost", m, t, members.cost_index[m] * support)
            yield supplies("people", (m, t), people)


def accounts(solution):
    for key, units in solution.sums("held", "member force year").items():
        yield account("in service", key, units)

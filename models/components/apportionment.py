"""Apportionment: every member's share of the power held for a capability.

Parameters:
    min_share[m,c], max_share[m,c]

Constraints (only when S has two members or more), for every row and year:
    hold_least_share:    min_share * total <= available_power[m,c,t]
    hold_most_share:     available_power[m,c,t] <= max_share * total
    with available_power[m,c,t] = sum_f,r power[f,c] * quality[m,f] * available_share[r] * held
    and total = sum_m available_power[m,c,t]
"""

from cssopt.modeling import Column, Rule, Table, constraint, holds, weighted_sum

REQUIRES = ("horizon", "members", "forces", "readiness")

TABLES = (
    Table(
        name="apportionment",
        help="Least and largest share of the power held for a capability, by member.",
        key=("member", "capability"),
        optional=True,
        columns=(
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(
                name="capability", kind="text", help="The capability.", refers_to="capabilities"
            ),
            Column(
                name="min_share",
                kind="number",
                help="Least share of all members' power.",
                measure="share",
                default=0.0,
                low=0,
                high=1,
                rule=Rule(
                    name="apportionment floor",
                    says="{member} holds at least {value:.4g} of the power for {capability}",
                    without=0.0,
                ),
            ),
            Column(
                name="max_share",
                kind="number",
                help="Largest share of all members' power.",
                measure="share",
                default=1.0,
                low=0,
                high=1,
                rule=Rule(
                    name="apportionment ceiling",
                    says="{member} holds at most {value:.4g} of the power for {capability}",
                    without=1.0,
                ),
            ),
        ),
    ),
)


def constraints(block, data, use):
    if len(data.members) < 2:
        return
    rules = data.apportionment
    wanted = {c for _, c in rules}
    power = {}
    for (m, f, r, t), units in use.readiness.held.items():
        for c in wanted.intersection(use.forces.power_of.get(f, ())):
            each = use.forces.power_of[f][c] * use.forces.quality[m, f]
            each *= data.readiness.available_share[r]
            power.setdefault((c, t), {}).setdefault(m, []).append((each, units))

    def relation(m, c, t, share, sense):
        by_member = power.get((c, t), {})
        # share * total - own power, written with one term per unit held
        terms = [
            ((share - (n == m)) * each, units)
            for n, held in by_member.items()
            for each, units in held
        ]
        return weighted_sum(terms) <= 0 if sense == "least" else weighted_sum(terms) >= 0

    keys = [(m, c, t) for m, c in rules for t in use.horizon.years if power.get((c, t))]
    block.hold_least_share = constraint(
        "member capability year",
        [(m, c, t) for m, c, t in keys if rules.min_share[m, c] > 0],
        lambda m, c, t: relation(m, c, t, rules.min_share[m, c], "least"),
        doc="a member holds at least its share of the power",
        policy=True,
    )
    block.hold_most_share = constraint(
        "member capability year",
        [(m, c, t) for m, c, t in keys if rules.max_share[m, c] < 1],
        lambda m, c, t: relation(m, c, t, rules.max_share[m, c], "most"),
        doc="a member holds at most its share of the power",
        policy=True,
    )


def audit(data, solution):
    if len(data.members) < 2:
        return
    power, forces = {}, solution.arithmetic.forces
    for (m, f, r, t), units in solution.held.items():
        for c, each in forces.power_of.get(f, {}).items():
            there = each * forces.quality[m, f] * data.readiness.available_share[r] * units
            power[m, c, t] = power.get((m, c, t), 0.0) + there
    for m, c in data.apportionment:
        for t in solution.arithmetic.horizon.years:
            total = sum(power.get((n, c, t), 0.0) for n in data.members)
            own, rules = power.get((m, c, t), 0.0), data.apportionment
            yield holds("hold_least_share", (m, c, t), own, ">=", rules.min_share[m, c] * total)
            yield holds("hold_most_share", (m, c, t), own, "<=", rules.max_share[m, c] * total)

"""Delegated power that counts, and how far the coalition may depend on one member.

Variables:
    credited[m,k,c,d,t] >= 0    delegated power that counts

Constraints:
    credit_what_is_delegated:    credited <= sum_f,r power[f,c] * quality[m,f]
                                             * delegated[m,f,r,k,t]
                                 over the (f,r) that serve (c,d) in time; reduced: ==
    limit_dependence:            credited <= max_member_share[c] * full * cover
                                 where max_member_share < 1

Balances:
    supply[k,c,d,t] (of coverage): credited; what it is worth less before a common command works,
                                   the component integration takes off again

Reduced (unless the option `reduced` of situations is false): where max_member_share = 1 all that
is delegated counts, credited = the sum. Presolve then puts the sum in its place, and row and column
are gone. It leaves the optimum: take a plan in which less counts, and let all count. No other row
limits credited from above; need and integration ask for no less of it (its worth is
unintegrated_power >= 0 of it, and what integration regains grows with it); it costs nothing. What
may ask for less says so: dependence posts to `uncounted`, and where any plan may be asked for, not
only the cheapest (most_spent, any_plan), the row is the inequality.
"""

from cssopt.modeling import (
    Column,
    ContributionKind,
    Table,
    account,
    balance,
    constraint,
    holds,
    supplies,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "members", "forces", "threats", "situations", "employment", "coverage")
GIVEN = ("most_spent", "any_plan")

CONTRIBUTIONS = (
    ContributionKind(
        name="delegated power",
        quantity="credited",
        by=("member capability",),
        says="delegated power, added up over threats and days; beyond the need it counts too",
    ),
)

TABLES = (
    Table(
        name="settings",
        help="What the workbook is about.",
        vertical=True,
        columns=(
            Column(
                name="unintegrated_power",
                kind="number",
                help="Worth of a unit of delegated power before a common command integrates it; "
                "counts only where a body of role integration is planned.",
                measure="share",
                default=1.0,
                low=0,
                high=1,
            ),
        ),
    ),
)


def variables(block, data, use):
    block.credited = variable(
        "member threat capability day year",
        use.employment.needs_served(use.employment.delegated),
        doc="delegated power that counts",
        measure="power",
    )
    block.uncounted = balance(
        "member threat capability day year",
        doc="delegated power that is left uncounted",
        measure="power",
    )


def balances(block, data, use):
    for (_m, k, c, d, t), power in block.credited.items():
        use.coverage.supply.post((k, c, d, t), power)


def constraints(block, data, use):
    credited, share = block.credited, data.capabilities.max_member_share
    planned = use.employment.power_in_time(use.employment.delegated)
    full, cover = use.threats.full, use.threats.cover
    any_plan = any(name in data.given for name in GIVEN)
    all_counts = use.situations.reduced and not any_plan

    def credit(m, k, c, d, t):
        key = m, k, c, d, t
        counted, delegated = credited[key] + block.uncounted[key], weighted_sum(planned[key])
        return counted == delegated if all_counts and share[c] >= 1 else counted <= delegated

    block.credit_what_is_delegated = constraint(
        "member threat capability day year",
        credited,
        credit,
        doc="delegated power that counts comes from units delegated in time",
    )
    block.limit_dependence = constraint(
        "member threat capability day year",
        [key for key in credited if share[key[2]] < 1],
        lambda m, k, c, d, t: credited[m, k, c, d, t] <= share[c] * full[k, c, d, t] * cover[k],
        doc="no member's delegated power covers more than its largest share of a need",
        policy=True,
    )


def audit(data, solution):
    threats, forces = solution.arithmetic.threats, solution.arithmetic.forces
    arrival = solution.arithmetic.employment.arrival
    units_of = {}
    for (m, f, r, k, t), units in solution.delegated.items():
        yield holds("delegate_together_only", (m, f, r, k, t), len(data.members), ">=", 2)
        if units:
            units_of.setdefault((m, k, t), []).append((f, r, units))
    for (m, k, c, d, t), counted in solution.credited.items():
        delegated = sum(
            forces.power_of[f].get(c, 0.0) * forces.quality[m, f] * units
            for f, r, units in units_of.get((m, k, t), ())
            if (m, r, k) in arrival and arrival[m, r, k] <= d
        )
        where = (m, k, c, d, t)
        yield holds("credit_what_is_delegated", where, counted, "<=", delegated)
        if data.capabilities.max_member_share[c] < 1:
            most = data.capabilities.max_member_share[c]
            most *= threats.full[k, c, d, t] * threats.cover[k]
            yield holds("limit_dependence", where, counted, "<=", most)
        yield supplies("supply", (k, c, d, t), counted)


def accounts(solution):
    for key, power in solution.credited.items():
        yield account("covered by lent", key, power)

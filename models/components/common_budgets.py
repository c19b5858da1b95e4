"""Common budgets: what the coalition may spend in common in a year.

Expressions:
    common_cost[t] = all ledger entries of t that are common

Constraints (only when S has two members or more: alone, nothing is common):
    limit_common_budget:    common_cost[t] <= budget[t]    for every year with a row
"""

from cssopt.modeling import COMMON, Column, Rule, Table, constraint, expression, holds, total

REQUIRES = ("horizon", "members")

TABLES = (
    Table(
        name="common_budgets",
        help="Ceilings of the costs that the members share. No row: no ceiling in that year.",
        key=("year",),
        optional=True,
        rule=Rule(
            name="common budget", says="common costs of {year} are at most {budget:,g} million"
        ),
        columns=(
            Column(
                name="year", kind="whole", help="The year.", measure="year", low=1900, high=2300
            ),
            Column(
                name="budget",
                kind="number",
                help="Ceiling of the common costs of the year.",
                measure="million",
                low=0,
            ),
        ),
    ),
)


def constraints(block, data, use):
    years, budget = use.horizon.years, data.common_budgets.budget
    block.common_cost = expression(
        "year",
        {t: total(use.ledger.common(t)) for t in years},
        doc="what the members share in the year",
        measure="million",
    )
    block.limit_common_budget = constraint(
        "year",
        [t for t in budget if t in years and len(data.members) > 1],
        lambda t: block.common_cost[t] <= budget[t],
        doc="common costs stay within the common budget",
        policy=True,
        measure="million",
    )


def audit(data, solution):
    common = {}
    for (entry, bearer, t), value in solution.costs.items():
        if bearer == COMMON and entry not in solution.beyond_outlay:
            common[t] = common.get(t, 0.0) + value
    for t, cost in solution.common_cost.items():
        yield holds("common_costs_add_up", (t,), cost, "==", common.get(t, 0.0))
        if t in data.common_budgets and len(data.members) > 1:
            budget = data.common_budgets.budget[t]
            yield holds("limit_common_budget", (t,), cost, "<=", budget)

"""Budgets: what a member may spend on the plan in a year.

Parameters:
    ceiling[m,t]    the row of the sheet budgets (none where it is blank there); else
                    gdp[m,t] * budget_share[m]; else none

Constraints:
    limit_budget:    outlay[m,t] <= ceiling[m,t]
"""

from cssopt.modeling import Column, Measure, Rule, Table, constraint, holds, parameter

REQUIRES = ("horizon", "members", "sharing")

TABLES = (
    Table(
        name="budgets",
        help="Ceilings of single years, in place of budget_share.",
        key=("member", "year"),
        optional=True,
        columns=(
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(
                name="year", kind="whole", help="The year.", measure="year", low=1900, high=2300
            ),
            Column(
                name="budget",
                kind="number",
                help="Ceiling of the year.",
                measure="million",
                default=None,
                blank="no ceiling in that year",
                low=0,
                rule=Rule(
                    name="budget ceiling",
                    says="{member} spends at most {value:,g} million in {year}",
                    without=None,
                ),
            ),
        ),
    ),
)


ROLES = (
    Measure(
        role="ceiling",
        figure="ceiling",
        by="member year",
        says="the most that the member may pay in the year",
        form="money",
    ),
)


def arithmetic(data, use):
    share, fixed = data.members.budget_share, data.budgets.budget
    ceiling = {
        (m, t): share[m] * use.members.gdp[m, t]
        for m in data.members
        if share[m] is not None
        for t in use.horizon.years
    }
    ceiling |= {(m, t): budget for (m, t), budget in fixed.items() if t in use.horizon.years}
    ceiling = {key: budget for key, budget in ceiling.items() if budget is not None}
    return {
        "ceiling": parameter(
            "member year", ceiling, doc="largest outlay of the year", measure="million"
        )
    }


def constraints(block, data, use):
    block.limit_budget = constraint(
        "member year",
        block.ceiling,
        lambda m, t: use.sharing.outlay[m, t] <= block.ceiling[m, t],
        doc="a member spends no more than its budget",
        policy=True,
        measure="million",
    )


def audit(data, solution):
    ceiling = solution.arithmetic.budgets.ceiling
    for key, outlay in solution.outlay.items():
        if key in ceiling:
            yield holds("limit_budget", key, outlay, "<=", ceiling[key])

"""Least pooled expenditure with no shortfall allowed: infeasible where threats cannot be met.

Constraints:
    allow_no_shortfall:    shortfall[k,c,d,t] <= 0

Stages:
    minimise pooled_expenditure (least_expenditure of expenditure)
"""

from cssopt.modeling import constraint, holds

REQUIRES = ("coverage", "expenditure")


def constraints(block, data, use):
    shortfall = use.coverage.shortfall
    block.allow_no_shortfall = constraint(
        "threat capability day year",
        shortfall,
        lambda *key: shortfall[key] <= 0,
        doc="no power may be missing",
    )


def stages(block, data, use):
    return (use.expenditure.least_expenditure,)


def audit(data, solution):
    for key, short in solution.shortfall.items():
        yield holds("allow_no_shortfall", key, short, "<=", 0.0)
    for name, reached in solution.reached.items():
        yield holds("objective", (name,), reached, "==", getattr(solution, name))

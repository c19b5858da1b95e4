"""Least pooled expenditure with no shortfall allowed: infeasible where threats cannot be met.

Constraints:
    allow_no_shortfall:    shortfall[k,c,d,t] <= 0

Stages:
    minimise pooled_expenditure
"""

from cssopt.modeling import Stage, constraint, holds

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
    return (Stage("pooled_expenditure", use.expenditure.pooled_expenditure),)


def audit(data, solution):
    for key, short in solution.shortfall.items():
        yield holds("allow_no_shortfall", key, short, "<=", 0.0)

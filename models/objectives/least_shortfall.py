"""Least shortfall first, then least money.

Stages:
    1. minimise missing_share = sum priority[k] * shortfall_weight[c] * shortfall / full
    2. with that held, minimise pooled_expenditure
       (least_expenditure of expenditure)
"""

from cssopt.modeling import Hold, Stage, holds

REQUIRES = ("coverage", "expenditure")


def stages(block, data, use):
    share = use.coverage.missing_share
    return (
        Stage("missing_share", share, (Hold("missing_share", share),)),
        use.expenditure.least_expenditure,
    )


def audit(data, solution):
    for name, reached in solution.reached.items():
        yield holds("objective", (name,), reached, "==", getattr(solution, name))

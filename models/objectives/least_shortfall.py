"""Least shortfall first, then least money.

Stages:
    1. minimise missing_share (least_missing_share of coverage)
    2. with that held, minimise pooled_expenditure
       (least_expenditure of expenditure)
"""

from cssopt.modeling import Column, holds

REQUIRES = ("coverage", "expenditure")
PURPOSES = ("least missing",)
OPTIONS = (
    Column(
        name="shortfall_tolerance",
        kind="number",
        help="Part of the least missing share that may be given up for money.",
        default=0.0,
        low=0,
        high=1,
    ),
)


def stages(block, data, use):
    return (use.coverage.least_missing_share, use.expenditure.least_expenditure)


def audit(data, solution):
    for name, reached in solution.reached.items():
        yield holds("objective", (name,), reached, "==", getattr(solution, name))

"""Pooled expenditure: the one figure of money, and the one stage that makes it small.

Expressions:
    pooled_expenditure = sum_t discount[t] * all ledger entries of t, salvage included
    expenditure_and_persistence = pooled_expenditure + persistence_penalty
                         only where the plan is kept near another one; not a figure of money

Stages (for the objectives):
    least_expenditure: minimise pooled_expenditure, or expenditure_and_persistence where it exists
"""

from cssopt.modeling import Criterion, Measure, Stage, expression, holds, total

REQUIRES = ("horizon",)
OPTIONAL = ("persistence",)

CRITERIA = (
    Criterion(
        name="expenditure",
        figure="pooled_expenditure",
        says="present value of all costs of the coalition",
        form="money",
        frees=("pooled_expenditure", "expenditure_and_persistence"),
        thrifty=True,
    ),
)

ROLES = (
    Measure(
        role="expenditure",
        figure="pooled_expenditure",
        says="present value of all costs of the coalition",
        form="money",
    ),
)


def constraints(block, data, use):
    discount = use.horizon.discount
    block.pooled_expenditure = expression(
        "",
        total(discount[t] * value for _, _, t, value in use.ledger.entries()),
        doc="present value of all costs of the coalition",
        measure="million",
    )
    block.least_expenditure = Stage("pooled_expenditure", block.pooled_expenditure)
    if "persistence" in use:
        block.expenditure_and_persistence = expression(
            "",
            block.pooled_expenditure + use.persistence.persistence_penalty,
            doc="what is minimised near a base plan; with a penalty in it, it is not money",
            measure="million and penalty",
        )
        block.least_expenditure = Stage(
            "expenditure_and_persistence", block.expenditure_and_persistence
        )


def audit(data, solution):
    discount = solution.arithmetic.horizon.discount
    again = sum(discount[t] * value for (_, _, t), value in solution.costs.items())
    yield holds("costs_add_up", (), again, "==", solution.pooled_expenditure)
    if "expenditure_and_persistence" in solution:
        again += solution.persistence_penalty
        yield holds("penalty_comes_on_top", (), solution.expenditure_and_persistence, "==", again)

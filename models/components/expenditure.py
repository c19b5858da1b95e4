"""Pooled expenditure: the one figure of money.

Expressions:
    pooled_expenditure = sum_t discount[t] * all ledger entries of t, salvage included
"""

from cssopt.modeling import expression, holds, total

REQUIRES = ("horizon",)


def constraints(block, data, use):
    discount = use.horizon.discount
    block.pooled_expenditure = expression(
        "",
        total(discount[t] * value for _, _, t, value in use.ledger.entries()),
        doc="present value of all costs of the coalition",
        measure="million",
    )


def audit(data, solution):
    first, rate = data.settings.first_year, data.settings.discount_rate
    again = sum((1 + rate) ** -(t - first) * value for (_, _, t), value in solution.costs.items())
    yield holds("costs_add_up", (), again, "==", solution.pooled_expenditure)

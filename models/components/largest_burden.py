"""The largest burden of any member, as a share of its gross domestic product.

Variables:
    largest_burden >= 0    largest burden of a member, as a share of its GDP over the horizon; no
                           less than the burdens, and as small as they allow where it is minimised
                           or limited

Constraints:
    bear_no_more:    burden[m] <= largest_burden * sum_t discount[t] * gdp[m,t]
                     (not for a member without GDP, whose share of it would mean nothing)
"""

from cssopt.modeling import Criterion, constraint, holds, variable

REQUIRES = ("horizon", "members", "sharing")

CRITERIA = (
    Criterion(
        name="burden",
        figure="largest_burden",
        says="largest burden of any member, as a share of its GDP over the horizon",
        form="share",
        frees=("largest_burden",),
        thrifty=True,
    ),
)


def arithmetic(data, use):
    wealth = {
        m: sum(use.horizon.discount[t] * use.members.gdp[m, t] for t in use.horizon.years)
        for m in data.members
    }
    return {"wealth": {m: own for m, own in wealth.items() if own > 0}}


def variables(block, data, use):
    block.largest_burden = variable(
        "", (), doc="largest burden of a member", measure="share of its GDP over the horizon"
    )


def constraints(block, data, use):
    block.bear_no_more = constraint(
        "member",
        block.wealth,
        lambda m: use.sharing.burden[m] <= block.wealth[m] * block.largest_burden,
        doc="no member bears more than the largest burden",
    )


def audit(data, solution):
    for m, wealth in solution.arithmetic.largest_burden.wealth.items():
        most = solution.largest_burden * wealth
        yield holds("bear_no_more", (m,), solution.burden[m], "<=", most)

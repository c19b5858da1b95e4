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


def variables(block, data, use):
    block.largest_burden = variable(
        "", (), doc="largest burden of a member", measure="share of its GDP over the horizon"
    )


def constraints(block, data, use):
    wealth = {
        m: sum(use.horizon.discount[t] * use.members.gdp[m, t] for t in use.horizon.years)
        for m in data.members
    }
    block.bear_no_more = constraint(
        "member",
        [m for m in data.members if wealth[m] > 0],
        lambda m: use.sharing.burden[m] <= wealth[m] * block.largest_burden,
        doc="no member bears more than the largest burden",
    )


def audit(data, solution):
    first, last, rate = (
        data.settings.first_year,
        data.settings.last_year,
        data.settings.discount_rate,
    )
    for m in data.members:
        wealth = sum(
            data.members.gdp[m] * ((1 + data.members.gdp_growth[m]) / (1 + rate)) ** (t - first)
            for t in range(first, last + 1)
        )
        if wealth > 0:
            most = solution.largest_burden * wealth
            yield holds("bear_no_more", (m,), solution.burden[m], "<=", most)

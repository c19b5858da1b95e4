"""The largest burden of any member as small as can be, near the cheapest plan.

Variables:
    largest_burden >= 0    largest burden of a member, as a share of its GDP over the horizon

Constraints:
    bear_no_more:    burden[m] <= largest_burden * sum_t discount[t] * gdp[m,t]
                     (not for a member without GDP, whose share of it would mean nothing)

Stages:
    1. (2.) the cheapest plan, as pooled_cost
    3. minimise largest_burden, at a pooled_expenditure at most `margin` above the cheapest plan's
       and a weighted shortfall no higher than its (1e-6 relative, 1e-9 absolute): the
       missing_share, or with a shortfall_penalty sum priority * shortfall_weight * shortfall
    4. with that held (1e-6 relative), minimise pooled_expenditure
    (Near a base plan pooled_expenditure is here what least_expenditure of expenditure makes
    small: with the penalty of moving units, so that fairness does not reshuffle everything.)
"""

from cssopt.modeling import Hold, Stage, constraint, holds, variable, weighted_sum

REQUIRES = ("horizon", "members", "coverage", "expenditure", "sharing")


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


def stages(block, data, use):
    money, share = use.expenditure.least_expenditure, use.coverage.missing_share
    keep_cheap = Hold(money.name, money.expression, data.given["margin"])
    keep_burden = Hold("largest_burden", block.largest_burden, 1e-6)
    penalty = data.settings.shortfall_penalty
    if penalty is None:
        keep_share = Hold("missing_share", share, 1e-6, 1e-9)
        cheapest = (
            Stage("missing_share", share, (keep_share,)),
            Stage(money.name, money.expression, (keep_cheap,)),
        )
    else:
        priority, weight = data.threats.priority, data.capabilities.shortfall_weight
        shortfall = weighted_sum(
            (priority[k] * weight[c], short)
            for (k, c, d, t), short in use.coverage.shortfall.items()
        )
        keep_shortfall = Hold("weighted_shortfall", shortfall, 1e-6, 1e-9)
        total = money.expression + penalty * shortfall
        cheapest = (Stage(f"{money.name}_and_penalty", total, (keep_cheap, keep_shortfall)),)
    return (
        *cheapest,
        Stage("largest_burden", block.largest_burden, (keep_burden,)),
        Stage("least_expenditure", money.expression),
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

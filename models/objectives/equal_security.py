"""Least pooled expenditure at the security that members would have alone.

Parameters:
    shortfall_ceiling[k,c,d,t] = sum_m alone[m,k,c,d,t] / max(1, sum_m exposure[k,m])
        where alone is the shortfall of the plan that m would choose alone

Constraints:
    no_less_secure:    shortfall[k,c,d,t] <= shortfall_ceiling[k,c,d,t]

Stages:
    minimise pooled_expenditure
"""

from cssopt.modeling import Stage, constraint

REQUIRES = ("coverage", "expenditure", "threats")
GIVEN = ("alone_shortfall",)


def constraints(block, data, use):
    shortfall, alone = use.coverage.shortfall, data.given["alone_shortfall"]
    block.no_less_secure = constraint(
        "threat capability day year",
        shortfall,
        lambda k, c, d, t: (
            shortfall[k, c, d, t] <= alone.get((k, c, d, t), 0.0) / max(1.0, use.threats.tot[k])
        ),
        doc="no more power is missing than if every member stood alone",
    )


def stages(block, data, use):
    return (Stage("pooled_expenditure", use.expenditure.pooled_expenditure),)

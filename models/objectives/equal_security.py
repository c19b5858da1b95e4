"""Least pooled expenditure at the security that members would have alone.

Parameters:
    alone[k,c,d,t] = sum_m alone[m,k,c,d,t]    shortfall of the plans that members choose alone

Constraints:
    no_less_secure:    shortfall[k,c,d,t] <= alone[k,c,d,t] / max(1, tot[k])
        In years apart the coalition has the members' needs one by one, tot in all, so that this
        ceiling, a share of cover, cannot be kept where members are short alone. Where it makes the
        plan infeasible, the study option `years_apart` measures these years by their own need:
        shortfall <= alone * (1 - pooled[t] * (1 - 1 / max(1, tot[k])))

Stages:
    minimise pooled_expenditure (least_expenditure of expenditure)
"""

from cssopt.modeling import constraint, holds, lookup

REQUIRES = ("coverage", "expenditure", "threats")
OPTIONAL = ("pooling",)
GIVEN = ("alone_shortfall",)


def constraints(block, data, use):
    shortfall, alone = use.coverage.shortfall, data.given["alone_shortfall"]
    pooled = use.pooling.pooled if "pooling" in use else {}

    def ceiling(k, c, d, t):
        share = 1 / max(1.0, use.threats.tot[k])
        if data.given.get("years_apart", False):
            share = 1 - (1 - share) * lookup(pooled, t, 1.0)
        return alone.get((k, c, d, t), 0.0) * share

    block.no_less_secure = constraint(
        "threat capability day year",
        shortfall,
        lambda *key: shortfall[key] <= ceiling(*key),
        doc="no more power is missing than if every member stood alone",
    )


def stages(block, data, use):
    return (use.expenditure.least_expenditure,)


def audit(data, solution):
    alone = data.given["alone_shortfall"]
    pooled = solution.pooled if "pooled" in solution else {}
    listed = {k for k, _ in data.book.exposure}
    for key, short in solution.shortfall.items():
        k, _, _, t = key
        exposed = (
            data.exposure.share.get((k, m), 0.0) if k in listed else 1.0 for m in data.members
        )
        share = 1 / max(1.0, sum(exposed))
        if data.given.get("years_apart", False):
            share = 1 - (1 - share) * pooled.get(t, 1.0)
        most = alone.get(key, 0.0) * share
        yield holds("no_less_secure", key, short, "<=", most)

"""Least pooled expenditure at the security that members would have alone.

Parameters:
    alone[k,c,d,t] = sum_m alone[m,k,c,d,t]    shortfall of the plans that members choose alone;
                     where several are equally good, of the one that evenest_shortfall takes

Constraints:
    no_less_secure:    shortfall[k,c,d,t]
                       <= alone[k,c,d,t] * (1 - pooled[t] * (1 - 1 / max(1, tot[k])))
        In years with pooled[t] = 1 (in all, without pooling) overlapping needs are met once, and
        count once here; in years apart they stand one by one, and so do their ceilings.

Stages:
    minimise pooled_expenditure (least_expenditure of expenditure)
"""

from cssopt.modeling import constraint, holds, lookup

REQUIRES = ("coverage", "expenditure", "threats")
OPTIONAL = ("pooling",)
GIVEN = ("alone_shortfall",)
PURPOSES = ("as secure as alone",)


def constraints(block, data, use):
    shortfall, alone = use.coverage.shortfall, data.given["alone_shortfall"]
    pooled = use.pooling.pooled if "pooling" in use else {}

    def ceiling(k, c, d, t):
        counted_twice = 1 - 1 / max(1.0, use.threats.tot[k])
        return alone.get((k, c, d, t), 0.0) * (1 - counted_twice * lookup(pooled, t, 1.0))

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
    tot = solution.arithmetic.threats.tot
    for key, short in solution.shortfall.items():
        k, _, _, t = key
        counted_twice = 1 - 1 / max(1.0, tot[k])
        most = alone.get(key, 0.0) * (1 - counted_twice * pooled.get(t, 1.0))
        yield holds("no_less_secure", key, short, "<=", most)
    for name, reached in solution.reached.items():
        yield holds("objective", (name,), reached, "==", getattr(solution, name))

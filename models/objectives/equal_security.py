"""Least pooled expenditure at the security that members would have alone.

Parameters:
    alone[k,c,d,t] = sum_m alone[m,k,c,d,t]    shortfall of the plans that members choose alone;
                     where several are equally good, of the one that evenest_shortfall takes

Constraints:
    no_less_secure:    shortfall[k,c,d,t]
                       <= alone[k,c,d,t] * (1 - pooled[t] * (1 - 1 / max(1, tot[k])))
                          + beyond_alone[k,c,d,t]
        In years with pooled[t] = 1 (in all, without pooling) overlapping needs are met once, and
        count once here; in years apart they stand one by one, and so do their ceilings.
        beyond_alone is 0, but where the plan is asked for that comes nearest: what keeps a
        coalition from what its members can do apart can leave it without a plan as secure.

Stages:
    1. (only of the nearest plan) minimise missing_beyond_alone
           = sum priority[k] * shortfall_weight[c] * beyond_alone[k,c,d,t] / full[k,c,d,t]
    2. with that held, minimise pooled_expenditure (least_expenditure of expenditure)
"""

from cssopt.modeling import Excess, Hold, Stage, constraint, holds, lookup, variable, weighted_sum

REQUIRES = ("coverage", "expenditure", "threats")
OPTIONAL = ("pooling",)
GIVEN = ("alone_shortfall",)
PURPOSES = ("as secure as alone",)
ROLES = (Excess(figure="beyond_alone", given="nearest"),)


def _is_nearest(data):
    return data.given.get("nearest", False)


def variables(block, data, use):
    if _is_nearest(data):
        block.beyond_alone = variable(
            "threat capability day year",
            use.threats.full,
            doc="power missing beyond what the members would lack alone",
            measure="power",
        )


def _weights(data, threats):
    priority, weight = data.threats.priority, data.capabilities.shortfall_weight
    return {key: priority[key[0]] * weight[key[1]] / full for key, full in threats.full.items()}


def constraints(block, data, use):
    shortfall, alone = use.coverage.shortfall, data.given["alone_shortfall"]
    pooled = use.pooling.pooled if "pooling" in use else {}
    beyond = block.beyond_alone if _is_nearest(data) else {}

    def ceiling(k, c, d, t):
        counted_twice = 1 - 1 / max(1.0, use.threats.tot[k])
        return alone.get((k, c, d, t), 0.0) * (1 - counted_twice * lookup(pooled, t, 1.0))

    block.no_less_secure = constraint(
        "threat capability day year",
        shortfall,
        lambda *key: shortfall[key] <= ceiling(*key) + lookup(beyond, key, 0.0),
        doc="no more power is missing than if every member stood alone",
    )


def stages(block, data, use):
    money = use.expenditure.least_expenditure
    if not _is_nearest(data):
        return (money,)
    weights = _weights(data, use.threats)
    missed = weighted_sum((weights[key], beyond) for key, beyond in block.beyond_alone.items())
    held = Hold("missing_beyond_alone", missed)
    return (Stage("missing_beyond_alone", missed, (held,)), money)


def audit(data, solution):
    alone = data.given["alone_shortfall"]
    pooled = solution.pooled if "pooled" in solution else {}
    threats = solution.arithmetic.threats
    beyond = solution.beyond_alone if _is_nearest(data) else {}
    for key, short in solution.shortfall.items():
        k, _, _, t = key
        counted_twice = 1 - 1 / max(1.0, threats.tot[k])
        most = alone.get(key, 0.0) * (1 - counted_twice * pooled.get(t, 1.0))
        yield holds("no_less_secure", key, short, "<=", most + beyond.get(key, 0.0))
    weights = _weights(data, threats)
    missed = sum(weights[key] * short for key, short in beyond.items())
    for name, reached in solution.reached.items():
        again = missed if name == "missing_beyond_alone" else getattr(solution, name)
        yield holds("objective", (name,), reached, "==", again)

"""The largest burden of any member as small as can be, near the cheapest plan.

Stages:
    1. (2.) the cheapest plan, as pooled_cost
    3. minimise largest_burden (of the component of that name), at a pooled_expenditure at most
       `margin` above the cheapest plan's and a weighted shortfall no higher than its:
       the missing_share, or with a shortfall_penalty sum priority * shortfall_weight * shortfall
    4. with that held, minimise pooled_expenditure
    (Near a base plan pooled_expenditure is here what least_expenditure of expenditure makes
    small: with the penalty of moving units, so that fairness does not reshuffle everything.)
"""

from cssopt.modeling import Column, Hold, Stage, holds

PURPOSES = ("fairest",)
REQUIRES = ("coverage", "expenditure", "largest_burden")
OPTIONS = (
    Column(
        name="margin",
        kind="number",
        help="Expenditure above that of the cheapest plan, as a share of it.",
        low=0,
    ),
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
    burden = use.largest_burden.largest_burden
    money = use.expenditure.least_expenditure
    keep_cheap = Hold(money.name, money.expression, data.given["margin"])
    keep_burden = Hold("largest_burden", burden)
    penalty = data.settings.shortfall_penalty
    if penalty is None:
        cheapest = (
            use.coverage.least_missing_share,
            Stage(money.name, money.expression, (keep_cheap,)),
        )
    else:
        shortfall = use.coverage.weighted_shortfall
        keep_shortfall = Hold("weighted_shortfall", shortfall)
        total = money.expression + penalty * shortfall
        cheapest = (Stage(f"{money.name}_and_penalty", total, (keep_cheap, keep_shortfall)),)
    return (
        *cheapest,
        Stage("largest_burden", burden, (keep_burden,)),
        Stage("least_expenditure", money.expression),
    )


def audit(data, solution):
    priority, weight = data.threats.priority, data.capabilities.shortfall_weight
    money = solution.pooled_expenditure
    if "persistence_penalty" in solution:
        money += solution.persistence_penalty
    shortfall = sum(
        priority[k] * weight[c] * short for (k, c, d, t), short in solution.shortfall.items()
    )
    again = {
        "missing_share": solution.missing_share,
        "pooled_expenditure": money,
        "expenditure_and_persistence": money,
        "largest_burden": solution.largest_burden,
        "least_expenditure": money,
    }
    if data.settings.shortfall_penalty is not None:
        for name in ("pooled_expenditure", "expenditure_and_persistence"):
            again[f"{name}_and_penalty"] = money + data.settings.shortfall_penalty * shortfall
    for name, reached in solution.reached.items():
        yield holds("objective", (name,), reached, "==", again[name])

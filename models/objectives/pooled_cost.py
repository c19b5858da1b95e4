"""Least pooled expenditure, with shortfall at an explicit price where the workbook names one.

Stages:
    with a shortfall_penalty: minimise pooled_expenditure (least_expenditure of expenditure)
        + sum priority[k] * shortfall_weight[c] * shortfall_penalty * shortfall (not discounted)
        what comes after it (a front) holds sum priority * shortfall_weight * shortfall
    with none: as least_shortfall, first missing_share (least_missing_share of coverage), then
        pooled_expenditure
"""

from cssopt.modeling import Column, Hold, Stage, holds

REQUIRES = ("coverage", "expenditure")
PURPOSES = ("each alone",)
OPTIONS = (
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
    penalty = data.settings.shortfall_penalty
    money = use.expenditure.least_expenditure
    if penalty is None:
        return (use.coverage.least_missing_share, money)
    shortfall = use.coverage.weighted_shortfall
    return (
        Stage(
            f"{money.name}_and_shortfall_penalty",
            money.expression + penalty * shortfall,
            (Hold("weighted_shortfall", shortfall),),
        ),
    )


def audit(data, solution):
    penalty, priority = data.settings.shortfall_penalty, data.threats.priority
    weight = data.capabilities.shortfall_weight
    if penalty is None:
        for name, reached in solution.reached.items():
            yield holds("objective", (name,), reached, "==", getattr(solution, name))
        return
    money = solution.pooled_expenditure
    if "persistence_penalty" in solution:
        money += solution.persistence_penalty
    again = money + sum(
        priority[k] * weight[c] * penalty * short
        for (k, c, d, t), short in solution.shortfall.items()
    )
    (reached,) = solution.reached.values()
    yield holds("objective", (), reached, "==", again)

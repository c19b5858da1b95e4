"""The missing part of all needs of a plan: one true share, by which plans are compared."""

from __future__ import annotations

import math
from collections.abc import Iterable

from cssopt.solution.plain import ratio
from cssopt.solution.plan import Solution


def find_missing_of_all(plans: Iterable[Solution]) -> float:
    """Missing part of all needs of plans taken together, both sums over all of them.

    Needs are weighted; nan where nothing is asked for.
    """
    short = asked = 0.0
    for plan in plans:
        weight = plan.accounts["weight of need"]
        short += math.fsum(weight.get(key, 0.0) * x for key, x in plan.missing.items())
        asked += math.fsum(weight.get(key, 0.0) * x for key, x in plan.asked.items())
    return ratio(short, asked)

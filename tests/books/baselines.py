"""What members would do without a plan at hand, for tests that have one."""

from __future__ import annotations

from typing import Any

from cssopt.assembly.component import find_objective
from cssopt.questions.plan.baseline import compare_with_standing_alone
from cssopt.solution.baseline import Baseline


def find_baseline(plan: Any, **how: Any) -> Baseline:
    """Members alone, and equal security, beside a plan that `cssopt.solve` gave."""
    folders = plan.case.folders
    return compare_with_standing_alone(
        plan,
        find_objective("as secure as alone", folders),
        pooled_cost=find_objective("each alone", folders),
        **how,
    )

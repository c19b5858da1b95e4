"""What a report says of the run that it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cssopt.api.cases import Case
from cssopt.report.facts import RunFacts
from cssopt.solution.plan import Solution


def describe_run(
    case: Case,
    plan: Solution,
    options: Mapping[str, Any] | None = None,
    seconds: Mapping[str, float] | None = None,
) -> RunFacts:
    """The facts of a run: its inputs, study and coalition, further options, and times by step.

    `plan` is the plan that the report is about or starts from; by default its times are told.
    """
    return RunFacts(
        source=case.source,
        digest=case.digest,
        begun=case.begun,
        options={
            "study": plan.study.name,
            "members": ", ".join(plan.coalition),
            **(options or {}),
        },
        issues=(*case.warnings, *case.notes),
        seconds=dict(plan.seconds if seconds is None else seconds),
    )

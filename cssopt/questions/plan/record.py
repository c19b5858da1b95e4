"""The run record beside a report: the same facts for programs to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cssopt.document.run_facts import RunFacts, describe_run_facts
from cssopt.modeling.measures import BURDEN, POOLED_EXPENDITURE, SHORTFALL
from cssopt.render.terminal import solution_facts
from cssopt.solution.baseline import Baseline, SavingRange
from cssopt.solution.figures import Figures
from cssopt.solution.plain import plain_value
from cssopt.solution.plan import Solution


def build_run_record(
    solution: Solution, baseline: Baseline | None, facts: RunFacts
) -> dict[str, Any]:
    """The facts of a solved plan as plain JSON values; null where there is no figure."""
    solved, options, audit = solution.solved, solution.options, solution.audit
    seconds = {**facts.seconds, **solution.seconds}
    return {
        **solution_facts(solution),
        **describe_run_facts(facts),
        "seconds": {step: round(value, 4) for step, value in seconds.items()},
        "relaxed": solution.study.relaxed,
        "prices_of": solved.prices_of,
        "solver_options": {
            "gap": options.gap,
            "time_limit": options.time_limit,
            "threads": options.threads,
            "seed": options.seed,
        },
        "stages": [
            {
                "name": stage.name,
                "status": str(stage.status),
                "value": plain_value(stage.value),
                "bound": plain_value(stage.bound),
                "seconds": round(stage.seconds, 4),
            }
            for stage in solved.stages
        ],
        "seconds_inside_highs": round(solved.seconds, 4),
        "seconds_outside_highs": round(_outside(solution, seconds), 4),
        "not_audited": list(audit.not_audited) if audit is not None else None,
        "left_out_of_the_audit": dict(audit.left_out) if audit is not None else None,
        BURDEN: {
            member: plain_value(value)
            for (member,), value in Figures.of(solution.study).burden.amounts(solution).items()
        },
        "baseline": None if baseline is None else _baseline(solution, baseline),
    }


_OTHER_PLANS = ("baseline", "concessions")


def _outside(solution: Solution, seconds: Mapping[str, float]) -> float:
    """Time of the plan's own steps that was not the solver's, other plans apart."""
    own = sum(value for step, value in seconds.items() if step not in _OTHER_PLANS)
    return own - solution.solved.seconds


def _range(found: SavingRange) -> dict[str, Any]:
    return {
        "least": plain_value(found.least),
        "most": plain_value(found.most),
        "why_least": found.why_least,
        "why_most": found.why_most,
    }


def _baseline(solution: Solution, baseline: Baseline) -> dict[str, Any]:
    return {
        "alone": {
            member: {
                "status": str(plan.status),
                POOLED_EXPENDITURE: plain_value(plan.pooled_expenditure),
                SHORTFALL: plain_value(plan.shortfall),
                "worst_missing_share": plain_value(plan.worst_missing_share),
            }
            for member, plan in baseline.alone.items()
        },
        "saving": plain_value(baseline.saving),
        "further_security": plain_value(baseline.further_security(solution)),
        "reason": baseline.why_unstated,
        "caution": baseline.caution,
        "unsettled": baseline.unsettled,
        "range": None if baseline.range is None else _range(baseline.range),
        "seconds_inside_highs": round(
            sum(
                plan.solved.seconds
                for plan in (*baseline.alone.values(), baseline.equal)
                if plan is not None
            ),
            4,
        ),
    }

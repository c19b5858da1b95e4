"""The last sheet of every document: where it comes from, enough to make it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cssopt.document.document import Column, Note, Pair, Pairs, Sheet, Table
from cssopt.document.run_facts import PlanFacts, RunFacts

RUN = "Run"
"""Name of the sheet; no table of it is one of the document's own."""


def show_run(facts: RunFacts) -> Sheet:
    """What was read, with which programs and options, when, in what time, and what was noted."""
    plan = facts.plan
    told = {
        "question": facts.question,
        "source": facts.source_name,
        "SHA-256": facts.digest,
        "run id": facts.run_id,
        "begun (UTC)": facts.begun.strftime("%Y-%m-%d %H:%M:%S"),
        "scope": facts.scope,
        "status": facts.status,
        "audits": facts.audits.told,
    }
    issues = [(issue.code, issue.where, issue.text) for issue in facts.issues]
    columns = Column("code"), Column("where"), Column("text", "sentence")
    return Sheet(
        RUN,
        "Where this answer comes from: enough to make it again.",
        (
            *_pairs("run_input", "Input", {name: text for name, text in told.items() if text}),
            *_pairs("run_programs", "Programs", facts.versions),
            *_pairs("run_options", "Options", facts.plain_options),
            *([] if plan is None else _show_plan(plan)),
            *_pairs("run_seconds", "Seconds by step", facts.seconds, form="seconds"),
            Note("Warnings and notes", is_heading=True),
            Table("run_issues", columns, tuple(issues)) if issues else Note("None."),
        ),
    )


def _pairs(name: str, title: str, values: Mapping[str, Any], **how: Any) -> list[Pairs]:
    pairs = tuple(Pair(str(label), value, **how) for label, value in values.items())
    return [Pairs(name, pairs, title)] if pairs else []


def _show_plan(plan: PlanFacts) -> list[Pairs | Table]:
    """How the plan was found that the answer is or starts from."""
    stages = tuple(
        (stage.name, str(stage.status), stage.value, stage.bound, stage.seconds)
        for stage in plan.stages
    )
    columns = (
        Column("stage"),
        Column("status"),
        Column("value", "number", decimals=6),
        Column("bound", "number", decimals=6),
        Column("seconds", "seconds"),
    )
    pairs = (
        Pair("study", plan.study, remark=plan.explanation),
        Pair("coalition", ", ".join(plan.coalition)),
        Pair("rows of the program", plan.rows, "count"),
        Pair("columns of the program", plan.columns, "count"),
        Pair("gap", plan.gap, "tiny"),
        Pair("seconds inside HiGHS", plan.seconds_inside, "seconds"),
        *([Pair("the solver says", plan.message, mark="warn")] if plan.message else []),
    )
    title = "What was minimized, in this order"
    told = {
        name: "none" if value is None else value if isinstance(value, str) else f"{value:g}"
        for name, value in plan.solver_options.items()
    }
    return [
        Pairs("run_plan", pairs, "The plan"),
        *([Table("run_stages", columns, stages, title)] if stages else []),
        *_pairs("run_solver", "Settings of the solver", told),
    ]

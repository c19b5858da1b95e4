"""The sheets Audit and Run: can the plan be trusted, and where does it come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cssopt.document.grid import Field, Grid
from cssopt.document.run_facts import RunFacts
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page
from cssopt.solution.audit import FAILED, HOLDS

_NOISE = re.compile(r"-?\d(\.\d+)?e-(09|[1-9]\d+)")
"""Numbers in a sentence that are only rounding."""

_COLORS = {HOLDS: "good", FAILED: "bad"}


def write_audit(report: Report) -> None:
    """Every rule and amount as worked out again in plain arithmetic."""
    page = report.page(
        "Audit",
        "Every rule and cost worked out again from the tables, without the optimizer. worst is the "
        "largest violation, relative to the size of the rule; up to 1E-06 is rounding.",
    )
    audit = report.solution.audit
    if audit is None:
        page.line("There is no plan to audit.")
        return
    if not audit.passed:
        page.line(f"THE AUDIT FAILED in {len(audit.failures)} rules: do not use this plan.", "bad")
        page.gap()
    if audit.not_audited:
        page.line(f"NOT AUDITED: {', '.join(audit.not_audited)}.", "warn")
        page.gap()
    if audit.left_out:
        reasons = dict.fromkeys(audit.left_out.values())
        for reason in reasons:
            rules = ", ".join(rule for rule, why in audit.left_out.items() if why == reason)
            page.line(f"Not audited: {rules}, because {reason}.")
        page.gap()
    rows = [
        [
            line.component,
            line.rule,
            line.result,
            line.checks or None,
            line.worst if line.checks else None,
            line.where,
            _NOISE.sub("0", line.sentence),
        ]
        for line in audit.lines
    ]
    fields = [
        Field("component"),
        Field("rule"),
        Field("result"),
        Field("checks", "number"),
        Field("worst", "tiny"),
        Field("where"),
        Field("sentence"),
    ]
    marks = {(i, 2): _COLORS.get(line.result, "warn") for i, line in enumerate(audit.lines)}
    page.only_table(Grid(fields, rows, marks))


def write_run(report: Report) -> None:
    """What was read, with which programs and options, when, in what time, and what was noted."""
    page = report.page("Run", "Where this report comes from: enough to make it again.")
    facts, solution = report.facts, report.solution
    page.line("Input", "section")
    page.pair("question", facts.question)
    page.pair("workbook", facts.source_name)
    page.pair("SHA-256", facts.digest)
    page.pair("run id", facts.run_id, "The same in run.json and whatever else this run wrote.")
    page.pair("begun (UTC)", facts.begun.strftime("%Y-%m-%d %H:%M:%S"))
    page.pair("coalition", ", ".join(solution.coalition))
    page.pair("study", solution.study.name)
    page.line(solution.study.explanation, "explanation")
    page.pair("audits", facts.audits.told)
    write_pairs(page, "Programs", dict(facts.versions))
    write_pairs(page, "Options", {**facts.plain_options, **_solver_options(report)})
    seconds = {**facts.seconds, **solution.seconds}
    write_pairs(page, "Seconds by step", seconds, "seconds", "left")
    size = {"rows": solution.shape[0], "columns": solution.shape[1]}
    write_pairs(page, "Size of the program", size, "number0", "left")
    _write_stages(report, page)
    write_issues(page, report.facts)


def _solver_options(report: Report) -> dict[str, Any]:
    options = report.solution.options
    limit = options.time_limit
    return {
        "gap": f"{options.gap:g}",
        "time_limit": "none" if limit is None else f"{limit:g} seconds",
        "threads": str(options.threads),
        "seed": str(options.seed),
    }


def write_pairs(page: Page, title: str, pairs: Mapping[str, Any], *traits: str) -> None:
    """A section of names and values; nothing where there are none."""
    if pairs:
        page.gap()
        page.line(title, "section")
        for name, value in pairs.items():
            page.pair(name, value, "", *traits)


def _write_stages(report: Report, page: Page) -> None:
    solved = report.solution.solved
    page.gap()
    page.line("What was minimized, in this order", "section")
    rows = [[s.name, str(s.status), s.value, s.bound, s.seconds] for s in solved.stages]
    fields = [
        Field("stage"),
        Field("status"),
        Field("value", "number", 6),
        Field("bound", "number", 6),
        Field("seconds", "seconds"),
    ]
    if rows:
        page.table(Grid(fields, rows))
    page.pair("gap", solved.gap, "", "tiny", "left")
    page.pair("seconds inside HiGHS", solved.seconds, "", "seconds", "left")
    if solved.message:
        page.line(solved.message, "warn")


def write_issues(page: Page, facts: RunFacts) -> None:
    """What was noted of the inputs, and of how it was run."""
    page.gap()
    page.line("Warnings and notes", "section")
    rows = [[issue.code, issue.where, issue.text] for issue in facts.issues]
    if rows:
        page.table(Grid([Field("code"), Field("where"), Field("text")], rows))
    else:
        page.line("None.")

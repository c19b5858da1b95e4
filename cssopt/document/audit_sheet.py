"""The sheet Audit: every rule and cost worked out again, so that a reader can trust the plan."""

from __future__ import annotations

import re
from typing import Final

from cssopt.document.document import Column, Mark, Note, Sheet, Table, table_of
from cssopt.solution.audit import FAILED, HOLDS, Audit

AUDIT: Final = "audit"
"""Name of its table."""

_NOISE: Final = re.compile(r"-?\d(\.\d+)?e-(09|[1-9]\d+)")
"""Numbers in a sentence that are only rounding."""

_MARKS: Final[dict[str, Mark]] = {HOLDS: "good", FAILED: "bad"}

_COLUMNS: Final = (
    Column("component"),
    Column("rule"),
    Column("result"),
    Column("checks", "count"),
    Column("worst", "tiny"),
    Column("where"),
    Column("sentence", "sentence"),
)


def show_audit(audit: Audit | None) -> Sheet:
    """Every rule and amount as worked out again in plain arithmetic; None where there is no plan.

    Rules that were not audited, and why, are told before the table.
    """
    return Sheet(
        "Audit",
        "Every rule and cost worked out again from the tables, without the optimizer. worst is the "
        "largest violation, relative to the size of the rule; up to 1E-06 is rounding.",
        (Note("There is no plan to audit."),)
        if audit is None
        else (*_tell_exceptions(audit), _tabulate(audit)),
    )


def _tell_exceptions(audit: Audit) -> list[Note]:
    notes = []
    if not audit.passed:
        count = len(audit.failures)
        notes.append(Note(f"THE AUDIT FAILED in {count} rules: do not use this plan.", "bad"))
    if audit.gave_way:
        names = ", ".join(line.name for line in audit.gave_way)
        text = f"GAVE WAY: {names}. The plan was given; it breaks these rules where it is told."
        notes.append(Note(text, "warn"))
    if audit.not_audited:
        notes.append(Note(f"NOT AUDITED: {', '.join(audit.not_audited)}.", "warn"))
    for reason in dict.fromkeys(audit.left_out.values()):
        rules = ", ".join(rule for rule, why in audit.left_out.items() if why == reason)
        notes.append(Note(f"Not audited: {rules}, because {reason}."))
    return notes


def _tabulate(audit: Audit) -> Table:
    records = (
        {
            "component": line.component,
            "rule": line.rule,
            "result": line.result,
            "checks": line.checks or None,
            "worst": line.worst if line.checks else None,
            "where": line.where,
            "sentence": _NOISE.sub("0", line.sentence),
        }
        for line in audit.lines
    )
    marks = {(i, "result"): _MARKS.get(one.result, "warn") for i, one in enumerate(audit.lines)}
    return table_of(AUDIT, _COLUMNS, records, marks=marks)

"""A diagnosis as tables: what conflicts, what is missing, what would let a plan in, what was asked.

One row per member of a conflict, per sentence about it, per need and year, per relaxation, per
change and per solve.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cssopt.names import name_row
from cssopt.questions.diagnosis.checks import FeasibilityCheck
from cssopt.questions.diagnosis.conflicts import Conflict
from cssopt.questions.diagnosis.relaxations import Relaxation
from cssopt.questions.diagnosis.words import describe_change
from cssopt.solution.verdicts import tell_verdict
from cssopt.tables.changes import write_change

CONFLICTS = ["conflict", "nature", "kind", "where", "value", "rule"]
NOTES = ["conflict", "note"]
MISSING = ["conflict", "where", "need", "year", "asked", "missing", "missing_share"]
RELAXATIONS = ["relaxation", "way", "changes", "natures", "what", "confirmed", "status", "gap",
               "bound", "pooled_expenditure", "audit", "reason"]  # fmt: skip
CHANGES = ["relaxation", "nature", "kind", "where", "column", "old", "new", "change", "rule",
           "set"]  # fmt: skip
CHECKS = ["check", "about", "changes", "fractions", "status", "decided_by", "rows", "columns",
          "seconds", "message"]  # fmt: skip


def tabulate_diagnosis(
    conflicts: Sequence[Conflict],
    notes: Sequence[Sequence[str]],
    relaxations: Sequence[Relaxation],
    checks: Sequence[FeasibilityCheck],
) -> dict[str, pd.DataFrame]:
    """The tables of a diagnosis by name; `notes` are the sentences about each conflict."""
    return {
        "conflicts": _frame(CONFLICTS, _list_members(conflicts)),
        "notes": _frame(NOTES, [[n, text] for n, own in enumerate(notes, start=1) for text in own]),
        "missing": _frame(MISSING, _list_missing(conflicts)),
        "relaxations": _frame(RELAXATIONS, _list_relaxations(relaxations)),
        "changes": _frame(CHANGES, _list_changes(relaxations)),
        "checks": _frame(CHECKS, _list_checks(checks)),
    }


def _frame(columns: list[str], rows: list[list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns)


def _list_members(conflicts: Sequence[Conflict]) -> list[list[Any]]:
    return [
        [number, rule.rule.nature, rule.rule.name, rule.where, rule.value, rule.named]
        for number, conflict in enumerate(conflicts, start=1)
        for rule in conflict.rules
    ]


def _list_missing(conflicts: Sequence[Conflict]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for number, conflict in enumerate(conflicts, start=1):
        needs = {rule.key: rule for rule in conflict.rules if rule.rule.nature == "need"}
        for missing in conflict.missing:
            need = needs.get(missing.need)
            name = name_row(missing.need)
            rows.append(
                [
                    number,
                    need.where if need else None,
                    need.named if need else name,
                    missing.year,
                    missing.asked,
                    missing.missing,
                    missing.share,
                ]
            )
    return rows


def _list_relaxations(relaxations: Sequence[Relaxation]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for number, relaxation in enumerate(relaxations, start=1):
        outcome = relaxation.outcome
        natures = dict.fromkeys(change.rule.rule.nature for change in relaxation.changes)
        rows.append(
            [
                number,
                relaxation.way,
                len(relaxation.changes),
                ", ".join(natures),
                "; ".join(f"{c.where}: {describe_change(c)}" for c in relaxation.changes),
                relaxation.confirmed,
                outcome.status,
                outcome.gap,
                outcome.bound,
                outcome.pooled_expenditure,
                tell_verdict(outcome.verdict) if relaxation.confirmed else "",
                "" if relaxation.confirmed else outcome.reason,
            ]
        )
    return rows


def _list_changes(relaxations: Sequence[Relaxation]) -> list[list[Any]]:
    return [
        [
            number,
            change.rule.rule.nature,
            change.rule.rule.name,
            change.where,
            change.column or None,
            change.old,
            change.new,
            describe_change(change),
            change.rule.named,
            write_change(change.step),
        ]
        for number, relaxation in enumerate(relaxations, start=1)
        for change in relaxation.changes
    ]


def _list_checks(checks: Sequence[FeasibilityCheck]) -> list[list[Any]]:
    return [
        [
            number,
            check.about,
            check.changes,
            check.relaxed,
            str(check.answer.status),
            check.answer.by,
            *check.shape,
            check.answer.seconds,
            check.answer.message,
        ]
        for number, check in enumerate(checks, start=1)
    ]

"""A diagnosis as tables: what conflicts, what is missing, what would let a plan in, what was asked.

One row per member of a conflict, per sentence about it, per need and year, per relaxation, per
change and per solve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from cssopt.document.document import Column
from cssopt.names import name_row
from cssopt.questions.diagnosis.checks import FeasibilityCheck
from cssopt.questions.diagnosis.conflicts import Conflict
from cssopt.questions.diagnosis.relaxations import Relaxation
from cssopt.questions.diagnosis.words import describe_change
from cssopt.solution.verdicts import tell_verdict
from cssopt.tables.changes import write_change

_CONFLICT: Final = Column("conflict", "year")
_RELAXATION: Final = Column("relaxation", "year")
_ENOUGH: Final = Column("way", title="enough")
_RULE: Final = (Column("nature"), Column("kind", on_screen=False), Column("where", title="cell"))
_CHANGE: Final = Column("change", "sentence")
_STATUS: Final = Column("status")
_GAP: Final = Column("gap", "tiny", on_screen=False)
_EXPENDITURE: Final = Column(
    "pooled_expenditure", "money", meaning="of the cheapest plan with the change"
)
_POWER: Final = "power, in the measure of its capability"
_FRACTIONS: Final = (
    "a plan with fractions for whole numbers would do, so that only its absence proves anything"
)

COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "conflicts": (
        _CONFLICT,
        *_RULE,
        Column("value", "exact", on_screen=False),
        Column("rule", "sentence", title="what it lays down"),
    ),
    "notes": (_CONFLICT, Column("note", "sentence", title="what is to be said of it")),
    "missing": (
        _CONFLICT,
        Column("where", title="cell"),
        Column("need", "sentence"),
        Column("year", "year"),
        Column("asked", "number", measure=_POWER),
        Column("missing", "number", measure=_POWER),
        Column("missing_share", "share"),
    ),
    "relaxations": (
        _RELAXATION,
        _ENOUGH,
        Column("changes", "count"),
        Column("natures"),
        Column("what", "sentence"),
        Column("confirmed"),
        _STATUS,
        _GAP,
        Column("bound", "money", meaning="no plan with the change costs less: proven"),
        _EXPENDITURE,
        Column("audit"),
        Column("reason", "sentence"),
    ),
    "changes": (
        _RELAXATION,
        *_RULE,
        Column("column"),
        Column("old", "exact"),
        Column("new", "exact"),
        _CHANGE,
        Column("rule", "sentence", title="instead of"),
        Column("set", "sentence", title="--set"),
    ),
    "checks": (
        Column("check", "year"),
        Column("about", "sentence"),
        Column("changes", "count"),
        Column("fractions", meaning=_FRACTIONS),
        _STATUS,
        Column("decided_by"),
        Column("rows", "count"),
        Column("columns", "count"),
        Column("seconds", "seconds"),
        Column("message", "sentence"),
    ),
}
"""By table, the columns of its frame, as they are shown too."""

WAYS: Final = (_RELAXATION, _ENOUGH, *_RULE, _CHANGE, _EXPENDITURE, _STATUS, _GAP)
"""Of each change that lets a plan in, at a glance."""


def tabulate_diagnosis(
    conflicts: Sequence[Conflict],
    notes: Sequence[Sequence[str]],
    relaxations: Sequence[Relaxation],
    checks: Sequence[FeasibilityCheck],
) -> dict[str, pd.DataFrame]:
    """The tables of a diagnosis by name; `notes` are the sentences about each conflict."""
    rows = {
        "conflicts": _list_members(conflicts),
        "notes": [[n, text] for n, own in enumerate(notes, start=1) for text in own],
        "missing": _list_missing(conflicts),
        "relaxations": _list_relaxations(relaxations),
        "changes": _list_changes(relaxations),
        "checks": _list_checks(checks),
    }
    return {
        name: pd.DataFrame(rows[name], columns=[column.name for column in columns])
        for name, columns in COLUMNS.items()
    }


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

"""A diagnosis as tables: what conflicts, what is missing, what would let a plan in, what was asked.

One row per member of a conflict, per sentence about it, per need and year, per relaxation, per
change and per solve.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cssopt.document.document import Column, Table
from cssopt.names import name_row
from cssopt.questions.diagnosis.conflicts import Conflict
from cssopt.questions.diagnosis.relaxations import Relaxation
from cssopt.questions.diagnosis.result import Diagnosis
from cssopt.questions.diagnosis.words import describe_change
from cssopt.solution.plain import plain_value
from cssopt.solution.verdicts import tell_end, tell_verdict
from cssopt.tables.changes import write_change
from cssopt.tables.rules_in_force import RuleInForce

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

_COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
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
    "ways": (_RELAXATION, _ENOUGH, *_RULE, _CHANGE, _EXPENDITURE, _STATUS, _GAP),
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


def tabulate_diagnosis(found: Diagnosis) -> dict[str, Table]:
    """The tables of a diagnosis by name; some may have no rows.

    ``ways`` is each change that lets a plan in, at a glance.
    """
    conflicts = list(enumerate(found.conflicts, start=1))
    relaxations = list(enumerate(found.relaxations, start=1))
    changes = [(n, one, change) for n, one in relaxations for change in one.changes]
    rows: dict[str, list[tuple[Any, ...]]] = {
        "conflicts": [
            (n, *_tell_rule(rule), rule.value, rule.named) for n, c in conflicts for rule in c.rules
        ],
        "notes": [(n, text) for n, own in enumerate(found.notes, start=1) for text in own],
        "missing": [(n, *row) for n, conflict in conflicts for row in _list_missing(conflict)],
        "relaxations": [(n, *_tell_relaxation(one)) for n, one in relaxations],
        "changes": [
            (n, *_tell_rule(c.rule, c.where), c.column or None, c.old, c.new, describe_change(c),
             c.rule.named, write_change(c.step))
            for n, _, c in changes
        ],
        "ways": [
            (n, one.way, *_tell_rule(c.rule, c.where), describe_change(c),
             one.outcome.pooled_expenditure, _tell_status(one), one.outcome.gap)
            for n, one, c in changes
            if one.confirmed
        ],
        "checks": [
            (n, check.about, check.changes, check.relaxed, str(check.answer.status),
             check.answer.by, *check.shape, check.answer.seconds, check.answer.message)
            for n, check in enumerate(found.checks, start=1)
        ],
    }  # fmt: skip
    return {
        name: Table(name, columns, tuple(tuple(map(plain_value, row)) for row in rows[name]))
        for name, columns in _COLUMNS.items()
    }


def _tell_rule(rule: RuleInForce, where: str = "") -> tuple[str, str, str]:
    return rule.rule.nature, rule.rule.name, where or rule.where


def _list_missing(conflict: Conflict) -> Iterator[tuple[Any, ...]]:
    needs = {rule.key: rule for rule in conflict.rules if rule.rule.nature == "need"}
    for one in conflict.missing:
        need = needs.get(one.need)
        told = (need.where, need.named) if need else (None, name_row(one.need))
        yield *told, one.year, one.asked, one.missing, one.share


def _tell_relaxation(one: Relaxation) -> tuple[Any, ...]:
    outcome, natures = one.outcome, dict.fromkeys(c.rule.rule.nature for c in one.changes)
    what = "; ".join(f"{change.where}: {describe_change(change)}" for change in one.changes)
    audit, reason = _tell_audit(one), "" if one.confirmed else outcome.reason
    return (
        one.way, len(one.changes), ", ".join(natures), what, one.confirmed, _tell_status(one),
        outcome.gap, outcome.bound, outcome.pooled_expenditure, audit, reason,
    )  # fmt: skip


def _tell_audit(one: Relaxation) -> str:
    return tell_verdict(one.outcome.verdict) if one.confirmed else ""


def _tell_status(one: Relaxation) -> str:
    """How its plan ended, with what its audit said where it failed."""
    return tell_end(one.outcome.status, _tell_audit(one))

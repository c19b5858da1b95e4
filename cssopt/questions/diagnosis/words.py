"""A diagnosis in a planner's words: what is missing when, what changes from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cssopt.issues import Issue
from cssopt.questions.diagnosis.change import InputChange
from cssopt.questions.diagnosis.conflicts import Conflict
from cssopt.solution.missing import Missing
from cssopt.tables.data import Data
from cssopt.tables.rules_in_force import RuleInForce

_NEEDS_ASK_TOO_MUCH = (
    "These needs ask for more than the inputs can supply, even with every rule and fact lifted: "
    "units that there are, that can be bought and that can move there."
)
_NEED_ASKS_TOO_MUCH = (
    "The need alone asks for more than the inputs can supply, even with every rule and fact "
    "lifted: units that there are, that can be bought and that can move there."
)
_NOTHING_LEFT = 1e-9
"""Share of a need below which what can be supplied is nothing."""


def show_value(value: Any) -> str:
    """A value as it would be typed into its cell."""
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)


def describe_change(change: InputChange) -> str:
    """What a change does: ``level 4 -> 3``."""
    if change.dropped:
        return f"drop the row ({change.rule.named})"
    return f"{change.column} {show_value(change.old)} -> {show_value(change.new)}"


def describe_conflict(
    conflict: Conflict, data: Data, issues: Sequence[Issue], message: str
) -> list[str]:
    """What is to be said of a conflict beside its members, a sentence each."""
    if not conflict.rules:
        ending = f" ({message})" if message else ""
        return [
            "No plan exists even with every need, rule and fact of the inputs lifted: a rule of "
            f"the study itself, or a number that no rule stands behind, forbids every plan{ending}."
        ]
    notes = []
    needs = {rule.key: rule for rule in conflict.rules if rule.rule.nature == "need"}
    if len(needs) == len(conflict.rules):
        notes.append(_describe_supply(conflict))
    for key, need in needs.items():
        own = [missing for missing in conflict.missing if missing.need == key]
        if own:
            notes.append(f"{need.where}: {_describe_missing(own)}")
    if not conflict.minimal:
        notes.append(
            "A limit of time ended some checks: few or many of these may not be needed for the "
            "conflict, which itself is proven."
        )
    notes += _find_remarks(conflict.rules, data, issues)
    return notes


def _describe_supply(conflict: Conflict) -> str:
    """What conflicts where no rule and no fact does: what there is, and what can be bought."""
    several = len(conflict.rules) > 1
    if any(missing.share < 1 - _NOTHING_LEFT for missing in conflict.missing) or several:
        return _NEEDS_ASK_TOO_MUCH if several else _NEED_ASKS_TOO_MUCH
    return (
        "The need alone cannot be met, even with every rule and fact lifted: nothing in the inputs "
        "supplies it. No member has or can buy a force with this power and move it there."
    )


def _describe_missing(missing: Sequence[Missing]) -> str:
    """Years of a need in which power is missing, and the most of it."""
    most = max(missing, key=lambda each: each.missing)
    years = _join_years([each.year for each in missing])
    worst = f" in {most.year}" if len(missing) > 1 else ""
    return (
        f"short in {years} even where nothing else is in force, by {most.missing:.4g} of "
        f"{most.asked:.4g}{worst} at the least."
    )


def _join_years(years: Sequence[int]) -> str:
    """Years as spans: ``2027-2029, 2031``."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and spans[-1][1] == year - 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)


def _find_remarks(rules: Sequence[RuleInForce], data: Data, issues: Sequence[Issue]) -> list[str]:
    """What the checks of the inputs said of these rows, or of rows that they refer to."""
    places: set[str] = set()
    for rule in rules:
        table = data.tables[rule.table]
        places |= {table.where(rule.key, column.name) for column in table.spec.columns}
        for column in table.spec.columns:
            other = data.tables.get(column.refers_to or "")
            key = table.columns[column.name][rule.key]
            if other is not None and key in other:
                places |= {other.where(key, name) for name in other.columns}
    return [
        f"{issue.where}: {issue.text} ({issue.code})" for issue in issues if issue.where in places
    ]

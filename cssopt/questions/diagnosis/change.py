"""Changes of the inputs that make a plan possible, each as small as it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cssopt.questions.diagnosis.checks import Checks
from cssopt.questions.diagnosis.least_change import NEAR, Dial, find_least_change, find_roundest
from cssopt.tables.patch import Step
from cssopt.tables.rules_in_force import RuleInForce
from cssopt.tables.spec import Column


@dataclass(frozen=True)
class InputChange:
    """One cell, or one row, that a relaxation changes.

    Attributes
    ----------
    rule: the need, rule or fact that gives way.
    where: address of the cell. column: its column; empty where the row is dropped.
    old, new: its values; None where it is or becomes blank.
    step: the change as a step of a what-if.
    """

    rule: RuleInForce
    where: str
    column: str
    old: Any
    new: Any
    step: Step

    @property
    def dropped(self) -> bool:
        """True where the whole row goes."""
        return not self.column


def lift_wholly(checks: Checks, rule: RuleInForce) -> InputChange:
    """The change that lifts a rule altogether."""
    step = checks.lift([rule])[0]
    return InputChange(rule, rule.where, rule.column, rule.value, step.value, step)


def change_least(
    checks: Checks,
    rule: RuleInForce,
    others: Sequence[InputChange],
    about: str,
    near: float = NEAR,
    known: InputChange | None = None,
) -> InputChange:
    """The smallest change of a rule with which there is a plan, beside other changes.

    `near` is the share of the change to within which it is found. With the rule lifted, or changed
    as `known`, there must be one. Flags, texts and rows without a number are lifted.
    """
    column = _find_column(checks, rule)
    start = known or lift_wholly(checks, rule)
    if column is None:
        return start

    cell, steps = (rule.table, rule.key, column.name), list_steps(others)

    def has_plan(value: float) -> bool:
        trial = _set(checks, rule, column, value)
        return checks.has_plan_at(steps, trial.step, cell, f"{about} {trial.where} = {value:g}")

    new = None if known is None or known.dropped or known.new is None else float(known.new)
    found = find_least_change(_make_dial(checks, rule, column), has_plan, near, new)
    return start if found is None or found == new else _set(checks, rule, column, found)


def list_steps(changes: Sequence[InputChange]) -> tuple[Step, ...]:
    """The steps of some changes, dropped rows last."""
    return tuple(change.step for change in sorted(changes, key=lambda change: change.dropped))


def widen(checks: Checks, change: InputChange, share: float) -> InputChange:
    """A change that goes farther by a share of itself; the same where it lifts its rule wholly."""
    column = _find_column(checks, change.rule)
    if column is None or change.dropped or change.new is None or column.kind == "whole":
        return change
    dial, step = _make_dial(checks, change.rule, column), change.new - change.old
    inner, outer = change.new + step * share / 2, change.new + step * share
    return _set(checks, change.rule, column, dial.keep_within(find_roundest(inner, outer)))


def set_level(checks: Checks, rule: RuleInForce, value: float) -> InputChange:
    """The change that puts another number into the cell of a rule."""
    column = checks.programs.instance.data.tables[rule.table].spec.column(rule.column)
    return _set(checks, rule, column, value)


def _find_column(checks: Checks, rule: RuleInForce) -> Column | None:
    """The column whose number can be changed; of a row, its only number that is no key."""
    spec = checks.programs.instance.data.tables[rule.table].spec
    if rule.column:
        columns = [spec.column(rule.column)]
    else:
        columns = [column for column in spec.columns if column.name not in spec.key]
    numbers = [column for column in columns if column.kind in ("number", "whole")]
    filled = [column for column in numbers if _value(checks, rule, column) is not None]
    return filled[0] if len(filled) == 1 else None


def _value(checks: Checks, rule: RuleInForce, column: Column) -> Any:
    return checks.programs.instance.data.tables[rule.table].columns[column.name][rule.key]


def _make_dial(checks: Checks, rule: RuleInForce, column: Column) -> Dial:
    end = rule.rule.without if rule.column else None
    value = float(_value(checks, rule, column))
    low = column.low
    if column.above is not None:  # as near to it as makes sense
        low = column.above + NEAR * (value - column.above)
    return Dial(
        value=value,
        low=low,
        high=column.high,
        whole=column.kind == "whole",
        end=None if end is None else float(end),
    )


def _set(checks: Checks, rule: RuleInForce, column: Column, value: float) -> InputChange:
    number: float | int = int(value) if column.kind == "whole" else value
    lifted = rule.lift(checks.programs.instance.data)
    where = checks.programs.instance.data.tables[rule.table].where(rule.key, column.name)
    step = replace(
        lifted,
        column=column.name,
        change="set",
        value=number,
        note=f"instead of: {rule.text}",
        place=where,
    )
    return InputChange(rule, where, column.name, _value(checks, rule, column), number, step)

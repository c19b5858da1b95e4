"""Every way found to make a plan possible: one change, several, or lower needs; each solved."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cssopt.questions.diagnosis.change import (
    InputChange,
    change_least,
    lift_wholly,
    list_steps,
    set_level,
    widen,
)
from cssopt.questions.diagnosis.checks import Checks
from cssopt.questions.diagnosis.conflicts import Conflict
from cssopt.questions.diagnosis.least_change import (
    NEAR,
    ROUGHLY,
    Dial,
    find_least_change,
    find_roundest,
)
from cssopt.questions.diagnosis.quickxplain import drop_one_by_one, narrow
from cssopt.runs.outcome import Outcome
from cssopt.solution.missing import Missing
from cssopt.tables.data import Key
from cssopt.tables.patch import Step
from cssopt.tables.rules_in_force import RuleInForce

Confirm = Callable[[tuple[Step, ...]], Outcome]
"""Solves the study on the inputs after some steps."""

_TOGETHER = "change together:"

_MOST_ROUNDS = 4
"""How often all changes of a combination are tried for smaller ones."""

_WIDER = (0.0, NEAR, 0.01, 0.1)
"""Shares by which changes go farther, one after another, where the solve itself has no plan."""


@dataclass(frozen=True)
class Relaxation:
    """Changes that together make a plan possible.

    Attributes
    ----------
    changes: each as small as it can be while the others stay as they are.
    outcome: of the study solved on the changed inputs.
    """

    changes: tuple[InputChange, ...]
    outcome: Outcome

    @property
    def confirmed(self) -> bool:
        """True where the study was solved on the changed inputs and has a plan."""
        return self.outcome.has_plan

    @property
    def way(self) -> str:
        """Whether one change is enough, or several are needed."""
        return "alone" if len(self.changes) == 1 else "together"

    @property
    def steps(self) -> tuple[Step, ...]:
        """The changes as steps of a what-if."""
        return list_steps(self.changes)

    @property
    def order(self) -> tuple[bool, int, bool, float]:
        """Confirmed ones first, then fewest changes; facts after rules and needs; cheapest."""
        cost = self.outcome.pooled_expenditure
        facts = any(change.rule.rule.nature == "fact" for change in self.changes)
        return (
            not self.confirmed,
            len(self.changes),
            facts,
            math.inf if math.isnan(cost) else cost,
        )


def find_relaxations(
    checks: Checks, conflicts: Sequence[Conflict], first: Sequence[Missing], confirm: Confirm
) -> list[Relaxation]:
    """Relaxations of the inputs, each confirmed by a solve of the study, the best first.

    One change alone for every rule that all `conflicts` share, where it is enough. Where none is,
    a minimal set of rules, and one of rules and facts, with which every need is met. And needs
    lowered: by what is missing at the least, of which `first` tells, where that is enough.
    """
    found: list[tuple[InputChange, ...]] = []
    for rule in _find_shared(conflicts):
        if checks.has_plan(checks.lift([rule]), f"without {rule.where}"):
            found.append((change_least(checks, rule, (), "change alone:"),))
    if not found:
        found = _change_rules(checks, conflicts)
    alone = {changes[0].rule.name for changes in found if len(changes) == 1}
    lowered = _lower_needs(checks, first)
    if lowered and not (len(lowered) == 1 and lowered[0].rule.name in alone):
        found.append(lowered)
    relaxations = [_confirm(checks, changes, confirm) for changes in found]
    return sorted(relaxations, key=lambda relaxation: relaxation.order)


def _find_shared(conflicts: Sequence[Conflict]) -> list[RuleInForce]:
    """Rules that every conflict has: nothing else can be enough alone."""
    names = set.intersection(*({rule.name for rule in each.rules} for each in conflicts))
    return [rule for rule in conflicts[0].rules if rule.name in names]


def _change_rules(checks: Checks, conflicts: Sequence[Conflict]) -> list[tuple[InputChange, ...]]:
    """Minimal sets with which every need is met: of rules alone, and of rules and facts.

    Where neither is enough, of all there is: rules, needs, facts. What the conflicts told of gives
    way before anything else does.
    """
    told = {rule.name for conflict in conflicts for rule in conflict.rules}
    found: dict[frozenset[str], tuple[InputChange, ...]] = {}
    for natures in (("rule",), ("rule", "fact"), ("rule", "need", "fact")):
        pool = [rule for rule in checks.rules if rule.rule.nature in natures]
        pool.sort(key=lambda rule: (rule.name not in told, natures.index(rule.rule.nature)))
        changes = () if found and "need" in natures else _change_several(checks, pool)
        if changes:
            found.setdefault(frozenset(change.rule.name for change in changes), changes)
    return list(found.values())


def _change_several(checks: Checks, pool: list[RuleInForce]) -> tuple[InputChange, ...]:
    """A minimal set of a pool whose change lets a plan in, rather of what stands early in it.

    None where even the whole pool lifted lets no plan in.
    """

    def has_plan(lifted: list[RuleInForce]) -> bool:
        return checks.has_plan(checks.lift(lifted), f"{len(lifted)} needs, rules or facts lifted")

    if not pool or not has_plan(pool):
        return ()
    chosen = drop_one_by_one(narrow(pool, has_plan), has_plan)
    changes = [lift_wholly(checks, rule) for rule in chosen]
    for place, rule in enumerate(chosen):
        others = [*changes[:place], *changes[place + 1 :]]
        changes[place] = change_least(checks, rule, others, _TOGETHER, ROUGHLY)
    return _shrink(checks, changes)


def _shrink(checks: Checks, changes: Sequence[InputChange]) -> tuple[InputChange, ...]:
    """Changes that let a plan in, each as small as it can be while the others stay as they are.

    Where a smaller change asks more of the others, as it does nearly always, one round is enough.
    """
    kept = list(changes)
    for _ in range(_MOST_ROUNDS):
        before = list(kept)
        for change in before:
            others = [one for one in kept if one is not change]
            if checks.has_plan(list_steps(others), f"without a change of {change.where}"):
                kept = others
                continue
            smaller = change_least(checks, change.rule, others, _TOGETHER, known=change)
            kept[kept.index(change)] = smaller
        if kept == before:
            break
    return tuple(kept)


def _lower_needs(checks: Checks, first: Sequence[Missing]) -> tuple[InputChange, ...]:
    """Needs lowered by a part of the largest share that misses in any year, where that is enough.

    What misses in a year is one of many ways to miss as little: all of it together may be far more
    than is needed, so that all are lowered by the same part of it. It may not be enough, as a lower
    need also asks less of each member for its own part, so that the power of some counts for less:
    then those that stay short are lowered one after another.
    """
    share: dict[Key, float] = {}
    for missing in first:
        share[missing.need] = max(share.get(missing.need, 0.0), missing.share)
    needs = [rule for rule in checks.rules if rule.rule.nature == "need"]
    short = [rule for rule in needs if rule.key in share]
    if not short:
        return ()

    def lower(part: float) -> tuple[InputChange, ...]:
        return tuple(_lower(checks, rule, part * share[rule.key]) for rule in short)

    def has_plan(part: float) -> bool:
        about = f"needs lowered by {part:.4g} of what is missing at the least"
        return checks.has_plan(list_steps(lower(part)), about)

    if not has_plan(1.0):
        return _change_several(checks, short)
    part = find_least_change(Dial(0.0, end=1.0), has_plan, ROUGHLY)
    assert part is not None
    return _shrink(checks, lower(part))


def _lower(checks: Checks, rule: RuleInForce, share: float) -> InputChange:
    """A need lowered by a share of itself, or a little more for a figure with few digits."""
    start = float(rule.value)
    exact = start * (1 - min(1.0, share))
    if exact <= 0:
        return lift_wholly(checks, rule)
    return set_level(checks, rule, find_roundest(exact - NEAR * (start - exact), exact))


def _confirm(checks: Checks, changes: tuple[InputChange, ...], confirm: Confirm) -> Relaxation:
    """The relaxation with the answer of the study, a little wider where it has no plan at first.

    Checks and solves keep rules to within other tolerances.
    """
    for share in _WIDER:
        tried = tuple(widen(checks, change, share) if share else change for change in changes)
        outcome = confirm(list_steps(tried))
        if outcome.has_plan:
            break
    return Relaxation(tried, outcome)

"""Smallest sets of needs, rules and facts that no plan can keep together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cssopt.questions.diagnosis.checks import Checks
from cssopt.questions.diagnosis.missing_power import find_missing
from cssopt.questions.diagnosis.quickxplain import drop_one_by_one, narrow
from cssopt.questions.diagnosis.start import find_start
from cssopt.solution.missing import Missing
from cssopt.tables.data import Key
from cssopt.tables.rules_in_force import RuleInForce

NATURES = ("need", "rule", "fact")
"""In the order in which they are told: facts last, which nobody can lift by decree."""


@dataclass(frozen=True)
class Conflict:
    """A set that no plan can keep; without any one of its members there is a plan.

    Attributes
    ----------
    rules: its needs, rules and facts; none where no plan exists even without all of them.
    missing: power that is missing at the least where only this set is in force.
    minimal: False where a limit ended a check, so that a member may be one too many.
    rows: that conflict in fractions, from which the search started; 0: it started from all.
    """

    rules: tuple[RuleInForce, ...]
    missing: tuple[Missing, ...] = ()
    minimal: bool = True
    rows: int = 0

    @property
    def lifted(self) -> tuple[RuleInForce, ...]:
        """What is lifted before the next conflict is looked for: its needs, or else all of it."""
        needs = tuple(rule for rule in self.rules if rule.rule.nature == "need")
        return needs or self.rules


def find_conflicts(checks: Checks, first: Sequence[Missing], most: int) -> Iterator[Conflict]:
    """Conflicts one after another, at most that many, until there is a plan.

    `first` is what the plan of least shortfall is short of: a conflict has one of these needs.
    After each conflict its needs are lifted, so that the next is about others; where it has none,
    all its members are.
    """
    search = _Search(checks, {missing.need for missing in first})
    for _ in range(most):
        if not search.conflicts(search.pool):
            return
        conflict = search.find()
        yield conflict
        if not conflict.rules:
            return
        search.go_on(conflict)


class _Search:
    """The search for one conflict after another, within what is not lifted yet.

    Attributes
    ----------
    pool: needs, then rules, then facts; the needs that stay short first of all.
    """

    def __init__(self, checks: Checks, short: set[Key]) -> None:
        self.checks = checks
        self._short = short
        self._number = 1
        self._plain = 1
        self._seen: set[str] = set()
        self.pool = sorted(checks.rules, key=self._order)

    def _order(self, rule: RuleInForce) -> tuple[int, bool]:
        return NATURES.index(rule.rule.nature), not self._is_short(rule)

    def _is_short(self, rule: RuleInForce) -> bool:
        return rule.rule.nature == "need" and rule.key in self._short

    def conflicts(self, kept: list[RuleInForce]) -> bool:
        """True where it is proven that no plan keeps these."""
        return self.checks.has_no_plan(self.checks.keep(kept), self._about(kept))

    def _conflicts_in_fractions(self, kept: list[RuleInForce]) -> bool:
        return self.checks.has_no_plan(self.checks.keep(kept), self._about(kept), relaxed=True)

    def _about(self, kept: Sequence[RuleInForce]) -> str:
        count = len(kept)
        return f"conflict {self._number}: {count} needs, rules and facts in force"

    def find(self) -> Conflict:
        """One conflict within the pool, of which it is proven that no plan keeps all of it."""
        begun = self.checks.undecided
        pool = self._find_plain()
        # Fractions are quick to decide, and a set that they cannot keep whole numbers cannot.
        quick = self._conflicts_in_fractions(pool)
        asked = self._conflicts_in_fractions if quick else self.conflicts
        chosen, rows = self._find_start(pool, asked)
        found = narrow(chosen, asked)
        if not self.conflicts(found):  # lifting a rule took a plan away, which none should
            found = chosen
        found = drop_one_by_one(found, self.conflicts)
        missing = find_missing(self.checks, self.checks.keep(found))
        minimal = self.checks.undecided == begun and not self.checks.options.is_over
        return Conflict(tuple(found), missing, minimal, rows)

    def _find_plain(self) -> list[RuleInForce]:
        """The needs where they alone conflict; else with the rules; else all, facts included."""
        while self._plain < len(NATURES):
            plain = [rule for rule in self.pool if rule.rule.nature in NATURES[: self._plain]]
            if self.conflicts(plain):
                return plain
            self._plain += 1  # and so it stays once more needs are lifted
        return self.pool

    def _find_start(
        self, pool: list[RuleInForce], asked: Callable[[list[RuleInForce]], bool]
    ) -> tuple[list[RuleInForce], int]:
        """A part of the pool that conflicts: with what earlier conflicts had, or by rows."""
        familiar = [rule for rule in pool if rule.name in self._seen or self._is_short(rule)]
        if self._seen and asked(familiar):
            return familiar, 0
        chosen, rows = find_start(self.checks, pool)
        return (chosen, rows) if rows and asked(chosen) else (pool, 0)

    def go_on(self, conflict: Conflict) -> None:
        """Lift what the conflict is about, so that the next one is about something else."""
        self._number += 1
        self._seen |= {rule.name for rule in conflict.rules}
        names = {rule.name for rule in conflict.lifted}
        self.pool = [rule for rule in self.pool if rule.name not in names]

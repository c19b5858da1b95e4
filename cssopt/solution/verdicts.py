"""What the audits of all plans behind an answer come to: every command tells it in these words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cssopt.assembly.assemble import Problem
from cssopt.modeling.audit import TOLERANCE
from cssopt.names import name_row
from cssopt.profile import phase
from cssopt.solution.audit import FAILED, Audit, audit_solution
from cssopt.solution.extract import Extractor, extract_quantities
from cssopt.solution.plain import plain_row
from cssopt.solve.program import Floats, Program

DO_NOT_USE: Final = "Do not use these figures"
AUDIT_FAILED: Final = "AUDIT FAILED"
NOT_AUDITED: Final = "not audited"
PASSED: Final = "passed"
_MOST_TOLD = 3
"""Plans, and rules of each, that one sentence names; the others are counted."""


@dataclass(frozen=True)
class Broken:
    """A rule that a plan breaks.

    Attributes
    ----------
    rule: component and rule. where: the key at which it is broken most.
    violation: by how much there, relative to the size of the two sides.
    says: the two sides there: ``5 <= 3``.
    """

    rule: str
    where: str
    violation: float
    says: str

    @property
    def told(self) -> str:
        """The rule, its place and both sides."""
        return f"{self.rule}{f' at {self.where}' if self.where else ''} ({self.says})"

    def facts(self) -> dict[str, Any]:
        """Plain JSON values; null for a violation without end."""
        return plain_row(asdict(self))

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> Broken:
        """The broken rule of which these are the facts; TypeError where they are those of none."""
        told = {name: facts[name] for name in ("rule", "where", "says")}
        violation = math.inf if facts["violation"] is None else facts["violation"]
        if len(facts) != 4 or any(type(text) is not str for text in told.values()):
            raise TypeError("other facts than a broken rule has")
        return cls(**told, violation=float(violation))


Verdict = tuple[Broken, ...] | None
"""Of one plan: the rules that it breaks, none where its audit passed; None: it was not audited."""


def find_broken(audit: Audit | None) -> Verdict:
    """What the audit of a plan says, the worst first; None where there is none."""
    if audit is None:
        return None
    found = [Broken(line.name, line.where, line.worst, line.sentence) for line in audit.failures]
    return tuple(sorted(found, key=lambda one: -one.violation))


def audit_plan(problem: Problem, program: Program, plan: Floats) -> Verdict:
    """Audit a plan of a program that was compiled from a problem, and may hold or limit more."""
    quantities = extract_quantities(problem, program, plan, program.figures_of(plan))
    return find_broken(audit_solution(problem, quantities))


class Auditor:
    """Audits plans that further questions find, against the tables of one problem.

    The problem is made for the first of them: it is large, and no search needs it.
    """

    def __init__(self, make: Callable[[], Problem]) -> None:
        self._make = make
        self._extractor: Extractor | None = None

    @cached_property
    def _problem(self) -> Problem:
        return self._make()

    def audit(self, program: Program, plan: Floats) -> Verdict:
        """As `audit_plan`."""
        problem = self._problem
        with phase("extract"):
            if self._extractor is None or not self._extractor.fits(program):
                self._extractor = Extractor(problem, program)
            quantities = self._extractor.extract(plan, program.figures_of(plan))
        return find_broken(audit_solution(problem, quantities))


def check_program(program: Program, plan: Floats) -> tuple[Broken, ...]:
    """The row, the range of a decision and the whole number that a plan breaks most, where it
    breaks one: no audit, as they are the program's own, but quick enough for every plan.

    As in an audit, a violation is relative to the size of the numbers that enter, and what is no
    number keeps no rule.
    """
    reached, size = program.matrix @ plan, np.abs(plan)
    with np.errstate(invalid="ignore"):  # of what is no number
        fractions = np.where(program.whole, plan - np.round(plan), 0.0)
        rows = _find_worst(
            (program.rows, reached, program.row_lower, program.row_upper),
            lambda places: abs(program.matrix[places]) @ size,
        )
        ranges = _find_worst(
            (program.columns, plan, program.lower, program.upper),
            lambda places: size[places],
            "range of ",
        )
        nothing = np.zeros_like(plan)
        whole = _find_worst(
            (program.columns, fractions, nothing, nothing),
            lambda places: np.ones(len(places)),
            "fraction of ",
        )
        return (*rows, *ranges, *whole)


def _find_worst(
    bounded: tuple[Sequence[tuple[str, str, Any]], Floats, Floats, Floats],
    find_size: Callable[[NDArray[np.int64]], Floats],
    what: str = "",
) -> tuple[Broken, ...]:
    """Of values with their names and bounds, that farthest beyond a bound, measured by its size."""
    names, values, lower, upper = bounded
    beyond = np.maximum(lower - values, values - upper)
    places = np.flatnonzero(~(beyond <= TOLERANCE))  # a nan too
    if not len(places):
        return ()
    violation = beyond[places] / np.maximum(1.0, find_size(places))
    violation[~np.isfinite(violation)] = math.inf
    worst = int(np.argmax(violation))
    if violation[worst] <= TOLERANCE:
        return ()
    place = int(places[worst])
    component, name, key = names[place]
    value = float(values[place])
    sense, side = (">=", lower[place]) if value < lower[place] else ("<=", upper[place])
    says = f"{value:.9g} {sense} {side:.9g}"
    return (Broken(f"{component}.{what}{name}", name_row(key), float(violation[worst]), says),)


def check_adds_up(rule: str, parts: Iterable[float], whole: float) -> tuple[Broken, ...]:
    """A sum that is not what it has to be, as a broken rule."""
    numbers = list(parts)
    gap = abs(sum(numbers) - whole) / max(1.0, abs(whole), *map(abs, numbers))
    if gap <= TOLERANCE:
        return ()
    return (Broken(rule, "", gap, f"{sum(numbers):.9g} == {whole:.9g}"),)


def join_verdicts(*verdicts: Verdict) -> Verdict:
    """What several checks say of one plan, or of plans that are told as one, the worst first."""
    known = [verdict for verdict in verdicts if verdict is not None]
    if not known:
        return None
    broken = dict.fromkeys(one for verdict in known for one in verdict)
    return tuple(sorted(broken, key=lambda one: -one.violation))


def tell_verdict(verdict: Verdict) -> str:
    """A verdict in a word."""
    if verdict is None:
        return NOT_AUDITED
    return FAILED if verdict else PASSED


def tell_end(status: str, audit: str) -> str:
    """How a plan ended, for a table: with what its audit said, where it did not pass."""
    told = {FAILED: AUDIT_FAILED, NOT_AUDITED: NOT_AUDITED}.get(audit, "")
    return ", ".join(part for part in (status, told) if part)


@dataclass(frozen=True)
class Audits:
    """The audits of all plans whose figures an answer shows.

    Attributes
    ----------
    plans: how many there are. audited: how many of them were audited.
    failed: those that failed, by name, with the rules that they break.
    remark: how the audited ones were chosen, or what could not be audited, and why.
    """

    plans: int = 0
    audited: int = 0
    failed: tuple[tuple[str, tuple[Broken, ...]], ...] = ()
    remark: str = ""

    @classmethod
    def of(cls, verdicts: Iterable[tuple[str, Verdict]], remark: str = "") -> Audits:
        """The audits of plans by their names."""
        every = list(verdicts)
        audited = sum(verdict is not None for _, verdict in every)
        failed = tuple((name, verdict) for name, verdict in every if verdict)
        return cls(len(every), audited, failed, remark)

    def beside(self, verdicts: Iterable[tuple[str, Verdict]]) -> Audits:
        """These and the audits of further plans."""
        more = Audits.of(verdicts)
        return Audits(
            self.plans + more.plans,
            self.audited + more.audited,
            self.failed + more.failed,
            self.remark,
        )

    @property
    def passed(self) -> bool | None:
        """True where no audited plan failed; None where none was audited."""
        return not self.failed if self.audited else None

    @property
    def told(self) -> str:
        """How many plans were audited, and what came of it."""
        if not self.plans:
            return "No figures of a plan are shown, and so none was audited."
        remark = f" {self.remark}" if self.remark else ""
        if self.failed:
            return f"THE AUDIT FAILED {self._tell_failed()}. {DO_NOT_USE}.{remark}"
        if not self.audited:
            return f"NOT AUDITED: none of {self.plans:,} plans.{remark}"
        plans = "1 plan" if self.plans == 1 else f"{self.plans:,} plans"
        if self.audited == self.plans:
            return f"Audited: {plans}, {'all ' if self.plans > 1 else ''}passed.{remark}"
        return f"Audited: {self.audited:,} of {plans}, all passed.{remark}"

    def _tell_failed(self) -> str:
        named = [
            f"for {name}: {_list(one.told for one in broken)}"
            for name, broken in sorted(self.failed, key=lambda each: -each[1][0].violation)
        ]
        return f"{'; '.join(named[:_MOST_TOLD])}{_tell_more(len(named))}"

    def facts(self) -> dict[str, Any]:
        """Plain JSON values, by the same names in every answer.

        ``audit``: true where every audited plan passed, false where one failed, null where none
        was audited.
        """
        failures = [{"plan": name, **one.facts()} for name, broken in self.failed for one in broken]
        counts = {"plans": self.plans, "audited": self.audited}
        return {
            "audit": self.passed,
            "audits": {**counts, "failures": failures, "told": self.told},
        }


def _list(parts: Iterable[str]) -> str:
    every = list(parts)
    return ", ".join(every[:_MOST_TOLD]) + _tell_more(len(every))


def _tell_more(number: int) -> str:
    return f" and {number - _MOST_TOLD:,} more" if number > _MOST_TOLD else ""

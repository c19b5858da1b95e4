"""The audit: every component's rules and amounts worked out again, without Pyomo and HiGHS."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cssopt.assembly.assemble import Problem
from cssopt.assembly.component import Component, blame
from cssopt.errors import ModelError
from cssopt.modeling.audit import TOLERANCE, AuditFinding, LeftOut, PostedAmount, Supply
from cssopt.modeling.declare import Constraint
from cssopt.names import name_row
from cssopt.profile import measured
from cssopt.solution.audit_numbers import as_place, find_ranges, find_wrong_numbers
from cssopt.solution.quantities import Quantities
from cssopt.tables.collection import no_collection
from cssopt.tables.data import Data
from cssopt.tables.nearest import nearest_name

NOT_AUDITED = "NOT AUDITED"
LEFT_OUT = "left out"
HOLDS = "holds"
GAVE_WAY = "gave way"
FAILED = "FAILED"

_NO_AUDIT = "the component has no audit"
_UNSAID = "neither held in the audit of its component nor left out there with a reason"


@dataclass(frozen=True)
class AuditLine:
    """One rule of one component: how often it was checked, and where it holds worst.

    A rule that was not checked has the reason as its `sentence`.
    """

    component: str
    rule: str
    result: str
    checks: int
    worst: float
    where: str
    sentence: str

    @property
    def name(self) -> str:
        """Component and rule; the component where all of its rules are meant."""
        return f"{self.component}.{self.rule}" if self.rule else self.component


@dataclass(frozen=True)
class Audit:
    """All lines of an audit; `passed` is False where any failed."""

    lines: tuple[AuditLine, ...]

    @property
    def passed(self) -> bool:
        """True where no rule failed."""
        return not self.failures

    @property
    def failures(self) -> tuple[AuditLine, ...]:
        """The lines that failed."""
        return tuple(line for line in self.lines if line.result == FAILED)

    @property
    def gave_way(self) -> tuple[AuditLine, ...]:
        """The lines of rules that are broken where they had to give way, and nowhere else."""
        return tuple(line for line in self.lines if line.result == GAVE_WAY)

    @property
    def not_audited(self) -> tuple[str, ...]:
        """Components without an audit, and declared rules that an audit passes over in silence."""
        return tuple(line.name for line in self.lines if line.result == NOT_AUDITED)

    @property
    def left_out(self) -> dict[str, str]:
        """Declared rules that an audit says it leaves out, and why."""
        return {line.name: line.sentence for line in self.lines if line.result == LEFT_OUT}


@measured("audit")
@no_collection()
def audit_solution(
    problem: Problem,
    solution: Quantities,
    given_way: Mapping[tuple[str, str, Any], float] | None = None,
) -> Audit:
    """Run every component's audit and compare what it states with the solution.

    `given_way`: rules, by component, name and key, that may be broken by so much: where they are,
    the line says so and did not fail; what is broken by more, or elsewhere, failed as ever.

    Every decision must lie in its range. Every constraint with rows is held by the audit of its
    component, or left out there with a reason; the others are told. Of a plan that lacks numbers of
    its program only that is told, since no rule can be asked of it. Raises ModelError where an
    audit itself breaks.
    """
    wrong = find_wrong_numbers(problem, solution)
    if wrong:
        return Audit(tuple(_line(*name, found) for name, found in wrong.items()))
    # What a plan may have in fractions is for the study to say.
    solution = replace(solution, relaxed=problem.study.relaxed)
    lines = [_line(*name, found) for name, found in find_ranges(problem, solution).items()]
    amounts: dict[tuple[str, str, int], float] = {}
    supplied: dict[tuple[str, Any], float] = {}
    silent = set()
    for component, block in problem.blocks():
        if "audit" not in component.hooks:
            silent.add(component.name)
            lines.append(_not_checked(component, "", NOT_AUDITED, _NO_AUDIT))
            continue
        findings: dict[str, list[AuditFinding]] = {}
        left_out: dict[str, str] = {}
        own = replace(solution, arithmetic=problem.arithmetic.read_by(component))
        for statement in _statements(component, problem.data, own):
            if isinstance(statement, AuditFinding):  # nearly all of them
                findings.setdefault(statement.rule, []).append(statement)
                continue
            match statement:
                case LeftOut():
                    left_out[statement.rule] = statement.why
                case PostedAmount():
                    key = statement.entry, statement.bearer, statement.year
                    amounts[key] = amounts.get(key, 0.0) + statement.amount
                case Supply():
                    place = statement.balance, statement.key
                    supplied[place] = supplied.get(place, 0.0) + statement.amount
        lines += _rule_lines(component.name, findings, given_way or {})
        for rule in _declared_rules(block):
            if rule not in findings and rule in left_out:
                lines.append(_not_checked(component, rule, LEFT_OUT, left_out[rule]))
            elif rule not in findings:
                lines.append(_not_checked(component, rule, NOT_AUDITED, _UNSAID))
    owner = {entry: problem.ledger.owner(entry) for entry, *_ in problem.ledger.entries()}
    lines += _ledger_lines(solution, amounts, owner, silent)
    lines += _balance_lines(solution, supplied)
    return Audit(tuple(lines))


def _declared_rules(block: Any) -> Iterator[str]:
    """Constraints of a component that have a row in this program."""
    for declared in block.declared(Constraint):
        if len(declared):
            yield declared.name


def _not_checked(component: Component, rule: str, result: str, why: str) -> AuditLine:
    return AuditLine(component.name, rule, result, 0, 0.0, "", why)


def _statements(
    component: Component, data: Data, solution: Quantities
) -> Iterator[AuditFinding | PostedAmount | Supply | LeftOut]:
    try:
        for statement in component.hooks["audit"](data, solution):
            if isinstance(statement, AuditFinding):  # nearly all of them
                yield statement
                continue
            if not isinstance(statement, PostedAmount | Supply | LeftOut):
                raise ModelError(f"states {statement!r}. Use holds, amount, supplies or leaves_out")
            if isinstance(statement, Supply):
                _check_balance(statement.balance, solution)
            yield statement
    except Exception as error:
        raise blame(component, "audit", error) from error


def _check_balance(name: str, solution: Quantities) -> None:
    known = solution.quantities.get(name)
    if known is None or known.kind != "balance":
        balances = [q.name for q in solution.quantities.values() if q.kind == "balance"]
        text = (
            f'supplies the balance "{name}", which the study does not have.'
            f"{nearest_name(name, balances)}"
        )
        raise ModelError(text)


def _rule_lines(
    component: str,
    findings: Mapping[str, list[AuditFinding]],
    given_way: Mapping[tuple[str, str, Any], float],
) -> Iterator[AuditLine]:
    """The rules that a component holds; where one gave way it may be broken by so much."""
    for rule, found in findings.items():
        allowed = {
            as_place(key): amount
            for (owner, name, key), amount in given_way.items()
            if (owner, name) == (component, rule)
        }
        yield _line(component, rule, found, allowed)


def _line(
    component: str,
    rule: str,
    findings: list[AuditFinding],
    allowed: Mapping[tuple[Any, ...], float] | None = None,
) -> AuditLine:
    def exceeds(finding: AuditFinding) -> float:
        amount = allowed.get(finding.where, 0.0) if allowed else 0.0
        return finding.beyond(amount)

    if allowed:
        worst = max(findings, key=lambda finding: (exceeds(finding) > TOLERANCE, finding.violation))
    else:
        worst = _find_worst(findings)
    result = HOLDS
    if worst.violation > TOLERANCE:
        result = FAILED if exceeds(worst) > TOLERANCE else GAVE_WAY
    where = name_row(worst.where)
    sentence = f"{worst.left:.9g} {worst.sense} {worst.right:.9g}"
    if math.isinf(worst.violation):
        sentence += ", which can be compared with no number"
    return AuditLine(component, rule, result, len(findings), worst.violation, where, sentence)


def _find_worst(findings: list[AuditFinding]) -> AuditFinding:
    """The first of those that are broken most; where none is broken, the first of all."""
    worst, most = findings[0], 0.0
    for finding in findings:
        gap, sense = finding.left - finding.right, finding.sense
        # Most hold: that one does is quicker to see than by how much one does not.
        if gap <= 0.0 if sense == "<=" else gap == 0.0 if sense == "==" else gap >= 0.0:
            continue
        if (violation := finding.violation) > most:
            worst, most = finding, violation
    return worst


def _ledger_lines(
    solution: Quantities,
    amounts: Mapping[tuple[str, str, int], float],
    owner: Mapping[str, str],
    silent: set[str],
) -> Iterator[AuditLine]:
    by_entry: dict[str, list[AuditFinding]] = {}
    for key in {**solution.costs, **amounts}:
        entry = key[0]
        if owner.get(entry) in silent:
            continue
        posted, stated = solution.costs.get(key, 0.0), amounts.get(key, 0.0)
        by_entry.setdefault(entry, []).append(AuditFinding(entry, key[1:], posted, "==", stated))
    for entry, found in by_entry.items():
        yield _line(owner.get(entry, "ledger"), entry, found)


def _balance_lines(
    solution: Quantities, supplied: Mapping[tuple[str, Any], float]
) -> Iterator[AuditLine]:
    for name, quantity in solution.quantities.items():
        if quantity.kind != "balance":
            continue
        stated = {key: value for (balance, key), value in supplied.items() if balance == name}
        found = [
            AuditFinding(
                name,
                as_place(key),
                quantity.values.get(key, 0.0),
                "==",
                stated.get(key, 0.0),
            )
            for key in {**quantity.values, **stated}
        ]
        if found:
            yield _line(quantity.component, f"balance of {name}", found)

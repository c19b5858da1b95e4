"""The audit: every component's rules and amounts worked out again, without Pyomo and HiGHS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cssopt.build.component import Component
from cssopt.errors import ModelError
from cssopt.modeling.audit import TOLERANCE, Amount, Finding, Supply
from cssopt.solution.quantities import Quantities
from cssopt.tables.data import Data

NOT_AUDITED = "NOT AUDITED"
HOLDS = "holds"
FAILED = "FAILED"


@dataclass(frozen=True)
class AuditLine:
    """One rule of one component: how often it was checked, and where it holds worst."""

    component: str
    rule: str
    result: str
    checks: int
    worst: float
    where: str
    sentence: str


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
    def not_audited(self) -> tuple[str, ...]:
        """Components without an audit of their own."""
        return tuple(line.component for line in self.lines if line.result == NOT_AUDITED)


def audit_solution(
    components: Iterable[Component], data: Data, solution: Quantities, owner: Mapping[str, str]
) -> Audit:
    """Run every component's audit and compare what it states with the solution.

    `owner` names the component that posts each ledger entry. Raises ModelError where an audit
    itself breaks.
    """
    lines: list[AuditLine] = []
    amounts: dict[tuple[str, str, int], float] = {}
    supplied: dict[tuple[str, Any], float] = {}
    silent = set()
    for component in components:
        if "audit" not in component.hooks:
            silent.add(component.name)
            lines.append(AuditLine(component.name, "", NOT_AUDITED, 0, 0.0, "", "no audit"))
            continue
        findings: dict[str, list[Finding]] = {}
        for statement in _statements(component, data, solution):
            if isinstance(statement, Finding):
                findings.setdefault(statement.rule, []).append(statement)
            elif isinstance(statement, Amount):
                key = statement.entry, statement.bearer, statement.year
                amounts[key] = amounts.get(key, 0.0) + statement.amount
            else:
                place = statement.balance, statement.key
                supplied[place] = supplied.get(place, 0.0) + statement.amount
        lines += [_line(component.name, rule, found) for rule, found in findings.items()]
    lines += _ledger_lines(solution, amounts, owner, silent)
    lines += _balance_lines(solution, supplied)
    return Audit(tuple(lines))


def _statements(
    component: Component, data: Data, solution: Quantities
) -> Iterator[Finding | Amount | Supply]:
    try:
        yield from component.hooks["audit"](data, solution)
    except Exception as error:
        raise ModelError(f"{component.path}: audit: {type(error).__name__}: {error}") from error


def _line(component: str, rule: str, findings: list[Finding]) -> AuditLine:
    worst = max(findings, key=lambda finding: finding.violation)
    result = HOLDS if worst.violation <= TOLERANCE else FAILED
    where = ", ".join(str(part) for part in worst.where)
    sentence = f"{worst.left:.9g} {worst.sense} {worst.right:.9g}"
    return AuditLine(component, rule, result, len(findings), worst.violation, where, sentence)


def _ledger_lines(
    solution: Quantities,
    amounts: Mapping[tuple[str, str, int], float],
    owner: Mapping[str, str],
    silent: set[str],
) -> Iterator[AuditLine]:
    by_entry: dict[str, list[Finding]] = {}
    for key in {**solution.costs, **amounts}:
        entry = key[0]
        if owner.get(entry) in silent:
            continue
        posted, stated = solution.costs.get(key, 0.0), amounts.get(key, 0.0)
        by_entry.setdefault(entry, []).append(Finding(entry, key[1:], posted, "==", stated))
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
            Finding(
                name,
                key if isinstance(key, tuple) else (key,),
                quantity.values.get(key, 0.0),
                "==",
                stated.get(key, 0.0),
            )
            for key in {**quantity.values, **stated}
        ]
        if found:
            yield _line(quantity.component, f"balance of {name}", found)

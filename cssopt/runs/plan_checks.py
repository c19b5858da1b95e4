"""Outcomes whose plans are checked: all by what is quick, those that were asked for by an audit."""

from __future__ import annotations

from dataclasses import replace

from cssopt.runs.outcome import Outcome
from cssopt.solution.verdicts import (
    Auditor,
    Broken,
    Verdict,
    check_adds_up,
    check_program,
    join_verdicts,
)
from cssopt.solve.program import Floats, Program


def check_outcome(
    outcome: Outcome,
    program: Program,
    plan: Floats | None,
    auditor: Auditor | None = None,
) -> Outcome:
    """The outcome of a plan, with the rules that the plan breaks.

    Its program's rows and ranges and the sums of its money are looked at in every plan; with an
    `auditor` it is audited too.
    """
    if plan is None:
        return outcome
    verdict = join_verdicts(check_plan(program, plan, auditor), _check_money(outcome) or None)
    return replace(outcome, verdict=verdict)


def check_plan(program: Program, plan: Floats, auditor: Auditor | None) -> Verdict:
    """The audit of a plan; without an auditor what it breaks of its program, else None."""
    audited = None if auditor is None else auditor.audit(program, plan)
    return join_verdicts(audited, check_program(program, plan) or None)


def _check_money(outcome: Outcome) -> tuple[Broken, ...]:
    """The entries of the ledger, and the burdens, add up to the pooled expenditure."""
    if not outcome.has_plan:
        return ()
    whole = outcome.pooled_expenditure
    found: list[Broken] = []
    if outcome.costs:
        found += check_adds_up("entries add up to the expenditure", outcome.costs.values(), whole)
    if outcome.burden:
        found += check_adds_up("burdens add up to the expenditure", outcome.burden.values(), whole)
    return tuple(found)

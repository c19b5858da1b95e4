"""Trying scenarios on the tables before anything is solved: each step, and the book after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cssopt.issues import Issue
from cssopt.tables.book_checks import Check
from cssopt.tables.check import check_data
from cssopt.tables.data import Data
from cssopt.tables.patch import Patch, Step, try_steps
from cssopt.tables.scenario_steps import unroll
from cssopt.tables.scenarios import SCENARIOS, find_written

_MOST_TOLD: Final = 100
"""Issues after which no further scenario is tried: what is wrong so often has one cause."""


@dataclass(frozen=True)
class Tried:
    """What trying scenarios found: what is wrong, and what was read as something else."""

    issues: tuple[Issue, ...] = ()
    notes: tuple[Issue, ...] = ()


def check_sheet(data: Data, checks: Sequence[Check]) -> Tried:
    """Try every scenario of the sheet; each issue stands at its cell."""
    scenarios, issues = unroll(find_written(data), SCENARIOS.name)
    return check_scenarios(scenarios, data, checks, issues)


def check_scenarios(
    scenarios: Mapping[str, Sequence[Step]],
    data: Data,
    checks: Sequence[Check],
    issues: Sequence[Issue] = (),
) -> Tried:
    """Try scenarios on the tables, beside issues that are known of them.

    Each step must change something that there is, and the changed tables must keep the rules of
    the book. A fault that several scenarios share is told once.
    """
    found = dict.fromkeys(issues)
    notes: dict[Issue, None] = {}
    for name, steps in scenarios.items():
        if not steps:
            continue  # it changes nothing, or what it should do is told already
        patch = try_steps(data, steps)
        notes |= dict.fromkeys(patch.notes)
        found |= dict.fromkeys(patch.issues or _find_broken(name, steps, patch, checks))
        if len(found) > _MOST_TOLD:
            text = f"over {_MOST_TOLD} errors: further scenarios are not tried."
            found[Issue("E-519", steps[0].place, text)] = None
            break
    return Tried(tuple(found), tuple(notes))


def check_patch(patch: Patch, steps: Sequence[Step], checks: Sequence[Check]) -> list[Issue]:
    """Errors and warnings of changed tables; those of a changed cell stand at its step."""
    return check_data(patch.show_steps(steps), checks)


def _find_broken(
    name: str, steps: Sequence[Step], patch: Patch, checks: Sequence[Check]
) -> list[Issue]:
    """The errors of the book with a scenario, each at a step of it."""
    rules = [rule for rule in checks if rule.code.startswith("E")]
    places = {place for step in steps for place in (step.place, *step.places.values())}
    broken = []
    for issue in check_patch(patch, steps, rules):
        if not issue.code.startswith("E"):
            continue
        if issue.where not in places:
            text = f'with scenario "{name}": {issue.where} {issue.text}'
            issue = Issue(issue.code, steps[-1].place, text)
        broken.append(issue)
    return broken

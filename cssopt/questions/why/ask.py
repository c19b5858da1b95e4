"""Why a threat is covered as it is in a year of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cssopt.assembly.case import Case
from cssopt.assembly.study import DEFAULT_STUDY, find_need
from cssopt.errors import DataError, SolveError
from cssopt.issues import Issue
from cssopt.questions.answers import describe_run, write_workbook
from cssopt.questions.why.result import Why, explain_cover, find_threats
from cssopt.questions.why.show import write_why
from cssopt.render.place import OutputPlace
from cssopt.render.terminal import solution_facts
from cssopt.runs.solve_case import DEFAULT_GAP, Solution, solve
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.tables.convert import quote
from cssopt.tables.nearest import nearest_name

__all__ = ["Why", "check_threat", "report_why", "why", "why_facts"]


def check_threat(case: Case, threat: str, year: int) -> None:
    """DataError for a threat that the workbook does not have, or a year outside the plan."""
    threats = find_threats(case.data, find_need(case.folders))
    issues = []
    if threat not in threats:
        text = f"{quote(threat)} is not a threat.{nearest_name(threat, threats)}"
        issues.append(Issue("E-540", "--threat", text))
    years = case.data.horizon
    if year not in years.years:
        text = f"{year} is not in the plan: {years.first} to {years.last}."
        issues.append(Issue("E-540", "--year", text))
    if issues:
        raise DataError(issues, case.source)


def why(
    case: Case,
    threat: str,
    year: int,
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    base: Solution | None = None,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    patience: float | None = None,
    step: float = 1.0,
    tell: ProgressCallback = tell_nothing,
) -> Why:
    """Who covers a threat in a year, what binds, and what the next unit of each need would cost.

    The study is solved again with each need of the threat raised by `step` (power) in that year
    alone: what that costs, and what then gives more, is told by the difference of the two plans.

    Parameters
    ----------
    base: the plan where it is solved already; its study, members and limits then hold.
    gap, time_limit: of each solve.
    patience: seconds for all solves after the plan's own, as for `Options`.

    Raises DataError for a wrong threat, year or member, or a threat that asks for nothing in the
    year; ModelError for a wrong study, and SolveError where there is no plan.
    """
    check_threat(case, threat, year)
    if base is None:
        tell("the plan")
        base = solve(
            case,
            study,
            members,
            gap=gap,
            time_limit=time_limit,
            patience=patience,
            tell=tell,
            concessions=False,
        )
    if not base.has_plan:
        raise SolveError(f"there is no plan to explain. {base.status.sentence}")
    found = explain_cover(base, threat, year, step, tell)
    if found is None:
        text = f"{threat} asks for nothing in {year}: it is not active, or endangers no member."
        raise DataError([Issue("E-540", "--year", text)], case.source)
    return found


def report_why(case: Case, found: Why, path: str | Path, options: Mapping[str, Any]) -> OutputPlace:
    """Write the explanation as a workbook, and say where (see `write_workbook`).

    `options` are those of the command, for the sheet Run.
    """
    facts = describe_run(case, found.base, "why", options, audits=found.audits)

    def write(place: OutputPlace) -> None:
        write_why(place.path, found, facts)

    return write_workbook(path, facts, write, lambda: why_facts(found))


def why_facts(found: Why) -> dict[str, Any]:
    """An explanation as plain JSON values: what was asked, the plan, and every table as records."""
    asked = {"threat": found.threat, "year": found.year, "step": found.step}
    asked |= found.audits.facts()
    return {**asked, "untold": found.untold, "base": solution_facts(found.base), **found.facts()}

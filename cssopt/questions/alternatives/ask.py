"""Near-optimal alternatives: what is certain at a little more than the least cost, what is free."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cssopt.assembly.case import Case
from cssopt.assembly.criteria import add_criteria, find_expenditure
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.alternatives.find import find_alternatives
from cssopt.questions.alternatives.result import VERDICTS, Alternatives
from cssopt.questions.alternatives.show import AlternativesWords, write_alternatives
from cssopt.questions.answers import describe_run, write_workbook
from cssopt.render.place import OutputPlace
from cssopt.runs.solve_case import DEFAULT_GAP, give_case_numbers
from cssopt.solution.plain import plain_tables, plain_value
from cssopt.solution.run import OnBase, ProgressCallback, hear_nothing, tell_nothing
from cssopt.solve.answer import Options
from cssopt.tables.convert import quote
from cssopt.tables.notation import NotationError, find_second_reading, read_amount, read_list

WITHIN = (0.01, 0.02, 0.05)
"""Shares of the least expenditure that may be spent beyond it, where nothing is said."""

PLANS = 4
"""Most plans that differ, for each share."""


def read_shares(text: str) -> list[float]:
    """The shares of a list, as ``--within`` takes them: ``0.01,0.02``, ``1%;2%``.

    Raises NotationError where a part is no number, or ``0,01`` could be one number or two.
    """
    if number := find_second_reading(text):
        parts = "; ".join(read_list(text, ";,"))
        raise NotationError(f"can mean the number {number}, or {parts}. Write the one you mean")
    shares = []
    for part in read_list(text, ";,"):
        share = read_amount(part)
        if share is None:
            raise NotationError(f"{quote(part)} is no number. Write shares such as 0.02 or 1%;2%")
        shares.append(share)
    return shares


def alternatives(
    case: Case,
    within: Sequence[float] = WITHIN,
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    plans: int = PLANS,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    patience: float | None = None,
    tell: ProgressCallback = tell_nothing,
    on_base: OnBase = hear_nothing,
) -> Alternatives:
    """Least and most of every member's and force's contribution near the least expenditure.

    Parameters
    ----------
    within: shares of the least expenditure that may be spent beyond it, such as 0.02. What the
        study's stages hold, such as the missing share, is held.
    plans: most plans for each share that differ from all before as far as they can.
    gap, time_limit: of each solve; where one came first, the range says what is sure.
    patience: seconds for all solves after the plan's own, as for `Options`.
    on_base: hears the plan itself, before its questions are asked.

    Raises DataError for shares that are not from 0 to 1.
    """
    issues = [
        Issue("E-110", "--within", f"{share} must be a number from 0 to 1, such as 0.02.")
        for share in within
        if not (math.isfinite(share) and 0 <= share <= 1)
    ]
    if not within:
        issues.append(Issue("E-110", "--within", "names no share. Write one, such as 0.02."))
    if plans < 0:
        issues.append(Issue("E-110", "--plans", f"{plans} must be at least 0."))
    if issues:
        raise DataError(issues, case.source)
    plain = Instance.of(case, study, members)
    money = find_expenditure(case.folders).name
    chosen, (expenditure,) = add_criteria(plain.study, [money], case.folders, "study")
    options = Options(gap=gap, time_limit=time_limit, patience=patience)
    instance = give_case_numbers(case, plain, options, tell).with_study(chosen)
    return find_alternatives(
        instance,
        options,
        expenditure,
        within=within,
        plans=plans,
        tell=tell,
        on_base=on_base,
    )


def report_alternatives(
    case: Case, found: Alternatives, path: str | Path, options: Mapping[str, Any] | None = None
) -> OutputPlace:
    """Write the workbook of alternatives, and say where (see `write_workbook`)."""
    facts = describe_run(case, found.base, "alternatives", options, audits=found.audits)
    kinds = {one.contribution.kind for one in found.ranges}
    says = {kind.name: kind.says for kind in sorted(kinds, key=lambda kind: kind.name)}
    words = AlternativesWords(found.tables, found.held, VERDICTS, says)

    def write(place: OutputPlace) -> None:
        write_alternatives(place.path, found.base, words, facts)

    return write_workbook(path, facts, write, lambda: alternatives_facts(found))


def alternatives_facts(found: Alternatives) -> dict[str, Any]:
    """Alternatives as plain JSON values: nan and inf as null."""
    return {
        "status": str(found.status),
        **found.audits.facts(),
        "base": {
            "status": str(found.base.status),
            "gap": plain_value(found.base.gap),
            "pooled_expenditure": plain_value(found.base.pooled_expenditure),
        },
        "held": dict(found.held),
        "levels": list(found.levels),
        "solves": found.solves,
        **plain_tables(found.tables),
    }

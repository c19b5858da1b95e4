"""Trade-offs: the front of pooled expenditure and other criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cssopt.assembly.case import Case
from cssopt.assembly.criteria import add_criteria, find_expenditure
from cssopt.assembly.criteria import list_criteria as list_declared
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.modeling.objective import Criterion
from cssopt.questions.answers import describe_run, write_workbook
from cssopt.questions.frontier.result import Frontier, find_frontier
from cssopt.questions.frontier.show import FrontWords, write_frontier_book
from cssopt.render.place import OutputPlace
from cssopt.runs.solve_case import DEFAULT_GAP, give_case_numbers
from cssopt.solution.near_plan import Persist, find_counting, find_counting_in, measure_base
from cssopt.solution.plain import plain_records, plain_value
from cssopt.solution.plan import Solution
from cssopt.solution.run import OnBase, ProgressCallback, hear_nothing, tell_nothing
from cssopt.solve.answer import Options
from cssopt.tables.convert import quote
from cssopt.tables.nearest import find_doubled

_TRADE = "--trade"
_MOST_POINTS = 1_000


def list_criteria(models: Sequence[str | Path] = ()) -> dict[str, Criterion]:
    """What may be traded off against expenditure, by name, with what each is."""
    folders = find_model_folders(models)
    money = find_expenditure(folders).name
    return {name: one for name, one in list_declared(folders).items() if name != money}


def counts_changes(case: Case, trade: Sequence[str]) -> bool:
    """True where a criterion counts changes against a base plan, so that it needs one."""
    counting = find_counting_in(case.folders)
    return bool({criterion.name for criterion in counting.criteria} & set(trade))


def frontier(
    case: Case,
    trade: Sequence[str],
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    points: int | None = None,
    near: Solution | None = None,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    patience: float | None = None,
    tell: ProgressCallback = tell_nothing,
    on_base: OnBase = hear_nothing,
) -> Frontier:
    """The front of pooled expenditure and the criteria named in `trade`.

    Parameters
    ----------
    trade: names of `list_criteria`. What the study's own stages hold, such as the missing share,
        is held at every point but for what is traded.
    points: evenly spaced limits of each criterion; None: the whole front where that can be (one
        criterion, and no whole numbers or one that counts whole numbers only), else 11.
    near: the plan against which changes are counted, for the criterion that counts them.
    gap, time_limit: of each solve.
    patience: seconds for all solves after the plan's own, as for `Options`.
    on_base: hears the plan itself, before its questions are asked.

    Raises DataError for an unknown criterion, and for one that lacks the plan it counts from.
    """
    money = find_expenditure(case.folders).name
    issues = _check(trade, points, money)
    if issues:
        raise DataError(issues, case.source)
    plain = Instance.of(case, study, members)
    chosen, criteria = add_criteria(plain.study, [money, *trade], case.folders, _TRADE)
    options = Options(gap=gap, time_limit=time_limit, patience=patience)
    given = give_case_numbers(case, plain, options, tell)
    instance = replace(
        given,
        study=chosen,
        given={**given.given, **_count_from(near, chosen.components, case)},
    )
    return find_frontier(instance, options, criteria, points=points, tell=tell, on_base=on_base)


def _check(trade: Sequence[str], points: int | None, money: str) -> list[Issue]:
    issues = []
    if not trade:
        text = f"names nothing. Name what is traded off against {money}."
        issues.append(Issue("E-530", _TRADE, text))
    if money in trade:
        text = f'"{money}" is traded in every front. Name what it is traded against.'
        issues.append(Issue("E-530", _TRADE, text))
    for name in find_doubled(trade):
        issues.append(Issue("E-530", _TRADE, f"{quote(name)} is named twice. Name it once."))
    if points is not None and not 2 <= points <= _MOST_POINTS:
        text = f"{points} must be a number from 2 to {_MOST_POINTS:,}."
        issues.append(Issue("E-110", "--points", text))
    if (number := (points or 2) ** len(trade)) > _MOST_POINTS:
        text = f"makes {number:,} points, more than {_MOST_POINTS:,}. Trade less, or ask for fewer."
        issues.append(Issue("E-522", "--points", text))
    return issues


def _count_from(near: Solution | None, components: Sequence[Any], case: Case) -> dict[str, Any]:
    """The numbers of the plan that changes are counted from, where a criterion counts them."""
    counting = find_counting(components)
    if counting is None:
        return {}
    names = ", ".join(criterion.name for criterion in counting.criteria)
    if near is None:
        text = (
            f'"{names}" counts from a base plan, and the cheapest plan changes nothing against '
            "itself. Change the inputs (--set, --scenario): it counts from the plan of the "
            "unchanged ones. Or name another workbook with --base."
        )
        raise DataError([Issue("E-531", _TRADE, text)], case.source)
    return measure_base(near, Persist(0.0, None))


def report_frontier(
    case: Case, found: Frontier, path: str | Path, options: Mapping[str, Any] | None = None
) -> OutputPlace:
    """Write the workbook of a front, and say where (see `write_workbook`)."""
    facts = describe_run(case, found.base, "frontier", options, audits=found.audits)

    def write(place: OutputPlace) -> None:
        write_frontier_book(place.path, found.base, front_words(found), facts)

    return write_workbook(path, facts, write, lambda: frontier_facts(found))


def front_words(found: Frontier) -> FrontWords:
    """What is told of a front, in a workbook and on a terminal."""
    front = found.front
    return FrontWords(
        found.criteria,
        found.held,
        "" if front is None else front.method,
        front is not None and front.whole,
        found.tables,
    )


def frontier_facts(found: Frontier) -> dict[str, Any]:
    """A front as plain JSON values: nan and inf as null."""
    front = found.front
    return {
        "status": str(found.status),
        **found.audits.facts(),
        "base": {
            "status": str(found.base.status),
            "gap": plain_value(found.base.gap),
            "pooled_expenditure": plain_value(found.base.pooled_expenditure),
        },
        "criteria": [{"name": c.name, "figure": c.figure, "says": c.says} for c in found.criteria],
        "held": dict(found.held),
        "method": "" if front is None else front.method,
        "whole": front is not None and front.whole,
        "solves": 0 if front is None else front.questions,
        "points": [] if front is None else plain_records(found.tables["front"]),
        "outcomes": [outcome.facts() for outcome in found.outcomes],
    }

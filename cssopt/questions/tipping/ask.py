"""Tipping points: the values of one quantity at which the plan changes its structure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cssopt.assembly.case import Case
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.answers import describe_run, write_workbook
from cssopt.questions.tipping.brackets import Bracket, find_brackets, find_runs, make_grid
from cssopt.questions.tipping.result import TippingPoint, TippingPoints
from cssopt.questions.tipping.show import write_tipping_book
from cssopt.questions.tipping.ties import Without, WithoutElementTest, find_test
from cssopt.render.place import OutputPlace
from cssopt.render.terminal import solution_facts
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.solve_case import DEFAULT_GAP, solve_base
from cssopt.runs.specification import RunSpecification
from cssopt.runs.structure import PLAN
from cssopt.runs.vary import MOST_RUNS, Variation
from cssopt.runs.vary_texts import read_variations
from cssopt.runs.worker import Worker
from cssopt.solution.run import OnBase, ProgressCallback, hear_nothing, tell_nothing

GRID_POINTS: Final = 9
TIPPING_TOLERANCE: Final = 1e-4
_LEAST_TOLERANCE: Final = 1e-9

OnRun = Callable[[Run, Outcome], None]
"""Hears each run with its outcome."""


def tipping(
    case: Case,
    vary: str,
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    points: int = GRID_POINTS,
    tolerance: float = TIPPING_TOLERANCE,
    ties: bool = True,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    patience: float | None = None,
    tell: ProgressCallback = tell_nothing,
    on_base: OnBase = hear_nothing,
    on_run: OnRun = lambda _run, _outcome: None,
) -> TippingPoints:
    """Find the values of a quantity at which the plan changes its structure, by bisection.

    The structure is what the components declare of their decisions (forces are bought, members
    delegate, bodies are founded), whether each threat is met, and whether there is a plan at all.

    Parameters
    ----------
    vary: the quantity and its range: ``requirements[threat=North].level*=0.5..2``. Of cells that
        hold whole numbers only whole numbers are looked at.
    points: of the coarse grid. tolerance: the width down to which a change is narrowed, relative
        to the range; whole numbers are narrowed down to neighbors.
    ties: solve the plan without each element that begins or ends, to tell ties from needs.
    patience: seconds for all solves after the plan's own, as for `Options`.
    on_base: hears the plan itself, before its questions are asked.
    gap, time_limit: of each solve. tell: hears each step. on_run: hears each run as it ends.

    Runs start warm, one after another. A run that fails is kept with its reason. Raises DataError
    for a range that cannot be read or a wrong member, and ModelError for a wrong study.
    """
    variation = _read_range(case, vary)
    _check_fineness(points, tolerance)
    base = solve_base(
        case,
        study,
        members,
        gap=gap,
        time_limit=time_limit,
        patience=patience,
        tell=tell,
        on_base=on_base,
    )
    options = base.options.begin_questions(sum(base.seconds.values()))
    specification = RunSpecification(
        data=case.data, study=str(study), members=base.instance.members, options=options
    )
    assert variation.span is not None
    (low, high), whole = variation.span, variation.whole
    grid = make_grid(low, high, points, whole=whole)
    width = 1.0 if whole else tolerance * (high - low)
    runs: dict[float, Run] = {}
    evaluate = _make_evaluate(specification, case, variation, runs, on_run)
    found = find_runs(evaluate, grid, width, whole=whole, tell=tell)
    brackets = find_brackets(found, width)
    tested = _solve_without(specification, case, brackets, grid, runs, tell) if ties else {}
    outcomes = {value: (runs[value], outcome) for value, outcome in found.items()}
    tips = tuple(TippingPoint(**vars(b), without=tested.get(i)) for i, b in enumerate(brackets))
    return TippingPoints(base, variation.label, grid, whole, width, outcomes, tips)


def _read_range(case: Case, vary: str) -> Variation:
    """The one quantity and its range; DataError where it is none."""
    (variation,) = read_variations([vary], case.data)
    if variation.span is None:
        text = (
            "lists values, and tipping points are looked for in a range. Write LEAST..GREATEST, "
            "such as requirements.level*=0.5..2."
        )
        raise DataError([Issue("E-520", f"--vary {vary}", text)], case.source)
    return variation


def _check_fineness(points: int, tolerance: float) -> None:
    issues = []
    if not 2 <= points <= MOST_RUNS:
        text = f"{points} is no number of points. A grid has 2 to {MOST_RUNS:,}."
        issues.append(Issue("E-522", "--points", text))
    if not _LEAST_TOLERANCE <= tolerance < 1:
        text = (
            f"{tolerance:g} is no tolerance. It is a share of the range, from "
            f"{_LEAST_TOLERANCE:g} to below 1, such as {TIPPING_TOLERANCE:g}."
        )
        issues.append(Issue("E-520", "--tolerance", text))
    if issues:
        raise DataError(issues)


def _make_evaluate(
    specification: RunSpecification,
    case: Case,
    variation: Variation,
    runs: dict[float, Run],
    on_run: OnRun,
) -> Callable[[float], Outcome]:
    """What solves the plan of a value, from where the last one ended; `runs` gets each run."""
    worker = Worker(specification, case.folders)

    def evaluate(value: float) -> Outcome:
        point = {variation.label: value}
        run = Run(str(len(runs) + 1), variation.steps(value), point, audited=True)
        runs[value] = run
        outcome = worker.run(run)
        on_run(run, outcome)
        return outcome

    return evaluate


def _solve_without(
    specification: RunSpecification,
    case: Case,
    brackets: Sequence[Bracket],
    grid: Sequence[float],
    runs: Mapping[float, Run],
    tell: ProgressCallback,
) -> dict[int, Without]:
    """By number of the bracket, the plan without what begins or ends; see `ties`."""
    tests = {i: find_test(b, grid) for i, b in enumerate(brackets) if b.element != PLAN}
    asked: dict[float, list[int]] = {}
    for number, at in tests.items():
        asked.setdefault(at, []).append(number)
    test = WithoutElementTest(specification, case.folders)
    found: dict[int, Without] = {}
    for count, (at, numbers) in enumerate(sorted(asked.items()), start=1):
        tell(f"plans without what begins or ends: {count} of {len(asked)}")
        elements = list(dict.fromkeys(brackets[number].element for number in numbers))
        solved = test.solve(runs[at], at, elements)
        found |= {number: solved[brackets[number].element] for number in numbers}
    return found


def report_tipping(
    case: Case, found: TippingPoints, path: str | Path, options: Mapping[str, Any]
) -> OutputPlace:
    """Write the workbook of tipping points, and say where (see `write_workbook`).

    `options` are those of the search, for the sheet Run.
    """
    facts = describe_run(case, found.base, "tipping", options, audits=found.audits)

    def write(place: OutputPlace) -> None:
        write_tipping_book(place.path, found.base, found.tables, found.label, found.note, facts)

    return write_workbook(path, facts, write, lambda: tipping_facts(found))


def tipping_facts(found: TippingPoints) -> dict[str, Any]:
    """Tipping points as plain JSON values: the base plan, the points, and every run."""
    return {**found.audits.facts(), "base": solution_facts(found.base), **found.facts()}

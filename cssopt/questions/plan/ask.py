"""The question `solve`: a plan, what it is compared with, and the report of both."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ParamSpec

from cssopt import interrupt
from cssopt.assembly.case import Case
from cssopt.assembly.component import find_objective
from cssopt.document.run_facts import RunFacts
from cssopt.questions.answers import describe_run
from cssopt.questions.plan.baseline import compare_with_standing_alone
from cssopt.questions.plan.record import build_run_record
from cssopt.questions.plan.show import write_report
from cssopt.render.place import OutputFiles, OutputPlace, keep_answer, write_answer
from cssopt.runs import solve_case
from cssopt.runs.solve_case import case_of
from cssopt.solution import plan
from cssopt.solution.baseline import Baseline
from cssopt.solution.plain import plain_tables
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.solution.verdicts import Audits

P = ParamSpec("P")


@dataclass(frozen=True)
class Solution(solve_case.Solution):
    """A solution that can report itself."""

    def write_report(self, path: str | Path, baseline: Baseline | None = None) -> OutputPlace:
        """Write the report workbook (.xlsx) and its run record beside it, and say where.

        The baseline (every member alone, equal security) is solved first where it is not given.
        An earlier report is replaced where it is of the same inputs and nobody changed it;
        otherwise the new one gets a number. Raises ReportError where it cannot be written, saying
        where it is kept.
        """
        timed, compared = self, baseline
        if compared is None:
            timed, compared = compare_for_report(self, Path(path), ledger=False)
        return _write_files(timed, compared, Path(path))[0]


def _reporting(solves: Callable[P, solve_case.Solution]) -> Callable[P, Solution]:
    """The same verb, whose solution can report itself."""

    @functools.wraps(solves)
    def solve_it(*given: P.args, **named: P.kwargs) -> Solution:
        return Solution.of(solves(*given, **named))

    return solve_it


solve = _reporting(solve_case.solve)


def compare(
    case: Case,
    solution: Solution,
    *,
    ledger: bool = True,
    saving_range: bool = False,
    processes: int = 1,
    tell: ProgressCallback = tell_nothing,
) -> Baseline:
    """Every member alone and the coalition at equal security, for a solution of this case.

    `ledger` adds the pooling ledger: the saving, link by link. `saving_range` adds the least and
    the most that is saved over all equally good plans alone. `processes` > 1 solves side by side
    (a script then needs the usual ``if __name__ == "__main__":``).
    """
    return compare_with_standing_alone(
        solution,
        find_objective("as secure as alone", case.folders),
        pooled_cost=find_objective("each alone", case.folders),
        ledger=ledger,
        saving_range=saving_range,
        processes=processes,
        tell=tell,
    )


def report(
    solution: Solution,
    folder: str | Path,
    *,
    ledger: bool = False,
    saving_range: bool = False,
    processes: int = 1,
    options: Mapping[str, Any] | None = None,
    tell: ProgressCallback = tell_nothing,
) -> tuple[Solution, Baseline | None, OutputPlace]:
    """Write ``report.xlsx`` and ``run.json`` into a folder, after solving the baseline.

    `ledger`, `saving_range` and `processes` as for `compare`; `options` are those of the command,
    for the sheet Run.

    Returns the solution with the times of baseline and report added, the baseline, and where the
    report is: an earlier one is replaced where it is of the same inputs and nobody changed it;
    otherwise the new one gets a number. Raises ReportError where it cannot be written, saying
    where it is kept.
    """
    path = Path(folder) / "report.xlsx"
    timed, baseline = compare_for_report(
        solution,
        path,
        ledger=ledger,
        saving_range=saving_range,
        processes=processes,
        tell=tell,
    )
    tell("writing the report")
    place, seconds = _write_files(timed, baseline, path, options)
    return replace(timed, seconds={**timed.seconds, "report": seconds}), baseline, place


def write_solution(
    solution: Solution,
    baseline: Baseline | None,
    folder: str | Path,
    options: Mapping[str, Any] | None = None,
) -> OutputPlace:
    """`report` with a baseline that is solved already, or left out."""
    return _write_files(solution, baseline, Path(folder) / "report.xlsx", options)[0]


def compare_for_report(
    solution: Solution, path: Path, **how: Any
) -> tuple[Solution, Baseline | None]:
    """The solution with the time of its baseline, and the baseline.

    The plan is kept beside its report-to-be where the baseline ends in a fault or is interrupted.
    In the command line there is no baseline after Ctrl-C, and the report is written without it.
    """
    begun = time.perf_counter()
    with keep_answer(path, lambda: _describe_plan(solution, None, _describe(solution, None))):
        try:
            interrupt.check()
            baseline = compare(case_of(solution), solution, **how)
            interrupt.check()
        except KeyboardInterrupt:
            if not interrupt.came():
                raise
            return solution, None
    seconds = {**solution.seconds, "baseline": time.perf_counter() - begun}
    return replace(solution, seconds=seconds), baseline


def _describe(
    solution: Solution, baseline: Baseline | None, options: Mapping[str, Any] | None = None
) -> RunFacts:
    used = solution.options
    settings = {name: getattr(used, name) for name in ("gap", "time_limit", "threads", "seed")}
    given = {**(options or {}), **settings}
    audits = find_audits(solution, baseline)
    return describe_run(case_of(solution), solution, "plan", given, seconds={}, audits=audits)


def find_audits(solution: plan.Solution, baseline: Baseline | None) -> Audits:
    """The audits of a plan, and of those that it is compared with where it is."""
    return solution.audits if baseline is None else baseline.audit_with(solution)


def _describe_plan(
    solution: Solution, baseline: Baseline | None, facts: RunFacts
) -> dict[str, Any]:
    """All of a plan as plain JSON values."""
    record = build_run_record(solution, baseline, facts)
    return {**record, "tables": plain_tables(solution.tables)}


def _write_files(
    solution: Solution,
    baseline: Baseline | None,
    path: Path,
    options: Mapping[str, Any] | None = None,
) -> tuple[OutputPlace, float]:
    """Write workbook and run record; where, and the seconds that the workbook took."""
    facts, taken = _describe(solution, baseline, options), 0.0

    def write(place: OutputPlace) -> None:
        nonlocal taken
        begun = time.perf_counter()
        write_report(place.path, solution, baseline, facts)
        taken = time.perf_counter() - begun

    def record() -> dict[str, Any]:
        return build_run_record(solution, baseline, replace(facts, seconds={"report": taken}))

    answer = OutputFiles(write, record, lambda: _describe_plan(solution, baseline, facts))
    return write_answer(path, facts, answer), taken

"""The public verbs: load, check, solve, compare, export."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from cssopt import interrupt
from cssopt.analysis.baseline import compare_with_standing_alone, find_given
from cssopt.analysis.persistence import Persist, stay_near
from cssopt.api.answers import describe_run
from cssopt.api.cases import Case, find_asked
from cssopt.build.component import find_files, find_objective
from cssopt.build.folders import find_model_folders
from cssopt.build.mathematics import describe_study
from cssopt.build.study import Study, load_components, load_study, read_explanation
from cssopt.errors import DataError, ModelError, ReportError
from cssopt.issues import Issue
from cssopt.report.atomic import NOT_WHOLE, open_folder, try_to_write, write_file, write_together
from cssopt.report.facts import RunFacts
from cssopt.report.place import Answer, Place, keep_answer, write_answer
from cssopt.report.record import build_run_record
from cssopt.report.workbook import write_report
from cssopt.solution import plan
from cssopt.solution.audits import Audits
from cssopt.solution.baseline import Baseline
from cssopt.solution.plain import plain_tables
from cssopt.solution.run import OnBase, Tell, prepare_problem, run_study
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.highs import holds_model, load_stage, solve_program, write_model
from cssopt.solve.loaded import LoadedProgram

DEFAULT_GAP = Options.gap
_FORMATS = (".mps", ".lp")
_WORTH_PROCESSES = 10.0
"""Seconds of expected solving from which starting further processes pays."""

_SILENT: Tell = lambda _step: None  # noqa: E731


@dataclass(frozen=True)
class Solution(plan.Solution):
    """A solution that knows the case it was made from, and so can report itself."""

    case: Case | None = None

    def write_report(self, path: str | Path, baseline: Baseline | None = None) -> Place:
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


def case_of(solution: Solution) -> Case:
    """The case that a solution was made from; ModelError where it knows none."""
    if solution.case is None:
        raise ModelError("this solution was not made by cssopt.solve; solve a case first")
    return solution.case


def solve(
    case: Case,
    study: str | Path = "pooled",
    members: Sequence[str | int] | None = None,
    *,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    patience: float | None = None,
    threads: int = 1,
    keep_on_interrupt: bool = True,
    persist: tuple[plan.Solution, Persist] | None = None,
    shortfall_tolerance: float | None = None,
    concessions: bool = True,
    tell: Tell = _SILENT,
) -> Solution:
    """Solve a study for a coalition (default: all members).

    Parameters
    ----------
    study: name of a study of the model folders, or the path of a study file.
    gap: relative gap at which the search may stop. time_limit: seconds.
    patience: seconds for all solves that later questions about this plan make (see `Options`).
    keep_on_interrupt: Ctrl-C keeps the best plan so far; False: it raises KeyboardInterrupt.
    persist: an earlier plan, and what keeps the new one near it.
    shortfall_tolerance: part of the least missing share that may be given up for money (0.01 for
        1 %), in place of what the study says.
    concessions: where needs are short, find what giving up a little more of the least missing share
        would save too (``solution.concessions``).
    tell: called with each step, for a progress line.

    Raises DataError for a wrong study or coalition (see `find_asked`); every ending of the solve
    itself is ``solution.status``.
    """
    chosen, coalition = find_asked(case, study, members)
    if shortfall_tolerance is not None:
        chosen = chosen.choosing(shortfall_tolerance=shortfall_tolerance)
    options = Options(
        gap=gap,
        time_limit=time_limit,
        patience=patience,
        threads=threads,
        keep_on_interrupt=keep_on_interrupt,
    )
    return solve_study(
        case,
        chosen,
        coalition,
        options,
        persist=persist,
        # Near another plan more than money is minimized, so that no saving could be told.
        concessions=concessions and persist is None,
        tell=tell,
    )


def solve_base(
    case: Case,
    study: str | Path,
    members: Sequence[str | int] | None,
    *,
    gap: float,
    time_limit: float | None,
    patience: float | None = None,
    tell: Tell,
    on_base: OnBase,
) -> Solution:
    """The plan from which many runs start, handed to `on_base` as soon as it is solved.

    The arguments are those of `solve`; Ctrl-C raises KeyboardInterrupt, since runs that start from
    a plan that was cut short would be of no use.
    """
    tell("the base plan")
    base = solve(
        case,
        study,
        members,
        gap=gap,
        time_limit=time_limit,
        patience=patience,
        keep_on_interrupt=False,
        concessions=False,
    )
    on_base(base)
    return base


def solve_study(
    case: Case,
    study: Study,
    coalition: Sequence[str],
    options: Options,
    *,
    persist: tuple[plan.Solution, Persist] | None = None,
    concessions: bool = False,
    tell: Tell = _SILENT,
) -> Solution:
    """`solve` for a study that is loaded and a coalition that is known."""
    given = find_case_given(case, study, coalition, options, tell)
    if persist is not None:
        study, nearness = stay_near(study, *persist, case.folders)
        given |= nearness
    solution = run_study(
        case.data, study, coalition, options, given=given, concessions=concessions, tell=tell
    )
    own = {part.name: getattr(solution, part.name) for part in fields(solution)}
    own["seconds"] = {**case.seconds, **solution.seconds}
    return Solution(**own, case=case)


def find_case_given(
    case: Case, study: Study, coalition: Sequence[str], options: Options, tell: Tell = _SILENT
) -> dict[str, Any]:
    """Numbers from other solves that the study's objective asks for (see `find_given`)."""
    pooled_cost = find_objective("pooled_cost", case.folders)
    return find_given(case.data, study, coalition, options, pooled_cost, tell)


def compare(
    case: Case,
    solution: Solution,
    *,
    ledger: bool = True,
    saving_range: bool = False,
    processes: int = 1,
    tell: Tell = _SILENT,
) -> Baseline:
    """Every member alone and the coalition at equal security, for a solution of this case.

    `ledger` adds the pooling ledger: the saving, link by link. `saving_range` adds the least and
    the most that is saved over all equally good plans alone. `processes` > 1 solves side by side
    (a script then needs the usual ``if __name__ == "__main__":``).
    """
    return compare_with_standing_alone(
        solution,
        case.data,
        find_objective("equal_security", case.folders),
        pooled_cost=find_objective("pooled_cost", case.folders),
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
    tell: Tell = _SILENT,
) -> tuple[Solution, Baseline | None, Place]:
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
) -> Place:
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
) -> tuple[Place, float]:
    """Write workbook and run record; where, and the seconds that the workbook took."""
    facts, taken = _describe(solution, baseline, options), 0.0

    def write(place: Place) -> None:
        nonlocal taken
        begun = time.perf_counter()
        write_report(place.path, solution, baseline, facts)
        taken = time.perf_counter() - begun

    def record() -> dict[str, Any]:
        return build_run_record(solution, baseline, replace(facts, seconds={"report": taken}))

    answer = Answer(write, record, lambda: _describe_plan(solution, baseline, facts))
    return write_answer(path, facts, answer), taken


def find_processes(solution: Solution, solves: int | None = None) -> int:
    """Processes worth starting: one where the work is quick.

    The work is that many solves like this one, from checking to auditing; by default its
    baseline: the solve of each member, of which only the search takes long.
    """
    if solves is None:
        expected = solution.seconds.get("solve", 0.0) * len(solution.coalition)
    else:
        expected = sum(solution.seconds.values()) * solves
    return (os.cpu_count() or 1) if expected > _WORTH_PROCESSES else 1


def list_studies(models: Sequence[str | Path] = ()) -> dict[str, str]:
    """The studies of the model folders, each with its explanation."""
    files = find_files(find_model_folders(models), "studies", "*.toml")
    return {name: read_explanation(path) for name, path in sorted(files.items())}


def write_mathematics(study: str | Path = "pooled", models: Sequence[str | Path] = ()) -> str:
    """The mathematics of a study as Markdown, from the docstrings of its files."""
    folders = find_model_folders(models)
    chosen = load_study(study, folders)
    known = {part.name for part in chosen.components}
    on_demand = [
        part
        for part in load_components(folders).values()
        if part.criteria and part.name not in known
    ]
    return describe_study(chosen, on_demand)


def export(
    case: Case,
    path: str | Path,
    study: str | Path = "pooled",
    members: Sequence[str | int] | None = None,
) -> list[Path]:
    """Write the program exactly as it is solved, in MPS format (or LP, where the file ends in .lp).

    A study of several stages is written as one file per stage, ``FILE.mps`` the last and
    ``FILE.stage1.mps`` ...; each holds the stages before it, which are solved for that. Earlier
    files of these names are replaced, all or none. Raises ReportError, where possible before
    anything is solved, where a file cannot be written.
    """
    if not Path(path).name:
        raise ReportError("there is no name of a file; name one to write, such as alliance.mps")
    chosen, coalition = find_asked(case, study, members)
    last = Path(path)
    if last.suffix.lower() not in _FORMATS:
        raise ReportError(f'"{last}" does not end in .mps; name the file so')
    with open_folder(last):
        try_to_write(last)
        options = Options()
        given = find_case_given(case, chosen, coalition, options)
        program = compile_problem(prepare_problem(case.data, chosen, coalition, given))
        count = len(program.stages)
        solved = solve_program(program, options) if count > 1 else None
        if solved is not None and len(solved.limits) < count - 1:
            text = "an earlier stage has no plan, so the last has no program"
            raise DataError([Issue("E-010", str(path), text)])
        stages = [last.with_suffix(f".stage{i + 1}{last.suffix}") for i in range(count - 1)]
        paths = [*stages, last]
        with write_together():
            for number, target in enumerate(paths):
                _write_model(target, load_stage(program, solved, number))
    return paths


def _write_model(path: Path, loaded: LoadedProgram) -> None:
    def check(draft: Path) -> None:
        if not holds_model(draft, loaded):
            raise OSError(errno.ENOSPC, NOT_WHOLE)

    write_file(path, lambda draft: write_model(loaded, draft), check)

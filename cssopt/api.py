"""The public verbs: load, check, solve, compare, export."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cssopt.analysis.baseline import (
    compare_with_standing_alone,
    solve_alone,
    sum_alone_shortfall,
)
from cssopt.build.component import find_files, load_objective
from cssopt.build.study import Study, load_components, load_study
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.models import find_model_folders
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution
from cssopt.solution.run import COALITION_TABLE, Tell, prepare_problem, run_study
from cssopt.solve.compile import compile_problem
from cssopt.solve.highs import Options, solve_program, write_mps
from cssopt.tables.check import Checked, check_book
from cssopt.tables.data import Data
from cssopt.tables.nearest import nearest_name
from cssopt.tables.spec import Table, merge_tables
from cssopt.workbook.read import read_workbook

DEFAULT_GAP = Options.gap

_SILENT: Tell = lambda _step: None  # noqa: E731


@dataclass(frozen=True)
class Case:
    """A workbook that passed every check.

    Attributes
    ----------
    source, digest: the file, and the SHA-256 of its bytes.
    data: its tables. folders: the model folders. warnings, notes: what the checks had to say.
    seconds: of reading and checking.
    """

    source: str
    digest: str
    data: Data
    folders: tuple[Path, ...]
    warnings: tuple[Issue, ...] = ()
    notes: tuple[Issue, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)


def find_tables(models: Sequence[str | Path] = ()) -> dict[str, Table]:
    """Every input table that a component of the model folders declares, by name."""
    components = load_components(find_model_folders(models))
    return merge_tables(table for part in components.values() for table in part.tables)


def check(path: str | Path, models: Sequence[str | Path] = ()) -> Checked:
    """Read a workbook and find everything that is wrong with it.

    Returns issues (errors and warnings), notes, and the tables where there is no error.
    """
    return _read_and_check(Path(path), find_model_folders(models))[0]


def load(path: str | Path, models: Sequence[str | Path] = ()) -> Case:
    """Read and check a workbook; DataError carries every issue where there is an error."""
    folders = find_model_folders(models)
    checked, digest, seconds = _read_and_check(Path(path), folders)
    if checked.data is None:
        raise DataError([i for i in checked.issues if i.code.startswith("E")], str(path))
    return Case(str(path), digest, checked.data, folders, checked.issues, checked.notes, seconds)


def _read_and_check(path: Path, folders: tuple[Path, ...]) -> tuple[Checked, str, dict[str, float]]:
    begun = time.perf_counter()
    components = load_components(folders)
    tables = merge_tables(table for part in components.values() for table in part.tables)
    rules = [rule for part in components.values() for rule in part.checks]
    raw = read_workbook(path)
    read = time.perf_counter()
    checked = check_book(raw, tables, rules)
    return checked, raw.digest, {"read": read - begun, "check": time.perf_counter() - read}


def solve(
    case: Case,
    study: str | Path = "pooled",
    members: Sequence[str] | None = None,
    *,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    threads: int = 1,
    tell: Tell = _SILENT,
) -> Solution:
    """Solve a study for a coalition (default: all members).

    Parameters
    ----------
    study: name of a study of the model folders, or the path of a study file.
    gap: relative gap at which the search may stop. time_limit: seconds.
    tell: called with each step, for a progress line.

    Raises DataError for an unknown member and ModelError for an unknown study; every ending of
    the solve itself is ``solution.status``.
    """
    chosen = load_study(study, case.folders)
    coalition = find_coalition(case, members)
    options = Options(gap=gap, time_limit=time_limit, threads=threads)
    given = _given(case, chosen, coalition, options, tell)
    solution = run_study(case.data, chosen, coalition, options, given=given, tell=tell)
    return replace(solution, seconds={**case.seconds, **solution.seconds})


def _given(
    case: Case, study: Study, coalition: Sequence[str], options: Options, tell: Tell
) -> dict[str, Any]:
    """Numbers from other solves that the study's objective asks for."""
    if "alone_shortfall" not in study.objective.given:
        return {}
    objective = _find_objective(case, "pooled_cost")
    alone = solve_alone(case.data, replace(study, objective=objective), coalition, options, tell)
    return {"alone_shortfall": sum_alone_shortfall(alone)}


def find_coalition(case: Case, members: Sequence[str] | None) -> tuple[str, ...]:
    """The members in the order of the workbook; DataError for names that it does not have."""
    known = case.data.tables[COALITION_TABLE].keys
    if members is None:
        return known
    issues = [
        Issue("E-130", "--members", f'"{name}" is not a member.{nearest_name(name, known)}')
        for name in members
        if name not in known
    ]
    if not members:
        issues = [Issue("E-130", "--members", "names no member. Name at least one.")]
    if issues:
        raise DataError(issues, case.source)
    return tuple(name for name in known if name in members)


def compare(case: Case, solution: Solution, *, tell: Tell = _SILENT) -> Baseline:
    """Every member alone and the coalition at equal security, for a solution of this case."""
    objective = _find_objective(case, "equal_security")
    return compare_with_standing_alone(solution, case.data, objective, tell)


def _find_objective(case: Case, name: str) -> Any:
    return load_objective(find_files(case.folders, "objectives", "*.py")[name])


def export(
    case: Case,
    path: str | Path,
    study: str | Path = "pooled",
    members: Sequence[str] | None = None,
) -> list[Path]:
    """Write the program exactly as it is solved, in MPS format.

    A study of several stages is written as one file per stage, ``FILE.mps`` the last and
    ``FILE.stage1.mps`` ...; each holds the stages before it, which are solved for that.
    """
    chosen = load_study(study, case.folders)
    coalition = find_coalition(case, members)
    options = Options()
    given = _given(case, chosen, coalition, options, _SILENT)
    program = compile_problem(prepare_problem(case.data, chosen, coalition, given))
    last = Path(path)
    count = len(program.stages)
    limits = solve_program(program, options).limits if count > 1 else ()
    if len(limits) < count - 1:
        raise DataError(
            [Issue("E-010", str(path), "an earlier stage has no plan, so the last has no program")]
        )
    paths = [last.with_suffix(f".stage{i + 1}.mps") for i in range(count - 1)] + [last]
    for index, target in enumerate(paths):
        write_mps(program, target, limits[:index])
    return paths

"""The program exactly as it is solved, written for other solvers to read."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

from cssopt.assembly.case import Case
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.errors import DataError, ReportError
from cssopt.issues import Issue
from cssopt.render.atomic import NOT_WHOLE, open_folder, try_to_write, write_file, write_together
from cssopt.runs.solve_case import give_case_numbers
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.session import HighsSession
from cssopt.solve.stages import load_stage, solve_program

_FORMATS = (".mps", ".lp")


def export(
    case: Case,
    path: str | Path,
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
) -> list[Path]:
    """Write the program exactly as it is solved, in MPS format (or LP, where the file ends in .lp).

    A study of several stages is written as one file per stage, ``FILE.mps`` the last and
    ``FILE.stage1.mps`` ...; each holds the stages before it, which are solved for that. Earlier
    files of these names are replaced, all or none.

    Parameters
    ----------
    case : Case
        The inputs.
    path : str | Path
        The file, ending in .mps or .lp.
    study : str | Path, default "pooled"
        By name, or a study file.
    members : Sequence[str | int], optional
        The coalition. Default: all members.

    Returns
    -------
    list[Path]
        The files, in the order of the stages.

    Raises
    ------
    ReportError
        Where a file cannot be written, where possible before anything is solved.
    """
    if not Path(path).name:
        raise ReportError("there is no name of a file; name one to write, such as alliance.mps")
    instance = Instance.of(case, study, members)
    last = Path(path)
    if last.suffix.lower() not in _FORMATS:
        raise ReportError(f'"{last}" does not end in .mps; name the file so')
    with open_folder(last):
        try_to_write(last)
        options = Options()
        program = compile_problem(give_case_numbers(case, instance, options).assemble())
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


def _write_model(path: Path, session: HighsSession) -> None:
    def check(draft: Path) -> None:
        if not session.is_in(draft):
            raise OSError(errno.ENOSPC, NOT_WHOLE)

    write_file(path, session.write, check)

"""Why inputs have no plan, and what would let one in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cssopt.assembly.case import Case
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import STRICT_STUDY
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.answers import describe_run, write_workbook
from cssopt.questions.diagnosis.result import Diagnosis, diagnose_inputs
from cssopt.questions.diagnosis.show import write_diagnosis_book
from cssopt.render.place import OutputPlace
from cssopt.runs.solve_case import DEFAULT_GAP
from cssopt.runs.specification import RunSpecification
from cssopt.solution.run import OnBase, ProgressCallback, hear_nothing, tell_nothing
from cssopt.solve.answer import Options

MOST_CONFLICTS: Final = 3


def diagnose(
    case: Case,
    study: str | Path = STRICT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    conflicts: int = MOST_CONFLICTS,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    patience: float | None = None,
    tell: ProgressCallback = tell_nothing,
    on_base: OnBase = hear_nothing,
) -> Diagnosis:
    """Find the smallest sets of needs, rules and facts that no plan can keep, and what to change.

    Every answer is a solve of its own: that there is no plan is told only where it is proven
    without presolve, and each proposed change, typed as it stands, was solved.

    Parameters
    ----------
    study: by default the one in which every need must be met. members: the coalition.
    conflicts: how many are looked for at most, one after another.
    gap: of the solves with each change. time_limit: seconds of each solve; what it ends is left
        open, never taken for a proof.
    patience: seconds for all solves after the plan's own, as for `Options`.
    tell: called with each step, for a progress line.
    on_base: hears that there is no plan, before it is asked why.

    Raises DataError for an unknown member and for `conflicts` below 1, and ModelError for a study
    that is unknown or takes numbers from other plans. KeyboardInterrupt ends it.
    """
    if conflicts < 1:
        raise DataError([Issue("E-522", "--conflicts", "is below 1. Look for one at least.")])
    specification = RunSpecification(
        data=case.data,
        study=str(study),
        members=Instance.of(case, study, members).members,
        options=Options(gap=gap, time_limit=time_limit, patience=patience, keep_on_interrupt=False),
    )
    return diagnose_inputs(
        specification, case.folders, case.warnings, most=conflicts, tell=tell, on_base=on_base
    )


def report_diagnosis(
    case: Case, diagnosis: Diagnosis, path: str | Path, options: Mapping[str, Any]
) -> OutputPlace:
    """Write the workbook of a diagnosis, and say where (see `write_workbook`).

    `options` are those of the search, for the sheet Run.
    """
    facts = describe_run(case, diagnosis.base, "diagnosis", options, audits=diagnosis.audits)

    def write(place: OutputPlace) -> None:
        write_diagnosis_book(
            place.path,
            diagnosis.base,
            diagnosis.tables,
            facts,
            more=diagnosis.more,
            undecided=diagnosis.undecided,
        )

    return write_workbook(path, facts, write, diagnosis.facts)

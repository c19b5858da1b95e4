"""What all answers have: the facts of their run, and a place where nothing is lost by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from cssopt.assembly.case import Case
from cssopt.assembly.instance import Instance
from cssopt.document.run_facts import RunFacts, describe_run_facts, find_origin
from cssopt.issues import Issue
from cssopt.render.atomic import open_folder
from cssopt.render.place import OutputFiles, OutputPlace, check_place, write_answer
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import Audits

BESIDE: Final[Mapping[str, tuple[str, ...]]] = {"sweep": ("runs.parquet",)}
"""By question, the files that are written beside its workbook."""

_MOMENT = 1.0
"""Seconds in which a run that is just ending may end."""


def describe_run(
    case: Case,
    plan: Solution,
    question: str,
    options: Mapping[str, Any] | None = None,
    seconds: Mapping[str, float] | None = None,
    doubts: Sequence[Issue] = (),
    *,
    audits: Audits,
) -> RunFacts:
    """The facts of a run: its inputs, what was asked with which options, audits, times by step.

    `audits` are of all plans whose figures the answer shows. `plan` is the plan that the report is
    about or starts from; by default its times are told. `doubts` are warnings about how it was run,
    beside those about its inputs.
    """
    return RunFacts(
        source=case.source,
        digest=case.digest,
        question=question,
        begun=case.begun,
        scope=find_scope(case, plan),
        options={
            **(options or {}),
            "study": plan.study.name,
            "members": ", ".join(plan.coalition),
        },
        issues=(*doubts, *case.warnings, *case.notes),
        audits=audits,
        seconds=dict(plan.seconds if seconds is None else seconds),
    )


def find_scope(case: Case, plan: Solution | Instance) -> str:
    """The study; and the members where some are left out, so that an answer about them never
    replaces one about all."""
    some = len(plan.coalition) < len(case.data.parties)
    return f"{plan.study.name}: {', '.join(plan.coalition)}" if some else plan.study.name


def check_output(case: Case, question: str, path: str | Path) -> None:
    """ReportError where the answer to a question could not be written to this workbook.

    Ask before solving: it says what to do, and leaves no trace.
    """
    origin = find_origin(case.source, case.digest)
    check_place(Path(path), question, origin, BESIDE.get(question, ()))


def claim_output(path: str | Path) -> AbstractContextManager[None]:
    """Keep other runs from writing into the folder of this workbook while a block is running.

    Each function that writes does so for itself; a script that solves for long before it writes is
    told in time, as the commands are. Raises ReportError, which names the other run.
    """
    return open_folder(Path(path), _MOMENT)


def write_workbook(
    path: str | Path,
    facts: RunFacts,
    write: Callable[[OutputPlace], None],
    plain: Callable[[], Mapping[str, Any]],
) -> OutputPlace:
    """Write the workbook of an answer, and its run record beside it.

    `plain` are the figures of the answer as plain JSON values. An earlier workbook is replaced
    where it answers the same question about the same input and nobody changed it; otherwise the
    new one gets a number. Raises ReportError where it cannot be written, saying where it is kept.
    """
    facts_of_run = describe_run_facts(facts)
    answer = OutputFiles(
        write,
        record=lambda: facts_of_run,
        plain=lambda: {**facts_of_run, **plain()},
        beside=BESIDE.get(facts.question, ()),
    )
    return write_answer(Path(path), facts, answer)

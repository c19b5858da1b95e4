"""Facts of a run that no table holds: what was read, with which programs, when, in what time."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any, Final

from cssopt.issues import Issue
from cssopt.solution.plain import plain_value
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import Audits
from cssopt.solution.versions import find_versions
from cssopt.solve.answer import StageResult

NOT_GIVEN: Final = "none"
"""How an option is shown that was not given."""


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """How a plan was found.

    Attributes
    ----------
    study, explanation, coalition: what was solved, and for whom.
    rows, columns: the size of the program. stages: what was minimized, in this order.
    bound, gap: how good it is proven to be. message: what the solver says, empty for nothing.
    solver_options: its gap, limit, threads and seed; of another than HiGHS its name and version,
        and no seed, as it is given none.
    seconds_inside: inside HiGHS.
    """

    study: str
    explanation: str
    coalition: tuple[str, ...]
    rows: int
    columns: int
    stages: tuple[StageResult, ...]
    bound: float
    gap: float
    message: str
    solver_options: Mapping[str, Any]
    seconds_inside: float

    @classmethod
    def of(cls, plan: Solution) -> PlanFacts:
        """How this plan was found."""
        options, solved = plan.options, plan.solved
        return cls(
            study=plan.study.name,
            explanation=plan.study.explanation,
            coalition=tuple(plan.coalition),
            rows=plan.shape[0],
            columns=plan.shape[1],
            stages=tuple(solved.stages),
            bound=plan.bound,
            gap=plan.gap,
            message=solved.message,
            solver_options={
                **({"solver": solved.solver} if solved.solver else {}),
                "gap": options.gap,
                "time_limit": options.time_limit,
                "threads": options.threads,
                **({} if solved.solver else {"seed": options.seed}),
            },
            seconds_inside=solved.seconds_inside_highs,
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {
            "study": self.study,
            "members": list(self.coalition),
            "rows": self.rows,
            "columns": self.columns,
            "bound": plain_value(self.bound),
            "gap": plain_value(self.gap),
            "message": self.message,
            "solver_options": dict(self.solver_options),
            "stages": [
                {
                    "name": stage.name,
                    "status": str(stage.status),
                    "value": plain_value(stage.value),
                    "bound": plain_value(stage.bound),
                    "seconds": round(stage.seconds, 4),
                }
                for stage in self.stages
            ],
            "seconds_inside_highs": round(self.seconds_inside, 4),
        }


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """What a run record says beside the solution.

    Attributes
    ----------
    source, digest: the workbook, and the SHA-256 of its bytes.
    question: what is answered: ``plan``, ``frontier``. file: name of its files, without
        ending; by default the question.
    scope: the study, and the members where they are not all.
    begun: when the run began, in UTC.
    run_id: stands in every file that this run writes, and in no other.
    options: every option of the command by name; None for one that was not given.
    issues: warnings and notes about the inputs, and about how it was run.
    audits: of all plans whose figures are shown.
    seconds: by step; they go before those of the solution.
    status: how the answer ended. plan: the plan that the answer is or starts from; None where it
        is about none.
    versions: of the programs.
    known_by: what the input is known by, of a run that was kept; empty where it can be found out.
    was_cut: True where the run was interrupted: its files have names of their own.
    """

    source: str
    digest: str
    question: str
    begun: datetime
    file: str = ""
    scope: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    audits: Audits = field(default_factory=Audits)
    seconds: Mapping[str, float] = field(default_factory=dict)
    status: str = ""
    plan: PlanFacts | None = None
    versions: Mapping[str, str] = field(default_factory=find_versions)
    run_id: str = field(default_factory=lambda: secrets.token_hex(8))
    known_by: str = ""
    was_cut: bool = False

    def __post_init__(self) -> None:
        if not self.file:
            object.__setattr__(self, "file", self.question)

    @property
    def source_name(self) -> str:
        """Name of the workbook, without the folders of the machine it was read on."""
        return without_folders(self.source)

    @property
    def plain_options(self) -> dict[str, str]:
        """The options as text, without the folders of the machine."""
        return {name: _plain_option(value) for name, value in self.options.items()}

    @property
    def origin(self) -> str:
        """What the input is known by."""
        return self.known_by or find_origin(self.source, self.digest)


def find_origin(source: str, digest: str) -> str:
    """What an input is known by, whatever it holds: a hash of where it stands, so that no folder of
    the machine is told; its content where it is no file."""
    path = Path(source)
    if not path.exists():
        return digest
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()


def _plain_option(value: Any) -> str:
    if value is None:
        return NOT_GIVEN
    if isinstance(value, list | tuple):
        return "; ".join(map(_plain_option, value)) or NOT_GIVEN
    text = str(value)
    return without_folders(text) if isinstance(value, PurePath) or _is_absolute(text) else text


def without_folders(path: str) -> str:
    """The last part of a path of any system."""
    return re.split(r"[\\/]", path.rstrip("\\/"))[-1]


def _is_absolute(text: str) -> bool:
    return re.match(r"/|~|[A-Za-z]:[\\/]|\\\\", text) is not None


def describe_run_facts(facts: RunFacts) -> dict[str, Any]:
    """What a run was made from, as plain JSON values."""
    return {
        "run_id": facts.run_id,
        "source": facts.source_name,
        "sha256": facts.digest,
        "begun": facts.begun.isoformat(timespec="seconds"),
        "versions": dict(facts.versions),
        "command": facts.plain_options,
        "status": facts.status,
        **facts.audits.facts(),
        "plan": None if facts.plan is None else facts.plan.facts,
        "seconds": {step: round(value, 4) for step, value in facts.seconds.items()},
        "issues": [
            {"code": issue.code, "where": issue.where, "text": issue.text} for issue in facts.issues
        ],
    }

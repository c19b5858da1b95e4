"""Why inputs have no plan, and what would let one in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cssopt.assembly.study import STRICT_STUDY
from cssopt.document.document import Document
from cssopt.questions.common_options import Common, option
from cssopt.questions.diagnosis.result import Diagnosis, diagnose_inputs
from cssopt.questions.diagnosis.show import show_diagnosis
from cssopt.questions.question import Asking, question, verb


@question("diagnose", file="diagnosis", about="diagnosis")
@dataclass(frozen=True, kw_only=True)
class Diagnose(Common):
    """Tell why no plan exists: what conflicts, and which changes would let a plan in.

    By default every need must be met (study strict). Every answer is a solve of its own: that there
    is no plan is told only where it is proven without presolve, and each proposed change, typed as
    it stands, was solved. What a limit of time ends is left open, never taken for a proof.
    """

    has_processes: ClassVar[bool] = False

    study: str | Path = option(STRICT_STUDY, "A study by name, or a study file.")
    conflicts: int = option(
        3, "Conflicts that are looked for at most, one after another.", least=1, whole=True
    )

    def find(self, asked: Asking) -> Diagnosis:
        """The smallest sets that no plan can keep, and what to change."""
        return diagnose_inputs(asked, self.conflicts)

    def show(self, found: Diagnosis, asked: Asking) -> Document:
        """What conflicts and what would do, to be read."""
        return show_diagnosis(found, asked.facts(found, found.base))

    @property
    def folder_name(self) -> str:
        """As its files are called."""
        return "diagnosis"


diagnose = verb(Diagnose)

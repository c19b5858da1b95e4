"""What-ifs: the base plan and the plans of changed inputs, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cssopt.assembly.case import Case
from cssopt.assembly.changes import (
    change,
    check_names,
    join_scenarios,
    pick_scenarios,
    read_changes,
    read_steps,
)
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.standard_questions import EVERY_QUESTION
from cssopt.document.document import Document
from cssopt.errors import CallError
from cssopt.questions.common_options import Changes, NearBase, option
from cssopt.questions.question import Asking, question, verb
from cssopt.questions.whatif import standard
from cssopt.questions.whatif.find import compare_scenarios
from cssopt.questions.whatif.result import Comparison
from cssopt.questions.whatif.show import show_comparison
from cssopt.questions.whatif.standard import QUESTIONS, list_questions
from cssopt.tables.patch import Step

COMMAND_LINE = "command line"
"""Name of the scenario that `--set` makes."""

_KINDS = " ".join(f"{kind}: {text}" for kind, text in QUESTIONS.items())


@question("whatif", file="comparison")
@dataclass(frozen=True, kw_only=True)
class WhatIf(Changes, NearBase):
    """Compare the base plan with what-ifs: what was changed, and what it did.

    Without --scenario it compares all scenarios of the workbook and the file, but for --set and
    --ask alone. Scenarios that a script hands over are compared alone.
    """

    scenario: Sequence[str] = option((), "A scenario of the workbook or file. Default: all.")
    ask: Sequence[str] = option((), f'A standard question, or "{EVERY_QUESTION}". {_KINDS}')

    def check(self, asked: Asking) -> None:
        """That scenarios are known, and that the changes of ``--set`` can be made."""
        case = asked.inputs
        pick_questions(self.ask, case.folders)
        if not self._choose(case) and not self.ask:
            raise CallError(
                "There is no scenario: fill in the sheet scenarios, or use --set or --ask."
            )
        if self.changes:
            change(case, read_changes(self.changes, case))

    def find(self, asked: Asking) -> Comparison:
        """The plans of all scenarios."""
        case = asked.inputs
        kinds = pick_questions(self.ask, case.folders)
        answers = {kind: standard.ask(kind, asked.base) for kind in kinds}
        scenarios = join_scenarios(self._choose(case), *answers.values())
        comparison = compare_scenarios(asked, scenarios, self.nearness)
        return replace(comparison, unasked=tuple(kind for kind in kinds if not answers[kind]))

    def show(self, found: Comparison, asked: Asking) -> Document:
        """The scenarios side by side."""
        return show_comparison(found, asked.facts(found, found.base))

    def _choose(self, case: Case) -> dict[str, tuple[Step, ...]]:
        """The scenarios that are named, or every one, and that of ``--set``."""
        if isinstance(self.scenarios, Mapping):
            known = {name: read_steps(steps) for name, steps in self.scenarios.items()}
        else:
            known = self.find_scenarios(case)
        every = self.scenarios is not None or not (self.changes or self.ask)
        picked = pick_scenarios(known, self.scenario) if self.scenario or every else {}
        own = {COMMAND_LINE: read_changes(self.changes, case)} if self.changes else {}
        return join_scenarios(picked, own)


def pick_questions(kinds: Sequence[str], models: Sequence[str | Path] = ()) -> tuple[str, ...]:
    """The standard questions of these kinds, every one for ``all``; DataError for unknown ones.

    `models` are folders of one's own, with the questions that they add.
    """
    known = list_questions(find_model_folders(models))
    check_names(kinds, [*known, EVERY_QUESTION], "--ask", "is no standard question")
    return tuple(known) if EVERY_QUESTION in kinds else tuple(dict.fromkeys(kinds))


whatif = verb(WhatIf)

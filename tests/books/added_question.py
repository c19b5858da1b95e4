"""A question of somebody's own: what each member bears of the expenditure, in one file."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import cssopt.questions
from cssopt import cli
from cssopt.questions.question import DECLARED, QUESTIONS

ASK = '''"""What each member bears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cssopt.document.document import Chart, Column, Document, Sheet, Table
from cssopt.questions.common_options import Common, option
from cssopt.questions.question import Asking, question, verb
from cssopt.runs.solve_case import Solution


@question("weight")
@dataclass(frozen=True, kw_only=True)
class Weight(Common):
    """Tell what each member bears."""

    least: float = option(0.0, "Part of the whole from which on one counts.", most=1, share=True)
    years: Sequence[int] = option((), "Years that count.", least=1, whole=True)
    only: Sequence[str] = option((), "A member that is shown.")
    heaviest: bool = option(False, "The heaviest burden first.")
    remark: str | None = option(None, "What stands below.")

    def find(self, asked: Asking) -> Solution:
        """The plan."""
        return asked.base

    def show(self, found: Solution, asked: Asking) -> Document:
        """The burdens of its members."""
        if not found.has_plan:
            return Document("Weights", found.sentence, (), asked.facts(found, found), "bad")
        burden = found.figure("burden")
        whole = sum(burden.values())
        rows = [
            (m, x) for m, x in burden.items()
            if x >= self.least * whole and (not self.only or m in self.only)
        ]
        if self.heaviest:
            rows.sort(key=lambda row: -row[1])
        bears = Column("burden", "money", measure=found.data.horizon.money, total=True)
        table = Table("weights", (Column("member"), bears), tuple(rows), note=self.remark or "")
        chart = Chart("bars", "weights", "member", ("burden",), "Burdens")
        sheet = Sheet("Weights", "What each member bears.", (table, chart), on_screen=True)
        verdict = f"{len(rows)} members bear {whole:,.1f}."
        return Document("Weights", verdict, (sheet,), asked.facts(found, found))


weight = verb(Weight)
'''
INIT = '"""The question `weight`: what each member bears."""\n'


@contextmanager
def added(folder: Path) -> Iterator[Path]:
    """The question beside those that there are, while a block is running; gives its ``ask.py``."""
    own = folder / "questions" / "weight"
    own.mkdir(parents=True)
    for name, text in (("__init__.py", INIT), ("ask.py", ASK)):
        (own / name).write_text(text, encoding="utf-8")
    paths = [*cssopt.questions.__path__, str(own.parent)]
    importlib.invalidate_caches()
    try:
        with patch.object(cssopt.questions, "__path__", paths):
            importlib.import_module("cssopt.questions.weight.ask")
            yield own / "ask.py"
    finally:
        commands = cli.app.registered_commands
        commands[:] = [command for command in commands if command.name != "weight"]
        kind = QUESTIONS.pop("weight", None)
        DECLARED.pop(kind, None)
        for name in [name for name in sys.modules if name.startswith("cssopt.questions.weight")]:
            del sys.modules[name]
        vars(cssopt.questions).pop("weight", None)

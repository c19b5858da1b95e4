"""The questions `solve` and `compare`: a plan, and what it is compared with."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final

from cssopt import interrupt
from cssopt.assembly.component import find_objective
from cssopt.assembly.sharing_keys import say_key
from cssopt.document.document import Document
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.language import LANGUAGES
from cssopt.questions.common_options import Common, option
from cssopt.questions.plan.baseline import compare_with_standing_alone
from cssopt.questions.plan.opinions import read_opinions
from cssopt.questions.plan.pages.chosen_pages import find_member, name_parties
from cssopt.questions.plan.result import Comparison
from cssopt.questions.plan.show import Shown, show_plan
from cssopt.questions.question import Asking, question, verb
from cssopt.runs.solve_case import Solution, find_processes, solve_instance
from cssopt.solve.answer import Options
from cssopt.solve.other_solver import check_solver
from cssopt.tables.convert import quote

_LARGE: Final = 10_000
"""Columns above which further solves, each as long as the plan's own, are made only where they are
asked for."""


@dataclass(frozen=True, kw_only=True)
class Plan(Common):
    """What can be asked of one plan."""

    has_pages: ClassVar[bool] = True

    threads: int = option(1, "Threads of the solver.", least=1, most=1_000, whole=True)
    solver: str | None = option(
        None,
        "Another solver than HiGHS that Pyomo reaches and that is installed, such as cbc, scip, "
        "gurobi or cplex, for the plan. It tells no prices, and no saving of giving up security. "
        "--log is refused, and --gap and --threads where they do not reach it.",
    )
    shortfall_tolerance: float | None = option(
        None,
        "Part of the least missing share that may be given up for money: 0.01 for 1 %.",
        least=0,
        most=1,
        share=True,
    )
    key: str | None = option(
        None,
        "Key by which common costs are shared, of the workbook or of models/keys, in place of what "
        "the study says: --key cis_2009.",
    )

    language: str = option(
        "en", f"Language of words and numbers: {', '.join(LANGUAGES)}; names stay as typed."
    )

    opinions: Sequence[str | Path] = option(
        (),
        "A kept run of alternatives, frontier, whatif or sweep about the same workbook, as its "
        "folder or run record: the pages show what it says of the plan. May be repeated.",
        flag="--with",
    )

    brief: bool = option(
        False, "The decision page alone, and in the workbook the figures behind it."
    )
    annex: str | None = option(
        None, "The page of one member alone, by its code or its name: --annex NOR."
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.language not in LANGUAGES:
            known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
            text = f"{quote(self.language)} is no language of answers. Choose one of {known}."
            raise DataError([Issue("E-572", "--language", text)])

    def find_shown(self, asked: Asking) -> Shown:
        """How the answer is shown; raises as `read_opinions` and `find_member`."""
        annex = ""
        if self.annex is not None:
            names = name_parties(asked.inputs.data, asked.instance.coalition)
            annex = find_member(self.annex, names)
        opinions = read_opinions(self.opinions, asked.inputs, asked.instance)
        return Shown(language=self.language, opinions=opinions, brief=self.brief, annex=annex)

    @property
    def study_options(self) -> dict[str, Any]:
        """The key and the tolerance, where they are given."""
        given = {"key": self.key, "shortfall_tolerance": self.shortfall_tolerance}
        return {name: value for name, value in given.items() if value is not None}

    @property
    def folder_name(self) -> str:
        """The study: plans of one study replace each other."""
        return Path(self.study).name.removesuffix(".toml")

    def check(self, asked: Asking) -> None:
        """Study, coalition, key, solver, what other runs say and whose page is asked for; raises as
        `Instance.of`, `check_solver`, `read_opinions` and `find_member`."""
        if self.solver is not None:
            check_solver(self._set_solver(asked))
        self.find_shown(asked)

    def _solve(self, asked: Asking, concessions: float) -> Solution:
        """The plan, and in a program of at most so many columns what giving up a little of its
        security would save. Ctrl-C keeps the best one so far."""
        options = replace(self._set_solver(asked), keep_on_interrupt=True)
        solved = solve_instance(
            asked.inputs, asked.instance, options, concessions=concessions, tell=self.tell
        )
        return asked.keep_base(solved)

    def _set_solver(self, asked: Asking) -> Options:
        return replace(asked.solver, threads=self.threads, solver=self.solver or "")

    def _compare(self, plan: Solution, asked: Asking, **how: bool) -> Comparison:
        """The plan with the time of its baseline, and the baseline.

        In the command line there is none after Ctrl-C, and the plan is shown without it.
        """
        begun, folders = time.perf_counter(), asked.inputs.folders
        try:
            interrupt.check()
            baseline = compare_with_standing_alone(
                plan,
                find_objective("as secure as alone", folders),
                pooled_cost=find_objective("each alone", folders),
                processes=self.processes or find_processes(plan),
                tell=self.tell,
                **how,
            )
            interrupt.check()
        except KeyboardInterrupt:
            if not interrupt.came():
                raise
            return Comparison(plan)
        seconds = {**plan.seconds, "baseline": time.perf_counter() - begun}
        return Comparison(replace(plan, seconds=seconds), baseline)

    def _show(self, found: Comparison, asked: Asking) -> Document:
        facts = asked.facts(found, found.plan, doubts=self._note_key(asked))
        return show_plan(found.plan, found.baseline, facts, self.find_shown(asked))

    def _note_key(self, asked: Asking) -> list[Issue]:
        if self.key is None:
            return []
        case = asked.inputs
        told = say_key(case.data, asked.instance.study, case.folders)
        return [Issue("N-122", "--key", told)]


@question("solve", file="report", about="plan")
@dataclass(frozen=True, kw_only=True)
class Solve(Plan):
    """Find the plan that meets the threats at the least pooled expenditure, and report it.

    It is compared with what members would do alone where it is shown or written. What giving up a
    little of its security would save is worked out for programs of up to 10,000 columns; `compare`
    does always.
    """

    def find(self, asked: Asking) -> Solution:
        """The plan."""
        return self._solve(asked, _LARGE if self._is_read(asked) else 0)

    def show(self, found: Solution, asked: Asking) -> Document:
        """The plan, once it is compared: not where the command writes no file for anyone to read
        of it."""
        is_read = self._is_read(asked)
        return self._show(self._compare(found, asked) if is_read else Comparison(found), asked)

    def _is_read(self, asked: Asking) -> bool:
        return asked.command.get("formats") != ()


@question("compare", file="report", about="plan")
@dataclass(frozen=True, kw_only=True)
class Compare(Plan):
    """Show what acting together saves, link by link, and write it into the report."""

    saving_range: bool = option(
        False,
        "Also the least and the most that is saved, where members alone can choose between equally "
        "good plans.",
        flag="--range",
    )

    def find(self, asked: Asking) -> Comparison:
        """The plan, members alone, and the coalition at equal security, link by link."""
        plan = self._solve(asked, math.inf)
        return self._compare(plan, asked, ledger=True, saving_range=self.saving_range)

    def show(self, found: Comparison, asked: Asking) -> Document:
        """The plan, and what it saves."""
        return self._show(found, asked)


solve = verb(Solve)
compare = verb(Compare)

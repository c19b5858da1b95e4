"""Trade-offs: the front of pooled expenditure and other criteria."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cssopt.assembly.case import Case, load
from cssopt.assembly.changes import change, pick_scenarios, read_steps
from cssopt.assembly.component import Component
from cssopt.assembly.criteria import MOST_SPENT, add_criteria, find_expenditure
from cssopt.assembly.criteria import list_criteria as list_declared
from cssopt.assembly.folders import find_model_folders
from cssopt.document.document import Document
from cssopt.errors import CallError, DataError
from cssopt.issues import Issue
from cssopt.modeling.objective import Criterion
from cssopt.questions.common_options import Changes, option
from cssopt.questions.frontier.result import TradeOffs, find_trade_offs
from cssopt.questions.frontier.show import show_front
from cssopt.questions.question import Answer, Asking, question, verb
from cssopt.runs.solve_case import Solution, give_case_numbers
from cssopt.solution.near_plan import Persist, find_counting, measure_base
from cssopt.solution.run import run_program
from cssopt.tables.convert import quote
from cssopt.tables.nearest import find_doubled
from cssopt.tables.patch import Step

_TRADE: Final = "--trade"
_MOST_POINTS: Final = 1_000
_MOST_TOLD: Final = 3
"""Changes that are told beside the study."""


@question("frontier")
@dataclass(frozen=True, kw_only=True)
class Frontier(Changes):
    """Show what expenditure buys: the front of plans of which none is better in every respect.

    What the study's own stages hold, such as the missing share, is held at every point but for what
    is traded. With --scenario and --set the front is of the changed inputs.

    Attributes
    ----------
    near: the plan that changes are counted from, where it is none of a workbook.
    """

    trade: Sequence[str] = option(
        (),
        "What is traded off against expenditure, such as shortfall or burden. Without it, the "
        "criteria that there are are listed.",
    )
    points: int | None = option(
        None,
        "So many evenly spaced limits of each criterion. Default: the whole front where that can "
        "be (one criterion, and no whole numbers or one that counts whole numbers only), else 11.",
        least=2,
        most=_MOST_POINTS,
        whole=True,
    )
    scenario: str | None = option(None, "A scenario of the workbook or file: the front is of it.")
    base: str | Path | None = option(
        None,
        "A workbook whose plan changes are counted from. Default: the plan of the unchanged "
        "inputs.",
        read=Path,
    )
    near: Solution | Answer[Solution] | None = None

    def check(self, asked: Asking) -> None:
        """Raise CallError, which lists the criteria, where nothing is traded, and DataError for
        what cannot be."""
        case = asked.inputs
        money = find_expenditure(case.folders).name
        if not self.trade:
            raise CallError(_say_criteria(list_criteria(_find_models(case))))
        issues = []
        if money in self.trade:
            text = f'"{money}" is traded in every front. Name what it is traded against.'
            issues.append(Issue("E-530", _TRADE, text))
        for name in find_doubled(self.trade):
            issues.append(Issue("E-530", _TRADE, f"{quote(name)} is named twice. Name it once."))
        if (number := (self.points or 2) ** len(self.trade)) > _MOST_POINTS:
            text = (
                f"makes {number:,} points, more than {_MOST_POINTS:,}. Trade less, or ask for "
                "fewer."
            )
            issues.append(Issue("E-522", "--points", text))
        if self.scenarios is not None and self.scenario is None:
            text = "names scenarios, and none is asked for. Add --scenario NAME, or leave it out."
            issues.append(Issue("E-524", "--scenarios", text))
        if issues:
            raise DataError(issues, case.source)

    def find(self, asked: Asking) -> TradeOffs:
        """The points of the front."""
        steps = self._find_steps(asked.inputs)
        on = asked.on(change(asked.inputs, steps)[0]) if steps else asked
        folders = on.inputs.folders
        names = [find_expenditure(folders).name, *self.trade]
        study, criteria = add_criteria(on.instance.study, names, folders, _TRADE)
        counting = find_counting(study.components)
        near = None if counting is None else self._find_near(asked, counting, bool(steps))
        given = give_case_numbers(on.inputs, on.instance, asked.solver, self.tell)
        instance = replace(given, study=study)
        if near is not None:
            instance = instance.with_given(measure_base(near, Persist(0.0, None)))
        if not all(criterion.thrifty for criterion in criteria):
            instance = instance.with_given({MOST_SPENT: math.inf})
        plan, program = run_program(instance, asked.solver, tell=self.tell)
        seconds = {**on.inputs.seconds, **plan.seconds}
        base = asked.keep_base(Solution.of(plan, seconds=seconds, case=on.inputs))
        options = asked.solver.begin_questions(sum(plan.seconds.values()))
        # Of a front that is cut short the points so far are an answer.
        options = replace(options, keep_on_interrupt=True)
        return find_trade_offs(
            base, instance, program, criteria, options, points=self.points, tell=self.tell
        )

    def _find_steps(self, case: Case) -> tuple[Step, ...]:
        """The steps of the scenario, and then those of --set."""
        steps: Sequence[Step] = ()
        if self.scenario is not None:
            (steps,) = pick_scenarios(self.find_scenarios(case), [self.scenario]).values()
        return (*steps, *read_steps(self.changes))

    def _find_near(self, asked: Asking, counting: Component, is_changed: bool) -> Solution:
        """The plan that changes are counted from; DataError (E-531) where there is none."""
        if self.near is not None:
            return self.near.found if isinstance(self.near, Answer) else self.near
        if self.base is not None:
            return asked.on(load(self.base, _find_models(asked.inputs))).base
        if is_changed:
            return asked.base
        names = ", ".join(criterion.name for criterion in counting.criteria)
        text = (
            f'"{names}" counts from a base plan, and the cheapest plan changes nothing against '
            "itself. Change the inputs (--set, --scenario): it counts from the plan of the "
            "unchanged ones. Or name another workbook with --base."
        )
        raise DataError([Issue("E-531", _TRADE, text)], asked.inputs.source)

    def show(self, found: TradeOffs, asked: Asking) -> Document:
        """The front, to be read."""
        on = asked.on(found.base.case or asked.inputs)
        return show_front(found, on.facts(found, found.base, scope=self._tell_changes()))

    def _tell_changes(self) -> str:
        """What was changed before the front was looked for; empty for nothing."""
        told = [f"scenario {self.scenario}"] if self.scenario is not None else []
        told += map(str, self.changes[:_MOST_TOLD])
        left = len(self.changes) - _MOST_TOLD
        return "; ".join([*told, *([f"{left:,} more changes"] if left > 0 else [])])


def list_criteria(models: Sequence[str | Path] = ()) -> dict[str, Criterion]:
    """What may be traded off against expenditure, by name, with what each is.

    Parameters
    ----------
    models : Sequence[str | Path], default ()
        Folders of model files of your own, put in front of ours. They run as code.

    Returns
    -------
    dict[str, Criterion]
        What each says and counts.
    """
    folders = find_model_folders(models)
    money = find_expenditure(folders).name
    return {name: one for name, one in list_declared(folders).items() if name != money}


def _find_models(case: Case) -> Sequence[Path]:
    """The model folders of a case that stand in front of our own, which is the last."""
    return case.folders[:-1]


def _say_criteria(criteria: Mapping[str, Criterion]) -> str:
    told = [f"  {name}: {criterion.says}" for name, criterion in criteria.items()]
    return "\n".join(["Say with --trade what is traded off against expenditure:", *told])


frontier = verb(Frontier)

"""Tipping points: the values of one quantity at which the plan changes its structure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from cssopt.assembly.case import Case
from cssopt.document.document import Document
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.common_options import REQUIRED, Common, option
from cssopt.questions.question import Asking, question, verb
from cssopt.questions.tipping.brackets import Bracket, find_brackets, find_runs, make_grid
from cssopt.questions.tipping.result import TippingPoint, TippingPoints
from cssopt.questions.tipping.show import show_tipping
from cssopt.questions.tipping.ties import Without, WithoutElementTest, find_test
from cssopt.runs.outcome import Outcome, Run, leave
from cssopt.runs.structure import PLAN
from cssopt.runs.vary import MOST_RUNS, Variation
from cssopt.runs.vary_texts import read_variations
from cssopt.runs.worker import Worker
from cssopt.solution.run import ProgressCallback
from cssopt.solution.steps import NumberedStep
from cssopt.solve.answer import is_unfinished


@question("tipping")
@dataclass(frozen=True, kw_only=True)
class Tipping(Common):
    """Find the values of one quantity at which the plan changes its structure, by bisection.

    A force is bought, a member stops delegating, a body is founded, a threat is no longer met,
    there is no plan at all. Runs start warm, one after another; one that fails is kept with its
    reason.
    """

    vary: str = option(
        REQUIRED,
        "What is varied, and its range: table[column=value].column*=0.5..2. = sets, *= scales, += "
        "adds. Of cells that hold whole numbers only whole numbers are looked at.",
    )
    points: int = option(
        9, "Of the coarse grid over the range.", least=2, most=MOST_RUNS, whole=True
    )
    tolerance: float = option(
        1e-4,
        "Width down to which each change is narrowed, as a share of the range; whole numbers are "
        "narrowed down to neighbors.",
        least=1e-9,
        most=1,
        share=True,
    )
    ties: bool = option(
        True,
        "Solve the plan without each element that begins or ends, to tell ties from needs.",
        flag="--ties/--no-ties",
    )
    has_processes: ClassVar = False

    def check(self, asked: Asking) -> None:
        """Raise DataError for what is no range."""
        self._read_range(asked.inputs)

    def find(self, asked: Asking) -> TippingPoints:
        """Every element that begins or ends, and between which values."""
        case, variation, base = asked.inputs, self._read_range(asked.inputs), asked.base
        specification = asked.specify(base.options.begin_questions(sum(base.seconds.values())))
        assert variation.span is not None
        (low, high), whole = variation.span, variation.whole
        grid = make_grid(low, high, self.points, whole=whole)
        width = 1.0 if whole else self.tolerance * (high - low)
        runs: dict[float, Run] = {}
        worker = Worker(specification, case.folders, base.solved.bases)
        evaluate = _make_evaluate(worker, variation, runs, len(grid), self.tell)
        found = find_runs(evaluate, grid, width, whole=whole, tell=self.tell)
        brackets = find_brackets(found, width)
        tested: Mapping[int, Without] = {}
        if self.ties:
            test = WithoutElementTest(specification, case.folders, base.solved.bases)
            tested = _solve_without(test, brackets, grid, runs, self.tell)
        outcomes = {value: (runs[value], outcome) for value, outcome in found.items()}
        tips = tuple(TippingPoint(**vars(b), without=tested.get(i)) for i, b in enumerate(brackets))
        return TippingPoints(base, variation.label, grid, whole, width, outcomes, tips)

    def _read_range(self, case: Case) -> Variation:
        """The one quantity and its range; DataError where it is none."""
        (variation,) = read_variations([self.vary], case.data)
        if variation.span is None:
            text = (
                "lists values, and tipping points are looked for in a range. Write "
                "LEAST..GREATEST, such as requirements.level*=0.5..2."
            )
            raise DataError([Issue("E-520", f"--vary {self.vary}", text)], case.source)
        return variation

    def show(self, found: TippingPoints, asked: Asking) -> Document:
        """The tipping points, to be read."""
        return show_tipping(found, asked.facts(found, found.base))


def _make_evaluate(
    worker: Worker,
    variation: Variation,
    runs: dict[float, Run],
    points: int,
    tell: ProgressCallback,
) -> Callable[[float], Outcome]:
    """What solves the plan of a value, from where the last one ended; `runs` gets each run.

    The first so many `points` are those of the grid; how many follow nobody knows.
    """

    def evaluate(value: float) -> Outcome:
        point = {variation.label: value}
        run = Run(str(len(runs) + 1), variation.steps(value), point, audited=True)
        runs[value] = run
        outcome = worker.run(run)
        if is_unfinished(outcome.reason):
            # What such a plan has is chance, and would begin and end here.
            outcome = leave(outcome.reason)
        about, done = f"{variation.label} {value:.9g} {outcome.status}", len(runs)
        if done <= points:
            tell(NumberedStep("grid point", done, points, about, done=done))
        else:
            tell(NumberedStep("solve", done, about=about, done=done))
        return outcome

    return evaluate


def _solve_without(
    test: WithoutElementTest,
    brackets: Sequence[Bracket],
    grid: Sequence[float],
    runs: Mapping[float, Run],
    tell: ProgressCallback,
) -> dict[int, Without]:
    """By number of the bracket, the plan without what begins or ends; see `ties`."""
    tests = {i: find_test(b, grid) for i, b in enumerate(brackets) if b.element != PLAN}
    asked: dict[float, list[int]] = {}
    for number, at in tests.items():
        asked.setdefault(at, []).append(number)
    found: dict[int, Without] = {}
    for count, (at, numbers) in enumerate(sorted(asked.items()), start=1):
        tell(NumberedStep("plan without what begins or ends", count, len(asked)))
        elements = list(dict.fromkeys(brackets[number].element for number in numbers))
        solved = test.solve(runs[at], at, elements)
        found |= {number: solved[brackets[number].element] for number in numbers}
    return found


tipping = verb(Tipping)

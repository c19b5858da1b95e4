"""A search for whole numbers part by part, for programs that are too large for one search.

From a first plan (see `first_plan`) one neighborhood after another is searched (see
`neighborhoods`), all else being as it is, as in local branching (Fischetti and Lodi 2003) and fix
and optimize (Helber and Sahling 2010). That goes on in rounds: the neighborhoods of a round are
searched from the same plan, side by side, and what they find is put together in an order of their
own. So the plan does not depend on who is done first, nor on how many work. What is taken is a plan
of the LP that its whole numbers leave, over all rules: a part only proposes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

from cssopt.solve.answer import Options, Weighted
from cssopt.solve.program import Floats, Program
from cssopt.solve.watching import SolveState, find_watcher, watch
from cssopt.solve.whole.first_plan import find_first_plan
from cssopt.solve.whole.neighborhoods import NONE, Kind, find_kinds, find_loosest
from cssopt.solve.whole.part import BROKEN, Mask, Part, Whole, find_missed, make_program
from cssopt.solve.whole.weights import Objective
from cssopt.solve.whole.work import FINE, ROUGH, Task, Work, improve

_MANY, _LARGE = 800, 10_000
"""Whole numbers and decisions from which a search by parts comes first: far fewer are proven in the
time that it takes."""

ROUND = 4
"""Neighborhoods of a round: as many whatever the machine, so that its plan is the same."""

_PASSES = ((1, ROUGH), (1, FINE), (2, FINE), (4, FINE))
"""How many neighboring values are free together, and how exactly they are searched, once the pass
before brings nothing more."""

_PROOF, _STAGES = 0.3, 0.15
"""Parts of the time limit that are for the proof of how good a plan is, and for its stages one by
one."""

_LEAST = 2.0
"""Where such a part is less than so many times what the plan with fractions took, nothing would
come of it: the search takes it too."""

_WORTH = 1e-4
"""Part of the value that going through all neighborhoods must bring to do so again."""

Map = Callable[[Sequence[Task]], list[Floats | None]]
"""Works on all tasks of a round, and gives what each has found, in their order; KeyboardInterrupt
where Ctrl-C came meanwhile."""


def is_large(program: Program) -> bool:
    """True where a search by parts comes before the proof."""
    return int(program.whole.sum()) >= _MANY and len(program.columns) >= _LARGE


@dataclass(frozen=True)
class Found:
    """What a search by parts has found.

    Attributes
    ----------
    plan: it keeps every rule, its whole numbers being exactly whole; None where none was found.
    weighted: what its stages come to together. least: what the first of them is at least.
    cancelled: True where Ctrl-C ended the search. seconds: how long it took.
    """

    plan: Floats | None
    weighted: Weighted
    least: float
    cancelled: bool
    seconds: float


def map_here(tasks: Sequence[Task]) -> list[Floats | None]:
    """Work on one task after another."""
    return [improve(task) for task in tasks]


_mapped_by: ContextVar[Map] = ContextVar("mapped_by", default=map_here)


@contextmanager
def mapped_by(work_on: Map) -> Iterator[None]:
    """Let rounds in this block be worked on so: side by side, say."""
    token = _mapped_by.set(work_on)
    try:
        yield
    finally:
        _mapped_by.reset(token)


def find_plan(program: Program, options: Options) -> Found:
    """A good plan with whole numbers, and how good it is proven to be."""
    return _Search(program, options, _mapped_by.get()).run()


class _Search:
    def __init__(self, program: Program, options: Options, work_on: Map) -> None:
        self._program = program
        self._options = options
        self._work = Work(options)
        self._for_proof = self._for_stages = 0.0
        self._work_on = work_on
        self._objective = Objective.of(program)
        self._bound = self._least = -math.inf
        self._hear = find_watcher()

    def run(self) -> Found:
        with watch(None):
            plan = self._find()
            if plan is not None and not self._work.cancelled:
                plan = self._prove(plan)
        value = math.nan if plan is None else self._objective.value_of(plan)
        weighted = Weighted(self._objective.weights, value, self._bound)
        return Found(plan, weighted, self._least, self._work.cancelled, self._work.seconds)

    def _find(self) -> Floats | None:
        program, objective = self._program, self._objective
        self._everything = make_program(
            program.matrix,
            (program.row_lower, program.row_upper),
            (program.lower, program.upper),
            program.whole,
            objective.costs,
            objective.constant,
        )
        kinds = find_kinds(program)
        relaxed = self._work.relax(self._everything, Objective.of_first(program))
        if relaxed is None:
            return None
        self._bound, self._least = relaxed.value, relaxed.least
        if not kinds:
            return None
        self._tell(math.nan)
        self._divide_time(relaxed.seconds)
        # More than one unit of any rule can be worth, as far as a plan with fractions tells.
        self._whole = Whole(program, objective, max(1.0, abs(relaxed.value)))
        # What has least in common with others gains most by itself, so it comes first.
        kinds.insert(0, kinds.pop(kinds.index(find_loosest(kinds, program))))
        self._plan = find_first_plan(self._whole, relaxed.plan, kinds[0], self._work)
        self._tell(self._measure(self._plan))
        for width, self._gap in _PASSES:
            while not self._is_over:
                before = self._measure(self._plan)
                for kind in kinds:
                    around = kind.list_free(min(width, kind.count))
                    self._go_through([free for free in around if program.whole[free].any()])
                    self._mend(kinds[0])
                if before - self._measure(self._plan) <= _WORTH * abs(before):
                    break
        return self._plan if self._whole.broken(self._plan) == 0 else None

    def _divide_time(self, seconds: float) -> None:
        """Keep time for what comes after the search, where that can come to anything."""
        limit = self._options.time_limit
        if limit is not None:
            parts = [part * limit for part in (_PROOF, _STAGES)]
            kept = [part if part >= _LEAST * seconds else 0.0 for part in parts]
            self._for_proof, self._for_stages = kept

    @property
    def _left(self) -> Options:
        """The options of what is searched next: all of the time is for that until there is a plan,
        as nothing can be said of how good none is."""
        left = self._work.options
        if self._whole.broken(self._plan) > 0:
            return left
        return left.after(self._for_proof + self._for_stages)

    @property
    def _is_over(self) -> bool:
        """True where the time for the search is up."""
        return self._work.is_over or self._left.time_limit == 0

    def _prove(self, plan: Floats) -> Floats:
        """Let HiGHS cut off what no whole numbers reach, and take a better plan that it finds."""
        limit = self._options.time_limit
        if limit is not None and not self._for_proof:
            return plan
        within = self._work.options.after(self._for_stages)
        found, bound = self._work.prove(self._everything, plan, within)
        self._bound = max(self._bound, bound)
        if found is not None and self._whole.broken(found) == 0:
            self._take(found)
        return self._plan

    def _measure(self, plan: Floats) -> float:
        """What is made small: the weighted sum, and above all what is missed of rules."""
        missed = self._whole.price * self._whole.broken(plan)
        return self._objective.value_of(plan) + missed

    def _go_through(self, neighborhoods: list[Mask]) -> None:
        """Search all neighborhoods of one kind, and settle what can be had in fractions."""
        changed = False
        for begin in range(0, len(neighborhoods), ROUND):
            if self._is_over:
                return
            changed |= self._search_round(neighborhoods[begin : begin + ROUND])
        if changed and not self._work.is_over:
            self._take(self._work.settle(self._whole, self._plan, ~self._program.whole))

    def _mend(self, kind: Kind) -> None:
        """Search again around what misses rules, while that brings anything."""
        program = self._program
        while not self._is_over:
            before = self._measure(self._plan)
            missed = find_missed(program, self._plan) > BROKEN * self._whole.sizes
            places = np.unique(kind.codes[program.matrix[np.flatnonzero(missed), :].indices])
            self._go_through([kind.free(place) for place in places.tolist() if place != NONE])
            if self._measure(self._plan) >= before:
                return

    def _search_round(self, neighborhoods: list[Mask]) -> bool:
        """Search neighborhoods from the same plan, and take what they find together."""
        options = self._left
        parts = [self._whole.cut_out(free, self._plan) for free in neighborhoods]
        try:
            found = self._work_on([Task(part, options, self._gap) for part in parts])
        except KeyboardInterrupt:
            if not options.keep_on_interrupt:
                raise
            self._work.cancelled = True
            return False
        better = [
            (part, part.put_back(plan, self._plan), free)
            for part, plan, free in zip(parts, found, neighborhoods, strict=True)
            if plan is not None
        ]
        better.sort(key=lambda each: self._measure(each[1]))
        changed = self._put_together(better)
        self._tell(self._measure(self._plan))
        return changed

    def _put_together(self, better: list[tuple[Part, Floats, Mask]]) -> bool:
        """Take the best of some plans, and with it those that change other whole numbers."""
        if not better:
            return False
        before, whole = self._plan, self._program.whole
        changed = self._take(better[0][1])
        taken = (better[0][1] != before) & whole
        chosen = [better[0]]
        for each in better[1:]:
            own = (each[1] != before) & whole
            if not (own & taken).any():
                taken |= own
                chosen.append(each)
        while len(chosen) > 1 and not self._work.is_over:
            together, free = before.copy(), np.zeros(len(before), dtype=bool)
            for _, plan, around in reversed(chosen):
                moved = plan != before
                together[moved] = plan[moved]
                free |= around
            if self._take(self._work.settle(self._whole, together, free & ~whole)):
                return True
            chosen = chosen[: (len(chosen) + 1) // 2]
        return changed

    def _take(self, plan: Floats) -> bool:
        """Take a plan that is better."""
        if self._measure(plan) >= self._measure(self._plan):
            return False
        self._plan = plan
        return True

    def _tell(self, value: float) -> None:
        """Let whoever waits know how far it is."""
        if self._hear is not None:
            seconds = self._work.seconds
            self._hear(SolveState("all stages together", seconds, value, self._bound))

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
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

from cssopt.solve.answer import PROVEN_GAP, Options, Weighted, relative_gap
from cssopt.solve.program import Floats, Program
from cssopt.solve.watching import SolveState, find_watcher, watch
from cssopt.solve.whole.first_plan import find_first_plan
from cssopt.solve.whole.neighborhoods import NONE, Kind, find_kinds, find_loosest
from cssopt.solve.whole.part import BROKEN, Mask, Part, Whole, aim, find_missed, put_together
from cssopt.solve.whole.weights import Objective
from cssopt.solve.whole.work import FINE, ROUGH, Alone, Crew, Proof, Task, Work

_MANY, _LARGE = 800, 10_000
"""Whole numbers and decisions from which a search by parts comes first: far fewer are proven in the
time that it takes."""

ROUND = 4
"""Neighborhoods of a round: as many whatever the machine, so that its plan is the same."""

_PASSES = ((1, ROUGH), (1, FINE), (2, FINE), (4, FINE))
"""How many neighboring values are free together, and how exactly they are searched, once the pass
before brings nothing more."""

_PROOF = 0.3
"""Part of the time limit that is for the proof of how good a plan is, where it does not go on
beside the search. Nothing is kept for the stages one by one: they take what the search leaves."""

_LEAST = 2.0
"""Where that is less than so many times what the plan with fractions took, nothing would
come of it: the search takes it too."""

_FIRST = 10.0
"""Where the time limit is less than so many times what the plan with fractions took, nothing of it
is for what the first stage is at least: that takes about as long, and no plan is better for it."""

_WORTH = 1e-4
"""Part of the value that going through all neighborhoods must bring to do so again."""


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


_crew: ContextVar[Crew | None] = ContextVar("crew", default=None)


@contextmanager
def worked_by(crew: Crew) -> Iterator[None]:
    """Let searches in this block be worked on so: side by side, say."""
    token = _crew.set(crew)
    try:
        yield
    finally:
        _crew.reset(token)


def find_plan(program: Program, options: Options) -> Found:
    """A good plan with whole numbers, and how good it is proven to be."""
    return _Search(program, options, _crew.get() or Alone()).run()


class _Search:
    def __init__(self, program: Program, options: Options, crew: Crew) -> None:
        self._program = program
        self._options = options
        self._work = Work(options)
        self._for_proof = 0.0
        self._crew = crew
        self._is_proof_begun = False
        self._objective = Objective.of(program)
        self._bound = self._least = -math.inf
        self._hear = find_watcher()

    def run(self) -> Found:
        with watch(None):
            plan = self._find()
            if plan is not None and not self._work.cancelled:
                self._finish_proof()
            if self._work.cancelled:
                # At Ctrl-C no proof is waited for, but what is proven by then counts.
                self._bound = self._bound_so_far
        value = math.nan if plan is None else self._objective.value_of(plan)
        weighted = Weighted(self._objective.weights, value, self._bound)
        return Found(plan, weighted, self._least, self._work.cancelled, self._work.seconds)

    def _find(self) -> Floats | None:
        program, work = self._program, self._work
        relaxed = self._relax()
        kinds = find_kinds(program)
        if relaxed is None or not kinds:
            return None
        # More than one unit of any rule can be worth, as far as a plan with fractions tells.
        self._whole = Whole(program, self._objective, max(1.0, abs(self._bound)))
        loosest = find_loosest(kinds, program)
        try:
            self._plan = find_first_plan(self._whole, relaxed, loosest, work, self._crew)
        except KeyboardInterrupt:
            self._cancel()
            return None
        self._tell(self._objective.value_of(self._plan))
        # The plan is made of the best that each of these has: they gain least.
        kinds = [*(kind for kind in kinds if kind is not loosest), loosest]
        for width, self._gap in _PASSES:
            while not self._is_over:
                before = self._measure(self._plan)
                for kind in kinds:
                    self._begin_proof()
                    around = kind.list_free(min(width, kind.count))
                    self._go_through([free for free in around if program.whole[free].any()])
                    self._mend(loosest)
                if before - self._measure(self._plan) <= _WORTH * abs(before):
                    break
        return self._plan if self._whole.broken(self._plan) == 0 else None

    def _relax(self) -> Floats | None:
        """The plan with fractions, and what it tells of all others; None where none was found."""
        program, limit = self._program, self._options.time_limit
        relaxed = self._work.relax(program, self._objective)
        if relaxed is None:
            return None
        self._bound = relaxed.value
        self._tell(math.nan)
        if limit is None or _FIRST * relaxed.seconds <= limit:
            self._least = self._work.go_on(relaxed, Objective.of_first(program))
        # For the proof, where it waits for the end and can come to anything.
        kept = 0.0 if limit is None or self._crew.is_aside else _PROOF * limit
        self._for_proof = kept if kept >= _LEAST * relaxed.seconds else 0.0
        return relaxed.plan

    @property
    def _left(self) -> Options:
        """The options of what is searched next: all of the time is for that until there is a plan,
        as nothing can be said of how good none is."""
        left = self._work.options
        if self._whole.broken(self._plan) > 0:
            return left
        return left.after(self._for_proof)

    @property
    def _is_over(self) -> bool:
        """True where the time for the search is up."""
        return self._work.is_over or self._left.time_limit == 0 or self._is_proven

    @property
    def _is_proven(self) -> bool:
        """True where the proof beside the search has shown that no plan is better."""
        if not self._is_proof_begun or self._whole.broken(self._plan) > 0:
            return False
        return relative_gap(self._objective.value_of(self._plan), self._crew.known) <= PROVEN_GAP

    @property
    def _bound_so_far(self) -> float:
        """What no plan is below, as far as it is known by now."""
        return max(self._bound, self._crew.so_far) if self._is_proof_begun else self._bound

    def _begin_proof(self) -> None:
        """Let HiGHS cut off what no whole numbers reach, once there is a plan."""
        if not self._is_proof_begun and self._whole.broken(self._plan) == 0:
            program = aim(self._program, self._objective)
            self._crew.begin(Proof(program, self._plan, self._work.options.by_the_clock))
            self._is_proof_begun = True

    def _finish_proof(self) -> None:
        """Take the bound that was proven."""
        self._begin_proof()
        limit = self._options.time_limit
        if limit is not None and not self._for_proof and not self._crew.is_aside:
            return
        try:
            self._bound = max(self._bound, self._crew.finish())
        except KeyboardInterrupt:
            self._cancel()

    def _cancel(self) -> None:
        """Keep what is known at Ctrl-C, or raise KeyboardInterrupt where nothing is to be kept."""
        if not self._options.keep_on_interrupt:
            raise KeyboardInterrupt
        self._work.cancelled = True

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
            found = self._crew.work([Task(part, options, self._gap) for part in parts])
        except KeyboardInterrupt:
            self._cancel()
            return False
        better = [
            (part, part.put_back(plan, self._plan), free)
            for part, plan, free in zip(parts, found, neighborhoods, strict=True)
            if plan is not None
        ]
        now = self._measure(self._plan)
        better = [each for each in better if self._measure(each[1]) < now]
        better.sort(key=lambda each: self._measure(each[1]))
        changed = self._put_together(better)
        self._tell(self._objective.value_of(self._plan))
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
            together = put_together(before, [plan for _, plan, _ in chosen])
            free = np.any([around for _, _, around in chosen], axis=0)
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
            bound = self._bound_so_far
            self._hear(SolveState("all stages together", seconds, value, bound))

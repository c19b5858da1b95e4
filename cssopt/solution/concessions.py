"""What giving up a little more of what is held first would save.

Where the last crumbs of security are dear, a plan that stops just short of them can be much
cheaper. Each share is a solve of its own: the dual at the plan tells only what the first trifle
saves, and its slope can fall a thousandfold within a thousandth.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from cssopt.solution.steps import NumberedStep
from cssopt.solution.verdicts import Auditor, Verdict
from cssopt.solve.answer import Options, Solved, severity
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.solve.warm.carried_basis import CarriedBasis, Limits, find_start

_NOTHING = 1e-6
"""A value this small leaves nothing of which a share could be given up."""


@dataclass(frozen=True)
class Concession:
    """A plan that holds less of what is held first.

    Attributes
    ----------
    held: name of what is held. share: of its least, by which it may exceed it.
    most: what it may come to. value: of what is minimised last, million; nan where not known.
    bound: proven of it. saves: against the plan chosen, million; less than 0 for a stricter one.
    status: of the solve. chosen: True for the share that the study chose itself.
    verdict: of the audit of its plan.
    """

    held: str
    share: float
    most: float
    value: float
    bound: float
    saves: float
    status: Status
    chosen: bool = False
    verdict: Verdict = None

    @property
    def is_known(self) -> bool:
        """True where the saving is proven."""
        return self.status is Status.OPTIMAL


def find_concessions(
    program: Program,
    solved: Solved,
    options: Options,
    auditor: Auditor,
    tell: Callable[[str], None] = lambda _step: None,
    *,
    is_asked: bool = True,
) -> tuple[Concession, ...]:
    """What each share that the objective names would save; the chosen one first, then further ones.

    Empty where the plan is not proven, or where there is nothing to give up. `options` hold what is
    left of the time limit for all of them together; `auditor` audits their plans. Each is a solve
    as long as the plan's own: where none `is_asked` for there is only what the study chose itself.
    """
    place = next((n for n, s in enumerate(program.stages) if _names_shares(program, n)), None)
    if place is None or solved.status is not Status.OPTIMAL or solved.values is None:
        return ()
    (held,) = (held for held in program.stages[place].holds if held.give_up)
    least = solved.stages[place].value
    if least <= _NOTHING:
        return ()
    asker = _Asker(program, solved, options, place)
    chosen, own = held.allowance, solved.stages[-1]
    kept = Concession(
        held.name, chosen, held.limit(least), own.value, own.bound, 0.0, own.status, chosen=True
    )
    if not is_asked:
        return (kept,) if chosen else ()
    shares = [0.0] if chosen else []
    shares += [chosen + more for more in held.give_up]
    found = []
    for number, share in enumerate(shares, start=1):
        about = f"{100 * share:g} % more {held.name.replace('_', ' ')} than the least"
        tell(NumberedStep("what giving up security would save", number, len(shares), about))
        most = least + share * abs(least)
        last, status = asker.ask(most)
        value, bound, verdict = math.nan, -math.inf, None
        if last.values is not None:
            value, bound = last.stages[-1].value, last.bound
            verdict = auditor.audit(program, last.values)
        saves = own.value - value
        one = Concession(held.name, share, most, value, bound, saves, status, verdict=verdict)
        found.append(one)
    if not chosen:
        return tuple(found)
    strict, *more = found
    return (strict, kept, *more)


def _names_shares(program: Program, number: int) -> bool:
    is_last = number == len(program.stages) - 1
    return not is_last and any(held.give_up for held in program.stages[number].holds)


class _Asker:
    """Solves the stages after one again, with that held less tightly."""

    def __init__(self, program: Program, solved: Solved, options: Options, place: int) -> None:
        self._program = program
        self._place = place
        self._options = options
        self._start = find_start(program, solved, options)
        self._similar = CarriedBasis(program, self._start, options)
        self._seconds = 0.0

    def ask(self, most: float) -> tuple[Solved, Status]:
        """The answer of the last stage, and the worst status of the stages asked."""
        program, place = self._program, self._place
        holds = program.stages[place].holds
        own = tuple(
            most if held.give_up else limit
            for held, limit in zip(holds, self._start.limits[place], strict=True)
        )
        limits: Limits = (*self._start.limits[:place], own)
        similar = self._similar.within(self._options.after(self._seconds))
        answers = similar.solve_stages(program, limits, share_time=True)
        self._seconds += sum(solved.seconds for solved in answers)
        last = answers[-1]
        if last.values is None:
            return last, last.status
        return last, max((solved.status for solved in answers), key=severity)

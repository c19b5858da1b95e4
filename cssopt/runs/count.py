"""How far many solves are, told as each of them ends or begins."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import count

from cssopt.runs.outcome import Outcome, Run
from cssopt.solution.run import ProgressCallback
from cssopt.solution.steps import NumberedStep
from cssopt.solve.outcome import Status

_ANSWERS = (Status.OPTIMAL, Status.FEASIBLE, Status.INFEASIBLE)


def count_runs(
    tell: ProgressCallback, what: str, of: int, name: Callable[[Run], str] | None = None
) -> Callable[[Run, Outcome, bool], None]:
    """What hears each run that ended, and whether it was kept from before, and tells how many have.

    `name`: what a run is called; None where only those without an answer are told.
    """
    number, failed = count(1), 0

    def hear(run: Run, outcome: Outcome, reused: bool) -> None:
        nonlocal failed
        failed += outcome.status not in _ANSWERS
        about = [] if name is None else [f"{name(run)} {outcome.status}"]
        about += [f"{failed:,} failed"] if failed else []
        done = next(number)
        tell(NumberedStep(what, done, of, ", ".join(about), done=done, is_timed=not reused))

    return hear


def count_items(
    tell: ProgressCallback, what: str, of: int, processes: int, until: float = math.inf
) -> Callable[[str], None]:
    """What hears the name of each item of a pool, and tells which it is.

    With one process an item is heard before its work, and with several after it. `until`: when a
    limit ends all of them (`time.perf_counter`).
    """
    number = count(1)

    def hear(name: str) -> None:
        place = next(number)
        if of == 1:
            tell(name)
            return
        done = place if processes > 1 else place - 1
        tell(NumberedStep(what, place, of, name, done=done, until=until))

    return hear

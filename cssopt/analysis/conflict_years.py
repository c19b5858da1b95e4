"""Where and when power is missing at the least: what a conflict over needs comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cssopt.analysis.conflict_checks import Checks
from cssopt.solution.plan import MET
from cssopt.solve.highs import solve_program
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.tables.data import Key
from cssopt.tables.patch import Step

_MOST_OF_ALL = 0.25
"""Part of what is left of the time of all checks that the search for what is missing may take."""


@dataclass(frozen=True)
class Missing:
    """Power that no plan can bring to bear in a year, where as little as possible is missing.

    Attributes
    ----------
    need: key of the row that asks for it: threat, capability, day.
    year: in which it is missing. asked: power that the year needs. missing: power, of that.
    """

    need: Key
    year: int
    asked: float
    missing: float

    @property
    def share(self) -> float:
        """Missing share of what is asked for."""
        return self.missing / self.asked


def find_missing(
    checks: Checks, steps: tuple[Step, ...], *, proven: bool = True
) -> tuple[Missing, ...]:
    """What the plan of least shortfall is short of, once these steps are taken.

    With `proven` nothing is told of a plan that a limit ended: less might be missing. Nothing
    either where it is short of nothing, where the study knows no needs, and where there is no plan
    even with shortfall. One of several plans that miss equally much in all.
    """
    if checks.options.is_over:
        return ()
    program = checks.programs.compile_least_shortfall(steps)
    if program is None:
        return ()
    options = checks.options.sharing(_MOST_OF_ALL)
    solved = solve_program(replace(program, stages=program.stages[:1]), options)
    if solved.values is None or solved.figures is None:
        return ()
    if proven and solved.status is not Status.OPTIMAL:
        return ()
    return list_missing(program, solved.values, solved.figures)


def list_missing(program: Program, plan: Floats, figures: Floats) -> tuple[Missing, ...]:
    """What a plan with these figures is short of."""
    found = []
    for (_, name, key), value in zip(program.columns, plan.tolist(), strict=True):
        if name == "shortfall":
            asked = float(figures[program.figures["figure", "need", key]])
            if value > MET * max(asked, MET):
                found.append(Missing(key[:-1], key[-1], asked, value))
    return tuple(found)

"""Where and when power is missing at the least: what a conflict over needs comes to."""

from __future__ import annotations

from dataclasses import replace

from cssopt.questions.diagnosis.checks import Checks
from cssopt.solution.missing import Missing, list_missing
from cssopt.solve.outcome import Status
from cssopt.solve.stages import solve_program
from cssopt.tables.patch import Step

_MOST_OF_ALL = 0.25
"""Part of what is left of the time of all checks that the search for what is missing may take."""


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
    need = checks.programs.instance.study.need
    return list_missing(program, solved.values, solved.figures, need)

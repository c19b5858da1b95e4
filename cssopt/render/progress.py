"""How far a question is, told while it is asked: on a terminal in one line, else now and then.

It goes to standard error, as all that is no part of an answer.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Any, Final, Self

from cssopt.render.screen import Screen
from cssopt.solution.steps import NumberedStep
from cssopt.solve.watching import SolveState, say_step, watch

SILENCE: Final = 30.0
"""Seconds between two lines where there is no terminal; a quick command tells none."""

_LARGE: Final = 1_000
"""From which numbers are told without decimals."""


class Progress:
    """Tells the step, how far HiGHS is with it, the seconds, and about how many are left.

    Use it as a context: it tells from its beginning to its end, whatever ends it.
    """

    def __init__(
        self,
        screen: Screen,
        *,
        quiet: bool = False,
        silence: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`silence`: seconds between two lines; by default `SILENCE`."""
        self._screen, self._quiet, self._clock = screen, quiet, clock
        self._silence = SILENCE if silence is None else silence
        self._begun = self._told_at = clock()
        self._step: str = "reading"
        self._state: SolveState | None = None
        # Steps of the kind that is being done: which, since when, and from which of them on.
        self._kind: tuple[str, int] = ("", 0)
        self._since, self._from = self._begun, 0
        self._over, self._stack = Event(), ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(watch(None if self._quiet else self._hear))
            if not self._quiet:
                self._show(stack)
            self._stack = stack.pop_all()
        return self

    def _show(self, stack: ExitStack) -> None:
        if self._screen.is_terminal and not self._screen.is_dumb_terminal:
            stack.enter_context(self._screen.follow(self.line))
            return
        stack.callback(self._over.set)
        Thread(target=self._print_lines, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def tell(self, step: str) -> None:
        """Tell a step as it begins, or as it ended where it says so."""
        now = self._clock()
        if isinstance(step, NumberedStep) and step.of:
            kind = step.what, step.of
            if kind != self._kind or not step.is_timed:
                self._kind, self._since, self._from = kind, now, step.done
        self._step, self._state, self._told_at = step, None, now
        say_step(step)

    def _hear(self, state: SolveState | None) -> None:
        self._state = state

    def line(self) -> str:
        """How far it is, as of now."""
        now = self._clock()
        # Another thread may change each of them meanwhile.
        step, state = self._step, self._state
        told = [step, *_tell_state(state), _tell_time(now - self._begun)]
        told += self._tell_left(step, now)
        return ", ".join(told)

    def _tell_left(self, step: str, now: float) -> list[str]:
        """How long the steps of this kind still take, if all take as long, or until a limit ends
        them; empty where none has ended, or it is the last."""
        if not isinstance(step, NumberedStep) or not step.of:
            return []
        ended, to_do = step.done - self._from, step.of - step.done
        if ended <= 0 or to_do <= 0:
            return []
        all_take = to_do * (self._told_at - self._since) / ended
        left = max(0.0, min(all_take, step.most_left) - (now - self._told_at))
        return [f"{'about' if all_take <= step.most_left else 'at most'} {_tell_time(left)} left"]

    def _print_lines(self) -> None:
        while not self._over.wait(self._silence):
            # Nobody is told where a line cannot be: the work goes on.
            with suppress(Exception):
                self._screen.print(self.line())


def _tell_state(state: SolveState | None) -> list[str]:
    """How far HiGHS is; empty where it has only begun."""
    if state is None:
        return []
    told: list[Any] = [state.about]
    if not math.isnan(state.bound):
        has_plan = not math.isnan(state.best)
        told.append(f"best plan {_tell_number(state.best)}" if has_plan else "no plan yet")
        told.append(f"none below {_tell_number(state.bound)}")
        told.append(f"gap {100 * state.gap:.2g} %" if has_plan and state.gap < math.inf else "")
    elif state.steps:
        told.append(f"{state.steps:,} steps of the solver")
    return [text for text in told if text]


def _tell_number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:.4g}"


def _tell_time(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))

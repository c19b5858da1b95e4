"""Steps of a question, as they are told."""

from __future__ import annotations

import math
import time


class NumberedStep(str):
    """A step of several of a kind, such as ``run 12 of 200: half the needs``.

    Attributes
    ----------
    what: of which kind. number: which one it is. of: of how many; 0 where nobody knows.
    done: how many have ended. is_timed: False where those that have ended took no time, as they had
        been kept: they say nothing about the time that the others take.
    most_left: seconds from its beginning in which a limit ends all of the kind; inf: none does.
    """

    what: str
    number: int
    of: int
    done: int
    is_timed: bool
    most_left: float

    def __new__(
        cls,
        what: str,
        number: int = 0,
        of: int = 0,
        about: str = "",
        *,
        done: int | None = None,
        is_timed: bool = True,
        until: float = math.inf,
    ) -> NumberedStep:
        """`about` is what tells it from the others; `done` by default all before this one; `until`
        when a limit ends all of the kind (`time.perf_counter`).
        """
        which = f" {number:,} of {of:,}" if of else f" {number:,}" if number else ""
        step = super().__new__(cls, f"{what}{which}: {about}" if about else f"{what}{which}")
        step.what, step.number, step.of, step.is_timed = what, number, of, is_timed
        step.done = max(0, number - 1) if done is None else done
        step.most_left = until - time.perf_counter()
        return step

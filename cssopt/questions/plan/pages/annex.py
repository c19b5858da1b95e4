"""An annex for each member, one page each: what it pays, does and decides."""

from __future__ import annotations

from collections.abc import Iterator

from cssopt.document.document import Sheet
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions


def show_annexes(figures: PlanFigures, opinions: Opinions) -> Iterator[Sheet]:
    """A page for each member, in the order of the inputs."""
    yield from ()

"""What the stages of a study hold, for questions asked after it."""

from __future__ import annotations

from collections.abc import Iterable

from cssopt.modeling.objective import Criterion
from cssopt.solve.answer import Solved
from cssopt.solve.explorer import Figure
from cssopt.solve.program import Program


def find_held(
    program: Program, solved: Solved, criteria: Iterable[Criterion]
) -> dict[str, tuple[Figure, float]]:
    """Figure and ceiling of everything that the study's stages hold and no criterion frees.

    By the name of the hold. The program must have a plan.
    """
    assert solved.values is not None
    free = {name for criterion in criteria for name in criterion.frees}
    reached = [*solved.limits, program.limits_at(program.stages[-1], solved.values)]
    return {
        hold.name: (Figure(program.row_of_figure(hold.row), float(program.offsets[hold.row])), most)
        for stage, limits in zip(program.stages, reached, strict=False)
        for hold, most in zip(stage.holds, limits, strict=True)
        if hold.name not in free
    }

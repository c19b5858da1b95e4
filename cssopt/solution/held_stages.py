"""What the stages of a study hold, for questions asked after it, and what is traded in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cssopt.assembly.study import Study
from cssopt.errors import ModelError
from cssopt.modeling.objective import Criterion
from cssopt.solve.answer import Solved
from cssopt.solve.holding import Holding
from cssopt.solve.program import Program
from cssopt.solve.warm.next_question import LinearFigure


@dataclass(frozen=True)
class HeldStages:
    """A program in which every plan keeps what the study's stages hold.

    Attributes
    ----------
    program: with that held. ceilings: of what is held, by the names of the holds.
    """

    program: Program
    ceilings: Mapping[str, float]


def figure_of(criterion: Criterion, program: Program, study: Study) -> LinearFigure:
    """What a criterion is in a program of the study; ModelError where its component lacks it."""
    try:
        return LinearFigure(*program.find_figure(criterion.figure))
    except ModelError as error:
        owner = next(part.path for part in study.components if criterion in part.criteria)
        text = f'{owner}: CRITERIA has the criterion "{criterion.name}", but {error}'
        raise ModelError(text) from None


def find_held(program: Program, solved: Solved, criteria: Iterable[Criterion]) -> HeldStages:
    """The program with everything held that the study's stages hold and no criterion frees.

    It must have a plan.
    """
    assert solved.values is not None
    free = {name for criterion in criteria for name in criterion.frees}
    reached = [*solved.limits, program.limits_at(program.stages[-1], solved.values)]
    holding, ceilings = Holding(program), dict[str, float]()
    on_face = True
    for number, (stage, limits) in enumerate(zip(program.stages, reached, strict=False)):
        kept = {
            hold: most
            for hold, most in zip(stage.holds, limits, strict=True)
            if hold.name not in free
        }
        vertex = solved.holders[number] if on_face and number < len(solved.holders) else None
        holding.hold(replace(stage, holds=tuple(kept)), tuple(kept.values()), vertex)
        ceilings |= {hold.name: most for hold, most in kept.items()}
        # Later faces are those of plans that keep all that was held before.
        on_face = on_face and len(kept) == len(stage.holds)
    return HeldStages(holding.program, ceilings)

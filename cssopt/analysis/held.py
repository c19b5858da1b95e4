"""What the stages of a study hold, for questions asked after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cssopt.modeling.objective import Criterion
from cssopt.solve.answer import Solved
from cssopt.solve.holding import Holding
from cssopt.solve.program import Program


@dataclass(frozen=True)
class Held:
    """A program in which every plan keeps what the study's stages hold.

    Attributes
    ----------
    program: with that held. ceilings: of what is held, by the names of the holds.
    """

    program: Program
    ceilings: Mapping[str, float]


def find_held(program: Program, solved: Solved, criteria: Iterable[Criterion]) -> Held:
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
    return Held(holding.program, ceilings)

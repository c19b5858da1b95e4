"""The optimal plans of a program, as a program of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from cssopt.solve.answer import Options, Vertex
from cssopt.solve.holding import Holding, stay_on_face
from cssopt.solve.program import Floats, Program, StageRow
from cssopt.solve.stages import FromNothing, solve_stages

_SLACK = 1e-9
"""By how much a stage of a program with whole numbers may be worse, relative where it is above 1:
less than the solver tells apart, so that the plan found stays a plan."""


def find_face(program: Program, options: Options) -> Program | None:
    """The program whose plans are those that every stage finds best; None without a proven one.

    An LP is narrowed by its duals, exactly. With whole numbers every stage becomes a row.
    """
    best = _BestPlans(program)
    solved = solve_stages(program, _Proven(options), best)
    if solved is None:
        return None
    last = program.stages[-1]
    vertex = None if program.is_whole else solved.vertices[-1].vertex
    best.hold(last, (solved.stages[-1].value,), vertex)
    return best.program


class _Proven(FromNothing):
    """As `FromNothing`, of no use without a proof; no search hears of the plan before it."""

    only_optimum = True
    is_last_word = keeps_bases = False
    passes_plan = False


class _BestPlans(Holding):
    """A program as its stages go on, each of which leaves its best plans only."""

    def limits_of(self, stage: StageRow, plan: Floats, value: float) -> tuple[float, ...]:
        """The least that the stage can be."""
        del stage, plan
        return (value,)

    def needs_vertex(self, stage: StageRow, limits: Sequence[float]) -> bool:
        """With whole numbers a row holds the stage, whatever an LP would say."""
        del stage, limits
        return False

    def hold(self, stage: StageRow, limits: Sequence[float], vertex: Vertex | None) -> None:
        """Stay on the face of `vertex`; where there is none, add the row of the stage."""
        program = self.program
        if vertex is not None:
            self.program = stay_on_face(program, vertex)
            return
        value = limits[0]
        most = value - float(program.offsets[stage.row]) + _SLACK * max(1.0, abs(value))
        row = csr_array(program.row_of_figure(stage.row)[None, :])
        self.program = replace(
            program,
            matrix=csr_array(vstack([program.matrix, row], format="csr")),
            row_lower=np.append(program.row_lower, -math.inf),
            row_upper=np.append(program.row_upper, most),
            rows=program.rows.followed_by([("face", stage.name, None)]),
        )

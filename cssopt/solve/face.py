"""The optimal plans of a program, as a program of its own."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from cssopt.solve.answer import Options
from cssopt.solve.holding import stay_on_face
from cssopt.solve.integrality import optimise_exactly
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.solve.session import HighsSession

_SLACK = 1e-9
"""By how much a stage of a program with whole numbers may be worse, relative where it is above 1:
less than the solver tells apart, so that the plan found stays a plan."""


def find_face(program: Program, options: Options) -> Program | None:
    """The program whose plans are those that every stage finds best; None without a proven one.

    An LP is narrowed by its duals, exactly. With whole numbers every stage becomes a row.
    """
    session = HighsSession(program, options)
    whole = program.is_whole
    rows, most = [], []
    for stage in program.stages:
        session.minimise(stage)
        status, value, _ = optimise_exactly(session)
        if status is not Status.OPTIMAL:
            return None
        if whole:
            costs = program.row_of_figure(stage.row)
            rows.append(csr_array(costs[None, :]))
            most.append(value - float(program.offsets[stage.row]) + _SLACK * max(1.0, abs(value)))
            session.limit(costs, most[-1], f"a hold of {stage.name}")
        else:
            session.update(stay_on_face(session.program, session.vertex))
    if whole:
        names = tuple(("face", stage.name, None) for stage in program.stages)
        return replace(
            program,
            matrix=csr_array(vstack([program.matrix, *rows], format="csr")),
            row_lower=np.concatenate([program.row_lower, np.full(len(rows), -math.inf)]),
            row_upper=np.concatenate([program.row_upper, most]),
            rows=(*program.rows, *names),
        )
    return session.program

"""Programs side by side: every plan of each, under the rules that are asked of all together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import block_diag, csr_array

from cssopt.solve.names import Names
from cssopt.solve.program import Program, StageRow
from cssopt.solve.warm.next_question import LinearFigure


def stack_programs(
    programs: Sequence[Program], figures: Sequence[LinearFigure], together: Collection[str] = ()
) -> Program:
    """One program of the columns of all, whose one stage is the sum of a figure of each.

    Rows of components in `together` that bear the same name and key become one: the sum of their
    left sides keeps the bounds, which must be the same in each. What else is reported is left out.
    """
    names = [name for program in programs for name in program.rows]
    groups: dict[Any, list[int]] = {}
    for place, name in enumerate(names):
        groups.setdefault(name if name[0] in together else place, []).append(place)
    places = list(groups.values())
    pick = csr_array(
        (np.ones(len(names)), np.concatenate(places), np.cumsum([0, *map(len, places)])),
        shape=(len(places), len(names)),
    )
    first = [group[0] for group in places]
    return replace(
        programs[0],
        matrix=csr_array(pick @ block_diag([p.matrix for p in programs], format="csr")),
        row_lower=np.concatenate([p.row_lower for p in programs])[first],
        row_upper=np.concatenate([p.row_upper for p in programs])[first],
        lower=np.concatenate([p.lower for p in programs]),
        upper=np.concatenate([p.upper for p in programs]),
        whole=np.concatenate([p.whole for p in programs]),
        reported=csr_array(np.concatenate([f.coefficients for f in figures])[None, :]),
        offsets=np.array([sum(f.constant for f in figures)]),
        stages=(StageRow("sum", 0, ()),),
        figures={("stage", "sum"): 0},
        columns=Names.of(column for program in programs for column in program.columns),
        rows=Names.of(names[place] for place in first),
        trivially_infeasible=next(
            (p.trivially_infeasible for p in programs if p.trivially_infeasible), ""
        ),
        structure={},
    )

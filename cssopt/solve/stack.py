"""Programs side by side: every plan of each, under the rules that are asked of all together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import block_diag, csr_array, vstack

from cssopt.solve.program import Program, StageRow


def stack_programs(programs: Sequence[Program], together: Collection[str]) -> Program:
    """One program of the columns of all, whose one stage is the sum of their last stages.

    Rows of components in `together` that bear the same name and key become one: the sum of their
    left sides keeps the bounds, which must be the same in each. What else is reported is left out.
    """
    kept, merged = [], {}
    bounds = []
    place = 0
    for program in programs:
        for row, (owner, name, key) in enumerate(program.rows):
            if owner in together:
                merged.setdefault((owner, name, key), []).append(place)
            else:
                kept.append(place)
            bounds.append((program.row_lower[row], program.row_upper[row]))
            place += 1
    groups = [[row] for row in kept] + list(merged.values())
    pick = csr_array(
        (
            np.ones(sum(map(len, groups))),
            np.array([row for group in groups for row in group], dtype=np.int64),
            np.cumsum([0, *map(len, groups)]),
        ),
        shape=(len(groups), place),
    )
    names = [name for program in programs for name in program.rows]
    stage = [program.stages[-1].row for program in programs]
    total = np.concatenate([p.row_of_figure(row) for p, row in zip(programs, stage, strict=True)])
    constant = sum(float(p.offsets[row]) for p, row in zip(programs, stage, strict=True))
    first = [group[0] for group in groups]
    lower, upper = np.array(bounds, dtype=float).reshape(-1, 2)[first].T
    return replace(
        programs[0],
        matrix=csr_array(pick @ block_diag([p.matrix for p in programs], format="csr")),
        row_lower=lower,
        row_upper=upper,
        lower=np.concatenate([p.lower for p in programs]),
        upper=np.concatenate([p.upper for p in programs]),
        whole=np.concatenate([p.whole for p in programs]),
        reported=csr_array(vstack([csr_array(total[None, :])], format="csr")),
        offsets=np.array([constant]),
        stages=(StageRow(programs[0].stages[-1].name, 0, ()),),
        figures={("stage", programs[0].stages[-1].name): 0},
        columns=tuple(column for program in programs for column in program.columns),
        rows=tuple(names[row] for row in first),
        never_holds=next((p.never_holds for p in programs if p.never_holds), ""),
        structure={},
    )

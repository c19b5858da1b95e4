"""Every number of a program is one: what is not is told by its component, before it is solved.

A solver would take it for a rule that no plan can meet, or end without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import csr_array

from cssopt.assembly.assemble import OBJECTIVE_BLOCK, Problem
from cssopt.errors import ModelError
from cssopt.names import key_parts
from cssopt.solve.program import Program

_Name = TypeVar("_Name", bound=tuple[Any, ...])

_MOST_TOLD = 5
_MEND = "Such a number comes of dividing by nothing, or of one that is too large. Look there"


def check_finite(problem: Problem, program: Program) -> None:
    """ModelError where a coefficient or a bound of the program is no number that a plan can obey.

    No bound at all (inf above, -inf below) is one. A cost is told where it is posted, not once more
    in each rule and figure that adds it up.
    """
    files = {part.name: part.path for part in problem.study.components}
    files[OBJECTIVE_BLOCK] = problem.study.objective.path
    figures = _find_figures(program)
    faults = [
        _Fault(files[problem.ledger.owner(name)], name, tuple(key), number)
        for (kind, name, *key), number in figures
        if kind == "ledger"
    ]
    faults = faults or [
        _Fault(files[owner], name, key, number)
        for (owner, name, key), number in _find_rules(program)
    ]
    faults = faults or [
        _Fault(problem.study.objective.path, name, tuple(key), number)
        for (_, name, *key), number in figures
    ]
    if faults:
        raise ModelError(f"{_tell(faults)}. {_MEND}")


@dataclass(frozen=True)
class _Fault:
    """A row, decision or ledger entry of a file, and the number in it that is none."""

    file: Path
    name: str
    key: Any
    number: float

    def __str__(self) -> str:
        key = key_parts(self.key)
        codes = ", ".join(str(code) for code in key if code is not None)
        index = f"[{codes}]" if codes else ""
        return f'{self.file}: "{self.name}{index}" has a number that is none ({self.number})'


def _tell(faults: Sequence[_Fault]) -> str:
    """Of each rule the first fault, and how many more it has."""
    alike: dict[tuple[Path, str], dict[Any, _Fault]] = {}
    for fault in faults:
        alike.setdefault((fault.file, fault.name), {}).setdefault(fault.key, fault)
    told = [
        f"{first}{f', and {len(others):,} more of it' if others else ''}"
        for first, *others in list(map(dict.values, alike.values()))[:_MOST_TOLD]
    ]
    return "; ".join(told)


def _find_rules(program: Program) -> Iterator[tuple[tuple[str, str, Any], float]]:
    """Names of rows and decisions at fault, with the number."""
    yield from _find_entries(program.matrix, program.rows)
    for names, lower, upper in (
        (program.rows, program.row_lower, program.row_upper),
        (program.columns, program.lower, program.upper),
    ):
        for bounds, never in ((lower, np.inf), (upper, -np.inf)):
            for place in np.flatnonzero(np.isnan(bounds) | (bounds == never)):
                yield names[place], float(bounds[place])


def _find_figures(program: Program) -> list[tuple[tuple[Any, ...], float]]:
    """Figures at fault, with the number."""
    names, offsets = list(program.figures), program.offsets
    constants = [(names[row], float(offsets[row])) for row in np.flatnonzero(~np.isfinite(offsets))]
    return [*_find_entries(program.reported, names), *constants]


def _find_entries(matrix: csr_array, names: Sequence[_Name]) -> Iterator[tuple[_Name, float]]:
    """Names of the rows of a matrix that have a coefficient at fault, with that coefficient."""
    for entry in np.flatnonzero(~np.isfinite(matrix.data)):
        row = int(np.searchsorted(matrix.indptr, entry, side="right")) - 1
        yield names[row], float(matrix.data[entry])

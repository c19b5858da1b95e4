"""A base plan and the plans of changed inputs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cssopt.solution.plan import Solution
from cssopt.tables.patch import Step, Touched


@dataclass(frozen=True)
class Variant:
    """One scenario: its steps, every cell that they changed, and its plan or why there is none."""

    name: str
    steps: tuple[Step, ...]
    touched: tuple[Touched, ...]
    solution: Solution | None
    reason: str = ""


@dataclass(frozen=True)
class Comparison:
    """The base plan, and a variant per scenario."""

    base: Solution
    variants: tuple[Variant, ...]

    def facts(self) -> dict[str, Any]:
        """Figures of base and variants as plain JSON values; null where there is none."""
        return {
            "base": _facts(self.base),
            "scenarios": [
                {
                    "scenario": variant.name,
                    "changed": [_touched(cell) for cell in variant.touched],
                    "reason": variant.reason,
                    **(_facts(variant.solution) if variant.solution else {}),
                    "difference": _difference(self.base, variant.solution),
                }
                for variant in self.variants
            ],
        }


def _facts(solution: Solution) -> dict[str, Any]:
    return {
        "status": str(solution.status),
        "threats_met": solution.threats_met,
        "objective": _plain(solution.objective),
        "pooled_expenditure": _plain(solution.pooled_expenditure),
        "shortfall": _plain(solution.shortfall),
        "gap": _plain(solution.gap),
        "costs": {entry: _plain(value) for entry, value in solution.costs.items()},
        "burden": {m: _plain(value) for m, value in burden_of(solution).items()},
    }


def _difference(base: Solution, solution: Solution | None) -> dict[str, Any]:
    if solution is None:
        return {}
    return {
        "pooled_expenditure": _plain(solution.pooled_expenditure - base.pooled_expenditure),
        "shortfall": _plain(solution.shortfall - base.shortfall),
    }


def burden_of(solution: Solution) -> Mapping[str, float]:
    """Burden by member, million, present value; empty where there is no plan."""
    return solution.quantities.burden if solution.quantities is not None else {}


def _touched(cell: Touched) -> dict[str, Any]:
    key = cell.key if isinstance(cell.key, tuple) else (cell.key,)
    return {
        "table": cell.table,
        "key": [part for part in key if part is not None],
        "column": cell.column,
        "old": cell.old,
        "new": cell.new,
    }


def _plain(number: float) -> float | None:
    return number if math.isfinite(number) else None

"""The design of a sweep: what is varied, and the runs that this makes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.runs.outcome import Run
from cssopt.tables.data import Data, Key
from cssopt.tables.patch import Step, try_steps
from cssopt.tables.scenario_checks import check_patch
from cssopt.tables.where import choose_rows, read_where

Value = float | str | bool

MOST_RUNS: Final = 100_000
"""Of one sweep. More would say no more about the effects, and take days."""


@dataclass(frozen=True, kw_only=True)
class Variation:
    """One quantity that a sweep varies.

    Attributes
    ----------
    label: the change without its value: ``requirements.level*``, ``settings.discount_rate``.
    change: the step that a value completes; None where the quantity is the scenario.
    values: those of a grid, in order; none for a range.
    span: least and greatest value of a range to draw from; None for values.
    whole: True where the cells hold whole numbers, so that only these are drawn.
    scenarios: steps of the scenarios that the values name.
    """

    label: str
    change: Step | None = None
    values: tuple[Value, ...] = ()
    span: tuple[float, float] | None = None
    whole: bool = False
    scenarios: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    def steps(self, value: Value) -> tuple[Step, ...]:
        """The changes of the inputs that give the quantity this value."""
        if self.change is None:
            return self.scenarios[str(value)]
        return (self.change.with_value(value),)


def make_grid(variations: Sequence[Variation]) -> tuple[Run, ...]:
    """Every combination of the values; the last quantity changes fastest.

    Raises DataError for a range, which has no values of its own, and for too many runs.
    """
    issues = [
        _refuse(
            v,
            f"{_shown(v)} is a range to draw from. Add --draws NUMBER, or write the values of a "
            f"grid as FROM:TO:BY, such as {_shown(v, ':')}:{(v.span[1] - v.span[0]) / 4:.6g}.",
        )
        for v in variations
        if v.span is not None
    ]
    issues = issues or check_number(math.prod(len(v.values) for v in variations), "--vary")
    if issues:
        raise DataError(issues, "--vary")
    return make_runs(variations, product(*(v.values for v in variations)))


def draw_points(variations: Sequence[Variation], number: int, seed: int) -> tuple[Run, ...]:
    """Random runs that cover the ranges evenly: a Latin hypercube.

    Every range is cut into `number` parts of equal width, and each part is drawn from once. Where
    the cells hold whole numbers, only these are drawn, each equally often. The same seed
    gives the same runs. Raises DataError for values, which cannot be drawn from, and for too
    many runs.
    """
    # Loaded here: it takes a second, which no other command should wait.
    from scipy.stats.qmc import LatinHypercube

    issues = [
        _refuse(
            v,
            f"{v.label} lists values, and --draws draws from ranges. Write LEAST..GREATEST, such "
            "as 0.8..1.2, or leave out --draws for a grid.",
        )
        for v in variations
        if v.span is None
    ]
    issues += check_number(number, "--draws")
    if issues:
        raise DataError(issues, "--draws")
    places = LatinHypercube(len(variations), rng=seed).random(number)
    columns = [_stretch(v, column) for v, column in zip(variations, places.T, strict=True)]
    return make_runs(variations, zip(*columns, strict=True))


def _stretch(variation: Variation, places: Iterable[float]) -> list[float]:
    """The values of a range at places between 0 and 1."""
    assert variation.span is not None
    low, high = variation.span
    if variation.whole:
        # As many parts as whole numbers, so that the ends are drawn as often as the others.
        return [float(min(high, low + math.floor(u * (high - low + 1)))) for u in places]
    return [float(low + u * (high - low)) for u in places]


def make_runs(
    variations: Sequence[Variation], points: Iterable[Sequence[Value]]
) -> tuple[Run, ...]:
    """A run for each point, named ``1``, ``2``, ...; the steps of a scenario come first."""
    order = sorted(range(len(variations)), key=lambda i: variations[i].change is not None)
    labels = [v.label for v in variations]
    return tuple(
        Run(
            str(number),
            tuple(step for i in order for step in variations[i].steps(point[i])),
            dict(zip(labels, point, strict=True)),
        )
        for number, point in enumerate(points, start=1)
    )


def check_number(number: int, where: str) -> list[Issue]:
    """What is wrong with a number of runs."""
    if number > MOST_RUNS:
        text = (
            f"makes {number:,} runs; a sweep has at most {MOST_RUNS:,}. Vary less, or in wider "
            "steps; --draws covers ranges with fewer runs."
        )
        return [Issue("E-522", where, text)]
    if number < 1:
        return [Issue("E-522", where, "makes no run. Vary something, or draw at least once.")]
    return []


def check_labels(variations: Iterable[Variation], data: Data) -> list[Issue]:
    """An issue for each quantity that is varied twice, or that a later one would overwrite."""
    seen: list[tuple[Variation, frozenset[tuple[str, str, Key]]]] = []
    issues = []
    for variation in variations:
        cells, change = _find_cells(variation, data), variation.change
        for other, own in seen:
            twice = cells == own and change is not None and _change_of(other) == change.change
            if other.label == variation.label or (cells and twice):
                same = "" if other.label == variation.label else f" (as {other.label})"
                text = f"{variation.label} is varied twice{same}. Put its values together."
            elif own and own <= cells and change is not None and change.change == "set":
                text = (
                    f"{variation.label} sets every cell that {other.label} varies before it, "
                    "which would have no effect. Vary one of them."
                )
            else:
                continue
            issues.append(_refuse(variation, text, "E-521"))
            break
        seen.append((variation, cells))
    return issues


def _change_of(variation: Variation) -> str:
    return variation.change.change if variation.change is not None else ""


def _find_cells(variation: Variation, data: Data) -> frozenset[tuple[str, str, Key]]:
    """The cells that a variation changes; none for scenarios."""
    change = variation.change
    if change is None:
        return frozenset()
    chosen = choose_rows(data.tables[change.table], read_where(change.where)).keys
    return frozenset((change.table, change.column, key) for key in chosen)


def check_values(variation: Variation, values: Iterable[Value], data: Data) -> list[Issue]:
    """What is wrong with the quantity and its values, tried out on the tables: the steps, and names
    that refer to rows.

    Bounds of cells are ranges, so the least and the greatest number speak for all between.
    """
    found: dict[str, Issue] = {}
    for value in find_extremes(values):
        steps = variation.steps(value)
        patch = try_steps(data, steps)
        issues = patch.issues or check_patch(patch, steps, ())
        found |= {issue.text: issue for issue in issues if issue.code.startswith("E")}
    return list(found.values())


def find_extremes(values: Iterable[Value]) -> list[Value]:
    """The least and the greatest number, and each text and flag, without doubles."""
    plain = list(values)
    numbers = [v for v in plain if isinstance(v, float)]
    ends = [min(numbers), max(numbers)] if numbers else []
    return list(dict.fromkeys([*ends, *(v for v in plain if not isinstance(v, float))]))


def _refuse(variation: Variation, text: str, code: str = "E-520") -> Issue:
    return Issue(code, variation.change.place if variation.change else "--vary", text)


def _shown(variation: Variation, between: str = "..") -> str:
    low, high = variation.span or (0.0, 0.0)
    return f"{low:.12g}{between}{high:.12g}"

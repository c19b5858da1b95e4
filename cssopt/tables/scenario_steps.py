"""The steps of scenarios: of a row, and behind those of the scenarios that each one extends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from cssopt.issues import Issue
from cssopt.tables.convert import quote
from cssopt.tables.header import fold_header
from cssopt.tables.nearest import find_meant, nearest_name
from cssopt.tables.notation import Typed
from cssopt.tables.patch import CHANGES, Step
from cssopt.tables.spec import Column

MOST_STEPS: Final = 5_000
"""Steps of all scenarios of a sheet or file, those of extended scenarios counted each time."""
MOST_SCENARIOS: Final = 1_000
"""Scenarios of one sheet or file."""
_MOST_TOLD: Final = 100
"""Issues after which no further scenario is looked at."""
_MOST_CIRCLES: Final = 20
"""Circles that are told: each is looked for among all scenarios."""
SCENARIO: Final = Column(
    name="scenario",
    kind="text",
    help="Name of the what-if.",
    reserved={"base": "the plan with the inputs as they are"},
)
"""How a scenario may be called, on the sheet and in a file."""


@dataclass
class Written:
    """Scenarios as they are written, before those that they extend are put in front.

    Attributes
    ----------
    own: the steps of each scenario. extends: the scenarios that it extends, in order.
    places: where each of these names stands. issues: what is wrong so far.
    """

    own: dict[str, list[Step]] = field(default_factory=dict)
    extends: dict[str, list[str]] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def make_step(row: Mapping[str, Any], place: str, places: Mapping[str, str] | None = None) -> Step:
    """The step of a row: cells of the sheet, with their `places`, or keys of a file."""
    value = row.get("value")
    return Step(
        table=fold_header(row["table"]),
        where=row.get("where") or "",
        column=fold_header(row.get("column") or ""),
        change=find_meant(row.get("change", "set"), CHANGES),  # type: ignore[arg-type]
        value=Typed(value) if places and isinstance(value, str) else value,
        note=row.get("note") or "",
        place=place,
        places=places or {},
    )


def unroll(written: Written, source: str) -> tuple[dict[str, tuple[Step, ...]], tuple[Issue, ...]]:
    """The steps of each scenario, those of the scenarios that it extends first, and what is wrong.

    A scenario that extends what it cannot has its own steps only. `source` is the sheet or file.
    """
    issues = list(written.issues)
    if len(written.own) > MOST_SCENARIOS:
        return {}, (*issues, Issue("E-519", source, say_too_many(len(written.own))))
    above: dict[str, list[str]] = {}
    for name, names in written.extends.items():
        above[name] = []
        for other in names:
            if len(issues) > _MOST_TOLD:
                return {}, tuple(issues)
            issues += _add_above(written, above, name, other, source)
    order = _find_order(written, above, source, issues)
    if order is None:
        return {}, tuple(issues)
    return _put_in_front(written, above, order, source, issues), tuple(issues)


def say_too_many(count: int) -> str:
    """That there are so many scenarios, and what to do."""
    return (
        f"has {count:,} scenarios; at most {MOST_SCENARIOS:,} are read. Use cssopt sweep for many."
    )


def _add_above(
    written: Written, above: Mapping[str, list[str]], name: str, other: str, source: str
) -> Iterator[Issue]:
    """Put a scenario among those that this one extends; what is wrong with it."""
    place = written.places.get((name, other), source)
    meant = find_meant(other, written.own)
    if meant is None:
        near = nearest_name(other, written.own)
        text = f"{quote(name)} extends {quote(other)}, which is no scenario.{near}"
        yield Issue("E-509", place, text)
    elif meant in above[name]:
        yield Issue("E-509", place, f"{quote(name)} extends {quote(other)} twice. Write it once.")
    else:
        above[name].append(meant)


def _find_order(
    written: Written, above: dict[str, list[str]], source: str, issues: list[Issue]
) -> list[str] | None:
    """The scenarios, each after those that it extends; circles are told and cut.

    None where there are so many circles that no more are looked for.
    """
    number = {name: i for i, name in enumerate(written.own)}
    for _ in range(_MOST_CIRCLES):
        try:
            return list(
                TopologicalSorter({n: above.get(n, ()) for n in written.own}).static_order()
            )
        except CycleError as error:
            circle = error.args[1][::-1]
            start = min(range(len(circle) - 1), key=lambda i: number[circle[i]])
            circle = [*circle[start:-1], *circle[: start + 1]]
            text = f"{' extends '.join(_few(circle))}: a scenario extends itself."
            place = written.places.get((circle[0], circle[1]), source)
            issues.append(Issue("E-509", place, text))
            for name in circle:
                above[name] = []
    return None


def _few(circle: Sequence[str]) -> list[str]:
    return list(circle) if len(circle) <= 10 else [*circle[:5], "...", *circle[-4:]]


def _put_in_front(
    written: Written,
    above: Mapping[str, Iterable[str]],
    order: Sequence[str],
    source: str,
    issues: list[Issue],
) -> dict[str, tuple[Step, ...]]:
    # Counted before they are made: each scenario may double the last one.
    count: dict[str, int] = {}
    for name in order:
        count[name] = len(written.own[name]) + sum(count[up] for up in above.get(name, ()))
        if sum(count.values()) > MOST_STEPS:
            text = (
                f"has over {MOST_STEPS:,} steps, those of extended scenarios counted each time. "
                "Extend less."
            )
            issues.append(Issue("E-519", source, text))
            return {}
    steps: dict[str, tuple[Step, ...]] = {}
    for name in order:
        first = (step for up in above.get(name, ()) for step in steps[up])
        steps[name] = (*first, *written.own[name])
    return {name: steps[name] for name in written.own}

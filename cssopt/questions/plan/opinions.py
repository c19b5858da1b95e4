"""What other runs say of the same plan: fronts, ranges and what-ifs that were asked for before.

Their tables are read by the names under which those questions write them; a table that another
version wrote otherwise is an answer that was not given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from cssopt.assembly.case import Case
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study, load_study
from cssopt.document.document import Document, Pairs, Table
from cssopt.errors import CssoptError, DataError
from cssopt.issues import Issue
from cssopt.modeling.measures import BURDEN, MISSING_SHARE, POOLED_EXPENDITURE, UNITS
from cssopt.render.kept_run import read_run
from cssopt.solve.outcome import Status
from cssopt.tables.changes import read_change
from cssopt.tables.patch import Step

KINDS: Final = ("alternatives", "frontier", "whatif", "sweep")
"""Questions whose answers are second opinions about a plan."""

NEAR: Final = 0.01
"""Share of the least net cost that may be spent beyond it where ranges are told."""

_T = TypeVar("_T")
_BASE: Final = "base"
_OF_ALL: Final = "missing_of_all"


@dataclass(frozen=True)
class KeptAnswer:
    """An answer of another run about the same workbook.

    Attributes
    ----------
    document: as it was written. is_simplified: True where parts of whole units were allowed there.
    """

    document: Document
    is_simplified: bool = False

    @property
    def question(self) -> str:
        """The command that gave it."""
        return self.document.facts.question

    @property
    def tolerance(self) -> float:
        """Share by which a proven net cost of that run may still be above the least."""
        plan = self.document.facts.plan
        gap = None if plan is None else plan.solver_options.get("gap")
        return float(gap) if isinstance(gap, int | float) else 0.0

    def records(self, table: str) -> list[dict[str, Any]]:
        """Rows of a table by names of columns; none where it has no such table."""
        found = self.document.tables.get(table)
        return found.records() if isinstance(found, Table) else []

    def facts(self, pairs: str) -> dict[str, Any]:
        """Single facts by their labels; none where it has no such table."""
        found = self.document.tables.get(pairs)
        return {one.label: one.value for one in found.pairs} if isinstance(found, Pairs) else {}


@dataclass(frozen=True)
class FrontPoint:
    """A plan that no other one is better than in money and in security.

    Attributes
    ----------
    net_at_start: its net cost, million. missing_share: weighted shares of needs, added up.
    is_proven: False where a limit came first.
    """

    net_at_start: float
    missing_share: float
    is_proven: bool


@dataclass(frozen=True)
class Front:
    """What money buys: such plans by rising cost."""

    points: tuple[FrontPoint, ...]
    is_simplified: bool


@dataclass(frozen=True)
class Range:
    """What one member bears, or holds of a force, in all plans that cost little more.

    Attributes
    ----------
    key: codes: of the member, and of the force where it is about units. base: in the base plan of
        that run. least, most: what a plan reaches. verdict: as `alternatives` tells it.
    """

    key: tuple[str, ...]
    base: float
    least: float
    most: float
    verdict: str
    is_proven: bool


@dataclass(frozen=True)
class Ranges:
    """What is certain, and what free, a little above the least net cost.

    Attributes
    ----------
    within: how much above it, a share. burden, units: ranges by their keys; units are the mean of
        all years. base_net: the least net cost in that run, million; nan where it is not told.
    """

    within: float
    burden: dict[tuple[str, ...], Range]
    units: dict[tuple[str, ...], Range]
    base_net: float
    is_simplified: bool


@dataclass(frozen=True)
class Change:
    """A cell that a what-if changed."""

    table: str
    row: str
    column: str
    old: Any
    new: Any


@dataclass(frozen=True)
class WhatIf:
    """A plan of changed inputs, beside the base plan of the same run.

    Attributes
    ----------
    name: as it was typed. steps: what was changed. changes: the cells that it changed.
    leavers: names of members that leave; empty where none does.
    net_at_start: million; None where there is no plan. more: than the base plan; None where no
        difference can be told. missing_of_all: of its needs. more_missing: than in the base plan.
    base_net, base_missing: those of the base plan. status: how it ended.
    """

    name: str
    steps: tuple[Step, ...]
    changes: tuple[Change, ...]
    leavers: str
    net_at_start: float | None
    more: float | None
    missing_of_all: float | None
    more_missing: float | None
    base_net: float
    base_missing: float
    status: str
    is_simplified: bool

    @property
    def has_plan(self) -> bool:
        """True where there is a plan to look at."""
        return self.net_at_start is not None


@dataclass(frozen=True)
class Sweep:
    """Many runs of changed inputs.

    Attributes
    ----------
    runs: how many. not_met: of them, in which a need is short. least, most: net cost, million.
    """

    runs: int
    not_met: int
    least: float
    most: float
    is_simplified: bool


@dataclass(frozen=True)
class Opinions:
    """Kept answers about the same workbook and study; none where none were named.

    Attributes
    ----------
    answers: in the order in which they were named; of fronts and ranges the first one is told.
    """

    answers: tuple[KeptAnswer, ...] = ()

    @property
    def front(self) -> Front | None:
        """What money buys in security; None where that was not asked."""
        return self._first("frontier", _read_front)

    @property
    def ranges(self) -> Ranges | None:
        """How far plans that cost little more differ; None where that was not asked."""
        return self._first("alternatives", _read_ranges)

    @property
    def what_ifs(self) -> tuple[WhatIf, ...]:
        """All what-ifs, in the order of their runs; one whose name an earlier run has is left
        out."""
        found: dict[str, WhatIf] = {}
        for answer in self._of("whatif"):
            for one in _read_what_ifs(answer):
                found.setdefault(one.name, one)
        return tuple(found.values())

    @property
    def sweeps(self) -> tuple[Sweep, ...]:
        """All sweeps."""
        return tuple(filter(None, map(_read_sweep, self._of("sweep"))))

    def _of(self, question: str) -> list[KeptAnswer]:
        return [one for one in self.answers if one.question == question]

    def _first(self, question: str, read: Callable[[KeptAnswer], _T | None]) -> _T | None:
        return next((told for one in self._of(question) if (told := read(one)) is not None), None)


def read_opinions(runs: Sequence[str | Path], case: Case, instance: Instance) -> Opinions:
    """The kept answers of runs, as second opinions about a plan of this study and these members.

    Raises DataError: E-570 for what is no kept run, E-573 for one about something else.
    """
    issues: list[Issue] = []
    answers = []
    for run in map(Path, runs):
        document = read_run(run)
        simplified, differs = _compare(document, case, instance)
        if differs:
            text = f"is no second opinion about this plan: {'; '.join(differs)}."
            issues.append(Issue("E-573", str(run), text))
        answers.append(KeptAnswer(document, simplified))
    if issues:
        raise DataError(issues)
    return Opinions(tuple(answers))


def _compare(document: Document, case: Case, instance: Instance) -> tuple[bool, list[str]]:
    """Whether an answer is of the simplified plan, and why it is no opinion about this plan."""
    facts = document.facts
    if facts.question not in KINDS:
        return False, [f"it answers {facts.question}, and not one of {', '.join(KINDS)}"]
    if facts.digest != case.digest:
        return False, [f"it is about {facts.source_name} as it was then, or another workbook"]
    if facts.plan is None:
        return False, ["it does not say which study it is about"]
    differs = []
    if facts.audits.failed:
        differs.append("its audit failed, so that it is of no use")
    if sorted(facts.plan.coalition) != sorted(instance.coalition):
        there, here = (", ".join(one) for one in (facts.plan.coalition, instance.coalition))
        differs.append(f"its members are {there}, here {here}")
    name, study = facts.plan.study, instance.study
    other = _find_study(name, case) or (study if name == study.name else None)
    is_simplified = other is not None and other.relaxed and not study.relaxed
    if other is None or not _is_alike(other, study):
        differs.append(f"its study is {name}, here {study.name} with its options")
    return is_simplified, differs


def _find_study(name: str, case: Case) -> Study | None:
    """The study of this name in the model folders; None where there is none."""
    try:
        return load_study(name, case.folders)
    except CssoptError:
        return None


def _is_alike(one: Study, other: Study) -> bool:
    """True where studies differ at most in whether parts of whole units are allowed."""

    def key(study: Study) -> Any:
        return (
            [part.name for part in study.components],
            study.objective.name,
            dict(study.options),
            study.single_member,
        )

    return bool(key(one) == key(other))


def _number(cell: Any) -> float:
    """A cell that should be a number; nan where it is none."""
    return float(cell) if isinstance(cell, int | float) else math.nan


def _read_front(answer: KeptAnswer) -> Front | None:
    """A front of money and missing parts; None of anything else."""
    criteria = [str(row.get("figure", "")) for row in answer.records("criteria")]
    rows = answer.records("front")
    if len(criteria) != 2 or criteria[1] != MISSING_SHARE:
        return None
    points = [
        FrontPoint(
            _number(row.get(criteria[0])),
            _number(row.get(MISSING_SHARE)),
            row.get("status") == str(Status.OPTIMAL),
        )
        for row in rows
        if not row.get("dominated")
    ]
    points = [p for p in points if math.isfinite(p.net_at_start) and math.isfinite(p.missing_share)]
    points.sort(key=lambda point: point.net_at_start)
    return Front(tuple(points), answer.is_simplified) if points else None


def _read_ranges(answer: KeptAnswer) -> Ranges | None:
    table = answer.document.tables.get("ranges")
    if not isinstance(table, Table) or not table.rows:
        return None
    names = [column.name for column in table.columns]
    # Codes stand between what a contribution is called and what it is measured in.
    indices = names[names.index("contribution") + 1 : names.index("measured_in")]
    rows = table.records()
    levels = sorted({_number(row["within"]) for row in rows})
    within = min(levels, key=lambda level: abs(level - NEAR))
    found: dict[str, dict[tuple[str, ...], Range]] = {BURDEN: {}, UNITS: {}}
    for row in rows:
        key = tuple(str(row[index]) for index in indices if row[index] not in ("", None))
        own = found.get(str(row["kind"]))
        start, least, most = (_number(row[name]) for name in ("base", "least", "most"))
        if own is not None and row["within"] == within and math.isfinite(start + least + most):
            is_proven = row["status"] == str(Status.OPTIMAL)
            own[key] = Range(key, start, least, most, str(row["verdict"]), is_proven)
    base = next((r for r in answer.records("plans") if r.get("plan") == 0), {})
    if not any(found.values()):
        return None
    return Ranges(
        within,
        found[BURDEN],
        found[UNITS],
        _number(base.get(POOLED_EXPENDITURE)),
        answer.is_simplified,
    )


def _read_what_ifs(answer: KeptAnswer) -> Iterator[WhatIf]:
    rows = answer.records("plans")
    base = next((row for row in rows if row["scenario"] == _BASE), None)
    if base is None:
        return
    base_net, base_missing = (_number(base.get(n)) for n in (POOLED_EXPENDITURE, _OF_ALL))
    leaving = {str(row["scenario"]): str(row["left"]) for row in answer.records("remaining")}
    for row in rows:
        if row is base:
            continue
        name = str(row["scenario"])
        net, missing = (_number(row.get(n)) for n in (POOLED_EXPENDITURE, _OF_ALL))
        more = _number(row.get("difference"))
        # What both proofs leave open is no difference.
        if not abs(more) > answer.tolerance * max(abs(net), abs(base_net)):
            more = math.nan
        more_missing = missing - base_missing
        are_proven = all(one.get("status") == str(Status.OPTIMAL) for one in (row, base))
        if not (are_proven or math.isfinite(more)):
            more_missing = math.nan
        yield WhatIf(
            name,
            tuple(_read_steps(answer, name)),
            tuple(_read_changes(answer, name)),
            leaving.get(name, ""),
            _or_none(net),
            _or_none(more),
            _or_none(missing),
            _or_none(more_missing),
            base_net,
            base_missing,
            str(row["status"]),
            answer.is_simplified,
        )


def _or_none(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _read_steps(answer: KeptAnswer, name: str) -> Iterator[Step]:
    for row in answer.records("steps"):
        if row["scenario"] == name:
            try:
                yield replace(read_change(str(row["change"])), note=str(row["note"] or ""))
            except DataError:
                continue


def _read_changes(answer: KeptAnswer, name: str) -> Iterator[Change]:
    for row in answer.records("changes"):
        if row["scenario"] == name:
            table, key, column = (str(row[part]) for part in ("table", "row", "column"))
            yield Change(table, key, column, row["old"], row["new"])


def _read_sweep(answer: KeptAnswer) -> Sweep | None:
    counts = answer.facts("summary")
    costs = [_number(row.get(POOLED_EXPENDITURE)) for row in answer.records("runs")]
    costs = [cost for cost in costs if math.isfinite(cost)]
    runs, not_met = (counts.get(label) for label in ("runs", "threats not met"))
    if not costs or not isinstance(runs, int) or not isinstance(not_met, int):
        return None
    return Sweep(runs, not_met, min(costs), max(costs), answer.is_simplified)

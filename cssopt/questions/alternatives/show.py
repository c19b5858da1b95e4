"""Near-optimal plans as a document: what is certain, the widest choices, plans that differ most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cssopt.document.base_plan import document_on_base
from cssopt.document.document import (
    Block,
    Chart,
    Column,
    Document,
    Form,
    Mark,
    Note,
    Pair,
    Pairs,
    Sheet,
    Table,
    table_of,
)
from cssopt.document.index_columns import Names, find_names, index_cells, index_columns
from cssopt.document.run_facts import RunFacts
from cssopt.names import join_names, key_parts
from cssopt.questions.alternatives.result import (
    VERDICTS,
    Alternatives,
    Contribution,
    ContributionRange,
)
from cssopt.solution.told import tell_gap
from cssopt.solution.verdicts import tell_end, tell_verdict
from cssopt.solve.outcome import Status

_WIDEST: Final = 12
"""Ranges of each kind that the first sheet shows."""

_POSSIBLE: Final = (
    "An end that is not proven is what a known plan has: the range is at least as wide. What no "
    'plan goes beyond stands on the sheet Ranges, in the columns "surely".'
)

_AT_LEAST: Final = " (some not proven, and at least so wide)"

_TOLD: Final = 0.005
_MOST_TOLD: Final = 4
"""Units from which a change is told, and how many are."""

_NOISE: Final = 1e-9
_MEAN: Final = "the mean of all years"
_FINDING: Final = {
    "certain": "certain",
    "at least": "never none",
    "free": "a free choice",
    "never": "in no plan",
    "open": "not decided",
}
"""Verdicts as they stand in the sentence of the finding."""

_WITHIN: Final = Column(
    "within", "fine_share", meaning="how much more than the least expenditure may be spent"
)
_ALL_PLANS: Final = "Plans that differ most from the base plan (plan 0) and from each other."
_CHOSEN: Final = (
    "These plans are chosen among those at the ends of ranges: others that differ more were not "
    "sought, as the ranges had cost as much as they may. With --total-time they are."
)
_PLAN: Final = Column("plan", "year")
_PLANS: Final = (
    _WITHIN,
    _PLAN,
    Column("pooled_expenditure", "money"),
    Column("missing_share", "number", decimals=4, on_screen=False),
    Column(
        "moved",
        "number",
        "units moved",
        decimals=2,
        meaning="units held more or less than in the base plan, the mean of all years",
    ),
    Column(
        "apart",
        "number",
        decimals=3,
        meaning="how far a plan is from the nearest one before it (0 to 1 where the ranges are "
        "proven): the mean over the units of each member and force that are not certain, each as "
        "a share of its range",
    ),
    Column(
        "bound", "number", "apart at most", decimals=3, meaning="no plan is farther apart: proven"
    ),
    Column(
        "status",
        meaning="optimal where none is farther apart, which is proven; feasible where it keeps "
        "all limits and none was found that is farther",
    ),
    Column("audit", on_screen=False),
    Column("description", "sentence", "against the base plan"),
)


def show_alternatives(
    found: Alternatives, facts: RunFacts, *, were_plans_asked: bool = True
) -> Document:
    """Counts, the widest ranges and the plans; every range; units and burdens of the plans."""
    shown = _AlternativeSheets(found, find_names(found.base.data), were_plans_asked)
    return document_on_base(
        found.base,
        "Near-optimal alternatives",
        shown.tell_finding(),
        tuple(shown.show()),
        facts,
    )


@dataclass(frozen=True)
class _AlternativeSheets:
    found: Alternatives
    names: Names
    were_plans_asked: bool

    def measure(self, one: ContributionRange) -> str:
        """What a range is measured in."""
        money = self.found.base.data.horizon.present_value
        return money if one.contribution.kind.form == "money" else _MEAN

    def describe(self, one: ContributionRange) -> dict[str, Any]:
        """A range by the names of columns: its contribution by full names, its codes by index
        (blank where it is the sum over all)."""
        own, kind = one.contribution, one.contribution.kind.name
        told = {"kind": kind, "contribution": self.name(own), "measured_in": self.measure(one)}
        ends = {"status": str(one.status), "verdict": one.verdict}
        codes = dict.fromkeys(self.indices, "") | dict(zip(own.indices, own.key, strict=True))
        return {**vars(one), **codes, **told, **ends}

    @property
    def indices(self) -> tuple[str, ...]:
        """Of all contributions."""
        used = {index for one in self.found.ranges for index in one.contribution.indices}
        return self.found.base.study.in_order(used)

    @property
    def widest_level(self) -> float:
        """The largest share of the least expenditure that may be spent beyond it."""
        return self.found.levels[-1]

    def name(self, one: Contribution) -> str:
        """A contribution by full names: ``Norland, Tank``."""
        pairs = zip(one.indices, one.key, strict=True)
        return ", ".join(str(self.names.get(index, {}).get(code, code)) for index, code in pairs)

    def tell_finding(self) -> str:
        """How much is certain and how much is free, and how many plans differ."""
        found = self.found
        if not found.base.has_plan:
            return f"There are no alternatives: {found.base.status.sentence}"
        if not found.ranges:
            return "No component of the study declares a contribution."
        verdicts = [one.verdict for one in found.ranges if one.within == self.widest_level]
        told = [f"{verdicts.count(v):,} {says}" for v, says in _FINDING.items() if v in verdicts]
        return (
            f"Within {self.widest_level:.2%} of the least expenditure, of {len(verdicts):,} "
            f"contributions: {join_names(told)}. {self._tell_plans()}"
        ).strip()

    def _tell_plans(self) -> str:
        count = len(self.found.plans)
        if count:
            return f"{count:,} plan{'s' * (count > 1)} far from it and from each other are told."
        if not self.were_plans_asked:
            return ""
        if not any(map(_is_unproven, self.found.ranges)):
            return "No plan differs from the base plan."
        return "No plan that differs was found in the time."

    def show(self) -> Iterator[Sheet]:
        """All sheets; the first alone where nothing was found."""
        explanation = (
            "What is certain at a little more than the least expenditure, and what is a free "
            "choice."
        )
        if not self.found.ranges:
            note = Note(self.tell_finding(), "warn")
            yield Sheet("Alternatives", explanation, (note,), on_screen=True)
            return
        yield Sheet("Alternatives", explanation, tuple(self._show_overview()), on_screen=True)
        is_chosen = self.found.is_spent and self.found.plans
        caution = (Note(_CHOSEN, "warn"),) if is_chosen else ()
        yield Sheet("Plans", _ALL_PLANS, (*caution, self._tabulate_plans()), on_screen=True)
        yield self._show_ranges()
        yield self._show_details("units", "number", _MEAN)
        yield self._show_details("burden", "money", "present value")

    def _show_overview(self) -> Iterator[Block]:
        base, ranges = self.found.base, self.found.ranges
        if base.status is not Status.OPTIMAL:
            text = (
                f"Base plan {base.status}, gap {tell_gap(base.gap)}: what is spent beyond the "
                "least is counted from its expenditure, which is not proven to be the least."
            )
            yield Note(text, "warn")
        yield self._count_verdicts()
        for message, count in Counter(one.message for one in ranges if one.message).items():
            yield Note(f"{count:,} of {len(ranges):,} ranges: {message}", "warn")
        if any(map(_is_unproven, ranges)):
            yield Note(_POSSIBLE, "warn")
        for table in self._find_widest():
            yield Chart("dots", table.name, "contribution", ("least", "base", "most"), table.title)
            yield table
        kept = [
            Pair(f"{name.replace('_', ' ')} at most", most, "number", "held in every plan")
            for name, most in self.found.held.items()
        ]
        asked = Pair("questions asked of the solver", self.found.solves, "count")
        yield Pairs("held", (*kept, asked), "What every plan keeps, and what the search took")

    def _count_verdicts(self) -> Table:
        """How many contributions are certain, and how many are free, by level."""
        counts = Counter((one.within, one.verdict) for one in self.found.ranges)
        unproven = Counter(one.within for one in self.found.ranges if _is_unproven(one))
        there = [name for name in VERDICTS if any(verdict == name for _, verdict in counts)]
        rows = [
            (level, *(counts[level, name] for name in there), unproven[level])
            for level in self.found.levels
        ]
        columns = (
            _WITHIN,
            *(Column(n.replace(" ", "_"), "count", meaning=VERDICTS[n]) for n in there),
            Column("not_proven", "count"),
        )
        marks: dict[tuple[int, str], Mark] = {
            (place, "not_proven"): "warn" for place, row in enumerate(rows) if row[-1]
        }
        title = "How many contributions are certain, and how many are free"
        return Table("verdicts", columns, tuple(rows), title, marks=marks)

    def _tabulate_plans(self) -> Table:
        """Every plan, the base plan first, with what it has more and less of by full names."""
        base = {"moved": 0.0, "apart": 0.0, "bound": 0.0, "description": "base plan"}
        told = [
            {**vars(plan), "description": _tell_changes(plan.changes, self.name)}
            for plan in self.found.plans
        ]
        records = []
        for (within, number, own), more in zip(self.found.every_plan, [base, *told], strict=True):
            audit = tell_verdict(own.verdict)
            ended = tell_end(str(more.get("status", own.status)), audit)
            head = {**vars(own), "within": within, "plan": number}
            records.append({**head, **more, "status": ended, "audit": audit})
        return table_of("plans", _PLANS, records, in_view=2)

    def _find_widest(self) -> Iterator[Table]:
        """The widest ranges of each kind at the largest level, money first.

        What is no whole range, or always nothing, is left out.
        """
        groups: dict[tuple[str, str, str], list[ContributionRange]] = {}
        for one in self.found.ranges:
            is_whole = math.isfinite(one.least) and math.isfinite(one.most)
            if one.within == self.widest_level and is_whole and one.verdict != "never":
                kind, over = one.contribution.kind, " and ".join(one.contribution.indices)
                groups.setdefault((kind.form, kind.name, over), []).append(one)
        for (form, name, over), own in sorted(groups.items(), key=lambda one: one[0][0] != "money"):
            widest = sorted(own, key=lambda one: one.least - one.most)[:_WIDEST]
            own_form: Form = "money" if form == "money" else "number"
            columns = (
                Column("contribution", title=over),
                *(Column(name, own_form, decimals=2) for name in ("base", "least", "most")),
                Column("verdict"),
            )
            few = f", the widest {_WIDEST} of {len(own):,}" if len(own) > _WIDEST else ""
            title = (
                f"{name.capitalize()} by {over}{few}: within {self.widest_level:.2%}, "
                f"{self.measure(own[0])}{_AT_LEAST if any(map(_is_unproven, widest)) else ''}"
            )
            table = f"widest {name} by {over}".replace(" and ", " ").replace(" ", "_")
            marks = _mark_unproven(widest, "verdict")
            yield table_of(table, columns, map(self.describe, widest), title=title, marks=marks)

    def _show_ranges(self) -> Sheet:
        ranges = self.found.ranges
        numbers = ("base", "least", "most", "surely_least", "surely_most")
        columns = (
            _WITHIN,
            Column("kind"),
            Column("contribution"),
            *map(Column, self.indices),
            Column("measured_in"),
            *(Column(name, "number", decimals=3) for name in numbers),
            *map(Column, ("verdict", "status")),
            Column("message", "sentence"),
        )
        kinds = {one.contribution.kind for one in ranges}
        marks = _mark_unproven(ranges, "status")
        told = "; ".join(sorted(f"{kind.name}: {kind.says}" for kind in kinds))
        return Sheet(
            "Ranges",
            f"Least and most of every contribution: a plan has it. {told}; by year it is the mean "
            "of all years. surely: no plan goes beyond, which is proven; empty where nothing is.",
            (table_of("ranges", columns, map(self.describe, ranges), marks=marks, in_view=3),),
        )

    def _show_details(self, name: str, form: Form, measure: str) -> Sheet:
        """What each plan has of something, and how much more than the base plan."""
        study = self.found.base.study
        party = (self.found.base.data.party_index,)
        indices = study.indices_of("units") if name == "units" else party
        start: Mapping[Any, float] = getattr(self.found.start, name, {})
        columns = (
            _WITHIN,
            _PLAN,
            *index_columns(indices, self.names),
            Column(name, form, decimals=2, measure="" if form == "money" else measure),
            Column("more_than_base", form, decimals=2),
        )
        rows: list[tuple[Any, ...]] = []
        for within, plan, outcome in self.found.every_plan:
            for key, value in getattr(outcome, name).items():
                more, cells = value - start.get(key, 0.0), key_parts(key)
                if max(abs(value), abs(more)) > _NOISE:
                    told = index_cells(indices, cells, self.names)
                    rows.append((within, plan, *told, value, more))
        return Sheet(
            name.capitalize(),
            f"{name.capitalize()} of each plan, {measure}, and how much more than in the base "
            "plan (plan 0). What neither of them has is left out.",
            (Table(name, columns, tuple(rows), in_view=2),),
        )


def _is_unproven(one: ContributionRange) -> bool:
    return one.status is not Status.OPTIMAL


def _mark_unproven(ranges: Sequence[ContributionRange], column: str) -> dict[tuple[int, str], Mark]:
    """Marks in this column for ranges of which an end is not proven."""
    return {(place, column): "warn" for place, one in enumerate(ranges) if _is_unproven(one)}


def _tell_changes(
    changes: Mapping[Contribution, float], name: Callable[[Contribution], str]
) -> str:
    """What a plan holds more and less of than the base plan, in words; the most first."""
    parts = []
    for word, sign in (("more", 1.0), ("less", -1.0)):
        told = [
            f"{name(contribution)} {sign * change:.2f}"
            for contribution, change in sorted(changes.items(), key=lambda pair: -abs(pair[1]))
            if sign * change >= _TOLD
        ]
        left = len(told) - _MOST_TOLD
        rest = f"; and {left} other{'s' * (left > 1)}" if left > 0 else ""
        if told:
            parts.append(f"{word} of {'; '.join(told[:_MOST_TOLD])}{rest}")
    return ". ".join(part[0].upper() + part[1:] for part in parts)

"""Near-optimal plans as a document: what is certain, the widest choices, plans that differ most."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd

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
    table_of_frame,
)
from cssopt.document.index_columns import Names, find_names, index_cells, index_columns
from cssopt.document.run_facts import RunFacts
from cssopt.names import join_names
from cssopt.questions.alternatives.result import (
    VERDICTS,
    Alternatives,
    Contribution,
    tell_changes,
)
from cssopt.solution.told import tell_gap
from cssopt.solution.verdicts import tell_end
from cssopt.solve.outcome import Status

_WIDEST: Final = 12
"""Ranges of each kind that the first sheet shows."""

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

    @cached_property
    def ranges(self) -> pd.DataFrame:
        """Every range, its contribution by full names, its indices, what it is measured in."""
        ranges, money = self.found.tables["ranges"], f"{self.found.base.data.horizon.money}"
        measures = {"money": f"{money}, present value", "number": _MEAN}
        return ranges.assign(
            contribution=[self.name(one.contribution) for one in self.found.ranges],
            by=[" and ".join(one.contribution.indices) for one in self.found.ranges],
            measured_in=ranges["form"].map(measures),
        )

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
        found, ranges = self.found, self.ranges
        if not found.base.has_plan:
            return f"There are no alternatives: {found.base.status.sentence}"
        if ranges.empty:
            return "No component of the study declares a contribution."
        verdicts = ranges.loc[ranges["within"] == self.widest_level, "verdict"].tolist()
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
        if (self.ranges["status"] == str(Status.OPTIMAL)).all():
            return "No plan differs from the base plan."
        return "No plan that differs was found in the time."

    def show(self) -> Iterator[Sheet]:
        """All sheets; the first alone where nothing was found."""
        explanation = (
            "What is certain at a little more than the least expenditure, and what is a free "
            "choice."
        )
        if self.ranges.empty:
            note = Note(self.tell_finding(), "warn")
            yield Sheet("Alternatives", explanation, (note,), on_screen=True)
            return
        yield Sheet("Alternatives", explanation, tuple(self._show_overview()), on_screen=True)
        yield self._show_ranges()
        yield self._show_details("units", "number", _MEAN)
        yield self._show_details("burden", "money", "present value")

    def _show_overview(self) -> Iterator[Block]:
        base, ranges = self.found.base, self.ranges
        if base.status is not Status.OPTIMAL:
            text = (
                f"Base plan {base.status}, gap {tell_gap(base.gap)}: what is spent beyond the "
                "least is counted from its expenditure, which is not proven to be the least."
            )
            yield Note(text, "warn")
        yield self._count_verdicts()
        for message, own in ranges[ranges["message"] != ""].groupby("message", sort=False):
            yield Note(f"{len(own):,} of {len(ranges):,} ranges: {message}", "warn")
        yield self._tabulate_plans()
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
        ranges = self.ranges
        there = [name for name in VERDICTS if (ranges["verdict"] == name).any()]
        rows = []
        for level in self.found.levels:
            own = ranges[ranges["within"] == level]
            unproven = int((own["status"] != str(Status.OPTIMAL)).sum())
            rows.append((level, *(int((own["verdict"] == n).sum()) for n in there), unproven))
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
        plans = self.found.tables["plans"]
        told = [tell_changes(plan.changes, self.name) for plan in self.found.plans]
        shown = plans.assign(
            description=["base plan", *told],
            status=list(map(tell_end, plans["status"], plans["audit"])),
        )
        title = "Plans that differ most from the base plan (plan 0) and from each other"
        return table_of_frame("plans", _PLANS, shown, title=title, in_view=2)

    def _find_widest(self) -> Iterator[Table]:
        """The widest ranges of each kind at the largest level, money first.

        What is no whole range, or always nothing, is left out.
        """
        ranges = self.ranges[self.ranges["within"] == self.widest_level]
        ends = ranges["least"].map(math.isfinite) & ranges["most"].map(math.isfinite)
        proper = ranges[ends & (ranges["verdict"] != "never")]
        groups: list[tuple[Any, pd.DataFrame]] = list(
            proper.groupby(["form", "kind", "by"], sort=False)
        )
        for (form, kind, over), own in sorted(groups, key=lambda group: group[0][0] != "money"):
            order = (own["most"] - own["least"]).sort_values(ascending=False, kind="stable").index
            widest = own.loc[order[:_WIDEST]]
            own_form: Form = "money" if form == "money" else "number"
            columns = (
                Column("contribution", title=over),
                *(Column(name, own_form, decimals=2) for name in ("base", "least", "most")),
                Column("verdict"),
            )
            measure = own["measured_in"].iloc[0]
            few = f", the widest {_WIDEST} of {len(own):,}" if len(own) > _WIDEST else ""
            title = (
                f"{str(kind).capitalize()} by {over}{few}: within {self.widest_level:.2%}, "
                f"{measure}"
            )
            name = f"widest {kind} by {over}".replace(" and ", " ").replace(" ", "_")
            marks = _mark_unproven(widest, "verdict")
            yield table_of_frame(name, columns, widest, title=title, marks=marks)

    def _show_ranges(self) -> Sheet:
        ranges = self.ranges
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
        kinds = {one.contribution.kind for one in self.found.ranges}
        told = "; ".join(sorted(f"{kind.name}: {kind.says}" for kind in kinds))
        return Sheet(
            "Ranges",
            f"Least and most of every contribution: a plan has it. {told}; by year it is the mean "
            "of all years. surely: no plan goes beyond, which is proven; empty where nothing is.",
            (
                table_of_frame(
                    "ranges", columns, ranges, marks=_mark_unproven(ranges, "status"), in_view=3
                ),
            ),
        )

    def _show_details(self, name: str, form: Form, measure: str) -> Sheet:
        """What each plan has of something, and how much more than the base plan."""
        frame = self.found.tables[name]
        indices = self.found.base.study.in_order(frame.columns)
        columns = (
            _WITHIN,
            _PLAN,
            *index_columns(indices, self.names),
            Column(name, form, decimals=2, measure="" if form == "money" else measure),
            Column("more_than_base", form, decimals=2),
        )
        rows: list[tuple[Any, ...]] = []
        for within, plan, *key, value, more in frame.itertuples(index=False):
            if max(abs(value), abs(more)) > _NOISE:
                rows.append((within, plan, *index_cells(indices, key, self.names), value, more))
        return Sheet(
            name.capitalize(),
            f"{name.capitalize()} of each plan, {measure}, and how much more than in the base "
            "plan (plan 0). What neither of them has is left out.",
            (Table(name, columns, tuple(rows), in_view=2),),
        )


def _mark_unproven(ranges: pd.DataFrame, column: str) -> dict[tuple[int, str], Mark]:
    """Marks in this column for ranges of which an end is not proven."""
    return {
        (place, column): "warn"
        for place, status in enumerate(ranges["status"])
        if status != str(Status.OPTIMAL)
    }

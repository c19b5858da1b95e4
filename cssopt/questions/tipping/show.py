"""Tipping points as a document: where the plan changes its structure, and what it costs there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import pandas as pd

from cssopt.document.base_plan import document_on_base, tell_plan
from cssopt.document.document import (
    Beside,
    Chart,
    Column,
    Document,
    Mark,
    Note,
    Pair,
    Pairs,
    Sheet,
    Table,
    pick_rows,
    table_of_frame,
)
from cssopt.document.index_columns import find_names, make_namer
from cssopt.document.run_facts import RunFacts
from cssopt.document.run_tables import FIGURES, show_failed, show_runs
from cssopt.questions.tipping.result import TippingPoints
from cssopt.questions.tipping.ties import NEEDED, TIE, UNKNOWN
from cssopt.runs.summary import SweepSummary, summarize_runs, with_plan
from cssopt.solution.audit import FAILED
from cssopt.solution.told import NOT_MET

_VERDICTS: Final = {
    NEEDED: "Every plan without it is worse.",
    TIE: "A plan without it is equally good: the change is a matter of choice.",
    UNKNOWN: "Not proven: a solve, with or without it, was cut off or is not accurate enough.",
}
_MARKS: Final[Mapping[str, Mark]] = {TIE: "changed", UNKNOWN: "warn"}
_TIE: Final = (
    "tie: a step of the grid further on a plan without it is as good; unknown: neither this nor "
    "the contrary is proven"
)
_MISSES: Final = "sum of the shares of needs that are missing, by priority and weight"
_ELEMENT = Column("element_name", title="element")
_CODES = Column("element", title="by its codes", on_screen=False)
_CHANGE: Final = (
    _ELEMENT,
    Column("change", meaning="as the quantity grows"),
    Column("between", "exact"),
    Column("and", "exact"),
)
_FIGURES: Final = (
    Column("expenditure", "number", decimals=2),
    Column("missing_share", "factor", meaning=_MISSES),
)
_STATUS, _GAP, _AUDIT = Column("status"), FIGURES["gap"], FIGURES["audit"]
_SIDES: Final = tuple(
    replace(
        one,
        name=f"{one.name}_{side}",
        meaning=f"at the {which} value" if one in (_STATUS, _GAP) else "",
        on_screen=side == "above" and one is not _GAP,
    )
    for one in (*_FIGURES, _STATUS, _GAP)
    for side, which in (("below", "lesser"), ("above", "greater"))
)
_WITHOUT: Final = (
    *_CHANGE[:2],
    Column("without_at", "exact", title="at"),
    Column("without_status", title="status without it"),
    replace(_GAP, name="without_gap", title="gap"),
    Column("without_expenditure", "number", title="costs more", decimals=2),
    Column("without_missing_share", "factor", title="misses more"),
    Column("verdict", title="tie"),
    Column("meaning", "sentence"),
    _CODES,
)
_STRETCHES: Final = (
    _ELEMENT,
    Column("from", "exact"),
    Column("to", "exact"),
    Column("values", "count"),
    Column("throughout"),
    _CODES,
)
_VALUES: Final = (
    Column("value", "exact"),
    Column("on_grid", title="on the grid"),
    _STATUS,
    _GAP,
    *_FIGURES,
)
_PLACES: Final = (
    Column("value", "exact"),
    *_FIGURES,
    Column("begins", "sentence"),
    Column("ends", "sentence"),
)


def show_tipping(found: TippingPoints, facts: RunFacts) -> Document:
    """The tipping points of a quantity."""
    shown = _Shown(found, summarize_runs(found.tables["runs"]))
    title = f"As {shown.quantity} grows"
    is_short = shown.summary.not_met > 0
    return document_on_base(
        found.base, title, shown.finding, shown.sheets, facts, are_others_short=is_short
    )


@dataclass(frozen=True)
class _Shown:
    """The sheets of an answer."""

    found: TippingPoints
    summary: SweepSummary

    @property
    def money(self) -> str:
        """What money is measured in."""
        return self.found.base.data.horizon.money

    @property
    def quantity(self) -> str:
        """What is varied, as sentences tell it."""
        label = self.found.label
        told = {"*": "the factor of ", "+": "what is added to "}.get(label[-1:])
        return f"{told}{label[:-1]}" if told else label

    @cached_property
    def name(self) -> Callable[[str], str]:
        """Puts names in place of codes."""
        return make_namer(find_names(self.found.base.data))

    @cached_property
    def points(self) -> pd.DataFrame:
        """What begins and ends, also in words."""
        points = self._put_names(self.found.tables["tipping_points"])
        return points.assign(**{name: points[name].map(_short) for name in _OF_QUANTITY})

    @cached_property
    def values(self) -> pd.DataFrame:
        """Every value that was solved, in their order, with figures where there is a plan."""
        runs = self.found.tables["runs"]
        has_plan = with_plan(runs)
        return pd.DataFrame(
            {
                "value": runs[self.found.label].map(_short),
                "on_grid": runs["on_grid"],
                "status": runs["status"],
                "gap": runs["gap"].where(has_plan),
                "expenditure": runs["pooled_expenditure"].where(has_plan),
                "missing_share": runs["missing_share"].where(has_plan),
            }
        )

    @cached_property
    def places(self) -> pd.DataFrame:
        """What changes at the same place, with the figures of the side that has a plan."""
        rows = []
        for (low, high), group in self.points.groupby(["between", "and"], sort=True):
            first = group.iloc[0]
            side = "above" if math.isfinite(first["expenditure_above"]) else "below"
            row = {name: first[f"{name}_{side}"] for name in ("expenditure", "missing_share")}
            row |= {"value": high if side == "above" else low}
            for change, own in group.groupby("change")["element_name"]:
                row[str(change)] = "; ".join(own)
            rows.append(row)
        return pd.DataFrame(rows, columns=[column.name for column in _PLACES])

    @property
    def finding(self) -> str:
        """What there is to tell, a sentence."""
        label, summary = self.quantity, self.summary
        if not summary.counted and summary.infeasible == summary.runs:
            return f"There is no plan at any value of {label} that was looked at."
        if not summary.counted:
            return f"No plan is known at any value of {label} that was looked at."
        if self.points.empty:
            return f"The plan keeps its structure at every value of {label} that was looked at."
        places, ties = len(self.places), int((self.points["tie"] == TIE).sum())
        told = f"As {label} grows, {len(self.points):,} elements of the plan begin or end, at "
        tied = f"; {ties:,} of them by choice, as a plan without is as good" if ties else ""
        return f"{told}{places:,} place{'s' * (places > 1)}{tied}."

    @property
    def sheets(self) -> list[Sheet]:
        """All sheets, the points first."""
        runs, label = self.found.tables["runs"], self.found.label
        structure = self._put_names(self.found.tables["structure"])
        without = self.points[self.points["tie"] != ""]
        without = without.assign(verdict=without["tie"], meaning=without["tie"].map(_VERDICTS))
        return [
            self._show_first(),
            _show(
                "Places",
                "What changes at the same place. value is the side that has a plan, the greater "
                "one where both have.",
                table_of_frame("places", self._in_money(_PLACES), self.places),
            ),
            _show("Values", f"Every value of {self.quantity} that was solved, in their order.",
                  self._tabulate_values()),
            _show(
                "Structure",
                "Over which values the plan has each element: from the least to the greatest value "
                "of a stretch, as far as values were looked at. throughout: wherever there is a "
                "plan.",
                table_of_frame("structure", _STRETCHES, structure),
            ),
            _show(
                "Without",
                "At a tipping point the plans with and without the element are equally good. Here "
                "the plan is solved without it a step of the grid further on, at the value named, "
                "on the side that has it. tie: a plan without it is equally good there too "
                "(objectives within 1E-06).",
                table_of_frame("without", self._in_money(_WITHOUT), without),
            ),
            show_runs(runs, (label,), self.money),
            show_failed(runs, (label,)),
            Sheet("Search", "What was looked at, and from which plan on.",
                  (Beside((self._sum_up(), tell_plan(self.found.base))),)),
        ]  # fmt: skip

    def _show_first(self) -> Sheet:
        """How many changes there are, how closely was looked, and both sides of each change."""
        explanation = (
            f"Where the plan changes its structure as {self.quantity} grows. Each change lies "
            "between two values that were both solved. Money is present value; it is never added "
            "to what is missing."
        )
        summary, label = self.summary, self.quantity
        notes = [Note(self.found.note)]
        if summary.not_met:
            told = f"{NOT_MET} at {summary.not_met:,} of {summary.runs:,} values"
            notes.insert(0, Note(told, "bad"))
        if summary.unanswered:
            told = "values gave no answer, and nothing is told of what happens there"
            notes.append(Note(f"{summary.unanswered:,} of {summary.runs:,} {told}.", "warn"))
        if summary.counted and summary.gap.most > 0:
            gaps = f"{summary.gap.least:.1e} to {summary.gap.most:.1e}"
            told = "Neither the figures nor the structure are better than that."
            notes.append(Note(f"Gap of the plans: {gaps}. {told}"))
        tips = dict.fromkeys(self._find_tips(), "")
        charts = [
            Chart("points", "values", "value", (name,), f"{title}, over {label}", picked=tips)
            for name, title in (
                (
                    "expenditure",
                    f"Pooled expenditure, {self.found.base.data.horizon.present_value}",
                ),
                ("missing_share", "Missing share"),
            )
        ]
        is_proven = summary.infeasible == summary.runs
        none = "No value has a plan." if is_proven else "No plan is known at any value."
        drawn = (self._tabulate_points(), *charts) if summary.counted else (Note(none, "warn"),)
        return Sheet("Tipping points", explanation, (*notes, *drawn), on_screen=True)

    def _find_tips(self) -> list[int]:
        """Rows of the values at which the charts mark a tipping point."""
        marked = self.values["value"].isin(self.places["value"])
        return [row for row, is_marked in enumerate(marked) if is_marked]

    def _sum_up(self) -> Pairs:
        found, summary = self.found, self.summary
        ties = int((self.points["tie"] == TIE).sum())
        failed = "no answer; see the sheet Failed. Nothing is told of what happens there"
        mark: Mark | None = "warn" if summary.unanswered else None
        pairs = (
            Pair("quantity", found.label),
            Pair("from", found.grid[0], "exact"),
            Pair("to", found.grid[-1], "exact"),
            Pair("points of the grid", len(found.grid), "count"),
            Pair("width", found.width, "exact", "a change is told between values no further apart"),
            Pair("tipping points", len(self.points), "count", "an element begins or ends",
                 is_strong=True),
            Pair("ties", ties, "count", "of these: a plan without the element is as good"),
            Pair("values solved", summary.runs, "count", "the sheet Runs has them all"),
            Pair("without a plan", summary.infeasible, "count", "no plan can keep all rules"),
            Pair("failed", summary.unanswered, "count", failed, mark=mark),
        )  # fmt: skip
        return Pairs("search", pairs, "What was looked at")

    def _tabulate_points(self) -> Table | Note:
        if self.points.empty:
            return Note("Nothing begins or ends, at all values that were looked at.")
        failed = self.points["audit"] == FAILED
        columns = (*_CHANGE, *_SIDES, Column("tie"), replace(_AUDIT, on_screen=bool(failed.any())),
                   Column("remark", "sentence"), _CODES)  # fmt: skip
        marks: dict[tuple[int, str], Mark] = {
            (row, "tie"): _MARKS[tie] for row, tie in enumerate(self.points["tie"]) if tie in _MARKS
        }
        marks |= {(row, "audit"): "bad" for row, is_bad in enumerate(failed) if is_bad}
        how: dict[str, Any] = {"title": "What begins and what ends", "note": f"{_TIE}."}
        return table_of_frame(
            "tipping_points", self._in_money(columns), self.points, marks=marks,
            picked=pick_rows((), len(self.points)), **how,
        )  # fmt: skip

    def _tabulate_values(self) -> Table:
        failed = [row for row, ended in enumerate(~with_plan(self.found.tables["runs"])) if ended]
        picked = pick_rows([*self._find_tips(), *failed], len(self.values))
        return table_of_frame("values", self._in_money(_VALUES), self.values, picked=picked)

    def _in_money(self, columns: Sequence[Column]) -> list[Column]:
        """The columns, those of money with what it is measured in."""
        money = self.found.base.data.horizon.present_value
        return [replace(c, measure=money) if "expenditure" in c.name else c for c in columns]

    def _put_names(self, frame: pd.DataFrame) -> pd.DataFrame:
        """With a column of the elements in words."""
        return frame.assign(element_name=frame["element"].map(self.name))


_OF_QUANTITY: Final = ("between", "and", "without_at")
"""Columns of values of the quantity."""


def _show(name: str, explanation: str, table: Table) -> Sheet:
    """A sheet of one table, which says so where there is nothing in it."""
    return Sheet(name, explanation, (table if table.rows else Note("Nothing."),))


def _short(value: float) -> float:
    """A value of the quantity in nine digits: enough for a width of a billionth."""
    return float(f"{value:.9g}")

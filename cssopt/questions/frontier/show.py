"""A front as a document: the trade-off as a chart, its knees, and every point with its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import pandas as pd

from cssopt.document.base_plan import document_on_base
from cssopt.document.document import (
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
    pick_rows,
    table_of,
    table_of_frame,
)
from cssopt.document.index_columns import Names, find_names, index_cells, index_columns, make_namer
from cssopt.document.run_facts import RunFacts
from cssopt.modeling.objective import Criterion
from cssopt.names import join_names
from cssopt.questions.frontier.front import Front
from cssopt.questions.frontier.result import TradeOffs
from cssopt.solution.audit import FAILED
from cssopt.solution.plain import NOISE, plain_records
from cssopt.solve.outcome import Status

_FORMS: Final[dict[str, Form]] = {"money": "money", "share": "exact_share"}
_KNEES: Final = (
    "At a knee the exchange changes most: before it much is gained for little, beyond it little "
    "for much."
)


def show_front(found: TradeOffs, facts: RunFacts) -> Document:
    """A front, or why there is none."""
    base = found.base
    money, *others = [criterion.name for criterion in found.criteria]
    title = f"{money} against {join_names(others)}"
    if found.front is None:
        finding = f"There is no front: {base.status.sentence}"
        return document_on_base(base, _capital(title), finding, (), facts)
    shown = _Shown(found, found.front, find_names(base.data))
    return document_on_base(base, _capital(title), shown.finding, shown.sheets, facts)


@dataclass(frozen=True)
class _Shown:
    """The sheets of a front that there is.

    Attributes
    ----------
    names: full names by index and code.
    """

    found: TradeOffs
    front: Front
    names: Names

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A row for each point."""
        return self.found.tables["front"]

    @cached_property
    def planned(self) -> pd.DataFrame:
        """The points that have a plan."""
        return self.frame[self.frame[self.criteria[0].figure].notna()]

    @property
    def criteria(self) -> Sequence[Criterion]:
        """What is traded, expenditure first."""
        return self.found.criteria

    @property
    def money(self) -> str:
        """What money is measured in."""
        return self.found.base.data.horizon.money

    @property
    def finding(self) -> str:
        """What the front spans, a sentence."""
        count, money = len(self.planned), self.criteria[0]
        if not count:
            return f"No point of the front is known: {self.front.status.sentence}"
        proven = "" if self.front.status is Status.OPTIMAL else ", not all of them proven"
        ends = {one.figure: _say_ends(one, self.planned[one.figure]) for one in self.criteria}
        low, high = ends.pop(money.figure)
        spans = [f"{_word(name)} from {most} to {least}" for name, (least, most) in ends.items()]
        if count == 1:
            kept = join_names([f"{_word(name)} {least}" for name, (least, _) in ends.items()])
            return f"Money buys no less than {kept}: one point, at {low} {self.money}{proven}."
        return (
            f"Spending {high} in place of {low} ({self.money}) brings {join_names(spans)}: "
            f"{count:,} points{proven}."
        )

    @property
    def sheets(self) -> list[Sheet]:
        """All sheets, the front first."""
        sheets = [
            self._show_first(),
            Sheet(
                "Points",
                "Every point, by rising expenditure.",
                (self._tabulate_points(),),
                on_screen=True,
            ),
            self._show_wide("costs", "Costs", "entry", "present_value"),
            self._show_wide("burden", "Burden", self.found.base.data.party_index, "burden"),
            self._show_by_keys(
                "units", "Units", "Units held, on average over the years.", "units", decimals=2
            ),
        ]
        if (self.found.tables["shortfalls"]["missing"] > NOISE).any():
            says = "What is missing of each need, in the measure of its kind times years."
            sheets.append(self._show_by_keys("shortfalls", "Shortfalls", says, "missing"))
        return [*sheets, self._show_structure()]

    def _show_first(self) -> Sheet:
        """Criteria, ends and knees, the charts, and what limits of the search leave open."""
        others = " and ".join(criterion.name for criterion in self.criteria[1:])
        criteria = Table(
            "criteria",
            (Column("criterion"), Column("figure"), Column("meaning", "sentence")),
            tuple((c.name, c.figure, c.says) for c in self.criteria),
            "What is traded",
        )
        money, second = self.criteria[:2]
        shown = self.planned[~self.planned["dominated"]]
        front = Chart(
            "points",
            "front",
            money.figure,
            (second.figure,),
            f"{_word(second.figure)} against {_word(money.figure)}, {self.money}, present value",
            # A line through points that others are better than would go back and forth.
            is_joined=len(self.criteria) == 2 and len(shown) == len(self.planned),
            picked={
                int(str(row)): f"knee {knee}"
                for row, knee in shown["knee"].sort_values().items()
                if knee
            },
        )
        costs = Chart(
            "stacked_columns",
            "costs",
            "point",
            tuple(dict.fromkeys(self.found.tables["costs"]["entry"])),
            f"What the points are made of, {self.money}, present value",
        )
        return Sheet(
            "Front",
            f"What expenditure buys in {others}: on the front none of them can be less without "
            f"more of another. {self._say_held()}",
            (
                criteria,
                *self._tell_search(),
                self._tabulate_knees(),
                *((front, costs) if len(self.planned) else ()),
                self._tabulate_search(),
                *self._tabulate_held(),
            ),
            on_screen=True,
        )

    def _say_held(self) -> str:
        if not self.found.held:
            return "Nothing else is held."
        held = join_names([name.replace("_", " ") for name in self.found.held])
        return f"Every point keeps, as the base plan: {held}."

    def _tell_search(self) -> list[Note]:
        """How many points there are, and what the search left open."""
        beyond = self.frame["status"] == str(Status.INFEASIBLE)
        open_ = self.frame[~beyond & (self.frame["status"] != str(Status.OPTIMAL))]
        asked = len(self.frame) - int(beyond.sum())
        told = f"{asked:,} points, {asked - len(open_):,} of them proven."
        notes = [Note(f"{told} {_capital(self.front.method)}.")]
        if beyond.any():
            text = (
                f"Further combinations of limits that no plan can keep: {beyond.sum():,}, proven."
            )
            notes.append(Note(text))
        if self.front.method.startswith("every") and not self.front.whole:
            notes.append(Note("The search ended before all points were known.", "warn"))
        for message, group in open_.groupby("message", sort=False):
            text = (
                f"{len(group):,} points, or parts of the front between points, are not proven: "
                f"they ran into a limit of the search. {message} See their status, bound and gap "
                "in the sheet Points."
            )
            notes.append(Note(" ".join(text.split()), "warn"))
        return notes

    def _tabulate_search(self) -> Pairs:
        base = self.found.base
        cost = base.pooled_expenditure if base.has_plan else None
        pairs = (
            Pair("points", len(self.frame), "count"),
            Pair("the whole front is known", self.front.whole),
            Pair("solves", self.front.questions, "count", self.front.method),
            Pair("base plan costs", cost, "money", f"{self.money}, present value"),
        )
        return Pairs("search", pairs, "How it was found")

    def _tabulate_held(self) -> list[Pairs]:
        pairs = tuple(
            Pair(name, most, "number", "at most, as the base plan has it", decimals=6)
            for name, most in self.found.held.items()
        )
        return [Pairs("held", pairs, "What every point keeps")] if pairs else []

    def _figures(self) -> list[Column]:
        """The columns of the criteria, and of what the next point costs."""
        columns = [
            Column(
                one.figure,
                _FORMS.get(one.form, "number"),
                meaning=one.says,
                measure=f"{self.money}, present value" if one.form == "money" else "",
            )
            for one in self.criteria
        ]
        if "rate" in self.frame:
            second = self.criteria[1]
            unit = "100%" if second.form == "share" else "one"
            costs = f"what each {unit} less of {_word(second.figure)} costs"
            meaning = f"{costs} from here to the next point, in {self.money}"
            columns.append(Column("rate", "number", meaning=meaning))
        return columns

    def _tabulate_points(self) -> Table:
        limits = [
            Column(
                f"limit_{c.figure}",
                _FORMS.get(c.form, "number"),
                title=f"{_word(c.figure)} at most",
                meaning="what was asked for at this point",
                on_screen=False,
            )
            for c in self.criteria[1:]
        ]
        of_plan = [
            Column("threats_met", meaning="yes where no need is short by more than rounding"),
            Column(
                "missing_share",
                "factor",
                meaning="sum of the shares of needs that are missing, by priority and weight",
                on_screen=False,
            ),
            Column("shortfall", "number", measure="power-years", on_screen=False),
        ]
        figures = self._figures()
        taken = {column.name for column in figures}
        columns = (
            Column("point", "count"),
            *figures,
            Column("knee", "count", meaning="1 is the sharpest"),
            Column("status"),
            Column(
                "bound",
                "money",
                meaning="no plan that is no worse in the others costs less",
                on_screen=False,
            ),
            Column("gap", "tiny", meaning="how far the bound is below, as a part"),
            Column("dominated", meaning="yes where another point is better", on_screen=False),
            *limits,
            *(column for column in of_plan if column.name not in taken),
            Column("audit", on_screen=False),
            Column("message", "sentence", on_screen=False),
            Column("seconds", "seconds", on_screen=False),
        )
        marks: dict[tuple[int, str], Mark] = {
            (row, "status"): "warn" for row in self._find_open(self.frame)
        }
        marks |= {(row, "audit"): "bad" for row in self._find_failed(self.frame)}
        return table_of_frame(
            "front", columns, self.frame, marks=marks, picked=self._pick(self.frame)
        )

    def _find_open(self, frame: pd.DataFrame) -> list[int]:
        proven = (str(Status.OPTIMAL), str(Status.INFEASIBLE))
        return [row for row, status in enumerate(frame["status"]) if status not in proven]

    def _find_failed(self, frame: pd.DataFrame) -> list[int]:
        return [row for row, audit in enumerate(frame["audit"]) if audit == FAILED]

    def _pick(self, frame: pd.DataFrame) -> tuple[int, ...] | None:
        """Rows that stand for a long front: knees, ends, what is not proven, others between."""
        knees = [row for row, knee in enumerate(frame["knee"]) if knee]
        ends = [0, max(0, len(self.planned) - 1)]
        outstanding = [*ends, *knees, *self._find_failed(frame), *self._find_open(frame)]
        return pick_rows(outstanding, len(frame))

    def _tabulate_knees(self) -> Table:
        """The ends and the knees, as they stand along the front."""
        ends = {self.planned.index[0], self.planned.index[-1]} if len(self.planned) else set()
        kept = self.planned[(self.planned["knee"] > 0) | self.planned.index.isin(ends)]
        columns = (
            Column("point", "count"),
            Column("what"),
            # What the criteria are stands above.
            *(c if c.name == "rate" else replace(c, meaning="") for c in self._figures()),
            Column("status"),
            Column("bound", "money", on_screen=False),
            Column("gap", "tiny", on_screen=False),
        )
        what = {place: self._say_what(place, knee) for place, knee in kept["knee"].items()}
        marks: dict[tuple[int, str], Mark] = {
            (row, "status"): "warn" for row in self._find_open(kept)
        }
        return table_of_frame(
            "knees",
            columns,
            kept.assign(what=pd.Series(what, dtype=object)),
            title="Ends and knees",
            note=_KNEES,
            marks=marks,
            in_view=2,
        )

    def _say_what(self, place: Any, knee: int) -> str:
        """What a point is among the others."""
        if knee:
            return f"knee {knee}"
        if len(self.planned) == 1:
            return "the only point"
        if len(self.criteria) > 2:
            return "end"
        least = self.criteria[0] if place == self.planned.index[0] else self.criteria[1]
        return f"least {least.name}"

    def _show_wide(self, name: str, title: str, over: str, value: str) -> Sheet:
        """Money of each point, a row for each and a column for each entry or member."""
        frame = self.found.tables[name]
        keys = list(dict.fromkeys(frame[over]))
        by_point = frame.pivot(index="point", columns=over, values=value)
        names = self.names.get(over, {})
        columns = [
            Column("point", "count"),
            *(
                Column(key, "money", title=f"{names[key]} ({key})" if key in names else "")
                for key in keys
            ),
        ]
        records = plain_records(by_point.reset_index())
        explanation = f"Present value by point and {over.replace('_', ' ')}, {self.money}."
        table = table_of(name, columns, records, picked=pick_rows((), len(records)))
        return Sheet(title, explanation, (table,))

    def _show_by_keys(
        self, name: str, title: str, says: str, value: str, decimals: int | None = None
    ) -> Sheet:
        """What plans have of something by point and keys, each code with its name beside it."""
        frame = self.found.tables[name]
        indices = [str(column) for column in frame.columns[1:-1]]
        columns = (
            Column("point", "count"),
            *index_columns(indices, self.names),
            Column(value, "number", decimals=decimals),
        )
        rows = tuple(
            (number, *index_cells(indices, key, self.names), amount)
            for number, *key, amount in frame.itertuples(index=False)
            if abs(amount) > NOISE
        )
        by = join_names(["point", *indices])
        return Sheet(
            title, f"{says} By {by}.", (Table(name, columns, rows, in_view=len(columns) - 1),)
        )

    def _show_structure(self) -> Sheet:
        """Between which points plans have something."""
        columns = (
            Column("element"),
            Column("element_name", title="in words"),
            Column("from", "count", meaning="the first point of a stretch"),
            Column("to", "count", meaning="the last"),
            Column("points", "count", meaning="how many there are in the stretch"),
        )
        frame = self.found.tables["structure"]
        named = frame.assign(element_name=frame["element"].map(make_namer(self.names)))
        table = table_of_frame("structure", columns, named)
        explanation = "What the plans have, and from which point to which without a break."
        if not table.rows:
            return Sheet("Structure", explanation, (Note("No plan has anything."),))
        return Sheet("Structure", explanation, (table,))


def _word(figure: str) -> str:
    return figure.replace("_", " ")


def _say_ends(criterion: Criterion, values: pd.Series[float]) -> tuple[str, str]:
    """The least and the greatest value of a criterion, as they are written in a sentence."""
    form = {"money": ",.1f", "share": ".3%"}.get(criterion.form, ",.4g")
    return format(values.min() + 0.0, form), format(values.max() + 0.0, form)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

"""A front as a document: the trade-off as a chart, its knees, and every point with its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from cssopt.document.base_plan import document_on_base, tell_plan
from cssopt.document.document import (
    Chart,
    Column,
    Document,
    Form,
    Note,
    Pair,
    Pairs,
    Sheet,
    Table,
    pick_rows,
    table_of_frame,
)
from cssopt.document.index_columns import Names, find_names, index_cells, index_columns, make_namer
from cssopt.document.run_facts import RunFacts
from cssopt.document.run_tables import FIGURES
from cssopt.modeling.objective import Criterion
from cssopt.names import in_words, join_names
from cssopt.questions.frontier.front import Front
from cssopt.questions.frontier.result import OF_PLANS, TradeOffs
from cssopt.solution.audit import FAILED
from cssopt.solution.plain import NOISE
from cssopt.solution.verdicts import tell_end
from cssopt.solve.outcome import Status

_FORMS: Final[dict[str, Form]] = {"money": "money", "share": "exact_share"}
_AT_KNEES: Final = (
    "At a knee the exchange changes most: before it much is gained for little, beyond it little "
    "for much."
)
_POINT: Final = Column("point", "count")
_KNEE: Final = Column("knee", "count", meaning="1 is the sharpest")
_BOUND: Final = "no plan that is no worse in the others costs less"
_ENDED: Final = (
    Column("status"),
    Column("bound", "money", meaning=_BOUND, on_screen=False),
    Column("gap", "tiny", meaning="how far the bound is below, as a part", on_screen=False),
)
_BETTER: Final = "yes where another point is better"
_DOMINATED: Final = Column("dominated", meaning=_BETTER, on_screen=False)
_LIMIT: Final = Column("limit", meaning="what was asked for at this point", on_screen=False)
_MESSAGE: Final = Column("message", "sentence", on_screen=False)
_MISSING: Final = Column("missing", "number")
_STRETCH: Final = (
    Column("element_name", title="element"),
    Column("from", "count", meaning="the first point of a stretch"),
    Column("to", "count", meaning="the last"),
    Column("points", "count", meaning="how many there are in the stretch"),
    Column("element", title="by its codes"),
)


def show_front(found: TradeOffs, facts: RunFacts) -> Document:
    """A front, or why there is none."""
    base = found.base
    money, *others = [criterion.name for criterion in found.criteria]
    title = f"{_capital(money)} against {join_names(others)}"
    if found.front is None:
        finding = f"There is no front: {base.status.sentence}"
        sheets = [Sheet("Front", "", (Note(finding, "bad"),))]
        return document_on_base(base, title, finding, sheets, facts)
    shown = _Shown(found, found.front, find_names(base.data))
    return document_on_base(base, title, shown.finding, shown.sheets, facts)


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
        """The points that have a plan, which stand before all others."""
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
        count = len(self.planned)
        if not count:
            return f"No point of the front is known: {self.front.status.sentence}"
        (_, (low, high)), *others = [
            (in_words(one.figure), _say_ends(one, self.planned[one.figure]))
            for one in self.criteria
        ]
        spans = [f"{name} from {most} to {least}" for name, (least, most) in others]
        told = f"Spending {high} in place of {low} ({self.money}) brings {join_names(spans)}"
        is_proven = self.front.status is Status.OPTIMAL
        if count == 1 and not is_proven:
            return (
                "One point of the front is known: a limit of the search came before more was "
                "proven."
            )
        if count == 1:
            kept = join_names([f"{name} {least}" for name, (least, _) in others])
            told = f"Money buys no less than {kept}, at {low} {self.money}"
        proven = "" if is_proven else ", not all of them proven"
        return f"{told}: {count:,} point{'s' * (count > 1)}{proven}."

    @property
    def sheets(self) -> list[Sheet]:
        """All sheets, the front first."""
        party = self.found.base.data.party_index
        held = "Units held, on average over the years."
        missing = "What is missing of each need, in the measure of its kind times years."
        is_short = (self.found.tables["shortfalls"]["missing"] > NOISE).any()
        points = "Every point, by rising expenditure."
        return [
            self._show_first(),
            Sheet("Points", points, (self._tabulate_points(),), on_screen=True),
            self._show_money("Costs", "entry", "present_value"),
            self._show_money("Burden", party, "burden"),
            self._show_keyed("Units", held, Column("units", "number", decimals=2)),
            *([self._show_keyed("Shortfalls", missing, _MISSING)] if is_short else []),
            self._show_structure(),
            self._show_search(),
        ]

    def _show_first(self) -> Sheet:
        """Criteria, ends and knees, the charts, and how the front was found."""
        others = " and ".join(criterion.name for criterion in self.criteria[1:])
        held = [in_words(name) for name in self.found.held]
        kept = f"Every point keeps, as the base plan: {join_names(held)}."
        explanation = (
            f"What expenditure buys in {others}: on the front none of them can be less without "
            f"more of another. {kept if held else 'Nothing else is held.'}"
        )
        columns = Column("criterion"), Column("figure"), Column("meaning", "sentence")
        criteria = tuple((one.name, one.figure, one.says) for one in self.criteria)
        blocks = (
            Table("criteria", columns, criteria, "What is traded"),
            *self._tell_search(),
            *((self._tabulate_knees(), *self._draw()) if len(self.planned) else ()),
        )
        return Sheet("Front", explanation, blocks, on_screen=True)

    def _show_search(self) -> Sheet:
        """How the front was found, what every point keeps, and the plan itself."""
        search = (
            Pair("points", len(self.frame), "count"),
            Pair("the whole front is known", self.front.whole),
            Pair("solves", self.front.questions, "count", self.front.method),
        )
        limits = tuple(
            Pair(name, most, "number", "at most, as the base plan has it", decimals=6)
            for name, most in self.found.held.items()
        )
        held = [Pairs("held", limits, "What every point keeps")] if limits else []
        blocks = (Pairs("search", search, "What was asked"), *held, tell_plan(self.found.base))
        return Sheet("Search", "How the front was found, and from which plan on.", blocks)

    def _draw(self) -> tuple[Chart, Chart]:
        """The second criterion over the first with the knees, and what the points cost."""
        money, second = self.criteria[:2]
        shown = self.planned[~self.planned["dominated"]]
        figures = f"{in_words(second.figure)} against {in_words(money.figure)}"
        title = f"{figures}, {self.found.base.data.horizon.present_value}"
        knees = shown["knee"][shown["knee"] > 0].sort_values()
        front = Chart(
            "points",
            "front",
            money.figure,
            (second.figure,),
            title,
            # A line through points that others are better than would go back and forth.
            is_joined=len(self.criteria) == 2 and len(shown) == len(self.planned),
            picked={int(str(row)): f"knee {knee}" for row, knee in knees.items()},
        )
        entries = tuple(dict.fromkeys(self.found.tables["costs"]["entry"]))
        title = f"What the points are made of, {self.found.base.data.horizon.present_value}"
        return front, Chart("stacked_columns", "costs", "point", entries, title)

    def _tell_search(self) -> list[Note]:
        """How many points there are, and what the search left open."""
        status = self.frame["status"]
        beyond = int((status == str(Status.INFEASIBLE)).sum())
        open_ = self.frame.iloc[_find_open(self.frame)]
        asked = len(self.frame) - beyond
        told = f"{asked:,} points, {asked - len(open_):,} of them proven."
        notes = [Note(f"{told} {_capital(self.front.method)}.")]
        if beyond:
            told = "Further combinations of limits that no plan can keep"
            notes.append(Note(f"{told}: {beyond:,}, proven."))
        if self.front.method.startswith("every") and not self.front.whole:
            notes.append(Note("The search ended before all points were known.", "warn"))
        for message, group in open_.groupby("message", sort=False):
            text = (
                "Points, or parts of the front between points, that ran into a limit of the search "
                f"and are not proven: {len(group):,}. {message} See their status, bound and gap in "
                "the sheet Points."
            )
            notes.append(Note(" ".join(text.split()), "warn"))
        return notes

    @property
    def _figures(self) -> list[Column]:
        """The columns of the criteria, and of what the next point costs."""
        columns = [
            Column(one.figure, _FORMS.get(one.form, "number"), meaning=one.says)
            for one in self.criteria
        ]
        if "rate" in self.frame:
            second = self.criteria[1]
            unit = "100%" if second.form == "share" else "one"
            costs = f"what each {unit} less of {in_words(second.figure)} costs"
            meaning = f"{costs} from here to the next point, in {self.money}"
            columns.append(Column("rate", "number", meaning=meaning))
        return columns

    def _tabulate_points(self) -> Table:
        limits = [
            replace(_LIMIT, name=f"limit_{one.figure}", form=_FORMS.get(one.form, "number"),
                    title=f"{in_words(one.figure)} at most")
            for one in self.criteria[1:]
        ]  # fmt: skip
        figures = self._figures
        of_plan = [FIGURES[n] for n in OF_PLANS if n not in {column.name for column in figures}]
        failed = _find_failed(self.frame)
        audit = replace(FIGURES["audit"], on_screen=bool(failed))
        columns = (_POINT, *figures, _KNEE, *_ENDED, _DOMINATED, *limits, *of_plan, audit, _MESSAGE,
                   FIGURES["seconds"])  # fmt: skip
        marks = {(row, "status"): "warn" for row in _find_open(self.frame)}
        marks |= {(row, "audit"): "bad" for row in failed}
        knees = np.flatnonzero(self.frame["knee"]).tolist()
        ends = [0, max(0, len(self.planned) - 1)]
        picked = pick_rows([*ends, *knees, *failed, *_find_open(self.frame)], len(self.frame))
        shown = self.frame.assign(knee=self.frame["knee"].astype(object).replace(0, None))
        return table_of_frame("front", columns, shown, marks=marks, picked=picked)

    def _tabulate_knees(self) -> Table:
        """The ends and the knees, as they stand along the front."""
        least = self.criteria[0].name, self.criteria[-1].name
        names = [f"least {name}" for name in least] if len(self.criteria) == 2 else ["end", "end"]
        if len(self.planned) == 1:
            names = ["the only point", "the only point"]
        ends = dict(zip(self.planned.index[[0, -1]], names, strict=True))
        kept = self.planned[(self.planned["knee"] > 0) | self.planned.index.isin(list(ends))]
        what = [f"knee {knee}" if knee else ends[place] for place, knee in kept["knee"].items()]
        status = [tell_end(*end) for end in zip(kept["status"], kept["audit"], strict=True)]
        # What the criteria are stands above.
        figures = [one if one.name == "rate" else replace(one, meaning="") for one in self._figures]
        columns = (_POINT, Column("what"), *figures, *_ENDED)
        marks = {(row, "status"): "warn" for row in _find_open(kept)}
        marks |= {(row, "status"): "bad" for row in _find_failed(kept)}
        kept = kept.assign(what=what, status=status)
        how: dict[str, Any] = {"note": _AT_KNEES, "marks": marks, "in_view": 2}
        return table_of_frame("knees", columns, kept, title="Ends and knees", **how)

    def _show_money(self, title: str, over: str, value: str) -> Sheet:
        """Money of each point, a row for each and a column for each entry or member."""
        frame = self.found.tables[title.lower()]
        names = self.names.get(over, {})
        columns = [
            Column(key, "money", title=f"{names[key]} ({key})" if key in names else "")
            for key in dict.fromkeys(frame[over])
        ]
        wide = frame.pivot(index="point", columns=over, values=value).reset_index()
        picked = pick_rows((), len(wide))
        table = table_of_frame(title.lower(), [_POINT, *columns], wide, picked=picked)
        return Sheet(title, f"Present value by point and {in_words(over)}, {self.money}.", (table,))

    def _show_keyed(self, title: str, says: str, value: Column) -> Sheet:
        """What plans have of something by point and keys, each code with its name beside it."""
        frame = self.found.tables[title.lower()]
        indices = [str(column) for column in frame.columns[1:-1]]
        columns = (_POINT, *index_columns(indices, self.names), value)
        rows = tuple(
            (number, *index_cells(indices, key, self.names), amount)
            for number, *key, amount in frame.itertuples(index=False)
            if abs(amount) > NOISE
        )
        table = Table(title.lower(), columns, rows, in_view=len(columns) - 1)
        return Sheet(title, f"{says} By {join_names(['point', *indices])}.", (table,))

    def _show_structure(self) -> Sheet:
        """Between which points plans have something."""
        frame = self.found.tables["structure"]
        named = frame.assign(element_name=frame["element"].map(make_namer(self.names)))
        explanation = "What the plans have, and from which point to which without a break."
        return Sheet("Structure", explanation, (table_of_frame("structure", _STRETCH, named),))


def _find_open(frame: pd.DataFrame) -> list[int]:
    """Rows of points that are not proven."""
    proven = [str(Status.OPTIMAL), str(Status.INFEASIBLE)]
    rows: list[int] = np.flatnonzero(~frame["status"].isin(proven)).tolist()
    return rows


def _find_failed(frame: pd.DataFrame) -> list[int]:
    """Rows of points whose audit failed."""
    rows: list[int] = np.flatnonzero(frame["audit"] == FAILED).tolist()
    return rows


def _say_ends(criterion: Criterion, values: pd.Series[float]) -> tuple[str, str]:
    """The least and the greatest value of a criterion, as they are written in a sentence."""
    form = {"money": ",.1f", "share": ".3%"}.get(criterion.form, ",.4g")
    return format(values.min() + 0.0, form), format(values.max() + 0.0, form)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

"""A price list of rules as a document: the dearest at a glance, and every rule with its price."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from cssopt.document.base_plan import document_on_base
from cssopt.document.document import (
    Block,
    Chart,
    Column,
    Document,
    Mark,
    Note,
    Pair,
    Pairs,
    Sheet,
    Table,
    table_of_frame,
)
from cssopt.document.run_facts import RunFacts
from cssopt.questions.rules.result import RuleList, RuleVerdict
from cssopt.solve.answer import is_left

MOST_BARS: Final = 15
_UNSEEN: Final = 1e-6
"""Share of the largest bar that nobody could see."""
_MOST_DECIMALS: Final = 6

NOT_EQUAL: Final = (
    "Where a rule causes missing share, the plan that would come without it is more secure: its "
    "expenditure is not at equal security with the plan of today. The cost is: it is what could "
    "be saved without the rule while no more is missing than with it."
)
_OF_PLANS: Final = (
    "Each missing share is that of the plans found, with nothing proven: this study does not make "
    "the missing share small by itself."
)
_SILENT: Final = (RuleVerdict.NOTHING, RuleVerdict.NO_PLAN)
"""Verdicts of rules that are only counted at a glance."""

_COSTLY: Final = (
    RuleVerdict.NO_PLAN_WITH,
    RuleVerdict.SHORTFALL,
    RuleVerdict.COSTS,
    RuleVerdict.OTHER_AIM,
)

_COLUMNS: Final = {
    one.name: one
    for one in (
        Column("text", "sentence", title="rule"),
        Column("where"),
        Column("value", "exact"),
        Column("kind"),
        Column("nature"),
        Column("rule", title="name", on_screen=False),
        Column("rules", "count"),
        Column("verdict"),
        Column("sure", meaning="bounds prove the verdict"),
        Column(
            "missing_share",
            "number",
            meaning="caused by the rule: the missing shares of all needs and years, times priority "
            "and weight, added up",
        ),
        Column("missing_share_least", "number", "missing share, at least"),
        Column("missing_share_most", "number", "missing share, at most"),
        Column("cost", "number", meaning="saved without the rule with no more missing than today"),
        Column("cost_least", "number", "cost, at least"),
        Column("cost_most", "number", "cost, at most"),
        Column("other_aims", "sentence", "other stages gain"),
        Column("saved", "number", "expenditure saved by the plan that would come without it"),
        Column("equally_secure", title="at equal security"),
        Column("expenditure_without", "number", "expenditure without it"),
        Column("missing_share_without", "number", "missing share without it"),
        Column("sum_missing_share", "number", "missing share, sum one by one"),
        Column("sum_cost", "number", "cost, sum one by one"),
        Column("remark", "sentence"),
        Column("status"),
        Column("audit"),
        Column("bound", "number", meaning="no plan without it costs less"),
        Column("gap", "tiny"),
        Column("way", meaning="how its program was made"),
        Column("seconds", "seconds"),
        Column("reason", "sentence"),
        Column("stage"),
        Column("base", "number", "with every rule"),
        Column("without", "number"),
        Column("gain", "number"),
        Column("least", "number", "gain, at least"),
        Column("most", "number", "gain, at most"),
    )
}
"""How each column of the tables is shown; in this order those of the price list."""

_TOGETHER: Final = ("rule", "rules", "missing_share", "cost", "verdict", "remark")
"""Columns of rules that are lifted together which the terminal has room for."""

_MONEY: Final = ("cost", "cost_least", "cost_most", "saved", "expenditure_without", "sum_cost",
                 "bound")  # fmt: skip
_FIRST: Final = ("text", "where", "value", "kind", "nature")
_LAST: Final = ("status", "audit", "bound", "gap", "way", "seconds", "rule", "reason")
"""Columns of the price list before and behind the figures."""


def show_rules(found: RuleList, facts: RunFacts) -> Document:
    """Counts and the dearest rules, every rule with its price, rules together, and the stages."""
    shown = _RuleSheets(found)
    return document_on_base(
        found.base,
        "What rules cost",
        shown.tell_finding(),
        (shown.show_dearest(), shown.show_list(), shown.show_together(), shown.show_stages()),
        facts,
    )


@dataclass(frozen=True)
class _RuleSheets:
    found: RuleList

    @property
    def rules(self) -> pd.DataFrame:
        """A row for each rule, the dearest first."""
        return self.found.tables["rules"]

    def tell_finding(self) -> str:
        """How many rules cost something, and which of them is the dearest."""
        rules = self.rules
        if rules.empty:
            return "The inputs lay down no rule."
        costly = rules[rules["verdict"].isin(_COSTLY)]
        unsure = int((~rules["sure"].astype(bool)).sum())
        rest = f" Of {unsure:,} nothing is proven." if unsure else ""
        if costly.empty:
            return f"None of {len(rules):,} rules is proven to cost anything.{rest}"
        first = costly.iloc[0]
        verdict, currency = RuleVerdict(first["verdict"]), self.found.base.data.horizon.currency
        price = {
            RuleVerdict.COSTS: f"at equal security it costs {first['cost']:,.4g} million "
            f"{currency}, present value",
            RuleVerdict.SHORTFALL: f"it causes a missing share of {first['missing_share']:.4g}",
        }.get(verdict, verdict.sentence)
        return (
            f"{len(costly):,} of {len(rules):,} rules cost something, which is proven; the "
            f"dearest: {first['text']} ({price}).{rest}"
        )

    def show_dearest(self) -> Sheet:
        """Counts of verdicts, and the rules that cost most, with charts."""
        rules = self.rules
        counts = [Pair("rules lifted", len(rules), "count", "one at a time", is_strong=True)]
        for verdict in RuleVerdict:
            count = int((rules["verdict"] == verdict).sum())
            mark: Mark | None = None if verdict.is_sure else "warn"
            if count:
                counts.append(Pair(verdict, count, "count", verdict.sentence, mark=mark))
        if self.found.reused:
            text = "solved by an earlier run of the same command"
            counts.append(Pair("taken from the journal", self.found.reused, "count", text))
        notes = [Note(text) for text in self._find_notes()]
        tables, charts = self._find_dearest()
        return Sheet(
            "Rules",
            "What every rule costs: the plan with every rule beside the plans without one of "
            "them. Cost is present value, the fall of the least expenditure at the security of "
            "the plan with every rule; it is never added to what is missing.",
            (Pairs("counts", tuple(counts)), *notes, *charts, *tables, *self._find_doubts()),
            on_screen=True,
        )

    def _find_notes(self) -> list[str]:
        """What must be known to read the figures."""
        if self.rules.empty:
            return ["The inputs lay down no rule."]
        said = {
            NOT_EQUAL: (self.rules["missing_share"] > 0).any(),
            _OF_PLANS: _find_unproven(self.rules).any(),
        }
        return [text for text, holds in said.items() if holds]

    def _find_doubts(self) -> list[Note]:
        """How many prices are not known, and why."""
        rules = self.rules
        reasons = rules.loc[rules["verdict"] == RuleVerdict.NO_ANSWER, "reason"].astype(str)
        told = [
            Note(f"{count:,} of {len(rules):,} rules: {reason}", "warn")
            for reason, count in reasons[reasons != ""].value_counts(sort=False).items()
        ]
        unsure = int((~rules["sure"].astype(bool) & ~rules["reason"].map(is_left)).sum())
        if unsure:
            text = f"{unsure:,} of {len(rules):,} prices are not proven: solve closer (--gap)."
            told.append(Note(text, "warn"))
        return told

    def _find_dearest(self) -> tuple[list[Block], list[Chart]]:
        """The rules that cost most money, those that cause most missing share, and all others whose
        price is no number, or not known."""
        tables: list[Block] = []
        charts, listed = [], set[str]()
        money = f"million {self.found.base.data.horizon.currency}"
        for column, title in (
            ("cost", f"What a rule costs at equal security, {money}"),
            ("missing_share", "Missing share that a rule causes"),
        ):
            dearest = find_dearest(self.rules, column)
            if len(dearest):
                name = f"dearest_{column}"
                shown = ["text", "where", "rule", column, "verdict"]
                tables.append(self._tabulate(name, dearest[shown], title))
                charts.append(Chart("bars", name, "text", (column,), title))
                listed.update(dearest["rule"])
        told = ~self.rules["verdict"].isin(_SILENT) & ~self.rules["rule"].isin(listed)
        others = self.rules[told]
        if len(others):
            shown = ["text", "where", "rule", "missing_share", "cost", "verdict", "other_aims"]
            title = "Other rules that cost something, or may"
            tables.append(self._tabulate("other_rules", others[shown], title))
        return tables or [Note("No rule is known to cost anything.")], charts

    def show_list(self) -> Sheet:
        """Every rule with its price."""
        rules = self.rules
        middle = [name for name in rules.columns if name not in (*_FIRST, *_LAST)]
        return Sheet(
            "Price list",
            "Every rule, the dearest first: security before money, what costs nothing at the end. "
            "At least, at most: proven, with the gaps of both solves. A missing share without "
            "them is that of the plans found: the study does not make it small.",
            (self._tabulate("rules", rules[[*_FIRST, *middle, *_LAST]]),),
        )

    def show_together(self) -> Sheet:
        """Rules of a kind lifted at once."""
        together = self.found.tables["together"]
        table = self._tabulate("together", together)
        columns = [replace(one, on_screen=one.name in _TOGETHER) for one in table.columns]
        columns[0] = replace(columns[0], title="lifted together")
        return Sheet(
            "Together",
            "All rules of a kind lifted at once, and all of them. Rules may cost nothing one by "
            "one and much together, where each stands in for the others; or less than their sum, "
            "where they cost the same money. The remark is made only where bounds prove it.",
            (replace(table, columns=tuple(columns)),)
            if len(together)
            else (Note("No kind has more than one rule."),),
            on_screen=len(together) > 0,
        )

    def show_stages(self) -> Sheet:
        """What each stage gains."""
        return Sheet(
            "Stages",
            "What each stage of the study gains without a rule, with the stages before it held "
            "where the plan with every rule has them.",
            (self._tabulate("stages", self.found.tables["stages"]),),
        )

    def _tabulate(self, name: str, frame: pd.DataFrame, title: str = "") -> Table:
        """Columns of a frame as they are shown, with what nothing proves marked."""
        money = f"{self.found.base.data.horizon.money}, present value"
        columns = []
        if "other_aims" in frame:
            frame = frame.assign(other_aims=frame["other_aims"].str.replace("_", " "))
        for own in (_COLUMNS[column] for column in frame.columns):
            if own.name in _MONEY:
                own = replace(own, decimals=_find_decimals(frame, own.name, 2), measure=money)
            elif "missing_share" in own.name:
                own = replace(own, decimals=_find_decimals(frame, own.name, 4))
            columns.append(own)
        return table_of_frame(name, columns, frame, title=title, marks=_mark_unsure(frame))


def find_dearest(rules: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rules that cost most in one column; none that is proven to cost nothing."""
    known = rules[rules["verdict"] != RuleVerdict.NOTHING]
    amounts = known[column].astype(float)
    seen = amounts[amounts > max(0.0, amounts.max() * _UNSEEN)]
    return known.loc[seen.nlargest(MOST_BARS).index]


def _find_decimals(frame: pd.DataFrame, column: str, least: int) -> int:
    """Decimals by which nothing that is proven to be something is shown as nothing."""
    costly = frame["verdict"].isin(_COSTLY) if "verdict" in frame else ()
    sizes = frame.loc[costly, column].abs().astype(float) if len(costly) else frame[column][:0]
    smallest = min((size for size in sizes if size > 10.0**-_MOST_DECIMALS), default=1.0)
    return max(least, -math.floor(math.log10(smallest)))


def _find_unproven(rules: pd.DataFrame) -> pd.Series:
    """Where a missing share is only that of the plans found."""
    shares = rules["missing_share"].astype(float)
    return shares.notna() & (shares != 0) & rules["missing_share_most"].isna()


def _mark_unsure(frame: pd.DataFrame) -> Mapping[tuple[int, str], Mark]:
    """Marks of the verdicts that nothing proves."""
    verdicts: Sequence[str] = frame["verdict"].tolist() if "verdict" in frame else ()
    return {
        (place, "verdict"): "warn"
        for place, told in enumerate(verdicts)
        if not RuleVerdict(told).is_sure
    }

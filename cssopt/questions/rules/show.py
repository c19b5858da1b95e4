"""A price list of rules as a document: the dearest at a glance, and every rule with its price."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

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
    table_of,
)
from cssopt.document.run_facts import RunFacts
from cssopt.questions.rules.result import (
    ListedPrice,
    RuleList,
    RuleVerdict,
    StageGain,
    compare_with_parts,
)
from cssopt.solution.plain import plain_row
from cssopt.solution.verdicts import tell_verdict
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

_AT_A_GLANCE: Final = ("rule", "rules", "missing_share", "cost", "verdict", "remark")
"""Columns of rules that are lifted together which the terminal has room for."""

_MONEY: Final = ("cost", "cost_least", "cost_most", "saved", "expenditure_without", "sum_cost",
                 "bound")  # fmt: skip
_FIRST: Final = ("text", "where", "value", "kind", "nature")
_LAST: Final = ("status", "audit", "bound", "gap", "way", "seconds", "rule", "reason")
_STATED: Final = (
    "verdict", "sure", "missing_share", "missing_share_least", "missing_share_most", "cost",
    "cost_least", "cost_most", "other_aims", "saved", "equally_secure", "expenditure_without",
    "missing_share_without",
)  # fmt: skip
"""The figures of the price list, and columns before and behind them."""

_TOGETHER: Final = (
    "rule", "rules", *_STATED, "status", "bound", "gap", "way", "reason", "seconds", "audit",
    "sum_missing_share", "sum_cost", "remark",
)  # fmt: skip
_STAGES: Final = ("rule", "stage", "base", "without", "gain", "least", "most")
_OTHERS: Final = ("text", "where", "rule", "missing_share", "cost", "verdict", "other_aims")

_Record = dict[str, Any]


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

    @cached_property
    def rules(self) -> list[_Record]:
        """What is told of each rule, the dearest first."""
        return list(map(_describe, self.found.prices))

    def tell_finding(self) -> str:
        """How many rules cost something, and which of them is the dearest."""
        prices = self.found.prices
        if not prices:
            return "The inputs lay down no rule."
        costly = [price for price in prices if price.verdict in _COSTLY]
        unsure = sum(not price.verdict.is_sure for price in prices)
        rest = f" Of {unsure:,} nothing is proven." if unsure else ""
        if not costly:
            return f"None of {len(prices):,} rules is proven to cost anything.{rest}"
        first, money = _describe(costly[0]), self.found.base.data.horizon.millions
        price = {
            RuleVerdict.COSTS: f"at equal security it costs {first['cost']:,.4g} {money}, "
            "present value",
            RuleVerdict.SHORTFALL: f"it causes a missing share of {first['missing_share']:.4g}",
        }.get(costly[0].verdict, costly[0].verdict.sentence)
        return (
            f"{len(costly):,} of {len(prices):,} rules cost something, which is proven; the "
            f"dearest: {first['text']} ({price}).{rest}"
        )

    def show_dearest(self) -> Sheet:
        """Counts of verdicts, and the rules that cost most, with charts."""
        found = self.found
        pairs = [Pair("rules lifted", len(found.prices), "count", "one at a time", is_strong=True)]
        counts = Counter(price.verdict for price in found.prices)
        for verdict in RuleVerdict:
            mark: Mark | None = None if verdict.is_sure else "warn"
            if count := counts[verdict]:
                pairs.append(Pair(verdict, count, "count", verdict.sentence, mark=mark))
        if found.reused:
            text = "solved by an earlier run of the same command"
            pairs.append(Pair("taken from the journal", found.reused, "count", text))
        notes = [Note(text) for text in self._find_notes()]
        tables, charts = self._find_dearest()
        return Sheet(
            "Rules",
            "What every rule costs: the plan with every rule beside the plans without one of "
            "them. Cost is present value, the fall of the least expenditure at the security of "
            "the plan with every rule; it is never added to what is missing.",
            (Pairs("summary", tuple(pairs)), *notes, *charts, *tables, *self._find_doubts()),
            on_screen=True,
        )

    def _find_notes(self) -> list[str]:
        """What must be known to read the figures."""
        if not self.rules:
            return ["The inputs lay down no rule."]
        said = {
            NOT_EQUAL: any(row["missing_share"] > 0 for row in self.rules),
            _OF_PLANS: any(map(_is_of_plans, self.rules)),
        }
        return [text for text, holds in said.items() if holds]

    def _find_doubts(self) -> list[Note]:
        """How many prices are not known, and why."""
        prices, count = self.found.prices, len(self.found.prices)
        unknown = [one for one in prices if one.verdict is RuleVerdict.NO_ANSWER]
        reasons = Counter(one.outcome.reason for one in unknown if one.outcome.reason)
        told = [
            Note(f"{number:,} of {count:,} rules: {reason}", "warn")
            for reason, number in reasons.items()
        ]
        unsure = sum(not (p.verdict.is_sure or is_left(p.outcome.reason)) for p in prices)
        if unsure:
            text = f"{unsure:,} of {count:,} prices are not proven: solve closer (--gap)."
            told.append(Note(text, "warn"))
        return told

    def _find_dearest(self) -> tuple[list[Block], list[Chart]]:
        """The rules that cost most money, those that cause most missing share, and all others whose
        price is no number, or not known."""
        tables: list[Block] = []
        charts, listed = [], set[str]()
        money = self.found.base.data.horizon.millions
        for column, title in (
            ("cost", f"What a rule costs at equal security, {money}"),
            ("missing_share", "Missing share that a rule causes"),
        ):
            if dearest := find_dearest(self.rules, column):
                name, shown = f"dearest_{column}", ("text", "where", "rule", column, "verdict")
                tables.append(self._tabulate(name, shown, dearest, title))
                charts.append(Chart("bars", name, "text", (column,), title))
                listed.update(row["rule"] for row in dearest)
        others = [
            row for row in self.rules if row["verdict"] not in _SILENT and row["rule"] not in listed
        ]
        if others:
            title = "Other rules that cost something, or may"
            tables.append(self._tabulate("other_rules", _OTHERS, others, title))
        return tables or [Note("No rule is known to cost anything.")], charts

    def show_list(self) -> Sheet:
        """Every rule with its price."""
        return Sheet(
            "Price list",
            "Every rule, the dearest first: security before money, what costs nothing at the end. "
            "At least, at most: proven, with the gaps of both solves. A missing share without "
            "them is that of the plans found: the study does not make it small.",
            (self._tabulate("rules", (*_FIRST, *_STATED, *_LAST), self.rules),),
        )

    def show_together(self) -> Sheet:
        """Rules of a kind lifted at once."""
        records = []
        for price in self.found.together:
            alone = self.found.find_parts(price)
            sums = {
                f"sum_{name}": sum(_find_cost(getattr(each, name)) for each in alone)
                for name in ("missing_share", "cost")
            }
            remark = compare_with_parts(price, alone)
            records.append({**_state(price), "rules": len(price.rules), **sums, "remark": remark})
        table = self._tabulate("together", _TOGETHER, records)
        columns = [replace(one, on_screen=one.name in _AT_A_GLANCE) for one in table.columns]
        columns[0] = replace(columns[0], title="lifted together")
        return Sheet(
            "Together",
            "All rules of a kind lifted at once, and all of them. Rules may cost nothing one by "
            "one and much together, where each stands in for the others; or less than their sum, "
            "where they cost the same money. The remark is made only where bounds prove it.",
            (replace(table, columns=tuple(columns)),)
            if records
            else (Note("No kind has more than one rule."),),
            on_screen=bool(records),
        )

    def show_stages(self) -> Sheet:
        """What each stage gains."""
        records = [
            {**vars(gain), "rule": price.name, "gain": gain.found}
            for price in self.found.priced
            for gain in price.amounts
        ]
        return Sheet(
            "Stages",
            "What each stage of the study gains without a rule, with the stages before it held "
            "where the plan with every rule has them.",
            (self._tabulate("stages", _STAGES, records),),
        )

    def _tabulate(
        self, name: str, columns: Sequence[str], records: Sequence[_Record], title: str = ""
    ) -> Table:
        """Columns of records as they are shown, with what nothing proves marked."""
        money = self.found.base.data.horizon.present_value
        shown = []
        for own in (_COLUMNS[column] for column in columns):
            if own.name in _MONEY:
                own = replace(own, decimals=_find_decimals(records, own.name, 2), measure=money)
            elif "missing_share" in own.name:
                own = replace(own, decimals=_find_decimals(records, own.name, 4))
            shown.append(own)
        marks: dict[tuple[int, str], Mark] = {
            (place, "verdict"): "warn"
            for place, row in enumerate(records)
            if "verdict" in row and not RuleVerdict(row["verdict"]).is_sure
        }
        return table_of(name, shown, map(plain_row, records), title=title, marks=marks)


def _describe(price: ListedPrice) -> _Record:
    """What is told of a single rule."""
    (rule,) = price.rules
    own = {"kind": rule.rule.name, "nature": rule.rule.nature, "where": rule.where}
    return {**own, "value": rule.value, "text": rule.named, **_state(price)}


def _state(price: ListedPrice) -> _Record:
    """What is told of a price; what does not exist is nan or None, never 0."""
    end, cost = price.outcome, price.cost
    aims = [f"{a.stage.replace('_', ' ')} {a.found:,.6g}" for a in price.others if a.is_sure]
    return {
        **vars(end),
        "rule": price.name,
        "verdict": str(price.verdict),
        "sure": price.verdict.is_sure,
        **_spread("missing_share", price.missing_share),
        **_spread("cost", cost),
        "other_aims": ", ".join(aims),
        "saved": price.saved,
        "equally_secure": price.is_equally_secure if price.base.has_plan and end.has_plan else None,
        "expenditure_without": end.pooled_expenditure,
        "missing_share_without": end.missing_share,
        "bound": math.nan if cost is None else end.proven.get(cost.stage, math.nan),
        "gap": price.gap,
        "audit": tell_verdict(end.verdict) if end.has_plan else "",
    }


def _spread(name: str, amount: StageGain | None) -> _Record:
    """What was found, and the bounds proven."""
    least, most = (math.nan, math.nan) if amount is None else (amount.least, amount.most)
    return {name: _find_cost(amount), f"{name}_least": least, f"{name}_most": most}


def _find_cost(amount: StageGain | None) -> float:
    """What was found; nan where it is not known."""
    return math.nan if amount is None else amount.found


def find_dearest(rules: Sequence[_Record], column: str) -> list[_Record]:
    """The rules that cost most in one column; none that is proven to cost nothing."""
    known = [row for row in rules if row["verdict"] != RuleVerdict.NOTHING and row[column] > 0]
    known.sort(key=lambda row: -row[column])
    return [row for row in known if row[column] > known[0][column] * _UNSEEN][:MOST_BARS]


def _find_decimals(records: Sequence[_Record], column: str, least: int) -> int:
    """Decimals by which nothing that is proven to be something is shown as nothing."""
    sizes = [abs(row[column]) for row in records if row.get("verdict") in _COSTLY]
    smallest = min((size for size in sizes if size > 10.0**-_MOST_DECIMALS), default=1.0)
    return max(least, -math.floor(math.log10(smallest)))


def _is_of_plans(row: _Record) -> bool:
    """True where a missing share is only that of the plans found."""
    return abs(row["missing_share"]) > 0 and math.isnan(row["missing_share_most"])

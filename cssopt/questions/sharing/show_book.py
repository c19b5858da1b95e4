"""A workbook shared by every method, as a document."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from cssopt.document.document import (
    Block,
    Chart,
    Column,
    Document,
    Mark,
    Note,
    Sheet,
    Table,
    table_of,
)
from cssopt.document.index_columns import find_names
from cssopt.document.run_facts import RunFacts
from cssopt.names import join_names
from cssopt.questions.sharing.book import BookSharing
from cssopt.questions.sharing.concordance import KENDALL, SPEARMAN, WILCOXON
from cssopt.questions.sharing.decisions import Decision
from cssopt.questions.sharing.fairness import Fairness
from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.inequality import CONCENTRATION, GINI, HERFINDAHL, KAKWANI
from cssopt.questions.sharing.methods import Group
from cssopt.questions.sharing.result import MethodShares
from cssopt.questions.sharing.tables import (
    STABLE,
    put_names,
    show_figures,
    show_long,
    show_objections,
    show_words,
    tabulate_notes,
    tabulate_shares,
)
from cssopt.questions.sharing.voting_rules import Quota, VotingRule
from cssopt.solve.outcome import Status

STATISTICS: Final = {
    SPEARMAN: "From 1 (who benefits more bears more, in every case) over 0 to -1 (the reverse), by "
    "the ranks of members.",
    KENDALL: "The same, by pairs: those in the same order less those in the reverse order, as a "
    "part of all.",
    WILCOXON: "Whether members bear more than their benefit as often, and as strongly, as less. "
    "The value is a sum of ranks; only its p-value is to be read: a small one says that they do "
    "not.",
    CONCENTRATION: "Above 0 the burden lies on those who benefit most; below 0 on the others.",
    KAKWANI: "Above 0 those who benefit more bear more than in proportion; below 0 less.",
    GINI: "0 where all members have the same; the nearer to 1, the fewer have all.",
    HERFINDAHL: "The sum of the squares of all parts: 1 where one member has all, 1 over the "
    "number of members where all have the same.",
}
"""What a statistic says, by its name."""

_NOTHING: Final = 1e-6
"""Million; who spends less spends nothing."""
_MOST_AT_A_GLANCE = 12
"""Ways of sharing that the first page shows all; of more, the main ones."""

_ENDINGS: Final = {
    Status.OPTIMAL: "proven",
    Status.FEASIBLE: "not proven",
    Status.INFEASIBLE: "no plan",
}
"""How it is told how the search for the least cost of a coalition ended."""

_MOST_WITHOUT = 2
"""Members by whose absence a large coalition is told."""

_MOST_LISTED = 2_000
"""Coalitions of which the costs are shown, a row each; JSON has no more either."""


def say_rule(rule: VotingRule) -> str:
    """What a rule needs, a sentence: parts of all, or how many members."""
    needed = [
        f"{math.ceil(quota.least):,} of {len(quota.weights)} {quota.name}"
        if set(quota.weights.values()) == {1.0}
        else f"{quota.needed / quota.total:.1%} of all {quota.name}{_say_blockers(quota, rule)}"
        for quota in rule.quotas
        if quota.total > 0
    ]
    return f"{rule.name[:1].upper()}{rule.name[1:]}: {join_names(needed)}." if needed else ""


def _say_blockers(quota: Quota, rule: VotingRule) -> str:
    """How many members it takes to block by a quota; nothing where one is enough."""
    least, count = quota.blockers, len(quota.weights)
    heads = [one.least for one in rule.quotas if set(one.weights.values()) == {1.0}]
    by_number = min((count - math.ceil(needed) + 1 for needed in heads), default=count + 1)
    if by_number <= least <= count:
        return (
            f" (which decides nothing among {count}: {least} members must be against to block by "
            f"it, and {by_number} block by their number)"
        )
    if least > len(quota.weights):
        return f" (which cannot block among fewer than {least} members)"
    return f" (which {least} members or more must be against to block)" if least > 1 else ""


def say_accepted(passes: Mapping[str, bool | None]) -> str:
    """By which voting rules something passes; None: not known. Empty where there are no rules."""
    by = [rule for rule, is_so in passes.items() if is_so]
    failed = [rule for rule, is_so in passes.items() if is_so is False]
    unknown = [rule for rule, is_so in passes.items() if is_so is None]
    if not passes:
        return ""
    if unknown:
        known = f"{join_names(by)}; " if by else ""
        return f"{known}not known of {join_names(unknown)}"
    if by and len(failed) < len(by):
        return f"every rule but {join_names(failed)}" if failed else "every rule"
    return join_names(by) or "no rule"


def _group_decisions(decisions: Sequence[Decision]) -> dict[str, dict[str, Decision]]:
    """Decisions by the name of the way of sharing and the rule."""
    by_method: dict[str, dict[str, Decision]] = {}
    for one in decisions:
        by_method.setdefault(one.ballot.method, {})[one.rule] = one
    return by_method


def _find_accepted(decisions: Sequence[Decision]) -> dict[str, str]:
    """By which rules each way of sharing passes, by its name."""
    return {
        method: say_accepted({rule: one.passes for rule, one in by_rule.items()})
        for method, by_rule in _group_decisions(decisions).items()
    }


def show_book(found: BookSharing, facts: RunFacts) -> Document:
    """What sharing found, from the shares to the votes."""
    return _Words(found, facts).document


@dataclass(frozen=True)
class _Words:
    """The sheets of one sharing, with the names and the money of its workbook."""

    found: BookSharing
    facts: RunFacts

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Full names of members."""
        data = self.found.instance.data
        return find_names(data).get(data.party_index, {})

    @property
    def money(self) -> str:
        """What money is measured in."""
        return self.found.instance.data.horizon.present_value

    @property
    def currency(self) -> str:
        """What money is counted in."""
        return self.found.instance.data.horizon.millions

    @property
    def party(self) -> str:
        """What each of those who share is called."""
        return self.found.instance.data.party_index

    def name(self, member: str) -> str:
        """A member as people call it."""
        return self.names.get(member, member)

    @property
    def document(self) -> Document:
        """The whole answer."""
        horizon = self.found.instance.data.horizon
        verdict, mark = self.verdict
        sheets = (
            [*self.sheets]
            if self.found.methods
            else [Sheet("Shares", "", (Note(verdict, "bad"),), on_screen=True)]
        )
        sheets.append(self.show_coalitions())
        return Document(
            f"Sharing the burden: {horizon.title}",
            verdict,
            tuple(sheets),
            self.facts,
            mark,
            horizon.marking or "",
            self.money,
        )

    @property
    def sheets(self) -> Sequence[Sheet]:
        """All sheets of a sharing that there is."""
        methods = self.found.methods
        more = [
            self.show_in_kind() if self.found.in_kind else None,
            self.show_fair() if self.found.price_of_fairness else None,
        ]
        return [
            self.show_glance(),
            self.show_shares(),
            self.show_savings(),
            show_objections(methods, self.names, "money"),
            self.show_benefits(),
            self.show_payments(),
            self.show_votes(),
            *(sheet for sheet in more if sheet is not None),
            self.show_statistics(),
            show_figures(methods, self.money),
            show_words(methods),
            show_long(methods, "money"),
        ]

    @property
    def verdict(self) -> tuple[str, Mark | None]:
        """Whether all can be kept in, one sentence, and how it is to be taken."""
        found = self.found
        if found.core is None:
            return self._tell_nothing(), "bad"
        if len(found.members) == 1:
            return f"{self.name(found.members[0])} is alone, and bears all that it spends.", "warn"
        saving = self._tell_saving()
        if found.core.is_empty is None:
            why_not = put_names(found.core.why_not, self.names)
            return f"{saving} Whether all can be kept in is not known: {why_not}", "warn"
        stable = [one.title for one in found.methods if one.is_stable]
        given = [one for one in found.methods if one.allocation.is_found]
        if found.core.is_empty:
            subsidy = found.core.subsidy
            more = (
                ""
                if subsidy is None
                else f"; it would take {subsidy:,.1f} from outside to keep all in"
            )
            return (
                f"{saving} However that is shared, some would do better by themselves{more}.",
                "bad",
            )
        if any(one.is_stable is None for one in given):
            open_ = sum(one.is_stable is not False for one in given)
            ways = f"for {open_} of {len(given)} ways no coalition is known that would."
            return f"{saving} It can be shared so that nobody would leave; {ways}", "good"
        if not stable:
            text = "It can be shared so that nobody would leave, but by none of the ways shown."
            return f"{saving} {text}", "warn"
        told = (
            f"{saving} {len(stable)} of {len(given)} ways of sharing give nobody a reason to leave."
        )
        agreed = [one for one in given if one.group == Group.AGREED and one.is_stable is False]
        if agreed:
            by = join_names([one.title for one in agreed])
            return f"{told} By {by} some would do better by themselves.", "warn"
        return told, "good"

    def _tell_nothing(self) -> str:
        """Why there is nothing to share."""
        whole = self.found.costs.costs[self.found.members]
        what = "have no plan" if whole.is_impossible else "spend is not known"
        who = "all together" if whole.is_impossible else "what all together"
        return f"There is nothing to share, as {who} {what}: {whole.reason.rstrip('.')}."

    def _tell_saving(self) -> str:
        """What all together spend and save."""
        costs = self.found.costs.costs
        total, alone = costs[self.found.members].cost, self.alone
        if lone := [self.name(m) for m, cost in alone.items() if cost is None]:
            return (
                f"All together spend {total:,.1f} {self.currency}; what that saves has no figure, "
                f"as {join_names(lone)} would have no plan alone."
            )
        saved = sum(filter(None, alone.values())) - total
        than = f"{abs(saved):,.1f} {'less' if saved >= 0 else 'more'} than each alone"
        return f"All together spend {total:,.1f} {self.currency}, {than}."

    @cached_property
    def alone(self) -> Mapping[str, float | None]:
        """What each member spends alone; None for one without a cost."""
        costs = {m: self.found.costs.costs[m,] for m in self.found.members}
        return {m: one.cost if one.has_plan else None for m, one in costs.items()}

    @property
    def main(self) -> Sequence[MethodShares]:
        """The ways of sharing of the first page, in their order: all where they are few."""
        methods = self.found.methods
        if len(methods) <= _MOST_AT_A_GLANCE:
            return methods
        return [one for one in methods if one.is_main or one is self.found.chosen]

    @property
    def cautions(self) -> Sequence[Note]:
        """What must be known of the costs behind all shares."""
        told = [Note(text, "warn") for text in self.found.costs.tell(self.names)]
        return [*told, *self._tell_unprotected(), *self._tell_apart()]

    def _tell_unprotected(self) -> Iterator[Note]:
        """Who would spend nothing alone: what it gains by leaving is money, perhaps no safety."""
        idle = [
            self.name(m)
            for m, cost in self.alone.items()
            if cost is not None and abs(cost) < _NOTHING
        ]
        if idle and not self.found.costs.is_strict:
            yield Note(
                f"{join_names(idle)} would spend nothing alone. A gain by leaving counts money "
                "only, and not what a member would then lack: cssopt compare BOOK tells what each "
                "misses alone.",
                "warn",
            )

    def show_glance(self) -> Sheet:
        """What each would pay by the main ways, which would hold, and what a vote would decide."""
        found, main = self.found, self.main
        without = [one for one in main if not one.allocation.is_found]
        told = [
            *(Note(f"{one.title}: {self._say_why_not(one)}", "warn") for one in without),
            *([Note(self._tell_more())] if len(main) < len(found.methods) else []),
        ]
        given = [one for one in main if one.allocation.is_found]
        return Sheet(
            "At a glance",
            f"What is shared is the cost of the cheapest plan of all at {found.costs.security}.",
            (*self.cautions, self._tabulate_payments(given), self._tabulate_verdicts(given), *told),
            on_screen=True,
        )

    def _tell_more(self) -> str:
        given = sum(one.allocation.is_found for one in self.found.methods)
        return (
            f"These are the main ones of {given} ways of sharing: the sheet Shares has all, the "
            "sheet Words says what each does. Single ones are asked for with --method."
        )

    def _say_why_not(self, one: MethodShares) -> str:
        return put_names(one.allocation.why_not, self.names)

    def _say_group(self, coalition: Sequence[str]) -> str:
        """A coalition, shortly: a large one by whom it lacks."""
        without = [m for m in self.found.members if m not in coalition]
        if len(without) <= _MOST_WITHOUT and len(coalition) > 2 * len(without):
            return f"all but {join_names([self.name(m) for m in without])}"
        return join_names([self.name(m) for m in coalition])

    def _tabulate_payments(self, methods: Sequence[MethodShares]) -> Table:
        """What each would pay alone, and by each way; what all would, where ways differ in that."""
        members, alone = self.found.members, self.alone
        total = self.found.costs.costs[members].cost
        sums = [math.fsum(one.allocation.shares.values()) for one in methods]
        more = []
        if not all(math.isclose(one, total, rel_tol=1e-6) for one in sums):
            more = [Column("all", "money", title="all together")]
        each = None if None in alone.values() else math.fsum(filter(None, alone.values()))
        columns = (
            Column("method", title="how it is shared"),
            *(Column(f"pays.{m}", "money", title=self.name(m)) for m in members),
            *more,
        )
        rows = [("each alone, nothing shared", *(alone[m] for m in members), each)] + [
            (one.title, *(one.allocation.shares[m] for m in members), whole)
            for one, whole in zip(methods, sums, strict=True)
        ]
        cut = tuple(row[: len(columns)] for row in rows)
        title = f"What each would pay ({self.money})"
        return Table("pays_at_a_glance", columns, cut, title=title)

    def _tabulate_verdicts(self, methods: Sequence[MethodShares]) -> Table:
        """Which ways would hold, who would walk out, and which a vote would accept."""
        columns = [
            Column("method", title="how it is shared"),
            Column(
                "holds",
                title="would hold",
                meaning="yes where no member and no group of members would pay less by itself",
            ),
            Column("leavers", "sentence", title="who would gain most by leaving"),
            Column("gain", "money", title="their gain"),
            Column(
                "accepted",
                "sentence",
                title="a vote accepts it by",
                meaning="each member is against what is worse for it than standing alone; the "
                "sheet Votes has the rules, and who is against",
            ),
        ]
        if self.found.strict_decisions:
            columns.append(
                Column(
                    "strictly_accepted",
                    "sentence",
                    title="where groups count too",
                    meaning="each member is also against that with which a group that it could "
                    "join would pay less by itself",
                )
            )
        accepted = _find_accepted(self.found.decisions)
        strictly = _find_accepted(self.found.strict_decisions)
        rows = []
        for one in methods:
            worst = one.violations[0] if one.violations else None
            rows.append(
                (
                    one.title,
                    STABLE[one.is_stable],
                    worst and self._say_group(worst.coalition),
                    worst and worst.gain,
                    accepted.get(one.method),
                    strictly.get(one.method),
                )[: len(columns)]
            )
        return Table(
            "verdicts_at_a_glance",
            tuple(columns),
            tuple(rows),
            title="Which ways would hold, who would walk out, and what a vote would decide",
            marks={
                (place, "holds"): "good" if one.is_stable else "bad"
                for place, one in enumerate(methods)
                if one.is_stable is not None
            },
        )

    def show_shares(self) -> Sheet:
        """What each member bears by every way of sharing."""
        found = self.found
        table = tabulate_shares(found.methods, found.members, self.names, "money")
        more = "" if found.costs.is_strict else " A plan that is more secure costs more."
        return Sheet(
            "Shares",
            f"What each member would bear of the cost of all ({self.money}), by every way of "
            f"sharing; the sheet Words explains each. What is shared is the cheapest plan at "
            f"{found.costs.security}.{more}",
            (*self.cautions, table, *tabulate_notes(found.methods, self.names)),
        )

    def _tell_apart(self) -> Sequence[Note]:
        """How many coalitions act in parts, where they may; one sentence or none."""
        if (count := self.found.apart) is None:
            return ()
        if not count:
            return (Note("Coalitions may act in parts, but for none is that cheaper."),)
        act = f"{count:,} coalitions act" if count > 1 else "1 coalition acts"
        text = (
            f"{act} in parts, as that is cheaper or there is no joint plan: what acting so costs "
            "is what counts against every way of sharing."
        )
        return (Note(text, "warn"),)

    def show_savings(self) -> Sheet:
        """What each member keeps of the saving."""
        found, alone = self.found, self.alone
        columns = (
            Column("method", title="how it is shared"),
            *(Column(f"saving.{m}", "money", title=self.name(m)) for m in found.members),
            Column("worse_off", "sentence", title="worse off than alone"),
        )
        rows = tuple(
            (
                one.title,
                *self._find_savings(one).values(),
                join_names([self.name(m) for m in self._find_worse(one)]) or None,
            )
            for one in found.methods
            if one.allocation.is_found
        )
        blocks: list[Block] = []
        if found.chosen is not None:
            mine, saves = found.chosen.allocation.shares, self._find_savings(found.chosen)
            is_whole = None not in alone.values()
            chosen = Table(
                "alone_and_together",
                (
                    Column(self.party),
                    Column("alone", "money", total=is_whole),
                    Column(
                        "together", "money", title=f"together, by {found.chosen.title}", total=True
                    ),
                    Column("saving", "money", total=is_whole),
                ),
                tuple((self.name(m), alone[m], mine[m], saves[m]) for m in found.members),
                title=f"Alone and together, by {found.chosen.title}",
            )
            chart = Chart(
                "bars",
                "alone_and_together",
                self.party,
                ("alone", "together"),
                f"What each member pays alone and together, {self.money}",
            )
            blocks = [chosen, chart]
        return Sheet(
            "Savings",
            f"What each member saves against standing alone ({self.money}); below 0 it pays more, "
            "empty where it would have no plan alone.",
            (*blocks, Table("saving_by_method", columns, rows, title="By every way of sharing")),
        )

    def _find_savings(self, one: MethodShares) -> dict[str, float | None]:
        """What each keeps against standing alone; None for one without a cost alone."""
        shares = one.allocation.shares
        return {m: None if cost is None else cost - shares[m] for m, cost in self.alone.items()}

    def _find_worse(self, one: MethodShares) -> list[str]:
        rounding = 1e-9 * max(1.0, *(abs(cost or 0.0) for cost in self.alone.values()))
        saves = self._find_savings(one)
        return [m for m, saved in saves.items() if saved is not None and saved < -rounding]

    def show_benefits(self) -> Sheet:
        """Burdens beside benefits."""
        fairness = self.found.fairness
        assert fairness is not None
        return Sheet(
            "Burden and benefit",
            "What part of the burden each member bears, beside its part of what the alliance is "
            "good for: what it has to lose, and how far it is in danger. Each column adds up to "
            "all members together.",
            (*self._tabulate_burdens(fairness), *self._tabulate_needs()),
        )

    def _tabulate_burdens(self, fairness: Fairness) -> Sequence[Block]:
        shares = fairness.shares
        sides = {one.burden: "burden: " for one in fairness.comparisons}
        sides |= {one.benefit: "benefit: " for one in fairness.comparisons}
        columns = (
            Column(self.party),
            *(
                Column(name, "share", title=f"{sides.get(name, '')}{name}", total=True)
                for name in shares
            ),
        )
        rows = tuple(
            (self.name(m), *(by_member[m] for by_member in shares.values()))
            for m in self.found.members
        )
        side_by_side = Table("burden_and_benefit", columns, rows, title="Side by side")
        series = tuple(shares)[:4]
        chart = Chart(
            "dots",
            "burden_and_benefit",
            self.party,
            series,
            "What part each member has of all, in %",
        )
        ratios = table_of(
            "ratios",
            (
                Column("burden"),
                Column("benefit"),
                Column(self.party),
                Column(
                    "ratio",
                    "number",
                    decimals=2,
                    meaning="above 1 its part of the burden is larger than its part of the benefit",
                ),
            ),
            (
                {
                    "burden": one.burden,
                    "benefit": one.benefit,
                    self.party: self.name(m),
                    "ratio": one.ratios[m],
                }
                for one in fairness.comparisons
                for m in (*one.ordered, *(m for m, r in one.ratios.items() if r is None))
            ),
            title="Part of the burden over part of the benefit, the most burdened first",
        )
        return [side_by_side, chart, ratios, *self._tabulate_flips(fairness)]

    def show_statistics(self) -> Sheet:
        """Whether burdens follow benefits, and how unequal they are."""
        fairness = self.found.fairness
        assert fairness is not None
        return Sheet(
            "Statistics",
            "Whether burdens follow benefits, and how unequal they are, for who would look closer.",
            (
                self._tabulate_statistics(fairness),
                Table(
                    "meanings",
                    (Column("statistic"), Column("says", "sentence", title="what it says")),
                    tuple(STATISTICS.items()),
                    title="What these statistics say",
                ),
            ),
        )

    def _tabulate_statistics(self, fairness: Fairness) -> Table:
        compared = [
            (one.burden, one.benefit, statistic)
            for one in fairness.comparisons
            for statistic in one.statistics
        ]
        spreads = [
            (name, None, statistic)
            for name, statistics in fairness.spreads.items()
            for statistic in statistics
        ]
        return Table(
            "statistics",
            (
                Column("of"),
                Column("beside"),
                Column("statistic"),
                Column("value", "number", decimals=3),
                Column("p_value", "number", title="p-value", decimals=3),
                Column("guarantee"),
                Column("note", "sentence"),
            ),
            tuple(
                (of, beside, s.name, s.value, s.p_value, str(s.guarantee), s.note or s.why_not)
                for of, beside, s in (*compared, *spreads)
            ),
            title="Do burdens follow benefits, and how unequal are they?",
            note="p-value: how likely a value as far out is if nothing but chance were at work. "
            "Below 0.05 it is usually taken for more than chance; few members can hardly reach it.",
        )

    def _tabulate_flips(self, fairness: Fairness) -> Sequence[Block]:
        if not fairness.flips:
            return []
        rows = tuple(
            (flip.first, flip.second, self.name(flip.ahead), self.name(flip.behind))
            for flip in fairness.flips
        )
        columns = (
            Column("first", title="by"),
            Column("second", title="and by"),
            Column("ahead", title="bears more by the first"),
            Column("behind", title="bears more by the second"),
        )
        return [Table("rank_flips", columns, rows, title="Who bears more depends on the measure")]

    def _tabulate_needs(self) -> Sequence[Block]:
        if not self.found.needs:
            return []
        columns = (
            Column(self.party),
            Column("share", "share", title="part of all needs"),
            Column("money", "money", title="bears", total=True),
            Column("money_share", "share", title="part of the cost"),
            Column("price", "number", title=f"{self.money}, for each unit of need", decimals=2),
        )
        rows = tuple(
            (self.name(one.member), one.share, one.money, one.money_share, one.price)
            for one in self.found.needs
        )
        note = (
            "A unit of need is one need met in full in one year, times its priority and weight: "
            "power of different capabilities is never added up."
        )
        title = "What each member's part of the needs costs it"
        return [Table("needs", columns, rows, title=title, note=note)]

    def show_payments(self) -> Sheet:
        """Who pays whom, year by year."""
        found, transfers = self.found, self.found.transfers
        if found.chosen is None or transfers is None:
            return Sheet("Payments", "", (Note(put_names(found.why_not_chosen, self.names)),))
        explanation = (
            "Payments between members that turn what the plan has each spend into its share by "
            f"{found.chosen.title}. Another way is chosen with --choose."
        )
        balances = Table(
            "balances",
            (
                Column(self.party),
                Column("spends", "money", title="spends by the plan", total=True),
                Column(
                    "transfers", "money", title="pays to others (below 0: receives)", total=True
                ),
                Column("share", "money", title="bears in the end", total=True),
            ),
            tuple((self.name(b.member), b.own, b.transfers, b.share) for b in transfers.balances),
            title=f"Over all years ({self.money})",
        )
        few = (
            "the fewest payments (proven)"
            if transfers.guarantee is Guarantee.PROVEN
            else "payments that may not be the fewest (approximate)"
        )
        payments = Table(
            "payments",
            (
                Column("year", "year"),
                Column("payer", title="who pays"),
                Column("receiver", title="whom"),
                Column("amount", "money"),
            ),
            tuple(
                (year, self.name(one.payer), self.name(one.receiver), one.amount)
                for year, paid in transfers.payments.items()
                for one in paid
            ),
            title=f"By year ({found.instance.data.horizon.money}, not discounted)",
            note="No less money could pass between members, as far as budgets allow; it does so in "
            f"the fewest years, and each year in {few}.",
        )
        notes = [Note(transfers.why_not, "bad")] if transfers.why_not else []
        tables = (balances, payments) if transfers.balances else ()
        return Sheet("Payments", explanation, (*notes, *tables))

    def show_votes(self) -> Sheet:
        """Which ways of sharing would pass."""
        found = self.found
        columns = (
            Column("method", title="how it is shared"),
            *(Column(f"passes.{rule.name}", title=rule.name) for rule in found.rules),
            Column("against", "sentence", title="would vote against"),
        )
        first = self._tabulate_decisions(
            "decisions",
            found.decisions,
            columns,
            "Each member is against what is worse than standing alone",
        )
        second = self._tabulate_decisions(
            "strict_decisions",
            found.strict_decisions,
            columns,
            "Each is against that, and where a coalition with others would be better for it",
        )
        power_columns = (
            Column("rule"),
            Column(self.party),
            Column(
                "banzhaf",
                "share",
                title="Banzhaf index",
                meaning="its part of all cases in which one member's vote decides",
            ),
            Column(
                "shapley_shubik",
                "share",
                title="Shapley-Shubik index",
                meaning="of all orders of voting, those in which its vote is the one that decides",
            ),
            Column(
                "decides",
                "share",
                title="its vote decides",
                meaning="of all ways in which the others may vote, those in which its vote decides",
            ),
        )
        power = Table(
            "power",
            power_columns,
            tuple(
                (one.rule, self.name(m), one.banzhaf[m], one.shapley_shubik[m], one.penrose[m])
                for one in found.power
                if not one.why_not
                for m in found.members
            ),
            title="What each vote is worth",
            note=" ".join(f"{one.rule}: {one.why_not}" for one in found.power if one.why_not),
        )
        return Sheet(
            "Votes",
            "Which ways of sharing would pass, where each member votes for what is no worse for "
            "it. Who abstains is against.",
            (Note(" ".join(map(say_rule, found.rules))), first, second, power),
        )

    def _tabulate_decisions(
        self,
        name: str,
        decisions: Sequence[Decision],
        columns: tuple[Column, ...],
        title: str,
    ) -> Table:
        titles = {one.method: one.title for one in self.found.methods}
        rows: list[tuple[Any, ...]] = []
        marks: dict[tuple[int, str], Mark] = {}
        for place, (method, by_rule) in enumerate(_group_decisions(decisions).items()):
            first = next(iter(by_rule.values()))
            passes = [by_rule[rule.name].passes for rule in self.found.rules]
            against = [self.name(member) for member in first.ballot.against]
            rows.append((titles[method], *(STABLE[p] for p in passes), join_names(against) or None))
            marks |= {
                (place, f"passes.{rule.name}"): "good" if p else "bad"
                for rule, p in zip(self.found.rules, passes, strict=True)
                if p is not None
            }
        return Table(name, columns, tuple(rows), title=title, marks=marks)

    def show_in_kind(self) -> Sheet:
        """What is paid in forces."""
        found = self.found
        assert found.chosen is not None
        columns = (
            Column(self.party),
            Column("due", "money", title="owes for the credits of all", total=True),
            Column("credit", "money", title="is credited for forces", total=True),
            Column("cash", "money", title="pays in cash (below 0: receives)", total=True),
        )
        rows = tuple(
            (self.name(m), one.due, one.credit, one.cash) for m, one in found.in_kind.items()
        )
        return Sheet(
            "In kind",
            "Forces at the common disposal are credited at the agreed prices of the workbook. What "
            f"is credited to all is owed by all, by {found.chosen.title}, and what a member "
            f"provides is paid already ({self.money}).",
            (Table("in_kind", columns, rows),),
        )

    def show_fair(self) -> Sheet:
        """What a more even burden adds to the cost."""
        columns = (
            Column("margin", "share", title="may cost more than the least"),
            Column("expenditure", "money", title="costs"),
            Column("added", "money", title="more than the least"),
            Column("heaviest_burden", "fine_share", title="largest burden, of the member's GDP"),
            Column("note", "sentence"),
        )
        rows = tuple(
            (
                one.plan.margin,
                one.plan.expenditure,
                one.added,
                one.plan.largest_burden,
                one.note or one.plan.why_not,
            )
            for one in self.found.price_of_fairness
        )
        return Sheet(
            "Price of fairness",
            f"What a plan costs ({self.money}) that makes the largest burden of a member, as a "
            "part of its GDP over the years, as small as can be, and what that adds to the least "
            "cost. These are plans of the study, at the security that it asks for: where that is "
            "more than on the other sheets, they cost more too.",
            (Table("price_of_fairness", columns, rows),),
        )

    def show_coalitions(self) -> Sheet:
        """What every coalition spends by itself."""
        costs = list(self.found.costs.costs.values())
        rows = tuple(
            (
                join_names([self.name(m) for m in one.members]),
                len(one.members),
                one.cost if one.has_plan else None,
                one.bound if one.has_plan else None,
                _ENDINGS.get(Status(one.status), one.status),
                one.reason or None,
            )
            for one in costs[:_MOST_LISTED]
        )
        columns = (
            Column("coalition", "sentence"),
            Column("members", "count"),
            Column("cost", "money", meaning="of the best plan that was found"),
            Column("bound", "money", title="at least", meaning="proven: it cannot cost less"),
            Column("status", title="is it the least?"),
            Column("reason", "sentence"),
        )
        more = len(costs) - len(rows)
        note = f"{more:,} more are not shown." if more else ""
        return Sheet(
            "Coalitions",
            f"What each coalition would spend by itself ({self.money}), at "
            f"{self.found.costs.security}.",
            (Table("coalitions", columns, rows, note=note),),
        )

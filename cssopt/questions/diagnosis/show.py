"""A diagnosis as a document: what conflicts, when power is missing, and what lets a plan in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from cssopt.document.base_plan import document_on_base
from cssopt.document.document import (
    Beside,
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
)
from cssopt.document.run_facts import RunFacts
from cssopt.questions.diagnosis.relaxations import Relaxation
from cssopt.questions.diagnosis.result import Diagnosis
from cssopt.questions.diagnosis.tables import tabulate_diagnosis
from cssopt.solve.outcome import Status

_THIS_ONE: Final = "No plan can keep this:"
_AT_ONCE: Final = "No plan can keep all of these at once:"
_SEVERAL: Final = "No plan can keep all that bear one number at once:"
_CHANGES: Final = (
    "Changes that make a plan possible: each alone, or all that bear one number together:"
)
_NO_CHANGE: Final = "No change of a need, rule or fact was found that makes a plan possible."
_MORE: Final = (
    "There are further conflicts beside these: with more of --conflicts they are told too. The "
    "changes below are enough for all of them."
)
_FURTHER: Final = {
    True: "about other needs; they may share rules and facts with these",
    False: "none was found about other needs; there may be others about these",
}
_FURTHER_RULES: Final = {
    True: "beside the needs of these, and the rules of those without a need",
    False: "none was found that shares nothing with these; there may be others that do",
}
"""Where a conflict that is told has no need."""
_EXPLANATIONS: Final = {
    "relaxations": "Changes that let a plan in, each confirmed by a solve of the study: fewest "
    "changes first, then those without facts, then the least expenditure.",
    "changes": "Every changed cell, and the option that makes the change in `cssopt whatif`.",
    "checks": "Every solve that asked only whether there is a plan, in order.",
}
_WHAT_ELSE: Final = (
    "`cssopt why` tells what binds this plan, and `cssopt rules` what each rule costs."
)


def show_diagnosis(found: Diagnosis, facts: RunFacts) -> Document:
    """Conflicts and changes at a glance; what is missing, every relaxation, change and check."""
    shown = _DiagnosisSheets(found)
    is_proven = found.base.status is Status.INFEASIBLE
    verdict = found.sentence
    if is_proven:
        verdict = f"NO PLAN IS POSSIBLE. {verdict} {shown.tell_ways()}"
    mark: Mark = "bad" if is_proven else "good" if found.has_plan else "warn"
    sheets = tuple(shown.show())
    document = document_on_base(found.base, "Whether a plan is possible", "", sheets, facts)
    return replace(document, verdict=verdict, mark=mark)


@dataclass(frozen=True)
class _DiagnosisSheets:
    found: Diagnosis

    @cached_property
    def tables(self) -> dict[str, Table]:
        """All tables, those without rows too."""
        return tabulate_diagnosis(self.found)

    @property
    def confirmed(self) -> list[Relaxation]:
        """The relaxations that a solve of the study confirmed."""
        return [one for one in self.found.relaxations if one.confirmed]

    def tell_ways(self) -> str:
        """How many changes would let a plan in."""
        ways = [one.way for one in self.confirmed]
        alone = ways.count("alone")
        if alone > 1:
            return f"Each of {alone:,} changes alone would make one possible."
        if alone:
            return "One change would make one possible."
        return "Several changes together would make one possible." if ways else _NO_CHANGE

    def show(self) -> Iterator[Sheet]:
        """All sheets; where no conflict was found the first and the checks alone."""
        explanation = (
            "The smallest sets of needs, rules and facts that no plan can keep: without any one of "
            "its members there would be one, were nothing else in force. Every answer was solved."
        )
        if not self.found.conflicts:
            note = Note(_WHAT_ELSE if self.found.has_plan else self.found.sentence)
            yield Sheet("Diagnosis", "", (note, *self._count_checks()), on_screen=True)
        else:
            told = (*self._show_conflicts(), *self._show_ways(), *self._draw())
            yield Sheet("Diagnosis", explanation, (*told, *self._count_checks()), on_screen=True)
            if self.tables["missing"].rows:
                yield self._show_missing()
            for name in ("relaxations", "changes"):
                yield Sheet(name.capitalize(), _EXPLANATIONS[name], (self.tables[name],))
        yield Sheet("Checks", _EXPLANATIONS["checks"], (self.tables["checks"],))

    def _show_conflicts(self) -> Iterator[Block]:
        """The members of each conflict with their cells, and what else is to be said of it."""
        count = len(self.found.conflicts)
        members = len(self.tables["conflicts"].rows)
        if members:
            title = _SEVERAL if count > 1 else _AT_ONCE if members > 1 else _THIS_ONE
            yield replace(self.tables["conflicts"], title=title)
        if self.tables["notes"].rows:
            yield self.tables["notes"]
        if self.found.more:
            yield Note(_MORE, "warn")

    def _tell_further(self) -> str:
        """What is said of conflicts beside those that are told."""
        conflicts = self.found.conflicts
        if not (conflicts and conflicts[-1].rules):
            return ""
        about_needs = all(
            any(rule.rule.nature == "need" for rule in conflict.rules) for conflict in conflicts
        )
        return (_FURTHER if about_needs else _FURTHER_RULES)[self.found.more]

    def _count_checks(self) -> Iterator[Block]:
        """What the search took, and what it left open."""
        undecided, checks = self.found.undecided, len(self.found.checks)
        count = len(self.found.conflicts)
        if undecided:
            text = (
                f"{undecided:,} of {checks:,} checks ended at a limit and prove nothing: there may "
                "be smaller conflicts and smaller changes."
            )
            yield Note(text, "warn")
        facts = (
            Pair("conflicts", count, "count"),
            Pair("further conflicts", self.found.more, remark=self._tell_further()),
            Pair("checks", checks, "count", "solves that ask only whether there is a plan"),
            Pair("checks that a limit ended", undecided, "count"),
        )
        yield Pairs("search", facts)

    def _show_ways(self) -> Iterator[Block]:
        """The changes that make a plan possible, those that are enough alone first."""
        confirmed = self.confirmed
        if confirmed:
            yield replace(self.tables["ways"], title=_CHANGES, note=self._explain_changes())
        else:
            yield Note(_NO_CHANGE, "warn")
        if failed := len(self.found.relaxations) - len(confirmed):
            yield Note(f"{failed:,} more could not be confirmed by a solve of the study.", "warn")

    def _explain_changes(self) -> str:
        """How small the changes are, and what facts are."""
        text = "Each change is the smallest to within a thousandth of itself."
        if any(one.way == "together" for one in self.confirmed):
            text += " One of several changes: while the others stay as they are told."
        changes = [change for one in self.confirmed for change in one.changes]
        if any(change.rule.rule.nature == "fact" for change in changes):
            text += " A fact is a matter of time or technology, which nobody can decree."
        return text

    def _draw(self) -> Iterator[Block]:
        """When power is missing, and what the plans let in would cost."""
        charts = []
        if needs := self._find_needs():
            title = "Missing share of each need, by year"
            charts.append(Chart("columns", "missing_by_year", "year", needs, title))
        if self.confirmed:
            millions = self.found.base.data.horizon.millions
            title = f"Pooled expenditure with each relaxation, {millions}"
            charts.append(Chart("bars", "relaxations", "what", ("pooled_expenditure",), title))
        if charts:
            yield Beside(tuple(charts))

    def _find_needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.tables["missing"].column("need")))

    def _show_missing(self) -> Sheet:
        """When power is missing at the least, for each conflict."""
        missing, needs = self.tables["missing"], self._find_needs()
        share = {(row["need"], row["year"]): row["missing_share"] for row in missing.records()}
        years = range(min(missing.column("year")), max(missing.column("year")) + 1)
        return Sheet(
            "Missing power",
            "For each conflict, the plan that misses the least of its needs where nothing but the "
            "conflict is in force: so much is missing whatever else gives way.",
            (
                missing,
                Table(
                    "missing_by_year",
                    (Column("year", "year"), *(Column(need, "share") for need in needs)),
                    tuple((t, *(share.get((need, t), 0.0) for need in needs)) for t in years),
                    title="Missing shares by year",
                ),
            ),
        )

"""What every sheet of a report needs, and the head that every sheet bears."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cssopt.document.grid import Names, find_names
from cssopt.document.run_facts import RunFacts
from cssopt.render.xlsx.page import Page
from cssopt.render.xlsx.styles import Styles
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution
from cssopt.solution.told import NOT_MET
from cssopt.solution.verdicts import Audits
from cssopt.solve.outcome import Status

_A4 = 9
_LONGEST_NAME = 31
_LONGEST_PRINT = 255
"""Characters of a print header or footer, its signs included, as UTF-16 counts them."""


@dataclass(frozen=True)
class Head:
    """What stands at the head of every sheet, and on every printed page.

    Attributes
    ----------
    verdict: what is found; the first thing that every sheet says. mark: how it is to be taken.
    title: what the book is about. marking: of the inputs, such as ILLUSTRATIVE.
    money: what money is measured in. remark: of the study or the scope.
    audits: of all plans whose figures are shown.
    """

    verdict: str
    mark: str | None
    title: str
    marking: str
    money: str
    remark: str
    audits: Audits


@dataclass
class Sheets:
    """A book being written: its sheets so far, each under the same head."""

    book: Any
    styles: Styles
    pages: dict[str, Page] = field(default_factory=dict, kw_only=True)

    @property
    def head(self) -> Head:
        """What stands at the head of every sheet."""
        raise NotImplementedError

    def page(self, name: str, explanation: str = "", color: str = "#6F9BB8") -> Page:
        """A new sheet with its head: verdict, title, marking, money, and what it shows.

        A failed audit stands on every sheet; on the first also that all passed.
        """
        title, name = name, self._free_name(name)
        sheet = self.book.add_worksheet(name)
        sheet.set_tab_color(color)
        page = Page(sheet, self.styles)
        self.pages[name] = page
        head = self.head
        page.line(head.verdict, "verdict", *([head.mark] if head.mark else []))
        if head.audits.failed:
            page.line(head.audits.told, "bad")
        page.line(f"{title}: {head.title}", "title")
        money = f"money in {head.money}" if head.money else ""
        parts = [head.marking, money, head.remark]
        page.line(" | ".join(part for part in parts if part), "subtitle")
        if len(self.pages) == 1 and not head.audits.failed:
            page.line(head.audits.told, "subtitle")
        if explanation:
            page.line(explanation, "explanation")
        page.gap()
        page.freeze(page.row)
        self._set_print(sheet, name)
        return page

    def _free_name(self, wanted: str) -> str:
        """A name that spreadsheets allow and no other sheet has."""
        clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip(" '") or "Table"
        taken = {name.casefold() for name in self.pages} | {"history"}
        name, count = clean[:_LONGEST_NAME], 1
        while name.casefold() in taken:
            count += 1
            ending = f" ({count})"
            name = clean[: _LONGEST_NAME - len(ending)] + ending
        return name

    def _set_print(self, sheet: Any, name: str) -> None:
        head = self.head
        marking = f"&C&B{_printed(head.marking)}\n" if head.marking else ""
        # Two lines: a long marking needs the place of title and money beside it.
        line = "\n" if marking else ""
        title = f"&L{line}{_printed(head.title)}"
        money = f"&R{line}{_printed(head.money)}"
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.9, bottom=0.8)
        sheet.set_header(_join_printed(title, marking, money))
        sheet.set_footer(
            _join_printed(f"&L{line}{_printed(name)}", marking, f"&R{line}Page &P of &N")
        )


@dataclass
class Report(Sheets):
    """A report being written: the book, the solution and the sheets so far."""

    solution: Solution
    baseline: Baseline | None
    facts: RunFacts
    names: Names

    @classmethod
    def begin(
        cls, book: Any, solution: Solution, baseline: Baseline | None, facts: RunFacts
    ) -> Report:
        """A report without sheets yet."""
        return cls(book, Styles(book), solution, baseline, facts, find_names(solution.data))

    @property
    def head(self) -> Head:
        """The verdict on the solution, its title and what its money is measured in."""
        horizon = self.solution.data.horizon
        return Head(
            verdict=self.verdict,
            mark="good" if self.solution.threats_met else "bad",
            title=horizon.title,
            marking=horizon.marking or "",
            money=self.money,
            remark=f"study {self.solution.study.name}",
            audits=self.facts.audits,
        )

    @property
    def verdict(self) -> str:
        """Whether the threats are met: the first thing that every sheet says."""
        if not self.solution.has_plan:
            yet = " yet" if self.solution.status is Status.NO_PLAN_YET else ""
            return f"{NOT_MET}: there is no plan{yet}"
        return "Threats met" if self.solution.threats_met else NOT_MET

    @property
    def money(self) -> str:
        """What money is measured in."""
        return self.solution.data.horizon.money

    @property
    def party_names(self) -> Mapping[str, str]:
        """Full names of those who cooperate, by code."""
        return self.names.get(self.solution.data.party_index, {})

    @property
    def years(self) -> range:
        """The years of the plan."""
        return self.solution.data.horizon.years


def _printed(text: str) -> str:
    """A part of a print header: its control sign doubled, whole and otherwise as it stands."""
    return text.replace("&", "&&")


def _join_printed(left: str, center: str, right: str) -> str:
    """A print header, parts left out where they do not fit, never cut: the marking stays longest.

    Each sheet has all of them at its head.
    """
    for parts in ((left, center, right), (center, right), (center,), (left, right), (right,), ()):
        text = "".join(parts)
        if len(text.encode("utf-16-le")) <= 2 * _LONGEST_PRINT:
            break
    return text

"""Sheets of a document, each under the same head, on paper too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cssopt.document.document import Document, Sheet
from cssopt.language import phrase
from cssopt.render.screen import printable
from cssopt.render.xlsx.page import Page
from cssopt.render.xlsx.pages.styles import PageStyles
from cssopt.render.xlsx.pages.writer import PageSheet
from cssopt.render.xlsx.styles import BLUE, NAVY, Styles

_A4 = 9
_SHORT_ID = 8
"""Signs of the run id that are printed."""
_SMALL_PRINT = "&8 "
"""Points of the letters around pages; the blank keeps a number that follows from being read as
more of it."""
_LONGEST_NAME = 31
_LONGEST_PRINT = 255
"""Characters of a print header or footer, its signs included, as UTF-16 counts them."""


@dataclass
class Sheets:
    """A book being written: its sheets so far, each under the same head."""

    book: Any
    styles: Styles
    document: Document
    pages: dict[str, Page | PageSheet] = field(default_factory=dict)

    @cached_property
    def page_styles(self) -> PageStyles:
        """Formats of pages for deciders."""
        return PageStyles(self.book)

    def page(self, name: str, explanation: str = "", color: str = BLUE) -> Page:
        """A new sheet with its head: verdict, title, marking, money, and what it shows.

        A failed audit stands on every sheet; on the first also that all passed.
        """
        title, name = name, self._free_name(name, self.pages)
        sheet = self.book.add_worksheet(name)
        sheet.set_tab_color(color)
        page = Page(sheet, self.styles)
        self.pages[name] = page
        document, audits = self.document, self.document.facts.audits
        page.line(document.verdict, "verdict", *([document.mark] if document.mark else []))
        if audits.failed:
            page.line(audits.told, "bad")
        page.line(f"{title}: {document.title}", "title")
        parts = [document.marking, document.told_measure, document.facts.scope]
        page.line(" | ".join(part for part in parts if part), "subtitle")
        if len(self.pages) == 1 and not audits.failed:
            page.line(audits.told, "subtitle")
        if explanation:
            page.line(explanation, "explanation")
        page.gap()
        page.freeze(page.row)
        self._set_print(sheet, name)
        return page

    def decider_page(self, sheet: Sheet, links: Mapping[str, str]) -> PageSheet:
        """A new sheet for a page for deciders, on whose paper stands what heads other sheets."""
        name = self._free_name(sheet.name, self.pages)
        added = self.book.add_worksheet(name)
        is_first = not self.pages
        added.set_tab_color(NAVY if is_first else BLUE)
        document = self.document
        page = PageSheet(added, self.page_styles, links, is_first=is_first)
        self.pages[name] = page
        run = phrase("run {number}", number=document.facts.run_id[:_SHORT_ID])
        self._print_around(added, (document.subject, run), (name, "&P / &N"), _SMALL_PRINT)
        return page

    def find_names(self, sheets: Iterable[Sheet]) -> dict[str, str]:
        """The name of each of these sheets in the book, before they stand there."""
        named: dict[str, str] = {}
        taken: list[str] = []
        for sheet in sheets:
            taken.append(self._free_name(sheet.name, taken))
            named.setdefault(sheet.name, taken[-1])
        return named

    def _free_name(self, wanted: str, others: Iterable[str]) -> str:
        """A name that spreadsheets allow and no other sheet has."""
        clean = re.sub(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff]", " ", wanted).strip(" '") or "Table"
        taken = {name.casefold() for name in others} | {"history"}
        name, count = clean[:_LONGEST_NAME], 1
        while name.casefold() in taken:
            count += 1
            ending = f" ({count})"
            name = clean[: _LONGEST_NAME - len(ending)] + ending
        return name

    def _set_print(self, sheet: Any, name: str) -> None:
        document = self.document
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.9, bottom=0.8)
        self._print_around(sheet, (document.title, document.measure), (name, "Page &P of &N"))

    def _print_around(
        self, sheet: Any, above: tuple[str, str], below: tuple[str, str], size: str = ""
    ) -> None:
        """What is printed at the left and the right above a sheet, and below it: there a name, and
        the number of the page; the marking between both.

        The marking has a line of its own, next to the sheet: a long one needs all of it.
        """
        marking = f"&B{_printed(self.document.marking)}" if self.document.marking else ""
        left, right = map(_printed, above)
        center = f"&C\n{marking}" if marking else ""
        sheet.set_header(_join_printed(f"&L{size}{left}", center, f"&R{size}{right}"))
        name, number = below
        center, line = (f"&C{marking}\n", f"\n{size}") if marking else ("", size)
        sheet.set_footer(_join_printed(f"&L{line}{_printed(name)}", center, f"&R{line}{number}"))


def _printed(text: str) -> str:
    """A part of a print header: its control sign doubled, whole and otherwise as it stands, with
    escapes for what no file can hold."""
    return printable(text).replace("&", "&&")


def _join_printed(left: str, center: str, right: str) -> str:
    """A print header, parts left out where they do not fit, never cut: the marking stays longest.

    Each sheet has all of them at its head.
    """
    for parts in ((left, center, right), (center, right), (center,), (left, right), (right,), ()):
        text = "".join(parts)
        if len(text.encode("utf-16-le")) <= 2 * _LONGEST_PRINT:
            break
    return text

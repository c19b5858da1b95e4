"""One cause, one message: what is wrong with many cells for one reason is told once."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from cssopt.issues import Issue

MANY: Final = 3
"""So many cells of a column with the same fault have one cause; one or two are slips."""

MOST_ALIKE: Final = 50
"""Issues with one code on one sheet that are told one by one; nobody reads more of them."""

_SHOWN: Final = 12
"""Ranges that a message lists; the issue itself keeps all cells."""

_CELL = re.compile(r"(?P<sheet>.+)!(?P<column>[A-Z]{1,3})(?P<row>[1-9]\d{0,6})")


@dataclass(frozen=True)
class Finding:
    """An issue, and the cause that it shares with others.

    Attributes
    ----------
    cause: equal for what has the same cause; None where the issue stands for itself.
    least: number of issues of one cause from which on they are told as one.
    """

    issue: Issue
    cause: Hashable = None
    least: int = MANY


def gather(findings: Iterable[Finding]) -> list[Issue]:
    """The issues, those of one cause as one at the place of the first, which keeps all cells."""
    found = list(findings)
    alike: dict[Hashable, list[Issue]] = {}
    for finding in found:
        if finding.cause is not None:
            alike.setdefault(finding.cause, []).append(finding.issue)
    told: set[Hashable] = set()
    issues = []
    for finding in found:
        together = alike.get(finding.cause, [])
        if finding.cause is None or len(together) < finding.least:
            issues.append(finding.issue)
        elif finding.cause not in told:
            told.add(finding.cause)
            issues.append(_tell_once(together))
    return issues


def _tell_once(issues: Sequence[Issue]) -> Issue:
    first, *others = issues
    rest = [cell for issue in others for cell in (issue.where, *issue.cells)]
    cells = tuple(dict.fromkeys(c for c in (*first.cells, *rest) if c != first.where))
    also = tuple(dict.fromkeys(issue.where for issue in others if issue.where != first.where))
    if not also:
        return replace(first, cells=cells)
    count = "1 more cell" if len(also) == 1 else f"{len(also)} more cells"
    text = f"{first.text} The same in {count}: {list_cells(also, first.where)}."
    return replace(first, text=text, cells=cells)


def shorten(issues: Sequence[Issue]) -> list[Issue]:
    """The issues; of many with one code on one sheet the last is told for all others, and keeps
    their cells."""
    alike: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues:
        alike.setdefault(_kind(issue), []).append(issue)
    told: dict[tuple[str, str], int] = {}
    short = []
    for issue in issues:
        together, count = alike[_kind(issue)], told.get(_kind(issue), 0)
        told[_kind(issue)] = count + 1
        if count < MOST_ALIKE or len(together) == MOST_ALIKE + 1:
            short.append(issue)
        elif count == MOST_ALIKE:
            short.append(_tell_rest(together[MOST_ALIKE:]))
    return short


def _kind(issue: Issue) -> tuple[str, str]:
    return issue.code, issue.where.rpartition("!")[0] or issue.where


def _tell_rest(issues: Sequence[Issue]) -> Issue:
    first, *others = issues
    rest = [cell for issue in others for cell in (issue.where, *issue.cells)]
    cells = tuple(dict.fromkeys(c for c in (*first.cells, *rest) if c != first.where))
    text = f"{first.text} {len(others):,} more {first.code} on this sheet are not told one by one: "
    places = list(dict.fromkeys(issue.where for issue in others))
    return replace(first, text=f"{text}{list_cells(places, first.where)}.", cells=cells)


def list_cells(cells: Sequence[str], near: str = "") -> str:
    """Cells as ranges, such as ``D7:D10, F7; inventory!A3``; the sheet of `near` is not named."""
    by_sheet: dict[str, list[str]] = {}
    for cell in cells:
        sheet, _, place = cell.rpartition("!")
        by_sheet.setdefault(sheet, []).append(place)
    own = near.rpartition("!")[0]
    parts = [
        (f"{sheet}!" if sheet and sheet != own else "") + span
        for sheet, places in by_sheet.items()
        for span in _spans(places)
    ]
    more = len(parts) - _SHOWN
    return ", ".join(parts[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _spans(places: Sequence[str]) -> list[str]:
    """Neighbors in a column as ranges; addresses of another form as they are."""
    matches = [_CELL.fullmatch(f"!!{place}") for place in places]
    if not all(matches):
        return list(dict.fromkeys(places))
    cells = sorted({(m["column"], int(m["row"])) for m in matches if m})
    cells.sort(key=lambda cell: (len(cell[0]), cell))
    spans = []
    numbered = [(column, row, row - place) for place, (column, row) in enumerate(cells)]
    for _, group in groupby(numbered, key=lambda cell: (cell[0], cell[2])):
        run = list(group)
        first, last = (f"{column}{row}" for column, row, _ in (run[0], run[-1]))
        spans.append(first if first == last else f"{first}:{last}")
    return spans

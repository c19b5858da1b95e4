"""What the terminal shows beside answers: issues, and what audits came to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from cssopt.issues import Issue, Severity
from cssopt.render.screen import ScreenTable

if TYPE_CHECKING:
    from cssopt.solution.verdicts import Audits

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def print_issues(console: Console, issues: Iterable[Issue]) -> None:
    """One line per issue, as it stands: texts of the inputs are never read as markup."""
    for issue in issues:
        console.print(str(issue), style=_STYLES[issue.severity], markup=False)


def sum_up(issues: Sequence[Issue]) -> str:
    """How many errors and warnings there are, and that more may be found once errors are gone."""
    count = {kind: sum(issue.severity is kind for issue in issues) for kind in _STYLES}
    errors, warnings = (_count(count[kind], kind) for kind in (Severity.ERROR, Severity.WARNING))
    told = f"{errors}, {warnings}." if count[Severity.WARNING] else f"{errors}."
    # Rules over several cells, and magnitudes, are judged only where the cells can be read.
    more = " Mend what is told and check again: some checks wait for it."
    return told + more if count[Severity.ERROR] else told


def _count(number: int, kind: Severity) -> str:
    return f"{number or 'no'} {kind}{'' if number == 1 else 's'}"


def print_audits(console: Console, audits: Audits) -> None:
    """What the audits came to: in red where one failed."""
    style = "bold red" if audits.failed else "dim"
    console.print(audits.told, style=style, markup=False)


def print_whole(console: Console, table: ScreenTable) -> None:
    """A table, never cropped: where it is wider than the screen, its rows run over."""
    console.print(table, crop=False)

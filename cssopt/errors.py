"""Errors of cssopt: each says what is wrong, where, why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from cssopt.issues import Issue


class CssoptError(Exception):
    """Base of every error that cssopt raises on purpose; its text is meant for a planner."""


class ModelError(CssoptError):
    """A component, objective or study file is wrong; the text names the file and the mend."""


class DataError(CssoptError):
    """The inputs are wrong. Carries every issue found, never only the first.

    Parameters
    ----------
    issues : Sequence[Issue]
        Each with its place.
    source : str, default ""
        The workbook or file.
    """

    def __init__(self, issues: Sequence[Issue], source: str = "") -> None:
        self.issues = tuple(issues)
        self.source = source
        head = f"{source}: " if source else ""
        lines = "\n".join(str(issue) for issue in self.issues)
        count = len(self.issues)
        super().__init__(f"{head}{count} issue{'s' if count != 1 else ''}\n{lines}")


class CallError(CssoptError):
    """Too little is asked, or what is asked says nothing; the text says what there is to ask."""


class SolveError(CssoptError):
    """The solver could not be run, or gave an answer that may not be used."""


class PrintError(CssoptError):
    """Another program that prints a report failed: no folder is to blame."""


class ReportError(CssoptError):
    """A report could not be written; the earlier report, if any, is intact."""

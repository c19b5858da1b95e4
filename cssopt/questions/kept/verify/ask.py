"""The verb `verify`: whether a report is as it was written, and can be found again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cssopt.assembly.case import Case
from cssopt.questions.kept.ask import Kept
from cssopt.questions.kept.verify.check import Verified, check_report
from cssopt.questions.kept.verify.show import show_verified
from cssopt.solution.run import ProgressCallback, tell_nothing


@dataclass(frozen=True, repr=False)
class Verification(Kept):
    """What is found of a report, which shows itself as other answers do.

    Attributes
    ----------
    found: outcome, findings, edits and differences.
    """

    found: Verified | None = None

    def __repr__(self) -> str:
        return f"<verify: {self.found.outcome if self.found else ''}>"


def verify(
    report: Path | str, case: Case, *, tell: ProgressCallback = tell_nothing
) -> Verification:
    """Look for changes by hand in a report, solve again, and tell what differs.

    Parameters
    ----------
    report : Path | str
        The folder of a run, its run record, or a file that it wrote.
    case : Case
        The inputs that it is about.
    tell : ProgressCallback, optional
        Hears each step.

    Returns
    -------
    Verification
        With `found`, `document`, `tables` and `write`. Its status is optimal where the report
        matches, error where it differs, and feasible where that cannot be told.

    Raises
    ------
    DataError
        Where no run is kept there (E-570).
    """
    found = check_report(Path(report), case, tell)
    return Verification(show_verified(found, case), is_again=False, found=found)

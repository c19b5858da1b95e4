"""What a check has to say: issues that stop a run, warnings and notes that do not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How far an issue goes: only an error stops the run."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, order=True)
class Issue:
    """One finding about the inputs.

    Parameters
    ----------
    code : str
        Stable code, such as ``E-121`` (E error, W warning, N note).
    where : str
        Sheet and cell, such as ``inventory!A7``; a sheet or file where no cell exists.
    text : str
        What is wrong with which value, the rule, and the nearest valid choice.
    cells : tuple[str, ...], default ()
        Further cells of which the same is said, where one cause is told once.
    """

    code: str
    where: str
    text: str
    cells: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """Severity, from the first letter of the code."""
        return {"E": Severity.ERROR, "W": Severity.WARNING}.get(self.code[0], Severity.NOTE)

    def __str__(self) -> str:
        return f"{self.code} {self.where} {self.text}"

"""What the engine must know of a model: components declare it, since the engine names none of it.

A measure is a figure by which plans are compared; a need is what must be covered; a sheet shows a
decision in the report. Beside them stand, in the tables, who cooperates (``parties=True``) and the
years of the plan (`cssopt.tables.spec.Horizon`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from cssopt.errors import ModelError

Role = Literal["expenditure", "burden", "units", "outlay", "ceiling", "income", "penalty"]
"""What a measure is to the engine:

``expenditure`` all money of the coalition, one number; ``burden`` what each party bears of it;
``units`` what members keep; ``outlay`` what each party pays in a year; ``ceiling`` the most that it
may pay; ``income`` what it is able to pay from; ``penalty`` what is minimized beside money and is
none.
"""


YEAR: Final = "year"
"""The index of the years of a plan: of the horizon, and of every entry of the ledger."""

SHORTFALL: Final = "shortfall"
"""What is missing of all needs, plain sum."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A figure by which plans are compared.

    Attributes
    ----------
    role: what it is to the engine; one measure of a study has it.
    figure: the decision, balance, expression or parameter of the component that declares it.
    by: the indices by which it is compared, such as ``"member force"``; over the years its mean is
        taken, over other indices it is summed. Empty for one number.
    says: what it is, for a planner.
    form: how it is shown: ``money`` (million) or ``number``.
    """

    role: Role
    figure: str
    by: str = ""
    says: str = ""
    form: str = "number"

    def __post_init__(self) -> None:
        if self.role not in get_args(Role):
            roles = ", ".join(get_args(Role))
            raise ModelError(f'measure "{self.figure}": its role is one of {roles}')

    @property
    def indices(self) -> tuple[str, ...]:
        """The indices of `by`, one by one."""
        return tuple(self.by.split())


@dataclass(frozen=True, kw_only=True)
class Need:
    """What must be covered, and what of it is missing.

    Attributes
    ----------
    asked: the balance of what must be there, by the indices of `missing`.
    missing: the decision that tells what is not there.
    share: the figure, one number, that weighs what is missing; stages of this name make it least.
    of: the indices by which needs are told, such as ``"threat capability"``; over the others what
        is missing is summed, and of shares the worst is told.
    kind: the index among them that says in what a need is measured.
    coverage: the derived table of the component that shows each need and what covers it: columns
        of all indices of `missing`, of `parts`, and of `missing_part`.
    parts: columns of that table in which power stands, in the order in which they are shown: what
        is asked first, what is missing last.
    missing_part: the column of that table with the missing share of each need.
    """

    asked: str
    missing: str
    share: str
    of: str
    kind: str
    coverage: str
    parts: tuple[str, ...]
    missing_part: str

    @property
    def asks(self) -> str:
        """The index of what asks for it, by which needs are asked about: the first of `of`."""
        return self.of.split()[0]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A decision, figure or derived table that has a place of its own in the report of a plan.

    Attributes
    ----------
    shows: name of the decision, figure or derived table.
    page: the sheet on which it stands; several may share one.
    title: heading on the sheet; empty where the sheet says it.
    empty: what is said where there is nothing to show; empty: it is left out then.
    form: ``by year`` a column a year, ``first year`` the year in which it begins, ``rows`` as the
        table is.
    total: True where a row of totals stands below.
    """

    shows: str
    page: str
    title: str = ""
    empty: str = ""
    form: Literal["by year", "first year", "rows"] = "by year"
    total: bool = False


ROLES: Final = (Measure, Need, Sheet)
"""Everything that a component may declare in its ROLES."""

"""What the engine must know of a model: components declare it, since the engine names none of it.

A measure is a figure by which plans are compared; a need is what must be covered; a sheet shows a
decision in the report. Beside them stand, in the tables, who cooperates (``parties=True``) and the
years of the plan (`cssopt.tables.spec.Horizon`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from cssopt.errors import ModelError
from cssopt.modeling.accounts import Entry

Role = Literal["expenditure", "burden", "units", "outlay", "ceiling", "income", "penalty"]
"""What a measure is to the engine:

``expenditure`` all money of the coalition, one number; ``burden`` what each party bears of it;
``units`` what members keep; ``outlay`` what each party pays in a year; ``ceiling`` the most that it
may pay; ``income`` what it is able to pay from; ``penalty`` what is minimized beside money and is
none.
"""


# What the engine calls its figures in what it gives out: keys of JSON, columns of tables of many
# plans. Never used to look into tables, decisions or derived tables of models.
POOLED_EXPENDITURE: Final = "pooled_expenditure"
"""All money of the coalition, present value: the measure of the role ``expenditure``."""
MISSING_SHARE: Final = "missing_share"
"""Weighted shares of the needs that are missing, one number."""
SHORTFALL: Final = "shortfall"
"""What is missing of all needs, plain sum."""
BURDEN: Final = "burden"
"""What each party bears: the measure of the role ``burden``."""
UNITS: Final = "units"
"""What is kept on average over the years: the measure of the role ``units``."""
PENALTY: Final = "persistence_penalty"
"""What is minimized beside money and is none: the measure of the role ``penalty``."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A figure by which plans are compared.

    Attributes
    ----------
    role: what it is to the engine; one measure of a study has it.
    figure: the decision, balance, expression or parameter of the component that declares it.
    by: the indices by which it is compared, such as ``"member force"``; over the years its mean is
        taken, over other indices it is summed. Empty for one number.
    says: what it is, for a planner. short: the same in a word; empty: the figure's name.
    form: how it is shown: ``money`` (million) or ``number``.
    """

    role: Role
    figure: str
    by: str = ""
    says: str = ""
    short: str = ""
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
        is missing is summed, and of shares the worst is told. The first names what asks for them.
    kind: the index among them that says in what a need is measured.
    measured: the column, of the table that has this index as its key, that says the measure.
    coverage: the derived table of the component that shows each need and what covers it: columns
        of all indices of `missing`, and of `parts`.
    parts: columns of that table in which power stands, in the order in which they are shown: what
        is asked first, what is missing last.
    price: the vertical table and the setting with a price of what is missing, where there is one.
    priced_stages: part of the names of the stages in which this price stands.
    """

    asked: str
    missing: str
    share: str
    of: str
    kind: str
    measured: str
    coverage: str
    parts: tuple[str, ...]
    price: tuple[str, str] | None = None
    priced_stages: str = ""

    @property
    def asks(self) -> str:
        """The index of what asks for it, by which needs are asked about: the first of `of`."""
        return self.of.split()[0]

    @property
    def indices(self) -> tuple[str, ...]:
        """The indices of `of`, one by one."""
        return tuple(self.of.split())


@dataclass(frozen=True, kw_only=True)
class Milestones:
    """A derived table with a date of each thing that may be brought about, such as activities.

    Attributes
    ----------
    table: the derived table, a row each. of: its column that names the thing.
    date: its column with the first year from which on it is there; blank: it never is.
    says: what the date is, for a planner.
    """

    table: str
    of: str
    date: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A decision, figure or derived table that has a place of its own in the report of a plan.

    Attributes
    ----------
    shows: name of the decision, figure or derived table.
    page: the sheet on which it stands; several may share one.
    place: sheets stand in the order of these numbers, before those of coverage and costs.
    explanation: what the sheet shows, at its head; that of a derived table is the docstring of the
        hook that makes it.
    title: heading on the sheet; empty where the sheet says it.
    empty: what is said where there is nothing to show.
    form: ``by year`` a column a year, ``first year`` the year in which it begins (left out where
        nothing can), ``rows`` the derived table as it is.
    total: True where the sum over all years stands at the end of a row.
    """

    shows: str
    page: str
    place: int
    explanation: str = ""
    title: str = ""
    empty: str = ""
    form: Literal["by year", "first year", "rows"] = "by year"
    total: bool = False


@dataclass(frozen=True, kw_only=True)
class CommonShares:
    """How the parties share what is common: what the engine must know to share it by another key.

    Attributes
    ----------
    option: the option of a study that names the key; its default is the one that needs no rows.
    table: the table of agreed keys; its key is the name of a key and a party.
    share: the column of this table with the share.
    figure: the parameter, by party and year, of the share of common costs.
    """

    option: str
    table: str
    share: str
    figure: str


@dataclass(frozen=True, kw_only=True)
class Credit:
    """A derived table with what each party is credited for what it contributes in kind.

    Attributes
    ----------
    table: the derived table, a row for each party and year, with a column for each of the two.
    amount: its column with the credit, million of the year.
    """

    table: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class GivenPlan:
    """A table of decisions that a planner has taken, and that are to be costed as they are.

    The component that declares it is in no study, and added where that is asked: its rules hold
    what the table says, whatever other rules have to give way.

    Attributes
    ----------
    table: its key is a party, a thing that is held, and a year. accounts: by its columns, those
        accounts (see `cssopt.modeling.accounts`) that tell the same of any plan.
    """

    table: str
    accounts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Excess:
    """By how much the plan comes short of what an objective asks for that has none: the nearest.

    Attributes
    ----------
    figure: the decision, by the indices of what is missing, that tells it.
    given: what the objective is given as True where the nearest plan is asked for. Its first stage
        then makes what the figure tells least.
    """

    figure: str
    given: str


ROLES: Final = (
    *(Measure, Need, Milestones, Sheet, CommonShares, Credit, Entry, GivenPlan, Excess),
)
"""Everything that a component may declare in its ROLES."""

WORDS: Final = (
    # What measures are to the engine (`Role`), and what it calls figures in what it gives out.
    "expenditure", "burden", "units", "outlay", "ceiling", "income", "penalty",
    "pooled_expenditure", "missing_share", "shortfall", "persistence_penalty", "coverage", "moved",
    "held", "need", "needs", "power", "price", "level", "threat", "threats", "members", "together",
    "pooled", "change",
    # What a component may ask to be given, parts of the horizon, and studies by their files.
    "base_units", "currency", "price_year", "title", "strict", "relaxed",
    # What the engine itself is made of: columns of its tables, forms of numbers, parts of a solve.
    "name", "value", "share", "whole", "kind", "key", "marking", "size", "stage", "measure", "year",
    "day", "load", "posts", "personnel", "given_up",
    "member", "force",
    # Kinds of what is begun (`UndertakingKind`).
    "body", "programme",
    # Words of sentences, and names of accounts.
    "after", "moves", "persistence", "plan", "ordered",
)  # fmt: skip
"""Words of the engine's own that are also names in models.

It says them (in headers, keys of JSON, options, sentences) and finds its own things by them. It
never looks into tables, decisions or derived tables of models by them: there it goes by what the
components declare.
"""

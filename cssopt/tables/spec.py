"""Declarations of input tables: from these come checks, template, drop-downs and reference page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal, get_args

from cssopt.errors import ModelError

Kind = Literal["text", "number", "whole", "flag", "any"]


_NAME = re.compile(r"[a-z_][a-z0-9_]*")


class _Required(Enum):
    REQUIRED = "required"

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = _Required.REQUIRED
"""Default of a column whose blank is an error."""

REMARK_COLUMNS: Final = ("source", "note")
"""Columns that every table may have for the planner's own remarks; the model never reads them."""


Nature = Literal["need", "rule", "fact"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a cell or a row of the inputs lays down, and what the tables hold without it.

    Lifting a rule never takes a plan away: whatever kept it before keeps it without the rule. (A
    fact such as a delivery time may also shift prices; what is told of it is solved anew.) From
    these declarations come the price list of rules and the reasons why no plan exists.

    Attributes
    ----------
    name: its kind in the planner's words, such as ``budget ceiling``.
    says: the sentence; columns of the row stand in braces, and ``{value}`` for the cell.
    nature: ``need`` for what must be covered, ``rule`` for what members, treaty or planners lay
        down and could lift, ``fact`` for what only time or technology could change.
    without: value of the cell that lifts it (None: blank). A row is lifted by dropping it.
    """

    name: str
    says: str
    nature: Nature = "rule"
    without: Any = None

    def __post_init__(self) -> None:
        if self.nature not in get_args(Nature):
            natures = ", ".join(get_args(Nature))
            raise ModelError(f'rule "{self.name}": its nature is one of {natures}')


def _check_name(what: str, name: object) -> None:
    """ModelError for a name by which formulas could not read a table or column."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ModelError(f"{what} {name!r}: a name has small letters, digits and _ only")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of an input table.

    Attributes
    ----------
    name: header of the column and name in every formula and report.
    kind: ``text``, ``number``, ``whole`` (whole number), ``flag`` (TRUE/FALSE) or ``any`` (as
        typed: a number, a flag or a text).
    help: one sentence for the planner.
    measure: unit of measure, such as ``million per year``, ``power``, ``days``.
    default: what an empty cell means; ``REQUIRED`` where blank is an error.
    blank: the meaning of an empty cell in words; required where ``default`` is None.
    low, high: inclusive bounds; ``above`` an exclusive lower bound.
    choices: the only texts allowed.
    aliases: headers that older templates gave it; they are read, with a note.
    refers_to: table whose key the text must be found in; ``wildcard`` also allows ``*``.
    goes_along: of a reference that may be blank: a row with these cells ({}: any) goes along when
        a what-if drops the row that it names, since blank would mean something else there. None, or
        other cells: the row stays, and the reference alone goes.
    rule: what a cell of the column lays down, where it could be lifted.
    reserved: words that no text of the column may be, in any letters, since the model uses them
        itself beside the texts of the column: each with what it means there.
    """

    name: str
    kind: Kind
    help: str
    measure: str = ""
    default: Any = REQUIRED
    blank: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    refers_to: str | None = None
    wildcard: bool = False
    goes_along: Mapping[str, Any] | None = None
    rule: Rule | None = None
    reserved: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            kinds = ", ".join(get_args(Kind))
            raise ModelError(f'column "{self.name}": its kind is one of {kinds}')
        if self.default is None and not self.blank:
            raise ModelError(f'column "{self.name}": say in `blank` what an empty cell means')
        if self.rule is not None and self.rule.without is None and self.default is not None:
            raise ModelError(f'column "{self.name}": its rule is lifted by blank, which it forbids')
        if self.goes_along is not None and (self.required or not self.refers_to):
            raise ModelError(
                f'column "{self.name}": only a reference may say when its row goes along'
            )

    @property
    def required(self) -> bool:
        """True where an empty cell is an error."""
        return self.default is REQUIRED

    @property
    def is_share(self) -> bool:
        """True where the number is a share of something, so that a percentage has a meaning."""
        return self.measure.startswith("share") or (self.low == 0 and self.high == 1)

    def takes_along(self, row: Mapping[str, Any]) -> bool:
        """True where a row goes along with the row that it names in this column."""
        if self.goes_along is None:
            return self.required
        return all(row[name] == value for name, value in self.goes_along.items())


def describe_blank(column: Column) -> str:
    """What an empty cell of a column means, in words."""
    if column.blank or column.default == "":
        return column.blank or "nothing"
    if isinstance(column.default, bool):
        return str(column.default).upper()
    is_number = isinstance(column.default, int | float)
    return f"{column.default:g}" if is_number else str(column.default)


@dataclass(frozen=True, kw_only=True)
class Horizon:
    """Which settings say when a plan is made for, and in which money.

    Attributes
    ----------
    first, last: the columns of its first and last year. rate: of the rate of discount.
    currency, price_year: of all money. title, marking: of every report.
    """

    first: str
    last: str
    rate: str
    currency: str
    price_year: str
    title: str
    marking: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """One input table, a sheet of the workbook.

    Attributes
    ----------
    key: names of the columns that identify a row.
    optional: the sheet may be missing; it then counts as empty.
    vertical: the sheet has the columns ``name`` and ``value`` and each declared column is one row
        (settings). Several components may declare columns of one vertical table.
    parties: its rows are who may cooperate. A what-if that drops one takes it out of the coalition;
        this table and all others keep their rows, whose absence would mean something else.
    horizon: which of its settings say when the plan is made for, and in which money.
    no_row: what it means that a row is not there, in words; told where a what-if drops one.
    rule: what a row lays down, where it is lifted by dropping the row.
    """

    name: str
    help: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    optional: bool = False
    vertical: bool = False
    parties: bool = False
    horizon: Horizon | None = None
    no_row: str = ""
    rule: Rule | None = None

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        for what, name in (("table", self.name), *(("column", name) for name in names)):
            _check_name(what, name)
        if len(set(names)) != len(names):
            raise ModelError(f'table "{self.name}": a column is declared twice')
        if not self.vertical and not self.key:
            raise ModelError(f'table "{self.name}": declare its key')
        if missing := [name for name in self.key if name not in names]:
            raise ModelError(f'table "{self.name}": key columns {missing} are not declared')
        told = {name for column in self.columns for name in column.goes_along or ()}
        if missing := sorted(told - set(names)):
            raise ModelError(
                f'table "{self.name}": columns {missing} of goes_along are not declared'
            )

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def merge_tables(tables: Iterable[Table]) -> dict[str, Table]:
    """One spec per table name; vertical tables may be declared in pieces.

    Raises ModelError where two components declare the same table or the same setting.
    """
    merged: dict[str, Table] = {}
    for table in tables:
        known = merged.get(table.name)
        if known is None:
            merged[table.name] = table
        elif known.vertical and table.vertical:
            merged[table.name] = Table(
                name=known.name,
                help=known.help,
                columns=known.columns + table.columns,
                optional=known.optional and table.optional,
                vertical=True,
                horizon=known.horizon or table.horizon,
            )
        else:
            raise ModelError(
                f'table "{table.name}" is declared by two components; '
                "let one declare it and the other name that component in REQUIRES"
            )
    return merged

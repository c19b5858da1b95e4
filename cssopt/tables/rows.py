"""The rows of one sheet while it is checked: typed records, and a table by key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cssopt.issues import Issue
from cssopt.tables.convert import quote
from cssopt.tables.data import Key
from cssopt.tables.gather import Finding
from cssopt.tables.spec import Table
from cssopt.tables.tidy import fold_name


@dataclass(frozen=True)
class Record:
    """One row: typed values and the addresses of their cells, by column."""

    values: dict[str, Any]
    where: dict[str, str]


@dataclass(frozen=True)
class RowAbove:
    """A row above the header that could be one of the table; it is not read.

    Attributes
    ----------
    line: number of the row in the sheet; `header`: that of the header row.
    record: its values, where its cells have any, and their addresses.
    whole: True where every cell has a value that its column allows.
    example: True where a remark beside it says that it is an example.
    numbers: True where it has numbers that are stored as numbers; False where these are texts, as
        in the example of a template; None where it has none.
    """

    line: int
    header: int
    record: Record
    whole: bool
    example: bool
    numbers: bool | None


@dataclass
class Rows:
    """One sheet while it is checked: records first, then columns and places by key.

    `complete` is False where a row is lost to a fault, so that nobody judges what refers to it.
    `above` are the rows above the header that could be meant as rows; `totals` the folded names of
    rows that are told to be totals; `doubted` complete records that look like totals, each with
    what is to be told of it unless other sheets refer to it.
    """

    spec: Table
    records: list[Record] = field(default_factory=list)
    columns: dict[str, dict[Key, Any]] = field(default_factory=dict)
    places: dict[tuple[Key, str], str] = field(default_factory=dict)
    complete: bool = True
    findings: list[Finding] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)
    above: list[RowAbove] = field(default_factory=list)
    totals: set[str] = field(default_factory=set)
    doubted: list[tuple[Record, Finding]] = field(default_factory=list)

    def key_by(self) -> None:
        """Fill `columns` and `places`; a key that stands twice is an issue."""
        self.columns = {column.name: {} for column in self.spec.columns}
        if self.spec.vertical:
            return
        folded: dict[Any, Key] = {}
        for record in self.records:
            if any(name not in record.values for name in self.spec.key):
                self.complete = False
                continue
            parts = tuple(record.values[name] for name in self.spec.key)
            key: Key = parts[0] if len(parts) == 1 else parts
            alike = tuple(fold_name(part) if isinstance(part, str) else part for part in parts)
            if alike in folded:
                issue = self._tell_double(record, folded[alike], key)
                self.findings.append(Finding(issue, (issue.code, self.spec.name)))
                continue
            folded[alike] = key
            first = record.where[self.spec.key[0]]
            for column in self.spec.columns:
                self.places[key, column.name] = record.where.get(column.name, first)
                self.columns[column.name][key] = record.values.get(column.name)

    def _tell_double(self, record: Record, earlier: Key, key: Key) -> Issue:
        names, first = self.spec.key, self.spec.key[0]
        text = " and ".join(f"{name} = {quote(record.values[name])}" for name in names)
        text += f" stands already at {self.places[earlier, first]}"
        if earlier != key:
            text += ", in other letters"
        return Issue("E-120", record.where[first], f"{text}. Remove or rename one of the rows.")

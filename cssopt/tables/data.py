"""Frozen typed tables, the only form in which inputs reach the mathematics."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from cssopt.errors import ModelError
from cssopt.tables.horizon import PlanYears
from cssopt.tables.spec import Table

Key = Any
"""Key of a row: the text of a single key column, or a tuple in the order of `Table.key`."""


class TableData:
    """The rows of one table, by column: ``data.forces.lead_time["brigade"]``.

    Every column is an attribute that maps the key of a row to its value (float, int, str, bool,
    or None where blank has a meaning of its own). Iterating gives the keys in the order of the
    input. A vertical table (settings) gives plain values: ``data.settings.first_year``.

    Attributes
    ----------
    dropped: rows that a what-if dropped, as they were, by key: for what the sheet means as it was
        read. Parties that were dropped have left the coalition, and their rows are still there.
    """

    def __init__(
        self,
        spec: Table,
        columns: Mapping[str, Mapping[Key, Any]],
        places: Mapping[tuple[Key, str], str] | None = None,
        dropped: Mapping[Key, Mapping[str, Any]] | None = None,
    ) -> None:
        self.spec = spec
        self.columns = MappingProxyType({n: MappingProxyType(dict(c)) for n, c in columns.items()})
        self.places = MappingProxyType(dict(places or {}))
        self.dropped = MappingProxyType(dict(dropped or {}))
        first: Mapping[Key, Any] = next(iter(self.columns.values()), {})
        self.keys: tuple[Key, ...] = tuple(first)
        # Formulas read columns often, and plain attributes are found several times as fast.
        for name, column in self.columns.items():
            if not spec.vertical and not hasattr(TableData, name):
                self.__dict__.setdefault(name, column)

    def __getattr__(self, name: str) -> Any:
        columns = self.__dict__.get("columns", {})
        if name not in columns:
            raise AttributeError(f'table "{self.__dict__["spec"].name}" has no column "{name}"')
        return columns[name][None] if self.spec.vertical else columns[name]

    def __reduce__(self) -> tuple[Any, ...]:
        columns = {name: dict(column) for name, column in self.columns.items()}
        return TableData, (self.spec, columns, dict(self.places), dict(self.dropped))

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, key: object) -> bool:
        return key in next(iter(self.columns.values()), {})

    def where(self, key: Key, column: str) -> str:
        """Address of the cell in the input, such as ``inventory!B17``; the sheet if unknown."""
        return self.places.get((key, column), self.spec.name)

    def keep(self, wanted: Callable[[Key], bool]) -> TableData:
        """A new table with only the rows whose key is wanted."""
        return self.replace(
            {n: {k: v for k, v in c.items() if wanted(k)} for n, c in self.columns.items()}
        )

    def replace(self, columns: Mapping[str, Mapping[Key, Any]]) -> TableData:
        """A new table with these columns; places and dropped rows are the same."""
        return TableData(self.spec, columns, self.places, self.dropped)

    def arrange(self, rank: Callable[[Key], Any]) -> TableData:
        """A new table with the same rows, and those that were dropped, in the order of `rank`."""
        order = sorted(self.keys, key=rank)
        dropped = {key: self.dropped[key] for key in sorted(self.dropped, key=rank)}
        columns = {name: {key: c[key] for key in order} for name, c in self.columns.items()}
        return TableData(self.spec, columns, self.places, dropped)

    def drop(self, keys: Collection[Key]) -> TableData:
        """A new table in which these rows are dropped; parties leave, and their rows stay."""
        gone = {key: self.row(key) for key in self.keys if key in keys}
        kept = self if self.spec.parties else self.keep(lambda key: key not in gone)
        return TableData(self.spec, kept.columns, self.places, {**self.dropped, **gone})

    def add(self, key: Key, row: Mapping[str, Any]) -> TableData:
        """A new table with one more row."""
        columns = {name: {**values, key: row[name]} for name, values in self.columns.items()}
        dropped = {k: old for k, old in self.dropped.items() if k != key}
        return TableData(self.spec, columns, self.places, dropped)

    @property
    def had_rows(self) -> bool:
        """True where there are rows, or were some before a what-if dropped them."""
        return bool(self.keys or self.dropped)

    def row(self, key: Key) -> dict[str, Any]:
        """The cells of a row by column."""
        return {name: column[key] for name, column in self.columns.items()}

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, in input order."""
        return [self.row(key) for key in self.keys]


class Data:
    """All tables of one problem, restricted to a coalition: ``data.members``, ``data.power``.

    Attributes
    ----------
    book: the tables of the whole workbook, before the restriction to a coalition.
    given: numbers that a study takes from other solves (such as the shortfall ceilings of equal
        security), by name.
    """

    def __init__(
        self,
        tables: Mapping[str, TableData],
        *,
        book: Data | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.tables = MappingProxyType(dict(tables))
        self.book = self if book is None else book
        self.given = MappingProxyType(dict(given or {}))
        for name, table in self.tables.items():
            if not hasattr(Data, name):
                self.__dict__.setdefault(name, table)

    def __getattr__(self, name: str) -> TableData:
        tables: Mapping[str, TableData] = self.__dict__.get("tables", {})
        if name not in tables:
            raise AttributeError(
                f'no table "{name}"; a component may read the tables that it or a component '
                "of the study declares"
            )
        return tables[name]

    def __reduce__(self) -> tuple[Any, ...]:
        book = None if self.book is self else self.book
        return _make_data, (dict(self.tables), book, dict(self.given))

    @property
    def parties(self) -> tuple[str, ...]:
        """Who may cooperate, in the order of the input, without those who left in a what-if."""
        table = self.party_table
        return tuple(key for key in table.keys if key not in table.dropped)

    @property
    def party_table(self) -> TableData:
        """The table of those who cooperate; its key is the name of their index."""
        for table in self.tables.values():
            if table.spec.parties:
                return table
        raise ModelError("no component declares the table of those who cooperate (`parties=True`)")

    @property
    def party_index(self) -> str:
        """The name of the index of those who cooperate, which heads their columns."""
        return self.party_table.spec.key[0]

    @property
    def horizon(self) -> PlanYears:
        """The years of the plan and its money."""
        settings = self.horizon_settings
        return PlanYears(**{part: value for part, (_, value) in settings.items()})

    @property
    def horizon_settings(self) -> dict[str, tuple[str, Any]]:
        """The settings of the horizon by what they are to it, each with its name and value."""
        for table in self.tables.values():
            if table.spec.horizon is not None:
                columns = vars(table.spec.horizon).items()
                return {part: (name, table.columns[name][None]) for part, name in columns}
        raise ModelError("no component declares the years of the plan (`horizon=Horizon(...)`)")

    def restrict(self, table: str, keep: Iterable[str], given: Mapping[str, Any]) -> Data:
        """The tables without the rows of, or referring to, keys of `table` that are not kept."""
        kept = set(keep)
        return Data(
            {name: _restrict_table(data, table, kept) for name, data in self.tables.items()},
            book=self.book,
            given=given,
        )

    def arrange(self, rank: Callable[[Key], Any]) -> Data:
        """The same tables with all rows in the order of `rank`; of the whole book too, and what is
        given by key."""
        tables = {name: table.arrange(rank) for name, table in self.tables.items()}
        book = None if self.book is self else self.book.arrange(rank)
        given = {
            name: {key: value[key] for key in sorted(value, key=rank)}
            if isinstance(value, Mapping)
            else value
            for name, value in self.given.items()
        }
        return Data(tables, book=book, given=given)


def _make_data(tables: dict[str, TableData], book: Data | None, given: dict[str, Any]) -> Data:
    return Data(tables, book=book, given=given)


def _restrict_table(data: TableData, table: str, kept: set[str]) -> TableData:
    spec = data.spec
    references = [c for c in spec.columns if c.refers_to == table]
    if spec.name == table:
        references = [spec.column(name) for name in spec.key]
    if not references or spec.vertical:
        return data
    columns = [data.columns[column.name] for column in references]
    # A row for all (`*`) is for those who are kept too.
    meant = {*kept, None, *("*" for column in references if column.wildcard)}
    if meant.issuperset(itertools.chain(*(c.values() for c in columns))):
        return data
    return data.keep(lambda key: all(c[key] in meant for c in columns))

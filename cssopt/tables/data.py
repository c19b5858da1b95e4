"""Frozen typed tables, the only form in which inputs reach the mathematics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from cssopt.tables.spec import Table

Key = Any
"""Key of a row: the text of a single key column, or a tuple in the order of `Table.key`."""


class TableData:
    """The rows of one table, by column: ``data.forces.lead_time["brigade"]``.

    Every column is an attribute that maps the key of a row to its value (float, int, str, bool,
    or None where blank has a meaning of its own). Iterating gives the keys in the order of the
    input. A vertical table (settings) gives plain values: ``data.settings.first_year``.
    """

    def __init__(
        self,
        spec: Table,
        columns: Mapping[str, Mapping[Key, Any]],
        places: Mapping[tuple[Key, str], str] | None = None,
    ) -> None:
        self.spec = spec
        self.columns = MappingProxyType({n: MappingProxyType(dict(c)) for n, c in columns.items()})
        self.places = MappingProxyType(dict(places or {}))
        first: Mapping[Key, Any] = next(iter(self.columns.values()), {})
        self.keys: tuple[Key, ...] = tuple(first)

    def __getattr__(self, name: str) -> Any:
        columns = self.__dict__.get("columns", {})
        if name not in columns:
            raise AttributeError(f'table "{self.__dict__["spec"].name}" has no column "{name}"')
        return columns[name][None] if self.spec.vertical else columns[name]

    def __reduce__(self) -> tuple[Any, ...]:
        columns = {name: dict(column) for name, column in self.columns.items()}
        return TableData, (self.spec, columns, dict(self.places))

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
        """A new table with these columns and the same places."""
        return TableData(self.spec, columns, self.places)

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, in input order."""
        return [{n: c[key] for n, c in self.columns.items()} for key in self.keys]


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

    def restrict(self, table: str, keep: Iterable[str], given: Mapping[str, Any]) -> Data:
        """The tables without the rows of, or referring to, keys of `table` that are not kept."""
        kept = set(keep)
        return Data(
            {name: _restrict_table(data, table, kept) for name, data in self.tables.items()},
            book=self.book,
            given=given,
        )


def _make_data(tables: dict[str, TableData], book: Data | None, given: dict[str, Any]) -> Data:
    return Data(tables, book=book, given=given)


def _restrict_table(data: TableData, table: str, kept: set[str]) -> TableData:
    spec = data.spec
    references = [c.name for c in spec.columns if c.refers_to == table]
    if spec.name == table:
        references = list(spec.key)
    if not references or spec.vertical:
        return data
    columns = [data.columns[name] for name in references]
    return data.keep(lambda key: all(c[key] is None or c[key] in kept for c in columns))

"""Needs, rules and facts that bind a coalition, each with its cell and the step that lifts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cssopt.names import key_parts
from cssopt.tables.data import Data, Key, TableData
from cssopt.tables.patch import Step
from cssopt.tables.row_order import sort_rows
from cssopt.tables.spec import Rule
from cssopt.tables.where import exactly


@dataclass(frozen=True)
class RuleInForce:
    """One need, rule or fact of the inputs.

    Attributes
    ----------
    rule: its kind, its nature, and what lifts it.
    table, key, column: where it stands; no column where the whole row lays it down.
    where: address in the inputs, such as ``legislation!C4``.
    value: what the cell holds; None for a row.
    text: the rule as a sentence, by codes. named: the same with the full name before each code.
    """

    rule: Rule
    table: str
    key: Key
    column: str
    where: str
    value: Any
    text: str
    named: str

    @property
    def name(self) -> str:
        """The rule as a name that no other has: ``caveats[A, North]``, ``members[A].personnel``."""
        parts = key_parts(self.key)
        row = f"{self.table}[{', '.join(map(_shown, parts))}]"
        return f"{row}.{self.column}" if self.column else row

    def lift(self, data: Data) -> Step:
        """The step that lifts the rule: sets its cell, or drops its row."""
        spec = data.tables[self.table].spec
        parts = key_parts(self.key)
        where = "; ".join(
            exactly(column, part) if isinstance(part, str) else f"{column}={part!r}"
            for column, part in zip(spec.key, parts, strict=True)
        )
        change: Any = "set" if self.column else "drop"
        return Step(
            table=self.table,
            where=where,
            column=self.column,
            change=change,
            value=self.rule.without if self.column else None,
            note=f"without: {self.text}",
            place=self.where,
        )


def find_rules_in_force(data: Data) -> tuple[RuleInForce, ...]:
    """Every need, rule and fact of the tables that a component declares as one.

    They stand in the order of their keys: which conflict is found first is none of typing.
    A cell that holds what lifts the rule, or nothing where that means no rule, lays down nothing.
    """
    ordered = sort_rows(data)
    return tuple(rule for table in ordered.tables.values() for rule in _find_in(data, table))


def _find_in(data: Data, table: TableData) -> Iterator[RuleInForce]:
    if table.spec.rule is not None:
        for key in table:
            yield _state(data, table, key, "", table.spec.rule)
    for column in table.spec.columns:
        if column.rule is not None:
            for key, value in table.columns[column.name].items():
                if value is not None and value != column.rule.without:
                    yield _state(data, table, key, column.name, column.rule)


def _state(data: Data, table: TableData, key: Key, column: str, rule: Rule) -> RuleInForce:
    cells = {name: values[key] for name, values in table.columns.items()}
    for each in table.spec.columns:
        if each.wildcard and cells[each.name] == "*":
            cells[each.name] = f"every {each.refers_to or each.name}".removesuffix("s")
    value = cells[column] if column else None
    place = table.where(key, column or next(iter(table.columns)))
    text = rule.says.format_map({**cells, "value": value})
    named = rule.says.format_map({**cells, **_name_codes(data, table, cells), "value": value})
    return RuleInForce(rule, table.spec.name, key, column, place, value, text, named)


def _name_codes(data: Data, table: TableData, cells: Mapping[str, Any]) -> dict[str, str]:
    """The codes of a row that have a name, each behind it: ``Norland (NOR)``."""
    named = {}
    for column in table.spec.columns:
        is_own = table.spec.key == (column.name,)
        other = table if is_own else data.tables.get(column.refers_to or "")
        names: Mapping[Any, Any] = {} if other is None else other.columns.get("name", {})
        name, code = names.get(cells[column.name]), cells[column.name]
        if name and str(name).casefold() != str(code).casefold():
            named[column.name] = f"{name} ({code})"
    return named


def _shown(part: Any) -> str:
    return f"{part:g}" if isinstance(part, float) else str(part)

"""Needs, rules and facts that bind a coalition, each with its cell and the step that lifts it."""

from __future__ import annotations

from collections.abc import Iterator
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
    text: the rule as a sentence.
    """

    rule: Rule
    table: str
    key: Key
    column: str
    where: str
    value: Any
    text: str

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
    return tuple(rule for table in sort_rows(data).tables.values() for rule in _find_in(table))


def _find_in(table: TableData) -> Iterator[RuleInForce]:
    if table.spec.rule is not None:
        for key in table:
            yield _state(table, key, "", table.spec.rule)
    for column in table.spec.columns:
        if column.rule is not None:
            for key, value in table.columns[column.name].items():
                if value is not None and value != column.rule.without:
                    yield _state(table, key, column.name, column.rule)


def _state(table: TableData, key: Key, column: str, rule: Rule) -> RuleInForce:
    cells = {name: values[key] for name, values in table.columns.items()}
    for named in table.spec.columns:
        if named.wildcard and cells[named.name] == "*":
            cells[named.name] = f"every {named.refers_to or named.name}".removesuffix("s")
    value = cells[column] if column else None
    place = table.where(key, column or next(iter(table.columns)))
    text = rule.says.format_map({**cells, "value": value})
    return RuleInForce(rule, table.spec.name, key, column, place, value, text)


def _shown(part: Any) -> str:
    return f"{part:g}" if isinstance(part, float) else str(part)

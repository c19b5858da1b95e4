"""A document as plain JSON values and back, so that what was solved can be shown again.

What is read may come from anywhere: it becomes a document or an error, and nothing in it acts.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np

from cssopt.document.document import (
    VERSION,
    Block,
    Chart,
    Document,
    Formula,
    Mark,
    Note,
    Pair,
    Pairs,
    Rich,
    Table,
)
from cssopt.document.run_facts import describe_run_facts
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.solve.outcome import Status

_LARGEST: Final = 2**28
"""Bytes of a kept answer; what is larger is none of ours."""

_LONGEST: Final = 200
"""Letters of what is told to be wrong."""

_LARGEST_WHOLE: Final = 2**63

_MOST_DECIMALS: Final = 30

_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}")
"""Names of files: none of another folder."""

_RUN_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")

_NUMBER: Final = "number"
"""How a number without end, or one that is none, stands in JSON, which has none such."""


def store_document(document: Document) -> dict[str, Any]:
    """All of a document as plain JSON values, without the folders of the machine."""
    facts = document.facts
    told = replace(
        facts, source=facts.source_name, options=facts.plain_options, known_by=facts.origin
    )
    content: dict[str, Any] = _make_converter().unstructure(replace(document, facts=told))
    return {"version": VERSION, **content}


def read_document(path: Path) -> Document:
    """The document of a file that `store_document` filled.

    Raises DataError (E-570) for a file that is none such.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"it is larger than {_LARGEST:,} bytes")
        content = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
        if not isinstance(content, dict) or (version := content.pop("version", None)) is None:
            raise ValueError("it has no version")
        if version != VERSION:
            told = str(version)[:20]
            raise ValueError(f"it is of version {told}, and this cssopt reads version {VERSION}")
        document: Document = _make_converter().structure(content, Document)
        _check(document)
        return document
    except Exception as error:  # whatever the content is wrong in
        told = str(error).partition("\n")[0][:_LONGEST] or type(error).__name__
        text = f"is no kept answer of cssopt: {told}. Name the folder of a run, or its run record."
        raise DataError([Issue("E-570", str(path), text)]) from error


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _check(document: Document) -> None:
    """ValueError for what no document of ours has, and no rendering need be able to show."""
    facts = document.facts
    Status(facts.status)
    if not _FILE.fullmatch(facts.file) or not _RUN_ID.fullmatch(facts.run_id):
        raise ValueError("its files have no plain name, or its run none")
    json.dumps(describe_run_facts(facts), allow_nan=False)
    tables = {**document.tables}
    for table in document.kept:
        _check_table(table, tables)
    for sheet in document.sheets:
        for block in sheet.flat:
            if isinstance(block, Table):
                _check_table(block, tables)
            elif isinstance(block, Pairs):
                _check_decimals(one.decimals for one in block.pairs)
            elif isinstance(block, Chart):
                table = document.table(block.table)
                _check_rows([*block.picked, *block.totals], table, table.last_is_total)


def _check_table(table: Table, tables: Mapping[str, Table | Pairs]) -> None:
    _check_decimals(column.decimals for column in table.columns)
    _check_rows(table.picked or (), table)
    _check_rows([row for row, _ in table.marks], table)
    for _, column in table.marks:
        table.place(column)
    # One stays by default, also of a table that has none.
    if not 0 <= table.in_view <= max(1, len(table.columns)):
        raise ValueError(f"{table.in_view} columns of {table.name} stay in view")
    for cell in (cell for row in table.rows for cell in row if isinstance(cell, Formula)):
        for cells in cell.cells:
            other = tables[cells.table] if cells.table else table
            if not isinstance(other, Table):
                raise TypeError(f"a formula reads {other.name}")
            _check_rows([] if cells.row is None else [cells.row], other)
            for column in filter(None, (cells.column, cells.last)):
                other.place(column)


def _check_rows(rows: Iterable[int], table: Table, but_last: bool = False) -> None:
    """`but_last`: a total at the end is none of the rows, as for charts."""
    count = len(table.rows) - but_last
    if any(not 0 <= row < count for row in rows):
        raise ValueError(f"{table.name} has no such row")


def _check_decimals(many: Iterable[int | None]) -> None:
    if any(one is not None and not 0 <= one <= _MOST_DECIMALS for one in many):
        raise ValueError("a number has decimals that no number has")


@cache
def _make_converter() -> Any:
    """What turns documents into plain values and back; loaded and made where it is first needed."""
    from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
    from cattrs.preconf.json import make_converter
    from cattrs.strategies import configure_tagged_union

    converter = make_converter(forbid_extra_keys=True, detailed_validation=False)
    converter.register_unstructure_hook(float, _store_number)
    converter.register_unstructure_hook_func(_is_of_numpy, lambda cell: _store_number(cell.item()))
    converter.register_structure_hook(float, lambda cell, _: float(_read(cell)))
    special: dict[Any, dict[str, Any]] = {
        Table: {
            "marks": override(struct_hook=_read_marks, unstruct_hook=_store_marks),
            "rows": override(struct_hook=_read_rows),
        },
        Pair: {"value": override(struct_hook=lambda cell, _: _read(cell))},
    }
    for kind, fields in special.items():
        converter.register_unstructure_hook(
            kind, make_dict_unstructure_fn(kind, converter, **fields)
        )
        converter.register_structure_hook(kind, make_dict_structure_fn(kind, converter, **fields))
    configure_tagged_union(Table | Pairs | Chart | Note, converter, tag_name="block")
    configure_tagged_union(Block, converter, tag_name="block")
    return converter


def _is_of_numpy(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, np.generic)


def _store_number(number: Any) -> Any:
    is_odd = isinstance(number, float) and not math.isfinite(number)
    return {_NUMBER: str(number)} if is_odd else number


def _read(cell: Any) -> Any:
    """A cell: plain, a number that JSON lacks, a formula, or stretches of text."""
    if not isinstance(cell, Mapping):
        if not isinstance(cell, str | int | float | None):
            raise TypeError(f"a cell is a {type(cell).__name__}")
        if isinstance(cell, int) and abs(cell) > _LARGEST_WHOLE:
            raise ValueError("a whole number is too large")
        return cell
    if set(cell) == {_NUMBER}:
        return float(cell[_NUMBER])
    return _make_converter().structure(cell, Rich if set(cell) == {"spans"} else Formula)


def _read_rows(rows: Any, _: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(map(_read, row)) for row in rows)


def _store_marks(marks: Mapping[tuple[int, str], str]) -> list[list[Any]]:
    return [[row, column, mark] for (row, column), mark in marks.items()]


def _read_marks(marks: Any, _: Any) -> dict[tuple[int, str], str]:
    known = get_args(Mark)
    read = {(int(row), str(column)): str(mark) for row, column, mark in marks}
    if any(mark not in known for mark in read.values()):
        raise ValueError("a mark is none")
    return read

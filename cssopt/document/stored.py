"""A document as plain JSON values and back, so that what was solved can be shown again.

What is read may come from anywhere: it becomes a document or an error, and nothing in it acts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from cssopt.document.document import VERSION, Block, Chart, Document, Formula, Pair, Pairs, Table
from cssopt.errors import DataError
from cssopt.issues import Issue

_LARGEST: Final = 2**28
"""Bytes of a kept answer; what is larger is none of ours."""

_NUMBER: Final = "number"
"""How a number without end, or one that is none, stands in JSON, which has none such."""


def store_document(document: Document) -> dict[str, Any]:
    """All of a document as plain JSON values, without the folders of the machine."""
    facts = document.facts
    told = replace(
        facts, source=facts.source_name, options=facts.plain_options, known_by=facts.origin
    )
    content: dict[str, Any] = _CONVERTER.unstructure(replace(document, facts=told))
    return {"version": VERSION, **content}


def read_document(path: Path) -> Document:
    """The document of a file that `store_document` filled.

    Raises DataError (E-570) for a file that is none such.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"it is larger than {_LARGEST:,} bytes")
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or (version := content.pop("version", None)) is None:
            raise ValueError("it has no version")
        if version != VERSION:
            raise ValueError(f"it is of version {version!r}, and this cssopt reads {VERSION}")
        return _CONVERTER.structure(content, Document)
    except (Exception, RecursionError) as error:  # whatever the content is wrong in
        text = f"is no kept answer of cssopt: {error}. Name the folder of a run, or its run record."
        raise DataError([Issue("E-570", str(path), text)]) from error


def _make_converter() -> JsonConverter:
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
    configure_tagged_union(Table | Pairs | Chart, converter, tag_name="block")
    configure_tagged_union(Block, converter, tag_name="block")
    return converter


def _is_of_numpy(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, np.generic)


def _store_number(number: Any) -> Any:
    is_odd = isinstance(number, float) and not math.isfinite(number)
    return {_NUMBER: str(number)} if is_odd else number


def _read(cell: Any) -> Any:
    """A cell: plain, a number that JSON lacks, or a formula."""
    if not isinstance(cell, Mapping):
        if not isinstance(cell, str | int | float | None):
            raise TypeError(f"a cell is a {type(cell).__name__}")
        return cell
    return float(cell[_NUMBER]) if set(cell) == {_NUMBER} else _CONVERTER.structure(cell, Formula)


def _read_rows(rows: Any, _: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(map(_read, row)) for row in rows)


def _store_marks(marks: Mapping[tuple[int, str], str]) -> list[list[Any]]:
    return [[row, column, mark] for (row, column), mark in marks.items()]


def _read_marks(marks: Any, _: Any) -> dict[tuple[int, str], str]:
    return {(int(row), str(column)): str(mark) for row, column, mark in marks}


_CONVERTER: Final = _make_converter()

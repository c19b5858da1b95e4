"""What both builders share: rows written as tables, and the styled workbook made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cssopt import find_tables
from cssopt.questions.inputs.ask import find_filling_guide
from cssopt.workbook.template import build_template

Rows = list[dict[str, Any]]


def rows_of(header: str, *rows: Sequence[Any]) -> Rows:
    """Rows as dictionaries; each row has the header's columns in order."""
    columns = header.split()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def write_inputs(
    path: Path, sheets: Mapping[str, Rows], title: str, about: Sequence[str], source: str
) -> None:
    """Write the workbook; every row without a source of its own bears the given one."""
    tables = find_tables()
    if unknown := set(sheets) - set(tables):
        raise SystemExit(f"no component declares the sheets {sorted(unknown)}")
    sourced = {name: [{"source": source, **row} for row in rows] for name, rows in sheets.items()}
    guide = find_filling_guide(tables)
    path.write_bytes(build_template(tables, sourced, title, about, guide))

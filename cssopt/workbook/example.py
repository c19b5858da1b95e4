"""The example alliance that a new workbook starts from: CSV files beside the model."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cssopt.errors import ModelError
from cssopt.tables.spec import Table


def read_example(folder: Path, tables: Mapping[str, Table]) -> dict[str, list[dict[str, Any]]]:
    """Rows of the example by table, numbers as numbers; tables without a file have none."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in tables:
            raise ModelError(f"{path}: no component declares a table of this name")
        with path.open(encoding="utf-8", newline="") as file:
            rows[path.stem] = [
                {name: _plain(text) for name, text in row.items()} for row in csv.DictReader(file)
            ]
    return rows


def _plain(text: str) -> Any:
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    try:
        number = float(text)
    except ValueError:
        return text or None
    return int(number) if number.is_integer() and "." not in text else number

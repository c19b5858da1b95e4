"""The example alliance that a new workbook starts from: CSV files beside the model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cssopt.errors import DataError, ModelError
from cssopt.tables.convert import convert_cell, is_blank
from cssopt.tables.numbers import as_whole
from cssopt.tables.raw import RawCell
from cssopt.tables.spec import Column, Table
from cssopt.workbook.csv_file import read_table
from cssopt.workbook.csv_folder import is_of_system
from cssopt.workbook.csv_rows import read_csv_bytes

_TEXT: Final = Column(name="text", kind="text", help="A remark, or the name of a setting.")


def read_example(folder: Path, tables: Mapping[str, Table]) -> dict[str, list[dict[str, Any]]]:
    """Rows of the example by table, typed by their columns; tables without a file have none.

    A blank cell is None, whatever it would mean. Raises ModelError for what is no table.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.csv")):
        if is_of_system(path.name):
            continue
        if path.stem not in tables:
            raise ModelError(f"{path}: no component declares a table of this name")
        try:
            found = read_table(path, read_csv_bytes(path), path.stem, tables[path.stem])
        except DataError as error:
            raise ModelError(f"{path}: {error}") from error
        head, *records = found.sheet.rows
        names = [str(cell.value) for cell in head]
        rows[path.stem] = [
            _type(dict(zip(names, cells, strict=True)), tables[path.stem]) for cells in records
        ]
    return rows


def _type(row: Mapping[str, RawCell], table: Table) -> dict[str, Any]:
    columns = {column.name: column for column in table.columns}
    if table.vertical:
        columns = {"value": columns.get(str(row["name"].value), _TEXT)}
    return {name: _value(cell, columns.get(name, _TEXT)) for name, cell in row.items()}


def _value(cell: RawCell, column: Column) -> Any:
    if is_blank(cell):
        return None
    converted = convert_cell(cell, column)
    if converted.issue is not None:
        raise ModelError(f"example: {converted.issue}")
    value = converted.value
    return as_whole(value) if isinstance(value, float) else value

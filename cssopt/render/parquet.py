"""Tables as parquet files, for programs that read many runs."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from cssopt.document.document import Column, Table, json_cell
from cssopt.render.atomic import replace_file
from cssopt.render.number_text import TEXTS

NO_PARQUET: Final = (
    "No parquet file can be written, for pyarrow is not installed: "
    'pip install "cssopt[parquet]", and the same command again.'
)
"""What to tell where `can_write_parquet` is False."""


def can_write_parquet() -> bool:
    """True where pyarrow is installed."""
    return find_spec("pyarrow") is not None


def write_parquet(path: Path, table: Table, run_id: str) -> None:
    """Write a table whole or not at all; ReportError where the file cannot be written.

    The id of its run stands in its metadata, where pandas reads it as ``attrs``. Ask
    `can_write_parquet` first: without pyarrow it raises ImportError.
    """
    import pandas as pd

    frame = pd.DataFrame(
        {_whole(one.name): _cells(one, table.column(one.name)) for one in table.columns}
    )
    frame.attrs["run_id"] = _whole(run_id)
    content = io.BytesIO()
    frame.to_parquet(content, engine="pyarrow", index=False)
    replace_file(path, content.getvalue())


def _cells(column: Column, cells: list[Any]) -> Any:
    """The cells of a column, which a parquet file has of one kind: texts where any is a text, and
    flags where all are."""
    plain = [json_cell(cell) for cell in cells]
    kinds = {type(cell) for cell in plain if cell is not None}
    if kinds == {bool}:
        import pandas as pd

        return pd.array(plain, dtype="boolean")
    if column.form in TEXTS or kinds & {str, bool}:
        return [None if cell is None else _whole(str(cell)) for cell in plain]
    return plain


def _whole(text: str) -> str:
    """A text whose half letters are told by their codes."""
    return text.encode("utf-8", "backslashreplace").decode()

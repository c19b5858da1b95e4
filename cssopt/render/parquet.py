"""Tables as parquet files, for programs that read many runs."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pandas as pd

from cssopt.render.atomic import replace_file

NO_PARQUET: Final = (
    "No parquet file was written, for pyarrow is not installed: "
    'pip install "cssopt[parquet]", and the same command again.'
)
"""What to tell where `can_write_parquet` is False."""


def can_write_parquet() -> bool:
    """True where pyarrow is installed."""
    return find_spec("pyarrow") is not None


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a table whole or not at all; ReportError where the file cannot be written.

    What stands in `attrs` of the table, such as the id of its run, pandas reads back. Ask
    `can_write_parquet` first: without pyarrow it raises ImportError.
    """
    content = io.BytesIO()
    table.to_parquet(content, engine="pyarrow", index=False)
    replace_file(path, content.getvalue())

"""Tables as parquet files, for programs that read many runs."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pandas as pd

from cssopt.report.atomic import replace_file

NO_PARQUET: Final = (
    "No parquet file was written, for pyarrow is not installed: "
    'pip install "cssopt[parquet]", and the same command again.'
)
"""What to tell where `can_write_parquet` is False."""


def can_write_parquet() -> bool:
    """True where pyarrow is installed."""
    return find_spec("pyarrow") is not None


def write_parquet(path: Path, table: pd.DataFrame, run_id: str) -> None:
    """Write a table whole or not at all; ReportError where the file cannot be written.

    The id of its run is in the file as `attrs` of the frame, which pandas reads back. Ask
    `can_write_parquet` first: without pyarrow it raises ImportError.
    """
    content = io.BytesIO()
    table = table.copy(deep=False)
    table.attrs["run_id"] = run_id
    table.to_parquet(content, engine="pyarrow", index=False)
    replace_file(path, content.getvalue())

"""What a rendering has to show of a cell: its number, or its text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from cssopt.document.document import Document, Pairs, Sheet, Table, json_cell

TEXTS = ("text", "sentence")
SIGN = re.compile("^[\u2713\u2717!\u25b3]\u00a0?")
NOTHING = 1e-9
"""Rounding, which workbooks have as 0."""


def find_number(value: Any, form: str) -> float | None:
    """The finite number of a cell; None where it has none."""
    value = json_cell(value)
    if form in TEXTS or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def list_cells(table: Table | Pairs) -> Iterator[list[tuple[str, Any]]]:
    """The rows of a table, each cell its form and its value; of single facts their values."""
    if isinstance(table, Pairs):
        yield from ([(one.form, one.value)] for one in table.pairs)
    else:
        forms = [column.form for column in table.columns]
        yield from (list(zip(forms, row, strict=True)) for row in table.rows)


def find_pages(document: Document) -> list[Sheet]:
    """The pages for deciders of a document."""
    return [sheet for sheet in document.sheets if sheet.is_page]

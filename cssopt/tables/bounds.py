"""How much of a book is checked, and why: every limit is known before any cell is looked into.

The largest honest book that we know, 32 members over ten years, fills 6,000 cells. Checking one
takes some 50 microseconds, so that the limit lies where a planner would begin to wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cssopt.issues import Issue
from cssopt.tables.raw import RawSheet
from cssopt.tables.spec import Table

MOST_CELLS: Final = 20_000
"""Filled cells of all sheets that the model reads, those outside of their tables included."""

MOST_SETTINGS: Final = 200
"""Rows of a sheet with one value a row; none of the model has more than twenty."""


def find_too_large(sheets: Mapping[str, RawSheet], tables: Mapping[str, Table]) -> dict[str, Issue]:
    """The sheets that are not looked into, by table, each with the reason.

    The largest are left out first: where a book has too much it is for data pasted into one sheet.
    """
    found: dict[str, Issue] = {}
    filled = {name: _count(sheet) for name, sheet in sheets.items() if sheet.fault is None}
    left = sum(filled.values())
    for name, cells in sorted(filled.items(), key=lambda pair: -pair[1]):
        rows = len(sheets[name].rows)
        if left > MOST_CELLS:
            text = (
                f"has {cells:,} filled cells, and all sheets of the model {left:,}; at most "
                f"{MOST_CELLS:,} are read. Remove what is not input."
            )
            found[name] = Issue("E-024", sheets[name].name, text)
            left -= cells
        elif tables[name].vertical and rows > MOST_SETTINGS:
            text = (
                f"has {rows:,} rows; at most {MOST_SETTINGS} are read of a sheet with a value a "
                "row. Remove what is not input."
            )
            found[name] = Issue("E-024", sheets[name].name, text)
    return found


def _count(sheet: RawSheet) -> int:
    return sum(cell.value is not None for row in sheet.rows for cell in row)

"""How much of a workbook is read, and why each limit stands where it does.

An honest workbook of twelve members and ten years has fewer than 100,000 cells and 10 MB of XML;
the limits lie several times above it, and below what would make a planner wait. Limits of a sheet
are a fault of that sheet, and matter where the model reads it; limits of the whole file refuse it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MB: Final = 2**20

CHUNK: Final = 64 * 2**10
"""Bytes that are unpacked at once; no part is ever held whole."""

# --- the zip directory
MAX_PARTS: Final = 2_000
MAX_UNPACKED: Final = 100 * MB
"""All parts together, pictures included."""
MAX_RATIO: Final = 200
"""Sheets of empty formatted cells reach 15; bombs start at 200 and end at 1,000."""

# --- all parts that are read, together
MAX_XML: Final = 40 * MB
MAX_ELEMENTS: Final = 1_050_000
"""What the time of reading depends on: 1 to 2 microseconds each."""
MAX_ATTRIBUTES: Final = 5_000_000
MAX_DEPTH: Final = 200
MAX_TOKEN: Final = 512 * 2**10
"""Bytes of one tag or comment, which the parser holds whole."""
MAX_NAMESPACE: Final = 1_000
"""Characters of a namespace, which the parser copies into every element."""

MAX_FORMATS: Final = 10_000
"""Number formats in use; each is taken apart."""

# --- sheets
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 1_000
MAX_CELLS: Final = 500_000
"""Filled cells of one sheet."""
MAX_AREA: Final = 700_000
"""Rows times columns in use, over all sheets: a row has a cell in each column, blanks included."""
MAX_MERGES: Final = 20_000
"""Merged ranges of one sheet."""


@dataclass
class Budget:
    """What is left for the rest of a file; `file` is its name."""

    file: str
    xml: int = MAX_XML
    elements: int = MAX_ELEMENTS
    attributes: int = MAX_ATTRIBUTES

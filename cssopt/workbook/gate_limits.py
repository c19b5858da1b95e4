"""How much of a workbook is read, and why each limit stands where it does.

An honest workbook of twelve members and ten years has fewer than 100,000 cells and 10 MB of XML;
the limits lie several times above it, and below what would make a reader wait. Measured on two slow
cores: the gate needs 0.7 microseconds per element and 0.01 s per MB of XML; openpyxl needs 6 to
100 microseconds for anything that it keeps, and loads every workbook twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

MB: Final = 2**20

CHUNK: Final = 64 * 2**10
"""Bytes that are unpacked at once; no part is ever held whole."""

# --- the zip directory
MAX_PARTS: Final = 2_000
MAX_UNPACKED: Final = 100 * MB
"""All parts together, pictures included."""
MAX_RATIO: Final = 200
"""Sheets of empty formatted cells reach 15; bombs start at 200 and end at 1,000."""

# --- any XML part
MAX_XML: Final = 40 * MB
MAX_MARKS: Final = 2_500_000
"""Elements, attributes and namespaces together: what the time of the gate depends on."""
MAX_OBJECTS: Final = 400_000
"""Elements other than cells and rows: openpyxl makes an object of each, 30 microseconds."""
MAX_REPEATS: Final = 100_000
"""Elements of parts that are pointed at more than once: openpyxl reads them once per pointer."""
MAX_DEPTH: Final = 200
MAX_TOKEN: Final = 512 * 2**10
"""Bytes of one tag, comment or attribute; expat and openpyxl hold it whole."""
MAX_NAMESPACE: Final = 1_000
"""Characters of a namespace, which expat copies into every element."""

# --- sheets
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 1_000
MAX_CELLS: Final = 300_000
"""Cells in use in the whole workbook, formatted empty ones included."""
MAX_AREA: Final = 800_000
"""Rows times columns over all sheets: the reader goes through the gaps as well."""
MAX_COVERED: Final = 100_000
"""Cells under merged ranges and links: openpyxl makes a cell of each."""
MAX_RANGES: Final = 200_000
"""Ranges of validations and of conditional formats, the latter once for every rule."""
MAX_FORMULA: Final = 8_192
"""Characters of a formula or a name, as in Excel."""
MAX_COPIES: Final = 5_000_000
"""Characters of shared formulas once they are written into each of their cells."""
MAX_NAME_TEXT: Final = 200_000
"""Characters of all names; openpyxl searches each in quadratic time."""
MAX_NUMBER_FORMAT: Final = 300
"""Characters of a number format; Excel has 255."""
MAX_STRING: Final = 65_536
"""Characters of a cell's text; Excel has 32,767 before escapes."""


class Most(NamedTuple):
    """How many elements of a kind one part may have, what they are called, and how to mend."""

    number: int
    kind: str
    mend: str


_RULES = "Select the sheet, choose Home > Conditional Formatting > Clear Rules, and save."
_STYLES = "Copy the sheets into a new workbook, with values and number formats only."

SHEET_COUNTS: Final = {
    "mergeCell": Most(5_000, "merged ranges", "Unmerge the cells and save."),
    "hyperlink": Most(5_000, "links", "Remove the links (Home > Clear > Remove Hyperlinks)."),
    "cfRule": Most(5_000, "conditional formats", _RULES),
    "conditionalFormatting": Most(5_000, "conditional formats", _RULES),
    "dataValidation": Most(
        5_000, "data validations", "Choose Data > Data Validation > Clear All, and save."
    ),
    "col": Most(16_384, "column definitions", "Open it in Excel and save it anew."),
    "row": Most(200_000, "row definitions", "Delete the rows below the tables and save."),
    "tablePart": Most(200, "tables", "Convert tables that are not input to ranges."),
}
"""Limits per sheet."""

PART_COUNTS: Final = {
    "sheet": Most(250, "sheets", "Remove the sheets that are not input."),
    "definedName": Most(10_000, "names", "Delete unused names in Formulas > Name Manager."),
    "externalReference": Most(
        200, "links to other workbooks", "Break the links under Data > Edit Links."
    ),
    "si": Most(
        100_000, "different texts", "Remove what is not input, or split the workbook in two."
    ),
    "comment": Most(10_000, "comments", "Delete the comments that are not needed."),
    "xf": Most(30_000, "cell formats", _STYLES),
    "cellStyle": Most(10_000, "cell styles", _STYLES),
    "numFmt": Most(2_000, "number formats", _STYLES),
    "dxf": Most(20_000, "formats of conditional formatting", _STYLES),
    "Relationship": Most(10_000, "links between parts", _STYLES),
}
"""Limits per part, for parts that are not sheets."""


@dataclass
class Budget:
    """What is left for the rest of the workbook, over all parts; `file` is its name."""

    file: str
    xml: int = MAX_XML
    marks: int = MAX_MARKS
    objects: int = MAX_OBJECTS
    cells: int = MAX_CELLS
    area: int = MAX_AREA
    covered: int = MAX_COVERED
    ranges: int = MAX_RANGES
    copies: int = MAX_COPIES

"""The example alliance as sheets: small, and with rows in every table."""

from __future__ import annotations

from cssopt import find_tables
from cssopt.assembly.folders import find_model_folders
from cssopt.workbook.example import read_example

_EXAMPLE = read_example(find_model_folders()[-1] / "example", find_tables())

ALLIANCE = {
    name: [list(rows[0]), *(list(row.values()) for row in rows)] for name, rows in _EXAMPLE.items()
}

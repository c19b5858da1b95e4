"""Streaming a sheet: how far its cells reach, and what a reader would make of its ranges."""

from __future__ import annotations

import re

from cssopt.workbook.address import column_letters
from cssopt.workbook.gate_limits import (
    MAX_AREA,
)

"""Addresses of cells, as spreadsheets write them."""

from __future__ import annotations

from openpyxl.utils import get_column_letter


def column_letters(width: int) -> list[str]:
    """Letters of the first columns: A, B, ... Z, AA ..."""
    return [get_column_letter(index + 1) for index in range(width)]

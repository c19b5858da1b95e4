"""The tables with Go's Excelize, by its binding: write_with_excelize.py tables.json book.xlsx."""

from __future__ import annotations

import json
import sys

import excelize

tables, target = sys.argv[1:]
with open(tables, encoding="utf-8") as file:  # noqa: PTH123
    sheets = json.load(file)["sheets"]

book = excelize.new_file()
for wanted in sheets:
    name = wanted["name"]
    book.new_sheet(name)
    for number, row in enumerate(wanted["rows"], start=1):
        for column, value in enumerate(row):
            address = f"{'ABCDEFGHIJKLMNOPQR'[column]}{number}"
            if value is None or address in wanted.get("formulas", {}):
                continue
            # The binding cuts whole numbers to 32 bits.
            whole = isinstance(value, int) and not isinstance(value, bool)
            book.set_cell_value(name, address, float(value) if whole else value)
    for address, code in wanted.get("formats", {}).items():
        style = book.new_style(excelize.Style(custom_num_fmt=code))
        book.set_cell_style(name, address, address, style)
    for address, formula in wanted.get("formulas", {}).items():
        book.set_cell_formula(name, address, formula)
    for merged in wanted.get("merged", ()):
        book.merge_cell(name, *merged.split(":"))
    for letter in wanted.get("hidden_columns", ()):
        book.set_col_visible(name, letter, False)
book.delete_sheet("Sheet1")
book.save_as(target)

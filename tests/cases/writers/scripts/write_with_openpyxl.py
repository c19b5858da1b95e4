"""The tables with openpyxl: write_with_openpyxl.py tables.json book.xlsx."""

from __future__ import annotations

import json
import sys

from openpyxl import Workbook
from openpyxl.worksheet.table import Table, TableColumn

tables, target = sys.argv[1:]
with open(tables, encoding="utf-8") as file:  # noqa: PTH123
    sheets = json.load(file)["sheets"]

book = Workbook()
book.remove(book.active)
for wanted in sheets:
    sheet = book.create_sheet(wanted["name"])
    for number, row in enumerate(wanted["rows"], start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                cell = sheet.cell(number, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"
    for address, code in wanted.get("formats", {}).items():
        sheet[address].number_format = code
    for merged in wanted.get("merged", ()):
        sheet.merge_cells(merged)
    for letter in wanted.get("hidden_columns", ()):
        sheet.column_dimensions[letter].hidden = True
    for address, formula in wanted.get("formulas", {}).items():
        sheet[address] = "=" + formula
    if table := wanted.get("table"):
        made = Table(displayName=table["name"], ref=table["ref"], totalsRowCount=1)
        made.tableColumns = [
            TableColumn(id=number, name=name)
            for number, name in enumerate(table["columns"], start=1)
        ]
        sheet.add_table(made)
book.save(target)

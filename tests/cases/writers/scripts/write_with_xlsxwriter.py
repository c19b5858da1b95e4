"""The tables with XlsxWriter: write_with_xlsxwriter.py tables.json book.xlsx."""

from __future__ import annotations

import json
import sys

import xlsxwriter

tables, target = sys.argv[1:]
with open(tables, encoding="utf-8") as file:  # noqa: PTH123
    sheets = json.load(file)["sheets"]

book = xlsxwriter.Workbook(target)
for wanted in sheets:
    sheet = book.add_worksheet(wanted["name"])
    formats, formulas = wanted.get("formats", {}), wanted.get("formulas", {})
    for merged in wanted.get("merged", ()):
        sheet.merge_range(merged, "")
    for number, row in enumerate(wanted["rows"]):
        for column, value in enumerate(row):
            address = xlsxwriter.utility.xl_rowcol_to_cell(number, column)
            shown = (
                book.add_format({"num_format": formats[address]}) if address in formats else None
            )
            if address in formulas:
                sheet.write_formula(address, "=" + formulas[address], shown, value)
            elif isinstance(value, bool):
                sheet.write_boolean(address, value, shown)
            elif isinstance(value, str):
                sheet.write_string(address, value, shown)
            elif value is not None:
                sheet.write_number(address, value, shown)
    for letter in wanted.get("hidden_columns", ()):
        sheet.set_column(f"{letter}:{letter}", None, None, {"hidden": True})
    if table := wanted.get("table"):
        last = wanted["rows"][-1]
        columns = [{"header": name} for name in table["columns"]]
        columns[0]["total_string"] = last[0]
        columns[1] |= {"total_function": "sum", "total_value": last[1]}
        options = {"name": table["name"], "total_row": True, "columns": columns}
        sheet.add_table(table["ref"], options)
book.close()

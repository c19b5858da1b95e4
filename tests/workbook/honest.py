"""Workbooks full of what planners and programs put into them, none of which is a fault."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import xlsxwriter
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation


def office_book() -> Workbook:
    """What planners do to a workbook that is none of the gate's business."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Kräfte & more"
    sheet["A1"] = "Forces of the alliance"
    sheet.merge_cells("A1:Z1")
    for row in range(2, 3_000):
        for column in range(1, 5):
            sheet.cell(row, column).fill = PatternFill("solid", fgColor="FFFFCC")
    sheet["A3"].hyperlink = "https://example.org"
    sheet["B3"].comment = Comment("to be checked", "planner")
    sheet.conditional_formatting.add(
        "C1:C1048576", ColorScaleRule("min", None, "FF0000", "max", None, "00FF00")
    )
    choices = DataValidation("list", formula1='"a,b"')
    choices.add("D1:D1048576")
    sheet.add_data_validation(choices)
    for anchor in ("J2", "J20"):
        chart = BarChart()
        chart.add_data(Reference(sheet, 1, 1, 3, 40))
        sheet.add_chart(chart, anchor)
    sheet.print_title_rows, sheet.print_area = "1:2", "A1:H400"
    book.create_sheet("notes").append(["=1+1", "text"])
    book.create_chartsheet("chart").add_chart(BarChart())
    return book


def picture(path: Path) -> str:
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0\0"))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b""))
    return str(path)


def script_book(path: Path) -> None:
    """Formats on whole columns and rows, pictures, links, sparklines, names."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("data")
    shade = book.add_format({"bg_color": "#FFFBE8"})
    sheet.set_column(0, 16_383, 12, shade)
    sheet.set_row(3, 30, shade)
    for row in range(300):
        sheet.write_row(row, 0, [f"name {row}", row, row / 7, True])
        sheet.write_url(row, 20, f"https://example.org/{row}")
    for row in range(5):
        sheet.insert_image(row, 14, picture(path.with_suffix(".png")))
    sheet.add_sparkline("Z1", {"range": "data!B1:B9"})
    book.define_name("budget", "=data!$B$2")
    book.close()

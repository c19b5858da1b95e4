"""How workbooks to fill in look: cells by what is typed into them, tabs by who needs them."""

from __future__ import annotations

from typing import Any

from cssopt.tables.spec import Column

REQUIRED, OPTIONAL, UNREAD = "required", "optional", "not read"
COLORS = {REQUIRED: "#1F3B57", OPTIONAL: "#6F8CA8", UNREAD: "#B7BDC3"}
"""Of tabs, headers and the legend, by whether a plan needs what they name."""

LINE_POINTS = 15.5
SHARE_AS_TYPED = "0.03 = 3 %"

_PLAIN = "[>=1000]#,##0;General"
"""Thousands apart; whole numbers without the lone point that ``#,##0.###`` leaves behind."""

_PERCENT = "0.0##%"


def is_share(column: Column) -> bool:
    """True where a column is typed in percent: a part of something, or growth per year.

    Shares without an upper bound (weights of a key such as 60, 30, 10) are not.
    """
    if column.kind != "number" or column.high is None:
        return False
    return "share" in column.measure or (column.low == 0 and column.high == 1)


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        grey = {**base, "italic": True, "font_color": "#5F6B76"}
        head = {**base, "bold": True, "bottom": 1, "font_color": "#FFFFFF"}
        dark_text = {"font_color": "#333333"}
        cell = {**base, "bg_color": "#FFFBE8", "border": 1, "border_color": "#E3DCC0"}
        apart = {"align": "left", "indent": 1}
        add = book.add_format
        self.title = add({**base, "bold": True, "font_size": 14, "font_color": COLORS[REQUIRED]})
        self.heading = add({**base, "bold": True, "font_color": COLORS[REQUIRED]})
        self.link = add({**base, "underline": 1, "font_color": "#1F4E9E"})
        self.text = add({**base, "text_wrap": True})
        self.help = add(grey)
        self.measure = add({**grey, "font_size": 9, "text_wrap": True, "valign": "bottom"})
        self.of_kind = {
            kind: add({**head, "bg_color": color, **({} if kind != UNREAD else dark_text)})
            for kind, color in COLORS.items()
        }
        self.input = add(cell)
        self.words = add({**cell, **apart})
        self.number = add({**cell, "num_format": _PLAIN})
        self.share = add({**cell, "num_format": _PERCENT})
        self.remark = add({**cell, "text_wrap": True, **apart})
        self.meaning = add({**cell, **grey, "text_wrap": True, **apart})
        self.example = add({**base, "italic": True, "font_color": "#9AA5B1"})

    def of(self, column: Column) -> Any:
        """The format of a column's cells, by what it measures."""
        if is_share(column):
            return self.share
        if column.kind == "number":
            return self.number
        if column.kind == "text":
            return self.words
        # Flags too: with a number format of their own LibreOffice would save them as 1 and 0.
        return self.input

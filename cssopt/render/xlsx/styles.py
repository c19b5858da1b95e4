"""Colors and cell formats of the report: few and calm."""

from __future__ import annotations

from typing import Any, Final

from cssopt.document.document import Mark
from cssopt.render.number_text import SIGNS
from cssopt.render.palette import TEXT_COLORS

INK: Final = "#1F2A37"
NAVY: Final = "#27496D"
BLUE: Final = "#6F9BB8"
RULE: Final = "#D5DAE1"
PALE: Final = "#EEF2F6"
RED: Final = "#B3261E"
PALE_GOLD: Final = "#FBF3DD"
GREEN: Final = "#2E6B4F"
AMBER: Final = "#8A5A00"
GREY: Final = "#66707C"

SERIES: Final = (
    "#27496D",
    "#6F9BB8",
    "#5B8C7B",
    "#C9A864",
    "#9AA5B1",
    "#B26B4F",
    "#7A6A8E",
    "#A3B18A",
    "#3E7C9B",
    "#D9C6A0",
    "#56616D",
    "#C58F7A",
)
"""Colors of chart series, in order."""

PAD: Final = "_m"
"""Room at the right of a number, as wide as an m: spreadsheets differ about right indents."""

NONE: Final = f'"\u2013"{PAD}'
"""How 0 is shown."""

SIGNED: Final = "signed"
"""The last trait of a marked cell that bears the sign of its mark beside its color."""

UNSIGNED: Final[tuple[Mark, ...]] = (
    *("bar", "under_way"),
    *("given_up", "ordered", "lent", "more", "less", "reached", "quiet"),
)
"""Marks whose cells bear words or signs of their own, such as the stretches of a schedule."""

_TEXT: Final = "@"

_TRAITS: dict[str, dict[str, Any]] = {
    "verdict": {"bold": True, "font_size": 14},
    "title": {"bold": True, "font_size": 13, "font_color": NAVY},
    "subtitle": {"font_color": GREY},
    "section": {"bold": True, "font_size": 11, "font_color": NAVY},
    "explanation": {"italic": True, "font_color": GREY},
    "head": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": NAVY,
        "valign": "vcenter",
        "text_wrap": True,
        "indent": 1,
    },
    "right": {"align": "right"},
    "left": {"align": "left"},
    "text": {"align": "left", "indent": 1},
    "cell": {"bottom": 1, "bottom_color": RULE, "valign": "vcenter"},
    "total": {"bold": True, "bg_color": PALE, "top": 1, "top_color": NAVY},
    "sentence": {"align": "left", "indent": 1, "text_wrap": True},
    "remark": {"align": "left", "indent": 1, "font_color": GREY},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "bold": {"bold": True},
    SIGNED: {},
    "good": {"font_color": GREEN, "bold": True},
    "bad": {"font_color": RED, "bold": True},
    "warn": {"font_color": AMBER, "bold": True},
    "under_way": {"bg_color": "#C9A864", "align": "center"},
    "bar": {"bg_color": "#6F9BB8", "font_color": "#FFFFFF", "align": "center"},
    "changed": {"bg_color": PALE_GOLD},
    "share": {"num_format": f"0.0%{PAD};-0.0%{PAD};{NONE}", "align": "right"},
    "fine_share": {"num_format": f"0.00%{PAD};-0.00%{PAD};{NONE}", "align": "right"},
    "exact_share": {"num_format": f"0.000%{PAD};-0.000%{PAD};{NONE}", "align": "right"},
    "year": {"num_format": "0", "align": "left", "indent": 1},
    "year_of_pair": {"num_format": f"0{PAD}", "align": "right"},
    "day": {"num_format": "0", "align": "left", "indent": 1},
    "factor": {"num_format": f"0.0000{PAD};-0.0000{PAD};{NONE}", "align": "right"},
    "tiny": {"num_format": f"0.0E+00{PAD};-0.0E+00{PAD};0{PAD}", "align": "right"},
    "seconds": {"num_format": f"0.00{PAD}", "align": "right"},
    "million": {"num_format": f"#,##0{PAD};-#,##0{PAD};0{PAD}", "align": "right"},
    "difference": {"num_format": f"+#,##0{PAD};-#,##0{PAD};0{PAD}", "align": "right"},
    "units": {"num_format": f"#,##0.0{PAD};-#,##0.0{PAD};0{PAD}", "align": "right"},
    "more_units": {"num_format": f"+#,##0.0{PAD};-#,##0.0{PAD};0{PAD}", "align": "right"},
    "percent": {"num_format": f"0%{PAD}", "align": "right"},
    "fine_percent": {"num_format": f"0.00%{PAD}", "align": "right"},
    "points": {"num_format": f"+0.0%{PAD};-0.0%{PAD};0%{PAD}", "align": "right"},
    "missing": {"num_format": f"0%{PAD}", "align": "right"},
    **{mark: {"font_color": color} for mark, color in TEXT_COLORS.items() if mark in UNSIGNED},
    "reached": {"bg_color": PALE_GOLD, "bold": True},
}


class Styles:
    """Formats of one workbook, put together from named traits and made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, ...], Any] = {}

    def __call__(self, *traits: str) -> Any:
        """The format that has all these traits; ``number2`` is a number with two decimals."""
        if traits not in self._made:
            properties: dict[str, Any] = {"font_name": "Calibri", "font_size": 10}
            properties["font_color"] = INK
            for trait in traits:
                properties |= _number(trait) if trait.startswith("number") else _TRAITS[trait]
            if traits and traits[-1] == SIGNED:
                form = properties.get("num_format", _TEXT)
                mark = next(mark for mark in SIGNS if mark in traits)
                properties["num_format"] = _with_sign(form, mark)
            self._made[traits] = self._book.add_format(properties)
        return self._made[traits]


def _number(trait: str) -> dict[str, Any]:
    places = int(trait.removeprefix("number"))
    digits = "#,##0" + ("." + "0" * places if places else "")
    return {"num_format": f"{digits}{PAD};-{digits}{PAD};{NONE}", "align": "right"}


def _with_sign(form: str, mark: Mark) -> str:
    """A number format with the sign of a mark before numbers and texts."""
    sign = f'"{SIGNS[mark]} "'
    parts = [] if form == _TEXT else form.split(";")
    if len(parts) == 1:
        parts = [parts[0], f"-{parts[0]}", parts[0]]
    return ";".join(f"{sign}{part}" for part in (*(parts or ["0", "-0", "0"]), _TEXT))

"""Cell formats of pages for deciders: by what a cell is, and by the form of its number."""

from __future__ import annotations

from typing import Any, Final

from cssopt.document.document import Form, Mark
from cssopt.language import LEAST_UNITS, MET_TO, MINUS, phrase
from cssopt.render.number_text import SHARES, SIGNS
from cssopt.render.palette import BLUE, FILLS, INK, LINE, MUTED, TEXT_COLORS, VERMILION, find_heat

FONT: Final = "Arial"
BODY, SMALL, SECTION, TITLE, TILE = 9.0, 8.0, 11.0, 15.0, 17.0
"""Sizes of the type, in points."""

_NUMBER: Final = "number:"
_HEAT: Final = "heat:"
_THIN, _THICK = 1, 2
_LEAST: Final = {"percent": 0.01, "fine_percent": 0.0001}
"""Shares below half of which more than 0 would be written as 0."""

_TRAITS: Final[dict[str, dict[str, Any]]] = {
    "question": {"font_size": BODY, "font_color": MUTED},
    "title": {"font_size": TITLE, "bold": True},
    "box": {"bold": True, "bg_color": VERMILION, "font_color": "#FFFFFF", "border": _THIN}
    | {"border_color": VERMILION},
    "section": {"font_size": SECTION, "bold": True, "top": _THICK, "valign": "vcenter"},
    "subtitle": {"bold": True, "valign": "vcenter"},
    "small": {"font_size": SMALL},
    "quiet": {"font_color": MUTED},
    "bold": {"bold": True},
    "plain": {"bold": False},
    "group": {"font_color": MUTED, "align": "center", "bottom": _THIN, "bottom_color": LINE},
    "head": {"bold": True, "bottom": _THIN, "valign": "bottom"},
    "cell": {"bottom": _THIN, "bottom_color": LINE, "valign": "vcenter"},
    "total": {"bold": True, "top": _THIN, "valign": "vcenter"},
    "pair": {"bottom": _THIN, "bottom_color": LINE, "valign": "vcenter"},
    "tile": {"font_size": TILE, "bold": True, "align": "left"},
    "left": {"align": "left"},
    "indented": {"align": "left", "indent": 1},
    "right": {"align": "right"},
    "center": {"align": "center"},
    "leads": {"font_size": SMALL, "font_color": BLUE, "align": "right", "bold": False},
}


class PageStyles:
    """Formats of one workbook, put together from named traits and made once each.

    Besides the names of `_TRAITS` and marks a trait may be the format of a number (`number_trait`)
    or the heat of what is missing (`heat_trait`).
    """

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, ...], Any] = {}

    def __call__(self, *traits: str) -> Any:
        """The format that has all these traits, the later ones first."""
        if traits not in self._made:
            properties: dict[str, Any] = {
                **{"font_name": FONT, "font_size": BODY, "font_color": INK},
                **{"text_wrap": True, "valign": "top"},
            }
            for trait in traits:
                properties |= _find(trait)
            self._made[traits] = self._book.add_format(properties)
        return self._made[traits]


def number_trait(number_format: str) -> str:
    """The trait of a number that is shown by a format of spreadsheets."""
    return _NUMBER + number_format


def heat_trait(missing: float) -> str:
    """The trait of a cell that tells the missing part of a need."""
    fill, text = find_heat(missing)
    return f"{_HEAT}{fill}{text}"


def _find(trait: str) -> dict[str, Any]:
    if trait.startswith(_NUMBER):
        return {"num_format": trait.removeprefix(_NUMBER)}
    if trait.startswith(_HEAT):
        _, fill, text = trait.split("#")
        return {"bg_color": f"#{fill}", "font_color": f"#{text}", "align": "center"}
    if trait in _TRAITS:
        return _TRAITS[trait]
    return _find_mark(trait)


def _find_mark(mark: Any) -> dict[str, Any]:
    """A mark as a format; those with a sign of their own are bold, as is a ceiling reached."""
    found: dict[str, Any] = {}
    if mark in TEXT_COLORS:
        found["font_color"] = TEXT_COLORS[mark]
    if mark in FILLS:
        found |= {"bg_color": FILLS[mark], "align": "center"}
    if mark in SIGNS or mark in ("more", "less", "reached"):
        found["bold"] = True
    return found


def find_number_format(number: float, form: Form, places: int, mark: Mark | None = None) -> str:
    """The format of a number in its form, which shows what every other rendering writes.

    Where a number is too small for its form the format says so, and so it is that of its value.
    """
    found = _find_number_format(number, form, places)
    if mark not in SIGNS:
        return found
    parts = found.split(";")
    parts = parts if len(parts) > 1 else [found, f"{MINUS}{found}"]
    split = (part.rpartition("]") for part in parts)
    # A condition stands before all else.
    return ";".join(f'{condition}{end}"{SIGNS[mark]} "{rest}' for condition, end, rest in split)


def _find_number_format(number: float, form: Form, places: int) -> str:
    if form == "missing":
        return _format_missing(number)
    if form in ("units", "more_units"):
        return _format_units(number, "+" if form == "more_units" else "")
    if form in _LEAST:
        return _format_percent("0%" if form == "percent" else "0.00%", number, _LEAST[form])
    if form in _FORMATS:
        return _FORMATS[form]
    if form in SHARES:
        return _signed(f"0.{'0' * places}%")
    return _signed("#,##0" + (f".{'0' * places}" if places else ""))


def _signed(digits: str, plus: str = "") -> str:
    return f"{plus}{digits};{MINUS}{digits};0"


_FORMATS: Final[dict[Form, str]] = {
    "million": _signed("#,##0"),
    "difference": _signed("#,##0", "+"),
    "points": _signed("0.0", "+"),
    "tiny": "0.0E+00",
    "year": "0",
    "day": "0",
}


def _format_missing(number: float) -> str:
    met = phrase("met").replace('"', "")
    is_tiny = MET_TO < number < _LEAST["percent"] / 2
    return f'[<{MET_TO:g}]"{met}";{_LESS_THAN_A_PERCENT if is_tiny else ""}0%'


_LESS_THAN_A_PERCENT: Final = '[<0.005]"<1%";'


def _format_units(number: float, plus: str) -> str:
    """One decimal, which is dropped where it is 0: ``0.#`` would leave its point."""
    size = abs(number)
    if 0 < size < LEAST_UNITS and plus and number < 0:
        return f'[>-{LEAST_UNITS:g}]">{MINUS}0.1";{MINUS}#,##0.0'
    if 0 < size < LEAST_UNITS:
        return f'[<{LEAST_UNITS:g}]"<0.1";#,##0.0'
    return _signed("#,##0" if abs(size - round(size)) < LEAST_UNITS else "#,##0.0", plus)


def _format_percent(digits: str, share: float, least: float) -> str:
    if 0 < abs(share) < least / 2:
        return f'[<{least / 2:g}]"<{digits.removesuffix("0%")}1%";{digits}'
    return _signed(digits).removesuffix("0") + digits

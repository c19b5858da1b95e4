"""Numbers that stand in a cell as text, read only where they can mean one thing."""

from __future__ import annotations

import re
from typing import Final

from cssopt.tables.tidy import tidy_text

_SIGNS: Final = {"\u2212": "-", "\u2012": "-", "\u2013": "-", "\uff0b": "+", "\u2019": "'"}
"""Signs of word processors, and those of a keyboard."""

_PLAIN = re.compile(r"(\d+|\d*\.\d+)([eE][+-]?\d{1,2})?")
_GROUPS = {
    separator: re.compile(rf"\d{{1,3}}({re.escape(separator)}\d{{3}})+") for separator in ",. '"
}


class AmbiguousNumberError(ValueError):
    """A text that is one number in some countries and another number elsewhere."""

    def __init__(self, readings: tuple[str, str]) -> None:
        self.readings = readings
        super().__init__(" or ".join(readings))


def read_number(text: str) -> float | None:
    """The number that a text can only mean; None where it is no number.

    Reads ``5``, ``20%``, ``0,25``, ``1.234,5``, ``1 234``, a Unicode minus. Raises
    AmbiguousNumberError for ``1,234`` and ``1.234``, a thousand here and one and a bit elsewhere.
    """
    shown = tidy_text(text)
    for odd, plain in _SIGNS.items():
        shown = shown.replace(odd, plain)
    if not shown.isascii():
        return None
    percent = shown.endswith("%")
    body = shown.removesuffix("%").strip()
    sign = body[:1] if body[:1] in ("+", "-") else ""
    plain_text = _one_reading(body.removeprefix(sign).strip())
    if plain_text is None or not _PLAIN.fullmatch(plain_text):
        return None
    number = float(sign + plain_text)
    return number / 100 if percent else number


def _one_reading(body: str) -> str | None:
    """The digits with a point for the decimals; None where the text is no number."""
    for separator in " '":
        whole, _, rest = body.partition("," if "," in body else ".")
        if separator in whole and _GROUPS[separator].fullmatch(whole):
            return whole.replace(separator, "") + (f".{rest}" if rest.isdigit() else rest)
    comma, point = body.count(","), body.count(".")
    if comma and point:
        thousands, decimal = (",", ".") if body.rfind(",") < body.rfind(".") else (".", ",")
        whole, _, rest = body.rpartition(decimal)
        if body.count(decimal) == 1 and _GROUPS[thousands].fullmatch(whole) and rest.isdigit():
            return f"{whole.replace(thousands, '')}.{rest}"
        return None
    for separator, count in ((",", comma), (".", point)):
        if count and _GROUPS[separator].fullmatch(body):
            if count > 1:
                return body.replace(separator, "")
            if not body.startswith("0"):
                whole, rest = body.split(separator)
                raise AmbiguousNumberError((f"{whole}{rest}", f"{whole}.{rest}"))
    return body.replace(",", ".", 1) if comma == 1 else None if comma else body

"""The few formulas that reports have, worked out from the cells that they name."""

from __future__ import annotations

import re
from typing import Any

_SUM = re.compile(r"=SUM\(([$A-Z0-9:]+)\)")
_SUM_IF = re.compile(r"=SUMIF\(([$A-Z0-9:]+),([$A-Z0-9]+),([$A-Z0-9:]+)\)")
_PRODUCT = re.compile(r"=([$A-Z0-9]+)\*([$A-Z0-9]+)")


def work_out(formula: str, sheet: Any) -> float:
    """What a formula comes to, from the values that its sheet holds."""

    def read(place: str) -> list[Any]:
        found = sheet[place.replace("$", "")]
        rows = found if isinstance(found, tuple) else ((found,),)
        return [cell.value for row in rows for cell in row]

    if match := _SUM.fullmatch(formula):
        return float(sum(value or 0.0 for value in read(match[1])))
    if match := _PRODUCT.fullmatch(formula):
        return float(read(match[1])[0] * read(match[2])[0])
    match = _SUM_IF.fullmatch(formula)
    assert match, formula
    (wanted,) = read(match[2])
    pairs = zip(read(match[1]), read(match[3]), strict=True)
    return float(sum(number or 0.0 for name, number in pairs if name == wanted))

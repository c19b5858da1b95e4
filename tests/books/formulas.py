"""The few formulas that reports have, worked out from the cells that they name."""

from __future__ import annotations

import re
from typing import Any

_SUM = re.compile(r"=SUM\(([$A-Z0-9:]+)\)")
_SUM_IF = re.compile(r"=SUMIF\(([$A-Z0-9:]+),([$A-Z0-9]+),([$A-Z0-9:]+)\)")
_PRODUCT = re.compile(r"=([$A-Z0-9]+)\*([$A-Z0-9]+)")
_CITED = re.compile(r"=(-?)'Page figures'!([$A-Z0-9]+)")
_NUMBER = r"(?:N\()?([A-Z]+\d+)\)?"
_CHART = re.compile(rf"=(?:(ABS|MIN)\()?{_NUMBER}(?:([-+,]){_NUMBER})?\)?")
"""Cells that only charts read: steps of a waterfall."""


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
    if match := _CITED.fullmatch(formula):
        cited = sheet.parent["Page figures"][match[2].replace("$", "")].value
        return float(-cited if match[1] else cited)
    if match := _CHART.fullmatch(formula):
        function, first, sign, second = match.groups()
        one, other = (float(read(place)[0] or 0.0) if place else 0.0 for place in (first, second))
        if function == "MIN":
            return min(one, other)
        found = one - other if sign == "-" else one + other
        return abs(found) if function == "ABS" else found
    match = _SUM_IF.fullmatch(formula)
    assert match, formula
    (wanted,) = read(match[2])
    pairs = zip(read(match[1]), read(match[3]), strict=True)
    return float(sum(number or 0.0 for name, number in pairs if name == wanted))

"""An estate and the claims on it from a file, CSV or JSON."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from cssopt.questions.sharing.games.claims import find_fault
from cssopt.questions.sharing.games.number_file import (
    Layout,
    read_json_number,
    read_number_file,
)
from cssopt.tables.convert import MAX_TEXT, quote
from cssopt.tables.tidy import fold_name

_ESTATE: Final = "estate"

LAYOUT: Final = Layout(
    file="claims",
    name="claimant",
    number="claim",
    numbers="claims",
    further=(_ESTATE,),
    example='{"estate": 100, "claims": {"A": 80, "B": 60}}.',
    may_list=True,
)


def read_claims(path: Path) -> tuple[float, dict[str, float]]:
    """The estate, and the claim of each claimant in the order of the file.

    CSV has the columns ``claimant,claim`` and one row ``estate``; JSON is ``{"estate": number,
    "claims": {claimant: claim}}``, or has a list of claims, whose claimants are then 1, 2, 3 ...

    Raises DataError with everything that is wrong, each with its line.
    """
    file = read_number_file(path, LAYOUT)
    estates: list[float] = []
    claims: dict[str, float] = {}
    first: dict[str, int] = {}
    is_json = _ESTATE in file.further
    if is_json:
        number = read_json_number(file.further[_ESTATE], _ESTATE)
        if isinstance(number, str):
            code, _, text = number.partition(" ")
            file.tell(code, None, text)
        estates.append(number if isinstance(number, float) else math.nan)
    for place, (name, number) in enumerate(zip(file.names, file.numbers, strict=True)):
        is_estate = not is_json and fold_name(name) == _ESTATE
        if number < 0:
            what = _ESTATE if is_estate else LAYOUT.number
            text = f"{what} = {number:.12g} is less than nothing. Correct it."
            file.tell("E-553", place, text)
        if is_estate:
            if estates:
                file.tell("E-551", place, "says the estate again. Keep one of the rows.")
            estates.append(number)
        elif fault := _find_name_fault(name):
            file.tell("E-552", place, fault)
        elif (folded := fold_name(name)) in first:
            text = f"{quote(name)} stands in {file.where(first[folded])} already."
            file.tell("E-551", place, f"{text} Add the claims up, or rename one of them.")
        else:
            first[folded], claims[name] = place, number
    if not estates:
        text = 'says no estate. Add a row "estate" (CSV), or "estate": number (JSON).'
        file.tell("E-557", None, text)
    file.check()
    if fault := find_fault(estates[0], claims):
        file.tell("E-557", None, f"cannot be shared: {fault}")
    file.check()
    return estates[0], claims


def _find_name_fault(name: str) -> str:
    if not name:
        return "has no claimant. Name who claims."
    if len(name) > MAX_TEXT or not name.isprintable():
        return f"has a claimant whose name is over {MAX_TEXT} characters, or cannot be printed."
    if name.startswith(("=", "-", "@", "+")):
        text = f"has the claimant {quote(name)}, whose name begins as a formula does."
        return f"{text} Rename the claimant."
    return ""

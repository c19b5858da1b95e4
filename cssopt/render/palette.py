"""Colors of pages for deciders on light paper: each has one meaning and no other."""

from __future__ import annotations

from typing import Final

from cssopt.document.document import Mark
from cssopt.language import MET_TO

INK: Final = "#1A2530"
MUTED: Final = "#566371"
LINE: Final = "#CFD6DD"
PAPER: Final = "#FFFFFF"
BLUE: Final = "#0068A6"
"""The plan."""
PALE_BLUE: Final = "#CFE3F1"
"""What it is compared with, what is in force, a range."""
ORANGE: Final = "#E69F00"
"""Buying, more cost, a ceiling reached, what is under way."""
GREEN: Final = "#35A884"
"""What covers, saves or is lent."""
GREEN_TEXT: Final = "#00755A"
GREY: Final = "#4B5763"
"""Talks and aid, separate defences."""
VERMILION: Final = "#C8500A"
"""Missing, given up, pays more than alone."""

STACK: Final = (BLUE, ORANGE, GREEN, GREY)
"""Colors of the parts of a stack, in order."""

MET: Final = "#E4EFF6"
HEAT: Final = (
    (0.1, "#FBE3D3", INK),
    (0.3, "#F3B48A", INK),
    (0.5, "#E07A3A", INK),
    (float("inf"), "#B8440A", PAPER),
)
"""Fill and text of a cell by the missing part that it stays below."""

TEXT_COLORS: Final[dict[Mark, str]] = {
    "good": GREEN_TEXT,
    "bad": VERMILION,
    "warn": VERMILION,
    "given_up": VERMILION,
    "ordered": BLUE,
    "lent": GREEN_TEXT,
    "more": VERMILION,
    "less": BLUE,
    "quiet": MUTED,
}
"""Of a marked text, on paper."""

FILLS: Final[dict[Mark, str]] = {
    "reached": HEAT[0][1],
    "changed": HEAT[0][1],
    "bar": PALE_BLUE,
    "under_way": ORANGE,
}
"""Of a marked cell."""


def find_heat(missing: float) -> tuple[str, str]:
    """Fill and text of a cell that tells the missing part of a need."""
    if missing <= MET_TO:
        return MET, INK
    return next((fill, text) for below, fill, text in HEAT if missing < below)

"""Numbers of the command line, read as those of a change are, and refused in our own words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import typer

from cssopt.tables.convert import quote
from cssopt.tables.notation import is_percentage, read_amount
from cssopt.tables.numbers import AmbiguousNumberError, say

_LARGEST: Final = 2**53
"""Whole numbers up to here are exact."""
_LONGEST: Final = 100
"""Signs of a number."""


@dataclass(frozen=True)
class Number:
    """How the number of an option is written; calling it reads one.

    Attributes
    ----------
    least, most: its bounds. whole: it is a whole number.
    share: it is a share of something, so that ``1%`` is a hundredth.
    """

    least: float = -math.inf
    most: float = math.inf
    whole: bool = False
    share: bool = False

    def __call__(self, text: Any) -> Any:
        """The number of a text; a default, which is a number already, as it is.

        Raises BadParameter, which names the option, where there is none.
        """
        if not isinstance(text, str):
            return text
        number = self._read(text)
        if self.whole and not (number.is_integer() and abs(number) <= _LARGEST):
            raise typer.BadParameter(f"{quote(text)} is no whole number. Write one such as 8.")
        if not self.least <= number <= self.most:
            raise typer.BadParameter(f"{quote(text)} must be {self.bounds}.")
        return int(number) if self.whole else number

    def _read(self, text: str) -> float:
        if is_percentage(text) and not self.share:
            raise typer.BadParameter(f"{quote(text)} is a percentage. Write the number.")
        try:
            number = read_amount(text) if len(text) <= _LONGEST else None
        except AmbiguousNumberError as error:
            text = f"{quote(text)} can mean {error}. Write the one you mean."
            raise typer.BadParameter(text) from None
        if number is None or math.isinf(number):
            example = "0.01 or 1%" if self.share else "8" if self.whole else "1.5"
            text = f"{quote(text)} is no number. Write one such as {example}."
            raise typer.BadParameter(text)
        return number

    def allows(self, value: Any) -> bool:
        """True where a value of a script is such a number."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and math.isfinite(value) and self.least <= value <= self.most

    @property
    def bounds(self) -> str:
        """How small and how large it may be."""
        least, most = f"at least {say(self.least)}", f"at most {say(self.most)}"
        if math.isinf(self.most):
            return least
        return f"{least} and {most}"

    @property
    def parameters(self) -> dict[str, Any]:
        """How an option reads it: a part of `typer.Option`."""
        metavar = "COUNT" if self.whole else "SHARE" if self.share else "NUMBER"
        return {"parser": self, "metavar": metavar}


def number(least: float = -math.inf, most: float = math.inf, **how: bool) -> dict[str, Any]:
    """How an option reads a number: a part of `typer.Option`."""
    return Number(least, most, **how).parameters

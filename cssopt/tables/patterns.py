"""Values of conditions, each read once, and compared with many cells: names, ``N*``, ``1..30``."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cssopt.tables.notation import NotationError, Quoted, read_amount, read_range
from cssopt.tables.numbers import AmbiguousNumberError
from cssopt.tables.tidy import fold_name


@dataclass(frozen=True)
class Pattern:
    """One value of a condition, read once for all rows: a text, and the numbers that it means."""

    text: str
    form: re.Pattern[str] | None
    low: float | None
    high: float | None

    def fits(self, value: Any) -> bool:
        """True for a value of a cell, blank ones apart, that this one means."""
        if isinstance(value, bool):
            return self.text.upper() == str(value).upper()
        if isinstance(value, int | float):
            return self.low is not None and self.high is not None and self.low <= value <= self.high
        return str(value) == self.text if self.form is None else bool(self.form.match(str(value)))


def is_open(text: str) -> bool:
    """True for a value with wildcards."""
    return not isinstance(text, Quoted) and ("*" in text or "?" in text)


class Patterns:
    """Values of a condition together: a cell is compared with all of them at once."""

    def __init__(self, texts: Iterable[str]) -> None:
        patterns = [read_pattern(text) for text in texts]
        plain = [pattern.text for pattern in patterns if pattern.form is None]
        self._texts, self._flags = set(plain), {pattern.text.upper() for pattern in patterns}
        self._forms = [pattern for pattern in patterns if pattern.form is not None]
        ends = [(p.low, p.high) for p in patterns if p.low is not None and p.high is not None]
        self._numbers = {low for low, high in ends if low == high}
        self._ranges = [(low, high) for low, high in ends if low != high]

    def fit(self, value: Any) -> bool:
        """True for a value of a cell, blank ones apart, that one of them means."""
        if isinstance(value, bool):
            return str(value).upper() in self._flags
        if isinstance(value, int | float):
            return value in self._numbers or any(a <= value <= b for a, b in self._ranges)
        text = str(value)
        return text in self._texts or any(pattern.fits(text) for pattern in self._forms)


class CellValues:
    """What the cells of a column hold, each once: whether a value of a condition is among them."""

    def __init__(self, values: Iterable[Any]) -> None:
        self.values = list(dict.fromkeys(value for value in values if value is not None))
        self.names = [value for value in self.values if isinstance(value, str)]
        self._known = set(self.names)

    @cached_property
    def _folded(self) -> dict[str, str]:
        """The names by their folded form; nothing for a form that several have."""
        folded: dict[str, str] = {}
        for name in self.names:
            form = fold_name(name)
            folded[form] = "" if form in folded else name
        return folded

    def find_meant(self, name: str) -> str | None:
        """The only name that differs from this one by no more than case, accents and spaces."""
        return self._folded.get(fold_name(name)) or None

    def has(self, text: str) -> bool:
        """True where some cell fits."""
        if str(text) in self._known:
            return True
        pattern = read_pattern(text)
        # A plain name is among the names, or nowhere.
        others = self.values if pattern.form or len(self.names) < len(self.values) else ()
        return any(map(pattern.fits, others))


def read_pattern(text: str) -> Pattern:
    """A value of a condition as it is written."""
    form, low, high = None, None, None
    if is_open(text):
        form = re.compile(fnmatch.translate(text.replace("[", "[[]")))
    try:
        span = read_range(text)
        low, high = span if span is not None else (read_amount(text),) * 2
    except (NotationError, AmbiguousNumberError):
        pass  # a name: only its text counts
    return Pattern(str(text), form, low, high)

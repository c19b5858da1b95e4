"""Rules over the whole book, declared as data beside the tables of a component."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cssopt.errors import ModelError
from cssopt.tables.data import Data

_CODE = re.compile(r"[EWN]-\d{3}")


@dataclass(frozen=True)
class Fault:
    """One row that breaks a `Check`: table, key of the row, column, and what to say of it."""

    table: str
    key: Any
    column: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """A rule over the whole book, declared as data beside a component's tables.

    Attributes
    ----------
    code: stable code; ``E-`` where the mathematics would be undefined, else ``W-``; ``N-`` for
        what is not used, and need not be a slip.
    rule: the rule in one sentence.
    find: the faults, given typed tables that passed every check of single cells.
    one_cause: many faults of a column have one cause, such as a wrong measure, and are told as one.
    """

    code: str
    rule: str
    find: Callable[[Data], Iterable[Fault]] = field(compare=False)
    one_cause: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.code, str) or not _CODE.fullmatch(self.code):
            raise ModelError(f"check {self.code!r}: its code is E-, W- or N- and three digits")

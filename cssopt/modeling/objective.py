"""An objective is one or more stages, each minimised with the ones before it held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stage:
    """One expression to minimise.

    Attributes
    ----------
    name: what is minimised, such as ``missing_share``; the row that holds it later bears it.
    expression: a linear expression.
    relative, absolute: how far later stages may exceed the value reached here; the larger counts.
    """

    name: str
    expression: Any
    relative: float = 0.0
    absolute: float = 0.0

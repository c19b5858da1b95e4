"""The names and the order of the indices, fixed everywhere (formulation.md)."""

from __future__ import annotations

from typing import Final

INDEX_ORDER: Final = (
    "member",
    "body",
    "activity",
    "after",
    "programme",
    "measure",
    "force",
    "tier",
    "theatre",
    "situation",
    "threat",
    "capability",
    "day",
    "year",
)
"""Columns of every solution table stand in this order."""

COMMON: Final = "common"
"""Bearer of a cost that the members share by the sharing key."""

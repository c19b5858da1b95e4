"""Timelines of derived tables: what is under way or complete in each year."""

from __future__ import annotations

from collections.abc import Iterable

UNDER_WAY = "under way"
COMPLETE = "complete"


def timeline(years: Iterable[int], begun: int | None, complete: int | None) -> dict[int, str]:
    """State by year, one column each: nothing before it is begun, or where it never is."""
    if begun is None or complete is None:
        return dict.fromkeys(years, "")
    return {
        year: "" if year < begun else UNDER_WAY if year < complete else COMPLETE for year in years
    }

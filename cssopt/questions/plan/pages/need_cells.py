"""A need in a row of a table: whose threat, what power, by which day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cssopt.document.document import Column
from cssopt.language import NARROW, phrase, write_decimal
from cssopt.questions.plan.figures.security import NeedFigures


def need_columns(needs: Sequence[NeedFigures]) -> tuple[Column, ...]:
    """Columns that say which need it is; that of days only where all of them have one."""
    threat = Column("threat", title=phrase("Threat"))
    if have_days(needs):
        return (
            threat,
            Column("kind", title=phrase("Capability")),
            Column("by_day", title=phrase("By")),
        )
    return threat, Column("kind", title=phrase("What is needed"))


def need_cells(need: NeedFigures, *, has_day: bool) -> tuple[Any, ...]:
    """The cells of a need under `need_columns`."""
    if has_day:
        return need.threat_name, need.capability_name, tell_day(need)
    return need.threat_name, need.what


def have_days(needs: Sequence[NeedFigures]) -> bool:
    """True where every need is for a day."""
    return all(need.day is not None for need in needs)


def tell_day(need: NeedFigures) -> str:
    """The day of a need that has one."""
    assert need.day is not None
    return phrase("day {number}", number=write_decimal(need.day)).replace(" ", NARROW)


def name_need(need: NeedFigures) -> tuple[Any, str]:
    """What is the same of a need in every year."""
    return need.threat, need.what


def tell_measure(need: NeedFigures) -> str:
    """What a need is measured in."""
    return need.measure or phrase("units of power")

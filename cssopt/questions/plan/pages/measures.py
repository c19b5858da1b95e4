"""What pages measure in, whom they are about, and how many of these a chart has room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from cssopt.document.document import Column, Form
from cssopt.language import capitalize, phrase, phrase_count, write_count
from cssopt.questions.plan.view import PlanView

MOST_DRAWN: Final = 9
"""Members that a chart shows; of more the largest, and all others as one."""

Thing = TypeVar("Thing")


def tell_prices(view: PlanView) -> str:
    """What money of a year is measured in."""
    horizon = view.plan.data.horizon
    return phrase(
        "million {currency}, prices of {year}",
        currency=horizon.currency,
        year=horizon.price_year,
    )


def tell_value(view: PlanView) -> str:
    """What sums of money over the years are measured in."""
    horizon = view.plan.data.horizon
    return phrase(
        "net cost in {first} value, million {currency}, prices of {year}",
        first=horizon.first,
        currency=horizon.currency,
        year=horizon.price_year,
    )


def tell_span(years: Sequence[int]) -> str:
    """How many years there are, as a heading of their sum."""
    count = len(years)
    told = phrase_count("{number} year", "{number} years", count, number=write_count(count))
    return capitalize(told)


def tell_all() -> str:
    """The name of the row about all who cooperate."""
    return phrase("All members")


def year_columns(years: Sequence[int], form: Form, **how: Any) -> tuple[Column, ...]:
    """A column for each year."""
    return tuple(Column(str(t), form, **how) for t in years)


def split_largest(things: Sequence[Thing]) -> tuple[list[Thing], list[Thing]]:
    """Of things in the order of their size those that a chart shows, and those that it adds up."""
    if len(things) <= MOST_DRAWN:
        return list(things), []
    return list(things[: MOST_DRAWN - 1]), list(things[MOST_DRAWN - 1 :])


def largest_first(sizes: Sequence[float]) -> list[int]:
    """Places of these, the largest first."""
    return sorted(range(len(sizes)), key=lambda place: -sizes[place])

"""The years of a plan, its money, and what later money counts for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PlanYears:
    """Years and money of a plan, as the table that declares them says (see `Horizon`).

    Attributes
    ----------
    first, last: years of the plan. rate: at which later money counts for less.
    currency, price_year: of all money. title, marking: of every report.
    """

    first: int
    last: int
    rate: Any
    currency: str
    price_year: int
    title: str
    marking: str

    @property
    def years(self) -> range:
        """The years of the plan."""
        return range(self.first, self.last + 1)

    @property
    def discount(self) -> dict[int, Any]:
        """Present value of one million of each year."""
        return {year: (1 + self.rate) ** -(year - self.first) for year in self.years}

    @property
    def millions(self) -> str:
        """What money is counted in."""
        return f"million {self.currency}"

    @property
    def money(self) -> str:
        """What money is measured in."""
        return f"{self.millions}, prices of {self.price_year}"

    @property
    def present_value(self) -> str:
        """What sums of money over the years are measured in."""
        return f"{self.money}, present value"

"""A plan about to be shown: what all its sheets need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from cssopt.document.index_columns import Names, find_names
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution


@dataclass(frozen=True)
class PlanView:
    """A plan, and what it is compared with.

    Attributes
    ----------
    baseline: members alone, and equal security; None where that was not worked out.
    taken: names that tables have by now, each of which has its own.
    """

    plan: Solution
    baseline: Baseline | None = None
    taken: set[str] = field(default_factory=set)

    @cached_property
    def names(self) -> Names:
        """Full names by index and code."""
        return find_names(self.plan.data)

    @property
    def party_names(self) -> Mapping[str, str]:
        """Full names of those who cooperate, by code."""
        return self.names.get(self.plan.data.party_index, {})

    @property
    def money(self) -> str:
        """What money is measured in."""
        return self.plan.data.horizon.money

    @property
    def years(self) -> range:
        """The years of the plan."""
        return self.plan.data.horizon.years

    def name_table(self, wanted: str) -> str:
        """This name, or with a number where another table has it: models name tables too."""
        names = (wanted if n == 1 else f"{wanted}_{n}" for n in count(1))
        name = next(name for name in names if name not in self.taken)
        self.taken.add(name)
        return name

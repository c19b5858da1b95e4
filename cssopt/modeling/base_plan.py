"""The plan that what-ifs start from, as a standard question reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cssopt.tables.data import Data


@dataclass(frozen=True)
class BasePlan:
    """A plan of which a question asks what if.

    Attributes
    ----------
    coalition: who cooperates in it.
    data: the tables that it was made of, those of the coalition.
    plan: its numbers by name and key, ``base.plan.key_share[m, t]``; None where there is no plan. A
        name that the study does not have is an error.
    """

    coalition: tuple[str, ...]
    data: Data
    plan: Any = None

    def has(self, *names: str) -> bool:
        """True where there is a plan with decisions or figures of all these names."""
        return self.plan is not None and all(name in self.plan for name in names)

"""What a sharing key may know: who shares, the tables, and what coalitions cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cssopt.tables.data import Data


@dataclass(frozen=True)
class KeyBase:
    """Who shares by a key.

    Attributes
    ----------
    members: who shares, in the order of the workbook.
    data: the tables of this coalition, ``base.data.members.gdp[m]``.
    plan: the numbers of the plan whose costs are shared, by name and key; None where there is none
        yet, as before a plan is solved.
    arithmetic: the parameters of the components, ``base.arithmetic.threats.own_share[k, m]``; None
        where there is no study.
    """

    members: tuple[str, ...]
    data: Data
    plan: Any = None
    arithmetic: Any = None


@dataclass(frozen=True)
class KeyCosts:
    """What coalitions cost: the second argument of a key that asks for it.

    Attributes
    ----------
    total: what all share, million, present value.
    alone: the cost of each member standing alone. without: that of all others without it.
    borne: what each would bear as the plan has it, before any sharing.
    """

    total: float
    alone: Mapping[str, float]
    without: Mapping[str, float]
    borne: Mapping[str, float]

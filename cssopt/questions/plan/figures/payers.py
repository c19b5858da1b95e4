"""Who pays: cash by year beside means and ceilings, and what acting together does to each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cssopt.modeling.measures import Role
from cssopt.names import COMMON
from cssopt.questions.plan.view import PlanView
from cssopt.solution.plain import ratio
from cssopt.solution.plan import Solution
from cssopt.solution.told import find_doubt

FULL = 0.995
"""Share of a ceiling from which on it is shown as reached."""


@dataclass(frozen=True)
class Payer:
    """A party, or all of them, and what it pays; million of the price year.

    Attributes
    ----------
    party: its code; empty for all. name: for a reader.
    cash_by_year: what it pays each year. gdp_by_year: what it pays from.
    ceiling_by_year: the most that it may pay; years without a ceiling are missing.
    common: its part of the costs that all share, all years.
    net_at_start: its net cost in the value of the first year (its burden).
    alone: net cost of its plan alone; None where that was not worked out, or there is none.
    equal: its net cost together, as safe as alone; None where there is no such plan.
    worst_alone: the largest part of any of its needs that is missing alone; None: not known.
    """

    party: str
    name: str
    cash_by_year: Mapping[int, float]
    gdp_by_year: Mapping[int, float]
    ceiling_by_year: Mapping[int, float]
    common: float
    net_at_start: float
    alone: float | None = None
    equal: float | None = None
    worst_alone: float | None = None

    @property
    def cash(self) -> float:
        """Of all years."""
        return math.fsum(self.cash_by_year.values())

    @property
    def gdp(self) -> float:
        """Of all years."""
        return math.fsum(self.gdp_by_year.values())

    @property
    def of_gdp(self) -> float:
        """Share of its GDP of all years, both undiscounted; nan where it has none."""
        return ratio(self.cash, self.gdp)

    @property
    def ceiling(self) -> float | None:
        """Of all years that have one; None where none has."""
        return math.fsum(self.ceiling_by_year.values()) if self.ceiling_by_year else None

    @property
    def of_ceiling(self) -> float | None:
        """Cash of the years that have a ceiling, as a share of these; None without any."""
        if not self.ceiling_by_year:
            return None
        paid = math.fsum(self.cash_by_year[t] for t in self.ceiling_by_year)
        return share_of_ceiling(paid, math.fsum(self.ceiling_by_year.values()))

    @property
    def limited_years(self) -> tuple[int, ...]:
        """The years that have a ceiling, where they are not all; empty where all have one or none
        does: then its ceiling is told without years."""
        is_partly = 0 < len(self.ceiling_by_year) < len(self.cash_by_year)
        return tuple(self.ceiling_by_year) if is_partly else ()

    @property
    def filled_by_year(self) -> dict[int, float]:
        """Share of the ceiling that is paid, of years that have one."""
        return {
            t: share_of_ceiling(self.cash_by_year[t], most)
            for t, most in self.ceiling_by_year.items()
        }

    @property
    def fullest(self) -> tuple[float, tuple[int, ...]] | None:
        """The largest share of a ceiling, and the years that show it; None without ceilings."""
        filled = self.filled_by_year
        if not filled:
            return None
        most = max(filled.values())
        # A plan that is given may pay more than a ceiling.
        least = FULL if FULL <= most <= 2 - FULL else most - 1e-9
        return most, tuple(t for t, share in filled.items() if share >= least)

    @property
    def full_years(self) -> tuple[int, ...]:
        """Years in which its ceiling is reached."""
        return tuple(t for t, share in self.filled_by_year.items() if share >= FULL)

    @property
    def saving(self) -> float | None:
        """Alone less together, as safe as alone."""
        return None if self.alone is None or self.equal is None else self.alone - self.equal

    @property
    def more_security(self) -> float | None:
        """What it pays in this plan beyond being as safe as alone."""
        return None if self.equal is None else self.net_at_start - self.equal

    @property
    def against_alone(self) -> float | None:
        """Net cost in this plan less that alone."""
        return None if self.alone is None else self.net_at_start - self.alone


@dataclass(frozen=True)
class Payers:
    """All who pay, each and together.

    Attributes
    ----------
    each: in the order of the inputs. together: their sums.
    doubt_of_saving, doubt_of_more, doubt_against_alone: by how much these differences may be off as
        plans are not proven; 0 where they are, inf where that is not known.
    why_no_saving: why none is stated; empty where one is.
    """

    each: tuple[Payer, ...]
    together: Payer
    doubt_of_saving: float = 0.0
    doubt_of_more: float = 0.0
    doubt_against_alone: float = 0.0
    why_no_saving: str = ""

    @property
    def largest_first(self) -> list[Payer]:
        """By cash."""
        return sorted(self.each, key=lambda one: -one.cash)


def share_of_ceiling(paid: float, most: float) -> float:
    """A ceiling of 0 from which nothing is paid has room for nothing: it counts as reached."""
    return paid / most if most > 0 else 1.0


def find_payers(view: PlanView) -> Payers:
    """Who pays in a plan that there is."""
    plan, baseline = view.plan, view.baseline
    outlay, income, ceiling = (_by_year(plan, role) for role in ("outlay", "income", "ceiling"))
    burden = _by_party(plan)
    common = _find_common_parts(plan)
    alone = {} if baseline is None else baseline.alone
    equal = None if baseline is None else baseline.equal
    equals = _by_party(equal) if equal is not None and equal.has_plan else {}
    each = []
    for party in plan.coalition:
        own = alone.get(party)
        has_plan = own is not None and own.has_plan
        each.append(
            Payer(
                party,
                view.party_names.get(party, str(party)),
                {t: outlay.get((party, t), 0.0) for t in view.years},
                {t: income.get((party, t), 0.0) for t in view.years},
                {t: ceiling[party, t] for t in view.years if (party, t) in ceiling},
                common.get(party, 0.0),
                burden.get(party, 0.0),
                own.pooled_expenditure if own is not None and has_plan else None,
                equals.get(party),
                own.worst_missing_share if own is not None and has_plan else None,
            )
        )
    of_alone = sum(find_doubt(one) for one in alone.values() if one.has_plan)
    of_equal = find_doubt(equal) if equal is not None and equal.has_plan else 0.0
    of_plan = find_doubt(plan)
    return Payers(
        tuple(each),
        _add_up(each, view.years),
        of_alone + of_equal,
        of_equal + of_plan,
        of_alone + of_plan,
        "" if baseline is None else baseline.why_unstated,
    )


def _add_up(each: Sequence[Payer], years: range) -> Payer:
    def total(values: list[float | None]) -> float | None:
        found = [value for value in values if value is not None]
        return math.fsum(found) if found and len(found) == len(values) else None

    # A share of ceilings that only some have would be of nothing in particular.
    have_all = all(set(one.ceiling_by_year) == set(years) for one in each)
    return Payer(
        "",
        "",
        {t: math.fsum(one.cash_by_year[t] for one in each) for t in years},
        {t: math.fsum(one.gdp_by_year[t] for one in each) for t in years},
        {t: math.fsum(one.ceiling_by_year[t] for one in each) for t in years} if have_all else {},
        math.fsum(one.common for one in each),
        math.fsum(one.net_at_start for one in each),
        total([one.alone for one in each]),
        total([one.equal for one in each]),
        max((one.worst_alone for one in each if one.worst_alone is not None), default=None),
    )


def _by_year(plan: Solution, role: Role) -> Mapping[Any, float]:
    """A measure by party and year; nothing where the study has none."""
    measure = plan.study.measure(role)
    if measure is None or plan.quantities is None:
        return {}
    return plan.quantities.find(measure.figure).values


def _by_party(plan: Solution) -> dict[str, float]:
    measure = plan.study.measure("burden")
    if measure is None or plan.quantities is None:
        return {}
    return plan.quantities.sums(measure.figure, measure.by)


def _find_common_parts(plan: Solution) -> dict[str, float]:
    """What each pays of the costs that all share, all years."""
    role, quantities = plan.study.common_shares, plan.quantities
    assert quantities is not None
    paid = dict.fromkeys(plan.data.horizon.years, 0.0)
    for (entry, bearer, year), amount in quantities.costs.items():
        if bearer == COMMON and entry not in quantities.beyond_outlay:
            paid[year] += amount
    if role is None:
        return {}
    parts: dict[str, float] = {}
    for (party, year), share in quantities.find(role.figure).keyed():
        parts[party] = parts.get(party, 0.0) + share * paid[year]
    return parts

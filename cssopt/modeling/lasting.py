"""Decisions that begin once and then last: programmes, activities, bodies, production lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cssopt.modeling.accounts import Undertaking
from cssopt.modeling.audit import AuditFinding, holds
from cssopt.modeling.declare import constraint, lookup

State = Any
"""0 or 1 by (item, year): a decision of a program, or its numbers in a plan."""


@dataclass(frozen=True)
class Lasting:
    """What begins once in the years of a plan, runs for a while, and is complete from then on.

    For every item i and year t, with s[i,t] = 1 from the year on in which i begins, else 0::

        s[i,t] in {0,1}                          only where t >= earliest[i]; elsewhere it is 0
        lasts:          s[i,t] >= s[i,t-1]       what has begun stays so: it begins once
        begins[i,t]   = s[i,t] - s[i,t-1]        1 in the year in which it begins
        runs[i,t]     = s[i,t] - s[i, t - max(1, duration[i])]
                                                 1 in the years in which it is under way: that in
                                                 which it begins at the least
        complete[i,t] = s[i, t - duration[i]]    1 from the start of the year on in which it is done
        what it opens:  x[t] <= complete[i,t], or amount[t] <= most * complete[i,t]

    `stays`, `begins`, `runs` and `complete` are for rules and costs. An audit that asked for them
    would say the same whatever is wrong with them: it has `hold_once`, `hold_earliest` and `spent`,
    and says of what is opened itself in which year that is.

    Attributes
    ----------
    items: codes, such as those of the programmes.
    years: of the plan.
    duration: years from the beginning to completion, by item; 0 where an item has none.
    earliest: year before which an item cannot begin, by item; None or no entry: the first year.
    """

    items: tuple[Any, ...]
    years: Sequence[int]
    duration: Mapping[Any, int] = field(default_factory=dict)
    earliest: Mapping[Any, int | None] = field(default_factory=dict)

    @property
    def keys(self) -> list[tuple[Any, int]]:
        """The keys of the decision: every item in the years in which it may have begun."""
        return [(i, t) for i in self.items for t in self.years if t >= self.first(i)]

    def first(self, item: Any) -> int:
        """The first year in which an item may begin."""
        earliest = self.earliest.get(item)
        return self.years[0] if earliest is None else earliest

    def lasts_for(self, item: Any) -> int:
        """Years in which an item is under way once it has begun."""
        return max(1, self.duration.get(item, 0))

    def stays(self, over: str, state: State, *, doc: str) -> Any:
        """The rule that what has begun stays so, over the indices of the decision."""
        return constraint(
            over,
            [(i, t) for i, t in state if (i, t - 1) in state],
            lambda i, t: state[i, t] >= state[i, t - 1],
            doc=doc,
        )

    def begins(self, state: State, item: Any, year: int, each: Any) -> list[tuple[Any, Any]]:
        """Terms (coefficient, decision) of ``each * begins[item, year]``."""
        return _difference(state, (item, year), (item, year - 1), each)

    def runs(self, state: State, item: Any, year: int, each: Any) -> list[tuple[Any, Any]]:
        """Terms (coefficient, decision) of ``each * runs[item, year]``."""
        return _difference(state, (item, year), (item, year - self.lasts_for(item)), each)

    def complete(self, state: State, item: Any, year: int) -> Any:
        """``complete[item, year]``: a decision, or 0 where it cannot be."""
        return lookup(state, (item, year - self.duration.get(item, 0)))

    def hold_once(self, rule: str, state: Mapping[Any, float]) -> Iterator[AuditFinding]:
        """What an audit states of the rule `stays`, for every key of the decision."""
        for (i, t), has_begun in state.items():
            yield holds(rule, (i, t), has_begun, ">=", state.get((i, t - 1), 0.0))

    def hold_earliest(self, rule: str, state: Mapping[Any, float]) -> Iterator[AuditFinding]:
        """What an audit states of the year before which nothing begins."""
        for (i, t), has_begun in state.items():
            yield holds(rule, (i, t), has_begun * (t < self.first(i)), "==", 0.0)

    def spent(
        self, state: Mapping[Any, float], cost: Mapping[Any, float]
    ) -> Iterator[tuple[Any, int, float]]:
        """Item, year and cost of every year of the plan in which an item is under way, as an audit
        works it out: from the year in which it begins on, and not from `runs`."""
        for (i, t), has_begun in state.items():
            begins = has_begun - state.get((i, t - 1), 0.0)
            for year in range(t, min(t + self.lasts_for(i), self.years[-1] + 1)):
                yield i, year, cost[i] * begins

    def years_of(self, state: Mapping[Any, float], item: Any) -> tuple[int | None, int | None]:
        """The years in which an item begins and is complete in a plan; None: it never does."""
        years = [t for (i, t), has_begun in state.items() if i == item and has_begun > 0.5]
        begun = min(years, default=None)
        return begun, None if begun is None else begun + self.duration.get(item, 0)

    def undertaking(self, state: Mapping[Any, float], item: Any, **told: Any) -> Undertaking:
        """What a report tells of an item: the years in which it begins and works in a plan, and
        `told`, its further fields."""
        begun, works = self.years_of(state, item)
        return Undertaking(begun=begun, works=works, row=item, **told)


def _difference(state: State, now: Any, before: Any, each: Any) -> list[tuple[Any, Any]]:
    """Terms of ``each * (state[now] - state[before])``, without what does not exist."""
    terms: Iterable[tuple[Any, Any]] = ((each, now), (-each, before))
    return [(coefficient, state[key]) for coefficient, key in terms if key in state]

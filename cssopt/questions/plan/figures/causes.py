"""Why needs are short in a year, by what a decider can change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cssopt.modeling.accounts import Undertaking
from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.payers import Payer
from cssopt.questions.plan.figures.security import NeedFigures

_CRUMB: Final = 1e-6
"""Units; less is rounding."""

CauseKind = Literal[
    "treaty", "ratification", "command", "arrival", "ceiling", "ceiling_before", "nobody", "chosen"
]  # fmt: skip
"""``treaty``: it does not work yet; ``ratification``: some do not lend yet; ``command``: what is
lent does not count in full yet; ``arrival``: ordered units have not arrived; ``ceiling``: who pays
is at its ceiling; ``ceiling_before``: who orders, or gave units up, was so in time for the year;
``nobody``: nothing of this stands in the way, and nobody can; ``chosen``: nothing of this does, and
another plan might leave less missing."""


@dataclass(frozen=True)
class Cause:
    """One reason for needs that are short in a year.

    Attributes
    ----------
    who: names of members, where it is about some. what: names of forces or of what is awaited.
    """

    kind: CauseKind
    year: int
    who: tuple[str, ...] = ()
    what: tuple[str, ...] = ()


def find_causes(
    short: Sequence[NeedFigures],
    acting: dict[int, float],
    undertakings: Sequence[Undertaking],
    holdings: Sequence[Holding],
    payers: Sequence[Payer],
    waits: Mapping[str, float],
    *,
    is_least: bool = True,
) -> dict[int, list[Cause]]:
    """Causes by year, of years in which needs are short; what holds in the year, not a proof.

    `acting` is 1 in years in which the treaty works; `waits` are years from an order of a force to
    service; `is_least` where it is proven that no plan leaves less missing.
    """
    names = {one.party: one.name for one in payers}
    before = _Before(holdings, payers, waits)
    found: dict[int, list[Cause]] = {}
    for year in sorted({need.year for need in short}):
        own = found.setdefault(year, [])
        if acting.get(year, 1.0) < 0.5:
            own.append(Cause("treaty", year))
        else:
            late = [
                names.get(one.party, one.name)
                for one in undertakings
                if one.kind == "ratification"
                and one.begun is not None
                and one.works is not None
                and one.works > year
            ]
            if late:
                own.append(Cause("ratification", year, tuple(late)))
        if any(need.lost < 0 for need in short if need.year == year):
            own.append(Cause("command", year))
        awaited = {one.force: one.force_name for one in holdings if _is_awaited(one, year)}
        held_back = {force: who for force in awaited if (who := before.find(force, year))}
        if arriving := [name for force, name in awaited.items() if force not in held_back]:
            own.append(Cause("arrival", year, what=tuple(arriving)))
        full = tuple(one.name for one in payers if year in one.full_years)
        if full:
            own.append(Cause("ceiling", year, full))
        who = set().union(*held_back.values()) if own or held_back else before.find_all(year)
        if who:
            own.append(
                Cause("ceiling_before", year, tuple(p.name for p in payers if p.party in who))
            )
        if not own:
            own.append(Cause("nobody" if is_least else "chosen", year))
    return found


class _Before:
    """Whose ceilings of earlier years a later year hangs on, as far as a plan shows it.

    Orders of a force are held back by ceilings where all who order it reached theirs in one year:
    as long as one of them had room, something else did.
    """

    def __init__(
        self, holdings: Sequence[Holding], payers: Sequence[Payer], waits: Mapping[str, float]
    ) -> None:
        self._holdings = holdings
        self._waits = waits
        self._full = {one.party: set(one.full_years) for one in payers}
        self._who: dict[str, set[str]] = {}
        for one in holdings:
            if one.total_ordered > _CRUMB:
                self._who.setdefault(one.force, set()).add(one.party)

    def find(self, force: str, year: int) -> set[str]:
        """Those who order a force, where their ceilings held back what would serve by then."""
        who = self._who.get(force, set())
        full = set.intersection(*(self._full[party] for party in who)) if who else set[int]()
        return who if any(t <= year - self._waits.get(force, 0) for t in full) else set()

    def find_all(self, year: int) -> set[str]:
        """Those of any force, and those who gave up units in a year of a full ceiling."""
        found = {
            one.party
            for one in self._holdings
            if any(t < year and one.given_up.get(t, 0.0) > _CRUMB for t in self._full[one.party])
        }
        return found.union(*(self.find(force, year) for force in self._who))


def _is_awaited(holding: Holding, year: int) -> bool:
    """True where units that are ordered by the year serve only later."""
    ordered = sum(units for t, units in holding.ordered.items() if t <= year)
    peak = max((n for t, n in holding.bought_in_service.items() if t <= year), default=0.0)
    return ordered > peak + _CRUMB and holding.bought_in_service[year] < max(
        holding.bought_in_service.values()
    )

"""Why needs are short in a year, by what a decider can change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cssopt.modeling.accounts import Undertaking
from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.payers import Payer
from cssopt.questions.plan.figures.security import NeedFigures

CauseKind = Literal[
    "treaty", "ratification", "command", "arrival", "ceiling", "ceiling_before", "nobody", "chosen"
]  # fmt: skip
"""``treaty``: it does not work yet; ``ratification``: some do not lend yet; ``command``: what is
lent does not count in full yet; ``arrival``: ordered units have not arrived; ``ceiling``: who pays
is at its ceiling; ``ceiling_before``: who pays was so in a year whose orders would serve by now;
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
    *,
    is_least: bool = True,
) -> dict[int, list[Cause]]:
    """Causes by year, of years in which needs are short; what holds in the year, not a proof.

    `acting` by year of the plan, 1 where the treaty works; `is_least` where it is proven that no
    plan leaves less missing.
    """
    names = {one.party: one.name for one in payers}
    waits = _find_waits(holdings)
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
        awaited = [one for one in holdings if _is_awaited(one, year)]
        in_time = {
            force: year - wait for force, wait in waits.items() if year - wait >= min(acting)
        }
        held_back = {
            one.force: who
            for one in awaited
            if (who := _list_full(payers, min(acting), in_time.get(one.force, 0)))
        }
        arriving = dict.fromkeys(one.force_name for one in awaited if one.force not in held_back)
        if arriving:
            own.append(Cause("arrival", year, what=tuple(arriving)))
        full = _list_full(payers, year, year)
        if full:
            own.append(Cause("ceiling", year, full))
        before = tuple(dict.fromkeys(name for names in held_back.values() for name in names))
        if not own and not before:
            before = _list_full(payers, min(acting), year - 1)
        if before:
            own.append(Cause("ceiling_before", year, before))
        if not own:
            own.append(Cause("nobody" if is_least else "chosen", year))
    return found


def _list_full(payers: Sequence[Payer], first: int, last: int) -> tuple[str, ...]:
    """Who reaches its ceiling in any of these years."""
    return tuple(
        one.name for one in payers if any(first <= year <= last for year in one.full_years)
    )


def _find_waits(holdings: Sequence[Holding]) -> dict[str, int]:
    """Years from an order to service, of the forces of which that is seen in the plan."""
    found: dict[str, int] = {}
    for one in holdings:
        ordered = [t for t, units in one.ordered.items() if units > 0]
        serving = [t for t, units in one.bought_in_service.items() if units > 0]
        if ordered and serving:
            found[one.force] = min(serving) - min(ordered)
    return found


def _is_awaited(holding: Holding, year: int) -> bool:
    """True where units that are ordered by the year serve only later."""
    ordered = sum(units for t, units in holding.ordered.items() if t <= year)
    peak = max((n for t, n in holding.bought_in_service.items() if t <= year), default=0.0)
    return ordered > peak + 1e-6 and holding.bought_in_service[year] < max(
        holding.bought_in_service.values()
    )

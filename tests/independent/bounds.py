"""U of the formulation: bounds on units that no plan of a question needs to exceed.

Rules that switch on or off (lines, fleets, the treaty, completed programmes) need them. Whatever a
question asks, what members can pay, man and obtain bounds units. Beside that

- a *lean* plan (least cost, least shortfall) holds no unit that neither a need nor law nor a
  ceiling of a tier nor apportionment asks for. Orders can be cut to the most that is needed in a
  year of their service; those of a year t that cannot be cut were needed in full in a year before
  t, where they stood together, or from t on, likewise: twice the most needed bounds them;
- expenditure that is limited limits orders and what is held: no entry but salvage is negative, and
  salvage is less than was paid;
- a plan near another one holds no more than that one and all moves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .facts import Facts, Need

INF = math.inf


@dataclass(frozen=True)
class Aim:
    """What a question lets plans do.

    Attributes
    ----------
    lean: least cost or least shortfall alone: nothing is held that is of no use.
    wasteful: units may be moved for nothing (the most of a burden).
    expenditure: the most that may be spent, present value.
    base, moves: units of another plan by member, force and year, and unit-years of moves.
    generous: a factor on what a lean plan needs, to show that it changes nothing.
    """

    lean: bool = True
    wasteful: bool = False
    expenditure: float = INF
    base: Mapping[tuple[str, str, int], float] | None = None
    moves: float = INF
    generous: float = 1.0


class Bounds:
    """Most units ordered, held and delegated."""

    def __init__(self, facts: Facts, aim: Aim):
        self._facts, self._aim = facts, aim
        self._needed = {
            (m, f): max((self._most_needed(m, f, t) for t in facts.years), default=0.0)
            for m in facts.members
            for f in facts.forces
        }
        if aim.lean:
            self._widen_for_apportionment()
        self._order: dict[tuple[str, str, int], float] = {}
        self._held: dict[tuple[str, str, int], float] = {}
        for m in facts.members:
            for f in facts.forces:
                self._bound_pair(m, f)

    def order(self, m: str, f: str, t: int) -> float:
        """Most units ordered in t."""
        return self._order[m, f, t]

    def held(self, m: str, f: str, t: int) -> float:
        """Most units held in t."""
        return self._held[m, f, t]

    def delegated(self, m: str, f: str, r: str, k: str, t: int) -> float:
        """Most units of a tier delegated against a threat."""
        facts = self._facts
        available = facts.tiers[r]["available_share"] * self._held[m, f, t]
        lawful = (
            facts.delegable[m, f]
            * self._held[m, f, t]
            * max(tier["available_share"] for tier in facts.tiers.values())
        )
        useful = INF if self._aim.wasteful else self._delegated(m, f, r, k, t)
        return min(available, lawful, useful)

    # What needs ask for

    def _own(self, m: str, f: str, r: str, k: str, t: int) -> float:
        """Units of a tier beyond which more are of no use for the own part."""
        facts = self._facts
        return self._useful(m, f, r, k, t, lambda need: facts.full[need] * facts.exposure[k, m])

    def _delegated(self, m: str, f: str, r: str, k: str, t: int) -> float:
        """Units of a tier beyond which more are of no use in the common defence."""
        facts = self._facts
        if not facts.joint or facts.delegable[m, f] <= 0 or (m, k) in facts.caveats:
            return 0.0

        def credited(need: Need) -> float:
            power = facts.full[need] * facts.cover(k)
            worth = facts.unintegrated if facts.has_integration else 1.0
            share = float(facts.capabilities[need[1]].get("max_member_share", 1))
            wanted = power / worth if worth > 0 else power
            return min(wanted, share * power) if share < 1 else wanted

        return self._useful(m, f, r, k, t, credited)

    def _useful(
        self, m: str, f: str, r: str, k: str, t: int, power: Callable[[Need], float]
    ) -> float:
        facts = self._facts
        if t not in facts.active[k]:
            return 0.0
        most = 0.0
        for (of, c), days in facts.days.items():
            output = facts.output(m, f, c)
            if of == k and output > 0:
                for d in days:
                    if facts.arrival(m, r, k) <= d:
                        most = max(most, power((k, c, d, t)) / output)
        return most

    def _most_needed(self, m: str, f: str, t: int) -> float:
        """Units held in t beyond which more are of no use, tiers and law considered."""
        facts, force = self._facts, self._facts.forces[f]
        ready = {r: tier["available_share"] for r, tier in facts.tiers.items()}
        shares = {r: tier.get("max_share", 1) for r, tier in facts.tiers.items()}
        usable = [r for r in facts.tiers if ready[r] > 0 and shares[r] > 0]
        if not usable:
            return 0.0
        most = 0.0
        for group in facts.situations(t):
            own = {r: sum(self._own(m, f, r, k, t) for k in group) for r in usable}
            given = {r: sum(self._delegated(m, f, r, k, t) for k in group) for r in usable}
            units = sum((own[r] + given[r]) / ready[r] / shares[r] for r in usable)
            law = facts.delegable[m, f]
            if 0 < law < 1:
                least = min(ready[r] * shares[r] for r in usable)
                units += max(given.values()) / law / least
            most = max(most, units)
        if force.whole:
            # room for the ceilings of the tiers to let whole units in
            most = 2 * math.ceil(most - 1e-9) + 2 * len(usable) if most > 0 else 0.0
        return self._aim.generous * most

    def _widen_for_apportionment(self) -> None:
        """Apportionment may ask for power that no need asks for: a share of what all hold."""
        facts = self._facts
        rows = [row for row in facts.book.rows("apportionment") if row["member"] in facts.members]
        if not facts.joint or not rows:
            return
        ready = [tier["available_share"] for tier in facts.tiers.values()]
        weakest = min(share for share in ready if share > 0)
        wider = dict(self._needed)
        for c in facts.capabilities:
            least = {row["member"]: row.get("min_share", 0) for row in rows
                     if row["capability"] == c}  # fmt: skip
            most = {row["member"]: row.get("max_share", 1) for row in rows
                    if row["capability"] == c}  # fmt: skip
            if not least:
                continue
            rooms = [
                min(most.get(m, 1.0), 1 - sum(least.values()) + least.get(m, 0.0))
                for m in facts.members
            ]
            room = min((share for share in rooms if share > 0), default=1.0)
            power = sum(
                units * facts.output(m, f, c) * max(ready) for (m, f), units in self._needed.items()
            )
            for m, f in wider:
                output = facts.output(m, f, c)
                if output > 0:
                    wider[m, f] = max(wider[m, f], 2 * power / room / output / weakest)
        self._needed = wider

    # What resources allow

    def _bound_pair(self, m: str, f: str) -> None:
        facts, aim, force = self._facts, self._aim, self._facts.forces[f]
        kept = {t: facts.legacy[m, f, t] for t in facts.years}
        cut = 1 - sum(share for _, share in facts.price_cuts.get(f, []))
        needed = self._needed[m, f] if aim.lean else INF
        order: dict[int, float] = {}
        paid: dict[int, float] = {}
        for t in facts.years:
            if not facts.may_order(m, f, t):
                order[t] = 0.0
                continue
            price = facts.price(f, t) * cut
            worth = facts.discount[t] - facts.salvage(f, t) * facts.discount[facts.last]
            paid[t] = price * worth
            order[t] = min(
                needed,
                self._obtainable(f),
                _ratio(facts.budget(m, t), price),
                _ratio(aim.expenditure, paid[t]),
            )
        held: dict[int, float] = {}
        for t in facts.years:
            serving = [a for a in facts.in_service(f, t) if order[a] > 0]
            bought = min(sum(order[a] for a in serving), 2 * needed)
            if serving:
                bought = min(bought, _ratio(aim.expenditure, min(paid[a] for a in serving)))
            held[t] = min(kept[t] + bought, self._sustainable(m, f, t))
            if aim.base is not None and math.isfinite(aim.moves):
                held[t] = min(held[t], aim.base.get((m, f, t), 0.0) + aim.moves)
        for a in facts.years:
            service = [t for t in facts.years if a in facts.in_service(f, t)]
            order[a] = min([order[a], *(held[t] for t in service)])
        for t in facts.years:
            if force.whole:
                order[t], held[t] = _floor(order[t]), _floor(held[t])
            self._order[m, f, t], self._held[m, f, t] = order[t], held[t]

    def _obtainable(self, f: str) -> float:
        facts, force = self._facts, self._facts.forces[f]
        if force.imports is None:
            return INF
        own = sum(facts.capacity(m, f) for m in facts.members)
        added = sum(units for _, units in facts.adds.get(f, []))
        return own + len(facts.members) * force.imports + added

    def _sustainable(self, m: str, f: str, t: int) -> float:
        """Units that people, the ceiling of the year and the expenditure allow."""
        facts, force = self._facts, self._facts.forces[f]
        people = facts.member[m].get("personnel")
        cut = 1 - sum(share for _, share in facts.support_cuts.get(f, []))
        factor = min(tier["operating_factor"] for tier in facts.tiers.values())
        cost = facts.cost_index(m) * (force.operating * factor + force.support * cut)
        return min(
            _ratio(people, force.personnel),
            _ratio(facts.budget(m, t), cost),
            _ratio(self._aim.expenditure, cost * facts.discount[t]),
        )


def _ratio(most: float | None, each: float) -> float:
    """Most units at so much each; no bound where nothing is limited or each takes nothing."""
    return INF if most is None or each <= 1e-12 else max(0.0, most) / each


def _floor(units: float) -> float:
    return units if math.isinf(units) else math.floor(units + 1e-6)

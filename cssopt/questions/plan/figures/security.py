"""How safe: every need, how it comes about, what covers it, and what of all needs is missing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from cssopt.document.index_columns import tell_key
from cssopt.language import MET_TO
from cssopt.names import YEAR, key_parts
from cssopt.questions.plan.view import PlanView
from cssopt.solution.missing import find_measures
from cssopt.solution.missing_of_all import find_missing_of_all
from cssopt.solution.plain import ratio

_BRIDGE: Final = ("typed need", "growth of need", "each for itself", "overlap met once", "relieved")


@dataclass(frozen=True)
class NeedFigures:
    """A need in a year: how it comes about, and what covers it; power.

    ``typed + growth + apart + overlap + relieved = asked`` and
    ``own + lent + lost + short - surplus = asked``.

    Attributes
    ----------
    key: as the decision of what is missing has it. threat: its first part. year: of it.
    threat_name, what: for a reader: the threat, and the rest of the key without the year.
    capability, capability_name, day: the further parts, None where a model has other ones.
    measure: what a unit of it means. weight: by which a missing unit of it counts.
    apart: what each for itself needs more. overlap, relieved, lost: 0 or less.
    """

    key: tuple[Any, ...]
    threat: Any
    threat_name: str
    capability: Any
    capability_name: str
    day: float | None
    what: str
    year: int
    measure: str
    weight: float
    typed: float
    growth: float
    apart: float
    overlap: float
    relieved: float
    asked: float
    own: float
    lent: float
    lost: float
    short: float

    @property
    def surplus(self) -> float:
        """Power in place beyond what is asked for."""
        return max(0.0, self.own + self.lent + self.lost + self.short - self.asked)

    @property
    def share(self) -> float:
        """The missing part of it; 0 where nothing is asked for."""
        return self.short / self.asked if self.asked > 0 else 0.0

    @property
    def is_short(self) -> bool:
        """True where more is missing than is shown as met."""
        return self.share > MET_TO


@dataclass(frozen=True)
class Security:
    """All needs of a plan.

    Attributes
    ----------
    needs: in the order of the inputs, the years of each one after another.
    threats: names by code, in the order of the inputs. years: of the plan.
    of_alone, of_equal: the missing part of all needs of separate defences, and together as safe as
        alone; None where that was not worked out.
    """

    needs: tuple[NeedFigures, ...]
    threats: Mapping[Any, str]
    years: tuple[int, ...]
    of_alone: float | None = None
    of_equal: float | None = None

    @cached_property
    def worst(self) -> dict[tuple[Any, int], float]:
        """By threat and year, the largest missing part of any of its needs; years in which nothing
        is asked for are missing."""
        found: dict[tuple[Any, int], float] = {}
        for need in self.needs:
            if need.asked > 0:
                place = need.threat, need.year
                found[place] = max(found.get(place, 0.0), need.share)
        return found

    @property
    def missing_of_all(self) -> float:
        """Missing part of all needs, weighted; nan where nothing is asked for."""
        return _missing_of(self.needs)

    @property
    def missing_by_year(self) -> dict[int, float]:
        """The same of each year."""
        return {t: _missing_of(n for n in self.needs if n.year == t) for t in self.years}

    @property
    def short(self) -> list[NeedFigures]:
        """Needs that are not met, in their order."""
        return [need for need in self.needs if need.is_short]

    @property
    def short_years(self) -> list[int]:
        """Years in which any need is not met."""
        return sorted({need.year for need in self.short})

    def short_in(self, threat: Any) -> list[int]:
        """Years in which a threat is not met."""
        return [t for t in self.years if self.worst.get((threat, t), 0.0) > MET_TO]

    @property
    def met_from(self) -> int | None:
        """The first year from which on everything is met to the end; None where there is none."""
        bad = [need.year for need in self.short]
        if not bad:
            return self.years[0]
        return max(bad) + 1 if max(bad) < self.years[-1] else None

    @property
    def never_met(self) -> list[Any]:
        """Threats that are short in every year in which they ask for anything."""
        found = []
        for threat in self.threats:
            asking = [t for t in self.years if (threat, t) in self.worst]
            if asking and len(self.short_in(threat)) == len(asking):
                found.append(threat)
        return found

    @property
    def largest(self) -> NeedFigures | None:
        """The need with the largest missing part once the members act together, or at all; None
        where all are met."""
        short = self.short
        together = [n for n in short if n.overlap < 0] or short
        return max(together, key=lambda need: need.share, default=None)


def _missing_of(needs: Iterable[NeedFigures]) -> float:
    needs = list(needs)
    short = math.fsum(need.weight * need.short for need in needs)
    return ratio(short, math.fsum(need.weight * need.asked for need in needs))


def find_security(view: PlanView) -> Security:
    """The needs of a plan that there is."""
    plan, accounts = view.plan, view.plan.accounts
    need, quantities = plan.study.require_need(), plan.quantities
    assert quantities is not None
    indices = quantities.find(need.missing).index_names
    places = {index: place for place, index in enumerate(indices)}
    kind, year = places[need.kind], places[YEAR]
    rest = [index for index in indices if index not in (need.asks, YEAR)]
    measures, names = find_measures(plan.data, need), view.names
    own, lent = (_by_need(accounts[a]) for a in ("covered by own", "covered by lent"))
    asked = plan.asked
    found = []
    for key, short in plan.missing.items():
        threat, capability = key[places[need.asks]], key[kind]
        typed, growth, apart, overlap, relieved = (accounts[n].get(key, 0.0) for n in _BRIDGE)
        left = [key[places[index]] for index in rest]
        days = [key[places[i]] for i in rest if i != need.kind]
        found.append(
            NeedFigures(
                key,
                threat,
                names.get(need.asks, {}).get(threat, str(threat)),
                capability,
                names.get(need.kind, {}).get(capability, str(capability)),
                float(days[0]) if len(days) == 1 and isinstance(days[0], int | float) else None,
                tell_key(rest, left, names),
                key[year],
                measures.get(capability, ""),
                accounts["weight of need"].get(key, 0.0),
                typed,
                growth,
                apart,
                overlap,
                relieved,
                asked.get(key, 0.0),
                own.get(key, 0.0),
                lent.get(key, 0.0),
                accounts["lost without command"].get(key, 0.0),
                short,
            )
        )
    threats = dict.fromkeys(one.threat for one in found)
    baseline = view.baseline
    alone = [] if baseline is None else list(baseline.alone.values())
    equal = None if baseline is None else baseline.equal
    return Security(
        tuple(found),
        {k: names.get(need.asks, {}).get(k, str(k)) for k in threats},
        tuple(view.years),
        find_missing_of_all(alone) if alone and all(p.has_plan for p in alone) else None,
        find_missing_of_all([equal]) if equal is not None and equal.has_plan else None,
    )


def find_own_security(view: PlanView, security: Security, party: str) -> Security:
    """The needs of which a part falls on a party."""
    danger = view.plan.accounts["danger"]
    own = tuple(need for need in security.needs if danger.get((party, *need.key), 0.0) > 0)
    kept = {need.threat for need in own}
    threats = {k: name for k, name in security.threats.items() if k in kept}
    return Security(own, threats, security.years)


def _by_need(amounts: Mapping[Any, float]) -> dict[Any, float]:
    """Amounts by party and need, added up over the parties."""
    found: dict[Any, float] = {}
    for key, amount in amounts.items():
        _, *need = key_parts(key)
        found[tuple(need)] = found.get(tuple(need), 0.0) + amount
    return found

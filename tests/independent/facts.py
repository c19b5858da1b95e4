"""What a book means for a coalition: every number that the formulation works out beforehand.

Sections 1, 2 and the parameters of section 4. Names are those of the formulation; t is a year.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .sheets import Book, Row

Need = tuple[str, str, float, int]
"""Threat, capability, response day, year."""


@dataclass(frozen=True)
class Force:
    """A kind of force, blanks filled; `price` is None where it cannot be bought."""

    code: str
    personnel: float
    operating: float
    support: float
    price: float | None
    price_growth: float
    line_cost: float
    fleet_cost: float
    lead: int
    life: int
    tech: float
    load: float
    whole: bool
    imports: float | None
    disposal: float


class Facts:
    """The numbers of a coalition; `members` keeps the order of the book."""

    def __init__(self, book: Book, coalition: Sequence[str]):
        self.book = book
        settings = book.settings
        self.first, self.last = int(settings["first_year"]), int(settings["last_year"])
        self.years = list(range(self.first, self.last + 1))
        self.discount = {
            t: (1 + settings["discount_rate"]) ** -(t - self.first) for t in self.years
        }
        self.unintegrated = float(settings.get("unintegrated_power", 1))
        self.residual = float(settings.get("residual_share", 1))
        self.penalty: float | None = settings.get("shortfall_penalty")
        every = book.keyed("members", "member")
        unknown = set(coalition) - set(every)
        assert not unknown, unknown
        self.member: dict[str, Row] = {m: row for m, row in every.items() if m in coalition}
        self.members = list(self.member)
        self.joint = len(self.members) > 1
        self.forces = {row["force"]: _read_force(row) for row in book.rows("forces")}
        self.tiers = book.keyed("readiness", "tier")
        self.capabilities = book.keyed("capabilities", "capability")
        self.priority = {row["threat"]: float(row.get("priority", 1))
                         for row in book.rows("threats")}  # fmt: skip
        self._read_units()
        self._read_movement()
        self._read_threats()
        self._read_law()
        self._read_institutions()

    # Units

    def _read_units(self) -> None:
        stock = self.book.keyed("inventory", "member", "force")
        self.power = {
            (row["force"], row["capability"]): float(row["power"])
            for row in self.book.rows("power")
            if row["power"] > 0
        }
        self.quality = {
            (m, f): float(stock.get((m, f), {}).get("quality", 1))
            for m in self.members
            for f in self.forces
        }
        self.legacy: dict[tuple[str, str, int], float] = {}
        for m in self.members:
            for f, force in self.forces.items():
                row = stock.get((m, f))
                for t in self.years:
                    units = 0.0
                    if row is not None:
                        age = (t - self.first) / row.get("remaining_life", math.inf)
                        units = row["units"] * max(0.0, 1 - age)
                    self.legacy[m, f, t] = math.floor(units + 1e-9) if force.whole else units

    def output(self, m: str, f: str, c: str) -> float:
        """Power of a unit of the member: `power * quality`."""
        return self.power.get((f, c), 0.0) * self.quality[m, f]

    def price(self, f: str, t: int) -> float:
        """Procurement cost of a unit ordered in t, before cuts."""
        force = self.forces[f]
        assert force.price is not None
        return float(force.price * (1 + force.price_growth) ** (t - self.first))

    def salvage(self, f: str, t: int) -> float:
        """The share of what was paid for an order of t that is credited at the end."""
        force = self.forces[f]
        left = max(0, t + force.lead + force.life - 1 - self.last)
        return self.residual * left / force.life

    def in_service(self, f: str, t: int) -> list[int]:
        """The years in which an order that is in service in t was placed."""
        force = self.forces[f]
        return [a for a in self.years if a + force.lead <= t <= a + force.lead + force.life - 1]

    def may_order(self, m: str, f: str, t: int) -> bool:
        """True where orders exist: in time, with a price, mastered or unlocked by a programme."""
        force = self.forces[f]
        mastered = self.member[m].get("tech_level", 0) >= force.tech
        return (
            force.price is not None
            and t + force.lead <= self.last
            and (mastered or bool(self.unlocks.get(f)))
        )

    def needs_unlock(self, m: str, f: str) -> bool:
        """True for a member below the force's technology."""
        return bool(self.member[m].get("tech_level", 0) < self.forces[f].tech)

    def cost_index(self, m: str) -> float:
        """Its price level."""
        return float(self.member[m].get("cost_index", 1))

    # Where and how fast

    def _read_movement(self) -> None:
        rows = self.book.keyed("movement", "member", "theatre")
        self.transit: dict[tuple[str, str], tuple[float, float]] = {}
        for m in self.members:
            home = self.member[m].get("home_theatre")
            if home is not None:
                self.transit[m, home] = (0.0, 0.0)
        for (m, h), row in rows.items():
            if m in self.member:
                self.transit[m, h] = (float(row["transit_days"]), float(row["cost_per_load"]))

    def arrival(self, m: str, r: str, k: str) -> float:
        """Day by which units of a tier are in place against a threat; inf: never."""
        days, _ = self.transit.get((m, self.theatre[k]), (math.inf, 0.0))
        return float(self.tiers[r]["notice_days"] + days)

    # Threats

    def _read_threats(self) -> None:
        shares: dict[str, dict[str, float]] = defaultdict(dict)
        for row in self.book.rows("exposure"):
            shares[row["threat"]][row["member"]] = float(row["share"])
        self.theatre, self.likelihood, self.cap = {}, {}, {}
        self.active: dict[str, list[int]] = {}
        self.exposure: dict[tuple[str, str], float] = {}
        self.tot: dict[str, float] = {}
        for row in self.book.rows("threats"):
            k = row["threat"]
            exposed = {m: shares[k].get(m, 0.0) if k in shares else 1.0 for m in self.members}
            total = sum(exposed.values())
            if total <= 0:
                continue
            self.tot[k] = total
            self.exposure |= {(k, m): share for m, share in exposed.items()}
            self.theatre[k] = row["theatre"]
            self.likelihood[k] = float(row.get("likelihood", 1))
            self.cap[k] = float(row.get("non_military_cap", 0))
            begin = max(self.first, row.get("first_year", self.first))
            end = min(self.last, row.get("last_year", self.last))
            self.active[k] = [t for t in self.years if begin <= t <= end]
        self.threats = list(self.tot)
        self.full: dict[Need, float] = {}
        self.days: dict[tuple[str, str], list[float]] = defaultdict(list)
        for row in self.book.rows("requirements"):
            k, c, d = row["threat"], row["capability"], row["day"]
            if k not in self.tot or row["level"] <= 0:
                continue
            self.days[k, c].append(d)
            for t in self.active[k]:
                growth = (1 + row.get("growth", 0)) ** (t - self.first)
                self.full[k, c, d, t] = row["level"] * growth
        self.needs = list(self.full)

    def cover(self, k: str) -> float:
        """How much of a requirement the coalition must meet together."""
        return min(1.0, self.tot[k])

    def own_share(self, k: str, m: str) -> float:
        """The member's own part of a requirement in years that are pooled."""
        return self.exposure[k, m] / max(1.0, self.tot[k])

    def weight(self, need: Need) -> float:
        """Priority of the threat times the shortfall weight of the capability."""
        k, c, _, _ = need
        return self.priority[k] * float(self.capabilities[c].get("shortfall_weight", 1))

    def serves(self, m: str, f: str, r: str, k: str) -> bool:
        """True where some required capability is served in time by that force at that tier."""
        return self._serves[m, f, r, k]

    @cached_property
    def _serves(self) -> dict[tuple[str, str, str, str], bool]:
        return {
            (m, f, r, k): any(
                (f, c) in self.power and any(self.arrival(m, r, k) <= d for d in days)
                for (of, c), days in self.days.items()
                if of == k
            )
            for m in self.members
            for f in self.forces
            for r in self.tiers
            for k in self.threats
        }

    def situations(self, t: int) -> list[list[str]]:
        """Sets of active threats that may arise at the same time in t."""
        rows = self.book.rows("situations")
        if not rows:
            sets = [list(self.threats)]
        else:
            named: dict[str, list[str]] = defaultdict(list)
            for row in rows:
                named[row["situation"]].append(row["threat"])
            in_some = {k for group in named.values() for k in group}
            sets = [*named.values(), *([k] for k in self.threats if k not in in_some)]
        active = [[k for k in group if k in self.tot and t in self.active[k]] for group in sets]
        return [group for group in active if group]

    # Law

    def _read_law(self) -> None:
        rows = self.book.keyed("legislation", "member", "force")
        self.delegable: dict[tuple[str, str], float] = {}
        for m in self.members:
            for f in self.forces:
                row = rows.get((m, f)) or rows.get((m, "*")) or {}
                self.delegable[m, f] = float(row.get("delegable_share", 1))
        self.caveats = set(self.book.keyed("caveats", "member", "threat"))

    # Institutions

    def _read_institutions(self) -> None:
        book = self.book
        self.bodies = book.keyed("bodies", "body") if self.joint else {}
        every = book.keyed("activities", "activity")
        self.activities = (
            {a: row for a, row in every.items() if row.get("member", None) in {None, *self.members}}
            if self.joint
            else {}
        )
        gated = {row["programme"] for row in every.values() if "programme" in row}
        self.programmes = {
            p: row
            for p, row in book.keyed("programmes", "programme").items()
            if self.joint or p not in gated
        }
        self.after = [
            (row["activity"], row["after"])
            for row in book.rows("precedence")
            if row["activity"] in self.activities and row["after"] in self.activities
        ]
        effects: dict[str, dict[str, list[tuple[str, float]]]] = {
            kind: defaultdict(list) for kind in ("unlock", "capacity", "price_cut", "support_cut")
        }
        for row in book.rows("programme_effects"):
            if row["programme"] in self.programmes:
                effects[row["effect"]][row["force"]].append(
                    (row["programme"], float(row.get("value", 0)))
                )
        self.unlocks, self.adds = dict(effects["unlock"]), dict(effects["capacity"])
        self.price_cuts = dict(effects["price_cut"])
        self.support_cuts = dict(effects["support_cut"])
        self.measures = {
            x: row
            for x, row in book.keyed("measures", "measure").items()
            if self.joint or "body" not in row
        }

    def opening(self, column: str, code: str) -> list[str]:
        """Activities that name a member, body or programme."""
        return [a for a, row in self.activities.items() if row.get(column) == code]

    @property
    def integration(self) -> str | None:
        """The body of role integration, for a coalition that can have one."""
        return next((b for b, row in self.bodies.items() if row["role"] == "integration"), None)

    @property
    def has_integration(self) -> bool:
        """True where the workbook has a body of role integration."""
        return any(row["role"] == "integration" for row in self.book.rows("bodies"))

    # Money

    def capacity(self, m: str, f: str) -> float:
        """Units a year that the member's own industry delivers."""
        return float(self._capacity.get((m, f), {}).get("capacity", 0))

    @cached_property
    def _capacity(self) -> dict[Any, Row]:
        return self.book.keyed("industry", "member", "force")

    def gdp(self, m: str, t: int) -> float:
        """Gross domestic product of a year."""
        row = self.member[m]
        return float(row["gdp"] * (1 + row.get("gdp_growth", 0)) ** (t - self.first))

    def key(self, m: str, t: int) -> float:
        """The member's share of common costs: GDP of the year times its weight."""
        if not self.joint:
            return 1.0
        weights = {n: self.gdp(n, t) * self.member[n].get("common_weight", 1) for n in self.members}
        return float(weights[m] / sum(weights.values()))

    @cached_property
    def _budgets(self) -> dict[Any, Row]:
        return self.book.keyed("budgets", "member", "year")

    def budget(self, m: str, t: int) -> float | None:
        """The ceiling of a member's outlay in a year, or None."""
        row = self._budgets.get((m, t))
        if row is not None:
            return row.get("budget")
        share = self.member[m].get("budget_share")
        return None if share is None else self.gdp(m, t) * share


def _read_force(row: Row) -> Force:
    whole = row.get("whole", False)
    if isinstance(whole, str):
        whole = whole.strip().upper() == "TRUE"
    return Force(
        code=row["force"],
        personnel=float(row["personnel"]),
        operating=float(row["operating_cost"]),
        support=float(row.get("support_cost", 0)),
        price=row.get("procurement_cost"),
        price_growth=float(row.get("price_growth", 0)),
        line_cost=float(row.get("programme_cost", 0)),
        fleet_cost=float(row.get("fleet_cost", 0)),
        lead=int(row.get("lead_time", 0)),
        life=int(row["service_life"]),
        tech=float(row.get("tech_level", 0)),
        load=float(row.get("load", 1)),
        whole=bool(whole),
        imports=row.get("max_imports"),
        disposal=float(row.get("disposal_cost", 0)),
    )

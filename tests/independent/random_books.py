"""Random books of all kinds, by seed: small enough to be solved in a fraction of a second.

Values are odd on purpose: blanks beside zeros, units that outlive their force, threats outside the
horizon, threats that spare a member, ceilings that bind and ceilings that do not.
"""

from __future__ import annotations

import random
from typing import Any

Rows = list[list[Any]]

KINDS = (
    "core", "whole", "lines", "industry", "overlap", "bodies", "programmes", "measures",
    "apportioned", "everything",
)  # fmt: skip
"""What a book is about; every one has the sheets of the core too."""

_WITH = {
    "core": "",
    "whole": "whole",
    "lines": "lines fleets",
    "industry": "industry whole",
    "overlap": "overlap bodies treaty industry",
    "bodies": "bodies staff treaty national",
    "programmes": "programmes industry lines",
    "measures": "measures bodies overlap",
    "apportioned": "apportionment fleets",
    "everything": "whole lines fleets industry overlap bodies staff treaty national programmes "
    "measures apportionment common",
}


def kind_of(seed: int) -> str:
    """What the book of a seed is about."""
    return KINDS[seed % len(KINDS)]


def make_random_book(seed: int, scale: float = 1.0) -> dict[str, Rows]:
    """The book of a seed; `scale` is a factor on all levels of its requirements."""
    return _Maker(seed, scale).make()


class _Maker:
    def __init__(self, seed: int, scale: float):
        self.kind, self.scale = kind_of(seed), scale
        self.chance = random.Random(seed)
        self.has = set(_WITH[self.kind].split())
        large = self.kind in {"everything", "bodies"}
        self.members = [f"M{i}" for i in range(self.chance.randint(2, 3 if large else 4))]
        forces = ["brigade", "squadron", "frigate", "drone"]
        self.forces = forces[: self.chance.randint(2, 3 if large else 4)]
        self.capabilities = ["land", "air"][: self.chance.randint(1, 2)]
        self.theatres = ["E", "S"]
        self.threats = ["east", "south", "sea"][: self.chance.randint(1, 2 if large else 3)]
        self.first = 2030
        self.last = self.first + self.chance.randint(2, 3 if large else 4)
        self.penalised = self.chance.random() < 0.5

    def maybe(self, odds: float, value: Any, otherwise: Any = None) -> Any:
        return value if self.chance.random() < odds else otherwise

    def number(self, low: float, high: float, digits: int = 2) -> float:
        return round(self.chance.uniform(low, high), digits)

    def make(self) -> dict[str, Rows]:
        sheets = {
            "settings": self.settings(),
            "members": self.member_rows(),
            "theatres": [["theatre", "name"], *([h, h] for h in self.theatres)],
            "capabilities": self.capability_rows(),
            "forces": self.force_rows(),
            "power": self.power_rows(),
            "inventory": self.inventory(),
            "readiness": self.readiness(),
            "movement": self.movement(),
            "threats": self.threat_rows(),
            "requirements": self.requirements(),
            "situations": self.situations(),
            "legislation": self.legislation(),
            "caveats": self.caveats(),
            "budgets": self.budgets(),
        }
        if "overlap" in self.has or self.chance.random() < 0.4:
            sheets["exposure"] = self.exposure()
        if "industry" in self.has:
            sheets["industry"] = self.industry()
        if "bodies" in self.has:
            sheets["bodies"] = self.bodies()
        if "programmes" in self.has:
            sheets |= self.programmes()
        if "measures" in self.has:
            sheets |= self.measures()
        if self.has & {"treaty", "national"}:
            sheets |= self.activities("programmes" in sheets)
        if "apportionment" in self.has:
            sheets["apportionment"] = self.apportionment()
        if "common" in self.has:
            sheets["common_budgets"] = [["year", "budget"],
                                        *([t, self.number(15, 80)] for t in self.years()
                                          if self.chance.random() < 0.3)]  # fmt: skip
        return sheets

    def years(self) -> range:
        return range(self.first, self.last + 1)

    # The core

    def settings(self) -> Rows:
        rows: Rows = [
            ["name", "value"], ["title", "Random"], ["currency", "EUR"], ["price_year", 2030],
            ["first_year", self.first], ["last_year", self.last],
            ["discount_rate", self.chance.choice([0, 0.03, 0.1])],
        ]  # fmt: skip
        if self.penalised:
            rows.append(["shortfall_penalty", self.number(5, 150)])
        if "bodies" in self.has:
            rows.append(["unintegrated_power", self.chance.choice([None, 0.5, 0.8, 0.95])])
        return rows

    def member_rows(self) -> Rows:
        rows: Rows = [["member", "name", "home_theatre", "gdp", "gdp_growth", "population",
                       "budget_share", "personnel", "tech_level", "cost_index",
                       "common_weight"]]  # fmt: skip
        for m in self.members:
            rows.append([
                m, m, self.chance.choice([*self.theatres, None]), self.chance.randint(200, 1500),
                self.maybe(0.5, self.number(-0.03, 0.05)), 1,
                self.maybe(0.3, self.number(0.02, 0.15, 3)),
                self.maybe(0.4, self.number(8, 40, 1)),
                self.maybe(0.7, self.chance.randint(0, 2)), self.maybe(0.7, self.number(0.6, 1.5)),
                self.maybe(0.2, self.number(0.3, 2)),
            ])  # fmt: skip
        return rows

    def capability_rows(self) -> Rows:
        return [
            ["capability", "name", "measure", "max_member_share", "shortfall_weight"],
            *(
                [c, c, "power", self.maybe(0.4, self.number(0.2, 0.7)),
                 self.maybe(0.5, self.number(0.5, 2))]
                for c in self.capabilities
            ),
        ]  # fmt: skip

    def force_rows(self) -> Rows:
        rows: Rows = [["force", "name", "personnel", "operating_cost", "support_cost",
                       "procurement_cost", "price_growth", "programme_cost", "fleet_cost",
                       "lead_time", "service_life", "tech_level", "load", "whole",
                       "max_imports"]]  # fmt: skip
        for f in self.forces:
            line = "lines" in self.has and self.chance.random() < 0.6
            fleet = "fleets" in self.has and self.chance.random() < 0.6
            rows.append([
                f, f, self.chance.choice([0, 1, self.number(0.5, 4)]), self.number(0.5, 12),
                self.maybe(0.6, self.number(0, 4)), self.maybe(0.8, self.number(5, 40)),
                self.maybe(0.5, self.number(-0.05, 0.08)),
                self.number(5, 60) if line else None, self.number(0.5, 8) if fleet else None,
                self.maybe(0.5, self.chance.randint(0, 2)), self.chance.randint(1, 8),
                self.maybe(0.5, self.chance.randint(0, 2)), self.maybe(0.5, self.number(0.5, 3)),
                self.maybe(0.6, True) if "whole" in self.has else None,
                self.maybe(0.7, self.number(0.3, 3)) if "industry" in self.has
                else self.maybe(0.1, self.number(1, 4)),
            ])  # fmt: skip
        return rows

    def power_rows(self) -> Rows:
        rows: Rows = [["force", "capability", "power"]]
        for place, f in enumerate(self.forces):
            main = self.capabilities[place % len(self.capabilities)]
            for c in self.capabilities:
                if c == main:
                    rows.append([f, c, self.number(0.6, 1.6)])
                elif self.chance.random() < 0.3:
                    rows.append([f, c, self.number(0, 0.6)])
        return rows

    def inventory(self) -> Rows:
        rows: Rows = [["member", "force", "units", "remaining_life", "quality"]]
        for m in self.members:
            for f in self.forces:
                if self.chance.random() < 0.75:
                    units = self.maybe(0.6, float(self.chance.randint(0, 6)), self.number(0, 6))
                    life = self.chance.choice([None, None, 0.5, 3, 4.5, 8])
                    quality = self.maybe(0.5, self.number(0.7, 1.25))
                    rows.append([m, f, units, life, quality])
        return rows

    def readiness(self) -> Rows:
        rows: Rows = [["tier", "notice_days", "operating_factor", "available_share", "max_share"]]
        rows.append(["high", 5, self.number(1.1, 1.6), self.number(0.7, 1),
                     self.maybe(0.5, self.number(0.3, 0.8))])  # fmt: skip
        if self.chance.random() < 0.8:
            rows.append(["low", 40, self.number(0.5, 1), self.number(0.4, 0.9), None])
        elif rows[1][4] is not None:
            rows[1][4] = None
        return rows

    def movement(self) -> Rows:
        rows: Rows = [["member", "theatre", "transit_days", "cost_per_load"]]
        for m in self.members:
            for h in self.theatres:
                if self.chance.random() < 0.75:
                    rows.append([m, h, self.chance.choice([0, 5, 20, 60]), self.number(0, 1.5)])
        return rows

    def threat_rows(self) -> Rows:
        rows: Rows = [["threat", "name", "theatre", "kind", "first_year", "last_year",
                       "likelihood", "priority", "non_military_cap"]]  # fmt: skip
        for k in self.threats:
            rows.append([
                k, k, self.chance.choice(self.theatres), "political-military",
                self.maybe(0.3, self.first + self.chance.randint(-2, 1)),
                self.maybe(0.2, self.last + self.chance.randint(-1, 2)),
                self.maybe(0.6, self.number(0.05, 1)), self.maybe(0.5, self.number(0.5, 5)),
                self.number(0.2, 0.6) if "measures" in self.has else self.maybe(0.2, 0.3),
            ])  # fmt: skip
        return rows

    def requirements(self) -> Rows:
        rows: Rows = [["threat", "capability", "day", "level", "growth"]]
        for k in self.threats:
            for c in self.capabilities:
                for d in self.chance.choice([[30], [90], [30, 90], [10, 60]]):
                    if self.chance.random() < 0.85:
                        level = self.number(1, 7) * self.scale
                        rows.append([k, c, d, level, self.maybe(0.5, self.number(-0.1, 0.1))])
        if len(rows) == 1:
            rows.append([self.threats[0], self.capabilities[0], 60, 4.0 * self.scale, None])
        return rows

    def exposure(self) -> Rows:
        rows: Rows = [["threat", "member", "share"]]
        for k in self.threats:
            if self.chance.random() < 0.7:
                for m in self.members:
                    if self.chance.random() < 0.8:
                        low = 0.4 if "overlap" in self.has else 0.0
                        rows.append([k, m, self.number(low, 1)])
        return rows

    def situations(self) -> Rows:
        head = ["situation", "threat"]
        return self.chance.choice([
            [head],
            [head, *(["all", k] for k in self.threats)],
            [head, ["one", self.threats[0]]],
            [head, *(["pair", k] for k in self.threats[:2]), ["last", self.threats[-1]]],
        ])  # fmt: skip

    def legislation(self) -> Rows:
        rows: Rows = [["member", "force", "delegable_share"]]
        for m in self.members:
            if self.chance.random() < 0.4:
                rows.append([m, "*", self.number(0.2, 1)])
            if self.chance.random() < 0.2:
                rows.append([m, self.chance.choice(self.forces), self.maybe(0.7, 0.5, 0)])
        return rows

    def caveats(self) -> Rows:
        return [["member", "threat"], *([m, k] for m in self.members for k in self.threats
                                        if self.chance.random() < 0.1)]  # fmt: skip

    def budgets(self) -> Rows:
        return [
            ["member", "year", "budget"],
            *(
                [m, t, self.maybe(0.7, self.number(10, 120))]
                for m in self.members
                for t in self.years()
                if self.chance.random() < 0.1
            ),
        ]

    # What kinds add

    def industry(self) -> Rows:
        return [["member", "force", "capacity"],
                *([m, f, self.number(0, 1.5)] for m in self.members for f in self.forces
                  if self.chance.random() < 0.5)]  # fmt: skip

    def bodies(self) -> Rows:
        rows: Rows = [["body", "name", "kind", "setup_cost", "annual_cost", "staff",
                       "max_member_share", "post_cost", "role"]]  # fmt: skip
        for b, role in (("council", "delegation"), ("command", "integration"),
                        ("forum", "consultation")):  # fmt: skip
            if role == "consultation" or self.chance.random() < 0.75:
                staff = self.number(0.5, 4) if "staff" in self.has else 0
                share = self.number(0.5, 0.9) if staff else 1
                rows.append([b, b, "political", self.number(0, 8), self.number(0, 3), staff, share,
                             self.number(0, 0.8), role])  # fmt: skip
        return rows

    def programmes(self) -> dict[str, Rows]:
        rows: Rows = [["programme", "name", "kind", "duration", "annual_cost", "earliest_year"]]
        for p in ("P", "Q"):
            rows.append([p, p, "research", self.chance.randint(0, 2), self.number(0.5, 6),
                         self.maybe(0.3, self.first + 1)])  # fmt: skip
        effects: Rows = [["programme", "force", "effect", "value"]]
        for p in ("P", "Q"):
            for effect in ("unlock", "capacity", "price_cut", "support_cut"):
                if self.chance.random() < 0.5:
                    value = {"unlock": None, "capacity": self.number(0.5, 2)}.get(
                        effect, self.number(0.1, 0.45)
                    )
                    effects.append([p, self.chance.choice(self.forces), effect, value])
        return {"programmes": rows, "programme_effects": effects}

    def measures(self) -> dict[str, Rows]:
        rows: Rows = [
            ["measure", "name", "annual_cost", "body"],
            ["talks", "talks", self.number(0.5, 8), self.maybe(0.6, "forum")],
            ["aid", "aid", self.number(0.5, 8), None],
        ]
        effects: Rows = [["measure", "threat", "effect"]]
        effects += [[x, k, self.number(0.1, 0.7)] for x in ("talks", "aid") for k in self.threats
                    if self.chance.random() < 0.7]  # fmt: skip
        return {"measures": rows, "effects": effects}

    def activities(self, programmes: bool) -> dict[str, Rows]:
        rows: Rows = [["activity", "name", "stage", "kind", "duration", "annual_cost",
                       "earliest_year", "member", "body", "programme"]]  # fmt: skip

        def add(name: str, kind: str, member: Any, body: Any = None, programme: Any = None) -> None:
            rows.append([name, name, 1, kind, self.chance.randint(0, 1), self.number(0, 3),
                         self.maybe(0.1, self.first + 1), member, body, programme])  # fmt: skip

        if "treaty" in self.has and self.chance.random() < 0.8:
            add("treaty", "treaty", self.maybe(0.2, self.members[-1]))
        if "national" in self.has:
            for m in self.members:
                if self.chance.random() < 0.5:
                    add(f"ratify {m}", "legislation", m)
        if self.chance.random() < 0.5:
            add("found", "body", self.maybe(0.2, self.members[0]), "forum")
        if programmes and self.chance.random() < 0.5:
            add("fund", "funding", None, None, "P")
        names = [row[0] for row in rows[1:]]
        after: Rows = [["activity", "after"]]
        after += [[later, earlier] for place, later in enumerate(names)
                  for earlier in names[:place] if self.chance.random() < 0.3]  # fmt: skip
        return {"activities": rows, "precedence": after}

    def apportionment(self) -> Rows:
        rows: Rows = [["member", "capability", "min_share", "max_share"]]
        for c in self.capabilities:
            m = self.chance.choice(self.members)
            rows.append([m, c, self.maybe(0.6, self.number(0.05, 0.2)),
                         self.maybe(0.5, self.number(0.5, 0.9))])  # fmt: skip
        return rows

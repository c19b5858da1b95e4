"""Made-up alliances of any size, as workbooks: ILLUSTRATIVE, for timings and tests only.

`build_alliance` has what real alliances have: law and caveats, bodies, joint programmes, activities
that come one after another, budgets of each year, measures short of war. `build_plain_alliance` has
forces, threats and money alone. Both are drawn by a seed, and the same each time.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

Sheets = dict[str, list[list[Any]]]
FIRST: Final = 2026

NAMES: Final = (
    "Arvenia",
    "Belmora",
    "Cadria",
    "Dunmark",
    "Estovar",
    "Falkenau",
    "Garvia",
    "Hollmark",
    "Istelia",
    "Jorvania",
    "Kestria",
    "Lorvia",
    "Meridon",
    "Norvik",
    "Ostramark",
    "Pellasia",
    "Quillon",
    "Rosmark",
    "Sarvia",
    "Tavria",
    "Urmland",
    "Valdor",
    "Westfold",
    "Xantia",
    "Yarrowmark",
    "Zelmark",
    "Aldmoor",
    "Brevia",
    "Corvland",
    "Dravia",
    "Elmaria",
    "Fjordmark",
)
"""Invented: nobody is meant."""

# name, personnel, operating, support, procurement, price growth, lead time, service life,
# technical level, load, imports a year, units of a member with a GDP of a million million, and
# where units are whole the costs of a line and of a fleet
FORCES: Final = {
    "LBR": ("Light brigade", 3.2, 220, 30, 700, 0.005, 2, 25, 0, 5, None, 1.2, None, None),
    "MBR": ("Mechanized brigade", 4.4, 400, 60, 2600, 0.01, 3, 25, 1, 12, 0.1, 1.6, None, None),
    "ABR": ("Armored brigade", 4.6, 500, 80, 3800, 0.01, 4, 30, 2, 15, 0.1, 1.2, 900, None),
    "ART": ("Rocket brigade", 1.8, 170, 25, 1300, 0.01, 3, 25, 1, 5, 0.1, 1.0, None, None),
    "FS4": ("Fighter squadron, older", 0.5, 125, 30, 1600, 0.01, 4, 30, 2, 2, 0.05, 3.2, None, 25),
    "FS5": ("Fighter squadron, newer", 0.55, 170, 45, 2100, 0.015, 5, 30, 3, 2, 0.1, 1.0, 1500, 40),
    "ADB": ("Air defense, long range", 0.15, 32, 8, 900, 0.01, 4, 25, 3, 2, 0.1, 2.8, 1200, 12),
    "SHO": ("Air defense, short range", 0.1, 13, 3, 180, 0.005, 2, 20, 1, 1, 0.2, 1.6, None, None),
    "FRG": ("Frigate", 0.2, 55, 15, 950, 0.01, 5, 30, 2, 1, 0.05, 4.4, None, 20),
    "SUB": ("Submarine", 0.08, 65, 20, 1150, 0.015, 7, 30, 3, 1, 0.03, 2.6, None, 35),
    "TSQ": ("Transport squadron", 0.4, 85, 20, 1300, 0.01, 4, 30, 2, 1, 0.1, 2.0, None, 15),
    "DRN": ("Drone battalion", 0.4, 26, 6, 160, -0.01, 1, 8, 1, 1, 0.3, 1.2, 150, None),
    "LOG": ("Logistics brigade", 2.4, 105, 15, 420, 0.005, 2, 25, 0, 6, None, 1.8, None, None),
    "CYB": ("Cyber team", 0.2, 20, 4, 60, 0.01, 1, 12, 1, 0, None, 1.4, None, None),
}  # fmt: skip
AGES: Final = {"LBR": None, "LOG": None, "CYB": None, "DRN": 8, "FS5": 28}
"""Years over which the units of the inventory leave; of all others 18."""
POWER: Final[dict[str, dict[str, float]]] = {
    "LBR": {"LAND": 0.55, "ISR": 0.05},
    "MBR": {"LAND": 1, "FIRES": 0.1, "AMD": 0.05},
    "ABR": {"LAND": 1.5, "FIRES": 0.15},
    "ART": {"FIRES": 1},
    "FS4": {"AIR": 1, "AMD": 0.3, "FIRES": 0.3, "ISR": 0.1},
    "FS5": {"AIR": 1.8, "AMD": 0.4, "FIRES": 0.5, "ISR": 0.4},
    "ADB": {"AMD": 1},
    "SHO": {"AMD": 0.35},
    "FRG": {"SEA": 1, "AMD": 0.4, "ISR": 0.1},
    "SUB": {"SEA": 1.2, "ISR": 0.3, "FIRES": 0.1},
    "TSQ": {"SUST": 0.6},
    "DRN": {"ISR": 1, "FIRES": 0.25},
    "LOG": {"SUST": 1},
    "CYB": {"CYB": 1, "ISR": 0.1},
}
# name, what a unit of power is, the largest part of one member, the weight of what is missing
CAPABILITIES: Final = {
    "LAND": ("Land combat", "mechanized brigades", 0.4, 1),
    "FIRES": ("Long fires", "rocket brigades", 0.5, 1),
    "AIR": ("Air combat", "squadrons", 0.5, 1),
    "AMD": ("Air and missile defense", "batteries", 0.4, 1.2),
    "SEA": ("Sea control", "frigates", 0.5, 0.8),
    "SUST": ("Sustainment", "logistics brigades", 0.5, 0.8),
    "ISR": ("Reconnaissance", "drone battalions", None, 0.6),
    "CYB": ("Cyber defense", "teams", None, 0.5),
}
THEATRES: Final = {"E": "East", "N": "North", "S": "South", "V": "Overseas", "W": "West"}
FAR: Final = "V"
DAYS: Final = (15, 45, 200)
# name, theatre, likelihood, priority, what talks and aid may take off at most, how many of ten
# members it endangers, and by capability the need on each day, in percent of the alliance's power
THREATS: Final[dict[str, tuple[str, str, float, int, float | None, int, dict[str, Any]]]] = {
    "K1": ("Invasion in the east", "E", 0.03, 3, 0.08, 3, {
        "LAND": (4, 14, 33), "FIRES": (2, 8, 17), "AIR": (3, 10, 14), "AMD": (2.5, 7, 0),
        "SEA": (0, 1.5, 3), "SUST": (2, 8, 18), "ISR": (2, 5.5, 10)}),
    "K2": ("Missiles and raids", "E", 0.03, 3, None, 4, {
        "AMD": (5.5, 16, 0), "AIR": (4, 8, 0), "ISR": (0, 3, 0)}),
    "K3": ("Landing in the north", "N", 0.02, 2, 0.05, 2, {
        "LAND": (1, 3, 5), "AIR": (1, 3, 4), "SEA": (1, 3, 4.5), "FIRES": (0, 1.5, 0),
        "SUST": (0, 2, 3.5), "ISR": (0, 0, 2.5)}),
    "K4": ("Sea lanes cut", "W", 0.05, 2, 0.05, 4, {
        "SEA": (3, 9, 0), "ISR": (2, 3, 0), "AIR": (0, 2, 0)}),
    "K5": ("Attack on the southern flank", "S", 0.04, 2, 0.1, 2, {
        "LAND": (1, 5, 10), "AIR": (1, 3, 4.5), "AMD": (1.5, 3, 0), "SEA": (0, 1.5, 2.5),
        "FIRES": (0, 2.5, 4.5), "SUST": (0, 3, 7), "ISR": (0, 0, 3)}),
    "K6": ("Collapse of a neighbor", "V", 0.1, 1, 0.3, 2, {
        "LAND": (0, 1.5, 3.5), "SEA": (0, 1.5, 2), "SUST": (0, 2, 3.5), "ISR": (0, 1.5, 0)}),
    "K7": ("Cyber campaign", "E", 0.3, 1, 0.2, 10, {"CYB": (16, 30, 0), "ISR": (1.5, 3, 0)}),
    "K8": ("Evacuation", "V", 0.08, 1, 0.4, 2, {"LAND": (0, 1.5, 3), "SUST": (0, 1, 1.5)}),
}  # fmt: skip
NEEDED: Final = 1.6
"""By how much more is needed than the shares say: not all of it can be met at once."""
SITUATIONS: Final = {
    "EAST": ("K1", "K2", "K4", "K7"),
    "NORTH": ("K3", "K4", "K2", "K7"),
    "SOUTH": ("K5", "K6", "K8", "K7"),
    "TWO_FLANKS": ("K1", "K5", "K7"),
}
PROGRAMMES: Final = {
    "SHIELD": ("Joint air-defense production", "production", 2, 350),
    "DEPOTS": ("Joint depots", "infrastructure", 3, 600),
    "SWARM": ("Joint drone research", "research", 2, 90),
    "AIRLIFT": ("Pooled airlift", "production", 3, 150),
    "AMMO": ("Joint ammunition production", "production", 2, 500),
}
EFFECTS_OF_PROGRAMMES: Final = (
    ("SHIELD", "ADB", "price_cut", 0.12), ("SHIELD", "ADB", "capacity", 3),
    ("SHIELD", "ADB", "unlock", None), ("DEPOTS", "MBR", "support_cut", 0.2),
    ("DEPOTS", "ABR", "support_cut", 0.2), ("DEPOTS", "LOG", "support_cut", 0.2),
    ("SWARM", "DRN", "price_cut", 0.25), ("SWARM", "DRN", "capacity", 6),
    ("AIRLIFT", "TSQ", "capacity", 1.5), ("AIRLIFT", "TSQ", "price_cut", 0.1),
    ("AMMO", "ART", "capacity", 3), ("AMMO", "ART", "support_cut", 0.15),
)  # fmt: skip
BODIES: Final = (
    ("COUNCIL", "Council", "political", 20, 180, 1.2, 0.25, 120, "delegation"),
    ("FORUM", "Consultation forum", "political", 5, 12, 0.1, 0.3, 110, "consultation"),
    ("COMMAND", "Joint command", "military", 250, 320, 6, 0.3, 110, "integration"),
)
# name, stage, kind, duration, annual cost, body, programme, and what it comes after
ACTIVITIES: Final[dict[str, tuple[Any, ...]]] = {
    "TREATY": ("Protocol on common forces", 1, "treaty", 1, 15, None, None, ()),
    "SEAT": ("Seat of the council", 2, "body", 0, 10, "COUNCIL", None, ("TREATY",)),
    "CONSULT": ("Consultation agreement", 2, "agreement", 0, 2, "FORUM", None, ()),
    "FOUND": ("Founding of the command", 2, "body", 1, 40, "COMMAND", None, ("TREATY",)),
    "TRANSFER": ("Transfer of authority", 2, "agreement", 1, 5, "COMMAND", None, ("TREATY",)),
    "FUND_A": ("Funding: air defense", 3, "funding", 1, 4, None, "SHIELD", ("TREATY",)),
    "FUND_D": ("Funding: depots", 3, "funding", 1, 4, None, "DEPOTS", ("SEAT",)),
    "FUND_S": ("Funding: drones", 3, "funding", 0, 2, None, "SWARM", ("TREATY",)),
    "FUND_L": ("Funding: airlift", 3, "funding", 1, 2, None, "AIRLIFT", ("SEAT",)),
    "FUND_M": ("Funding: ammunition", 3, "funding", 0, 2, None, "AMMO", ("TREATY",)),
}
MEASURES: Final = {
    "TALKS": ("Talks on risks", 40, "FORUM", {"K1": 0.02, "K3": 0.03, "K5": 0.04, "K8": 0.1}),
    "SANCTIONS": ("Sanctions", 900, None, {"K1": 0.05, "K5": 0.05, "K4": 0.03}),
    "PARTNERS": ("Partnership and aid", 700, None, {"K6": 0.22, "K8": 0.3}),
    "NORMS": ("Norms in cyberspace", 120, "FORUM", {"K7": 0.15}),
}
CONSENT: Final = (0.9, 0.75, 0.6, 0.8, 0.7)
"""Parts of their units that the laws of members let others command, member by member."""


def _find_least_share(drawn: Sequence[_Member]) -> float:
    """The least that the largest part of one may be, so that all together reach the whole."""
    return round(1 / len(drawn) + 0.1, 2)


class _Member:
    """A member as it is drawn, and its units."""

    def __init__(self, place: int, draw: random.Random) -> None:
        self.code, self.name = f"M{place + 1:02d}", NAMES[place]
        self.home = "ENSVW"[(place * 2 + place // 5) % 5]
        self.gdp = round(min(max(draw.lognormvariate(13.2, 1.3), 3e4), 1.2e7))
        self.level = 4 if self.gdp > 2e6 else 3 if self.gdp > 3e5 else 2
        self.population = round(self.gdp / draw.uniform(1.5e4, 7e4), 3)
        self.cost_index = round(draw.uniform(0.55, 1.0), 2)
        self.growth = draw.choice((0.013, 0.018, 0.028))
        self.size = (self.gdp / 1e6) ** 0.6
        self.units = {
            force: round(FORCES[force][11] * self.size + draw.uniform(-0.2, 0.4))
            for force in FORCES
            if FORCES[force][8] <= self.level
        }
        crew = sum(units * FORCES[force][1] for force, units in self.units.items())
        self.personnel = round(crew * draw.uniform(0.8, 2.6) + 2, 2)
        self.quality = {2: 0.85, 3: 0.95, 4: 1.05}[self.level]
        spent = draw.uniform(0.008, 0.013)
        self.spends = spent, spent + draw.uniform(0.004, 0.008)

    def power(self, capability: str) -> float:
        """Power of all its units."""
        return sum(n * POWER[force].get(capability, 0.0) for force, n in self.units.items())


def build_alliance(
    members: int = 8, years: int = 10, *, whole: bool = False, seed: int = 1
) -> Sheets:
    """Sheets of an alliance of 2 to 32 members with law, bodies, programmes and activities.

    `whole`: units are whole numbers, and lines and fleets have costs of their own.
    """
    draw = random.Random(seed)
    drawn = [_Member(place, draw) for place in range(members)]
    last = FIRST + years - 1
    kind = "whole units" if whole else "fractions allowed"
    return {
        "settings": [
            ["name", "value"],
            ["title", f"Made-up alliance of {members} members, {kind}"],
            ["marking", "ILLUSTRATIVE"],
            ["currency", "USD"],
            ["price_year", FIRST - 2],
            ["first_year", FIRST],
            ["last_year", last],
            ["discount_rate", 0.03],
            ["unintegrated_power", 0.85],
        ],
        "theatres": [["theatre", "name"], *([code, name] for code, name in THEATRES.items())],
        "readiness": [
            ["tier", "notice_days", "operating_factor", "available_share", "max_share"],
            ["tier1", 10, 1.4, 0.75, 0.3],
            ["tier2", 30, 1, 0.7, None],
            ["tier3", 180, 0.6, 0.65, 0.8],
        ],
        **_say_members(drawn, years, draw),
        **_say_forces(drawn, draw, whole=whole),
        **_say_threats(drawn, years, draw),
        **_say_law(drawn, draw),
        **_say_institutions(drawn, draw),
        "plan": [
            ["member", "force", "year", "held"],
            *([m.code, force, FIRST, n] for m in drawn for force, n in m.units.items() if n),
        ],
        "scenarios": [
            ["scenario", "step", "table", "where", "column", "change", "value"],
            ["two thirds of the money", 1, "budgets", None, "budget", "scale", 0.65],
            ["worse in the east", 1, "requirements", "threat=K1", "level", "scale", 1.25],
            ["late consent", 1, "activities", "activity=RAT_*", "earliest_year", "set", FIRST + 2],
        ],
    }


def _say_members(drawn: Sequence[_Member], years: int, draw: random.Random) -> Sheets:
    """Members, what each may spend in each year, how they move, and a key agreed by treaty."""
    rows: Sheets = {
        "members": [
            ["member", "name", "home_theatre", "gdp", "gdp_growth", "population", "personnel",
             "tech_level", "cost_index", "votes"],
            *([m.code, m.name, m.home, m.gdp, m.growth, m.population, m.personnel, m.level,
               m.cost_index, 1] for m in drawn),
        ],
        "budgets": [["member", "year", "budget"]],
        "movement": [["member", "theatre", "transit_days", "cost_per_load"]],
        "sharing_keys": [["key", "member", "share"]],
    }  # fmt: skip
    wealth, people = (sum(getattr(m, name) for m in drawn) for name in ("gdp", "population"))
    for m in drawn:
        first, last = m.spends
        for year in range(years):
            share = first + (last - first) * year / max(1, years - 1)
            budget = round(m.gdp * (1 + m.growth) ** year * share, 1)
            rows["budgets"].append([m.code, FIRST + year, budget])
        for theatre in THEATRES:
            if theatre != m.home:
                days = draw.randint(4, 7) + (10 if FAR in (theatre, m.home) else 0)
                cost = round(days * draw.uniform(0.22, 0.28), 2)
                rows["movement"].append([m.code, theatre, days, cost])
        half = round(50 * m.gdp / wealth + 50 * m.population / people, 3)
        rows["sharing_keys"].append(["half_gdp_half_population", m.code, half])
    return rows


def _say_forces(drawn: Sequence[_Member], draw: random.Random, *, whole: bool) -> Sheets:
    """What there is to hold, who has it, and who makes it."""
    least = _find_least_share(drawn)
    rows: Sheets = {
        "capabilities": [
            ["capability", "name", "measure", "max_member_share", "shortfall_weight"],
            *([code, name, unit, most and max(most, least), weight]
              for code, (name, unit, most, weight) in CAPABILITIES.items()),
        ],
        "forces": [
            ["force", "name", "personnel", "operating_cost", "support_cost", "procurement_cost",
             "price_growth", "programme_cost", "fleet_cost", "lead_time", "service_life",
             "tech_level", "load", "whole", "max_imports"],
            *([code, *told[:6], *(told[12:] if whole else (None, None)), *told[6:10], whole,
               told[10]] for code, told in FORCES.items()),
        ],
        "power": [
            ["force", "capability", "power"],
            *([f, c, power] for f, powers in POWER.items() for c, power in powers.items()),
        ],
        "inventory": [
            ["member", "force", "units", "remaining_life", "quality"],
            *([m.code, force, units, AGES.get(force, 18), m.quality]
              for m in drawn for force, units in m.units.items() if units),
        ],
        "industry": [["member", "force", "capacity"]],
    }  # fmt: skip
    for m in drawn:
        for force in FORCES:
            makes = m.units.get(force) and FORCES[force][10] is not None and m.gdp > 2e5
            if makes and draw.random() < 0.75:
                capacity = round(0.3 * m.size * draw.uniform(0.3, 1.2) + 0.1, 1)
                rows["industry"].append([m.code, force, capacity])
    return rows


def _say_threats(drawn: Sequence[_Member], years: int, draw: random.Random) -> Sheets:
    """What is planned for, whom it endangers, and what of it may come at once."""
    power = {c: sum(m.power(c) for m in drawn) for c in CAPABILITIES}
    rows: Sheets = {
        "threats": [
            ["threat", "name", "theatre", "kind", "first_year", "last_year", "likelihood",
             "priority", "non_military_cap"],
        ],
        "requirements": [["threat", "capability", "day", "level", "growth"]],
        "exposure": [["threat", "member", "share"]],
        "situations": [
            ["situation", "threat"],
            *([situation, k] for situation, threats in SITUATIONS.items() for k in threats),
        ],
    }  # fmt: skip
    begins, ends = {"K6": FIRST + 1} if years > 1 else {}, {"K8": FIRST + years // 2}
    for code, (name, theatre, likelihood, priority, cap, of_ten, needs) in THREATS.items():
        kind = "military" if cap is None else "political-military"
        active = begins.get(code), ends.get(code)
        rows["threats"].append([code, name, theatre, kind, *active, likelihood, priority, cap])
        for place, day in enumerate(DAYS):
            for capability, shares in needs.items():
                if shares[place]:
                    level = max(0.1, round(NEEDED * shares[place] / 100 * power[capability], 1))
                    growth = 0.03 if capability in ("AMD", "ISR", "CYB") else 0.01
                    rows["requirements"].append([code, capability, day, level, growth])
        rows["exposure"] += _endanger(code, theatre, of_ten, drawn, draw)
    return rows


def _endanger(
    threat: str, theatre: str, of_ten: int, drawn: Sequence[_Member], draw: random.Random
) -> list[list[Any]]:
    """Whom a threat endangers: first those at home where it comes, then others."""
    count = max(2, round(of_ten * len(drawn) / 10))
    near = [m for m in drawn if m.home == theatre]
    others = [m for m in drawn if m.home != theatre]
    draw.shuffle(others)
    chosen = {m.code for m in [*near, *others][:count]}
    wealth = sum(m.gdp for m in drawn)
    rows = []
    for m in drawn:
        if m.code in chosen:
            share = draw.uniform(0.3, 0.6) if m in near else draw.uniform(0.1, 0.3)
            if of_ten == 10:
                share = min(0.2, 0.01 + m.gdp / wealth)
            rows.append([threat, m.code, round(share, 3)])
    return rows


def _say_law(drawn: Sequence[_Member], draw: random.Random) -> Sheets:
    """What laws let others command, whom members do not help, and who holds how much."""
    consent: list[list[Any]] = [
        [m.code, "*", CONSENT[i % len(CONSENT)]] for i, m in enumerate(drawn)
    ]
    special = [[m.code, draw.choice(sorted(FORCES)), draw.choice((0.2, 0.3, 0.5))]
               for m in drawn if draw.random() < 0.4]  # fmt: skip
    caveats = [[m.code, draw.choice(("K5", "K6", "K8"))] for m in drawn if draw.random() < 0.33]
    richest = sorted(drawn, key=lambda m: -m.gdp)
    held: list[list[Any]] = []
    for capability in ("AIR", "SEA", "AMD"):
        own = richest[0].power(capability) / sum(m.power(capability) for m in drawn)
        held.append([richest[0].code, capability, None, max(0.4, round(own + 0.05, 2))])
    for m, capability in zip(richest[1:3], ("LAND", "SEA"), strict=False):
        own = m.power(capability) / sum(other.power(capability) for other in drawn)
        held.append([m.code, capability, round(own / 3, 2), None])
    return {
        "legislation": [["member", "force", "delegable_share"], *consent, *special],
        "caveats": [["member", "threat"], *caveats],
        "apportionment": [
            ["member", "capability", "min_share", "max_share"],
            *(row for row in held if row[2] or (row[3] or 1) < 1),
        ],
    }


def _say_institutions(drawn: Sequence[_Member], draw: random.Random) -> Sheets:
    """Bodies, programmes, measures, and the activities that open them."""
    activities: list[list[Any]] = []
    precedence: list[list[Any]] = []
    for code, (name, stage, kind, years, cost, body, programme, after) in ACTIVITIES.items():
        activities.append([code, name, stage, kind, years, cost, None, body, programme])
        precedence += [[code, earlier] for earlier in after]
        if code == "TREATY":
            for m in drawn:
                years = draw.choice((0, 0, 1, 1, 2))
                told = f"Ratification: {m.name}", 1, "legislation", years, 1
                activities.append([f"RAT_{m.code}", *told, m.code, None, None])
                precedence.append([f"RAT_{m.code}", code])
    head: Mapping[str, list[str]] = {
        "programmes": ["programme", "name", "kind", "duration", "annual_cost"],
        "programme_effects": ["programme", "force", "effect", "value"],
        "bodies": ["body", "name", "kind", "setup_cost", "annual_cost", "staff",
                   "max_member_share", "post_cost", "role"],
        "activities": ["activity", "name", "stage", "kind", "duration", "annual_cost", "member",
                       "body", "programme"],
        "precedence": ["activity", "after"],
        "measures": ["measure", "name", "annual_cost", "body"],
        "effects": ["measure", "threat", "effect"],
    }  # fmt: skip
    least = _find_least_share(drawn)
    rows: dict[str, list[list[Any]]] = {
        "programmes": [[code, *told] for code, told in PROGRAMMES.items()],
        "programme_effects": [list(row) for row in EFFECTS_OF_PROGRAMMES],
        "bodies": [[*row[:6], max(row[6], least), *row[7:]] for row in BODIES],
        "activities": activities,
        "precedence": precedence,
        "measures": [[code, *told[:3]] for code, told in MEASURES.items()],
        "effects": [
            [code, threat, effect]
            for code, (*_, effects) in MEASURES.items()
            for threat, effect in effects.items()
        ],
    }
    return {sheet: [heads, *rows[sheet]] for sheet, heads in head.items()}


def build_plain_alliance(
    members: int = 12,
    forces: int = 12,
    capabilities: int = 6,
    threats: int = 6,
    years: int = 10,
    *,
    whole: bool = False,
    seed: int = 1,
) -> Sheets:
    """Sheets of an alliance without law and institutions, with three readiness tiers.

    `whole`: some units are whole numbers, and some lines and fleets have costs of their own.
    """
    draw = random.Random(seed)
    code = lambda letter, count: [f"{letter}{i:02d}" for i in range(count)]  # noqa: E731
    m, f, c, k = (
        code(*pair) for pair in (("M", members), ("F", forces), ("C", capabilities), ("K", threats))
    )
    theatres = [f"H{i}" for i in range(4)]
    gdp = {n: round(draw.lognormvariate(12, 0.8)) for n in m}
    sheets: Sheets = {
        "settings": [
            ["name", "value"],
            ["title", "Alliance for timings"],
            ["marking", "ILLUSTRATIVE"],
            ["currency", "EUR"],
            ["price_year", 2026],
            ["first_year", 2027],
            ["last_year", 2026 + years],
            ["discount_rate", 0.03],
        ],
        "members": [
            [
                "member",
                "name",
                "home_theatre",
                "gdp",
                "gdp_growth",
                "population",
                "budget_share",
                "personnel",
                "tech_level",
                "cost_index",
            ],
            *(
                [
                    n,
                    f"Member {n}",
                    theatres[i % 4],
                    gdp[n],
                    0.02,
                    20,
                    0.012,
                    300,
                    draw.randint(1, 4),
                    round(draw.uniform(0.5, 1.2), 2),
                ]
                for i, n in enumerate(m)
            ),
        ],
        "theatres": [["theatre", "name"], *([h, f"Theatre {h}"] for h in theatres)],
        "capabilities": [
            ["capability", "name", "measure"],
            *([n, f"Capability {n}", "power"] for n in c),
        ],
        "forces": [
            [
                "force",
                "name",
                "personnel",
                "operating_cost",
                "support_cost",
                "procurement_cost",
                "price_growth",
                "programme_cost",
                "fleet_cost",
                "lead_time",
                "service_life",
                "tech_level",
                "load",
                "whole",
                "max_imports",
            ],
            *(
                [
                    n,
                    f"Force {n}",
                    round(draw.uniform(1, 4), 1),
                    round(draw.uniform(8, 40), 1),
                    round(draw.uniform(1, 5), 1),
                    round(draw.uniform(60, 260)),
                    0.01,
                    200 if whole and i % 4 == 0 else None,
                    6 if whole and i % 3 == 0 else None,
                    draw.randint(0, 2),
                    draw.randint(8, 25),
                    draw.randint(0, 4),
                    round(draw.uniform(1, 3), 1),
                    whole and i % 5 == 0,
                    3 if i % 2 else None,
                ]
                for i, n in enumerate(f)
            ),
        ],
        "power": [
            ["force", "capability", "power"],
            *([n, c[i % capabilities], round(draw.uniform(0.8, 2), 2)] for i, n in enumerate(f)),
            *([n, c[(i + 1) % capabilities], 0.3] for i, n in enumerate(f) if i % 2),
        ],
        "inventory": [
            ["member", "force", "units", "remaining_life", "quality"],
            *(
                [
                    a,
                    b,
                    draw.randint(2, 9),
                    draw.choice([None, 8, 15]),
                    round(draw.uniform(0.7, 1.2), 2),
                ]
                for a in m
                for b in f
                if draw.random() < 0.8
            ),
        ],
        "industry": [
            ["member", "force", "capacity"],
            *([a, b, draw.randint(1, 3)] for a in m for b in f if draw.random() < 0.4),
        ],
        "readiness": [
            ["tier", "notice_days", "operating_factor", "available_share", "max_share"],
            ["high", 5, 1.6, 0.7, 0.5],
            ["medium", 20, 1, 0.6, None],
            ["low", 120, 0.5, 0.8, 0.8],
        ],
        "movement": [
            ["member", "theatre", "transit_days", "cost_per_load"],
            *(
                [a, h, draw.randint(2, 20), round(draw.uniform(0.2, 2), 2)]
                for i, a in enumerate(m)
                for j, h in enumerate(theatres)
                if j != i % 4
            ),
        ],
        "threats": [
            ["threat", "name", "theatre", "kind", "likelihood", "priority"],
            *(
                [n, f"Threat {n}", theatres[i % 4], "military", 0.3, 1 + i % 3]
                for i, n in enumerate(k)
            ),
        ],
        "requirements": [["threat", "capability", "day", "level", "growth"]],
        "exposure": [
            ["threat", "member", "share"],
            *(
                [n, a, round(draw.uniform(0.1, 0.6), 2)]
                for n in k
                for a in m
                if draw.random() < 0.7
            ),
        ],
        "situations": [
            ["situation", "threat"],
            *([f"S{i}", n] for i in range(threats) for n in (k[i], k[(i + 1) % threats])),
        ],
    }
    for n in k:
        for b in c:
            level = round(draw.uniform(6, 20) * members / 4, 1)
            sheets["requirements"] += [[n, b, 30, level / 2, 0.01], [n, b, 180, level, 0.01]]
    return sheets


def write_book(sheets: Sheets, path: Path) -> Path:
    """Write plain sheets, one header row each."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path

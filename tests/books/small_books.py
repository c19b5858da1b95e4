"""A book so small that every plan can be worked out by hand, and pieces to add to it.

Members A and B (twice as dear) can each hold 8 units at home, where the threat is: 10 million a
unit and year, power 1, ready at once. A unit that is given up does not come back. The threat needs
power 4 in each year of 2030-2033; each member would face all of it alone. No discount, and
shortfall costs far more than any unit.

    alone       A 4 units = 40, B 4 units = 80             120 a year
    own parts   2 units each = 20 + 40                      60 a year
    together    A 2 units for itself and 2 delegated        40 a year
"""

from __future__ import annotations

from typing import Any

Rows = list[list[Any]]

ALONE, OWN_PARTS, TOGETHER = 120.0, 60.0, 40.0
"""Million a year."""

BODIES = ["body", "name", "kind", "setup_cost", "annual_cost", "staff", "max_member_share",
          "post_cost", "role"]  # fmt: skip
ACTIVITIES = ["activity", "name", "stage", "kind", "duration", "annual_cost", "earliest_year",
              "member", "body", "programme"]  # fmt: skip
PROGRAMMES = ["programme", "name", "kind", "duration", "annual_cost"]


def make_book(**changed: Rows) -> dict[str, Rows]:
    """The small book, with some sheets added or replaced."""
    return {
        "settings": settings(),
        "members": members(),
        "theatres": [["theatre", "name"], ["HOME", "Home"]],
        "capabilities": [["capability", "name", "measure"], ["land", "Land", "power"]],
        "forces": forces(),
        "power": [["force", "capability", "power"], ["unit", "land", 1]],
        "inventory": [["member", "force", "units"], ["A", "unit", 8], ["B", "unit", 8]],
        "readiness": [
            ["tier", "notice_days", "operating_factor", "available_share"],
            ["ready", 0, 1, 1],
        ],
        "movement": [["member", "theatre", "transit_days", "cost_per_load"]],
        "threats": [
            ["threat", "name", "theatre", "kind", "first_year", "non_military_cap"],
            ["K", "Crisis", "HOME", "political-military", None, 0.5],
        ],
        "requirements": [["threat", "capability", "day", "level"], ["K", "land", 0, 4]],
        **changed,
    }


def settings(**more: Any) -> Rows:
    """Settings of the book, and more of them."""
    return [
        ["name", "value"], ["title", "Small"], ["currency", "EUR"], ["price_year", 2030],
        ["first_year", 2030], ["last_year", 2033], ["discount_rate", 0],
        ["shortfall_penalty", 1e4],
        *([name, value] for name, value in more.items()),
    ]  # fmt: skip


def members(index_of_b: float = 2, third: bool = False, tech_of_a: int = 0) -> Rows:
    """A, B, and where asked for C, which has nothing."""
    return [
        ["member", "name", "home_theatre", "gdp", "population", "tech_level", "cost_index"],
        ["A", "Alpha", "HOME", 1000, 1, tech_of_a, 1],
        ["B", "Beta", "HOME", 1000, 1, 0, index_of_b],
        *([["C", "Gamma", "HOME", 1000, 1, 0, 1]] if third else []),
    ]


def forces(support_cost: float = 0, **drone: Any) -> Rows:
    """The unit, and where asked for a drone: bought at `price`, 1 a year, serving four years."""
    rows = [
        ["force", "name", "personnel", "operating_cost", "support_cost", "procurement_cost",
         "service_life", "tech_level", "max_imports"],
        ["unit", "Unit", 0, 10, support_cost, None, 30, 0, None],
    ]  # fmt: skip
    if drone:
        rows.append(["drone", "Drone", 0, 1, 0, drone["price"], 4, drone.get("tech", 0),
                     drone.get("imports")])  # fmt: skip
    return rows


DRONE_POWER: Rows = [["force", "capability", "power"], ["unit", "land", 1], ["drone", "land", 1]]


def bodies(*rows: tuple[str, str, float, float]) -> Rows:
    """Bodies without staff: name, role, cost of setting up, cost a year."""
    return [
        BODIES,
        *([b, b, "political", setup, annual, 0, 1, 0, role] for b, role, setup, annual in rows),
    ]


def activity(
    name: str, kind: str, duration: int, annual_cost: float = 0, **opens: Any
) -> list[Any]:
    """An activity: `member`, `body` or `programme` is what it opens, `earliest` its first year."""
    return [name, name, 1, kind, duration, annual_cost, opens.get("earliest"),
            opens.get("member"), opens.get("body"), opens.get("programme")]  # fmt: skip


def programme(kind: str, effect: str, force: str, value: float | None = None) -> dict[str, Rows]:
    """A programme of one year and 5 million with one effect."""
    return {
        "programmes": [PROGRAMMES, ["P", "Programme", kind, 1, 5]],
        "programme_effects": [
            ["programme", "force", "effect", "value"],
            ["P", force, effect, value],
        ],
    }


def measure(body: str | None) -> dict[str, Rows]:
    """Talks that halve the need, for 4 million a year."""
    return {
        "measures": [["measure", "name", "annual_cost", "body"], ["talks", "Talks", 4, body]],
        "effects": [["measure", "threat", "effect"], ["talks", "K", 0.5]],
    }

"""Alliances as sheets: the example's, and random ones small enough to be solved often."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from books import Rows

from cssopt import find_tables
from cssopt.assembly.folders import find_model_folders
from cssopt.workbook.example import read_example

_EXAMPLE = read_example(find_model_folders()[-1] / "example", find_tables())

ALLIANCE = {
    name: [list(rows[0]), *(list(row.values()) for row in rows)] for name, rows in _EXAMPLE.items()
}
"""The example alliance: small, and with rows in every table."""


def make_alliance(
    seed: int,
    *,
    members: int = 3,
    years: int = 3,
    whole: bool = False,
    institutions: bool = False,
    penalty: float | None = 500.0,
    budgets: bool = True,
    caps: bool = True,
) -> dict[str, Rows]:
    """An alliance of this seed, without the exceptions that formulation.md names for a union.

    `whole` gives whole units, a line and fleets; `institutions` measures, bodies, programmes and
    set-up; `budgets` ceilings in money; `caps` ceilings in people, law and dependence.
    """
    chance = random.Random(seed)
    names = [f"M{i}" for i in range(members)]
    forces, tiers = ["brigade", "squadron"], ["high", "low"]
    threats, theatres = ["east", "south"], ["E", "S"]
    sheets: dict[str, Rows] = {
        "settings": [
            ["name", "value"],
            ["title", "Random"],
            ["currency", "EUR"],
            ["price_year", 2030],
            ["first_year", 2030],
            ["last_year", 2029 + years],
            ["discount_rate", 0.05],
            *([["shortfall_penalty", penalty]] if penalty is not None else []),
        ],
        "members": [
            ["member", "name", "home_theatre", "gdp", "population", "budget_share", "personnel",
             "tech_level", "cost_index"],
            *(
                [m, m, chance.choice([*theatres, None]), chance.randint(500, 3000), 1,
                 _maybe(chance, budgets, lambda: round(chance.uniform(0.1, 0.3), 3)),
                 _maybe(chance, caps, lambda: chance.randint(30, 90)),
                 chance.randint(0, 2), round(chance.uniform(0.6, 1.4), 2)]
                for m in names
            ),
        ],
        "theatres": [["theatre", "name"], *([h, h] for h in theatres)],
        "capabilities": [
            ["capability", "name", "measure", "max_member_share", "shortfall_weight"],
            ["land", "Land", "power", _maybe(chance, caps, lambda: 0.3), 1],
            ["air", "Air", "power", None, 2],
        ],
        "forces": [
            ["force", "name", "personnel", "operating_cost", "support_cost", "procurement_cost",
             "price_growth", "programme_cost", "fleet_cost", "lead_time", "service_life",
             "tech_level", "load", "whole", "max_imports"],
            ["brigade", "Brigade", 4, 10, 2, 30, 0.02, None, 3 if whole else None, 1, 10, 0, 2,
             whole, None],
            ["squadron", "Squadron", 2, 14, 3, 60, None, 20 if whole else None, None, 0, 8, 1, 1,
             whole, chance.choice([None, 1, 0.5])],
        ],
        "power": [
            ["force", "capability", "power"],
            ["brigade", "land", 1], ["squadron", "air", 1], ["brigade", "air", 0.25],
        ],
        "inventory": [
            ["member", "force", "units", "remaining_life", "quality"],
            *(
                [m, f, chance.randint(1, 6), chance.choice([None, 4, 8]),
                 round(chance.uniform(0.7, 1.2), 2)]
                for m in names for f in forces if chance.random() < 0.8
            ),
        ],
        "readiness": [
            ["tier", "notice_days", "operating_factor", "available_share", "max_share"],
            ["high", 5, 1.5, 0.8, 0.6],
            ["low", 40, 0.8, 0.6, None],
        ],
        "movement": [
            ["member", "theatre", "transit_days", "cost_per_load"],
            *(
                [m, h, chance.randint(2, 15), round(chance.uniform(0.1, 1.0), 2)]
                for m in names for h in theatres if chance.random() < 0.9
            ),
        ],
        "threats": [
            ["threat", "name", "theatre", "kind", "first_year", "likelihood", "priority",
             "non_military_cap"],
            *(
                [k, k, h, "political-military", chance.choice([None, 2031]),
                 round(chance.uniform(0.1, 1), 2), chance.randint(1, 3),
                 0.3 if institutions else None]
                for k, h in zip(threats, theatres, strict=True)
            ),
        ],
        "requirements": [
            ["threat", "capability", "day", "level", "growth"],
            *(
                [k, c, d, round(chance.uniform(1, 5), 1), 0.02]
                for k in threats for c, d in (("land", 30), ("land", 90), ("air", 30))
            ),
        ],
        "exposure": [
            ["threat", "member", "share"],
            *([threats[0], m, round(chance.uniform(0.2, 1), 2)] for m in names),
        ],
        "situations": chance.choice(
            [
                [["situation", "threat"]],
                [["situation", "threat"], ["both", "east"], ["both", "south"]],
                [["situation", "threat"], ["one", "east"]],
            ]
        ),
        "legislation": [
            ["member", "force", "delegable_share"],
            *([m, "*", 0.3] for m in names if caps),
        ],
        "caveats": [["member", "threat"], *([[names[-1], "south"]] if caps else [])],
    }  # fmt: skip
    if institutions:
        sheets |= _institutions(chance, names)
    assert set(tiers) == {row[0] for row in sheets["readiness"][1:]}
    return sheets


def _maybe(chance: random.Random, wanted: bool, value: Callable[[], Any]) -> Any:
    return value() if wanted and chance.random() < 0.7 else None


def _institutions(chance: random.Random, names: list[str]) -> dict[str, Rows]:
    """Cheap institutions without staff or plants, so that a union is never above its parts."""
    return {
        "bodies": [
            ["body", "name", "kind", "setup_cost", "annual_cost", "staff", "max_member_share",
             "post_cost", "role"],
            ["council", "Council", "political", 3, 1, 0, 1, 0, "delegation"],
            ["command", "Command", "military", 5, 2, 0, 1, 0, "integration"],
        ],
        "measures": [
            ["measure", "name", "annual_cost", "body"],
            ["talks", "Talks", 2, "council"], ["aid", "Aid", 1, None],
        ],
        "effects": [
            ["measure", "threat", "effect"],
            ["talks", "east", 0.5], ["aid", "south", 0.6],
        ],
        "programmes": [
            ["programme", "name", "kind", "duration", "annual_cost"],
            ["depots", "Depots", "infrastructure", 1, 3],
        ],
        "programme_effects": [
            ["programme", "force", "effect", "value"],
            ["depots", "brigade", "support_cut", 0.4],
            ["depots", "squadron", "price_cut", 0.1],
        ],
        "activities": [
            ["activity", "name", "stage", "kind", "duration", "annual_cost", "member", "body",
             "programme"],
            ["treaty", "Treaty", 1, "treaty", 0, 1, None, None, None],
            ["ratify", "Ratify", 1, "legislation", 1, 0.5, names[0], None, None],
            ["found", "Found", 2, "body", 1, 1, None, "command", None],
        ],
        "precedence": [["activity", "after"], ["ratify", "treaty"], ["found", "treaty"]],
    }  # fmt: skip

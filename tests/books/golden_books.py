"""The tiny books of the golden files, with numbers that a reader can check by hand."""

from __future__ import annotations

INSTITUTIONS = {
    "settings": [
        ["name", "value"],
        ["title", "Golden"],
        ["currency", "EUR"],
        ["price_year", 2030],
        ["first_year", 2030],
        ["last_year", 2031],
        ["discount_rate", 0.25],
        ["unintegrated_power", 0.5],
        ["shortfall_penalty", 1000],
    ],
    "members": [
        ["member", "name", "home_theatre", "gdp", "gdp_growth", "population", "budget_share",
         "personnel", "tech_level", "cost_index"],
        ["A", "Alpha", "HOME", 3000, None, 1, 0.1, 40, 1, 2],
        ["B", "Beta", None, 1000, None, 1, None, None, 0, None],
    ],
    "theatres": [["theatre", "name"], ["HOME", "Home"]],
    "capabilities": [
        ["capability", "name", "measure", "max_member_share", "shortfall_weight"],
        ["land", "Land", "power", 0.5, 2],
    ],
    "forces": [
        ["force", "name", "personnel", "operating_cost", "support_cost", "procurement_cost",
         "price_growth", "programme_cost", "fleet_cost", "lead_time", "service_life", "tech_level",
         "load", "whole", "max_imports"],
        ["tank", "Tank", 3, 10, 4, 100, 0.1, 50, 6, 1, 4, 1, 2, None, 1],
    ],
    "power": [["force", "capability", "power"], ["tank", "land", 2]],
    "inventory": [
        ["member", "force", "units", "remaining_life", "quality"],
        ["A", "tank", 8, 4, 1.5],
        ["B", "tank", 5, None, None],
    ],
    "industry": [["member", "force", "capacity"], ["A", "tank", 3]],
    "readiness": [
        ["tier", "notice_days", "operating_factor", "available_share", "max_share"],
        ["high", 5, 1.5, 0.8, 0.5],
        ["low", 60, 1, 0.5, None],
    ],
    "movement": [["member", "theatre", "transit_days", "cost_per_load"], ["B", "HOME", 10, 5]],
    "threats": [
        ["threat", "name", "theatre", "kind", "first_year", "likelihood", "priority",
         "non_military_cap"],
        ["K", "Crisis", "HOME", "political-military", 2031, 0.5, 3, 0.25],
    ],
    "requirements": [
        ["threat", "capability", "day", "level", "growth"],
        ["K", "land", 30, 10, 0.2],
    ],
    "exposure": [["threat", "member", "share"], ["K", "A", 1], ["K", "B", 0.6]],
    "legislation": [["member", "force", "delegable_share"], ["A", "*", 0.75]],
    "apportionment": [
        ["member", "capability", "min_share", "max_share"],
        ["A", "land", 0.25, 0.75],
    ],
    "budgets": [["member", "year", "budget"], ["B", 2031, 90]],
    "common_budgets": [["year", "budget"], [2031, 30]],
    "bodies": [
        ["body", "name", "kind", "setup_cost", "annual_cost", "staff", "max_member_share",
         "post_cost", "role"],
        ["council", "Council", "political", 7, 2, 4, 0.75, 1, "delegation"],
        ["staff", "Command", "military", 9, 3, 6, 0.5, 2, "integration"],
    ],
    "measures": [["measure", "name", "annual_cost", "body"], ["talks", "Talks", 8, "council"]],
    "effects": [["measure", "threat", "effect"], ["talks", "K", 0.4]],
    "programmes": [
        ["programme", "name", "kind", "duration", "annual_cost"],
        ["yard", "Yard", "production", 1, 12],
    ],
    "programme_effects": [
        ["programme", "force", "effect", "value"],
        ["yard", "tank", "unlock", None],
        ["yard", "tank", "capacity", 2],
        ["yard", "tank", "price_cut", 0.2],
        ["yard", "tank", "support_cut", 0.5],
    ],
    "activities": [
        ["activity", "name", "stage", "kind", "duration", "annual_cost", "member", "body",
         "programme"],
        ["treaty", "Treaty", 1, "treaty", 0, 1, None, None, None],
        ["ratify", "Ratification", 1, "legislation", 1, 0.5, "A", None, None],
        ["found", "Founding", 2, "body", 0, 3, None, "staff", None],
        ["fund", "Funding", 3, "funding", 0, 4, None, None, "yard"],
    ],
    "precedence": [["activity", "after"], ["ratify", "treaty"], ["fund", "ratify"]],
}  # fmt: skip
"""Two members, two years, one force, one threat, and every kind of institution."""

FORCES = {
    "settings": [
        ["name", "value"],
        ["title", "Golden"],
        ["currency", "EUR"],
        ["price_year", 2030],
        ["first_year", 2030],
        ["last_year", 2032],
        ["discount_rate", 0.25],
    ],
    "members": [
        ["member", "name", "home_theatre", "gdp", "gdp_growth", "population", "personnel",
         "tech_level"],
        ["A", "Alpha", "NORTH", 1000, 0.1, 1, None, 1],
        ["B", "Beta", "SOUTH", 1000, None, 1, 90, 0],
    ],
    "theatres": [["theatre", "name"], ["NORTH", "North"], ["SOUTH", "South"]],
    "capabilities": [
        ["capability", "name", "measure"],
        ["air", "Air", "power"],
        ["sea", "Sea", "power"],
    ],
    "forces": [
        ["force", "name", "personnel", "operating_cost", "procurement_cost", "price_growth",
         "lead_time", "service_life", "tech_level", "whole"],
        ["jet", "Jet", 2, 5, 40, 0.5, 0, 2, 1, True],
        ["ship", "Ship", 20, 7, None, None, None, 30, 0, None],
    ],
    "power": [
        ["force", "capability", "power"],
        ["jet", "air", 3],
        ["jet", "sea", 1],
        ["ship", "sea", 4],
    ],
    "inventory": [
        ["member", "force", "units", "remaining_life", "quality"],
        ["A", "jet", 7, 3, 0.5],
        ["B", "ship", 4, None, None],
    ],
    "readiness": [
        ["tier", "notice_days", "operating_factor", "available_share"],
        ["high", 5, 1.5, 0.75],
        ["low", 20, 1, 0.5],
    ],
    "movement": [
        ["member", "theatre", "transit_days", "cost_per_load"],
        ["A", "SOUTH", 10, 4],
        ["B", "NORTH", 10, 4],
        ["B", "SOUTH", 2, 1],
    ],
    "threats": [
        ["threat", "name", "theatre", "kind", "first_year", "last_year", "likelihood", "priority"],
        ["N", "Northern", "NORTH", "military", 2031, 2031, 0.5, 2],
        ["S", "Southern", "SOUTH", "military", 2032, None, 0.25, None],
        ["Z", "Eastern", "SOUTH", "military", 2031, None, 1, None],
    ],
    "requirements": [
        ["threat", "capability", "day", "level", "growth"],
        ["N", "air", 10, 8, 0.5],
        ["S", "sea", 15, 20, None],
        ["Z", "sea", 30, 6, None],
    ],
    "exposure": [["threat", "member", "share"], ["S", "B", 0.4]],
    "situations": [
        ["situation", "threat"],
        ["both", "N"],
        ["both", "Z"],
        ["late", "S"],
        ["late", "Z"],
    ],
    "legislation": [
        ["member", "force", "delegable_share"],
        ["A", "*", 0.5],
        ["A", "jet", 0.25],
        ["B", "*", 0.8],
    ],
    "caveats": [["member", "threat"], ["A", "Z"]],
}  # fmt: skip
"""Two members, three years, two forces (one in whole units), situations and caveats."""

PROMISES = {
    **INSTITUTIONS,
    "pledges": [
        ["pledge", "member", "category", "share", "already_spent", "first_year", "last_year"],
        ["two", "*", "core", 0.02, 0.005, 2031, None],
        ["two", "B", "core", 0.03, None, 2031, None],
        ["net", "A", "related", 0.01, None, None, 2030],
    ],
    "work_balance": [["member", "least_work", "most_work"], ["*", 0.5, 2]],
    "contributions_in_kind": [
        ["member", "force", "credit_per_unit", "no_fault_factor", "most_notice_days"],
        ["*", "*", None, 0.04, 30],
        ["B", "tank", 7, None, None],
    ],
}
"""The first book, with what members have promised each other; only for what reads these sheets."""

_FORCES = INSTITUTIONS["forces"]

DISPOSALS = {**INSTITUTIONS, "forces": [[*_FORCES[0], "disposal_cost"], [*_FORCES[1], 5]]}
"""The first book, where giving up a unit costs something; only for what counts that."""

GIVEN = {
    **INSTITUTIONS,
    "plan": [
        ["member", "force", "year", "held", "ordered"],
        ["A", "tank", 2030, 6, 2],
        ["B", "tank", 2031, 5, None],
    ],
}
"""The first book, with a planner's own plan; only for what holds it."""

_READINESS = INSTITUTIONS["readiness"]
WHOLE = {
    **INSTITUTIONS,
    "forces": [_FORCES[0], [True if x is None else x for x in _FORCES[1]]],
    "readiness": [_READINESS[0], [*_READINESS[1][:-1], 0.3], _READINESS[2]],
}
"""Institutions whose tanks are whole, and of which fewer may be ready."""

BY_NAME = {
    "institutions": INSTITUTIONS,
    "forces": FORCES,
    "promises": PROMISES,
    "disposals": DISPOSALS,
    "given": GIVEN,
}
"""The books whose programs are listed and compared."""

ON_DEMAND = ("persistence", "largest_burden", "peak_outlay", "dependence", "given_plan")
"""Components that are added where a plan stays near another or is given, or criteria are traded."""

"""Builds collective_security_treaty_1996.xlsx: the nine signatories of the Tashkent treaty.

GDP, population, military personnel and expenditure, and distances are public figures from
`sources/`; what forces there are, what they cost and what threats are planned for is ILLUSTRATIVE.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

from sheets import Rows, rows_of, write_inputs

HERE = Path(__file__).parent
MADE_UP = "ILLUSTRATIVE: made up"
WORLD_BANK = "World Bank open data, 1996 (as republished by the datasets project, ODC-PDDL)"
WAR = (
    "Correlates of War, National Material Capabilities 7.0, 1996 (Singer, Bremer and Stuckey 1972)"
)
DISTANCES = "CEPII GeoDist, distance between capitals (Mayer and Zignago 2011)"

PLAN_SHARE_OF_BUDGET = 0.35
PLAN_SHARE_OF_PERSONNEL = 0.4

NAMES = {
    "ARM": ("Armenia", "CAUCASUS"),
    "AZE": ("Azerbaijan", "CAUCASUS"),
    "BLR": ("Belarus", "WEST"),
    "GEO": ("Georgia", "CAUCASUS"),
    "KAZ": ("Kazakhstan", "CENTRAL_ASIA"),
    "KGZ": ("Kyrgyzstan", "CENTRAL_ASIA"),
    "RUS": ("Russia", "WEST"),
    "TJK": ("Tajikistan", "CENTRAL_ASIA"),
    "UZB": ("Uzbekistan", "CENTRAL_ASIA"),
}
# A theatre is as far away as this capital.
CAPITAL_OF = {"WEST": "BLR", "CAUCASUS": "GEO", "CENTRAL_ASIA": "UZB"}
TECH_LEVEL = {"RUS": 4, "BLR": 3, "KAZ": 2, "UZB": 2}
COST_INDEX = {"RUS": 1.0, "BLR": 0.8, "KAZ": 0.75}
GROWTH = 0.02
BRIGADES = {
    "ARM": 3,
    "AZE": 3,
    "BLR": 5,
    "GEO": 1,
    "KAZ": 3,
    "KGZ": 1,
    "RUS": 12,
    "TJK": 1,
    "UZB": 3,
}
BATTERIES = {"ARM": 1, "AZE": 1, "BLR": 4, "KAZ": 2, "RUS": 12, "UZB": 1}
SQUADRONS = {"AZE": 1, "BLR": 2, "KAZ": 2, "RUS": 8, "UZB": 2}


def read_source(name: str) -> list[dict[str, str]]:
    """Rows of a source file."""
    with (HERE / "sources" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def build_members() -> Rows:
    """Members: GDP, population, and what of their forces and budgets the plan may use."""
    bank = {row["iso3"]: row for row in read_source("worldbank_1996.csv")}
    war = {row["iso3"]: row for row in read_source("correlates_of_war_1996.csv")}
    rows = []
    for code, (name, home) in NAMES.items():
        gdp = float(bank[code]["gdp_usd"]) / 1e6
        spent = float(war[code]["milex_kusd"]) / 1e3
        people = float(war[code]["milper_thousand"])
        rows.append(
            {
                "member": code,
                "name": name,
                "home_theatre": home,
                "gdp": round(gdp, 1),
                "gdp_growth": GROWTH,
                "population": round(float(bank[code]["population"]) / 1e6, 3),
                "budget_share": round(PLAN_SHARE_OF_BUDGET * spent / gdp, 5),
                "personnel": round(PLAN_SHARE_OF_PERSONNEL * people, 1),
                "tech_level": TECH_LEVEL.get(code, 1),
                "cost_index": COST_INDEX.get(code, 0.6),
                "votes": 1,
                "source": f"gdp, population: {WORLD_BANK}; {WAR}",
                "note": f"Of expenditure of {spent:,.0f} million and {people:,.0f} thousand people "
                f"the plan may use {PLAN_SHARE_OF_BUDGET:.0%} and {PLAN_SHARE_OF_PERSONNEL:.0%} "
                "(ILLUSTRATIVE), as are growth, tech_level and cost_index",
            }
        )
    return rows


def build_movement() -> Rows:
    """Movement by rail, from distances: 350 km a day after two days of loading."""
    distance = {
        (row["origin"], row["destination"]): float(row["capital_distance_km"])
        for row in read_source("cepii_distances.csv")
    }
    return [
        {
            "member": code,
            "theatre": theatre,
            "transit_days": math.ceil(2 + distance[code, capital] / 350),
            "cost_per_load": round(0.02 + 0.00006 * distance[code, capital], 3),
            "source": f"{distance[code, capital]:,.0f} km: {DISTANCES}",
            "note": "350 km a day and 60 USD a km and load are ILLUSTRATIVE",
        }
        for code, (_, home) in NAMES.items()
        for theatre, capital in CAPITAL_OF.items()
        if theatre != home
    ]


def build_inventory() -> Rows:
    """Units that the plan may count on."""
    rows = []
    for force, units_of, life in (
        ("BRIGADE", BRIGADES, 14),
        ("BATTERY", BATTERIES, 10),
        ("SQUADRON", SQUADRONS, 12),
    ):
        for code, units in units_of.items():
            quality = 1 if code in ("RUS", "BLR") else 0.85
            row = {"member": code, "force": force, "units": units}
            rows.append({**row, "remaining_life": life, "quality": quality})
    return rows


def build_ratifications() -> tuple[Rows, Rows]:
    """Ratification by each signatory, after the treaty."""
    activities, precedence = [], []
    for code, (name, _) in NAMES.items():
        activities.append(
            {
                "activity": f"RATIFY_{code}",
                "name": f"Ratification by {name}",
                "stage": 1,
                "kind": "legislation",
                "duration": 1 if code in ("AZE", "GEO", "BLR") else 0,
                "annual_cost": 0.1,
                "member": code,
            }
        )
        precedence.append({"activity": f"RATIFY_{code}", "after": "TREATY"})
    return activities, precedence


def build_keys(members: Rows) -> Rows:
    """The CIS rule of 2009, and the shares of the rapid-deployment force of 2006."""
    gdp = sum(row["gdp"] for row in members)
    people = sum(row["population"] for row in members)
    rows = [
        {
            "key": "CIS_2009",
            "member": row["member"],
            "share": round(50 * row["gdp"] / gdp + 50 * row["population"] / people, 3),
            "source": f"half GDP share, half population share: {WORLD_BANK}",
            "note": "the rule of 2009 on figures of 1996",
        }
        for row in members
    ]
    for code, share in (("RUS", 50), ("KAZ", 30), ("TJK", 10), ("KGZ", 10)):
        source = "shares of the collective rapid-deployment force, 2006"
        rows.append({"key": "RAPID_2006", "member": code, "share": share, "source": source})
    return rows


def build_sheets() -> dict[str, Rows]:
    """All sheets of the workbook."""
    members = build_members()
    ratifications, precedence = build_ratifications()
    return {
        **FIXED,
        "members": members,
        "movement": build_movement(),
        "inventory": build_inventory(),
        "activities": FIXED["activities"] + ratifications,
        "precedence": FIXED["precedence"] + precedence,
        "sharing_keys": build_keys(members),
    }


FIXED = {
    "settings": rows_of(
        "name value note",
        ["title", "Collective security treaty, 1996", "Public figures, illustrative forces"],
        ["marking", "ILLUSTRATIVE", "Forces, costs and threats are made up"],
        ["currency", "USD", None],
        ["price_year", 1996, None],
        ["first_year", 1996, None],
        ["last_year", 2001, None],
        ["discount_rate", 0.05, None],
        ["unintegrated_power", 0.8, "Until the headquarters works"],
    ),
    "theatres": rows_of(
        "theatre name",
        ["WEST", "Western region"],
        ["CAUCASUS", "Caucasus region"],
        ["CENTRAL_ASIA", "Central Asian region"],
    ),
    "capabilities": rows_of(
        "capability name measure max_member_share shortfall_weight",
        ["GROUND", "Ground forces", "brigade equivalents", None, None],
        ["AIR_DEFENCE", "Air defence", "battery equivalents", 0.75, None],
    ),
    "forces": rows_of(
        "force name personnel operating_cost support_cost procurement_cost price_growth "
        "programme_cost fleet_cost lead_time service_life tech_level load max_imports",
        ["BRIGADE", "Motor-rifle brigade", 4, 22, 5, 150, None, None, None, 1, 20, 1, 6, 1],
        ["BATTERY", "Air-defence battery", 0.5, 9, 3, 95, None, 60, None, 1, 15, 3, 1.5, 0.5],
        ["SQUADRON", "Fighter squadron", 0.6, 28, 8, 320, None, None, 2, 2, 25, 3, 2, 0.3],
    ),
    "power": rows_of(
        "force capability power",
        ["BRIGADE", "GROUND", 1],
        ["BRIGADE", "AIR_DEFENCE", 0.1],
        ["BATTERY", "AIR_DEFENCE", 1],
        ["SQUADRON", "AIR_DEFENCE", 1.8],
        ["SQUADRON", "GROUND", 0.2],
    ),
    "industry": rows_of(
        "member force capacity",
        ["RUS", "BRIGADE", 1],
        ["RUS", "BATTERY", 2],
        ["RUS", "SQUADRON", 1],
        ["BLR", "BATTERY", 0.5],
        ["KAZ", "BRIGADE", 0.3],
    ),
    "readiness": rows_of(
        "tier notice_days operating_factor available_share max_share",
        ["constant", 3, 1.5, 0.8, 0.4],
        ["reduced", 20, 1, 0.7, None],
        ["cadre", 90, 0.5, 0.6, 0.8],
    ),
    "threats": rows_of(
        "threat name theatre kind first_year last_year likelihood priority non_military_cap",
        [
            "BORDER_SOUTH",
            "Incursions across the southern border",
            "CENTRAL_ASIA",
            "political-military",
            None,
            None,
            0.2,
            2,
            0.2,
        ],
        [
            "CONFLICT_CAUCASUS",
            "Armed conflict spreading in the Caucasus",
            "CAUCASUS",
            "political-military",
            None,
            None,
            0.15,
            2,
            0.3,
        ],
        ["AIRSPACE", "Violations of air space", "WEST", "military", 1997, None, 0.05, 1, None],
    ),
    "requirements": rows_of(
        "threat capability day level growth",
        ["BORDER_SOUTH", "GROUND", 20, 2.5, None],
        ["BORDER_SOUTH", "GROUND", 60, 5.5, 0.02],
        ["BORDER_SOUTH", "AIR_DEFENCE", 30, 1.5, None],
        ["CONFLICT_CAUCASUS", "GROUND", 30, 4, None],
        ["CONFLICT_CAUCASUS", "AIR_DEFENCE", 30, 3, None],
        ["AIRSPACE", "AIR_DEFENCE", 15, 9, 0.02],
    ),
    "exposure": rows_of(
        "threat member share",
        ["BORDER_SOUTH", "TJK", 0.9],
        ["BORDER_SOUTH", "UZB", 0.5],
        ["BORDER_SOUTH", "KGZ", 0.4],
        ["BORDER_SOUTH", "KAZ", 0.2],
        ["CONFLICT_CAUCASUS", "ARM", 0.5],
        ["CONFLICT_CAUCASUS", "AZE", 0.5],
        ["CONFLICT_CAUCASUS", "GEO", 0.6],
        ["CONFLICT_CAUCASUS", "RUS", 0.2],
        ["AIRSPACE", "RUS", 0.7],
        ["AIRSPACE", "BLR", 0.5],
        ["AIRSPACE", "KAZ", 0.1],
    ),
    "situations": rows_of(
        "situation threat",
        ["SOUTH", "BORDER_SOUTH"],
        ["SOUTH", "CONFLICT_CAUCASUS"],
        ["WEST", "AIRSPACE"],
        ["WEST", "CONFLICT_CAUCASUS"],
    ),
    "legislation": rows_of(
        "member force delegable_share",
        ["RUS", "*", 0.5],
        ["BLR", "*", 0.4],
        ["BLR", "BRIGADE", 0],
        ["UZB", "*", 0.6],
    ),
    "caveats": rows_of("member threat", ["UZB", "CONFLICT_CAUCASUS"], ["BLR", "BORDER_SOUTH"]),
    "apportionment": rows_of("member capability min_share max_share", ["RUS", "GROUND", None, 0.7]),
    "budgets": rows_of("member year budget", ["TJK", 1998, 45]),
    "common_budgets": rows_of("year budget note", [2001, 40, "Loose: the plan needs less"]),
    "bodies": rows_of(
        "body name kind setup_cost annual_cost staff max_member_share post_cost role",
        [
            "COUNCIL",
            "Council of collective security",
            "political",
            1,
            0.8,
            0.04,
            0.4,
            8,
            "delegation",
        ],
        ["STAFF", "Joint staff", "military", 1.5, 1, 0.08, 0.5, 6, "delegation"],
        ["COMMAND", "Joint headquarters", "military", 4, 2.5, 0.15, 0.5, 6, "integration"],
    ),
    "measures": rows_of(
        "measure name annual_cost body",
        ["MEDIATION", "Mediation by the council", 0.8, "COUNCIL"],
        ["AID", "Economic aid", 15, None],
    ),
    "effects": rows_of(
        "measure threat effect",
        ["MEDIATION", "CONFLICT_CAUCASUS", 0.15],
        ["MEDIATION", "BORDER_SOUTH", 0.05],
        ["AID", "BORDER_SOUTH", 0.15],
    ),
    "programmes": rows_of(
        "programme name kind duration annual_cost earliest_year",
        ["JOINT_AIR_DEFENCE", "Joint air defence", "production", 1, 9, None],
        ["JOINT_BASES", "Joint bases", "infrastructure", 1, 14, 1997],
    ),
    "programme_effects": rows_of(
        "programme force effect value",
        ["JOINT_AIR_DEFENCE", "BATTERY", "unlock", None],
        ["JOINT_AIR_DEFENCE", "BATTERY", "capacity", 1],
        ["JOINT_AIR_DEFENCE", "BATTERY", "price_cut", 0.1],
        ["JOINT_BASES", "BRIGADE", "support_cut", 0.25],
    ),
    "activities": rows_of(
        "activity name stage kind duration annual_cost earliest_year member body programme",
        ["TREATY", "Treaty in force", 1, "treaty", 0, 0.5, None, None, None, None],
        [
            "FOUND_COMMAND",
            "Founding of the headquarters",
            2,
            "body",
            1,
            1,
            None,
            None,
            "COMMAND",
            None,
        ],
        [
            "FUNDING",
            "Agreement on common funding",
            3,
            "funding",
            0,
            0.3,
            1997,
            None,
            None,
            "JOINT_BASES",
        ],
    ),
    "precedence": rows_of("activity after", ["FOUND_COMMAND", "TREATY"], ["FUNDING", "TREATY"]),
    "scenarios": rows_of(
        "scenario step table where column change value extends note",
        [
            "slow ratification",
            1,
            "activities",
            "activity=RATIFY_*",
            "earliest_year",
            "set",
            1998,
            None,
            "Two years later",
        ],
        ["Uzbekistan leaves", 1, "members", "member=UZB", None, "drop", None, None, "As in 1999"],
        [
            "without the three",
            1,
            "members",
            "member=AZE,GEO",
            None,
            "drop",
            None,
            "Uzbekistan leaves",
            "As from 1999 on",
        ],
    ),
}

ABOUT = (
    "The nine signatories of the Tashkent treaty. GDP, population, military personnel and "
    "expenditure, and distances are public figures; the source column names them.",
    "ILLUSTRATIVE: forces, costs, threats and needs are made up. This is budgeting and force "
    "planning by example, and says nothing of any real plan.",
    "It follows its time: a treaty, ratification by each signatory, a council that decides and a "
    "joint staff that plans, a headquarters, joint bases, and joint air defence.",
    "Built by inputs/build_collective_security_treaty_1996.py from inputs/sources.",
)


def main(folder: Path = HERE) -> None:
    """Build the workbook, beside this file unless another folder is named."""
    path = folder / "collective_security_treaty_1996.xlsx"
    write_inputs(path, build_sheets(), "Collective security treaty, 1996", ABOUT, MADE_UP)


if __name__ == "__main__":
    main()

"""Builds collective_security_treaty_1996.xlsx: the nine signatories of the Tashkent treaty.

GDP, population, military personnel and expenditure, distances, counts of equipment and unit costs
are public figures from `sources/`; the notes of the workbook show how units and costs follow from
them. What part of it the plan may use, price levels and what threats are planned for is
ILLUSTRATIVE.
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
EQUIPMENT = "rDMC, 1996 (Gannon 2023), coded from IISS, The Military Balance"
REPORTS = "US Selected Acquisition Reports, 2011-2015 (public domain)"

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
LOADING_DAYS, KM_A_DAY = 2, 350
LOADING_COST, COST_PER_KM = 0.02, 0.00006
# What the plan counts on, of all equipment; the rest stands in store or has other tasks.
ASSIGNED = {"RUS": 0.03, "BLR": 0.1}
ASSIGNED_BY_OTHERS = 0.25
# Equipment of one unit: what is counted, and how many of it make a unit.
UNIT_OF = {
    "BRIGADE": {"tanks": 40, "fighting vehicles": 100},
    "BATTERY": {"launchers": 8},
    "SQUADRON": {"fighters": 12},
}
REMAINING_LIFE = {"BRIGADE": 14, "BATTERY": 10, "SQUADRON": 12}

# What stands for the systems of one unit, and how many of each: no report covers those of the time.
SYSTEMS = {
    "BRIGADE": {"Stryker": 150, "M109A7": 18},
    "BATTERY": {"M109A7": 8, "G/ATOR": 2},
    "SQUADRON": {"F/A-18E/F": 12},
}
STANDS_FOR = {
    "BRIGADE": "150 tanks and carriers as Stryker, 18 guns as M109A7",
    "BATTERY": "8 launchers as M109A7 with its carrier, 2 radars as G/ATOR",
    "SQUADRON": "12 aircraft as F/A-18E/F",
}
SERVICE_LIFE_OF = {"BRIGADE": "M109A7", "BATTERY": "G/ATOR", "SQUADRON": "EA-18G"}
MISSILES = {"BATTERY": 32}
PEOPLE = {"BRIGADE": 2.5, "BATTERY": 0.25, "SQUADRON": 0.6}
PRICE_LEVEL = 0.3
PAY = 2.0
SUPPORT = 0.2


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
    """Movement by rail, from distances: first days of loading, then so many kilometres a day."""
    distance = {
        (row["origin"], row["destination"]): float(row["capital_distance_km"])
        for row in read_source("cepii_distances.csv")
    }
    return [
        {
            "member": code,
            "theatre": theatre,
            "transit_days": math.ceil(LOADING_DAYS + distance[code, capital] / KM_A_DAY),
            "cost_per_load": round(LOADING_COST + COST_PER_KM * distance[code, capital], 3),
            "source": f"{distance[code, capital]:,.0f} km to the capital of {NAMES[capital][0]}: "
            f"{DISTANCES}",
            "note": f"{LOADING_DAYS} days of loading and {KM_A_DAY} km a day; "
            f"{LOADING_COST * 1e6:,.0f} USD a load and {COST_PER_KM * 1e6:g} USD a km and load: "
            "ILLUSTRATIVE",
        }
        for code, (_, home) in NAMES.items()
        for theatre, capital in CAPITAL_OF.items()
        if theatre != home
    ]


def build_inventory() -> Rows:
    """Units that the plan may count on, from counts of equipment."""
    counts = read_source("rdmc_1996.csv")
    rows = []
    for force, unit_of in UNIT_OF.items():
        for code in NAMES:
            lines = [row for row in counts if row["iso3"] == code and row["counted_as"] in unit_of]
            if not lines:
                continue
            kind, part = lines[0]["counted_as"], ASSIGNED.get(code, ASSIGNED_BY_OTHERS)
            total, each = sum(int(row["unit_count"]) for row in lines), unit_of[kind]
            units = round(total / each * part, 2)
            listed = " + ".join(f"{int(r['unit_count']):,} {r['unit_name']}" for r in lines)
            counted = f"{total:,} {kind}" if len(lines) == 1 else f"{listed} = {total:,} {kind}"
            rows.append(
                {
                    "member": code,
                    "force": force,
                    "units": units,
                    "remaining_life": REMAINING_LIFE[force],
                    "quality": 1 if code in ("RUS", "BLR") else 0.85,
                    "source": EQUIPMENT,
                    "note": f"{counted}; {total:,} / {each} x {part:.0%} = {units:g}. The "
                    f"{part:.0%}, life and quality are ILLUSTRATIVE",
                }
            )
    return rows


def build_forces() -> Rows:
    """Kinds of force: costs of a unit from those of its systems, at prices of 1996."""
    reports = {row["system"].split()[0]: row for row in read_source("sar_unit_costs.csv")}
    # The report in dollars of 1996 tells what these are in those of 2023.
    at_1996 = reports["C-130J"]
    deflator = float(at_1996["os_2023M"]) / float(at_1996["os_per_unit_year_BYM"])
    rows = []
    for force, base in zip(UNIT_OF, FIXED_FORCES, strict=True):
        price = running = 0.0
        for system, number in SYSTEMS[force].items():
            row = reports[system]
            yearly, pay = float(row["os_per_unit_year_BYM"]), float(row["of_it_manpower_BYM"])
            price += number * float(row["apuc_2023M"])
            running += number * float(row["os_2023M"]) * (1 - pay / yearly)
        here = PRICE_LEVEL / deflator
        missiles, people = MISSILES.get(force, 0), PEOPLE[force]
        bought = f", and {missiles} missiles at 1 million" if missiles else ""
        note = (
            f"{STANDS_FOR[force]}. Price: {price:,.1f} million of 2023 / {deflator:.3f} (dollars "
            f"of 1996) x {PRICE_LEVEL:g} = {price * here:,.1f}{bought}. A year: {running:,.2f} "
            f"million of 2023 without pay / {deflator:.3f} x {PRICE_LEVEL:g} = "
            f"{running * here:,.2f}, of it {SUPPORT:.0%} support; pay {PAY:g} million a thousand "
            f"people. Life: {SERVICE_LIFE_OF[force]}. ILLUSTRATIVE: what stands for what, the "
            f"price level {PRICE_LEVEL:g}, pay, people, missiles, and the other columns"
        )
        rows.append(
            {
                **base,
                "personnel": people,
                "operating_cost": round((1 - SUPPORT) * running * here + PAY * people, 1),
                "support_cost": round(SUPPORT * running * here, 1),
                "procurement_cost": round(price * here + missiles),
                "service_life": int(float(reports[SERVICE_LIFE_OF[force]]["service_life_years"])),
                "source": REPORTS,
                "note": note,
            }
        )
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
        "forces": build_forces(),
        "movement": build_movement(),
        "inventory": build_inventory(),
        "activities": FIXED["activities"] + ratifications,
        "precedence": FIXED["precedence"] + precedence,
        "sharing_keys": build_keys(members),
    }


FIXED_FORCES = rows_of(
    "force name price_growth programme_cost fleet_cost lead_time tech_level load max_imports",
    ["BRIGADE", "Motor-rifle brigade", None, None, None, 1, 1, 6, 1],
    ["BATTERY", "Air-defence battery", None, 60, None, 1, 3, 1.5, 0.5],
    ["SQUADRON", "Fighter squadron", None, None, 2, 2, 3, 2, 0.3],
)

FIXED = {
    "settings": rows_of(
        "name value note",
        ["title", "Collective security treaty, 1996", "Public figures, illustrative threats"],
        ["marking", "ILLUSTRATIVE", "Threats, price levels and assigned shares are made up"],
        ["currency", "USD", None],
        ["price_year", 1996, None],
        ["first_year", 1996, None],
        ["last_year", 2001, None],
        ["discount_rate", 0.05, None],
        ["shortfall_penalty", None, "Left empty: security first, money second"],
        ["residual_share", 1, "All of the residual value is credited"],
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
    "expenditure, distances, counts of equipment and unit costs are public figures; the source "
    "column names them, and the note column shows how units and costs follow from them.",
    "ILLUSTRATIVE: threats, needs, the part of all equipment that is assigned, and price levels "
    "are made up. This is budgeting and force planning by example, and says nothing of any real "
    "plan.",
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

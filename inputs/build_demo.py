"""Builds demo.xlsx: an invented alliance of six members. Run it to build the workbook anew.

Nothing here is a real state, force or threat: every figure is ILLUSTRATIVE, chosen in believable
magnitudes (million EUR; people in thousands; a brigade of about 4,500).
"""

from __future__ import annotations

from pathlib import Path

from sheets import rows_of, write_inputs

HERE = Path(__file__).parent
MADE_UP = "ILLUSTRATIVE: made up"

SHEETS = {
    "settings": rows_of(
        "name value note",
        ["title", "Six-member alliance", "An invented alliance"],
        ["marking", "ILLUSTRATIVE", "Printed on every report"],
        ["currency", "EUR", None],
        ["price_year", 2026, None],
        ["first_year", 2027, None],
        ["last_year", 2032, None],
        ["discount_rate", 0.03, None],
        ["shortfall_penalty", None, "Left empty: security first, money second"],
        ["residual_share", 1, "All of the residual value is credited"],
        ["unintegrated_power", 0.85, "Until the headquarters works"],
    ),
    "members": rows_of(
        "member name home_theatre gdp gdp_growth population budget_share personnel tech_level "
        "cost_index votes",
        ["ARL", "Arland", "NORTH", 620000, 0.015, 11.2, 0.0075, 52, 4, 1.15, 5],
        ["BRU", "Bruma", "NORTH", 310000, 0.015, 5.6, 0.009, 30, 3, 1.1, 3],
        ["CAL", "Caldera", "SOUTH", 240000, 0.02, 9.8, 0.01, 48, 2, 0.85, 3],
        ["DOR", "Dorvia", "EAST", 150000, 0.025, 8.1, 0.014, 55, 2, 0.7, 3],
        ["ELS", "Elsmark", "EAST", 48000, 0.03, 2.1, 0.016, 16, 1, 0.65, 2],
        ["FEN", "Fenwick", "NORTH", 36000, 0.02, 1.4, 0.015, 9, 1, 0.75, 2],
    ),
    "theatres": rows_of(
        "theatre name", ["NORTH", "Northern sea"], ["EAST", "Eastern plain"], ["SOUTH", "South"]
    ),
    "capabilities": rows_of(
        "capability name measure max_member_share shortfall_weight",
        ["LAND", "Land combat", "brigade equivalents", None, None],
        ["AIR", "Air and missile defence", "battery equivalents", 0.6, None],
        ["SEA", "Sea control", "frigate equivalents", None, 0.8],
    ),
    "forces": rows_of(
        "force name personnel operating_cost support_cost procurement_cost price_growth "
        "programme_cost fleet_cost lead_time service_life tech_level load whole max_imports",
        ["MBR", "Mechanized brigade", 4.5, 165, 35, 1250, 0.01, None, None, 2, 25, 1, 9, None, 1],
        ["LBR", "Light brigade", 3.2, 95, 15, 380, 0.005, None, None, 1, 20, 0, 4, None, None],
        ["ADB", "Air-defence battery", 0.4, 48, 9, 540, 0.01, 420, None, 1, 20, 3, 1.5, None, 1],
        ["FSQ", "Fighter squadron", 0.6, 120, 30, 1500, 0.015, None, None, 3, 30, 3, 2, None, 0.5],
        ["FRG", "Frigate", 0.2, 62, 14, 780, 0.01, None, 18, 3, 30, 2, 1, True, 1],
    ),
    "power": rows_of(
        "force capability power",
        ["MBR", "LAND", 1],
        ["MBR", "AIR", 0.1],
        ["LBR", "LAND", 0.5],
        ["ADB", "AIR", 1],
        ["FSQ", "AIR", 2.4],
        ["FSQ", "LAND", 0.3],
        ["FRG", "SEA", 1],
        ["FRG", "AIR", 0.3],
    ),
    "inventory": rows_of(
        "member force units remaining_life quality",
        ["ARL", "MBR", 3, 18, 1.1],
        ["ARL", "ADB", 4, 12, 1.1],
        ["ARL", "FSQ", 3, 20, 1.05],
        ["ARL", "FRG", 5, 16, 1],
        ["BRU", "LBR", 4, None, 1.1],
        ["BRU", "ADB", 1, 9, None],
        ["BRU", "FSQ", 2, 15, None],
        ["BRU", "FRG", 3, 20, 1.05],
        ["CAL", "MBR", 3, 14, 0.9],
        ["CAL", "LBR", 4, None, 0.9],
        ["CAL", "FSQ", 1, 10, 0.9],
        ["CAL", "FRG", 3, 12, 0.9],
        ["DOR", "MBR", 5, 15, 0.85],
        ["DOR", "LBR", 6, None, 0.9],
        ["DOR", "ADB", 2, 8, 0.8],
        ["ELS", "LBR", 2, None, 0.9],
        ["FEN", "LBR", 1, None, 0.9],
        ["FEN", "FRG", 1, 10, 0.9],
    ),
    "industry": rows_of(
        "member force capacity",
        ["ARL", "ADB", 1],
        ["ARL", "FSQ", 0.5],
        ["BRU", "FRG", 1],
        ["CAL", "FRG", 0.5],
        ["DOR", "MBR", 0.5],
    ),
    "readiness": rows_of(
        "tier notice_days operating_factor available_share max_share",
        ["high", 5, 1.5, 0.8, 0.4],
        ["medium", 20, 1, 0.7, None],
        ["low", 90, 0.55, 0.6, 0.8],
    ),
    "movement": rows_of(
        "member theatre transit_days cost_per_load",
        ["ARL", "EAST", 9, 1.6],
        ["ARL", "SOUTH", 12, 2.1],
        ["BRU", "EAST", 10, 1.7],
        ["CAL", "EAST", 11, 1.8],
        ["CAL", "NORTH", 14, 2.4],
        ["DOR", "NORTH", 9, 1.5],
        ["DOR", "SOUTH", 11, 1.7],
        ["ELS", "NORTH", 8, 1.4],
        ["FEN", "EAST", 9, 1.6],
    ),
    "threats": rows_of(
        "threat name theatre kind first_year last_year likelihood priority non_military_cap",
        [
            "PLAIN",
            "Border crisis on the plain",
            "EAST",
            "political-military",
            None,
            None,
            0.08,
            3,
            0.2,
        ],
        ["AIRSPACE", "Missile and air threat", "EAST", "military", None, None, 0.06, 2, None],
        [
            "SEALANES",
            "Pressure on sea lanes",
            "NORTH",
            "political-military",
            None,
            None,
            0.1,
            1,
            0.15,
        ],
        [
            "SOUTHERN",
            "Unrest beyond the south",
            "SOUTH",
            "political-military",
            2029,
            None,
            0.15,
            1,
            0.3,
        ],
    ),
    "requirements": rows_of(
        "threat capability day level growth",
        ["PLAIN", "LAND", 15, 3, 0.02],
        ["PLAIN", "LAND", 60, 6.5, 0.02],
        ["PLAIN", "AIR", 30, 3, None],
        ["AIRSPACE", "AIR", 30, 9, 0.03],
        ["SEALANES", "SEA", 30, 4.5, 0.01],
        ["SEALANES", "AIR", 30, 2, None],
        ["SOUTHERN", "LAND", 60, 1.5, None],
        ["SOUTHERN", "SEA", 60, 1.5, None],
    ),
    "exposure": rows_of(
        "threat member share",
        ["PLAIN", "DOR", 0.8],
        ["PLAIN", "ELS", 0.45],
        ["PLAIN", "FEN", 0.1],
        ["AIRSPACE", "DOR", 0.5],
        ["AIRSPACE", "ELS", 0.3],
        ["AIRSPACE", "ARL", 0.35],
        ["AIRSPACE", "BRU", 0.2],
        ["SEALANES", "ARL", 0.6],
        ["SEALANES", "BRU", 0.4],
        ["SEALANES", "FEN", 0.3],
        ["SOUTHERN", "CAL", 1],
    ),
    "situations": rows_of(
        "situation threat",
        ["EAST_AND_SEA", "PLAIN"],
        ["EAST_AND_SEA", "AIRSPACE"],
        ["EAST_AND_SEA", "SEALANES"],
        ["SOUTH_AND_SEA", "SOUTHERN"],
        ["SOUTH_AND_SEA", "SEALANES"],
    ),
    "legislation": rows_of(
        "member force delegable_share",
        ["ARL", "*", 0.7],
        ["BRU", "*", 0.6],
        ["CAL", "*", 0.5],
        ["CAL", "FSQ", 0],
        ["DOR", "*", 0.8],
    ),
    "caveats": rows_of("member threat", ["BRU", "SOUTHERN"], ["FEN", "SOUTHERN"]),
    "apportionment": rows_of(
        "member capability min_share max_share",
        ["ARL", "SEA", None, 0.55],
        ["CAL", "LAND", 0.05, None],
    ),
    "budgets": rows_of("member year budget", ["ELS", 2029, 700], ["FEN", 2030, 520]),
    "common_budgets": rows_of("year budget note", [2032, 150, "Loose: the plan needs less"]),
    "bodies": rows_of(
        "body name kind setup_cost annual_cost staff max_member_share post_cost role",
        ["COUNCIL", "Alliance council", "political", 6, 4, 0.08, 0.3, 90, "delegation"],
        ["FORUM", "Consultation forum", "political", 2, 1.5, 0.03, 0.4, 90, "consultation"],
        ["HQ", "Joint headquarters", "military", 45, 16, 0.45, 0.35, 95, "integration"],
    ),
    "measures": rows_of(
        "measure name annual_cost body",
        ["TALKS", "Confidence-building talks", 5, "FORUM"],
        ["AID", "Economic partnership", 60, None],
    ),
    "effects": rows_of(
        "measure threat effect",
        ["TALKS", "PLAIN", 0.06],
        ["TALKS", "SOUTHERN", 0.1],
        ["AID", "SOUTHERN", 0.25],
        ["AID", "PLAIN", 0.05],
    ),
    "programmes": rows_of(
        "programme name kind duration annual_cost earliest_year",
        ["SHIELD", "Joint air-defence research", "research", 1, 14, None],
        ["DEPOTS", "Joint depots", "infrastructure", 1, 60, None],
    ),
    "programme_effects": rows_of(
        "programme force effect value",
        ["SHIELD", "ADB", "unlock", None],
        ["SHIELD", "ADB", "price_cut", 0.15],
        ["SHIELD", "ADB", "capacity", 1],
        ["DEPOTS", "MBR", "support_cut", 0.15],
    ),
    "activities": rows_of(
        "activity name stage kind duration annual_cost earliest_year member body programme",
        ["TREATY", "Treaty of alliance", 1, "treaty", 1, 3, None, None, None, None],
        *(
            [
                f"RAT_{m}",
                f"Ratification by {name}",
                1,
                "legislation",
                years,
                0.6,
                None,
                m,
                None,
                None,
            ]
            for m, name, years in (
                ("ARL", "Arland", 1),
                ("BRU", "Bruma", 0),
                ("CAL", "Caldera", 1),
                ("DOR", "Dorvia", 0),
                ("ELS", "Elsmark", 0),
                ("FEN", "Fenwick", 0),
            )
        ),
        ["FOUND_HQ", "Founding of the headquarters", 2, "body", 1, 8, None, None, "HQ", None],
        ["FUND", "Common funding agreement", 3, "funding", 0, 1, None, None, None, "SHIELD"],
    ),
    "precedence": rows_of(
        "activity after",
        *([f"RAT_{m}", "TREATY"] for m in ("ARL", "BRU", "CAL", "DOR", "ELS", "FEN")),
        ["FOUND_HQ", "TREATY"],
        ["FUND", "TREATY"],
    ),
    "sharing_keys": rows_of(
        "key member share",
        ["treaty", "ARL", 36],
        ["treaty", "BRU", 22],
        ["treaty", "CAL", 18],
        ["treaty", "DOR", 14],
        ["treaty", "ELS", 6],
        ["treaty", "FEN", 4],
    ),
    "scenarios": rows_of(
        "scenario step table where column change value extends note",
        [
            "plain worse",
            1,
            "requirements",
            "threat=PLAIN",
            "level",
            "scale",
            1.33,
            None,
            "The border crisis asks for a third more",
        ],
        ["budgets of 3 %", 1, "members", "", "budget_share", "set", 0.03, None, "A common target"],
        ["Dorvia leaves", 1, "members", "member=DOR", None, "drop", None, None, "N-1"],
        [
            "late and dear",
            1,
            "activities",
            "activity=RAT_*",
            "earliest_year",
            "set",
            2029,
            None,
            "Ratification slips two years",
        ],
        ["late and dear", 2, "forces", "", "procurement_cost", "scale", 1.1, None, None],
    ),
}

ABOUT = (
    "ILLUSTRATIVE: an invented alliance of six members; no state, force or threat in it is real.",
    "It shows a need met by delegation, orders, a production line that is opened, budgets that "
    "bind, members that cannot meet their threats alone, and a need that stays short in the first "
    "years, before the treaty works and before what is ordered arrives.",
    "Built by inputs/build_demo.py.",
)


def main(folder: Path = HERE) -> None:
    """Build the workbook, beside this file unless another folder is named."""
    write_inputs(folder / "demo.xlsx", SHEETS, "Six-member alliance", ABOUT, MADE_UP)


if __name__ == "__main__":
    main()

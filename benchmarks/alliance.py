"""A made-up alliance of any size, as a workbook: ILLUSTRATIVE, for timings only."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Sheets = dict[str, list[list[Any]]]


def build_alliance(
    members: int = 12,
    forces: int = 12,
    capabilities: int = 6,
    threats: int = 6,
    years: int = 10,
    *,
    whole: bool = False,
    seed: int = 1,
) -> Sheets:
    """Sheets of an alliance with three readiness tiers; `whole` adds lines, fleets, whole units."""
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

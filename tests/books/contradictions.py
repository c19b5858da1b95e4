"""Small books with a contradiction planted in each, worked out by hand.

All are the book of `small_books`: A and B hold units of power 1, 10 million a unit and year for A
and 20 for B, over the four years 2030-2033, and threat K needs power 4 by day 0. A unit that is
given up does not come back, so that every plan here holds the same units in all years: `cost` is
four times what a year costs. Cells are addressed as in a workbook with the header in row 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from books import add_column
from small_books import (
    DRONE_POWER,
    activities,
    activity,
    bodies,
    forces,
    make_book,
    members,
)

NEED = "requirements!D2"

ONLY_A = [["member", "force", "units"], ["A", "unit", 8]]
AGAINST_B = [["threat", "member", "share"], ["K", "B", 1]]
"""Only B is endangered: with no units of its own it lives on what A delegates."""


@dataclass(frozen=True)
class Contradiction:
    """A book without a plan.

    Attributes
    ----------
    cells: of the smallest conflict.
    changes: by cell, the new value nearest to the old one with which there is a plan (``dropped``
        for a row), and what the cheapest plan then costs over the four years; None where the cost
        was not worked out.
    whole: True where only whole numbers make it a contradiction.
    """

    sheets: dict[str, Any]
    cells: set[str]
    changes: dict[str, tuple[Any, float | None]] = field(default_factory=dict)
    whole: bool = False


def _with_people(ceiling_a: float | None, ceiling_b: float | None) -> list[list[Any]]:
    return add_column(members(), "personnel", ceiling_a, ceiling_b)


def _manned(**more: Any) -> list[list[Any]]:
    """The unit with one person each, and more columns."""
    rows = forces()
    rows[1][2] = 1
    for name, value in more.items():
        rows = add_column(rows, name, value)
    return rows


CONTRADICTIONS = {
    # In 2031 A can pay 3 units and B 0.75: 0.25 is missing.
    "budget against need": Contradiction(
        make_book(budgets=[["member", "year", "budget"], ["A", 2031, 30], ["B", 2031, 15]]),
        {NEED, "budgets!C2", "budgets!C3"},
        {
            NEED: (3.75, 4 * 45),  # A 3, B 0.75
            "budgets!C2": (32.5, 4 * (32.5 + 15)),  # A 3.25, B 0.75
            "budgets!C3": (20, 4 * (30 + 20)),  # A 3, B 1
        },
    ),
    # A delegates from 2032 on, and K is there from 2030 on.
    "date against ratification": Contradiction(
        make_book(
            inventory=ONLY_A,
            exposure=AGAINST_B,
            activities=activities(activity("RATIFY", "legislation", 0, member="A", earliest=2032)),
        ),
        {NEED, "activities!G2"},
        {NEED: (0, 0), "activities!G2": (2030, 4 * 40)},
    ),
    # B holds half of the power, and has people for 1 unit: no more than 2 are held in all.
    "personnel against apportionment": Contradiction(
        make_book(
            members=_with_people(None, 1),
            forces=_manned(),
            apportionment=[["member", "capability", "min_share"], ["B", "land", 0.5]],
        ),
        {NEED, "members!H3", "apportionment!C2"},
        {
            NEED: (2, 4 * (10 + 20)),
            "members!H3": (2, 4 * (20 + 40)),
            "apportionment!C2": (0.25, 4 * (30 + 20)),
        },
    ),
    "caveat against need": Contradiction(
        make_book(inventory=ONLY_A, exposure=AGAINST_B, caveats=[["member", "threat"], ["A", "K"]]),
        {NEED, "caveats!A2"},
        {NEED: (0, 0), "caveats!A2": ("dropped", 4 * 40)},
    ),
    # A quarter of 8 units may be delegated: 2. Half of them would do.
    "delegable share against need": Contradiction(
        make_book(
            inventory=ONLY_A,
            exposure=AGAINST_B,
            legislation=[["member", "force", "delegable_share"], ["A", "unit", 0.25]],
        ),
        {NEED, "legislation!C2"},
        {NEED: (2, 4 * 80), "legislation!C2": (0.5, 4 * 80)},
    ),
    # A may cover half of any need of B, however small, and there is nobody else.
    "dependence cap against need": Contradiction(
        make_book(
            inventory=ONLY_A,
            exposure=AGAINST_B,
            capabilities=[
                ["capability", "name", "measure", "max_member_share"],
                ["land", "Land", "power", 0.5],
            ],
        ),
        {NEED, "capabilities!D2"},
        {NEED: (0, 0), "capabilities!D2": (1, 4 * 40)},
    ),
    "transit against response day": Contradiction(
        make_book(
            theatres=[["theatre", "name"], ["HOME", "Home"], ["FAR", "Far"]],
            threats=[["threat", "name", "theatre", "kind"], ["K", "Crisis", "FAR", "military"]],
            requirements=[["threat", "capability", "day", "level"], ["K", "land", 10, 4]],
            movement=[
                ["member", "theatre", "transit_days", "cost_per_load"],
                ["A", "FAR", 20, 0],
                ["B", "FAR", 30, 0],
            ],
        ),
        {NEED, "movement!C2", "movement!C3"},
        {NEED: (0, 0), "movement!C2": (10, 4 * 40), "movement!C3": (10, 4 * 80)},
    ),
    # 2 units and, in 2030, half a drone for each of two members: 3 of 4.
    "production limit against need": Contradiction(
        make_book(
            inventory=[["member", "force", "units"], ["A", "unit", 2]],
            forces=forces(price=5, imports=0.5),
            power=DRONE_POWER,
        ),
        {NEED, "forces!I3"},
        {NEED: (3, None), "forces!I3": (1, None)},
    ),
    # Drones come two years after the order, and 2 units are there until then.
    "delivery time against need": Contradiction(
        make_book(
            inventory=[["member", "force", "units"], ["A", "unit", 2]],
            forces=add_column(forces(price=5), "lead_time", 0, 2),
            power=DRONE_POWER,
        ),
        {NEED, "forces!J3"},
        {NEED: (2, None), "forces!J3": (0, None)},
    ),
    # People for 2.5 units, of which A holds a whole number: 2. In fractions there is a plan.
    "whole units against personnel": Contradiction(
        make_book(
            members=_with_people(2.5, None),
            inventory=ONLY_A,
            forces=_manned(whole=True),
            requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 2.5]],
        ),
        {NEED, "members!H2", "forces!J2"},
        {NEED: (2, 4 * 20), "members!H2": (3, 4 * 30), "forces!J2": (False, 4 * 25)},
        whole=True,
    ),
    # Nothing is delegated without the council, which costs 30 + 10 in its first year.
    "common budget against a body": Contradiction(
        make_book(
            inventory=ONLY_A,
            exposure=AGAINST_B,
            bodies=bodies(("COUNCIL", "delegation", 30, 10)),
            common_budgets=[["year", "budget"], [2030, 20]],
        ),
        {NEED, "common_budgets!A2"},
        {NEED: (0, 0), "common_budgets!B2": (40, 4 * 40 + 30 + 4 * 10)},
    ),
    # 8 + 8 units are all there is.
    "need against what there is": Contradiction(
        make_book(requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 20]]),
        {NEED},
        {NEED: (16, 4 * (80 + 160))},
    ),
}
"""Ten pairs or triples that cannot stand together, and two that need a closer look: by production
and by delivery; the last is a need that no rule stands against."""

TWO = Contradiction(
    # Sea by A's two ships, which cost nothing, for B alone; and the budgets of 2031 against K.
    make_book(
        capabilities=[
            ["capability", "name", "measure"],
            ["land", "Land", "power"],
            ["sea", "Sea", "power"],
        ],
        forces=[
            ["force", "name", "personnel", "operating_cost", "service_life"],
            ["unit", "Unit", 0, 10, 30],
            ["ship", "Ship", 0, 0, 30],
        ],
        power=[["force", "capability", "power"], ["unit", "land", 1], ["ship", "sea", 1]],
        inventory=[
            ["member", "force", "units"], ["A", "unit", 8], ["B", "unit", 8], ["A", "ship", 2],
        ],
        threats=[
            ["threat", "name", "theatre", "kind"],
            ["K", "Crisis", "HOME", "military"],
            ["L", "Blockade", "HOME", "military"],
        ],
        requirements=[
            ["threat", "capability", "day", "level"], ["K", "land", 0, 4], ["L", "sea", 0, 2],
        ],
        exposure=[["threat", "member", "share"], ["K", "A", 1], ["K", "B", 1], ["L", "B", 1]],
        caveats=[["member", "threat"], ["A", "L"]],
        budgets=[["member", "year", "budget"], ["A", 2031, 30], ["B", 2031, 15]],
    ),
    {NEED, "budgets!C2", "budgets!C3"} | {"requirements!D3", "caveats!A2"},
)  # fmt: skip
"""A book with two contradictions that share nothing."""

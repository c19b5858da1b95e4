"""One body, one activity or one programme removed: the two plans differ by it and what it opens.

The threat begins in 2031 and needs 4. Units cost 10 a year; drones 10 to buy, 5 after a programme
of a year and 5 million, and 1 a year to run; a quarter of their life is left in the end.
"""

from __future__ import annotations

import pytest
from small_books import (
    DRONE_POWER,
    activities,
    activity,
    bodies,
    forces,
    make_book,
    plan_sheets,
    programme,
)

THREATS = make_book()["threats"]
BOOK = make_book(
    threats=[THREATS[0], [*THREATS[1][:4], 2031, *THREATS[1][5:]]],
    forces=forces(price=10),
    power=DRONE_POWER,
    bodies=bodies(("council", "delegation", 3, 1), ("forum", "consultation", 9, 9)),
    activities=activities(
        activity("treaty", "treaty", 1, 2), activity("fund", "funding", 0, 1, programme="P")
    ),
    **programme("production", "price_cut", "drone", 0.5),
)
"""In 2031 A buys the 4 drones of the alliance; nobody needs the forum."""

FULL = {
    "operating_cost": 3 * 4,
    "procurement_cost": 4 * 5,
    "salvage_value": -4 * 5 / 4,
    "joint_programme_cost": 5,
    "setup_cost": 2 + 1,
    "body_cost": 3 + 3 * 1,
}
"""Apart, A and B would need 4 drones each: 12 + 24 to run, 40 to buy, 10 left, 6 to set up."""

DECIDED = {
    ("orders", "A", "drone", 2031): 4,
    ("held", "A", "drone", "ready", 2031): 4,
    ("held", "A", "drone", "ready", 2032): 4,
    ("held", "A", "drone", "ready", 2033): 4,
    **{("started", "treaty", t): 1 for t in range(2030, 2034)},
    **{("started", "fund", t): 1 for t in range(2030, 2034)},
    **{("launched", "P", t): 1 for t in range(2030, 2034)},
    **{("body_active", "council", t): 1 for t in range(2031, 2034)},
}
"""Everything that the plan does, own and delegated apart: these cost the same."""


def without(name):
    """The book without every row that names this."""
    return {
        sheet: [rows[0], *(row for row in rows[1:] if name not in row)]
        for sheet, rows in BOOK.items()
    }


def solve(sheets):
    """Costs by ledger entry, and the decisions that are not 0."""
    solution = plan_sheets(sheets)
    costs = {entry: value for entry, value in solution.costs.items() if abs(value) > 1e-6}
    decided = {
        (name, *key): value
        for name in ("orders", "held", "started", "launched", "body_active")
        for key, value in getattr(solution.quantities, name).items()
        if abs(value) > 1e-6
    }
    return costs, decided


def test_nothing_removed():
    costs, decided = solve(BOOK)
    assert costs == pytest.approx(FULL)
    assert decided == pytest.approx(DECIDED)


# What is removed, by how much each entry changes, and the decisions that go with it. The price goes
# back to 10 without the programme, and nobody funds it; drones are bought all the same.
REMOVED = {
    "P": (
        {"joint_programme_cost": -5, "setup_cost": -1, "procurement_cost": 20, "salvage_value": -5},
        {"launched": "P", "started": "fund"},
    ),
    # The programme goes on without the activity that it would wait for.
    "fund": ({"setup_cost": -1}, {"started": "fund"}),
    # The council decides alone from 2031 on, as before.
    "treaty": ({"setup_cost": -2}, {"started": "treaty"}),
    "council": ({"body_cost": -6}, {"body_active": "council"}),
    # It was never founded.
    "forum": ({}, {}),
}


@pytest.mark.parametrize("name", REMOVED)
def test_removing_one_thing_changes_what_it_should(name):
    changes, gone = REMOVED[name]
    costs, decided = solve(without(name))
    expected = {entry: value + changes.get(entry, 0) for entry, value in FULL.items()}
    assert costs == pytest.approx({e: value for e, value in expected.items() if value})
    kept = {key: value for key, value in DECIDED.items() if gone.get(key[0]) != key[1]}
    assert decided == pytest.approx(kept)

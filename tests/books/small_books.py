"""A book so small that every plan can be worked out by hand, pieces to add to it, and its plans.

Members A and B (twice as dear) can each hold 8 units at home, where the threat is: 10 million a
unit and year, power 1, ready at once. A unit that is given up does not come back. The threat needs
power 4 in each year of 2030-2033; each member would face all of it alone. No discount, and
shortfall costs far more than any unit.

    alone       A 4 units = 40, B 4 units = 80             120 a year
    own parts   2 units each = 20 + 40                      60 a year
    together    A 2 units for itself and 2 delegated        40 a year
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from books import Rows, Sheets, add_column, make_data, read_study

from cssopt.assembly.instance import Instance
from cssopt.questions.plan.baseline import compare_with_standing_alone
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status

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


def plan_sheets(sheets: Sheets, coalition: Sequence[str] | None = None) -> Solution:
    """The pooled plan, which must be optimal, pass its audit and meet every threat."""
    data = make_data(sheets)
    solution = run_study(
        Instance(data, read_study("pooled"), coalition or data.members.keys), Options()
    )
    assert solution.status is Status.OPTIMAL
    assert solution.audit is not None
    assert solution.audit.passed, solution.audit.failures
    assert solution.threats_met
    return solution


def plan(coalition: Sequence[str] | None = None, **sheets: Rows) -> Solution:
    """The plan of the small book with some sheets added or replaced."""
    return plan_sheets(make_book(**sheets), coalition)


def cost(coalition: Sequence[str] | None = None, **sheets: Rows) -> float:
    """What that plan costs, million."""
    return plan(coalition, **sheets).pooled_expenditure


def compare(sheets: Sheets, *, ledger: bool = True) -> tuple[Solution, Baseline]:
    """The pooled plan, and what members would spend alone."""
    data = make_data(sheets)
    chosen = run_study(Instance(data, read_study("pooled"), data.members.keys), Options())
    equal = read_study("equal_security").objective
    return chosen, compare_with_standing_alone(chosen, equal, ledger=ledger)


def activities(*rows: list[Any]) -> Rows:
    """The sheet of these activities."""
    return [ACTIVITIES, *rows]


def years_of(values: Mapping[Any, float], name: str) -> list[float]:
    """The values of one name over the four years, of a quantity by name and year."""
    return [values[name, year] for year in range(2030, 2034)]


def make_early_book():
    """A's 4 units are needed until 2031 for 10 million each; a million is worth 4/5 a year later.

    The council costs 3 and 1 a year; it waits for a treaty of a year, and nothing for the forum.
    """
    book = make_book(
        bodies=bodies(("council", "delegation", 3, 1), ("forum", "consultation", 9, 9)),
        activities=activities(
            activity("treaty", "treaty", 1, 2), activity("talks", "body", 1, 2, body="forum")
        ),
    )
    book["threats"] = add_column(book["threats"], "last_year", 2031)
    book["exposure"] = [["threat", "member", "share"], ["K", "A", 1]]
    for row in book["settings"]:
        row[1] = 0.25 if row[0] == "discount_rate" else row[1]
    return book

"""Pledges by hand on the small book: what a promise to spend adds to the least cost.

Without one A holds all 4 units, 10 million each and year, and B, twice as dear, none: 40 a year.
The economy of each is 1,000.
"""

from __future__ import annotations

import pytest
from alliances import make_alliance
from books import make_case, make_data
from small_books import DRONE_POWER, TOGETHER, bodies, cost, forces, make_book, members, plan

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status

HEADER = ["pledge", "member", "category", "share", "already_spent", "first_year", "last_year"]
WITHOUT = 4 * TOGETHER


def pledge(*rows):
    return [HEADER, *([*row, *[None] * (len(HEADER) - len(row))] for row in rows)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # B spends 30: 1.5 units of its own; A holds the other 2.5.
        ([("defense", "B", "core", 0.03)], 4 * (30 + 25)),
        # 2 % is spent outside the plan: 10 are left, half a unit.
        ([("defense", "B", "core", 0.03, 0.02)], 4 * (10 + 35)),
        # All of it is spent already.
        ([("defense", "B", "core", 0.03, 0.04)], WITHOUT),
        # In the first two years: A keeps its 4 units, as one that is given up does not come back.
        ([("defense", "B", "core", 0.03, None, None, 2031)], 2 * (30 + 40) + 2 * TOGETHER),
        # Both spend 30: A holds 3 units and B 1.5, half a unit more than is needed.
        ([("defense", "*", "core", 0.03)], 4 * (30 + 30)),
        # A's own row beats that for all, and asks for less than A spends.
        ([("defense", "*", "core", 0.03), ("defense", "A", "core", 0.02)], 4 * (30 + 25)),
        # The larger of two pledges binds.
        ([("old", "B", "core", 0.02), ("new", "B", "all", 0.03)], 4 * (30 + 25)),
        ([("defense", "B", "core", 0)], WITHOUT),
    ],
)  # fmt: skip
def test_a_pledge_makes_the_plan_spend(rows, expected):
    solution = plan(pledges=pledge(*rows))
    assert solution.pooled_expenditure == pytest.approx(expected, abs=1e-6)
    assert solution.audit.not_audited == ()


def test_a_member_alone_keeps_its_pledge():
    # A alone holds 4 units for 40, B alone would too, for 80; A has pledged 50.
    rows = pledge(("defense", "A", "core", 0.05))
    assert cost(("A",), pledges=rows) == pytest.approx(4 * 50)
    assert cost(("B",), pledges=rows) == pytest.approx(4 * 80)
    # A row for all is for those who stay, too.
    assert cost(("A",), pledges=pledge(("defense", "*", "core", 0.05))) == pytest.approx(4 * 50)


def test_no_member_is_called_as_all_are():
    rows = [[cell if cell != "B" else "*" for cell in row] for row in members()]
    with pytest.raises(AssertionError, match=r"E-140.*all members, in a row of pledges"):
        make_data(make_book(members=rows))


def test_a_share_of_what_is_common_counts():
    # Without a council nothing can be delegated: A and B would hold 2 units each, 60 a year. With
    # one of 8 a year, half of it each, all is as cheap as 40 + 8; and B has pledged 3.
    rows = bodies(("council", "delegation", 0, 8))
    related = plan(bodies=rows, pledges=pledge(("net", "B", "related", 0.003)))
    assert related.pooled_expenditure == pytest.approx(4 * (40 + 8))
    # It has pledged 10 for forces: half a unit of its own, to which the council adds nothing.
    core = plan(bodies=rows, pledges=pledge(("defense", "B", "core", 0.01)))
    assert core.pooled_expenditure == pytest.approx(4 * (10 + 35 + 8))
    # And 10 for all: 4 for the council and 0.3 units.
    both = plan(bodies=rows, pledges=pledge(("defense", "B", "all", 0.01)))
    assert both.pooled_expenditure == pytest.approx(4 * (6 + 37 + 8))


def test_what_is_spent_is_told_beside_what_was_pledged():
    rows = plan(pledges=pledge(("defense", "B", "core", 0.03, 0.02, 2033))).derived["pledges"]
    (row,) = rows
    assert (row["pledge"], row["member"], row["year"]) == ("defense", "B", 2033)
    assert row["spent"] == pytest.approx(10)
    assert row["share_of_gdp"] == pytest.approx(0.01 + 0.02)
    assert row["pledged"] == 0.03
    assert "pledges" not in plan().derived


@pytest.mark.medium
@pytest.mark.parametrize(
    ("row", "most"),
    [
        # There is nothing in the workbook that is related.
        (("net", "B", "related", 0.001), 0),
        # B has 8 units, 160 million a year, and none can be bought.
        (("defense", "B", "core", 0.2), 0.16),
    ],
)
def test_a_pledge_that_cannot_be_kept_is_told(row, most):
    case = make_case(make_book(pledges=pledge(row)))
    assert cssopt.solve(case).status is Status.INFEASIBLE
    diagnosis = cssopt.diagnose(case)
    (conflict,) = diagnosis.conflicts
    assert {rule.where for rule in conflict.rules} == {"pledges!R2C4"}
    assert f"spends {row[3]:.3%} of its GDP or more" in str([rule.text for rule in conflict.rules])
    assert most < row[3]


def test_the_price_of_a_pledge_is_what_the_plan_would_save_without_it():
    case = make_case(make_book(pledges=pledge(("defense", "B", "core", 0.03))))
    listed = cssopt.rules(case, processes=1)
    (price,) = [one for one in listed.prices if one.rules[0].table == "pledges"]
    assert price.cost.least == pytest.approx(4 * (55 - 40))


def test_a_line_sells_what_a_pledge_asks_for_beyond_all_needs():
    """4 drones meet the need, and B has pledged 100 for equipment in 2030: half of the line, which
    costs 1, and 19.9 drones of 5 each, run for 2 a year over four years."""
    rows = forces(price=5)
    rows = [[*rows[0], "programme_cost"], [*rows[1], None], [*rows[2], 1]]
    solution = plan(
        forces=rows,
        power=DRONE_POWER,
        pledges=pledge(("arms", "B", "equipment", 0.1, None, None, 2030)),
    )
    assert solution.pooled_expenditure == pytest.approx(1 + 19.9 * (5 + 4 * 2))


GENEROUS = '''"""Bounds far too large.

Parameters:
    most_needed, most_orders, most_held, most_delegated = 1000
"""

from cssopt.modeling import parameter

REQUIRES = ("readiness", "orders", "employment")


def variables(block, data, use):
    for name in ("most_needed", "most_orders", "most_held", "most_delegated"):
        values = dict.fromkeys([*use.readiness.pairs, *use.orders.orders], 1000.0)
        setattr(block, name, parameter("member force year", values, doc="generous"))


def audit(data, solution):
    return ()
'''


@pytest.mark.medium
@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 12))]
)
def test_bounds_of_lines_and_fleets_cut_no_plan_that_keeps_its_promises(tmp_path, seed):
    folder = tmp_path / "models" / "components"
    folder.mkdir(parents=True)
    (folder / "most_units.py").write_text(GENEROUS, encoding="utf-8")
    sheets = make_alliance(seed, members=2, years=3, penalty=400.0, budgets=False, caps=False)
    place = {name: column for column, name in enumerate(sheets["forces"][0])}
    sheets["forces"][1][place["programme_cost"]] = 25
    sheets["forces"][2][place["fleet_cost"]] = 6
    # GDP is 500 to 3,000: some 50 to 500 million a year, several times what needs cost.
    sheets["pledges"] = pledge(("a", "*", "core", 0.1 + 0.02 * (seed % 4)))
    if seed % 2:
        sheets["pledges"] = pledge(("a", "M0", "equipment", 0.1, None, None, 2031))
    sheets["industry"] = [
        ["member", "force", "capacity"],
        ["M0", "brigade", 3],
        ["M1", "squadron", 2],
    ]
    if seed % 3 == 1:
        sheets["work_balance"] = [["member", "least_work", "most_work"], ["M0", 0.05, 2]]
    data = make_data(sheets)
    costs = [
        run_study(
            Instance(data, load_study("pooled", find_model_folders(own)), data.members.keys),
            Options(),
        )
        for own in ((), [tmp_path / "models"])
    ]
    assert {solution.status for solution in costs} == {Status.OPTIMAL}
    first, second = (solution.pooled_expenditure for solution in costs)
    assert first == pytest.approx(second, rel=1e-6)
    assert costs[0].missing_share == pytest.approx(costs[1].missing_share, rel=1e-6, abs=1e-7)
    assert costs[0].audit.passed, costs[0].audit.failures

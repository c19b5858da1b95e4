"""Trade-offs of studies, worked by hand on the small book; on the demo by other programs.

The book (see small_books): A at 10 and B at 20 million a unit and year, 4 units needed in each of
four years, no bodies. Together A alone would do: 160 million.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from books import write_csv
from commands import command
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from small_books import DRONE_POWER, forces, make_book, members, settings

import cssopt
from cssopt.errors import DataError
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status

PENALTY_FREE = [row for row in settings() if row[0] != "shortfall_penalty"]
UNITS = ["member", "force", "units"]


@pytest.fixture
def case(tmp_path):
    return cssopt.load(write_csv(make_book(settings=PENALTY_FREE), tmp_path / "book"))


def points(found):
    return [point.values for point in found.front.points]


def near(*values):
    return [pytest.approx(value, abs=1e-6) for value in values]


def test_shortfall_costs_ten_and_then_twenty_a_unit(tmp_path):
    # A has 3 units: the fourth is B's. Missing shares: 4 years of all, then of a quarter, of none.
    book = make_book(settings=PENALTY_FREE, inventory=[UNITS, ["A", "unit", 3], ["B", "unit", 8]])
    case = cssopt.load(write_csv(book, tmp_path / "book"))
    found = cssopt.frontier(case, trade=["shortfall"])
    assert points(found) == near((0.0, 4.0), (120.0, 1.0), (200.0, 0.0))
    frame = found.tables["front"]
    # 120 million for 3 of 4 missing shares, 80 for the last.
    assert frame["rate"].tolist()[:2] == near(40.0, 80.0)
    assert found.held == {}
    assert found.front.whole


def test_fairness_is_traded_at_the_security_of_the_base_plan(case):
    # All by A: 160 of 4,000 million, 4 %. With x units of B, 40 - 10x = 20x a year: x = 4/3.
    found = cssopt.frontier(case, trade=["burden"])
    assert points(found) == near((160.0, 0.04), (160.0 + 160 / 3, 80 / 3 / 1000))
    assert found.held["missing_share"] == pytest.approx(0.0, abs=2e-9)
    assert [outcome.missing_share for outcome in found.outcomes] == near(0.0, 0.0)
    burden = found.tables["burden"].set_index(["point", "member"])["burden"]
    assert burden[1, "A"] == pytest.approx(160)
    assert burden[2, "A"] == pytest.approx(burden[2, "B"])


def test_a_penalty_does_not_let_fairness_be_paid_with_security(tmp_path):
    case = cssopt.load(write_csv(make_book(), tmp_path / "book"))
    found = cssopt.frontier(case, trade=["burden"])
    assert points(found) == near((160.0, 0.04), (160.0 + 160 / 3, 80 / 3 / 1000))
    assert list(found.held) == ["weighted_shortfall"]


def test_dependence_on_the_largest_contributor(case):
    # A covers its own part, 2 of 4; what B does not do of its own 2, A delegates: half of the need.
    found = cssopt.frontier(case, trade=["dependence"])
    assert points(found) == near((160.0, 0.5), (240.0, 0.0))


def test_a_peak_that_cannot_fall_makes_one_point(case):
    found = cssopt.frontier(case, trade=["peak"])
    assert points(found) == near((160.0, 40.0))
    assert found.front.whole


@pytest.mark.medium
def test_change_counts_from_the_plan_of_the_unchanged_inputs(case):
    cheap_b = ["members[member=B].cost_index=0.5"]
    # B at 5 in place of A at 10: 16 unit-years leave A and 16 come to B.
    wanted = near((80.0, 32.0), (160.0, 0.0))
    found = cssopt.frontier(case, trade=["change"], changes=cheap_b)
    assert points(found) == wanted
    # The plan may be given, and the scenario by its steps.
    changed, _ = cssopt.change(case, cheap_b)
    by_plan = cssopt.frontier(changed, trade=["change"], near=cssopt.solve(case))
    assert points(by_plan) == wanted
    named = {"cheap": cheap_b}
    by_name = cssopt.frontier(case, trade=["change"], scenarios=named, scenario="cheap")
    assert points(by_name) == wanted


def test_change_counts_from_the_plan_of_another_workbook(case, tmp_path):
    cheap = members(index_of_b=0.5)
    other = write_csv(make_book(settings=PENALTY_FREE, members=cheap), tmp_path / "cheap")
    found = cssopt.frontier(case, trade=["change"], base=other)
    # There B does all at 5; here it would at 20, and A at 10.
    assert points(found) == near((160.0, 32.0), (320.0, 0.0))


def test_what_was_changed_is_told(case):
    change = "members[member=B].cost_index=0.5"
    found = cssopt.frontier(case, trade=["burden"], changes=[change])
    facts = found.document.facts
    assert change in facts.scope
    assert facts.plain_options["set"] == change
    assert facts.digest == case.digest
    # B alone, at 5 a unit, is the cheapest: 80 million.
    assert points(found)[0][0] == pytest.approx(80.0)


STOCKPILE = '''"""Units ordered, the more the better.

Expressions:
    stockpile = - sum_{m,f,t} orders[m,f,t]
"""

from cssopt.modeling import Criterion, expression, weighted_sum

REQUIRES = ("orders",)
CRITERIA = (Criterion(name="stockpile", figure="stockpile", says="units ordered, below 0"),)


def constraints(block, data, use):
    stockpile = weighted_sum((-1.0, units) for units in use.orders.orders.values())
    block.stockpile = expression("", stockpile, doc="units ordered, below 0", measure="units")


def audit(data, solution):
    return ()
'''


def test_a_criterion_that_may_want_more_than_needs_ask_for_has_room(tmp_path):
    """In one year A and B may spend 50 each. A drone costs 2, and 1 a year at A, 2 at B; a fleet
    0.5 and 1: 49.5 / 3 = 16.5 at A and 49 / 4 = 12.25 at B. Needs ask for 4."""
    (tmp_path / "models" / "components").mkdir(parents=True)
    (tmp_path / "models" / "components" / "stockpile.py").write_text(STOCKPILE, encoding="utf-8")
    book = make_book(
        settings=[["last_year", 2030] if row[0] == "last_year" else row for row in settings()],
        forces=[
            [*forces()[0], "fleet_cost"],
            [*forces()[1], None],
            ["drone", "Drone", 0, 1, 0, 2, 4, 0, None, 0.5],
        ],
        power=DRONE_POWER,
        budgets=[["member", "year", "budget"], ["A", 2030, 50], ["B", 2030, 50]],
    )
    case = cssopt.load(write_csv(book, tmp_path / "book"), [tmp_path / "models"])
    found = cssopt.frontier(case, trade=["stockpile"], points=2)
    assert found.status is Status.OPTIMAL
    assert found.front.points[-1].values[1] == pytest.approx(-28.75)


def test_change_without_a_plan_to_count_from_is_refused(case):
    with pytest.raises(DataError, match="counts from a base plan"):
        cssopt.frontier(case, trade=["change"])


@pytest.mark.parametrize(
    ("trade", "points", "said"),
    [
        (["expenditure"], None, "in every front"),
        (["burdn"], None, "burden"),
        (["burden"], 1, "at least 2"),
        (["burden", "peak"], 100, "more than"),
        (["burden", "burden"], None, 'E-530 trade "burden" is named twice. Name it once'),
    ],
)
def test_wrong_questions_are_refused(case, trade, points, said):
    with pytest.raises(DataError, match=said):
        cssopt.frontier(case, trade=trade, points=points)


def test_three_criteria_hold_both_limits(case):
    found = cssopt.frontier(case, trade=["burden", "dependence"], points=4)
    table = found.tables["front"]
    assert {"largest_burden", "largest_dependence"} <= set(table)
    planned = table[table["pooled_expenditure"].notna()]
    # x units of B cost 10 more each and year, own ones up to 2 lower dependence by x / 4.
    for row in planned.to_dict("records"):
        x = (row["pooled_expenditure"] - 160) / 40
        assert row["largest_burden"] >= max(40 - 10 * x, 20 * x) / 1000 - 1e-9
        assert row["largest_dependence"] >= (2 - x) / 4 - 1e-9
    assert planned["pooled_expenditure"].min() == pytest.approx(160)


def test_an_infeasible_study_has_no_front_and_says_so(tmp_path):
    book = make_book(settings=PENALTY_FREE, inventory=[UNITS, ["A", "unit", 1], ["B", "unit", 1]])
    case = cssopt.load(write_csv(book, tmp_path / "book"))
    found = cssopt.frontier(case, trade=["burden"], study="strict")
    assert found.status is Status.INFEASIBLE
    assert found.document.sheets[0].tables == ()
    assert "There is no front" in found.document.verdict
    assert found.document.mark == "bad"
    assert found.facts()["status"] == "infeasible"


def test_the_study_of_fairness_frees_what_is_traded(case):
    # Its own stages hold expenditure and the largest burden: both are traded here.
    found = cssopt.frontier(case, trade=["burden"], study="fair")
    assert points(found) == near((160.0, 0.04), (160.0 + 160 / 3, 80 / 3 / 1000))
    assert list(found.held) == ["missing_share"]


def test_whole_units_are_kept_whole_along_the_front(tmp_path):
    forces = [["force", "name", "personnel", "operating_cost", "service_life", "whole"],
              ["unit", "Unit", 0, 10, 30, True]]  # fmt: skip
    book = make_book(settings=PENALTY_FREE, forces=forces, members=members())
    case = cssopt.load(write_csv(book, tmp_path / "book"))
    found = cssopt.frontier(case, trade=["burden"], points=5)
    # A unit that is given up does not come back, so that both hold as many in every year: x of B
    # and 4 - x of A. Burdens are max(40 (4 - x), 80 x) of 4,000: 160, 120 and then 160 again.
    assert points(found) == near((160.0, 0.04), (200.0, 0.03))
    assert all(point.status is Status.OPTIMAL for point in found.front.points)


def test_the_command_writes_a_workbook_and_prints_json(tmp_path):
    book = write_csv(make_book(settings=PENALTY_FREE), tmp_path / "book")
    out = tmp_path / "out"
    done = command("frontier", book, "--trade", "burden", "--out", out, "--json")
    assert done.code == 0, done.err
    assert {"label": "the whole front is known", "value": True, "remark": ""} in done.tables[
        "search"
    ]
    burdens = [row["largest_burden"] for row in done.tables["front"]]
    assert burdens == near(0.04, 80 / 3 / 1000)
    assert (out / "frontier.xlsx").exists()


def test_the_command_lists_the_criteria_where_none_is_named(tmp_path):
    done = command("frontier", write_csv(make_book(), tmp_path / "book"))
    assert done.code == 2
    assert {"shortfall", "burden", "dependence", "change", "peak"} <= {
        line.split(":")[0].strip() for line in done.err.splitlines()
    }


def test_scenarios_that_nothing_is_asked_of_are_refused(case):
    with pytest.raises(DataError, match="E-524"):
        cssopt.frontier(case, trade=["burden"], scenarios={"cheap": ["members.gdp*=2"]})


def least_expenditure(problem, figure, limit):
    """The least expenditure at a limit on a figure, by scipy on the arrays of the program."""
    program, held = problem
    cost, _ = program.find_figure("pooled_expenditure")
    row, constant = program.find_figure(figure)
    lower, upper = program.row_lower, program.row_upper
    above, below = np.isfinite(upper), np.isfinite(lower)
    rows = [program.matrix[above], -program.matrix[below], csr_array(row[None, :])]
    right = [upper[above], -lower[below], [limit - constant]]
    for coefficients, offset, most in held:
        rows.append(csr_array(coefficients[None, :]))
        right.append([most - offset])
    bounds = np.column_stack([program.lower, program.upper])
    answer = linprog(
        cost, A_ub=vstack(rows, format="csr"), b_ub=np.concatenate(right), bounds=bounds
    )
    assert answer.status == 0, answer.message
    return answer.fun + program.find_figure("pooled_expenditure")[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trade", "step"), [("shortfall", 24), ("burden", 24), ("peak", 10), ("dependence", 40)]
)
def test_the_demo_front_equals_a_parametric_computation(trade, step):
    """A convex function that meets the chord in the middle of a segment is the chord there.

    So the values at break points and middles of segments prove the front, line and all. They come
    from scipy's own solve, for each limit anew. To save time only every `step`-th
    segment is tried, and of those the two neighbors, so that break points have bends.
    """
    from cssopt.assembly.criteria import add_criteria
    from cssopt.assembly.instance import Instance
    from cssopt.assembly.study import load_study
    from cssopt.solve.compile import compile_problem

    case = cssopt.load("inputs/demo.xlsx")
    found = cssopt.frontier(case, trade=[trade], study="relaxed")
    assert found.front.whole
    study = load_study("relaxed", case.folders)
    study, _ = add_criteria(study, ["expenditure", trade], case.folders, "test")
    problem = Instance(case.data, study, found.base.coalition).assemble()
    program = compile_problem(problem)
    held = [(*program.find_figure(name), most) for name, most in found.held.items()]
    figure = found.criteria[1].figure
    values = points(found)
    spans = [max(v[i] for v in values) - min(v[i] for v in values) for i in (0, 1)]
    for left, right in list(pairwise(values))[::step]:
        for share in (0.0, 0.5, 1.0):
            limit = (1 - share) * left[1] + share * right[1]
            told = (1 - share) * left[0] + share * right[0]
            least = least_expenditure((program, held), figure, limit)
            assert least == pytest.approx(told, abs=2e-7 * spans[0] + 1e-4)
    slopes = [(b[0] - a[0]) / (a[1] - b[1]) for a, b in pairwise(values)]
    assert slopes == sorted(slopes), "the front is not convex"


def test_a_front_without_time_after_the_plan_keeps_what_it_has(case, monkeypatch):
    monkeypatch.setattr(Options, "find_patience", lambda _options, _seconds: 0.0)
    found = cssopt.frontier(case, trade=["shortfall"])
    (point,) = found.front.points
    assert point.values[0] == pytest.approx(found.base.pooled_expenditure, rel=1e-9)
    assert (point.bound, found.status) == (-math.inf, Status.FEASIBLE)
    assert not found.front.whole
    notes = [block.text for block in found.document.sheets[0].blocks if hasattr(block, "text")]
    assert any("Not asked:" in text and "not proven" in text for text in notes)
    assert "The search ended before all points were known." in notes
    # What money buys is not known: that it buys nothing must not be said.
    assert "a limit of the search came before more was proven" in found.document.verdict
    assert "no less than" not in found.document.verdict

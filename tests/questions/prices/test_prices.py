"""Prices of small books, each worked by hand."""

from __future__ import annotations

import math

import pytest
from books import add_column, make_data, read_study, write_csv
from paths import ANSWERS
from small_books import DRONE_POWER, forces, make_book, measure, settings

import cssopt
from cssopt import Status, Step
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.errors import ModelError
from cssopt.questions.prices import find as prices
from cssopt.questions.prices.find import find_prices
from cssopt.questions.prices.optimum import Optimum
from cssopt.runs.solve_case import solve_instance
from cssopt.solution.near_plan import Persist
from cssopt.solution.price import (
    AT_LEAST,
    BEYOND,
    BOUND,
    FARTHER_ON,
    FARTHEST,
    SHAPE,
    TOO_LONG,
    UNASKED,
)
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

FREE = [row for row in settings() if row[0] != "shortfall_penalty"]
"""Settings without a price of shortfall: security first, then money."""

NEED = ("requirements", ("K", "land", 0.0), "level")
EXACT = 1e-7
"""Relative; and the absolute: a missing share of 1e-9 is let pass, 4e-8 million of units."""


def price(study="pooled", members=None, sides="planned", **sheets):
    """The prices of the small book with some sheets added or replaced."""
    data = make_data(make_book(**{"settings": FREE, **sheets}))
    solution = run_study(Instance(data, read_study(study), members or data.members.keys), Options())
    return find_prices(solution, sides=sides)


@pytest.fixture
def load(tmp_path):
    def load(**sheets):
        return cssopt.load(write_csv(make_book(**{"settings": FREE, **sheets}), tmp_path / "book"))

    return load


def cell_of(found, table, key, column):
    (cell,) = [c for c in found.cells if (c.table, c.key, c.column) == (table, key, column)]
    return cell


def near(value, tolerance=EXACT):
    return pytest.approx(value, rel=tolerance, abs=tolerance)


def needs(level):
    return [["threat", "capability", "day", "level"], ["K", "land", 0, level]]


def solve_with(case, cell, value, study="pooled", members=None):
    """The plan of the inputs with another number in one cell."""
    table, key, column = cell
    spec = case.data.tables[table].spec
    parts = key if isinstance(key, tuple) else (key,)
    where = "; ".join(f"{n}={p}" for n, p in zip(spec.key, parts, strict=True))
    step = Step(table=table, where=where, column=column, value=value)
    return cssopt.solve(cssopt.change(case, [step])[0], study=study, members=members)


@pytest.mark.medium
def test_one_more_unit_of_need_is_a_unit_held_for_four_years(load):
    """A holds the 4 units that are needed, at 10 a year; from 8 on, B's at 20 a year."""
    found = cssopt.prices(load())
    need = cell_of(found, *NEED)
    assert found.stages == ("missing_share", "expenditure")
    assert found.prices_of == "lp"
    assert need.slopes == (0.0, near(40))
    assert need.unique
    assert (need.up.until, need.up.ends) == (near(8), BEYOND)
    # At 0 there is no need any more, and so another program.
    assert (need.down.until, need.down.ends) == (near(0), SHAPE)
    assert need.where == "requirements!D2"
    assert need.measure == "power"


@pytest.mark.medium
def test_what_the_costs_and_the_members_do():
    """16 unit-years of A's at 10; once A is as dear as B they are B's and cost 20 each."""
    found = price(sides="all")
    assert all(c.down is not None and c.up is not None for c in found.cells)
    cost = cell_of(found, "forces", "unit", "operating_cost")
    assert cost.price == near(16)
    index = cell_of(found, "members", "A", "cost_index")
    assert index.price == near(160)
    assert (index.up.until, index.up.ends) == (near(2), BEYOND)
    assert (index.down.until, index.down.ends) == (near(0), SHAPE)
    assert cell_of(found, "members", "B", "cost_index").price == 0
    power = cell_of(found, "power", ("unit", "land"), "power")
    assert power.price == near(-160)  # 160 / power
    # 160 / (1 + d) is 160 (1 - d + d ** 2 - ...): an error of d / (1 + d) of 160 d.
    assert power.up.until == near(1 + 0.005 / 0.995, 1e-5)
    assert power.down.until == near(1 - 0.005 / 1.005, 1e-5)
    assert power.up.ends == power.down.ends == FARTHER_ON


@pytest.mark.medium
def test_a_rate_of_discount_is_a_curve():
    """40 a year from 2030 on: 40 + 40 / (1 + r) + ...; at 0 it falls by 40 (1 + 2 + 3)."""
    rate = cell_of(price(sides="all"), "settings", None, "discount_rate")
    assert rate.price == near(-240)
    assert rate.unique is None
    assert rate.down.reason == BOUND
    # 40 (r ** 2 + 3 r ** 2 + 6 r ** 2) of 240 r, and a little less: 0.005 at r = 0.003.
    assert rate.up.until == near(0.003, 2e-5)
    assert rate.up.ends == FARTHER_ON


@pytest.mark.medium
def test_a_need_that_takes_all_units_has_two_prices():
    """8 units are A's, the next one would be B's. Without one of A's, B's takes its place."""
    found = price(requirements=needs(8))
    need = cell_of(found, *NEED)
    assert need.unique is False
    assert need.down.slopes == (0.0, near(40))
    assert need.up.slopes == (0.0, near(80))
    assert need.price == near(80)
    assert need.up.until == near(16)
    units = cell_of(found, "inventory", ("A", "unit"), "units")
    assert units.unique is False
    assert [side.slopes[-1] for side in (units.down, units.up)] == [near(-40), near(0)]
    assert (units.up.until, units.up.ends) == (near(80), FARTHEST)
    frame = found.tables["cells"].set_index("cell")
    assert frame.loc["requirements!R2C4", "price_down"] == near(40)
    assert frame.loc["requirements!R2C4", "price_up"] == near(80)
    assert not frame.loc["requirements!R2C4", "unique"]


@pytest.mark.medium
def test_a_ceiling_that_just_does_not_bind_is_looked_at_too():
    """Talks at 4 a year in full: a common budget of 4 binds nothing. One less buys a quarter less
    of the talks, and half a unit more for 5: it costs 4."""
    sheets = measure(None) | {"common_budgets": [["year", "budget"], [2030, 4]]}
    budget = cell_of(price(**sheets), "common_budgets", 2030, "budget")
    assert budget.unique is False
    assert budget.down.slopes[-1] == near(-4)
    assert budget.up.slopes[-1] == near(0)
    assert (budget.down.until, budget.down.ends) == (near(0), BOUND)


@pytest.mark.medium
def test_a_common_budget_that_binds():
    """With 3 of the 4 that talks cost in 2030. In the other years the cap on relief is as much as
    the talks can do: less of it costs 4 units of need a year and saves talks, 40 - 8; more of it
    helps nothing."""
    sheets = measure(None) | {"common_budgets": [["year", "budget"], [2030, 3]]}
    found = price(**sheets)
    budget = cell_of(found, "common_budgets", 2030, "budget")
    assert budget.price == near(-4)
    assert budget.unique
    assert (budget.down.until, budget.up.until) == (near(0), near(4))
    cap = cell_of(found, "threats", "K", "non_military_cap")
    assert cap.unique is False
    assert [side.slopes[-1] for side in (cap.down, cap.up)] == [near(-96), near(0)]
    rules = found.tables["rules"].query("rule == 'limit_common_budget'")
    assert rules["saves_expenditure"].tolist() == [near(4)]
    assert rules["year"].tolist() == [2030]


def budgets(*amounts):
    return [
        ["member", "year", "budget"],
        *(["A", year, amount] for year, amount in enumerate(amounts, start=2030)),
    ]


@pytest.mark.medium
def test_a_budget_that_keeps_a_need_short_is_priced_in_security_and_money(load):
    """A alone has 36, 34, 32 and 30 for 3.6 to 3 of the 4 units: 0.7 of the needs are missing.

    A million more in 2030 buys a tenth of a unit: 0.025 less is missing, and the million is spent.
    One more unit of need, v = 4 - 13.2 / L: 0.825 more is missing, and no more is spent than now:
    that is no price of the need in money. The error of 13.2 / L is the share d / L of what is told.
    """
    case = load(budgets=budgets(36, 34, 32, 30))
    found = cssopt.prices(case, members=["A"])
    assert found.reached == (near(0.7), near(132))
    budget = cell_of(found, "budgets", ("A", 2030), "budget")
    assert budget.slopes == (near(-0.025), near(1))
    assert budget.unique
    # Units that are given up do not come back: below 34 there are fewer in 2031 too.
    assert (budget.down.until, budget.up.until) == (near(34, 1e-5), near(40, 1e-5))
    need = cell_of(found, *NEED)
    assert need.slopes == (near(0.825), pytest.approx(math.nan, nan_ok=True))
    assert need.short == "short"
    assert need.up.until == near(4 * 1 / 0.995, 1e-5)
    assert need.down.until == near(4 / 1.005, 1e-5)
    frame = found.tables["cells"].set_index("cell")
    row = frame.loc["requirements!D2"]
    assert (row["short"], row["missing_share"]) == ("short", near(0.825))
    assert math.isnan(row["expenditure"])
    assert math.isnan(row["price_up"])
    more = solve_with(case, ("budgets", ("A", 2030), "budget"), 37, members=["A"])
    base = cssopt.solve(case, members=["A"])
    assert more.pooled_expenditure - base.pooled_expenditure == near(budget.price)
    assert more.solved.stages[0].value - base.solved.stages[0].value == near(-0.025)
    room = found.tables["rules"].query("rule == 'limit_budget' and year == 2030").iloc[0]
    assert room["saves_expenditure"] == near(-1)
    assert room["saves_missing_share"] == near(0.025)
    # From 34 to 40, as the cell itself.
    assert (room["less_room"], room["more_room"]) == (near(2, 1e-5), near(4, 1e-5))
    short = found.tables["rules"].query("rule == 'meet_requirement'")
    assert len(short)
    assert set(short["short"]) == {"short"}
    assert short["saves_expenditure"].isna().all()
    # One unit less of need in a year: 3.6 of it is held in 2030, 1 - 3.6 / L.
    first = short[short["year"] == 2030].iloc[0]
    assert first["saves_missing_share"] == near(0.25)


@pytest.mark.medium
def test_a_need_that_cannot_be_met_any_more_is_short_for_more_only(load):
    """All 16 units are needed, B's 8 at 20: one less saves 80, one more is missing in four years.

    The unit of need that is missing counts 1 / 17 each year; at the margin 1 / 16 each.
    """
    found = cssopt.prices(load(requirements=needs(16)))
    need = cell_of(found, *NEED)
    assert need.short == "short for more"
    assert need.down.slopes == (near(0), near(80))
    assert need.up.slopes == (near(0.25), pytest.approx(math.nan, nan_ok=True))
    assert need.unique is False
    assert math.isnan(need.price)
    assert need not in found.rank()
    assert need in found.rank(0)


def with_drones(level):
    """Drones at 30 that are there a year after, for four years, at 1 a year: in the three that are
    planned one costs 30 + 3 - 7.5, less than A's 30 for a unit. In 2030 there are the 16 units."""
    return {
        "requirements": needs(level),
        "forces": add_column(forces(price=30), "lead_time", 1, 1),
        "power": DRONE_POWER,
    }


def test_a_need_that_is_short_in_some_years_has_the_price_of_the_others(load):
    """Of 17, one is missing in 2030; 1 - 16 / L. One more is missing in 2030, and a drone later."""
    case = load(**with_drones(17))
    found = cssopt.prices(case)
    need = cell_of(found, *NEED)
    assert need.short == "short in 2030"
    assert need.slopes == (near(16 / 17**2), near(25.5))
    assert need.unique
    assert need in found.rank()
    more = solve_with(case, NEED, 17.04)
    base = cssopt.solve(case)
    assert more.pooled_expenditure - base.pooled_expenditure == near(25.5 * 0.04)


def test_a_need_of_all_that_is_there_is_short_for_more_in_the_years_in_which_it_is(load):
    """One less saves a unit of B, 20, and a drone; one more is missing in 2030, a drone later."""
    need = cell_of(cssopt.prices(load(**with_drones(16))), *NEED)
    assert need.short == "short for more in 2030"
    assert need.up.slopes == (near(1 / 16), near(25.5))
    assert need.down.slopes == (near(0), near(45.5))


@pytest.mark.medium
def test_a_need_for_which_another_gives_way_has_no_price_in_money(load):
    """Of 10 land two are missing in 2030, drones come later. What land takes of the ceilings of
    2030 and 2031 is missing of air in all years: there money falls with more land, as that counts
    less in it."""
    case = load(
        capabilities=[["capability", "name", "measure"], ["land", "Land", "power"],
                      ["air", "Air", "power"]],
        forces=[
            ["force", "name", "personnel", "operating_cost", "procurement_cost", "service_life",
             "lead_time"],
            ["unit", "Unit", 0, 10, None, 30, 0], ["plane", "Plane", 0, 20, None, 30, 0],
            ["drone", "Drone", 0, 1, 10, 4, 1],
        ],
        power=[["force", "capability", "power"], ["unit", "land", 1], ["plane", "air", 1],
               ["drone", "land", 1]],
        inventory=[["member", "force", "units"], ["A", "unit", 8], ["A", "plane", 20]],
        requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 10],
                      ["K", "air", 0, 10]],
        budgets=budgets(305, 245, 220, 200),
    )  # fmt: skip
    only = {"members": ["A"]}
    need = cell_of(cssopt.prices(case, **only), *NEED)
    assert math.isnan(need.price)
    assert need.short == "short"
    # What a what-if tells is no price of land: it saves money, as more of air is missing.
    base, more = cssopt.solve(case, **only), solve_with(case, NEED, 10.01, **only)
    assert more.pooled_expenditure < base.pooled_expenditure
    assert more.solved.stages[0].value > base.solved.stages[0].value


@pytest.mark.medium
def test_growth_is_short_where_all_years_that_it_moves_are(load):
    """All 16 units meet the need of 2030, which growth does not move; in all others some miss."""
    head, need = needs(16)
    case = load(requirements=[[*head, "growth"], [*need, 0.05]])
    growth = cell_of(cssopt.prices(case), *NEED[:2], "growth")
    assert growth.short == "short"
    assert math.isnan(growth.price)


@pytest.mark.medium
def test_growth_has_its_price_up_to_where_a_line_errs_too_much(load):
    """4 units (1 + g) ** 2 in the last year, kept from the first on: 120 (1 + g) ** 2 at g = 0.01.

    tests/cases/answers/README.md: 242.4 a unit up to 0.0201, and down to the kink at 0.
    """
    case = cssopt.load(ANSWERS / "prices_growth_until.xlsx")
    growth = cell_of(cssopt.prices(case), *NEED[:2], "growth")
    assert growth.price == near(242.4)
    assert growth.up.until == near(0.0201, 1e-6)
    assert growth.down.until == near(0, 1e-6)
    assert (growth.up.ends, growth.down.ends) == (FARTHER_ON, BEYOND)


@pytest.mark.medium
def test_a_range_that_would_take_too_long_is_not_looked_for_and_said_so(load, monkeypatch):
    """One solve's worth of work: the dearest cell begins, and ends before it is answered."""
    case = load(requirements=needs(8))
    planned = [cell for cell in cssopt.prices(case).cells if cell.planned]
    monkeypatch.setattr(prices, "_WORK", 0.0)
    found = cssopt.prices(case)
    assert found.unlooked_cells == len(planned)
    # Of two rules the basis ends at once to both sides.
    assert sum(rule.remark == TOO_LONG for rule in found.rules) == 2
    assert found.unlooked == found.unlooked_cells + 2
    assert all(math.isnan(cell.price) for cell in found.cells)
    assert {cell.remark for cell in found.cells if cell.planned} == {TOO_LONG}
    assert found.tables["cells"]["expenditure"].isna().all()
    # Of rules the bases of the plan have been asked already: they tell without a new solve.
    assert found.solves == 1
    ends = {side.ends for rule in found.rules for side in (rule.down, rule.up) if side}
    assert set() < ends <= {AT_LEAST, FARTHEST}
    monkeypatch.setattr(prices, "_WORK", 40.0 * found.solution.shape[1])
    some = cssopt.prices(case)
    assert 0 < some.unlooked_cells < len(planned)
    assert cell_of(some, *NEED).slopes[-1] == near(80)  # one of the dearest
    last = max((c for c in some.cells if c.planned), key=lambda c: (not any(c.duals), c.where))
    assert last.remark == TOO_LONG  # which moves nothing


@pytest.mark.medium
def test_work_counted_in_steps_gives_the_same_prices_and_ends_at_the_same_cell(load, monkeypatch):
    """As in a large program: what is found does not depend on how work is counted, nor on time."""
    case = load(requirements=needs(8))
    known = cssopt.prices(case)
    monkeypatch.setattr(prices, "_LARGE", 0)
    monkeypatch.setattr(prices, "_MOST", math.inf)
    found = cssopt.prices(case)
    assert found.unlooked == 0
    for one, other in zip(found.cells, known.cells, strict=True):
        assert one.slopes == pytest.approx(other.slopes, nan_ok=True)
        assert (one.down is None) == (other.down is None)
        for side, as_known in ((one.down, other.down), (one.up, other.up)):
            if side is not None:
                assert (side.ends, side.reason) == (as_known.ends, as_known.reason)
                assert side.until == pytest.approx(as_known.until, rel=1e-6, nan_ok=True)
    monkeypatch.setattr(prices, "_MOST", 0.5)
    few = cssopt.prices(case)
    told = [cell.remark for cell in few.cells]
    assert 0 < few.unlooked_cells < sum(cell.planned for cell in few.cells)
    assert 0 < few.solves < found.solves
    clock = iter(range(10**9))
    monkeypatch.setattr(prices.time, "perf_counter", lambda: float(next(clock)))
    slow = cssopt.prices(case)
    assert ([cell.remark for cell in slow.cells], slow.solves) == (told, few.solves)


@pytest.mark.medium
def test_a_budget_that_all_years_hang_on_has_two_prices():
    """30 in each year. A million less in 2030 is a tenth of a unit less in all four years, as it
    does not come back; a million more is a tenth of a unit more in 2030 only. 2033 the other way
    round: less is less in 2033 only, and more is of no use."""
    found = price(members=["A"], budgets=budgets(30, 30, 30, 30))
    first, last = (cell_of(found, "budgets", ("A", year), "budget") for year in (2030, 2033))
    assert (first.unique, last.unique) == (False, False)
    assert first.down.slopes == (near(-0.1), near(4, 1e-5))
    assert first.up.slopes == (near(-0.025), near(1, 1e-5))
    assert last.down.slopes == (near(-0.025), near(1, 1e-5))
    assert last.up.slopes == (near(0), near(0, 1e-5))
    assert first.slopes == first.up.slopes


@pytest.mark.medium
def test_an_objective_with_a_penalty_in_it_is_no_money():
    """At 5 a unit and year short nothing is held: all 4 are short in each year."""
    found = price(settings=[*FREE, ["shortfall_penalty", 5]], sides="all")
    assert found.stages == ("objective",)
    need, penalty = cell_of(found, *NEED), cell_of(found, "settings", None, "shortfall_penalty")
    assert need.price == near(20)
    assert penalty.price == near(16)
    assert (penalty.price, found.figure) == (near(16), "objective")
    assert "expenditure" not in found.tables["cells"].columns


def test_strict_has_one_stage_that_is_money():
    found = price("strict")
    assert found.stages == ("expenditure",)
    assert cell_of(found, *NEED).slopes == (near(40),)


@pytest.mark.medium
def test_whole_numbers_are_fixed_to_those_of_the_plan():
    """3.5 units are needed and 4 held: more need up to 4 costs nothing, beyond it is short."""
    whole = add_column(forces(), "whole", True)
    found = price(sides="all", forces=whole, requirements=needs(3.5))
    assert found.prices_of == "fixed"
    assert found.reached == (near(0), near(160))
    need = cell_of(found, *NEED)
    assert need.slopes == (0.0, 0.0)
    assert need.up.until == near(4, 5e-5)
    assert cell_of(found, "forces", "unit", "operating_cost").price == near(16)
    assert not found.solution.study.relaxed


@pytest.mark.medium
def test_a_share_of_0_is_priced_by_building_the_rule_anew():
    """A may delegate nothing: both hold their own part, 2 units each. With a share s it holds
    2 + d and delegates d <= s (2 + d): d = 2 s / (1 - s), and each saves 10 a year of B's."""
    law = [["member", "force", "delegable_share"], ["A", "*", 0]]
    share = cell_of(price(legislation=law), "legislation", ("A", "*"), "delegable_share")
    assert share.duals == ()
    assert share.down.reason == BOUND
    assert share.up.slopes[-1] == near(-80, 1e-5)
    assert share.price == near(-80, 1e-5)
    # d = 2 s (1 + s + ...): the error is s / (1 - s) of 80 s.
    assert share.up.until == near(0.005 / 1.005, 1e-4)
    assert share.up.ends == FARTHER_ON


@pytest.mark.medium
def test_cells_that_the_study_does_not_read_are_not_listed():
    """B is not in the coalition; populations and votes decide nothing here."""
    found = price(members=["A"])
    assert not [c for c in found.cells if c.key == "B" or c.key == ("B", "unit")]
    assert "population" not in {c.column for c in found.cells}


@pytest.mark.medium
def test_both_sides_are_looked_at_of_what_planners_set_or_of_no_cell():
    none, planned = (price(sides=sides) for sides in ("none", "planned"))
    assert all(c.down is None and c.up is None and c.unique is None for c in none.cells)
    for cell in planned.cells:
        assert (cell.down is not None) == (cell.up is not None) == cell.planned
    columns = {c.column for c in planned.cells if c.planned}
    assert {"level", "units"} <= columns
    assert not {"operating_cost", "notice_days", "power"} & columns
    for one, other in zip(none.cells, planned.cells, strict=True):
        assert math.isnan(one.price)
        assert one.duals == other.duals
        assert one.remark == UNASKED
        assert (other.remark == UNASKED) is not other.planned
    assert none.tables["rules"].empty
    assert none.tables["cells"]["expenditure"].isna().all()


@pytest.mark.slow
@pytest.mark.parametrize("cell", [NEED, ("members", "A", "gdp"), ("members", "A", "cost_index")])
def test_four_stages_each_held_in_turn(load, cell):
    """The largest burden within 2 % of the least expenditure: against plans that are solved anew
    with a little less and a little more of an input."""
    case = load()
    found = cssopt.prices(case, study="fair", sides="none")
    assert found.stages == ("missing_share", "pooled_expenditure", "largest_burden", "expenditure")
    price, value = cell_of(found, *cell), case.data.tables[cell[0]].columns[cell[2]][cell[1]]
    step = 1e-4 * value
    less, more = (solve_with(case, cell, value + s, "fair") for s in (-step, step))
    for number, slope in enumerate(price.duals):
        low, high = (plan.solved.stages[number].value for plan in (less, more))
        assert (high - low) / (2 * step) == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_studies_whose_plans_have_no_prices_are_refused(load):
    case = load(settings=settings())
    with pytest.raises(ModelError, match="holds pooled_expenditure, in which equally good plans"):
        cssopt.prices(case, study="fair")
    with pytest.raises(ModelError, match="takes numbers from other plans"):
        cssopt.prices(case, study="equal_security")


def test_no_plan_has_no_prices_and_says_so():
    found = price("strict", requirements=needs(17))
    assert found.status is Status.INFEASIBLE
    assert (found.cells, found.rules, found.stages) == ((), (), ())
    assert found.message.startswith("There is no plan")
    assert found.tables["cells"].empty


@pytest.mark.medium
def test_a_plan_that_stays_near_another_one_has_prices_of_an_objective(load):
    """5 units are needed where 4 are held: each unit moved costs 3 a year, which is no money."""
    case = load()
    base = cssopt.solve(case)
    step = Step(table="requirements", column="level", value=5)
    changed, _ = cssopt.change(case, [step])
    near_base = solve_instance(
        changed, Instance.of(changed, DEFAULT_STUDY), Options(), persist=(base, Persist(3.0, None))
    )
    found = find_prices(near_base)
    assert found.figure == "objective"
    assert cell_of(found, *NEED).price == near(4 * (10 + 3))


@pytest.mark.medium
def test_a_solution_and_its_case_have_the_same_prices(load):
    case = load()
    of_case, of_plan = cssopt.prices(case), find_prices(cssopt.solve(case).found)
    assert of_case.tables["cells"].equals(of_plan.tables["cells"])
    assert of_case.solution.gap == of_plan.solution.gap == 0
    assert of_case.solution.bound == near(160)


@pytest.mark.medium
def test_the_dearest_come_first():
    """Growth by 0.01 asks for 0.12 more units in 2033, which must be kept from 2030 on; 1 % of the
    need of 4 costs 1.6, of A's 8 units nothing: what has no price is not listed."""
    dearest = price().rank()
    assert [c.column for c in dearest] == ["growth", "level"]
    assert [c.of_step() for c in dearest] == [near(4.8, 1e-6), near(1.6)]
    growth = dearest[0]
    # Need that falls is followed year by year: 40 * (1 + 2 + 3).
    assert [side.slopes[-1] for side in (growth.down, growth.up)] == [near(240), near(480, 1e-6)]


def test_what_a_budget_does_while_the_missing_share_stays_is_nothing():
    """The budgets of `test_a_budget_that_keeps_a_need_short_is_priced_in_security_and_money`.

    A million more lets 0.025 less be missing, which costs it; without that nothing is bought.
    """
    data = make_data(make_book(settings=FREE, budgets=budgets(36, 34, 32, 30)))
    instance = Instance(data, read_study("pooled"), ("A",))
    optimum = Optimum(instance, Options(), run_study(instance, Options()).solved)
    budget = optimum.cells.index(("budgets", ("A", 2030), "budget"))
    row = optimum.program.rows.index(("budgets", "limit_budget", ("A", 2030)))
    gradient = optimum.gradient
    for along in (gradient.cells[:, budget], gradient.rows[:, row]):
        assert along.tolist() == [near(-0.025), near(1)]
    for held in (gradient.cells_held[:, budget], gradient.rows_held[:, row]):
        assert held.tolist() == [near(-0.025), near(0)]

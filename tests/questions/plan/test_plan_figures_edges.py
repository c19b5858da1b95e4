"""Figures and pages of plans at the edges: nothing asked, nothing paid, nobody else, models that
lack a part. What each must be is worked out by hand, on the small book."""

from __future__ import annotations

import math
import shutil

import pytest
from books import add_column, make_data, read_study
from small_alliance import make_facts
from small_books import (
    ALONE,
    DRONE_POWER,
    TOGETHER,
    activities,
    activity,
    bodies,
    compare,
    forces,
    make_book,
    make_early_book,
    members,
)

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.questions.plan.cost_sheets import show_burden
from cssopt.questions.plan.figures.causes import Cause
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.show import show_plan
from cssopt.questions.plan.view import PlanView
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

YEARS = 4


def read(sheets, coalition=None):
    """The figures of the pooled plan of these sheets; all its pages are made as well."""
    data = make_data(sheets)
    members = coalition or data.members.keys
    return look_at(run_study(Instance(data, read_study("pooled"), members), Options()))


def look_at(plan, baseline=None):
    document = show_plan(plan, baseline, make_facts())
    assert all(sheet.finding for sheet in document.sheets if sheet.is_page)
    return PlanFigures(PlanView(plan, baseline))


def test_the_small_book_by_hand():
    """Together 40 a year, alone 40 and 80, all of it running cost of A's four units."""
    figures = look_at(*compare(make_book(), ledger=False))
    assert figures.money.total_cash == pytest.approx(YEARS * TOGETHER)
    assert figures.money.residual_value == 0
    assert figures.payers.together.alone == pytest.approx(YEARS * ALONE)
    assert figures.payers.together.saving == pytest.approx(YEARS * (ALONE - TOGETHER))
    assert figures.security.missing_of_all == pytest.approx(0, abs=1e-9)
    danger = [one.danger for one in figures.proportions.each]
    assert danger == pytest.approx([0.5, 0.5])
    a, b = figures.payers.each
    assert (a.cash, b.cash) == pytest.approx((YEARS * TOGETHER, 0))
    assert [h.last for h in figures.holdings] == pytest.approx([4, 0])
    assert [h.total_given_up for h in figures.holdings] == pytest.approx([4, 8])
    assert [h.party for h in figures.look_twice.emptied] == ["B"]


def test_one_member_alone():
    figures = read(make_book(), ["A"])
    (one,) = figures.payers.each
    assert one.cash == pytest.approx(YEARS * 40)
    assert one.saving is one.more_security is one.against_alone is None
    (own,) = figures.proportions.each
    assert (own.danger, own.supplied, own.cost, own.gdp) == pytest.approx((1, 1, 1, 1))
    assert all(h.lent_last == 0 for h in figures.holdings)


def test_nothing_is_asked():
    """No need: nothing is missing of nothing, and nothing is kept or paid."""
    figures = read(make_book(requirements=[["threat", "capability", "day", "level"]]))
    assert figures.security.needs == ()
    assert math.isnan(figures.security.missing_of_all)
    assert figures.security.largest is None
    assert figures.security.met_from == 2030
    assert figures.security.never_met == []
    assert figures.causes == {}
    assert figures.money.total_cash == pytest.approx(0, abs=1e-6)
    assert all(math.isnan(own.danger) for own in figures.proportions.each)
    assert all(math.isnan(own.cost_for_danger) for own in figures.proportions.each)
    assert figures.proportions.cover == {}


def test_a_member_without_gdp_has_no_share_of_it():
    people = members()
    people[1][3] = 0
    figures = read(make_book(members=people))
    a, b = figures.payers.each
    assert math.isnan(a.of_gdp)
    assert b.of_gdp == 0
    assert [own.gdp for own in figures.proportions.each] == pytest.approx([0, 1])
    assert math.isnan(figures.proportions.each[0].cost_for_gdp)


def test_ceilings_none_zero_and_reached():
    none, _ = read(make_book()).payers.each
    assert none.ceiling is none.of_ceiling is none.fullest is None
    assert none.full_years == ()
    # A may pay 40 a year, which is all that it pays; B nothing, and pays nothing.
    people = add_column(members(), "budget_share", 0.04, 0)
    a, b = read(make_book(members=people)).payers.each
    assert a.of_ceiling == pytest.approx(1)
    assert a.full_years == tuple(range(2030, 2034))
    assert b.ceiling == 0
    # From a ceiling of 0 nothing can be paid: it is reached.
    assert b.of_ceiling == 1
    assert b.full_years == tuple(range(2030, 2034))


def test_a_ceiling_in_one_year_only():
    """Of its share only the year counts that has one."""
    budgets = [["member", "year", "budget"], ["A", 2031, 80]]
    figures = read(make_book(budgets=budgets))
    a, _ = figures.payers.each
    assert a.ceiling_by_year == {2031: 80}
    assert a.of_ceiling == pytest.approx(40 / 80)
    assert a.fullest == (pytest.approx(0.5), (2031,))
    assert figures.payers.together.of_ceiling is None


def test_no_ceiling_is_not_told_as_one_of_nothing():
    """A has one in 2031 alone, B may pay nothing in 2030 and 2031."""
    budgets = [["member", "year", "budget"], ["A", 2031, 80], ["B", 2030, 0], ["B", 2031, 0]]
    data = make_data(make_book(budgets=budgets))
    plan = run_study(Instance(data, read_study("pooled"), data.members.keys), Options())
    sheet, _ = show_burden(PlanView(plan, None))
    most = sheet.blocks[-1]
    assert most.note == "Empty: no ceiling in that year."
    years = [most.column(str(year)) for year in range(2030, 2034)]
    assert dict(zip(most.column("member"), zip(*years, strict=True), strict=True)) == {
        "A": (None, 80, None, None),
        "B": (0, 0, None, None),
    }
    # Beside the cash of all years no share of the ceiling of one stands on the decision page.
    document = show_plan(plan, None, make_facts())
    payments = document.table("payments")
    assert payments.column("of_ceiling")[0] is None
    assert payments.column("fullest")[0] == "50 % (2031)".replace(" ", "\u00a0", 1)


def test_what_a_ceiling_of_an_earlier_year_left_no_room_for_is_not_said_to_be_on_its_way():
    """Drones serve a year after they are ordered. In 2030 all 16 units are held, and A has room for
    one drone of the four that are missing; the other three are ordered in 2031."""
    figures = read(
        make_book(
            requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 20]],
            forces=add_column(forces(price=30), "lead_time", 1, 1),
            power=DRONE_POWER,
            budgets=[["member", "year", "budget"], ["A", 2030, 110], ["B", 2030, 160]],
        )
    )
    assert {need.year: need.short for need in figures.security.short} == {
        2030: pytest.approx(4),
        2031: pytest.approx(3),
    }
    assert figures.causes == {
        2030: [
            Cause("arrival", 2030, what=("Drone",)),
            Cause("ceiling", 2030, ("Alpha", "Beta")),
        ],
        # Only who orders drones could have ordered more of them.
        2031: [Cause("ceiling_before", 2031, ("Alpha",))],
    }


def test_a_ceiling_that_nothing_hangs_on_is_no_cause():
    """A reaches its ceiling in 2030, but nothing can be bought, and it gives nothing up."""
    figures = read(
        make_book(
            requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 20]],
            budgets=[["member", "year", "budget"], ["A", 2030, 80]],
        )
    )
    assert figures.payers.each[0].full_years == (2030,)
    assert figures.causes == {
        2030: [Cause("ceiling", 2030, ("Alpha",))],
        **{year: [Cause("chosen", year)] for year in (2031, 2032, 2033)},
    }


def test_what_industry_holds_back_is_on_its_way_whoever_else_may_pay_nothing():
    """Three drones a year come from outside, which A orders in 2030; C may pay nothing then, and
    orders later, when it is as dear."""
    figures = read(
        make_book(
            members=members(third=True),
            requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 20]],
            forces=add_column(forces(price=30, imports=1), "lead_time", 1, 1),
            power=DRONE_POWER,
            budgets=[["member", "year", "budget"], ["C", 2030, 0]],
        )
    )
    assert figures.payers.each[2].full_years == (2030,)
    assert figures.causes[2031] == [Cause("arrival", 2031, what=("Drone",))]


def test_what_a_ceiling_made_a_member_give_up_is_missing_in_the_years_after():
    """All 16 units are needed. A has room for three in 2030, and those given up do not come back:
    nothing is said to stand in the way of no plan in the years after."""
    figures = read(
        make_book(
            requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 16]],
            budgets=[["member", "year", "budget"], ["A", 2030, 30]],
        )
    )
    assert figures.causes == {
        2030: [Cause("ceiling", 2030, ("Alpha",))],
        **{year: [Cause("ceiling_before", year, ("Alpha",))] for year in (2031, 2032, 2033)},
    }


def test_years_in_which_nothing_is_asked():
    figures = read(make_early_book())
    asked = {t: [n for n in figures.security.needs if n.year == t] for t in range(2030, 2034)}
    assert [bool(asked[t]) for t in asked] == [True, True, False, False]
    by_year = figures.security.missing_by_year
    assert [math.isnan(by_year[t]) for t in by_year] == [False, False, True, True]
    assert {t for _, t in figures.proportions.cover} == {2030, 2031}


def test_what_is_bought_is_still_worth_half():
    """Four drones for 10 each in place of units for 10 a year: 40, and 4 a year to run. They serve
    eight years, of which four are left: 20 of residual value, and 36 of net cost."""
    kinds = forces(price=10)
    kinds[2][kinds[0].index("service_life")] = 8
    figures = read(make_book(forces=kinds, power=DRONE_POWER))
    money = figures.money
    assert money.bought == pytest.approx(40)
    assert money.residual_value == pytest.approx(20)
    assert money.total_cash == pytest.approx(56)
    assert money.net_cost == pytest.approx(36)
    assert sum(h.total_paid for h in figures.holdings) == pytest.approx(40)
    # Half is not more than half.
    assert not figures.look_twice.leans_on_residual


def test_what_is_not_met_at_all_is_never_met():
    """Four are needed and none are there: all is missing, in every year. As what is missing has a
    price in this book, it is not proven that nobody could help."""
    inventory = [["member", "force", "units"]]
    figures = read(make_book(inventory=inventory))
    found = figures.security
    assert found.missing_of_all == pytest.approx(1)
    assert found.met_from is None
    assert found.never_met == ["K"]
    assert {cause.kind for causes in figures.causes.values() for cause in causes} == {"chosen"}


def test_the_treaty_is_why_a_need_is_short():
    """The treaty takes a year: until then nobody lends, and B has nothing for its own part."""
    treaty = activities(activity("treaty", "treaty", 1, 2))
    inventory = [["member", "force", "units"], ["A", "unit", 8]]
    book = make_book(
        activities=treaty, inventory=inventory, bodies=bodies(("council", "delegation", 3, 1))
    )
    figures = read(book)
    assert figures.acting == {2030: 0, 2031: 1, 2032: 1, 2033: 1}
    assert {n.year for n in figures.security.short} == {2030}
    assert [cause.kind for cause in figures.causes[2030]] == ["treaty"]
    assert figures.security.met_from == 2031


@pytest.mark.parametrize(
    "without",
    [
        ("pooling", "set_up", "opening", "bodies", "integration", "apportionment"),
        ("delegation", "bodies", "set_up", "opening", "pooling", "integration", "apportionment"),
        ("relief",),
        ("budgets",),
    ],
)
def test_a_study_without_some_components(without):
    data = make_data(make_book())
    study = read_study("pooled").without(without)
    figures = look_at(run_study(Instance(data, study, data.members.keys), Options()))
    for need in figures.security.needs:
        total = need.typed + need.growth + need.apart + need.overlap + need.relieved
        assert total == pytest.approx(need.asked)
        assert need.own + need.lent + need.lost + need.short - need.surplus == pytest.approx(
            need.asked
        )
    assert sum(figures.money.cash_by_year.values()) == pytest.approx(figures.money.total_cash)


@pytest.fixture(scope="module")
def silent_models(tmp_path_factory):
    """The models, whose components tell nothing for a report."""
    folder = tmp_path_factory.mktemp("silent") / "models"
    shutil.copytree(find_model_folders()[-1], folder)
    for path in (folder / "components").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for hook in ("accounts", "undertakings"):
            text = text.replace(f"\ndef {hook}(", f"\ndef _untold_{hook}(")
        path.write_text(text, encoding="utf-8")
    return folder


def test_models_that_tell_nothing_for_a_report(silent_models):
    """Money is that of the ledger; of units and needs nothing is made up."""
    data = make_data(make_book())
    study = load_study("pooled", [silent_models])
    figures = look_at(run_study(Instance(data, study, data.members.keys), Options()))
    assert not figures.view.plan.accounts.amounts
    assert figures.money.total_cash == pytest.approx(YEARS * TOGETHER)
    assert figures.holdings == ()
    assert figures.undertakings == ()
    assert all(math.isnan(own.danger) for own in figures.proportions.each)
    assert math.isnan(figures.security.missing_of_all)

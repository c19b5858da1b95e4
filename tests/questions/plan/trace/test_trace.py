"""Figures are followed to what they add up from, and cells to the figures that they move."""

from __future__ import annotations

import math
import re

import pytest
from books import make_case, write_csv
from commands import command
from independent.random_books import make_random_book
from small_books import make_book

import cssopt
from cssopt.errors import DataError
from cssopt.questions.plan.figures.lines import list_lines
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.trace.figure_names import FigureNames
from cssopt.questions.plan.trace.makeups import list_makeups
from cssopt.questions.plan.trace.roots import RootFinder
from cssopt.questions.plan.view import PlanView


def is_same(one, other):
    if math.isnan(one):
        return math.isnan(other)
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def check_all_add_up(case, **options):
    """Every figure is the sum of its parts; each part is told of the plan that it is named from."""
    trail = cssopt.trace(case, processes=1, **options)
    if not trail.plan.has_plan:
        return 0
    figures = PlanFigures(PlanView(trail.plan, trail.baseline))
    lines, makeups = list_lines(figures), list_makeups(figures)
    for line in lines:
        if line.name in makeups:
            assert is_same(line.value, makeups[line.name]().value), line.name
        else:
            # Of plans that are not kept, and of what there is not.
            assert line.name.startswith("last_step") or math.isnan(line.value), line.name
    assert not makeups.keys() - {line.name for line in lines}
    finder = RootFinder(trail.plan, figures.view.names)
    for name in list(makeups)[::7]:
        own = [part for part in makeups[name]().over if part.amount and not part.plan]
        roots = finder.find((part.place, part.factor) for part in own)
        assert not own or roots.cells or roots.decisions, name
    return len(makeups)


@pytest.fixture(scope="module")
def case():
    """A and B face a threat of power 4; A, the cheaper one, covers it for both."""
    return make_case(make_book())


def test_every_figure_adds_up(case):
    assert check_all_add_up(case) > 40


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_every_figure_of_a_random_book_adds_up(seed):
    check_all_add_up(make_case(make_random_book(seed)))


def test_a_figure_leads_to_entries_decisions_and_cells(case):
    """By hand: A runs 4 units for 10 million each in four years, 160 in all."""
    trail = cssopt.trace(case, figure="cash.A")
    assert trail.figure.line.value == pytest.approx(160)
    parts = [part for part in trail.figure.makeup.over if part.counts]
    assert [part.counts for part in parts] == pytest.approx([40] * 4)
    assert {part.year for part in parts} == {2030, 2031, 2032, 2033}
    assert all(part.of == "Alpha" for part in parts)
    made = [one for one in trail.roots.decisions if one.makes]
    assert [one.makes for one in made] == pytest.approx([40] * 4)
    assert [one.amount for one in made] == pytest.approx([4] * 4)
    assert all("Alpha" in one.of and "Unit" in one.of for one in made)
    cost = next(one for one in trail.roots.cells if one.column == "operating_cost")
    assert (cost.table, cost.row, cost.value) == ("forces", "unit", 10.0)
    assert cost.where.startswith("forces!")


def test_decisions_and_constants_make_the_figure(case):
    """Of money that only decisions cost, their parts add up to it."""
    for name in ("cash", "net_cost_at_start", "cash.2031", "net_cost_at_start.A"):
        trail = cssopt.trace(case, figure=name)
        made = math.fsum(one.makes or 0 for one in trail.roots.decisions)
        assert made == pytest.approx(trail.figure.line.value), name


def test_what_is_given_up_leads_to_what_is_kept(case):
    """A keeps 4 of its 8 units: the inventory and the decision to keep are behind it."""
    trail = cssopt.trace(case, figure="given_up.A.unit")
    assert trail.figure.line.value == pytest.approx(4)
    assert ("inventory", "A, unit") in {(one.table, one.row) for one in trail.roots.cells}
    assert any("kept" in one.says and one.amount == 4 for one in trail.roots.decisions)


def test_figures_alone_lead_into_the_plans_alone(case):
    """By hand: alone A spends 40 a year, B 80; together as safe as alone 40 a year in all."""
    trail = cssopt.trace(case, figure="alone.B")
    assert trail.figure.line.value == pytest.approx(320)
    assert {part.plan for part in trail.figure.makeup.over} == {"B"}
    assert any("Beta" in one.of for one in trail.roots.decisions)
    saving = cssopt.trace(case, figure="saving")
    assert saving.figure.line.value == pytest.approx(480 - 160)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("CASH.a", "cash.A"),
        ("cash of Alpha", "cash.A"),
        ("cash", "cash"),
        ("given up units of Beta", None),
        ("given up Beta unit", "given_up.B.unit"),
        ("missing Crisis 2031", "missing.K.2031"),
        ("cosh", None),
        ("", None),
    ],
)
def test_plain_words_are_taken_where_they_mean_one_figure(case, asked, meant):
    trail = cssopt.trace(case, figure="cash")
    assert FigureNames(PlanFigures(PlanView(trail.plan))).find(asked) == meant


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("cosh.A", 'Did you mean "cash.A"'),
        ("lent unit", "may mean 2 figures: lent.A.unit, lent.B.unit. Name one"),
        ("forces!Z99", "is no cell"),
        ("forces[force=unit].name", "no number"),
        ("forces[force=unit].colour", "no table and column"),
        ("inventory[].units", "means 2 cells"),
        ("inventory[member=X].units", "E-504"),
    ],
)
def test_what_is_no_figure_is_refused_with_what_there_is(case, asked, told):
    with pytest.raises(DataError, match=re.escape(told)):
        cssopt.trace(case, figure=asked)


def test_a_cell_moves_what_it_costs(case):
    """By hand: 1 % more running cost of the only force is 1 % more of all cash of A, who runs all
    units, and of nobody else."""
    trail = cssopt.trace(case, figure="forces[force=unit].operating_cost")
    assert (trail.moved.before, trail.moved.after) == pytest.approx((10, 10.1))
    more = {one.line.name: one.more for one in trail.changes}
    assert more["cash.A"] == more["cash"] == pytest.approx(1.6)
    assert more["cash.2030"] == pytest.approx(0.4)
    assert "cash.B" not in more
    assert "today.A.unit" not in more


def test_a_cell_moves_units_and_needs(case):
    """By hand: 1 % more need is 1 % more units of A, and none are missing."""
    trail = cssopt.trace(case, figure="requirements[threat=K].level")
    more = {one.line.name: one.more for one in trail.changes}
    assert more["in_service.A.unit"] == pytest.approx(0.04)
    assert more["given_up.A.unit"] == pytest.approx(-0.04)
    assert more["cash"] == pytest.approx(1.6)
    assert not any(name.startswith("missing") for name in more)


@pytest.mark.slow
def test_what_a_cell_moves_is_its_price(case):
    """The net cost moves by the price of the cell times the step, found by another way."""
    wanted = {
        ("forces", "operating_cost"),
        ("requirements", "level"),
        ("readiness", "available_share"),
    }
    prices = {(one.table, one.column): one for one in cssopt.prices(case).found.cells}
    for place in wanted:
        moved = cssopt.trace(case, figure=prices[place].where)
        step = moved.moved.after - moved.moved.before
        more = {one.line.name: one.more for one in moved.changes}["net_cost_at_start"]
        # A share is a divisor: its price holds for a step that is small.
        assert more == pytest.approx(prices[place].duals[-1] * step, rel=0.02), place


def test_a_study_without_a_plan_says_so(case):
    trail = cssopt.trace(case, study="strict", members=["A"], figure="cash")
    assert trail.document.verdict


@pytest.mark.medium
def test_the_command_follows_figures_and_cells(tmp_path):
    book = write_csv(make_book(), tmp_path / "book")
    done = command("trace", book, "cash.A", "--formats", "none", "--json")
    assert done.code == 0
    parts = done.tables["trail_parts"]
    assert sum(row["makes"] for row in parts) == pytest.approx(160)
    done = command("trace", book, "--formats", "none", "--json")
    assert "cash.A" in {row["figure"] for row in done.tables["traced_money"]}
    done = command("trace", book, "cosh", "--formats", "none")
    assert done.code == 3
    assert "E-575" in done.err
    address = next(
        row["cell"]
        for row in command("trace", book, "cash.A", "--formats", "none", "--json").tables[
            "trail_cells"
        ]
        if row["column"] == "operating_cost"
    )
    done = command("trace", book, address, "--formats", "none", "--json")
    assert {row["figure"] for row in done.tables["moved_money"]} >= {"cash", "cash.A"}


def test_what_is_missing_leads_to_what_covers_the_rest():
    """By hand: both have 1 unit each in place of 8, so that 2 of 4 are missing."""
    few = [["member", "force", "units"], ["A", "unit", 1], ["B", "unit", 1]]
    trail = cssopt.trace(make_case(make_book(inventory=few)), figure="missing.K.2031")
    assert trail.figure.line.value == pytest.approx(0.5)
    first, *others = trail.roots.decisions
    assert (first.makes, first.amount) == pytest.approx((2, 2))
    assert math.fsum(one.amount for one in others) == pytest.approx(2)
    # A unit more of a need that is short would be missing: it has no price in money.
    rule = next(one for one in trail.roots.rules if "make up the need" in one.says)
    assert rule.saves is None
    assert any(cell.startswith("requirements!") for cell in rule.cells)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_dearer_force_of_a_random_book_never_makes_the_plan_better(seed):
    """What comes first, the missing part and then money, or both weighed, is never less."""
    asked = "forces[force=brigade].operating_cost"
    trail = cssopt.trace(make_case(make_random_book(seed)), figure=asked)
    assert trail.moved.base is not None, trail.moved.why
    before, after = (plan.solved.stages for plan in (trail.moved.base, trail.moved.moved))
    for one, other in zip(before, after, strict=True):
        assert other.value >= one.value - 1e-6 * max(1.0, abs(one.value))
        if other.value > one.value + 1e-6:
            break  # what comes after it is least under another condition
    # Each entry of running cost is 1 % more where the units are the same: no more than that.
    cost = {one.line.name: one.more / one.line.value for one in trail.changes if one.line.value}
    assert cost.get("net_cost_at_start", 0.0) <= 0.01 + 1e-9

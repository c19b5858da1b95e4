"""The bounds U of lines, fleets and gates cut no plan: the same optimum with far larger ones."""

from __future__ import annotations

import math
import random

import pytest
from alliances import make_alliance
from books import make_data, make_problem, solve_sheets
from golden_books import INSTITUTIONS
from small_books import make_book, members, settings

from cssopt.assembly.criteria import add_criteria
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.questions.alternatives.find import find_alternatives
from cssopt.solution.near_plan import Persist, measure_base, stay_near
from cssopt.solution.run import run_program, run_study
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status

GENEROUS = '''"""Bounds far too large.

Parameters:
    most_needed, most_orders, most_held, most_delegated = 500
"""

from cssopt.modeling import parameter

REQUIRES = ("readiness", "orders", "employment")


def arithmetic(data, use):
    values = dict.fromkeys([*use.readiness.pairs, *use.orders.orderable], 500.0)
    return {
        name: parameter("member force year", values, doc="generous")
        for name in ("most_needed", "most_orders", "most_held", "most_delegated")
    }


def audit(data, solution):
    return ()
'''


def variant(seed):
    """Alliances in which the switches matter: lines, fleets, lead times, growing needs, tiers."""
    sheets = make_alliance(
        seed, members=2, years=3, whole=True, institutions=seed % 2 == 0, penalty=400.0
    )
    forces = sheets["forces"]
    place = {name: column for column, name in enumerate(forces[0])}
    forces[1][place["programme_cost"]] = 25 if seed % 3 else None
    forces[2][place["fleet_cost"]] = 6
    forces[1][place["whole"]] = forces[2][place["whole"]] = seed % 4 == 1
    forces[1][place["lead_time"]] = seed % 3
    forces[2][place["service_life"]] = 1 + seed % 4
    sheets["readiness"][1][4] = [0.3, 0.6, None][seed % 3]
    for row in sheets["requirements"][1:]:
        row[4] = [0.0, 0.5, -0.3][seed % 3]
        row[3] *= 1.5
    if seed % 5 == 0:
        names = [row[0] for row in sheets["members"][1:]]
        sheets["apportionment"] = [
            ["member", "capability", "min_share"],
            *([m, "land", 0.2] for m in names),
        ]
        # The last member can go nowhere: it holds units for its share alone.
        sheets["members"][-1][2] = None
        sheets["movement"] = [row for row in sheets["movement"] if row[0] != names[-1]]
    return sheets


SLOW = pytest.mark.slow
# Four have every kind of lead time, service life and tiers; the first has an apportionment.
SEEDS = [*range(4), *(pytest.param(seed, marks=SLOW) for seed in range(4, 16))]


@pytest.fixture
def both(tmp_path):
    """Our model files, and those with bounds far too large."""
    folder = tmp_path / "models" / "components"
    folder.mkdir(parents=True)
    (folder / "most_units.py").write_text(GENEROUS.replace("500", "100000"), encoding="utf-8")
    return find_model_folders(), find_model_folders([tmp_path / "models"])


def cheap(seed):
    """The small book with drones so cheap that a plan near the cheapest may have hundreds of them.

    Fleets and lines cost a millionth: they decide nothing but what may be held.
    """
    chance = random.Random(seed)
    names = [
        "force", "name", "personnel", "operating_cost", "support_cost", "procurement_cost",
        "programme_cost", "fleet_cost", "lead_time", "service_life",
    ]  # fmt: skip
    drone = [
        "drone", "Drone", 0, chance.uniform(0.001, 0.01), chance.choice([None, 0.002]),
        chance.uniform(0.01, 0.1), chance.choice([None, 1e-6]), 1e-6, chance.randint(0, 1),
        chance.randint(1, 6),
    ]  # fmt: skip
    return make_book(
        members=members(chance.uniform(0.5, 2)),
        capabilities=[["capability", "name", "measure"], ["land", "L", "p"], ["air", "A", "p"]],
        forces=[names, ["unit", "Unit", 0, 10, 0, None, None, None, 0, 30], drone],
        power=[["force", "capability", "power"], ["unit", "land", 1], ["drone", "air", 1]],
        inventory=[
            ["member", "force", "units", "remaining_life"],
            ["A", "unit", 8, None],
            ["B", "unit", 8, None],
            ["A", "drone", chance.randint(1, 3), chance.choice([2, None])],
        ],
        requirements=[
            ["threat", "capability", "day", "level"],
            ["K", "land", 0, 4],
            ["K", "air", 0, chance.randint(1, 3)],
        ],
    )


def scale_needs(sheets, share):
    header, *rows = sheets["requirements"]
    return {**sheets, "requirements": [header, *([*r[:3], share * r[3], *r[4:]] for r in rows)]}


def solve_optimal(data, study, given=None):
    return solve_instance(Instance(data, study, data.members.keys, given or {}))


def solve_near(data, base, persist, folders):
    plain = Instance(data, load_study("pooled", folders), data.members.keys)
    return solve_instance(stay_near(plain, measure_base(base, persist), folders))


def solve_instance(instance):
    solution = run_study(instance, Options())
    assert solution.status is Status.OPTIMAL
    assert solution.audit.passed, solution.audit.failures
    return solution


@pytest.mark.medium
@pytest.mark.parametrize("seed", SEEDS)
def test_bounds_cut_no_plan(seed, both):
    data = make_data(variant(seed))
    tight, generous = (solve_optimal(data, load_study("pooled", folders)) for folders in both)
    assert tight.objective == pytest.approx(generous.objective, rel=1e-6)


@pytest.mark.medium
@pytest.mark.parametrize("seed", SEEDS)
def test_bounds_cut_no_plan_near_another(seed, both):
    """Where nothing changes, the base plan itself; where a twentieth is needed too, which may cost
    no more; and what is nearest to it, or worth staying for, is the same with any bounds."""
    sheets = cheap(seed)
    data, less = make_data(sheets), make_data(scale_needs(sheets, 0.05))
    ours = both[0]
    base = solve_optimal(data, load_study("pooled", ours))
    still = Persist(most=0)
    same = solve_near(data, base, still, ours)
    assert same.objective == pytest.approx(base.objective, rel=1e-6)
    assert solve_near(less, base, still, ours).objective <= base.objective * (1 + 1e-6)
    for persist in (Persist(weight=3), Persist(most=2), Persist(most=0)):
        tight, generous = (solve_near(less, base, persist, folders) for folders in both)
        assert tight.objective == pytest.approx(generous.objective, rel=1e-6)


@pytest.mark.medium
@pytest.mark.parametrize("seed", SEEDS)
def test_bounds_cut_no_alternative(seed, both):
    data = make_data(cheap(seed))
    found = []
    for folders in both:
        study, (expenditure,) = add_criteria(
            load_study("pooled", folders), ["expenditure"], folders, "study"
        )
        instance = Instance(data, study, data.members.keys)
        told = find_alternatives(
            *run_program(instance, Options()), expenditure, within=[0.05], plans=0
        )
        assert told.status is Status.OPTIMAL
        found.append({one.contribution: one for one in told.ranges})
    tight, generous = found
    assert set(tight) == set(generous)
    for contribution, one in tight.items():
        other = generous[contribution]
        ends = pytest.approx((other.least, other.most), abs=1e-5 * max(1.0, abs(other.most)))
        assert (one.least, one.most) == ends


# A tank ordered in 2030 costs 100 * (1 - 0.2 cut) = 80, of which 3/4 are left in 2031, at 0.8: 80 -
# 48 = 32. In 2031 it costs A 2 * (10 + 4 * (1 - 0.5 cut)) = 24, B 12: 51.2 in all for A, B 41.6.
# A may spend 300 in 2030 (3.75 at 80), B 90 in 2031 (7.5 at 12). Industry makes 7.
@pytest.mark.parametrize(
    ("most_spent", "orders", "held"),
    [
        (128, (128 / 51.2, 128 / 41.6), (6 + 2.5, 7.5)),
        (83.2, (83.2 / 51.2, 2), (6 + 1.625, 7)),
        (math.inf, (3.75, 7), (6 + 3.75, 7.5)),
    ],
)
def test_bounds_of_any_plan_within_an_expenditure(most_spent, orders, held):
    bounds = make_problem(INSTITUTIONS, most_spent=most_spent).model["most_units"]
    for m, ordered, most in zip("AB", orders, held, strict=True):
        assert bounds.most_orders[m, "tank", 2030] == pytest.approx(ordered, rel=1e-5)
        assert bounds.most_held[m, "tank", 2031] == pytest.approx(most, rel=1e-5)


def test_units_that_only_widen_what_law_allows_are_within_the_bounds():
    """Law lets A delegate 0.3 of what is available, and only its dear tier comes in time.

    10 of power take 12.5 units at 0.8 there (10 million each), and for law 233.33 units more at 0.1
    of a tier that comes too late and costs nothing: 0.3 * (0.8 * 12.5 + 0.1 * 233.33) = 10.
    """
    forces = [
        ["force", "name", "personnel", "operating_cost", "fleet_cost", "service_life"],
        ["unit", "Unit", 0, 10, 1, 30],
    ]
    book = make_book(
        forces=forces,
        inventory=[["member", "force", "units"], ["A", "unit", 300]],
        readiness=[
            ["tier", "notice_days", "operating_factor", "available_share"],
            ["high", 0, 1, 0.8],
            ["low", 40, 0, 0.1],
        ],
        requirements=[["threat", "capability", "day", "level"], ["K", "land", 10, 10]],
        exposure=[["threat", "member", "share"], ["K", "B", 1]],
        legislation=[["member", "force", "delegable_share"], ["A", "*", 0.3]],
    )
    plan = solve_sheets(book)
    assert plan.threats_met
    assert plan.audit.passed
    assert plan.objective == pytest.approx(4 * (125 + 1))


def apportioned(rows, **columns):
    """B alone is endangered, by a need of 1; A can go nowhere, and must keep pace with B.

    Units are bought for 1 and run for 1 (100 a year at a factor of 0.01); nobody has any.
    """
    names = ["force", "name", "personnel", "operating_cost", "procurement_cost", "service_life"]
    return make_book(
        settings=[["last_year", 2030] if row[0] == "last_year" else row for row in settings()],
        members=[
            ["member", "name", "home_theatre", "gdp", "population"],
            ["A", "A", None, 1000, 1],
            ["B", "B", "HOME", 1000, 1],
        ],
        forces=[[*names, *columns], ["unit", "Unit", 0, 100, 1, 1, *columns.values()]],
        inventory=[["member", "force", "units"]],
        readiness=[
            ["tier", "notice_days", "operating_factor", "available_share"],
            ["high", 0, 0.01, 1],
        ],
        requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 1]],
        exposure=[["threat", "member", "share"], ["K", "B", 1]],
        apportionment=[["member", "capability", "min_share", "max_share"], *rows],
    )


# B holds 1 unit, and A 0.8 / 0.2 = 4 times, or 0.95 / 0.05 = 19 times as many: 2 for each.
@pytest.mark.parametrize(
    ("rows", "columns", "cost"),
    [
        ([["A", "land", 0.8, None]], {}, 2 * 5),
        ([["A", "land", 0.8, None]], {"fleet_cost": 1}, 2 * 5 + 2),
        ([["B", "land", None, 0.2]], {"fleet_cost": 1}, 2 * 5 + 2),
        ([["A", "land", 0.8, None]], {"programme_cost": 1}, 2 * 5 + 1),
        ([["A", "land", 0.95, None]], {"fleet_cost": 1}, 2 * 20 + 2),
        ([["A", "land", 0.8, None]], {"fleet_cost": 300}, 2 * 5 + 600),
    ],
)
def test_bounds_keep_pace_with_a_share_of_all(rows, columns, cost):
    plan = solve_sheets(apportioned(rows, **columns))
    assert plan.audit.passed
    assert plan.threats_met
    assert plan.objective == pytest.approx(cost)


@pytest.mark.parametrize(("running", "support", "checks"), [(100, 0, 4), (0, 0.5, 4), (0, 0, 2)])
def test_the_audit_asks_of_all_units_that_cost_anything_whether_bounds_are_felt(
    running, support, checks
):
    """Of what each member orders, and of what it holds unless holding it costs nothing."""
    sheets = apportioned([["A", "land", 0.8, None]], fleet_cost=1, support_cost=support)
    head, unit = sheets["forces"]
    unit[head.index("operating_cost")] = running
    audit = solve_sheets(sheets).audit
    assert audit.passed
    (line,) = [line for line in audit.lines if line.rule == "bound_is_not_felt"]
    assert line.checks == checks


# --- tiers that leave nothing over: whole units by steps


def stepped(shares, level, units, *, prices=(), **columns):
    """The small book with A's whole units alone, at tiers of which the first alone is in time.

    Only what every share divides into whole units can be held at all.
    """
    names = ["force", "name", "personnel", "operating_cost", "procurement_cost", "service_life"]
    price = prices[0] if prices else None
    tiers = [[f"tier {at}", 90 * at, 1, 1, share] for at, share in enumerate(shares)]
    return make_book(
        forces=[
            [*names, "whole", *columns],
            ["unit", "Unit", 0, 10, price, 30, True, *columns.values()],
        ],
        inventory=[["member", "force", "units"], ["A", "unit", units]],
        requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, level]],
        readiness=[
            ["tier", "notice_days", "operating_factor", "available_share", "max_share"],
            *tiers,
        ],
    )


# 0.55 n and 0.45 n are whole for multiples of 20, 0.3 n, 0.33 n and 0.37 n for those of 100; half
# of n for even ones, a third for those of 3. 0.6 of 2 units is one, twice, and of 1 none; so are
# 0.52 and 0.5 of 2. Each unit is run for 10 in each of four years.
@pytest.mark.parametrize(
    ("shares", "level", "held"),
    [
        ((0.55, 0.45), 1, 20),
        ((0.45, 0.55), 0.5, 20),
        ((0.55, 0.45), 11, 20),
        ((0.55, 0.45), 12, 40),
        ((0.3, 0.33, 0.37), 1, 100),
        ((0.5, 0.5), 1, 2),
        ((1 / 3, 2 / 3), 1, 3),
        ((1 / 3, 1 / 3, 1 / 3), 1, 3),
        ((0.6, 0.6), 1, 2),
        ((0.52, 0.5), 1, 2),
    ],
)
@pytest.mark.parametrize("fleet_cost", [0, 1])
def test_whole_units_that_no_tier_takes_what_is_left_of(shares, level, held, fleet_cost):
    """What no tier can take is not there, and no bound takes the least that all can."""
    plan = solve_sheets(stepped(shares, level, 120, fleet_cost=fleet_cost))
    assert plan.threats_met
    assert plan.audit.passed
    assert plan.objective == pytest.approx(4 * (10 * held + fleet_cost))


# Shares of 1 in all, of more and of less.
WITHOUT_REST = [(0.5, 0.5), (0.25, 0.75), (0.6, 0.5), (0.3, 0.7), (0.34, 0.67), (0.6, 0.35)]


@pytest.mark.medium
@pytest.mark.parametrize("seed", SEEDS)
def test_bounds_cut_no_plan_where_no_tier_takes_what_is_left_over(seed, both):
    """Whole units of both forces, at both tiers no more than a share."""
    sheets = variant(seed)
    forces, (head, *tiers) = sheets["forces"], sheets["readiness"]
    forces[1][forces[0].index("whole")] = forces[2][forces[0].index("whole")] = True
    for tier, share in zip(tiers, WITHOUT_REST[seed % len(WITHOUT_REST)], strict=True):
        tier[head.index("max_share")] = share
    data = make_data(sheets)
    tight, generous = (solve_optimal(data, load_study("pooled", folders)) for folders in both)
    assert tight.objective == pytest.approx(generous.objective, rel=1e-6)


def test_whole_units_by_steps_are_bought():
    """None are there: 20 are bought for 3 each in the first year, with nothing left of them."""
    book = stepped((0.55, 0.45), 1, 0, prices=(3,), fleet_cost=1)
    book["settings"].append(["residual_share", 0])
    plan = solve_sheets(book)
    assert plan.threats_met
    assert plan.audit.passed
    assert plan.objective == pytest.approx(20 * 3 + 4 * (200 + 1))


@pytest.mark.parametrize("shares", [(0.5, 0.4), (0.3333333, 0.6666667), (0.55, 0.45)])
def test_shares_that_split_no_number_of_units_that_is_there_hold_nothing(shares):
    """0.5 and 0.4 of units are never all of them; seven digits of a third are no third but of ten
    million units; of 19 there are no 20. All of the need is missing."""
    plan = solve_sheets(stepped(shares, 1, 19, fleet_cost=1))
    assert plan.audit.passed
    assert plan.objective == pytest.approx(4 * 1e4)


def test_bounds_of_steps_are_those_of_any_plan_cut_by_steps():
    """A and B are each asked for all of one unit, which counts as two: at a tier of 0.55, 4 in all,
    and ceil(2 / 0.45) more for rounding. An order is no larger than that and a step of 20; what is
    held no more than what there is and was ordered."""
    bounds = make_problem(stepped((0.55, 0.45), 1, 30, prices=(3,))).model["most_units"]
    assert bounds.most_needed["A", "unit", 2030] == 4 + 5 + 20
    assert bounds.most_orders["A", "unit", 2031] == 29
    assert bounds.most_held["A", "unit", 2031] == 30 + 2 * 29


# --- where the bounds are those of another question, the audit asks nothing of these


def paced(units, max_share, **sheets):
    """A must have a tenth of all power, in whole units; a tier holds no more than a share."""
    return make_book(
        forces=[
            ["force", "name", "personnel", "operating_cost", "service_life", "whole"],
            ["unit", "Unit", 0, 10, 30, True],
        ],
        inventory=[["member", "force", "units"], ["A", "unit", units], ["B", "unit", 8]],
        readiness=[
            ["tier", "notice_days", "operating_factor", "available_share", "max_share"],
            ["ready", 0, 1, 1, max_share],
            ["slow", 90, 1, 1, None],
        ],
        apportionment=[["member", "capability", "min_share"], ["A", "land", 0.1]],
        **sheets,
    )


def count_asked(audit):
    return sum(line.checks for line in audit.lines if line.rule == "bound_is_not_felt")


@pytest.mark.parametrize(("max_share", "asked"), [(0.5, True), (None, False)])
def test_the_audit_asks_of_whole_units_only_where_a_tier_is_limited(max_share, asked):
    audit = solve_sheets(paced(8, max_share)).audit
    assert audit.passed
    assert (count_asked(audit) > 0) == asked


def test_a_given_plan_of_many_whole_units_passes_its_audit():
    """It holds more than any needs: that is its own affair, and the bounds are beyond it."""
    folders = find_model_folders()
    plan = [["member", "force", "year", "held"], ["A", "unit", 2031, 200]]
    data = make_data(paced(200, 0.5, plan=plan))
    study = load_study("pooled", folders).adding("given_plan", folders)
    costed = run_study(Instance(data, study, data.members.keys), Options(), give_way=True)
    assert costed.status is Status.OPTIMAL
    assert costed.audit.passed, costed.audit.failures
    assert costed.quantities.sums("held", "member year")["A", 2031] == pytest.approx(200)
    assert not count_asked(costed.audit)


def test_alternatives_of_many_whole_units_pass_their_audits():
    """Within thirty times the least there are plans that hold all of A's 200 units."""
    folders = find_model_folders()
    data = make_data(paced(200, 0.5))
    study, (spent,) = add_criteria(load_study("pooled", folders), ["expenditure"], folders, "study")
    base, program = run_program(Instance(data, study, data.members.keys), Options())
    told = find_alternatives(base, program, spent, within=[30], plans=2)
    assert told.status is Status.OPTIMAL
    assert told.plans
    assert [one.outcome.verdict for one in told.plans] == [()] * len(told.plans)


def test_what_rules_are_missed_by_bounds_nothing_where_no_plan_is_given():
    kept, missed = (
        make_problem(INSTITUTIONS, **given).model["most_units"]
        for given in ({}, {"most_missed": 5.0})
    )
    for bound in ("most_orders", "most_held"):
        assert dict(getattr(missed, bound)) == dict(getattr(kept, bound))

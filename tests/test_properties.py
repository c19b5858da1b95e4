"""What must hold for every alliance, shown on random small ones."""

from __future__ import annotations

import copy
import random
from functools import cache

import pytest
from alliances import make_alliance
from books import make_data, solve_sheets

from cssopt.solve.outcome import Status

SEEDS = range(6)
EXACT = 1e-6
MONEY = {
    "settings": ("shortfall_penalty",),
    "members": ("gdp",),
    "forces": (
        "operating_cost", "support_cost", "procurement_cost", "programme_cost", "fleet_cost",
        "disposal_cost",
    ),
    "movement": ("cost_per_load",),
    "bodies": ("setup_cost", "annual_cost", "post_cost"),
    "measures": ("annual_cost",),
    "programmes": ("annual_cost",),
    "activities": ("annual_cost",),
}  # fmt: skip


def full_alliance(seed):
    """Every second one with whole units, and others with institutions."""
    return make_alliance(seed, years=2, whole=seed % 2 == 1, institutions=seed % 3 != 0)


def objective(sheets, study="pooled", members=None, **given):
    solution = solve_sheets(sheets, study, members, **given)
    assert solution.status is Status.OPTIMAL
    assert solution.audit.passed
    assert solution.audit.not_audited == ()
    return solution.objective


@cache
def objective_before(seed, institutions):
    """Of the alliance that each kind of room is added to, solved once for all of them."""
    return objective(make_alliance(seed, years=2, institutions=institutions))


@pytest.mark.medium
@pytest.mark.parametrize("seed", [1, 2, 4])
def test_order_of_rows_and_sheets_changes_nothing(seed):
    sheets = full_alliance(seed)
    chance = random.Random(seed)
    names = list(sheets)
    chance.shuffle(names)
    shuffled = {name: [sheets[name][0], *chance.sample(rows := sheets[name][1:], len(rows))]
                for name in names}  # fmt: skip
    assert objective(shuffled) == pytest.approx(objective(sheets), rel=EXACT)


@pytest.mark.medium
@pytest.mark.parametrize("factor", [0.01, 1000.0])
@pytest.mark.parametrize("seed", [0, 2])
def test_money_scales_with_its_measure(seed, factor):
    sheets = full_alliance(seed)
    scaled = copy.deepcopy(sheets)
    for name, columns in MONEY.items():
        for row in scaled.get(name, [[]])[1:]:
            for place, column in enumerate(scaled[name][0]):
                if (column in columns or row[0] in columns) and isinstance(row[place], int | float):
                    row[place] *= factor
    assert objective(scaled) == pytest.approx(factor * objective(sheets), rel=EXACT)


def raise_column(sheet, column, by, most=None):
    def relax(sheets):
        place = sheets[sheet][0].index(column)
        for row in sheets[sheet][1:]:
            if row[place] is not None:
                row[place] = row[place] * by if most is None else min(most, row[place] * by)

    return relax


def drop_rows(sheet):
    def relax(sheets):
        sheets[sheet] = sheets[sheet][:1]

    return relax


RELAXED = {
    "budget": raise_column("members", "budget_share", 1.5),
    "personnel": raise_column("members", "personnel", 1.3),
    "inventory": raise_column("inventory", "units", 2),
    "quality": raise_column("inventory", "quality", 1.2),
    "delegable share": raise_column("legislation", "delegable_share", 1.5, 1.0),
    "dependence": raise_column("capabilities", "max_member_share", 1.2, 1.0),
    "caveat": drop_rows("caveats"),
    "tier": raise_column("readiness", "max_share", 1.3, 1.0),
    "imports": raise_column("forces", "max_imports", 3),
    "relief": raise_column("threats", "non_military_cap", 1.5, 1.0),
}


LATER = ("budget", "quality", "tier", "imports")
KINDS = [pytest.param(w, marks=[pytest.mark.slow] if w in LATER else []) for w in RELAXED]


@pytest.mark.medium
@pytest.mark.parametrize("what", KINDS)
def test_more_room_never_costs_more(what):
    binding = 0
    for seed in SEEDS:
        sheets = make_alliance(seed, years=2, institutions=what == "relief")
        RELAXED[what](sheets)
        before, after = objective_before(seed, what == "relief"), objective(sheets)
        assert after <= before * (1 + EXACT), seed
        binding += after < before * (1 - 1e-5)
    assert binding, f"{what} binds in none of these alliances: the test shows nothing"


@pytest.mark.medium
@pytest.mark.parametrize(
    "seed", [pytest.param(n, marks=[pytest.mark.slow] if n in (3, 5, 6) else []) for n in range(7)]
)
def test_a_union_is_never_above_the_sum_of_its_parts(seed):
    """Common costs inside a binding budget are an exception, so that budgets stay out of these."""
    sheets = make_alliance(
        seed, members=4, years=2, whole=seed % 2 == 1, institutions=seed % 3 != 0, budgets=False
    )
    parts = [("M0", "M1"), ("M2", "M3")] if seed % 2 else [("M0",), ("M1", "M2", "M3")]
    union = objective(sheets)
    apart = sum(objective(sheets, members=part) for part in parts)
    assert union <= apart * (1 + EXACT)


@pytest.mark.medium
@pytest.mark.parametrize("seed", [1, 5])
def test_the_relaxation_is_a_lower_bound(seed):
    sheets = full_alliance(seed)
    relaxed, whole = objective(sheets, "relaxed"), objective(sheets)
    assert relaxed <= whole * (1 + EXACT)
    assert relaxed < whole * (1 - 1e-6)


@pytest.mark.medium
@pytest.mark.parametrize("seed", SEEDS)
def test_strict_is_least_shortfall_where_all_needs_are_met(seed):
    sheets = make_alliance(seed, penalty=None, budgets=False, caps=False)
    for row in sheets["requirements"][1:]:
        row[3] /= 5
    for row in sheets["movement"][1:]:
        row[2] = 2
    least, strict = solve_sheets(sheets, "least_shortfall"), solve_sheets(sheets, "strict")
    assert least.threats_met == (strict.status is Status.OPTIMAL)
    if least.threats_met:
        assert strict.pooled_expenditure == pytest.approx(least.pooled_expenditure, rel=1e-5)


def test_strict_is_infeasible_where_a_need_cannot_be_met():
    sheets = make_alliance(0)
    sheets["requirements"][1][2] = 1  # day 1: before anybody's notice is over
    assert solve_sheets(sheets, "strict").status is Status.INFEASIBLE
    assert not solve_sheets(sheets, "least_shortfall").threats_met


@pytest.mark.medium
@pytest.mark.parametrize("seed", SEEDS)
def test_no_situations_are_one_situation_and_fewer_at_once_cost_no_more(seed):
    sheets = make_alliance(seed)
    head = ["situation", "threat"]
    together = [head, ["all", "east"], ["all", "south"]]
    apart = [head, ["a", "east"], ["b", "south"]]
    none = objective({**sheets, "situations": [head]})
    assert objective({**sheets, "situations": together}) == pytest.approx(none, rel=EXACT)
    assert objective({**sheets, "situations": apart}) <= none * (1 + EXACT)
    both = [*apart, ["c", "east"], ["c", "south"]]
    assert objective({**sheets, "situations": both}) == pytest.approx(none, rel=EXACT)


@pytest.mark.medium
def test_a_solve_repeats_itself_and_changes_no_input():
    sheets = full_alliance(5)
    data = make_data(sheets)
    before = {name: table.records() for name, table in data.tables.items()}
    first, second = solve_sheets(sheets), solve_sheets(sheets)
    assert first.objective == second.objective
    for name, quantity in first.quantities.quantities.items():
        assert quantity.values == second.quantities.quantities[name].values, name
    assert before == {n: t.records() for n, t in make_data(sheets).tables.items()}


@pytest.mark.medium
@pytest.mark.parametrize("seed", SEEDS)
def test_equal_security_costs_no_more_than_members_alone(seed):
    """Where no budget, treaty or plant stands between."""
    sheets = make_alliance(seed, budgets=False, years=2)
    names = [row[0] for row in sheets["members"][1:]]
    alone = [solve_sheets(sheets, members=[m]) for m in names]
    short = {}
    for plan in alone:
        for key, power in plan.quantities.shortfall.items():
            short[key] = short.get(key, 0.0) + power
    equal = solve_sheets(sheets, "equal_security", alone_shortfall=short)
    assert equal.status is Status.OPTIMAL
    assert equal.pooled_expenditure <= sum(p.pooled_expenditure for p in alone) * (1 + EXACT)

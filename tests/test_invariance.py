"""What must hold of every command's answers, on random books of all kinds (tests/independent).

Beside tests/test_properties.py: measures and years, threats that another one outdoes or that are
dropped, burdens in every command, the ends of fronts, tipping points, prices of rules, and savings.
"""

from __future__ import annotations

import copy
import random
from dataclasses import replace

import numpy as np
import pytest
from baselines import find_baseline
from books import make_case
from independent import questions
from independent.random_books import KINDS, Rows, make_random_book

import cssopt
from cssopt import read_changes

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
    "budgets": ("budget",),
    "common_budgets": ("budget",),
}  # fmt: skip
UNITS = {
    "inventory": ("units",),
    "industry": ("capacity",),
    "forces": ("max_imports",),
}
PER_UNIT = {
    "forces": ("personnel", "operating_cost", "support_cost", "procurement_cost", "load"),
    "power": ("power",),
}
YEARS = {
    "settings": ("price_year", "first_year", "last_year"),
    "threats": ("first_year", "last_year"),
    "programmes": ("earliest_year",),
    "activities": ("earliest_year",),
    "budgets": ("year",),
    "common_budgets": ("year",),
}


def of_kinds(*kinds: str, count: int, start: int = 1000, quick: int = 1) -> list:
    """Seeds of some kinds of books, all but the first ones slow."""
    places = [KINDS.index(kind) for kind in kinds]
    seeds = [start + len(KINDS) * i + place for i in range(count) for place in places]
    return [
        pytest.param(seed, marks=[pytest.mark.slow] if number >= quick else [])
        for number, seed in enumerate(seeds)
    ]


def any_kind(count: int, start: int = 1000, quick: int = 1) -> list:
    return of_kinds(*KINDS, count=count, start=start, quick=quick)


def cells(sheets: dict[str, Rows], where: dict[str, tuple[str, ...]]):
    """Row and place of every number in some columns (of settings: in some rows)."""
    for name, columns in where.items():
        for row in sheets.get(name, [[]])[1:]:
            for place, column in enumerate(sheets[name][0]):
                wanted = column in columns or (name == "settings" and row[0] in columns)
                if wanted and isinstance(row[place], int | float):
                    yield row, place


def change(sheets: dict[str, Rows], where: dict[str, tuple[str, ...]], how) -> dict[str, Rows]:
    changed = copy.deepcopy(sheets)
    for row, place in cells(changed, where):
        row[place] = how(row[place])
    return changed


def without_penalty(sheets: dict[str, Rows]) -> dict[str, Rows]:
    kept = [row for row in sheets["settings"] if row[0] != "shortfall_penalty"]
    return {**sheets, "settings": kept}


def without(sheets: dict[str, Rows], *names: str) -> dict[str, Rows]:
    return {name: rows[:1] if name in names else rows for name, rows in sheets.items()}


def names_of(sheets: dict[str, Rows], sheet: str) -> list[str]:
    return [row[0] for row in sheets[sheet][1:]]


def column(sheets: dict[str, Rows], sheet: str, name: str) -> int:
    return sheets[sheet][0].index(name)


def plan(sheets: dict[str, Rows], study: str = "pooled", **more):
    solution = cssopt.solve(make_case(sheets), study=study, **more)
    assert solution.status is cssopt.Status.OPTIMAL
    assert solution.audit.passed, solution.audit.failures
    return solution


def near(value: float, rel: float = EXACT):
    return pytest.approx(value, rel=rel, abs=rel)


# Measures and years


@pytest.mark.parametrize("seed", any_kind(1))
def test_money_in_thousands_changes_its_figures_only(seed):
    """Ceilings too: the same plan, at the same missing share."""
    sheets = without_penalty(make_random_book(seed))
    first, second = plan(sheets), plan(change(sheets, MONEY, lambda value: 1000 * value))
    assert second.pooled_expenditure == near(1000 * first.pooled_expenditure)
    assert second.missing_share == pytest.approx(first.missing_share, rel=1e-8, abs=1e-8)
    assert second.has_plan


@pytest.mark.parametrize("seed", of_kinds("core", "industry", "overlap", "programmes", count=2))
def test_units_of_another_size_change_nothing(seed):
    """Ten small units in place of a large one, in books without whole units."""
    sheets = make_random_book(seed)
    whole, load = (column(sheets, "forces", name) for name in ("whole", "load"))
    for row in sheets["forces"][1:]:
        row[whole], row[load] = None, 1 if row[load] is None else row[load]
    small = change(sheets, UNITS, lambda value: 10 * value)
    small = change(small, PER_UNIT, lambda value: value / 10)
    for row in small.get("programme_effects", [[]])[1:]:
        if row[2] == "capacity":
            row[3] *= 10
    first, second = plan(sheets), plan(small)
    assert second.objective == near(first.objective)
    if len(sheets["settings"]) == len(without_penalty(sheets)["settings"]):
        assert second.missing_share == pytest.approx(first.missing_share, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("seed", any_kind(1, start=1100))
def test_the_same_plan_seven_years_later(seed):
    """`gdp` and prices are those of the first year, whichever that is."""
    sheets = make_random_book(seed)
    later = change(sheets, YEARS, lambda year: year + 7)
    first, second = plan(sheets), plan(later)
    assert second.objective == near(first.objective)
    assert {t for _, t in second.quantities.outlay} == {t + 7 for _, t in first.quantities.outlay}


@pytest.mark.parametrize("seed", any_kind(1, start=1200))
def test_savings_do_not_depend_on_the_order_of_rows_and_sheets(seed):
    """Where plans alone tie too: the rule of the formulation is none of order."""
    sheets = make_random_book(seed)
    first, second = (compare(book) for book in (sheets, shuffled(sheets, seed)))
    assert second.expenditure_alone == near(first.expenditure_alone)
    assert second.equal.has_plan == first.equal.has_plan
    if first.equal.has_plan:
        assert second.equal.pooled_expenditure == near(first.equal.pooled_expenditure)


def compare(sheets: dict[str, Rows], **more):
    solution = plan(sheets, **more)
    return find_baseline(solution)


def shuffled(sheets: dict[str, Rows], seed: int) -> dict[str, Rows]:
    """The same sheets and rows, all in another order."""
    chance = random.Random(seed)
    return {
        name: [rows[0], *chance.sample(rows[1:], len(rows) - 1)]
        for name, rows in chance.sample(list(sheets.items()), len(sheets))
    }


@pytest.mark.medium
@pytest.mark.parametrize("study", ["pooled", "relaxed"])
@pytest.mark.parametrize("seed", any_kind(2, start=1250, quick=3))
def test_the_same_plan_to_the_last_bit_in_any_order_of_rows_and_sheets(seed, study):
    """Where plans tie too: no tolerance, for the very same program is solved."""
    sheets = make_random_book(seed)
    first, second = (plan(book, study) for book in (sheets, shuffled(sheets, seed)))
    assert second.objective == first.objective
    assert dict(second.quantities.costs) == dict(first.quantities.costs)
    for name, quantity in first.quantities.quantities.items():
        assert dict(second.quantities.quantities[name].values) == dict(quantity.values), name


@pytest.mark.parametrize("seed", of_kinds("core", "bodies", count=1, start=1270, quick=0))
def test_the_same_conflicts_and_prices_in_any_order_of_rows(seed):
    sheets = make_random_book(seed, 1.5)
    cases = [make_case(book) for book in (sheets, shuffled(sheets, seed))]
    first, second = (cssopt.diagnose(case, study="strict") for case in cases)
    assert first.status is cssopt.Status.INFEASIBLE
    told = [
        [{rule.name for rule in one.rules} for one in each.conflicts] for each in (first, second)
    ]
    assert told[0] == told[1]
    first, second = (cssopt.rules(case, processes=1) for case in cases)
    prices = [[(p.rules[0].name, p.cost.found) for p in each.prices] for each in (first, second)]
    assert prices[0] == prices[1]


# Threats


def outdone(sheets: dict[str, Rows], share: float) -> dict[str, Rows]:
    """A threat beside the first one, like it but for a share of its needs, and never at once.

    Nobody moves for it (likelihood 0); the others arise together or apart as they did.
    """
    sheets = copy.deepcopy(sheets)
    threats = names_of(sheets, "threats")
    k, new = threats[0], "outdone"
    if len(sheets["situations"]) == 1:
        sheets["situations"] += [["all", other] for other in threats]
    elif k not in {row[1] for row in sheets["situations"][1:]}:
        sheets["situations"].append(["itself", k])
    for name, place in (("threats", 0), ("requirements", 0), ("exposure", 0), ("caveats", 1),
                        ("effects", 1)):  # fmt: skip
        for row in sheets.get(name, [[]])[1:]:
            if row[place] == k:
                sheets[name].append([*row[:place], new, *row[place + 1 :]])
    (row,) = (row for row in sheets["threats"][1:] if row[0] == new)
    row[column(sheets, "threats", "likelihood")] = 0
    for row in sheets["requirements"][1:]:
        if row[0] == new:
            row[column(sheets, "requirements", "level")] *= share
    return sheets


@pytest.mark.medium
@pytest.mark.parametrize("seed", any_kind(3, start=1300, quick=4))
def test_a_threat_that_another_one_outdoes_changes_nothing(seed):
    """With no shortfall allowed: what meets the greater threat meets the lesser one alone."""
    sheets = make_random_book(seed, 0.05)
    first = cssopt.solve(make_case(sheets), study="strict")
    more = cssopt.solve(make_case(outdone(sheets, 0.9)), study="strict")
    assert more.status is first.status
    if first.has_plan:
        assert more.pooled_expenditure == near(first.pooled_expenditure)
        assert set(more.quantities.need) > set(first.quantities.need)


def test_most_threats_that_are_outdone_are_met():
    seeds = [param.values[0] for param in any_kind(3, start=1300)]
    met = [
        questions.solve(sheets, names_of(sheets, "members"), "strict") is not None
        for sheets in (make_random_book(seed, 0.05) for seed in seeds[:10])
    ]
    assert sum(met) >= 3


@pytest.mark.parametrize("seed", any_kind(3, start=1400))
def test_fewer_threats_are_never_worse(seed):
    """Neither missing share nor a penalised objective; nor money where every need is met."""
    sheets = make_random_book(seed, (1.0, 0.05, 0.3)[seed // len(KINDS) % 3])
    threats = names_of(sheets, "threats")
    steps = {k: read_changes([f"-threats[threat={k}]"]) for k in threats[1:] or threats}
    compared = cssopt.whatif(make_case(sheets), scenarios=steps)
    base = compared.base
    assert base.status is cssopt.Status.OPTIMAL
    penalised = without_penalty(sheets) != sheets
    for variant in compared.variants:
        fewer = variant.solution
        assert fewer.status is cssopt.Status.OPTIMAL, variant.reason
        if penalised:
            assert fewer.objective <= base.objective * (1 + EXACT) + EXACT
        else:
            assert fewer.missing_share <= base.missing_share + 1e-8
            if base.threats_met:
                assert fewer.threats_met
                assert fewer.objective <= base.objective * (1 + EXACT) + EXACT


# Burdens


def adds_up(one) -> None:
    """Burdens and ledger entries of a plan, or of a run's outcome, add up to its expenditure."""
    burden = one.burden if hasattr(one, "burden") else one.quantities.burden
    size = max(1.0, abs(one.pooled_expenditure))
    assert sum(burden.values()) == pytest.approx(one.pooled_expenditure, abs=EXACT * size)
    assert sum(one.costs.values()) == pytest.approx(one.pooled_expenditure, abs=EXACT * size)


@pytest.mark.medium
@pytest.mark.parametrize("seed", any_kind(1, start=1500))
def test_burdens_add_up_to_expenditure_in_every_command(seed, tmp_path):
    sheets = make_random_book(seed, 0.3)
    case, names = make_case(sheets), names_of(sheets, "members")
    solution = cssopt.solve(case)
    adds_up(solution)
    baseline = find_baseline(solution)
    for one in [*baseline.alone.values(), *([baseline.equal] if baseline.equal.has_plan else [])]:
        adds_up(one)
    steps = {
        "more": read_changes(["requirements.level*=1.5"]),
        "leaves": read_changes([f"-members[member={names[0]}]"]),
    }
    compared = cssopt.whatif(case, scenarios=steps)
    assert len(compared.variants) == 2
    for variant in compared.variants:
        adds_up(variant.solution)
    vary = ["requirements.level*=0.5,1.3", "members.cost_index*=0.8,1.2"]
    swept = cssopt.sweep(case, vary=vary, journal=tmp_path / "journal.sqlite", processes=1)
    assert len(swept.outcomes) == 4
    for _, outcome in swept.outcomes:
        assert outcome.has_plan, outcome.reason
        adds_up(outcome)
    for trade in ("peak", "burden"):
        found = cssopt.frontier(case, trade=[trade], study="relaxed", points=3)
        assert found.outcomes
        for outcome in found.outcomes:
            adds_up(outcome)
    near_optimal = cssopt.alternatives(case, within=[0.05], study="relaxed", plans=2)
    for one in near_optimal.plans:
        adds_up(one.outcome)


# Fronts


@pytest.mark.medium
@pytest.mark.parametrize("seed", of_kinds("core", "overlap", "measures", "bodies", count=2))
def test_the_ends_of_fronts_are_the_plans_of_studies(seed):
    """Shortfall: the plan of least shortfall. Burden: the cheapest plan; and a fair plan's largest
    burden is none that the front does not have."""
    sheets = without_penalty(make_random_book(seed))
    case = make_case(sheets)
    secure = plan(sheets, "least_shortfall")
    found = cssopt.frontier(case, trade=["shortfall"], points=5)
    ends = sorted((p.values[1], p.values[0]) for p in found.front.points)
    assert ends[0][0] == pytest.approx(secure.missing_share, rel=1e-8, abs=1e-7)
    assert ends[0][1] == near(secure.pooled_expenditure, 1e-5)
    fair, cheapest = plan(sheets, "fair"), plan(sheets)
    found = cssopt.frontier(case, trade=["burden"], points=5)
    money, burden = np.array(sorted(p.values for p in found.front.points)).T
    assert money[0] == near(cheapest.pooled_expenditure)
    largest = fair.quantities.largest_burden
    assert largest >= burden[-1] - 1e-5 * max(1.0, burden[-1])
    assert largest <= burden[0] + 1e-5 * max(1.0, burden[0])


# Tipping points and rules


@pytest.mark.medium
@pytest.mark.parametrize("seed", any_kind(1, start=1700))
def test_plans_below_and_above_a_tipping_point_differ(seed):
    """Each solved anew, without what the search knew: one has the element, the other has not."""
    sheets = make_random_book(seed)
    case = make_case(sheets)
    vary = "requirements.level*"
    found = cssopt.tipping(case, vary=f"{vary}=0.3..1.5", points=4, tolerance=0.02, ties=False)
    for point in found.points[:4]:
        (step,) = read_changes([f"{vary}=1"])
        steps = {str(value): (replace(step, value=value),) for value in (point.low, point.high)}
        below, above = (v.solution for v in cssopt.whatif(case, scenarios=steps).variants)
        has = [shows(one, point.element) for one in (below, above)]
        if None not in has:
            assert has == ([False, True] if point.begins else [True, False]), point.element


def shows(solution, element: str) -> bool | None:
    """True where a plan shows an element of the structure; None for those not looked at here."""
    member, _, rest = element.partition(" ")
    if rest.startswith("buys "):
        orders = solution.quantities.sums("orders", "member force")
        return orders.get((member, rest.removeprefix("buys ")), 0.0) > 1e-6
    return None


@pytest.mark.medium
@pytest.mark.parametrize("seed", any_kind(1, start=1800))
def test_the_price_of_a_rule_is_what_solving_without_it_saves(seed):
    """The missing share that it causes and, where it causes none, the money."""
    sheets = without_penalty(make_random_book(seed))
    case = make_case(sheets)
    found = cssopt.rules(case, processes=1)
    base = found.base
    assert base.status is cssopt.Status.OPTIMAL
    chance = random.Random(seed)
    for price in chance.sample(list(found.prices), min(4, len(found.prices))):
        (rule,) = price.rules
        lifted, _ = cssopt.change(case, [rule.lift(case.data)])
        free = cssopt.solve(lifted)
        assert free.status is cssopt.Status.OPTIMAL
        missing = base.missing_share - free.missing_share
        assert price.missing_share.found == pytest.approx(missing, abs=1e-7), rule.name
        if abs(missing) < 1e-8:
            saved = base.pooled_expenditure - free.pooled_expenditure
            size = max(1.0, base.pooled_expenditure)
            assert price.cost.found == pytest.approx(saved, abs=EXACT * size), rule.name


# Savings


@pytest.mark.parametrize(
    "seed", of_kinds("core", "whole", "lines", "overlap", "bodies", "measures", count=2)
)
def test_a_union_at_equal_security_costs_no_more_than_its_parts(seed):
    """Without what the formulation names as exceptions: apportionment, budgets, joint plants, and
    joint activities that wait for a national one."""
    sheets = make_random_book(seed)
    sheets = without(sheets, "budgets", "common_budgets", "precedence", "apportionment")
    place = column(sheets, "members", "budget_share")
    for row in sheets["members"][1:]:
        row[place] = None
    baseline = compare(sheets)
    assert baseline.equal.status is cssopt.Status.OPTIMAL
    assert baseline.saving >= -EXACT * max(1.0, baseline.expenditure_alone)

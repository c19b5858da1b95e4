"""Every figure of the pages, worked out a second time: from the rows of the inputs and the tables
of the plan, by the formulas of the specification, on random books."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from dataclasses import dataclass

import pandas as pd
import pytest
from alliances import make_alliance
from books import Sheets, solve_sheets
from small_books import compare

from cssopt import find_tables
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.view import PlanView
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution

BOOKS = 200
BY_DEFAULT = 4
CLOSE = {"rel": 1e-6, "abs": 1e-5}
SALVAGE = "salvage_value"


@dataclass(frozen=True)
class Solved:
    """A book, its plan, what that is compared with, and the figures that are tested."""

    sheets: Sheets
    plan: Solution
    baseline: Baseline
    figures: PlanFigures

    def rows(self, sheet: str) -> pd.DataFrame:
        """The rows of an input as they were typed; no columns where there is no sheet."""
        header, *rows = self.sheets.get(sheet, [[]])
        return pd.DataFrame([list(row) for row in rows], columns=list(header), dtype=object)

    def column(self, sheet: str, column: str, default: float = 0.0) -> dict:
        """Numbers of a column by the first one; `default` where a cell is blank or missing."""
        rows = self.rows(sheet)
        if column not in rows:
            return dict.fromkeys(rows[rows.columns[0]], default)
        told = rows.set_index(rows.columns[0])[column]
        return {key: default if pd.isna(value) else float(value) for key, value in told.items()}

    def values(self, table: str) -> dict:
        """A table of the plan as numbers by key; empty where it has none."""
        frame = self.plan.tables.get(table)
        if frame is None:
            return {}
        keys = list(frame.columns[:-1])
        amounts = frame[frame.columns[-1]].tolist()
        named = frame[keys].itertuples(index=False, name=None)
        told = [key if len(key) > 1 else key[0] for key in named]
        return dict(zip(told, amounts, strict=True))

    def setting(self, name: str, default: float) -> float:
        """One of the settings."""
        return dict(self.sheets["settings"][1:]).get(name, default)

    @property
    def years(self) -> range:
        return range(self.setting("first_year", 0), self.setting("last_year", 0) + 1)

    @property
    def members(self) -> list[str]:
        return list(self.rows("members")["member"])

    @property
    def costs(self) -> pd.DataFrame:
        """The ledger: entry, bearer, year, cost."""
        return self.plan.tables["costs"]

    @property
    def cash(self) -> pd.DataFrame:
        return self.costs[self.costs.entry != SALVAGE]

    def exposure(self, threat: str) -> dict[str, float]:
        """The part of a threat that each member would face alone."""
        rows = self.rows("exposure")
        own = rows[rows.threat == threat] if len(rows) else rows
        if not len(own):
            return dict.fromkeys(self.members, 1.0)
        return {**dict.fromkeys(self.members, 0.0), **dict(zip(own.member, own.share, strict=True))}

    def needs(self) -> list[tuple]:
        """Each need that is asked for: threat, capability, day, year, level, full, weight."""
        first = self.years[0]
        begins = self.column("threats", "first_year", first)
        ends = self.column("threats", "last_year", self.years[-1])
        priority = self.column("threats", "priority", 1.0)
        weight = self.column("capabilities", "shortfall_weight", 1.0)
        found = []
        for row in self.rows("requirements").to_dict("records"):
            k, c = row["threat"], row["capability"]
            if not sum(self.exposure(k).values()):
                continue
            for t in self.years:
                if begins[k] <= t <= ends[k] and row["level"]:
                    full = row["level"] * (1 + (row.get("growth") or 0.0)) ** (t - first)
                    weighs = priority[k] * weight[c] / full
                    found.append((k, c, float(row["day"]), t, row["level"], full, weighs))
        return found


def make_book(seed: int) -> Sheets:
    """A tiny book of this seed: every kind of rule is in some of them."""
    chance = random.Random(f"figures {seed}")
    sheets = make_alliance(
        seed,
        years=2 + seed % 2,
        members=2 + (seed // 2) % 2,
        whole=seed % 5 == 4,
        institutions=seed % 4 != 0,
        penalty=None if seed % 6 else 500.0,
        budgets=seed % 7 != 6,
        caps=seed % 5 != 3,
    )
    if chance.random() < 0.5:
        sheets["settings"].append(["unintegrated_power", 0.6])
    if chance.random() < 0.5:
        for row in sheets["members"][1:]:
            row.append(round(chance.uniform(-0.01, 0.04), 3))
        sheets["members"][0].append("gdp_growth")
    known = {c.name for c in find_tables()["settings"].columns}
    if chance.random() < 0.5 and "residual_share" in known:
        sheets["settings"].append(["residual_share", 0.5])
    known = {c.name for c in find_tables()["forces"].columns}
    if chance.random() < 0.5 and "disposal_cost" in known:
        sheets["forces"][0].append("disposal_cost")
        for row in sheets["forces"][1:]:
            row.append(1.5)
    return sheets


def solve_book(sheets: Sheets) -> Solved:
    """The pooled plan of a book, which keeps all rules, beside members alone."""
    plan, baseline = compare(sheets, ledger=False)
    assert plan.audit.passed
    return Solved(sheets, plan, baseline, PlanFigures(PlanView(plan, baseline)))


def check_money(book: Solved) -> None:
    money, cash = book.figures.money, book.cash
    rate = book.setting("discount_rate", 0.0)
    by_year = cash.groupby("year").cost.sum()
    assert money.cash_by_year == pytest.approx(
        {t: by_year.get(t, 0.0) for t in book.years}, **CLOSE
    )
    residual = -book.costs[book.costs.entry == SALVAGE].cost.sum()
    assert money.total_cash == pytest.approx(cash.cost.sum(), **CLOSE)
    assert money.residual_value == pytest.approx(residual, **CLOSE)
    assert money.net_cost == pytest.approx(book.costs.cost.sum(), **CLOSE)
    deflated = book.costs.cost / (1 + rate) ** (book.costs.year - book.years[0])
    paid = deflated[book.costs.entry != SALVAGE].sum()
    assert money.cash_at_start == pytest.approx(paid, **CLOSE)
    assert money.residual_at_start == pytest.approx(paid - deflated.sum(), **CLOSE)
    assert money.net_at_start == pytest.approx(deflated.sum(), **CLOSE)
    # Gross less residual value is what the plan makes least, and what all bear.
    burdens = sum(book.values("burden").values())
    assert money.net_at_start == pytest.approx(book.plan.pooled_expenditure, **CLOSE)
    assert money.net_at_start == pytest.approx(burdens, **CLOSE)
    entries = {one.entry: one.total for one in (*money.cash, *money.residual)}
    assert entries == pytest.approx(book.costs.groupby("entry").cost.sum().to_dict(), **CLOSE)
    by_group = [
        sum(money.group_by_year(g).values()) for g in ("running", "buying", "common", "aid")
    ]
    assert sum(by_group) == pytest.approx(money.total_cash, **CLOSE)
    bought = cash[cash.entry == "procurement_cost"].cost.sum()
    assert money.bought == pytest.approx(bought, **CLOSE)
    assert sum(one.total_paid for one in book.figures.holdings) == pytest.approx(bought, **CLOSE)


def check_payers(book: Solved) -> None:
    payers, outlay = book.figures.payers, book.values("outlay")
    gdp = book.column("members", "gdp")
    growth = book.column("members", "gdp_growth")
    share = book.column("members", "budget_share", math.nan)
    key_share, first = book.values("key_share"), book.years[0]
    common = book.cash[book.cash.bearer == "common"].groupby("year").cost.sum()
    own = book.cash[book.cash.bearer != "common"].groupby(["bearer", "year"]).cost.sum()
    assert [one.party for one in payers.each] == book.members
    for one in payers.each:
        m = one.party
        # A member pays what it bears itself and its share of what is common.
        pays = {t: own.get((m, t), 0.0) + key_share[m, t] * common.get(t, 0.0) for t in book.years}
        assert one.cash_by_year == pytest.approx(pays, **CLOSE)
        assert one.cash_by_year == pytest.approx({t: outlay[m, t] for t in book.years}, **CLOSE)
        parts = sum(key_share[m, t] * common.get(t, 0.0) for t in book.years)
        assert one.common == pytest.approx(parts, **CLOSE)
        means = {t: gdp[m] * (1 + growth[m]) ** (t - first) for t in book.years}
        assert one.of_gdp == pytest.approx(sum(pays.values()) / sum(means.values()), **CLOSE)
        if math.isnan(share[m]):
            assert one.of_ceiling is one.fullest is one.ceiling is None
        else:
            ceilings = {t: share[m] * x for t, x in means.items()}
            filled = {t: pays[t] / most for t, most in ceilings.items()}
            assert one.of_ceiling == pytest.approx(
                sum(pays.values()) / sum(ceilings.values()), **CLOSE
            )
            assert one.fullest[0] == pytest.approx(max(filled.values()), **CLOSE)
            assert set(one.full_years) == {t for t, part in filled.items() if part >= 0.995}
        assert one.net_at_start == pytest.approx(book.values("burden")[m], **CLOSE)
    assert payers.together.cash == pytest.approx(book.figures.money.total_cash, **CLOSE)
    assert payers.together.common == pytest.approx(common.sum(), **CLOSE)


def check_alone(book: Solved) -> None:
    """alone - saving + more security = burden, for each member and all of them."""
    equal = book.baseline.equal
    assert equal is not None
    frame = equal.tables["burden"]
    burdens = dict(zip(frame.member, frame.burden, strict=True))
    for one in book.figures.payers.each:
        alone = solve_sheets(book.sheets, "pooled", [one.party])
        assert one.alone == pytest.approx(alone.pooled_expenditure, **CLOSE)
        assert one.saving == pytest.approx(one.alone - burdens[one.party], **CLOSE)
        more = one.net_at_start - burdens[one.party]
        assert one.more_security == pytest.approx(more, **CLOSE)
        together = one.alone - one.saving + one.more_security
        assert together == pytest.approx(one.net_at_start, **CLOSE)
        assert one.against_alone == pytest.approx(one.more_security - one.saving, **CLOSE)
    all_of_them = book.figures.payers.together
    assert all_of_them.saving == pytest.approx(book.baseline.saving, **CLOSE)
    assert all_of_them.alone == pytest.approx(
        sum(one.pooled_expenditure for one in book.baseline.alone.values()), **CLOSE
    )


def missing_parts(book: Solved, plan: Solution) -> tuple[float, float]:
    """What is missing and what is needed, both weighted, of a plan of any members of the book."""
    short = plan.tables["shortfall"].set_index(["threat", "capability", "day", "year"]).shortfall
    need = plan.tables["need"].set_index(["threat", "capability", "day", "year"]).need
    weights = {need[:4]: need[6] for need in book.needs()}
    return tuple(sum(weights[key] * x for key, x in frame.items()) for frame in (short, need))


def check_security(book: Solved) -> None:
    found, shortfall, needs = book.figures.security, book.values("shortfall"), book.needs()
    assert {need.key for need in found.needs} == {need[:4] for need in needs}
    by_key = {need.key: need for need in found.needs}
    pooled, relief = book.values("pooled"), book.values("relief")
    apart, own = book.values("relief_apart"), defaultdict(float)
    credited, bonus = defaultdict(float), book.values("bonus")
    for key, power in book.values("own_supply").items():
        own[key[1:]] += power
    for key, power in book.values("credited").items():
        credited[key[1:]] += power
    integrates = any(row[-1] == "integration" for row in book.sheets.get("bodies", [[]])[1:])
    lost = 1 - book.setting("unintegrated_power", 1.0) if integrates else 0.0
    for k, c, d, t, level, full, weight in needs:
        key = k, c, d, t
        one, tot = by_key[key], sum(book.exposure(k).values())
        cover, together = min(1.0, tot), pooled.get(t, 1.0)
        eased, eased_apart = relief.get((k, t), 0.0), apart.get((k, t), 0.0)
        relieved = -full * (cover * eased + (tot - cover) * eased_apart)
        assert one.typed == pytest.approx(level)
        assert one.growth == pytest.approx(full - level, **CLOSE)
        assert one.apart == pytest.approx(full * (tot - 1), **CLOSE)
        assert one.overlap == pytest.approx(-full * (tot - cover) * together, **CLOSE)
        assert one.relieved == pytest.approx(relieved, **CLOSE)
        asked = one.typed + one.growth + one.apart + one.overlap + one.relieved
        assert one.asked == pytest.approx(asked, **CLOSE)
        assert one.asked == pytest.approx(book.values("need")[key], **CLOSE)
        assert one.own == pytest.approx(own[key], **CLOSE)
        assert one.lent == pytest.approx(credited[key], **CLOSE)
        loss = bonus.get(key, 0.0) - lost * credited[key]
        assert one.lost == pytest.approx(loss, **CLOSE)
        assert one.short == pytest.approx(shortfall[key], **CLOSE)
        covered = one.own + one.lent + one.lost + one.short - one.surplus
        assert covered == pytest.approx(one.asked, **CLOSE)
        share = shortfall[key] / asked if asked > 0 else 0.0
        assert one.share == pytest.approx(share, **CLOSE)
        assert one.is_short == (share > 5e-4)
        assert one.weight == pytest.approx(weight, **CLOSE)
    short, asked = missing_parts(book, book.plan)
    assert short == pytest.approx(book.plan.tables["missing_share"].iloc[0, 0], **CLOSE)
    assert found.missing_of_all == pytest.approx(short / asked, **CLOSE)
    assert 0 <= found.missing_of_all <= 1 + 1e-9
    sums = [missing_parts(book, alone) for alone in book.baseline.alone.values()]
    apart_share = sum(s for s, _ in sums) / sum(a for _, a in sums)
    assert found.of_alone == pytest.approx(apart_share, **CLOSE)
    short, asked = missing_parts(book, book.baseline.equal)
    assert found.of_equal == pytest.approx(short / asked, **CLOSE)


def check_in_words(book: Solved) -> None:
    """By threat and year: the worst need, whether and from when on all are met."""
    found, worst = book.figures.security, {}
    for need in found.needs:
        if need.asked > 0:
            place = need.threat, need.year
            worst[place] = max(worst.get(place, 0.0), need.short / need.asked)
    assert found.worst == pytest.approx(worst, **CLOSE)
    bad = {t for (_, t), part in worst.items() if part > 5e-4}
    first = next((t for t in book.years if not any(b >= t for b in bad)), None)
    assert found.met_from == first
    for k in found.threats:
        asking = {t for threat, t in worst if threat == k}
        never = bool(asking) and all(worst[k, t] > 5e-4 for t in asking)
        assert (k in found.never_met) == never


def check_holdings(book: Solved) -> None:
    keep, legacy, orders = (book.values(name) for name in ("keep", "legacy", "orders"))
    held = defaultdict(float)
    for (m, f, _, t), units in book.values("held").items():
        held[m, f, t] += units
    inventory = {tuple(row[:2]): row[2] for row in book.sheets["inventory"][1:]}
    lead, life = book.column("forces", "lead_time"), book.column("forces", "service_life")
    first, last = book.years[0], book.years[-1]
    situations = defaultdict(set)
    for (s, k, t), state in book.values("together").items():
        if state:
            situations[s, t].add(k)
    lent = defaultdict(float)
    for m, f, t in {(m, f, t) for m, f, _, _, t in book.values("delegated")}:
        for (_, year), threats in situations.items():
            away = sum(
                units
                for (p, force, _, k, y), units in book.values("delegated").items()
                if (p, force, y) == (m, f, t) and year == t and k in threats
            )
            lent[m, f, t] = max(lent[m, f, t], away)
    named = {(one.party, one.force) for one in book.figures.holdings}
    assert {(m, f) for (m, f), units in inventory.items() if units} <= named
    for one in book.figures.holdings:
        m, f = one.party, one.force
        today = inventory.get((m, f), 0.0)
        assert one.today == pytest.approx(today)
        for t in book.years:
            gone = legacy.get((m, f, t), 0.0) - keep.get((m, f, t), 0.0)
            before = legacy.get((m, f, t - 1), 0.0) - keep.get((m, f, t - 1), 0.0)
            given_up = max(0.0, gone - (before if t > first else 0.0))
            kept_before = keep.get((m, f, t - 1), 0.0) if t > first else today
            aged = kept_before - keep.get((m, f, t), 0.0) - given_up
            assert one.given_up[t] == pytest.approx(given_up, **CLOSE)
            assert one.aged[t] == pytest.approx(aged, **CLOSE)
            assert one.ordered[t] == pytest.approx(orders.get((m, f, t), 0.0), **CLOSE)
            assert one.in_service[t] == pytest.approx(held[m, f, t], **CLOSE)
            assert one.lent[t] == pytest.approx(lent[m, f, t], **CLOSE)
            # Nobody lends more than it has.
            assert one.lent[t] <= one.in_service[t] + 1e-6
        arrived = sum(
            units
            for (p, force, t), units in orders.items()
            if (p, force) == (m, f) and t + lead[f] <= last < t + lead[f] + life[f]
        )
        assert one.bought_in_service[last] == pytest.approx(arrived, **CLOSE)
        after = one.today - one.total_aged - one.total_given_up + arrived
        assert after == pytest.approx(one.last, **CLOSE)


def check_paid(book: Solved) -> None:
    """What is paid for a force: its price of the year, less what complete programmes cut."""
    price = book.column("forces", "procurement_cost")
    growth = book.column("forces", "price_growth")
    cuts = [row for row in book.sheets.get("programme_effects", [[]])[1:] if row[2] == "price_cut"]
    takes, launched = book.column("programmes", "duration") if cuts else {}, book.values("launched")
    for one in book.figures.holdings:
        for t, units in one.ordered.items():
            cut = sum(
                row[3]
                for row in cuts
                if row[1] == one.force and launched.get((row[0], t - takes[row[0]]), 0.0) > 0.5
            )
            full = price[one.force] * (1 + growth[one.force]) ** (t - book.years[0]) * units
            assert one.paid[t] == pytest.approx(full * (1 - cut), **CLOSE)


def check_proportions(book: Solved) -> None:
    found, pooled = book.figures.proportions, book.values("pooled")
    relief, apart = book.values("relief"), book.values("relief_apart")
    danger, supplied = dict.fromkeys(book.members, 0.0), dict.fromkeys(book.members, 0.0)
    own, credited = book.values("own_supply"), book.values("credited")
    by_need = {need.key: need for need in book.figures.security.needs}
    for k, c, d, t, _, full, weight in book.needs():
        exposure = book.exposure(k)
        tot = sum(exposure.values())
        need = by_need[k, c, d, t]
        worth = (need.lent + need.lost) / need.lent if need.lent > 0 else 0.0
        for m in book.members:
            own_share = exposure[m] / max(1.0, tot)
            beyond = exposure[m] - own_share
            part = own_share * (1 - relief.get((k, t), 0.0))
            part += beyond * (1 - pooled.get(t, 1.0) - apart.get((k, t), 0.0))
            danger[m] += weight * full * part
            key = m, k, c, d, t
            power = own.get(key, 0.0) + credited.get(key, 0.0) * worth
            supplied[m] += weight * power
    _, asked = missing_parts(book, book.plan)
    # What falls on all of them is all that is asked for.
    assert sum(danger.values()) == pytest.approx(asked, **CLOSE)
    needs = book.figures.security.needs
    short = sum(need.weight * (need.short - need.surplus) for need in needs)
    assert sum(supplied.values()) + short == pytest.approx(asked, **CLOSE)
    burden, gdp = book.values("burden"), book.column("members", "gdp")
    growth, rate = book.column("members", "gdp_growth"), book.setting("discount_rate", 0.0)
    means = {
        m: sum(gdp[m] * ((1 + growth[m]) / (1 + rate)) ** (t - book.years[0]) for t in book.years)
        for m in book.members
    }
    for one in found.each:
        m = one.party
        for share, amounts in (
            (one.danger, danger), (one.supplied, supplied), (one.cost, burden), (one.gdp, means),
        ):  # fmt: skip
            whole = sum(amounts.values())
            if whole:
                assert share == pytest.approx(amounts[m] / whole, **CLOSE)
            else:
                assert math.isnan(share)
    for name in ("danger", "supplied", "cost", "gdp"):
        whole = sum(getattr(one, name) for one in found.each)
        assert math.isnan(whole) or whole == pytest.approx(1)


def check_cover(book: Solved) -> None:
    """Who covers a threat in a year and what is missing add up to all of it."""
    own, credited = book.values("own_supply"), book.values("credited")
    by_place = defaultdict(list)
    for need in book.figures.security.needs:
        if need.asked > 0:
            by_place[need.threat, need.year].append(need)
    found = book.figures.proportions.cover
    assert set(found) == {place for place, needs in by_place.items()}
    for place, needs in by_place.items():
        one, whole = found[place], sum(need.weight * need.asked for need in needs)
        missing = sum(need.weight * need.short for need in needs) / whole
        assert one.missing == pytest.approx(missing, **CLOSE)
        assert sum(one.by_party.values()) + one.missing == pytest.approx(1, **CLOSE)
        if any(need.surplus > 1e-9 or need.lost < 0 for need in needs):
            continue
        for m in book.members:
            power = sum(
                need.weight * (own.get((m, *need.key), 0.0) + credited.get((m, *need.key), 0.0))
                for need in needs
            )
            assert one.by_party[m] == pytest.approx(power / whole, **CLOSE)


def check_look_twice(book: Solved) -> None:
    found = book.figures.look_twice
    keep, legacy, orders = (book.values(name) for name in ("keep", "legacy", "orders"))
    given_up, ordered, held = defaultdict(float), defaultdict(float), defaultdict(float)
    for m, f, t in legacy:
        gone = legacy[m, f, t] - keep.get((m, f, t), 0.0)
        before = legacy.get((m, f, t - 1), 0.0) - keep.get((m, f, t - 1), 0.0)
        given_up[m, f] += max(0.0, gone - before)
    for (m, f, _), units in orders.items():
        ordered[m, f] += units
    for (m, f, _, t), units in book.values("held").items():
        held[m, f] += units if t == book.years[-1] else 0.0
    swapped = {pair for pair in given_up if given_up[pair] > 0.2 and ordered[pair] > 0.2}
    assert {(one.party, one.force) for one in found.swapped} == swapped
    inventory = {tuple(row[:2]): row[2] for row in book.sheets["inventory"][1:]}
    emptied = {pair for pair, units in inventory.items() if units >= 0.05 > held[pair]}
    assert {(one.party, one.force) for one in found.emptied} == emptied
    bought = book.cash[book.cash.entry == "procurement_cost"].cost.sum()
    residual = -book.costs[book.costs.entry == SALVAGE].cost.sum()
    assert found.leans_on_residual == (residual > bought / 2 > 0)


CHECKS = (
    check_money, check_payers, check_alone, check_security, check_in_words, check_holdings,
    check_paid, check_proportions, check_cover, check_look_twice,
)  # fmt: skip


@pytest.mark.medium
@pytest.mark.parametrize(
    "seed",
    [pytest.param(n, marks=[] if n < BY_DEFAULT else [pytest.mark.slow]) for n in range(BOOKS)],
)
def test_figures_are_what_their_definitions_say(seed):
    book = solve_book(make_book(seed))
    for check in CHECKS:
        check(book)

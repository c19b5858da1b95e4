"""`share` on small workbooks: every table is worked out again from what coalitions cost."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from alliances import make_alliance
from baselines import find_baseline
from books import add_column, make_case, write_csv
from commands import command, shares_of
from small_books import bodies, make_book, members, settings

import cssopt
from cssopt.document.document import Note
from cssopt.errors import DataError
from cssopt.questions.sharing import book
from cssopt.questions.sharing.coalitions.row_generation import LeastCore

YEARS = range(2030, 2034)
NEAR = 1e-6


def make_three():
    """A can hold 8 units, B as many at twice the price, and C has none."""
    return make_book(members=members(third=True))


def make_unlike():
    """Three of unlike size, with an agreed key, agreed prices and money that loses its worth."""
    unlike = [
        ["member", "name", "home_theatre", "gdp", "population", "cost_index", "votes",
         "budget_share"],
        ["A", "Alpha", "HOME", 1000, 10, 1, 3, 0.1],
        ["B", "Beta", "HOME", 3000, 30, 2, 2, 0.1],
        ["C", "Gamma", "HOME", 2000, 20, 1.5, 1, None],
    ]  # fmt: skip
    worth = [[name, 0.25 if name == "discount_rate" else value] for name, value in settings()]
    units = [["member", "force", "units"], ["A", "unit", 3], ["B", "unit", 8], ["C", "unit", 1]]
    return make_book(
        settings=worth,
        members=unlike,
        inventory=units,
        sharing_keys=[["key", "member", "share"], ["treaty", "A", 1], ["treaty", "B", 4]],
        contributions_in_kind=[["member", "force", "credit_per_unit"], ["*", "unit", 12]],
    )


BOOKS = {
    "three": make_three,
    "unlike": make_unlike,
    "alliance": lambda: make_alliance(5),
    "least shortfall": lambda: make_alliance(8, penalty=None),
}


def slow(*values):
    """A parameter of tests that take long."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.fixture(scope="module", params=["three", "unlike", "alliance", slow("least shortfall")])
def shared(request):
    """A book shared by every method."""
    return cssopt.share(make_case(BOOKS[request.param]()))


def costs_of(answer):
    """What each coalition costs, by its members."""
    return {s: one.cost for s, one in answer.found.costs.costs.items()}


def shares_by_method(answer):
    """What each member bears, by the title of the method."""
    return {
        one.title: one.allocation.shares for one in answer.found.methods if one.allocation.is_found
    }


def rows_of(answer, table):
    return answer.document.tables[table].records()


def names_of(answer):
    data = answer.found.instance.data
    return {m: data.members.name[m] for m in answer.found.members}


def size_of(costs):
    return max(1.0, *costs.values())


# What is shared


@pytest.mark.medium
def test_shares_add_up_to_the_cost_of_all(shared):
    costs, everybody = costs_of(shared), shared.found.members
    assert len(costs) == 2 ** len(everybody) - 1
    assert shared.status == "optimal"
    assert shared.found.audits.passed
    assert len(shares_by_method(shared)) > 20
    for title, shares in shares_by_method(shared).items():
        assert tuple(shares) == everybody, title
        assert sum(shares.values()) == pytest.approx(costs[everybody], rel=1e-9), title
    long = rows_of(shared, "shares")
    assert {(row["method"], row["player"]): row["share"] for row in long} == {
        (one.method, m): share
        for one in shared.found.methods
        for m, share in one.allocation.shares.items()
    }
    # Optima of a solver stand behind every figure.
    assert "exact" not in {row["guarantee"] for row in long}


def test_the_table_of_coalitions_has_their_costs_by_name(shared):
    names = names_of(shared)
    for row, (coalition, cost) in zip(
        rows_of(shared, "coalitions"), costs_of(shared).items(), strict=True
    ):
        *first, last = [names[m] for m in coalition]
        assert row["coalition"] == (f"{', '.join(first)} and {last}" if first else last)
        assert row["members"] == len(coalition)
        assert row["cost"] == cost == row["bound"]


@pytest.mark.medium
def test_each_alone_and_all_are_as_cssopt_compares_them(shared):
    case = make_case_of(shared)
    plan = cssopt.solve(case)
    compared = find_baseline(plan)
    costs = costs_of(shared)
    assert compared.equal is not None
    assert costs[shared.found.members] == pytest.approx(compared.equal.pooled_expenditure, rel=NEAR)
    for member, alone in compared.alone.items():
        assert costs[member,] == pytest.approx(alone.pooled_expenditure, rel=NEAR, abs=NEAR)


def make_case_of(answer):
    """The case that was shared."""
    data = answer.found.instance.data
    return cssopt.Case("book.xlsx", "0" * 64, data, make_case(make_book()).folders)


def test_savings_are_what_standing_alone_costs_more(shared):
    costs, names = costs_of(shared), names_of(shared)
    by_method = shares_by_method(shared)
    rows = rows_of(shared, "saving_by_method")
    assert [row["method"] for row in rows] == list(by_method)
    for row in rows:
        saved = {m: costs[m,] - share for m, share in by_method[row["method"]].items()}
        assert {m: row[f"saving.{m}"] for m in saved} == pytest.approx(saved)
        worse = [names[m] for m, x in saved.items() if x < -1e-9 * size_of(costs)]
        assert sorted((row["worse_off"] or "").replace(" and ", ", ").split(", ")) == (
            sorted(worse) or [""]
        )
    alone = rows_of(shared, "alone_and_together")
    chosen = shared.found.chosen.allocation.shares
    assert [row["alone"] for row in alone] == [costs[m,] for m in chosen]
    assert [row["together"] for row in alone] == list(chosen.values())


def test_who_would_leave_really_would(shared):
    """Of every way of sharing the coalitions that cost less by themselves, the worst ten first."""
    costs, names = costs_of(shared), names_of(shared)
    none = 1e-7 * size_of(costs)
    told = rows_of(shared, "objections")
    for row in rows_of(shared, "shares_by_method"):
        shares = shares_by_method(shared).get(row["method"])
        if shares is None:
            assert row["stable"] is None
            continue
        gains = {s: sum(shares[m] for m in s) - cost for s, cost in costs.items()}
        gains = {s: gain for s, gain in gains.items() if gain > none}
        mine = [one for one in told if one["method"] == row["method"]]
        assert row["stable"] == ("NO" if gains else "yes")
        assert [one["gain"] for one in mine] == pytest.approx(
            sorted(gains.values(), reverse=True)[:10], abs=none
        )
        for one in mine:
            (who,) = [
                s for s in costs
                if set(one["coalition"].replace(" and ", ", ").split(", "))
                == {names[m] for m in s}
            ]  # fmt: skip
            assert one["gain"] == pytest.approx(gains[who])
            assert one["gain_per_member"] == pytest.approx(gains[who] / len(who))
        assert row["largest_gain"] == (mine[0]["gain"] if mine else None)


def test_methods_by_an_independent_second_way(shared):
    """Shapley by all orders; equal saving, separable costs and claims rules as they are defined."""
    costs, everybody = costs_of(shared), shared.found.members
    known = {frozenset(s): Fraction(cost) for s, cost in costs.items()} | {frozenset(): Fraction(0)}
    whole, orders = known[frozenset(everybody)], list(permutations(everybody))
    added = dict.fromkeys(everybody, Fraction(0))
    for order in orders:
        for place, m in enumerate(order):
            joined = known[frozenset(order[: place + 1])] - known[frozenset(order[:place])]
            added[m] += joined / len(orders)
    alone = {m: known[frozenset({m})] for m in everybody}
    adds = {m: whole - known[frozenset(everybody) - {m}] for m in everybody}
    given = {one.method: one.allocation.shares for one in shared.found.methods}
    saving = sum(alone.values()) - whole
    expected = {
        "shapley": added,
        "equal": dict.fromkeys(everybody, whole / len(everybody)),
        "proportional": {m: whole * cost / sum(alone.values()) for m, cost in alone.items()},
        "equal_saving": {m: cost - saving / len(everybody) for m, cost in alone.items()},
        "equal_nonseparable": {
            m: x + (whole - sum(adds.values())) / len(everybody) for m, x in adds.items()
        },
    }
    benefits = {m: max(alone[m] - adds[m], 0) for m in everybody}
    if all(alone[m] >= adds[m] for m in everybody) and sum(benefits.values()) > 0:
        rest = whole - sum(adds.values())
        expected["separable_costs"] = {
            m: adds[m] + rest * benefits[m] / sum(benefits.values()) for m in everybody
        }
    for method, shares in expected.items():
        floats = {m: float(share) for m, share in shares.items()}
        if given[method]:
            assert given[method] == pytest.approx(floats, abs=1e-7 * size_of(costs)), method
    assert given["shapley"]
    assert given["equal"]
    assert given["proportional"]
    data = shared.found.instance.data.members
    for method, sizes in (("gdp", data.gdp), ("population", data.population)):
        total = sum(sizes[m] for m in everybody)
        parts = {m: float(whole) * sizes[m] / total for m in everybody}
        assert given[method] == pytest.approx(parts)
    halves = {m: (given["gdp"][m] + given["population"][m]) / 2 for m in everybody}
    assert given["cis_2009"] == pytest.approx(halves)


# What follows


@pytest.mark.medium
def test_payments_turn_what_is_spent_into_the_shares(shared):
    found, names = shared.found, names_of(shared)
    if found.transfers.why_not:
        pytest.fail(found.transfers.why_not)
    discount = found.instance.data.horizon.discount
    chosen, spends = found.chosen.allocation.shares, found.costs.grand.figure("burden")
    balances = {row["member"]: row for row in rows_of(shared, "balances")}
    paid = dict.fromkeys(names.values(), 0.0)
    by_year: dict[int, list[str]] = {}
    for row in rows_of(shared, "payments"):
        assert row["amount"] > 0
        assert row["payer"] != row["receiver"]
        paid[row["payer"]] += discount[row["year"]] * row["amount"]
        paid[row["receiver"]] -= discount[row["year"]] * row["amount"]
        by_year.setdefault(row["year"], []).append(row["payer"])
    near = {"abs": 1e-6 * size_of(costs_of(shared))}
    for m, name in names.items():
        assert balances[name]["spends"] == pytest.approx(spends[m], **near)
        assert balances[name]["share"] == pytest.approx(chosen[m], **near)
        assert balances[name]["transfers"] == pytest.approx(chosen[m] - spends[m], **near)
        assert paid[name] == pytest.approx(chosen[m] - spends[m], **near)
    for year in discount:
        net = [found.transfers.net.get((m, year), 0.0) for m in names]
        assert sum(net) == pytest.approx(0.0, **near)
        assert len(by_year.get(year, ())) <= len(names) - 1


def test_payments_stay_within_budgets(shared):
    found = shared.found
    grand = found.costs.grand
    outlay, ceiling = grand.figure("outlay"), grand.figure("ceiling")
    for (m, year), most in ceiling.items():
        paid = outlay.get((m, year), 0.0) + found.transfers.net.get((m, year), 0.0)
        assert paid <= most + 1e-6 * max(1.0, most)


def passes(rule, in_favor, everybody, data, needed=(2 / 3, 0.55, 0.65)):
    """What a rule makes of who is in favor, by its definition."""
    votes, people = data.members.votes, data.members.population

    def of(weights, who):
        return sum(weights[m] for m in who)

    against = [m for m in everybody if m not in in_favor]
    most = needed[2] * of(people, everybody) - 1e-9
    return {
        "unanimity": not against,
        "simple majority": len(in_favor) > len(everybody) / 2,
        "qualified majority by votes": of(votes, in_favor)
        >= needed[0] * of(votes, everybody) - 1e-9,
        "qualified majority by members and population": len(in_favor)
        >= needed[1] * len(everybody) - 1e-9
        and of(people, in_favor) >= most,
    }[rule]


def test_votes_are_what_members_gain_against_leaving(shared):
    """Each is in favor unless it stands better alone; by the second test, or in some coalition that
    would gain."""
    costs, names, everybody = costs_of(shared), names_of(shared), shared.found.members
    by_method, data = shares_by_method(shared), shared.found.instance.data
    some = [s for s in costs if 1 < len(s) < len(everybody)]
    for table, looks_around in (("decisions", False), ("strict_decisions", True)):
        rows = rows_of(shared, table)
        assert [row["method"] for row in rows] == list(by_method)
        for row in rows:
            shares = by_method[row["method"]]
            none = 1e-7 * size_of(costs)
            leave = {m for m in everybody if shares[m] > costs[m,] + none}
            if looks_around:
                leave |= {m for s in some for m in s if sum(shares[x] for x in s) > costs[s] + none}
            against = set(filter(None, (row["against"] or "").replace(" and ", ", ").split(", ")))
            assert against == {names[m] for m in leave}, row
            in_favor = [m for m in everybody if m not in leave]
            rules = [name for name in row if name.startswith("passes.")]
            assert len(rules) == 4
            for name in rules:
                expected = passes(name.removeprefix("passes."), in_favor, everybody, data)
                assert row[name] == ("yes" if expected else "NO"), (row["method"], name)


@pytest.mark.medium
def test_burdens_and_benefits_are_parts_of_one(shared):
    names, data = names_of(shared), shared.found.instance.data.members
    rows = rows_of(shared, "burden_and_benefit")
    for name in rows[0]:
        if name != "member":
            assert sum(row[name] for row in rows) == pytest.approx(1)
    by_member = {row["member"]: row for row in rows}
    costs, chosen = costs_of(shared), shared.found.chosen
    for m, name in names.items():
        whole = sum(data.gdp[x] for x in names)
        assert by_member[name]["GDP"] == pytest.approx(data.gdp[m] / whole)
        borne = chosen.allocation.shares[m] / costs[shared.found.members]
        assert by_member[name][chosen.title] == pytest.approx(borne)
    for row in rows_of(shared, "ratios"):
        one = by_member[row["member"]]
        if one[row["benefit"]]:
            expected = one[row["burden"]] / one[row["benefit"]]
            assert row["ratio"] == pytest.approx(expected)
        else:
            assert row["ratio"] is None


def test_what_each_vote_is_worth(shared):
    """Banzhaf: of all coalitions of the others, those that a member turns; as parts of one."""
    everybody, data = shared.found.members, shared.found.instance.data
    names = names_of(shared)
    told = {(row["rule"], row["member"]): row for row in rows_of(shared, "power")}
    for rule in dict.fromkeys(rule for rule, _ in told):
        turns = {
            m: sum(
                passes(rule, [*s, m], everybody, data) and not passes(rule, s, everybody, data)
                for size in range(len(everybody))
                for s in combinations([x for x in everybody if x != m], size)
            )
            for m in everybody
        }
        for m, count in turns.items():
            row = told[rule, names[m]]
            assert row["decides"] == pytest.approx(count / 2 ** (len(everybody) - 1))
            assert row["banzhaf"] == pytest.approx(count / sum(turns.values()))


# By hand


@pytest.fixture(scope="module")
def unlike():
    """Three of unlike size, with a plan for fairness too."""
    return cssopt.share(make_case(make_unlike()), fair=[0.02, 0.1], unions="A+B")


def test_unlike_members_by_hand(unlike):
    """Need 4 a year at 10 million a unit, B 20 and C 15; a million loses a fifth a year.

    A alone holds 3 units, so that 1 is missing; C has 1 of 4, and B all 4. No more may be missing
    than of all alone, 1 + 0 + 3 over a need that all face: 4/3. So that 8/3 are held, by A as the
    cheapest.
    """
    worth = 1 + 0.8 + 0.64 + 0.512
    costs = costs_of(unlike)
    assert costs == {
        ("A",): pytest.approx(30 * worth),
        ("B",): pytest.approx(80 * worth),
        ("C",): pytest.approx(15 * worth),
        # 1/2 may be missing: 3 of A and 1/2 of B. 4/2: 2 of A. 3/2: 1 of C and 3/2 of B.
        ("A", "B"): pytest.approx(40 * worth),
        ("A", "C"): pytest.approx(20 * worth),
        ("B", "C"): pytest.approx(45 * worth),
        ("A", "B", "C"): pytest.approx(80 / 3 * worth),
    }
    whole = 80 / 3 * worth
    given = {one.method: one.allocation.shares for one in unlike.found.methods}
    assert given["gdp"] == pytest.approx({"A": whole / 6, "B": whole / 2, "C": whole / 3})
    assert given["treaty"] == pytest.approx({"A": whole / 5, "B": 4 * whole / 5, "C": 0})
    assert given["votes"] == pytest.approx({"A": whole / 2, "B": whole / 3, "C": whole / 6})
    # A and B join side by side: the orders A B C, B A C, C A B and C B A.
    a = (30 + (40 - 80) * 0 + (40 - 80) + (20 - 15) + (80 / 3 - 45)) / 4 * worth
    assert given["owen"]["A"] == pytest.approx(a)
    assert unlike.document.verdict.startswith(
        f"All together spend {whole:,.1f} million EUR, {125 * worth - whole:,.1f} less than each "
        "alone."
    )


@pytest.mark.medium
def test_what_is_paid_in_kind_by_hand(unlike):
    """8/3 units of A are credited at 12 million a year: 32. Who owes how much of that is told by
    the shares, and A has paid it all."""
    worth = 1 + 0.8 + 0.64 + 0.512
    used = unlike.found.costs.grand.derived["credits_in_kind"]
    total = sum(unlike.found.instance.data.horizon.discount[r["year"]] * r["credit"] for r in used)
    shares = unlike.found.chosen.allocation.shares
    whole = sum(shares.values())
    rows = {row["member"]: row for row in rows_of(unlike, "in_kind")}
    assert total == pytest.approx(32 * worth)
    for m, name in names_of(unlike).items():
        due = shares[m] / whole * 32 * worth
        credit = 32 * worth if m == "A" else 0.0
        assert rows[name]["due"] == pytest.approx(due)
        assert rows[name]["credit"] == pytest.approx(credit, abs=1e-9)
        assert rows[name]["cash"] == pytest.approx(due - credit)


def test_the_price_of_fairness_is_that_of_the_study(unlike):
    """`--fair 2%` is the study `fair`, whose margin is 0.02, and adds what that costs more."""
    case = make_case(make_unlike())
    cheapest, fair = cssopt.solve(case), cssopt.solve(case, study="fair")
    none, low, high = rows_of(unlike, "price_of_fairness")
    assert (none["margin"], low["margin"], high["margin"]) == (0, 0.02, 0.1)
    assert none["expenditure"] == pytest.approx(cheapest.pooled_expenditure)
    assert low["expenditure"] == pytest.approx(fair.pooled_expenditure, rel=NEAR)
    assert low["added"] == pytest.approx(low["expenditure"] - none["expenditure"])
    burden, data = fair.figure("burden"), case.data.horizon
    gdp = {m: sum(data.discount.values()) * case.data.members.gdp[m] for m in burden}
    heaviest = max(burden[m] / gdp[m] for m in burden)
    assert low["heaviest_burden"] == pytest.approx(heaviest, rel=NEAR)
    assert none["heaviest_burden"] >= low["heaviest_burden"] >= high["heaviest_burden"]


def test_levels_of_fairness_are_each_solved_once():
    """The cheapest, 0, is always among them."""
    answer = cssopt.share(make_case(make_book()), methods=["gdp"], fair=[0.1, 0, 0.1])
    assert [row["margin"] for row in rows_of(answer, "price_of_fairness")] == [0, 0.1]


def test_votes_needed_are_those_that_are_asked_for():
    """A has 3 of 6 votes, B 2, C 1; a third of all is enough for whatever A and B, or A, want."""
    case = make_case(make_unlike())
    asked = {"votes_needed": 1 / 3, "members_needed": 1 / 3, "people_needed": 0.0}
    answer = cssopt.share(case, methods=["gdp", "shapley"], **asked)
    data, names = answer.found.instance.data, names_of(answer)
    for row in rows_of(answer, "decisions"):
        against = (row["against"] or "").replace(" and ", ", ").split(", ")
        in_favor = [m for m, name in names.items() if name not in against]
        for rule in ("by votes", "by members and population"):
            name = f"qualified majority {rule}"
            expected = passes(name, in_favor, list(names), data, tuple(asked.values()))
            assert row[f"passes.{name}"] == ("yes" if expected else "NO")


# Who cannot


def make_short():
    """B has 1 unit of the 4 that it needs; C has none."""
    book = make_three()
    return {**book, "inventory": [["member", "force", "units"], ["A", "unit", 8], ["B", "unit", 1]]}


@pytest.mark.medium
def test_a_coalition_without_a_plan_is_told_and_never_priced():
    """Strict, B, C and both of them have none; A and whoever joins it hold A's 4 units."""
    answer = cssopt.share(make_case(make_short()), strict=True)
    costs = {row["coalition"]: row for row in rows_of(answer, "coalitions")}
    for name in ("Beta", "Gamma", "Beta and Gamma"):
        assert costs[name]["cost"] is None
        assert costs[name]["bound"] is None
        assert costs[name]["status"] == "no plan"
        assert "cannot all be met" in costs[name]["reason"]
    for name in ("Alpha", "Alpha and Beta", "Alpha and Gamma", "Alpha, Beta and Gamma"):
        assert costs[name]["cost"] == pytest.approx(160)
    verdict = answer.document.verdict
    assert verdict.startswith(
        "All together spend 160.0 million EUR; what that saves has no figure, as Beta and Gamma "
        "would have no plan alone."
    )
    assert "inf" not in verdict
    for table in ("saving_by_method", "alone_and_together", "coalitions", "objections"):
        for row in answer.document.tables[table].rows:
            assert not [cell for cell in row if isinstance(cell, float) and math.isinf(cell)]
    for row in rows_of(answer, "saving_by_method"):
        assert row["saving.B"] is None
        assert row["saving.C"] is None
    # What needs the cost of everyone says so; whose shares only need all has shares.
    by_method = {one.method: one.allocation for one in answer.found.methods}
    assert by_method["equal"].is_found
    assert "no cost" in by_method["proportional"].why_not
    assert "needs the cost of B" in by_method["shapley"].why_not
    # Who cannot stand alone is in favor of whatever keeps it in.
    rows = {row["method"]: row for row in rows_of(answer, "decisions")}
    assert rows["equal"]["against"] is None
    assert any(
        "3 coalitions have no plan, and so no cost (Beta+Gamma, Beta and Gamma): " in n
        for n in notes_of(answer)
    )


def notes_of(answer):
    return [
        block.text
        for sheet in answer.document.sheets
        for block in sheet.blocks
        if hasattr(block, "text")
    ]


@pytest.mark.medium
def test_nobody_has_a_plan():
    """A need of 20 that nobody can meet: strict, there is nothing to share, and it is told why."""
    book = make_book(requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 20]])
    answer = cssopt.share(make_case(book), strict=True)
    assert answer.status == "infeasible"
    assert answer.document.verdict == (
        "There is nothing to share, as all together have no plan: its needs cannot all be met in "
        "full."
    )
    assert rows_of(answer, "coalitions")
    assert "shares" not in answer.document.tables
    # At equal security all lack what each lacks alone, (20 - 8 + 20 - 8) / 2, and hold the rest.
    equal = cssopt.share(make_case(book))
    assert costs_of(equal)["A", "B"] == pytest.approx(8 * 10 * 4)


def test_two_members_by_hand():
    """A alone 160, B alone 320, both 160: all of the saving is B's cost."""
    answer = cssopt.share(make_case(make_book()))
    given = {one.method: one.allocation.shares for one in answer.found.methods}
    for method in ("shapley", "nucleolus", "prenucleolus", "tau", "gately", "equal_saving"):
        assert given[method] == pytest.approx({"A": 0, "B": 160}, abs=NEAR), method
    assert given["proportional"] == pytest.approx({"A": 160 / 3, "B": 320 / 3})
    assert given["talmud"] == pytest.approx({"A": 80, "B": 80})
    # A spends all and bears nothing: B pays 160, in one year where no budget binds.
    assert rows_of(answer, "payments") == [
        {"year": 2030, "payer": "Beta", "receiver": "Alpha", "amount": pytest.approx(160)}
    ]


@pytest.mark.medium
def test_who_would_spend_nothing_alone_is_no_bargain_for_it():
    """B holds nothing and can buy nothing: alone it spends nothing, and lacks all. Where it holds
    units, nothing is said."""
    bare = [["member", "force", "units"], ["A", "unit", 8]]
    for inventory, told in ((bare, ["Beta"]), (make_book()["inventory"], [])):
        answer = cssopt.share(make_case(make_book(inventory=inventory)))
        glance, *_ = answer.document.sheets
        notes = [one.text for one in glance.blocks if isinstance(one, Note)]
        assert [
            n.split(" would spend nothing alone. ")[0] for n in notes if "nothing alone" in n
        ] == told
        assert costs_of(answer)["B",] == (0 if told else 320)
    # Where nothing may be missing, nobody is without it.
    free = make_book(members=members(index_of_b=0))
    for strict in (False, True):
        glance, *_ = cssopt.share(make_case(free), strict=strict).document.sheets
        texts = [one.text for one in glance.blocks if isinstance(one, Note)]
        assert any("Beta would spend nothing alone" in text for text in texts) != strict


@pytest.mark.medium
def test_one_member_is_told_that_it_is_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = write_csv(make_book(), tmp_path / "small")
    done = command("share", book, "--members", "A", "--json")
    assert done.code == 0
    assert done.told["verdict"] == "Alpha is alone, and bears all that it spends."
    assert {x for shares in shares_of(done).values() for x in shares.values()} == {160}
    assert done.tables["payments"] == done.tables["objections"] == []


@pytest.mark.medium
def test_some_members_are_shared_as_if_the_others_were_not_there():
    case = make_case(make_three())
    some = costs_of(cssopt.share(case, members=["C", "A"], methods=["equal"]))
    assert some == {s: c for s, c in costs_of(cssopt.share(case)).items() if "B" not in s}
    with pytest.raises(DataError, match="E-130"):
        cssopt.share(case, members=["A", "Z"])


@pytest.mark.medium
def test_a_budget_too_tight_for_payments_is_told():
    """A and B may spend 100 a year in all, and B's share of 160 is to be paid by B alone; with 20 a
    year it can pay 80."""
    book = make_book(
        members=add_column(members(), "budget_share", 0.1, 0.02),
        inventory=[["member", "force", "units"], ["A", "unit", 8], ["B", "unit", 1]],
    )
    answer = cssopt.share(make_case(book), choose="votes")
    # Alone B holds 1 unit for 20, its whole budget: 3 are missing. Together 3/2 may be missing.
    assert costs_of(answer)["B",] == pytest.approx(80)
    assert costs_of(answer)["A", "B"] == pytest.approx(100)
    assert not answer.found.transfers.why_not
    tight = {**book, "sharing_keys": [["key", "member", "share"], ["treaty", "B", 1]]}
    told = cssopt.share(make_case(tight), choose="treaty").found.transfers
    assert told.why_not.startswith("The shares cannot be paid within the budgets: B lacks 20.00")
    assert told.net == {}
    assert told.payments == {}


@pytest.mark.parametrize("study", ["fair", "no_institutions", *map(slow, ("strict", "relaxed"))])
def test_studies_share_as_far_as_they_have_the_same_tables(study):
    """None of them changes what coalitions of this book spend."""
    answer = cssopt.share(make_case(make_book()), study=study, methods=["shapley", "gdp"])
    assert costs_of(answer) == {
        ("A", "B"): pytest.approx(160), ("A",): pytest.approx(160), ("B",): pytest.approx(320),
    }  # fmt: skip
    assert answer.document.facts.options["study"] == study


def test_common_costs_belong_to_coalitions_of_several():
    """A council that costs 3 and then 1 a year: all pay it, one alone has none."""
    book = make_book(bodies=bodies(("council", "delegation", 3, 1)))
    costs = costs_of(cssopt.share(make_case(book), methods=["shapley"]))
    assert costs["A",] == pytest.approx(160)
    assert costs["A", "B"] == pytest.approx(160 + 3 + 4)


@pytest.mark.medium
def test_costs_that_are_not_proven_are_told_in_every_figure_that_they_enter(tmp_path, monkeypatch):
    """Whole units at a gap of a fifth: what is called stable is so at the least that coalitions can
    cost, and what would be left is so at what is known that they cost."""
    monkeypatch.chdir(tmp_path)
    book = write_csv(make_alliance(7, whole=True, years=2), tmp_path / "whole")
    done = command("share", book, "--gap", "20%", "--json", "--formats", "none")
    assert done.code == 6
    assert {row["guarantee"] for row in done.tables["shares"]} == {"approximate"}
    rows = {tuple(row["coalition"].replace(" and ", ", ").split(", ")): row
            for row in done.tables["coalitions"]}  # fmt: skip
    assert any(row["bound"] < row["cost"] for row in rows.values())
    answers = set()
    notes = {row["method"]: row["note"] for row in done.tables["notes"]}
    for row in done.tables["shares_by_method"]:
        assert re.search("not (all )?proven", notes[row["method"]]), row["method"]
        borne = {s: sum(row[f"share.{m}"] for m in s) for s in rows if len(s) < 3}
        leave = any(borne[s] > rows[s]["cost"] + NEAR for s in borne)
        may = any(borne[s] > rows[s]["bound"] + NEAR for s in borne)
        assert row["stable"] == ("NO" if leave else "not known" if may else "yes")
        answers.add(row["stable"])
    assert len(answers) > 1
    verdict = done.told["verdict"]
    assert ("It can be shared so that nobody would leave" in verdict) == ("yes" in answers)


# Not all listed


@pytest.mark.medium
@pytest.mark.parametrize(
    "sheets",
    [
        make_book,
        slow(make_unlike),
        slow(lambda: make_alliance(3, members=4, years=2)),
    ],
)
def test_what_is_told_without_a_list_is_what_the_list_tells(sheets):
    case = make_case(sheets())
    whole = cssopt.share(case)
    some = cssopt.share(case, listed=len(whole.found.members) - 1)
    listed = costs_of(whole)
    assert costs_of(some) == {s: pytest.approx(listed[s], rel=1e-12) for s in costs_of(some)}
    full = {one.method: one for one in whole.found.methods}
    least = next(iter(one for one in some.found.methods if one.method == "least_core"))
    epsilon = whole.found.core.epsilon
    for one in some.found.methods:
        if one.method not in ("least_core", "owen_allocation") and one.allocation.is_found:
            assert one.allocation.shares == pytest.approx(full[one.method].allocation.shares)
        # What is said to be unstable is so; and what is said to object does.
        if one.is_stable is not None:
            assert one.is_stable == full[one.method].is_stable
        objects = {v.coalition: v.gain for v in one.violations}
        all_gains = {v.coalition: v.gain for v in full[one.method].violations}
        if one.method != "least_core":
            assert objects == {s: pytest.approx(all_gains[s]) for s in objects}
    gains = [
        sum(least.allocation.shares[m] for m in s) - cost
        for s, cost in costs_of(whole).items()
        if len(s) < len(whole.found.members)
    ]
    assert max(gains) == pytest.approx(epsilon, abs=1e-5 * size_of(costs_of(whole)))
    is_empty = some.found.core.is_empty
    assert is_empty in (None, whole.found.core.is_empty)
    known = "not known" if is_empty is None else "no coalition is known that would"
    assert known in some.document.verdict


def test_ways_that_need_a_list_are_told_before_anything_is_solved():
    case = make_case(make_three())
    heard = []
    for asked in ({"methods": ["shapley"]}, {"choose": "nucleolus"}):
        with pytest.raises(DataError, match="E-559") as error:
            cssopt.share(case, listed=2, tell=heard.append, **asked)
        assert "Raise listed" in str(error.value)
    with pytest.raises(DataError, match="E-543 unions"):
        cssopt.share(case, listed=2, tell=heard.append, unions="A+B")
    for asked in ({"methods": ["shaply"]}, {"choose": "shaply"}, {"study": "shaply"}):
        with pytest.raises(DataError, match="shapl"):
            cssopt.share(case, tell=heard.append, **asked)
    assert heard == []


# What is chosen


@pytest.mark.medium
@pytest.mark.parametrize(
    "name", ["gdp", "shapley", *map(slow, ("population", "exposure", "protection"))]
)
def test_any_way_may_be_chosen(name):
    """It is paid, and held beside benefits, also where only others are asked for."""
    answer = cssopt.share(make_case(make_three()), methods=["equal"], choose=name)
    assert [one.method for one in answer.found.methods] in (["equal", name], [name, "equal"])
    title = answer.found.chosen.title
    assert answer.found.chosen.method == name
    assert {row["of"] for row in rows_of(answer, "statistics")} >= {
        f"borne by {title}" if name in ("gdp", "population", "exposure") else title
    }


def test_a_chosen_way_without_shares_says_why():
    """The UN scale has a ceiling of 22 %, which two members cannot keep."""
    answer = cssopt.share(make_case(make_book()), choose="un_scale")
    assert answer.found.chosen is None
    notes = [note for note in notes_of(answer) if note.startswith("By UN scale there are no")]
    assert len(notes) == 1
    assert "ceilings" in notes[0]


@pytest.mark.medium
@pytest.mark.parametrize(
    "key",
    ["nucleolus", "member", *map(slow, ("shapley", "owen_allocation", "as costs fall", "share.A"))],
)
def test_an_agreed_key_may_have_any_name(key):
    """Of a method's name it is told as agreed, and is no other method's figure."""
    book = make_book(sharing_keys=[["key", "member", "share"], [key, "A", 1], [key, "B", 3]])
    is_taken = key in ("nucleolus", "shapley", "owen_allocation")
    name = f"{key} (agreed)" if is_taken else key
    answer = cssopt.share(make_case(book), choose=name)
    assert answer.found.chosen.allocation.shares == pytest.approx({"A": 40, "B": 120})
    names = [one.method for one in answer.found.methods]
    assert len(set(names)) == len(names)
    titles = [one.title for one in answer.found.methods]
    assert len(set(titles)) == len(titles)
    if is_taken:
        assert cssopt.share(make_case(book), choose=key).found.chosen.method == key


def test_where_no_way_that_was_asked_for_is_stable_the_verdict_says_so():
    """Equal parts of which one is cut do not add up: nobody stays for them, though all could."""
    case = make_case(make_three())
    cut = cssopt.share(case, methods=["equal"], choose="equal", withholds=["A"], cut=True)
    assert [one.is_stable for one in cut.found.methods if one.method == "equal"] == [False]
    assert cut.found.core.is_empty is False
    assert cut.document.verdict.endswith("but by none of the ways shown.")
    assert cut.document.mark == "warn"


@pytest.mark.parametrize(
    ("doubt", "is_empty", "word"), [(0.0, True, "certified"), (5.0, None, "approximate")]
)
def test_a_least_core_that_is_sought_is_no_better_known_than_the_cost_of_all(doubt, is_empty, word):
    """A better plan for all by up to 5 may end what the worst coalition gains, 4."""
    seeker = book._Seeker(None, None, None)
    known = {("A",): 9.0, ("B",): 9.0, ("A", "B"): 26.0}
    seeker._least = LeastCore({"A": 13.0, "B": 13.0}, 4.0, 4.0, known, ("A",), 4.0, 1)
    seeker._doubt = doubt
    assert seeker.core.is_empty is is_empty
    found = seeker.methods[-1].find(None)
    assert (found.guarantee, "up to 5 too high" in found.note) == (word, bool(doubt))


def test_without_a_list_what_is_left_unpaid_is_not_stable_and_members_have_names():
    """A withholds its third, which is cut: not all is paid, whatever coalitions would gain."""
    answer = cssopt.share(
        make_case(make_book(members=members(third=True))),
        listed=2,
        methods=("equal", "least_core"),
        withholds="A",
        cut=True,
    )
    stable = {row["method"]: row["stable"] for row in rows_of(answer, "shares_by_method")}
    assert stable == {"equal": "NO", "least core": "not known"}
    assert "The worst coalition found is " in answer.document.verdict
    _, found = answer.document.verdict.split("The worst coalition found is ")
    assert found.split(" ")[0].strip(",") in {"Alpha", "Beta", "Gamma"}
    # Which groups would gain is not all known, and so there are no votes that count them.
    assert "strictly_accepted" not in rows_of(answer, "verdicts_at_a_glance")[0]


def test_the_verdict_warns_where_an_agreed_key_would_not_hold():
    """All spend 106.7; A and C 80 by themselves, B with either 160, and 320 alone. B bears it all
    by the first key and stays; by the second A does, and would leave with C."""
    keys = [["key", "member", "share"], ["treaty", "B", 1], ["unfair", "A", 1]]
    book = make_book(members=members(third=True), sharing_keys=keys)
    answer = cssopt.share(make_case(book), methods=("treaty", "unfair", "nucleolus"))
    rows = {row["method"]: row for row in rows_of(answer, "shares_by_method")}
    assert rows["unfair (agreed)"]["stable"] == "NO"
    assert rows["treaty (agreed)"]["stable"] == "yes"
    assert answer.document.verdict.endswith(
        " 2 of 3 ways of sharing give nobody a reason to leave. By unfair (agreed) some would do "
        "better by themselves."
    )
    assert answer.document.mark == "warn"

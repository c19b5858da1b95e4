"""What rules cost, worked out by hand on the small book.

Together A holds all 4 units, 10 million each and year, from 2030 to 2033: 160. B is twice as dear
(tests/books/small_books.py). Each would face the threat alone: 2 of the 4 units are its part.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from books import add_column, make_raw, write_csv
from commands import command
from openpyxl import load_workbook
from small_books import (
    ALONE,
    DRONE_POWER,
    TOGETHER,
    activities,
    activity,
    forces,
    make_book,
    members,
    settings,
)

import cssopt
from cssopt import find_tables
from cssopt.assembly.case import Case
from cssopt.assembly.component import load_component
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.document.document import Note
from cssopt.questions.question import Answer, Asking
from cssopt.questions.rules.ask import Rules
from cssopt.questions.rules.find import find_lifts
from cssopt.questions.rules.lifter import UNCHANGED
from cssopt.questions.rules.result import LESS, MORE, NONE_ALONE, ListedPrice, RuleList, RuleVerdict
from cssopt.render.number_text import find_places, write_cell
from cssopt.runs.outcome import Outcome, failed
from cssopt.tables.check import check_book
from cssopt.tables.rules_in_force import RuleInForce
from cssopt.tables.spec import Rule

FOUR_YEARS = 4 * TOGETHER
CAVEATS = [["member", "threat"], ["A", "K"], ["B", "K"]]
LAW = ["member", "force", "delegable_share"]
BUDGETS = ["member", "year", "budget"]


@pytest.fixture(autouse=True)
def read_models_once(monkeypatch):
    """Every list reads the model files several times, and there are many lists here."""
    monkeypatch.setattr("cssopt.assembly.study.load_component", read_component)


read_component = cache(load_component)


def make_sheets(**sheets):
    """The small book without its one rule, the cap on measures."""
    threats = [[*row] for row in make_book()["threats"]]
    threats[1][threats[0].index("non_military_cap")] = 1
    return make_book(threats=threats, **sheets)


def make_case(**sheets):
    checked = check_book(make_raw(make_sheets(**sheets)), find_tables())
    assert checked.data is not None, checked.issues
    return Case("small.xlsx", "0" * 64, checked.data, find_model_folders())


def price(study="pooled", coalition=None, **sheets):
    """Rows of the tables `rules` and `together`, by the names of their rules."""
    done = cssopt.rules(make_case(**sheets), study=study, members=coalition, processes=1)
    assert all(done.tables["rules"]["seconds"] >= 0)
    rows = {}
    for name in {"rules", "together"} & set(done.tables):
        for row in done.tables[name].to_dict("records"):
            assert row["rule"] not in rows
            rows[row["rule"]] = row
    return rows


def costs(row, cost, verdict=RuleVerdict.COSTS):
    assert row["cost"] == pytest.approx(cost, abs=1e-6), row
    assert row["cost_least"] == pytest.approx(cost, abs=1e-6)
    assert row["cost_most"] == pytest.approx(cost, abs=1e-4)
    assert row["verdict"] == verdict
    assert row["sure"]


def test_a_caveat_costs_what_the_dearer_member_does_in_its_place():
    """A's keeps it from helping B, which holds its own 2 units at 20: 60 a year. B helps nobody."""
    rows = price(caveats=CAVEATS)
    costs(rows["caveats[A, K]"], 80)
    costs(rows["caveats[B, K]"], 0, RuleVerdict.NOTHING)
    costs(rows["every caveat"], 80)
    assert rows["caveats[A, K]"]["where"] == "caveats!R2C1"
    assert rows["caveats[A, K]"]["text"] == "Alpha (A) delegates nothing to Crisis (K)"
    assert rows["caveats[A, K]"]["saved"] == pytest.approx(80)
    assert rows["caveats[A, K]"]["equally_secure"]
    assert rows["caveats[A, K]"]["expenditure_without"] == pytest.approx(FOUR_YEARS)
    assert rows["every caveat"]["sum_cost"] == pytest.approx(80)
    assert "every rule" not in rows  # there is but one kind


def test_a_delegable_share():
    """A holds 2 + d units and may delegate a quarter: d = 2/3, and B does 4/3 of its part."""
    rows = price(legislation=[LAW, ["A", "*", 0.25], ["B", "*", 0.5]])
    costs(rows["legislation[A, *].delegable_share"], 4 * (10 * 8 / 3 + 20 * 4 / 3) - FOUR_YEARS)
    costs(rows["legislation[B, *].delegable_share"], 0, RuleVerdict.NOTHING)
    assert rows["legislation[A, *].delegable_share"]["value"] == 0.25


def test_an_apportionment_floor():
    """B holds a quarter of the power: 1 of 4 units, at 20 in place of 10."""
    sheet = [["member", "capability", "min_share", "max_share"], ["B", "land", 0.25, 0.5]]
    rows = price(apportionment=sheet)
    costs(rows["apportionment[B, land].min_share"], 4 * 10)
    costs(rows["apportionment[B, land].max_share"], 0, RuleVerdict.NOTHING)


def test_a_dependence_cap():
    """A delegates at most a quarter of the need, 1 of 4: B holds 1 unit."""
    sheet = [["capability", "name", "measure", "max_member_share"], ["land", "Land", "power", 0.25]]
    row = price(capabilities=sheet)["capabilities[land].max_member_share"]
    costs(row, 4 * 10)


def test_whole_units():
    """Three and a half units are four: a relaxed rule turns whole numbers into an LP."""
    need = [["threat", "capability", "day", "level"], ["K", "land", 0, 3.5]]
    forces = [*make_book()["forces"]]
    rows = price(forces=add_column(forces, "whole", True), requirements=need)
    costs(rows["forces[unit].whole"], 4 * 5)


def test_the_date_of_a_treaty():
    """It takes a year: from 2031 it is in force in 2032, from 2030 one year apart sooner."""
    rows = price(activities=activities(activity("pact", "treaty", 1, earliest=2031)))
    costs(rows["activities[pact].earliest_year"], ALONE - TOGETHER)


@pytest.mark.medium
def test_rules_that_cost_nothing_one_by_one_and_much_together():
    """The pact waits a year for either of two steps: only without both is 2030 not apart."""
    order = [["activity", "after"], ["pact", "one"], ["pact", "other"]]
    steps = [activity(name, "agreement", 1) for name in ("one", "other")]
    sheet = activities(activity("pact", "treaty", 0), *steps)
    rows = price(activities=sheet, precedence=order)
    costs(rows["precedence[pact, one]"], 0, RuleVerdict.NOTHING)
    costs(rows["precedence[pact, other]"], 0, RuleVerdict.NOTHING)
    both = rows["every order of activities"]
    costs(both, ALONE - TOGETHER)
    assert both["remark"] == NONE_ALONE


def test_rules_of_several_kinds_may_cost_nothing_alone():
    """Either of the two keeps A from helping B."""
    rows = price(caveats=CAVEATS[:2], legislation=[LAW, ["A", "*", 0.0]])
    costs(rows["caveats[A, K]"], 0, RuleVerdict.NOTHING)
    costs(rows["legislation[A, *].delegable_share"], 0, RuleVerdict.NOTHING)
    costs(rows["every rule"], 80)
    assert rows["every rule"]["remark"] == NONE_ALONE


def test_more_together_than_one_by_one():
    """A may hold 3 units in 2030 and 2 in 2031; a unit that is given up does not come back.

    With both, either holds 2: 60 a year. Without that of 2031 A holds 3 and B 1: 50 a year. Without
    that of 2030 B still has to keep its 2 for 2031. Without both A holds all 4.
    """
    rows = price(budgets=[BUDGETS, ["A", 2030, 30], ["A", 2031, 20]])
    costs(rows["budgets[A, 2030].budget"], 0, RuleVerdict.NOTHING)
    costs(rows["budgets[A, 2031].budget"], 40)
    costs(rows["every budget ceiling"], 80)
    assert rows["every budget ceiling"]["remark"] == f"cost: {MORE}"


def test_less_together_than_one_by_one():
    """A or C, which nothing endangers, could hold the 2 units of B's part: one of them will do."""
    sheets = {
        "members": members(third=True),
        "exposure": [["threat", "member", "share"], ["K", "A", 1], ["K", "B", 1]],
        "inventory": [["member", "force", "units"], *([m, "unit", 8] for m in "ABC")],
        "caveats": [["member", "threat"], ["A", "K"], ["C", "K"]],
    }
    rows = price(**sheets)
    for member in "AC":
        costs(rows[f"caveats[{member}, K]"], 80)
    costs(rows["every caveat"], 80)
    assert rows["every caveat"]["sum_cost"] == pytest.approx(160)
    assert rows["every caveat"]["remark"] == f"cost: {LESS}"


def test_a_budget_that_causes_missing_share():
    """B has nothing, A 2 units in 2033: half of that need is missing, and 20 million not spent."""
    alone = [["member", "force", "units"], ["A", "unit", 8]]
    rows = price("least_shortfall", inventory=alone, budgets=[BUDGETS, ["A", 2033, 20]])
    row = rows["budgets[A, 2033].budget"]
    assert row["missing_share"] == pytest.approx(0.5)
    assert row["missing_share_least"] == row["missing_share_most"] == row["missing_share"]
    costs(row, 0, RuleVerdict.SHORTFALL)
    assert row["saved"] == pytest.approx(-20, abs=1e-3)
    assert not row["equally_secure"]
    assert row["missing_share_without"] == pytest.approx(0, abs=1e-8)


@pytest.mark.medium
def test_money_at_equal_security_of_a_rule_that_causes_missing_share():
    """B has one unit and A may not help: 1 of 4 is missing every year, for 20 + 20 a year.

    Without the caveat A holds all 4 for as much; to miss 1 of 4 it would hold 3, for 30 a year.
    """
    short = [["member", "force", "units"], ["A", "unit", 8], ["B", "unit", 1]]
    sheets = {"inventory": short, "caveats": [["member", "threat"], ["A", "K"]]}
    row = price("least_shortfall", **sheets)["caveats[A, K]"]
    assert row["verdict"] == RuleVerdict.SHORTFALL
    assert row["missing_share"] == pytest.approx(4 * 1 / 4)
    assert row["cost"] == pytest.approx(4 * 10, abs=1e-3)
    assert row["saved"] == pytest.approx(0, abs=1e-3)
    assert not row["equally_secure"]
    # With a price on shortfall nothing is proven of the missing share; the money is the same.
    row = price(**sheets)["caveats[A, K]"]
    assert row["cost"] == pytest.approx(4 * 10, abs=1e-3)
    assert row["verdict"] == RuleVerdict.COSTS
    assert row["missing_share"] == pytest.approx(1)
    assert pd.isna(row["missing_share_most"])
    # 1 power a year at 10,000 is what its one stage gains, money apart: 40 are spent either way.
    assert row["other_aims"] == "pooled expenditure and shortfall penalty 40,000"


def test_a_penalty_study_saves_nothing_where_it_buys_security():
    """A holds 2 units a year for its 20; B's units cost 20, more than the 15 of what they cover.

    Without the budget of 2030 A holds 4 then: 20 million more, 30 of penalty less, so the one
    stage gains 10. Half of the need of 2030 was missing. At equal security nothing can be saved: to
    miss 2 a year A holds 2 units, which it does.
    """
    budgets = [BUDGETS, *(["A", year, 20] for year in (2030, 2031, 2032, 2033))]
    row = price(settings=penalty(15), budgets=budgets)["budgets[A, 2030].budget"]
    costs(row, 0, RuleVerdict.OTHER_AIM)
    assert row["missing_share"] == pytest.approx(0.5)
    assert pd.isna(row["missing_share_least"])
    assert row["saved"] == pytest.approx(-20)
    assert not row["equally_secure"]
    assert row["other_aims"] == "pooled expenditure and shortfall penalty 10"


def penalty(amount):
    return [[name, amount if name == "shortfall_penalty" else x] for name, x in settings()]


@pytest.mark.medium
@pytest.mark.parametrize("amount", [None, 1e4])
def test_in_a_fair_study_money_is_that_of_the_cheapest_plans(amount):
    """Of a, b units A delegates at most a quarter and B a tenth: a = 8/3, b = 4/3 at the least.

    That is 2 + d of A with d <= a / 4, and B does the rest of its part. Without the law of A it
    holds all 4 units; without that of B nothing changes at the least expenditure.
    """
    law = [LAW, ["A", "*", 0.25], ["B", "*", 0.1]]
    rows = price("fair", settings=penalty(amount), legislation=law)
    row = rows["legislation[A, *].delegable_share"]
    assert row["cost"] == pytest.approx(4 * (10 * 8 / 3 + 20 * 4 / 3) - FOUR_YEARS, abs=1e-3)
    assert row["verdict"] == RuleVerdict.COSTS
    row = rows["legislation[B, *].delegable_share"]
    assert row["cost"] == pytest.approx(0, abs=1e-3)
    assert row["verdict"] in (RuleVerdict.NOTHING, RuleVerdict.OTHER_AIM)


def test_where_no_plan_keeps_every_rule():
    alone = [["member", "force", "units"], ["A", "unit", 8]]
    sheets = {"inventory": alone, "caveats": CAVEATS}
    rows = price("strict", **sheets)
    assert rows["caveats[A, K]"]["verdict"] == RuleVerdict.NO_PLAN_WITH
    assert rows["caveats[A, K]"]["expenditure_without"] == pytest.approx(FOUR_YEARS)
    assert rows["caveats[B, K]"]["verdict"] == RuleVerdict.NO_PLAN
    assert rows["caveats[B, K]"]["sure"]


def test_numbers_from_other_plans_stay_as_they_are_with_every_rule():
    """Alone, A could hold but 1 unit; what that leaves short is the security of all runs."""
    sheets = {"budgets": [BUDGETS, *(["A", t, 10] for t in (2030, 2031, 2032, 2033))]}
    rows = price("equal_security", **sheets)
    # Missing alone: A 3 of 4, B none; together at most 1.5 may be missing. A's one unit and 1.5 of
    # B cost 40 a year; without all of the budgets 2.5 units of A cost 25.
    costs(rows["every budget ceiling"], 4 * 15)


def test_a_coalition_and_a_study_price_only_their_own_rules():
    law = [LAW, ["A", "*", 0.25]]
    case = make_case(caveats=CAVEATS, legislation=law, **_body())
    assert {lift.run.name for lift in lifts_of(case, members=["B"])} == {
        "caveats[B, K]",
        "bodies[council].max_member_share",
    }
    known = {lift.run.name for lift in lifts_of(case, "no_institutions")}
    assert known == {"caveats[A, K]", "caveats[B, K]", "legislation[A, *].delegable_share"}


def lifts_of(case, study="pooled", members=None):
    return find_lifts(Instance.of(case, study, members))[0]


def _body():
    head = ["body", "name", "kind", "setup_cost", "annual_cost", "staff", "max_member_share",
            "post_cost", "role"]  # fmt: skip
    return {"bodies": [head, ["council", "c", "political", 3, 1, 0, 0.5, 0, "delegation"]]}


def test_facts_are_lifted_where_they_are_asked_for():
    """Units at notice of 5 days do not count on day 0; without it they do."""
    tiers = [["tier", "notice_days", "operating_factor", "available_share"],
             ["ready", 0, 2, 1], ["later", 5, 1, 1]]  # fmt: skip
    done = cssopt.rules(make_case(readiness=tiers), processes=1, facts=True)
    row = done.tables["rules"].set_index("rule").loc["readiness[later].notice_days"]
    assert row["nature"] == "fact"
    assert row["cost"] == pytest.approx(FOUR_YEARS)


def test_a_fact_that_is_no_limit_alone_may_cost_less_than_nothing():
    """4 drones for 2031 to 2033, 10 each and 10 % dearer a year; they serve 4 years, one is left.

    Ordered in 2030 and delivered in 2031 each costs 3/4 of 10, and 3 to run. At once it would be
    ordered in 2031, for 3/4 of 11: 4 * 0.75 = 3 million more. Ordered in 2030 it is dearer still:
    all of the 10, because nothing of it is left.
    """
    drones = add_column(forces(price=10), "lead_time", 0, 1)
    threats = [[*row] for row in make_book()["threats"]]
    threats[1][4:6] = 2031, 1
    sheets = make_book(
        threats=threats,
        forces=add_column(drones, "price_growth", 0, 0.1),
        power=DRONE_POWER,
        inventory=[["member", "force", "units"]],
    )
    checked = check_book(make_raw(sheets), find_tables())
    case = Case("small.xlsx", "0" * 64, checked.data, find_model_folders())
    done = cssopt.rules(case, processes=1, facts=True)
    (row,) = done.tables["rules"].to_dict("records")
    assert row["rule"] == "forces[drone].lead_time"
    assert done.base.pooled_expenditure == pytest.approx(4 * (7.5 + 3))
    costs(row, -3, RuleVerdict.WORSE)
    assert row["saved"] == pytest.approx(-3)
    assert "dearer" in RuleVerdict.WORSE.sentence


# --- verdicts, on outcomes that are made up


def outcome(value=None, bound=None, share=(0.0, 0.0), **more):
    if value is None:
        return Outcome(status="interrupted", **more)
    return Outcome(
        status="feasible", pooled_expenditure=value, missing_share=share[0],
        reached={"missing_share": share[0], "pooled_expenditure": value},
        proven={"missing_share": share[1], "pooled_expenditure": bound}
        if bound is not None else {"missing_share": share[1]}, **more,
    )  # fmt: skip


BASE = outcome(100.0, 98.0)


def listed(base, end):
    return ListedPrice(
        name="a rule",
        rules=(),
        base=base,
        outcome=end,
        security="missing_share",
        asked="pooled_expenditure",
    )


@pytest.mark.parametrize(
    ("end", "verdict", "cost"),
    [
        (outcome(97.0, 96.0), RuleVerdict.COSTS, (3, 1, 4)),
        # 98 is proven of the base: the rule may cost nothing.
        (outcome(98.5, 96.0), RuleVerdict.UNCLEAR, (1.5, -0.5, 4)),
        (outcome(100.0, 96.0), RuleVerdict.UNCLEAR, (0, -2, 4)),
        (outcome(100.0, 100.0), RuleVerdict.NOTHING, (0, -2, 0)),
        # A worse plan was found, and a better one is not ruled out; then it is: lifting changes
        # more than a limit.
        (outcome(103.0, 99.0), RuleVerdict.UNCLEAR, (-3, -5, 1)),
        (outcome(103.0, 101.0), RuleVerdict.WORSE, (-3, -5, -1)),
        (outcome(99.0), RuleVerdict.UNCLEAR, (1, -1, float("inf"))),
        (outcome(100.0, 90.0, way=UNCHANGED), RuleVerdict.NOTHING, (0, 0, 0)),
    ],
)
def test_gaps_decide_what_is_sure(end, verdict, cost):
    price = listed(BASE, end)
    assert price.verdict is verdict
    assert (price.cost.found, price.cost.least, price.cost.most) == pytest.approx(cost)
    assert price.verdict.is_sure == (verdict is not RuleVerdict.UNCLEAR)


def test_security_comes_before_money():
    base = outcome(100.0, 100.0, share=(2.0, 1.5))
    end = outcome(100.0, 100.0, share=(1.0, 1.0))
    price = listed(base, end)
    assert price.verdict is RuleVerdict.SHORTFALL
    share = price.missing_share
    assert (share.found, share.least, share.most) == pytest.approx((1, 0.5, 1))
    unsure = outcome(90.0, 90.0, share=(1.8, 1.0))
    price = listed(base, unsure)
    assert price.verdict is RuleVerdict.COSTS
    assert not price.is_equally_secure


@pytest.mark.parametrize("end", [outcome(), failed("no memory")])
def test_no_answer_is_no_price(end):
    price = listed(BASE, end)
    assert price.verdict is RuleVerdict.NO_ANSWER
    assert price.cost is price.missing_share is None
    nothing = listed(outcome(), BASE)
    assert nothing.verdict is RuleVerdict.NO_ANSWER


@pytest.mark.parametrize(
    ("cost", "verdict", "shown"),
    [
        (0.03, RuleVerdict.COSTS, "0.03"),
        (0.07, RuleVerdict.COSTS, "0.07"),
        (0.0004, RuleVerdict.COSTS, "0.0004"),
        (0.0, RuleVerdict.NOTHING, None),
    ],
)
def test_what_costs_is_never_shown_as_nothing(cost, verdict, shown):
    done = document_of(listed(outcome(100.0, 100.0), outcome(100.0 - cost, 100.0 - cost)))
    counts = {pair["label"]: pair["value"] for pair in done.tables["summary"].records()}
    assert counts == {"rules lifted": 1, str(verdict): 1}
    assert ("dearest_cost" in done.tables) == (shown is not None)
    if shown is not None:
        table = done.table("dearest_cost")
        column = table.columns[table.place("cost")]
        (value,) = table.column("cost")
        places = find_places(column, [value])
        assert write_cell(value, column.form, places) == shown


def document_of(*prices):
    """The document of a list of these prices, each of a rule of its own."""
    rule = RuleInForce(
        Rule(name="kind", says="a rule"),
        table="forces", key="unit", column="whole", where="forces!A1", value=1,
        text="a rule", named="a named rule",
    )  # fmt: skip
    case = make_case()
    asked = Asking(Rules(), case)
    done = RuleList(asked.base, tuple(replace(one, rules=(rule,)) for one in prices), ())
    return Answer(done, asked).document


def test_what_no_figure_tells_is_listed_too():
    """A rule without which there is a plan, one whose run failed, and one that nothing asked."""
    way_out = listed(outcome(), BASE)
    none = replace(way_out.base, status="infeasible")
    done = document_of(
        replace(way_out, base=none, name="first"),
        replace(listed(BASE, failed("no memory")), name="second"),
        replace(listed(BASE, outcome(99.0)), name="third"),
    )
    others = done.table("other_rules")
    assert others.column("rule") == ["first", "second"]
    assert others.column("verdict") == [RuleVerdict.NO_PLAN_WITH, RuleVerdict.NO_ANSWER]
    assert others.marks == {(1, "verdict"): "warn"}
    assert done.table("dearest_cost").column("rule") == ["third"]
    notes = [block.text for block in done.sheets[0].flat if isinstance(block, Note)]
    assert "1 of 3 rules: no memory" in notes
    assert "2 of 3 prices are not proven: solve closer (--gap)." in notes


# --- the list, its journal, command and files


def test_what_the_journal_has_is_not_solved_again(tmp_path):
    case, path = make_case(caveats=CAVEATS), tmp_path / "journal.sqlite"
    first = cssopt.rules(case, processes=1, journal=path)
    again = cssopt.rules(case, processes=1, journal=path)
    assert (first.reused, again.reused) == (0, 3)
    assert again.tables["rules"].equals(first.tables["rules"])
    assert again.tables["stages"].equals(first.tables["stages"])


@pytest.mark.medium
def test_the_command_tells_writes_and_answers(tmp_path):
    law = [LAW, ["A", "*", 0.25], ["B", "*", 0.5]]
    folder = write_csv(make_sheets(legislation=law, caveats=CAVEATS), tmp_path / "small")
    words = ["rules", str(folder), "--out", str(tmp_path / "out"), "--processes", "1"]
    done = command(*words)
    assert done.code == 0, done.err
    # With its law A may delegate a quarter of its units: 60 a year become 53 and a third.
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    told = "Alpha (A) delegates nothing to Crisis (K) caveats!A2"
    assert any(line.startswith(told) and "26.67" in line for line in lines)
    assert any(line.startswith("costs nothing 3 ") for line in lines)
    assert "costs another aim" not in done.out
    assert "every rule" in done.out
    done = command(*words, "--json")
    assert {row["rule"] for row in done.tables["rules"]} == {
        "caveats[A, K]", "caveats[B, K]", "legislation[A, *].delegable_share",
        "legislation[B, *].delegable_share",
    }  # fmt: skip
    assert done.told["status"] == "optimal"
    assert done.told["facts"]["plan"]["study"] == "pooled"
    book = load_workbook(tmp_path / "out" / "rules.xlsx")
    assert book.sheetnames == ["Rules", "Price list", "Together", "Stages", "Run"]
    assert book["Price list"].max_row >= 4


def test_a_workbook_without_rules_says_so(tmp_path):
    folder = write_csv(make_sheets(), tmp_path / "small")
    done = command("rules", folder, "--out", tmp_path / "out", "--processes", 1)
    assert done.code == 0, done.err
    assert "The inputs lay down no rule." in done.out
    assert (tmp_path / "out" / "rules.xlsx").exists()


def test_a_run_that_fails_ends_the_command_with_an_error():
    """And one that found no plan in its time as a plan that is not proven does."""
    base = Asking(Rules(), make_case()).base
    ends = {"optimal": "optimal", "no plan yet": "feasible", "error": "error"}
    for end, told in ends.items():
        price = listed(BASE, replace(outcome(99.0, 99.0), status=end))
        assert RuleList(base, (price,), ()).status == told

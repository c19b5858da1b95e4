"""Why a threat is covered as it is, worked out by hand on the small book.

Together A holds all 4 units, 10 million each and year: 2 for its own part, 2 delegated. B is twice
as dear. A unit that is given up does not come back: one more in 2031 is kept in 2030 too.
"""

from __future__ import annotations

import math
from dataclasses import replace

import golden_books
import numpy as np
import pytest
from books import add_column, make_data, make_raw, read_study, write_csv
from commands import command
from openpyxl import load_workbook
from small_books import DRONE_POWER, forces, make_book, measure, settings

import cssopt
from cssopt import find_tables
from cssopt.assembly.case import Case
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.document.document import Note
from cssopt.errors import DataError
from cssopt.questions.question import Answer, Asking
from cssopt.questions.why.ask import Why
from cssopt.questions.why.result import explain_cover
from cssopt.questions.why.slack_prices import confirm_prices
from cssopt.solution.run import run_study
from cssopt.solve.answer import NOT_ASKED, Options
from cssopt.solve.stages import solve_program
from cssopt.solve.traced.origins import Origins
from cssopt.solve.traced.template import Template
from cssopt.solve.warm.carried_basis import find_start
from cssopt.tables.check import check_book
from cssopt.trace.sources import find_cells

SEEN = {"INSTITUTIONS": 1, "FORCES": 4}
"""Needs times years of the golden books."""

BUDGETS = ["member", "year", "budget"]
NOTHING_OF_B = [["member", "force", "units"], ["A", "unit", 8]]


def make_case(**sheets):
    checked = check_book(make_raw(make_book(**sheets)), find_tables())
    assert checked.data is not None, checked.issues
    return Case("small.xlsx", "0" * 64, checked.data, find_model_folders())


def explain(year=2030, study="pooled", step=1.0, **sheets):
    return cssopt.why(make_case(**sheets), threat="K", year=year, study=study, step=step)


def only(table):
    (row,) = table.to_dict("records")
    return row


def cover(found):
    return {
        (row["kind"], row["source"], row["member"]): row["power"]
        for row in found.tables["cover"].to_dict("records")
    }


def test_who_covers_it():
    found = explain()
    need = only(found.tables["needs"])
    assert (need["capability"], need["day"]) == ("land", 0)
    assert [need[name] for name in ("asked", "need", "covered", "shortfall")] == pytest.approx(
        [4, 4, 4, 0]
    )
    assert sum(cover(found).values()) == pytest.approx(4)
    assert {member for _, _, member in cover(found)} == {"A"}
    assert cover(found)["covers", "credited", "A"] >= 2 - 1e-9
    units = found.tables["units"]
    assert units["units"].sum() == pytest.approx(4)
    assert set(units["tier"]) == {"ready"}
    assert units["each"].tolist() == [1] * len(units)


@pytest.mark.medium
@pytest.mark.parametrize(("year", "cost"), [(2030, 10), (2031, 20), (2033, 40)])
def test_the_next_unit_is_kept_from_the_first_year_on(year, cost):
    """A gives it, delegated: its own part of the need stays 2."""
    found = explain(year)
    unit = only(found.tables["next"])
    assert [unit[name] for name in ("cost", "cost_least", "cost_most")] == pytest.approx([cost] * 3)
    assert unit["equally_secure"]
    assert unit["missing"] == pytest.approx(0, abs=1e-9)
    given = found.tables["given"].set_index("level")
    assert given.loc[["cover"], "change"].sum() == pytest.approx(1)
    assert set(given["member"]) == {"A"}
    held = given.loc["units held"]
    assert held["change"] == pytest.approx((year - 2029) / 4)
    costs = only(found.tables["costs"])
    assert (costs["entry"], costs["change"]) == ("operating_cost", pytest.approx(cost))


@pytest.mark.medium
def test_measures_relieve_the_need():
    """Talks remove half of it for 4 million, which 2 units of A would cost 20."""
    found = explain(**measure(None))
    need = only(found.tables["needs"])
    assert (need["asked"], need["need"]) == pytest.approx((4, 2))
    assert cover(found)["relieves", "relief", ""] == pytest.approx(2)
    limit = found.tables["binds"].set_index("rule").loc["limit_relief"]
    assert limit["where"] == "threats!R2C6"
    assert limit["text"] == "measures remove at most 0.5 of what Crisis (K) requires"
    # The talks can do no more than half: more room saves nothing.
    assert limit["price"] == pytest.approx(0, abs=1e-6)
    assert limit["room"] > 0
    # Where they may remove a quarter, they can do more. In 2033 0.1 of room saves 0.4 units; that
    # much more of the talks costs 0.8 of the 4 million. In 2030 the units are needed for 2031.
    threats = [[*row] for row in make_book()["threats"]]
    threats[1][5] = 0.25
    for year, price in ((2033, 4 * 10 - 4 / 0.5), (2030, 0)):
        binds = explain(year, threats=threats, **measure(None)).tables["binds"].set_index("rule")
        assert binds.loc["limit_relief", "price"] == pytest.approx(price, abs=1e-6)


def test_a_dependence_cap_binds_and_is_found():
    """A delegates 1 of 4 at most; B holds 1 unit of its part, and gives the next one too."""
    sheet = [["capability", "name", "measure", "max_member_share"], ["land", "Land", "power", 0.25]]
    found = explain(capabilities=sheet)
    line = found.tables["binds"].set_index(["rule", "at"]).loc["limit_dependence", "A, land, 0"]
    assert line["place"] == "Alpha, Land, day 0"
    assert line["limit"] == pytest.approx(1)
    assert line["where"] == "capabilities!R2C4"
    assert "one member delegates at most 0.25 of a need for land" in line["text"]
    unit = only(found.tables["next"])
    assert unit["cost"] == pytest.approx(20)
    assert set(found.tables["given"]["member"]) == {"B"}


def test_the_document_names_what_the_tables_have_codes_for():
    document = explain().document
    assert document.title.startswith("Cover of Crisis (K) in 2030")
    sources = document.table("sources")
    assert [column.heading for column in sources.columns[1:]] == ["Alpha"]
    cover = document.table("cover")
    assert set(cover.column("capability_name")) == {"Land"}
    assert set(cover.column("member_name")) == {"Alpha"}
    following = document.table("next")
    assert following.column("of") == ["Land by day 0"]
    assert following.column("givers") == ["Alpha +1.000"]
    assert {chart.table: chart.by for chart in document.sheets[0].charts} == {
        "sources": "need",
        "next": "of",
    }


def test_the_verdict_tells_what_is_met_and_what_the_next_unit_costs():
    verdict = explain(2031).document.verdict
    assert "1 of 1 needs of Crisis (K) in 2031 are met" in verdict
    assert "1 more of Land by day 0 would cost 20.0 million EUR." in verdict


@pytest.mark.medium
def test_a_share_of_units_binds_through_the_units_held():
    """A holds 8/3, of which it may delegate a quarter: the row is about units, not power."""
    law = [["member", "force", "delegable_share"], ["A", "*", 0.25]]
    one_year = [[name, 2030 if name == "last_year" else x] for name, x in settings()]
    found = explain(2030, legislation=law, settings=one_year)
    line = found.tables["binds"].set_index("rule").loc["limit_delegation"]
    assert line["where"] == "legislation!R2C3"
    assert line["text"] == "Alpha (A) may delegate 0.25 of every force"
    # A delegates d = (2 + d) / 4 + room, so d rises by 4/3 of the room: held by A, not by B.
    assert line["price"] == pytest.approx(4 / 3 * (20 - 10))
    # With more years room in one saves nothing: what B would give up in 2030 is needed in 2031,
    # and what A would hold in 2033 it would have to hold from 2030 on, for 40.
    for year in (2030, 2033):
        binds = explain(year, legislation=law).tables["binds"].set_index("rule")
        assert binds.loc["limit_delegation", "price"] == pytest.approx(0, abs=1e-6)


def test_a_ceiling_of_the_year_in_which_units_would_have_to_be_ordered_binds():
    """Drones serve a year after they are ordered. In 2030 A has room for one of four, B for none;
    in 2031 three are missing, and no rule of that year is in the way of ordering them."""
    found = explain(
        2031,
        requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 20]],
        forces=add_column(forces(price=30), "lead_time", 1, 1),
        power=DRONE_POWER,
        budgets=[["member", "year", "budget"], ["A", 2030, 110], ["B", 2030, 160]],
    )
    binds = found.tables["binds"]
    ceilings = binds[binds["rule"] == "limit_budget"]
    assert set(ceilings["place"]) == {"Alpha, 2030", "Beta, 2030"}
    # What is only decided later is no reason.
    years = {str(place) for place in binds["place"]}
    assert not [place for place in years if "2032" in place or "2033" in place]


def test_a_rule_about_nothing_does_not_bind():
    """A alone is endangered and holds its 4 units: B may delegate a quarter of none, and does."""
    law = [["member", "force", "delegable_share"], ["A", "*", 0.25], ["B", "*", 0.25]]
    facing = [["threat", "member", "share"], ["K", "A", 1]]
    assert explain(legislation=law, exposure=facing).tables["binds"].empty


def test_what_more_room_would_save_is_no_degenerate_dual():
    """A holds 2 units in each year for its 20, B none for its 0; the need of 2031 is 4.

    A unit that is given up does not come back: without more in 2030 neither could hold more in
    2031, so 0, 1 or 10 million more in that year alone save nothing. Yet with more in 2030 they
    would save much: a dual of any amount in between is optimal, such as 499.
    """
    years = range(2030, 2034)
    none = [[member, year, most] for member, most in (("A", 20), ("B", 0)) for year in years]
    found = explain(2031, budgets=[BUDGETS, *none])
    binds = found.tables["binds"]
    budgets = binds[binds["rule"] == "limit_budget"]
    assert budgets["price"].tolist() == pytest.approx([0] * len(budgets), abs=1e-6)
    program, base = found.rows.program, found.base
    own = [
        row
        for row, (_, name, key) in enumerate(program.rows)
        if name == "limit_budget" and key[-1] == 2031
    ]
    assert len(own) == 2
    duals = np.array(base.solved.row_prices)
    duals[own] = -499.0
    start = find_start(program, base.solved, base.options)
    degenerate = replace(base.solved, row_prices=duals)
    for room in confirm_prices(program, degenerate, own, start, base.options).values():
        assert room.slack > 0
        assert room.price == pytest.approx(0, abs=1e-6)
    for budget in (1, 10):
        more = [[m, year, budget if (m, year) == ("B", 2031) else x] for m, year, x in none]
        plan = cssopt.solve(make_case(budgets=[BUDGETS, *more]), study="pooled")
        assert plan.solved.stages[-1].value == pytest.approx(base.solved.stages[-1].value)


def test_a_price_that_more_room_confirms():
    """A may spend 20 in 2033: 2 of 4 are missing, at 10,000 each, and a unit would cost 10."""
    found = explain(inventory=NOTHING_OF_B, budgets=[BUDGETS, ["A", 2033, 20]], year=2033)
    line = found.tables["binds"].set_index("rule").loc["limit_budget"]
    assert line["price"] == pytest.approx((1e4 - 10) / 10)
    assert line["room"] == pytest.approx(20e-3)  # a thousandth of the budget was tried


def test_a_price_that_holds_for_no_room_is_none():
    """10 units of room at most are of any use, but a thousandth of the budget is a hundred."""
    budget = 1e5
    lines = {
        used: explain(
            inventory=[["member", "force", "units"], ["A", "unit", (budget + used) / 10]],
            requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 1e5]],
            budgets=[BUDGETS, ["A", 2033, budget]],
            year=2033,
        )
        .tables["binds"]
        .set_index("rule")
        .loc["limit_budget"]
        for used in (10, 1000)
    }
    assert math.isnan(lines[10]["price"])
    assert lines[1000]["price"] == pytest.approx((1e4 - 10) / 10)
    assert lines[1000]["room"] == pytest.approx(100)


def test_prices_beside_whole_numbers_are_those_with_them_fixed():
    """With the 2 whole units that are left fixed, no room of any rule saves anything."""
    sheets = {"forces": add_column(forces(), "whole", True), **measure(None)}
    found = explain(2033, **sheets)
    assert found.base.solved.prices_of == "fixed"
    told = found.tables["binds"]
    priced = told[told["room"].notna()]
    assert len(priced)
    assert priced["price"].tolist() == pytest.approx([0] * len(priced), abs=1e-6)


def test_prices_that_are_not_confirmed_are_not_told(monkeypatch):
    monkeypatch.setattr("cssopt.questions.why.slack_prices._MOST_ASKED", 0)
    found = explain(inventory=NOTHING_OF_B, budgets=[BUDGETS, ["A", 2033, 20]], year=2033)
    line = found.tables["binds"].set_index("rule").loc["limit_budget"]
    assert math.isnan(line["price"])
    assert math.isnan(line["room"])


def test_what_there_is_no_time_for_is_left_and_said_so():
    case = make_case(inventory=NOTHING_OF_B, budgets=[BUDGETS, ["A", 2033, 20]])
    members = case.data.members.keys
    base = run_study(Instance(case.data, read_study("pooled"), members), Options(patience=0.0))
    found = explain_cover(base, "K", 2033, 1.0, lambda _step: None)
    unit = only(found.tables["next"])
    assert unit["status"] == "interrupted"
    assert math.isnan(unit["cost"])
    line = found.tables["binds"].set_index("rule").loc["limit_budget"]
    assert math.isnan(line["price"])
    asked = Asking(Why(threat="K", year=2033), case)
    notes = [b.text for b in Answer(found, asked).document.sheets[0].flat if isinstance(b, Note)]
    assert f"1 of 1 steps: {NOT_ASKED}" in notes


def test_what_is_proven_of_a_step_counts_what_is_not_proven_of_the_plan():
    """The step costs 10 where the plan is the best. Were a plan proven to be worth 3 less, and one
    with 0.25 less missing, the step might cost as much more; nothing proven: any amount."""
    data, study = make_case().data, read_study("least_shortfall")
    base = run_study(Instance(data, study, data.members.keys), Options())

    def ask(*less):
        stages = tuple(
            replace(stage, bound=stage.value - each)
            for stage, each in zip(base.solved.stages, less, strict=True)
        )
        other = replace(base, solved=replace(base.solved, stages=stages))
        found = explain_cover(other, "K", 2030, 1.0, lambda _step: None)
        return only(found.tables["next"])

    unit = ask(0.25, 3.0)
    assert [unit[name] for name in ("cost", "cost_least")] == pytest.approx([10, 10])
    assert unit["cost_most"] == pytest.approx(13)
    assert unit["missing_share_least"] == pytest.approx(0, abs=1e-9)
    assert unit["missing_share_most"] == pytest.approx(0.25)
    assert ask(0.0, math.inf)["cost_most"] == math.inf


def test_a_caveat_is_told_though_it_has_no_row():
    found = explain(caveats=[["member", "threat"], ["A", "K"]])
    line = found.tables["binds"].set_index("rule").loc["caveat"]
    assert line["where"] == "caveats!R2C1"
    assert line["text"] == "Alpha (A) delegates nothing to Crisis (K)"
    assert math.isnan(line["price"])
    assert cover(found)["covers", "own_supply", "A"] == pytest.approx(2)
    assert sum(x for (_, _, member), x in cover(found).items() if member == "B") == pytest.approx(2)
    # Only B may delegate.
    assert only(found.tables["next"])["cost"] == pytest.approx(20)


def test_a_step_that_cannot_be_covered():
    """B has nothing, and A may spend 20 in 2033: 2 of 4 are missing, and 3 of 5 would be."""
    sheets = {"inventory": NOTHING_OF_B, "budgets": [BUDGETS, ["A", 2033, 20]]}
    found = explain(2033, "least_shortfall", **sheets)
    assert only(found.tables["needs"])["shortfall"] == pytest.approx(2)
    assert cover(found)["missing", "shortfall", ""] == pytest.approx(2)
    unit = only(found.tables["next"])
    assert unit["missing"] == pytest.approx(1)
    assert unit["missing_share"] == pytest.approx(1 / 4)
    assert unit["missing_share_least"] == pytest.approx(1 / 4)
    assert not unit["equally_secure"]
    assert unit["cost"] == pytest.approx(0, abs=1e-3)
    # What is short is not bought: no cost of it is shown.
    assert found.document.table("next").column("cost") == [None]
    assert found.document.table("needs").marks == {(0, "shortfall"): "bad"}
    assert "0 of 1 needs" in found.document.verdict
    assert [c.table for c in found.document.sheets[0].charts] == ["sources"]
    line = found.tables["binds"].set_index("rule").loc["limit_budget"]
    assert (line["limit"], line["where"]) == (pytest.approx(20), "budgets!R2C3")
    # In 2030 A simply keeps one more.
    unit = only(explain(2030, "least_shortfall", **sheets).tables["next"])
    assert unit["cost"] == pytest.approx(10, abs=1e-3)
    assert unit["equally_secure"]


@pytest.mark.parametrize(("step", "cost"), [(0.5, 0), (1.0, 10)])
def test_whole_units(step, cost):
    """Three and a half units are four: the next half is there already."""
    need = [["threat", "capability", "day", "level"], ["K", "land", 0, 3.5]]
    sheets = {"forces": add_column(forces(), "whole", True), "requirements": need}
    unit = only(explain(step=step, **sheets).tables["next"])
    assert unit["cost"] == pytest.approx(cost, abs=1e-6)
    assert unit["step"] == step


def test_what_does_not_exist_is_refused():
    case = make_case()
    for threat, year, told in (("k", 2030, "is not a threat"), ("K", 2034, "2030 to 2033")):
        with pytest.raises(DataError) as caught:
            cssopt.why(case, threat=threat, year=year)
        (issue,) = caught.value.issues
        assert issue.code == "E-540"
        assert told in issue.text
    later = [[*row] for row in make_book()["threats"]]
    later[1][4] = 2032
    with pytest.raises(DataError) as caught:
        explain(threats=later)
    assert "asks for nothing in 2030" in caught.value.issues[0].text


def test_nothing_is_solved_for_a_threat_that_does_not_exist(monkeypatch):
    monkeypatch.setattr("cssopt.questions.question.solve_instance", None)
    with pytest.raises(DataError, match="is not a threat"):
        cssopt.why(make_case(), threat="k", year=2030)


def test_where_there_is_no_plan_there_is_nothing_to_explain():
    answer = explain(study="strict", inventory=NOTHING_OF_B, budgets=[BUDGETS, ["A", 2033, 20]])
    assert answer.status is cssopt.Status.INFEASIBLE
    assert "There is no plan to explain." in answer.document.verdict


@pytest.mark.medium
@pytest.mark.parametrize("book", ["INSTITUTIONS", "FORCES"])
def test_the_next_unit_costs_what_a_cold_solve_says(book):
    data, study = make_data(getattr(golden_books, book)), read_study("relaxed")
    base = run_study(Instance(data, study, data.members.keys), Options())
    seen = 0
    for threat in data.threats:
        for year in range(data.settings.first_year, data.settings.last_year + 1):
            found = explain_cover(base, threat, year, 0.25, lambda _step: None)
            if found is None:
                continue
            units = found.tables["next"].to_dict("records")
            for row, unit in zip(found.rows.needs, units, strict=True):
                cold = solve_program(found.rows.raise_need(row, 0.25), Options())
                cost = cold.stages[-1].value - base.solved.stages[-1].value
                assert unit["cost"] == pytest.approx(cost, rel=1e-6, abs=1e-5)
                # The optimum is convex: no step costs less than its price at the margin.
                price = abs(float(base.solved.row_prices[row]))
                assert unit["cost"] >= 0.25 * price - 1e-5
                seen += 1
    assert seen == SEEN[book]


@pytest.mark.parametrize("book", ["INSTITUTIONS", "FORCES"])
def test_every_cell_that_moves_a_row_is_among_its_origins(book):
    data, study = make_data(getattr(golden_books, book)), read_study("pooled")

    def build():
        return Instance(data, study, data.members.keys).trace(find_cells(data))

    origins, template = Origins(*build()), Template(*build())
    assert origins.program.rows == template.program.rows
    known = [set(origins.find_cells(row)) for row in range(origins.program.shape[0])]
    values = {cell: data.tables[cell[0]].columns[cell[2]][cell[1]] for cell in template.cells}
    moved = 0
    for cell, value in values.items():
        program, _ = template.patch({**values, cell: value * (1 + 1e-7)})
        if program is None:
            continue
        bounds = (program.row_lower != template.program.row_lower) | (
            program.row_upper != template.program.row_upper
        )
        entries = abs(program.matrix - template.program.matrix).sum(axis=1)
        for row in (bounds | (entries > 0)).nonzero()[0]:
            assert cell in known[row], (cell, program.rows[row])
            moved += 1
    assert moved > 50


@pytest.mark.medium
def test_the_command_tells_writes_and_answers(tmp_path):
    law = [["member", "force", "delegable_share"], ["A", "*", 0.25]]
    one_year = [[name, 2030 if name == "last_year" else x] for name, x in settings()]
    folder = write_csv(make_book(legislation=law, settings=one_year), tmp_path / "small")
    words = ["why", folder, "--threat", "K", "--year", "2030", "--out", tmp_path / "out"]
    done = command(*words)
    assert done.code == 0, done.err
    for text in ("Land by day 0", "Who covers the need", "What binds"):
        assert text in done.out
    assert "limit_delegation" not in done.out  # rules are told in words
    assert "own_supply" not in done.out
    told = command(*words, "--json").told
    options = told["facts"]["command"]
    assert [options[name] for name in ("threat", "year", "step")] == ["K", "2030", "1.0"]
    assert told["tables"]["next"][0]["equally_secure"] is True
    (line,) = [r for r in told["tables"]["binds"] if r["rule"] == "limit_delegation"]
    assert "may delegate 0.25 of every force" in line["text"]
    assert {r["label"]: r["value"] for r in told["tables"]["base_plan"]}["status"] == "optimal"
    book = load_workbook(tmp_path / "out" / "why.xlsx")
    assert book.sheetnames == [
        "Why", "Cover", "Units planned", "What binds", "Who gives", "Costs of the next unit", "Run",
    ]  # fmt: skip


@pytest.mark.parametrize("left", ["--threat", "--year"])
def test_the_command_must_be_told_the_threat_and_the_year(tmp_path, left):
    given = {"--threat": "K", "--year": "2030"}
    given.pop(left)
    done = command("why", tmp_path / "small", *next(iter(given.items())))
    assert done.code == 2
    assert f"Missing option '{left}'" in done.err
    with pytest.raises(TypeError, match="missing a required"):
        cssopt.why(make_case(), threat="K")


def test_the_command_ends_with_the_status_where_there_is_no_plan(tmp_path):
    sheets = {"inventory": NOTHING_OF_B, "budgets": [BUDGETS, ["A", 2033, 20]]}
    folder = write_csv(make_book(**sheets), tmp_path / "small")
    words = ["why", folder, "--threat", "K", "--year", "2033", "--study", "strict"]
    done = command(*words, "--out", tmp_path / "out")
    assert done.code == 4
    assert "There is no plan to explain." in done.out

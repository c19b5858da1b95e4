"""What a comparison says of each scenario, in tables, workbook and terminal, worked out by hand.

Together A holds all 4 units of the small book, 10 million each and year, from 2030 to 2033; B is
twice as dear (tests/books/small_books.py).
"""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from books import make_raw, write_csv
from commands import command
from openpyxl import load_workbook
from rich.console import Console
from small_alliance import make_facts
from small_books import make_book

from cssopt import find_tables, solve, whatif
from cssopt.assembly.case import Case
from cssopt.assembly.changes import join_scenarios, read_steps
from cssopt.assembly.folders import find_model_folders
from cssopt.errors import CallError, DataError
from cssopt.questions.question import Asking
from cssopt.questions.whatif.ask import WhatIf, pick_questions
from cssopt.questions.whatif.find import compare_scenarios
from cssopt.questions.whatif.show import show_comparison
from cssopt.questions.whatif.standard import QUESTIONS
from cssopt.render.document_terminal import print_document
from cssopt.render.number_text import find_totals
from cssopt.runs.pool import STOPPED
from cssopt.solve.outcome import Status
from cssopt.tables.check import check_book

YEARS = (2030, 2031, 2032, 2033)
FORMULA_LIKE = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def case():
    checked = check_book(make_raw(make_book()), find_tables())
    assert checked.data is not None, checked.issues
    return Case("small.xlsx", "0" * 64, checked.data, find_model_folders())


@pytest.fixture(scope="module")
def comparison(case):
    return whatif(
        case,
        scenarios={
            "A leaves": ["-members[member=A]"],
            "as it is": ["forces.operating_cost=10"],
            "no such": ["members[member=Z].gdp=1"],
            "need of 20": ["requirements.level=20"],
            FORMULA_LIKE: ["requirements.level*=1.5"],
            "base": ["settings.discount_rate=0.05"],
        },
    )


@pytest.fixture(scope="module")
def book(case, comparison, tmp_path_factory):
    return load_workbook(comparison.write(tmp_path_factory.mktemp("whatif")).path)


def rows_of(comparison, table, **those):
    """The rows of a table of the document that have these cells."""
    rows = comparison.document.tables[table].records()
    return [row for row in rows if all(row[name] == value for name, value in those.items())]


def row_of(comparison, table, **those):
    (row,) = rows_of(comparison, table, **those)
    return row


def remarks_of(comparison, name):
    return [row["remark"] for row in rows_of(comparison, "remarks", scenario=name)]


def column_of(comparison, table, name, *indices):
    """What a table says of a scenario, by key; only what it says."""
    cells = {tuple(row[index] for index in indices): row[f"scenario.{name}"]
             for row in rows_of(comparison, table)}  # fmt: skip
    return {key: value for key, value in cells.items() if value}


def lines_of(book, sheet):
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_who_pays_what_when_a_member_leaves(comparison):
    """B then holds the 4 units: 80 a year."""

    def told(table, *indices):
        return column_of(comparison, table, "A leaves", *indices)

    assert row_of(comparison, "steps", scenario="A leaves")["change"] == "-members[member=A]"
    costs = told("costs_by_bearer", "bearer", "entry")
    assert costs["B", "operating_cost"] == pytest.approx(4 * 80)
    burden = told("burden_difference", "member")
    assert burden == {("A",): pytest.approx(-160), ("B",): pytest.approx(320)}
    assert told("costs_difference", "entry") == {("operating_cost",): pytest.approx(160)}
    units = told("units_difference", "member", "force")
    assert units == {("A", "unit"): pytest.approx(-4), ("B", "unit"): pytest.approx(4)}


def test_full_names_stand_beside_codes(comparison):
    names = {row["member"]: row["member_name"] for row in rows_of(comparison, "burden")}
    assert names == {"A": "Alpha", "B": "Beta"}
    assert row_of(comparison, "changes", scenario="A leaves")["row_name"] == "Alpha"
    largest = row_of(comparison, "plans", scenario="A leaves")["largest_changes"]
    assert "burden of Beta +320.0 million" in largest


def test_the_change_log_says_what_moved_and_when(comparison):
    moved = rows_of(comparison, "moved", scenario="A leaves")
    assert [(m["member"], m["year"], m["difference"]) for m in moved] == [
        *(("A", year, pytest.approx(-4)) for year in YEARS),
        *(("B", year, pytest.approx(4)) for year in YEARS),
    ]
    assert {(m["base"], m["new"]) for m in moved if m["member"] == "B"} == {(0.0, 4.0)}


def test_coverage_of_a_need_that_cannot_be_met(comparison):
    """A and B have 8 units each: 16 of 20 are covered, 4 are short in each of four years."""
    plan = row_of(comparison, "plans", scenario="need of 20")
    assert plan["threats_met"] is False
    assert plan["least_covered"] == pytest.approx(16 / 20)
    assert plan["shortfall_difference"] == pytest.approx(4 * 4)
    covered = column_of(comparison, "covered_share", "need of 20", "threat")
    assert covered == {("K",): pytest.approx(16 / 20)}
    parts = column_of(comparison, "coverage", "need of 20", "part")
    assert parts["need",] == pytest.approx(4 * 20)
    assert parts["own",] + parts.get(("delegated",), 0.0) == pytest.approx(4 * 16)
    more = column_of(comparison, "shortfalls_difference", "need of 20", "threat")
    assert more == {("K",): pytest.approx(4 * 4)}


def test_a_scenario_that_changes_nothing_is_told_as_such(comparison, book):
    nothing = "Nothing was changed: every cell held its value already."
    assert remarks_of(comparison, "as it is") == [nothing]
    assert any("as it is: nothing was changed." in str(line) for line in lines_of(book, "Changes"))
    row = next(line for line in lines_of(book, "What if") if line[0] == "as it is")
    assert row[1:3] == ["NOTHING: forces.operating_cost=10", 0]
    assert nothing not in remarks_of(comparison, "no such")


def test_cells_that_are_changed_and_changed_back_count_as_no_change(case):
    texts = ["requirements.level*=2", "requirements.level*=0.5"]
    (variant,) = whatif(case, scenarios={"there and back": texts}).variants
    assert len(variant.changes) == 2
    assert variant.changed_nothing


def test_a_failure_is_a_row_with_its_reason(comparison, book):
    row = next(line for line in lines_of(book, "What if") if line[0] == "no such")
    assert "no plan" in row
    (reason,) = remarks_of(comparison, "no such")
    assert "no row of members has member=Z" in reason
    assert comparison.status is Status.ERROR
    assert ["Without a plan, and so without a column: no such."] in [
        line[:1] for line in lines_of(book, "Costs")
    ]


def test_the_verdict_counts_the_scenarios_and_names_the_dearest(comparison):
    """A leaves: 320 in place of 160. 1.5 times 4 units are 6, for 240."""
    assert comparison.document.verdict == (
        "Base plan: threats met. Threats are met in 4 of 6 scenarios; 1 has no plan. "
        '"need of 20" costs most: +800.0 million against the base plan.'
    )


def test_what_there_was_no_time_for_is_no_scenario_without_a_plan(case):
    asked = Asking(WhatIf(total_time=0.0), case)
    asked.keep_base(solve(case).found)
    found = compare_scenarios(asked, {"need of 6": read_steps(["requirements.level=6"])})
    document = show_comparison(found, make_facts())
    assert "Threats are met in 0 of 1 scenario; 1 was not answered in the time." in document.verdict
    _, row = document.table("plans").records()
    assert (row["status"], row["threats_met"]) == ("no plan yet", None)
    assert found.status is Status.FEASIBLE


def test_what_an_interruption_left_is_not_called_without_a_plan(comparison):
    """In no table: "no plan" beside an exit code would be taken for an infeasible scenario."""
    first, *others = comparison.found.variants
    left = replace(first, solution=None, reason=STOPPED)
    fault = replace(first, solution=None, reason="its changes do not fit")
    for one, told in ((left, "not answered"), (fault, "no plan")):
        found = replace(comparison.found, variants=(one, *others))
        document = show_comparison(found, make_facts())
        for name in ("plans", "proofs"):
            rows = {row["scenario"]: row["status"] for row in document.table(name).records()}
            assert rows[first.name] == told


def test_other_yardsticks_are_told(comparison):
    assert remarks_of(comparison, "base") == [
        "Not measured like the base: discount_rate is 0.05, in the base 0.0."
    ]


def test_a_scenario_called_base_stands_beside_the_base(book):
    """Discounted by 5 %, 40 a year are 40 + 38.10 + 36.28 + 34.55 million."""
    heads, costs = None, None
    for line in lines_of(book, "Costs"):
        if line[0] == "entry" and heads is None:
            heads = line
        if line[0] == "operating_cost" and costs is None:
            costs = line
    assert heads.count("base") == 2
    assert costs[1] == pytest.approx(160)
    assert costs[-1] == pytest.approx(40 * sum(1.05**-n for n in range(4)))


def test_differences_stand_below_the_figures(book):
    lines = lines_of(book, "Burden")
    start = next(i for i, line in enumerate(lines) if str(line[0]).startswith("Difference"))
    row = next(line for line in lines[start:] if line[0] == "B")
    assert row[2:4] == [0, pytest.approx(320)]


def test_the_base_of_some_rows_has_no_total_below_the_differences(comparison):
    """Rows that no scenario changes are left out there: the sum would pass for that of all."""
    table = comparison.document.table("costs_difference")
    totals = {column.name: column.total for column in table.columns if column.form == "number"}
    assert not totals["base"]
    assert totals["scenario.need of 20"]
    assert find_totals(comparison.document.table("burden"))["base"] == pytest.approx(160)


def test_a_scenario_that_a_limit_left_without_a_plan_is_no_full_answer(comparison):
    some = [variant for variant in comparison.variants if variant.solution is not None]
    whole = replace(comparison.found, variants=tuple(some))
    assert whole.status is Status.OPTIMAL
    for end, status in (
        (Status.NO_PLAN_YET, Status.FEASIBLE),
        (Status.ERROR, Status.ERROR),
        (Status.INFEASIBLE, Status.OPTIMAL),
    ):
        ended = replace(some[0], solution=replace(some[0].solution, status=end))
        assert replace(whole, variants=(ended, *some[1:])).status is status, end


def test_every_sheet_says_that_the_verdict_is_the_base_plans(book):
    for sheet in book:
        assert sheet["A1"].value.startswith("Base plan: threats met. "), sheet.title


def test_names_never_become_formulas(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    named = [cell for cell in cells if cell.value == FORMULA_LIKE]
    assert named
    assert {cell.data_type for cell in named} == {"s"}
    formulas = {cell.value for cell in cells if cell.data_type == "f"}
    assert all(text.startswith("=SUM(") for text in formulas)


def test_money_and_shortfall_have_charts_of_their_own(book):
    charts = book["What if"]._charts
    assert len(charts) == 3
    series = [[one.val.numRef.f for one in chart.ser] for chart in charts]
    assert len(series[0]) == len(series[1]) == 1
    assert all("Burden" in reference for reference in series[2])


def terminal_text(comparison, width=40):
    console = Console(file=io.StringIO(), width=width, highlight=False, soft_wrap=True)
    print_document(console, comparison.document)
    return console.file.getvalue()


def test_the_terminal_cuts_nothing_short_and_tells_what_must_be_known(comparison):
    text = terminal_text(comparison)
    assert FORMULA_LIKE in text
    told = [" ".join(line.split()) for line in text.splitlines()]
    assert "as it is Nothing was changed: every cell held its value already." in told
    assert "no row of members has member=Z" in text
    (plan,) = [line for line in told if line.startswith("A leaves ") and " yes " in line]
    assert "optimal yes 320.0 160.0" in plan
    assert "32.00" in plan.split()


CHEAP = {"B is cheap": ["members[member=B].cost_index=0.9"]}


def test_a_plan_is_kept_near_the_base(case):
    """B at 9 a unit saves 1 where a unit moves, which is two moves: A one less, B one more."""
    free = whatif(case, scenarios=CHEAP).variants[0].solution
    assert free.pooled_expenditure == pytest.approx(4 * 36)
    dear = whatif(case, scenarios=CHEAP, persist=1.0)
    assert dear.variants[0].solution.pooled_expenditure == pytest.approx(160)
    assert dear.moves(dear.variants[0]) == []
    some = whatif(case, scenarios=CHEAP, persist_most=8.0)
    assert some.variants[0].solution.pooled_expenditure == pytest.approx(4 * 39)
    assert sum(abs(m.difference) for m in some.moves(some.variants[0])) == pytest.approx(8)


def test_the_penalty_is_told_apart_from_money(case):
    """All 4 units move: 8 moves a year at 0.4 are 12.8, beside 144 million."""
    comparison = whatif(case, scenarios=CHEAP, persist=0.4)
    plan = row_of(comparison, "plans", scenario="B is cheap")
    assert plan["pooled_expenditure"] == pytest.approx(144)
    proof = row_of(comparison, "proofs", scenario="B is cheap")
    assert proof["persistence_penalty"] == pytest.approx(12.8)
    assert row_of(comparison, "proofs", scenario="base")["persistence_penalty"] is None
    costs = column_of(comparison, "costs", "B is cheap", "entry")
    assert sum(costs.values()) == pytest.approx(144)
    assert "persistence penalty: a weight, not money" in terminal_text(comparison)


@pytest.mark.slow
def test_many_processes_give_the_answers_of_one(case, comparison):
    scenarios = {v.name: v.steps for v in comparison.variants}
    many = whatif(case, scenarios=scenarios, processes=2)
    assert many.facts()["tables"] == comparison.facts()["tables"]


@pytest.mark.parametrize("fault", [RuntimeError("odd"), MemoryError()])
def test_a_fault_of_one_scenario_stops_no_other(case, monkeypatch, fault):
    from cssopt.questions.whatif import find

    def solve(case, *rest, **more):
        if case.data.requirements.level["K", "land", 0.0] == 7.0:
            raise fault
        return solve_instance(case, *rest, **more)

    solve_instance = find.solve_instance
    monkeypatch.setattr(find, "solve_instance", solve)
    texts = {"odd": ["requirements.level=7"], "even": ["requirements.level=6"]}
    odd, even = whatif(case, scenarios=texts).variants
    assert odd.solution is None
    assert type(fault).__name__ in odd.reason
    assert even.solution.pooled_expenditure == pytest.approx(4 * 60)


def test_names_that_two_scenarios_have_are_refused():
    with pytest.raises(DataError, match=r'E-513 "a" is the name of two scenarios'):
        join_scenarios({"a": ()}, {"a": (), "b": ()})


def test_questions_are_picked_by_name():
    assert pick_questions(["leaving", "leaving"]) == ("leaving",)
    assert "threats" in pick_questions(["all"])
    with pytest.raises(DataError, match='Did you mean "leaving"'):
        pick_questions(["leavin"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The small book as a folder of CSV files."""
    return write_csv(make_book(), tmp_path_factory.mktemp("books") / "small")


def run(folder, tmp_path, *options):
    return command("whatif", folder, *options, "--out", tmp_path, "--json")


def test_the_command_asks_standard_questions(folder, tmp_path):
    """Without A, B holds 4 units for 80 a year; without B, A holds them for 40."""
    done = run(folder, tmp_path, "--ask", "leaving")
    assert done.code == 0, done.err
    costs = {row["scenario"]: row["pooled_expenditure"] for row in done.tables["plans"][1:]}
    assert costs == {"A leaves": pytest.approx(320), "B leaves": pytest.approx(160)}


def test_a_question_without_an_occasion_is_told(case):
    comparison = whatif(case, ask=["ratification"])
    assert comparison.variants == ()
    assert "--ask ratification: the base plan gives no occasion" in terminal_text(comparison, 200)


@pytest.mark.medium
def test_the_command_adds_and_drops_rows(folder, tmp_path):
    """With 2 of its 8 units A covers half of the need, B the rest: 20 + 40 a year."""
    done = run(
        folder,
        tmp_path,
        *("--set", "-inventory[member=A]"),
        *("--set", "+inventory[member=A; force=unit; units=2]"),
        *("--persist", "0"),
    )
    assert done.code == 0, done.err
    (plan,), (proof,) = done.tables["plans"][1:], done.tables["proofs"][1:]
    assert plan["pooled_expenditure"] == pytest.approx(4 * 60)
    assert proof["persistence_penalty"] == 0
    cells = [(c["table"], c["column"], c["old"], c["new"]) for c in done.tables["changes"]]
    assert ("inventory", "units", 8.0, "(blank)") in cells
    assert ("inventory", "units", "(blank)", 2.0) in cells


def test_a_scenario_that_fails_makes_the_command_fail(tmp_path):
    scenarios = [
        ["scenario", "step", "table", "where", "column", "change", "value"],
        ["no such", 1, "members", "member=Z", "gdp", "set", 1],
    ]
    folder = write_csv(make_book(scenarios=scenarios), tmp_path / "book")
    done = run(folder, tmp_path)
    assert done.code == 1
    assert "member=Z" in done.tables["remarks"][0]["remark"]


def test_a_call_without_any_scenario_says_what_there_is_to_ask(case, folder, tmp_path):
    with pytest.raises(CallError, match="There is no scenario"):
        whatif(case)
    done = command("whatif", folder, "--out", tmp_path)
    assert done.code == 2
    assert "fill in the sheet scenarios, or use --set or --ask" in done.err


@pytest.mark.medium
def test_help_says_which_questions_there_are():
    told = " ".join(command("whatif", "--help").out.split())
    for kind in QUESTIONS:
        assert f"{kind}: " in told

"""What a comparison says of each scenario, in facts, workbook and terminal, worked out by hand.

Together A holds all 4 units of the small book, 10 million each and year, from 2030 to 2033; B is
twice as dear (tests/books/small_books.py).
"""

from __future__ import annotations

import io
import json

import pytest
from books import make_raw, write_csv
from openpyxl import load_workbook
from rich.console import Console
from small_books import make_book
from typer.testing import CliRunner

import cssopt
from cssopt import (
    find_tables,
    join_scenarios,
    pick_questions,
    read_changes,
    report_whatif,
    whatif,
)
from cssopt.assembly.case import Case
from cssopt.assembly.folders import find_model_folders
from cssopt.cli import app
from cssopt.errors import DataError
from cssopt.questions.whatif.terminal import print_comparison
from cssopt.tables.check import check_book

YEARS = (2030, 2031, 2032, 2033)
FORMULA_LIKE = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def case():
    checked = check_book(make_raw(make_book()), find_tables())
    assert checked.data is not None, checked.issues
    return Case("small.xlsx", "0" * 64, checked.data, find_model_folders())


@pytest.fixture(scope="module")
def base(case):
    return cssopt.solve(case)


def compare(case, base, scenarios, **more):
    steps = {name: read_changes(texts) for name, texts in scenarios.items()}
    return whatif(case, steps, base=base, **more)


@pytest.fixture(scope="module")
def comparison(case, base):
    return compare(
        case,
        base,
        {
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
    path = tmp_path_factory.mktemp("whatif") / "comparison.xlsx"
    report_whatif(case, comparison, path)
    return load_workbook(path)


def facts_of(comparison, name):
    return next(f for f in comparison.facts()["scenarios"] if f["scenario"] == name)


def lines_of(book, sheet):
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_the_base_is_solved_once(comparison, base):
    assert comparison.base is base


def test_who_pays_what_when_a_member_leaves(comparison):
    """B then holds the 4 units: 80 a year."""
    facts = facts_of(comparison, "A leaves")
    assert facts["steps"] == ["-members[member=A]"]
    costs = {(c["bearer"], c["entry"]): c["present_value"] for c in facts["costs_by_bearer"]}
    assert costs["B", "operating_cost"] == pytest.approx(4 * 80)
    difference = facts["difference"]
    assert difference["burden"] == {"A": pytest.approx(-160), "B": pytest.approx(320)}
    assert difference["costs"] == {"operating_cost": pytest.approx(160)}
    units = {(u["member"], u["force"]): u["units"] for u in difference["units"]}
    assert units == {("A", "unit"): pytest.approx(-4), ("B", "unit"): pytest.approx(4)}


def test_the_change_log_says_what_moved_and_when(comparison):
    moved = facts_of(comparison, "A leaves")["moved"]
    assert [(m["member"], m["year"], m["difference"]) for m in moved] == [
        *(("A", year, pytest.approx(-4)) for year in YEARS),
        *(("B", year, pytest.approx(4)) for year in YEARS),
    ]
    assert {(m["base"], m["new"]) for m in moved if m["member"] == "B"} == {(0.0, 4.0)}


def test_coverage_of_a_need_that_cannot_be_met(comparison):
    """A and B have 8 units each: 16 of 20 are covered, 4 are short in each of four years."""
    facts = facts_of(comparison, "need of 20")
    assert facts["threats_met"] is False
    (covered,) = facts["covered_share"]
    assert covered["share"] == pytest.approx(16 / 20)
    parts = {c["part"]: c["power"] for c in facts["coverage"]}
    assert parts["need"] == pytest.approx(4 * 20)
    assert parts["own"] + parts["delegated"] == pytest.approx(4 * 16)
    (more,) = facts["difference"]["shortfalls"]
    assert more["shortfall"] == pytest.approx(4 * 4)


def test_a_scenario_that_changes_nothing_is_told_as_such(comparison, book):
    facts = facts_of(comparison, "as it is")
    assert facts["changed_nothing"] is True
    assert facts["remarks"] == ["Nothing was changed: every cell held its value already."]
    assert ["as it is: nothing was changed."] in [line[:1] for line in lines_of(book, "Changes")]
    row = next(line for line in lines_of(book, "What if") if line[0] == "as it is")
    assert row[1] == "NOTHING: forces.operating_cost=10"
    assert any("Nothing was changed" in str(cell) for cell in row)
    assert facts_of(comparison, "no such")["changed_nothing"] is False


def test_cells_that_are_changed_and_changed_back_count_as_no_change(case, base):
    texts = ["requirements.level*=2", "requirements.level*=0.5"]
    (variant,) = compare(case, base, {"there and back": texts}).variants
    assert len(variant.changes) == 2
    assert variant.changed_nothing


def test_a_failure_is_a_row_with_its_reason(comparison, book):
    row = next(line for line in lines_of(book, "What if") if line[0] == "no such")
    assert "no plan" in row
    assert any("no row of members has member=Z" in str(cell) for cell in row)
    assert facts_of(comparison, "no such")["status"] == "error"
    assert ["Without a plan, and so without a column: no such."] in [
        line[:1] for line in lines_of(book, "Costs")
    ]


def test_other_yardsticks_are_told(comparison):
    remarks = facts_of(comparison, "base")["remarks"]
    assert remarks == ["Not measured like the base: discount_rate is 0.05, in the base 0.0."]


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


def test_every_sheet_says_that_the_verdict_is_the_base_plans(book):
    for sheet in book:
        assert sheet["A1"].value == "Base plan: Threats met", sheet.title


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
    print_comparison(console, comparison)
    return console.file.getvalue()


def test_the_terminal_cuts_nothing_short_and_tells_what_must_be_known(comparison):
    text = terminal_text(comparison)
    assert FORMULA_LIKE in text
    assert "as it is: Nothing was changed: every cell held its value already." in text
    assert "no row of members has member=Z" in text
    (line,) = [line for line in text.splitlines() if line.startswith("A leaves  ")]
    told = line.split()[2:]
    assert told[:6] == ["optimal", "yes", "320.0", "160.0", "0.00", "0.0e+00"]
    assert told[-1] == "32.00"


def test_a_plan_is_kept_near_the_base(case, base):
    """B at 9 a unit saves 1 where a unit moves, which is two moves: A one less, B one more."""
    cheap = {"B is cheap": ["members[member=B].cost_index=0.9"]}
    free = compare(case, base, cheap).variants[0].solution
    assert free.pooled_expenditure == pytest.approx(4 * 36)
    dear = compare(case, base, cheap, persist=cssopt.Persist(weight=1.0))
    assert dear.variants[0].solution.pooled_expenditure == pytest.approx(160)
    assert dear.moves(dear.variants[0]) == []
    some = compare(case, base, cheap, persist=cssopt.Persist(most=8.0))
    assert some.variants[0].solution.pooled_expenditure == pytest.approx(4 * 39)
    assert sum(abs(m.difference) for m in some.moves(some.variants[0])) == pytest.approx(8)


def test_the_penalty_is_told_apart_from_money(case, base, tmp_path):
    """All 4 units move: 8 moves a year at 0.4 are 12.8, beside 144 million."""
    cheap = {"B is cheap": ["members[member=B].cost_index=0.9"]}
    comparison = compare(case, base, cheap, persist=cssopt.Persist(weight=0.4))
    facts = facts_of(comparison, "B is cheap")
    assert facts["pooled_expenditure"] == pytest.approx(144)
    assert facts["persistence_penalty"] == pytest.approx(12.8)
    assert sum(facts["costs"].values()) == pytest.approx(144)
    report_whatif(case, comparison, tmp_path / "comparison.xlsx")
    lines = lines_of(load_workbook(tmp_path / "comparison.xlsx"), "What if")
    heads = next(line for line in lines if "persistence penalty (a weight, not money)" in line)
    place = heads.index("persistence penalty (a weight, not money)")
    row = [line for line in lines if line[0] == "B is cheap"][1]
    assert row[place] == pytest.approx(12.8)
    assert "persistence penalty 12.80, a weight and no money" in terminal_text(comparison)


@pytest.mark.slow
def test_many_processes_give_the_answers_of_one(case, base, comparison):
    scenarios = {v.name: v.steps for v in comparison.variants}
    many = whatif(case, scenarios, base=base, processes=2)
    assert many.facts() == comparison.facts()


@pytest.mark.parametrize("fault", [RuntimeError("odd"), MemoryError()])
def test_a_fault_of_one_scenario_stops_no_other(case, base, monkeypatch, fault):
    from cssopt.questions.whatif import ask as whatifs

    def solve(case, *rest, **more):
        if case.data.requirements.level["K", "land", 0.0] == 7.0:
            raise fault
        return solve_instance(case, *rest, **more)

    solve_instance = whatifs.solve_instance
    monkeypatch.setattr(whatifs, "solve_instance", solve)
    texts = {"odd": ["requirements.level=7"], "even": ["requirements.level=6"]}
    odd, even = compare(case, base, texts).variants
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
    command = ["whatif", str(folder), *options, "--out", str(tmp_path), "--json"]
    return CliRunner().invoke(app, command)


def test_the_command_asks_standard_questions(folder, tmp_path):
    """Without A, B holds 4 units for 80 a year; without B, A holds them for 40."""
    result = run(folder, tmp_path, "--ask", "leaving", "--ask", "ratification")
    assert result.exit_code == 0
    costs = {s["scenario"]: s["pooled_expenditure"] for s in json.loads(result.stdout)["scenarios"]}
    assert costs == {"A leaves": pytest.approx(320), "B leaves": pytest.approx(160)}
    assert "--ask ratification: the base plan gives no occasion" in result.stderr


def test_the_command_adds_and_drops_rows(folder, tmp_path):
    """With 2 of its 8 units A covers half of the need, B the rest: 20 + 40 a year."""
    result = run(
        folder,
        tmp_path,
        *("--set", "-inventory[member=A]"),
        *("--set", "+inventory[member=A; force=unit; units=2]"),
        *("--persist", "0"),
    )
    assert result.exit_code == 0
    (scenario,) = json.loads(result.stdout)["scenarios"]
    assert scenario["pooled_expenditure"] == pytest.approx(4 * 60)
    assert scenario["persistence_penalty"] == 0
    keys = [(c["table"], c["column"], c["old"], c["new"]) for c in scenario["changed"]]
    assert ("inventory", "units", 8.0, None) in keys
    assert ("inventory", "units", None, 2.0) in keys


def test_a_scenario_that_fails_makes_the_command_fail(tmp_path):
    scenarios = [
        ["scenario", "step", "table", "where", "column", "change", "value"],
        ["no such", 1, "members", "member=Z", "gdp", "set", 1],
    ]
    folder = write_csv(make_book(scenarios=scenarios), tmp_path / "book")
    result = run(folder, tmp_path)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["scenarios"][0]["reason"]


def test_help_says_which_questions_there_are():
    result = CliRunner().invoke(app, ["whatif", "--help"], env={"COLUMNS": "200"})
    for kind in cssopt.QUESTIONS:
        assert kind in result.stdout

"""Results of a sweep: the tidy table, the effects, the document. The outcomes are made up."""

from __future__ import annotations

import math

import openpyxl
import pandas as pd
import pytest
from books import solve_sheets
from rich.console import Console
from small_alliance import CODE_LIKE, make_facts
from small_books import make_book

from cssopt.document.document import MOST_PICKED
from cssopt.questions.sweep.effects import find_effects, widest_first
from cssopt.questions.sweep.result import Swept
from cssopt.questions.sweep.show import show_sweep
from cssopt.render.document_terminal import print_document
from cssopt.render.formats import write_document
from cssopt.render.html.page import render_html
from cssopt.runs.outcome import Outcome, Run, failed
from cssopt.runs.summary import summarize_runs
from cssopt.runs.table import find_varied, tabulate_runs

LEVEL, RATE, WHO = "requirements.level*", "settings.discount_rate", "scenario"


def plan(money, short=0.0, **more):
    """An outcome with a plan of this expenditure and shortfall."""
    figures = {"objective": money, "bound": money, "gap": 0.0, "missing_share": 0.0}
    figures |= {"status": "optimal", "way": "patched", "threats_met": short == 0.0}
    return Outcome(**{**figures, "pooled_expenditure": money, "shortfall": short, **more})


def run(name, *point):
    return Run(name, (), dict(zip((LEVEL, RATE, WHO), point, strict=False)))


SWEEP = [
    (run("1", 1.0, 0.1, "base"), plan(100.0, way="built", reason="the first run")),
    (run("2", 1.0, 0.2, "=worse"), plan(80.0)),
    (run("3", 2.0, 0.1, "base"), plan(200.0, 4.0, status="feasible", gap=0.25, bound=150.0)),
    (run("4", 2.0, 0.2, "=worse"), plan(160.0, 2.0)),
    (run("5", 3.0, 0.1, "base"), Outcome(status="infeasible", way="patched")),
    (run("6", 3.0, 0.2, "base"), failed("=1+1 is no reason")),
]  # fmt: skip
VARIED = (LEVEL, RATE, WHO)


@pytest.fixture(scope="module")
def table():
    return tabulate_runs(SWEEP)


def test_the_table_has_a_row_for_each_run_and_nothing_is_made_up(table):
    assert find_varied(run for run, _ in SWEEP) == VARIED
    assert list(table.columns) == [
        "run", *VARIED, "status", "threats_met", "pooled_expenditure", "objective", "bound", "gap",
        "missing_share", "shortfall", "audit", "way", "reason", "seconds",
    ]  # fmt: skip
    assert table["run"].tolist() == ["1", "2", "3", "4", "5", "6"]
    assert table["audit"].tolist() == ["not audited"] * 4 + [""] * 2
    assert table["pooled_expenditure"].isna().tolist() == [False] * 4 + [True] * 2
    assert table["threats_met"].tolist()[:4] == [True, True, False, False]
    assert table["threats_met"].isna().tolist() == [False] * 4 + [True] * 2


def test_figures_by_key_are_columns_and_what_a_run_has_not_is_missing():
    first = plan(1.0, costs={"fleet_cost": 2.0}, burden={"A": 3.0}, units={("A", "tank"): 4.0})
    second = plan(1.0, burden={"B": 5.0}, shortfalls={("K", "land"): 6.0})
    table = tabulate_runs([(Run("1", ()), first), (Run("2", ()), second)])
    found = table.iloc[:, -5:].to_dict("list")
    assert {name: [None if math.isnan(x) else x for x in found[name]] for name in found} == {
        "cost.fleet_cost": [2, None],
        "burden.A": [3, None],
        "burden.B": [None, 5],
        "shortfall.K.land": [None, 6],
        "units.A.tank": [4, None],
    }


def test_names_with_dots_never_meet_in_one_column():
    units = {("A.B", "C"): 1.0, ("A", "B.C"): 2.0}
    table = tabulate_runs([(Run("1", ()), plan(1.0, units=units))])
    assert table['units."A.B".C'].tolist() == [1]
    assert table['units.A."B.C"'].tolist() == [2]


def test_a_quantity_of_numbers_and_texts_is_one_of_texts():
    runs = [(Run("1", (), {"a.b": 0.5}), plan(1.0)), (Run("2", (), {"a.b": "none"}), plan(1.0))]
    assert tabulate_runs(runs)["a.b"].tolist() == ["0.5", "none"]


def test_the_summary_counts_every_run_once(table):
    summary = summarize_runs(table)
    assert (summary.runs, summary.optimal, summary.feasible) == (6, 3, 1)
    assert (summary.infeasible, summary.failed, summary.not_met) == (1, 1, 2)
    money = summary.expenditure
    assert (money.least, money.median, money.most) == (80, 130, 200)
    assert (summary.shortfall.least, summary.shortfall.most) == (0, 4)
    assert (summary.gap.most, summary.built, summary.patched) == (0.25, 1, 4)


def test_an_effect_is_the_mean_of_the_runs_with_a_plan(table):
    level, rate, who = find_effects(table, VARIED)
    assert [(g.name, g.runs, g.left_out) for g in level.groups] == [
        ("1", 2, 0), ("2", 2, 0), ("3", 0, 2),
    ]  # fmt: skip
    assert [g.means["pooled_expenditure"] for g in level.groups[:2]] == [90, 180]
    assert [g.means["shortfall"] for g in level.groups[:2]] == [0, 3]
    assert [g.means["pooled_expenditure"] for g in rate.groups] == [150, 120]
    assert [(g.name, g.means["pooled_expenditure"]) for g in who.groups] == [
        ("base", 150), ("=worse", 120),
    ]  # fmt: skip
    assert not who.is_number
    assert level.distances("pooled_expenditure") == (-45, 45)
    # Run 3 may be 50 too dear, its groups so 25 on average: less than they differ.
    assert [(e.is_told("pooled_expenditure"), e.groups[-1].doubt) for e in (rate, who)] == [
        (True, 0),
        (True, 0),
    ]
    assert [e.label for e in widest_first((rate, level), "pooled_expenditure")] == [LEVEL, RATE]
    assert [e.label for e in widest_first((rate, level), "shortfall")] == [LEVEL, RATE]


def test_many_values_are_cut_into_five_groups_of_equal_count():
    """Values 1..20 with money ten times the value: groups of four, 1-4 with mean 25, and so on."""
    outcomes = [(run(str(i), float(i)), plan(10.0 * i)) for i in range(20, 0, -1)]
    (effect,) = find_effects(tabulate_runs(outcomes), [LEVEL])
    assert [(g.name, g.middle, g.runs, g.means["pooled_expenditure"]) for g in effect.groups] == [
        ("1 to 4", 2.5, 4, 25), ("5 to 8", 6.5, 4, 65), ("9 to 12", 10.5, 4, 105),
        ("13 to 16", 14.5, 4, 145), ("17 to 20", 18.5, 4, 185),
    ]  # fmt: skip


def test_twelve_values_are_not_cut():
    outcomes = [(run(str(i), float(i)), plan(1.0)) for i in range(12)]
    (effect,) = find_effects(tabulate_runs(outcomes), [LEVEL])
    assert len(effect.groups) == 12


def show(base, outcomes, reused=2):
    facts = make_facts(question="sweep", file="results")
    return show_sweep(Swept(base, outcomes, reused), facts)


@pytest.fixture(scope="module")
def document(met):
    return show(met[0], SWEEP)


@pytest.fixture(scope="module")
def book(document, tmp_path_factory):
    place = write_document(tmp_path_factory.mktemp("sweep"), document, ["xlsx"])
    return openpyxl.load_workbook(place.path)


def rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def row_of(sheet, first):
    """The cells of the first row that begins so."""
    return next(row for row in rows(sheet) if row[0] == first)


def test_the_book_has_its_sheets_and_charts(book):
    names = ["Sweep", "Effects", "Responses", "Structure", "Runs", "Failed", "Run"]
    assert book.sheetnames == names
    # Two tornadoes; for each of three quantities the response of money and of shortfall.
    assert [len(book[name]._charts) for name in names] == [2, 0, 6, 0, 0, 0, 0]


def test_the_first_sheet_tells_the_counts_and_the_ranges(book):
    sheet = book["Sweep"]
    assert rows(sheet)[0][0].startswith("Base plan: threats met. Threats are met in 2 of 6 runs;")
    assert any("THREATS NOT MET in 2 of 6 runs" in str(row[0]) for row in rows(sheet))
    for name, number in (("runs", 6), ("optimal", 3), ("feasible", 1), ("infeasible", 1),
                         ("failed", 1), ("threats not met", 2)):  # fmt: skip
        assert row_of(sheet, name)[1] == number
    assert row_of(sheet, "pooled expenditure")[2:5] == [80, 130, 200]
    assert row_of(sheet, "shortfall")[2:5] == [0, 1, 4]
    assert row_of(sheet, LEVEL)[1:3] == [3, "1 to 3"]
    assert row_of(sheet, WHO)[1:3] == [2, "base, =worse"]


def test_the_numbers_behind_the_charts_stand_in_the_sheet_effects(book):
    sheet = book["Effects"]
    assert any("2 of 6 runs have no plan and are left out" in str(row[0]) for row in rows(sheet))
    spans = [row[:8] for row in rows(sheet) if row[0] == LEVEL and row[2] == "1"]
    assert spans[0] == [LEVEL, 90, "1", 180, "2", 90, -45, 45]
    assert spans[1] == [LEVEL, 0, "1", 3, "2", 3, -1.5, 1.5]
    sheet = book["Responses"]
    groups = [row[1:7] for row in rows(sheet) if row[0] == LEVEL and row[1] in ("1", "2", "3")]
    assert groups == [["1", 1, 2, 0, 90, 0], ["2", 2, 2, 0, 180, 3], ["3", 3, 0, 2, None, None]]


def test_every_run_stands_in_the_sheet_runs_and_those_without_a_plan_apart(book):
    runs = [row for row in rows(book["Runs"]) if row[0] in list("123456")]
    assert [row[:5] for row in runs[:2]] == [
        ["1", 1, 0.1, "base", "optimal"], ["2", 1, 0.2, "=worse", "optimal"],
    ]  # fmt: skip
    assert len(runs) == 6
    assert runs[5][6] is None
    failures = [row[:6] for row in rows(book["Failed"]) if row[0] in list("123456")]
    assert failures == [
        ["5", 3, 0.1, "base", "infeasible", "No plan can keep all rules of this study."],
        ["6", 3, 0.2, "base", "error", "=1+1 is no reason"],
    ]


def test_no_text_becomes_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert "=worse" in [cell.value for cell in cells]
    assert any(f"Sweep: {CODE_LIKE['title']}" in str(cell.value) for cell in cells)


def test_a_sweep_without_any_plan_is_shown_too(met):
    document = show(met[0], SWEEP[4:])
    assert [sheet.name for sheet in document.sheets] == [
        "Sweep", "Effects", "Responses", "Structure", "Runs", "Failed",
    ]  # fmt: skip
    assert not [chart for sheet in document.sheets for chart in sheet.charts]
    assert document.verdict == "Base plan: threats met. None of 2 runs has a plan."


def test_what_plans_have_is_counted_with_full_names():
    outcomes = [
        (run("1", 1.0), plan(1.0, structure=("A buys tank", "B delegates"), burden={"A": 1.0})),
        (run("2", 2.0), plan(2.0, structure=("B delegates",))),
        (run("3", 3.0), Outcome(status="infeasible", structure=("A buys tank",))),
    ]
    document = show(solve_sheets(make_book()), outcomes)
    first, second = document.table("structure").records()
    assert (first["element"], first["runs"], first["share"]) == ("B delegates", 2, 1.0)
    assert (second["element"], second["runs"], second["share"]) == ("A buys tank", 1, 0.5)
    assert second["element_name"] == "Alpha buys tank"
    runs = document.table("runs")
    assert runs.columns[runs.place("burden.A")].heading == "burden.A (Alpha)"


def test_every_run_is_in_the_tables_and_few_stand_for_all(met, tmp_path):
    """Of 500 runs the cheapest, the dearest and those without a plan are among the few."""
    outcomes = [(run(str(i), float(i)), plan(10.0 * abs(i - 300))) for i in range(499)]
    outcomes.insert(77, (run("lost", 77.5), failed("no reason")))
    document = show(met[0], outcomes)
    runs = document.table("runs")
    assert len(runs.rows) == 500
    assert len(runs.picked) <= MOST_PICKED
    # The run without a plan moves all after it by one place.
    assert {0, 77, 301, 499} <= set(runs.picked)
    assert len(document.table("failed").rows) == 1
    assert document.data == ("runs",)


@pytest.mark.medium
def test_a_page_of_many_runs_stays_small(met):
    units = {("A", f"f{i}"): 1.0 for i in range(30)}
    outcomes = [(run(str(i), float(i)), plan(10.0 * i, units=units)) for i in range(3_000)]
    assert len(render_html(show(met[0], outcomes))) < 1_000_000


def test_the_parquet_file_holds_the_same_table(document, table, tmp_path):
    write_document(tmp_path, document, ["xlsx", "parquet"])
    again = pd.read_parquet(tmp_path / "runs.parquet")
    pd.testing.assert_frame_equal(again, table, check_dtype=False)
    assert again.attrs == {"run_id": document.facts.run_id}


def test_the_terminal_tells_shortfall_first_and_apart_from_money(document):
    console = Console(record=True, width=160)
    print_document(console, document)
    lines = [" ".join(line.split()) for line in console.export_text().splitlines()]
    place = next(i for i, line in enumerate(lines) if "THREATS NOT MET in 2 of 6 runs." in line)
    assert place < lines.index("runs 6 2 of them finished in an earlier sweep")
    assert "failed 1 ! no answer; the reasons are in the sheet Failed" in lines
    assert any(line.startswith("pooled expenditure ") and "80.00 130.00 200.00" in line
               for line in lines)  # fmt: skip
    assert any(line.startswith("shortfall ") and "1.00 4.00" in line for line in lines)

"""What the answer of prices tells: on the screen, in the workbook, as JSON, by its exit code."""

from __future__ import annotations

import re
from unittest.mock import patch

import openpyxl
import pytest
from books import add_column, read_study, write_csv
from commands import command
from small_books import forces, make_book, settings

import cssopt
from cssopt.assembly.instance import Instance
from cssopt.document.document import Note, Pairs
from cssopt.questions.prices import tables
from cssopt.questions.prices.ask import Prices
from cssopt.questions.prices.find import find_prices
from cssopt.questions.question import Answer, Asking
from cssopt.solution.price import FIXED
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.session import QuietHighs

FREE = [row for row in settings() if row[0] != "shortfall_penalty"]
NEED_OF_8 = [["threat", "capability", "day", "level"], ["K", "land", 0, 8]]


def make_case(folder, **sheets):
    return cssopt.load(write_csv(make_book(**{"settings": FREE, **sheets}), folder / "book"))


def texts_of(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def notes_of(document, sheet):
    (one,) = [each for each in document.sheets if each.name == sheet]
    return " ".join(block.text for block in one.flat if isinstance(block, Note))


def pairs_of(document, name="summary"):
    found = document.tables[name]
    assert isinstance(found, Pairs)
    return {pair.label: pair.value for pair in found.pairs}


@pytest.fixture
def run(monkeypatch):
    def call(*arguments, cwd):
        monkeypatch.chdir(cwd)
        return command("prices", *arguments)

    return call


@pytest.mark.medium
def test_the_command_tells_writes_and_answers(tmp_path, run):
    book = write_csv(make_book(settings=FREE, requirements=NEED_OF_8), tmp_path / "book")
    done = run(book, "--json", cwd=tmp_path)
    assert done.code == 0
    assert "cell 1 of" not in done.out
    assert "reports/book-prices/prices.xlsx" in done.err
    assert done.told["question"] == "prices"
    assert done.told["status"] == "optimal"
    summary = {row["label"]: row["value"] for row in done.tables["summary"]}
    assert summary["prices of"] == "lp"
    assert summary["expenditure that is priced"] == pytest.approx(320)
    (need,) = [cell for cell in done.tables["cells"] if cell["cell"] == "requirements!D2"]
    assert need["what"] == "Crisis, Land, day 0: level"
    assert need["price_down"] == pytest.approx(40)
    assert need["price_up"] == pytest.approx(80)
    assert need["unique"] is False
    assert need["holds_to"] == pytest.approx(16)
    # One unit of power less in a year only: what it saves stands with how much less that holds for.
    rooms = [r for r in done.tables["rules"] if r["rule"] == "meet_requirement"]
    assert rooms
    assert all(r["saves_expenditure"] is None or r["more_room"] > 0 for r in rooms)
    assert {(r["at"], r["threat"], r["capability"]) for r in rooms} == {
        ("Crisis, Land, day 0", "K", "land")
    }
    found = openpyxl.load_workbook(tmp_path / "reports" / "book-prices" / "prices.xlsx")
    assert found.sheetnames == ["Prices", "Cells", "Rules", "Run"]
    assert found["Prices"]._charts
    assert "requirements!D2" in texts_of(found["Prices"])
    assert "Crisis, Land, day 0: level" in texts_of(found["Prices"])
    assert "another price beyond" in texts_of(found["Cells"])
    assert "meet_requirement" in texts_of(found["Rules"])


def test_only_a_kind_of_sides_that_there_is_can_be_asked_for(tmp_path, run):
    done = run(tmp_path / "book", "--sides", "both", cwd=tmp_path)
    assert done.code == 2
    assert "planned" in done.err
    with pytest.raises(TypeError, match="sides"):
        cssopt.prices(make_case(tmp_path), sides="both")


@pytest.mark.medium
def test_the_dearest_come_first_with_both_prices(tmp_path):
    answer = cssopt.prices(make_case(tmp_path, requirements=NEED_OF_8))
    dearest = answer.document.table("dearest_expenditure")
    # The column of growth is not in the sheet.
    assert dearest.column("cell") == ["requirements!A2", "requirements!D2"]
    level = dict(zip([c.name for c in dearest.columns], dearest.rows[1], strict=True))
    assert [level[name] for name in ("price_down", "price_up")] == pytest.approx([40, 80])
    assert [level[name] for name in ("holds_from", "holds_to")] == pytest.approx([0, 16])
    assert answer.document.measure == "million EUR, prices of 2030, present value"
    assert pairs_of(answer.document)["of which two prices"] == 3
    (chart,) = answer.document.sheets[0].charts
    assert (chart.by, chart.series) == ("what", ("expenditure_of_step",))


@pytest.mark.medium
def test_a_cell_with_one_price_has_no_other_for_less_or_for_more(tmp_path):
    """With 4 of A's 8 units needed the next one costs as much as the last one saves."""
    dearest = cssopt.prices(make_case(tmp_path)).document.table("dearest_expenditure")
    level = dict(zip(dearest.column("cell"), dearest.records(), strict=True))["requirements!D2"]
    assert level["expenditure"] == pytest.approx(40)
    assert (level["price_down"], level["price_up"]) == (None, None)


@pytest.mark.medium
def test_the_verdict_names_what_holds_the_plan_back_most(tmp_path):
    """8 (1 + g) ** 3 units are needed in the end: 1,920 a unit of growth, which errs by 0.5 % where
    (1 + g) ** 3 - 1 = 1.005 * 3 g, at g = 0.004992: no whole step of 0.01 is told."""
    verdict = cssopt.prices(make_case(tmp_path, requirements=NEED_OF_8)).document.verdict
    assert verdict.startswith("Base plan: threats met. 2 of the 6 cells")
    assert "most of all Crisis, Land, day 0: growth" in verdict
    found = re.search(
        r"of which ([\d.]+) more \(as far as its price is known to hold\) changes it by "
        r"\+([\d.]+) million EUR",
        verdict,
    )
    step, change = map(float, found.groups())
    assert step == pytest.approx(0.004992, rel=1e-3)
    assert change == pytest.approx(1920 * step, rel=1e-3)


@pytest.mark.medium
def test_the_screen_tells_the_dearest(tmp_path, run):
    book = write_csv(make_book(settings=FREE, requirements=NEED_OF_8), tmp_path / "book")
    done = run(book, "--out", "here", cwd=tmp_path)
    assert "What moves the expenditure most" in done.out
    assert "Crisis, Land, day 0: level" in done.out
    assert "its range was not asked for" not in done.out  # the sheet Cells is not shown


@pytest.mark.medium
def test_every_price_says_what_it_counts(tmp_path):
    document = cssopt.prices(make_case(tmp_path, requirements=NEED_OF_8)).document
    for name in ("cells", "rules"):
        prices = [c for c in document.table(name).columns if "expenditure" in c.name]
        assert prices
        assert all("million EUR, prices of 2030, present value" in c.measure for c in prices)


@pytest.mark.medium
def test_prices_with_whole_numbers_fixed_say_so_everywhere(tmp_path):
    whole = add_column(forces(), "whole", True)
    document = cssopt.prices(make_case(tmp_path, forces=whole)).document
    for name in ("Prices", "Cells", "Rules"):
        assert FIXED in notes_of(document, name), name
    assert pairs_of(document)["prices of"] == "fixed"


@pytest.mark.medium
def test_an_objective_that_is_no_money_is_said_to_be_none(tmp_path):
    document = cssopt.prices(make_case(tmp_path, settings=settings())).document
    assert "are no money" in notes_of(document, "Prices")
    names = [column.name for column in document.table("cells").columns]
    assert "objective" in names
    assert not any("expenditure" in name for name in names)
    assert "EUR" not in document.verdict


@pytest.mark.medium
def test_a_short_need_is_said_to_be_short_and_has_its_worth_in_missing_share(tmp_path):
    """A alone has 36 in 2030 for 3.6 of 4 units, and then as few: 0.1 of the need in each year."""
    budgets = [["member", "year", "budget"], ["A", 2030, 36]]
    only_a = [["member", "force", "units"], ["A", "unit", 8]]
    document = cssopt.prices(make_case(tmp_path, budgets=budgets, inventory=only_a)).document
    assert "requirements!D2" not in document.table("dearest_expenditure").column("cell")
    missing = document.table("dearest_missing_share")
    prices = dict(zip(missing.column("cell"), missing.column("missing_share"), strict=True))
    assert prices["requirements!D2"] == pytest.approx(0.9, rel=1e-5)  # 4 years of 3.6 / 16
    assert "short: one more unit of this need, or of another in its place" in notes_of(
        document, "Prices"
    )
    for table in (missing, document.table("cells")):
        short = dict(zip(table.column("cell"), table.column("short"), strict=True))
        assert short["requirements!D2"] == "short", table.name


def test_prices_whose_range_was_not_asked_for_are_not_shown(tmp_path):
    answer = cssopt.prices(make_case(tmp_path), sides="none")
    assert "none was asked for" in notes_of(answer.document, "Prices")
    assert "none holds the plan back" not in notes_of(answer.document, "Prices")
    assert not [name for name in answer.document.tables if name.startswith("dearest")]
    prices = answer.document.table("cells").column("expenditure")
    assert prices == [None] * len(answer.cells)


@pytest.mark.medium
def test_prices_without_time_are_counted(tmp_path):
    """A plan for whose questions there is no time at all: what is left is told."""
    case = make_case(tmp_path)
    instance = Instance(case.data, read_study("pooled"), case.data.members.keys)
    plan = run_study(instance, Options(patience=0.0))
    found = find_prices(plan)
    planned = sum(cell.planned for cell in found.cells)
    # What the bases of the plan tell takes no new solve, and is what those would tell, if of less.
    known = find_prices(run_study(instance, Options())).cells
    by_basis = [pair for pair in zip(found.cells, known, strict=True) if pair[0].slopes]
    assert found.solves == 1
    assert found.unlooked_cells == planned - len(by_basis) > 0
    for one, other in by_basis:
        for side, farther in ((one.down, other.down), (one.up, other.up)):
            if side is not None and side.slopes:
                assert side.slopes == pytest.approx(farther.slopes, nan_ok=True)
                reach = abs(farther.until - one.value) * (1 + 1e-6)
                assert abs(side.until - one.value) <= reach
    document = Answer(found, Asking(Prices(), case)).document
    assert f"would take too long: {found.unlooked} of the cells" in notes_of(document, "Prices")
    assert pairs_of(document)["cells and rules not looked at"] == found.unlooked > 0
    assert pairs_of(document)["without one that is known"] == 0


def test_no_plan_is_told_and_written(tmp_path, run):
    too_much = [NEED_OF_8[0], ["K", "land", 0, 17]]
    book = write_csv(make_book(settings=FREE, requirements=too_much), tmp_path / "book")
    done = run(book, "--study", "strict", "--out", "here", cwd=tmp_path)
    assert done.code == cssopt.Status.INFEASIBLE.exit_code
    assert "There is no plan, and so no price" in done.out
    found = openpyxl.load_workbook(tmp_path / "here" / "prices.xlsx")
    assert found.sheetnames == ["Prices", "Run"]
    assert "There is no plan" in " ".join(texts_of(found["Prices"]))


def test_a_study_without_prices_is_an_error_in_words_before_anything_is_solved(tmp_path, run):
    book = write_csv(make_book(), tmp_path / "book")
    with patch.object(QuietHighs, "startSolve", side_effect=AssertionError):
        done = run(book, "--study", "equal_security", cwd=tmp_path)
    assert done.code == cssopt.Status.ERROR.exit_code
    assert done.out == ""
    assert "it has no prices. Choose another study" in done.err


def test_the_last_stage_comes_first_and_none_is_left_out():
    assert tables._last_first(["missing", "burden", "money"]) == ["money", "missing", "burden"]

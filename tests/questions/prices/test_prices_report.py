"""What the command prices tells, writes and answers."""

from __future__ import annotations

import io
import json
import sys

import openpyxl
import pytest
from books import add_column, write_csv
from rich.console import Console
from small_books import forces, make_book, settings

import cssopt
from cssopt.cli import main
from cssopt.questions.prices import tables
from cssopt.questions.prices.terminal import print_prices
from cssopt.solution.price import FIXED

FREE = [row for row in settings() if row[0] != "shortfall_penalty"]
NEED_OF_8 = [["threat", "capability", "day", "level"], ["K", "land", 0, 8]]


def make_case(folder, **sheets):
    return cssopt.load(write_csv(make_book(**{"settings": FREE, **sheets}), folder / "book"))


def texts_of(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def print_to_text(prices):
    console = Console(file=io.StringIO(), width=200)
    print_prices(console, prices)
    return console.file.getvalue()


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*arguments, cwd):
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["cssopt", "prices", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return call


def test_the_command_tells_writes_and_answers(tmp_path, run):
    book = write_csv(make_book(settings=FREE, requirements=NEED_OF_8), tmp_path / "book")
    code, out, err = run(str(book), "--json", cwd=tmp_path)
    assert code == 0
    assert "cell 1 of" not in out
    assert "Prices: reports/book-prices/prices.xlsx" in err
    facts = json.loads(out)
    assert facts["status"] == "optimal"
    assert facts["figure"] == "expenditure"
    assert facts["prices_of"] == "lp"
    assert facts["reached"]["expenditure"] == pytest.approx(320)
    (need,) = [cell for cell in facts["cells"] if cell["cell"] == "requirements!D2"]
    assert need["price_down"] == pytest.approx(40)
    assert need["price_up"] == pytest.approx(80)
    assert need["unique"] is False
    assert need["holds_to"] == pytest.approx(16)
    # One unit of power less in a year only: what it saves stands with how much less that holds for.
    rooms = [r for r in facts["rules"] if r["rule"] == "meet_requirement"]
    assert rooms
    assert all(r["saves_expenditure"] is None or r["more_room"] > 0 for r in rooms)
    found = openpyxl.load_workbook(tmp_path / "reports" / "book-prices" / "prices.xlsx")
    assert found.sheetnames == ["Prices", "Cells", "Rules", "Run"]
    assert found["Prices"]._charts
    assert "requirements!D2" in texts_of(found["Prices"])
    assert "K, land, 0: level" in texts_of(found["Prices"])
    assert "another price beyond" in texts_of(found["Cells"])
    assert "meet_requirement" in texts_of(found["Rules"])


def test_the_terminal_shows_the_dearest_first_and_both_prices(tmp_path):
    text = print_to_text(cssopt.prices(make_case(tmp_path, requirements=NEED_OF_8)))
    first, second = text.splitlines()[1:3]
    assert first.startswith("requirements!A2")  # growth, whose column the sheet does not have
    assert second.startswith("requirements!D2")
    assert second.rstrip().endswith("two prices: 40 for less, to 0; 80 for more, to 16")
    assert "million EUR, prices of 2030, present value" in text
    assert "With two prices, one for less and another for more: 3." in text


def test_prices_with_whole_numbers_fixed_say_so_everywhere(tmp_path):
    whole = add_column(forces(), "whole", True)
    case = make_case(tmp_path, forces=whole)
    found = cssopt.prices(case)
    assert FIXED in print_to_text(found)
    cssopt.report_prices(case, found, tmp_path / "prices.xlsx")
    book = openpyxl.load_workbook(tmp_path / "prices.xlsx")
    for name in ("Prices", "Cells", "Rules"):
        assert FIXED in " ".join(texts_of(book[name])), name


def test_an_objective_that_is_no_money_is_said_to_be_none(tmp_path):
    case = make_case(tmp_path, settings=settings())
    found = cssopt.prices(case)
    text = print_to_text(found)
    assert "objective per unit" in text
    assert "are no money" in text
    cssopt.report_prices(case, found, tmp_path / "prices.xlsx")
    book = openpyxl.load_workbook(tmp_path / "prices.xlsx")
    assert "are no money" in " ".join(texts_of(book["Prices"]))
    assert "expenditure" not in texts_of(book["Cells"])


def test_a_short_need_is_said_to_be_short_and_has_its_worth_in_missing_share(tmp_path):
    """A alone has 36 in 2030 for 3.6 of 4 units, and then as few: 0.1 of the need in each year."""
    budgets = [["member", "year", "budget"], ["A", 2030, 36]]
    only_a = [["member", "force", "units"], ["A", "unit", 8]]
    case = make_case(tmp_path, budgets=budgets, inventory=only_a)
    found = cssopt.prices(case)
    text = print_to_text(found)
    money, missing = text.split("missing share per unit")
    assert "requirements!D2" not in money
    (line,) = [x for x in missing.splitlines() if x.startswith("requirements!D2")]
    assert "0.9" in line  # 4 years of 3.6 / 16
    assert "short: one more unit of this need would be missing" in text
    cssopt.report_prices(case, found, tmp_path / "prices.xlsx")
    book = openpyxl.load_workbook(tmp_path / "prices.xlsx")
    for name in ("Prices", "Cells"):
        rows = [[c.value for c in row] for row in book[name].iter_rows()]
        assert any("requirements!D2" in row and "short" in row for row in rows), name


def test_prices_whose_range_was_not_asked_for_are_not_shown(tmp_path):
    case = make_case(tmp_path)
    found = cssopt.prices(case, sides="none")
    text = print_to_text(found)
    assert "none was asked for" in text
    assert "per unit" not in text
    assert "none holds the plan back" not in text
    cssopt.report_prices(case, found, tmp_path / "prices.xlsx")
    book = openpyxl.load_workbook(tmp_path / "prices.xlsx")
    assert "none was asked for" in " ".join(texts_of(book["Prices"]))
    (header,) = [r for r in book["Cells"].iter_rows() if r[0].value == "cell"]
    place = [c.value for c in header].index("expenditure")
    below = [r[place].value for r in book["Cells"].iter_rows(min_row=header[0].row + 1)]
    assert len(below) == len(found.cells)
    assert not any(isinstance(x, float) for x in below)


def test_no_plan_is_told_and_written(tmp_path, run):
    too_much = [NEED_OF_8[0], ["K", "land", 0, 17]]
    book = write_csv(make_book(settings=FREE, requirements=too_much), tmp_path / "book")
    code, out, _ = run(str(book), "--study", "strict", "--out", "here", cwd=tmp_path)
    assert code == cssopt.Status.INFEASIBLE.exit_code
    assert "There is no plan, and so no price" in out
    found = openpyxl.load_workbook(tmp_path / "here" / "prices.xlsx")
    assert found.sheetnames == ["Prices", "Run"]
    assert "There is no plan" in " ".join(texts_of(found["Prices"]))


def test_a_study_without_prices_is_an_error_in_words(tmp_path, run):
    book = write_csv(make_book(), tmp_path / "book")
    code, out, err = run(str(book), "--study", "equal_security", cwd=tmp_path)
    assert code == cssopt.Status.ERROR.exit_code
    assert out == ""
    assert "it has no prices. Choose another study" in err


def test_the_last_stage_comes_first_and_none_is_left_out():
    assert tables._last_first(["missing", "burden", "money"]) == ["money", "missing", "burden"]

"""What is saved has its sign wherever it is shown: more than nothing where money is saved."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from small_alliance import print_plan
from small_books import ACTIVITIES, activity, bodies, make_book

import cssopt

ONLY_B = [["threat", "member", "share"], ["K", "B", 1]]
COUNCIL = ("council", "delegation", 3, 1)
DELEGATION = "delegation, free of bodies, set-up and integration loss"
CHARGED = "bodies, set-up and integration loss charged"


def load(sheets):
    frames = {name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in sheets.items()}
    return cssopt.load(frames)


@pytest.fixture(scope="module")
def dear_and_cheap(tmp_path_factory):
    """Only B is endangered: alone it pays 4 * 80. A does it for 4 * 40; the council takes 3 and 1 a
    year, the treaty 2: 160 saved, 9 charged, 151 saved in all."""
    treaty = activity("treaty", "treaty", 0, 2)
    book = make_book(exposure=ONLY_B, bodies=bodies(COUNCIL), activities=[ACTIVITIES, treaty])
    folder = tmp_path_factory.mktemp("reports")
    return report(load(book), folder)


@pytest.fixture(scope="module")
def dearer_together(tmp_path_factory):
    """Apportionment makes B, twice as dear, hold half of the power: 40 + 80 against 40 for A alone,
    who alone is endangered: 4 * 20 lost in all."""
    book = make_book(
        apportionment=[["member", "capability", "min_share"], ["B", "land", 0.5]],
        exposure=[["threat", "member", "share"], ["K", "A", 1]],
    )
    folder = tmp_path_factory.mktemp("reports")
    return report(load(book), folder)


def report(case, folder):
    """What is found, how it is written, and what the terminal shows of it and of the plan."""
    answer = cssopt.compare(case)
    answer.write(folder, ("xlsx", "json"))
    ledger = print_plan(answer.plan, answer.baseline).splitlines()
    plan = print_plan(answer.plan, replace(answer.baseline, links=())).splitlines()
    return ledger, plan, folder


def figures_of(folder):
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {row["label"]: row["value"] for row in told["tables"]["figures"]}


def beside(sheet, label, column=1):
    return next(row[column].value for row in sheet.iter_rows() if row[0].value == label)


@pytest.mark.medium
def test_a_saving_is_shown_as_one(dear_and_cheap):
    lines, shown, folder = dear_and_cheap
    assert f"{DELEGATION} 160.0 160.0" in lines
    assert f"{CHARGED} 169.0 -9.0" in lines
    assert any(line.startswith("saving at equal security 151.0 ") for line in lines)
    # The decision page: 169 in place of 320.
    assert any(re.fullmatch("All members 169 .* 320 169 \u2212151", line) for line in shown)
    less = "EUR 0.17 billion, EUR 0.15 billion less than two separate defenses"
    assert less in " ".join(shown).replace("\u00a0", " ")
    book = openpyxl.load_workbook(folder / "report.xlsx")
    assert beside(book["Summary"], "saving at equal security") == pytest.approx(151)
    assert beside(book["Pooling ledger"], DELEGATION, 2) == pytest.approx(160)
    assert beside(book["Pooling ledger"], CHARGED, 2) == pytest.approx(-9)
    assert beside(book["Pooling ledger"], "saving at equal security") == pytest.approx(151)
    assert figures_of(folder)["saving"] == pytest.approx(151)


@pytest.mark.medium
def test_a_loss_is_shown_as_one(dearer_together):
    lines, shown, folder = dearer_together
    assert any(line.startswith("saving at equal security -80.0 ") for line in lines)
    assert any(re.fullmatch(r"All members 240 .* 160 240 \+80", line) for line in shown)
    assert "EUR 80 million more than two separate defenses" in " ".join(shown).replace(
        "\u00a0", " "
    )
    book = openpyxl.load_workbook(folder / "report.xlsx")
    for sheet in ("Summary", "Pooling ledger"):
        assert beside(book[sheet], "saving at equal security") == pytest.approx(-80)
    assert figures_of(folder)["saving"] == pytest.approx(-80)


@pytest.mark.medium
def test_what_more_security_costs_is_a_cost():
    """Alone nobody has enough: A holds 2 of 4, B 2 of 4, each 2 short in each of 4 years. Together
    they hold 4: no more short, for 2 units each, 20 + 40 a year; equal security, 2 short, would
    take A's 2 alone: 20 a year. So 40 a year buy the security that none had."""
    book = make_book(inventory=[["member", "force", "units"], ["A", "unit", 2], ["B", "unit", 2]])
    answer = cssopt.compare(load(book))
    solution, baseline = answer.plan, answer.baseline
    assert solution.pooled_expenditure == pytest.approx(4 * 60)
    assert baseline.further_security(solution) == pytest.approx(4 * 40)
    shown = print_plan(solution, baseline).splitlines()
    assert any(line.startswith("further security costs 160.0 ") for line in shown)


def test_more_room_saves():
    """One year, only B endangered: A may use 3 people and B, twice as dear, holds the fourth unit.
    One more person of A saves 20 - 10; in each table that tells it."""
    book = make_book(exposure=ONLY_B)
    book["settings"] = [[n, 2030 if n == "last_year" else v] for n, v in book["settings"]]
    people = ("personnel", 3, None)
    book["members"] = [[*row, n] for row, n in zip(book["members"], people, strict=True)]
    book["forces"][1][2] = 1
    case = load(book)
    rules = cssopt.prices(case).tables["rules"].set_index("rule")
    for side in ("saves_less", "saves_more"):
        assert rules.loc["limit_personnel", side] == pytest.approx(10)
        assert rules.loc["meet_requirement", side] == pytest.approx(20)

"""Faulty workbooks: every issue, word for word; and random damage never goes unnoticed."""

from __future__ import annotations

import random

import pytest
from faulty import FAULTY
from hostile import HOSTILE
from openpyxl import load_workbook

import cssopt
from cssopt import find_tables, write_template
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import load_components
from cssopt.tables.check import check_book
from cssopt.tables.raw import MERGED, RawBook, RawSheet
from cssopt.workbook.read import read_workbook


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return write_template(tmp_path_factory.mktemp("example") / "example.xlsx", example=True)


@pytest.mark.medium
@pytest.mark.parametrize("name", FAULTY)
def test_every_issue_word_for_word(name, example, tmp_path):
    change, expected = FAULTY[name]
    book = load_workbook(example)
    change(book)
    path = tmp_path / "faulty.xlsx"
    book.save(path)
    checked = cssopt.check(path)
    assert [str(issue) for issue in checked.issues] == expected
    assert checked.data is None


def test_the_corpus_is_large():
    assert len(FAULTY) + len(HOSTILE) >= 75
    codes = {line.split()[0] for _, issues in FAULTY.values() for line in issues}
    assert len(codes) >= 20


@pytest.fixture(scope="module")
def raw(example):
    return read_workbook(example)


@pytest.fixture(scope="module")
def rules():
    parts = load_components(find_model_folders()).values()
    return find_tables(), [rule for part in parts for rule in part.checks]


def with_cells(raw, cells):
    """The book with some cells replaced, by sheet and position."""
    sheets = dict(raw.sheets)
    for (title, row, column), cell in cells.items():
        rows = [list(line) for line in sheets[title].rows]
        rows[row][column] = cell
        sheets[title] = RawSheet(title, tuple(map(tuple, rows)))
    return RawBook(raw.source, raw.digest, sheets)


def pick(raw, chance):
    """A cell with a value, of a sheet on which the plan depends."""
    while True:
        title = chance.choice([name for name in raw.sheets if name not in ("about", "scenarios")])
        rows = raw.sheets[title].rows
        row, column = chance.randrange(len(rows)), chance.randrange(len(rows[0]))
        if rows[row][column].value is not None:
            return (title, row, column), rows[row][column]


def damage_type(raw, chance):
    """A number as text, a text as number, a flag, a date: the number itself is left as it is."""
    place, cell = pick(raw, chance)
    if isinstance(cell.value, str):
        values = [7, True, f" {cell.value}\u00a0", cell.value.swapcase()]
        return {place: cell._replace(value=chance.choice(values))}
    if chance.random() < 0.2:
        return {place: cell._replace(date="1900-01-05")}
    shown = f"{cell.value}"
    values = [shown, shown.replace(".", ","), f"{shown}%", f"\u2212{shown}", f"{shown} M", True]
    return {place: cell._replace(value=chance.choice(values))}


def damage_text(raw, chance):
    """A letter lost, doubled or changed; words; signs."""
    place, cell = pick(raw, chance)
    text = str(cell.value)
    at = chance.randrange(len(text))
    values = [text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:], text.swapcase(),
              "TBC", "-", "n/a", "=1+1", "@x", "+1", "\u200b", "x" * 300, "\x07"]  # fmt: skip
    return {place: cell._replace(value=chance.choice(values))}


def damage_blank(raw, chance):
    place, cell = pick(raw, chance)
    return {place: cell._replace(value=None)}


def damage_move(raw, chance):
    """Cut a cell and paste it over its neighbor."""
    (title, row, column), cell = pick(raw, chance)
    rows = raw.sheets[title].rows
    other = min(row + 1, len(rows) - 1), min(column + chance.randrange(2), len(rows[0]) - 1)
    target = rows[other[0]][other[1]]
    return {
        (title, row, column): cell._replace(value=None),
        (title, *other): target._replace(value=cell.value),
    }


def damage_duplicate(raw, chance):
    """A whole row once more, over the one below it."""
    (title, row, _), _ = pick(raw, chance)
    rows = raw.sheets[title].rows
    below = min(row + 1, len(rows) - 1)
    return {
        (title, below, column): rows[below][column]._replace(value=cell.value)
        for column, cell in enumerate(rows[row])
    }


def damage_merge(raw, chance):
    (title, row, column), _ = pick(raw, chance)
    rows = raw.sheets[title].rows
    cell = rows[row][column]
    return {(title, row, column): cell._replace(value=None, trouble=MERGED)}


DAMAGES = (
    damage_type, damage_text, damage_blank, damage_move, damage_duplicate, damage_merge,
)  # fmt: skip


def told(checked):
    return {str(issue) for issue in (*checked.issues, *checked.notes)}


def records(checked):
    return {name: table.records() for name, table in checked.data.tables.items()}


@pytest.mark.medium
@pytest.mark.parametrize("rounds", [30, pytest.param(60, marks=pytest.mark.slow)])
@pytest.mark.parametrize("damage", DAMAGES)
def test_random_damage_never_goes_unnoticed(damage, rounds, raw, rules):
    """Tables that differ without a new issue or note would be a plan changed unheard."""
    sound = check_book(raw, *rules)
    assert sound.data is not None
    refused = changed = 0
    for seed in range(rounds):
        chance = random.Random(seed)
        cells = damage(raw, chance)
        checked = check_book(with_cells(raw, cells), *rules)
        if checked.data is None:
            assert any(issue.code.startswith("E") for issue in checked.issues)
            refused += 1
        elif records(checked) != records(sound) and not names_only(checked, sound):
            changed += 1
            assert told(checked) - told(sound), f"seed {seed}: {cells}"
    assert refused >= rounds / 6


def names_only(checked, sound):
    """True where only texts differ that no plan depends on, or numbers that are valid as typed."""
    differing = {
        (name, column)
        for name, table in checked.data.tables.items()
        for column, values in table.columns.items()
        if dict(values) != dict(sound.data.tables[name].columns[column])
    }
    return all(column in ("name", "measure", "title", "marking", "currency", "kind")
               for _, column in differing)  # fmt: skip

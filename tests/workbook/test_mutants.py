"""Mutated tables in every form: a code, or the numbers that stand in the cells; never a fault."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from fuzzing import Case, judge
from mutants import Tables, mutate, write_book, write_folder

import cssopt
from cssopt.tables.check import Checked

SAVED = tuple(range(8))
"""Seeds that every run tries, half of them workbooks; a seed that finds a fault is added."""


def write(seed: int, tables: Tables, folder: Path) -> Path:
    """The input of a seed: a workbook, or a folder of CSV files."""
    return (
        write_folder(tables, folder / "tables")
        if seed // 4 % 2
        else write_book(tables, folder / "book.xlsx")
    )


def find_wrong(seeds: Iterable[int], folder: Path) -> list[str]:
    """What is wrong with how the inputs of these seeds are checked."""
    wrong = []
    for seed in seeds:
        name, tables = mutate(seed)
        place = folder / "case"
        place.mkdir()
        path = write(seed, tables, place)
        kept: list[Checked] = []

        def act(path: Path = path, kept: list[Checked] = kept) -> Checked:
            kept.append(cssopt.check(path))
            return kept[-1]

        verdict = judge(Case(name, act))
        wrong += verdict.faults
        if kept and kept[0].data is not None:
            wrong += [f"{name}: {what}" for what in find_other_values(kept[0], tables)]
        if not kept and not verdict.codes and not verdict.crash:
            wrong.append(f"{name}: ended without a code: {verdict.told[:200]}")
        shutil.rmtree(place)
    return wrong


def find_other_values(checked: Checked, tables: Tables) -> list[str]:
    """Values that are not what stands in their cells, and of which no word is said."""
    assert checked.data is not None
    told = {
        cell for issue in (*checked.issues, *checked.notes) for cell in (issue.where, *issue.cells)
    }
    wrong = []
    for name, table in checked.data.tables.items():
        for (key, column), where in table.places.items():
            sheet, _, cell = where.rpartition("!")
            values, keys = table.columns.get(column, {}), table.spec.key
            if where in told or key not in values or sheet not in tables:
                continue
            if keys and column not in keys and where == table.places[key, keys[0]]:
                continue  # There is no such column, which is told once.
            stored = _stored(tables[sheet], cell)
            if not _is_same(values[key], stored):
                wrong.append(f"{name} {where} = {stored!r} is read as {values[key]!r}")
    return wrong[:3]


def _stored(rows: list[list[Any]], cell: str) -> Any:
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    row = rows[int(cell[len(letters) :]) - 1]
    return row[column - 1] if column <= len(row) else None


def _is_same(value: Any, stored: Any) -> bool:
    """Whether a value can be what is stored; spaces at the ends of texts are no part of them."""
    if isinstance(stored, str):
        stored = " ".join(stored.replace("\u200b", "").split())
    if stored is None or stored == "":
        return True  # What a blank means is told as one note for each column.
    if isinstance(value, bool) or isinstance(stored, bool):
        return value is stored or str(value).upper() == str(stored).upper()
    if isinstance(value, int | float):
        try:
            return math.isclose(value, float(stored), rel_tol=1e-9, abs_tol=1e-9)
        except (ValueError, OverflowError):
            return False
    return value is None or str(value) == str(stored)


@pytest.mark.medium
def test_saved_mutants_are_told_or_read_as_they_stand(tmp_path):
    assert not find_wrong(SAVED, tmp_path)


@pytest.mark.long
def test_2000_mutants_are_told_or_read_as_they_stand(tmp_path):
    assert not find_wrong(range(100, 2_100), tmp_path)

"""The books that commands are asked of, each written into the folder of a run.

The small book has something on every sheet that there is, so that every component acts, and is so
small that each answer takes a second or two. It grows from the book of the golden files.
"""

from __future__ import annotations

import copy
import csv
import datetime
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from golden_books import INSTITUTIONS

INPUTS = Path(__file__).parents[2] / "inputs"

Sheets = Mapping[str, Sequence[Sequence[Any]]]


def small() -> dict[str, list[list[Any]]]:
    """Two members, three years, two forces, two threats, every kind of institution."""
    book = copy.deepcopy(INSTITUTIONS)
    _set(book, "settings", "last_year", value=2032)
    _set(book, "settings", "title", value="Small")
    book["settings"] = [row for row in book["settings"] if row[0] != "shortfall_penalty"]
    book["settings"].append(["marking", "ILLUSTRATIVE"])
    _set(book, "members", "A", gdp_growth=0.02)
    _set(book, "members", "B", gdp=2000, home_theatre="COAST", personnel=60)
    _set(book, "forces", "tank", programme_cost=8)
    _set(book, "programmes", "yard", annual_cost=2)
    book["theatres"].append(["COAST", "Coast"])
    book["capabilities"].append(["sea", "Sea", "power", None, None])
    _add(book, "forces", force="ship", name="Ship", personnel=2, operating_cost=7, support_cost=1,
         procurement_cost=60, lead_time=0, service_life=20, tech_level=0, load=1, whole=True,
         max_imports=2)  # fmt: skip
    book["power"] += [["ship", "sea", 3], ["tank", "sea", 0.25]]
    book["readiness"].insert(2, ["middle", 20, 1.2, 0.7, None])
    book["inventory"] += [["A", "ship", 1, None, None], ["B", "ship", 1, 2, None]]
    book["movement"] += [["A", "COAST", 8, 4], ["B", "COAST", 0, 0], ["A", "HOME", 0, 0]]
    _add(book, "threats", threat="S", name="Strait", theatre="COAST", kind="military",
         first_year=2030, likelihood=0.25, priority=1)  # fmt: skip
    book["requirements"] += [["S", "sea", 30, 3, 0.1], ["K", "land", 90, 10, 0.1]]
    _set(book, "requirements", "K", level=7, growth=0.1)
    book["exposure"] += [["S", "A", 0.5], ["S", "B", 1]]
    book["situations"] = [["situation", "threat"], ["both", "K"], ["both", "S"]]
    book["caveats"] = [["member", "threat"], ["A", "S"]]
    book["legislation"].append(["B", "ship", 0.5])
    book["sharing_keys"] = [["key", "member", "share"], ["treaty", "A", 70], ["treaty", "B", 30]]
    book["scenarios"] = [
        ["scenario", "step", "table", "where", "column", "change", "value", "extends", "note"],
        ["more", 1, "requirements", "threat=K", "level", "scale", 1.2, None, "A fifth more"],
        ["B leaves", 1, "members", "member=B", None, "drop", None, None, "N-1"],
        ["late", 1, "activities", "activity=ratify", "earliest_year", "set", 2031, "more", None],
    ]
    _widen(book, "activities", "earliest_year")
    return book


def whole() -> dict[str, list[list[Any]]]:
    """The small book with a year less: many searches in whole numbers end soon."""
    book = small()
    _set(book, "settings", "last_year", value=2031)
    return book


def shortage() -> dict[str, list[list[Any]]]:
    """The small book with more asked than can be had, in units that divide: strict has no plan."""
    book = small()
    _set(book, "requirements", "K", level=45)
    _set(book, "forces", "ship", whole=None)
    return book


def faulty() -> dict[str, list[list[Any]]]:
    """The small book with faults of many kinds."""
    book = small()
    _set(book, "members", "B", gdp="two thousand", home_theatre="COSAT")
    book["power"].append(["tnak", "land", 1])
    book["inventory"].append(["A", "tank", -3, None, None])
    book["inventory"].append(["A", "ship", 2, None, None])
    book["legislation"].append(["B", "tank", 7])
    book["readines"] = [["tier"], ["high"]]
    _set(book, "settings", "discount_rate", value="4 %")
    return book


def _set(book: dict[str, list[list[Any]]], sheet: str, key: str, **values: Any) -> None:
    """Put values into the row of a key, by column."""
    row = next(row for row in book[sheet][1:] if row[0] == key)
    for column, value in values.items():
        row[book[sheet][0].index(column)] = value


def _add(book: dict[str, list[list[Any]]], sheet: str, **values: Any) -> None:
    """Add a row, by column."""
    header = book[sheet][0]
    assert not set(values) - set(header), sorted(set(values) - set(header))
    book[sheet].append([values.get(column) for column in header])


def _widen(book: dict[str, list[list[Any]]], sheet: str, column: str) -> None:
    """Add an empty column."""
    for number, row in enumerate(book[sheet]):
        row.append(None if number else column)


def write_xlsx(sheets: Sheets, path: Path) -> None:
    """The sheets as a plain workbook, the same to the last byte each time."""
    with xlsxwriter.Workbook(path) as file:
        file.set_properties({"created": datetime.datetime(2026, 1, 1)})
        for name, rows in sheets.items():
            sheet = file.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def write_folder(sheets: Sheets, folder: Path) -> None:
    """The sheets as a folder of CSV files."""
    folder.mkdir()
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)


SCENARIOS = """\
[["dearer".steps]]
table = "forces"
where = "force=ship"
column = "procurement_cost"
change = "scale"
value = 1.5
"""

POINTS = "requirements.level*,members[member=A].budget_share\n1,0.1\n1.1,0.05\n0.9,0.2\n"

GAME = "coalition,value\nA,40\nB,60\nC,80\nA+B,75\nA+C,100\nB+C,105\nA+B+C,130\n"

CLAIMS = "claimant,claim\nestate,200\nA,100\nB,200\nC,300\n"

_MADE: dict[str, Callable[[], Sheets]] = {
    "small": small,
    "whole": whole,
    "shortage": shortage,
    "faulty": faulty,
}


def provide(name: str, folder: Path) -> None:
    """Write a book, or what else a command reads, into a folder."""
    stem, _, kind = name.rpartition(".")
    if name == "small-csv":
        write_folder(small(), folder / name)
    elif name == "scenarios.toml":
        (folder / name).write_text(SCENARIOS, encoding="utf-8")
    elif name == "points.csv":
        (folder / name).write_text(POINTS, encoding="utf-8")
    elif name == "game.csv":
        (folder / name).write_text(GAME, encoding="utf-8")
    elif name == "claims.csv":
        (folder / name).write_text(CLAIMS, encoding="utf-8")
    elif stem in _MADE and kind == "xlsx":
        write_xlsx(_MADE[stem](), folder / name)
    else:
        shutil.copyfile(INPUTS / name, folder / name)

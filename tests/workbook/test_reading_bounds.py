"""Large, endless and strange inputs are refused or read at once, and told in few words."""

# ruff: noqa: E501 (the table of cases has one a line)

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fuzzing import Case, judge

import cssopt
from cssopt.errors import DataError
from cssopt.tables.bounds import MOST_CELLS
from cssopt.tables.gather import MOST_ALIKE
from cssopt.workbook.gate import file as gate

MEMBERS = "member,name,home_theatre,gdp,population,personnel"
FORCES = "force,name,personnel,operating_cost,procurement_cost,service_life"
INVENTORY = "member,force,units,remaining_life,quality"
TINY = {
    "settings": "name,value\ntitle,Tiny\ncurrency,EUR\nprice_year,2026\nfirst_year,2027\n"
    "last_year,2029\ndiscount_rate,0.03\n",
    "members": f"{MEMBERS}\nA,Aland,N,100000,5,50\nB,Bland,S,80000,4,40\n",
    "capabilities": "capability,name,measure\nC,Cap,points\n",
    "forces": f"{FORCES}\nF,Force,1,10,50,20\n",
    "power": "force,capability,power\nF,C,1\n",
    "inventory": f"{INVENTORY}\nA,F,2,15,1\nB,F,1,15,1\n",
    "readiness": "tier,notice_days,operating_factor,available_share\nhigh,5,1.5,0.8\n",
    "theatres": "theatre,name\nN,North\nS,South\n",
    "movement": "member,theatre,transit_days,cost_per_load\nA,S,5,0.2\nB,N,5,0.2\n",
    "threats": "threat,name,theatre,kind,likelihood\nT1,Threat,N,military,0.1\n",
    "requirements": "threat,capability,day,level\nT1,C,30,2.5\n",
}
"""A sound alliance of two members, as CSV files. ILLUSTRATIVE."""


def folder_of(place: Path, **tables: str) -> Path:
    place.mkdir(exist_ok=True)
    for name, text in {**TINY, **tables}.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


def lines(head: str, number: int, line: Callable[[int], str]) -> str:
    return "\n".join((head, *map(line, range(number)), ""))


def member(i: int) -> str:
    return f"{'AB'[i] if i < 2 else f'M{i}'},Name {i},N,{100_000 + i},5,50"


def force(i: int) -> str:
    return f"{f'F{i}' if i else 'F'},Force {i},1,10,50,20"


LONG = "FORCE" * 12
MARKS = "\u0301\u0323" * 16_000
LARGE: dict[str, tuple[dict[str, str], set[str]]] = {
    "members": ({"members": lines(MEMBERS, 3_000, member)}, set()),
    "members in cells too many": ({"members": lines(MEMBERS, 4_000, member)}, {"E-024"}),
    "forces": ({"forces": lines(FORCES, 3_000, force)}, {"W-403"}),
    "needs": ({"requirements": lines("threat,capability,day,level", 4_500, lambda i: f"T1,C,{i + 30},{i + 1}")}, set()),
    "needs that fall": ({"requirements": lines("threat,capability,day,level,growth", 3_800, lambda i: f"T1,C,{i + 30},{9_000 - i},{i / 9_000}")}, {"W-423"}),
    "situations": ({
        "threats": lines("threat,name,theatre,kind", 3_000, lambda i: f"T{i + 1},Threat {i},N,military"),
        "situations": lines("situation,threat", 3_000, lambda i: f"Situation {i // 2 if i < 9 else i},T{i + 1}"),
    }, set()),
    "activities in a row": ({
        "activities": lines("activity,name,stage,kind,duration,annual_cost", 2_000, lambda i: f"A{i},Act {i},1,treaty,0,1"),
        "precedence": lines("activity,after", 1_999, lambda i: f"A{i},A{i + 1}"),
    }, set()),
    "one key": ({"inventory": lines(INVENTORY, 3_800, lambda i: "A,F,2,15,1")}, {"E-120"}),
    "names of nobody": ({"inventory": lines(INVENTORY, 3_800, lambda i: f"X{i},Y{i},2,15,1")}, {"E-121"}),
    "names almost of somebody": ({
        "forces": lines(FORCES, 1_500, lambda i: f"{LONG}{i},Force,1,10,50,20"),
        "inventory": lines(INVENTORY, 2_000, lambda i: f"A,{LONG[:-9]}{LONG}{i},2,15,1"),
    }, {"E-121"}),
    "texts in place of numbers": ({"inventory": lines(INVENTORY, 3_800, lambda i: f"A,F,x{i},y{i},z{i}")}, {"E-102"}),
    "totals": ({"forces": lines(FORCES, 3_000, lambda i: f"Total {i},Force {i},1,10,50,20")}, {"E-210"}),
    "rows begun": ({"inventory": lines(INVENTORY, 9_000, lambda i: f",,{i},,")}, {"E-101"}),
    "settings": ({"settings": TINY["settings"] + lines("", 5_000, lambda i: f"my own {i},text")}, {"E-024"}),
    "headers": ({"inventory": lines(INVENTORY + "".join(f",unitz{i}" for i in range(900)), 20, lambda i: f"A,F{i},1,1,1" + ",5" * 900)}, {"E-121"}),
    "marks over a letter": ({"members": f"{MEMBERS}\nA,a{MARKS},N,1,1,1\nB,b,N,1,1,1\n"}, {"E-105"}),
    "digits": ({"inventory": f"{INVENTORY}\nA,F,{'1' * 32_000}x,15,1\n"}, {"E-102"}),
    "more digits": ({"inventory": f"{INVENTORY}\nA,F,{'1' * 40_000}x,15,1\n"}, {"E-003"}),
    "new lines": ({"inventory": "\n" * (19 * 2**20)}, {"E-003"}),
    "a cell of new lines": ({"inventory": f'{INVENTORY}\n"' + "\n" * (19 * 2**20) + '"'}, {"E-002"}),
    "quotation marks": ({"inventory": f"{INVENTORY}\n" + '"' * (19 * 2**20)}, {"E-002"}),
    "files of no table": ({f"x{i}": lines("a,b,c,d,e", 290, lambda i: f"{i},word {i},2.5,x,y") for i in range(180)}, {"N-201"}),
    "wide files of no table": ({f"x{i}": lines(",".join(f"h{j}" for j in range(1_000)), 19, lambda i: ",".join(f"Word {j}" for j in range(1_000))) for i in range(24)}, {"N-201"}),
    "long files of no table": ({f"x{i}": lines("a", 100_000, lambda i: f"word {i}") for i in range(4)}, {"N-201"}),
    "a long plan of many": ({
        "settings": TINY["settings"].replace("2029", "2125"),
        "forces": lines(FORCES, 400, force),
        "members": lines(MEMBERS, 200, member),
    }, {"E-115"}),
}  # fmt: skip
"""By name: the tables that are large, and codes that must be among what is told."""


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_is_refused_or_read_at_once(name, tmp_path):
    tables, codes = LARGE[name]
    path = folder_of(tmp_path / "tables", **tables)
    verdict = judge(Case(name, lambda: cssopt.check(path)))
    assert not verdict.faults
    assert codes <= set(verdict.codes)


@pytest.mark.medium
def test_a_book_of_errors_is_told_in_few_words_and_loses_no_cell(tmp_path):
    number = 3_000
    text = lines(INVENTORY, number, lambda i: f"X{i},F,2,15,1")
    checked = cssopt.check(folder_of(tmp_path / "tables", inventory=text))
    assert len(checked.issues) == MOST_ALIKE + 1
    last = checked.issues[-1]
    more = number - len(checked.issues)
    assert f"{more:,} more E-121 on this sheet are not told one by one" in last.text
    places = [cell for issue in checked.issues for cell in (issue.where, *issue.cells)]
    assert places == [f"inventory!A{row}" for row in range(2, number + 2)]


def test_cells_are_counted_over_all_sheets_and_the_largest_is_told(tmp_path):
    rows = MOST_CELLS // 5
    checked = cssopt.check(
        folder_of(tmp_path / "t", inventory=lines(INVENTORY, rows, lambda i: f"A,F{i},1,1,1"))
    )
    (issue,) = (issue for issue in checked.issues if issue.code == "E-024")
    assert issue.where == "inventory"
    assert f"has {rows * 5 + 5:,} filled cells" in issue.text


@pytest.mark.medium
def test_a_program_too_large_is_told_at_the_cell_that_makes_it_so(tmp_path):
    tables = {"forces": lines(FORCES, 100, force), "members": lines(MEMBERS, 60, member)}
    far = TINY["settings"].replace("2029", "2126")
    (issue,) = cssopt.check(folder_of(tmp_path / "a", **tables, settings=far)).issues
    assert (issue.code, issue.where) == ("E-115", "settings!B6")
    assert "2126 makes 100 years" in issue.text
    tables["members"] = lines(MEMBERS, 3_000, member)
    (issue,) = cssopt.check(folder_of(tmp_path / "b", **tables)).issues
    assert (issue.code, issue.where) == ("E-115", "members!A3001")


# --- what is no ordinary file


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


STRANGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (make_fifo, "is not an ordinary file"),
    "socket": (make_socket, "is not an ordinary file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "is not an ordinary file"),
    "link to nothing": (lambda path: path.symlink_to("nowhere"), "No such file"),
    "link to itself": (lambda path: path.symlink_to(path.name), "symbolic links"),
    "folder": (lambda path: path.mkdir(), "directory"),
}


@pytest.mark.medium
@pytest.mark.parametrize("name", STRANGE)
def test_what_is_no_file_is_told_at_once(name, tmp_path):
    make, words = STRANGE[name]
    folder = folder_of(tmp_path / "t")
    (folder / "inventory.csv").unlink()
    make(folder / "inventory.csv")
    verdict = judge(Case(name, lambda: cssopt.check(folder)))
    assert not verdict.faults
    assert verdict.codes[0] == "E-001"
    assert words in verdict.told


def test_a_link_out_of_the_folder_is_read_and_noted(tmp_path):
    folder = folder_of(tmp_path / "t")
    shutil.move(folder / "inventory.csv", tmp_path / "shared.csv")
    (folder / "inventory.csv").symlink_to(tmp_path / "shared.csv")
    checked = cssopt.check(folder)
    assert checked.data is not None
    assert checked.data.inventory.units["A", "F"] == 2
    assert [note.where for note in checked.notes if note.code == "N-121"] == ["inventory.csv"]


def test_two_files_of_one_table_are_refused(tmp_path):
    folder = folder_of(tmp_path / "t")
    shutil.copy(folder / "members.csv", folder / "members.CSV")
    with pytest.raises(DataError) as caught:
        cssopt.check(folder)
    assert {issue.code for issue in caught.value.issues} == {"E-207"}


NAMES = (b"x\x1b[31m\n.csv", b"\xff\xfe.csv", b"[red].csv", b"x" * 251 + b".csv", b"x\n.txt")


@pytest.mark.medium
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff"])
def test_names_of_files_steer_nothing(name, content, tmp_path):
    folder = folder_of(tmp_path / "t")
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(content)
    checked = cssopt.check(folder)
    told = [text for note in checked.notes for text in (note.where, note.text)]
    assert all(text.isprintable() for text in told)
    assert not judge(Case(repr(name), lambda: cssopt.check(folder))).faults


def fail(error: OSError) -> Iterator[None]:
    raise error


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), FileNotFoundError(2, "No such file or directory")])  # fmt: skip
def test_a_file_that_may_not_be_read_or_vanishes_is_told(error, tmp_path, monkeypatch):
    folder, opened = folder_of(tmp_path / "t"), os.open

    def open_it(path: object, *how: int) -> int:
        return fail(error) if str(path).endswith("power.csv") else opened(path, *how)

    monkeypatch.setattr(gate.os, "open", open_it)
    with pytest.raises(DataError) as caught:
        cssopt.check(folder)
    (issue,) = caught.value.issues
    assert (issue.code, issue.where) == ("E-001", "power.csv")
    assert error.strerror in issue.text


def test_a_file_that_grows_is_read_to_a_limit(tmp_path):
    path = tmp_path / "endless.csv"
    path.write_bytes(b"x" * 2_000)
    with pytest.raises(DataError, match=r"E-003 endless\.csv has "):
        gate.read_ordinary(path, 1_000, "Remove it.", "Shorten it.")
    assert gate.read_ordinary(path, 2_000, "Remove it.", "Shorten it.") == b"x" * 2_000

"""Screens print anything: every name as it stands and whole, in any encoding, to any end."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from books import make_raw, write_csv
from commands import figures_of
from paths import ROOT
from rich.text import Text
from small_books import make_book
from test_outputs import COMMANDS, write_book

from cssopt import find_tables
from cssopt.cli import main
from cssopt.cli.endings import READER_GONE
from cssopt.cli.question_commands import Given, find_folder, telling
from cssopt.questions.question import Asking
from cssopt.questions.sharing.ask import Share
from cssopt.render.screen import OutputError, Screen, ScreenTable, printable, results
from cssopt.tables.check import check_book

LONG = "Ž" + "x" * 199
WORDS = ["a", "remark", "of", "several", "words", "that", "may", "be", "folded"]
NAMES = {
    "A": "[red]Łódź :smile:",
    "B": "北约 النيتو",
    "land": "[link=x]земля[/]",
    "K": ":warning: [K]'é",
}
"""Codes in place of those of the small book: markup, emoji codes, wide letters, other scripts."""
MARKING = "[bold]ÇOK GİZLİ & :lock:"
LOST = {
    "utf-8": set(),
    "cp1252": set("Łź北约"),
    "cp437": set("Łź北约"),
    "ascii": set("Łóź北约é"),
}
"""By encoding, letters that it lacks, by the tables of the code pages."""


def make_odd_book(**names: str) -> dict[str, Any]:
    renamed = NAMES | names

    def rename(cell):
        return renamed.get(cell, cell) if isinstance(cell, str) else cell

    book = make_book(plan=[["member", "force", "year", "held"], ["A", "unit", 2030, 4]])
    book["settings"] = [*book["settings"], ["marking", MARKING]]
    return {name: [[rename(cell) for cell in row] for row in rows] for name, rows in book.items()}


def hide(text: str, encoding: str) -> str:
    """The text as it is told in an encoding: the letters that it lacks by their codes."""
    return "".join(
        letter
        if letter not in LOST[encoding]
        else f"\\x{ord(letter):02x}"
        if ord(letter) < 256
        else f"\\u{ord(letter):04x}"
        for letter in text
    )


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A command within this process, its two streams in an encoding."""
    monkeypatch.chdir(tmp_path)

    def call(encoding, *words):
        streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
        monkeypatch.setattr(sys, "stdout", streams[0])
        monkeypatch.setattr(sys, "stderr", streams[1])
        monkeypatch.setattr(sys, "argv", ["cssopt", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        for stream in streams:
            stream.flush()
        out, err = (stream.buffer.getvalue().decode(encoding) for stream in streams)
        return SimpleNamespace(code=ended.value.code or 0, out=out, err=err)

    return call


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    return write_book(make_odd_book(), tmp_path_factory.mktemp("odd") / "odd.xlsx")


# --- one text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("a\rb\x9bc\x7f", "a\\rb\\x9bc\\x7f"),
        ("file\u202elsx.exe", "file\\u202elsx.exe"),
        ("caf\udce9", "caf\\udce9"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("e\u0301 שלום 北", "e\u0301 שלום 北"),
    ],
)
def test_signs_that_steer_a_terminal_are_shown_by_their_codes(text, shown):
    assert printable(text) == shown
    assert printable(shown) == shown


def test_a_screen_reads_no_text_as_a_command():
    screen = Screen(file=io.StringIO(), force_terminal=True, color_system=None, width=60)
    for name in (*NAMES.values(), "[/]", "[bold", "\\[x]", ":warning:"):
        screen.print(name)
        table = ScreenTable()
        table.add_column(name)
        table.add_row(name)
        screen.print(table)
        assert screen.file.getvalue() == f"{name}\n" * 3
        screen.file.seek(screen.file.truncate(0))
    with screen.follow(lambda: "[blue]b :smile: \x1b[2J"):
        pass
    told = screen.file.getvalue()
    assert "[blue]b :smile: \\x1b[2J" in told
    assert "\x1b[2J" not in told


def test_a_line_that_tells_progress_says_names_as_they_are(monkeypatch):
    screen = Screen(file=io.StringIO(), force_terminal=True, color_system=None, width=30)
    monkeypatch.setattr("cssopt.cli.question_commands.messages", screen)
    given = Given(None, (), as_json=False, pictures=None, quiet=False, models=())
    with telling(Asking(Share(), None), given, None) as asked:
        asked.options.tell(f"{NAMES['A']} \x07{LONG}")
    told = screen.file.getvalue()
    assert "[red]Łódź" in told
    assert ":smile:" in told
    assert "\x07" not in told
    assert "…" not in told


# --- tables


def make_table() -> ScreenTable:
    table = ScreenTable()
    table.add_column("member")
    table.add_column("million", justify="right")
    table.add_column("remark", style="dim")
    table.add_row("北约", "1,234,567.8", " ".join(WORDS))
    table.add_row(Text(LONG, style="yellow"), "-2.5")
    return table


def test_elsewhere_than_on_a_terminal_a_row_is_a_line():
    screen = Screen(file=io.StringIO(), width=40)
    screen.print(make_table())
    head, wide, long = screen.file.getvalue().splitlines()
    assert head == f"{'member':200}  {'million':>11}  remark"
    # Each of the two Chinese letters is as wide as two.
    assert wide == f"{'北约':198}  1,234,567.8  {' '.join(WORDS)}"
    assert long == f"{LONG}  {'-2.5':>11}"


def test_an_empty_column_folds_no_other():
    table, screen = ScreenTable(), Screen(file=io.StringIO(), width=40)
    for head in ("rule", "where", ""):
        table.add_column(head)
    table.add_row("A delegates nothing to K", "caveats!A2")
    screen.print(table)
    assert screen.file.getvalue().splitlines()[1:] == ["A delegates nothing to K  caveats!A2"]


@pytest.mark.parametrize("width", [1, 20, 40, 80])
def test_on_a_narrow_terminal_nothing_is_lost(width):
    screen = Screen(file=io.StringIO(), force_terminal=True, color_system=None, width=width)
    screen.print(make_table())
    told = screen.file.getvalue()
    assert "…" not in told
    lines = told.splitlines()
    assert sum(line.count("x") for line in lines) == 199
    assert sum("1,234,567.8" in line for line in lines) == 1
    assert all(word in told for word in WORDS)
    if width >= 40:
        assert max(map(len, lines)) <= width
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize("columns", ["0", "²", "wide", "000040"])
def test_a_size_that_is_none_is_passed_over(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    screen = Screen(file=io.StringIO(), force_terminal=True, color_system=None)
    screen.print("a word")
    screen.print(make_table())
    assert "a word" in screen.file.getvalue()
    assert "1,234,567.8" in screen.file.getvalue()


# --- encodings


@pytest.mark.medium
@pytest.mark.parametrize("encoding", LOST)
def test_a_check_prints_names_in_any_encoding(run, encoding):
    sheets = make_odd_book()
    sheets["inventory"][1][0] = wrong = "[blue]Łódz é"
    write_book(sheets, Path("wrong.xlsx"))
    done = run(encoding, "check", "wrong.xlsx")
    assert done.code == 3
    assert f'"{hide(wrong, encoding)}"' in done.out
    asked = run(encoding, "check", "wrong.xlsx", "--json")
    assert asked.code == 3
    texts = [issue["text"] for issue in json.loads(asked.out)["tables"]["issues"]]
    assert any(f'"{wrong}"' in text for text in texts)


def test_json_holds_names_as_they_stand_in_their_cells(run, odd):
    done = run("cp1252", "solve", odd, "--formats", "none", "--json")
    assert done.code == 0
    told = json.loads(done.out)
    assert told["facts"]["plan"]["members"] == [NAMES["A"], NAMES["B"]]
    # Together A holds 2 units for itself and 2 delegated: 40 million in each of four years.
    assert figures_of(told)["pooled_expenditure"] == pytest.approx(160)
    assert told["facts"]["plan"]["message"] == ""


@pytest.mark.medium
def test_a_plan_of_odd_names_is_told_and_reported(run, odd, tmp_path):
    done = run("ascii", "compare", odd)
    assert done.code == 0
    assert MARKING.encode("ascii", "backslashreplace").decode() in done.out
    book = openpyxl.load_workbook(tmp_path / "reports" / "odd-pooled" / "report.xlsx")
    named = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {NAMES["A"], NAMES["B"]} <= named


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252"])
@pytest.mark.parametrize(
    ("command", "how"),
    [(command, how) for command in COMMANDS for how in [(), ("--json",)]],
)
def test_every_command_in_every_encoding(run, odd, encoding, command, how):
    words = [NAMES.get(word, word) for word in COMMANDS[command][1]]
    words = [word.replace("member=B", f"member={NAMES['B']}") for word in words]
    done = run(encoding, command, odd, *words, *how)
    assert done.code == 0, done.err
    assert "fault" not in done.err
    assert "…" not in done.out + done.err
    if how:
        assert NAMES["A"] in json.dumps(json.loads(done.out), ensure_ascii=False)


def test_help_and_wrong_calls_show_brackets_as_they_are(run):
    done = run("cp437", "whatif", "--help")
    assert done.code == 0
    assert "table[column=value].column=value" in done.out
    assert "exit 0 where nothing is, else 3." in " ".join(run("cp437", "--help").out.split())
    done = run("cp437", "solve", "x.xlsx", "--[red]Ł\x1b[2J")
    assert done.code == 2
    assert "[red]\\u0141\\x1b[2J" in done.err
    assert "Usage: cssopt solve" in done.err
    assert "Questions about a plan:" in run("cp437").err


def test_a_fault_in_another_encoding_keeps_its_exit_code(run):
    done = run("ascii", "solve", "nö-\x1b[31mfile.xlsx")
    assert done.code == 3
    assert "n\\xf6-?[31mfile.xlsx" in done.err


def test_the_version_is_told(run):
    done = run("ascii", "--version")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("cssopt 0.")


# --- where output ends


class Refusing(io.StringIO):
    """A stream on a full disk, or one whose reader has gone."""

    def __init__(self, error: type[OSError]) -> None:
        super().__init__()
        self.error = error

    def write(self, text):
        raise self.error(28, "No space left on device")


@pytest.mark.parametrize("error", [OSError, BrokenPipeError])
def test_results_that_cannot_be_written_are_an_error_and_messages_are_left_out(error):
    results = Screen(file=Refusing(error))
    for write in (results.print, results.write):
        results.quiet = False
        with pytest.raises(OutputError) as refused:
            write("a figure")
        assert refused.value.is_closed is (error is BrokenPipeError)
        assert "No space left on device" in str(refused.value)
    Screen(file=Refusing(error), stderr=True).print("a step")


@pytest.mark.medium
@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [(OSError, 1, "could not be written to the output (No space left"), (BrokenPipeError, 141, "")],
)
def test_a_report_is_told_where_the_results_cannot_be_written(
    odd, tmp_path, monkeypatch, capsys, error, code, sentence
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(results, "quiet", False)
    monkeypatch.setattr(sys, "stdout", Refusing(error))
    monkeypatch.setattr(sys, "argv", ["cssopt", "solve", str(odd), "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == code
    assert "Answer: reports/odd-pooled/report.xlsx" in told
    assert sentence in told
    assert ("Error" in told) is bool(sentence)


def start(*words: str, stdout: Any = subprocess.PIPE) -> Any:
    """A program of its own, with this package."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, stdout=stdout, stderr=subprocess.PIPE, timeout=60, env=env)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="pipes close differently there")
def test_a_reader_that_goes_ends_the_command_quietly():
    """The reader has gone before a word is written, as `true` reads nothing."""
    told = start("bash", "-c", 'set -o pipefail; "$0" -m cssopt math | true', sys.executable)
    assert (told.returncode, told.stderr) == (READER_GONE, b"")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_device_is_told():
    with Path("/dev/full").open("w") as full:
        done = start(sys.executable, "-m", "cssopt", "explain", "E-101", stdout=full)
    assert done.returncode == 1
    assert b"could not be written to the output (No space left on device)" in done.stderr
    assert b"Exception" not in done.stderr


# --- names of files and folders


def test_a_report_belongs_to_one_input_by_its_whole_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("plan.2030", "plan.2031", "alliance", "lone"):
        Path(name).mkdir()
    Path("alliance.xlsx").touch()
    wanted = {
        "plan.2030": "plan.2030-pooled",
        "plan.2031/": "plan.2031-pooled",
        "alliance.xlsx": "alliance-pooled",
        "alliance": "alliance-folder-pooled",
        "lone": "lone-pooled",
        "plan.2030.xlsx": "plan.2030-pooled",
        "v1.2.XLSX": "v1.2-pooled",
        "book.xlsm": "book.xlsm-pooled",
    }
    for book, folder in wanted.items():
        assert find_folder(None, Path(book), "pooled") == Path("reports") / folder
    monkeypatch.chdir(tmp_path / "lone")
    assert find_folder(None, Path(), "why") == Path("reports") / "lone-why"
    assert find_folder(Path("x"), Path("y.xlsx"), "why") == Path("x")


@pytest.mark.medium
def test_folders_with_a_point_have_reports_of_their_own(run):
    """In plan.2031 units are twice as dear: 320 for 160."""
    for name, cost in (("plan.2030", 10), ("plan.2031", 20)):
        sheets = make_book()
        sheets["forces"][1][3] = cost
        write_csv(sheets, Path(name))
        done = run("ascii", "solve", name, "--formats", "xlsx,json")
        assert f"reports/{name}-pooled/report.xlsx\n" in done.err
    spent = [
        figures_of(json.loads(Path(f"reports/{name}-pooled/report.json").read_text()))[
            "pooled_expenditure"
        ]
        for name in ("plan.2030", "plan.2031")
    ]
    assert spent == pytest.approx([160, 320])


@pytest.mark.medium
def test_some_members_never_replace_the_report_of_all(run):
    write_book(make_book(), Path("small.xlsx"))
    assert run("ascii", "solve", "small.xlsx").code == 0
    alone = run("ascii", "solve", "small.xlsx", "--members", "A")
    told = 'it is about "pooled", and the new one about "pooled: A".'
    assert f"report-2.xlsx. report.xlsx stays as it is: {told}" in alone.err
    assert "report.xlsx (replaced)" in run("ascii", "solve", "small.xlsx", "--members", "A,B").err


@pytest.mark.medium
@pytest.mark.skipif(sys.platform != "linux", reason="file names are letters elsewhere")
def test_a_file_name_of_another_encoding_is_told_by_its_codes(run, tmp_path):
    name = os.fsdecode(b"caf\xe9.xlsx")
    write_book(make_book(), Path(name))
    done = run("utf-8", "solve", name)
    assert done.code == 0
    assert "reports/caf\\udce9-pooled/report.xlsx" in done.err
    folder = tmp_path / "reports" / os.fsdecode(b"caf\xe9-pooled")
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["source"] == name


# --- markings


@pytest.mark.parametrize(("length", "warned"), [(85, False), (100, False), (101, True)])
def test_a_marking_longer_than_a_printed_line_is_warned_of(length, warned):
    sheets = make_book()
    sheets["settings"] = [*sheets["settings"], ["marking", "R&D ".ljust(length, "m")]]
    issues = check_book(make_raw(sheets), find_tables(), find_marking_rules()).issues
    assert [issue.code for issue in issues] == (["W-440"] if warned else [])


def find_marking_rules():
    from cssopt.assembly.case import find_model_folders, find_rules

    return [rule for rule in find_rules(find_model_folders(())) if rule.code == "W-440"]

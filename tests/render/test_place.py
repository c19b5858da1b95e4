"""Where answers go: nothing that stands there is lost, nor what was solved."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from paths import TESTS
from small_alliance import make_facts

from cssopt.errors import ReportError
from cssopt.render.place import OutputFiles, check_place, write_answer
from cssopt.solution.verdicts import Audits


@pytest.fixture
def book(tmp_path):
    """An input whose answers go to `report.xlsx` of another folder."""
    path = tmp_path / "inputs" / "alliance.xlsx"
    path.parent.mkdir()
    path.write_bytes(b"a workbook")
    return path


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "reports"


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files."""
    path = tmp_path / "temporary"
    path.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(path))
    return path


def write(book: Path, target: Path, content: bytes = b"figures", **changes: Any) -> Any:
    facts = make_facts(source=str(book), **changes)
    return write_answer(target, facts, make_answer(content))


def make_answer(content: bytes = b"figures", **changes: Any) -> OutputFiles:
    answer = OutputFiles(
        lambda place: write_both(place, content), lambda: {"run": 1}, lambda: {"plan": [1.5]}
    )
    return replace(answer, **changes)


def write_both(place, content):
    place.path.parent.mkdir(parents=True, exist_ok=True)
    for file in (place.path, place.beside("runs.parquet")):
        file.write_bytes(content)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_first_answer_has_its_name_and_a_record_beside_it(book, folder):
    place = write(book, folder / "report.xlsx", b"first")
    assert place.told == str(folder / "report.xlsx")
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["run"] == 1
    assert record["files"] == {"report.xlsx": hashlib.sha256(b"first").hexdigest()}
    assert str(book.parent) not in (folder / "run.json").read_text(encoding="utf-8")


def test_an_unchanged_report_of_the_same_input_is_replaced_whatever_the_input_holds(book, folder):
    write(book, folder / "report.xlsx", b"first")
    book.write_bytes(b"the same workbook, edited")
    place = write(book, folder / "report.xlsx", b"second", digest="f" * 64)
    assert place.told.endswith("report.xlsx (replaced)")
    assert (folder / "report.xlsx").read_bytes() == b"second"
    assert names(folder) == {"report.xlsx", "run.json", "runs.parquet"}


def test_a_file_of_another_kind_has_a_record_of_its_own(book, folder):
    write(book, folder / "report.xlsx")
    write(book, folder / "comparison.xlsx", question="whatif")
    assert {"run.json", "comparison-run.json"} <= names(folder)
    for name, question in (("report", "plan"), ("comparison", "whatif")):
        assert write(book, folder / f"{name}.xlsx", question=question).replaces


def read_only(path, _book):
    path.chmod(0o444)


def edit(path, _book):
    path.write_bytes(b"figures, and a remark of mine")


def lose_record(path, _book):
    path.with_name("run.json").unlink()


def break_record(path, _book):
    path.with_name("run.json").write_text("{")


def open_in_excel(path, _book):
    path.with_name(f"~${path.name}").touch()


def open_in_libreoffice(path, _book):
    path.with_name(f".~lock.{path.name}#").touch()


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (edit, "it was changed since it was written"),
        (lose_record, "it is not known which input it belongs to"),
        (break_record, "it is not known which input it belongs to"),
        (read_only, "it is read-only"),
        (open_in_excel, "it is open in another program"),
        (open_in_libreoffice, "it is open in another program"),
    ],
)
def test_a_report_that_would_be_missed_stays(book, folder, happens, reason):
    target = folder / "report.xlsx"
    write(book, target)
    happens(target, book)
    before = target.read_bytes()
    second = write(book, target, b"second")
    assert second.path == folder / "report-2.xlsx"
    assert second.told.endswith(f"report-2.xlsx. report.xlsx stays as it is: {reason}.")
    assert target.read_bytes() == before
    assert (folder / "run-2.json").exists()
    # From then on the second one is the answer of this input, and it alone is replaced.
    third = write(book, target, b"third")
    assert third.path == folder / "report-2.xlsx"
    assert third.replaces
    assert f"report-2.xlsx (replaced). report.xlsx stays as it is: {reason}." in third.told
    assert third.path.read_bytes() == b"third"
    assert target.read_bytes() == before


def test_the_report_of_another_input_or_question_stays(book, folder):
    target = folder / "report.xlsx"
    write(book, target)
    other = book.with_name("other.xlsx")
    other.write_bytes(book.read_bytes())
    assert "it belongs to another input" in write(other, target).told
    third = write(book, target, question="why")
    assert third.path == folder / "report-3.xlsx"
    assert "report.xlsx stays as it is: it answers another question." in third.told


def test_a_run_that_ended_before_it_knew_anything_takes_no_place_of_one_that_did(book, folder):
    target = folder / "report.xlsx"

    def answer(status, content, plans=0, **facts):
        audits = Audits(plans=plans)
        files = make_answer(content, record=lambda: {"status": status, **audits.facts()})
        own = make_facts(source=str(book), status=status, audits=audits, **facts)
        return write_answer(target, own, files)

    assert answer("no plan yet", b"nothing").path == target
    assert answer("optimal", b"a plan").path == target
    for status in ("no plan yet", "error"):
        left = answer(status, b"nothing")
        assert left.path == folder / "report-2.xlsx"
        assert "it has an answer, and this run ended before it had one" in left.told
        assert target.read_bytes() == b"a plan"
    # That there is none is an answer, and what shows plans takes any place.
    assert answer("infeasible", b"proven").path == target
    assert answer("no plan yet", b"nothing").path == folder / "report-2.xlsx"
    assert answer("error", b"some plans", plans=2).path == target
    assert answer("no plan yet", b"nothing").path == folder / "report-2.xlsx"
    assert answer("feasible", b"another").path == target
    # What Ctrl-C ended has names of its own, and may have had a plan by then.
    cut = folder / "report-interrupted.xlsx"
    assert answer("interrupted", b"nothing", was_cut=True).path == cut
    assert answer("interrupted", b"a plan", plans=1, was_cut=True).path == cut
    left = answer("interrupted", b"nothing", was_cut=True)
    assert left.path == folder / "report-interrupted-2.xlsx"
    assert answer("interrupted", b"a better plan", plans=1, was_cut=True).path == cut


def test_the_report_of_another_study_or_of_other_members_stays(book, folder):
    target = folder / "report.xlsx"
    write(book, target, scope="pooled")
    some = write(book, target, scope="pooled: A, B")
    assert some.path == folder / "report-2.xlsx"
    told = 'it is about "pooled", and the new one about "pooled: A, B".'
    assert f"report.xlsx stays as it is: {told}" in some.told
    assert write(book, target, scope="strict").path == folder / "report-3.xlsx"
    assert write(book, target, scope="pooled").path == target


def test_inputs_whose_names_are_of_another_encoding_are_told_apart(tmp_path, folder):
    first, second = (tmp_path / os.fsdecode(name) for name in (b"caf\xe9", b"caf\xea"))
    for path in (first, second):
        try:
            path.touch()
        except OSError:
            pytest.skip("file names are letters here")
    write(first, folder / "report.xlsx")
    assert "it belongs to another input" in write(second, folder / "report.xlsx").told


def test_inputs_without_a_file_are_known_by_what_they_hold(folder):
    target = folder / "report.xlsx"
    write(Path("frames"), target, digest="a" * 64)
    assert write(Path("frames"), target, digest="a" * 64).replaces
    assert write(Path("frames"), target, digest="b" * 64).path == folder / "report-2.xlsx"


def test_what_stands_beside_a_workbook_goes_with_it(book, folder):
    facts = make_facts(source=str(book), question="sweep")
    answer = make_answer(beside=("runs.parquet",))
    target = folder / "results.xlsx"
    write_answer(target, facts, answer)
    assert write_answer(target, facts, answer).replaces
    (folder / "runs.parquet").write_bytes(b"changed")
    second = write_answer(target, facts, answer)
    assert second.path == folder / "results-2.xlsx"
    assert (folder / "runs.parquet").read_bytes() == b"changed"
    assert (folder / "runs-2.parquet").read_bytes() == b"figures"


def fail_with(code):
    def fail(*_args, **_kwargs):
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize("there", [True, False])
def test_asking_leaves_no_trace(tmp_path, there):
    target = tmp_path / "a" / "b" / "report.xlsx"
    if there:
        target.parent.mkdir(parents=True)
    check_place(target, "plan", "origin")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert target.parent.exists() is there


def test_what_cannot_be_written_is_known_before(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ReportError, match="A part of this path is a file"):
        check_place(tmp_path / "file" / "report.xlsx", "plan", "origin")
    (tmp_path / "report.xlsx").mkdir()
    with pytest.raises(ReportError, match="A folder has this name"):
        check_place(tmp_path / "report.xlsx", "plan", "origin")
    monkeypatch.setattr("os.fsync", fail_with(errno.ENOSPC))
    with pytest.raises(ReportError, match="Free some space"):
        check_place(tmp_path / "new" / "report.xlsx", "plan", "origin")
    monkeypatch.undo()
    assert names(tmp_path) == {"file", "report.xlsx"}


def test_a_folder_that_refuses_after_solving_costs_no_solution(book, tmp_path, temporary):
    (tmp_path / "file").write_text("no folder")
    facts = make_facts(source=str(book))

    def refuse(place):
        if place.path.parent.parent != temporary:
            raise ReportError("The disk is full.")
        place.path.write_bytes(b"figures")

    with pytest.raises(ReportError, match="The disk is full") as caught:
        write_answer(tmp_path / "reports" / "report.xlsx", facts, make_answer(write=refuse))
    (kept,) = temporary.glob("cssopt-*/report.xlsx")
    assert kept.read_bytes() == b"figures"
    assert f'The report is kept in "{kept}"' in str(caught.value)
    assert json.loads(kept.with_name("run.json").read_text(encoding="utf-8"))["run"] == 1


def test_it_is_told_where_nothing_can_be_kept(book, folder, temporary):
    def refuse(_place):
        raise ReportError("The disk is full.")

    with pytest.raises(ReportError, match="Nor could it be kept in a temporary folder"):
        write_answer(
            folder / "report.xlsx", make_facts(source=str(book)), make_answer(write=refuse)
        )


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ZeroDivisionError("in a sheet")])
def test_a_fault_while_writing_keeps_a_plain_copy(book, folder, fault):
    def stumble(_place):
        raise fault

    for number in (1, 2):
        with pytest.raises(type(fault)) as caught:
            write_answer(
                folder / "report.xlsx", make_facts(source=str(book)), make_answer(write=stumble)
            )
        kept = folder / f"report-solved-{number}.json"
        assert json.loads(kept.read_text(encoding="utf-8")) == {"plan": [1.5]}
        assert caught.value.__notes__[-1] == f'What was solved is kept in "{kept}".'


def test_a_plain_copy_goes_elsewhere_where_the_folder_refuses(book, tmp_path, temporary):
    (tmp_path / "file").write_text("no folder")

    def stumble(_place):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        write_answer(
            tmp_path / "file" / "report.xlsx",
            make_facts(source=str(book)),
            make_answer(write=stumble),
        )
    assert (temporary / "report-solved-1.json").exists()
    assert str(temporary) in caught.value.__notes__[0]


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from small_alliance import make_facts
from cssopt.render.atomic import replace_file
from cssopt.render.place import OutputFiles, write_answer
book, target = map(Path, sys.argv[2:4])
moves, replace = 0, Path.replace
def die_at_second(draft, to):
    global moves
    moves += 1
    if moves == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(draft, to)
Path.replace = die_at_second
facts = make_facts(source=str(book))
files = OutputFiles(lambda place: replace_file(place.path, b"new"), lambda: {"run_id": "new"}, dict)
write_answer(target, facts, files)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
@pytest.mark.parametrize("edited", [False, True])
def test_a_kill_between_report_and_record_is_told_and_loses_nothing(book, folder, edited):
    target = folder / "report.xlsx"
    earlier = make_answer(record=lambda: {"run_id": "earlier"})
    write_answer(target, make_facts(source=str(book)), earlier)
    words = (str(TESTS / "books"), str(book), str(target))
    killed = subprocess.run([sys.executable, "-c", KILLED, *words], check=False)
    assert killed.returncode == -signal.SIGKILL
    # The record went first: its id is not that of the report, which is whole.
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["run_id"] == "new"
    assert target.read_bytes() == b"figures"
    if edited:
        target.write_bytes(b"figures, and a remark of mine")
    place = write(book, target, b"third")
    if edited:
        assert "report.xlsx stays as it is: it was changed" in place.told
        assert target.read_bytes() == b"figures, and a remark of mine"
    else:
        told = "report.xlsx (replaced; an earlier run was cut off while it replaced it)"
        assert place.told.endswith(told)
        assert target.read_bytes() == b"third"
        # The earlier record has only its second name left, which nothing takes from it.
        (kept,) = names(folder) - {"report.xlsx", "run.json", "runs.parquet"}
        assert kept.endswith(".earlier.json")
        assert json.loads((folder / kept).read_text(encoding="utf-8"))["run_id"] == "earlier"
        assert write(book, target).told.endswith("report.xlsx (replaced)")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes as POSIX has them")
@pytest.mark.parametrize("kind", ["pipe", "folder", "deep"])
def test_what_stands_in_the_place_of_the_record_holds_nothing_up(book, folder, kind):
    folder.mkdir()
    record = folder / "run.json"
    if kind == "pipe":
        os.mkfifo(record)
    elif kind == "folder":
        record.mkdir()
    else:
        record.write_text("[" * 100_000)
    if kind == "deep":
        assert write(book, folder / "report.xlsx").path == folder / "report.xlsx"
    else:
        with pytest.raises(ReportError, match=r"run\.json.* has this name"):
            check_place(folder / "report.xlsx", "plan", "origin")
        assert names(folder) == {"run.json"}


def test_it_is_told_where_not_even_a_plain_copy_can_be_kept(book, folder, monkeypatch):
    def stumble(_place):
        monkeypatch.setattr(
            sys.modules["cssopt.render.place"], "write_json", fail_with(errno.ENOSPC)
        )
        monkeypatch.setattr(tempfile, "gettempdir", fail_with(errno.ENOENT))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        write_answer(
            folder / "report.xlsx", make_facts(source=str(book)), make_answer(write=stumble)
        )
    assert caught.value.__notes__ == [
        "What was solved could not be kept: no folder can be written to."
    ]

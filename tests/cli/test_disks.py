"""Disks that are full, folders that refuse or vanish: nothing is lost, and the answer is told.

Each command runs well once, so that earlier files stand there; then with a fault of the system.
"""

from __future__ import annotations

import errno
import os
import shutil
from importlib import import_module
from pathlib import Path

import claiming
import pytest
from test_outputs import COMMANDS
from test_outputs import run as run_command

resource = pytest.importorskip("resource")

WRITING = {
    **{
        name: ((*words, "--out", "out"), Path(path).name)
        for name, (path, words) in COMMANDS.items()
    },
    "export": (("out/small.mps",), "small.mps"),
    "check": (("--mark", "--out", "out/small-marked.xlsx"), "small-marked.xlsx"),
}
"""Every command that writes a file: its words, and the file."""

QUICK = ("solve", "sweep", "whatif", "export", "check")
each_command = pytest.mark.parametrize(
    "command",
    [
        pytest.param(name, marks=pytest.mark.slow if name in QUICK else pytest.mark.long)
        for name in WRITING
    ],
)
JOURNALS = ("sweep", "rules", "share")
"""Commands that keep a journal in the folder of their answer, which they need before they solve."""

ATOMIC, PLACE = (import_module(f"cssopt.render.{name}") for name in ("atomic", "place"))
EXPORT = import_module("cssopt.questions.inputs.export")


run = run_command
"""The fixture, by its name here."""


def run_well(run, command, words):
    """A run that ends well; one that has all from a journal, if it keeps any, as the next ones."""
    done = run(command, *words)
    return run(command, *words) if command in JOURNALS else done


def after_trial(command, patch, happens):
    """Let something happen once it is known that the answer can be written, before it is solved."""
    if command == "check":  # It tries nothing, as it solves nothing.
        happens()
        return
    for module in (PLACE, EXPORT):

        def tried(*paths, attempt=module.try_to_write):
            attempt(*paths)
            happens()

        patch(module, "try_to_write", tried)


def leave_room(size):
    """A disk on which no file can become larger (the system then refuses as when it is full)."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.fixture
def disk():
    """The limit of a disk, which ends with the test."""
    yield leave_room
    leave_room(resource.RLIM_INFINITY)


def fail(patch, owner, name, code, numbers=range(1, 1000)):
    """Let a call of the system fail at the n-th times, below the folder of the answer only."""
    call, met = getattr(owner, name), []

    def refuse(*given, **how):
        place = given[0]
        if isinstance(place, int):
            place = Path(f"/proc/self/fd/{place}").readlink()
        if "out" in Path(place).parts:
            met.append(place)
            if len(met) in numbers:
                raise OSError(code, os.strerror(code))
        return call(*given, **how)

    patch(owner, name, refuse)


def fail_to_link_and_copy(patch):
    fail(patch, os, "link", errno.EPERM)
    fail(patch, shutil, "copy2", errno.ENOSPC)


FAULTS = {
    "no room": lambda patch: leave_room(0),
    "room for little": lambda patch: leave_room(1500),
    "no room to sync": lambda patch: fail(patch, os, "fsync", errno.ENOSPC),
    "over quota": lambda patch: fail(patch, os, "fsync", errno.EDQUOT, range(2, 1000)),
    "no room for a second name": fail_to_link_and_copy,
    "no move": lambda patch: fail(patch, Path, "replace", errno.EROFS),
    "no second move": lambda patch: fail(patch, Path, "replace", errno.ENOSPC, [2]),
    "no folder sync": lambda patch: fail(patch, ATOMIC, "sync_folder", errno.EIO),
}


def read_all(folder):
    """What a folder holds, but for a journal, which is made to be written to."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if not path.name.startswith("journal.sqlite")
    }


@each_command
@pytest.mark.parametrize("fault", FAULTS)
def test_a_full_disk_loses_nothing(run, tmp_path, monkeypatch, disk, command, fault):
    words, name = WRITING[command]
    first = run_well(run, command, words)
    before = read_all(tmp_path / "out")
    assert name in before
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    after_trial(command, monkeypatch.setattr, lambda: FAULTS[fault](monkeypatch.setattr))
    done = run(command, *words)
    disk(resource.RLIM_INFINITY)
    if command == "export" and fault == "no second move" and len(before) == 1:
        pytest.skip("it moves one file")
    assert read_all(tmp_path / "out") == before
    assert done.code == 1
    assert "fault in cssopt" not in done.err
    if command in JOURNALS and 'the journal "out/' in done.err:
        return  # It is asked for before anything is solved, so there is no answer to tell.
    assert "could not be written (" in done.err
    assert done.out == first.out
    if command != "export":
        kept = f'The report is kept in "{tmp_path / "temporary"}'
        everywhere = fault in ("no room", "room for little")
        told = "Nor could it be kept in a temporary folder" if everywhere else kept
        assert told in done.err.replace("\n", " ")
        assert any((tmp_path / "temporary").rglob("*.xlsx")) is not everywhere


@each_command
def test_a_disk_that_is_full_is_told_before_anything_is_solved(
    run,
    tmp_path,
    monkeypatch,
    disk,
    command,
):
    words, _ = WRITING[command]
    run(command, *words)
    before = read_all(tmp_path / "out")
    monkeypatch.setattr("cssopt.assembly.instance.assemble", None)
    disk(1000)
    done = run(command, *words)
    disk(resource.RLIM_INFINITY)
    assert done.code == 1
    assert "could not be written (File too large)" in done.err
    assert read_all(tmp_path / "out") == before


def remove(folder):
    shutil.rmtree(folder)


def put_file(folder):
    remove(folder)
    folder.write_text("a file of mine")


def link_to_nothing(folder):
    remove(folder)
    folder.symlink_to(folder.with_name("unplugged") / "disk")


@each_command
@pytest.mark.parametrize("happens", [remove, put_file, link_to_nothing])
def test_a_folder_that_vanishes_costs_no_answer(
    run,
    tmp_path,
    monkeypatch,
    command,
    happens,
):
    words, name = WRITING[command]
    first = run(command, *words)
    folder = tmp_path / "out"
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    after_trial(command, monkeypatch.setattr, lambda: happens(folder))
    done = run(command, *words)
    assert "fault in cssopt" not in done.err
    if happens is remove or (happens is link_to_nothing and done.code == first.code):
        assert done.code == first.code
        assert done.out == first.out
        assert (folder / name).is_file()
        return
    assert done.code == 1
    if happens is put_file:
        assert folder.read_text() == "a file of mine"
    if command in JOURNALS:
        assert "the journal" in done.err
        return
    assert "could not be written (" in done.err
    assert done.out == first.out
    if command != "export":
        assert any((tmp_path / "temporary").rglob(name))


@each_command
@pytest.mark.parametrize("where", ["/proc/self/none", "/dev/null", "/dev/full", "n" * 300])
def test_a_place_that_refuses_is_told(run, tmp_path, command, where):
    words, _ = WRITING[command]
    told = [word.replace("out/", f"{where}/") if "/" in word else word for word in words]
    done = run(command, *(where if word == "out" else word for word in told))
    assert done.code == 1
    assert "could not be written (" in done.err
    assert "fault in cssopt" not in done.err
    assert {path.name for path in tmp_path.iterdir()} == {"small.xlsx"}


@pytest.fixture(scope="module")
def holder():
    """Another process."""
    process = claiming.start()
    yield process
    claiming.end(process)


@each_command
def test_a_second_run_into_a_folder_is_told_before_it_solves(
    run, tmp_path, monkeypatch, holder, command
):
    words, _ = WRITING[command]
    claiming.make_hold(holder, tmp_path / "out")
    with monkeypatch.context() as patch:
        patch.setattr("cssopt.cli.question_commands._MOMENT", 0)
        patch.setattr(ATOMIC.open_folder.__wrapped__, "__defaults__", (0,))
        patch.setattr("cssopt.assembly.instance.assemble", None)
        done = run(command, *words)
    assert done.code == 1
    told = f"is being written by another run of cssopt (process {holder.pid} on "
    assert told in done.err.replace("\n", " ")
    claiming.make_free(holder)
    assert not (tmp_path / "out").exists()
    if command != "check":
        assert run(command, *words).code != 1

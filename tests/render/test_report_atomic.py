"""A report is written whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_alliance import make_facts, write_report

from cssopt import interrupt
from cssopt.errors import ReportError
from cssopt.questions.plan.show import show_plan
from cssopt.render.atomic import (
    replace_file,
    try_to_write,
    write_file,
    write_new_file,
    write_together,
)
from cssopt.render.document_json import document_facts
from cssopt.render.place import write_json

ATOMIC = sys.modules["cssopt.render.atomic"]
EARLIER = b"the earlier report"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "report.xlsx"
    path.write_bytes(EARLIER)
    return path


def only_file_in(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_new_file_takes_the_place_of_the_earlier_one(target):
    replace_file(target, b"new")
    assert only_file_in(target.parent).read_bytes() == b"new"


def test_missing_folders_are_made(tmp_path):
    replace_file(tmp_path / "a" / "b" / "report.xlsx", b"new")
    assert (tmp_path / "a" / "b" / "report.xlsx").read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="modes of files are a matter of POSIX")
def test_others_may_read_it_as_far_as_the_mask_allows(tmp_path):
    before = os.umask(0o027)
    try:
        replace_file(tmp_path / "report.xlsx", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "report.xlsx").stat().st_mode & 0o777 == 0o640


def fail_with(code: int):
    def fail(*_args, **_kwargs):
        raise OSError(code, os.strerror(code))

    return fail


def write_record(target, solution, baseline, facts):
    write_json(target, document_facts(show_plan(solution, baseline, facts)))


@pytest.mark.medium
@pytest.mark.parametrize(
    ("step", "code", "advice"),
    [
        ("os.fsync", errno.ENOSPC, "Free some space"),
        ("os.fsync", errno.EIO, "close it"),
        ("pathlib.Path.replace", errno.EACCES, "close it"),
        ("pathlib.Path.open", errno.EROFS, "choose a folder that you may write to"),
        ("pathlib.Path.mkdir", errno.EACCES, "choose a folder that you may write to"),
    ],
)
@pytest.mark.parametrize("write", [write_report, write_record])
def test_a_failing_write_keeps_the_earlier_file(
    target, monkeypatch, met, step, code, advice, write
):
    facts = make_facts()
    monkeypatch.setattr(step, fail_with(code))
    with pytest.raises(ReportError) as caught:
        write(target, *met, facts)
    monkeypatch.undo()
    assert only_file_in(target.parent).read_bytes() == EARLIER
    assert str(target) in str(caught.value)
    assert os.strerror(code) in str(caught.value)
    assert advice in str(caught.value)


@pytest.mark.medium
def test_a_folder_in_the_place_of_the_report(tmp_path, met):
    path = tmp_path / "report.xlsx"
    path.mkdir()
    with pytest.raises(ReportError, match="A folder has this name"):
        write_report(path, *met, make_facts())
    assert only_file_in(tmp_path).is_dir()


def test_a_file_in_the_place_of_the_folder(target):
    with pytest.raises(ReportError, match=r"choose another folder|choose a folder"):
        replace_file(target / "report.xlsx", b"new")
    assert target.read_bytes() == EARLIER


def test_a_folder_that_nobody_may_write():
    """Not even an administrator: a folder of the kernel, so that the test runs for everyone."""
    with pytest.raises(ReportError, match="choose a folder that you may write to"):
        replace_file(Path("/proc/self/report.xlsx"), b"new")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_is_full(target, monkeypatch):
    draft = Path.open
    monkeypatch.setattr("pathlib.Path.open", lambda _path, _mode: draft(Path("/dev/full"), "wb"))
    with pytest.raises(ReportError, match="Free some space"):
        replace_file(target, b"new")
    monkeypatch.undo()
    assert only_file_in(target.parent).read_bytes() == EARLIER


def test_an_interrupt_leaves_no_draft(target, monkeypatch):
    def interrupt(_file):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_file(target, b"new")
    assert only_file_in(target.parent).read_bytes() == EARLIER


KILLED_AT = """
import os, signal, sys
from pathlib import Path
from cssopt.render.atomic import replace_file
def die(*_args, **_kwargs): os.kill(os.getpid(), signal.SIGKILL)
target = Path(sys.argv[1])
earlier = target.read_bytes()
for owner, step in ((os, "fsync"), (Path, "replace")):
    writer = os.fork()
    if not writer:
        setattr(owner, step, die)
        replace_file(target, b"new" * 1_000_000)
        os._exit(0)
    _, status = os.waitpid(writer, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        sys.exit(f"not killed at {step}")
    if target.read_bytes() != earlier:
        sys.exit(f"changed by a kill at {step}")
"""

KILLED_ANY_TIME = """
import os, random, signal, sys, time
from pathlib import Path
from cssopt.render.atomic import replace_file
target, size = Path(sys.argv[1]), 4_000_000
contents = [bytes([letter]) * size for letter in b"AB"]
replace_file(target, contents[0])
chance = random.Random(5)
for _ in range(40):
    writer = os.fork()
    if not writer:
        while True:
            for content in contents:
                replace_file(target, content)
    time.sleep(chance.uniform(0, 0.03))
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    if target.read_bytes() not in contents:
        sys.exit("half-written")
"""


@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
def test_a_kill_at_the_worst_moments_keeps_the_earlier_file(target):
    run = subprocess.run(
        [sys.executable, "-c", KILLED_AT, str(target)], check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert target.read_bytes() == EARLIER


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
def test_kills_at_random_moments_leave_whole_files(target):
    run = subprocess.run(
        [sys.executable, "-c", KILLED_ANY_TIME, str(target)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


def test_files_take_their_places_together_or_not_at_all(tmp_path, monkeypatch):
    """Of three files the second to be moved is refused: the first one comes back."""
    earlier, new = tmp_path / "report.xlsx", tmp_path / "runs.parquet"
    earlier.write_bytes(EARLIER)
    moves = []

    def refuse_third(draft, target, replace=Path.replace):
        moves.append(target.name)
        if len(moves) == 3:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return replace(draft, target)

    monkeypatch.setattr("pathlib.Path.replace", refuse_third)

    def write_all():
        with write_together():
            for path in (earlier, new, tmp_path / "run.json"):
                replace_file(path, b"new")
            assert earlier.read_bytes() == EARLIER

    with pytest.raises(ReportError, match=r"report\.xlsx"):
        write_all()
    # The last one written goes first; then all that were moved come back or go.
    assert moves == ["run.json", "runs.parquet", "report.xlsx"]
    assert only_file_in(tmp_path).read_bytes() == EARLIER


@pytest.mark.parametrize("has_links", [True, False])
def test_a_folder_that_cannot_be_synced_keeps_the_earlier_file(target, monkeypatch, has_links):
    def refuse(_folder):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(ATOMIC, "sync_folder", refuse)
    if not has_links:
        monkeypatch.setattr("os.link", fail_with(errno.EPERM))
    with pytest.raises(ReportError, match=os.strerror(errno.EIO)):
        replace_file(target, b"new")
    assert only_file_in(target.parent).read_bytes() == EARLIER


def test_it_is_told_where_an_earlier_file_cannot_come_back(target, monkeypatch):
    """The disk turns read-only between the move and the sync."""

    def refuse(_folder):
        monkeypatch.setattr("pathlib.Path.replace", fail_with(errno.EROFS))
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(ATOMIC, "sync_folder", refuse)
    with pytest.raises(ReportError) as caught:
        replace_file(target, b"new")
    (note,) = caught.value.__notes__
    (kept,) = target.parent.glob(".report.xlsx.*")
    assert note.endswith(f'the earlier file is "{kept}".')
    monkeypatch.undo()
    ATOMIC._ours.clear()  # of another process
    os.utime(kept, (0, 0))
    # Whatever later runs clean away, it is not the only copy of a report.
    replace_file(target, b"newer")
    assert kept.read_bytes() == EARLIER


def test_a_file_that_is_cut_is_no_file(target, monkeypatch):
    """A disk that takes less than it says."""
    monkeypatch.setattr("os.fsync", lambda number: os.truncate(number, 2))
    with pytest.raises(ReportError, match="not whole on the disk"):
        replace_file(target, b"new")
    assert only_file_in(target.parent).read_bytes() == EARLIER


@pytest.mark.skipif(os.name == "nt", reason="links as POSIX has them")
def test_a_link_is_kept_and_what_it_leads_to_replaced(tmp_path):
    (tmp_path / "share").mkdir()
    for name in ("report.xlsx", "missing.xlsx"):
        (tmp_path / name).symlink_to(tmp_path / "share" / name)
    (tmp_path / "share" / "report.xlsx").write_bytes(EARLIER)
    for name in ("report.xlsx", "missing.xlsx"):
        replace_file(tmp_path / name, b"new")
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / "share" / name).read_bytes() == b"new"
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(ReportError, match="a link that leads to itself"):
        replace_file(tmp_path / "loop", b"new")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes as POSIX has them")
def test_a_pipe_or_device_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "link.xlsx").symlink_to(os.devnull)
    for name in ("pipe.xlsx", "link.xlsx"):
        for write in (try_to_write, lambda path: replace_file(path, b"new")):
            with pytest.raises(ReportError, match="A device or a pipe has this name"):
                write(tmp_path / name)


def test_names_as_long_as_the_disk_has_them(tmp_path):
    long = tmp_path / f"{'n' * 250}.xlsx"
    replace_file(long, b"new")
    assert only_file_in(tmp_path).read_bytes() == b"new"
    with pytest.raises(ReportError, match="Choose a shorter name"):
        replace_file(tmp_path / f"{'n' * 256}.xlsx", b"new")


def test_drafts_of_dead_runs_go_and_others_stay(tmp_path):
    """Of this machine at once; of others, whose claims may not be seen here, after a day."""
    stay = {".notes.part", "report.xlsx.0a1b2c3d.part", ".report.xlsx.0123456789ab.part"}
    dead, old = f".report.xlsx.{ATOMIC._HERE}0a1b2c3d.part", ".report.xlsx.0a1b2c3d.part"
    for name in (*stay, dead, old):
        (tmp_path / name).touch()
    os.utime(tmp_path / old, (0, 0))
    replace_file(tmp_path / "other.xlsx", b"new")
    assert {path.name for path in tmp_path.iterdir()} == stay | {"other.xlsx"}


def name_again_and_die(target):
    second = ATOMIC._name_again(target)
    ATOMIC._ours.clear()
    return second


def test_a_second_name_that_a_kill_left_goes(target):
    """Its file has another name, so nothing is lost; without one it stays."""
    second = name_again_and_die(target)
    assert second.samefile(target)
    replace_file(target.with_name("other.xlsx"), b"new")
    assert not second.exists()
    only = name_again_and_die(target)
    target.unlink()
    replace_file(target, b"new")
    assert only.read_bytes() == EARLIER


def test_an_interruption_does_not_part_files_that_belong_together(tmp_path, monkeypatch):
    """It is heard once all have their places."""
    replace = Path.replace

    def press(draft, target):
        os.kill(os.getpid(), signal.SIGINT)
        return replace(draft, target)

    monkeypatch.setattr("pathlib.Path.replace", press)
    interrupt.heed()
    try:
        with write_together():
            for name in ("report.xlsx", "run.json"):
                replace_file(tmp_path / name, b"new")
        assert interrupt.came()
    finally:
        interrupt.put_back()
    assert {path.name for path in tmp_path.iterdir()} == {"report.xlsx", "run.json"}


@pytest.mark.parametrize("jump", [0, 10**9, -(10**9)])
def test_no_draft_of_a_run_that_lives_goes(tmp_path, monkeypatch, jump):
    """Whatever the system clock is set to meanwhile."""
    clock = time.time

    def write(draft):
        draft.write_bytes(b"half")
        monkeypatch.setattr("time.time", lambda: clock() + jump)
        replace_file(tmp_path / "b.mps", b"new")

    def check(draft):
        assert draft.suffix == ".mps"
        assert draft.read_bytes() == b"half"

    write_file(tmp_path / "a.mps", write, check)
    assert {path.name for path in tmp_path.iterdir()} == {"a.mps", "b.mps"}


def test_a_new_file_replaces_none(target):
    with pytest.raises(ReportError, match="exists and is not replaced"):
        write_new_file(target, b"new")
    assert only_file_in(target.parent).read_bytes() == EARLIER

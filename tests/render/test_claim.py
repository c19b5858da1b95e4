"""One run at a time writes into a folder, and a run that has died holds none."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys

import pytest
from claiming import HOLD, end, make_free, make_hold, say, start

from cssopt.errors import ReportError
from cssopt.render.claim import LOCK_NAME, claim_folder


@pytest.fixture(scope="module")
def other():
    """Another process."""
    process = start()
    yield process
    end(process)


@pytest.fixture
def held(tmp_path, other):
    """A folder that another process holds until it is told to go on."""
    make_hold(other, tmp_path)
    yield tmp_path
    make_free(other)


def test_who_comes_second_is_told_by_whom_the_folder_is_taken(held, other):
    with pytest.raises(ReportError) as caught, claim_folder(held, 0):
        pass
    assert re.search(
        rf'"{held}" is being written by another run of cssopt \(process {other.pid} on .+, '
        r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)\. Wait until it has ended, or choose another",
        str(caught.value),
    )


def test_a_run_that_ends_is_waited_for(tmp_path, other):
    make_hold(other, tmp_path)
    say(other, "")
    with claim_folder(tmp_path, 60) as is_sure:
        assert is_sure
    assert other.stdout.readline() == "free\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
def test_the_claim_ends_with_a_kill(tmp_path):
    process = start()
    make_hold(process, tmp_path)
    end(process)
    assert (tmp_path / LOCK_NAME).exists()
    with claim_folder(tmp_path, 0) as is_sure:
        assert is_sure
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="children as POSIX makes them")
def test_children_of_a_killed_run_keep_no_folder(tmp_path):
    # In one write each, so that the words of two processes do not mix.
    fork = 'import os; os.fork(); os.write(1, b"held\\n"); time.sleep(600)'
    run = start(HOLD.replace('print("held", flush=True)', fork), start_new_session=True)
    try:
        say(run, tmp_path)
        assert [run.stdout.readline() for _ in range(2)] == ["held\n"] * 2
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        with claim_folder(tmp_path, 0) as is_sure:
            assert is_sure
    finally:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()


def test_one_process_may_claim_a_folder_again_by_any_name(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    with claim_folder(tmp_path / "folder", 0):
        with claim_folder(tmp_path / "link", 0) as is_sure:
            assert not is_sure
        assert (tmp_path / "folder" / LOCK_NAME).exists()
    assert list((tmp_path / "folder").iterdir()) == []


def test_a_folder_that_vanishes_is_made_and_claimed_anew(tmp_path):
    folder = tmp_path / "a" / "b"
    with claim_folder(folder, 0):
        shutil.rmtree(folder)
        with claim_folder(folder, 0) as is_sure:
            assert is_sure
            assert (folder / LOCK_NAME).exists()
    assert not (folder / LOCK_NAME).exists()


def test_folders_that_were_made_and_are_empty_go(tmp_path):
    with claim_folder(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").is_dir()
    assert list(tmp_path.iterdir()) == []
    with claim_folder(tmp_path / "a" / "b"):
        (tmp_path / "a" / "note.txt").touch()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["note.txt"]


@pytest.mark.skipif(os.name == "nt", reason="links as POSIX has them")
def test_a_link_in_the_place_of_the_lock_harms_no_file(tmp_path):
    (tmp_path / "own.txt").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / LOCK_NAME).symlink_to(tmp_path / "own.txt")
    with pytest.raises(OSError, match="symbolic links"), claim_folder(tmp_path / "folder"):
        pass
    assert (tmp_path / "own.txt").read_text() == "mine"


def test_a_disk_without_locks_is_written_without_claims(tmp_path, monkeypatch):
    def refuse(_file):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(sys.modules["cssopt.render.claim"], "_lock", refuse)
    with claim_folder(tmp_path, 0) as is_sure:
        assert not is_sure
    assert list(tmp_path.iterdir()) == []


def test_what_stands_in_a_lock_file_of_another_program_is_not_told(held):
    (held / LOCK_NAME).write_bytes(b"\x1b[31mred")
    with pytest.raises(ReportError, match=r"another run of cssopt\. Wait"), claim_folder(held, 0):
        pass

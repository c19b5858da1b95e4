"""What `share` has solved is kept: the same command does the rest, and no other takes it over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import openpyxl
import pytest
from alliances import make_alliance
from books import make_case, write_csv
from commands import command, shares_of
from ending import TELLING
from small_books import make_book, members

import cssopt
from cssopt.questions.sharing.coalitions.worker import CoalitionWorker

FIRST = ("--method", "shapley", "--method", "nucleolus")


def make_three(dear=2):
    """A, B, which is `dear` times as dear, and C, which has nothing."""
    return make_book(members=members(index_of_b=dear, third=True))


@pytest.fixture
def solved(monkeypatch):
    """The coalitions that are solved, one by one; after `most` of them Ctrl-C is pressed."""
    seen = []
    find_cost = CoalitionWorker.find_cost

    def find(self, task):
        if len(seen) == seen_most[0]:
            os.kill(os.getpid(), signal.SIGINT)
        outcome = find_cost(self, task)
        seen.append("+".join(task.members))
        return outcome

    seen_most = [None]
    monkeypatch.setattr(CoalitionWorker, "find_cost", find)
    return seen, seen_most


@pytest.mark.medium
def test_an_interrupted_command_keeps_what_it_solved_and_the_same_one_does_the_rest(
    tmp_path, monkeypatch, solved
):
    monkeypatch.chdir(tmp_path)
    seen, most = solved
    book = write_csv(make_three(), tmp_path / "small")
    most[0] = 2
    cut = command("share", book, *FIRST)
    assert cut.code == 7
    assert cut.out == ""
    assert "Interrupted. What was solved by then is kept in " in cut.err
    assert "reports/small-share/journal.sqlite" in cut.err.replace("\n", "")
    assert seen == ["A+B", "A+C"]
    assert not (tmp_path / "reports/small-share/share.xlsx").exists()
    most[0] = None
    rest = command("share", book, *FIRST, "--json")
    assert rest.code == 0
    assert seen == ["A+B", "A+C", "B+C"]
    whole = command("share", book, *FIRST, "--json", "--out", "elsewhere")
    assert seen[3:] == ["A+B", "A+C", "B+C"]
    assert shares_of(rest) == shares_of(whole)
    assert rest.tables["coalitions"] == whole.tables["coalitions"]
    # All of it is known now, and other ways of sharing cost no further solve.
    del seen[:]
    again = command("share", book, "--choose", "gdp", "--formats", "xlsx")
    assert again.code == 0
    assert seen == []
    written = openpyxl.load_workbook(tmp_path / "reports/small-share/share.xlsx")
    assert "Coalitions" in written.sheetnames


@pytest.mark.medium
def test_changed_inputs_are_not_mixed_with_what_is_kept(tmp_path, monkeypatch, solved):
    """B three times as dear as A in place of twice: B alone 480, A and B as before 160."""
    monkeypatch.chdir(tmp_path)
    seen, _ = solved
    book = write_csv(make_three(), tmp_path / "small")
    command("share", book, *FIRST)
    (tmp_path / "small").rename(tmp_path / "before")
    write_csv(make_three(dear=3), tmp_path / "small")
    del seen[:]
    dearer = command("share", book, *FIRST, "--json")
    assert seen == ["A+B", "A+C", "B+C"]
    costs = {row["coalition"]: row["cost"] for row in dearer.tables["coalitions"]}
    assert costs["Beta"] == pytest.approx(480)
    assert costs["Alpha and Beta"] == pytest.approx(160)
    # B and C may miss 4/2, so that B holds 2 for 30 each and year.
    assert costs["Beta and Gamma"] == pytest.approx(240)
    # Nor those of another mode or gap.
    for words in (("--strict",), ("--gap", "1%")):
        del seen[:]
        assert command("share", book, *FIRST, *words).code == 0
        assert len(seen) == 3


@pytest.mark.medium
def test_a_journal_is_for_who_names_it_too(tmp_path):
    """In Python: `journal=`; without it nothing is kept."""
    case, journal = make_case(make_three()), tmp_path / "kept.sqlite"
    counts = [cssopt.share(case, methods=["equal"], journal=journal).found.costs.reused]
    counts += [cssopt.share(case, methods=["equal"], journal=journal).found.costs.reused]
    counts += [cssopt.share(case, methods=["equal"]).found.costs.reused]
    assert counts == [0, 3, 0]


@pytest.mark.medium
def test_what_there_was_no_time_for_is_told_and_asked_by_the_same_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = write_csv(make_three(), tmp_path / "small")
    late = command("share", book, *FIRST, "--total-time", "0", "--json")
    assert late.code == 8
    assert late.told["verdict"].startswith(
        "There is nothing to share, as what all together spend is not known: "
    )
    assert late.told["verdict"].count("--total-time") == 1
    assert "shares" not in late.tables
    done = command("share", book, *FIRST, "--json")
    assert done.code == 0
    assert shares_of(done)["shapley"]


@pytest.mark.slow
def test_two_processes_find_what_one_finds(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = write_csv(make_alliance(5, years=2), tmp_path / "small")
    one = command("share", book, *FIRST, "--formats", "none", "--json")
    two = command("share", book, *FIRST, "--formats", "none", "--json", "--processes", "2")
    assert (one.code, two.code) == (0, 0)
    for method, shares in shares_of(one).items():
        assert shares_of(two)[method] == pytest.approx(shares, rel=1e-9)
    names = [[row["coalition"] for row in done.tables["coalitions"]] for done in (one, two)]
    assert names[0] == names[1]


@pytest.mark.slow
@pytest.mark.parametrize("processes", ["1", "2"])
def test_ctrl_c_from_outside_keeps_what_was_solved(tmp_path, processes):
    """A real one, sent when the second coalition has been told; the rest is found from the journal
    in one process."""
    book = write_csv(make_alliance(4, members=4, years=2), tmp_path / "small")
    words = [sys.executable, "-c", TELLING, "share", str(book), *FIRST]
    running = subprocess.Popen(
        [*words, "--processes", processes],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("coalition 2 of"):
            break
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 7
    assert out == ""
    assert "Traceback" not in err
    assert "the same command does the rest" in " ".join(err.split())
    case, journal = cssopt.load(book), tmp_path / "reports/small-share/journal.sqlite"
    rest = cssopt.share(case, methods=FIRST[1::2], journal=journal)
    assert 2 <= rest.found.costs.reused <= 10
    fresh = cssopt.share(case, methods=FIRST[1::2])
    for method in ("shapley", "nucleolus"):
        given, expected = (
            next(one for one in answer.found.methods if one.method == method).allocation.shares
            for answer in (rest, fresh)
        )
        assert given == pytest.approx(expected, rel=1e-6)

"""The answer of solve: one plan at once, the comparison when it is read, all decisions kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from books import make_case, write_csv
from commands import command
from small_alliance import make_facts, make_sheets
from small_books import make_book

import cssopt
from cssopt.document.document import Table
from cssopt.document.stored import read_document
from cssopt.questions.plan import ask
from cssopt.questions.plan.show import show_plan


@pytest.fixture
def compared(monkeypatch):
    """Grows with every comparison with members alone."""
    found = []
    compare = ask.compare_with_standing_alone

    def count(plan, *given, **how):
        found.append(how.get("ledger", False))
        return compare(plan, *given, **how)

    monkeypatch.setattr(ask, "compare_with_standing_alone", count)
    return found


@pytest.mark.medium
def test_members_alone_are_solved_once_and_only_for_who_reads_of_them(compared, tmp_path):
    answer = cssopt.solve(make_case(make_book()))
    assert answer.status is cssopt.Status.OPTIMAL
    assert answer.pooled_expenditure == pytest.approx(4 * 40)
    assert answer.tables["held"]["held"].sum() > 0
    assert compared == []
    # Alone 40 and 80 a year, together 40.
    saving = answer.tables["figures"].set_index("label")["value"]["saving"]
    assert saving == pytest.approx(4 * 80)
    answer.write(tmp_path, ["xlsx"])
    assert compared == [False]


def test_a_command_without_files_compares_nothing(compared, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = write_csv(make_book(), tmp_path / "small")
    done = command("solve", book, "--formats", "none")
    assert done.code == 0
    assert "Standing alone was not worked out" in " ".join(done.out.split())
    assert compared == []
    assert not (tmp_path / "reports").exists()


@pytest.mark.medium
def test_solve_and_compare_answer_about_one_plan(compared, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = write_csv(make_book(), tmp_path / "small")
    assert command("solve", book, "--formats", "xlsx").code == 0
    done = command("compare", book, "--study", "pooled", "--formats", "xlsx")
    assert "small-pooled/report.xlsx (replaced)" in done.err
    assert compared == [False, True]
    assert "every member alone" in done.out


@pytest.mark.medium
def test_all_decisions_are_kept_with_the_answer(tmp_path):
    answer = cssopt.solve(make_case(make_sheets()))
    answer.write(tmp_path, ["xlsx"])
    kept = {table.name: table for table in read_document(tmp_path / "answer.json").kept}
    assert set(kept) == set(answer.found.tables)
    for name, frame in answer.found.tables.items():
        assert [column.name for column in kept[name].columns] == list(map(str, frame.columns))
        assert len(kept[name].rows) == len(frame)
    held = {row[:-1]: row[-1] for row in kept["held"].rows}
    for *key, units in answer.found.tables["held"].itertuples(index=False):
        assert held[tuple(key)] == units


def test_a_table_of_a_model_may_have_the_name_of_one_of_ours(met):
    """A table named as ours stands beside it, under a name of its own."""
    solution, baseline = met
    more = {**solution.derived, "costs": [{"member": "ALF", "amount": 7.5}]}
    document = show_plan(replace(solution, derived=more), baseline, make_facts())
    ours, theirs = document.tables["costs"], document.tables["costs_2"]
    assert isinstance(ours, Table)
    assert isinstance(theirs, Table)
    assert ours.columns[0].name == "bearer"
    assert theirs.column("amount") == [7.5]

"""Kept runs: written again in any format, whatever happened while they were written first, and told
apart; nothing is solved, and nothing of anybody's is overwritten."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from books import make_case
from commands import command
from keeping import keep, make_kept, put_kept, read_kept
from made_documents import make_document
from small_books import make_book

import cssopt
from cssopt import interrupt
from cssopt.errors import DataError
from cssopt.render.formats import write_document
from cssopt.render.kept_run import read_run
from cssopt.solve.outcome import Status

# What is written again.


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """A plan: the answer of the verb, and the folder in which its run is kept."""
    folder = tmp_path_factory.mktemp("solved")
    answer = cssopt.solve(make_case(make_book()), processes=1)
    answer.write(folder, ("xlsx", "html", "json"))
    return answer, folder


@pytest.fixture
def run(solved, tmp_path):
    """A copy of the folder of the run."""
    return Path(shutil.copytree(solved[1], tmp_path / "run"))


def read_cells(path):
    """Every cell of a workbook with its form, and every formula."""
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.number_format, cell.fill.fgColor.rgb)
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
    }


@pytest.mark.medium
def test_the_whole_solution_is_kept(solved, run):
    answer, _ = solved
    kept = cssopt.report(run)
    own = answer.found.tables
    assert {*own} <= {*kept.tables}
    for name, frame in own.items():
        read = kept.tables[name]
        assert [*read.columns] == [*map(str, frame.columns)]
        plain = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
        assert read.astype(object).where(read.notna(), None).to_numpy().tolist() == plain
    assert kept.status is answer.status
    assert kept.audits == answer.document.facts.audits
    assert kept.facts() == answer.facts()
    assert repr(kept) == "<plan, kept: optimal>"
    assert kept._repr_html_().startswith("<!doctype html>")


@pytest.mark.medium
def test_every_format_is_the_one_that_was_written_when_it_was_solved(run, tmp_path):
    place = cssopt.report(run).write(tmp_path / "again", ("xlsx", "html", "json"))
    assert place.path == tmp_path / "again" / "report.xlsx"
    assert read_cells(place.path) == read_cells(run / "report.xlsx")
    for name in ("report.html", "report.json", "answer.json"):
        assert (place.path.with_name(name)).read_bytes() == (run / name).read_bytes()
    assert cssopt.report(tmp_path / "again").facts() == cssopt.report(run).facts()


def test_a_format_that_was_not_written_comes_beside_the_others(run):
    before = {path.name: path.read_bytes() for path in run.iterdir() if path.name != "run.json"}
    (run / "report.html").unlink()
    done = command("report", run, "--formats", "html")
    assert done.code == 0
    assert f"Answer: {run / 'report.html'}" in done.err
    assert {name: (run / name).read_bytes() for name in before} == before
    assert {path.name for path in run.iterdir()} == {*before, "run.json"}


@pytest.mark.medium
def test_parquet_alone_goes_beside_the_run_too(run):
    pytest.importorskip("pyarrow")
    names = {path.name for path in run.iterdir()}
    done = command("report", run, "--formats", "parquet")
    assert done.code == 0
    others = {path.name for path in run.iterdir()} - names
    assert "held.parquet" in others
    assert {Path(name).suffix for name in others} == {".parquet"}
    held = pd.read_parquet(run / "held.parquet")
    assert len(held) == len(cssopt.report(run).document.tables["held"].rows)


def test_the_command_prints_what_the_answer_says(run):
    told = command("report", run, "--json", "--formats", "none")
    assert told.code == 0
    assert told.told == cssopt.report(run).facts()
    shown = command("report", run, "--formats", "none")
    assert "2 What does it cost?" in shown.out
    assert "Audited:" in shown.out


@pytest.mark.medium
@pytest.mark.parametrize("name", ["", "run.json", "answer.json", "report.xlsx", "report.html"])
def test_a_run_is_named_by_its_folder_or_any_of_its_files(run, name):
    assert cssopt.report(run / name).status is Status.OPTIMAL


@pytest.mark.medium
def test_several_runs_go_each_to_its_folder(run, tmp_path):
    other = shutil.copytree(run, tmp_path / "more" / "run")
    done = command("report", run, other, "--out", tmp_path / "all", "--formats", "json")
    assert done.code == 0
    files = sorted(path.relative_to(tmp_path / "all") for path in tmp_path.rglob("all/*/*.json"))
    names = ("answer.json", "report.json", "run.json")
    assert files == [Path(folder) / name for folder in ("run", "run-2") for name in names]
    (run / "report.html").unlink()
    (other / "report.html").unlink()
    assert command("report", run, other).code == 0
    assert (run / "report.html").exists()
    assert (other / "report.html").exists()


@pytest.mark.medium
@pytest.mark.parametrize("status", list(Status))
def test_a_kept_run_ends_as_the_command_did(tmp_path, status):
    document = make_kept()
    object.__setattr__(document.facts, "status", str(status))
    keep(tmp_path, document)
    assert command("report", tmp_path, "--formats", "none").code == status.exit_code


# What stays.


@pytest.mark.medium
def test_a_workbook_that_was_changed_is_never_overwritten(run):
    (run / "report.xlsx").write_bytes(b"mine")
    done = command("report", run)
    assert done.code == 0
    assert (run / "report.xlsx").read_bytes() == b"mine"
    assert "report.xlsx stays as it is: it was changed since it was written" in done.err
    assert read_cells(run / "report-2.xlsx")


def test_a_run_that_is_written_again_replaces_no_other_run(tmp_path):
    first, second = make_kept(), make_kept(verdict="Another")
    write_document(tmp_path / "a", first, ("json",))
    write_document(tmp_path / "b", second, ("json",))
    done = command("report", tmp_path / "a", "--out", tmp_path / "b", "--formats", "json")
    assert "stays as it is: it is of another run" in done.err
    assert read_run(tmp_path / "b" / "share-run.json").verdict == "Another"
    assert read_run(tmp_path / "b" / "share-2-run.json").verdict == first.verdict
    # A new run of the same question replaces an earlier one, as ever.
    assert write_document(tmp_path / "a", second, ("json",)).replaces


def test_a_folder_with_several_runs_asks_which(tmp_path):
    write_document(tmp_path, make_kept(), ("json",))
    (tmp_path / "share.json").write_text("mine")
    write_document(tmp_path, make_kept(), ("json",))
    done = command("report", tmp_path)
    assert done.code == 3
    assert "E-570" in done.err
    assert "keeps several runs" in done.err
    assert "share-2-run.json, share-run.json" in done.err.replace("\n", " ")
    assert command("report", tmp_path / "share-2-run.json", "--formats", "none").code == 0


# What is refused.


def edit_answer(run):
    path, content = read_kept(run)
    path.write_text(json.dumps({**content, "verdict": "All is well."}), encoding="utf-8")


def edit_record(run):
    path = run / "run.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, "sha256": "f" * 64}), encoding="utf-8")


def edit_scope(run):
    path = run / "run.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, "scope": "another study"}), encoding="utf-8")


@pytest.mark.parametrize("edit", [edit_answer, edit_record, edit_scope])
def test_a_run_that_was_edited_is_refused(run, edit):
    edit(run)
    done = command("report", run)
    assert done.code == 3
    assert "E-570" in done.err
    assert "was changed. Solve again." in done.err.replace("\n", " ")


def lead_elsewhere(run):
    shutil.copy(run / "answer.json", run.parent / "answer.json")
    path = run / "run.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    files = {**told["files"], "../answer.json": told["files"]["answer.json"]}
    path.write_text(json.dumps({**told, "answer": "../answer.json", "files": files}))


@pytest.mark.medium
@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (lambda run: (run / "run.json").unlink(), "keeps no run"),
        (lambda run: (run / "answer.json").unlink(), "keeps no run"),
        (lambda run: (run / "run.json").write_text("[" * 100_000), "keeps no run"),
        (lead_elsewhere, "keeps no run"),
        (shutil.rmtree, "is not there"),
    ],
)
def test_what_keeps_no_run_is_refused_in_words(run, spoil, text):
    spoil(run)
    for done in (command("report", run), command("compare-runs", run, run)):
        assert done.code == 3
        assert "E-570" in done.err
        assert text in done.err
    with pytest.raises(DataError):
        cssopt.report(run)


@pytest.mark.medium
def test_a_format_that_there_is_not_is_told_first(run):
    done = command("report", run, "--formats", "docx")
    assert done.code == 3
    assert "E-542" in done.err
    assert not done.out


# What goes wrong while an answer is written.


def test_what_is_kept_in_a_temporary_folder_can_be_written_again(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(cssopt.ReportError) as caught:
        write_document(tmp_path / "file", make_kept())
    (kept,) = (tmp_path / "temporary").iterdir()
    told = f'nothing need be solved again: cssopt report "{kept}" --out "{tmp_path / "file"}".'
    assert told in str(caught.value)
    assert command("report", kept, "--out", tmp_path / "out").code == 0
    assert (tmp_path / "out" / "share.xlsx").exists()


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ZeroDivisionError("in a sheet")])
def test_what_a_fault_left_can_be_written(tmp_path, monkeypatch, fault):
    def stumble(*_given, **_how):
        raise fault

    document = make_kept()
    with monkeypatch.context() as patch:
        patch.setattr("cssopt.render.xlsx.document_book.write_document_xlsx", stumble)
        with pytest.raises(type(fault)) as caught:
            write_document(tmp_path, document)
    assert not (tmp_path / "share.xlsx").exists()
    kept = tmp_path / "share-solved-1.json"
    assert f'cssopt report "{kept}"' in caught.value.__notes__[-1]
    assert command("report", kept, "--quiet").code == 0
    assert read_run(tmp_path / "share-run.json").verdict == document.verdict
    assert (tmp_path / "share.xlsx").exists()


def test_a_run_that_was_cut_keeps_its_name_and_says_so(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(interrupt, "came", lambda: True)
        write_document(tmp_path, make_kept(), ("xlsx",))
    assert {path.name for path in tmp_path.iterdir()} == {
        "share-interrupted.xlsx",
        "share-interrupted-run.json",
        "share-answer-interrupted.json",
    }
    done = command("report", tmp_path, "--formats", "xlsx,html")
    assert done.code == Status.INTERRUPTED.exit_code
    assert "share-interrupted.xlsx (replaced)" in done.err
    assert not (tmp_path / "share.xlsx").exists()
    assert (tmp_path / "share-interrupted.html").exists()


# Two runs, told apart.


def keep_two(folder, change, question="share"):
    first, second = make_kept(), make_kept()
    second = replace(second, sheets=change(second.sheets))
    object.__setattr__(second.facts, "question", question)
    keep(folder / "a", first)
    keep(folder / "b", second)
    return folder / "a", folder / "b"


def test_a_run_is_the_same_as_itself(run):
    document = cssopt.compare_runs(run, run).document
    assert document.mark == "good"
    assert document.verdict.endswith("cells are the same.")
    assert document.tables["cells"].rows == ()


def test_each_cell_that_differs_is_told_with_both_numbers(tmp_path):
    def change(sheets):
        (table,) = sheets[0].blocks
        rows = (table.rows[0], (table.rows[1][0], 3.0, *table.rows[1][2:]))
        rows = (*rows, ("C", 1.0, 2.0, None))
        object.__setattr__(table, "rows", rows)
        return sheets

    done = command("compare-runs", *keep_two(tmp_path, change), "--json")
    assert done.code == 0
    found = [row for row in done.tables["cells"] if row["row"] == "B"]
    (cell,) = found
    assert (cell["table"], cell["first"], cell["second"], cell["more"]) == ("first", 1.5, 3.0, 1.5)
    new = [row for row in done.tables["cells"] if row["row"] == "C"]
    assert [(row["first"], row["second"]) for row in new] == [(None, 1.0), (None, 2.0)]
    (counted,) = [row for row in done.tables["tables"] if row["table"] == "first"]
    assert counted["differ"] == 3
    assert counted["largest"] == 1.0
    assert (
        list(tmp_path.iterdir()) == [*map(tmp_path.joinpath, ("a", "b"))]
        or len(list(tmp_path.iterdir())) == 2
    )


def test_a_difference_within_what_is_proven_is_none(tmp_path):
    def change(sheets):
        (table,) = sheets[0].blocks
        rows = tuple((who, a * (1 + 1e-8), *rest) for who, a, *rest in table.rows)
        object.__setattr__(table, "rows", rows)
        return sheets

    assert cssopt.compare_runs(*keep_two(tmp_path, change)).document.mark == "good"


@pytest.mark.medium
def test_a_comparison_is_written_where_it_is_asked_for_and_is_a_kept_run_too(tmp_path):
    runs = keep_two(tmp_path, lambda sheets: sheets[:1])
    done = command("compare-runs", *runs, "--out", tmp_path / "out")
    assert done.code == 0
    assert (tmp_path / "out" / "compare-runs.xlsx").exists()
    assert cssopt.report(tmp_path / "out").document.verdict in done.out.replace("\n", " ")
    again = command("compare-runs", *runs, "--out", tmp_path / "out")
    assert "(replaced)" in again.err


def test_runs_of_two_questions_are_not_compared(tmp_path):
    done = command("compare-runs", *keep_two(tmp_path, lambda sheets: sheets, "why"))
    assert done.code == 3
    assert "E-571" in done.err
    assert "Name two of one kind." in done.err.replace("\n", " ")


def test_runs_in_two_languages_are_not_compared(tmp_path):
    """Every word would differ, and no row of the one be found in the other."""
    keep(tmp_path / "a", make_kept())
    keep(tmp_path / "b", replace(make_kept(), language="ru"))
    done = command("compare-runs", tmp_path / "a", tmp_path / "b")
    assert done.code == 3
    told = " ".join(done.err.split())
    assert "E-571" in told
    assert "is of --language ru, and the first run of --language en." in told


def test_an_answer_of_no_folder_must_be_told_one(tmp_path):
    runs = keep_two(tmp_path, lambda sheets: sheets)
    with pytest.raises(ValueError, match="Name a folder"):
        cssopt.compare_runs(*runs).write()


def test_a_kept_answer_that_fits_its_record_but_is_none_is_refused(tmp_path):
    put_kept(keep(tmp_path, make_kept()), {"version": 2, "title": make_document().title})
    assert command("report", tmp_path).code == 3

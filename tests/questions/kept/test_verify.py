"""Reports that were changed by hand are found, whatever was changed; honest ones are confirmed."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from pathlib import Path

import openpyxl
import pytest
from books import make_case, write_csv
from commands import command
from independent.random_books import make_random_book
from paths import ROOT
from small_books import make_book

import cssopt
from cssopt.document.stored import read_document
from cssopt.errors import DataError
from cssopt.questions.kept.verify.check import compare_stage
from cssopt.render.formats import write_document
from cssopt.render.kept_run import find_run
from cssopt.render.place import OutputPlace, name_stem
from cssopt.solve.answer import StageResult
from cssopt.solve.outcome import Status


@pytest.fixture(scope="module")
def case():
    return make_case(make_book())


@pytest.fixture(scope="module")
def solved(tmp_path_factory, case):
    """The folder of a plan, in every format that is compared."""
    folder = tmp_path_factory.mktemp("solved")
    cssopt.solve(case, processes=1).write(folder, ("xlsx", "html", "json"))
    return folder


@pytest.fixture
def run(solved, tmp_path):
    return Path(shutil.copytree(solved, tmp_path / "run"))


def edits_of(run, case):
    answer = cssopt.verify(run, case)
    assert answer.found.outcome == "differs"
    assert answer.status.exit_code == 1
    return [(edit.file, edit.place, edit.written, edit.now) for edit in answer.found.edits]


def fit_record(run, name):
    """Put the hash of a file that was changed into the record, as whoever hides a change would."""
    record = run / "run.json"
    told = json.loads(record.read_text("utf-8"))
    told["files"][name] = hashlib.sha256((run / name).read_bytes()).hexdigest()
    record.write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.medium
def test_a_report_that_nobody_changed_matches(run, case):
    answer = cssopt.verify(run, case)
    assert answer.found.outcome == "matches"
    assert not answer.found.edits
    assert not answer.found.differences
    assert answer.status.exit_code == 0
    assert {one.outcome for one in answer.found.findings} == {"matches"}


def find_number(run):
    """A typed number of the workbook, and a formula, by sheet and address."""
    number = formula = None
    for sheet in openpyxl.load_workbook(run / "report.xlsx"):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "n" and cell.value not in (None, 0) and number is None:
                    number = sheet.title, cell.coordinate
                if cell.data_type == "f" and formula is None:
                    formula = sheet.title, cell.coordinate
    return number, formula


@pytest.mark.medium
@pytest.mark.parametrize("hides", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_number_changed_in_the_workbook_is_found(run, case, hides):
    (sheet, at), _ = find_number(run)
    book = openpyxl.load_workbook(run / "report.xlsx")
    written = book[sheet][at].value
    book[sheet][at].value = written + 1
    book.save(run / "report.xlsx")
    if hides:
        fit_record(run, "report.xlsx")
    assert edits_of(run, case) == [("report.xlsx", f"{sheet}!{at}", written, written + 1)]


@pytest.mark.medium
def test_a_number_in_place_of_a_formula_is_found(run, case):
    _, (sheet, at) = find_number(run)
    book = openpyxl.load_workbook(run / "report.xlsx")
    book[sheet][at].value = 123456.5
    book.save(run / "report.xlsx")
    ((file, place, _, now),) = edits_of(run, case)
    assert (file, place, now) == ("report.xlsx", f"{sheet}!{at}", 123456.5)


@pytest.mark.medium
def test_a_formula_and_a_number_format_are_found(run, case):
    (sheet, at), (other, formula) = find_number(run)
    book = openpyxl.load_workbook(run / "report.xlsx")
    book[other][formula].value += "+1"
    book[sheet][at].number_format = '"12,345"'
    book.save(run / "report.xlsx")
    places = [place for _, place, _, _ in edits_of(run, case)]
    assert sorted(places) == sorted(
        [f"{other}!{formula}, its formula", f"{sheet}!{at}, how it is shown"]
    )


@pytest.mark.slow
def test_a_workbook_that_was_only_saved_again_is_no_edit(run, case):
    openpyxl.load_workbook(run / "report.xlsx").save(run / "report.xlsx")
    found = cssopt.verify(run, case).found
    assert found.outcome == "matches"
    (finding,) = [one for one in found.findings if one.subject == "report.xlsx"]
    assert finding.outcome == "is other"


@pytest.mark.medium
def test_a_text_of_the_page_is_found(run, case):
    page = run / "report.html"
    text = page.read_text("utf-8")
    at = text.index("<td", text.index("<table"))
    begin = text.index(">", at) + 1
    end = text.index("<", begin)
    page.write_text(f"{text[:begin]}CHANGED{text[end:]}", encoding="utf-8")
    ((file, _, written, now),) = edits_of(run, case)
    assert (file, now) == ("report.html", "CHANGED")
    assert written == " ".join(text[begin:end].split()) or written is None


@pytest.mark.medium
def test_a_number_of_the_json_is_found_by_its_way(run, case):
    path = run / "report.json"
    told = json.loads(path.read_text("utf-8"))
    rows = told["tables"]["figures"]
    number = next(n for n, one in enumerate(rows) if one["label"] == "pooled_expenditure")
    written = rows[number]["value"]
    rows[number]["value"] = written - 5
    path.write_text(json.dumps(told), encoding="utf-8")
    way = f"tables.figures[{number}].value"
    assert edits_of(run, case) == [("report.json", way, written, written - 5)]


def change_answer(run):
    """Another expenditure in the kept answer; what it was."""
    path = run / "answer.json"
    told = json.loads(path.read_text("utf-8"))
    for sheet in told["sheets"]:
        for block in sheet["blocks"]:
            for pair in block.get("pairs", ()) if block.get("name") == "figures" else ():
                if pair["label"] == "pooled_expenditure":
                    written = pair["value"]
                    pair["value"] = written * 0.9
    path.write_text(json.dumps(told), encoding="utf-8")
    return written


@pytest.mark.medium
def test_the_kept_answer_is_blamed_where_it_was_changed_and_its_files_were_not(run, case):
    written = change_answer(run)
    found = edits_of(run, case)
    assert {file for file, *_ in found} == {"answer.json", "run.json"}
    assert any((was, now) == (written, pytest.approx(written * 0.9)) for _, _, was, now in found)


@pytest.mark.medium
def test_a_consistent_lie_is_found_by_solving_again(run, case):
    """Kept answer, record and files all say the same: only a new solve can tell."""
    change_answer(run)
    fit_record(run, "answer.json")
    _, answer = find_run(run)
    other = run.with_name("lie")
    write_document(other, read_document(answer), ("xlsx", "html", "json"))
    verified = cssopt.verify(other, case)
    assert not verified.found.edits
    assert verified.found.outcome == "differs"
    assert any(one.row == "pooled_expenditure" for one in verified.found.differences)


def outcomes(done):
    return {row["compared"]: row["outcome"] for row in done.tables["verified"]}


@pytest.mark.medium
def test_the_command_ends_with_the_outcome(tmp_path):
    """0 for the book that was solved, whatever it is called now; 1 for another one."""
    book = write_csv(make_book(), tmp_path / "book")
    words = ("--members", "A", "--gap", "0.001", "--formats", "html")
    assert command("solve", book, "--out", tmp_path / "run", *words).code == 0
    done = command("verify", tmp_path / "run", book, "--json")
    assert (done.code, {*outcomes(done).values()}) == (0, {"matches"})
    assert "do not use it" not in command("verify", tmp_path / "run" / "report.html", book).out

    lines = (book / "inventory.csv").read_text("utf-8").replace("8", "3")
    (book / "inventory.csv").write_text(lines, encoding="utf-8")
    done = command("verify", tmp_path / "run", book, "--json")
    assert done.code == 1
    assert outcomes(done)["the inputs"] == outcomes(done)["the figures"] == "DIFFERS"


@pytest.mark.medium
def test_programs_that_were_named_otherwise_are_an_edit(run, case):
    path = run / "run.json"
    told = json.loads(path.read_text("utf-8"))
    told["versions"]["HiGHS"] = "0.0"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert ("run.json", "versions.HiGHS") in [edit[:2] for edit in edits_of(run, case)]


def test_another_question_is_asked_again_with_its_options(tmp_path, case):
    change = "inventory[member=A].units=7"
    cssopt.whatif(case, changes=[change]).write(tmp_path, ("html",))
    found = cssopt.verify(tmp_path, case).found
    assert found.outcome == "matches"
    assert found.fresh.facts.plain_options["set"] == change


def test_a_run_that_read_a_further_file_only_has_its_files_checked(tmp_path, case):
    further = tmp_path / "more.toml"
    step = ('table = "inventory"', 'where = "member=A"', 'column = "units"', 'change = "set"')
    further.write_text("\n".join(["[[less.steps]]", *step, "value = 7"]), encoding="utf-8")
    cssopt.whatif(case, scenarios=further).write(tmp_path / "run", ("html",))
    found = cssopt.verify(tmp_path / "run", case).found
    assert found.outcome == "cannot be told"
    assert found.status.exit_code == 6
    assert "--scenarios" in found.findings[-1].says


@pytest.mark.medium
def test_no_file_that_a_record_names_is_read(tmp_path, case):
    cssopt.alternatives(case, plans=1).write(tmp_path / "other", ("html",))
    cssopt.solve(case, opinions=[tmp_path / "other"]).write(tmp_path / "run", ("html",))
    found = cssopt.verify(tmp_path / "run", case).found
    assert found.outcome == "cannot be told"
    assert "--with" in found.findings[-1].says


def test_what_is_minimized_is_compared_with_what_is_proven():
    def told(kept, fresh, gap):
        return compare_stage(*(StageResult("money", *one, 0.0) for one in (kept, fresh)), gap)[0]

    proven, open_ = Status.OPTIMAL, Status.FEASIBLE
    assert told((proven, 100, 100), (proven, 100, 100), 0) == "matches"
    # Both may be above the least by a hundredth: a difference of that size says nothing.
    assert told((proven, 100, 99), (proven, 100.5, 99.5), 0.01) == "matches"
    assert told((proven, 100, 99), (proven, 102, 101), 0.01) == "differs"
    assert told((open_, 100, 80), (open_, 90, 80), 0.2) == "cannot be told"
    # Nothing can cost 70 where nothing costs less than 80.
    assert told((open_, 70, 60), (open_, 90, 80), 0.2) == "differs"


def test_a_folder_without_a_run_is_refused(tmp_path, case):
    with pytest.raises(DataError, match="E-570"):
        cssopt.verify(tmp_path, case)


def test_an_answer_that_cannot_be_read_any_more_differs(run, case):
    (run / "answer.json").write_text("{}", encoding="utf-8")
    assert cssopt.verify(run, case).found.outcome == "differs"


def change_record(run, **entries):
    record = run / "run.json"
    told = json.loads(record.read_text("utf-8"))
    told["files"] |= entries
    record.write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.medium
def test_a_record_leads_to_no_other_folder(run, case):
    change_record(run, **{"../secret.xlsx": "0", "a/b.html": "0"})
    verified = cssopt.verify(run, case)
    assert verified.found.outcome == "differs"
    assert ("run.json", "differs") in [(f.subject, f.outcome) for f in verified.found.findings]
    assert not [f for f in verified.found.findings if "secret" in f.subject]


@pytest.mark.medium
def test_a_file_that_the_record_was_made_to_forget_is_not_confirmed(run, case):
    record, page = run / "run.json", run / "report.html"
    told = json.loads(record.read_text("utf-8"))
    del told["files"]["report.html"]
    record.write_text(json.dumps(told), encoding="utf-8")
    page.write_text(page.read_text("utf-8").replace("<td", "<td title='0'", 1), encoding="utf-8")
    found = cssopt.verify(run, case).found
    assert found.outcome == "cannot be told"
    assert {f.subject: f.outcome for f in found.findings}["report.html"] == "cannot be told"


@pytest.mark.medium
def test_a_page_that_an_earlier_run_left_is_not_called_changed(tmp_path, case):
    for formats in (("html", "xlsx"), ("xlsx",)):
        cssopt.solve(case, processes=1).write(tmp_path, formats)
    found = cssopt.verify(tmp_path, case).found
    outcomes = {f.subject: f.outcome for f in found.findings}
    assert not found.edits
    assert (outcomes["report.html"], outcomes["report.xlsx"]) == ("cannot be told", "matches")
    cssopt.solve(case, processes=1).write(tmp_path, ("html",))
    outcomes = {f.subject: f.outcome for f in cssopt.verify(tmp_path, case).found.findings}
    assert (outcomes["report.html"], outcomes["report.xlsx"]) == ("matches", "cannot be told")


@pytest.mark.parametrize(
    ("record", "stem"),
    [("run.json", "report"), ("run-2.json", "report-2"), ("brief-run.json", "brief")],
)
def test_a_record_is_known_by_the_name_of_its_workbook(record, stem):
    assert name_stem(record) == stem
    assert OutputPlace(Path(f"{stem}.xlsx")).record.name == record


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_reports_of_random_books_match_until_a_number_is_changed(tmp_path, seed):
    """Also where whole numbers were searched for; any number of the JSON is found, once changed."""
    case = make_case(make_random_book(seed))
    cssopt.solve(case, processes=1).write(tmp_path, ("json", "html", "xlsx"))
    assert cssopt.verify(tmp_path, case).found.outcome == "matches"
    path = tmp_path / "report.json"
    told = json.loads(path.read_text("utf-8"))
    places = [
        (name, number, column)
        for name, rows in told["tables"].items()
        for number, row in enumerate(rows)
        for column, value in row.items()
        if isinstance(value, float)
    ]
    name, number, column = random.Random(seed).choice(places)
    told["tables"][name][number][column] += 0.25
    path.write_text(json.dumps(told), encoding="utf-8")
    way = f"tables.{name}[{number}].{column}"
    assert [(file, place) for file, place, _, _ in edits_of(tmp_path, case)] == [
        ("report.json", way)
    ]


@pytest.mark.slow
def test_a_report_of_the_demo_matches(tmp_path):
    """From the workbook file itself, by the command, on the simplified plan."""
    book, words = ROOT / "inputs" / "demo.xlsx", ("--study", "relaxed", "--out", tmp_path)
    assert command("solve", book, *words).code == 0
    done = command("verify", tmp_path, book, "--json")
    assert (done.code, {*outcomes(done).values()}) == (0, {"matches"})

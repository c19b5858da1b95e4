"""Documents kept as JSON: what is read is what was kept; what was never ours is refused, in words,
and nothing in it acts."""

from __future__ import annotations

import io
import json
import math
import random
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from keeping import alter, keep, make_kept, put_kept, read_kept
from made_documents import make_document, make_hostile
from rich.console import Console

from cssopt.document.document import VERSION, Cells, Column, Document, Formula, Table
from cssopt.errors import DataError
from cssopt.render.document_json import document_facts
from cssopt.render.document_terminal import print_document
from cssopt.render.formats import write_document
from cssopt.render.html.page import render_html
from cssopt.render.kept_run import read_run

ARITHMETIC = re.compile(
    r"=(SUMIF|SUM|SUBTOTAL|\$?[A-Z]{1,3}\$?\d+|'[^']*'!|[A-Za-z]+!|\d|[-+*/(),:])+"
)


def hostile() -> Document:
    document = make_hostile()
    return replace(document, facts=replace(document.facts, status="optimal"))


def refused(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_run(folder)
    (issue,) = caught.value.issues
    assert issue.code == "E-570"
    assert len(issue.text) < 1_000
    return issue.text


@pytest.mark.medium
@pytest.mark.parametrize("make", [make_kept, hostile])
def test_what_is_read_is_what_was_kept(tmp_path, make):
    document = make()
    read = read_run(keep(tmp_path, document))
    assert read.sheets[0] == document.sheets[0]
    assert (read.title, read.verdict, read.mark, read.kept, read.data) == (
        document.title, document.verdict, document.mark, document.kept, document.data
    )  # fmt: skip
    assert document_facts(read) == document_facts(document)
    assert render_html(read) == render_html(document)
    assert read.facts.source == "alliance.xlsx"
    assert "secret_place" not in read_kept(tmp_path)[0].read_text(encoding="utf-8")


def test_numbers_are_the_same_to_the_last_bit_and_those_without_end_too(tmp_path):
    read = read_run(keep(tmp_path))
    assert read.kept[0].column("n") == [3, 0.1 + 0.2]
    values = read.table("other").column("c")
    assert values[0].value == 1.5
    assert values[1] == math.inf
    assert math.isnan(values[2])


def test_the_schema_of_the_version_of_the_future_is_refused_in_words(tmp_path):
    _, content = read_kept(keep(tmp_path))
    put_kept(tmp_path, {**content, "version": VERSION + 1})
    told = f"it is of version {VERSION + 1}, and this cssopt reads version {VERSION}"
    assert told in refused(tmp_path)


def set_in(*way):
    """What alters a kept answer at a place."""
    *path, key, value = way

    def change(content):
        holder = content
        for step in path:
            holder = holder[step]
        holder[key] = value

    return change


FIRST = ("sheets", 0, "blocks", 0)
FORMULA = (*FIRST, "rows", 0, 3)


@pytest.mark.parametrize(
    "change",
    [
        *(set_in("facts", "file", name)
          for name in ("../out", "a/b", "a\\b", "/etc/x", ".", "a.b", "x" * 300, "\u202e", 7.5)),
        *(set_in(*FORMULA, "text", text)
          for text in ('HYPERLINK("http://x")', "cmd|' /C calc'!A0", "{5}", "((", "SUM", "1",
                       "{0}{0}", "{0}({0})", "{0}**{0}", "WEBSERVICE({0})", "SUM({0})" * 90, "",
                       "{0}, {0}")),
        set_in(*FORMULA, "cells", 0, "table", "nowhere"),
        set_in(*FORMULA, "cells", 0, "column", "nowhere"),
        set_in(*FORMULA, "cells", 0, "row", 99),
        set_in(*FIRST, "marks", [[9, "a", "bad"]]),
        set_in(*FIRST, "marks", [[-1, "a", "bad"]]),
        set_in(*FIRST, "marks", [[0, "nowhere", "bad"]]),
        set_in(*FIRST, "marks", [[0, "a", "</style>"]]),
        set_in(*FIRST, "picked", [5]),
        set_in(*FIRST, "in_view", 10**9),
        set_in(*FIRST, "rows", 0, [1]),
        set_in(*FIRST, "rows", 0, 1, 10**30),
        set_in(*FIRST, "rows", 0, 1, [1, 2]),
        set_in(*FIRST, "rows", 0, 1, {"number": "x"}),
        set_in(*FIRST, "columns", 1, "decimals", 10**9),
        set_in(*FIRST, "columns", 1, "form", "script"),
        set_in(*FIRST, "columns", 1, "name", "who"),
        set_in(*FIRST, "name", "other"),
        set_in("sheets", 1, "blocks", 1, "blocks", 0, "table", "nowhere"),
        set_in("sheets", 1, "blocks", 1, "blocks", 0, "series", []),
        set_in("sheets", 1, "blocks", 1, "blocks", 0, "picked", {"9": "x"}),
        set_in("facts", "status", "splendid"),
        set_in("language", "xx"),
        set_in("facts", "seconds", {"read": {"number": "nan"}}),
        set_in("facts", "run_id", "x" * 1000),
        set_in("facts", "begun", "yesterday"),
        set_in("extra", 1),
        lambda content: content.pop("version"),
        lambda content: content.pop("facts"),
    ],
)  # fmt: skip
def test_what_no_document_of_ours_has_is_refused(tmp_path, change):
    _, content = read_kept(keep(tmp_path))
    put_kept(tmp_path, content)
    read_run(tmp_path)
    change(content)
    put_kept(tmp_path, content)
    assert "is no kept answer of cssopt" in refused(tmp_path)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff\xfe", b"[]", b"null", b"{" * 9, b"[" * 200_000, b"9" * 10_000,
     b'{"version": 2}', b'{"version": NaN}', b'{"version": 2, "title": ' + b'{"a":' * 100_000],
)  # fmt: skip
def test_what_is_no_json_of_ours_is_refused(tmp_path, raw):
    keep(tmp_path)
    put_kept(tmp_path, raw)
    refused(tmp_path)


def test_words_that_json_lacks_and_files_too_large_are_refused(tmp_path, monkeypatch):
    path, _ = read_kept(keep(tmp_path))
    text = path.read_text(encoding="utf-8")
    put_kept(tmp_path, text.replace("2.5", "NaN", 1).encode())
    assert "NaN is not JSON" in refused(tmp_path)
    put_kept(tmp_path, text.encode())
    monkeypatch.setattr("cssopt.document.stored._LARGEST", 100)
    assert "it is larger than 100 bytes" in refused(tmp_path)


def test_formulas_are_sums_products_and_the_like():
    cells = (Cells("a"), Cells("b"), Cells("c"))
    for text in ("SUM({0})", "{0}*{1}", "SUMIF({0},{1},{2})", "-({0} - {1})/{2}"):
        assert Formula(1.0, text, cells).text == text
    with pytest.raises(ValueError, match="more than arithmetic"):
        Formula(1.0, "{0}*{1}", cells[:1])


def check_altered(folder: Path, seed: int) -> None:
    """A kept answer that was altered becomes a document, which every format can show, or E-570."""
    rng = random.Random(seed)
    run, out = folder / "run", folder / "out"
    _, content = read_kept(keep(run, hostile() if seed % 2 else None))
    put_kept(run, alter(content, rng))
    before = {path for path in folder.rglob("*") if path.is_file()}
    document = None
    with suppress(DataError):
        document = read_run(run)
    if document is None:
        refused(run)
        return
    write_document(out, document, ("xlsx", "html", "json", "parquet"), is_again=True)
    print_document(Console(file=io.StringIO(), width=100), document)
    made = {path for path in folder.rglob("*") if path.is_file()} - before
    assert made
    assert {path.parent for path in made} == {out}
    for path in out.glob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert ARITHMETIC.fullmatch(str(cell.value)), cell.value
    for path in out.glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("field", ["title", "marking", "measure", "sheet"])
def test_half_a_letter_is_in_no_file(tmp_path, field):
    """File names of another encoding hold such, and titles name files; no file of ours can."""
    document = make_kept()
    first, *others = document.sheets
    changed = {field: "million \ud800"}
    if field == "sheet":
        changed = {"sheets": (replace(first, name="million \ud800"), *others)}
    write_document(tmp_path / "out", replace(document, **changed), ("xlsx", "html", "json"))
    (path,) = (tmp_path / "out").glob("*.xlsx")
    assert openpyxl.load_workbook(path).sheetnames[0].startswith("million") is (field == "sheet")


def test_half_a_letter_is_printed_around_a_sheet_by_its_code(tmp_path):
    document = replace(make_kept(), measure="million \ud800")
    write_document(tmp_path / "out", document, ("xlsx",))
    (path,) = (tmp_path / "out").glob("*.xlsx")
    heads = [sheet.oddHeader.right.text for sheet in openpyxl.load_workbook(path)]
    assert any("million \\ud800" in (head or "") for head in heads)


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(40))
def test_an_altered_answer_is_shown_or_refused(tmp_path, seed):
    check_altered(tmp_path, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40, 1040))
def test_a_thousand_altered_answers_are_shown_or_refused(tmp_path, seed):
    check_altered(tmp_path, seed)


def test_names_of_tables_lead_to_no_other_folder(tmp_path):
    columns = (Column("who"),)
    tables = ("../../x", "a/b", "..", "nul", "\\\\host\\x", "C:x", "x" * 300, "held")
    sheet = replace(
        make_kept().sheets[0], blocks=tuple(Table(name, columns, (("A",),)) for name in tables)
    )
    document = make_document(sheet)
    write_document(tmp_path / "in" / "out", document, ("parquet",))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.parent for path in files} == {tmp_path / "in" / "out"}
    written = [path.name for path in files if path.suffix == ".parquet"]
    assert len(written) == len(tables)
    assert "held.parquet" in written
    assert all(re.fullmatch(r"[\w-]{1,100}\.parquet", name) for name in written)
    assert "nul.parquet" not in written

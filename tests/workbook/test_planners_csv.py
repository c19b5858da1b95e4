"""CSV files as programs and planners write them: read right, or refused with the truth."""

from __future__ import annotations

import csv
import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cssopt
from cssopt import find_tables
from cssopt.errors import DataError
from cssopt.questions.sweep.points_file import read_points
from cssopt.tables.check import check_book
from cssopt.tables.convert import convert_cell
from cssopt.tables.numbers import find_mark
from cssopt.tables.raw import RawBook, RawCell
from cssopt.tables.spec import Column, Table
from cssopt.workbook.csv_file import read_table, read_values
from cssopt.workbook.csv_folder import read_csv_folder
from cssopt.workbook.example import read_example

ROOT = Path(cssopt.__file__).parents[1]
PLANNERS = ROOT / "tests" / "cases" / "planners"
EXAMPLE = ROOT / "models" / "example"

TABLES = {
    "forces": Table(
        name="forces",
        help="Forces.",
        key=("force",),
        columns=(
            Column(name="force", kind="text", help="Code."),
            Column(name="cost", kind="number", help="Cost.", measure="million"),
            Column(name="share", kind="number", help="Share.", default=1.0),
            Column(name="life", kind="whole", help="Life.", default=None, blank="for ever"),
            Column(name="owned", kind="flag", help="Owned.", default=False),
            Column(name="label", kind="text", help="Label.", default=""),
        ),
    ),
    "laws": Table(
        name="laws",
        help="Laws.",
        key=("force",),
        optional=True,
        columns=(Column(name="force", kind="text", help="Code."),),
    ),
    "settings": Table(
        name="settings",
        help="Settings.",
        vertical=True,
        optional=True,
        columns=(
            Column(name="title", kind="text", help="Title.", default=""),
            Column(name="rate", kind="number", help="Rate.", default=0.5),
            Column(name="start", kind="whole", help="Year.", default=2030),
        ),
    ),
    "steps": Table(
        name="steps",
        help="Steps.",
        key=("step",),
        optional=True,
        columns=(
            Column(name="step", kind="whole", help="Order."),
            Column(name="value", kind="any", help="Value.", default=None, blank="none"),
        ),
    ),
}


@pytest.fixture
def check(tmp_path):
    """What a check of a folder with these files finds."""

    def run(**files):
        for name, content in {"forces": "force,cost\nA,1\n", **files}.items():
            content = content if isinstance(content, bytes) else content.encode()
            (tmp_path / f"{name}.csv").write_bytes(content)
        return check_book(read_csv_folder(tmp_path, TABLES), TABLES)

    return run


def told(checked, *codes):
    return [str(i) for i in (*checked.issues, *checked.notes) if i.code in codes]


def errors(checked):
    return [str(issue) for issue in checked.issues if issue.code.startswith("E")]


# --- The known cases


@pytest.fixture(scope="module")
def plain():
    """The tables of 00-alliance, which the folders of the cases hold."""
    return tables_of(cssopt.check(PLANNERS / "00-alliance.xlsx"))


def tables_of(checked):
    assert checked.data is not None, checked.issues
    return {name: table.columns for name, table in checked.data.tables.items()}


@pytest.mark.parametrize(
    "case",
    [
        "02-semicolon-csv-thousands",
        "37-mac-and-lock-files-beside-csv",
        "38-csv-title-row-with-semicolons",
    ],
)
def test_the_folders_of_planners_hold_the_tables_of_the_workbook(case, plain):
    checked = cssopt.check(PLANNERS / case)
    assert tables_of(checked) == plain


def test_thousands_are_read_by_the_decimal_commas_of_the_file_and_told():
    told_of = {str(n).split(" ")[1]: n.text for n in noted("02-semicolon-csv-thousands", "N-104")}
    assert told_of["members!D2"] == 'gdp: the text "420.000" is read as 420000'
    assert told_of["forces!F2"] == 'procurement_cost: the text "1.100" is read as 1100'
    assert len(told_of) == 4


def noted(case, code):
    return [note for note in cssopt.check(PLANNERS / case).notes if note.code == code]


def test_noise_of_arithmetic_is_no_part_of_a_share():
    checked = cssopt.check(PLANNERS / "33-a-bit-of-float-noise-share.xlsx")
    assert not errors(checked)
    assert checked.data.readiness.available_share["high"] == 1.0


def test_one_and_zero_are_flags_with_a_note():
    checked = cssopt.check(PLANNERS / "60-whole_1.xlsx")
    assert not errors(checked)
    notes = [str(note) for note in checked.notes if note.code == "N-106"]
    assert "N-106 forces!N8 whole: 1 is read as TRUE" in notes
    assert "N-106 forces!N9 whole: 0 is read as FALSE" in notes
    whole = checked.data.forces.whole
    assert whole == {"MECH": False, "LIGHT": False, "SAM": True, "FRIG": False, "UAVSQ": False}
    assert all(isinstance(flag, bool) for flag in whole.values())


# --- Texts stay texts


def test_codes_keep_their_characters(check):
    codes = ["007", "1e5", "12E3", "TRUE", "1.10", "+49", "0x10", "1,5", "1.234", "nan", "-0", "#1"]
    rows = "".join(f"{code};{i};{code}\n" for i, code in enumerate(codes))
    checked = check(forces=f"force;cost;label\n{rows}")
    assert list(checked.data.forces.keys) == codes
    assert list(checked.data.forces.label.values()) == codes
    assert told(checked, "N-101", "N-102", "N-104") == []


def test_numbers_of_a_column_of_texts_are_no_evidence(check):
    checked = check(forces="force;cost;label\nA;0,5;1.5\nB;1.100;2.5\n")
    assert checked.data.forces.cost == {"A": 0.5, "B": 1100.0}


def test_a_column_of_anything_keeps_what_only_a_text_can_say(check):
    texts = ["007", "1e5", "1,10", "0,5", "1.100", "TRUE", "20%", "North", ""]
    rows = "".join(f"{i};{text}\n" for i, text in enumerate(texts))
    checked = check(steps=f"step;value\n{rows}")
    values = list(checked.data.steps.value.values())
    assert values == ["007", "1e5", "1,10", 0.5, 1100, True, "20%", "North", None]


def test_settings_are_read_by_the_row(check):
    checked = check(settings="name;value\ntitle;2.030\nrate;0,25\nstart;2.031\n")
    assert checked.data.settings.title == "2.030"
    assert checked.data.settings.rate == 0.25
    assert checked.data.settings.start == 2031


# --- Numbers by the convention of their file


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(check, separator):
    checked = check(forces="force,cost,share\nA,1,0.5\nB,2,0.25\n".replace(",", separator))
    assert checked.data.forces.share == {"A": 0.5, "B": 0.25}


def test_a_decimal_comma_makes_the_point_a_thousands_mark(check):
    checked = check(forces="force;cost\nA;420.000\nB;1,5\nC;1.234.567\nD;1.234,5\nE;-60.000\n")
    expected = {"A": 420_000, "B": 1.5, "C": 1_234_567, "D": 1234.5, "E": -60_000}
    assert checked.data.forces.cost == expected
    assert told(checked, "N-104")[0] == (
        'N-104 forces!B2 cost: the text "420.000" is read as 420000'
    )
    assert len(told(checked, "N-104")) == 4


def test_a_decimal_point_makes_the_comma_a_thousands_mark(check):
    checked = check(forces='force,cost\nA,"420,000"\nB,0.25\nC,1.125\n')
    assert checked.data.forces.cost == {"A": 420_000, "B": 0.25, "C": 1.125}


def test_three_decimals_of_zeros_are_told(check):
    checked = check(forces="force;cost\nA;420.000\nB;0.25\n")
    assert checked.data.forces.cost == {"A": 420.0, "B": 0.25}
    assert told(checked, "N-104") == ['N-104 forces!B2 cost: the text "420.000" is read as 420']


@pytest.mark.parametrize("text", ["420.000", "1.100", "1,234", "-12.345"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_two_readings_without_evidence_are_refused(check, text, separator):
    checked = check(forces="force,cost\nA,{}\nB,7\n".replace(",", separator).format(text))
    (error,) = errors(checked)
    digits, decimals = text.replace(".", "").replace(",", ""), text.replace(",", ".")
    assert error.startswith(f'E-107 forces!B2 cost = "{text}" can mean {digits} or {decimals}.')


def test_the_mend_of_two_readings_is_read(check):
    (error,) = errors(check(forces="force;cost\nA;1.125\n"))
    assert error.endswith("Write 1125, or 1.1250.")
    (error,) = errors(check(forces="force;cost\nA;-420,000\n"))
    assert error.endswith("Write -420000, or -420.")
    assert check(forces="force;cost\nA;1125\n").data.forces.cost == {"A": 1125.0}
    assert check(forces="force;cost\nA;1.1250\n").data.forces.cost == {"A": 1.125}


def test_another_file_is_no_evidence(check):
    checked = check(forces="force;cost\nA;1.100\n", settings="name;value\nrate;0,5\n")
    assert [error[:18] for error in errors(checked)] == ["E-107 forces!B2 co"]


def test_between_commas_a_point_is_the_decimal_mark(check):
    assert check(forces="force,cost\nA,1.125\n").data.forces.cost == {"A": 1.125}
    checked = check(forces='force,cost\nA,1.125\nB,"1,125"\n')
    assert [error[:15] for error in errors(checked)] == ["E-107 forces!B2", "E-107 forces!B3"]


def test_two_decimal_marks_in_one_file_are_refused_with_both_cells(check):
    checked = check(forces="force;cost;share\nA;1;0,5\nB;2.5;1\nC;3.5;1\n")
    (error,) = errors(checked)
    assert error == (
        "E-112 forces!C2 0,5 has a decimal comma, forces!B3 = 2.5 (and 1 other) a decimal point: "
        "a file writes all its numbers in one way. Correct those that are wrong."
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("420 000", 420_000),
        ("420\u00a0000", 420_000),
        ("420\u202f000,5", 420_000.5),
        ("420'000", 420_000),
        ("420\u2019000", 420_000),
        ("4,20,000", 420_000),
        ("\u22125", -5),
        ("20 %", 0.2),
        ("1,25E+05", 125_000),
        ("1.125e3", 1125),
    ],
)
def test_marks_that_have_one_meaning_everywhere(check, text, number):
    assert check(forces=f"force;cost\nA;{text}\n").data.forces.cost == {"A": number}


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("(1.5)", "Type -1.5,"),
        ("5-", "Type -5,"),
        ("\u20ac 5", "Type 5,"),
        ("5 EUR", "Type 5,"),
        ("\uff15\uff16", "Type 56,"),
        ("\u0665\u0666", "Type 56,"),
        ("3k", "Type the plain number (in million)."),
        ("12 Mio", "Type the plain number (in million)."),
        ("3 % p.a.", "Type the plain number (in million)."),
        ("1_000", "Type the plain number (in million)."),
        ("0x10", "Type the plain number (in million)."),
        ("1e400", "Type the plain number (in million)."),
        ("1e-400", "Type the plain number (in million)."),
        ("nan", "Type the plain number (in million)."),
        ("inf", "Type the plain number (in million)."),
        ("9" * 400, "Type the plain number (in million)."),
        ("1/2", "Type the plain number (in million)."),
    ],
)
def test_what_is_no_number_is_told_with_the_number_to_type(check, text, mend):
    (error,) = errors(check(forces=f"force;cost\nA;{text}\n"))
    assert error.startswith("E-102 forces!B2 cost = ")
    assert mend in error


def test_error_values_are_no_texts(check):
    checked = check(forces="force,cost,label\nA,#DIV/0!,x\nB,1,#REF!\nC,1,#NV\nD,1,#1\n")
    assert [error[:21] for error in errors(checked)] == [
        "E-106 forces!B2 cost ",
        "E-106 forces!C3 label",
        "E-106 forces!C4 label",
    ]


@pytest.mark.parametrize(
    "word", ["1", "TRUE", "True", "WAHR", "prawda", "Vrai", "oui", "T", "1.0", "DOĞRU"]
)
def test_flags_as_programs_write_them(check, word):
    checked = check(forces=f"force,cost,owned\nA,1,{word}\nB,1,0\nC,1,\n")
    assert checked.data.forces.owned == {"A": True, "B": False, "C": False}


# --- Shapes of files


def test_a_title_with_separators_of_its_own_does_not_decide(check):
    title = "Forces, as planned, in millions, rounded, 2026,\n\n"
    checked = check(forces=f"{title}force;cost\nA;0,5\nB;x\n")
    assert errors(checked)[0].startswith("E-102 forces!B5 ")


def test_the_separator_that_excel_tells_is_no_row(check):
    assert errors(check(forces="sep=;\r\nforce;cost\r\nA;x\r\n"))[0].startswith("E-102 forces!B2 ")
    assert check(forces="sep=|\nforce|cost\nA|0.5\n").data.forces.cost == {"A": 0.5}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_ends_of_lines(check, encoding, ends):
    text = ends.join(["force,cost", "", "A,1", "Ö,2", "B,x"])
    (error,) = errors(check(forces=text.encode(encoding)))
    assert error.startswith("E-102 forces!B5 ")


def test_another_encoding_is_refused_in_the_words_of_excel(check):
    with pytest.raises(DataError, match=r"E-002 forces\.csv is not UTF-8 text: line 3 .*CSV UTF-8"):
        check(forces="force,cost\nA,1\nÖ,2\n".encode("cp1252"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "<html><table><tr><td>force</td></tr></table></html>",
            "is a web page .HTML., .*CSV UTF-8",
        ),
        (
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
            "is a pointer of Git LFS, .*git lfs pull",
        ),
        ("%PDF-1.7\n", "is a PDF document, .*CSV UTF-8"),
    ],
)
def test_what_only_bears_the_name_of_a_csv_file_is_told(tmp_path, content, words):
    (tmp_path / "forces.csv").write_text(content)
    with pytest.raises(DataError, match=f"E-002 forces.csv {words}"):
        cssopt.load(tmp_path)


def test_a_cell_of_several_lines_is_one_row(check):
    (error,) = errors(check(forces='force,cost,label\nA,1,"x\ny\nz"\nB,x,\n'))
    assert error.startswith("E-102 forces!B3 ")


def test_rows_may_end_early_or_with_separators(check):
    checked = check(forces="force;cost;share;label;;\nA;1\nB;2;0,5;;;\n;;;\n\n")
    assert checked.data.forces.share == {"A": 1.0, "B": 0.5}


def test_a_decimal_comma_without_quotation_marks_is_refused(check):
    """Read by place it would be a cost of 3 and a share of 5."""
    (error,) = errors(check(forces="force,cost,share,label\nA,3,5,,\nB,4,1,\n"))
    assert error.startswith("E-113 forces!2:2 has 5 cells under 4 headers: a decimal comma makes")
    (error,) = errors(check(forces="force,cost,share,label\nA,3,5,1,x\nB,4,1,\n"))
    assert error.startswith("E-113 forces!2:2 ")


def test_empty_cells_beyond_the_header_are_separators(check):
    assert check(forces="force,cost,label\nA,3.5,,\nB,4,,\n").data.forces.cost == {"A": 3.5, "B": 4}


def test_a_value_beyond_the_header_is_no_part_of_a_table(check):
    checked = check(forces="force;cost\nA;3;7\n")
    assert any("forces!C2" in text for text in map(str, (*checked.issues, *checked.notes)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('force,cost\n"A,1\nB,2\n', "row 2 cannot be read, a quotation mark is opened"),
        ('force,cost\nA,1\n"B"x,2\n', "row 3 cannot be read, behind a quotation mark"),
    ],
)
def test_quotation_marks_that_do_not_match(check, content, reason):
    with pytest.raises(DataError, match=reason):
        check(forces=content)


# --- What stands beside


def test_files_of_systems_and_open_programs_are_passed_over(tmp_path, check):
    names = ["._forces.csv", "~$forces.csv", ".~lock.forces.csv#", ".DS_Store", "Thumbs.db"]
    for name in [*names, "desktop.ini", ".hidden.csv"]:
        (tmp_path / name).write_bytes(b"\0\xff")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "forces.csv").write_bytes(b"\0")
    before = check()
    assert before.data.forces.cost == {"A": 1.0}
    assert told(before, "N-115", "N-201") == []


def test_other_files_are_noted(tmp_path, check):
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    (tmp_path / "forces.xlsx").write_bytes(b"PK")
    (tmp_path / "old").mkdir()
    (tmp_path / "broken.csv").write_bytes(b"\xff")
    checked = check(remarks="a,b\n1,2\n")
    assert errors(checked) == []
    notes = " ".join(told(checked, "N-115", "N-201"))
    for name in ("report.pdf", "forces.xlsx", "old/", "broken.csv", "N-201 remarks"):
        assert name in notes


def test_a_table_with_another_ending_is_not_left_out_in_silence(tmp_path, check):
    (tmp_path / "laws.xlsx").write_bytes(b"PK")
    with pytest.raises(DataError, match=r'E-114 laws\.xlsx has the name of the table "laws"'):
        check()


@pytest.mark.parametrize("name", ["FORCES.CSV", "Forces.csv", " forces .Csv"])
def test_names_of_files_are_matched_as_those_of_sheets(tmp_path, name):
    (tmp_path / name).write_text("force,cost\nA,7\n")
    checked = check_book(read_csv_folder(tmp_path, TABLES), TABLES)
    assert checked.data.forces.cost == {"A": 7.0}


def test_names_that_libreoffice_gives_are_read(tmp_path):
    (tmp_path / "plan 2030-forces.csv").write_text("force,cost\nA,x\n")
    (tmp_path / "plan 2030-laws.csv").write_text("force\nA\n")
    (tmp_path / "plan 2030-remarks.csv").write_text("a\n")
    checked = check_book(read_csv_folder(tmp_path, TABLES), TABLES)
    assert errors(checked)[0].startswith("E-102 forces!B2 ")
    assert len(errors(checked)) == 1
    assert "plan 2030-forces.csv" in told(checked, "N-116")[0]


@pytest.mark.parametrize(
    "name",
    [
        "01_{}",
        "7. {}",
        "plan.{}",
        "{} (1)",
        "{}_v2",
        "{}.csv",
        "Plan 2030 - {} - final",
        "3-plan-{}",
    ],
)
def test_what_stands_around_the_names_of_all_tables_is_left_out(tmp_path, name):
    (tmp_path / f"{name.format('forces')}.csv").write_text("force,cost\nA,7\n")
    (tmp_path / f"{name.format('laws')}.csv").write_text("force\nA\n")
    checked = check_book(read_csv_folder(tmp_path, TABLES), TABLES)
    assert not errors(checked)
    assert checked.data.forces.cost == {"A": 7.0}
    assert told(checked, "N-116")


def test_a_copy_beside_the_plain_names_is_no_table(tmp_path, check):
    (tmp_path / "forces (1).csv").write_text("force,cost\nA,7\n")
    assert not told(check(), "N-116")


def test_two_numbers_of_one_table_are_told(tmp_path):
    (tmp_path / "01_forces.csv").write_text("force,cost\nA,7\n")
    (tmp_path / "02_forces.csv").write_text("force,cost\nA,8\n")
    with pytest.raises(DataError, match=r'E-207 .*is a second file of the table "forces"'):
        read_csv_folder(tmp_path, TABLES)


@pytest.mark.parametrize("name", ["forces.CSV", "Forces.csv"])
def test_two_files_of_one_table_are_told(tmp_path, check, name):
    (tmp_path / name).write_text("force,cost\nA,7\n")
    with pytest.raises(DataError, match=r'E-207 .*is a second file of the table "forces"'):
        check()


def test_what_is_no_ordinary_file_is_not_opened(tmp_path, check):
    os.mkfifo(tmp_path / "laws.csv")
    with pytest.raises(DataError, match=r"E-001 laws\.csv is not an ordinary file"):
        check()


# --- Limits before work


@pytest.mark.medium
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"force,cost\n" + b"\n" * 5_000_000, "has more than 110,000 rows"),
        (b"force,cost\n" + b"," * 5_000_000, "has 5000001 columns"),
        (b"sep=" + b";" * 5_000_000, "columns"),
        ((b"force,cost" + b",x" * 98 + b"\n") * 6_000, "has more than 500,000 cells"),
        (
            b"force,cost\nA," + b"1" * 40_000 + b"x\n",
            "E-003 forces.csv has a cell of more than .* in row 2",
        ),
        (b'force,cost\n"' + b"a\n" * 1_000_000, "perhaps a quotation mark is opened"),
    ],
)
def test_no_content_takes_long(check, content, expected):
    begun = time.process_time()
    with pytest.raises(DataError, match=expected):
        check(forces=content)
    assert time.process_time() - begun < 2


def test_files_that_are_small_and_many_end_before_all_are_read(check, monkeypatch):
    monkeypatch.setattr("cssopt.workbook.csv_folder.MAX_AREA", 1_000)
    content = "force,cost\n" + "A,1\n" * 200
    with pytest.raises(DataError, match=r"E-003 .* is too much after 3 files: at most 1,000 cells"):
        check(**{f"file{i}": content for i in range(50)})


@pytest.mark.parametrize("text", ["1" * 30_000 + "x", "a" + "\u0301\u0323" * 15_000])
def test_a_long_cell_takes_no_time(check, text):
    begun = time.process_time()
    checked = check(forces=f"force,cost,label,{text}\n{text},{text},{text},x\nB,{text},,\n")
    assert time.process_time() - begun < 1.5
    assert {error[:5] for error in errors(checked)} >= {"E-102", "E-105"}


# --- Whatever is written is read back, or refused


@st.composite
def written_numbers(draw):
    """A column of numbers, and the same as a program writes it in one convention."""
    numbers = draw(
        st.lists(
            st.decimals(-9_999_999, 9_999_999, places=draw(st.integers(0, 4))),
            min_size=1,
            max_size=6,
        )
    )
    decimal = draw(st.sampled_from(",."))
    thousands = draw(st.sampled_from(["", " ", "'", "\u202f", "." if decimal == "," else ","]))
    texts = [
        f"{number:,f}".replace(",", "_").replace(".", decimal).replace("_", thousands)
        for number in numbers
    ]
    return list(map(float, numbers)), texts, draw(st.sampled_from(",;\t|"))


@pytest.mark.medium
@settings(max_examples=200, deadline=None)
@given(written_numbers())
def test_a_number_reads_back_or_is_refused_as_ambiguous(case):
    numbers, texts, separator = case
    quoted = [f'"{text}"' if separator in text else text for text in texts]
    rows = "".join(f"F{i}{separator}{text}\n" for i, text in enumerate(quoted))
    content = f"force{separator}cost\n{rows}".encode()
    found = read_table(Path("forces.csv"), content, "forces", TABLES["forces"])
    cost = TABLES["forces"].column("cost")
    for number, cells, text in zip(numbers, found.sheet.rows[1:], texts, strict=True):
        converted = convert_cell(cells[1], cost)
        if converted.issue is None:
            if separator == "," and converted.value != number:
                # Between commas a point is taken for the decimal mark where nothing else is shown.
                assert text.count(".") == 1
                assert found.style.decimal == "."
                assert not any("," in other for other in texts)
                continue
            assert converted.value == number
        else:
            assert converted.issue.code == "E-107"
            assert found.style.decimal == ""


@pytest.mark.medium
@pytest.mark.parametrize(
    ("separator", "decimal", "thousands", "encoding"),
    [
        (";", ",", ".", "utf-8-sig"),
        (";", ",", "\u202f", "utf-8"),
        (";", ".", "'", "utf-8"),
        (";", ".", ",", "utf-8"),
        ("\t", ",", ".", "utf-16"),
        ("|", ".", "", "utf-8"),
        (",", ".", ",", "utf-8"),
        (",", ",", "", "utf-8"),
    ],
)
def test_the_example_in_other_conventions_is_the_example(
    tmp_path, separator, decimal, thousands, encoding
):
    """Files that hold no number with decimals may be refused, with two readings, and no others."""
    tables = find_tables()
    for name, rows in read_example(EXAMPLE, tables).items():
        with (tmp_path / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=separator, lineterminator="\r\n")
            writer.writerow([f"{name}: as of today, in million; see note"])
            writer.writerow(rows[0])
            for row in rows:
                cells = [_write(value, decimal, thousands) for value in row.values()]
                writer.writerow(cells)
    raw = read_csv_folder(tmp_path, tables)
    checked = check_book(raw, tables)
    refused = {issue.where.split("!")[0] for issue in checked.issues if issue.code == "E-107"}
    assert {error[:5] for error in errors(checked)} <= {"E-107"}
    for name in refused:
        texts = [cell.value or "" for row in raw.sheets[name].rows[2:] for cell in row]
        assert not any(map(find_mark, texts))
    kept = {name: sheet for name, sheet in raw.sheets.items() if name not in refused}
    for name, sheet in read_csv_folder(EXAMPLE, tables).sheets.items():
        kept.setdefault(name, sheet)
    again = check_book(RawBook("again", "", kept), tables)
    assert tables_of(again) == tables_of(cssopt.check(EXAMPLE))


def _write(value, decimal, thousands):
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value).upper() if isinstance(value, bool) else value
    if isinstance(value, int) and 2000 <= value < 2100:
        return str(value)
    return f"{value:,}".replace(",", "_").replace(".", decimal).replace("_", thousands)


# --- Points of a sweep


def test_points_are_read_by_the_convention_of_their_file(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("a[x=1,2; y=3].b*;c.d\n0,5;1.100\n1;007\n")
    (first, second), (third, fourth) = (
        (row[0], row[1]) for row in (r for r in read_values(path)[1:])
    )
    column = Column(name="value", kind="any", help="Value.")
    values = [convert_cell(cell, column).value for cell in (first, second, third, fourth)]
    assert values == [0.5, 1100, 1, "007"]


def test_points_of_names_are_texts_and_others_numbers(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("members[member=NOR].name;requirements.level*\n007;0,90\n1e5;1,10\n")
    first, second = read_points(path, cssopt.load(EXAMPLE).data)
    label, level = "members[member=NOR].name", "requirements.level*"
    assert first.point == {label: "007", level: 0.9}
    assert second.point == {label: "1e5", level: 1.1}


def test_points_with_two_decimal_marks_are_refused(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("c.d;e.f\n0,5;1\n0.25;1\n")
    with pytest.raises(DataError, match=r"E-112 points!A2 0,5 has a decimal comma, points!A3"):
        read_values(path)


# --- The example beside the models


def test_the_example_is_read_by_the_same_rule(tmp_path):
    (tmp_path / "forces.csv").write_text(
        "force,cost,owned,label,note\n007,1.50,TRUE,1e5,\nB,2,,,3\n"
    )
    assert read_example(tmp_path, TABLES)["forces"] == [
        {"force": "007", "cost": 1.5, "owned": True, "label": "1e5", "note": None},
        {"force": "B", "cost": 2, "owned": None, "label": None, "note": "3"},
    ]


def test_the_example_of_the_models_is_what_a_folder_reads(tmp_path):
    folder = shutil.copytree(EXAMPLE, tmp_path / "alliance")
    checked = cssopt.check(folder)
    assert [issue for issue in checked.issues if issue.code.startswith("E")] == []
    assert set(checked.data.tables) == set(find_tables())


def test_words_for_nothing_are_told_once(check):
    """R writes NA into every empty cell, pandas NaN on demand, databases NULL."""
    checked = check(
        forces="force,cost,share,life,owned\nA,1,NA,NA,NA\nB,1,NA,NA,TRUE\n",
        settings="name,value\nrate,NULL\n",
    )
    assert errors(checked) == [
        'E-102 forces!C2 share = "NA" stands for nothing. Leave the cell empty. The same in 4 more '
        "cells: C3, D2:D3, E2.",
        'E-102 settings!B2 rate = "NULL" stands for nothing. Leave the cell empty.',
    ]
    (error,) = errors(check(forces="force,cost\nA,NA\n", settings="name,value\n"))
    assert error.startswith('E-102 forces!B2 cost = "NA" is text, not a number.')
    assert check(forces="force,cost\nNA,1\n").data.forces.cost == {"NA": 1.0}


def test_numbers_of_two_readings_are_told_once_a_file(check):
    (error,) = errors(check(forces="force;cost;share\nA;1,000;\nB;2,000;0\nC;4,000;\n"))
    assert error.startswith('E-107 forces!B2 cost = "1,000" can mean 1000 or 1.000.')
    assert error.endswith("The same in 2 more cells: B3:B4.")


def test_spaces_that_do_not_break_are_shown_as_spaces(check):
    checked = check(forces="force;cost\nA;1\u202f100\n")
    assert told(checked, "N-104") == ['N-104 forces!B2 cost: the text "1 100" is read as 1100']


@pytest.mark.parametrize("cell", ['"B" ', r'"a \"b\" c"'])
def test_what_stands_behind_a_closing_quotation_mark_is_told(cell, check):
    with pytest.raises(DataError, match="behind a quotation mark that ends a cell stands more"):
        check(forces=f"force,cost\nA,1\n{cell},2\n")


def test_shares_that_add_up_to_a_little_more_than_one_are_no_percentages():
    share = Column(name="share", kind="number", help="Share.", default=1.0, low=0, high=1)
    issue = convert_cell(RawCell(1.000001, "forces!C2"), share).issue
    assert issue.text == "share = 1.000001 must be at least 0 and at most 1. Correct it."
    assert "Did you mean 0.02 (2 %)" in convert_cell(RawCell(2, "forces!C2"), share).issue.text


def test_numbers_of_rows_that_r_writes_without_a_header_move_nothing(check):
    rows = '"force";"cost";"life"\n"1";"A";1,5;20\n"2";"B";2;30\n'
    checked = check(forces=rows)
    assert not errors(checked)
    assert checked.data.forces.cost == {"A": 1.5, "B": 2.0}
    assert checked.data.forces.life == {"A": 20, "B": 30}
    # A code that is the number of its row is no such number.
    assert check(forces="force;cost;\n1;1,5;\n2;2;\n").data.forces.cost == {"1": 1.5, "2": 2.0}

"""The template: hard to fill in wrongly, and read as it is filled in."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from openpyxl import load_workbook
from paths import ROOT

import cssopt
from cssopt import find_tables, write_reference, write_template
from cssopt.assembly.folders import find_model_folders
from cssopt.errors import ModelError, ReportError
from cssopt.questions.inputs.ask import find_filling_guide
from cssopt.workbook.example import read_example
from cssopt.workbook.filling_in import read_filling_guide

HEADER = 5
INPUTS = ("demo", "collective_security_treaty_1996")
# What a planner types in percent: shares, growth and rates a year, chances.
PERCENT = {
    "settings": {"discount_rate", "residual_share", "unintegrated_power"},
    "members": {"gdp_growth", "budget_share"},
    "capabilities": {"max_member_share"},
    "forces": {"price_growth"},
    "readiness": {"available_share", "max_share"},
    "threats": {"likelihood", "non_military_cap"},
    "requirements": {"growth"},
    "exposure": {"share"},
    "legislation": {"delegable_share"},
    "apportionment": {"min_share", "max_share"},
    "bodies": {"max_member_share"},
    "effects": {"effect"},
    "pledges": {"share", "already_spent"},
    "contributions_in_kind": {"no_fault_factor"},
}


def fill_in(path, rows):
    """Type rows into a template as a planner does: under the headers, and beside the settings."""
    book = load_workbook(path)
    for name, records in rows.items():
        sheet = book[name]
        places = {cell.value: cell.column for cell in sheet[HEADER]}
        if name == "settings":
            lines = {sheet.cell(r, 1).value: r for r in range(HEADER + 1, sheet.max_row + 1)}
            for record in records:
                sheet.cell(lines[record["name"]], places["value"]).value = record["value"]
            continue
        for line, record in enumerate(records, start=HEADER + 1):
            for column, value in record.items():
                sheet.cell(line, places[column]).value = value
    book.save(path)


def example_rows():
    return read_example(find_model_folders()[-1] / "example", find_tables())


def records(case):
    return {name: table.records() for name, table in case.data.tables.items()}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return write_template(tmp_path_factory.mktemp("t") / "example.xlsx", example=True)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    path = write_template(tmp_path_factory.mktemp("t") / "template.xlsx")
    fill_in(path, example_rows())
    return path


@pytest.fixture(scope="module")
def template_book(tmp_path_factory):
    """The empty template, as openpyxl sees it."""
    return load_workbook(write_template(tmp_path_factory.mktemp("t") / "empty.xlsx"))


@pytest.fixture(scope="module")
def books(template_book, example):
    """Every workbook to fill in or to start from."""
    shipped = [ROOT / "inputs" / f"{name}.xlsx" for name in INPUTS]
    return [template_book, *(load_workbook(path) for path in (example, *shipped))]


def test_an_empty_template_asks_for_what_is_required(tmp_path):
    checked = cssopt.check(write_template(tmp_path / "empty.xlsx"))
    assert {str(issue)[:16] for issue in checked.issues} == {
        f"E-101 settings!B{row}"[:16] for row in (6, 8, 9, 10, 11, 12)
    }


@pytest.mark.medium
def test_examples_in_grey_are_not_read(tmp_path):
    path = write_template(tmp_path / "empty.xlsx")
    sheet = load_workbook(path)["forces"]
    assert sheet["A4"].value == "BDE"
    assert sheet["A4"].font.color.rgb == "FF9AA5B1"
    fill_in(path, {"settings": example_rows()["settings"]})
    issues = [str(issue) for issue in cssopt.check(path).issues]
    assert issues == ["E-306 members member: there is no member. Fill in one row or more."]


@pytest.mark.slow
def test_a_template_filled_in_solves_as_the_example_does(filled, example):
    case = cssopt.load(filled)
    assert records(case) == records(cssopt.load(example))
    solution = cssopt.solve(case)
    assert solution.status is cssopt.Status.OPTIMAL
    assert solution.audit.passed


@pytest.mark.slow
def test_libreoffice_opens_and_saves_it_unchanged(filled, tmp_path):
    assert shutil.which("soffice"), "LibreOffice is needed: see .ci/run"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
               "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path),
               str(filled)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    again = cssopt.load(tmp_path / filled.name)
    assert records(again) == records(cssopt.load(filled))


@pytest.mark.medium
def test_every_column_has_its_header_measure_help_and_choices(tmp_path):
    book = load_workbook(write_template(tmp_path / "t.xlsx"))
    assert book.sheetnames[0] == "about"
    for table in find_tables().values():
        sheet = book[table.name]
        assert sheet.freeze_panes is not None
        if table.vertical:
            continue
        chosen = {
            str(rule.sqref).split(":")[0].rstrip("0123456789"): rule
            for rule in sheet.data_validations.dataValidation
        }
        for place, column in enumerate(table.columns, start=1):
            head = sheet.cell(HEADER, place)
            assert head.value == column.name
            assert column.help in head.comment.text
            assert (sheet.cell(HEADER - 2, place).value or "") == column.measure
            if column.refers_to or column.choices or column.kind == "flag":
                assert head.column_letter in chosen, f"{table.name}.{column.name} has no list"


@pytest.mark.medium
def test_a_template_of_a_study_has_its_sheets_only(tmp_path):
    book = load_workbook(write_template(tmp_path / "t.xlsx", study="no_institutions"))
    assert "activities" not in book.sheetnames
    assert {"members", "forces", "threats"} <= set(book.sheetnames)


def test_nothing_is_replaced(tmp_path):
    path = write_template(tmp_path / "t.xlsx")
    before = path.read_bytes()
    with pytest.raises(ReportError, match="exists and is not replaced"):
        write_template(path)
    assert path.read_bytes() == before
    with pytest.raises(ReportError, match=r"is not named \.xlsx"):
        write_template(tmp_path / "t.xls")


def test_the_reference_page_is_made_from_the_declarations():
    page = (ROOT / "docs" / "input_reference.md").read_text(encoding="utf-8")
    assert page == write_reference(), "run: cssopt reference > docs/input_reference.md"
    for table in find_tables().values():
        assert f"\n## {table.name}\n" in page


def test_sheets_stand_in_the_order_of_filling_and_each_is_named_once(template_book):
    guide = find_filling_guide(find_tables())
    named = [name for step in guide.steps for name in step.sheets]
    assert sorted(named) == sorted(find_tables())
    assert template_book.sheetnames == ["about", *named]
    # What every plan needs comes first: after these a planner can check and solve.
    optional = [find_tables()[name].optional for name in named]
    assert optional == sorted(optional)
    # A drop-down offers rows of a sheet that was filled in before.
    for table in find_tables().values():
        for column in table.columns:
            if column.refers_to and column.required:
                assert named.index(column.refers_to) < named.index(table.name)


@pytest.mark.medium
def test_about_is_one_page_that_links_every_sheet_with_the_color_of_its_tab(books):
    for book in books:
        about = book["about"]
        assert about.sheet_properties.pageSetUpPr.fitToPage
        # One page each way where nothing is said.
        assert {about.page_setup.fitToHeight, about.page_setup.fitToWidth} <= {None, 1}
        color = {
            about.cell(row, 2).value: about.cell(row, 3).fill.fgColor.rgb
            for row in range(1, about.max_row + 1)
            if about.cell(row, 2).hyperlink
        }
        tabs = {sheet.title: sheet.sheet_properties.tabColor.rgb for sheet in book}
        assert color == {name: tab for name, tab in tabs.items() if name != "about"}
        legend = {
            about.cell(row, 1).value: about.cell(row, 1).fill.fgColor.rgb
            for row in range(1, about.max_row + 1)
        }
        tables = find_tables()
        for name, tab in tabs.items():
            kind = "not read" if name not in tables else "required"
            kind = "optional" if name in tables and tables[name].optional else kind
            assert tab == legend[kind]


def typed_cells(book, title):
    """Cells to type into by column, or in settings by name: the first row that is empty or not."""
    sheet = book[title]
    if title == "settings":
        return {
            sheet.cell(r, 1).value: sheet.cell(r, 2) for r in range(HEADER + 1, sheet.max_row + 1)
        }
    return {cell.value: sheet.cell(HEADER + 1, cell.column) for cell in sheet[HEADER]}


def test_shares_are_percent_cells_and_nothing_else_is(books):
    for book in books:
        for title in find_tables():
            cells = typed_cells(book, title)
            if not any(cell.has_style for cell in cells.values()):
                continue  # An optional sheet of an input without rows has no cells yet.
            percent = {name for name, cell in cells.items() if "%" in cell.number_format}
            assert percent == PERCENT.get(title, set()), title


@pytest.mark.medium
def test_percent_cells_hold_the_share_itself(example):
    case = cssopt.load(example)
    assert case.data.settings.discount_rate == 0.03
    assert load_workbook(example)["settings"]["B12"].value == 0.03


@pytest.mark.medium
def test_help_of_shares_says_how_they_are_typed(template_book):
    for title, names in PERCENT.items():
        for cell in template_book[title][HEADER] if title != "settings" else ():
            assert ("0.03 = 3 %" in cell.comment.text) == (cell.value in names)
    assert "0.03 = 3 %" in write_reference()


def test_every_setting_has_an_example_or_its_value(books):
    template_book, *filled = books
    sheet = template_book["settings"]
    for row in range(HEADER + 1, sheet.max_row + 1):
        assert sheet.cell(row, 4).value.startswith("Example: "), sheet.cell(row, 1).value
    for book in filled:
        cells = typed_cells(book, "settings")
        assert set(cells) == {setting.name for setting in find_tables()["settings"].columns}
        assert all(cell.value is not None for name, cell in cells.items() if name != PENALTY)


PENALTY = "shortfall_penalty"  # better left empty, as the note beside it says


@pytest.mark.medium
def test_numbers_show_no_lone_point(books):
    """`#,##0.###` shows 4 as "4."; a point needs a digit after it."""
    for book in books:
        for title in find_tables():
            assert not [c for c in typed_cells(book, title).values() if ".#" in c.number_format]


def test_check_of_an_example_prints_nothing(example):
    for path in (example, *(ROOT / "inputs" / f"{name}.xlsx" for name in INPUTS)):
        assert cssopt.check(path).issues == ()


@pytest.mark.slow
def test_the_threats_of_the_example_are_met(example):
    assert cssopt.solve(cssopt.load(example)).threats_met


@pytest.mark.medium
def test_a_sheet_of_ones_own_component_comes_last(tmp_path):
    host = ROOT / "docs" / "examples" / "host_nation"
    book = load_workbook(write_template(tmp_path / "t.xlsx", [host]))
    assert book.sheetnames[-1] == "host_nations"
    own = tmp_path / "models"
    own.mkdir()
    steps = '[[steps]]\nname = "Host"\nsheets = ["settings", "settings"]\n'
    (own / "filling_in.toml").write_text(steps, encoding="utf-8")
    with pytest.raises(ModelError, match="settings stands in two steps"):
        read_filling_guide([own], find_tables())
    (own / "filling_in.toml").write_text("steps = 5", encoding="utf-8")
    with pytest.raises(ModelError, match="not a file of steps"):
        read_filling_guide([own], find_tables())


def test_a_setting_that_is_left_empty_is_noted(example):
    """Every setting has its row, so that a blank value is the way to leave it out."""
    told = {str(note) for note in cssopt.check(example).notes}
    assert (
        "N-111 settings!B14 shortfall_penalty: blank, which means none: shortfall is made least "
        "first, money second"
    ) in told


def test_a_share_outside_its_bounds_is_warned_of_in_the_spreadsheet(template_book):
    rules = {
        str(rule.sqref).split(":")[0]: rule
        for rule in template_book["readiness"].data_validations.dataValidation
    }
    rule = rules["D6"]  # available_share
    assert (rule.type, rule.errorStyle) == ("decimal", "warning")
    assert (float(rule.formula1), float(rule.formula2)) == (0, 1)
    assert rule.error == "A share from 0% to 100%: 0.03 = 3 %."
    growth = template_book["settings"].data_validations.dataValidation
    assert {str(rule.sqref) for rule in growth} == {"B12", "B13", "B15"}

"""Changes as planners write them: one reading everywhere, or refused with the truth."""

from __future__ import annotations

import time

import pytest
from books import make_case, make_data, write_csv
from hypothesis import given
from hypothesis import strategies as st
from paths import CASES, ROOT
from small_books import make_book
from typer.testing import CliRunner

import cssopt
from cssopt import check, design_sweep, find_scenarios, read_changes
from cssopt.assembly.case import find_rules
from cssopt.assembly.changes import pick_scenarios
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import find_coalition, read_members
from cssopt.cli import app
from cssopt.errors import DataError
from cssopt.questions.sweep.points_file import read_points
from cssopt.runs.vary_texts import read_label, read_variations
from cssopt.tables.changes import read_change, write_change, write_label
from cssopt.tables.patch import Step, patch_tables, try_steps
from cssopt.tables.scenario_checks import check_sheet
from cssopt.tables.scenario_file import read_toml
from cssopt.tables.scenarios import read_sheet
from cssopt.tables.tidy import tidy_text
from cssopt.tables.where import exactly, read_where, select_rows

PLANNERS = CASES / "planners"
HEAD = ["scenario", "step", "table", "where", "column", "change", "value", "extends"]
ODD = [
    "Alpha, Beta", "A;B", "[a]", "a]b", "x=1", 'a "b" c', '"q"', "a*", "?", "1..2", "<=3", "TRUE",
    "007", "=1+1", "ä ö", "+a", "-b", "a.b",
]  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return make_data(make_book())


@pytest.fixture(scope="module")
def odd():
    """A book whose theatres have names made of the signs of the notation."""
    return make_data(make_book(theatres=[["theatre", "name"], *([n, n] for n in ["HOME", *ODD])]))


def told(caught):
    return [str(issue) for issue in caught.value.issues]


def refused(call, *arguments):
    with pytest.raises(DataError) as caught:
        call(*arguments)
    return told(caught)


def change(data, text):
    """The new values of the cells that a change of the command line touches."""
    return {(c.table, c.key, c.column): c.new for c in patch_tables(data, [read_change(text)])[1]}


# Every name and wildcard chooses something


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("members[member=A,C].gdp=5", ["C"]),
        ("members[member=A,C,D].gdp*=2", ["C", "D"]),
        ("members[member=A*,Q*].gdp+=1", ["Q*"]),
        ("-members[member=A,X]", ["X"]),
        ("members[member!=A,X].gdp=5", ["X"]),
        ("requirements[day=0,30].level=5", ["30"]),
        ("requirements[day=5..30].level=5", ["5..30"]),
        ('members[member="A,B"].gdp=5', ['"A,B"']),
    ],
)
def test_each_name_that_no_row_has_is_told(data, text, unknown):
    issues = refused(change, data, text)
    assert [issue.split(" has ")[1].split("=")[1].split(". ")[0] for issue in issues] == unknown
    assert all(issue.startswith(f"E-504 --set {text} no row of ") for issue in issues)
    if text[0] != "-":
        assert any("E-504" in issue for issue in refused(read_variations, [f"{text};6"], data))


def test_a_listed_name_that_the_other_conditions_leave_without_a_row_is_told():
    held = [["member", "force", "units"], ["A", "unit", 8], ["B", "unit", 4]]
    data = make_data(make_book(inventory=held))
    (issue,) = refused(change, data, "inventory[member=A,B; units>=8].units=7")
    assert issue.endswith("no row of inventory with units>=8 has member=B. Leave it out.")
    (issue,) = refused(change, data, "inventory[member=B; units>=8].units=7")
    assert issue.endswith("inventory has no row with member=B; units>=8.")


def test_a_name_in_other_letters_is_read_with_a_note(data):
    patch = try_steps(data, [read_change("Members[Member=a].GDP=5")])
    assert [(cell.key, cell.new) for cell in patch.changes] == [("A", 5.0)]
    (note,) = patch.notes
    assert (note.code, note.text) == ("N-103", 'member: "a" is read as "A"')
    reference = try_steps(data, [read_change("members[member=A].home_theatre=home")])
    assert reference.changes == []  # the name that it held already
    assert [str(note.code) for note in reference.notes] == ["N-103"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("budgets[year=20x8].budget=1", 'E-502 .* year holds numbers, and "20x8" is none'),
        ("requirements[day=1.1.1..30].level=1", 'E-502 .* "1.1.1" is no number'),
        ("requirements[day=1.2.3..4.5.6].level=1", "E-502"),
        ("requirements[day=30..0].level=1", "E-502 .* Write the lesser number first"),
        ("requirements[day=*].level=1", "E-502"),
        ("requirements[threat<=3].level=1", "E-502 .* threat holds no numbers"),
        ("forces[whole=perhaps].load=1", "E-502 .* whole is TRUE or FALSE"),
        ("members[member==A].gdp=1", "E-502 .* has two signs"),
        ('members[member="A].gdp=1', "E-511 .* the quotes before A"),
        ("members[member=A.gdp=1", r"E-511 .* The bracket \[ does not end"),
        ("members[member=[a]].gdp=1", "E-511 .* a name with such a sign stands in double quotes"),
        ("members[membr=A].gdp=1", 'E-503 .* no column "membr". Did you mean "member"'),
        ("member[member=A].gdp=1", 'E-501 .* "member" is no table. Did you mean "members"'),
        ("members.gpd=1", 'E-503 .* no column "gpd". Did you mean "gdp"'),
        ("members.gdp-=3", "E-511 .* add a negative number"),
        ("-settings", "E-516 .* settings has no rows"),
        ("settings[title=x].discount_rate=0.1", "E-516"),
        ("scenarios.value=3", "E-501 .* the sheet of what-ifs"),
        ("+members", "E-507"),
        ("+members[member=A; member=B]", "E-507"),
        ("+members[member=C*; name=C; gdp=1; population=1]", "E-507 .* is a wildcard"),
        ("+members[member=a; name=C; gdp=1; population=1]", "E-508"),
    ],
)
def test_what_cannot_be_meant_is_told_with_the_mend(data, text, expected):
    with pytest.raises(DataError, match=expected):
        change(data, text)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"change": "drop", "column": "gdp"}, "E-517"),
        ({"change": "drop", "value": 5}, "E-517"),
        ({"change": "add", "where": "member=C", "value": 5}, "E-517"),
        ({"change": "set", "value": 5}, "E-517"),
        ({"change": "scale", "column": "gdp", "value": 10**400}, "E-102"),
    ],
)
def test_a_part_that_would_be_ignored_is_refused(data, step, code):
    with pytest.raises(DataError, match=code):
        patch_tables(data, [Step(table="members", **step)])


def test_every_wrong_change_is_told_at_once():
    case = make_case(make_book())
    issues = refused(read_changes, ["a.b-=1", "member.gdp=1", "members[member=Z].gdp=1"], case)
    assert [issue[:5] for issue in issues] == ["E-511", "E-501", "E-504"]
    assert "--set members[member=Z].gdp=1" in issues[2]


def test_a_name_that_refers_to_nothing_is_told_at_its_change():
    case = make_case(make_book())
    with pytest.raises(DataError, match=r'E-121 --set members.home_theatre=HOMR .* mean "HOME"'):
        cssopt.change(case, read_changes(["members.home_theatre=HOMR"]))


# Numbers

LEVEL = ("requirements", ("K", "land", 0.0), "level")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("5", 5.0), ("1.075", 1.075), (".5", 0.5), ("1e-3", 0.001), ("0,9", 0.9),
        ("1.234,5", 1234.5), ("1 234", 1234.0), ("\u22120", 0.0), ('"5"', 5.0),
    ],
)  # fmt: skip
def test_a_number_has_a_point_and_is_read_the_same_everywhere(data, tmp_path, written, value):
    assert change(data, f"requirements.level={written}")[LEVEL] == value
    file = tmp_path / "x.toml"
    plain = written.strip('"')
    file.write_text(
        f'[a]\n[[a.steps]]\ntable="requirements"\ncolumn="level"\nvalue="{plain}"\n', "utf-8"
    )
    (cell,) = patch_tables(data, read_toml(file)["a"])[1]
    assert cell.new == value
    if "," not in written and '"' not in written:
        (variation,) = read_variations([f"requirements.level={written}"], data)
        assert variation.values == (value,)


@pytest.mark.parametrize("written", ["1,075", "12,000"])
def test_a_number_of_two_readings_is_refused_with_both(data, written):
    whole, part = written.split(",")
    both = f"{whole}{part} or {whole}.{part}"
    assert both in refused(change, data, f"requirements.level={written}")[0]
    assert both in refused(change, data, f"requirements[level<={written}].level=1")[0]
    assert both in refused(read_variations, [f"requirements.level={written}"], data)[0]


@pytest.mark.parametrize(
    ("written", "number", "listed"),
    [
        ("0,9", "0.9", "0; 9"),
        ("1,2", "1.2", "1; 2"),
        ("100,200,300", "100200300", "100; 200; 300"),
        ("1,5%", "0.015", "1; 5%"),
    ],
)
def test_a_list_that_could_be_a_number_is_refused_with_both(data, written, number, listed):
    (issue,) = refused(read_variations, [f"readiness.available_share*={written}"], data)
    assert issue.startswith("E-518")
    assert issue.endswith(f"Write {number}, or {listed}.")


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("0;9", (0, 9)), ("0, 9", (0, 9)), ("0,8;0,9", (0.8, 0.9)), ("1,2,4", (1, 2, 4)),
        ("0.8,1.2", (0.8, 1.2)), ("1,1.5", (1, 1.5)), ("50%;60%", (0.5, 0.6)),
    ],
)  # fmt: skip
def test_a_list_that_can_only_be_one_is_read(data, written, values):
    (variation,) = read_variations([f"requirements.level*={written}"], data)
    assert variation.values == values


def test_whole_numbers_have_no_decimals_so_that_a_comma_separates(data):
    (variation,) = read_variations(["forces.service_life=20,25"], data)
    assert variation.values == (20, 25)


def test_a_comma_in_a_condition_separates_unless_a_row_has_the_number():
    levels = [["threat", "capability", "day", "level"], ["K", "land", 0, 0.9], ["K", "land", 9, 0]]
    data = make_data(make_book(requirements=levels))
    assert set(change(data, "requirements[day=0,9].level=1")) == {
        ("requirements", ("K", "land", day), "level") for day in (0.0, 9.0)
    }
    with pytest.raises(DataError, match=r"E-518 .* number 0.9, which a row has, or several values"):
        change(data, "requirements[level=0,9].level=1")


@pytest.mark.parametrize("sheet", [False, True])
def test_a_percentage_counts_for_shares_and_as_a_factor(data, tmp_path, sheet):
    def apply(table, column, how, value):
        if not sheet:
            sign = {"set": "=", "scale": "*=", "add": "+="}[how]
            return patch_tables(data, [read_change(f"{table}.{column}{sign}{value}")])[1]
        rows = [HEAD, ["a", 1, table, None, column, how, value, None]]
        return patch_tables(data, read_sheet(make_data(make_book(scenarios=rows)))["a"])[1]

    assert apply("readiness", "available_share", "set", "5%")[0].new == 0.05
    assert apply("readiness", "available_share", "add", "-5 %")[0].new == pytest.approx(0.95)
    assert apply("members", "gdp", "scale", "110%")[0].new == pytest.approx(1100)
    with pytest.raises(DataError, match=r"E-515 .* no share, .* scale it: \*=1.1"):
        apply("members", "gdp", "add", "10%")
    with pytest.raises(DataError, match=r"E-515 .* is a percentage, and no share"):
        apply("members", "gdp", "set", "10%")
    # As factors these would be a quarter, and less than nothing.
    with pytest.raises(DataError, match=r"E-515 .* \+25 % is a rise .* Write 125 % for 25 % more"):
        apply("members", "gdp", "scale", "+25 %")
    with pytest.raises(DataError, match=r"E-515 .* Write 92\.5 % for 7\.5 % less"):
        apply("members", "gdp", "scale", "\u22127.5 %")


@pytest.mark.parametrize("text", ["members.gdp+=5%;10%", "members.gdp+=1%..5%"])
def test_a_percentage_is_varied_only_of_shares(data, text):
    with pytest.raises(DataError, match="E-515"):
        read_variations([text], data)
    (variation,) = read_variations([text.replace("+", "*")], data)
    assert (variation.values or variation.span) in ((0.05, 0.1), (0.01, 0.05))


def test_a_text_in_the_sheet_is_read_as_any_cell_of_the_workbook():
    rows = [HEAD, ["a", 1, "requirements", None, "level", "scale", "1.075", None]]
    (issue,) = check_sheet(make_data(make_book(scenarios=rows)), ()).issues
    assert (issue.code, issue.where) == ("E-107", "scenarios!R2C7")


def test_a_name_of_digits_stays_the_name_that_was_written(data):
    after, _ = patch_tables(data, [read_change("+theatres[theatre=007; name=1.50]")])
    assert after.theatres.name["007"] == "1.50"
    (variation,) = read_variations(["members[member=A].name=007"], data)
    assert variation.values == ("007",)


@pytest.mark.parametrize("written", ["TRUE", "false"])
def test_only_the_column_tells_a_flag_from_a_name(data, written):
    assert change(data, f"members[member=A].name={written}") == {("members", "A", "name"): written}
    (variation,) = read_variations([f"members[member=A].name={written}"], data)
    assert variation.values == (written,)
    patch = try_steps(data, [read_change(f"forces.whole={written}")])
    assert patch.data.forces.whole["unit"] is (written == "TRUE")
    assert not patch.notes
    (issue,) = refused(change, data, f"members.gdp={written}")
    assert f'gdp = "{written}" is text, not a number' in issue


@pytest.mark.parametrize("where", ["threat=K and day=0", "threat=K, day=0", "threat=K or Q"])
def test_conditions_that_were_joined_otherwise_are_told_how(data, where):
    (issue,) = refused(change, data, f"requirements[{where}].level=1")
    assert "Between two conditions stands a ;, and between two values a comma." in issue


# Names with the signs of the notation


@pytest.mark.parametrize("name", ODD)
def test_a_quoted_name_means_itself_in_every_place(odd, name):
    quoted = exactly("x", name)[2:]
    renamed = change(odd, f'theatres[theatre={quoted}].name="new"')
    assert set(renamed) == {("theatres", name, "name")}
    after, _ = patch_tables(odd, [read_change(f"-theatres[theatre={quoted}]")])
    assert set(odd.theatres) - set(after.theatres) == {name}
    again, _ = patch_tables(after, [read_change(f"+theatres[theatre={quoted}; name={quoted}]")])
    assert again.theatres.name[name] == name
    (cell,) = patch_tables(odd, [read_change(f"members[member=A].name={quoted}")])[1]
    assert cell.new == name
    (variation,) = read_variations([f'members[member=A].name={quoted},{quoted[:-1]}x"'], odd)
    assert variation.values == (name, f"{name}x")


@pytest.mark.parametrize("name", ODD)
def test_members_are_listed_in_the_same_quotes(name):
    members = [["member", "name", "home_theatre", "gdp", "population", "cost_index"]]
    members += [[m, m, "HOME", 1, 1, 1] for m in ("A", name)]
    case = make_case(make_book(members=members, inventory=[["member", "force", "units"]]))
    quoted = exactly("x", name)[2:]
    assert find_coalition(case, read_members(f"{quoted}, a")) == ("A", name)
    assert find_coalition(case, [name]) == (name,)


def test_a_list_that_could_be_one_name_is_refused(odd):
    members = [["member", "name", "home_theatre", "gdp", "population", "cost_index"]]
    members += [[m, m, "HOME", 1, 1, 1] for m in ("Alpha", "Beta", "Alpha, Beta")]
    case = make_case(make_book(members=members, inventory=[["member", "force", "units"]]))
    with pytest.raises(DataError, match=r'E-518 --members .* write "Alpha, Beta"'):
        find_coalition(case, read_members("alpha,Beta"))
    assert find_coalition(case, read_members('"Alpha","Beta"')) == ("Alpha", "Beta")
    assert find_coalition(case, ["Alpha", "Beta"]) == ("Alpha", "Beta")
    with pytest.raises(DataError, match=r'E-518 .* write member="Alpha, Beta"'):
        change(case.data, "members[member=Alpha,Beta].gdp=2")


@pytest.mark.parametrize("text", ["A,,B", '"A', 'A,"B"x', ""])
def test_a_list_of_members_that_cannot_be_read_is_refused(text):
    with pytest.raises(DataError, match="E-130"):
        find_coalition(make_case(make_book()), read_members(text))


NAMES = st.text(
    st.one_of(
        st.sampled_from("\"',;[]=*?<>!.#+-: %AbTRUE01"),
        st.characters(exclude_categories=["C", "Z"]),
    ),
    min_size=1,
    max_size=12,
).map(tidy_text).filter(bool)  # fmt: skip


@pytest.mark.medium
@given(st.lists(NAMES, min_size=1, max_size=4, unique=True), NAMES, st.sampled_from(["=", "!="]))
def test_what_is_printed_of_names_is_read_as_the_same(names, value, sign):
    column = {name: name for name in names}
    where = exactly("member", names[0]).replace("=", sign, 1)
    step = Step(table="members", where=where, column="name", value=value)
    again = read_change(write_change(step))
    assert (again.table, again.column, again.change, str(again.value)) == (
        "members", "name", "set", value,
    )  # fmt: skip
    chosen = select_rows({"member": column}, read_where(again.where))
    assert chosen == ([names[0]] if sign == "=" else names[1:])
    label = write_label(step)
    assert write_label(read_label(label, "x", {}).change) == label


@given(
    st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)),
    st.sampled_from(["set", "scale", "add"]),
)
def test_what_is_printed_of_values_is_read_as_the_same(value, how):
    step = Step(table="members", column="gdp", change=how, value=value)
    again = read_change(write_change(step))
    assert again.change == how
    if isinstance(value, bool):  # only the column tells a flag from the name TRUE
        assert again.value == str(value).upper()
    else:
        assert (again.value if value is None else float(again.value)) == value


# The sheet `scenarios`


def test_the_sheet_is_tried_wholly_each_fault_at_its_cell():
    rows = [
        HEAD,
        ["a", 1, "requirement", None, "level", "scale", 1.3, None],
        ["a", 2, "requirements", "threat=KK", "level", "scale", 1.3, None],
        ["b", 1, "requirements", "threat", "level", "scale", 1.3, "a"],
        ["b", 2, "requirements", None, "levle", "scale", 1.3, None],
        ["c", 1, "readiness", None, "available_share", "set", 5, None],
        ["c", 2, "members", "member=A", "home_theatre", "set", "HOMR", None],
        ["d", 1, "members", "member=A", None, "drop", 3, "e"],
        ["f", 1, "settings", None, "last_year", "set", 2020, None],
        ["g", 1, "members", "member=A", "home_theatre", "set", "HOMR", None],
        ["h", 1, "requirements", "threat=K", "level", "scale", 1.3, None],
    ]
    data = make_data(make_book(scenarios=rows))
    tried = check_sheet(data, find_rules(find_model_folders()))
    assert {(issue.code, issue.where.partition("!")[2]) for issue in tried.issues} == {
        ("E-501", "R2C3"), ("E-504", "R3C4"), ("E-502", "R4C4"), ("E-503", "R5C5"),
        ("E-110", "R6C7"), ("E-509", "R8C8"), ("E-517", "R8C7"), ("E-301", "R9C7"),
        ("E-121", "R10C7"),
    }  # fmt: skip
    assert len(set(tried.issues)) == len(tried.issues)


def test_a_rule_that_breaks_at_another_cell_is_told_at_the_scenario():
    rows = [HEAD, ["ends", 1, "settings", None, "first_year", "set", 2034, None]]
    data = make_data(make_book(scenarios=rows))
    (issue,) = check_sheet(data, find_rules(find_model_folders())).issues
    assert issue.where.startswith("scenarios!R2")
    assert issue.code == "E-301"


@pytest.mark.medium
@pytest.mark.parametrize(
    ("file", "code", "cell", "near"),
    [
        ("60-scenario_table_typo", "E-501", "scenarios!C6", '"requirements"'),
        ("60-scenario_where_typo", "E-504", "scenarios!D6", '"BLOCKADE"'),
    ],
)
def test_check_tells_a_misspelt_scenario_and_other_plans_go_on(file, code, cell, near):
    path = PLANNERS / f"{file}.xlsx"
    (issue,) = [issue for issue in check(path).issues if issue.code.startswith("E")]
    assert (issue.code, issue.where) == (code, cell)
    assert near in issue.text
    (warning,) = [issue for issue in cssopt.load(path).warnings if issue.code == "W-515"]
    assert warning.where == cell
    assert CliRunner().invoke(app, ["check", str(path)]).exit_code == 3


def test_a_scenario_that_is_extended_beside_every_step_comes_first_once():
    rows = [
        HEAD,
        ["a", 1, "members", None, "gdp", "scale", 2, None],
        ["b", 1, "members", None, "gdp", "add", 1, "A"],
        ["b", 2, "members", None, "gdp", "add", 1, "A"],
    ]
    steps = read_sheet(make_data(make_book(scenarios=rows)))["b"]
    assert [step.change for step in steps] == ["scale", "add", "add"]


def test_trying_scenarios_costs_little():
    rows = [HEAD, *([f"s{i}", 1, "members", None, "gdp", "scale", 2, None] for i in range(50))]
    data, rules = make_data(make_book(scenarios=rows)), find_rules(find_model_folders())
    begun = time.process_time()
    assert check_sheet(data, rules).issues == ()
    assert time.process_time() - begun < 1


# Files of scenarios


def toml(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_keys_that_a_file_may_not_have_are_all_told():
    issues = refused(read_toml, PLANNERS / "05-toml-that-changes-nothing.toml")
    assert [issue.partition(".toml ")[2].split(".")[0] for issue in issues] == [
        'singular "step" is nothing that a scenario has',
        'capital "Steps" is nothing that a scenario has',
        "flat table, column, change, value stand outside of a step",
        'worse "extend" is nothing that a scenario has',
    ]
    assert all(issue.startswith("E-510") for issue in issues)
    assert issues[0].endswith('Did you mean "steps"?')
    assert issues[3].endswith('Did you mean "extends"?')


def test_a_byte_order_mark_is_passed_over():
    (step,) = read_toml(PLANNERS / "41-toml-with-bom.toml")["dear"]
    assert (step.table, step.change, step.value) == ("forces", "scale", 2)


STEP = '[[a.steps]]\ntable = "members"\ncolumn = "gdp"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]\nextends = 5\n", "extends is the name of a scenario"),
        ("[a]\nextends = [1]\n", "extends is the name of a scenario"),
        ("[a]\nsteps = []\n", r"\[a\] has no steps"),
        ("[a]\n", r"\[a\] has no steps"),
        (STEP + "where = 5\n", "where is a text"),
        (STEP + "value = [1]\n", "value is a number, a text, true or false"),
        (STEP + "value = 2020-01-01\n", "value is a number, a text, true or false"),
        (STEP + "value = nan\n", "value is no number that a cell can hold"),
        (STEP + f"value = {'9' * 400}\n", "value is no number that a cell can hold"),
        (STEP + f"value = {'9' * 5000}\n", "over 1,000 digits"),
        (STEP + 'change = "multiply"\n', "change is one of set, scale, add, drop"),
        (STEP + 'tabel = "x"\nnotes = "y"\n', '"tabel" is nothing .* "table"'),
        ("a = " + "[" * 500 + "]" * 500, "too deep in one another"),
        ("a" + ".a" * 100_000 + " = 1", "a key has too many parts"),
        ("# " + "x" * 600_000, "over 512 kB"),
        ('["\\u001b[31m"]\n', "is no name of a scenario"),
        ("[a]".encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path, text, expected):
    with pytest.raises(DataError, match=rf"(?s)E-510 x\.toml .*{expected}"):
        read_toml(toml(tmp_path, text))


def test_a_file_whose_scenarios_double_is_refused_before_they_are_made(tmp_path):
    pair = "[{0}{1}]\nextends = ['a{2}', 'b{2}']\n"
    text = "".join(pair.format(name, i, i - 1) for i in range(1, 40) for name in "ab")
    text += STEP.replace("a.", "a0.") + STEP.replace("a.", "b0.")
    begun = time.process_time()
    with pytest.raises(DataError, match=r"E-519 .* over 5,000 steps"):
        read_toml(toml(tmp_path, text))
    doubled = STEP + "[b]\nextends = ['a', 'a']\n"
    with pytest.raises(DataError, match=r'E-509 .* extends "a" twice'):
        read_toml(toml(tmp_path, doubled))
    assert time.process_time() - begun < 1


def test_a_long_chain_of_scenarios_is_read(tmp_path):
    text = STEP.replace("a.", "a0.") + "".join(
        f"[a{i}]\nextends = 'a{i - 1}'\n" for i in range(1, 900)
    )
    assert len(read_toml(toml(tmp_path, text))["a899"]) == 1


def test_the_scenarios_of_a_file_are_tried_before_anything_is_solved(tmp_path):
    case = make_case(make_book())
    text = STEP + 'value = 1\nwhere = "member=Z"\n' + STEP.replace("gdp", "gpd")
    issues = refused(find_scenarios, case, toml(tmp_path, text))
    assert [issue[:26] for issue in issues] == [
        "E-504 x.toml a step 1 no r",
        "E-503 x.toml a step 2 memb",
    ]


def test_scenarios_are_asked_for_in_any_letters():
    assert pick_scenarios({"Sea worse": ()}, ["sea WORSE"]) == {"Sea worse": ()}


# Options that would be ignored


@pytest.mark.medium
@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("sweep", "--vary", "requirements.level*=1;2", "--seed", "0"), "--seed"),
        (("sweep", "--vary", "requirements.level*=1;2", "--scenarios", "x.toml"), "--scenarios"),
        (("frontier", "--trade", "shortfall", "--scenarios", "x.toml"), "--scenarios"),
    ],
)
def test_an_option_without_effect_is_refused(tmp_path, monkeypatch, words, option):
    monkeypatch.chdir(tmp_path)
    toml(tmp_path, STEP + "value = 1\n")
    book = write_csv(make_book(), tmp_path / "book")
    result = CliRunner().invoke(app, [words[0], str(book), *words[1:]])
    assert isinstance(result.exception, DataError)
    assert str(result.exception.issues[0]).startswith(f"E-524 {option} ")


def test_a_seed_goes_with_draws():
    case = make_case(make_book())
    assert len(design_sweep(case, "requirements.level*=1..2", draws=3, seed=1)) == 3


# Texts that are made to take long


@pytest.mark.parametrize(
    "text",
    [
        "members[member=" + "*a" * 4_000 + "].gdp=1",
        "members[" + 'member="' * 1_000 + "].gdp=1",
        "members[member=" + "XX," * 900 + "X].gdp=1",
        "members[" + "member=X;" * 900 + "].gdp=1",
        "[" * 9_000,
        "members" + "-a" * 4_000,
        "members.gdp=" + "9" * 9_000,
        "members.gdp=1" + " " * 9_000 + "..",
        "a" * 1_000_000,
    ],
)
def test_a_long_text_is_refused_at_once(data, text):
    begun = time.process_time()
    with pytest.raises(DataError):
        change(data, text)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("command", ["whatif", "sweep", "tipping"])
def test_help_shows_the_brackets_of_a_change(command):
    result = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    assert "table[column=value].column" in result.stdout


# The page that explains the notation

PAGE = ROOT / "docs" / "changes.md"


def test_the_examples_of_the_page_are_read_as_it_says(tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    table = text.partition("| you want | write |")[2].partition("\n\n")[0]
    changes = [line.split("`")[1] for line in table.splitlines() if "`" in line]
    assert [read_change(line).change for line in changes] == [
        "set", "scale", "add", "set", "set", "add", "drop",
    ]  # fmt: skip
    assert all(write_change(read_change(line)) == line for line in changes)
    file = text.partition("```toml\n")[2].partition("```")[0]
    first, second = read_toml(toml(tmp_path, file))["worse"]
    assert (first.where, first.value) == ("threat=North", 1.3)
    assert (second.change, second.value, second.note) == ("set", 0.05, "dearer money")


# One quantity is varied once, and a file of points reads as the command line


@pytest.mark.parametrize(
    ("first", "second", "told_so"),
    [
        ("members[member=A,B].gdp*", "members[member=B,A].gdp*", "is varied twice (as members"),
        ("members[member=A].gdp*", "members[member=a].gdp*", "is varied twice"),
        ("members[gdp>0].gdp+", "members.gdp+", "is varied twice (as members[gdp>0].gdp+)"),
        ("members[member=A].gdp*", "members.gdp", "which would have no effect"),
    ],
)
def test_what_is_varied_twice_in_other_words_is_told(data, tmp_path, first, second, told_so):
    (issue,) = refused(read_variations, [f"{first}=2", f"{second}=3"], data)
    assert issue.startswith("E-521")
    assert told_so in issue
    file = tmp_path / "points.csv"
    file.write_text(f'"{first}","{second}"\n2,3\n', "utf-8")
    (issue,) = refused(read_points, file, data)
    assert issue.startswith("E-521 points!B1")
    assert told_so in issue


@pytest.mark.parametrize("second", ["members[member=A].gdp*", "members[member=B].gdp"])
def test_what_is_varied_beside_each_other_is_no_double(data, second):
    assert len(read_variations(["members.gdp=1000;2000", f"{second}=3;4"], data)) == 2


def test_a_file_of_points_reads_as_the_command_line(data, tmp_path):
    def read(text):
        file = tmp_path / "points.csv"
        file.write_text(text, "utf-8")
        return [list(run.point.values()) for run in read_points(file, data, {"North": ()})]

    assert read("scenario\nBASE\nnorth\n") == [["base"], ["North"]]
    assert read("members[member=A,B].gdp\n5\n") == [[5]]
    assert read("requirements.level*\n1.075\n1.100\n") == [[1.075], [1.1]]
    (issue,) = refused(read, "requirements.level*=1.2\n1\n")
    assert issue == 'E-523 points!A1 gives the value "1.2". Leave it out: the values stand below.'


def test_a_member_whose_code_is_a_number_in_a_script_is_found():
    members = [["member", "name", "home_theatre", "gdp", "population", "cost_index"]]
    members += [[m, m, "HOME", 1, 1, 1] for m in ("5", "C;D")]
    case = make_case(make_book(members=members, inventory=[["member", "force", "units"]]))
    assert find_coalition(case, [5]) == ("5",)
    with pytest.raises(DataError, match='"C;D" is one name, and a semicolon separates names'):
        find_coalition(case, read_members("C;D"))


@pytest.mark.parametrize(
    ("text", "told_so"),
    [
        ("", "has no scenario. Begin each with"),
        ('table = "members"\ncolumn = "gdp"\nvalue = 2\n', "table, column, value stand in no"),
    ],
)
def test_a_file_that_holds_no_scenario_is_told_in_one_message(tmp_path, text, told_so):
    file = tmp_path / "more.toml"
    file.write_text(f"# what-ifs\n{text}", "utf-8")
    (issue,) = refused(read_toml, file)
    assert told_so in issue


def test_the_word_of_a_change_is_read_in_a_file_as_in_the_sheet(data, tmp_path):
    file = tmp_path / "more.toml"
    step = '[[a.steps]]\ntable = "members"\ncolumn = "gdp"\nchange = "Scale "\nvalue = 2\n'
    file.write_text(step, "utf-8")
    assert read_toml(file)["a"][0].change == "scale"
    file.write_text(step.replace("Scale ", "scales"), "utf-8")
    (issue,) = refused(read_toml, file)
    assert 'Did you mean "scale"' in issue
    file.write_text(step.replace('"Scale "', "5"), "utf-8")
    (issue,) = refused(read_toml, file)
    assert "change is one of set, scale, add, drop" in issue


def test_a_scenario_that_is_named_as_the_inputs_are_is_not_varied_over(data):
    (issue,) = refused(read_variations, ["scenario=base"], data, {"Base": ()})
    assert issue.startswith("E-513")
    assert "is the name of the inputs as they are" in issue

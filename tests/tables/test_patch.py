"""What-ifs make new tables, touch exactly what they say, and say so where they touch nothing."""

from __future__ import annotations

import pickle

import pytest
from alliances import ALLIANCE
from books import make_data
from small_books import ACTIVITIES, activity, bodies, make_book

from cssopt.errors import DataError
from cssopt.tables.check import check_data
from cssopt.tables.patch import Step, patch_tables
from cssopt.tables.scenarios import read_set, read_sheet, read_toml
from cssopt.tables.where import WhereError, exactly, read_where, select_rows

HEAD = ["scenario", "step", "table", "where", "column", "change", "value", "extends", "note"]


@pytest.fixture(scope="module")
def data():
    return make_data(ALLIANCE)


def cells(data):
    return {
        (name, key, column): value
        for name, table in data.tables.items()
        for column, values in table.columns.items()
        for key, value in values.items()
    }


def differing(before, after):
    """Cells that differ, a missing row being None."""
    old, new = cells(before), cells(after)
    return {
        place: (old.get(place), new.get(place))
        for place in {**old, **new}
        if old.get(place) != new.get(place)
    }


def patch(data, *steps):
    """The steps applied; what was touched is exactly what differs, and the old tables stay."""
    untouched = cells(data)
    after, touched = patch_tables(data, steps)
    assert cells(data) == untouched
    found = differing(data, after)
    assert {(t.table, t.key, t.column) for t in touched} >= set(found)
    last = {(t.table, t.key, t.column): t.new for t in touched}
    for place, (_, new) in found.items():
        assert last[place] == new
    return after, touched


def refuse(data, **step):
    with pytest.raises(DataError) as caught:
        patch_tables(data, [Step(**step)])
    return str(caught.value.issues[0])


def needs(data, where):
    return select_rows(data.requirements.columns, read_where(where))


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("", 4),
        ("threat=BORDER", 3),
        ("threat=BORDER; day<=30", 2),
        ("threat = BORDER , COAST; capability=AIR", 2),
        ("threat=B*", 3),
        ("threat=C?AST", 1),
        ("threat!=BORDER", 1),
        ("day=30..60", 3),
        ("day>30", 1),
        ("level>=3", 2),
        ("capability=LAND; day=120", 1),
        ("threat=nowhere", 0),
    ],
)
def test_rows_are_selected_by_conditions(data, where, rows):
    assert len(needs(data, where)) == rows


@pytest.mark.parametrize("where", ["threat North", "=5", "day<=", "day<=ten", "a=1; b"])
def test_conditions_that_cannot_be_read(where):
    with pytest.raises(WhereError):
        read_where(where)


def test_set_scale_and_add_numbers(data):
    after, touched = patch(
        data,
        Step(table="requirements", where="threat=BORDER", column="level", change="scale", value=2),
        Step(table="requirements", where="day=120", column="level", change="add", value="0.5"),
        Step(table="members", where="member=EST", column="budget_share", value="2%"),
        Step(table="settings", column="discount_rate", value=0.1),
    )
    level = after.requirements.level
    assert level["BORDER", "LAND", 30.0] == pytest.approx(4.4)
    assert level["BORDER", "LAND", 120.0] == pytest.approx(6.5)
    assert level["COAST", "AIR", 30.0] == 3.3
    assert after.members.budget_share["EST"] == 0.02
    assert after.settings.discount_rate == 0.1
    assert [(t.step, t.old) for t in touched if t.column == "level"] == [
        (1, 2.2), (1, 3.0), (1, 2.0), (2, 6.0),
    ]  # fmt: skip


def test_a_row_is_added(data):
    after, touched = patch(
        data, Step(table="inventory", where="member=EST; force=ADB; units=2", change="add")
    )
    assert after.inventory.units["EST", "ADB"] == 2.0
    assert after.inventory.quality["EST", "ADB"] == 1.0
    assert len(after.inventory) == len(data.inventory) + 1
    assert {t.column for t in touched} == {"member", "force", "units", "quality"}


def test_a_dropped_member_leaves_and_every_row_stays(data):
    after, (cell,) = patch_tables(data, [Step(table="members", where="member=EST", change="drop")])
    assert cells(after) == cells(data)
    assert (cell.table, cell.key, cell.old, cell.new) == ("members", "EST", "EST", None)
    assert set(data.parties) - set(after.parties) == {"EST"}
    assert set(data.parties) == set(data.members)  # the tables given are never changed


@pytest.mark.parametrize("kind", ["body", "agreement"])
@pytest.mark.parametrize("member", [None, "A"])
def test_what_goes_along_with_a_dropped_body(kind, member):
    """A measure always, an activity only if it founds bodies and names no member."""
    founds = activity("F", kind, 1, body="COUNCIL", member=member)
    after_it = activity("T", "treaty", 0)
    data = make_data(
        make_book(
            bodies=bodies(("COUNCIL", "consultation", 1, 1), ("OTHER", "consultation", 1, 1)),
            activities=[ACTIVITIES, founds, after_it],
            precedence=[["activity", "after"], ["T", "F"]],
            measures=[
                ["measure", "name", "annual_cost", "body"],
                ["talks", "Talks", 4, "COUNCIL"],
                ["aid", "Aid", 4, "OTHER"],
                ["trade", "Trade", 4, None],
            ],
            effects=[["measure", "threat", "effect"], ["talks", "K", 0.5], ["aid", "K", 0.5]],
        )
    )
    after, _ = patch(data, Step(table="bodies", where="body=COUNCIL", change="drop"))
    assert set(after.measures) == {"aid", "trade"}
    assert set(after.effects) == {("aid", "K")}
    goes = kind == "body" and member is None
    assert set(after.activities) == ({"T"} if goes else {"F", "T"})
    assert set(after.precedence) == (set() if goes else {("T", "F")})
    if not goes:
        assert after.activities.body["F"] is None
        assert after.activities.member["F"] == member


def test_no_dropped_row_leaves_a_name_that_refers_to_nothing(data):
    """Every row of the example, one by one."""
    tried = 0
    for name, table in data.tables.items():
        if table.spec.vertical or name == "scenarios":  # which no what-if changes
            continue
        for key in table:
            parts = key if isinstance(key, tuple) else (key,)
            where = "; ".join(
                exactly(column, part) if isinstance(part, str) else f"{column}={part!r}"
                for column, part in zip(table.spec.key, parts, strict=True)
            )
            after, touched = patch(data, Step(table=name, where=where, change="drop"))
            assert touched
            assert [issue for issue in check_data(after) if issue.code == "E-121"] == []
            tried += 1
    assert tried > 50


def test_a_dropped_home_theatre_leaves_its_members_without_a_home(data):
    home = data.members.home_theatre["EST"]
    after, _ = patch(data, Step(table="theatres", where=f"theatre={home}", change="drop"))
    assert after.members.home_theatre["EST"] is None
    assert set(after.parties) == set(data.parties)


def test_rows_that_were_dropped_are_remembered_until_they_are_added_again(data):
    gone = Step(table="situations", change="drop")
    empty, _ = patch_tables(data, [gone])
    assert not len(empty.situations)
    assert set(empty.situations.dropped) == set(data.situations)
    assert empty.situations.had_rows
    situation, threat = next(iter(data.situations))
    row = f"situation={situation}; threat={threat}"
    again, _ = patch_tables(data, [gone, Step(table="situations", where=row, change="add")])
    assert set(again.situations) == {(situation, threat)}
    assert (situation, threat) not in again.situations.dropped
    restricted = pickle.loads(pickle.dumps(empty.restrict("members", ["EST"], {})))
    assert set(restricted.situations.dropped) == set(data.situations)
    assert restricted.book.parties == data.parties


def test_a_reference_that_may_be_blank_is_blanked(data):
    after, _ = patch(data, Step(table="programmes", where="programme=RADAR", change="drop"))
    assert "FUND" in after.activities
    assert after.activities.programme["FUND"] is None


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"table": "member"}, 'E-501 step "member" is no table. Did you mean "members"?'),
        ({"table": "members", "where": "x"}, 'E-502 step where: "x" is no condition.'),
        (
            {"table": "members", "where": "membr=EST"},
            'E-503 step where: members has no column "membr". Did you mean "member"?',
        ),
        (
            {"table": "members", "where": "member=ESTT", "column": "gdp", "value": 1},
            'E-504 step no row of members has member=ESTT. Did you mean "EST"?',
        ),
        (
            {"table": "members", "column": "gpd", "value": 1},
            'E-503 step members has no column "gpd". Did you mean "gdp"?',
        ),
        (
            {"table": "members", "column": "member", "value": "X"},
            "E-505 step member is a key of members: drop the row and add another.",
        ),
        (
            {"table": "forces", "column": "programme_cost", "change": "scale", "value": "x"},
            'E-102 step value = "x" is text, not a number.',
        ),
        (
            {"table": "threats", "column": "first_year", "change": "add", "value": 1},
            "E-506 step first_year is blank in a row that is to change by a number.",
        ),
        (
            {"table": "members", "column": "budget_share", "value": 3},
            "E-110 step budget_share = 3 must be at least 0 and at most 1. Did you mean 0.03",
        ),
        (
            {"table": "members", "where": "member=NOR; gdp=1", "change": "add"},
            "E-101 step name is blank.",
        ),
        (
            {"table": "power", "where": "force=BDE; capability=LAND; power=3", "change": "add"},
            "E-508 step power has a row ('BDE', 'LAND') already. Set its columns.",
        ),
        (
            {"table": "members", "change": "drop"},
            "E-514 step nobody of members is left to plan for.",
        ),
        (
            {"table": "power", "where": "force=BDE,ADB; capability=SEA", "change": "add"},
            "E-507 step a row to add is described by column=value",
        ),
    ],
)
def test_a_step_that_cannot_be_made_is_told(data, step, expected):
    assert refuse(data, **step).startswith(expected)


def test_a_member_that_has_left_is_no_longer_chosen_nor_added(data):
    left = Step(table="members", where="member=EST", change="drop")
    with pytest.raises(DataError, match="E-504 step no row of members has member=EST"):
        patch_tables(data, [left, left])
    row = "member=EST; name=E; gdp=1; population=1"
    with pytest.raises(DataError, match=r"E-508 .*an earlier step drops it: leave that out"):
        patch_tables(data, [left, Step(table="members", where=row, change="add")])
    scaled = Step(table="members", column="gdp", change="scale", value=2)
    after, touched = patch_tables(data, [left, scaled])
    assert after.members.gdp["EST"] == data.members.gdp["EST"]
    assert {cell.key for cell in touched if cell.step == 2} == set(after.parties)


def test_every_wrong_step_is_told_at_once(data):
    steps = [Step(table="x"), Step(table="members", column="y", value=1)]
    with pytest.raises(DataError) as caught:
        patch_tables(data, steps)
    assert len(caught.value.issues) == 2


def with_scenarios(*rows):
    return make_data({**ALLIANCE, "scenarios": [HEAD, *rows]})


def test_scenarios_of_the_sheet_build_on_others():
    book = with_scenarios(
        ["b", 2, "settings", None, "discount_rate", "set", 0.1, None, "why"],
        ["b", 1, "members", "member=EST", None, "drop", None, "a", None],
        ["a", 1, "members", None, "gdp", "scale", 2, None, None],
    )
    scenarios = read_sheet(book)
    assert list(scenarios) == ["b", "a"]
    assert [(s.table, s.change) for s in scenarios["b"]] == [
        ("members", "scale"), ("members", "drop"), ("settings", "set"),
    ]  # fmt: skip
    assert scenarios["b"][-1].note == "why"
    assert scenarios["a"][0].place == "scenarios!R4C3"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["a", 1, "members", None, "gdp", "set", 1, "bb", None]], '"a" extends "bb", which is no'),
        (
            [
                ["a", 1, "members", None, "gdp", "set", 1, "b", None],
                ["b", 1, "members", None, "gdp", "set", 1, "a", None],
            ],
            "a extends b extends a: a scenario extends itself",
        ),
    ],
)
def test_scenarios_that_build_on_nothing_or_themselves(rows, expected):
    with pytest.raises(DataError, match=expected):
        read_sheet(with_scenarios(*rows))


def test_scenarios_of_a_file(tmp_path):
    path = tmp_path / "more.toml"
    path.write_text(
        '[a]\n[[a.steps]]\ntable = "members"\ncolumn = "gdp"\nchange = "scale"\nvalue = 2\n'
        '[b]\nextends = "a"\n[[b.steps]]\ntable = "members"\nwhere = "member=EST"\n'
        'change = "drop"\n'
    )
    scenarios = read_toml(path)
    assert [step.change for step in scenarios["b"]] == ["scale", "drop"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = ", "E-510 more.toml cannot be read"),
        ("a = 1", "E-510 more.toml [a] has no list of steps."),
        ('[a]\n[[a.steps]]\ncolumn = "x"', "E-510 more.toml a step 1 a step names the table"),
        ('[a]\n[[a.steps]]\ntable = "x"\nchange = "times"', "E-510 more.toml a step 1 change is"),
        ('[a]\n[[a.steps]]\ntable = "x"\ncolunm = "y"', 'E-510 more.toml a step 1 "colunm" is'),
    ],
)
def test_a_file_that_is_wrong(tmp_path, text, expected):
    path = tmp_path / "more.toml"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        read_toml(path)
    assert str(caught.value.issues[0]).startswith(expected)


@pytest.mark.parametrize(
    ("text", "change", "where", "value"),
    [
        ("members[member=EST].budget_share=0.03", "set", "member=EST", "0.03"),
        ("requirements.level*=1.3", "scale", "", "1.3"),
        ("requirements[day<=30; threat=B*].level += 2", "add", "day<=30; threat=B*", "2"),
        ("forces[force=ADB].whole=FALSE", "set", "force=ADB", "FALSE"),
    ],
)
def test_a_change_of_the_command_line(text, change, where, value):
    step = read_set(text)
    assert (step.change, step.where, step.value) == (change, where, value)


@pytest.mark.parametrize("text", ["budget=5", "members[member=EST]", "", "a.b-=3"])
def test_a_change_that_cannot_be_read(text):
    with pytest.raises(DataError, match="is no change"):
        read_set(text)

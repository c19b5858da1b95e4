"""What a sweep varies, and the runs that this makes: worked out by hand."""

from __future__ import annotations

import re

import pytest
from books import make_data
from small_books import make_book

from cssopt.errors import DataError
from cssopt.questions.sweep.points_file import read_points
from cssopt.runs.vary import MOST_RUNS, draw_points, make_grid
from cssopt.runs.vary_texts import read_variations
from cssopt.tables.patch import Step

LEVEL = "requirements.level*"
WORSE = (Step(table="requirements", column="level", change="set", value=5),)
SCENARIOS = {"border worse": WORSE}


@pytest.fixture(scope="module")
def data():
    return make_data(make_book())


def told(caught):
    """The issues of an error, one text each."""
    return [str(issue) for issue in caught.value.issues]


def test_a_grid_of_decimals_is_exact_and_has_both_ends(data):
    (variation,) = read_variations([f"{LEVEL}=0.8:1.4:0.1"], data)
    assert variation.label == LEVEL
    assert variation.values == (0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)


def test_a_grid_may_go_down(data):
    (variation,) = read_variations([f"{LEVEL}=3:2:-0.5"], data)
    assert variation.values == (3.0, 2.5, 2.0)


def test_a_grid_is_every_combination_and_the_last_changes_fastest(data):
    texts = [f"{LEVEL}=1;2", "members[member=A].gdp+=0,10,20"]
    runs = make_grid(read_variations(texts, data))
    assert [run.name for run in runs] == ["1", "2", "3", "4", "5", "6"]
    assert [tuple(run.point.values()) for run in runs] == [
        (1, 0), (1, 10), (1, 20), (2, 0), (2, 10), (2, 20),
    ]  # fmt: skip
    assert list(runs[0].point) == [LEVEL, "members[member=A].gdp+"]
    first, second = runs[5].steps
    assert (first.table, first.column, first.change, first.value) == (
        "requirements", "level", "scale", 2.0,
    )  # fmt: skip
    assert (second.where, second.column, second.change, second.value) == (
        "member=A", "gdp", "add", 20.0,
    )  # fmt: skip


def test_a_change_that_sets_has_the_plain_cell_as_its_label(data):
    (variation,) = read_variations(["forces[force=unit].whole = TRUE"], data)
    assert (variation.label, variation.values) == ("forces[force=unit].whole", (True,))


def test_one_quantity_in_other_letters_and_spaces_is_varied_twice(data):
    (variation,) = read_variations(["Members[ member = a ].GDP*=2"], data)
    assert variation.label == 'members[member="A"].gdp*'
    texts = ["members[member=a; gdp>0].gdp*=2", 'members[member="A";gdp>0].gdp*=3']
    with pytest.raises(DataError, match="E-521"):
        read_variations(texts, data)


def test_a_text_with_a_comma_stands_in_quotes(data):
    (variation,) = read_variations(['members[member=A].name=Alpha, "Beta, Gamma"'], data)
    assert variation.values == ("Alpha", "Beta, Gamma")


def test_the_steps_of_a_scenario_come_first_wherever_it_stands(data):
    texts = [f"{LEVEL}=2", "scenario=base,border worse"]
    runs = make_grid(read_variations(texts, data, SCENARIOS))
    assert [run.point["scenario"] for run in runs] == ["base", "border worse"]
    assert [step.value for step in runs[0].steps] == [2.0]
    assert [step.value for step in runs[1].steps] == [5, 2.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("budget=5", 'E-511 --vary "budget=5" is no change. Write table'),
        ("requirement.level*=1", '"requirement" is no table. Did you mean "requirements"?'),
        ("requirements.levels*=1", 'no column "levels". Did you mean "level"?'),
        ("members[member=Z].gdp*=1", "E-504 .* no row of members has member=Z"),
        (f"{LEVEL}=1,x", '"x" is text, not a number'),
        ("readiness.available_share=0.5:1.5:0.5", "1.5 must be at least 0 and at most 1"),
        (f"{LEVEL}=", "a value is missing"),
        (f"{LEVEL}=1,,2", "a value is missing"),
        (f"{LEVEL}=1,1.0", "the value 1.0 stands twice"),
        (f'{LEVEL}="1', "the quotes before 1 do not end"),
        (f"{LEVEL}=0.8:1.4", "0.8:1.4 has no step. Write FROM:TO:BY, such as 0.8:1.4:0.1"),
        (f"{LEVEL}=1.4:0.8", "such as 1.4:0.8:-0.1"),
        (f"{LEVEL}=1:2:-1", "steps of -1 never lead from 1 to 2"),
        (f"{LEVEL}=1:2:0", "steps of 0 never lead from 1 to 2"),
        (f"{LEVEL}=0.8:1.4:0.25", "end at 1.3, not at 1.4. Write 0.8:1.3:0.25"),
        (f"{LEVEL}=0:1:1e-6", "has more than 100,000 values. Widen the step"),
        (f"{LEVEL}=1..2,3", "1..2 cannot stand in a list"),
        (f"{LEVEL}=1.2.3..4", 'E-520 .*"1.2.3" is no number. Write LEAST..GREATEST'),
        (f"{LEVEL}=0,8:1,4:0,1", "cannot stand in a list. Write it alone, with a point"),
        (f"{LEVEL}=0.8:1.4:x", '"x" is no number. Write three numbers'),
        (f"{LEVEL}=1:2:3:4", "Write three numbers, alone"),
        (f"{LEVEL}=2..1", "2..1 is no range. Write the lesser number first"),
        (f"{LEVEL}={'9' * 400}", "a number is too large"),
        ("forces.service_life*=1..2", "holds whole numbers, which a drawn factor would break"),
        ("forces.service_life=1..2.5", "End the range at such|whole number"),
        ("scenario=boarder worse", '"boarder worse" is no scenario. Did you mean "border worse"'),
    ],
)
def test_a_wrong_text_is_told_with_the_mend(data, text, expected):
    with pytest.raises(DataError) as caught:
        read_variations([text], data, SCENARIOS)
    assert re.search(expected, "\n".join(told(caught))), told(caught)


def test_everything_that_is_wrong_is_told_at_once(data):
    texts = ["budget=5", "member.gdp=1", f"{LEVEL}=1:2", f"{LEVEL}=1", f"{LEVEL}=2"]
    with pytest.raises(DataError) as caught:
        read_variations(texts, data)
    assert [issue.code for issue in caught.value.issues] == ["E-511", "E-501", "E-520", "E-521"]
    assert f"{LEVEL} is varied twice" in told(caught)[3]


def test_ranges_and_values_do_not_mix(data):
    span = read_variations([f"{LEVEL}=0.8..1.4"], data)
    with pytest.raises(DataError, match=r"Add --draws NUMBER, or .* such as 0\.8:1\.4:0\.15\."):
        make_grid(span)
    values = read_variations([f"{LEVEL}=0.8,1.4"], data)
    with pytest.raises(DataError, match=r"Write LEAST\.\.GREATEST, such as 0\.8\.\.1\.2"):
        draw_points(values, 5, seed=1)


def test_too_many_runs_are_refused_before_they_are_made(data):
    texts = [f"{LEVEL}=1:1000:1", "forces.operating_cost*=1:1000:1"]
    with pytest.raises(DataError, match=r"makes 1,000,000 runs; a sweep has at most 100,000"):
        make_grid(read_variations(texts, data))
    span = read_variations([f"{LEVEL}=0..1"], data)
    with pytest.raises(DataError, match="E-522 --draws makes 100,001 runs"):
        draw_points(span, MOST_RUNS + 1, seed=1)


def test_draws_hit_every_part_of_a_range_once(data):
    texts = [f"{LEVEL}=1..2", "forces.operating_cost+=-10..10"]
    runs = draw_points(read_variations(texts, data), 20, seed=3)
    levels, costs = zip(*(run.point.values() for run in runs), strict=True)
    assert sorted(int((level - 1) * 20) for level in levels) == list(range(20))
    assert sorted(int(cost + 10) for cost in costs) == list(range(20))
    assert [step.value for step in runs[4].steps] == [levels[4], costs[4]]


def test_the_same_seed_draws_the_same_runs(data):
    span = read_variations([f"{LEVEL}=1..2"], data)
    assert draw_points(span, 9, seed=3) == draw_points(span, 9, seed=3)
    assert draw_points(span, 9, seed=3) != draw_points(span, 9, seed=4)


def test_whole_numbers_are_drawn_whole_and_equally_often(data):
    span = read_variations(["forces.service_life=3..5"], data)
    lives = [run.point["forces.service_life"] for run in draw_points(span, 30, seed=1)]
    assert {life: lives.count(life) for life in set(lives)} == {3.0: 10, 4.0: 10, 5.0: 10}


def write_points(folder, text):
    path = folder / "points.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_points_are_read_row_by_row(data, tmp_path):
    text = f"{LEVEL},members[member=A].gdp=,scenario\n1.125,7,base\n\n2,8,border worse\n"
    runs = read_points(write_points(tmp_path, text), data, SCENARIOS)
    assert [run.name for run in runs] == ["1", "2"]
    assert runs[0].point == {LEVEL: 1.125, "members[member=A].gdp": 7.0, "scenario": "base"}
    assert [step.value for step in runs[1].steps] == [5, 2.0, 8.0]
    assert [step.change for step in runs[1].steps] == ["set", "scale", "set"]


def test_points_are_counted_before_any_is_looked_into(data, tmp_path, monkeypatch):
    monkeypatch.setattr("cssopt.runs.vary.MOST_RUNS", 2)
    monkeypatch.setattr("cssopt.workbook.csv_file._make", None)
    with pytest.raises(DataError) as caught:
        read_points(write_points(tmp_path, f"{LEVEL}\n1\n\n2\n3\n"), data)
    (issue,) = told(caught)
    assert issue.startswith("E-522 points.csv makes 3 runs; a sweep has at most 2.")


def test_points_may_have_semicolons_as_spreadsheets_write_them(data, tmp_path):
    text = "\ufeffrequirements[threat=K; day<=30].level*;members.gdp+\r\n1;2\r\n"
    quoted = text.replace("requirements[threat=K; day<=30].level*", '"{}"').format(
        "requirements[threat=K; day<=30].level*"
    )
    (run,) = read_points(write_points(tmp_path, quoted), data)
    assert run.point == {"requirements[threat=K; day<=30].level*": 1.0, "members.gdp+": 2.0}


def test_every_fault_of_a_file_of_points_is_told_with_its_cell(data, tmp_path):
    text = (
        f"{LEVEL},,member.gdp,readiness.available_share,scenario,{LEVEL}\n"
        "1,1,1,0.5,base,1\n"
        ",1,1,2,boarder worse,1\n"
    )
    with pytest.raises(DataError) as caught:
        read_points(write_points(tmp_path, text), data, SCENARIOS)
    assert [(issue.code, issue.where) for issue in caught.value.issues] == [
        ("E-523", "points!A3"),
        ("E-523", "points!B1"),
        ("E-501", "points!C2"),
        ("E-110", "points!D3"),
        ("E-512", "points!E3"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "makes no run"),
        (f"{LEVEL}\n", "makes no run"),
        (f"{LEVEL},{LEVEL}\n1,2\n", "is varied twice"),
        (f"{LEVEL}\n1,2\n", r"E-523 points!B1 says nothing.* one number, write 0\.9"),
        ("nonsense\n1\n", "E-511 points!A1"),
        (f'{LEVEL}\n"1', "is not a CSV file"),
    ],
)
def test_a_file_that_is_no_list_of_points_is_refused(data, tmp_path, text, expected):
    with pytest.raises(DataError, match=expected):
        read_points(write_points(tmp_path, text), data)


def test_a_file_of_points_that_is_missing_is_told(data, tmp_path):
    with pytest.raises(DataError, match=r"points\.csv cannot be read"):
        read_points(tmp_path / "points.csv", data)

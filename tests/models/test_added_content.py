"""Content in a folder of one's own: an index, a component with its sheets, a standard question.

Nothing of the engine knows of them. In exercises, of each phase a share of the units held takes
part, at a cost a unit: 0.5 at 4 million in the field, all at 1 million in staffs. Of the small book
A holds 4 units for 40 million a year, so that exercises take 4 * 0.5 * 4 = 8 and 4 * 1 = 4 more.
"""

from __future__ import annotations

import json

import pytest
from books import write_csv
from openpyxl import load_workbook
from small_books import make_book
from typer.testing import CliRunner

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.mathematics import describe_study
from cssopt.assembly.standard_questions import load_questions
from cssopt.assembly.study import load_study
from cssopt.cli import app
from cssopt.errors import DataError, ModelError
from cssopt.questions.whatif.ask import pick_questions
from cssopt.questions.whatif.standard import QUESTIONS, ask

YEARS, HOLDING, FIELD, STAFF = 4, 40.0, 8.0, 4.0

EXERCISES = '''"""Exercises of the units that members hold, phase by phase.

Parameters:
    total_share = sum_phase share[phase]

Variables:
    trained[m,phase,t] >= 0    units that take part

Constraints:
    train_enough:    trained[m,phase,t] >= share[phase] * sum_f,r held[m,f,r,t]

Costs:
    exercise_cost[m,t] = sum_phase cost[phase] * trained[m,phase,t]
"""

from cssopt.modeling import (
    Column, Index, Table, amount, constraint, holds, total, variable, weighted_sum
)

REQUIRES = ("horizon", "members", "readiness")
INDICES = (Index("phase", before="year", letter="u"),)

TABLES = (
    Table(
        name="exercises",
        help="Exercises, phase by phase.",
        key=("phase",),
        optional=True,
        columns=(
            Column(name="phase", kind="text", help="Short code of the phase."),
            Column(name="share", kind="number", help="Share of the units.", low=0, high=1),
            Column(name="cost", kind="number", help="Cost of a unit.", measure="million", low=0),
        ),
    ),
)


def arithmetic(data, use):
    return {"total_share": sum(data.exercises.share.values())}


def variables(block, data, use):
    block.trained = variable(
        "phase member year",
        [(p, m, t) for p in data.exercises for m in data.members for t in use.horizon.years],
        doc="units that take part",
        measure="units",
    )


def costs(block, data, use, ledger):
    for m in data.members:
        for t in use.horizon.years:
            terms = [(data.exercises.cost[p], block.trained[p, m, t]) for p in data.exercises]
            ledger.post("exercise_cost", m, t, weighted_sum(terms))


def constraints(block, data, use):
    held = {}
    for (m, f, t), units in use.readiness.all_held.items():
        held.setdefault((m, t), []).append(units)
    block.train_enough = constraint(
        "phase member year",
        block.trained,
        lambda p, m, t: (
            block.trained[p, m, t] >= data.exercises.share[p] * total(held.get((m, t), ()))
        ),
        doc="enough units take part in each phase",
    )


def audit(data, solution):
    held, spent = solution.sums("held", "member year"), {}
    for (p, m, t), units in solution.trained.items():
        least = data.exercises.share[p] * held.get((m, t), 0.0)
        yield holds("train_enough", (p, m, t), units, ">=", least)
        spent[m, t] = spent.get((m, t), 0.0) + data.exercises.cost[p] * units
    for m in data.members:
        for t in solution.arithmetic.horizon.years:
            yield amount("exercise_cost", m, t, spent.get((m, t), 0.0))


def results(solution):
    """Units in exercises, the mean of all years."""
    years = len(solution.arithmetic.horizon.years)
    trained = solution.sums("trained", "phase member")
    return {
        "training": [
            {"phase": p, "member": m, "units": n / years} for (p, m), n in trained.items()
        ]
    }
'''

QUESTION = '''"""Exercises are called off, one phase at a time."""

from cssopt.modeling import Step, exactly


def called_off(base):
    """Each phase of the exercises in turn is called off."""
    return {
        f"no {p}": Step(table="exercises", where=exactly("phase", p), change="drop")
        for p in base.data.exercises
    }
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The model files of a planner."""
    models = tmp_path_factory.mktemp("planner") / "models"
    files = {
        "components/exercises.py": EXERCISES,
        "questions/exercises.py": QUESTION,
        "studies/mine.toml": '# Ours.\nextends = "pooled"\nwith = ["exercises"]\n',
    }
    for name, text in files.items():
        (models / name).parent.mkdir(parents=True, exist_ok=True)
        (models / name).write_text(text, encoding="utf-8")
    return models


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    sheets = make_book(exercises=[["phase", "share", "cost"], ["staff", 1, 1], ["field", 0.5, 4]])
    return write_csv(sheets, tmp_path_factory.mktemp("planner") / "book")


@pytest.fixture(scope="module")
def base(folder, book):
    return cssopt.solve(cssopt.load(book, [folder]), study="mine")


def run(folder, book, out, command, *options):
    words = [command, str(book), "--models", str(folder), "--study", "mine", "--out", str(out)]
    return CliRunner().invoke(app, [*words, *options])


def test_a_component_of_ones_own_is_solved_and_audited(base):
    assert base.pooled_expenditure == pytest.approx(YEARS * (HOLDING + FIELD + STAFF))
    assert base.costs["exercise_cost"] == pytest.approx(YEARS * (FIELD + STAFF))
    assert base.audit.passed
    assert base.audit.not_audited == ()


def test_an_index_of_ones_own_has_its_place_in_every_table(base):
    frame = base.tables["trained"]
    assert list(frame.columns) == ["member", "phase", "year", "trained"]
    # Codes stand in the order of their sheet.
    assert list(dict.fromkeys(frame["phase"])) == ["staff", "field"]
    assert base.study.indices[-3:] == ("day", "phase", "year")
    assert base.study.indices[0] == "member"


def test_an_index_of_ones_own_has_its_letter_in_the_mathematics(base):
    told = describe_study(base.study).replace("\n", " ")
    assert "d response day, u phase, t year. S is the coalition." in told


def test_parameters_of_ones_own_are_read_by_name(base):
    arithmetic = base.quantities.arithmetic
    assert arithmetic.exercises.total_share == 1.5
    with pytest.raises(ModelError, match='gives no "total_shares"'):
        _ = arithmetic.exercises.total_shares
    with pytest.raises(ModelError, match='no component "exercise" in this study'):
        _ = arithmetic.exercise


@pytest.mark.medium
def test_its_tables_are_sheets_of_the_report(folder, book, tmp_path):
    result = run(folder, book, tmp_path / "out", "solve")
    assert result.exit_code == 0, result.output
    (report,) = (tmp_path / "out").glob("*.xlsx")
    sheets = load_workbook(report, read_only=True)
    (name,) = (name for name in sheets.sheetnames if name.lower() == "training")
    cells = [cell for row in sheets[name].iter_rows(values_only=True) for cell in row]
    assert {"phase", "staff", "field"} <= set(cells)
    assert {2, 4} <= set(cells)


def test_a_question_of_ones_own_is_asked(folder, book, base, tmp_path):
    assert {name: len(steps) for name, steps in ask("called-off", base).items()} == {
        "no staff": 1,
        "no field": 1,
    }
    result = run(folder, book, tmp_path / "out", "whatif", "--ask", "called-off", "--json")
    assert result.exit_code == 0, result.output
    _, *plans = json.loads(result.stdout)["tables"]["plans"]
    costs = {one["scenario"]: one["pooled_expenditure"] for one in plans}
    assert costs == {
        "no staff": pytest.approx(YEARS * (HOLDING + FIELD)),
        "no field": pytest.approx(YEARS * (HOLDING + STAFF)),
    }
    assert (tmp_path / "out" / "comparison.xlsx").exists()


def test_every_question_means_ones_own_too(folder):
    own = (*QUESTIONS, "called-off")
    assert pick_questions(["all"], [folder]) == own
    assert pick_questions(["all"]) == tuple(QUESTIONS)
    with pytest.raises(DataError, match='"called-of" is no standard question'):
        pick_questions(["called-of"], [folder])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"""Exercises are', '_ = """Exercises are', "begin the file with a docstring"),
        ('    """Each phase', '    _ = """Each phase', "begin called_off with a docstring that"),
        ("def called_off", "def _called_off", "it has no question; write a function"),
        ("def called_off", "def leaving", '"leaving" is a question of'),
        ("def called_off", "def all", '"all" asks every question'),
        ("def called_off", 'BEFORE = ("threats",)\n\n\ndef called_off',
         'unknown declaration "BEFORE"; the declaration is AFTER'),
        ("def called_off", 'AFTER = ("threat",)\n\n\ndef called_off',
         'AFTER names "threat", which is no file of questions. Did you mean "threats"'),
        ("def called_off", 'AFTER = ("exercises",)\n\n\ndef called_off', "in a circle"),
        ("def called_off", 'AFTER = "threats"\n\n\ndef called_off', "AFTER is a tuple of texts"),
        ("def called_off(", "def called_off(:", "line 6: cannot be loaded: SyntaxError"),
    ],
)  # fmt: skip
def test_a_broken_question_is_told_with_the_mend(tmp_path, old, new, told):
    assert old in QUESTION
    path = tmp_path / "questions" / "exercises.py"
    path.parent.mkdir()
    path.write_text(QUESTION.replace(old, new), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load_questions(find_model_folders([tmp_path]))
    assert str(caught.value).startswith(str(path))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('Step(table="exercises", where=exactly("phase", p), change="drop")', "()",
         "gives no scenarios; return a dict"),
        ("    return {", "    return [", "called_off gives no scenarios; return a dict"),
        ("base.data.exercises\n", "base.data.exercise\n", "line 10: called_off: AttributeError"),
        ("base.data.exercises\n", "base.plan.tranied\n", 'there is no quantity "tranied"'),
    ],
)  # fmt: skip
def test_a_question_that_gives_no_scenarios_is_told(tmp_path, base, old, new, told):
    assert old in QUESTION
    text = QUESTION.replace(old, new)
    if "return [" in new:
        text = text.replace('f"no {p}": ', "").replace("    }\n", "    ]\n")
    path = tmp_path / "questions" / "exercises.py"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    question = load_questions(find_model_folders([tmp_path]))["called-off"]
    with pytest.raises(ModelError) as caught:
        question.ask(cssopt.modeling.BasePlan(base.coalition, base.data, base.quantities))
    assert str(caught.value).startswith(str(path))
    assert told in str(caught.value)


PHASE = 'Index("phase", before="year", letter="u")'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (PHASE, 'Index("day", before="year")',
         'INDICES has "day", which'),
        (PHASE, 'Index("year")', 'INDICES has "year", which'),
        (PHASE, 'Index("member")', 'INDICES has "member", which'),
        (PHASE, 'Index("phase", before="yaer")',
         '"phase" stands before "yaer", which no component declares. Did you mean "year"?'),
        (PHASE, 'Index("phase", before="phase")',
         "phase stand before one another in a circle"),
        (PHASE, 'Index("phase one")',
         '"phase one" is no name of an index'),
        (f"({PHASE},)", '(Index("phase", before="year"))',
         "INDICES is a tuple of Indexs (with one of them a comma stands behind it)"),
    ],
)  # fmt: skip
def test_a_wrong_index_is_told_with_the_mend(folder, tmp_path, old, new, told):
    with pytest.raises(ModelError) as caught:
        load_study("mine", _with_component(folder, tmp_path, old, new))
    assert "exercises.py" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"phase member year",\n        [', '"phaze member year",\n        [',
         'variables: unknown index "phaze" in "phaze member year". Did you mean "phase"?'),
        ('return {"total_share": sum(data.exercises.share.values())}', "return 1.5",
         "arithmetic gives float; return a dict"),
        ('"total_share": sum', '"items": sum',
         'arithmetic gives "items", a name that every block has; choose another'),
        ("sum(data.exercises.share.values())", "use.threats.full",
         'arithmetic: component "exercises" reads the arithmetic of "threats" without naming it'),
        ("sum(data.exercises.share.values())", "use.members.gpd",
         'arithmetic: the arithmetic of "members" gives no "gpd". Did you mean "gdp"?'),
        ("solution.arithmetic.horizon.years:", "solution.arithmetic.threats.full:",
         'audit: component "exercises" reads the arithmetic of "threats" without naming it'),
        ("solution.arithmetic.horizon.years:", "solution.arithmetic.horizon.yaers:",
         'audit: the arithmetic of "horizon" gives no "yaers". Did you mean "years"?'),
    ],
)  # fmt: skip
def test_a_wrong_name_is_never_nothing(folder, book, tmp_path, old, new, told):
    folders = _with_component(folder, tmp_path, old, new)
    with pytest.raises(ModelError) as caught:
        cssopt.solve(cssopt.load(book, folders[:-1]), study="mine")
    assert told in str(caught.value)


def _with_component(folder, tmp_path, old, new):
    """The planner's folder, behind one with the component changed."""
    assert old in EXERCISES
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "exercises.py").write_text(EXERCISES.replace(old, new))
    return find_model_folders([tmp_path, folder])

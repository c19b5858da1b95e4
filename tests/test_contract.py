"""The contract of component files, and the rules of the house, each failure saying what to do."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from alliances import ALLIANCE
from books import make_data
from golden_books import ON_DEMAND
from paths import ROOT

import cssopt
from cssopt.assembly.component import load_component, order_components
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.errors import ModelError
from cssopt.modeling.declare import Declared
from cssopt.modeling.ledger import Balance
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

COMPONENTS = sorted((ROOT / "models" / "components").glob("*.py"))
OBJECTIVES = sorted((ROOT / "models" / "objectives").glob("*.py"))
QUESTIONS = sorted((ROOT / "models" / "questions").glob("*.py"))
KEYS = sorted((ROOT / "models" / "keys").glob("*.py"))
ENGINE = sorted((ROOT / "cssopt").rglob("*.py"))
SECTIONS = {
    "Sets", "Parameters", "Variables", "Constraints", "Costs", "Balances", "Expressions",
    "Derived", "Stages", "Sources",
}  # fmt: skip
ALLOWED = {"cssopt.modeling", "math", "fractions", "itertools", "collections", "graphlib"}


@pytest.fixture(scope="module")
def problems():
    """The full study and every objective assembled on a small alliance that uses every sheet."""
    data = make_data(ALLIANCE)
    folders = find_model_folders()
    built = {}
    for name in ("pooled", "fair", "strict", "equal_security", "least_shortfall"):
        study = load_study(name, folders)
        given = {"alone_shortfall": {}}
        built[name] = Instance(data, study, data.members.keys, given).assemble()
    near = load_study("pooled", folders)
    for name in ON_DEMAND:
        near = near.adding(name, folders)
    given = {"base_units": {}, "persist_weight": 1.0, "persist_most": 1.0}
    built["near"] = Instance(data, near, data.members.keys, given).assemble()
    return built


@pytest.mark.parametrize(
    "path",
    COMPONENTS + OBJECTIVES + QUESTIONS + KEYS,
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_a_file_imports_only_what_it_may(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported <= ALLOWED, f"{path.name}: of these only: {ALLOWED}"


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_is_sectioned_and_audited(path):
    component = load_component(path)
    heads = re.findall(r"^([A-Z][a-z]+)(?: \(.*\))?(?:, for .*)?:$", component.doc, re.MULTILINE)
    assert set(heads) <= SECTIONS, f"{path.name}: unknown sections {set(heads) - SECTIONS}"
    assert heads, f"{path.name}: state its mathematics in sections"
    assert "audit" in component.hooks, f"{path.name}: work its rules out again in audit()"


def test_every_symbol_stands_in_the_docstring(problems):
    for problem in problems.values():
        for component, block in problem.blocks():
            declared = [part.name for part in block.declared(Declared)]
            declared += [name for name, part in vars(block).items() if isinstance(part, Balance)]
            for name in declared:
                assert re.search(rf"\b{name}\b", component.doc), (
                    f'{component.path.name}: "{name}" is not in its docstring'
                )


def test_every_ledger_entry_is_named_where_it_is_posted(problems):
    problem = problems["pooled"]
    docs = {component.name: component.doc for component, _ in problem.blocks()}
    entries = {entry for entry, *_ in problem.ledger.entries()}
    assert len(entries) == 12
    for entry in entries:
        assert entry.endswith("_cost") or entry == "salvage_value"
        assert f"{entry}[" in docs[problem.ledger.owner(entry)]


def test_every_component_of_the_folder_is_in_the_pooled_study(problems):
    """Save for those that are added on demand, which is tried here too."""
    used = {component.name for component, _ in problems["pooled"].blocks()}
    assert {path.stem for path in COMPONENTS} - used == set(ON_DEMAND)
    assert set(ON_DEMAND) <= {component.name for component, _ in problems["near"].blocks()}


def test_studies_differ_only_as_they_say():
    folders = find_model_folders()
    pooled = {part.name for part in load_study("pooled", folders).components}
    without = {part.name for part in load_study("no_institutions", folders).components}
    assert pooled - without == {
        "bodies",
        "set_up",
        "opening",
        "pooling",
        "integration",
    }


COMPONENT = '''"""A rule of one's own.

Costs:
    own_cost[common,t] = 1
"""

from cssopt.modeling import COMMON, amount

REQUIRES = ("horizon",)


def costs(block, data, use, ledger):
    for t in use.horizon.years:
        ledger.post("own_cost", COMMON, t, 1.0)


def audit(data, solution):
    for t in range(data.settings.first_year, data.settings.last_year + 1):
        yield amount("own_cost", COMMON, t, 1.0)
'''


@pytest.fixture
def own(tmp_path):
    """A planner's folder: write a component, solve a study that has it."""
    (tmp_path / "components").mkdir()
    (tmp_path / "studies").mkdir()
    study = '# A study.\nextends = "pooled"\nrelaxed = true\nwith = ["own"]\n'
    (tmp_path / "studies" / "mine.toml").write_text(study)
    folders = find_model_folders([tmp_path])

    def solve(text):
        (tmp_path / "components" / "own.py").write_text(text)
        data = make_data(ALLIANCE)
        return run_study(Instance(data, load_study("mine", folders), data.members.keys), Options())

    return solve


@pytest.mark.medium
def test_a_component_is_one_file_and_one_word(own):
    data = make_data(ALLIANCE)
    plain = run_study(
        Instance(data, load_study("relaxed", find_model_folders()), data.members.keys), Options()
    )
    solution = own(COMPONENT)
    years = range(data.settings.first_year, data.settings.last_year + 1)
    discounted = sum(1 / (1 + data.settings.discount_rate) ** n for n, _ in enumerate(years))
    assert solution.costs["own_cost"] == pytest.approx(discounted)
    assert solution.pooled_expenditure == pytest.approx(plain.pooled_expenditure + discounted)
    assert solution.audit.passed
    assert solution.audit.not_audited == ()


def test_a_component_without_audit_is_shown(own):
    solution = own(COMPONENT.split("\n\ndef audit")[0])
    assert solution.audit.not_audited == ("own",)
    assert solution.audit.passed


@pytest.mark.medium
def test_a_wrong_audit_fails(own):
    wrong = COMPONENT.replace('yield amount("own_cost", COMMON, t, 1.0)', "yield from ()")
    solution = own(wrong)
    assert [line.rule for line in solution.audit.failures] == ["own_cost"]


RULE = '''"""A rule of one's own.

Constraints:
    limit_held:    sum held[m,f,r,t] <= 1e6
'''

LIMIT = (
    RULE
    + '''"""

from cssopt.modeling import constraint, holds, leaves_out, supplies

REQUIRES = ("horizon", "readiness")


def constraints(block, data, use):
    held = use.readiness.held
    block.limit_held = constraint(
        "member force tier year", held, lambda *key: held[key] <= 1e6, doc="a limit"
    )


def audit(data, solution):
    yield holds("something_else", (), 1.0, "<=", 2.0)
'''
)


def test_a_rule_that_an_audit_passes_over_is_told(own):
    solution = own(LIMIT)
    assert solution.audit.passed
    assert solution.audit.not_audited == ("own.limit_held",)
    assert solution.audit.left_out == {}


@pytest.mark.medium
@pytest.mark.parametrize(
    ("name", "not_audited"),
    [("limit_held", ()), ("limit_hold", ("own.limit_held",))],
    ids=["under its name", "under a wrong name"],
)
def test_a_rule_that_an_audit_leaves_out_is_told_with_its_reason(own, name, not_audited):
    held = 'yield holds("something_else", (), 1.0, "<=", 2.0)'
    left = f'yield leaves_out("{name}", "nobody could hold so many")'
    solution = own(LIMIT.replace(held, left))
    assert solution.audit.not_audited == not_audited
    told = solution.audit.left_out.get("own.limit_held")
    assert told == (None if not_audited else "nobody could hold so many")


@pytest.mark.medium
@pytest.mark.parametrize(
    ("hook", "told"),
    [
        (
            "def audit(data, solution):\n    yield from solution.hled\n",
            'own.py: audit: there is no quantity "hled" in this study. Did you mean "held"?',
        ),
        (
            'def audit(data, solution):\n    yield from solution.sums("hled", "year")\n',
            'own.py: audit: there is no quantity "hled" in this study.',
        ),
        (
            'def audit(data, solution):\n    yield supplies("poeple", ("A", 2030), 0.0)\n',
            'own.py: audit: supplies the balance "poeple", which the study does not have. '
            'Did you mean "people"?',
        ),
        (
            'def results(solution):\n    return {"own": list(solution.hled)}\n',
            'own.py: results: there is no quantity "hled" in this study. Did you mean "held"?',
        ),
        (
            'def results(solution):\n    return {"own": getattr(solution, "hled", ())}\n',
            'own.py: results: there is no quantity "hled" in this study. Did you mean "held"?',
        ),
    ],
)
def test_a_quantity_that_the_study_does_not_have_is_told_by_name(own, hook, told):
    kept = LIMIT.split("\n\ndef audit")[0] if hook.startswith("def audit") else LIMIT
    with pytest.raises(ModelError) as caught:
        own(f"{kept}\n\n{hook}")
    assert told in str(caught.value)
    assert '`"hled" in solution`' in str(caught.value) or "poeple" in told


def test_a_quantity_that_may_be_lacking_is_asked_for(own):
    asks = 'results = lambda s: {"own": [{"lacks": "hled" not in s, "has": "held" in s}]}\n'
    solution = own(LIMIT + "\n\n" + asks)
    assert solution.derived["own"] == [{"lacks": True, "has": True}]


@pytest.mark.parametrize(
    "name",
    [
        "relaxed",  # which has every rule of pooled, whose plan takes longer to find
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("pooled", "fair", "least_shortfall", "no_institutions", "near")
        ),
    ],
)  # fmt: skip
def test_every_rule_of_the_models_is_audited(name):
    """On an alliance that uses every sheet, so that every rule has rows."""
    folders, data = find_model_folders(), make_data(ALLIANCE)
    study, given = load_study("pooled" if name == "near" else name, folders), {}
    if name == "near":
        for part in ON_DEMAND:
            study = study.adding(part, folders)
        given = {"base_units": {}, "persist_weight": 1.0, "persist_most": 1e6}
    solution = run_study(Instance(data, study, data.members.keys, given), Options())
    assert solution.audit.passed
    assert solution.audit.not_audited == ()
    assert solution.audit.left_out == {}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"""A rule of one', '_ = """A rule of one', "begin the file with a docstring"),
        ("def costs(", "def prices(", 'unknown hook "prices"; hooks are arithmetic'),
        ("REQUIRES =", "REQUIRE =", 'unknown declaration "REQUIRE"; declarations are'),
        ('("horizon",)', '("horzion",)', 'requires "horzion", which the study does not have'),
        ('("horizon",)', "()", 'reads "horizon" without naming it in REQUIRES'),
        ("own_cost", "fleet_cost", 'posted by the components "fleets" and "own"'),
        ("1.0)\n\n\ndef", '1.0)\n        ledger.post("own_cost", COMMON, t, 2.0)\n\n\ndef',
         'posts "own_cost" twice'),
        ("for t in use.horizon.years:", "for t in use.horizon.yaers:", "costs: AttributeError"),
        ("import COMMON, amount", "import COMMON, amuont", "cannot be loaded: ImportError"),
        ("def costs(", "def costs(:", "own.py, line"),
        ('("horizon",)', '"horizon"', "REQUIRES is a tuple of texts (with one of them a comma"),
        ("REQUIRES =", 'OPTIONS = ("margin",)\nREQUIRES =', "OPTIONS is a tuple of Columns"),
        ("REQUIRES =", "raise SystemExit(3)\nREQUIRES =", "cannot be loaded: SystemExit"),
        ("for t in use.horizon.years:", "for t in 5:", "costs: TypeError: 'int' object"),
    ],
)  # fmt: skip
def test_a_broken_component_is_told_with_the_mend(own, old, new, told):
    assert old in COMPONENT
    with pytest.raises(ModelError) as caught:
        own(COMPONENT.replace(old, new))
    assert told in str(caught.value)


LIMITED, POSTED = "held[key] <= 1e6", "COMMON, t, 1.0)\n\n\ndef audit"


@pytest.mark.parametrize(
    ("text", "old", "new", "told"),
    [
        (LIMIT, LIMITED, "held[key] * float('nan') <= 1e6", '"limit_held[EST, ADB, high, 2028]"'),
        (LIMIT, LIMITED, "held[key] <= float('-inf')", "has a number that is none (-inf), and 104"),
        (LIMIT, LIMITED, "held[key] >= float('inf')", "has a number that is none (inf), and 104"),
        (COMPONENT, POSTED, POSTED.replace("1.0", "float('nan')"), '"own_cost[common, 2027]" has'),
    ],
)
def test_a_number_that_is_none_is_told_with_its_file_and_row(own, text, old, new, told):
    """Pyomo drops such a coefficient, or the solver says that something is not finite."""
    assert old in text
    with pytest.raises(ModelError) as caught:
        own(text.replace(old, new))
    assert told in str(caught.value)
    assert "own.py: " in str(caught.value)
    assert "budgets.py" not in str(caught.value)


@pytest.mark.medium
def test_no_bound_at_all_is_no_fault(own):
    free = own(LIMIT.replace(LIMITED, "held[key] <= float('inf')"))
    assert free.pooled_expenditure == pytest.approx(own(LIMIT).pooled_expenditure)


def test_a_criterion_of_a_figure_that_is_lacking_is_told_with_its_file(tmp_path):
    head = "from cssopt.modeling import Criterion\n\nCRITERIA = (Criterion("
    text = f'{head}name="mine", figure="mislaid", says="what is mine"),)\nREQUIRES ='
    (tmp_path / "components").mkdir()
    path = tmp_path / "components" / "strange.py"
    path.write_text(LIMIT.replace("REQUIRES =", text))
    frames = {name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in ALLIANCE.items()}
    with pytest.raises(ModelError) as caught:
        cssopt.frontier(cssopt.load(frames, [tmp_path]), trade=["mine"], study="relaxed", points=2)
    assert str(caught.value).startswith(f'{path}: CRITERIA has the criterion "mine", but there is')
    assert 'no figure "mislaid"' in str(caught.value)


def test_circles_are_refused(tmp_path):
    parts = {}
    for name, other in (("one", "two"), ("two", "one")):
        path = tmp_path / f"{name}.py"
        path.write_text(f'"""Part."""\n\nREQUIRES = ("{other}",)\n')
        parts[name] = load_component(path)
    with pytest.raises(ModelError, match="in a circle: one -> two -> one"):
        order_components(parts)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('extends = "pooled"\nwithout = ["nothing"]', '`without` names "nothing"'),
        ('extend = "pooled"', 'unknown key "extend"; keys are'),
        ('extends = "x"', "there is no study file|there is no study"),
        ('extends = "pooled"\nobjective = "least"', 'there is no objective "least"; known:'),
        ("components = [", "not a study file"),
    ],
)
def test_a_broken_study_is_told_with_the_mend(tmp_path, text, told):
    path = tmp_path / "s.toml"
    path.write_text(text)
    with pytest.raises(ModelError, match=told):
        load_study(path, find_model_folders())


@pytest.mark.medium
@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT)))
def test_engine_modules_are_well_named(path):
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        # The parser of HTML calls what it finds so.
        if isinstance(node, ast.FunctionDef) and not hasattr(HTMLParser, node.name):
            assert not re.match(r"_?(get|process|handle)_", node.name), (
                f"{path.name}: say in the name what {node.name} does"
            )
    assert path.stem not in {"utils", "helpers", "common", "manager"}


def test_the_engine_knows_no_member_budget_or_threat():
    names = {"ARL", "Arland", "RUS", "NATO", "budget_share", "tech_level"}
    for path in ENGINE:
        words = set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
        assert not words & names, f"{path}: content belongs into models/ or inputs/"

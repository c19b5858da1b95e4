"""What the site says is so: the tutorial's numbers, the senses of rows, the docstrings of verbs."""

from __future__ import annotations

import inspect
import re
import sys
from functools import cache

import openpyxl
import pandas as pd
import pytest
from commands import command
from paths import ROOT

import cssopt
from cssopt.solution import plan

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
SIGNS = r"<=|>=|="


@cache
def find_sheets() -> dict[str, pd.DataFrame]:
    """The tables of the tutorial that are typed into the workbook, by sheet."""
    sheets = {}
    filled = TUTORIAL.split("## 3. ")[0]
    for name, table in re.findall(r"^`(\w+)`:.*?\n\n((?:\|[^\n]*\n)+)", filled, re.M | re.S):
        header, _, *rows = [line.strip("| \n").split(" | ") for line in table.splitlines()]
        frame = pd.DataFrame(rows, columns=header)
        sheets[name] = frame.map(lambda cell: float(cell) if cell[0].isdigit() else cell)
    return sheets


@cache
def find_case() -> cssopt.Case:
    return cssopt.load(find_sheets())


def quoted(number: int) -> str:
    """The quotation of a section, as one line."""
    section = TUTORIAL.split(f"## {number}. ")[1].split("\n## ")[0]
    return " ".join(line[2:] for line in section.splitlines() if line.startswith("> "))


# By hand: a brigade of Arland costs 3 * 20 * 1.2, one of Belmark 3 * 20 * 0.9, one of Corvia
# 3 * 20 * 0.8 over the three years; a bought one 3 / 30 of its price of 300 besides.
OPERATE = {"AR": 72.0, "BE": 54.0, "CO": 48.0}
HAVE = {"AR": 4, "BE": 2, "CO": 0}


def cost(members, need=6):
    """The least cost of a need: what is there first, then the cheapest that can be bought."""
    units = sorted(OPERATE[m] for m in members for _ in range(HAVE[m]))[:need]
    bought = min(OPERATE[m] + 30 for m in members)
    assert all(unit <= bought for unit in units)
    return sum(units) + (need - len(units)) * bought


@pytest.mark.medium
def test_the_tutorial_fills_an_empty_template(tmp_path):
    """Typed into the workbook of `cssopt template`, its tables pass the check and are the case."""
    path = cssopt.write_template(tmp_path / "alliance.xlsx")
    book = openpyxl.load_workbook(path)
    for name, frame in find_sheets().items():
        sheet = book[name]
        head = next(
            row
            for row in sheet.iter_rows()
            if {frame.columns[0], frame.columns[1]} <= {cell.value for cell in row}
        )
        places = {cell.value: cell.column for cell in head}
        for number, row in enumerate(frame.to_dict("records"), head[0].row + 1):
            for column, value in row.items():
                sheet.cell(number, places[column], value)
    book.save(path)
    assert not [issue for issue in cssopt.check(path).issues if issue.code[0] == "E"]
    typed, read = cssopt.load(path).frames, find_case().frames
    assert typed.keys() >= find_sheets().keys()
    for name in find_sheets():
        pd.testing.assert_frame_equal(typed[name], read[name], check_dtype=False)


def test_the_plan_of_the_tutorial():
    answer = cssopt.solve(find_case())
    assert answer.pooled_expenditure == pytest.approx(cost([*OPERATE]))
    assert answer.document.verdict == quoted(4)
    assert f"together {cost([*OPERATE]):,.0f}." in TUTORIAL


def test_what_members_of_the_tutorial_spend_alone():
    told = dict(re.findall(r"^\| (AR|BE|CO) \| ([\d.]+) \|$", TUTORIAL, re.M))
    assert told.keys() == OPERATE.keys()
    for member, amount in told.items():
        alone = cssopt.solve(find_case(), members=[member]).pooled_expenditure
        assert alone == pytest.approx(cost([member])) == pytest.approx(float(amount))
    whole = sum(cost([m]) for m in OPERATE)
    assert f"{whole:,.1f} apart" in TUTORIAL
    assert f"saves\n{whole - cost([*OPERATE]):,.1f}." in TUTORIAL


def test_the_what_if_of_the_tutorial():
    change = re.search(r"--set '([^']+)'", TUTORIAL)
    assert change
    answer = cssopt.whatif(find_case(), changes=[change[1]])
    assert answer.document.verdict == quoted(6)
    more = cost([*OPERATE], 8) - cost([*OPERATE])
    assert f"{more:+,.1f} million" in quoted(6)
    assert answer.tables["plans"]["pooled_expenditure"][1] == pytest.approx(cost([*OPERATE], 8))
    assert f"{cost([*OPERATE], 8):,.1f} in all" in TUTORIAL


def test_who_pays_in_the_tutorial():
    """GDP, equal shares, and the Shapley value: the mean of what each adds over all six orders."""
    answer = cssopt.share(find_case())
    assert answer.document.verdict == quoted(7)
    told = {
        name: [float(part) for part in parts.split(" | ")]
        for name, parts in re.findall(
            r"^\| (GDP|equal shares|Shapley value) \| ([\d. |]+) \|$", TUTORIAL, re.M
        )
    }
    whole, gdp = cost([*OPERATE]), find_sheets()["members"]["gdp"]
    added = dict.fromkeys(OPERATE, 0.0)
    for first in OPERATE:
        for second in OPERATE.keys() - {first}:
            (third,) = OPERATE.keys() - {first, second}
            added[first] += cost([first]) / 6
            added[second] += (cost([first, second]) - cost([first])) / 6
            added[third] += (whole - cost([first, second])) / 6
    by_hand = {
        "GDP": [whole * part / gdp.sum() for part in gdp],
        "equal shares": [whole / 3] * 3,
        "Shapley value": [*added.values()],
    }
    found = answer.tables["shares_by_method"].set_index("method")
    for name, shares in by_hand.items():
        assert told[name] == pytest.approx(shares, abs=0.05)
        row = found.loc["equal" if name == "equal shares" else name]
        assert [row[f"share.{m}"] for m in OPERATE] == pytest.approx(shares)


@pytest.mark.medium
def test_commands_of_the_site_are_commands():
    """Each command and option on the pages is one that there is."""
    pages = ("index", "tutorial", "how_to", "python", "large_models")
    asked: dict[str, set[str]] = {}
    for page in pages:
        text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
        for name, rest in re.findall(r"(?:^ {4}|`)cssopt ([\w-]+)( [^`\n#]*|)", text, re.M):
            asked.setdefault(name, set()).update(re.findall(r"(?<= )--[a-z-]+", rest))
    assert asked.keys() > {"template", "check", "solve", "whatif", "share", "sweep"}
    for name in asked:
        known = command(name, "--help")
        assert known.code == 0, name
        assert asked[name] <= set(re.findall(r"--[a-z-]+", known.out)), name


def read_senses(text: str) -> dict[str, str]:
    """The sign of each constraint of a page: at its name, or on the line that goes on."""
    senses, name = {}, ""
    inside = False
    for line in text.splitlines():
        if re.match(r"[A-Z`]", line):
            inside = line.startswith("Constraints")
        elif inside:
            if found := re.match(r"    (\w+): ", line):
                name = found[1]
            sign = re.search(rf" ({SIGNS}) ", line.replace(f"{name}:", " "))
            if name and sign:
                senses.setdefault(name, sign[1])
    return senses


def test_senses_of_rows_are_those_of_the_listings():
    """The mathematics page says <=, >= or = of a row as the golden listing of its program does.

    Either may have all of it on the other side: then the sign of its first symbol tells.
    """
    page = (ROOT / "docs" / "mathematics.md").read_text(encoding="utf-8")
    compared = set()
    for section in page.split("\n## ")[1:]:
        name, senses = section.split("\n")[0], read_senses(section)
        golden = ROOT / "tests" / "models" / name / f"{name}.lp"
        if not golden.exists():
            continue
        rows = re.findall(
            rf"^ (\w+)\[[^\]]*\]: (.*) ({SIGNS}) [-\d.e+]+$", golden.read_text("utf-8"), re.M
        )
        for rule, terms, sign in rows:
            if rule not in senses:
                continue
            compared.add(rule)
            if "=" in (sign, senses[rule]):
                reduced = re.search(rf"    {rule}: .*\n(?:     .*\n)*?.*; reduced: =", section)
                assert sign in ("=" if reduced else senses[rule], senses[rule]), rule
                continue
            formula = re.search(rf"    {rule}: +(.*)", section)
            assert formula
            turned = is_turned(formula[1], terms, senses[rule])
            if turned is not None:
                assert (sign == senses[rule]) is not turned, (rule, terms, sign)
    assert len(compared) > 40


def is_turned(formula: str, terms: str, sign: str) -> bool | None:
    """True where the listing has the sides of the formula the other way round.

    Told by a symbol that stands once, with a plus, left of the sign; None where none does.
    """
    left = formula.split(f" {sign}")[0]
    if " - " in left or "(1 -" in left:
        return None
    for symbol in re.findall(r"\b([a-z_]+)\[", left):
        found = set(re.findall(rf"([+-]) [\d.e-]+ {symbol}\[", terms))
        if len(found) == 1 and len(re.findall(rf"\b{symbol}\[", formula)) == 1:
            return found == {"-"}
    return None


REASONS = {
    "GL01": "the summary begins behind the quotes, as in the rest of the code",
    "SA01": "no section See Also: the site links",
    "EX01": "examples stand in the tutorial, where a test runs them",
    "ES01": "one sentence is enough where it says all",
}


def list_public():
    """Every public name, and the public methods of its classes, of ours only."""
    for name in cssopt.__all__:
        thing = getattr(cssopt, name)
        if thing is cssopt.Solution:
            thing = plan.Solution  # to which that of the package adds the case alone
        if thing is not cssopt.Status:  # an enumeration is not made with parameters
            yield name, thing
        if inspect.isclass(thing):
            for each, part in vars(thing).items():
                if not each.startswith("_") and (
                    inspect.isfunction(part) or isinstance(part, property)
                ):
                    yield f"{name}.{each}", part


@pytest.mark.parametrize(("name", "thing"), [*list_public()])
def test_docstrings_of_public_names_pass_the_validator(name, thing):
    reason = "numpydoc is in the extra `docs`; .ci/run has it"
    validate = pytest.importorskip("numpydoc.validate", reason=reason).validate
    from numpydoc.docscrape import get_doc_object

    found = dict(validate(get_doc_object(thing))["errors"])
    assert not {code: text for code, text in found.items() if code not in REASONS}


@pytest.mark.parametrize("name", ["whatif", "frontier", "sweep", "share"])
def test_docstrings_of_verbs_tell_every_option(name):
    """Each argument with its help, in words of the verb: no flag of the command in them."""
    verb = getattr(cssopt, name)
    told = inspect.getdoc(verb)
    for option in inspect.signature(verb).parameters:
        assert re.search(rf"^{option} : \S.*\n    [A-Z\"].*", told, re.M), option
    assert "See the class." not in told
    assert not re.search(r"--(set|method|time-limit|scenario)\b", told)


def test_formulas_are_set():
    """Indices below, powers above, signs as signs; what a name would do in HTML it does not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs" / "site"))
        from set_formulas import write_formula, write_formulas

        sys.modules.pop("set_formulas")
    assert write_formula("keep[m,t] <= 2 * legacy[m,t]") == (
        "<var>keep</var><sub>m, t</sub> ≤ 2 · <var>legacy</var><sub>m, t</sub>"
    )
    assert write_formula("(1 + rate_x) ** -(t - t0)") == (
        "(1 + <var>rate_x</var>)<sup>\u2212(<var>t</var> \u2212 <var>t</var><sub>0</sub>)</sup>"
    )
    assert write_formula("sum_f,r held[m,f,r,t]").startswith(
        '<span class="o">∑</span><sub>f, r</sub>'
    )
    assert "<script" not in write_formulas("Sets:\n    <script>[m] in members")
    page = (ROOT / "docs" / "mathematics.md").read_text(encoding="utf-8")
    for block in re.findall(r"```text\n(.*?)\n```", page, re.DOTALL):
        html = write_formulas(block)
        assert html.count("<dl") == html.count("</dl>")
        for rule in read_senses(block):
            assert f'<span class="rule">{rule}</span>' in html

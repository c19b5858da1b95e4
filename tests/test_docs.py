"""The docs say what the program does: mathematics page, worked component."""

from __future__ import annotations

import itertools
import re
from dataclasses import fields

import pandas as pd
import pytest
from books import make_raw
from key_books import base_of, bears
from paths import ROOT

import cssopt
from cssopt import find_tables, list_studies, write_mathematics
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance, read_members
from cssopt.assembly.sharing_keys import list_keys
from cssopt.assembly.study import load_study
from cssopt.questions.common_options import find_option
from cssopt.questions.question import Asking
from cssopt.questions.sharing.ask import Share
from cssopt.questions.sharing.book import OWN_METHODS
from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.methods import (
    CLAIMS_RULES,
    DUAL,
    VOTING,
    find_plain_keys,
    list_methods,
)
from cssopt.questions.sharing.show_book import STATISTICS
from cssopt.questions.why.ask import Why
from cssopt.runs.vary_texts import read_variations
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.tables.check import check_book
from cssopt.workbook.example import read_example

PAGES = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").glob("*.md"))]
MADE = ("api.md", "commands.md")
"""Pages that are made while the site is built."""
HOST_NATION = ROOT / "docs" / "examples" / "host_nation"


def test_mathematics_page_is_the_docstrings():
    page = (ROOT / "docs" / "mathematics.md").read_text(encoding="utf-8")
    assert page == write_mathematics(), (
        "run: cssopt math > docs/mathematics.md (the page is made from the component files)"
    )


def find_example_sheets():
    """The workbook of `cssopt new` as frames, by sheet."""
    rows = read_example(find_model_folders()[-1] / "example", find_tables())
    return {
        name: pd.DataFrame([list(row.values()) for row in own], columns=list(own[0]))
        for name, own in rows.items()
    }


def test_the_readme_speaks_of_the_new_workbook():
    """Whoever types its commands behind `cssopt new` finds every row, member, threat and year."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    case = cssopt.load(find_example_sheets())
    changes, varied = (re.findall(rf"--{option} '([^']+)'", text) for option in ("set", "vary"))
    assert len(changes) > 2
    assert len(varied) > 2
    for change in changes:
        cssopt.change(case, [change])
    for one in varied:
        read_variations([one], case.data)
    for names in re.findall(r"--members (\S+?)[`\s]", text):
        assert set(read_members(names)) <= set(case.data.parties)
    for threat, year in re.findall(r"--threat (\S+) --year (\d+)", text):
        why = Why(threat=threat, year=int(year))
        why.check(Asking(why, case))


def test_every_study_explains_itself():
    for name, explanation in list_studies().items():
        assert len(explanation) > 40, f"models/studies/{name}.toml: begin it with a comment"


@pytest.fixture(scope="module")
def hosted():
    """The example alliance with a host for the theatre in the south, solved with its rule."""
    folders = find_model_folders([HOST_NATION])
    tables = find_tables([HOST_NATION])
    sheets = {}
    for name, rows in read_example(folders[-1] / "example", tables).items():
        columns = list(rows[0])
        sheets[name] = [columns, *([row[column] for column in columns] for row in rows)]
    del sheets["apportionment"]

    def solve(study, *host):
        rows = [["theatre", "member", "capacity", "support_per_load"], *host]
        checked = check_book(make_raw({**sheets, "host_nations": rows}), tables)
        assert checked.data is not None, checked.issues
        chosen = load_study(study, folders)
        # Fractions are enough to see the rule at work, and quick.
        chosen = type(chosen)(**{**vars(chosen), "relaxed": True})
        return run_study(Instance(checked.data, chosen, checked.data.members.keys), Options())

    return solve


def loads_received(solution):
    """Loads that others delegate to threats in the south, by year."""
    data, loads = solution.data, {}
    for (m, f, _, k, t), units in solution.quantities.delegated.items():
        if data.threats.theatre[k] == "SOUTH" and m != "SOU":
            loads[t] = loads.get(t, 0.0) + data.forces.load[f] * units
    return loads


@pytest.mark.medium
def test_a_generous_host_changes_nothing(hosted):
    plain, generous = hosted("pooled"), hosted("hosted", ["SOUTH", "SOU", 1e6, 0])
    assert generous.status is Status.OPTIMAL
    assert generous.missing_share == pytest.approx(plain.missing_share, rel=1e-6, abs=1e-8)
    assert generous.pooled_expenditure == pytest.approx(plain.pooled_expenditure, rel=1e-6)
    assert max(loads_received(generous).values()) > 0.1


def test_a_host_receives_no_more_than_it_can(hosted):
    tight = hosted("hosted", ["SOUTH", "SOU", 0.1, 0])
    assert max(loads_received(tight).values()) == pytest.approx(0.1, abs=1e-6)
    assert tight.audit.passed
    assert tight.audit.not_audited == ()
    assert any(line.component == "host_nation" for line in tight.audit.lines)


def test_the_host_bears_the_cost_of_its_support(hosted):
    solution = hosted("hosted", ["SOUTH", "SOU", 1e6, 0.5])
    costs = {key: value for key, value in solution.quantities.costs.items() if key[2] == 2028}
    # BORDER is the one threat in the south, with a likelihood of 0.1 a year.
    expected = 0.1 * 0.5 * loads_received(solution)[2028]
    assert costs["host_support_cost", "SOU", 2028] == pytest.approx(expected, abs=1e-9)
    assert solution.audit.passed


def test_the_sheet_is_checked_like_any_other(hosted):
    with pytest.raises(AssertionError, match='Did you mean "SOUTH"'):
        hosted("hosted", ["SOUHT", "SOU", 1, 0])


def read_table(page, heading):
    """The rows of the first table of a page whose head begins so, as lists of texts."""
    lines = page.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(heading))
    body = itertools.takewhile(lambda line: line.startswith("|"), lines[start + 2 :])
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body]


def hold_shares(rows, answer, players):
    """Rows of a page (title, shares, stable) say what an answer does, to the digits printed."""
    shown = {row["method"]: row for row in answer.tables["shares_by_method"].to_dict("records")}
    assert rows
    for title, *cells in rows:
        told = dict(zip(players, cells, strict=False))
        for player, text in told.items():
            places = len(text.partition(".")[2])
            value = float(text.replace(",", ""))
            assert shown[title][f"share.{player}"] == pytest.approx(value, abs=0.51 * 10**-places)
        if len(cells) > len(players):
            assert shown[title]["stable"] == cells[len(players)]


SHARING = (ROOT / "docs" / "sharing.md").read_text(encoding="utf-8")


def test_the_page_on_sharing_says_what_its_files_give(tmp_path):
    """Its game and its claims, as they stand on the page."""
    game, estate = re.findall(r"```csv\n(.*?)```", SHARING, re.DOTALL)
    (tmp_path / "game.csv").write_text(game, encoding="utf-8")
    (tmp_path / "estate.csv").write_text(estate, encoding="utf-8")
    players = ["North", "South", "East"]
    shared = cssopt.share(game=tmp_path / "game.csv")
    hold_shares(read_table(SHARING, "| way of sharing | North |"), shared, players)
    claimed = cssopt.share(claims=tmp_path / "estate.csv")
    hold_shares(read_table(SHARING, "| rule | North |"), claimed, players)


def test_the_page_on_sharing_has_the_words_of_the_program():
    words = dict(read_table(SHARING, "| word | what stands"))
    assert list(words) == [str(word) for word in Guarantee]
    assert [name for name, _ in read_table(SHARING, "| statistic | what it says")] == [*STATISTICS]


def test_the_key_of_the_contributing_page_runs(tmp_path):
    """GDP of 4 and 1: the roots are 2 and 1."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    _, after = page.split("## How to add a sharing key")
    example = re.findall(r"```python\n(.*?)```", after, re.DOTALL)[0]
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "root.py").write_text(example, encoding="utf-8")
    borne = bears("root_of_gdp", base_of({"A": [4, 1], "B": [1, 1]}), front=[tmp_path])
    assert borne == pytest.approx({"A": 2 / 3, "B": 1 / 3})


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", *PAGES])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert link in MADE or ((ROOT / page).parent / link).exists(), link


@pytest.mark.parametrize("page", ["README.md", "docs/sharing.md", "docs/sharing_keys.md"])
def test_options_of_share_are_those_of_the_command(page):
    known = {option.flag for each in fields(Share) if (option := find_option(each))}
    known |= {"--costs", "--gains", "--out", "--formats", "--json", "--models"}
    text = (ROOT / page).read_text(encoding="utf-8")
    for command in re.findall(r"cssopt share [^`\n#]*", text):
        assert set(re.findall(r"--[a-z-]+", command)) <= known, command


@pytest.mark.slow
def test_the_pages_say_what_the_new_workbook_gives():
    """The answer of `cssopt share` on the workbook of `cssopt new`, on both pages."""
    case = cssopt.load(find_example_sheets())
    answer = cssopt.share(case)
    members = ["NOR", "SOU", "EST"]
    rows = read_table(SHARING, "| way of sharing | Northland")
    hold_shares([row[:5] for row in rows], answer, members)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = read_table(readme, "| how it is shared | stable")
    hold_shares([[row[0], *row[3:6], row[1]] for row in told], answer, members)
    gains = {row["method"]: row for row in answer.tables["shares_by_method"].to_dict("records")}
    for title, *_, gain in rows:
        if gain:
            assert gains[title]["largest_gain"] == pytest.approx(float(gain), abs=0.051)
    assert answer.document.verdict in " ".join(readme.replace(">", "").split())
    glance = {
        row["method"]: ["" if cell is None else cell for cell in row.values()]
        for row in answer.document.tables["verdicts_at_a_glance"].records()
    }
    for title, holds, leavers, gain, *accepted in read_table(SHARING, "| way of sharing | would"):
        told = glance[title].pop(3)
        assert glance[title] == [title, holds, leavers, *accepted]
        assert gain == (f"{told:,.1f}" if told else "")


def test_methods_of_sharing_in_the_docs_are_those_that_can_be_asked_for():
    """Each name in the tables of the page is one; each of a game or of claims stands there."""
    page = (ROOT / "docs" / "sharing_methods.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    given = {method.name for method in (*DUAL, *list_methods((("A",),)), *VOTING)} | {*OWN_METHODS}
    keys, _ = find_plain_keys(list_keys(find_model_folders()), ("A", "B"))
    of_books = {"owen_allocation", "nash_bargaining", "kalai_smorodinsky"}
    rules = {rule.name for rule in CLAIMS_RULES}
    assert told == given | {key.name for key in keys} | rules | of_books

"""One answer of `share` in every rendering: each number is that of its table."""

from __future__ import annotations

import hashlib
import json
import math
import re
from itertools import pairwise

import openpyxl
import pytest
from books import add_column, make_case, write_csv
from commands import command
from made_documents import PageReader, shows
from small_books import make_book, members, settings

import cssopt
from cssopt.questions.question import QUESTIONS, load_questions
from cssopt.questions.sharing.show_book import say_accepted, say_rule
from cssopt.questions.sharing.tables import put_names
from cssopt.questions.sharing.voting_rules import build_double_majority
from cssopt.solution.versions import find_versions

load_questions()

NAMES = {"A": "Alpha", "B": "Beta", "C": "Gamma"}


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """A book, the command that shares it into every format, and its files."""
    folder = tmp_path_factory.mktemp("share")
    marked = [*settings(), ["marking", "ILLUSTRATIVE"]]
    book = make_book(
        settings=marked,
        members=members(third=True),
        sharing_keys=[["key", "member", "share"], ["treaty", "A", 1], ["treaty", "B", 4]],
        contributions_in_kind=[["member", "force", "credit_per_unit"], ["*", "unit", 12]],
    )
    source = write_csv(book, folder / "small")
    words = ("share", source, "--fair", "1%", "--unions", "A+B", "--votes-needed", "0.6")
    done = command(*words, "--out", folder / "out", "--formats", "xlsx,html,json", "--json")
    shown = command(*words, "--formats", "none")
    assert (done.code, shown.code) == (0, 0)
    return folder, done.told, shown.out


def tables(told):
    """Every table: its name, headings, forms and rows, as the JSON has them."""
    for name, rows in told["tables"].items():
        yield name, [column["form"] for column in told["columns"][name]], rows


def test_the_file_of_json_is_what_json_prints(answer):
    folder, told, _ = answer
    read = json.loads((folder / "out" / "share.json").read_text(encoding="utf-8"))
    assert read == {key: told[key] for key in read}
    assert {"shares", "coalitions", "decisions", "balances", "in_kind", "price_of_fairness"} <= set(
        told["tables"]
    )
    for name, forms, rows in tables(told):
        assert all(len(row) == len(forms) for row in rows), name


def test_every_number_of_the_page_is_that_of_its_table(answer):
    folder, told, _ = answer
    page = PageReader((folder / "out" / "share.html").read_text(encoding="utf-8"))
    counted = 0
    for name, forms, rows in tables(told):
        cells = page.tables[f"table-{name}"]
        assert len(cells) == len(rows)
        for row, shown in zip(rows, cells, strict=True):
            for form, value, (text, number) in zip(forms, row.values(), shown, strict=True):
                if form in ("text", "sentence") or value is None:
                    assert str("" if value is None else value) in text
                else:
                    assert number == value
                    assert shows(text, value)
                    counted += 1
    assert counted > 300


@pytest.mark.medium
def test_every_number_of_the_workbook_is_that_of_its_table(answer):
    folder, told, _ = answer
    book = openpyxl.load_workbook(folder / "out" / "share.xlsx", data_only=True)
    lines = [
        [cell for cell in row if cell not in (None, "")]
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
    ]
    counted = 0
    for name, forms, rows in tables(told):
        wanted = [
            [
                value if form in ("text", "sentence") else pytest.approx(value, rel=1e-14, abs=1e-9)
                for form, value in zip(forms, row.values(), strict=True)
                if value not in (None, "")
            ]
            for row in rows
        ]
        # The rows of a table stand below one another somewhere.
        place = 0
        for row in wanted:
            found = [i for i in range(place, len(lines)) if _unsigned(lines[i]) == row]
            assert found or not row, (name, row)
            place = found[0] + 1 if found else place
            counted += 1
    assert counted > 150
    formulas = openpyxl.load_workbook(folder / "out" / "share.xlsx")
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert re.fullmatch(r"=SUM\([A-Z]+\d+:[A-Z]+\d+\)", cell.value)
    assert sum(len(sheet._charts) for sheet in formulas) >= 2


def _unsigned(cells):
    """A row without the signs that stand before what is marked."""
    return [re.sub(r"^[^\w(]+\s*", "", c) if isinstance(c, str) else c for c in cells]


def test_the_terminal_shows_the_first_sheet(answer):
    """Each number that it shows is that of the table, rounded to its own last place."""
    _, told, shown = answer
    pays, holds = shown.split("Which ways would hold")
    titles = [row["method"] for row in told["tables"]["pays_at_a_glance"]]
    assert titles[0] == "each alone, nothing shared"
    assert {"treaty (agreed)", "equal", "GDP", "nucleolus", "Shapley value"} < set(titles)
    for row in told["tables"]["pays_at_a_glance"]:
        start = rf"{re.escape(row['method'])}  "
        (line,) = [line for line in pays.splitlines() if re.match(start, line)]
        numbers = re.findall(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?", line.split(row["method"], 1)[1])
        columns = tuple(f"pays.{m}" for m in NAMES)
        assert all(map(shows, numbers, (row[name] for name in columns)))
        assert len(numbers) == len(columns)
    for row in told["tables"]["verdicts_at_a_glance"]:
        (line,) = [one for one in holds.splitlines() if one.startswith(f"{row['method']}  ")]
        assert row["holds"] in line
        assert row["accepted"] in line
    assert told["verdict"] in shown
    assert "ILLUSTRATIVE" in shown
    assert "Audited: " in shown
    assert len(shown.splitlines()) <= 45


def test_what_stands_at_a_glance_is_what_the_other_sheets_say(answer):
    """Each way on the first page: its shares, its worst coalition and its votes, looked up in the
    tables of the other sheets; and each alone, whose costs the coalitions have."""
    _, told, _ = answer
    find = {
        name: {row["method"]: row for row in told["tables"][name]}
        for name in ("shares_by_method", "decisions", "strict_decisions")
    }
    alone, *pays = told["tables"]["pays_at_a_glance"]
    costs = {row["coalition"]: row["cost"] for row in told["tables"]["coalitions"]}
    assert {m: alone[f"pays.{m}"] for m in NAMES} == {m: costs[name] for m, name in NAMES.items()}
    holds = told["tables"]["verdicts_at_a_glance"]
    assert [row["method"] for row in holds] == [row["method"] for row in pays]
    for paid, held in zip(pays, holds, strict=True):
        shares = find["shares_by_method"][paid["method"]]
        assert [paid[f"pays.{m}"] for m in NAMES] == [shares[f"share.{m}"] for m in NAMES]
        assert "all" not in paid, "all pay the same in all"
        assert (held["holds"], held["gain"]) == (shares["stable"], shares["largest_gain"])
        worst = [
            row["coalition"]
            for row in told["tables"]["objections"]
            if row["method"] == paid["method"]
        ]
        assert held["leavers"] == (worst[0] if worst else None)
        for name, decisions in (
            ("accepted", "decisions"),
            ("strictly_accepted", "strict_decisions"),
        ):
            voted = find[decisions][paid["method"]]
            rules = {n.removeprefix("passes."): v for n, v in voted.items() if "passes." in n}
            assert held[name] == say_accepted({n: v == "yes" for n, v in rules.items()})
    assert {row["holds"] for row in holds} == {"yes", "NO"}
    assert any(row["accepted"] != "every rule" for row in holds)


@pytest.mark.medium
def test_at_a_glance_tells_what_all_pay_where_some_is_cut(answer):
    """A withholds its third of equal shares, which is cut: all pay two thirds; by the nucleolus,
    which knows no such terms, the whole; and each alone what it costs alone."""
    folder, whole, _ = answer
    words = ("--withholds", "A", "--cut", "--method", "equal", "--choose", "nucleolus")
    told = command("share", folder / "small", *words, "--formats", "none", "--json").told
    costs = {row["coalition"]: row["cost"] for row in whole["tables"]["coalitions"]}
    pays = {row["method"]: row["all"] for row in told["tables"]["pays_at_a_glance"]}
    assert pays == {
        "each alone, nothing shared": pytest.approx(math.fsum(costs[n] for n in NAMES.values())),
        "equal": pytest.approx(costs["Alpha, Beta and Gamma"] * 2 / 3),
        "nucleolus": pytest.approx(costs["Alpha, Beta and Gamma"]),
    }


@pytest.mark.parametrize(
    ("passes", "said"),
    [
        ({}, ""),
        ({"one": True, "two": True}, "every rule"),
        ({"one": False, "two": False}, "no rule"),
        ({"one": True, "two": True, "three": False}, "every rule but three"),
        ({"one": True, "two": False, "three": False}, "one"),
        ({"one": True, "two": None}, "one; not known of two"),
        ({"one": False, "two": None}, "not known of two"),
    ],
)
def test_by_which_rules_a_vote_accepts(passes, said):
    assert say_accepted(passes) == said


def test_listed_codes_become_names_and_other_words_stay():
    names = {"A": "Alpha", "B": "Beta", "C": "Gamma"}
    told = "It needs the cost of B+C (and of 2 other coalitions). A plan of A; A, B and C would."
    assert put_names(told, names) == (
        "It needs the cost of Beta+Gamma (and of 2 other coalitions). A plan of Alpha; "
        "Alpha, Beta and Gamma would."
    )
    told = "There is no cost of B alone, C alone, all without A."
    assert (
        put_names(told, names) == "There is no cost of Beta alone, Gamma alone, all without Alpha."
    )
    assert put_names("AB+C and of AB", names) == "AB+C and of AB"


def test_a_quota_that_nobody_can_block_says_so():
    """Of fewer than four members no four can be against; and of fewer than nine, four against
    are enough whoever they are: people never decide."""
    few, some, many = (
        say_rule(build_double_majority({f"M{i}": 1.0 + i for i in range(count)}))
        for count in (3, 6, 9)
    )
    assert (
        "(which decides nothing among 6: 4 members must be against to block by it, and 3 block by "
        "their number)"
    ) in some
    assert "65.0% of all inhabitants (which cannot block among fewer than 4 members)" in few
    assert "(which 4 members or more must be against to block)" in many


def test_sums_stand_where_they_are_the_whole(answer):
    """What balances and payments in kind add up to: the cost of all, and nothing."""
    _, told, _ = answer
    balances = told["tables"]["balances"]
    whole = told["tables"]["coalitions"][0]["cost"]
    assert math.fsum(row["share"] for row in balances) == pytest.approx(whole)
    assert math.fsum(row["transfers"] for row in balances) == pytest.approx(0, abs=1e-9)
    assert math.fsum(row["cash"] for row in told["tables"]["in_kind"]) == pytest.approx(0, abs=1e-9)


@pytest.mark.medium
def test_run_facts_stand_in_every_rendering(answer):
    folder, told, _ = answer
    facts = told["facts"]
    assert facts["source"] == "small"
    assert re.fullmatch("[0-9a-f]{64}", facts["sha256"])
    assert facts["versions"] == find_versions()
    asked = {
        "study": "pooled", "members": "A, B, C", "fair": "0.01", "unions": "A+B",
        "votes_needed": "0.6", "members_needed": "0.55", "strict": "False", "gap": "1e-07",
    }  # fmt: skip
    assert asked.items() <= facts["command"].items()
    page = (folder / "out" / "share.html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(folder / "out" / "share.xlsx", data_only=True)
    cells = [str(c) for row in book["Run"].iter_rows(values_only=True) for c in row if c]
    for fact in (facts["run_id"], facts["sha256"], *facts["versions"].values(), "A+B", "0.6"):
        assert fact in page
        assert any(fact in cell for cell in cells), fact
    for name, value in facts["command"].items():
        assert (name, value) in set(pairwise(cells)), name
    record = json.loads((folder / "out" / "share-run.json").read_text(encoding="utf-8"))
    assert record["run_id"] == facts["run_id"]
    assert record["command"] == facts["command"]
    for place in (folder / "out").iterdir():
        assert str(folder) not in place.read_bytes().decode("utf-8", "replace")


def test_members_have_their_names_on_every_sheet_but_the_one_for_programs(answer):
    folder, _, _ = answer
    book = openpyxl.load_workbook(folder / "out" / "share.xlsx", data_only=True)
    assert book.sheetnames[-1] == "Run"
    for sheet in book:
        cells = {c for row in sheet.iter_rows(values_only=True) for c in row if c is not None}
        assert not cells & set(NAMES) or sheet.title == "All shares", sheet.title
    for name in (
        "At a glance",
        "Shares",
        "Savings",
        "Burden and benefit",
        "Payments",
        "Votes",
        "In kind",
    ):
        cells = {c for row in book[name].iter_rows(values_only=True) for c in row}
        assert "Alpha" in cells or "Beta" in cells, name


@pytest.mark.medium
def test_an_answer_is_replaced_by_its_like_and_by_nothing_else(tmp_path, monkeypatch):
    """The same book and members again: replaced. Other members or study, strict, apart: beside."""
    monkeypatch.chdir(tmp_path)
    book = write_csv(make_book(), tmp_path / "small")
    quick = ("--method", "equal", "--formats", "json")

    def told(*words):
        done = command("share", book, *words, *quick)
        assert done.code == 0
        return done.err.splitlines()[-1]

    assert told() == "Answer: reports/small-share/share.json"
    assert told() == "Answer: reports/small-share/share.json (replaced)"
    assert "share-2.json. share.json stays as it is" in told("--members", "A")
    assert "share-3.json. share.json stays as it is" in told("--strict")
    assert "share-4.json. share.json stays as it is" in told("--study", "relaxed")
    assert "share-5.json. share.json stays as it is" in told("--apart")
    assert told("--votes-needed", "0.5") == "Answer: reports/small-share/share.json (replaced)"
    (tmp_path / "reports/small-share/share.json").write_text("mine")
    assert "share.json stays as it is: it was changed" in told()
    done = command("share", book, "--method", "equal", "--formats", "none")
    assert "Answer:" not in done.err


def test_facts_of_a_game_are_those_of_its_file(tmp_path):
    path = tmp_path / "g.csv"
    path.write_text("coalition,value\nA,1\nB,2\nAB,2\n")
    facts = command("share", "--game", path, "--gains", "--json").told["facts"]
    assert facts["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (facts["source"], facts["command"]["game"]) == ("g.csv", "g.csv")
    assert facts["command"]["costs"] == "False"


def test_share_is_one_of_the_questions():
    assert "share" in QUESTIONS


def make_odd(kind):
    """The book of three with hostile names, one name for all, no need, or no votes."""
    sheet = members(third=True)
    names = {"hostile names": ("=1+1", "<script>", "+A|x"), "one name": ("Same",) * 3}
    for row, name in zip(sheet[1:], names.get(kind, NAMES.values()), strict=True):
        row[1] = name
    if kind == "no votes":
        sheet = add_column(sheet, "votes", 0, 0, 0)
    book = make_book(members=sheet)
    if kind == "no need":
        book["requirements"] = [["threat", "capability", "day", "level"], ["K", "land", 0, 0]]
    return book


@pytest.mark.medium
@pytest.mark.parametrize(
    "kind",
    [
        "hostile names",
        "no votes",
        *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("one name", "no need")),
    ],
)
def test_odd_books_are_answered_in_every_format(tmp_path, kind):
    found = cssopt.share(make_case(make_odd(kind)))
    assert found.status == "optimal"
    whole = found.facts()["tables"]["coalitions"][0]["cost"]
    assert whole == pytest.approx(0 if kind == "no need" else 320 / 3)
    found.write(tmp_path / "out", ["xlsx", "html", "json"])
    page = PageReader((tmp_path / "out" / "share.html").read_text(encoding="utf-8"))
    assert sum(name == "script" for name, _ in page.elements) == 1
    for sheet in openpyxl.load_workbook(tmp_path / "out" / "share.xlsx"):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or cell.value.startswith("=SUM(")
    if kind == "no votes":
        assert "No member has any voting weights" in json.dumps(found.facts()["tables"]) + repr(
            [table.note for table in found.document.tables.values() if hasattr(table, "note")]
        )

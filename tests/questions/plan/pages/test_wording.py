"""What all pages say, and how: fixed words, names and never codes, short sentences, and nothing
that is not in the catalogues. Held over every text of every page of plans of all kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import pytest
from alliances import make_alliance
from books import make_case, make_data, read_study
from small_alliance import make_facts

import cssopt
from cssopt import language
from cssopt.assembly.instance import Instance
from cssopt.document.document import Chart, Document, Note, Pairs, Rich, Sheet, Table
from cssopt.document.run_facts import PlanFacts
from cssopt.questions.plan.baseline import compare_with_standing_alone
from cssopt.questions.plan.opinions import KeptAnswer, Opinions
from cssopt.questions.plan.pages.page import PAGES
from cssopt.questions.plan.show import Shown, show_plan
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status

PRICE_YEAR = 2029
LONGEST = 30
"""Words of a sentence; a number is one with its unit, at which no line breaks."""

CODES = {
    **{f"M{n}": (f"QM{n}", name) for n, name in enumerate(["Alfland", "Belmark", "Corvia"])},
    "brigade": ("qbrg", "Heavy brigade"),
    "squadron": ("qsqn", "Fighter wing"),
    "east": ("qeast", "Eastern crisis"),
    "south": ("qsouth", "Southern crisis"),
    "land": ("qland", "Ground defence"),
    "air": ("qair", "Air cover"),
    "E": ("qthe", "Eastern theatre"),
    "S": ("qths", "Southern theatre"),
    "high": ("qhigh", "qhigh"),
    "low": ("qlow", "qlow"),
    "council": ("qcouncil", "Common council"),
    "command": ("qcommand", "Common command"),
    "talks": ("qtalks", "Standing talks"),
    "aid": ("qaid", "Relief fund"),
    "depots": ("qdepots", "Shared depots"),
    "treaty": ("qtreaty", "Founding treaty"),
    "ratify": ("qratify", "Ratification by Alfland"),
    "found": ("qfound", "Founding of the command"),
}
"""Codes of the random book, in whose place stand codes and names that no word is."""

KINDS = {"kind", "role", "effect"}
"""Columns of choices, in which such words mean something else."""

FORBIDDEN = (
    "shortfall", "violated", "delegated", "disbanded", "keep_within", "budget", "outlay",
    "objective", "salvage", "stand-alone", "equal security", "relaxed", "LP", "optimal", "study",
    "bound", "gap", "dual", "price of", "slack", "plain sum", "power-years", "present value",
)  # fmt: skip
"""Words that are on no page but the last two (section 4 of the specification)."""

LAST = ("method", "words")


def make_named(seed: int, **how) -> dict:
    """A random book whose codes are no words, and whose names are none of the codes."""
    sheets = make_alliance(seed, institutions=True, **how)
    for name, rows in sheets.items():
        header = rows[0]
        for row in rows[1:] if name != "settings" else ():
            code = row[0]
            for place, cell in enumerate(row):
                if isinstance(cell, str) and cell in CODES and header[place] not in KINDS:
                    row[place] = CODES[cell][0]
            if "name" in header:
                row[header.index("name")] = CODES[code][1] if code in CODES else code.title()
        if name == "capabilities":
            for row in rows[1:]:
                row[header.index("measure")] = "brigade equivalents"
    return sheets


def make_sheets(kind: str) -> dict:
    """The book of a kind of plan."""
    penalty = 500.0 if kind == "priced" else None
    seed = {"met": 2, "wide": 4}.get(kind, 3)
    sheets = make_named(seed, years=3, penalty=penalty, whole=kind == "relaxed")
    place = next(row for row in sheets["settings"] if row[0] == "price_year")
    place[1] = PRICE_YEAR
    level = sheets["requirements"][0].index("level")
    for row in sheets["requirements"][1:]:
        row[level] *= {"met": 0.2, "short": 3, "infeasible": 50}.get(kind, 1)
    return sheets


@cache
def ask_others(kind: str) -> Opinions:
    """What other runs about the same book say, of simplified plans."""
    if kind != "with second opinions":
        return Opinions()
    case = make_case(make_sheets(kind))
    answers = (
        cssopt.alternatives(case, within=(0.01,)),
        cssopt.frontier(case, trade=("shortfall",)),
        cssopt.whatif(case, ask=("all",)),
    )
    return Opinions(tuple(KeptAnswer(answer.document, True) for answer in answers))


def cut_short(plan, kind: str):
    """The plan as a limit leaves it, by 10 million above what is proven; where all is open, before
    the least that is missing is proven."""
    missing, money = plan.solved.stages
    first = Status.OPTIMAL if kind == "unproven" else Status.FEASIBLE
    stages = (replace(missing, status=first), replace(money, bound=money.value - 10))
    status = Status.INTERRUPTED if kind == "interrupted" else Status.FEASIBLE
    return replace(plan, status=status, solved=replace(plan.solved, stages=stages))


@cache
def solve(kind: str):
    """A plan of one kind and what it is compared with."""
    data = make_data(make_sheets(kind))
    study = read_study("strict" if kind == "infeasible" else "pooled")
    if kind == "relaxed":
        study = replace(study, relaxed=True)
    members = data.members.keys[:1] if kind == "single" else data.members.keys
    plan = run_study(Instance(data, study, members), Options())
    if kind in ("unproven", "all open", "interrupted"):
        plan = cut_short(plan, kind)
    if not plan.has_plan or kind == "not compared":
        return plan, None
    equal = read_study("equal_security").objective
    return plan, compare_with_standing_alone(plan, equal, ledger=kind == "met")


ALL = (
    "met", "short", "wide", "priced", "unproven", "all open", "interrupted", "relaxed",
    "infeasible", "single", "not compared",
)  # fmt: skip
SECOND = pytest.param("with second opinions", marks=pytest.mark.slow)
every_kind = pytest.mark.parametrize("kind", [*ALL, SECOND])


@cache
def show(kind: str) -> Document:
    return make_document(kind)


def make_document(kind: str) -> Document:
    plan, baseline = solve(kind)
    audits = plan.audits if baseline is None else baseline.audit_with(plan)
    facts = make_facts(plan=PlanFacts.of(plan), audits=audits, issues=(), status=str(plan.status))
    return show_plan(plan, baseline, facts, Shown(opinions=ask_others(kind)))


def test_plans_are_of_the_kinds_that_they_are_called():
    has_plan = {kind: solve(kind)[0].has_plan for kind in ALL}
    assert [kind for kind, has in has_plan.items() if not has] == ["infeasible"]
    assert solve("met")[0].threats_met
    assert not solve("short")[0].threats_met
    assert len(solve("single")[0].coalition) == 1
    assert solve("relaxed")[0].study.relaxed


def list_prose(sheet: Sheet) -> Iterator[str]:
    """Sentences and titles of a page."""
    yield from (sheet.question, sheet.finding, *sheet.boxes)
    for block in sheet.flat:
        if isinstance(block, Note):
            yield block.text
        elif isinstance(block, Pairs):
            yield from (pair.remark for pair in block.pairs)
        elif isinstance(block, Table):
            yield block.note


def list_texts(sheet: Sheet) -> Iterator[str]:
    """Every text that a page shows."""
    yield sheet.name
    yield from list_prose(sheet)
    for block in sheet.flat:
        if isinstance(block, Pairs):
            yield block.title
            for pair in block.pairs:
                yield pair.label
                yield from [pair.value] if isinstance(pair.value, str) else []
        elif isinstance(block, Table):
            yield block.title
            for column in block.columns:
                yield from (column.title, column.group, column.meaning, column.measure)
            for cell in (cell for row in block.rows for cell in row):
                if isinstance(cell, str | Rich):
                    yield str(cell)
        elif isinstance(block, Chart):
            yield from (block.title, *block.line_at, *block.picked.values())


def list_pages(document: Document, *, last: bool) -> list[Sheet]:
    """The pages; where not `last`, but for the two on which solvers' words stand."""
    left = () if last else tuple(PAGES[key] for key in LAST)
    found = [sheet for sheet in document.sheets if sheet.is_page and sheet.name not in left]
    assert found
    return found


def find_words(text: str, words) -> list[str]:
    return re.findall(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", text)


def put_names(text: str) -> str:
    """A text with names in the place of codes."""
    for code, name in CODES.values():
        text = text.replace(code, name)
    return text


def drop_commands(text: str) -> str:
    """A text without the commands that it names."""
    return re.sub(r"`[^`]*`|cssopt( [\w-]+)+", "", text)


def count_words(sentence: str) -> int:
    return len([word for word in sentence.split(" ") if re.search(r"\w", word)])


def split_sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!])\s", text)


@pytest.mark.medium
@every_kind
def test_names_and_never_codes(kind):
    codes = [code for code, _ in CODES.values()]
    assert not [
        (sheet.name, text)
        for sheet in list_pages(show(kind), last=False)
        for text in list_texts(sheet)
        if find_words(drop_commands(text), codes)
    ]


@pytest.mark.medium
@every_kind
def test_no_name_is_given_a_plural(kind):
    plurals = [f"{name}s" for _, name in CODES.values()]
    assert not [
        (sheet.name, text)
        for sheet in list_pages(show(kind), last=True)
        for text in list_texts(sheet)
        if find_words(text, plurals)
    ]


@pytest.mark.medium
@every_kind
def test_solvers_words_are_on_no_page_but_the_last_two(kind):
    assert not [
        (sheet.name, text)
        for sheet in list_pages(show(kind), last=False)
        for text in list_texts(sheet)
        if find_words(drop_commands(text).lower(), FORBIDDEN)
    ]


@pytest.mark.medium
@every_kind
def test_sentences_are_short(kind):
    assert not [
        (sheet.name, sentence)
        for sheet in list_pages(show(kind), last=True)
        for text in list_prose(sheet)
        for sentence in split_sentences(text)
        if count_words(sentence) >= LONGEST
    ]


AMOUNT = re.compile("[\\d.,]+\u00a0(?:billion|million)")
MONEY_FORMS = ("money", "million", "difference")


@pytest.mark.medium
@every_kind
def test_each_sentence_with_money_names_its_currency(kind):
    assert not [
        (sheet.name, sentence)
        for sheet in list_pages(show(kind), last=False)
        for text in list_texts(sheet)
        for sentence in split_sentences(text)
        if AMOUNT.search(sentence) and "EUR" not in sentence
    ]


@pytest.mark.medium
@every_kind
def test_each_page_with_money_names_the_year_of_its_prices(kind):
    for sheet in list_pages(show(kind), last=False):
        texts = list(list_texts(sheet))
        forms = [column.form for t in sheet.tables if isinstance(t, Table) for column in t.columns]
        forms += [pair.form for t in sheet.tables if isinstance(t, Pairs) for pair in t.pairs]
        if any(form in MONEY_FORMS for form in forms) or any(map(AMOUNT.search, texts)):
            assert any(f"prices of {PRICE_YEAR}" in text for text in texts), sheet.name


OF_WHAT = re.compile(r"\bof\b|(?<=%)[)]? (more|missing|less)", re.IGNORECASE)


@pytest.mark.medium
@every_kind
def test_every_share_in_prose_says_of_what(kind):
    assert not [
        (sheet.name, sentence)
        for sheet in list_pages(show(kind), last=False)
        for text in list_prose(sheet)
        for sentence in split_sentences(text)
        if "\u00a0%" in sentence and not OF_WHAT.search(sentence)
    ]


@pytest.mark.medium
@every_kind
def test_signs_and_spaces_of_numbers_are_those_of_print(kind):
    """A minus is no hyphen, and no line breaks before a percent sign."""
    assert not [
        (sheet.name, text)
        for sheet in list_pages(show(kind), last=True)
        for text in list_texts(sheet)
        if re.search(r"(?<!\S)-\d|\d %", drop_commands(text))
    ]


class Marked:
    """A catalogue of a language in which every text of ours stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"\u27e6{message}\u27e7"

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


def drop_marked(text: str) -> str:
    """What stands in no brackets."""
    depth, rest = 0, []
    for sign in text:
        depth += sign == "\u27e6"
        if not depth:
            rest.append(sign)
        depth -= sign == "\u27e7"
    assert depth == 0, text
    return "".join(rest)


AS_TYPED = (
    *(name for _, name in CODES.values()),
    *("EUR", "Random", "brigade equivalents", "Talks", "Aid", "Treaty", "Ratify", "Found"),
)


@pytest.mark.medium
@pytest.mark.parametrize("kind", ["met", "short", "unproven", "infeasible", "priced", SECOND])
def test_no_text_escapes_the_catalogues(kind, monkeypatch):
    """In a language whose every text is in brackets, only names and numbers stand outside them."""
    monkeypatch.setattr(language, "_catalogue", lambda code: Marked())
    document = make_document(kind)
    facts = document.facts
    facts_told = {*facts.plain_options.values(), facts.source_name, facts.digest, facts.run_id}
    # Scenarios and what-ifs have the names that a planner or the models give them.
    as_typed = [*AS_TYPED, *(put_names(one.name) for one in ask_others(kind).what_ifs)]
    faults = []
    for sheet in (s for s in document.sheets if s.is_page):
        is_method = sheet.name == f"\u27e6{PAGES['method']}\u27e7"
        for text in list_texts(sheet):
            rest = drop_marked(text)
            for name in sorted(as_typed, key=len, reverse=True):
                rest = rest.replace(name, "")
            if is_method and (text in facts_told or _is_fact(text)):
                continue
            if re.search(r"[A-Za-z\u00c0-\u024f]{2,}", drop_commands(rest)):
                faults.append((sheet.name, text))
    assert not faults


def _is_fact(text: str) -> bool:
    """True for what the page on method tells of programs, tables and options as they are."""
    return bool(
        re.search(
            r"Pyomo|threads|_|pooled|strict|^\d{4}-\d\d-\d\d |^(coverage|costs|outlay|held|"
            r"members|concessions|burden|price_of)",
            text,
        )
    )


def test_the_checks_themselves_find_what_they_look_for():
    """A page with one fault of each kind."""
    assert find_words("QM0 pays", ["QM0"]) == ["QM0"]
    assert find_words("the gaps", ["gap"]) == []
    assert find_words("its budget is", FORBIDDEN) == ["budget"]
    assert drop_marked("a\u27e6b\u27e6c\u27e7d\u27e7e") == "ae"
    sheet = SimpleNamespace(
        name="n", question="q", finding="f", boxes=("b",),
        flat=[Note("note"), Table("t", (), (), note="below", title="above")],
    )  # fmt: skip
    assert list(list_texts(sheet)) == ["n", "q", "f", "b", "note", "below", "above"]

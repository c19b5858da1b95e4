"""The sections of the decision page, on figures made by hand and on solved books."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from made_figures import (
    YEARS,
    find_table,
    make_figures,
    make_need,
    make_payer,
    make_payers,
    make_security,
)

from cssopt.document.document import Formula, Rich, Table
from cssopt.modeling.accounts import Undertaking
from cssopt.questions.plan.figures.certainty import Certainty, LastStep
from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.lines import list_lines
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Change, Opinions, WhatIf
from cssopt.questions.plan.pages.decision import show_decision
from cssopt.questions.plan.pages.decision_forces import tabulate_forces
from cssopt.questions.plan.pages.decision_money import tell_more_than_alone
from cssopt.questions.plan.pages.decision_sure import show_sureness
from cssopt.questions.plan.pages.decision_threats import tell_threat
from cssopt.questions.plan.pages.decision_when import show_by_when, tell_year
from cssopt.questions.plan.view import PlanView


def make_holding(party="Arland", force="Frigate", today=5.0, last=3.0, **years) -> Holding:
    """Units of a force; by year what is told of it."""
    told = {
        name: {**dict.fromkeys(YEARS, 0.0), **years.get(name, {})}
        for name in ("aged", "given_up", "ordered", "bought_in_service", "lent", "paid")
    }
    serve = {**dict.fromkeys(YEARS, today), YEARS[-1]: last}
    return Holding(
        party[:3].upper(), force[:3].upper(), party, force, today, in_service=serve, **told
    )


def test_a_cell_has_a_sign_for_whatever_happens_and_none_for_what_does_not():
    held = [
        make_holding(given_up={2027: 1.0}, lent={2029: 0.5}),
        make_holding("Bruma", today=3.0, last=4.0, ordered={2027: 1.0, 2028: 1.0}),
        make_holding("Bruma", "Brigade", today=2.0, last=2.0, given_up={2027: 0.04}),
    ]
    table = tabulate_forces(held)
    texts = [[str(cell or "") for cell in row] for row in table.rows]
    assert texts == [
        ["Arland", "5 \u2192 3 \u25bc\u00a01 \u25c6\u00a00.5", ""],
        ["Bruma", "3 \u2192 4 \u25b2\u00a02", "2 \u2192 2"],
        ["All members", "8 \u2192 7", "2 \u2192 2"],
    ]
    cell = table.rows[0][1]
    assert isinstance(cell, Rich)
    assert [span.mark for span in cell.spans] == [None, None, "given_up", "lent"]


def test_of_many_members_the_rest_is_one_row_and_totals_are_those_of_all():
    held = [make_holding(f"Member{n}", today=float(n), last=0.0) for n in range(1, 13)]
    for one in held:
        object.__setattr__(one, "party", one.party_name)
    table = tabulate_forces(held)
    assert len(table.rows) == 8 + 1 + 1
    assert table.rows[0][0] == "Member12"
    # Members 1 to 4 are the smallest: 1 + 2 + 3 + 4.
    assert [str(cell) for cell in table.rows[-2]] == ["4 others", "10 \u2192 0"]
    assert str(table.rows[-1][1]) == "78 \u2192 0"


def test_of_many_forces_those_with_the_most_change_are_shown_and_the_rest_is_told():
    held = [make_holding(force=f"F{n} force", today=10.0, last=10.0 - n) for n in range(8)]
    table = tabulate_forces(held)
    assert [column.title for column in table.columns[1:]] == [f"F{n} force" for n in range(2, 8)]
    assert table.note == "2 other forces with less change: page From today."


@pytest.mark.parametrize(
    ("short", "words"),
    [
        ((0, 0, 0), "Met in every year."),
        ((5.8, 0, 0), "2027: Land combat 58\u00a0% missing."),
        ((5.8, 2, 0), "2027: Land combat 58\u00a0%; 2028: Land combat 20\u00a0% missing."),
        ((1, 2, 1), "2027\u201329: missing, most of it Land combat 20\u00a0% in 2028."),
    ],
)
def test_a_threat_is_told_in_words(short, words):
    needs = [make_need(year, short=n) for year, n in zip(YEARS, short, strict=True)]
    assert tell_threat(make_security(needs), "A") == words


@pytest.mark.parametrize(
    ("nets", "doubt", "said"),
    [
        ((50, 30), 0.0, "Arland pays more than it would alone."),
        ((50, 50), 0.0, "Every member pays more than it would alone."),
        ((30, 30), 0.0, "No member pays more than it would alone."),
        ((50, 30), 99.0, ""),
    ],
)
def test_who_pays_more_than_alone_is_told_where_it_is_known(nets, doubt, said):
    payers = make_payers(
        make_payer("Arland", [1], net=nets[0], alone=40.0),
        make_payer("Bruma", [1], net=nets[1], alone=40.0),
        doubt_against_alone=doubt,
    )
    assert tell_more_than_alone(make_figures(payers=payers)) == said


def make_two(**parts):
    return make_figures(
        payers=make_payers(make_payer("Arland", [1]), make_payer("Bruma", [1])), **parts
    )


def test_what_is_decided_in_a_year_is_told_by_kind():
    begun = (
        Undertaking(kind="treaty", name="Pact", begun=2027, works=2028),
        Undertaking(kind="ratification", name="Ratification", party="BRU", begun=2027, works=2028),
        Undertaking(kind="line", name="Frigate", begun=2027, works=2028, cost=420.0),
        Undertaking(kind="body", name="Council", begun=2028, works=2028),
        Undertaking(kind="body", name="Court"),
    )
    held = (make_holding(ordered={2027: 2.4}, given_up={2027: 1.0}),)
    figures = make_two(undertakings=begun, holdings=held)
    told = "".join(span.text for span in tell_year(figures, 2027)).replace("\u00a0", " ")
    assert told == (
        "Sign: Pact. Ratify: Bruma. Open the production line: Frigate (EUR 0.42 billion). "
        "Orders: Arland 2.4 \u00d7 Frigate. Given up: Arland 1 \u00d7 Frigate."
    )
    assert "".join(span.text for span in tell_year(figures, 2028)) == "Found: Council. "
    assert tell_year(figures, 2029) == ()


def test_a_plan_that_decides_nothing_says_so():
    money = SimpleNamespace(years=YEARS)
    figures = make_two(undertakings=(), holdings=(), money=money)
    notes = [one.text for one in show_by_when(figures, Opinions())]
    assert notes[-1] == "Nothing: all keep what they have, and begin nothing."


def test_what_was_not_asked_says_which_command_asks_it():
    steps = (
        LastStep(0.01, 0.1, 90.0, 0.5, 0.005, True),
        LastStep(0.05, 0.1, 90.0, 2.2, 0.022, True),
    )
    security = make_security([make_need(short=1)])
    figures = make_two(certainty=Certainty("proven", 0.0, steps), security=security)
    told = [one.text for one in show_sureness(figures, Opinions())]
    assert told[1].startswith("Proven. ")
    # 5 % more missing saves 2.2 % of the cost: less than it gives up.
    assert told[2].startswith("The last steps of security are not unusually dear. ")
    assert "cssopt alternatives BOOK" in told[3]
    assert "cssopt whatif BOOK" in told[4]


@pytest.mark.parametrize(
    "step",
    [
        LastStep(0.05, 0.1, 90.0, 2.2, 0.022, is_proven=False),
        LastStep(0.05, 0.1, 110.0, -10.0, -0.1, is_proven=True),
        LastStep(0.05, 0.1, float("nan"), float("nan"), float("nan"), is_proven=True),
    ],
)
def test_last_steps_that_are_not_proven_are_called_neither_dear_nor_cheap(step):
    figures = make_two(
        certainty=Certainty("proven", 0.0, (step,)), security=make_security([make_need(short=1)])
    )
    told = [one.text for one in show_sureness(figures, Opinions())]
    assert told[2].replace("\u00a0", " ") == (
        "What the last steps of security cost is not known. "
        "What 5 % more missing would save is not proven."
    )


@pytest.mark.parametrize("proof", ["proven", "money open"])
def test_a_plan_that_gives_up_security_is_not_called_the_safest(proof):
    figures = make_two(
        certainty=Certainty(proof, 5.0, (), given_up=0.0025),
        security=make_security([make_need(short=1)]),
    )
    told = [one.text.replace("\u00a0", " ") for one in show_sureness(figures, Opinions())][1]
    assert "o plan leaves less missing" not in told
    assert ("at most 0.25 % more than the least missing" in told) is (proof == "proven")
    assert ("as safe that costs up to EUR 5.0 million less" in told) is (proof == "money open")


def make_what_if(name, more, **how) -> WhatIf:
    told = {"changes": (), "leavers": "", "missing_of_all": 0.1, "more_missing": 0.009, **how}
    return WhatIf(
        name, (), net_at_start=100.0, more=more, base_net=100.0, base_missing=0.091,
        status="optimal", is_simplified=False, **told,
    )  # fmt: skip


def test_the_two_dearest_what_ifs_are_told_by_names_and_never_by_codes(monkeypatch):
    change = Change("requirements", "A, LAND", "level", 10.0, 13.0)
    asked = (
        make_what_if("A +30 %", 250.0, changes=(change,)),
        make_what_if("dearer arms", 90.0, more_missing=None),
        make_what_if("cheaper arms", -500.0),
        make_what_if("a war of words", 20.0),
        make_what_if("Bruma leaves", 900.0, leavers="Bruma"),
    )
    monkeypatch.setattr(Opinions, "what_ifs", asked)
    figures = make_two(security=make_security([make_need()]), undertakings=())
    figures.view.names = {}
    (told,) = (
        one.text for one in show_sureness(figures, Opinions()) if one.text.startswith("If things")
    )
    assert told.replace("\u00a0", " ") == (
        "If things go worse. Threat A larger by 30 %: +EUR 0.25 billion, missing +0.9 points. "
        "dearer arms: +EUR 90 million."
    )


@pytest.mark.parametrize(
    ("proof", "said"),
    [("money open", "The cost is not proven. "), ("all open", "Not proven. ")],
)
def test_what_is_not_proven_is_not_called_so(proof, said):
    figures = make_two(certainty=Certainty(proof, 5.0, ()), security=make_security([make_need()]))
    told = [one.text for one in show_sureness(figures, Opinions())]
    assert told[1].startswith(said)
    assert not any(text.startswith("Proven") for text in told)


@pytest.mark.parametrize("book", ["met", "short"])
def test_every_number_of_the_page_is_that_of_its_figure(book, request):
    plan, baseline = request.getfixturevalue(book)
    figures = PlanFigures(PlanView(plan, baseline))
    lines = list_lines(figures)
    assert len({line.name for line in lines}) == len(lines)
    page = show_decision(figures, Opinions())
    cited = 0
    for table in (one for one in page.tables if isinstance(one, Table)):
        for cell in (cell for row in table.rows for cell in row if isinstance(cell, Formula)):
            line = lines[cell.cells[0].row]
            assert cell.value == (-line.value if cell.text == "-{0}" else line.value)
            cited += 1
    assert cited >= len(plan.coalition) + len(figures.security.worst)
    total = find_table(page, "payments")[-1]
    assert total["cash"] == pytest.approx(
        sum(plan.quantities.costs.values()) + figures.money.residual_value
    )


@pytest.mark.parametrize("book", ["met", "short"])
def test_parts_of_figures_add_up(book, request):
    plan, baseline = request.getfixturevalue(book)
    lines = {line.name: line for line in list_lines(PlanFigures(PlanView(plan, baseline)))}
    sums = [line for line in lines.values() if line.parts]
    assert sums
    for line in sums:
        assert line.value == pytest.approx(sum(lines[part].value for part in line.parts))

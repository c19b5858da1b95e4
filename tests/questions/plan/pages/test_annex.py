"""A member's page: its title by rules, its figures, and that it adds up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_alliance import CODE_LIKE, make_facts

from cssopt.document.document import Note, Table
from cssopt.questions.plan.figures.payers import Payer, Payers
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.security import NeedFigures, Security
from cssopt.questions.plan.opinions import Opinions, Range, Ranges
from cssopt.questions.plan.pages.annex import (
    _draw_cash,
    _show_range,
    name_annex,
    show_annexes,
    tell_alone,
    tell_together,
    title_annex,
)
from cssopt.questions.plan.show import show_plan
from cssopt.questions.plan.view import PlanView

SPACE = "\u00a0"


def payer(**changes):
    """A member that pays 3,000 in two years, half of its ceiling; 400 more than alone."""
    one = Payer(
        "A", "Arland", {2030: 1000, 2031: 2000}, {2030: 1e5, 2031: 1e5}, {2030: 3000, 2031: 3000},
        common=0.0, net_at_start=2500.0, alone=2100.0, equal=2000.0, worst_alone=0.0,
    )  # fmt: skip
    return replace(one, **changes)


def title(one, others=1, **doubts):
    payers = Payers((one,) * (1 + others), one, **doubts)
    return title_annex(one, payers, 2, "EUR").replace(SPACE, " ")


def test_the_title_says_what_is_paid_of_which_ceiling_and_against_alone():
    begins = "Arland pays EUR 3.0 billion in two years, 50 % of its ceiling"
    assert title(payer()) == f"{begins}, and net EUR 0.40 billion more than alone"
    assert title(payer(alone=3500.0)) == f"{begins}, and net EUR 1.0 billion less than alone"
    assert title(payer(alone=2500.2)) == f"{begins}, and net as much as alone"


def test_the_title_without_a_ceiling():
    begins = "Arland pays EUR 3.0 billion in two years"
    free = payer(ceiling_by_year={})
    assert title(free) == f"{begins}, and net EUR 0.40 billion more than alone"
    assert (
        title(replace(free, alone=3500.0)) == f"{begins}, and net EUR 1.0 billion less than alone"
    )
    assert title(replace(free, alone=2500.0)) == f"{begins}, and net as much as alone"
    assert title(replace(free, alone=None)) == f"{begins}; it has no ceiling"


def test_the_title_names_the_years_of_a_ceiling_that_does_not_hold_in_all():
    """Else 3,000 would be read as half of a ceiling of 2,000, of which 1,000 are paid in 2030."""
    begins = "Arland pays EUR 3.0 billion in two years, 50 % of its ceiling of 2030"
    part = payer(ceiling_by_year={2030: 2000})
    assert title(part) == f"{begins}, and net EUR 0.40 billion more than alone"
    assert title(replace(part, alone=None)) == begins


def test_the_title_compares_only_what_can_be_told():
    begins = "Arland pays EUR 3.0 billion in two years, 50 % of its ceiling"
    assert title(payer(alone=None)) == begins
    assert title(payer(), others=0) == begins
    assert title(payer(), doubt_against_alone=500.0) == begins
    assert title(payer(), doubt_against_alone=300.0) != begins


def test_the_title_of_one_that_pays_nothing():
    nothing = payer(cash_by_year={2030: 0.0, 2031: 0.0})
    assert title(nothing) == "Arland pays nothing in this plan"


def need(year, asked, short):
    return NeedFigures(
        ("k", "c", 0.0, year), "k", "Threat", "c", "Kind", 0.0, "Kind", year, "power", 1.0,
        *(asked, 0.0, 0.0, 0.0, 0.0, asked, asked - short, 0.0, 0.0, short),
    )  # fmt: skip


def test_its_security_together():
    def tell(*shorts):
        needs = tuple(need(2030 + n, 10.0, short) for n, short in enumerate(shorts))
        return tell_together(Security(needs, {"k": "Threat"}, (2030, 2031))).replace(SPACE, " ")

    assert tell(0, 0) == "In this plan all its needs are met in every year."
    assert tell(0, 0.004) == "In this plan all its needs are met in every year."
    assert tell(6, 0) == (
        "In this plan all its needs are met from 2031; until then up to 60 % of one is missing."
    )
    assert tell(2, 5) == (
        "In this plan some of its needs are missing to the end, up to 50 % of one."
    )
    assert tell() == "No need is its own."


def test_its_security_alone():
    assert tell_alone(payer()) == "Alone it could meet all its needs."
    told = tell_alone(payer(worst_alone=0.2)).replace(SPACE, " ")
    assert told == "Alone, up to 20 % of a need would be missing."
    assert tell_alone(payer(worst_alone=None)) == "What would be missing alone is not known."


def test_members_of_one_name_have_pages_of_their_own():
    assert [name_annex(["Ruritania", "Ruritania"], n) for n in (0, 1)] == [
        "Annex 1: Ruritania", "Annex 2: Ruritania",
    ]  # fmt: skip
    assert name_annex(["Ruritania", "Syldavia"], 1) == "Annex: Syldavia"


def test_cash_is_drawn_below_a_line_where_ceilings_are_one_number_else_as_a_share_of_them(short):
    figures = PlanFigures(PlanView(*short))

    def draw(**ceilings):
        return _draw_cash(figures, payer(**ceilings), "t")

    one = draw()
    assert (one.series, dict(one.line_at)) == (("cash",), {"its ceiling": 3000})
    differ = draw(ceiling_by_year={2030: 3000, 2031: 4000})
    assert (differ.series, dict(differ.line_at)) == (("of_ceiling",), {"its ceiling": 1.0})
    none = draw(ceiling_by_year={})
    assert (none.series, dict(none.line_at)) == (("cash",), {})


def test_what_is_open_to_negotiation_is_told_where_it_was_asked(short):
    figures, one = PlanFigures(PlanView(*short)), payer()
    untold = _show_range(figures, None, one)
    assert (untold.value, untold.remark) == ("not asked in this run", "`cssopt alternatives BOOK`")
    found = {("A",): Range(("A",), 2500.0, 2100.4, 2900.6, "", True)}
    told = _show_range(figures, Ranges(0.01, found, {}, 5000.0, False), one)
    assert told.value == "2,100 to 2,901"
    assert "at most 1\u00a0% more" in told.remark
    assert "simplified" not in told.remark
    rough = _show_range(figures, Ranges(0.01, found, {}, 5000.0, True), one)
    assert "simplified" in rough.remark


@pytest.fixture
def annexes(short):
    """Of ALF, which has three units, and BEL, which has none; five are needed in each year."""
    return list(show_annexes(PlanFigures(PlanView(*short)), Opinions()))


def test_its_money_adds_up_to_its_cash(annexes):
    for sheet in annexes:
        table = next(t for t in sheet.tables if t.name.startswith("annex_money"))
        amounts = dict(zip(table.column("purpose"), table.column("cash"), strict=True))
        *purposes, cash, _, _ = amounts.values()
        assert amounts["Cash"] == cash == pytest.approx(sum(purposes))
        by_year = next(t for t in sheet.tables if t.name.startswith("annex_cash"))
        assert sum(by_year.column("cash")) == pytest.approx(cash)


def test_its_forces_and_decisions_are_those_of_the_plan(annexes, short):
    """ALF keeps its three units. The two that are missing are ordered in 2027, 10 million each."""
    ordered = dict(short[0].quantities.find("orders").keyed())
    for sheet, party in zip(annexes, ("ALF", "BEL"), strict=True):
        units = sum(n for (m, _, _), n in ordered.items() if m == party)
        points = [b.text for b in sheet.flat if isinstance(b, Note) and b.is_point]
        assert any(t.startswith("2027: order ") for t in points) == (units > 0.05), points
        assert not any("give up" in text for text in points)
    assert sum(ordered.values()) == pytest.approx(2)


def test_hostile_names_stand_in_it_as_they_are(annexes):
    assert CODE_LIKE["ALF"] in annexes[0].finding
    names = [table.name for sheet in annexes for table in sheet.tables]
    assert all(name.replace("_", "").isalnum() for name in names)


def test_a_plan_without_members_alone_and_one_of_a_single_member(met):
    document = show_plan(met[0], None, make_facts())
    sheet = next(s for s in document.sheets if s.name == f"Annex: {CODE_LIKE['ALF']}")
    tiles = next(t for t in sheet.tables if not isinstance(t, Table))
    assert "alone: not known" in tiles.pairs[1].remark
    assert "alone" not in sheet.finding

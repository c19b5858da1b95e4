"""Page 11: what is proven, what the last steps of security cost, and how open the split is."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from made_holdings import make_figures, plain

from cssopt.document.document import Chart, Note, Table
from cssopt.questions.plan.figures.certainty import Certainty, LastStep
from cssopt.questions.plan.opinions import Front, FrontPoint, Opinions, Range, Ranges
from cssopt.questions.plan.pages.finding import tell_proven
from cssopt.questions.plan.pages.sure import (
    are_dear,
    find_finding,
    show_sure,
    tell_shape,
    thin_out,
)

PAYERS = SimpleNamespace(
    each=[SimpleNamespace(party=party, name=f"Member {party}") for party in "ABC"]
)
MONEY = SimpleNamespace(net_at_start=1000.0)
SHORT = SimpleNamespace(missing_of_all=0.1, short=["a need"])
MET = SimpleNamespace(missing_of_all=0.0, short=[])


def step(share, of_net, *, is_proven=True):
    return LastStep(share, 0.1 * (1 + share), 1000 * (1 - of_net), 1000 * of_net, of_net, is_proven)


def figures(proof="proven", steps=(), doubt=0.0, given_up=0.0, **more):
    certainty = Certainty(proof, doubt, tuple(steps), given_up=given_up)
    parts = {"payers": PAYERS, "money": MONEY, "security": SHORT, **more}
    return make_figures(certainty=certainty, **parts)


def ranges(*widths, is_simplified=False):
    """Of three members that bear 100 each: 1 % more in all is 3."""
    burden = {
        (party,): Range((party,), 100.0, 100.0 - width / 2, 100.0 + width / 2, "at least", True)
        for party, width in zip("ABC", widths, strict=True)
    }
    return Ranges(0.01, burden, {}, 300.0, is_simplified)


def title(found=None, **how):
    return plain(find_finding(figures(**how), found))


@pytest.mark.parametrize(
    ("proof", "told"),
    [
        ("proven", "The total is proven"),
        ("money open", "NOT PROVEN: another plan may cost up to EUR 25 million less"),
        ("interrupted", "NOT PROVEN: the search was interrupted"),
        ("all open", "NOT PROVEN: how much better another plan could be is not known"),
    ],
)
def test_the_title_says_how_far_it_is_proven(proof, told):
    assert title(proof=proof, doubt=25.0) == told


def test_what_is_proven_of_a_plan_that_was_given_is_not_said_of_all_plans():
    of_all = figures().certainty
    assert "no plan leaves less missing" in tell_proven(of_all)
    told = tell_proven(replace(of_all, is_least=False))
    assert told.endswith("Another one may leave less missing.")


def test_the_title_says_first_that_the_audit_failed():
    assert title(verdict=("a rule",)) == "THE AUDIT FAILED; The total is proven"


def test_the_title_says_whether_the_last_steps_are_dear():
    cheap, dear = [step(0.01, 0.006), step(0.05, 0.022)], [step(0.01, 0.006), step(0.05, 0.07)]
    begins = "The total is proven; the last steps of security are"
    assert title(steps=cheap) == f"{begins} not unusually dear"
    assert title(steps=dear) == f"{begins} dear"


def test_steps_are_dear_where_they_save_a_larger_share_than_they_give_up():
    assert are_dear([step(0.01, 0.0101)])
    assert not are_dear([step(0.01, 0.0099)])
    assert not are_dear([step(0.001, 0.01)])


def test_the_title_says_how_open_the_split_is():
    assert title(ranges(6, 6, 6)).endswith("; who carries how much is firm too")
    assert title(ranges(7, 0, 0)).endswith("; how much is carried by Member A is open")
    assert title(ranges(7, 0, 9)).endswith("; who carries how much is wide open")
    assert title(ranges(7, 9, 9, is_simplified=True)).endswith("is wide open*")


def opinions(front=None, found=None):
    return type("Asked", (Opinions,), {"front": front, "ranges": found})()


def show(front=None, found=None, **how):
    sheet = show_sure(figures(**how), opinions(front, found))
    tables = {block.name: block for block in sheet.flat if isinstance(block, Table)}
    return sheet, tables, [plain(b.text) for b in sheet.flat if isinstance(b, Note)]


def test_what_was_not_asked_says_which_command_asks_it():
    _, tables, notes = show()
    assert not tables
    for command in ("compare BOOK", "frontier BOOK --trade shortfall", "alternatives BOOK"):
        assert f"not asked in this run: cssopt {command}" in notes


def test_there_is_no_last_step_where_nothing_is_missing_or_proven():
    told = "Nothing is missing in this plan: there is no last step to compare."
    assert told in show(security=MET)[2]
    assert "Not worked out, as this plan itself is not proven." in show(proof="all open")[2]


def test_the_last_steps_stand_below_the_plan_with_their_signs():
    steps = [step(0.001, 0.002), step(0.05, 0.02, is_proven=False), step(0.1, float("nan"))]
    table = show(steps=steps)[1]["last_steps"]
    rows = [tuple(plain(cell) if isinstance(cell, str) else cell for cell in row)
            for row in table.rows]  # fmt: skip
    assert rows[0] == ("This plan: the least that can be missing", 0.1, 1000.0, None, None)
    assert rows[1][0] == "0.1 % more missing than the least"
    assert rows[1][1:] == pytest.approx((0.1001, 998.0, -2.0, -0.002))
    assert rows[2][0] == "5 % more missing than the least (not proven)"
    assert rows[3][2:] == (None, None, None)
    assert table.marks == {(2, "allowed"): "warn"}


def test_a_plan_that_gives_up_security_stands_between_the_least_and_others():
    steps = [step(0.0, -0.1), step(0.0035, 0.01)]
    _, tables, notes = show(steps=steps, given_up=0.0025)
    assert [plain(row[0]) for row in tables["last_steps"].rows] == [
        "This plan: at most 0.25 % more missing than the least",
        "The least that can be missing",
        "0.35 % more missing than the least",
    ]
    assert [row[3] for row in tables["last_steps"].rows] == [None, 100.0, -10.0]
    assert any("at most 0.25 % more than the least missing" in note for note in notes)
    assert not any("no plan leaves less missing" in note for note in notes)


def make_front(*points, is_simplified=False):
    return Front(tuple(FrontPoint(x, y, True) for x, y in points), is_simplified)


def test_the_shape_of_a_front_in_words():
    bent = make_front((0, 10), (200, 6), (300, 5.0), (1000, 0))
    straight = make_front((0, 10), (500, 5), (1000, 0), is_simplified=True)
    assert plain(tell_shape(bent)).endswith("can be bought takes 30 % of the net cost.")
    assert tell_shape(bent).startswith("The first money buys most")
    assert tell_shape(straight).startswith("The last money buys no less than the first")
    assert "50 % of the net cost*" in plain(tell_shape(straight))


def test_a_front_of_many_points_is_thinned_out_between_both_ends():
    front = make_front(*((n, 1000 - n) for n in range(1001)))
    points = thin_out(front)
    assert [point.net_at_start for point in points] == [round(1000 * n / 11) for n in range(12)]


def test_a_front_is_drawn_as_shares_of_what_the_cheapest_plan_leaves_missing():
    front = make_front((0, 80), (1000, 20))
    alone = SimpleNamespace(has_plan=True, pooled_expenditure=700.0, missing_share=16.0)
    baseline = SimpleNamespace(alone={"A": alone, "B": alone}, equal=None)
    sheet, tables, _ = show(front, missing_share=20.0, baseline=baseline)
    assert tables["what_money_buys"].rows == (
        (0, 1.0, None, None),
        (1000, 0.25, None, None),
        (1000.0, None, 0.25, None),
        (1400.0, None, None, 0.4),
    )
    chart = next(block for block in sheet.flat if isinstance(block, Chart))
    assert chart.series == ("front", "this_plan", "separate")


def test_a_front_of_one_point_is_told_in_words():
    sheet, tables, notes = show(make_front((1000, 0)))
    assert "Money buys no more security here: one plan is the best in both." in notes
    assert not sheet.charts
    assert not tables


def test_a_plan_of_a_front_that_is_not_proven_is_told():
    front = Front((FrontPoint(0, 9, True), FrontPoint(9, 1, False)), False)
    assert "Not all of these plans are proven." in show(front)[2]


def test_of_many_members_the_widest_ranges_are_drawn():
    parties = [f"M{n}" for n in range(12)]
    payers = SimpleNamespace(each=[SimpleNamespace(party=p, name=p) for p in parties])
    burden = {(p,): Range((p,), 9, 9.0 - n, 9.0 + n, "free", True) for n, p in enumerate(parties)}
    _, tables, _ = show(None, Ranges(0.01, burden, {}, 108.0, False), payers=payers)
    assert tables["open_burden"].column("who") == parties[3:]
    assert tables["open_burden_of_others"].column("who") == parties[:3]


def test_what_is_certain_is_counted():
    verdicts = {"A": "certain", "B": "free", "C": "free", "D": "open"}
    units = {(p, "T"): Range((p, "T"), 1, 1, 1, told, True) for p, told in verdicts.items()}
    found = replace(ranges(0, 0, 0), units=units)
    notes = show(None, found)[2]
    assert "2: may be held or not; who holds it is free" in notes
    assert "1: the same number of units in every plan" in notes
    assert "1: not known, the search ended before the proof" in notes

"""The page of what acting together saves, and what that is spent on."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
from made_figures import (
    find_chart,
    find_table,
    make_figures,
    make_need,
    make_payer,
    make_payers,
    make_security,
    read_notes,
)

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import Link, load_study
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.together import (
    find_finding,
    join_links,
    list_steps,
    show_together,
    tell_missing,
)
from cssopt.solution.baseline import LedgerLine, SavingRange

SECURITY = make_security([make_need(short=1.0)], of_alone=0.36, of_equal=0.37)


def make_two(alone=(3000.0, 2000.0), equal=(1500.0, 1000.0), net=(2500.0, 1500.0), **doubts):
    """Two members: what they cost alone, as safe as alone, and in this plan."""
    each = [
        make_payer(name, [1.0], net=net[n], alone=alone[n], equal=equal[n], worst_alone=worst)
        for n, (name, worst) in enumerate([("Arland", 0.0), ("Bruma", 0.2)])
    ]
    return make_payers(*each, **doubts)


TOGETHER = "Together the members could be as safe as alone for EUR\u00a02.5\u00a0billion less"


@pytest.mark.parametrize(
    ("payers", "finding"),
    [
        (
            make_two(),
            f"{TOGETHER}; the plan spends 1.5\u00a0billion of that on more security",
        ),
        # More than is saved cannot be spent "of that".
        (
            make_two(net=(4000.0, 1500.0)),
            f"{TOGETHER}; the plan spends 3.0\u00a0billion on more security",
        ),
        (
            make_two(net=(1500.0, 1000.0)),
            f"{TOGETHER}; this plan spends nothing on more security",
        ),
        (
            make_two(net=(1400.0, 900.0)),
            f"{TOGETHER}; this plan costs 0.20\u00a0billion less still",
        ),
        (
            make_two(equal=(3000.0, 2100.0), net=(3000.0, 2100.0)),
            "Together the members are as safe as alone for EUR\u00a00.10\u00a0billion more; "
            "this plan spends nothing on more security",
        ),
        (
            make_two(equal=(3000.0, 2000.0), net=(3000.0, 2000.0)),
            "Together the members are as safe as alone for the same money; "
            "this plan spends nothing on more security",
        ),
        (
            make_two(doubt_of_saving=500.0),
            "Together the members could be as safe as alone for "
            "EUR\u00a02.0\u00a0billion to EUR\u00a03.0\u00a0billion less; the plan spends "
            "1.5\u00a0billion of that on more security",
        ),
        (
            make_two(doubt_of_saving=2600.0),
            "Whether acting together saves anything is not proven: no difference told",
        ),
        (
            make_two(doubt_of_saving=math.inf),
            "Whether acting together saves anything is not proven: no difference told",
        ),
        (
            make_two(doubt_of_more=1600.0),
            f"{TOGETHER}; what more security costs is not proven",
        ),
        (
            make_two(alone=(3000.0, None)),
            "No plan was found for Bruma alone: what acting together saves cannot be told",
        ),
        (
            make_two(equal=(None, None)),
            "No plan as safe as alone was found: what acting together saves cannot be told",
        ),
        (
            make_payers(make_payer("Arland", [1.0], alone=1.0, equal=1.0)),
            "Arland plans alone: nothing is done together",
        ),
    ],
)
def test_the_title_tells_what_is_saved_and_what_it_is_spent_on(payers, finding):
    assert find_finding(payers, "EUR", is_asked=True) == finding


def test_what_was_not_asked_says_which_command_asks_it():
    page = show_together(make_figures(payers=make_two(), security=SECURITY), Opinions())
    assert page.finding == "What acting together saves was not asked in this run"
    assert "not asked in this run: cssopt compare BOOK" in read_notes(page)
    assert not page.tables


def make_page(payers=None, links=(), study_links=(), found=None):
    baseline = SimpleNamespace(links=links, range=found)
    payers = make_two() if payers is None else payers
    figures = make_figures(
        payers=payers, security=SECURITY, baseline=baseline, study_links=study_links
    )
    return show_together(figures, Opinions())


def test_each_member_from_alone_to_this_plan():
    arland, bruma, together = find_table(make_page(), "together_by_member")
    for row in (arland, bruma, together):
        assert row["alone"] + row["saving"] + row["more_security"] == row["this_plan"]
        assert row["alone"] + row["saving"] == row["as_safe"]
        assert row["this_plan"] - row["alone"] == row["against_alone"]
    assert (arland["missing_alone"], bruma["missing_alone"]) == ("none", "up to 20\u00a0%")
    assert (together["saving"], together["more_security"]) == (-2500, 1500)


def test_who_pays_more_than_alone_is_marked():
    page = make_page(make_two(net=(3500.0, 1000.0)))
    table = next(one for one in page.tables if one.name == "together_by_member")
    assert table.marks == {
        (0, "against_alone"): "more",
        (1, "against_alone"): "less",
        (2, "against_alone"): "less",
    }


def test_a_difference_that_is_not_proven_is_not_told():
    rows = find_table(make_page(make_two(doubt_against_alone=800.0)), "together_by_member")
    # Arland pays 500 less than alone, Bruma 500, both 1,000.
    assert [row["against_alone"] for row in rows] == [*["no difference told"] * 2, -1000]
    rows = find_table(make_page(make_two(doubt_of_saving=math.inf)), "together_by_member")
    assert {row["saving"] for row in rows} == {"no difference told"}


def test_steps_run_from_separate_defences_to_this_plan():
    links = [("Needs met once", 3500.0), ("Lending", 2400.0), ("Bodies", 2500.0)]
    steps = list_steps(make_two(), links)
    told = [(step.name, step.amount) for step in steps if not step.is_total]
    assert told == [
        ("Needs met once", -1500),
        ("Lending", -1100),
        ("Bodies", 100),
        ("More security than alone", 1500),
    ]
    level = 0.0
    for step in steps:
        if step.is_total and level:
            assert level == step.amount
        level = step.amount if step.is_total else level + step.amount
    assert [step.name for step in steps if step.is_total] == [
        "Two separate defences",
        "Together, as safe as alone",
        "This plan",
    ]


def test_steps_that_do_not_reach_the_whole_say_what_is_left():
    steps = list_steps(make_two(), [("Needs met once", 3500.0)])
    assert [(step.name, step.amount) for step in steps[1:3]] == [
        ("Needs met once", -1500),
        ("All that is not told apart", -1000),
    ]


def test_without_links_the_saving_is_one_step_and_the_command_is_named():
    page = make_page()
    rows = find_table(page, "steps_together")
    assert [row["amount"] for row in rows] == [5000, -2500, 2500, 1500, 4000]
    assert find_chart(page, "waterfall").totals == (0, 2, 4)
    assert "is not asked in this run: cssopt compare BOOK" in read_notes(page)


def test_without_a_saving_there_are_no_steps():
    assert list_steps(make_two(doubt_of_saving=math.inf), []) == []
    assert [table.name for table in make_page(make_two(equal=(None, None))).tables] == [
        "together_by_member"
    ]


def test_more_security_that_is_not_proven_is_no_step():
    steps = list_steps(make_two(doubt_of_more=math.inf), [])
    assert [step.name for step in steps][-2:] == ["Together, as safe as alone", "This plan"]


def test_links_have_the_plain_words_of_the_study():
    lines = (
        LedgerLine("every member alone", 5000.0, 0.0),
        LedgerLine("overlapping needs met once", 3500.0, 1500.0),
        LedgerLine("pooling charged", 2500.0, 1000.0),
    )
    study = (Link("pooling charged", (), says="Lending each other forces"),)
    rows = find_table(make_page(links=lines, study_links=study), "steps_together")
    assert [row["step"] for row in rows[1:3]] == [
        "Overlapping needs met once",
        "Lending each other forces",
    ]
    assert [row["amount"] for row in rows[1:3]] == [-1500, -1000]


def test_every_link_of_the_standard_study_has_plain_words():
    links = load_study("pooled", find_model_folders()).links
    assert links
    assert all(link.says and link.says != link.name for link in links)


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ([("a", 9.0, 1.0), ("b", 8.0, 1.0)], [("A", 9.0), ("Bee", 8.0)]),
        # What is not told apart from the one before is one with the next.
        ([("a", 9.0, math.nan), ("b", 8.0, 1.0)], [("A and Bee", 8.0)]),
        ([("a", 9.0, 1.0), ("b", 8.9, math.nan)], [("A and Bee", 8.9)]),
        ([("a", 9.0, math.nan), ("b", 8.9, math.nan)], [("A and Bee", 8.9)]),
        ([("a + b", 8.0, 2.0)], [("A and Bee", 8.0)]),
    ],
)
def test_links_that_are_not_told_apart_are_one(lines, joined):
    assert join_links([LedgerLine(*line) for line in lines], {"b": "Bee"}) == joined


def test_it_tells_what_separate_defences_leave_missing_and_who_cannot_meet_its_needs():
    told = read_notes(make_page())
    assert "Two separate defences leave 36\u00a0% of their needs missing." in told
    assert "Bruma cannot meet all of its needs alone." in told
    assert "As safe as alone keeps it at that: 37\u00a0% of the needs, each counted once." in told
    assert "This plan leaves 10\u00a0% of all needs missing." in told


def test_a_plan_that_meets_all_leaves_nothing_missing():
    met = make_security([make_need()], of_alone=0.36, of_equal=0.37)
    assert "This plan leaves nothing missing." in list(tell_missing(make_two(), met))


def test_a_small_part_of_all_that_is_missing_is_not_told_as_nothing():
    # A tenth of a need that counts for a thousandth of all.
    needs = [make_need(short=1.0, weight=0.001), make_need(threat="B", weight=0.999)]
    told = list(tell_missing(make_two(), make_security(needs, of_alone=0.36, of_equal=0.37)))
    assert told[-1] == "This plan leaves <0.1\u00a0% of all needs missing."


def test_the_range_of_the_saving_is_told_where_it_was_asked():
    told = read_notes(make_page(found=SavingRange(2000.0, 2600.0)))
    assert "lies between EUR\u00a02.0\u00a0billion and EUR\u00a02.6\u00a0billion." in told
    assert "lies between" not in read_notes(make_page(found=SavingRange(math.nan, math.nan)))


def test_one_member_has_nothing_to_be_compared_with():
    payers = make_payers(make_payer("Arland", [1.0], alone=1.0, equal=1.0))
    page = make_page(payers)
    assert not page.tables
    assert "nothing to be compared with" in read_notes(page)

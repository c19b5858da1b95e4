"""The head of the decision page: a branch of its title for every way in which threats are met."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from made_figures import (
    YEARS,
    make_entry,
    make_figures,
    make_money,
    make_need,
    make_payer,
    make_payers,
    make_security,
)

from cssopt.questions.plan.figures.causes import Cause
from cssopt.questions.plan.figures.certainty import Certainty
from cssopt.questions.plan.pages.decision import tell_no_plan, title_no_plan
from cssopt.questions.plan.pages.decision_title import (
    list_boxes,
    make_lead,
    tell_met,
    title_decision,
)
from cssopt.questions.plan.pages.stretches import fill, slot
from cssopt.solution.verdicts import Broken
from cssopt.solve.outcome import Status

BROKEN = (Broken("orders.at_least", "A", 1.0, "1 <= 0"),)


def make_needs(short, capability="LAND"):
    """Needs of 10 against threats by letter; of each year what is missing."""
    return [
        make_need(year, threat, capability, short=missing)
        for threat, row in short.items()
        for year, missing in zip(YEARS, row, strict=True)
        if missing is not None
    ]


@pytest.mark.parametrize(
    ("short", "title"),
    [
        ({"A": [0, 0, 0]}, "The only threat is met in every year"),
        ({letter: [0, 0, 0] for letter in "ABCD"}, "All four threats are met in every year"),
        (
            {"A": [0, 2, 0], "B": [0, 0, 0], "C": [0, 0, 0]},
            "All three threats are met from 2029 on; until then Land combat is missing",
        ),
        ({"A": [0, 0, 0], "B": [0, 0, 0]}, "Both threats are met in every year"),
        (
            {"A": [3, 0, 0]},
            "The only threat is met from 2028 on; until then Land combat is missing",
        ),
        (
            {"A": [3, 3, 0], "B": [0, 0, 0]},
            "Both threats are met from 2029 on; until then Land combat is missing",
        ),
        ({"A": [3, 3, 3]}, "The only threat is never fully met"),
        ({"A": [3, 3, 3], "B": [1, 1, 1]}, "None of the two threats is ever fully met"),
        ({"A": [3, 3, 3], "B": [0, 0, 0]}, "One of two threats is never fully met"),
        (
            {"A": [3, 3, 3], "B": [1, 1, 1], "C": [0, 0, 0]},
            "Two of three threats are never fully met",
        ),
        # Met in between, but not at the end.
        ({"A": [3, 0, 3]}, "The only threat is not fully met in 2029"),
        ({"A": [3, 0, 3], "B": [0, 0, 0]}, "One of two threats is not fully met in 2029"),
        ({"A": [0, 0, 3], "B": [0, 0, 1]}, "None of the two threats is fully met in 2029"),
        # A threat that asks only where it is not met is never met, whatever holds later on.
        ({"A": [3, None, None], "B": [0, 0, 0]}, "One of two threats is never fully met"),
        # 0.04 % of a need is written as met everywhere.
        ({"A": [0.004, 0, 0]}, "The only threat is met in every year"),
    ],
)
def test_the_title_tells_how_many_threats_are_met(short, title):
    assert tell_met(make_security(make_needs(short))) == title


def test_nothing_needed_is_nothing_met():
    assert tell_met(make_security([make_need(typed=0.0)])) == "Nothing is needed against any threat"


def test_the_title_names_two_capabilities_by_what_is_missing_of_them():
    needs = make_needs({"A": [1, 0, 0]}) + make_needs({"A": [5, 0, 0]}, "AIR")
    assert tell_met(make_security(needs)).endswith(
        "until then Air defence and Land combat are missing"
    )


def make_all(short=(0, 0, 0), *, relaxed=False, audit=None, **parts):
    """Figures of two members, of whom all is told that the head reads."""
    passed = SimpleNamespace(passed=True, failures=(), not_audited=())
    payers = parts.pop("payers", None) or make_payers(
        make_payer("Arland", [10, 10, 10], net=25.0, alone=40.0, equal=20.0),
        make_payer("Bruma", [20, 20, 20], net=50.0, alone=45.0, equal=40.0),
    )
    parts = {
        "security": make_security(make_needs({"A": list(short)}), of_alone=0.36),
        "money": make_money([make_entry("pay", "running", (30, 30, 30))]),
        **parts,
    }
    figures = make_figures(payers=payers, **parts)
    plan = figures.view.plan
    plan.study.relaxed, plan.audit = relaxed, passed if audit is None else audit
    return figures


@pytest.mark.parametrize(
    ("how", "begins"),
    [
        ({}, "The only threat"),
        ({"relaxed": True}, "SIMPLIFIED PLAN: The only threat"),
        ({"certainty": Certainty("money open", 5.0, ())}, "NOT PROVEN: The only threat"),
        ({"certainty": Certainty("interrupted", 5.0, ())}, "NOT PROVEN: The only threat"),
        ({"verdict": BROKEN}, "THE AUDIT FAILED: The only threat"),
    ],
)
def test_what_must_be_known_first_begins_the_title(how, begins):
    assert title_decision(make_all(**how)).startswith(begins)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (
            {"certainty": Certainty("money open", 5.0, ())},
            "Not proven: a limit ended the search. A plan as safe may cost up to "
            "EUR\u00a05.0\u00a0million less.",
        ),
        ({"certainty": Certainty("interrupted", 0.0, ())}, "the search was interrupted"),
        ({"certainty": Certainty("all open", float("inf"), ())}, "is not known"),
        (
            {"certainty": Certainty("all open", float("inf"), (), together=0.097)},
            "What is missing and money counted together, another plan could be up to "
            "9.7\u00a0% better.",
        ),
        ({"relaxed": True}, "parts of whole units are allowed"),
        ({"certainty": Certainty("proven", 0.0, (), 700.0)}, "EUR\u00a00.70\u00a0billion"),
        (
            {"certainty": Certainty("proven", 0.0, (), given_up=0.0025)},
            "Not the safest plan: to save money it may leave up to 0.25\u00a0% more missing",
        ),
        (
            {"audit": SimpleNamespace(passed=False, failures=(1, 2), not_audited=())},
            "The audit failed: the plan breaks 2 rules. Do not use it.",
        ),
        (
            {"audit": SimpleNamespace(passed=True, failures=(), not_audited=("x",))},
            "NOT AUDITED: x. 1 kind of rule could not be checked.",
        ),
    ],
)
def test_a_box_stands_above_the_title(how, said):
    (box,) = list_boxes(make_all(**how))
    assert said in box


def test_after_an_interruption_it_is_told_how_much_better_a_plan_could_be():
    doubt = Certainty("interrupted", float("inf"), (), together=0.042)
    interrupted, better = list_boxes(make_all(certainty=doubt))
    assert "the search was interrupted" in interrupted
    assert better == (
        "What is missing and money counted together, another plan could be up to 4.2\u00a0% better."
    )


def test_a_failed_audit_hides_no_rule_that_was_not_audited():
    audit = SimpleNamespace(passed=False, failures=(1,), not_audited=("x", "y", "z", "v"))
    failed, left = list_boxes(make_all(audit=audit))
    assert failed.startswith("The audit failed")
    assert left == "NOT AUDITED: x, y and 2 others. 4 kinds of rules could not be checked."


def test_a_proven_plan_that_was_checked_has_no_box():
    assert not list(list_boxes(make_all()))


def test_a_plan_that_was_not_checked_says_so():
    figures = make_all()
    figures.view.plan.audit = None
    assert list(list_boxes(figures)) == ["This plan was not checked. Do not use it before it is."]


def test_the_sentences_say_why_and_what_it_takes():
    causes = {
        2027: [Cause("treaty", 2027), Cause("arrival", 2027, what=("Frigate",))],
        2028: [Cause("arrival", 2028, what=("Frigate",))],
    }
    lead = make_lead(make_all((5, 4, 0), causes=causes)).text.replace("\u00a0", " ")
    # 9 of three needs of 10 are missing; 90 of a GDP of 6,000; 75 against 85 alone.
    assert lead == (
        "From 2029 yes, before that no: in 2027 the treaty is not in force, each stands alone, "
        "in 2028 what is ordered has not arrived. 30 % of all that is needed in 2027\u201329 is "
        "missing. It takes EUR 90 million of cash, 1.50 % of the members\u2019 GDP. Net and in "
        "2027 value that is EUR 90 million, EUR 10 million less than two separate defenses, which "
        "would leave 36 % missing."
    )


def test_who_stands_in_the_way_in_one_year_is_not_named_for_all():
    causes = {
        2027: [Cause("ratification", 2027, ("Arland", "Bruma"))],
        2028: [Cause("ratification", 2028, ("Bruma",))],
    }
    assert (
        "in 2027\u201328 not all have ratified yet"
        in make_lead(make_all((5, 4, 0), causes=causes)).text
    )
    same = {year: [Cause("ceiling", year, ("Bruma",))] for year in (2027, 2028)}
    assert (
        "in 2027\u201328 Bruma is at its ceiling"
        in make_lead(make_all((5, 4, 0), causes=same)).text
    )


def test_a_ceiling_of_an_earlier_year_is_told_with_whose_it_was():
    before = {year: [Cause("ceiling_before", year, ("Bruma",))] for year in (2027, 2028)}
    lead = make_lead(make_all((5, 4, 0), causes=before)).text
    assert "it counts that Bruma was at its ceiling before." in lead
    before[2028] = [Cause("ceiling_before", 2028, ("Arland",))]
    lead = make_lead(make_all((5, 4, 0), causes=before)).text
    assert "in 2027\u201328 it counts that ceilings were reached before." in lead


def test_a_year_that_is_met_before_another_that_is_not_is_not_said_to_be_short():
    causes = {2028: [Cause("nobody", 2028)], 2030: [Cause("chosen", 2030)]}
    needs = [make_need(year, short=x) for year, x in ((2028, 4.0), (2030, 2.0))]
    security = make_security(needs, years=range(2027, 2032))
    lead = make_lead(make_all(security=security, causes=causes)).text
    assert lead.startswith(
        "From 2031 yes, before that not in every year: in 2028 nobody can do more, in 2030 this "
        "plan leaves it so."
    )


def test_what_is_not_met_to_the_end_says_so():
    causes = {year: [Cause("nobody", year)] for year in YEARS}
    lead = make_lead(make_all((5, 5, 5), causes=causes)).text
    assert lead.startswith("To the end some needs are not met: in 2027\u201329 nobody can do more.")


def test_a_difference_within_what_is_not_proven_is_not_told():
    payers = make_payers(
        make_payer("Arland", [10, 10, 10], net=25.0, alone=40.0),
        make_payer("Bruma", [20, 20, 20], net=50.0, alone=45.0),
        doubt_against_alone=11.0,
    )
    lead = make_lead(make_all(payers=payers)).text
    assert "no difference told to two separate defenses" in lead
    assert "less than" not in lead


def test_a_single_member_is_compared_with_nobody():
    lead = make_lead(
        make_all(payers=make_payers(make_payer("Arland", [30, 30, 30], net=90.0)))
    ).text
    assert "of its GDP" in lead
    assert "separate" not in lead


@pytest.mark.parametrize(
    ("status", "title", "command"),
    [
        (Status.INFEASIBLE, "THERE IS NO PLAN: ", "cssopt diagnose BOOK"),
        (Status.UNBOUNDED, "THERE IS NO PLAN: ", "cssopt check BOOK"),
        (Status.NO_PLAN_YET, "NO PLAN YET: ", "--time-limit"),
        (Status.INTERRUPTED, "NO PLAN YET: ", "cssopt solve BOOK"),
        (Status.ERROR, "THERE IS NO PLAN: ", "sheet Run"),
    ],
)
def test_without_a_plan_the_page_says_why_and_what_to_do(status, title, command):
    assert title_no_plan(status).startswith(title)
    assert command in " ".join(tell_no_plan(status))


def test_names_that_look_like_slots_stay_text():
    spans = fill("a {0} \\1 \ue0009\ue001 b")
    assert "".join(span.text for span in spans) == "a {0} \\1  b"
    assert slot(0) not in "".join(span.text for span in spans)

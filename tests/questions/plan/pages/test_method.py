"""The page on how a plan was found: what the audit came to, and what the plan rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from books import solve_sheets
from small_alliance import make_facts, make_sheets

from cssopt.document.document import Note
from cssopt.document.run_facts import PlanFacts
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.method import show_method, title_method
from cssopt.questions.plan.view import PlanView
from cssopt.solution.audit import FAILED, HOLDS, LEFT_OUT, NOT_AUDITED, Audit, AuditLine
from cssopt.solution.verdicts import Audits, Broken
from cssopt.solve.outcome import Status


def line(result, checks=1):
    return AuditLine("component", "rule", result, checks, 0.0, "", "it is so")


def audit(*lines):
    return Audit(tuple(lines))


def test_the_title_is_what_the_audit_came_to():
    two = audit(line(HOLDS, 700), line(HOLDS, 534))
    assert title_method(two, Audits()) == (
        "The plan keeps all 2 rules, checked 1,234 times without the optimizer"
    )
    one = audit(line(HOLDS, 7))
    assert title_method(one, Audits()) == (
        "The plan keeps its one rule, checked 7 times without the optimizer"
    )


def test_rules_that_are_left_out_or_not_checked_are_not_counted_as_kept():
    some = audit(line(HOLDS, 3), line(HOLDS, 4), line(LEFT_OUT, 0))
    assert "all 2 rules" in title_method(some, Audits())
    silent = audit(line(HOLDS, 3), line(NOT_AUDITED, 0))
    assert title_method(silent, Audits()) == (
        "The plan keeps all rules that were checked; one was not checked"
    )
    silent = audit(line(HOLDS, 3), line(NOT_AUDITED, 0), line(NOT_AUDITED, 0))
    assert "two were not checked" in title_method(silent, Audits())


def test_a_failed_audit_is_told_first():
    one = audit(line(HOLDS), line(FAILED))
    told = title_method(one, Audits())
    assert told == "THE AUDIT FAILED: this plan breaks 1 rule; do not use it"
    several = audit(line(FAILED), line(FAILED))
    assert "breaks 2 rules" in title_method(several, Audits())
    other = Audits(2, 2, (("alone A", (Broken("component.rule", "", 1.0, "1 <= 0"),)),))
    told = title_method(audit(line(HOLDS)), other)
    assert told == "THE AUDIT FAILED for a plan with which this one is compared"


def test_without_an_audit_it_is_said():
    assert "was not checked" in title_method(None, Audits())


@pytest.fixture
def sheet(short):
    facts = make_facts(plan=PlanFacts.of(short[0]), audits=short[0].audits)
    return show_method(PlanFigures(PlanView(*short)), Opinions(), facts)


def list_notes(sheet):
    return [block.text for block in sheet.flat if isinstance(block, Note)]


def test_what_the_plan_rests_on_can_be_read_off(sheet):
    table = next(t for t in sheet.tables if t.name == "method_inputs")
    told = {pair.label: str(pair.value) for pair in table.pairs}
    assert told["Workbook"] == "alliance.xlsx"
    assert told["SHA-256 of the workbook"] == "0123456789abcdef" * 4
    assert told["Money"] == "million EUR, prices of 2026"
    assert told["Years"] == "2027\u20132028"
    assert "25.00\u00a0%" in told["Value of later money"]
    assert "HiGHS" in told["Programs"]
    assert "secret_place" not in str(told)
    assert "inventory!B2: =a warning" in list_notes(sheet)


def test_what_was_made_least_first_and_second(sheet):
    table = next(t for t in sheet.tables if t.name == "method_stages")
    first, second = table.column("aim")
    assert first.startswith("missing part")
    assert second.startswith("net cost")
    assert list_notes(sheet)[1].startswith("First, as little as possible")


def test_a_simplified_plan_says_so(short):
    plan = replace(short[0], study=replace(short[0].study, relaxed=True))
    found = show_method(PlanFigures(PlanView(plan, None)), Opinions(), make_facts())
    assert any("simplified plan" in text for text in list_notes(found))


def test_a_price_of_what_is_missing_says_so():
    plan = solve_sheets(make_sheets(need=5.0, penalty=1000.0))
    found = show_method(PlanFigures(PlanView(plan, None)), Opinions(), make_facts())
    told = next(text for text in list_notes(found) if "has a price" in text)
    assert "EUR\u00a01.0\u00a0billion" in told


def test_where_there_is_no_plan_it_says_so_and_what_was_asked():
    plan = solve_sheets(make_sheets(need=50.0), "strict")
    facts = make_facts(plan=PlanFacts.of(plan))
    found = show_method(PlanFigures(PlanView(plan, None)), Opinions(), facts)
    assert found.finding == "No plan was found, and so none was checked"
    assert "There is no plan." in list_notes(found)


def test_how_far_it_is_proven(short):
    """The stages as a limit leaves them: money proven down to 10 million less, or nothing known."""

    def tell(last, *, first=Status.OPTIMAL, status=Status.FEASIBLE):
        plan = short[0]
        missing, money = plan.solved.stages
        stages = [replace(missing, status=first), replace(money, bound=money.value - last)]
        solved = replace(plan.solved, stages=tuple(stages))
        plan = replace(plan, status=status, solved=solved)
        found = show_method(PlanFigures(PlanView(plan, None)), Opinions(), make_facts())
        texts = list_notes(found)
        return texts[texts.index("What is proven") + 1].replace("\u00a0", " ")

    assert tell(0, status=Status.OPTIMAL).startswith("Proven: no plan leaves less missing")
    assert "at most EUR 10 million" in tell(10)
    assert "is not known" in tell(10, first=Status.FEASIBLE)
    assert "was interrupted" in tell(10, status=Status.INTERRUPTED)

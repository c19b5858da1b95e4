"""Kept runs as second opinions about a plan: what the other questions wrote is read again, and an
answer about something else is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest
from books import make_case
from made_documents import make_document
from small_alliance import make_facts
from small_books import make_book

import cssopt
from cssopt.document.document import Column, Sheet, Table
from cssopt.errors import DataError
from cssopt.questions.plan.ask import Solve
from cssopt.questions.plan.opinions import KeptAnswer, Opinions, read_opinions
from cssopt.questions.question import Asking
from cssopt.render.formats import write_document
from cssopt.solution.verdicts import Broken

BROKEN = Broken("ceilings.most", "A, 2030", 0.4, "5 <= 3")
VARIED = 'requirements[threat="K"].level*=0.5,1,1.5'
LARGER = ['requirements[threat="K"].level*=1.5']


@pytest.fixture(scope="module")
def case():
    return make_case(make_book())


def keep(answer, folder):
    answer.write(folder, ("json",))
    return folder


@pytest.fixture(scope="module")
def runs(case, tmp_path_factory):
    """Kept runs by what was asked: the small book needs 4 units of A, 40 million in each of four
    years; half as much again costs 80 million more."""
    folder = tmp_path_factory.mktemp("asked")
    asked = {
        "larger": cssopt.whatif(case, changes=LARGER, processes=1),
        "leaving": cssopt.whatif(case, ask=["leaving"], processes=1),
        "front": cssopt.frontier(case, trade=["shortfall"]),
        "ranges": cssopt.alternatives(case, plans=0),
        "sweep": cssopt.sweep(case, vary=[VARIED], processes=1),
    }
    kept = {name: keep(answer, folder / name) for name, answer in asked.items()}
    ranges = asked["ranges"].document
    plan = replace(ranges.facts.plan, study="relaxed")
    kept["simplified"] = keep_as(ranges, folder / "simplified", plan=plan)
    failed = replace(ranges.facts.audits, failed=(("plan 1", (BROKEN,)),))
    kept["failed"] = keep_as(ranges, folder / "failed", audits=failed)
    kept["plan"] = keep_as(ranges, folder / "plan", question="plan")
    return kept


def keep_as(document, folder, **facts):
    """The same document, as if it had been about something else."""
    write_document(folder, replace(document, facts=replace(document.facts, **facts)), ("json",))
    return folder


def read(case, *folders, **options):
    asked = Asking(Solve(opinions=folders, **options), case)
    return read_opinions(folders, case, asked.instance)


def test_a_what_if_tells_what_it_changed_and_what_that_costs(case, runs):
    (found,) = read(case, runs["larger"]).what_ifs
    assert found.base_net == pytest.approx(160)
    assert found.net_at_start == pytest.approx(240)
    assert found.more == pytest.approx(80)
    assert (found.missing_of_all, found.more_missing) == pytest.approx((0, 0))
    (change,) = found.changes
    assert (change.old, change.new) == (4, 6)
    assert change.row.startswith("K, land")
    assert not found.leavers
    assert found.has_plan


@pytest.mark.medium
def test_a_member_that_leaves_is_told_by_its_name(case, runs):
    found = {one.leavers: one for one in read(case, runs["leaving"]).what_ifs}
    assert set(found) == {"Alpha", "Beta"}
    # B is twice as dear: without A it meets its own threat for 80 a year.
    assert found["Alpha"].more == pytest.approx(320 - 160)


def test_a_front_of_money_and_missing_parts(case, runs):
    front = read(case, runs["front"]).front
    first, last = front.points[0], front.points[-1]
    assert (first.net_at_start, last.net_at_start) == pytest.approx((0, 160))
    assert last.missing_share == pytest.approx(0)
    assert first.missing_share > 0
    assert all(point.is_proven for point in front.points)
    assert not front.is_simplified


def test_ranges_by_member_and_by_member_and_force(case, runs):
    ranges = read(case, runs["ranges"]).ranges
    assert ranges.within == pytest.approx(0.01)
    assert ranges.base_net == pytest.approx(160)
    assert set(ranges.burden) == {("A",), ("B",)}
    for own in ranges.burden.values():
        assert own.least <= own.base <= own.most
    units = ranges.units["A", "unit"]
    # 1.6 million more may be spent: 4 units of A, or a crumb less and some of B.
    assert units.base == pytest.approx(4)
    assert 3.9 < units.least <= 4 <= units.most


def test_ranges_of_the_simplified_plan_say_so(case, runs):
    assert read(case, runs["simplified"]).ranges.is_simplified
    assert not read(case, runs["ranges"]).ranges.is_simplified
    # A plan that is simplified itself is no different from such an answer.
    assert not read(case, runs["simplified"], study="relaxed").ranges.is_simplified


@pytest.mark.medium
def test_a_sweep_tells_how_many_runs_there_were(case, runs):
    (sweep,) = read(case, runs["sweep"]).sweeps
    assert (sweep.runs, sweep.not_met) == (3, 0)
    assert (sweep.least, sweep.most) == pytest.approx((80, 240))


def test_several_runs_stand_beside_each_other(case, runs):
    found = read(case, runs["front"], runs["larger"], runs["leaving"], runs["ranges"])
    assert found.front is not None
    assert found.ranges is not None
    assert len(found.what_ifs) == 3
    assert found.sweeps == ()


def test_nothing_was_asked():
    none = Opinions()
    assert (none.front, none.ranges, none.what_ifs, none.sweeps) == (None, None, (), ())


# What is about something else.


def refuse(case, folder, **options):
    with pytest.raises(DataError) as caught:
        read(case, folder, **options)
    (issue,) = caught.value.issues
    assert issue.code == "E-573"
    return issue.text


def test_an_answer_about_another_workbook_is_refused(case, runs):
    other = replace(case, digest="f" * 64)
    assert "another workbook" in refuse(other, runs["front"])


def test_an_answer_about_other_members_is_refused(case, runs):
    assert "its members are A, B, here A" in refuse(case, runs["front"], members=["A"])


def test_an_answer_about_another_study_or_key_is_refused(case, runs):
    assert "its study is pooled, here least_shortfall" in refuse(
        case, runs["front"], study="least_shortfall"
    )
    assert "with its options" in refuse(case, runs["front"], key="equal")


def test_a_plan_is_no_second_opinion(case, runs):
    assert "it answers plan, and not one of alternatives" in refuse(case, runs["plan"])


def test_an_answer_whose_audit_failed_is_refused(case, runs):
    assert "its audit failed" in refuse(case, runs["failed"])


def test_what_is_no_kept_run_is_refused_as_such(case, tmp_path):
    with pytest.raises(DataError) as caught:
        read(case, tmp_path)
    assert [issue.code for issue in caught.value.issues] == ["E-570"]


def test_everything_that_is_wrong_is_told_at_once(case, runs):
    with pytest.raises(DataError) as caught:
        read(case, runs["front"], runs["plan"], members=["A"])
    assert len(caught.value.issues) == 2


def test_the_verb_refuses_before_it_solves(case, runs):
    with pytest.raises(DataError):
        cssopt.solve(case, opinions=[runs["plan"]])


# What is told, and what is not.


def answer(rows, gap=0.0):
    """A what-if of hand: its table of plans, found with a gap."""
    names = ("scenario", "status", "pooled_expenditure", "difference", "missing_of_all")
    columns = tuple(Column(name) for name in names)
    table = Table("plans", columns, tuple(rows))
    plan = SimpleNamespace(solver_options={"gap": gap})
    facts = replace(make_facts(), question="whatif", plan=plan)
    document = replace(make_document(), sheets=(Sheet("What if", "", (table,)),), facts=facts)
    return Opinions((KeptAnswer(document),)).what_ifs


BASE = ("base", "optimal", 1000.0, None, 0.1)


def test_a_difference_below_the_gap_is_not_told():
    row = ("late", "optimal", 1000.4, 0.4, 0.1)
    assert answer([BASE, row])[0].more == 0.4
    assert answer([BASE, row], gap=0.001)[0].more is None


def test_a_difference_that_the_run_did_not_tell_is_not_told_here():
    (one,) = answer([BASE, ("late", "feasible", 1300.0, "no difference told", 0.2)])
    assert (one.more, one.more_missing) == (None, None)
    assert one.net_at_start == 1300.0


def test_a_what_if_without_a_plan_has_no_figures():
    (one,) = answer([BASE, ("never", "infeasible", None, None, None)])
    assert not one.has_plan
    assert (one.more, one.missing_of_all, one.more_missing) == (None, None, None)
    assert math.isfinite(one.base_net)


def test_what_another_version_wrote_otherwise_was_not_given():
    assert answer([]) == ()

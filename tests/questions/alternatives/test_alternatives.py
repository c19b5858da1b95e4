"""Near-optimal plans, worked by hand on the small book and by enumeration.

The book (see small_books): A at 10 and B at 20 million a unit and year, 4 units needed in each of
four years: A alone for 160 million. A unit that is given up does not come back.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import pairwise

import openpyxl
import pytest
from books import add_column, read_study, write_csv
from commands import command
from paths import ANSWERS
from small_books import make_book, members, settings

import cssopt
from cssopt.assembly.criteria import add_criteria
from cssopt.assembly.instance import Instance
from cssopt.document.document import Chart, Note, Table
from cssopt.errors import CallError, DataError, ModelError
from cssopt.modeling import ContributionKind
from cssopt.questions.alternatives.ask import read_shares
from cssopt.questions.alternatives.find import find_alternatives
from cssopt.questions.alternatives.ranges import SPENT, EndFinder, Ranges
from cssopt.questions.question import Answer
from cssopt.runs.pool import Lost
from cssopt.solution.run import run_program
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.tables.scenarios import read_change

PENALTY_FREE = [row for row in settings() if row[0] != "shortfall_penalty"]
UNIT_COLUMNS = ["member", "force", "units"]
WHOLE = [["force", "name", "personnel", "operating_cost", "service_life", "whole"],
         ["unit", "Unit", 0, 10, 30, True]]  # fmt: skip


def load(tmp_path, **changed):
    return cssopt.load(write_csv(make_book(settings=PENALTY_FREE, **changed), tmp_path / "book"))


def ends(found, within, kind, *key):
    """Least, most and verdict of a contribution, which must be proven."""
    (one,) = (
        r
        for r in found.ranges
        if (r.within, r.contribution.kind.name, r.contribution.key) == (within, kind, key)
    )
    assert one.status is Status.OPTIMAL
    assert (one.surely_least, one.surely_most) == pytest.approx((one.least, one.most), abs=1e-6)
    return pytest.approx((one.least, one.most), abs=1e-5), one.verdict


def test_two_alike_members_are_a_free_choice_at_no_cost(tmp_path):
    found = cssopt.alternatives(
        load(tmp_path, members=members(index_of_b=1)), within=[0.0], plans=0
    )
    for member in "AB":
        assert ends(found, 0.0, "units", member, "unit") == ((0.0, 4.0), "free")
        assert ends(found, 0.0, "burden", member) == ((0.0, 160.0), "free")
        # All that a member holds may be delegated, none for its own part.
        assert ends(found, 0.0, "delegated power", member, "land") == ((0.0, 4.0), "free")
    assert ends(found, 0.0, "units", "unit") == ((4.0, 4.0), "certain")
    assert found.plans == ()
    assert set(found.tables["ranges"]["kind"]) == {"units", "burden", "delegated power"}


def test_a_cost_advantage_leaves_as_much_choice_as_the_share_pays_for(tmp_path):
    # A unit-year of B in place of A's costs 10 more: 2 % of 160 pay for 0.32 of 16, 0.08 on
    # average. Or 0.32 unit-years of A are held for nothing, on average 0.08 more.
    found = cssopt.alternatives(load(tmp_path), within=[0.02, 0.5], plans=0)
    assert ends(found, 0.02, "units", "A", "unit") == ((3.92, 4.08), "at least")
    assert ends(found, 0.02, "units", "B", "unit") == ((0.0, 0.08), "free")
    # 50 % pay for 8 unit-years: half of A's.
    assert ends(found, 0.5, "units", "A", "unit") == ((2.0, 6.0), "at least")
    assert ends(found, 0.5, "burden", "B") == ((0.0, 160.0), "free")
    # Plans that differ were not asked for: nothing is said of whether there are any.
    assert "No plan" not in found.document.verdict


def test_what_a_member_alone_can_give_is_certain(tmp_path):
    inventory = [UNIT_COLUMNS, ["A", "unit", 4], ["B", "unit", 0]]
    found = cssopt.alternatives(load(tmp_path, inventory=inventory), within=[0.05], plans=3)
    assert ends(found, 0.05, "units", "A", "unit") == ((4.0, 4.0), "certain")
    assert ends(found, 0.05, "burden", "A") == ((160.0, 160.0), "certain")
    assert ends(found, 0.05, "burden", "B") == ((0.0, 0.0), "never")
    assert found.plans == ()


def test_security_is_held_in_every_plan(tmp_path):
    # A and B have one unit each, two of four: the missing share of 2 may not grow to save money.
    inventory = [UNIT_COLUMNS, ["A", "unit", 1], ["B", "unit", 1]]
    found = cssopt.alternatives(load(tmp_path, inventory=inventory), within=[0.5])
    assert found.held["missing_share"] == pytest.approx(2.0, rel=1e-5)
    for member in "AB":
        least, verdict = ends(found, 0.5, "units", member, "unit")
        assert least == (pytest.approx(1.0, abs=1e-4), 1.0)
        assert verdict in ("certain", "at least")


def _falling(most):
    """Units in four years, whole and never rising."""
    return [
        (a, b, c, d)
        for a in range(most + 1)
        for b in range(a + 1)
        for c in range(b + 1)
        for d in range(c + 1)
    ]


@pytest.mark.medium
def test_whole_units_by_enumeration(tmp_path):
    found = cssopt.alternatives(load(tmp_path, forces=WHOLE), within=[0.3], plans=1)
    # Unit-years a of A and b of B, both never rising, 4 together in each year, at most 208 million.
    means = [
        (sum(a) / 4, sum(b) / 4)
        for a in _falling(8)
        for b in _falling(4)
        if all(x + y >= 4 for x, y in zip(a, b, strict=True))
        and 10 * sum(a) + 20 * sum(b) <= 160 * 1.3 + 1e-6
    ]
    spans = [(min(own), max(own)) for own in zip(*means, strict=True)]
    for member, span in zip("AB", spans, strict=True):
        assert ends(found, 0.3, "units", member, "unit")[0] == span
    farthest = max(
        sum(abs(x - y) / (2 * (high - low)) for x, y, (low, high) in zip(p, (4, 0), spans,
                                                                         strict=True))
        for p in means
    )  # fmt: skip
    (plan,) = found.plans
    assert plan.apart == pytest.approx(farthest, abs=1e-6)
    assert plan.bound >= farthest - 1e-6


def test_ranges_widen_and_plans_keep_their_limits(tmp_path):
    found = cssopt.alternatives(load(tmp_path), within=[0.5, 0.05, 0.2, 0.2], plans=3)
    assert found.levels == (0.05, 0.2, 0.5)
    by = {}
    for one in found.ranges:
        by.setdefault(one.contribution, []).append((one.least, one.most))
    for spans in by.values():
        assert len(spans) == 3
        for (least, most), (wider_least, wider_most) in pairwise(spans):
            assert wider_least <= least + 1e-6
            assert wider_most >= most - 1e-6
    plans, units = found.tables["plans"], found.tables["units"]
    assert (plans["pooled_expenditure"] <= 160 * (1 + plans["within"]) + 1e-4).all()
    assert (plans["missing_share"] <= 1e-6).all()
    base = units[units["plan"] == 0].set_index(["member", "force"])["units"]
    for (within, number), own in units[units["plan"] > 0].groupby(["within", "plan"]):
        held = own.set_index(["member", "force"])["units"]
        assert held.sum() >= 4 - 1e-5
        row = plans[(plans["within"] == within) & (plans["plan"] == number)].iloc[0]
        assert row["moved"] == pytest.approx(held.sub(base, fill_value=0).abs().sum(), abs=1e-5)


def test_plans_stand_as_far_apart_as_there_is_room(tmp_path):
    # Neither A nor B takes back what it gave up: A holds a throughout, B the rest of 4. Whatever
    # the base plan is, the next is at the far end, then in the middle of the widest gap.
    case = load(tmp_path, members=members(index_of_b=1))
    found = cssopt.alternatives(case, within=[0.0], plans=4)
    (base,) = (r.base for r in found.ranges if r.contribution.key == ("A", "unit"))
    taken = [base]
    for plan in found.plans:
        room = [min(abs(i / 100 - a) for a in taken) for i in range(401)]
        assert plan.apart == pytest.approx(max(room) / 4, abs=1e-5)
        taken.append(plan.outcome.units["A", "unit"])
        assert plan.moved == pytest.approx(2 * abs(taken[-1] - base), abs=1e-5)
    assert len(found.plans) == 4
    first = found.plans[0]
    assert first.status is Status.OPTIMAL
    assert first.bound == pytest.approx(first.apart)
    assert found.plans[3].status is Status.FEASIBLE
    more, less = ("A", "B") if taken[1] > base else ("B", "A")
    change = abs(taken[1] - base)
    # By full names.
    names = {"A": "Alpha, Unit", "B": "Beta, Unit"}
    told = f"More of {names[more]} {change:.2f}. Less of {names[less]} {change:.2f}"
    assert found.document.table("plans").column("description")[:2] == ["base plan", told]


def test_a_coalition_of_one_and_a_price_of_shortfall(tmp_path):
    case = cssopt.load(write_csv(make_book(), tmp_path / "priced"))
    found = cssopt.alternatives(case, within=[0.1], members=["A"])
    assert set(found.held) == {"weighted_shortfall"}
    assert ends(found, 0.1, "units", "A", "unit") == ((4.0, 4.4), "at least")


def test_the_margin_of_a_study_gives_way_to_the_share_asked_for(tmp_path):
    # fair: A and B alike in GDP; the cheapest plan lets A pay all. Its margin on expenditure would
    # bind at 5 %.
    found = cssopt.alternatives(load(tmp_path), within=[0.05], study="fair", plans=0)
    assert "pooled_expenditure" not in found.held
    assert "largest_burden" in found.held


@pytest.mark.parametrize("within", [[], [-0.1], [float("nan")], [2.0]])
def test_wrong_shares_are_refused(tmp_path, within):
    with pytest.raises(DataError, match="within"):
        cssopt.alternatives(load(tmp_path), within=within)


def test_a_contribution_that_no_quantity_bears_is_told(tmp_path):
    case = load(tmp_path)
    study, (money,) = add_criteria(read_study("pooled"), ["expenditure"], case.folders, "study")
    wrong = ContributionKind(name="tanks", quantity="tanks", by=("member",), says="tanks")
    first, *others = study.components
    study = replace(study, components=(replace(first, contributions=(wrong,)), *others))
    instance = Instance(case.data, study, ("A", "B"))
    with pytest.raises(ModelError, match='"tanks" asks for "tanks" by member'):
        find_alternatives(*run_program(instance, Options()), money, within=[0.1], plans=0)


def test_an_infeasible_study_has_no_alternatives(tmp_path):
    inventory = [UNIT_COLUMNS, ["A", "unit", 1], ["B", "unit", 1]]
    case = load(tmp_path, inventory=inventory)
    found = cssopt.alternatives(case, within=[0.1], study="strict")
    assert found.status is Status.INFEASIBLE
    assert found.ranges == ()
    assert found.document.verdict.endswith(Status.INFEASIBLE.sentence)
    assert "ranges" not in found.document.tables
    found.write(tmp_path)
    assert (tmp_path / "alternatives.xlsx").exists()


@pytest.mark.medium
def test_the_command_writes_workbook_charts_and_json(tmp_path):
    book = write_csv(make_book(settings=PENALTY_FREE), tmp_path / "book")
    out = tmp_path / "out"
    call = ["alternatives", book, "--within", "0.1", "--out", out]
    done = command(*call, "--json")
    assert done.code == 0, done.err
    (a,) = (r for r in done.tables["ranges"] if r["contribution"] == "Alpha, Unit")
    # 16 million pay for 1.6 unit-years either way, 0.4 on average.
    assert (a["least"], a["most"]) == pytest.approx((3.6, 4.4), abs=1e-5)
    assert (a["member"], a["force"], a["capability"]) == ("A", "unit", "")
    assert a["measured_in"] == "the mean of all years"
    (burden,) = (r for r in done.tables["ranges"] if r["contribution"] == "Alpha")
    assert "million EUR, prices of 2030" in burden["measured_in"]
    workbook = openpyxl.load_workbook(out / "alternatives.xlsx")
    assert workbook.sheetnames == ["Alternatives", "Plans", "Ranges", "Units", "Burden", "Run"]
    assert len(workbook["Alternatives"]._charts) == 4
    plain = command(*call)
    assert "at least" in plain.out
    assert "More of Beta, Unit" in plain.out
    assert command(*call[:2], "--within", "a").code == 2


def test_the_widest_ranges_are_shown_each_kind_by_itself(tmp_path):
    """Money first; what no plan has is left out, and what is no whole range."""
    found = cssopt.alternatives(load(tmp_path), within=[0.02, 0.5], plans=0)
    document = found.document
    widest = {name: table for name, table in document.tables.items() if "widest" in name}
    assert list(widest) == [
        "widest_burden_by_member", "widest_units_by_member_force", "widest_units_by_force",
        "widest_delegated_power_by_member_capability",
    ]  # fmt: skip
    units = widest["widest_units_by_member_force"]
    # 50 % pay for 8 unit-years of B, or for 16 of A: see above.
    rows = {row["contribution"]: row for row in units.records()}
    assert rows["Alpha, Unit"]["least"] == pytest.approx(2.0, abs=1e-5)
    assert rows["Alpha, Unit"]["most"] == pytest.approx(6.0, abs=1e-5)
    widths = [row["most"] - row["least"] for row in units.records()]
    assert widths == sorted(widths, reverse=True)
    charts = [chart for sheet in document.sheets for chart in sheet.charts]
    assert [chart.table for chart in charts] == list(widest)
    assert all(chart.series == ("least", "base", "most") for chart in charts)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("0.02", [0.02]),
        ("0.01,0.02", [0.01, 0.02]),
        ("1%; 2 %", [0.01, 0.02]),
        ("0,01;0,05", [0.01, 0.05]),
    ],
)
def test_shares_are_read_as_numbers_of_a_change(text, shares):
    assert read_shares(text) == tuple(shares)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0,01", "number 0.01, or 0; 01"),
        ("0.01,", "a value is missing"),
        ("inf", "no number"),
        ("1,234;0.5", "1234 or 1.234"),
    ],
)
def test_shares_of_two_readings_or_none_are_refused(text, told):
    with pytest.raises(CallError, match=told):
        read_shares(text)
    assert command("alternatives", "x.xlsx", "--within", text).code == 2


def test_a_base_plan_that_is_not_proven_is_told(tmp_path):
    found = cssopt.alternatives(load(tmp_path), within=[0.1], plans=1)
    cut = replace(found.base, status=Status.FEASIBLE)
    assert found.status is Status.OPTIMAL
    assert replace(found.found, base=cut).status is Status.FEASIBLE
    assert replace(found.found, interrupted=True).status is Status.INTERRUPTED
    first, *_ = Answer(replace(found.found, base=cut), found.asked).document.sheets
    assert "not proven to be the least" in first.blocks[0].text


def test_plans_that_differ_most_widen_what_is_not_proven_and_are_audited(tmp_path, monkeypatch):
    """Of all but one contribution both ends get lost, and of that one the plans: what the plans
    that differ most have is possible all the same, and told in the ranges."""
    find = EndFinder.__call__

    def lose(finder, asked):
        return find(finder, asked)._replace(plans=()) if asked.place == 0 else Lost()

    monkeypatch.setattr(EndFinder, "__call__", lose)
    found = cssopt.alternatives(load(tmp_path), within=[1.0], plans=2, processes=1).found
    assert found.plans
    assert found.ends
    assert all(verdict in (None, ()) for verdict in found.ends)
    ranges = {one.contribution: one for one in found.ranges}
    for plan in found.plans:
        for contribution, change in plan.changes.items():
            one = ranges[contribution]
            assert one.least - 1e-6 <= one.base + change <= one.most + 1e-6
    lost = [one for one in found.ranges if one.status is not Status.OPTIMAL]
    assert any(one.most > one.least + 0.1 for one in lost)


def test_the_ranges_of_a_large_book_end_by_what_they_cost_and_say_so(tmp_path, monkeypatch):
    """Only where it is large, in fractions, and nobody says how long; whatever the clock says."""
    case = load(tmp_path)
    assert not cssopt.alternatives(case, within=[0.1], plans=0).is_spent
    monkeypatch.setattr(sys.modules[find_alternatives.__module__], "_LARGE", 0)
    monkeypatch.setattr(sys.modules[find_alternatives.__module__], "_MOST", 0.0)
    monkeypatch.setattr(sys.modules[Ranges.__module__], "SIDE_BY_SIDE", 1)
    found = cssopt.alternatives(case, within=[0.1], plans=1)
    assert found.is_spent
    assert found.status is Status.FEASIBLE
    left = [one.message for one in found.ranges if one.message]
    assert set(left) == {SPENT}
    assert len(left) == len(found.ranges) - 1
    # One contribution has two ends, and what differs most is chosen among what these have.
    assert found.solves <= 4
    plans = next(sheet for sheet in found.document.sheets if sheet.name == "Plans")
    assert "others that differ more were not sought" in plans.blocks[0].text
    assert not cssopt.alternatives(case, within=[0.1], plans=0, total_time=600).is_spent
    (tmp_path / "other").mkdir()
    whole = load(tmp_path / "other", forces=WHOLE)
    assert not cssopt.alternatives(whole, within=[0.1], plans=0).is_spent


def test_what_is_not_proven_is_told_as_at_least_so_wide(tmp_path):
    """In a note, in the title of each table and chart with such a range, and by a mark; where all
    are proven nowhere."""
    found = cssopt.alternatives(load(tmp_path), within=[0.1], plans=0)
    (one, *others) = found.found.ranges
    cut = replace(found.found, ranges=(replace(one, status=Status.FEASIBLE), *others))
    for result, times in ((found.found, 0), (cut, 1)):
        first, *_ = Answer(result, found.asked).document.sheets
        notes = [block.text for block in first.blocks if isinstance(block, Note)]
        assert sum("the range is at least as wide" in text for text in notes) == times
        for form in (Table, Chart):
            titles = [block.title for block in first.blocks if isinstance(block, form)]
            assert sum("at least so wide" in title for title in titles) == times


@pytest.mark.medium
@pytest.mark.parametrize("book", ["alternatives_most_fleet", "alternatives_most_nofleet"])
def test_what_money_buys_is_not_cut_by_what_needs_ask_for(book):
    """5 % of 160.014 is 8.0007. A drone costs A 0.01 + 4 * 0.001 = 0.014 and B 0.018: A has 1 and
    8.0007 / 0.014 more; B (8.0007 + 0.014) / 0.018, as A's own is then not needed. The fleet, at a
    millionth a year, alters nothing that is told here."""
    found = cssopt.alternatives(cssopt.load(ANSWERS / f"{book}.xlsx"), within=[0.05], plans=0)
    most = {r.contribution.key: r for r in found.ranges if r.contribution.kind.name == "units"}
    assert most["A", "drone"].most == pytest.approx(1 + 8.0007 / 0.014, rel=1e-5)
    assert most["B", "drone"].most == pytest.approx(8.0147 / 0.018, rel=1e-5)
    assert {one.status for one in most.values()} == {Status.OPTIMAL}
    assert all(one.surely_most == pytest.approx(one.most, rel=1e-6) for one in most.values())


FREE = [
    ["force", "name", "personnel", "operating_cost", "procurement_cost", "service_life",
     "fleet_cost", "max_imports"],
    ["unit", "Unit", 0, 10, None, 30, None, None],
]  # fmt: skip


# Of drones 2 are needed at most: 1, faced by A and by B. 1,000 times as many is the end of what is
# free; people, 0.5 a drone of 30, and imports, 7 a year and member, are an end of their own.
@pytest.mark.medium
@pytest.mark.parametrize(
    ("people", "imports", "most"), [(0, None, 2000), (0.5, None, 60), (0, 7, 14)]
)
def test_units_that_cost_nothing_end_somewhere(tmp_path, people, imports, most):
    case = load(
        tmp_path,
        members=add_column(members(), "personnel", 30, 30),
        forces=[*FREE, ["drone", "Drone", people, 0, 0, 4, 1, imports]],
        power=[["force", "capability", "power"], ["unit", "land", 1], ["drone", "air", 1]],
        capabilities=[["capability", "name", "measure"], ["land", "L", "p"], ["air", "A", "p"]],
        requirements=[
            ["threat", "capability", "day", "level"],
            ["K", "land", 0, 4],
            ["K", "air", 0, 1],
        ],
    )
    case, _ = cssopt.change(case, [read_change("settings.last_year=2030")])
    found = cssopt.alternatives(case, within=[0.05], plans=0)
    assert ends(found, 0.05, "units", "A", "drone")[0] == (0.0, most)

"""The pooling ledger on more small books where one way of acting together acts alone.

A's unit costs 10 a year, B's 20; each need is 4 in each of four years (small_books).
"""

from __future__ import annotations

import pytest
from books import add_column
from small_books import (
    DRONE_POWER,
    activities,
    activity,
    bodies,
    compare,
    forces,
    make_book,
    measure,
    members,
    programme,
)

ONCE = "overlapping needs met once"
JOINT = "joint production, industry, measures and programmes"
DELEGATION = "delegation, free of bodies, set-up and integration loss"
CHARGED = "bodies, set-up and integration loss charged"
WAITING = "price of waiting for members charged"
APPORTIONED = "apportionment charged"

ONLY_B = [["threat", "member", "share"], ["K", "B", 1]]
COUNCIL = ("council", "delegation", 3, 1)


def savings(sheets):
    """What each line saves, without those that save nothing; together they are the saving."""
    _, baseline = compare(sheets)
    lines = {line.name: line.saving for line in baseline.links}
    assert len(lines) == 7
    assert sum(lines.values()) == pytest.approx(baseline.saving)
    return {name: saving for name, saving in lines.items() if abs(saving) > 1e-6}


def each_its_own(situations=(("k", "K"), ("l", "L")), **sheets):
    """K endangers A and L endangers B: nothing overlaps; talks would halve either."""
    book = make_book(**sheets)
    threats = [*book["threats"], ["L", "Other", "HOME", "political-military", None, 0.5]]
    return {
        **book,
        "threats": threats,
        "requirements": [*book["requirements"], ["L", "land", 0, 4]],
        "exposure": [["threat", "member", "share"], ["K", "A", 1], ["L", "B", 1]],
        "situations": [["situation", "threat"], *map(list, situations)],
    }


NO_DELEGATION = [["member", "threat"], ["A", "L"], ["B", "K"]]


def talks(body):
    """Talks for 4 a year, against both threats."""
    sheets = measure(body)
    sheets["effects"].append(["talks", "L", 0.5])
    return sheets


# --- joint production, measures


def test_a_measure_is_paid_once():
    """Alone each pays for talks at 4 a year; together they pay once."""
    book = each_its_own(caveats=NO_DELEGATION, **talks(None))
    assert savings(book) == pytest.approx({JOINT: 4 * 4})


def test_a_measure_that_needs_a_forum_is_joint_and_the_forum_is_charged():
    """Alone no talks: 40 + 80 a year. Together 20 + 40 + 4; then the forum, for 3 and 1 a year."""
    forum = bodies(("forum", "consultation", 3, 1))
    book = each_its_own(caveats=NO_DELEGATION, bodies=forum, **talks("forum"))
    assert savings(book) == pytest.approx({JOINT: 4 * (120 - 64), CHARGED: -(3 + 4)})


@pytest.mark.medium
def test_a_production_line_is_opened_once():
    """30 for the line; 4 drones for 1 each and 1 a year save A 140 and B 280 less the line: each
    opens it alone, for A 30 + 20 and for B 30 + 36. Together one line of 30 is enough."""
    book = each_its_own(
        caveats=NO_DELEGATION,
        forces=add_column(forces(price=1), "programme_cost", None, 30),
        power=DRONE_POWER,
    )
    _, baseline = compare(book, ledger=False)
    assert baseline.expenditure_alone == pytest.approx((30 + 20) + (30 + 36))
    assert savings(book) == pytest.approx({JOINT: 30})


# --- delegation


@pytest.mark.medium
def test_a_fleet_is_not_run_twice():
    """A fleet costs 6 a year beside 10 a unit, for A as for B. Both threats may come at once: 8
    units in all. A alone can run them, for one fleet."""
    book = each_its_own(
        situations=[("both", "K"), ("both", "L")],
        members=members(index_of_b=1),
        forces=add_column(forces(), "fleet_cost", 6),
    )
    _, baseline = compare(book, ledger=False)
    assert baseline.expenditure_alone == pytest.approx(2 * 4 * (40 + 6))
    assert savings(book) == pytest.approx({DELEGATION: 4 * 6})


def test_threats_that_never_come_together_are_met_by_the_same_units():
    """4 units in place of 8, at 10 a year each, A's or B's."""
    book = each_its_own(members=members(index_of_b=1))
    assert savings(book) == pytest.approx({DELEGATION: 4 * 40})


# --- charged


def test_integration_lost_for_want_of_a_command_in_time_is_charged():
    """Half the worth until a command works, for 7 and 3 a year, founded in the first year.

    Only B is endangered, for 20 a unit. 2030: A's 4 units (held for later) are worth 2, B adds 2
    of its own: 40 + 40. From 2031 on A's 4 do: 40, and 3 for the command.
    """
    sheets = make_book(
        exposure=ONLY_B,
        bodies=bodies(("command", "integration", 7, 3)),
        activities=activities(activity("found", "body", 1, body="command")),
    )
    sheets["settings"].append(["unintegrated_power", 0.5])
    charged = 40 + 7 + 3 * 3
    assert savings(sheets) == pytest.approx({DELEGATION: 4 * 40, CHARGED: -charged})


# --- all of them


def test_every_line_of_a_richer_book():
    """Units cost 10 and 10 of support (B twice that), 4 needed by each; all by hand, a year each.

    alone         A 80, B 160                                                   960
    once          A 40, B 80                                                    480
    joint         support halved from 2031 for 5: 120, then 30 + 60             120 + 270 + 5 = 395
    delegation    A does all: 80, then 60                                       80 + 180 + 5 = 265
    charged       council 3 + 4 * 1, treaty 2                                   274
    waiting       apart in 2030: 240 for 80; the council a year less            274 + 160 - 1 = 433
    apportioned   from 2031 B holds 1 of 4: 45 + 30 for 60                      433 + 45 = 478
    """
    book = make_book(
        forces=forces(support_cost=10),
        **programme("infrastructure", "support_cut", "unit", 0.5),
        bodies=bodies(COUNCIL),
        activities=activities(
            activity("treaty", "treaty", 0, 2),
            activity("ratify", "legislation", 1, member="B"),
            activity("found", "body", 0, body="council"),
            activity("fund", "funding", 0, programme="P"),
        ),
        precedence=[["activity", "after"], ["found", "ratify"]],
        apportionment=[["member", "capability", "min_share"], ["B", "land", 0.25]],
    )
    chosen, baseline = compare(book)
    spent = [line.expenditure for line in baseline.links]
    assert spent == pytest.approx([960, 480, 395, 265, 274, 433, 478])
    saved = {line.name: line.saving for line in baseline.links[1:]}
    assert saved == pytest.approx(
        {ONCE: 480, JOINT: 85, DELEGATION: 130, CHARGED: -9, WAITING: -159, APPORTIONED: -45}
    )
    assert baseline.saving == pytest.approx(960 - 478)
    # Every member meets its need alone: there is no further security to pay for.
    assert baseline.further_security(chosen) == pytest.approx(0, abs=1e-6)


@pytest.mark.medium
def test_who_falls_short_is_settled_where_needs_are_met_once():
    """Both have 2 units for a need of 4: each is 2 short alone, 40 and 20 a year apart.

    Met once, 2 of 4 may be missing in all: A's own part of 2 is met (20), B's, twice as dear, is
    not. Nothing is joint and nobody delegates: no other line saves anything.
    """
    few = [["member", "force", "units"], ["A", "unit", 2], ["B", "unit", 2]]
    caveats = [["member", "threat"], ["A", "K"], ["B", "K"]]
    book = make_book(inventory=few, caveats=caveats)
    _, baseline = compare(book, ledger=False)
    assert baseline.expenditure_alone == pytest.approx(4 * (20 + 40))
    assert savings(book) == pytest.approx({ONCE: 4 * (60 - 20)})


def test_what_may_be_missing_moves_before_anything_is_joint():
    """A has 2 units, B 8, for a need of 4: A alone is 2 short (20), B none (80).

    Of the 4 needed once, 1 may be missing. Own parts are 2 and 2: A's 2 (20) and 1 of B's (20) are
    the cheapest, though it is A that is short alone. Delegated, A's 2 and 1 of B's cost the same.
    """
    few = [["member", "force", "units"], ["A", "unit", 2], ["B", "unit", 8]]
    assert savings(make_book(inventory=few)) == pytest.approx({ONCE: 4 * (20 + 80 - 40)})

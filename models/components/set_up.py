"""Setting up the system: activities in three stages, and what each of them opens.

Sets:
    a in activities: only when S has two members or more; those that name a member outside S are
                     left out, and what they would open is open
    (a, b) in precedence: a comes after b; dropped where one of them is left out
    awaited: activities that name a member and that something joint, or what another member does,
             waits for; only with the study option members_act_at_once

Variables:
    started[a,t] in {0,1}    begun by t, never falls; not before earliest_year

Expressions:
    finished[a,t] = started[a, t - duration]    complete at the start of t
        of those awaited: started[a, max(t, earliest_year)], so that they are done and paid for, but
        nobody waits. What the waiting costs is a line of its own in the pooling ledger: it is one
        of the ways in which a union can come dearer than its parts

Constraints:
    start_lasts:    started[a,t] >= started[a,t-1]
    start_after:    started[a,t] <= finished[b,t]    for every b that a comes after

Costs:
    setup_cost[member named, or common, t] = sum_a annual_cost
        * (started[a,t] - started[a, t - max(1, duration)])
"""

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from cssopt.modeling import (
    COMMON,
    Check,
    Column,
    Entry,
    Fault,
    Index,
    Lasting,
    Milestones,
    Rule,
    Table,
    amount,
    constraint,
    expression,
    holds,
    lookup,
    timeline,
    variable,
    weighted_sum,
)

OPTIONS = (
    Column(
        name="members_act_at_once",
        kind="flag",
        help="Nobody waits for what members do.",
        default=False,
    ),
)
REQUIRES = ("horizon", "members")
INDICES = (Index("activity", before="after", letter="a"), Index("after", before="programme"))

ROLES = (
    Entry(entry="setup_cost", says="Treaty, laws and preparation", group="common"),
    Milestones(
        table="set_up",
        of="activity",
        date="complete",
        says="First year from whose start on an activity is complete; blank: it is never begun",
    ),
)

TABLES = (
    Table(
        name="activities",
        help="Steps that set the system up, in three stages.",
        key=("activity",),
        optional=True,
        columns=(
            Column(name="activity", kind="text", help="Short code of the activity."),
            Column(name="name", kind="text", help="Name of the activity."),
            Column(
                name="stage",
                kind="whole",
                help="1 treaty and legislation, 2 bodies and resources, 3 funding and programmes.",
                low=1,
                high=3,
            ),
            Column(
                name="kind",
                kind="text",
                help="What it is; nothing is pooled before every treaty activity is complete.",
                choices=("treaty", "legislation", "agreement", "body", "resources", "funding"),
            ),
            Column(
                name="duration",
                kind="whole",
                help="Years from start to completion.",
                measure="years",
                low=0,
                high=100,
                rule=Rule(
                    name="duration",
                    says="activity {activity} takes {value:g} years",
                    without=0,
                    nature="fact",
                ),
            ),
            Column(
                name="annual_cost",
                kind="number",
                help="Cost in every year while it runs.",
                measure="million per year",
                low=0,
            ),
            Column(
                name="earliest_year",
                kind="whole",
                help="Year before which it cannot start.",
                measure="year",
                default=None,
                blank="the first year of the plan",
                low=1900,
                high=2300,
                rule=Rule(
                    name="date",
                    says="activity {activity} starts in {value:.0f} at the earliest",
                    without=None,
                ),
            ),
            Column(
                name="member",
                kind="text",
                help="Member that acts, bears the cost, and delegates only once this is complete.",
                refers_to="members",
                default=None,
                blank="none",
            ),
            Column(
                name="body",
                kind="text",
                help="Body that works only once this is complete.",
                refers_to="bodies",
                default=None,
                blank="none",
                goes_along={"kind": "body", "member": None},
            ),
            Column(
                name="programme",
                kind="text",
                help="Programme that is launched only once this is complete.",
                refers_to="programmes",
                default=None,
                blank="none",
            ),
        ),
    ),
    Table(
        name="precedence",
        help="Which activity comes after which.",
        key=("activity", "after"),
        optional=True,
        rule=Rule(name="order of activities", says="activity {activity} comes after {after}"),
        columns=(
            Column(name="activity", kind="text", help="The later one.", refers_to="activities"),
            Column(name="after", kind="text", help="The earlier one.", refers_to="activities"),
        ),
    ),
)


def _no_circles(data):
    after = {}
    for a, b in data.precedence:
        after.setdefault(a, []).append(b)
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        circle = set(pairwise(error.args[1]))
        a, b = next((a, b) for a, b in data.precedence if (b, a) in circle)
        text = f'"{a}" comes after itself, through "{b}". Remove one row of the circle.'
        yield Fault("precedence", (a, b), "after", text)


CHECKS = (Check(code="E-304", rule="precedence does not run in a circle", find=_no_circles),)


def arithmetic(data, use):
    activities = list(data.activities) if len(data.members) > 1 else []
    at_once = data.given.get("members_act_at_once", False)
    return {
        "activities": activities,
        "awaited": _find_awaited(data) if at_once else set(),
        "starting": Lasting(
            tuple(activities),
            use.horizon.years,
            duration=data.activities.duration,
            earliest=data.activities.earliest_year,
        ),
    }


def variables(block, data, use):
    starting = block.starting
    block.started = variable(
        "activity year",
        starting.keys,
        doc="the activity has been started",
        measure="0 or 1",
        domain="binary",
        structure="{activity} is started",
    )
    finished = {}
    for a in block.activities:
        for t in use.horizon.years:
            if a in block.awaited:
                # What can never be started within the plan is nothing to wait for.
                finished[a, t] = lookup(block.started, (a, max(t, starting.first(a))), 1.0)
            else:
                finished[a, t] = starting.complete(block.started, a, t)
    block.finished = expression(
        "activity year", finished, doc="the activity is complete", measure="0 or 1"
    )


def _find_awaited(data):
    """Activities of members for which others, or all together, wait."""
    activities, member = data.activities, data.activities.member
    pairs = [(a, b) for a, b in data.precedence if {a, b} <= set(activities)]
    opens = {
        a
        for a in activities
        if activities.kind[a] == "treaty" or activities.body[a] or activities.programme[a]
    }
    opens |= {b for a, b in pairs if member[a] != member[b]}
    awaited = {a for a in opens if member[a] is not None}
    while more := {b for a, b in pairs if a in awaited and member[b] is not None} - awaited:
        awaited |= more
    return awaited


def costs(block, data, use, ledger):
    activities, running = data.activities, {}
    for a in block.activities:
        for t in use.horizon.years:
            terms = running.setdefault((activities.member[a] or COMMON, t), [])
            terms += block.starting.runs(block.started, a, t, activities.annual_cost[a])
    for (bearer, t), terms in running.items():
        ledger.post("setup_cost", bearer, t, weighted_sum(terms))


def constraints(block, data, use):
    started, finished = block.started, block.finished
    block.start_lasts = block.starting.stays(
        "activity year", started, doc="what is started stays started"
    )
    block.start_after = constraint(
        "activity after year",
        [
            (a, b, t)
            for a, b in data.precedence
            for t in use.horizon.years
            if (a, t) in started and b in block.activities
        ],
        lambda a, b, t: started[a, t] <= finished[b, t],
        doc="an activity starts no earlier than what it comes after is complete",
    )


def audit(data, solution):
    activities, costs = data.activities, {}
    starting, awaited = solution.arithmetic.set_up.starting, solution.arithmetic.set_up.awaited
    for (a, t), state in solution.finished.items():
        done = solution.started.get((a, t - activities.duration[a]), 0.0)
        if a in awaited:
            done = solution.started.get((a, max(t, starting.first(a))), 1.0)
        yield holds("done_after_its_duration", (a, t), state, "==", done)
    yield from starting.hold_once("start_lasts", solution.started)
    yield from starting.hold_earliest("not_before_its_year", solution.started)
    for (a, t), state in solution.started.items():
        for x, b in data.precedence:
            if x == a and (b, t) in solution.finished:
                yield holds("start_after", (a, b, t), state, "<=", solution.finished[b, t])
    for a, t, cost in starting.spent(solution.started, activities.annual_cost):
        bearer = activities.member[a] or COMMON
        costs[bearer, t] = costs.get((bearer, t), 0.0) + cost
    for (bearer, t), cost in costs.items():
        yield amount("setup_cost", bearer, t, cost)


def results(solution):
    """When every activity runs and from when on it is complete, by stage."""
    activities, rows = solution.data.activities, []
    starting = solution.arithmetic.set_up.starting
    for a in dict.fromkeys(a for a, _ in solution.started):
        started, complete = starting.years_of(solution.started, a)
        rows.append(
            {
                "stage": activities.stage[a],
                "activity": a,
                "name": activities.name[a],
                "kind": activities.kind[a],
                "member": activities.member[a],
                "annual_cost": activities.annual_cost[a],
                "started": started,
                "complete": complete,
                **timeline((t for x, t in solution.started if x == a), started, complete),
            }
        )
    rows.sort(key=lambda row: (row["stage"], row["started"] or 9999))
    return {"set_up": rows} if rows else {}


def _kind(activities, a):
    if activities.member[a] is not None:
        return "ratification"
    return "treaty" if activities.kind[a] == "treaty" else "preparation"


def undertakings(solution):
    activities, starting = solution.data.activities, solution.arithmetic.set_up.starting
    for a in starting.items:
        yield starting.undertaking(
            solution.started,
            a,
            kind=_kind(activities, a),
            name=activities.name[a],
            party=activities.member[a],
            cost=activities.annual_cost[a],
            table="activities",
        )

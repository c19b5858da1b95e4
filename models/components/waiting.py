"""Waiting for members: activities that come after what a single member does.

Sets:
    (a, b) in precedence where b names a member and a does not name the same one: what is done
           jointly, or by another member, waits for that member

Constraints:
    wait_for_member:    started[a,t] <= finished[b,t]

What this costs is the price of waiting, a line of its own in the pooling ledger: it is one of the
ways in which a union can come dearer than its parts.
"""

from cssopt.modeling import constraint, holds

REQUIRES = ("horizon", "set_up")


def constraints(block, data, use):
    started, finished = use.set_up.started, use.set_up.finished
    block.wait_for_member = constraint(
        "activity after year",
        [(a, b, t) for a, b in use.set_up.waiting for t in use.horizon.years if (a, t) in started],
        lambda a, b, t: started[a, t] <= finished[b, t],
        doc="an activity starts no earlier than what it waits for from a member is complete",
        policy=True,
    )


def audit(data, solution):
    member, duration = data.activities.member, data.activities.duration
    for (a, t), state in solution.started.items():
        for x, b in data.precedence:
            if x == a and b in data.activities and member[b] not in (None, member[a]):
                done = solution.started.get((b, t - duration[b]), 0.0)
                yield holds("wait_for_member", (a, b, t), state, "<=", done)

"""What complete activities open: delegation by members, bodies and programmes.

Constraints:
    delegate_after:    sum_{r, k in s} delegated[m,f,r,k,t] <= most_delegated[m,f,t] * finished[a,t]
                       for activities that name member m
    found_after:       body_active[b,t] <= finished[a,t]    for activities that name body b
    launch_after:      launched[p,t] <= finished[a,t]       for activities that name programme p
"""

from cssopt.modeling import constraint, holds, total

REQUIRES = ("members", "situations", "employment", "most_units", "set_up", "bodies", "programmes")


def constraints(block, data, use):
    activities, finished = data.activities, use.set_up.finished
    _open_delegation(block, data, use)
    body_active, launched = use.bodies.body_active, use.programmes.launched
    block.found_after = constraint(
        "activity body year",
        [
            (a, b, t)
            for b, t in body_active
            for a in use.set_up.activities
            if activities.body[a] == b
        ],
        lambda a, b, t: body_active[b, t] <= finished[a, t],
        doc="a body works only once the activities that name it are complete",
    )
    block.launch_after = constraint(
        "activity programme year",
        [
            (a, p, t)
            for p, t in launched
            for a in use.set_up.activities
            if activities.programme[a] == p
        ],
        lambda a, p, t: launched[p, t] <= finished[a, t],
        doc="a programme is launched only once the activities that name it are complete",
    )


def _open_delegation(block, data, use):
    delegated, most = use.employment.delegated, use.most_units.most_delegated
    units = {}
    for m, f, r, k, t in delegated:
        units.setdefault((m, f, t), {}).setdefault(k, []).append(delegated[m, f, r, k, t])
    rows = {}
    for a in use.set_up.activities:
        for (m, f, t), planned in units.items():
            if m != data.activities.member[a]:
                continue
            for s, terms in use.situations.sums_over(planned, t).items():
                rows[m, a, f, s, t] = terms
    finished = use.set_up.finished
    block.delegate_after = constraint(
        "member activity force situation year",
        rows,
        lambda m, a, f, s, t: total(rows[m, a, f, s, t]) <= most[m, f, t] * finished[a, t],
        doc="a member delegates only once the activities that name it are complete",
    )


def audit(data, solution):
    activities, finished = data.activities, solution.finished
    planned = solution.arithmetic.set_up.activities
    delegated = solution.sums("delegated", "member force situation year", along="together")
    for a in planned:
        for (b, t), state in solution.body_active.items():
            if activities.body[a] == b:
                yield holds("found_after", (a, b, t), state, "<=", finished[a, t])
        for (p, t), state in solution.launched.items():
            if activities.programme[a] == p:
                yield holds("launch_after", (a, p, t), state, "<=", finished[a, t])
        for (m, f, s, t), units in delegated.items():
            if activities.member[a] == m:
                most = solution.most_delegated[m, f, t] * solution.settle(finished[a, t])
                yield holds("delegate_after", (m, a, f, s, t), units, "<=", most)

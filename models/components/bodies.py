"""Political and military bodies, staffed by several nations.

Sets:
    b in bodies; a coalition of one needs no body and has none

Variables:
    body_active[b,t] in {0,1}    the body works in t (active in formulation.md)
    posts[m,b,t] >= 0       staff posts filled by m

Constraints:
    fill_posts:             sum_m posts[m,b,t] = staff[b] * body_active[b,t]
    limit_member_posts:     posts[m,b,t] <= max_member_share[b] * staff[b]
    body_stays:             body_active[b,t] >= body_active[b,t-1]

Balances:
    people[m,t] (of personnel): posts

Costs:
    body_cost[common,t] = sum_b setup_cost * (body_active[b,t] - body_active[b,t-1])
                          + annual_cost * body_active[b,t]
    post_cost[m,t] = cost_index[m] * sum_b post_cost[b] * posts[m,b,t]
"""

from cssopt.modeling import (
    COMMON,
    Column,
    Entry,
    Index,
    Lasting,
    Rule,
    Table,
    amount,
    constraint,
    holds,
    supplies,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "members", "personnel")
INDICES = (Index("body", before="activity", letter="b"),)

ROLES = (
    Entry(entry="body_cost", says="Common bodies", group="common"),
    Entry(entry="post_cost", says="Staff posts in the bodies", group="common"),
)

TABLES = (
    Table(
        name="bodies",
        help="Political and military bodies of the system.",
        key=("body",),
        optional=True,
        no_row="pooling does not wait for a body that is not there, and without one of role "
        "integration delegated power counts in full",
        columns=(
            Column(name="body", kind="text", help="Short code of the body."),
            Column(name="name", kind="text", help="Name of the body."),
            Column(
                name="kind",
                kind="text",
                help="Political bodies consult and decide, military ones plan and employ.",
                choices=("political", "military"),
            ),
            Column(
                name="setup_cost",
                kind="number",
                help="Cost of founding it, in its first year.",
                measure="million",
                low=0,
            ),
            Column(
                name="annual_cost",
                kind="number",
                help="Cost of running it, posts apart.",
                measure="million per year",
                low=0,
            ),
            Column(
                name="staff",
                kind="number",
                help="Posts to be filled, in thousands as in members.personnel: 0.06 = 60 posts.",
                measure="personnel, thousands",
                low=0,
            ),
            Column(
                name="max_member_share",
                kind="number",
                help="Largest share of the posts that one member may fill.",
                measure="share",
                low=0,
                high=1,
                rule=Rule(
                    name="staff share",
                    says="one member fills at most {value:.4g} of the posts of {body}",
                    without=1.0,
                ),
            ),
            Column(
                name="post_cost",
                kind="number",
                help="Cost of a thousand posts, borne by who fills them: 20 = 20,000 a post.",
                measure="million per thousand posts and year",
                low=0,
            ),
            Column(
                name="role",
                kind="text",
                help="delegation: nothing is pooled without it; integration: makes delegated "
                "power worth more; consultation: neither.",
                choices=("delegation", "integration", "consultation"),
            ),
        ),
    ),
)


def arithmetic(data, use):
    bodies = list(data.bodies) if len(data.members) > 1 else []
    return {"bodies": bodies, "founding": Lasting(tuple(bodies), use.horizon.years)}


def variables(block, data, use):
    years = use.horizon.years
    block.body_active = variable(
        "body year",
        block.founding.keys,
        doc="the body works",
        measure="0 or 1",
        domain="binary",
        structure="{body} is founded",
    )
    block.posts = variable(
        "member body year",
        [(m, b, t) for m in data.members for b in block.bodies for t in years],
        doc="staff posts filled by the member",
        measure="personnel, thousands",
    )


def balances(block, data, use):
    for m in data.members if block.bodies else ():
        for t in use.horizon.years:
            filled = weighted_sum((1.0, block.posts[m, b, t]) for b in block.bodies)
            use.personnel.people.post((m, t), filled)


def costs(block, data, use, ledger):
    bodies, index = data.bodies, data.members.cost_index
    for t in use.horizon.years if block.bodies else ():
        running = []
        for b in block.bodies:
            (setup, active), *before = block.founding.begins(
                block.body_active, b, t, bodies.setup_cost[b]
            )
            # One term, so that no cost of 0 a year makes a program of another shape.
            running += [(setup + bodies.annual_cost[b], active), *before]
        ledger.post("body_cost", COMMON, t, weighted_sum(running))
        for m in data.members:
            filled = [(index[m] * bodies.post_cost[b], block.posts[m, b, t]) for b in block.bodies]
            ledger.post("post_cost", m, t, weighted_sum(filled))


def constraints(block, data, use):
    staff, share = data.bodies.staff, data.bodies.max_member_share
    body_active, posts = block.body_active, block.posts
    block.fill_posts = constraint(
        "body year",
        body_active,
        lambda b, t: (
            weighted_sum((1.0, posts[m, b, t]) for m in data.members)
            == staff[b] * body_active[b, t]
        ),
        doc="a working body has all its posts filled",
    )
    block.limit_member_posts = constraint(
        "member body year",
        posts,
        lambda m, b, t: posts[m, b, t] <= share[b] * staff[b],
        doc="no member fills more than its largest share of the posts",
        policy=True,
    )
    block.body_stays = block.founding.stays(
        "body year", body_active, doc="a founded body goes on working"
    )


def audit(data, solution):
    bodies, founding = data.bodies, solution.arithmetic.bodies.founding
    common, filled, staffed = {}, {}, {}
    for (m, b, t), posts in solution.posts.items():
        most = bodies.max_member_share[b] * bodies.staff[b]
        yield holds("limit_member_posts", (m, b, t), posts, "<=", most)
        yield supplies("people", (m, t), posts)
        filled[b, t] = filled.get((b, t), 0.0) + posts
        cost = data.members.cost_index[m] * bodies.post_cost[b] * posts
        staffed[m, t] = staffed.get((m, t), 0.0) + cost
    for (b, t), state in solution.body_active.items():
        yield holds("fill_posts", (b, t), filled[b, t], "==", bodies.staff[b] * state)
        common[t] = common.get(t, 0.0) + bodies.annual_cost[b] * state
    yield from founding.hold_once("body_stays", solution.body_active)
    for _, t, cost in founding.spent(solution.body_active, bodies.setup_cost):
        common[t] += cost
    for t, cost in common.items():
        yield amount("body_cost", COMMON, t, cost)
    for (m, t), cost in staffed.items():
        yield amount("post_cost", m, t, cost)


def results(solution):
    """Years in which each body works, and its posts by nation."""
    bodies, rows = solution.data.bodies, []
    for b in dict.fromkeys(b for b, _ in solution.body_active):
        about = {"body": b, "name": bodies.name[b], "kind": bodies.kind[b], "role": bodies.role[b]}
        working = {t: state > 0.5 for (x, t), state in solution.body_active.items() if x == b}
        rows.append(
            {**about, "member": None, **{t: "works" if w else None for t, w in working.items()}}
        )
        for m in solution.data.members:
            posts = {t: n for (n_, x, t), n in solution.posts.items() if (n_, x) == (m, b)}
            if any(n > 1e-9 for n in posts.values()):
                rows.append({**about, "member": m, **posts})
    return {"bodies": rows} if rows else {}


def undertakings(solution):
    bodies, founding = solution.data.bodies, solution.arithmetic.bodies.founding
    for b in founding.items:
        yield founding.undertaking(
            solution.body_active,
            b,
            kind="body",
            name=bodies.name[b],
            cost=bodies.setup_cost[b],
            table="bodies",
        )

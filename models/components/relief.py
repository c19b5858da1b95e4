"""Non-military measures: what they remove of a need, and what they cost.

Variables:
    intensity[x,t] in 0..1                  how far a measure is used; with a body, only while it
                                            works, so a coalition of one has none that need a body
    relief[k,t] in 0..non_military_cap      share of a requirement that measures remove
    relief_apart[k,t] >= 0                  relief in years apart

Constraints:
    relieve_by_measures:    relief[k,t] <= sum_x effect[x,k] * intensity[x,t]
    limit_relief:           relief[k,t] <= non_military_cap[k]
    relief_apart_is_relief: relief_apart[k,t] <= relief[k,t]
    relief_apart_only:      relief_apart[k,t] <= non_military_cap[k] * (1 - pooled[t])
    measure_needs_body:     intensity[x,t] <= body_active[b,t]

Costs:
    measure_cost[common,t] = sum_x annual_cost * intensity[x,t]
"""

from cssopt.modeling import (
    COMMON,
    Column,
    Entry,
    Index,
    Table,
    amount,
    constraint,
    holds,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "members", "threats")
OPTIONAL = ("bodies", "pooling")
INDICES = (Index("measure", before="force", letter="x"),)

ROLES = (Entry(entry="measure_cost", says="Talks, aid and partnership", group="aid"),)

TABLES = (
    Table(
        name="measures",
        help="Non-military measures: talks, sanctions, aid.",
        key=("measure",),
        optional=True,
        columns=(
            Column(name="measure", kind="text", help="Short code of the measure."),
            Column(name="name", kind="text", help="Name of the measure."),
            Column(
                name="annual_cost",
                kind="number",
                help="Cost at full intensity.",
                measure="million per year",
                low=0,
            ),
            Column(
                name="body",
                kind="text",
                help="Body that must work for it.",
                refers_to="bodies",
                default=None,
                blank="none",
                goes_along={},
            ),
        ),
    ),
    Table(
        name="effects",
        help="What measures do against threats.",
        key=("measure", "threat"),
        optional=True,
        columns=(
            Column(name="measure", kind="text", help="The measure.", refers_to="measures"),
            Column(name="threat", kind="text", help="The threat.", refers_to="threats"),
            Column(
                name="effect",
                kind="number",
                help="Share of the need that it removes at full intensity.",
                measure="share",
                low=0,
                high=1,
            ),
        ),
    ),
)


def arithmetic(data, use):
    # Where the study has no bodies at all, measures are free of them too.
    body_of = {x: b for x, b in data.measures.body.items() if b and "bodies" in use}
    measures = [x for x in data.measures if x not in body_of or body_of[x] in use.bodies.bodies]
    effects = {}
    for x, k in data.effects:
        if x in measures and data.threats.non_military_cap[k] > 0:
            effects.setdefault(k, []).append(x)
    return {
        "body_of": body_of,
        "measures": measures,
        "gated_years": use.pooling.gated_years if "pooling" in use else [],
        "effects": effects,
    }


def variables(block, data, use):
    years = use.horizon.years
    keys = [
        (k, t)
        for k in use.threats.threats
        if k in block.effects
        for t in use.threats.active_years[k]
    ]
    block.intensity = variable(
        "measure year",
        [(x, t) for x in block.measures for t in years],
        doc="how far the measure is used",
        measure="share",
        most=1.0,
    )
    block.relief = variable(
        "threat year", keys, doc="share of the need that measures remove", measure="share"
    )
    block.relief_apart = variable(
        "threat year",
        [(k, t) for k, t in keys if t in block.gated_years],
        doc="relief in years apart",
        measure="share",
    )


def costs(block, data, use, ledger):
    for t in use.horizon.years if block.measures else ():
        used = [(data.measures.annual_cost[x], block.intensity[x, t]) for x in block.measures]
        ledger.post("measure_cost", COMMON, t, weighted_sum(used))


def constraints(block, data, use):
    relief, apart, intensity = block.relief, block.relief_apart, block.intensity
    cap, effect = data.threats.non_military_cap, data.effects.effect
    block.relieve_by_measures = constraint(
        "threat year",
        relief,
        lambda k, t: (
            relief[k, t] <= weighted_sum((effect[x, k], intensity[x, t]) for x in block.effects[k])
        ),
        doc="a need is relieved by the measures that are used",
    )
    block.limit_relief = constraint(
        "threat year",
        relief,
        lambda k, t: relief[k, t] <= cap[k],
        doc="non-military means remove no more than their largest share",
        policy=True,
    )
    block.relief_apart_is_relief = constraint(
        "threat year",
        apart,
        lambda k, t: apart[k, t] <= relief[k, t],
        doc="what is relieved apart is relieved",
    )
    block.relief_apart_only = constraint(
        "threat year",
        apart,
        lambda k, t: apart[k, t] <= cap[k] * (1 - use.pooling.pooled[t]),
        doc="relief apart counts in years apart only",
    )
    block.measure_needs_body = constraint(
        "measure year",
        [(x, t) for x, t in intensity if x in block.body_of],
        lambda x, t: intensity[x, t] <= use.bodies.body_active[block.body_of[x], t],
        doc="a measure is used only while its body works",
    )


def audit(data, solution):
    cap, costs = data.threats.non_military_cap, {}
    body_of = solution.arithmetic.relief.body_of
    pooled = solution.pooled if "pooled" in solution else {}
    for (x, t), used in solution.intensity.items():
        if x in body_of:
            working = solution.body_active[body_of[x], t]
            yield holds("measure_needs_body", (x, t), used, "<=", working)
        costs[t] = costs.get(t, 0.0) + data.measures.annual_cost[x] * used
    for (k, t), relieved in solution.relief.items():
        done = sum(
            data.effects.effect[x, k] * solution.intensity.get((x, t), 0.0)
            for x, threat in data.effects
            if threat == k
        )
        yield holds("relieve_by_measures", (k, t), relieved, "<=", done)
        yield holds("limit_relief", (k, t), relieved, "<=", cap[k])
        apart = solution.relief_apart.get((k, t), 0.0)
        yield holds("relief_apart_is_relief", (k, t), apart, "<=", relieved)
        most = cap[k] * (1 - pooled.get(t, 1.0))
        yield holds("relief_apart_only", (k, t), apart, "<=", most)
    for t, cost in costs.items():
        yield amount("measure_cost", COMMON, t, cost)


def results(solution):
    """How far every measure is used, year by year (1: in full), and what it costs in all."""
    measures, rows = solution.data.measures, []
    for x in dict.fromkeys(x for x, _ in solution.intensity):
        used = {t: how_far for (y, t), how_far in solution.intensity.items() if y == x}
        rows.append(
            {
                "measure": x,
                "name": measures.name[x],
                "body": measures.body[x],
                "cost": measures.annual_cost[x] * sum(used.values()),
                **used,
            }
        )
    return {"measures": rows} if rows else {}

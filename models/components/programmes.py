"""Joint programmes of research, production and infrastructure.

Sets:
    p in programmes: only when S has two members or more, or no activity in the workbook names the
                     programme (those that a what-if drops count: what is joint stays joint)

Variables:
    launched[p,t] in {0,1}    begun by t, never falls

Parameters:
    unlocks[f]          programmes that unlock a force
    price_cuts[f]       share that each programme takes off its price
    support_cuts[f]     share that each programme takes off its support cost
    capacities[f]       units a year that programmes add to its production

Expressions:
    complete[p,t] = launched[p, t - duration]    complete at the start of t

Constraints:
    launch_lasts:    launched[p,t] >= launched[p,t-1]; not before earliest_year

Costs:
    joint_programme_cost[common,t] = annual_cost in launch year .. launch year + max(1,duration) - 1
        = sum_p annual_cost * (launched[p,t] - launched[p, t - max(1, duration)])
"""

from cssopt.modeling import (
    COMMON,
    Check,
    Column,
    Entry,
    Fault,
    Index,
    Lasting,
    Rule,
    Table,
    amount,
    timeline,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "members", "forces")
INDICES = (Index("programme", before="measure", letter="p"),)

ROLES = (Entry(entry="joint_programme_cost", says="Joint programmes", group="common"),)

TABLES = (
    Table(
        name="programmes",
        help="Joint programmes: research, production, infrastructure.",
        key=("programme",),
        optional=True,
        columns=(
            Column(name="programme", kind="text", help="Short code of the programme."),
            Column(name="name", kind="text", help="Name of the programme."),
            Column(
                name="kind",
                kind="text",
                help="What it develops.",
                choices=("research", "production", "infrastructure"),
            ),
            Column(
                name="duration",
                kind="whole",
                help="Years from launch to completion.",
                measure="years",
                low=0,
                high=100,
                rule=Rule(
                    name="duration",
                    says="programme {programme} takes {value:g} years",
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
                help="Year before which it cannot be launched.",
                measure="year",
                default=None,
                blank="the first year of the plan",
                low=1900,
                high=2300,
                rule=Rule(
                    name="date",
                    says="programme {programme} starts in {value:.0f} at the earliest",
                    without=None,
                ),
            ),
        ),
    ),
    Table(
        name="programme_effects",
        help="What completed programmes change, by force.",
        key=("programme", "force", "effect"),
        optional=True,
        columns=(
            Column(name="programme", kind="text", help="The programme.", refers_to="programmes"),
            Column(name="force", kind="text", help="The force.", refers_to="forces"),
            Column(
                name="effect",
                kind="text",
                help="unlock: members below its tech_level may order it; capacity: units a year "
                "more; price_cut, support_cut: share taken off.",
                choices=("unlock", "capacity", "price_cut", "support_cut"),
            ),
            Column(
                name="value",
                kind="number",
                help="Units a year for capacity, a share for cuts, blank for unlock.",
                default=None,
                blank="only for unlock",
                low=0,
            ),
        ),
    ),
)


def _cuts_within_one(data):
    sums = {}
    for p, f, effect in data.programme_effects:
        value = data.programme_effects.value[p, f, effect]
        if effect != "unlock" and value is None:
            text = f"is blank for {effect}. Fill in the value, or remove the row."
            yield Fault("programme_effects", (p, f, effect), "value", text)
        elif effect in ("price_cut", "support_cut"):
            sums[f, effect] = sums.get((f, effect), 0.0) + value
            if sums[f, effect] > 1 + 1e-9:
                text = f"the {effect}s of {f} add up to {sums[f, effect]:g}. Keep them within 1."
                yield Fault("programme_effects", (p, f, effect), "value", text)


CHECKS = (
    Check(code="E-303", rule="an effect has its value, cuts within 1", find=_cuts_within_one),
)


def _by_force(data, programmes, effect):
    found = {}
    for p, f, kind in data.programme_effects:
        if kind == effect and p in programmes:
            found.setdefault(f, {})[p] = data.programme_effects.value[p, f, kind]
    return found


def arithmetic(data, use):
    named = _named_by_activities(data)
    together = len(data.members) > 1
    programmes = [p for p in data.programmes if together or p not in named]
    capacity = _by_force(data, programmes, "capacity")
    return {
        "programmes": programmes,
        "unlocks": _by_force(data, programmes, "unlock"),
        "price_cuts": _by_force(data, programmes, "price_cut"),
        "support_cuts": _by_force(data, programmes, "support_cut"),
        "capacity": capacity,
        "capacities": {f: sum(added.values()) for f, added in capacity.items()},
        "launching": Lasting(
            tuple(programmes),
            use.horizon.years,
            duration=data.programmes.duration,
            earliest=data.programmes.earliest_year,
        ),
    }


def variables(block, data, use):
    block.launched = variable(
        "programme year",
        block.launching.keys,
        doc="the programme has been launched",
        measure="0 or 1",
        domain="binary",
        structure="{programme} is launched",
    )
    block.complete = {
        (p, t): block.launching.complete(block.launched, p, t)
        for p in block.programmes
        for t in use.horizon.years
    }


def _named_by_activities(data):
    if "activities" not in data.book.tables:
        return set()
    activities = data.book.activities
    dropped = {row["programme"] for row in activities.dropped.values()}
    return dropped | set(activities.programme.values())


def costs(block, data, use, ledger):
    for t in use.horizon.years if block.programmes else ():
        running = []
        for p in block.programmes:
            cost = data.programmes.annual_cost[p]
            running += block.launching.runs(block.launched, p, t, cost)
        ledger.post("joint_programme_cost", COMMON, t, weighted_sum(running))


def constraints(block, data, use):
    block.launch_lasts = block.launching.stays(
        "programme year", block.launched, doc="what is launched stays launched"
    )


def audit(data, solution):
    launching, costs = solution.arithmetic.programmes.launching, {}
    yield from launching.hold_once("launch_lasts", solution.launched)
    yield from launching.hold_earliest("not_before_its_year", solution.launched)
    for _, t, cost in launching.spent(solution.launched, data.programmes.annual_cost):
        costs[t] = costs.get(t, 0.0) + cost
    for t in solution.arithmetic.horizon.years if costs else ():
        yield amount("joint_programme_cost", COMMON, t, costs.get(t, 0.0))


def results(solution):
    """When every programme runs, and from when on its effects are there."""
    programmes, rows = solution.data.programmes, []
    launching = solution.arithmetic.programmes.launching
    for p in dict.fromkeys(p for p, _ in solution.launched):
        launched, complete = launching.years_of(solution.launched, p)
        rows.append(
            {
                "programme": p,
                "name": programmes.name[p],
                "kind": programmes.kind[p],
                "annual_cost": programmes.annual_cost[p],
                "launched": launched,
                "complete": complete,
                **timeline((t for q, t in solution.launched if q == p), launched, complete),
            }
        )
    return {"programmes": rows} if rows else {}


def undertakings(solution):
    programmes, launching = solution.data.programmes, solution.arithmetic.programmes.launching
    for p in launching.items:
        yield launching.undertaking(
            solution.launched,
            p,
            kind="programme",
            name=programmes.name[p],
            cost=programmes.annual_cost[p],
            table="programmes",
        )

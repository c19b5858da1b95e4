"""National law: how much of its units a member may delegate.

Parameters:
    delegable_share[m,f]    share of its units; an exact row beats a row for force `*`; no row: 1

Constraints:
    limit_delegation:    sum_{r, k in s} delegated[m,f,r,k,t]
                         <= delegable_share[m,f] * sum_r available_share[r] * held[m,f,r,t]
                         for every situation s and every pair that has a row
"""

from cssopt.modeling import Column, Rule, Table, constraint, holds, total, weighted_sum

REQUIRES = ("members", "forces", "readiness", "situations", "employment")

TABLES = (
    Table(
        name="legislation",
        help="Share of its units that a member's law allows to be delegated. No row: all.",
        key=("member", "force"),
        optional=True,
        no_row="without one a member may delegate all its units",
        columns=(
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(
                name="force",
                kind="text",
                help="The force, or * for all that have no row of their own.",
                refers_to="forces",
                wildcard=True,
            ),
            Column(
                name="delegable_share",
                kind="number",
                help="Share of the units that may be delegated.",
                measure="share",
                low=0,
                high=1,
                rule=Rule(
                    name="delegable share",
                    says="{member} may delegate {value:.4g} of {force}",
                    without=1.0,
                ),
            ),
        ),
    ),
)


def arithmetic(data, use):
    share = data.legislation.delegable_share
    pairs = [(m, f) for m in data.members for f in data.forces]
    return {
        "delegable_share": {(m, f): share.get((m, f), share.get((m, "*"), 1.0)) for m, f in pairs},
        "ruled": {(m, f) for m, f in pairs if (m, f) in share or (m, "*") in share},
    }


def constraints(block, data, use):
    delegated, held = use.employment.delegated, use.readiness.held
    share, ready = block.delegable_share, data.readiness.available_share
    units = {}
    for m, f, r, k, t in delegated:
        if (m, f) in block.ruled:
            units.setdefault((m, f, t), {}).setdefault(k, []).append(delegated[m, f, r, k, t])
    rows = {}
    for (m, f, t), planned in units.items():
        for s, threats in use.situations.threats_in[t].items():
            terms = [x for k in threats for x in planned.get(k, ())]
            if terms:
                rows[m, f, s, t] = terms
    block.limit_delegation = constraint(
        "member force situation year",
        rows,
        lambda m, f, s, t: (
            total(rows[m, f, s, t])
            <= weighted_sum((share[m, f] * ready[r], held[m, f, r, t]) for r in data.readiness)
        ),
        doc="a member delegates no more than its law allows",
        policy=True,
    )


def audit(data, solution):
    legal = solution.arithmetic.legislation.delegable_share
    ready = data.readiness.available_share
    delegated = solution.sums("delegated", "member force situation year", along="together")
    for (m, f, s, t), units in delegated.items():
        available = sum(ready[r] * solution.held.get((m, f, r, t), 0.0) for r in data.readiness)
        yield holds("limit_delegation", (m, f, s, t), units, "<=", legal[m, f] * available)

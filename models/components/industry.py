"""Industry: how many units a year the coalition can obtain.

Parameters:
    capacity[m,f]       units a year that the member's own industry delivers
    max_imports[f]      units a year that each member can buy outside; blank: nothing binds

Balances:
    added_capacity[f,t]    units a year added by other components (joint programmes)

Constraints:
    limit_production:    sum_m orders[m,f,t]
                         <= sum_m capacity[m,f] + |S| * max_imports[f] + added_capacity[f,t]
"""

from cssopt.modeling import Column, Table, balance, constraint, holds, weighted_sum

REQUIRES = ("horizon", "members", "forces", "orders")

TABLES = (
    Table(
        name="industry",
        help="Units a year that a member's own industry delivers. No row: none.",
        key=("member", "force"),
        optional=True,
        columns=(
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(name="force", kind="text", help="The force.", refers_to="forces"),
            Column(
                name="capacity",
                kind="number",
                help="Units a year.",
                measure="units per year",
                low=0,
            ),
        ),
    ),
)


def arithmetic(data, use):
    capacity = dict.fromkeys(data.forces, 0.0)
    for (_, f), units in data.industry.capacity.items():
        capacity[f] += units
    imports, members = data.forces.max_imports, len(data.members)
    obtainable = {
        f: capacity[f] + members * imports[f] for f in data.forces if imports[f] is not None
    }
    return {"obtainable": obtainable}


def variables(block, data, use):
    block.added_capacity = balance(
        "force year", doc="production added by joint programmes", measure="units per year"
    )


def constraints(block, data, use):
    orders, obtainable = {}, block.obtainable
    for m, f, t in use.orders.orders:
        if f in obtainable:
            orders.setdefault((f, t), []).append((1.0, use.orders.orders[m, f, t]))
    block.limit_production = constraint(
        "force year",
        orders,
        lambda f, t: weighted_sum(orders[f, t]) <= obtainable[f] + block.added_capacity[f, t],
        doc="orders stay within industry, imports and joint production",
        policy=True,
        measure="units",
    )


def audit(data, solution):
    obtainable, ordered = solution.arithmetic.industry.obtainable, {}
    for (_, f, t), units in solution.orders.items():
        ordered[f, t] = ordered.get((f, t), 0.0) + units
    for (f, t), units in ordered.items():
        if f in obtainable:
            most = obtainable[f] + solution.added_capacity.get((f, t), 0.0)
            yield holds("limit_production", (f, t), units, "<=", most)

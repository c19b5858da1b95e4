"""Balance of work: orders placed in a member's industry against what the member pays for orders.

OCCAR's global balance: over all programmes and years, in place of a fair return in each. Without a
row of work_balance nobody asks where orders are placed. A row without bounds asks for the figures
alone; they go by capacity. With bounds the plan also decides where orders are placed.

Sets:
    only where work_balance has rows, and when S has two members or more

Parameters:
    least[m], most[m]    least_work and most_work of the row of the member, else of that for `*`

Variables:
    placed[m,f,t] >= 0    units of f, of any member's orders of t, built by the industry of m; only
                          where some member has a bound

Constraints:
    place_within_capacity:    placed[m,f,t] <= capacity[m,f]
    place_what_is_ordered:    sum_m placed[m,f,t] <= sum_m orders[m,f,t]
    place_what_is_left:       sum_m placed[m,f,t] >= sum_m orders[m,f,t] - |S| * max_imports[f]
                              - added_capacity[f,t]    where max_imports is given
    place_apart:              placed[m,f,t] <= orders[m,f,t] + capacity[m,f] * pooled[t]
    place_left_apart:         placed[m,f,t] >= orders[m,f,t] - max_imports[f] - U * pooled[t]
                              before pooling an industry builds what its own member orders; U is
                              all that industries, imports and joint plants can deliver
    hold_least_work:          work[m] >= least[m] * payments[m]
    hold_most_work:           work[m] <= most[m] * payments[m]
    with work[m] = sum_f,t price[f,t] * placed[m,f,t]
    and payments[m] = sum_f,t price[f,t] * orders[m,f,t]

Derived:
    without bounds placed[m,f,t] = capacity[m,f] * min(1, sum_n orders[n,f,t] / sum_n capacity[n,f])

Both sides are at the price before joint programmes cut it, and not discounted, as contracts are.
Production lines and joint programmes are on neither side: the workbook does not say whose industry
does that work. What is bought outside the coalition is a payment and nobody's work. A member
without industry and with a least share above 0 can order nothing.

Sources:
    Convention on the Establishment of the Organisation for Joint Armament Cooperation (OCCAR),
    Farnborough 1998, article 5: fair return is given up for each programme, and looked for over
    programmes and years.
"""

from cssopt.modeling import Column, Rule, Table, constraint, holds, lookup, variable, weighted_sum

REQUIRES = ("horizon", "members", "forces", "orders", "industry")
OPTIONAL = ("pooling", "programmes")

TABLES = (
    Table(
        name="work_balance",
        help="Orders placed in a member's industry as a share of what it pays for orders, over "
        "all programmes and years. Bounds may be blank: then the balance is only shown.",
        key=("member",),
        optional=True,
        no_row="without one the row for * holds, and where there is none no balance is asked for",
        columns=(
            Column(
                name="member",
                kind="text",
                help="The member, or * for all that have no row of their own.",
                refers_to="members",
                wildcard=True,
            ),
            Column(
                name="least_work",
                kind="number",
                help="Least value of the work, as a share of the payments.",
                measure="share of payments",
                default=None,
                blank="no floor",
                low=0,
                rule=Rule(
                    name="work floor",
                    says="the industry of {member} gets work worth {value:.4g} of what is paid "
                    "by its government, or more",
                    without=None,
                ),
            ),
            Column(
                name="most_work",
                kind="number",
                help="Largest value of the work, as a share of the payments.",
                measure="share of payments",
                default=None,
                blank="no ceiling",
                low=0,
                rule=Rule(
                    name="work ceiling",
                    says="the industry of {member} gets work worth {value:.4g} of what is paid "
                    "by its government, or less",
                    without=None,
                ),
            ),
        ),
    ),
)


def arithmetic(data, use):
    bounds, members = data.work_balance, data.members if len(data.members) > 1 else ()
    found = {m: m if m in bounds else "*" for m in members}
    rows = {m: row for m, row in found.items() if row in bounds}
    least = {
        m: bounds.least_work[row] for m, row in rows.items() if bounds.least_work[row] is not None
    }
    most = {
        m: bounds.most_work[row] for m, row in rows.items() if bounds.most_work[row] is not None
    }
    ordered = dict.fromkeys((f, t) for _, f, t in use.orders.orderable) if least or most else ()
    plants = use.programmes.capacities if "programmes" in use else {}
    obtainable = use.industry.obtainable.items() if ordered else ()
    return {
        "shown": tuple(rows),
        "least": least,
        "most": most,
        "placeable": [(m, f, t) for m, f in data.industry for g, t in ordered if f == g],
        "most_obtainable": {f: units + plants.get(f, 0.0) for f, units in obtainable},
    }


def variables(block, data, use):
    block.placed = variable(
        "member force year",
        block.placeable,
        doc="units ordered by any member that its industry builds",
        measure="units",
    )


def constraints(block, data, use):
    placed, orders, price = block.placed, use.orders.orders, use.orders.price
    imports, capacity = data.forces.max_imports, data.industry.capacity
    block.place_within_capacity = constraint(
        "member force year",
        placed,
        lambda m, f, t: placed[m, f, t] <= capacity[m, f],
        doc="an industry builds no more than its capacity",
    )
    built, ordered, work, paid = {}, {}, {}, {}
    for m, f, t in placed:
        built.setdefault((f, t), []).append((1.0, placed[m, f, t]))
        work.setdefault(m, []).append((price[f, t], placed[m, f, t]))
    for m, f, t in orders if block.least or block.most else ():
        ordered.setdefault((f, t), []).append((-1.0, orders[m, f, t]))
        paid.setdefault(m, []).append((price[f, t], orders[m, f, t]))
    block.place_what_is_ordered = constraint(
        "force year",
        built,
        lambda f, t: weighted_sum([*built[f, t], *ordered[f, t]]) <= 0,
        doc="industries build no more than is ordered",
    )
    members, added = len(data.members), use.industry.added_capacity
    block.place_what_is_left = constraint(
        "force year",
        [(f, t) for f, t in built if imports[f] is not None],
        lambda f, t: (
            weighted_sum([*built[f, t], *ordered[f, t]]) >= -members * imports[f] - added[f, t]
        ),
        doc="industries build what neither imports nor joint plants deliver",
    )
    _build_apart(block, data, use)

    def balance(m, share):
        return weighted_sum(
            [*work.get(m, ()), *((-share * each, x) for each, x in paid.get(m, ()))]
        )

    block.hold_least_work = constraint(
        "member",
        [m for m in block.least if m in paid],
        lambda m: balance(m, block.least[m]) >= 0,
        doc="a member's industry gets its least share of work",
        policy=True,
    )
    block.hold_most_work = constraint(
        "member",
        [m for m in block.most if m in work],
        lambda m: balance(m, block.most[m]) <= 0,
        doc="a member's industry gets no more than its largest share of work",
        policy=True,
    )


def _build_apart(block, data, use):
    """Before the treaty works, the industry of a member builds for that member alone."""
    placed, orders, imports = block.placed, use.orders.orders, data.forces.max_imports
    pooled = use.pooling.pooled if "pooling" in use else {}
    apart = [(m, f, t) for m, f, t in placed if t in pooled]
    capacity, most = data.industry.capacity, block.most_obtainable
    block.place_apart = constraint(
        "member force year",
        apart,
        lambda m, f, t: placed[m, f, t] <= lookup(orders, (m, f, t)) + capacity[m, f] * pooled[t],
        doc="before pooling an industry builds no more than its own member orders",
    )
    block.place_left_apart = constraint(
        "member force year",
        [key for key in apart if key in orders and imports[key[1]] is not None],
        lambda m, f, t: placed[m, f, t] >= orders[m, f, t] - imports[f] - most[f] * pooled[t],
        doc="before pooling an industry builds what its own member does not import",
    )


def _values(solution, units):
    """Value of units ordered or placed, by member."""
    price, values = solution.arithmetic.orders.price, {}
    for (m, f, t), number in units.items():
        values[m] = values.get(m, 0.0) + price[f, t] * number
    return values


def audit(data, solution):
    bounds = solution.arithmetic.work_balance
    if not (bounds.least or bounds.most):
        return
    built, ordered = {}, {}
    pooled = solution.pooled if "pooled" in solution else {}
    for (m, f, t), units in solution.placed.items():
        most = data.industry.capacity[m, f]
        yield holds("place_within_capacity", (m, f, t), units, "<=", most)
        built[f, t] = built.get((f, t), 0.0) + units
        if t in pooled:
            own, works = solution.orders.get((m, f, t), 0.0), solution.settle(pooled[t])
            yield holds("place_apart", (m, f, t), units, "<=", own + most * works)
            if (imports := data.forces.max_imports[f]) is not None:
                left = own - imports - bounds.most_obtainable[f] * works
                yield holds("place_left_apart", (m, f, t), units, ">=", left)
    for (_, f, t), units in solution.orders.items():
        ordered[f, t] = ordered.get((f, t), 0.0) + units
    for (f, t), units in built.items():
        yield holds("place_what_is_ordered", (f, t), units, "<=", ordered[f, t])
        if (imports := data.forces.max_imports[f]) is not None:
            left = ordered[f, t] - len(data.members) * imports
            left -= solution.added_capacity.get((f, t), 0.0)
            yield holds("place_what_is_left", (f, t), units, ">=", left)
    work, paid = _values(solution, solution.placed), _values(solution, solution.orders)
    for m, share in bounds.least.items():
        yield holds("hold_least_work", (m,), work.get(m, 0.0), ">=", share * paid.get(m, 0.0))
    for m, share in bounds.most.items():
        yield holds("hold_most_work", (m,), work.get(m, 0.0), "<=", share * paid.get(m, 0.0))


def _by_capacity(solution):
    """Units that industries build where nobody decides it: each in proportion to its capacity."""
    capacity, ordered, of_all = solution.data.industry.capacity, {}, {}
    for (_, f, t), units in solution.orders.items():
        ordered[f, t] = ordered.get((f, t), 0.0) + units
    for (_, f), units in capacity.items():
        of_all[f] = of_all.get(f, 0.0) + units
    return {
        (m, f, t): own * min(1.0, units / of_all[f])
        for (m, f), own in capacity.items()
        if of_all[f] > 0
        for (g, t), units in ordered.items()
        if f == g
    }


def results(solution):
    """Orders placed in the industry of each member against what it pays for orders, over all years,
    at prices before programmes cut them."""
    bounds = solution.arithmetic.work_balance
    if not bounds.shown:
        return {}
    decided = bool(bounds.least or bounds.most)
    placed = solution.placed if decided else _by_capacity(solution)
    work, paid = _values(solution, placed), _values(solution, solution.orders)
    balances = []
    for m in bounds.shown:
        done, payments = work.get(m, 0.0), paid.get(m, 0.0)
        balances.append(
            {
                "member": m,
                "work": done,
                "payments": payments,
                "work_over_payments": done / payments if payments > 0 else None,
                "balance": done - payments,
                "placed_by": "the plan" if decided else "capacity",
            }
        )
    return {"work_balance": balances, "work_by_force": _work_by_force(solution, placed)}


def _work_by_force(solution, placed):
    """Work and payments by force, in the order of the workbook."""
    price, rows = solution.arithmetic.orders.price, {}
    for name, units in (("work", placed), ("payments", solution.orders)):
        for (m, f, t), number in units.items():
            row = rows.setdefault((f, m), {"force": f, "member": m, "work": 0.0, "payments": 0.0})
            row[name] += price[f, t] * number
    return [row for row in rows.values() if row["work"] > 1e-9 or row["payments"] > 1e-9]

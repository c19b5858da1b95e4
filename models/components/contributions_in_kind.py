"""Contributions in kind: what members are credited, at agreed prices, for the forces they provide.

A share can so be paid in forces: of what the key asks of a member, its credit is paid already, and
the rest is due in cash. Credits move money between members and cost nothing in all. They stand in
no rule, no cost and no budget, so that the plan is the same with them and without.

Sets:
    only with agreed prices (rows of contributions_in_kind), and when S has two members or more

Parameters:
    row[m,f]    the row of the pair; else of the member and `*`; else of `*` and the force; else of
                `*` and `*`; none: the pair earns nothing
    credit_per_unit[m,f], million per unit and year: what the row agrees on; where that is blank,
        fair_market_value / useful_life + no_fault_factor * fair_market_value    dry lease
        + maintenance                                                           wet lease
    ready_tiers[m,f]    tiers with notice_days <= most_notice_days of the row

Derived (from the plan, after it is solved):
    provided[m,f,t] units, over the ready tiers r
        delegated: sum_r max_s sum_{k in s} delegated[m,f,r,k,t]    a unit counts once
        ready:     sum_r available_share[r] * held[m,f,r,t], in years in which the treaty works
    credit[m,t] = sum_f credit_per_unit[m,f] * provided[m,f,t]
    due[m,t] = key_share[m,t] * sum_n credit[n,t]
    cash[m,t] = due[m,t] - credit[m,t]    paid; received where below 0; these add up to 0
    outlay after credits = outlay[m,t] + cash[m,t], and so for the burden

Sources:
    United Nations, Manual on Policies and Procedures concerning the Reimbursement and Control of
    Contingent-Owned Equipment (COE Manual): a dry lease is the generic fair market value over the
    useful life and a no-fault incident factor of that value; a wet lease adds maintenance; what is
    absent or does not work is not paid for. Its rates are by the month, these by the year; its
    mission and transport factors are left to the agreed price.
"""

from cssopt.modeling import Check, Column, Credit, Fault, Table

REQUIRES = ("horizon", "members", "forces", "readiness", "situations", "employment", "sharing")
OPTIONAL = ("pooling",)

ROLES = (Credit(table="credits_in_kind", amount="credit"),)

TABLES = (
    Table(
        name="contributions_in_kind",
        help="Agreed prices at which members are credited for forces. No row: no credit.",
        key=("member", "force"),
        optional=True,
        no_row="without one the row for * holds, and where there is none nothing is credited",
        columns=(
            Column(
                name="member",
                kind="text",
                help="The member, or * for all that have no row of their own.",
                refers_to="members",
                wildcard=True,
            ),
            Column(
                name="force",
                kind="text",
                help="The force, or * for all that have no row of their own.",
                refers_to="forces",
                wildcard=True,
            ),
            Column(
                name="credit_per_unit",
                kind="number",
                help="Agreed credit of a unit per year.",
                measure="million per year",
                default=None,
                blank="by the formula: value / life + no-fault factor, and maintenance",
                low=0,
            ),
            Column(
                name="fair_market_value",
                kind="number",
                help="Agreed value of a unit.",
                measure="million",
                default=None,
                blank="the procurement_cost of the force",
                low=0,
            ),
            Column(
                name="useful_life",
                kind="number",
                help="Years over which the value is paid back.",
                measure="years",
                default=None,
                blank="the service_life of the force",
                above=0,
            ),
            Column(
                name="no_fault_factor",
                kind="number",
                help="Share of the value per year for losses that are nobody's fault.",
                measure="share per year",
                default=0.0,
                low=0,
                high=1,
            ),
            Column(
                name="lease",
                kind="text",
                help="wet: its owner maintains the unit, and is paid for it. dry: others do.",
                default="wet",
                choices=("wet", "dry"),
            ),
            Column(
                name="maintenance",
                kind="number",
                help="Agreed maintenance of a unit per year, paid under a wet lease.",
                measure="million per year",
                default=None,
                blank="the support_cost of the force",
                low=0,
            ),
            Column(
                name="counts",
                kind="text",
                help="delegated: units delegated to the common defence. ready: all units that are "
                "available, once the treaty works.",
                default="delegated",
                choices=("delegated", "ready"),
            ),
            Column(
                name="most_notice_days",
                kind="number",
                help="Units at tiers with a longer notice are not ready and earn nothing.",
                measure="days",
                default=None,
                blank="units at every tier count",
                low=0,
            ),
        ),
    ),
)


def _find_row(prices, m, f):
    """The row that holds for a pair; None: it earns nothing."""
    return next((key for key in ((m, f), (m, "*"), ("*", f), ("*", "*")) if key in prices), None)


def _find_rows(data):
    prices = data.contributions_in_kind
    found = {(m, f): _find_row(prices, m, f) for m in data.members for f in data.forces}
    return {pair: row for pair, row in found.items() if row is not None}


def _or(agreed, otherwise):
    return otherwise if agreed is None else agreed


def _valued(data):
    told = set()
    for (_, f), row in _find_rows(data).items():
        prices = data.contributions_in_kind
        value = _or(prices.fair_market_value[row], data.forces.procurement_cost[f])
        if prices.credit_per_unit[row] is None and value is None and (row, f) not in told:
            told.add((row, f))
            text = f"nothing says what a unit of {f} is worth: forces has no procurement_cost of "
            text += "it. Fill in fair_market_value or credit_per_unit"
            text += f", in a row for {f}." if row[1] == "*" else "."
            yield Fault("contributions_in_kind", row, "fair_market_value", text)


CHECKS = (Check(code="E-307", rule="what is credited has a price", find=_valued),)


def _credit_per_unit(data, row, f):
    prices, forces = data.contributions_in_kind, data.forces
    if prices.credit_per_unit[row] is not None:
        return prices.credit_per_unit[row]
    value = _or(prices.fair_market_value[row], forces.procurement_cost[f])
    life = _or(prices.useful_life[row], forces.service_life[f])
    lease = value / life + prices.no_fault_factor[row] * value
    if prices.lease[row] == "wet":
        lease += _or(prices.maintenance[row], forces.support_cost[f])
    return lease


def arithmetic(data, use):
    rows = _find_rows(data) if len(data.members) > 1 else {}
    latest = data.contributions_in_kind.most_notice_days
    notice = data.readiness.notice_days
    return {
        "rows": rows,
        "credit_per_unit": {(m, f): _credit_per_unit(data, row, f) for (m, f), row in rows.items()},
        "ready_tiers": {
            pair: tuple(r for r in notice if latest[row] is None or notice[r] <= latest[row])
            for pair, row in rows.items()
        },
    }


def audit(data, solution):
    """Nothing to hold: credits follow from the plan, and no rule or cost knows them."""
    return ()


def _provided(solution, at_prices):
    """Units that earn a credit, by member, force and year."""
    data = solution.data
    most = {}
    planned = solution.sums("delegated", "member force tier situation year", along="together")
    for (m, f, r, _, t), units in planned.items():
        most[m, f, r, t] = max(units, most.get((m, f, r, t), 0.0))
    provided, pooled = {}, solution.pooled if "pooled" in solution else {}
    for (m, f, r, t), held in solution.held.items():
        if r not in at_prices.ready_tiers.get((m, f), ()):
            continue
        units = most.get((m, f, r, t), 0.0)
        if data.contributions_in_kind.counts[at_prices.rows[m, f]] == "ready":
            works = solution.settle(pooled.get(t, 1.0))
            units = works * data.readiness.available_share[r] * held
        provided[m, f, t] = provided.get((m, f, t), 0.0) + units
    return provided


def results(solution):
    """Contributions in kind: the units that earn a credit by year, the credits, what the key makes
    of them due, and what is paid in cash (received where below 0). Cash adds up to nothing."""
    at_prices = solution.arithmetic.contributions_in_kind
    if not at_prices.rows:
        return {}
    years, members = solution.arithmetic.horizon.years, solution.data.members
    provided = _provided(solution, at_prices)
    units = [
        {
            "member": m,
            "force": f,
            "credit_per_unit": price,
            **{t: provided.get((m, f, t), 0.0) for t in years},
        }
        for (m, f), price in at_prices.credit_per_unit.items()
    ]
    credit = {(m, t): 0.0 for m in members for t in years}
    for (m, f, t), number in provided.items():
        credit[m, t] += at_prices.credit_per_unit[m, f] * number
    settled = [
        _settle(m, t, credit, solution.key_share[m, t], solution.outlay[m, t])
        for m in members
        for t in years
    ]
    discount = solution.arithmetic.horizon.discount
    burdens = []
    for m in members:
        own = [row for row in settled if row["member"] == m]
        worth = {
            name: sum(discount[row["year"]] * row[name] for row in own)
            for name in ("credit", "due", "cash")
        }
        before = solution.burden[m]
        after = before + worth["cash"]
        burdens.append({"member": m, **worth, "burden": before, "burden_after": after})
    return {"provided_in_kind": units, "credits_in_kind": settled, "burden_in_kind": burdens}


def _settle(m, t, credit, key_share, outlay):
    due = key_share * sum(own for (_, year), own in credit.items() if year == t)
    cash = due - credit[m, t]
    return {
        "member": m,
        "year": t,
        "credit": credit[m, t],
        "due": due,
        "cash": cash,
        "outlay": outlay,
        "outlay_after": outlay + cash,
    }

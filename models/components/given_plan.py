"""A planner's own plan: units held and ordered that are taken as they are, to see what they cost.

In no study, so that no solve reads it: it is added where that plan is to be costed. What its sheet
leaves blank is free.

Parameters:
    held_as_planned[m,f,t], ordered_as_planned[m,f,t]    units, where the sheet has a number

    rounding = 5e-7 * max(1, units)    by which numbers that were typed may be off: what just fits
                                       with all digits must not miss by the last of them

Constraints:
    hold_no_less, hold_no_more:      sum_r held[m,f,r,t] = held_as_planned[m,f,t] +- rounding
    order_no_less, order_no_more:    orders[m,f,t] = ordered_as_planned[m,f,t] +- rounding
"""

from cssopt.modeling import (
    Check,
    Column,
    Fault,
    GivenPlan,
    Table,
    constraint,
    holds,
    parameter,
)

REQUIRES = ("horizon", "stock", "orders", "readiness")

ROLES = (GivenPlan(table="plan", accounts={"held": "in service", "ordered": "ordered"}),)

TABLES = (
    Table(
        name="plan",
        help="Units of a plan of your own. `cssopt cost` alone reads it: what it costs and breaks.",
        key=("member", "force", "year"),
        optional=True,
        no_row="the model chooses both numbers",
        columns=(
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(name="force", kind="text", help="The force.", refers_to="forces"),
            Column(
                name="year", kind="whole", help="The year.", measure="year", low=1900, high=2300
            ),
            Column(
                name="held",
                kind="number",
                help="Units held in the year, over all readiness tiers.",
                measure="units",
                default=None,
                blank="the model chooses it",
                low=0,
            ),
            Column(
                name="ordered",
                kind="number",
                help="Units ordered in the year.",
                measure="units",
                default=None,
                blank="the model chooses it",
                low=0,
            ),
        ),
    ),
)


def _rows_within(data):
    """Rows of years that are planned, and the first and last of these."""
    first, last = data.settings.first_year, data.settings.last_year
    return [key for key in data.plan if first <= key[2] <= last]


def _outside(data):
    first, last = data.settings.first_year, data.settings.last_year
    for key in data.plan:
        if not first <= key[2] <= last:
            text = f"{key[2]} is outside the years of the plan, {first} to {last}. "
            yield Fault("plan", key, "year", f"{text}Correct the year, or leave the row out.")


def _in_fractions(data):
    for key in data.plan:
        for column in ("held", "ordered"):
            units = data.plan.columns[column][key]
            if units is not None and data.forces.whole[key[1]] and units != round(units):
                text = f'{units:g} units, but "{key[1]}" comes in whole units (sheet forces, '
                yield Fault("plan", key, column, f"{text}column whole). Type a whole number.")


def _no_price(data):
    for m, f, t in _rows_within(data):
        if data.plan.ordered[m, f, t] and data.forces.procurement_cost[f] is None:
            text = f'"{f}" cannot be bought: it has no procurement_cost (sheet forces). '
            yield Fault("plan", (m, f, t), "ordered", f"{text}Order none, or type its price.")


def _too_late(data):
    last = data.settings.last_year
    for m, f, t in _rows_within(data):
        arrives = t + data.forces.lead_time[f]
        if data.plan.ordered[m, f, t] and arrives > last:
            text = f'what is ordered of "{f}" in {t} arrives in {arrives}, after the last year '
            text += f"{last}. Order by {last - data.forces.lead_time[f]}, or plan for more years."
            yield Fault("plan", (m, f, t), "ordered", text)


def _masters(data, m, f):
    """Whether a member can order a force, at once or when a programme unlocks it."""
    effects = data.tables.get("programme_effects", {})
    unlocked = any(unlocks == f and effect == "unlock" for (_, unlocks, effect) in effects)
    return unlocked or data.members.tech_level[m] >= data.forces.tech_level[f]


def _not_mastered(data):
    for m, f, t in _rows_within(data):
        level, needed = data.members.tech_level[m], data.forces.tech_level[f]
        if data.plan.ordered[m, f, t] and not _masters(data, m, f):
            text = f'"{m}" has tech_level {level:g}, and "{f}" asks for {needed:g}; no programme '
            yield Fault("plan", (m, f, t), "ordered", f"{text}unlocks it. Order none.")


def _from_nowhere(data):
    """Units held of what is in no inventory, before anything that is bought can have arrived."""
    first, inventory = data.settings.first_year, data.tables.get("inventory", {})
    for m, f, t in _rows_within(data):
        arrives = first + data.forces.lead_time[f]
        has_price = data.forces.procurement_cost[f] is not None
        can_be_bought = has_price and arrives <= t and _masters(data, m, f)
        if data.plan.held[m, f, t] and (m, f) not in inventory and not can_be_bought:
            text = f'"{m}" has no "{f}" in its inventory, and none that is bought serves by {t}. '
            yield Fault("plan", (m, f, t), "held", f"{text}Type 0, or leave it blank.")


def _says_nothing(data):
    for key in data.plan:
        if data.plan.held[key] is None and data.plan.ordered[key] is None:
            text = "neither held nor ordered has a number: the row changes nothing. Fill one in."
            yield Fault("plan", key, "held", text)


CHECKS = (
    Check(code="W-461", rule="a row of a plan lies within its years", find=_outside),
    Check(code="W-462", rule="whole units are planned in whole numbers", find=_in_fractions),
    Check(code="W-463", rule="what a plan orders can be bought", find=_no_price),
    Check(code="W-464", rule="what a plan orders arrives in time", find=_too_late),
    Check(code="W-465", rule="a member masters what it orders", find=_not_mastered),
    Check(code="W-466", rule="what a plan holds can be there", find=_from_nowhere),
    Check(code="W-467", rule="a row of a plan says something", find=_says_nothing),
)


def arithmetic(data, use):
    pairs, orderable = set(use.readiness.pairs), set(use.orders.orderable)
    held = {key: units for key, units in data.plan.held.items() if key in pairs}
    ordered = {key: units for key, units in data.plan.ordered.items() if key in orderable}
    return {
        f"{name}_as_planned": parameter(
            "member force year",
            {key: units for key, units in planned.items() if units is not None},
            doc=f"units {name} as the given plan says",
            measure="units",
        )
        for name, planned in {"held": held, "ordered": ordered}.items()
    }


_ROUNDING = 5e-7
"""Half of what an audit, and a search for whole numbers, allow a side to be off."""


def _off(units):
    return _ROUNDING * max(1.0, units)


def constraints(block, data, use):
    held, ordered = block.held_as_planned, block.ordered_as_planned
    block.hold_no_less = constraint(
        "member force year",
        held,
        lambda *key: use.readiness.all_held[key] >= held[key] - _off(held[key]),
        doc="no fewer units are held than the given plan says",
    )
    block.hold_no_more = constraint(
        "member force year",
        held,
        lambda *key: use.readiness.all_held[key] <= held[key] + _off(held[key]),
        doc="no more units are held than the given plan says",
    )
    block.order_no_less = constraint(
        "member force year",
        ordered,
        lambda *key: use.orders.orders[key] >= ordered[key] - _off(ordered[key]),
        doc="no fewer units are ordered than the given plan says",
    )
    block.order_no_more = constraint(
        "member force year",
        ordered,
        lambda *key: use.orders.orders[key] <= ordered[key] + _off(ordered[key]),
        doc="no more units are ordered than the given plan says",
    )


def audit(data, solution):
    planned, held = solution.arithmetic.given_plan, solution.sums("held", "member force year")
    for key, units in planned.held_as_planned.items():
        yield holds("hold_no_less", key, held[key], ">=", units)
        yield holds("hold_no_more", key, held[key], "<=", units)
    for key, units in planned.ordered_as_planned.items():
        yield holds("order_no_less", key, solution.orders[key], ">=", units)
        yield holds("order_no_more", key, solution.orders[key], "<=", units)

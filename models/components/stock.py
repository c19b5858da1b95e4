"""The units that members have, and how they leave.

Parameters:
    legacy[m,f,t] = units * max(0, 1 - (t - t0) / remaining_life)    units; rounded down for a
                    whole force, floor(x + 1e-9); `units` where remaining_life is blank

Variables:
    keep[m,f,t] >= 0    units of the inventory still kept

Constraints:
    keep_within_legacy:    keep[m,f,t] <= legacy[m,f,t]
    never_return:          keep[m,f,t] <= keep[m,f,t-1]    units given up do not come back

Balances:
    units[m,f,t]    units a member has: those kept, and what other components post (orders)
"""

import math

from cssopt.modeling import (
    Column,
    ContributionKind,
    Rule,
    Table,
    account,
    balance,
    constraint,
    holds,
    parameter,
    supplies,
    variable,
)

REQUIRES = ("horizon", "forces")

CONTRIBUTIONS = (
    ContributionKind(
        name="units",
        quantity="units",
        by=("member force", "force"),
        says="units held",
        tells_apart=True,
    ),
)

TABLES = (
    Table(
        name="inventory",
        help="Units that members have at the start of the first year.",
        key=("member", "force"),
        columns=(
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(name="force", kind="text", help="The force.", refers_to="forces"),
            Column(name="units", kind="number", help="Units it has.", measure="units", low=0),
            Column(
                name="remaining_life",
                kind="number",
                help="Years over which these units leave service evenly.",
                measure="years",
                default=None,
                blank="they stay",
                above=0,
                rule=Rule(
                    name="service life",
                    says="{force} of {member} leave within {value:g} years",
                    without=None,
                    nature="fact",
                ),
            ),
            Column(
                name="quality",
                kind="number",
                help="Power of this member's units of the force, bought ones too; 1 = standard.",
                default=1.0,
                low=0,
            ),
        ),
    ),
)


def _legacy(units, remaining_life, age, whole):
    left = units if remaining_life is None else units * max(0.0, 1 - age / remaining_life)
    return math.floor(left + 1e-9) if whole else left


def arithmetic(data, use):
    inventory, first = data.inventory, use.horizon.first_year
    left = {
        (m, f, t): _legacy(
            inventory.units[m, f],
            inventory.remaining_life[m, f],
            t - first,
            data.forces.whole[f],
        )
        for m, f in inventory
        for t in use.horizon.years
    }
    legacy = parameter(
        "member force year",
        {key: units for key, units in left.items() if units > 0},
        doc="units that the inventory still has",
        measure="units",
    )
    return {"legacy": legacy}


def variables(block, data, use):
    block.keep = variable(
        "member force year",
        block.legacy,
        doc="units of the inventory still kept",
        measure="units",
    )
    block.units = balance("member force year", doc="units a member has", measure="units")


def balances(block, data, use):
    for key in block.legacy:
        block.units.post(key, block.keep[key])


def constraints(block, data, use):
    keep, legacy = block.keep, block.legacy
    block.keep_within_legacy = constraint(
        "member force year",
        legacy,
        lambda m, f, t: keep[m, f, t] <= legacy[m, f, t],
        doc="units kept are no more than the inventory has left",
        policy=True,
        measure="units",
    )
    block.never_return = constraint(
        "member force year",
        [(m, f, t) for m, f, t in legacy if t > use.horizon.first_year],
        lambda m, f, t: keep[m, f, t] <= keep[m, f, t - 1],
        doc="units given up do not come back",
        gives_way=True,
        measure="units",
    )


def audit(data, solution):
    legacy = solution.arithmetic.stock.legacy
    for m, f in data.inventory:
        before = None
        for t in solution.arithmetic.horizon.years:
            kept = solution.keep.get((m, f, t), 0.0)
            yield holds("keep_within_legacy", (m, f, t), kept, "<=", legacy.get((m, f, t), 0.0))
            yield supplies("units", (m, f, t), kept)
            if before is not None:
                yield holds("never_return", (m, f, t), kept, "<=", before)
            before = kept


def accounts(solution):
    """What becomes of the inventory: what leaves is given up where its age does not ask for it."""
    legacy, years = solution.arithmetic.stock.legacy, solution.arithmetic.horizon.years
    for m, f in solution.data.inventory:
        units = solution.data.inventory.units[m, f]
        yield account("units today", (m, f), units)
        kept_before, gone_before = units, 0.0
        for t in years:
            # Units that a given plan has from nowhere are none of these.
            kept = min(solution.keep.get((m, f, t), 0.0), kept_before)
            gone = legacy.get((m, f, t), 0.0) - kept
            given_up = max(0.0, gone - gone_before)
            yield account("given up", (m, f, t), given_up)
            yield account("aged out", (m, f, t), kept_before - kept - given_up)
            kept_before, gone_before = kept, gone

"""Coverage: the power in place by every response day against the need.

Parameters:
    need_share: how much of full[k,c,d,t] is asked for,
        cover * (1 - relief[k,t]) + (tot - cover) * (1 - pooled[t] - relief_apart[k,t])
    where relief and relief_apart come from non-military measures (0 without them) and pooled from
    pooling (1 without it: the coalition meets overlapping needs once)

Variables:
    shortfall[k,c,d,t] >= 0    power missing

Balances:
    supply[k,c,d,t]    power that counts, posted by own power, delegation and integration

Constraints:
    meet_requirement:    supply[k,c,d,t] + shortfall[k,c,d,t] >= full[k,c,d,t] * need_share

Derived:
    missing_share = sum priority[k] * shortfall_weight[c] * shortfall / full
    weighted_shortfall = sum priority[k] * shortfall_weight[c] * shortfall, for a shortfall_penalty

Stages (for the objectives that put security first):
    least_missing_share: minimise missing_share; later stages hold it at (1 + shortfall_tolerance)
        times its least (study option, 0 by default), and what giving up 0.1, 1 and 5 % more of the
        least would save is told
"""

from cssopt.modeling import (
    Check,
    Column,
    Criterion,
    Fault,
    Hold,
    Need,
    Stage,
    Table,
    account,
    balance,
    constraint,
    expression,
    holds,
    lookup,
    supplies,
    variable,
    weighted_sum,
)

REQUIRES = ("horizon", "forces", "threats")
OPTIONAL = ("relief", "pooling")

CRITERIA = (
    Criterion(
        name="shortfall",
        figure="missing_share",
        says="weighted shares of the needs that are missing",
        frees=("missing_share", "weighted_shortfall"),
        thrifty=True,
    ),
)

ROLES = (
    Need(
        asked="need",
        missing="shortfall",
        share="missing_share",
        of="threat capability",
        kind="capability",
        measured="measure",
        coverage="coverage",
        parts=("need", "own", "delegated", "shortfall"),
        price=("settings", "shortfall_penalty"),
        priced_stages="_penalty",
    ),
)

TABLES = (
    Table(
        name="settings",
        help="What the workbook is about.",
        vertical=True,
        columns=(
            Column(
                name="shortfall_penalty",
                kind="number",
                help="An explicit price of shortfall, which then can be bought off. Better left "
                "blank.",
                measure="million per unit of power and year",
                default=None,
                blank="none: shortfall is made least first, money second",
                above=0,
            ),
        ),
    ),
)


_GIVE_UP = (0.001, 0.01, 0.05)


def _tolerance(data):
    share = data.given.get("shortfall_tolerance", 0.0)
    if share > 0 and data.settings.shortfall_penalty is not None:
        yield Fault(
            "settings",
            None,
            "shortfall_penalty",
            "shortfall has a price here, so there is no least missing share of which the study "
            f"could give up {share:.3g}. Leave this cell blank, or shortfall_tolerance out.",
        )


CHECKS = (
    Check(
        code="E-308",
        rule="a shortfall_tolerance goes with no shortfall_penalty",
        find=_tolerance,
    ),
)


def variables(block, data, use):
    block.shortfall = variable(
        "threat capability day year", use.threats.full, doc="power missing", measure="power"
    )
    block.supply = balance(
        "threat capability day year", doc="power in place that counts", measure="power"
    )
    block.need = balance(
        "threat capability day year", doc="power that must be in place", measure="power"
    )
    priority, weight = data.threats.priority, data.capabilities.shortfall_weight
    block.weighted_shortfall = weighted_sum(
        (priority[k] * weight[c], short) for (k, c, d, t), short in block.shortfall.items()
    )
    block.missing_share = expression(
        "",
        weighted_sum(
            (priority[k] * weight[c] / full, block.shortfall[k, c, d, t])
            for (k, c, d, t), full in use.threats.full.items()
        ),
        doc="weighted shares of the needs that are missing",
    )
    tolerance = data.given.get("shortfall_tolerance", 0.0)
    held = Hold("missing_share", block.missing_share, tolerance, _GIVE_UP)
    block.least_missing_share = Stage("missing_share", block.missing_share, (held,))


def balances(block, data, use):
    relief = use.relief.relief if "relief" in use else {}
    apart = use.relief.relief_apart if "relief" in use else {}
    pooled = use.pooling.pooled if "pooling" in use else {}
    for (k, c, d, t), full in use.threats.full.items():
        cover, tot = use.threats.cover[k], use.threats.tot[k]
        share = cover * (1 - lookup(relief, (k, t), 0.0))
        if tot > cover:
            share += (tot - cover) * (1 - lookup(pooled, t, 1.0) - lookup(apart, (k, t), 0.0))
        block.need.post((k, c, d, t), full * share)


def constraints(block, data, use):
    supply, shortfall, need = block.supply, block.shortfall, block.need
    block.meet_requirement = constraint(
        "threat capability day year",
        use.threats.full,
        lambda k, c, d, t: supply[k, c, d, t] + shortfall[k, c, d, t] >= need[k, c, d, t],
        doc="power in place and shortfall make up the need",
        policy=True,
    )


def audit(data, solution):
    missing = 0.0
    relief = solution.relief if "relief" in solution else {}
    apart = solution.relief_apart if "relief_apart" in solution else {}
    pooled = solution.pooled if "pooled" in solution else {}
    threats = solution.arithmetic.threats
    for (k, c, d, t), full in threats.full.items():
        key, cover, tot = (k, c, d, t), threats.cover[k], threats.tot[k]
        need = cover * (1 - relief.get((k, t), 0.0))
        need += (tot - cover) * (1 - pooled.get(t, 1.0) - apart.get((k, t), 0.0))
        short = solution.shortfall[key]
        missing += data.threats.priority[k] * data.capabilities.shortfall_weight[c] * short / full
        yield supplies("need", key, full * need)
        yield holds(
            "meet_requirement", key, solution.supply.get(key, 0.0) + short, ">=", full * need
        )
    yield holds("missing_share", (), missing, "==", solution.missing_share)


def results(solution):
    over = "threat capability day year"
    own = solution.sums("own_supply", over) if "own_supply" in solution else {}
    rows = []
    for (k, c, d, t), need in solution.need.items():
        key = k, c, d, t
        supply, short = solution.supply.get(key, 0.0), solution.shortfall[key]
        rows.append(
            {
                "threat": k,
                "capability": c,
                "day": d,
                "year": t,
                "need": need,
                "own": own.get(key, 0.0),
                "delegated": supply - own.get(key, 0.0),
                "surplus": max(0.0, supply + short - need),
                "shortfall": short,
                "missing_share": short / need if need > 0 else 0.0,
            }
        )
    return {"coverage": rows}


def accounts(solution):
    """How each need comes about, and the part of it that falls on each member.

    typed + growth + each for itself + overlap met once + relieved = need
    """
    threats, levels = solution.arithmetic.threats, solution.data.requirements.level
    priority, weight = solution.data.threats.priority, solution.data.capabilities.shortfall_weight
    relief = solution.relief if "relief" in solution else {}
    relief_apart = solution.relief_apart if "relief_apart" in solution else {}
    pooled = solution.pooled if "pooled" in solution else {}
    for key, full in threats.full.items():
        k, c, d, t = key
        tot, cover, together = threats.tot[k], threats.cover[k], pooled.get(t, 1.0)
        eased, eased_apart = relief.get((k, t), 0.0), relief_apart.get((k, t), 0.0)
        yield account("typed need", key, levels[k, c, d])
        yield account("growth of need", key, full - levels[k, c, d])
        yield account("each for itself", key, full * (tot - 1))
        yield account("overlap met once", key, -full * (tot - cover) * together)
        yield account("relieved", key, -full * (cover * eased + (tot - cover) * eased_apart))
        yield account("weight of need", key, priority[k] * weight[c] / full)
        for m in solution.data.members:
            exposure, own = threats.exposure[k, m], threats.own_share[k, m]
            part = own * (1 - eased) + (exposure - own) * (1 - together - eased_apart)
            if exposure > 0:
                yield account("danger", (m, *key), full * part)

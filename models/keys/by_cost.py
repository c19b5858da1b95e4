"""Keys by what members would pay without each other: they share all costs, not the common ones."""

from cssopt.modeling import NoSharesError

TITLES = {
    "proportional": "in proportion to costs alone",
    "as_it_falls": "costs lie where they fall",
    "separable_costs": "separable costs, remaining benefits",
    "equal_nonseparable": "equal parts of nonseparable costs",
}
"""What planners call them."""

ALSO = {
    "as_it_falls": ("spending", "first page"),
    "proportional": ("first page",),
    "separable_costs": ("first page",),
}
"""What members bear before anything is shared anew, and the most usual ways of sharing costs."""


def proportional(base, costs):
    """Each member bears the whole in proportion to what it would pay alone, so that all save the
    same part of it. Source: Young, Cost Allocation (Handbook of Game Theory, volume 2, 1994)."""
    alone = {m: costs.alone[m] for m in base.members}
    if min(alone.values()) < 0 < max(alone.values()):
        raise NoSharesError("some would have less than nothing alone, and others more")
    return alone


def equal_saving(base, costs):
    """Each member pays what it would pay alone, less the same amount for all: the saving is divided
    by heads. Source: the center of the imputation set, Driessen and Funaki, Coincidence of and
    Collinearity between Game Theoretic Solutions (OR Spektrum, 1991)."""
    saving = sum(costs.alone[m] for m in base.members) - costs.total
    return {m: costs.alone[m] - saving / len(base.members) for m in base.members}


def separable_costs(base, costs):
    """Each member pays what its taking part adds to the costs of all others; what is then left is
    shared by what remains of its benefit, that is what it would pay alone less what it adds.
    Source: separable costs remaining benefits, of the US Federal Inter-Agency River Basin Committee
    (1950); Young, Okada and Hashimoto (Water Resources Research, 1982)."""
    adds = {m: costs.total - costs.without[m] for m in base.members}
    remains = {m: costs.alone[m] - adds[m] for m in base.members}
    left, benefit = costs.total - sum(adds.values()), sum(remains.values())
    if not benefit and abs(left) > 1e-9 * abs(costs.total):
        raise NoSharesError("no benefit remains by which the rest could be shared")
    return {m: adds[m] + (left * remains[m] / benefit if benefit else 0.0) for m in base.members}


def as_it_falls(base, costs):
    """Each member bears what the plan has it spend: costs lie where they fall, and only what is
    common is shared. Source: the rule for operations in NATO Funding (NATO, 2024)."""
    return {m: costs.borne[m] for m in base.members}


def equal_nonseparable(base, costs):
    """Each member pays what its taking part adds to the costs of all others, and what is then left
    is divided by heads. Source: equal allocation of nonseparable cost, in Young, Cost Allocation
    (Handbook of Game Theory, volume 2, 1994)."""
    adds = {m: costs.total - costs.without[m] for m in base.members}
    left = costs.total - sum(adds.values())
    return {m: adds[m] + left / len(base.members) for m in base.members}

"""Who uses pays: members bear what is common by what they have of the common defense."""

from cssopt.modeling import NoSharesError


def use(base):
    """Each member bears its part of what the common defense does for members in the plan: what is
    met of its needs by power that others lend and by common measures. Its own forces count for its
    own part first, those that it lends too; who meets its needs itself uses nothing. Needs count as
    in the missing share. It goes by a plan, so that no plan can be made by it. Source: the benefit
    principle (Lindahl, 1919), taken by what is had and not by what is at risk."""
    threats, data = base.arithmetic.threats, base.data
    if base.plan is None:
        raise NoSharesError("it goes by what a plan does, and there is none yet")
    used = dict.fromkeys(base.members, 0.0)
    for (k, c, d, t), full in threats.full.items():
        had = {m: full * _find_had(base, m, (k, c, d, t), full) for m in base.members}
        open_, missing = sum(had.values()), base.plan.shortfall[k, c, d, t]
        # Below 0 is rounding of the solver.
        if open_ > missing:
            weight = data.threats.priority[k] * data.capabilities.shortfall_weight[c] / full
            for m in base.members:
                used[m] += weight * had[m] * (1 - missing / open_)
    return used


def _find_had(base, m, need, full):
    """The part of a need that is the member's and that its own forces do not meet."""
    k, _capability, _day, t = need
    plan, threats = base.plan, base.arithmetic.threats
    own, beyond = threats.own_share[k, m], threats.exposure[k, m] - threats.own_share[k, m]
    apart = 1 - (plan.pooled.get(t, 1.0) if "pooled" in plan else 1.0)
    relief = plan.relief.get((k, t), 0.0) if "relief" in plan else 0.0
    relief_apart = plan.relief_apart.get((k, t), 0.0) if "relief_apart" in plan else 0.0
    power = plan.own_supply.get((m, *need), 0.0)
    power += plan.credited.get((m, *need), 0.0) if "credited" in plan else 0.0
    most = own * (1 - relief) + beyond * (apart - relief_apart)
    return max(0.0, own + beyond * apart - min(power / full, most))

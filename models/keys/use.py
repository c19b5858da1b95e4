"""Who uses pays: members bear what is common by what they have of the common defense."""

from cssopt.modeling import NoSharesError


def use(base):
    """Each member bears its part of what the common defense does in the plan: what is met of its
    needs by power that others lend and by common measures, beyond what its own forces do for it.
    Needs count as in the missing share. Who meets its needs itself uses nothing. It goes by a plan,
    so that none can be made by it. Source: the user-pays principle; for alliances Sandler and
    Hartley, The Political Economy of NATO (1999)."""
    if base.plan is None:
        raise NoSharesError("it goes by what a plan does, and there is none yet")
    threats, data, plan = base.arithmetic.threats, base.data, base.plan
    pooled = plan.pooled if "pooled" in plan else {}
    used = dict.fromkeys(base.members, 0.0)
    for (k, c, d, t), full in threats.full.items():
        apart = 1 - pooled.get(t, 1.0)
        left = {}
        for m in base.members:
            own, exposed = threats.own_share[k, m], threats.exposure[k, m]
            part = full * (own + (exposed - own) * apart)
            left[m] = part - plan.own_supply.get((m, k, c, d, t), 0.0)
        open_, missing = sum(left.values()), plan.shortfall[k, c, d, t]
        # What the solver leaves of either below 0 is rounding.
        if open_ > missing:
            weight = data.threats.priority[k] * data.capabilities.shortfall_weight[c] / full
            for m in base.members:
                used[m] += weight * (open_ - missing) * max(0.0, left[m]) / open_
    return used

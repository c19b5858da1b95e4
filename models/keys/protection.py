"""Who protects pays: what each member's forces do for all, as the plan has it."""

from cssopt.modeling import NoSharesError

ALSO = {"protection": ("output",)}
"""What members put in that is no money."""


def protection(base):
    """Each member bears its part of the protection that forces supply in the plan: the power that
    it has ready for its own needs and lends to others. Needs count as in the missing share. Source:
    forces as a measure of burdens beside money, Sandler and Forbes (Economic Inquiry, 1980)."""
    if base.plan is None:
        raise NoSharesError("it goes by what forces do in a plan, and there is none yet")
    threats, data, plan = base.arithmetic.threats, base.data, base.plan
    lent = plan.credited if "credited" in plan else {}
    supplied = dict.fromkeys(base.members, 0.0)
    for powers in (plan.own_supply, lent):
        for (m, k, c, d, t), power in powers.items():
            weight = data.threats.priority[k] * data.capabilities.shortfall_weight[c]
            supplied[m] += weight * max(0.0, power) / threats.full[k, c, d, t]
    return supplied

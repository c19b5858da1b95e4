"""Who is protected pays: members bear what is common by the danger that they face."""

ALSO = {"exposure": ("benefit", "need")}
"""Who is protected, and whose needs are met."""


def exposure(base):
    """Each member bears its part of the danger. Every requirement counts in each year as it does in
    the missing share, by the priority of its threat and the shortfall_weight of its capability, and
    is shared by the exposure of the members to the threat. Power of different capabilities is never
    added up. Source: the benefit principle (Lindahl, 1919); for alliances Sandler and Hartley, The
    Political Economy of NATO (1999)."""
    threats, data = base.arithmetic.threats, base.data
    danger = dict.fromkeys(base.members, 0.0)
    for k, c, _day, _year in threats.full:
        weight = data.threats.priority[k] * data.capabilities.shortfall_weight[c]
        for m in base.members:
            danger[m] += weight * threats.own_share[k, m]
    return danger

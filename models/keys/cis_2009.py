"""The rule of the Commonwealth of Independent States: output and people, half and half."""

from cssopt.modeling import NoSharesError

GDP_PART = 0.5
"""Part of the whole that goes by gross domestic product; the rest goes by population."""

TITLES = {"cis_2009": "CIS rule of 2009"}
"""What planners call them."""


def cis_2009(base):
    """Half of the whole is borne by gross domestic product, half by population: a large poor member
    bears more than by its product alone. Source: decision of the Council of Heads of Government of
    the Commonwealth of Independent States on the shares of its members in the single budget of its
    bodies (Yalta, 20 November 2009)."""
    gdp, people = base.data.members.gdp, base.data.members.population
    product, heads = (sum(size[m] for m in base.members) for size in (gdp, people))
    if not (product and heads):
        raise NoSharesError("gross domestic product and population must not add up to 0")
    return {
        m: GDP_PART * gdp[m] / product + (1 - GDP_PART) * people[m] / heads for m in base.members
    }

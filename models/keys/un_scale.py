"""The scale of assessments of the United Nations: capacity to pay, with relief for poor members.

The UN takes averages over three and six years and deducts a part of debts. A workbook has neither:
the incomes of the first year stand as they are.
"""

from cssopt.modeling import NoSharesError, share_within

# Source of all four: General Assembly resolution 76/238 (2021), for the years 2022 to 2024; they
# are those of resolutions 64/248, 70/245 and 73/271 too.
GRADIENT = 0.8
"""By how much of what it lacks of the average per head a poor member's income counts less."""
FLOOR = 0.00001
"""Least share of a member: 0.001 %."""
CEILING = 0.22
"""Largest share of a member: 22 %."""
LEAST_DEVELOPED_CEILING = 0.0001
"""Largest share of a member that is least_developed: 0.01 %."""

TITLES = {"un_scale": "UN scale"}
"""What planners call them."""


def un_scale(base):
    """Members bear shares of their incomes (gni, else gdp). Who has less per head than the average
    is relieved in proportion to what it lacks, and those above it bear the relief by their incomes;
    then a floor and ceilings, borne by the others likewise. The scale is made for all members of
    the workbook and rescaled to those who share, as other bodies convert it to their membership.
    The ceiling is made for 193 members: among few it binds most of all. Source: scale of
    assessments of the United Nations (General Assembly resolution 76/238, 2021)."""
    table = base.data.book.members
    income = {m: base.arithmetic.members.national_income[m] for m in base.data.book.parties}
    shares = _bound(_relieve(income, table.population), table.least_developed)
    return {m: shares[m] for m in base.members}


def _relieve(income, people):
    """Shares of incomes after the relief, which those bear who have the average or more."""
    whole, heads = sum(income.values()), sum(people[m] for m in income)
    if not (whole and heads):
        raise NoSharesError("income and population must not add up to 0")
    # What each would have at the average per head: no division by a population of 0.
    average = {m: whole / heads * people[m] for m in income}
    # The richest has the average at least; rounding must not say otherwise where all are alike.
    rich = {m for m in income if income[m] >= (1 - 1e-12) * average[m]}
    counted = {
        m: own if m in rich else own * (1 - GRADIENT * (1 - own / average[m]))
        for m, own in income.items()
    }
    relief = whole - sum(counted.values())
    raised = 1 + relief / sum(income[m] for m in rich)
    return {m: own * (raised if m in rich else 1) / whole for m, own in counted.items()}


def _bound(shares, least_developed):
    """The floor first, then the ceilings: what they take off spares those at the floor."""
    lifted = share_within(shares, floors=dict.fromkeys(shares, FLOOR))
    ceilings = {
        m: FLOOR if share <= FLOOR else LEAST_DEVELOPED_CEILING if least_developed[m] else CEILING
        for m, share in lifted.items()
    }
    if (most := sum(ceilings.values())) < 1 - 1e-9:
        raise NoSharesError(
            f"the ceilings of its {len(ceilings)} members, {CEILING:.0%} at most, add up to "
            f"{most:.6g} of the whole; set another CEILING in a copy of models/keys/un_scale.py"
        )
    return share_within(lifted, ceilings=ceilings)

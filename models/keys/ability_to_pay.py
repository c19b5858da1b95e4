"""Ability to pay with progressive rates: an income tax among members, person by person."""

from cssopt.modeling import NoSharesError

BRACKETS = ((0.0, 0.10), (0.5, 0.15), (1.0, 0.20), (2.0, 0.30))
"""ILLUSTRATIVE. From which income per head, in multiples of the average, which rate is taken of the
part of the income above; the rates of each begin where the one before ends. Only their relation
counts: shares add up to the whole."""


def ability_to_pay(base):
    """Members bear what a progressive tax on the income of each of their people (gni per head, else
    gdp per head) would raise: a rich member bears more than its share of income. Source: Kravis and
    Davenport, The Political Arithmetic of International Burden-Sharing (Journal of Political
    Economy, 1963), who take the rates of an income tax."""
    income, people = base.arithmetic.members.national_income, base.data.members.population
    whole, heads = (sum(size[m] for m in base.members) for size in (income, people))
    if not (whole and heads):
        raise NoSharesError("income and population must not add up to 0")
    raised, before = dict.fromkeys(base.members, 0.0), 0.0
    for least, rate in BRACKETS:
        for m in base.members:
            raised[m] += (rate - before) * max(0.0, income[m] - least * whole / heads * people[m])
        before = rate
    return raised

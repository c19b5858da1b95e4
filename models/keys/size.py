"""Keys by the size of members: their output, their income, their people."""

ALSO = {
    "gdp": ("benefit", "first page"),
    "population": ("benefit", "inhabitants", "first page"),
}
"""What members have to lose, whom votes stand for, and what is asked for first."""

TITLES = {"gdp": "GDP", "gni": "GNI"}
"""What planners call them."""


def gdp(base):
    """Each member bears its share of the gross domestic product of the first year; in a plan and in
    its report, of that of each year. Source: the measure of NATO's 2 % guideline (Wales Summit
    Declaration, 2014, paragraph 14)."""
    return {m: base.data.members.gdp[m] for m in base.members}


def gni(base):
    """Each member bears its share of the gross national income of the first year; its gross
    domestic product stands for it where its cell gni is blank. Source: the largest of the European
    Union's own resources (Council Decision (EU, Euratom) 2020/2053)."""
    return {m: base.arithmetic.members.national_income[m] for m in base.members}


def population(base):
    """Each member bears its share of the people: the same for every head, rich or poor. Source:
    one of the methods in Young, Okada and Hashimoto, Cost Allocation in Water Resources Development
    (Water Resources Research, 1982)."""
    return {m: base.data.members.population[m] for m in base.members}

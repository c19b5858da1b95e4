"""People that do not go together with a state: warnings over the whole book, no mathematics.

Sets:
    what each of the CHECKS finds: numbers that a slip of measure makes, such as persons for
    millions or for thousands; the plan is made all the same
"""

from cssopt.modeling import Check, Fault, say

REQUIRES = ("horizon",)

_MOST_PEOPLE = 2_000.0
"""Million: more than any state has."""

_POOREST, _RICHEST = 100.0, 500_000.0
"""Income a head, in a currency like the dollar: no state lies below or above."""

_LIKE_A_DOLLAR = ("USD", "US$", "$", "DOLLAR", "EUR", "€", "EURO", "GBP", "£", "CHF", "CAD", "AUD")
"""Currencies whose unit is worth about a dollar: `_POOREST` and `_RICHEST` hold for these."""

_RICHER = 200.0
"""Times the middle of the others' income a head: no two neighbors are so far apart."""

_MOST_SOLDIERS = 0.05
"""Of the population: more than any state has under arms outside a great war."""

_MOST_POSTS = 20.0
"""Thousand posts of one body: more than any alliance has."""

_DEAREST_POST = 50.0
"""Times the largest income a head: no post costs so much."""


def _too_many_people(data):
    for m, people in data.members.population.items():
        if people > _MOST_PEOPLE:
            text = f"{say(people)} million people are more than any state has. Is it in million? "
            yield Fault("members", m, "population", f"{text}14.2 stands for 14,200,000.")


def _income(data):
    """Gross domestic product a head, of the members whose population can be one."""
    gdp, people = data.members.gdp, data.members.population
    return {m: gdp[m] / people[m] for m in data.members if 0 < people[m] <= _MOST_PEOPLE}


def _unlikely_income(data):
    income, currency = _income(data), data.settings.currency
    absolute = currency.upper().strip() in _LIKE_A_DOLLAR
    ranked = sorted(income, key=income.get)
    place = {m: position for position, m in enumerate(ranked)}
    half = (len(ranked) - 1) // 2
    for m, head in income.items():
        # the middle of all others
        middle = income[ranked[half + (place[m] <= half)]] if len(ranked) > 3 else head
        far = head > _RICHER * middle or head * _RICHER < middle
        if far or (absolute and not _POOREST <= head <= _RICHEST):
            text = f"{say(data.members.gdp[m])} million over {say(data.members.population[m])} "
            text += f"million people is {say(head)} {currency} a head. Are both in million?"
            yield Fault("members", m, "gdp", text)


def _too_many_soldiers(data):
    population = data.members.population
    for m, people in data.members.personnel.items():
        most = _MOST_SOLDIERS * population[m] * 1_000
        if people is not None and 0 < most < people:
            text = f"{say(people)} thousand are {say(people / population[m] / 10)} % of the "
            text += f"population of {say(population[m])} million. Is it in thousands? 60 stands "
            yield Fault("members", m, "personnel", f"{text}for 60,000.")
    most = _MOST_SOLDIERS * max(population.values(), default=0.0) * 1_000
    for f, people in data.forces.personnel.items():
        if 0 < most < people:
            text = f"one unit takes {say(people)} thousand people, more than any member could have "
            text += "under arms. Is it in thousands? 4.5 stands for 4,500."
            yield Fault("forces", f, "personnel", text)


def _too_many_posts(data):
    for b, posts in data.bodies.staff.items() if "bodies" in data.tables else ():
        if posts > _MOST_POSTS:
            text = f"{say(posts)} thousand posts are more than any alliance has. Is it in "
            yield Fault("bodies", b, "staff", f"{text}thousands? 0.06 stands for 60 posts.")


def _dear_posts(data):
    # An income that is no likely one is told for itself.
    doubtful = {fault.key for fault in _unlikely_income(data)}
    richest = max((i for m, i in _income(data).items() if m not in doubtful), default=0.0)
    for b, cost in data.bodies.post_cost.items() if "bodies" in data.tables else ():
        # million for a thousand posts: thousands for one
        post = 1_000 * cost
        if 0 < _DEAREST_POST * richest < post:
            text = f"a post costs {post:,.0f} a year, {post / richest:,.0f} times the largest "
            text += "income a head. Is the cost that of a thousand posts, in million? 20 stands "
            yield Fault("bodies", b, "post_cost", f"{text}for 20,000 a post.")


CHECKS = (
    Check(
        code="W-421",
        rule="the gross domestic product a head is believable",
        find=_unlikely_income,
        one_cause=True,
    ),
    Check(
        code="W-422",
        rule="personnel is a small part of the population",
        find=_too_many_soldiers,
        one_cause=True,
    ),
    Check(
        code="W-437",
        rule="a population is one of a state",
        find=_too_many_people,
        one_cause=True,
    ),
    Check(
        code="W-438",
        rule="a body has at most some thousand posts",
        find=_too_many_posts,
        one_cause=True,
    ),
    Check(
        code="W-451",
        rule="a post costs no more than some incomes a head",
        find=_dear_posts,
        one_cause=True,
    ),
)


def audit(data, solution):
    """Nothing to hold: warnings change no plan."""
    return ()

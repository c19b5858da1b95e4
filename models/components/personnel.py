"""People: units and staff posts draw on the same ceiling.

Balances:
    people[m,t]    people that units and posts of the member take, posted by other components

Constraints:
    limit_personnel:    people[m,t] <= personnel[m]    where the member has a ceiling
"""

from cssopt.modeling import balance, constraint, holds

REQUIRES = ("horizon", "members")


def variables(block, data, use):
    block.people = balance("member year", doc="people in the plan", measure="personnel, thousands")


def constraints(block, data, use):
    ceiling = data.members.personnel
    block.limit_personnel = constraint(
        "member year",
        [key for key in block.people if ceiling[key[0]] is not None],
        lambda m, t: block.people[m, t] <= ceiling[m],
        doc="the plan uses no more people than the member allows",
        policy=True,
        measure="personnel, thousands",
    )


def audit(data, solution):
    ceiling = data.members.personnel
    for (m, t), people in solution.people.items():
        if ceiling[m] is not None:
            yield holds("limit_personnel", (m, t), people, "<=", ceiling[m])

"""How far the common defence depends on its largest contributor.

In no study: it is added where dependence is traded off.

Parameters:
    weight[k,c] = priority[k] * shortfall_weight[c]

Expressions:
    dependence[m] = sum_{k,c,d,t} weight[k,c] * credited[m,k,c,d,t] / (full * cover)
                    / sum_{k,c,d,t} weight[k,c]
                    share of all needs, weighted, that the member's delegated power covers

Variables:
    largest_dependence >= 0    dependence on the largest contributor; no less than those on members,
                               and as small as they allow where it is minimised or limited

Constraints:
    depend_no_more:    dependence[m] <= largest_dependence
"""

from cssopt.modeling import Criterion, constraint, expression, holds, variable, weighted_sum

REQUIRES = ("threats", "delegation")

CRITERIA = (
    Criterion(
        name="dependence",
        figure="largest_dependence",
        says="share of all needs that the largest contributor's delegated power covers",
        form="share",
        thrifty=True,
    ),
)


def variables(block, data, use):
    block.largest_dependence = variable(
        "", (), doc="dependence on the largest contributor", measure="share of all needs"
    )


def constraints(block, data, use):
    priority, weight = data.threats.priority, data.capabilities.shortfall_weight
    full, cover = use.threats.full, use.threats.cover
    every = sum(priority[k] * weight[c] for k, c, d, t in full)
    terms = {m: [] for m in data.members}
    for (m, k, c, d, t), power in use.delegation.credited.items():
        # Needs of weight 0 alone make a sum of 0: then nothing depends on anybody.
        if priority[k] * weight[c] > 0:
            each = priority[k] * weight[c] / (full[k, c, d, t] * cover[k] * every)
            terms[m].append((each, power))
    block.dependence = expression(
        "member",
        {m: weighted_sum(terms[m]) for m in data.members},
        doc="share of all needs, weighted, that the member's delegated power covers",
        measure="share of all needs",
    )
    block.depend_no_more = constraint(
        "member",
        [m for m in data.members if terms[m]],
        lambda m: block.dependence[m] <= block.largest_dependence,
        doc="the coalition depends on no member more than on the largest contributor",
    )


def audit(data, solution):
    priority, weight = data.threats.priority, data.capabilities.shortfall_weight
    needs = {key: priority[key[0]] * weight[key[1]] for key in solution.need}
    every, first = sum(needs.values()), data.settings.first_year
    listed = {k for k, _ in data.book.exposure}
    shares = dict.fromkeys(data.members, 0.0)
    for (m, k, c, d, t), power in solution.credited.items():
        exposed = (
            data.exposure.share.get((k, n), 0.0) if k in listed else 1.0 for n in data.members
        )
        level, growth = data.requirements.level[k, c, d], data.requirements.growth[k, c, d]
        full = level * (1 + growth) ** (t - first) * min(1.0, sum(exposed))
        if every > 0:
            shares[m] += needs[k, c, d, t] * power / full / every
    for m, share in shares.items():
        yield holds("dependence", (m,), solution.dependence[m], "==", share)
        yield holds("depend_no_more", (m,), share, "<=", solution.largest_dependence)

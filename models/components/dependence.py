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
    waived[m,k,c,d,t] >= 0    delegated power that is left uncounted, as the less counts the less
                                the coalition depends on it

Constraints:
    depend_no_more:    dependence[m] <= largest_dependence

Balances:
    uncounted[m,k,c,d,t] (of delegation): waived
"""

from cssopt.modeling import (
    Criterion,
    constraint,
    expression,
    holds,
    supplies,
    variable,
    weighted_sum,
)

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


def arithmetic(data, use):
    priority, weight = data.threats.priority, data.capabilities.shortfall_weight
    weights = {(k, c): priority[k] * weight[c] for k, c, _, _ in use.threats.full}
    every = sum(weights[k, c] for k, c, _, _ in use.threats.full)
    return {"weight": weights, "every": every}


def variables(block, data, use):
    block.largest_dependence = variable(
        "", (), doc="dependence on the largest contributor", measure="share of all needs"
    )
    block.waived = variable(
        "member threat capability day year",
        use.delegation.credited,
        doc="delegated power that is left uncounted",
        measure="power",
    )


def balances(block, data, use):
    for key, power in block.waived.items():
        use.delegation.uncounted.post(key, power)


def constraints(block, data, use):
    full, cover, weight = use.threats.full, use.threats.cover, block.weight
    terms = {m: [] for m in data.members}
    for (m, k, c, d, t), power in use.delegation.credited.items():
        # Needs of weight 0 alone make a sum of 0: then nothing depends on anybody.
        if weight[k, c] > 0:
            each = weight[k, c] / (full[k, c, d, t] * cover[k] * block.every)
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
    full, cover = solution.arithmetic.threats.full, solution.arithmetic.threats.cover
    weight, every = solution.arithmetic.dependence.weight, solution.arithmetic.dependence.every
    shares = dict.fromkeys(data.members, 0.0)
    for (m, k, c, d, t), power in solution.credited.items():
        if every > 0:
            shares[m] += weight[k, c] / every * power / (full[k, c, d, t] * cover[k])
    for key, power in solution.waived.items():
        yield supplies("uncounted", key, power)
    for m, share in shares.items():
        yield holds("dependence", (m,), solution.dependence[m], "==", share)
        yield holds("depend_no_more", (m,), share, "<=", solution.largest_dependence)

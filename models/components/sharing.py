"""Sharing common costs: what every member pays in the end.

Parameters:
    key_share[m,t]    share of common costs: by default gdp[m,t], or the treaty's key that the study
                      names as sharing_key, times common_weight[m], rescaled to 1 over S; a
                      coalition of one bears all its costs, whatever its common_weight

Expressions:
    outlay[m,t] = costs that m bears itself, salvage apart, + key_share[m,t] * common costs of t
    burden[m] = sum_t discount[t] * outlay[m,t] + present value of its salvage (of what is common,
                its share)
"""

from cssopt.modeling import (
    COMMON,
    Check,
    Column,
    CommonShares,
    ContributionKind,
    Fault,
    Measure,
    Table,
    expression,
    holds,
    parameter,
    total,
)

OPTIONS = (
    Column(
        name="sharing_key",
        kind="text",
        help="Key by which common costs are shared.",
        default="gdp",
    ),
)
REQUIRES = ("horizon", "members")

CONTRIBUTIONS = (
    ContributionKind(
        name="burden",
        quantity="burden",
        by=("member",),
        says="present value of what the member bears",
        form="money",
    ),
)

ROLES = (
    Measure(
        role="burden",
        figure="burden",
        by="member",
        says="present value of what the member bears",
        form="money",
    ),
    Measure(
        role="outlay",
        figure="outlay",
        by="member year",
        says="what the member pays in the year",
        form="money",
    ),
    CommonShares(option="sharing_key", table="sharing_keys", share="share", figure="key_share"),
)

TABLES = (
    Table(
        name="sharing_keys",
        help="Keys agreed by treaty, by which common costs may be shared.",
        key=("key", "member"),
        optional=True,
        columns=(
            Column(
                name="key",
                kind="text",
                help="Name of the key.",
                reserved={"gdp": "how a study names sharing by GDP"},
            ),
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(
                name="share",
                kind="number",
                help="Share of the member; shares are rescaled to 1 over the coalition.",
                measure="share",
                low=0,
            ),
        ),
    ),
)


def _weights(data, gdp):
    """Weight by member and year, as `gdp` is: its part of the key times its common_weight."""
    key = data.given.get("sharing_key", "gdp")
    share = data.sharing_keys.share
    # Nobody can withhold from itself: alone, a member bears all its costs.
    factor = data.members.common_weight if len(data.members) > 1 else dict.fromkeys(data.members, 1)
    return {
        (m, t): factor[m] * (own if key == "gdp" else share.get((key, m), 0.0))
        for (m, t), own in gdp.items()
    }


def _key_adds_up(data):
    at_first = {(m, data.horizon.first): gdp for m, gdp in data.members.gdp.items()}
    if not len(data.members) or sum(_weights(data, at_first).values()) > 0:
        return
    key = data.given.get("sharing_key", "gdp")
    names = ", ".join(data.members)
    table = "members" if key == "gdp" else "sharing_keys"
    place = next(iter(data.tables[table]), None)
    yield Fault(
        table,
        place,
        "gdp" if key == "gdp" else "share",
        f'the sharing key "{key}" adds up to 0 over {names}. Give one of these members a '
        "share of it and a common_weight above 0.",
    )


CHECKS = (Check(code="E-302", rule="a sharing key is not 0 over the coalition", find=_key_adds_up),)


def arithmetic(data, use):
    years = use.horizon.years
    weights = _weights(data, use.members.gdp)
    sums = {t: sum(weights[m, t] for m in data.members) for t in years}
    key_share = parameter(
        "member year",
        {(m, t): weights[m, t] / sums[t] for m in data.members for t in years},
        doc="share of common costs",
        measure="share",
    )
    return {"key_share": key_share}


def constraints(block, data, use):
    ledger, years = use.ledger, use.horizon.years
    block.outlay = expression(
        "member year",
        {
            (m, t): total(ledger.borne(m, t)) + block.key_share[m, t] * total(ledger.common(t))
            for m in data.members
            for t in years
        },
        doc="what the member pays in the year, its share of common costs included",
        measure="million",
    )
    later = {(m, t): [] for m in (*data.members, COMMON) for t in years}
    for entry, bearer, t, value in ledger.entries():
        if not ledger.in_outlay(entry):
            later[bearer, t].append(value)
    block.burden = expression(
        "member",
        {
            m: total(
                use.horizon.discount[t]
                * (
                    block.outlay[m, t]
                    + total(later[m, t])
                    + block.key_share[m, t] * total(later[COMMON, t])
                )
                for t in years
            )
            for m in data.members
        },
        doc="present value of what the member bears",
        measure="million",
    )


def audit(data, solution):
    key_share = solution.arithmetic.sharing.key_share
    years, discount = solution.arithmetic.horizon.years, solution.arithmetic.horizon.discount
    paid, all_costs = {}, {}
    for (entry, bearer, t), value in solution.costs.items():
        all_costs[bearer, t] = all_costs.get((bearer, t), 0.0) + value
        if entry not in solution.beyond_outlay:
            paid[bearer, t] = paid.get((bearer, t), 0.0) + value
    for m in data.members:
        burden = 0.0
        for t in years:
            share = key_share[m, t]
            outlay = paid.get((m, t), 0.0) + share * paid.get((COMMON, t), 0.0)
            borne = all_costs.get((m, t), 0.0) + share * all_costs.get((COMMON, t), 0.0)
            burden += discount[t] * borne
            yield holds("key_share", (m, t), solution.key_share[m, t], "==", share)
            yield holds("outlay", (m, t), solution.outlay[m, t], "==", outlay)
        yield holds("burden", (m,), solution.burden[m], "==", burden)
    burdens = sum(solution.burden.values())
    everything = sum(discount[t] * value for (_, t), value in all_costs.items())
    yield holds("burdens_add_up", (), burdens, "==", everything)

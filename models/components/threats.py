"""Threats: who is endangered, when, and what must be in place by which day.

Sets:
    k in threats     planned-for contingencies, active in first_year .. last_year of the threat;
                     those that endanger nobody in S are left out
    (k,c,d)          requirements: power of capability c in place by response day d

Parameters:
    exposure[k,m]    share of the requirement that m would face alone; 1 for every member where
                     the workbook has no row for the threat
    tot[k] = sum_m exposure[k,m]
    cover[k] = min(1, tot[k])
    own_share[k,m] = exposure[k,m] / max(1, tot[k])
    full[k,c,d,t] = level * (1 + growth) ** (t - t0)    power; needs of 0 are left out
"""

from cssopt.modeling import Column, Index, Rule, Table, parameter

REQUIRES = ("horizon", "members", "forces", "movement")
INDICES = (
    Index("threat", before="capability", letter="k"),
    Index("day", before="year", letter="d", says="response day"),
)

TABLES = (
    Table(
        name="threats",
        help="Planned-for contingencies.",
        key=("threat",),
        columns=(
            Column(name="threat", kind="text", help="Short code of the threat."),
            Column(name="name", kind="text", help="Name of the threat."),
            Column(
                name="theatre",
                kind="text",
                help="Theatre where it would be met.",
                refers_to="theatres",
            ),
            Column(
                name="kind",
                kind="text",
                help="Whether non-military means can help.",
                choices=("military", "political-military"),
            ),
            Column(
                name="first_year",
                kind="whole",
                help="First year in which it is planned for.",
                measure="year",
                default=None,
                blank="the first year of the plan",
                low=1900,
                high=2300,
            ),
            Column(
                name="last_year",
                kind="whole",
                help="Last year in which it is planned for.",
                measure="year",
                default=None,
                blank="the last year of the plan",
                low=1900,
                high=2300,
            ),
            Column(
                name="likelihood",
                kind="number",
                help="Chance per year that forces move; weighs the cost of movement only.",
                measure="per year",
                default=1.0,
                low=0,
                high=1,
            ),
            Column(
                name="priority",
                kind="number",
                help="How much its shortfall weighs against others.",
                default=1.0,
                low=0,
            ),
            Column(
                name="non_military_cap",
                kind="number",
                help="Largest share of the need that non-military measures may remove.",
                measure="share",
                default=0.0,
                low=0,
                high=1,
                rule=Rule(
                    name="cap on measures",
                    says="measures remove at most {value:.4g} of what {threat} requires",
                    without=1.0,
                ),
            ),
        ),
    ),
    Table(
        name="requirements",
        help="Power that must be in place against a threat, by response day. A later day includes "
        "what an earlier one asks for.",
        key=("threat", "capability", "day"),
        columns=(
            Column(name="threat", kind="text", help="The threat.", refers_to="threats"),
            Column(
                name="capability", kind="text", help="The capability.", refers_to="capabilities"
            ),
            Column(
                name="day",
                kind="number",
                help="Day by which the power must be in place, counted from the alarm.",
                measure="days",
                low=0,
            ),
            Column(
                name="level",
                kind="number",
                help="Power needed in all by this day, in the first year of the plan. What is "
                "there by an earlier day counts too: 3 by day 10 and 5 by day 60 are 5 in all, "
                "not 8.",
                measure="power",
                low=0,
                rule=Rule(
                    name="need",
                    says="{threat} needs {value:,g} {capability} by day {day:g}",
                    nature="need",
                    without=0.0,
                ),
            ),
            Column(
                name="growth",
                kind="number",
                help="Growth of the need from year to year.",
                measure="share per year",
                default=0.0,
                above=-1,
                high=10,
            ),
        ),
    ),
    Table(
        name="exposure",
        help="Share of a need that a member would face alone. Shares of a threat may add up to "
        "more than 1: together it is met once. A threat without rows endangers every member "
        "wholly.",
        key=("threat", "member"),
        optional=True,
        no_row="a threat that has none left endangers every member wholly",
        columns=(
            Column(name="threat", kind="text", help="The threat.", refers_to="threats"),
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(
                name="share",
                kind="number",
                help="Share of the need that it would face alone.",
                measure="share",
                low=0,
                high=1,
            ),
        ),
    ),
)


def _find_exposure(data, members):
    """The part of each need that is each member's own; a threat without rows asks all of all."""
    listed, share = {k for k, _ in data.book.exposure}, data.exposure.share
    return {
        (k, m): share.get((k, m), 0.0) if k in listed else 1.0
        for k in data.threats
        for m in members
    }


def arithmetic(data, use):
    threats, members = data.threats, use.members.members
    exposure = _find_exposure(data, members)
    tot = {k: sum(exposure[k, m] for m in members) for k in threats}
    tot = {k: exposed for k, exposed in tot.items() if exposed > 0}
    own_share = {(k, m): exposure[k, m] / max(1.0, tot[k]) for k in tot for m in members}
    first, last = use.horizon.first_year, use.horizon.last_year
    active_years = {}
    for k in tot:
        begins, ends = threats.first_year[k], threats.last_year[k]
        begins = first if begins is None else max(first, begins)
        ends = last if ends is None else min(last, ends)
        active_years[k] = range(begins, ends + 1)
    needs = data.requirements
    full = parameter(
        "threat capability day year",
        {
            (k, c, d, t): needs.level[k, c, d] * (1 + needs.growth[k, c, d]) ** (t - first)
            for k, c, d in needs
            if k in tot and needs.level[k, c, d] != 0
            for t in active_years[k]
        },
        doc="power needed at full requirement",
        measure="power",
    )
    asking = {}
    for k, c, d, t in full:
        asking.setdefault((k, t), []).append((c, d))
    return {
        "threats": list(tot),
        "exposure": exposure,
        "tot": tot,
        "cover": {k: min(1.0, exposed) for k, exposed in tot.items()},
        "own_share": own_share,
        "active_years": active_years,
        "full": full,
        "needs": asking,
    }


def apart(data, members):
    """Every exposure as the member's own part of the need, which then is met once, and how often
    members by themselves would meet the needs of each threat."""
    exposure = _find_exposure(data, members)
    often = {k: max(1.0, sum(exposure[k, m] for m in members)) for k in data.threats}
    columns = {
        "threat": {key: key[0] for key in exposure},
        "member": {key: key[1] for key in exposure},
        "share": {(k, m): part / often[k] for (k, m), part in exposure.items()},
    }
    return {"exposure": columns}, often


def audit(data, solution):
    """Nothing to hold: needs and shares in them are parameters."""
    return ()

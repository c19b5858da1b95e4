"""Pledges: what members have promised to spend on a category, as a share of their GDP.

Such as NATO's of 2025: by 2035, 3.5 % of GDP a year on core defense and up to 1.5 % on what is
related to it. A plan spends what is needed and no more; where a pledge asks for more, it is met
with what costs least in the end, and its price is what the plan costs more.

Sets:
    g in pledges; for a member its own row, else that for `*`
    categories: what they count of the ledger
        equipment    procurement, production lines
        core         equipment, operating, support, fleets, disposal, movement, posts
        related      bodies, measures, joint programmes, set-up
        all          every entry of the ledger that is paid in its year

Parameters:
    floor[m,g,t] = (share - already_spent) * gdp[m,t]    from first_year to last_year

Derived:
    spent[m,g,t] = costs of the category that m bears itself + key_share[m,t] * those in common

Constraints:
    meet_pledge:    spent[m,g,t] >= floor[m,g,t]

Sources:
    The Hague Summit Declaration, North Atlantic Treaty Organization, 25 June 2025.
"""

from cssopt.modeling import COMMON, Column, Index, Rule, Table, constraint, holds, weighted_sum

REQUIRES = ("horizon", "members", "sharing")
INDICES = (Index("pledge", before="year", letter="g"),)

_EQUIPMENT = ("procurement_cost", "programme_cost")
_CORE = (
    *_EQUIPMENT,
    "operating_cost",
    "support_cost",
    "fleet_cost",
    "disposal_cost",
    "movement_cost",
    "post_cost",
)
_RELATED = ("body_cost", "measure_cost", "joint_programme_cost", "setup_cost")
_ENTRIES = {"equipment": _EQUIPMENT, "core": _CORE, "related": _RELATED}

TABLES = (
    Table(
        name="pledges",
        help="Shares of GDP that members have promised to spend on a category.",
        key=("pledge", "member"),
        optional=True,
        no_row="without one the row for * holds, and where there is none nothing is pledged",
        columns=(
            Column(name="pledge", kind="text", help="Name of the pledge."),
            Column(
                name="member",
                kind="text",
                help="The member, or * for all that have no row of their own in this pledge.",
                refers_to="members",
                wildcard=True,
            ),
            Column(
                name="category",
                kind="text",
                help="What counts: equipment (procurement, lines); core (that, and running, moving "
                "and manning forces); related (bodies, measures, programmes, set-up); all.",
                choices=(*_ENTRIES, "all"),
            ),
            Column(
                name="share",
                kind="number",
                help="Least share of the GDP of the year.",
                measure="share of GDP",
                low=0,
                high=1,
                rule=Rule(
                    name="pledge",
                    says="{member} spends {value:.3%} of its GDP or more on {category} ({pledge})",
                    without=0.0,
                ),
            ),
            Column(
                name="already_spent",
                kind="number",
                help="Share of GDP spent on the category outside the plan, which counts too.",
                measure="share of GDP",
                default=0.0,
                low=0,
                high=1,
            ),
            Column(
                name="first_year",
                kind="whole",
                help="Year from which on it holds.",
                measure="year",
                default=None,
                blank="the first year of the plan",
                low=1900,
                high=2300,
            ),
            Column(
                name="last_year",
                kind="whole",
                help="Last year in which it holds.",
                measure="year",
                default=None,
                blank="the last year of the plan",
                low=1900,
                high=2300,
            ),
        ),
    ),
)


def arithmetic(data, use):
    pledges, gdp = data.pledges, use.members.gdp
    names = dict.fromkeys(g for g, _ in pledges)
    found = {(m, g): (g, m) if (g, m) in pledges else (g, "*") for m in data.members for g in names}
    rows = {pair: row for pair, row in found.items() if row in pledges}
    floor = {}
    for (m, g), row in rows.items():
        first, last = pledges.first_year[row], pledges.last_year[row]
        for t in use.horizon.years:
            if (first is None or first <= t) and (last is None or t <= last):
                share = pledges.share[row] - pledges.already_spent[row]
                floor[m, g, t] = share * gdp[m, t]
    return {"rows": rows, "floor": floor}


def _counts(category, entry):
    return category == "all" or entry in _ENTRIES[category]


def constraints(block, data, use):
    paid = {}
    for entry, bearer, t, cost in use.ledger.entries() if block.floor else ():
        if use.ledger.in_outlay(entry):
            paid.setdefault((bearer, t), []).append((entry, cost))

    def spent(m, g, t):
        category = data.pledges.category[block.rows[m, g]]
        return weighted_sum(
            (factor, cost)
            for bearer, factor in ((m, 1.0), (COMMON, use.sharing.key_share[m, t]))
            for entry, cost in paid.get((bearer, t), ())
            if _counts(category, entry)
        )

    block.meet_pledge = constraint(
        "member pledge year",
        block.floor,
        lambda m, g, t: spent(m, g, t) >= block.floor[m, g, t],
        doc="a member spends on a category what it has pledged",
        policy=True,
        measure="million",
    )


def _spent(solution):
    """What members spend on the categories of their pledges, by member, pledge and year."""
    pledges, category = solution.arithmetic.pledges, solution.data.pledges.category
    paid = {}
    for (entry, bearer, t), cost in solution.costs.items():
        if entry not in solution.beyond_outlay:
            paid.setdefault((bearer, t), []).append((entry, cost))
    return {
        (m, g, t): sum(
            factor * cost
            for bearer, factor in ((m, 1.0), (COMMON, solution.arithmetic.sharing.key_share[m, t]))
            for entry, cost in paid.get((bearer, t), ())
            if _counts(category[pledges.rows[m, g]], entry)
        )
        for m, g, t in pledges.floor
    }


def audit(data, solution):
    spent = _spent(solution)
    for key, floor in solution.arithmetic.pledges.floor.items():
        yield holds("meet_pledge", key, spent[key], ">=", floor)


def results(solution):
    """What members spend on the categories of their pledges: in the plan, and of their GDP with
    what is spent outside it."""
    pledges, rows = solution.data.pledges, []
    for (m, g, t), spent in _spent(solution).items():
        row, gdp = solution.arithmetic.pledges.rows[m, g], solution.gdp[m, t]
        rows.append(
            {
                "pledge": g,
                "member": m,
                "category": pledges.category[row],
                "year": t,
                "spent": spent,
                "share_of_gdp": spent / gdp + pledges.already_spent[row] if gdp > 0 else None,
                "pledged": pledges.share[row],
            }
        )
    return {"pledges": rows} if rows else {}

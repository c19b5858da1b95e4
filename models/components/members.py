"""The members of the coalition.

Sets:
    m in members: the coalition S for which the plan is made

Parameters:
    gdp[m,t] = gdp * (1 + gdp_growth) ** (t - t0)    million
    national_income[m]                               gni, of a member without one its gdp; of all
                                                     members of the workbook    million
    cost_index[m]                                    price level of operating costs, 1 = average
"""

from cssopt.modeling import COMMON, Check, Column, Fault, Measure, Rule, Table, parameter

REQUIRES = ("horizon",)

ROLES = (
    Measure(
        role="income",
        figure="gdp",
        by="member year",
        says="gross domestic product",
        short="GDP",
        form="money",
    ),
)

TABLES = (
    Table(
        name="members",
        help="One row per member of the alliance.",
        key=("member",),
        parties=True,
        columns=(
            Column(
                name="member",
                kind="text",
                help="Short code of the member.",
                reserved={
                    COMMON: "who bears the costs that the members share",
                    "*": "all members, in a row of pledges, work_balance or contributions_in_kind",
                },
            ),
            Column(name="name", kind="text", help="Name of the member."),
            Column(
                name="home_theatre",
                kind="text",
                help="Theatre in which its forces stand.",
                refers_to="theatres",
                default=None,
                blank="none: it reaches only theatres with a movement row",
            ),
            Column(
                name="gdp",
                kind="number",
                help="Gross domestic product in the first year.",
                measure="million",
                low=0,
            ),
            Column(
                name="gdp_growth",
                kind="number",
                help="Real growth of the gross domestic product.",
                measure="share per year",
                default=0.0,
                low=-0.5,
                high=1,
            ),
            Column(
                name="population",
                kind="number",
                help="Population in millions.",
                measure="million",
                low=0,
            ),
            Column(
                name="budget_share",
                kind="number",
                help="Share of the gross domestic product that may be spent on the plan each year.",
                measure="share of GDP",
                default=None,
                blank="no ceiling",
                low=0,
                high=1,
                rule=Rule(
                    name="budget ceiling",
                    says="{member} spends at most {value:.3%} of its GDP in a year",
                    without=None,
                ),
            ),
            Column(
                name="personnel",
                kind="number",
                help="People in thousands whom the plan may use: 60 = 60,000.",
                measure="personnel, thousands",
                default=None,
                blank="no ceiling",
                low=0,
                rule=Rule(
                    name="personnel ceiling",
                    says="the plan uses at most {value:,g} people of {member}",
                    without=None,
                ),
            ),
            Column(
                name="tech_level",
                kind="number",
                help="Technology the member masters: it can buy forces up to this level.",
                default=0.0,
            ),
            Column(
                name="cost_index",
                kind="number",
                help="Its price level: multiplies operating, support, fleet and post costs.",
                default=1.0,
                low=0,
            ),
            Column(
                name="common_weight",
                kind="number",
                help="Factor on its weight in the sharing key; 0: it withholds its share of the "
                "common costs, and the others bear it.",
                default=1.0,
                low=0,
            ),
            Column(name="votes", kind="number", help="Votes in the council.", default=1.0, low=0),
            Column(
                name="gni",
                kind="number",
                help="Gross national income in the first year, by which some sharing keys go.",
                measure="million",
                default=None,
                blank="its gdp",
                low=0,
            ),
            Column(
                name="least_developed",
                kind="flag",
                help="TRUE: it is on the UN's list of least developed countries, which pay little "
                "by the UN's scale.",
                default=False,
            ),
        ),
    ),
)


def _somebody(data):
    if not len(data.members):
        yield Fault("members", None, "member", "there is no member. Fill in one row or more.")


def _some_incomes(data):
    gni = data.members.gni
    without = [m for m in gni if gni[m] is None]
    if without and len(without) < len(gni):
        text = (
            f"{', '.join(without)} has none, beside members that have one: in keys that go by it "
        )
        yield Fault("members", without[0], "gni", f"{text}gdp stands for it. Fill in all or none.")


CHECKS = (
    Check(code="E-306", rule="a plan has a member", find=_somebody),
    Check(code="W-442", rule="all members have a gni, or none", find=_some_incomes),
)


def arithmetic(data, use):
    members, years = data.members, use.horizon.years
    gdp = parameter(
        "member year",
        {
            (m, t): members.gdp[m] * (1 + members.gdp_growth[m]) ** (t - use.horizon.first_year)
            for m in members
            for t in years
        },
        doc="gross domestic product of the year",
        measure="million",
    )
    everybody = data.book.members
    income = {m: everybody.gdp[m] if gni is None else gni for m, gni in everybody.gni.items()}
    return {"members": members.keys, "gdp": gdp, "national_income": income}


def audit(data, solution):
    """Nothing to hold: what is here are parameters."""
    return ()

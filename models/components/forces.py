"""Kinds of force elements and the power that a unit gives.

Sets:
    f in forces, c in capabilities

Parameters:
    power[f,c]           power of capability c that one unit gives; a unit gives all at once
    quality[m,f]         of the units of a member, bought ones too: its inventory row's, or 1
    yield[m,f,c] = power[f,c] * quality[m,f]
"""

from cssopt.modeling import Column, Index, Rule, Table

REQUIRES = ("members",)
INDICES = (Index("force", before="tier", letter="f"), Index("capability", before="day", letter="c"))

TABLES = (
    Table(
        name="capabilities",
        help="What forces can do, and how power is measured.",
        key=("capability",),
        columns=(
            Column(name="capability", kind="text", help="Short code of the capability."),
            Column(name="name", kind="text", help="Name of the capability."),
            Column(
                name="measure",
                kind="text",
                help="What one unit of power means, such as brigade equivalents.",
            ),
            Column(
                name="max_member_share",
                kind="number",
                help="Largest share of a need that the delegated power of one member may cover.",
                measure="share",
                default=1.0,
                low=0,
                high=1,
                rule=Rule(
                    name="dependence cap",
                    says="one member delegates at most {value:.4g} of a need for {capability}",
                    without=1.0,
                ),
            ),
            Column(
                name="shortfall_weight",
                kind="number",
                help="How much a missing unit of this power weighs against others.",
                default=1.0,
                low=0,
            ),
        ),
    ),
    Table(
        name="forces",
        help="Kinds of force elements: brigade, squadron, frigate.",
        key=("force",),
        columns=(
            Column(
                name="force",
                kind="text",
                help="Short code of the force.",
                reserved={"*": "all forces, in a row of legislation"},
            ),
            Column(name="name", kind="text", help="Name of the force."),
            Column(
                name="personnel",
                kind="number",
                help="People in thousands per unit: 4.5 = 4,500.",
                measure="personnel, thousands",
                low=0,
            ),
            Column(
                name="operating_cost",
                kind="number",
                help="Cost of one unit per year, before the tier's operating_factor.",
                measure="million per year",
                low=0,
            ),
            Column(
                name="support_cost",
                kind="number",
                help="Support of one unit per year: depots, bases, supply.",
                measure="million per year",
                default=0.0,
                low=0,
            ),
            Column(
                name="procurement_cost",
                kind="number",
                help="Price of one unit in the first year.",
                measure="million",
                default=None,
                blank="cannot be bought",
                low=0,
            ),
            Column(
                name="price_growth",
                kind="number",
                help="Real growth of the price.",
                measure="share per year",
                default=0.0,
                low=-0.5,
                high=1,
            ),
            Column(
                name="programme_cost",
                kind="number",
                help="Cost of opening its production line, once for the coalition.",
                measure="million",
                default=0.0,
                low=0,
            ),
            Column(
                name="fleet_cost",
                kind="number",
                help="Cost per year of running a fleet of it, however small.",
                measure="million per year",
                default=0.0,
                low=0,
            ),
            Column(
                name="lead_time",
                kind="whole",
                help="Years from order to service.",
                measure="years",
                default=0,
                low=0,
                high=100,
                rule=Rule(
                    name="delivery time",
                    says="{force} is delivered {value:g} years after the order",
                    without=0,
                    nature="fact",
                ),
            ),
            Column(
                name="service_life",
                kind="whole",
                help="Years of service of a bought unit.",
                measure="years",
                low=1,
                high=200,
            ),
            Column(
                name="tech_level",
                kind="number",
                help="Technology a member must master to buy it.",
                default=0.0,
                rule=Rule(
                    name="technology",
                    says="a member buys {force} from tech_level {value:g} on",
                    without=0.0,
                    nature="fact",
                ),
            ),
            Column(
                name="load",
                kind="number",
                help="Loads that moving one unit takes.",
                measure="loads",
                default=1.0,
                low=0,
            ),
            Column(
                name="whole",
                kind="flag",
                help="TRUE: units are whole numbers.",
                default=False,
                rule=Rule(
                    name="whole units",
                    says="{force} comes in whole units, those of the inventory rounded down",
                    without=False,
                ),
            ),
            Column(
                name="max_imports",
                kind="number",
                help="Units a year that each member can buy outside the coalition.",
                measure="units per year",
                default=None,
                blank="no ceiling, and industry does not bind",
                low=0,
                rule=Rule(
                    name="production limit",
                    says="at most {value:,g} {force} a year for each member come from outside",
                    without=None,
                ),
            ),
            Column(
                name="disposal_cost",
                kind="number",
                help="Cost of giving up one unit of the inventory before its time.",
                measure="million",
                default=0.0,
                low=0,
            ),
        ),
    ),
    Table(
        name="power",
        help="Power of one unit, by capability.",
        key=("force", "capability"),
        columns=(
            Column(name="force", kind="text", help="The force.", refers_to="forces"),
            Column(
                name="capability", kind="text", help="The capability.", refers_to="capabilities"
            ),
            Column(
                name="power",
                kind="number",
                help="Power of one unit, in the measure of its capability.",
                measure="power",
                low=0,
            ),
        ),
    ),
)


def arithmetic(data, use):
    inventory = data.tables.get("inventory", {})
    power_of = {}
    for (f, c), power in data.power.power.items():
        power_of.setdefault(f, {})[c] = power
    own = inventory.quality if inventory else {}
    quality = {(m, f): own.get((m, f), 1.0) for m in use.members.members for f in data.forces}
    return {"power_of": power_of, "quality": quality}


def audit(data, solution):
    """Nothing to hold: power and quality are parameters."""
    return ()

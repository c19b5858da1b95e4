"""Who can move forces where, in how many days, at what cost.

Sets:
    h in theatres

Parameters:
    transit_days[m,h], cost_per_load[m,h]    no row: the member cannot send forces there; its home
                                             theatre needs no row (0 days, 0 cost), a row overrides
"""

from cssopt.modeling import Column, Index, Rule, Table

REQUIRES = ("members",)
INDICES = (Index("theatre", before="situation", letter="h"),)

TABLES = (
    Table(
        name="theatres",
        help="Regions in which threats may arise.",
        key=("theatre",),
        columns=(
            Column(name="theatre", kind="text", help="Short code of the theatre."),
            Column(name="name", kind="text", help="Name of the theatre."),
        ),
    ),
    Table(
        name="movement",
        help="Movement of forces from members to theatres. No row: no movement there.",
        key=("member", "theatre"),
        columns=(
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(name="theatre", kind="text", help="The theatre.", refers_to="theatres"),
            Column(
                name="transit_days",
                kind="number",
                help="Days from departure to the theatre.",
                measure="days",
                low=0,
                rule=Rule(
                    name="transit",
                    says="from {member} to {theatre} it takes {value:g} days",
                    without=0.0,
                    nature="fact",
                ),
            ),
            Column(
                name="cost_per_load",
                kind="number",
                help="Cost of moving one load there.",
                measure="million per load",
                low=0,
            ),
        ),
    ),
)


def arithmetic(data, use):
    home = {(m, data.members.home_theatre[m]): 0.0 for m in data.members}
    home = {(m, h): zero for (m, h), zero in home.items() if h is not None}
    return {
        "transit_days": home | dict(data.movement.transit_days),
        "cost_per_load": home | dict(data.movement.cost_per_load),
    }


def audit(data, solution):
    """Nothing to hold: days and costs of movement are parameters."""
    return ()

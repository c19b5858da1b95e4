"""National caveats: threats to which a member delegates nothing.

Sets:
    (m,k) in caveats    what the member does for its own part against k still counts
"""

from cssopt.modeling import Column, Rule, Table, holds

REQUIRES = ("members", "threats")

TABLES = (
    Table(
        name="caveats",
        help="Threats to which a member delegates nothing.",
        key=("member", "threat"),
        optional=True,
        rule=Rule(name="caveat", says="{member} delegates nothing to {threat}"),
        columns=(
            Column(name="member", kind="text", help="The member.", refers_to="members"),
            Column(name="threat", kind="text", help="The threat.", refers_to="threats"),
        ),
    ),
)


def arithmetic(data, use):
    return {"forbidden": set(data.caveats)}


def audit(data, solution):
    forbidden = solution.arithmetic.caveats.forbidden
    delegated = solution.delegated if "delegated" in solution else {}
    for (m, f, r, k, t), units in delegated.items():
        if (m, k) in forbidden:
            yield holds("delegate_nothing", (m, f, r, k, t), units, "==", 0.0)

"""Members leave: what the others can do, and at what cost, without each of them.

A member that leaves takes its forces and its money along, and what endangers it alone is no longer
met. Planners call it N-1, as engineers do who ask whether a network holds without any one line.
"""

from cssopt.modeling import Step, exactly


def leaving(base):
    """Each member in turn leaves with its forces and money, and its needs are no longer counted
    (N-1)."""
    if len(base.coalition) < 2:
        return {}
    return {f"{m} leaves": (_leave(m, "N-1: a member leaves"),) for m in base.coalition}


def largest(base):
    """The member of the largest gross domestic product leaves, likewise."""
    if len(base.coalition) < 2:
        return {}
    gdp = base.data.members.gdp
    first = max(base.coalition, key=lambda m: gdp[m])
    note = "the member of the largest gross domestic product leaves"
    return {f"{first}, the largest member, leaves": (_leave(first, note),)}


def _leave(member, note):
    return Step(table="members", where=exactly("member", member), change="drop", note=note)

"""Which of several equally good plans is meant: the one whose missing power is spread evenest.

What a member alone may leave short where is often a tie, and the saving at equal security can
depend on how it falls. This decides it by what is missing, never by the order of rows or names.

Levels (every objective of the study held at its optimum):
    missing_part[k,c,d,t] = shortfall[k,c,d,t] / full[k,c,d,t]
    the largest as small as can be, then the next largest, and so on until none can differ
"""

from cssopt.modeling import Levels

REQUIRES = ("coverage", "threats")


def stages(block, data, use):
    shortfall, full = use.coverage.shortfall, use.threats.full
    return (Levels("missing_part", {key: shortfall[key] * (1 / full[key]) for key in full}),)

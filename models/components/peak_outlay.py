"""The dearest year: the largest outlay of all members together in any year.

In no study: it is added where the peak is traded off.

Variables:
    peak_outlay >= 0    largest outlay of a year; no less than the outlays, and as small as they
                        allow where it is minimised or limited

Constraints:
    spend_no_more:    sum_m outlay[m,t] <= peak_outlay
"""

from cssopt.modeling import Criterion, constraint, holds, total, variable

REQUIRES = ("horizon", "members", "sharing")

CRITERIA = (
    Criterion(
        name="peak",
        figure="peak_outlay",
        says="largest outlay of all members together in any year",
        form="money",
        thrifty=True,
    ),
)


def variables(block, data, use):
    block.peak_outlay = variable("", (), doc="largest outlay of a year", measure="million")


def constraints(block, data, use):
    outlay = use.sharing.outlay
    block.spend_no_more = constraint(
        "year",
        use.horizon.years,
        lambda t: total(outlay[m, t] for m in data.members) <= block.peak_outlay,
        doc="no year is dearer than the peak",
    )


def audit(data, solution):
    for t in solution.arithmetic.horizon.years:
        together = sum(solution.outlay[m, t] for m in data.members)
        yield holds("spend_no_more", (t,), together, "<=", solution.peak_outlay)

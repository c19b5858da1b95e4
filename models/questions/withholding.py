"""Members withhold their share of the common costs, and stay otherwise.

The others bear it by their shares; or the common costs are cut by it, so that what they pay for
(bodies, programmes, activities, measures) has to be done with less, in every year.
"""

from cssopt.modeling import Step, exactly

AFTER = ("leaving",)


def withholding(base):
    """Each member in turn withholds its share of the common costs; the others bear it by their
    shares."""
    note = "it withholds its share of the common costs; the others bear it"
    return {
        f"{m} withholds its common share": (_withhold(m, note),) for m in _who_can_withhold(base)
    }


def withholding_cut(base):
    """Each member in turn withholds its share of the common costs, and they are cut: in no year may
    they be more than what the others paid in the base plan."""
    note = "it withholds its share of the common costs"
    return {
        f"{m} withholds its common share, which is cut": (_withhold(m, note), *_cut(base, m))
        for m in _who_can_withhold(base)
    }


def _who_can_withhold(base):
    """Members that bear some of the common costs of the base plan beside others."""
    if not base.has("common_cost", "key_share"):
        return []
    if not any(cost > 0 for cost in base.plan.common_cost.values()):
        return []
    shares = {m: [] for m in base.coalition}
    for (m, _), share in base.plan.key_share.items():
        shares[m].append(share)
    return [m for m, own in shares.items() if own and 0 < max(own) < 1]


def _withhold(member, note):
    where = exactly("member", member)
    return Step(table="members", where=where, column="common_weight", value=0.0, note=note)


def _cut(base, member):
    """Ceilings of the common costs: those of the base plan without the member's share."""
    ceilings = base.data.common_budgets.budget
    note = f"common costs of the base plan without the share of {member}"
    for year, cost in base.plan.common_cost.items():
        # Rounding of the solver may leave a cost of 0 a little below it.
        left = max(0.0, (1 - base.plan.key_share[member, year]) * cost)
        if year not in ceilings:
            row = f"year={year}; budget={left!r}"
            yield Step(table="common_budgets", where=row, change="add", note=note)
        elif left < ceilings[year]:
            where = f"year={year}"
            yield Step(table="common_budgets", where=where, column="budget", value=left, note=note)

"""Ratifications come late: one member's parliament takes a year longer than planned.

Until then the member delegates nothing, and what comes after the activity waits; what that costs or
leaves unmet is the price of the delay.
"""

from cssopt.modeling import Step, exactly

AFTER = ("threats",)

_RATIFIED_BY = ("legislation", "treaty")


def ratification(base):
    """Each ratification in turn comes a year late: an activity of kind legislation or treaty that
    names a member starts no earlier than a year after its start in the base plan."""
    if not base.has("started") or len(base.coalition) < 2:
        return {}
    activities, years = base.data.activities, {}
    for (a, t), state in base.plan.started.items():
        if state > 0.5:
            years.setdefault(a, []).append(t)
    return {
        f"{a} a year late": (_delay(base, a, min(years.get(a, ()), default=None)),)
        for a in activities
        if activities.member[a] is not None and activities.kind[a] in _RATIFIED_BY
    }


def _delay(base, activity, started):
    if started is not None:
        since, year = f"it starts in {started} in the base plan", started + 1
    else:
        earliest = base.data.activities.earliest_year[activity]
        since, year = "the base plan never starts it", (earliest or base.data.horizon.first) + 1
    after = year > base.data.horizon.last
    beyond = "; it then does not start within the years of the plan" if after else ""
    return Step(
        table="activities",
        where=exactly("activity", activity),
        column="earliest_year",
        value=year,
        note=f"{since}: {year} at the earliest{beyond}",
    )

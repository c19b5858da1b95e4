"""Years and days that lie outside the plan: warnings over the whole book, no mathematics.

Sets:
    what each of the CHECKS finds: years, days and durations that a slip makes, such as months for
    years; the plan is made all the same, without what never comes
"""

from graphlib import TopologicalSorter

from cssopt.modeling import Check, Fault, say

REQUIRES = ("horizon",)

_LATEST_DAY = 1_000.0
"""Days after which forces are hardly asked for for the first time."""

_FAR_YEARS = 50
"""Years: a ceiling this far outside the plan is a slip, not a table that goes on."""

_OLDEST = 100
"""Years: no kind of unit serves longer."""


def _begun(data):
    """The first year in which each activity can begin, after all that it waits for."""
    first, duration = data.settings.first_year, data.activities.duration
    begun = {a: max(first, year or first) for a, year in data.activities.earliest_year.items()}
    after = {}
    for a, earlier in data.precedence if "precedence" in data.tables else ():
        after.setdefault(a, []).append(earlier)
    for a in TopologicalSorter(after).static_order():  # there is no circle (E-304)
        for earlier in after.get(a, ()):
            begun[a] = max(begun[a], begun[earlier] + duration[earlier])
    return begun


def _never_complete(data):
    """Activities and programmes that end after the plan even where nothing delays them."""
    first, last = data.settings.first_year, data.settings.last_year
    begun = {}
    if "activities" in data.tables:
        begun["activities"] = _begun(data)
    if "programmes" in data.tables:
        years = data.programmes.earliest_year
        begun["programmes"] = {p: max(first, year or first) for p, year in years.items()}
    for table, starts in begun.items():
        duration = data.tables[table].columns["duration"]
        own = data.tables[table].columns["earliest_year"]
        for key, start in starts.items():
            if (year := own[key]) is not None and year > last:
                text = f"{year} is after the plan ends in {last}: it never begins. Is it the year?"
                yield Fault(table, key, "earliest_year", text)
            # What begins after the plan waits for another one, which is told.
            if start <= last < start + duration[key]:
                text = f"begun in {start} at the earliest, it is complete in "
                text += f"{start + duration[key]}, after the plan ends in {last}: nothing that "
                text += "waits for it happens. Is the duration in years?"
                yield Fault(table, key, "duration", text)


def _ceilings_outside(data, is_far, says):
    """Ceilings of years outside the plan: far from it, or near."""
    first, last = data.settings.first_year, data.settings.last_year
    for table in ("budgets", "common_budgets"):
        for key in data.tables.get(table, ()):
            year = key[-1] if isinstance(key, tuple) else key
            away = max(first - year, year - last)
            if away > 0 and (away > _FAR_YEARS) is is_far:
                plan = f"the years of the plan, {first} to {last}"
                yield Fault(table, key, "year", says.format(year=year, plan=plan))


def _years_far_off(data):
    """Ceilings of years so far from the plan that no longer table explains them."""
    says = "{year} lies far outside {plan}: this ceiling holds for none of them."
    return _ceilings_outside(data, True, says)


def _years_outside(data):
    """Ceilings of other years: of a table that goes on, or of a plan that was moved."""
    return _ceilings_outside(data, False, "{year} is outside {plan}: this ceiling is not used.")


def _late_days(data):
    for key, level in data.requirements.level.items():
        if level and key[2] > _LATEST_DAY:
            text = f"{say(key[2])} days are {say(key[2] / 365)} years. Is it in days?"
            yield Fault("requirements", key, "day", text)


def _long_lives(data):
    for f, life in data.forces.service_life.items():
        if life is not None and life > _OLDEST:
            text = f"{life} years are more than any kind of unit serves. Is it in years?"
            yield Fault("forces", f, "service_life", text)


def _delivered_too_late(data):
    span = data.settings.last_year - data.settings.first_year
    for f, lead in data.forces.lead_time.items():
        if data.forces.procurement_cost[f] is not None and lead > span:
            text = f"ordered in {data.settings.first_year} it is delivered in "
            text += f"{data.settings.first_year + lead}, after the plan ends in "
            text += f"{data.settings.last_year}: it is never bought."
            yield Fault("forces", f, "lead_time", text)


CHECKS = (
    Check(
        code="W-428",
        rule="what can be bought is delivered in the plan",
        find=_delivered_too_late,
        one_cause=True,
    ),
    Check(
        code="W-453",
        rule="activities and programmes are complete within the plan",
        find=_never_complete,
    ),
    Check(
        code="W-457",
        rule="forces are needed within some years of a crisis",
        find=_late_days,
        one_cause=True,
    ),
    Check(
        code="W-458",
        rule="a unit serves for less than a century",
        find=_long_lives,
        one_cause=True,
    ),
    Check(
        code="W-459",
        rule="a ceiling is of a year of the plan, or near it",
        find=_years_far_off,
        one_cause=True,
    ),
    Check(
        code="N-460",
        rule="a ceiling of a year outside the plan is not used",
        find=_years_outside,
    ),
)


def audit(data, solution):
    """Nothing to hold: warnings change no plan."""
    return ()

"""Needs that are defined but hardly meant: warnings over the whole book, no mathematics.

Sets:
    what each of the CHECKS finds: threats, days, ways and situations with which a plan can be
    made, and is, but which ask for something else than the planner may think
"""

from collections import Counter

from cssopt.modeling import Check, Fault

REQUIRES = ("horizon",)

_LONGEST_MARCH = 60.0
"""Days; a longer way that no need could wait for is hardly one in days."""


_COMPARED = 100
"""Names of situations, and rows of a need, that are compared with each other: of more the time
would grow with their square."""


def _active_threats(data):
    first, last = data.settings.first_year, data.settings.last_year
    begins, ends = data.threats.first_year, data.threats.last_year
    return [
        k
        for k in data.threats
        if max(first, begins[k] or first) <= min(last, last if ends[k] is None else ends[k])
    ]


def _never_active(data):
    active = set(_active_threats(data))
    for k in data.threats:
        if k not in active:
            begins, ends = data.threats.first_year[k], data.threats.last_year[k]
            text = "lies outside the years of the plan, so that this threat is never met."
            if begins is not None and ends is not None and ends < begins:
                text = f"comes after its last_year, {ends}, so that this threat is never met."
            yield Fault("threats", k, "first_year", text)


def _transit(data):
    """Days to every theatre that a member can move to."""
    home = {(m, h): 0.0 for m, h in data.members.home_theatre.items() if h is not None}
    return home | dict(data.movement.transit_days)


def _out_of_reach(data):
    transit = _transit(data)
    reached = {h for _, h in transit}
    return [k for k in _active_threats(data) if data.threats.theatre[k] not in reached]


def _nobody_comes(data):
    for k in _out_of_reach(data):
        h = data.threats.theatre[k]
        text = f'no member can move forces to "{h}": give the sheet movement a row for it.'
        yield Fault("threats", k, "theatre", text)


def _ways(data):
    """Days and member by theatre, the shortest way first."""
    ways = {}
    for (m, h), days in _transit(data).items():
        ways.setdefault(h, []).append((days, m))
    return {h: sorted(own) for h, own in ways.items()}


def _able(data):
    """Who has, or can buy, a force with power, by capability; None: everybody can buy one."""
    powers, able = {}, {}
    for (f, c), power in data.power.power.items():
        if power > 0:
            powers.setdefault(f, []).append(c)
            able.setdefault(c, set())
    for m, f in data.inventory:
        for c in powers.get(f, ()):
            able[c].add(m)
    bought = (f for f, price in data.forces.procurement_cost.items() if price is not None)
    return able | {c: None for f in bought for c in powers.get(f, ())}


def _too_late(data):
    beyond, active = set(_out_of_reach(data)), set(_active_threats(data))
    ways, able, soonest = _ways(data), _able(data), {}
    notice, r = min(((n, r) for r, n in data.readiness.notice_days.items()), default=(0.0, None))
    for k, c, d in data.requirements:
        if k not in active or k in beyond or not data.requirements.level[k, c, d]:
            continue
        place = data.threats.theatre[k], c
        if place not in soonest:
            comes = able.get(c, set()) if r is not None else set()
            first = (w for w in ways[place[0]] if comes is None or w[1] in comes)
            soonest[place] = next(first, None)
        if soonest[place] is None:
            text = f'no member that can move there has, or can buy, a force with power in "{c}".'
            yield Fault("requirements", (k, c, d), "capability", text)
        elif notice + soonest[place][0] > d:
            days, m = soonest[place]
            text = f'nobody is there by day {d:g}: the first, "{m}" at tier "{r}", needs '
            yield Fault("requirements", (k, c, d), "day", f"{text}{notice + days:g} days.")


def _repeated(data):
    """Later days at which a threat asks for no more than it did by an earlier one."""
    same = {}
    for (k, c, d), level in data.requirements.level.items():
        if level:
            alike = k, c, level, data.requirements.growth[k, c, d]
            same.setdefault(alike, []).append(d)
    for (k, c, level, _), days in same.items():
        first, *later = sorted(days)
        for d in later:
            text = f"asks for the same {level:.6g} as day {first:g}: who is there by then is there "
            text += f"by day {d:g} too. Where that is met it asks for nothing more, and what is "
            text += (
                f"missing counts {len(days)} times in the missing share. Drop the row, or raise "
            )
            text += "its level."
            yield Fault("requirements", (k, c, d), "level", text)


def _asking(data):
    """Threats against which some row asks for something."""
    return {k for (k, _, _), level in data.requirements.level.items() if level}


def _nothing_asked(data):
    asking = _asking(data)
    if not asking:
        text = "no threat asks for anything, so that the cheapest plan is to hold nothing: fill in "
        yield Fault("requirements", None, "level", f"{text}the sheet requirements.")


def _asks_for_nothing(data):
    """Threats without a need, beside others that have some."""
    asking = _asking(data)
    for k in _active_threats(data):
        if asking and k not in asking:
            text = (
                "no row of requirements asks for anything against this threat, so that nothing is "
            )
            text += "planned for it. Add its rows there, or remove the threat."
            yield Fault("threats", k, "threat", text)


def _most_before(rows):
    """For each day the earlier rows that ask for most: beside each no other asks for more both in
    the first year and in the last."""
    before, most, by_day = {}, [], {}
    for row in rows:
        by_day.setdefault(row[0], []).append(row)
    for d in sorted(by_day):
        before[d] = most
        for _, level, grown in (new := by_day[d]):
            most = [old for old in most if old[1] > level or old[2] > grown]
        most = sorted([*most, *new], key=lambda row: -row[1])[:_COMPARED]
    return before


def _lowered(data):
    """Later days at which a threat asks for less than by an earlier one, in every year."""
    span = data.settings.last_year - data.settings.first_year
    asked = {}
    for (k, c, d), level in data.requirements.level.items():
        grown = level * (1 + data.requirements.growth[k, c, d]) ** span
        asked.setdefault((k, c), []).append((d, level, grown))
    for (k, c), rows in asked.items():
        before = _most_before(rows)
        for d, level, grown in rows:
            more = [r for r in before[d] if r[1] > level and r[2] > grown]
            if more and level:
                first, most, _ = max(more, key=lambda row: row[1])
                text = (
                    f"{level:.6g} by day {d:g} is less than the {most:.6g} by day {first:g}: what "
                )
                text += f"is there by day {first:g} is there by day {d:g} too, so that this row "
                text += "asks for nothing more where that is met. A level is all that is needed by "
                text += "its day, not what is to be added by then: if "
                text += f"{level:.6g} more is meant, type {most + level:.6g}."
                yield Fault("requirements", (k, c, d), "level", text)


def _stand_alone(data):
    """Threats that no situation joins, where without the sheet all would be met together.

    A sheet with several situations of several threats that leaves out one is a sheet in use.
    """
    sizes, asking = Counter(s for s, _ in data.situations), _asking(data)
    named = {k for _, k in data.situations}
    active = [k for k in _active_threats(data) if k in asking]
    alone = [k for k in active if k not in named]
    joins = sum(size > 1 for size in sizes.values())
    if not sizes or len(active) < 2 or (joins > 1 and len(alone) < 2) or (joins and not alone):
        return
    if alone:
        verb = "stands" if len(alone) == 1 else "stand"
        text = f"{_list(alone)} {verb} in no situation and so {verb} alone: "
    else:
        text = "no situation has several threats, so that each threat stands alone: "
    every = "both" if len(active) == 2 else f"all {len(active)}"
    text += f"what is held for one threat is held for the next as well. Without this sheet {every} "
    text += "threats are met at the same time. Name in a situation what may come together; if "
    text += "each comes alone, nothing need be done."
    yield Fault("situations", next(iter(data.situations)), "situation", text)


def _list(names):
    return ", ".join(f'"{name}"' for name in names)


def _lonely_situations(data):
    """Situations of one threat that seem a slip: named like another, or of a threat in another.

    A threat that is named once, alone, is one that the planner means to come alone; and of a sheet
    that joins no threats at all `_stand_alone` has the one thing to say.
    """
    sizes = Counter(s for s, _ in data.situations)
    joined = {k for s, k in data.situations if sizes[s] > 1}
    for s, k in data.situations if joined else ():
        if sizes[s] > 1:
            continue
        others = sizes if len(sizes) <= _COMPARED else ()
        near = [other for other in others if other != s and _is_alike(other, s)]
        if near:
            text = f'"{s}" has one threat only. Did you mean "{near[0]}"?'
            yield Fault("situations", (s, k), "situation", text)
        elif k in joined:
            text = f'"{s}" has one threat only, which another situation has beside others: this '
            text += "row asks for nothing more. Is a threat of it missing, or the name misspelt?"
            yield Fault("situations", (s, k), "situation", text)


def _is_alike(name, other):
    """Whether one name may be another with two letters swapped, or one too many or another one."""
    one, two = name.casefold(), other.casefold()
    if min(len(one), len(two)) < 4 or abs(len(one) - len(two)) > 1:
        return False
    if sorted(one) == sorted(two):
        return True
    # Names that end apart, or in other figures, are numbered: "Case A" and "Case B".
    if one[-1] != two[-1] or [*filter(str.isdigit, one)] != [*filter(str.isdigit, two)]:
        return False
    shorter = {one[:i] + one[i + 1 :] for i in range(len(one))} | {one}
    return not shorter.isdisjoint({two[:i] + two[i + 1 :] for i in range(len(two))} | {two})


def _too_few_to_divide(data):
    """Tiers whose share of a few whole units is less than one, where no other is in time."""
    if sum(data.readiness.max_share.values()) < 1 - 1e-9:
        return  # No unit can be held at all, which is told.
    transit, notice, most = _transit(data), data.readiness.notice_days, data.readiness.max_share
    active, level, theatre = (
        set(_active_threats(data)),
        data.requirements.level,
        data.threats.theatre,
    )
    needs = [(k, c, d) for (k, c, d), power in level.items() if k in active and power]
    serves = {key for key, power in data.power.power.items() if power > 0}
    idle = {}
    for (m, f), units in data.inventory.units.items():
        whole = int(units + 1e-9)
        small = [r for r, share in most.items() if share * whole < 1 - 1e-9]
        if not data.forces.whole[f] or whole < 1 or not small:
            continue
        for k, c, d in needs:
            days = transit.get((m, theatre[k]))
            if days is None or (f, c) not in serves:
                continue
            in_time = [r for r in notice if notice[r] + days <= d]
            if all(r in small for r in in_time):
                for r in in_time:
                    if most[r] > 0:
                        idle.setdefault(r, {}).setdefault((m, f, whole), (k, d))
    for r, rows in idle.items():
        shown = [f'{n} "{f}" of "{m}"' for m, f, n in list(rows)[:3]]
        more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
        k, d = next(iter(rows.values()))
        text = f'at most {most[r]:.4g} of the units of a member may stand at "{r}": of '
        text += (
            f"{', '.join(shown)}{more} that is less than one, so that none can stand there, and "
        )
        text += f'no other tier is in time for "{k}" by day {d:g}. Raise the share, or let the '
        text += "force be divided (whole "
        yield Fault("readiness", r, "max_share", f"{text}FALSE).")


def _never_there(data):
    """Ways so long that no need could wait for who takes them."""
    last = max((d for (_, _, d), level in data.requirements.level.items() if level), default=None)
    for key, days in data.movement.transit_days.items():
        if last is not None and days > max(last, _LONGEST_MARCH):
            text = f"{days:g} days on the way are more than the latest day of all needs, {last:g}: "
            yield Fault("movement", key, "transit_days", f"{text}nobody comes in time. In days?")


CHECKS = (
    Check(
        code="W-401",
        rule="a need can be met in time by some force",
        find=_too_late,
        one_cause=True,
    ),
    Check(code="W-402", rule="somebody can move to the theatre of a threat", find=_nobody_comes),
    Check(code="W-408", rule="a threat lies within the years of the plan", find=_never_active),
    Check(
        code="W-410",
        rule="a situation of one threat is meant as one",
        find=_lonely_situations,
    ),
    Check(code="W-412", rule="a later day asks for more than an earlier one", find=_repeated),
    Check(code="W-432", rule="a later day asks for no less than an earlier one", find=_lowered),
    Check(
        code="W-433",
        rule="situations say of all threats what may come together, or there are none",
        find=_stand_alone,
    ),
    Check(code="W-435", rule="some threat asks for something", find=_nothing_asked),
    Check(
        code="W-436",
        rule="requirements ask for something against every threat",
        find=_asks_for_nothing,
        one_cause=True,
    ),
    Check(
        code="W-439",
        rule="a way is no longer than the latest need",
        find=_never_there,
        one_cause=True,
    ),
    Check(
        code="W-434",
        rule="a tier that alone is in time holds a whole unit",
        find=_too_few_to_divide,
    ),
)


def audit(data, solution):
    """Nothing to hold: warnings change no plan."""
    return ()

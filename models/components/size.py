"""How large a program a workbook makes: an error where it would fill the memory, no mathematics.

Sets:
    what the CHECK finds: tables that each make sense and together ask for more than can be solved

The program of 32 members over ten years has some 1.2 million entries by the count below, and takes
about half a gigabyte.
"""

from cssopt.modeling import Check, Fault, say

REQUIRES = ("horizon",)

_MOST = 5e6
"""Entries of a program: four times the largest that we have solved."""

_USUAL = {"members": 12, "forces": 12, "readiness": 3, "years": 10}
"""Rows of an ordinary workbook, to tell which table is out of all proportion."""

_UNITS = ("threats", "requirements", "situations", "apportionment", "pledges")
"""Tables each row of which asks something of every unit that may be held."""

_YEARLY = ("activities", "precedence", "programmes", "programme_effects", "measures", "effects")
"""Tables each row of which asks something of every year."""


def _entries(data):
    """About so many numbers stand in the rules of the program, and by table what makes them so."""
    rows = {name: len(table) for name, table in data.tables.items()}
    years = data.settings.last_year - data.settings.first_year + 1
    members, forces, tiers = (max(1, rows.get(n, 0)) for n in ("members", "forces", "readiness"))
    units = members * forces * tiers * years
    orders = members * forces * years * years
    asked = {name: units * rows.get(name, 0) for name in _UNITS}
    asked |= {name: years * rows.get(name, 0) for name in _YEARLY}
    asked |= {"bodies": years * members * rows.get("bodies", 0)}
    parts = {"members": members, "forces": forces, "readiness": tiers, "years": years}
    times = {name: count / _USUAL[name] for name, count in parts.items()}
    times |= {name: rows.get(name, 0) / 100 for name in asked}
    return units + orders + sum(asked.values()), times, parts | rows


def _too_large(data):
    entries, times, counts = _entries(data)
    if entries <= _MOST:
        return
    worst = max(times, key=times.get)
    text = f"the plan would be a program of {say(entries)} numbers, and one of {say(_MOST)} fills "
    if worst == "years":
        text = f"{data.settings.last_year} makes {counts[worst]} years: {text}the memory of a "
        text += "computer. Plan fewer years, or drop rows of the largest sheets."
        yield Fault("settings", None, "last_year", text)
        return
    text = f"with {counts[worst]:,} rows here {text}the memory of a computer. Drop rows that the "
    table = data.tables[worst]
    yield Fault(worst, table.keys[-1], table.spec.key[0], f"{text}question does not need.")


CHECKS = (Check(code="E-115", rule="a plan fits into a computer", find=_too_large),)


def audit(data, solution):
    """Nothing to hold: what is refused has no plan."""
    return ()

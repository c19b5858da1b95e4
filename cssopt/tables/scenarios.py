"""Scenarios: named lists of changes to the inputs, on a sheet of the workbook.

Files of scenarios are read in `scenario_file`, single changes of the command line in `changes`: the
same steps in the same notation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cssopt.errors import DataError
from cssopt.tables.changes import read_change as read_change
from cssopt.tables.changes import read_set as read_set
from cssopt.tables.data import Data
from cssopt.tables.patch import CHANGES, SCENARIO_SHEET, Step
from cssopt.tables.scenario_file import read_toml as read_toml
from cssopt.tables.scenario_steps import SCENARIO, Written, make_step, unroll
from cssopt.tables.spec import Column, Table

SCENARIOS: Final = Table(
    name=SCENARIO_SHEET,
    help="What-ifs: named lists of changes to the other sheets, for cssopt whatif.",
    key=("scenario", "step"),
    optional=True,
    columns=(
        SCENARIO,
        Column(name="step", kind="whole", help="Order of the change.", low=1, high=10_000),
        Column(name="table", kind="text", help="Sheet that is changed."),
        Column(
            name="where",
            kind="text",
            help="Rows that are changed, such as threat=North; day<=30; year=2028..2030.",
            default="",
            blank="all rows",
        ),
        Column(
            name="column",
            kind="text",
            help="Column that is changed.",
            default="",
            blank="none: a row is added or dropped",
        ),
        Column(
            name="change",
            kind="text",
            help="set to the value, scale by it, add it, or drop the rows; a member that is "
            "dropped leaves the coalition.",
            choices=CHANGES,
        ),
        Column(
            name="value",
            kind="any",
            help="Value, factor or number to add.",
            default=None,
            blank="none",
        ),
        Column(
            name="extends",
            kind="text",
            help="Another scenario whose steps come first.",
            default="",
            blank="none",
        ),
        Column(name="note", kind="text", help="Why, shown beside what it did.", default=""),
    ),
)
"""The sheet of what-ifs; no component reads it."""

Scenarios = Mapping[str, tuple[Step, ...]]


def read_sheet(data: Data) -> dict[str, tuple[Step, ...]]:
    """The scenarios of the sheet, each with the steps of those that it extends before its own.

    Raises DataError where a scenario extends one that is not there, or itself.
    """
    scenarios, issues = unroll(find_written(data), SCENARIOS.name)
    if issues:
        raise DataError(issues, SCENARIOS.name)
    return scenarios


def find_written(data: Data) -> Written:
    """What the sheet holds, the steps of each scenario in order."""
    written = Written()
    if SCENARIOS.name not in data.tables:
        return written
    table = data.tables[SCENARIOS.name]
    order = {name: place for place, (name, _) in reversed(list(enumerate(table.keys)))}
    for name, number in sorted(table.keys, key=lambda key: (order[key[0]], key[1])):
        key = name, number
        row = table.row(key)
        above = row["extends"]
        names = written.extends.setdefault(name, [])
        if above and (name, above) not in written.places:  # often filled down beside every step
            names.append(above)
            written.places[name, above] = table.where(key, "extends")
        places = {part: table.where(key, part) for part in ("table", "where", "column", "value")}
        written.own.setdefault(name, []).append(make_step(row, places["table"], places))
    return written

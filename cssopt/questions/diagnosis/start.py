"""Where the search for a conflict starts: the rules behind rows that no plan keeps together."""

from __future__ import annotations

from collections.abc import Sequence

from cssopt.errors import DataError, ModelError
from cssopt.questions.diagnosis.checks import Checks
from cssopt.solve.conflict import find_conflicting_rows
from cssopt.solve.traced.origins import Origins
from cssopt.tables.rules_in_force import RuleInForce
from cssopt.trace.numbers import Cell
from cssopt.trace.sources import may_vary


def find_start(checks: Checks, pool: Sequence[RuleInForce]) -> tuple[list[RuleInForce], int]:
    """Rules of a pool that may stand behind rows in conflict, and how many rows these are.

    With the pool in force and everything else lifted, these are the rules whose numbers enter one
    of the rows, and those that enter no row at all: dates, flags and rows of the inputs that shape
    the program. Whether they conflict is still to be asked. All rules, and 0 rows, where
    fractions do not conflict: so it is where whole numbers do.
    """
    cells_of = {rule.name: _find_cells(checks, rule) for rule in pool}
    cells = list(dict.fromkeys(cell for own in cells_of.values() for cell in own))
    try:
        origins = Origins(*checks.programs.trace(checks.keep(pool), cells))
    except (DataError, ModelError):  # what cannot be traced has no rows that we know of
        return list(pool), 0
    rows = find_conflicting_rows(origins.program, checks.options)
    if not rows:
        return list(pool), 0
    behind, anywhere = set(origins.find_cells(*rows)), set(origins.cells)
    chosen = [
        rule
        for rule in pool
        if behind.intersection(cells_of[rule.name])
        or not anywhere.intersection(cells_of[rule.name])
    ]
    return chosen, len(rows)


def _find_cells(checks: Checks, rule: RuleInForce) -> list[Cell]:
    """The cells by which a rule may enter the numbers of a program."""
    table = checks.programs.instance.data.tables[rule.table]
    return [
        (rule.table, rule.key, column.name)
        for column in table.spec.columns
        if may_vary(table.spec, column.name) and rule.column in ("", column.name)
    ]

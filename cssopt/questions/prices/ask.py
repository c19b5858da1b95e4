"""Prices: what one more unit of an input does to the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cssopt.assembly.case import Case
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.questions.answers import describe_run, write_workbook
from cssopt.questions.prices.find import PLANNED, Sides, find_prices
from cssopt.questions.prices.result import Prices
from cssopt.questions.prices.show import write_price_book
from cssopt.questions.prices.terminal import prices_facts
from cssopt.render.place import OutputPlace
from cssopt.runs.solve_case import DEFAULT_GAP, Solution, solve
from cssopt.solution.run import OnBase, ProgressCallback, hear_nothing, tell_nothing

__all__ = ["Prices", "prices", "report_prices"]


def prices(
    source: Case | Solution,
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    patience: float | None = None,
    sides: Sides = PLANNED,
    tell: ProgressCallback = tell_nothing,
    on_base: OnBase = hear_nothing,
) -> Prices:
    """What one more unit of a cell of the workbook, or of room in a rule, costs or saves.

    Parameters
    ----------
    source: a case, which is solved first (study, members, gap, time_limit and patience as for
        `solve`), or a solution that is there.
    sides: of which cells new solves look at both sides, for prices that differ there and for how
        far they hold: ``planned`` (those that planners set: needs, rules, and what bounds rules
        that planners could change), ``all`` or ``none``. No price is told without its range: the
        other cells have only `CellPrice.duals`. In a large program the dearest come first, and
        `Prices.unlooked` counts those for which it would have taken too long.
    on_base: hears the plan itself, before its questions are asked.

    Returns the prices with ``tables``: ``cells`` (per unit of each cell: expenditure, and what
    comes before it, such as missing_share) and ``rules``. The prices of a plan with whole numbers
    are those of the LP with its whole numbers fixed, and say so. Raises DataError as `solve`, and
    ModelError for a study whose plans have no prices.
    """
    if isinstance(source, Case):
        source = solve(
            source,
            study,
            members,
            gap=gap,
            time_limit=time_limit,
            patience=patience,
            concessions=False,
            tell=tell,
        )
    on_base(source)
    return find_prices(source, sides=sides, tell=tell)


def report_prices(
    case: Case, found: Prices, path: str | Path, options: Mapping[str, Any] | None = None
) -> OutputPlace:
    """Write the workbook of prices, and say where (see `write_workbook`)."""
    solution = found.solution
    seconds = {k: v for k, v in found.seconds.items() if k not in solution.seconds}
    facts = describe_run(case, solution, "prices", options, seconds, audits=found.audits)

    def write(place: OutputPlace) -> None:
        write_price_book(place.path, found, facts)

    return write_workbook(path, facts, write, lambda: prices_facts(found))

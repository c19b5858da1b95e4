"""From what a planner writes to the runs of a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cssopt.assembly.case import Case
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.common_options import Scenarios
from cssopt.questions.sweep.points_file import read_points
from cssopt.runs.outcome import Run
from cssopt.runs.vary import draw_points, make_grid
from cssopt.runs.vary_texts import SCENARIO, read_variations
from cssopt.tables.collection import no_collection
from cssopt.tables.patch import Step


@no_collection()
def design_sweep(
    case: Case,
    vary: Sequence[str] = (),
    *,
    points: str | Path | None = None,
    draws: int | None = None,
    seed: int | None = None,
    scenarios: str | Path | Mapping[str, Sequence[Step | str]] | None = None,
) -> tuple[Run, ...]:
    """The runs of a sweep: a full grid, a list of points, or random draws.

    Parameters
    ----------
    case : Case
        The inputs.
    vary : Sequence[str], default ()
        What is varied: ``requirements.level*=0.8:1.4:0.1`` (from, to, by),
        ``settings.discount_rate=0.02,0.03``, ``scenario=base,NAME``; with `draws` ranges such as
        ``requirements.level*=0.8..1.4``.
    points : str | Path, optional
        A CSV file with a change above each column and a run in each row, in place of `vary`.
    draws : int, optional
        Number of points of a Latin hypercube.
    seed : int, optional
        The same seed draws the same points. Default: 0.
    scenarios : str | Path | Mapping[str, Sequence[Step | str]], optional
        Scenarios that may be varied over, beside those of the workbook: a TOML file, or the steps
        of each by its name.

    Returns
    -------
    tuple[Run, ...]
        Each run with its point and its steps.

    Raises
    ------
    DataError
        With everything that is wrong, before any run: also for a seed without draws, and a file of
        scenarios over which nothing varies.
    """
    if seed is not None and draws is None:
        text = "is for random draws, and there are none. Add --draws NUMBER, or leave it out."
        raise DataError([Issue("E-524", "--seed", text)], case.source)
    if seed is not None and seed < 0:
        text = f"{seed} must be at least 0."
        raise DataError([Issue("E-110", "--seed", text)], case.source)
    known = Scenarios(scenarios=scenarios).find_scenarios(case)
    if points is not None:
        if vary or draws is not None:
            text = "lists every run by itself. Leave out --vary and --draws, or --points."
            raise DataError([Issue("E-520", "--points", text)], case.source)
        runs = read_points(Path(points), case.data, known)
        _check_scenarios_used(case, runs, are_given=scenarios is not None)
        return runs
    if not vary:
        text = "is missing: say what is varied, such as requirements.level*=0.8:1.4:0.1."
        raise DataError([Issue("E-520", "--vary", text)], case.source)
    texts = [vary] if isinstance(vary, str) else vary
    variations = read_variations(texts, case.data, known)
    runs = make_grid(variations) if draws is None else draw_points(variations, draws, seed or 0)
    _check_scenarios_used(case, runs, are_given=scenarios is not None)
    return runs


def _check_scenarios_used(case: Case, runs: Sequence[Run], *, are_given: bool) -> None:
    """DataError for further scenarios that no run is of."""
    if are_given and SCENARIO not in runs[0].point:
        text = (
            "names scenarios, and nothing varies over them. Add --vary scenario=base,NAME, or "
            "leave it out."
        )
        raise DataError([Issue("E-524", "--scenarios", text)], case.source)

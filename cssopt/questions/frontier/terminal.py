"""What the terminal shows of a front: its ends and knees, and what must be known of it."""

from __future__ import annotations

import math

from rich.console import Console

from cssopt.questions.frontier.show import FrontWords
from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import print_whole, warn_not_met
from cssopt.solution.audit import FAILED
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import tell_end
from cssopt.solve.outcome import Status

_FORMS = {"money": ",.1f", "share": ".3%", "number": ",.4g"}
_NO_PLAN = str(Status.INFEASIBLE)
_NOT_SHOWN = (_NO_PLAN, str(Status.NO_PLAN_YET))
_NOT_ALL = "The search ended before all of them were known."
_MOST = 25
"""Points up to which all are shown."""


def print_frontier(console: Console, base: Solution, front: FrontWords) -> None:
    """Every point of a short front; of a long one the ends, the knees and even steps between."""
    warn_not_met(console, base)
    if not front.tables:
        console.print(base.status.sentence, markup=False)
        return
    frame = front.tables["front"]
    table = ScreenTable()
    table.add_column("point", justify="right")
    for criterion in front.criteria:
        table.add_column(criterion.figure, justify="right")
    rated = "rate" in frame
    if rated:
        table.add_column("rate", justify="right")
    for name in ("", "status", "gap"):
        table.add_column(name, justify="right" if name == "gap" else "left")
    step = max(1, math.ceil(len(frame) / _MOST))
    for position, row in enumerate(frame[~frame["status"].isin(_NOT_SHOWN)].to_dict("records")):
        outstanding = row["knee"] or row["status"] != str(Status.OPTIMAL)
        outstanding = outstanding or row["audit"] == FAILED
        if position % step and position < len(frame) - 1 and not outstanding:
            continue
        cells = [str(row["point"])]
        cells += [_shown(row[c.figure], _FORMS[c.form]) for c in front.criteria]
        cells += [_shown(row["rate"], ",.4g")] if rated else []
        knee = f"knee {row['knee']}" if row["knee"] else ""
        cells += [knee, tell_end(row["status"], row["audit"]), _shown(row["gap"], ".1e")]
        table.add_row(*cells)
    print_whole(console, table)
    _print_words(console, base, front)


def _print_words(console: Console, base: Solution, front: FrontWords) -> None:
    frame = front.tables["front"]
    shown = "" if len(frame) <= _MOST else "; a part of them is shown, all stand in the workbook"
    found = int((frame["status"] != str(Status.NO_PLAN_YET)).sum())
    console.print(f"{found} points{shown}: {front.method}.", style="dim", markup=False)
    if front.method.startswith("every") and not front.whole:
        console.print(_NOT_ALL, style="yellow", markup=False)
    if (beyond := int((frame["status"] == _NO_PLAN).sum())) > 0:
        text = f"{beyond} combinations of limits can be kept by no plan: proven; see the workbook"
        console.print(text, style="dim", markup=False)
    open_ = frame[~frame["status"].isin([_NO_PLAN, str(Status.OPTIMAL)])]
    for message, group in open_.groupby("message", sort=False):
        text = f"1 point, or part, not proven. {message}"
        if len(group) > 1:
            text = (
                f"{len(group):,} points, or parts of the front between points, not proven. "
                f"{message}"
            )
        console.print(text.strip(), style="yellow", markup=False)
    for criterion in front.criteria[1:]:
        console.print(f"{criterion.figure}: {criterion.says}", style="dim", markup=False)
    for name, most in front.held.items():
        console.print(f"held at every point: {name} at most {most:.6g}", style="dim", markup=False)
    if "rate" in frame:
        console.print(
            f"rate: expenditure for each unit less of {front.criteria[1].figure}, from here to the "
            "next point of the workbook",
            style="dim",
            markup=False,
        )
    money = f"money: {base.data.horizon.money}, present value"
    console.print(money, style="dim", markup=False)


def _shown(value: float, form: str) -> str:
    return format(value + 0.0, form) if math.isfinite(value) else ""

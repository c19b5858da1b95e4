"""What the terminal shows of a diagnosis: what conflicts, and the changes that let a plan in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from rich.console import Console

from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import print_whole
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import tell_end

_MOST: Final = 40
"""Members of a conflict that are shown; more are one that a limit left far from its least."""
AT_ONCE: Final = "No plan can keep all of these at once:"
THIS_ONE: Final = "No plan can keep this:"
ALONE: Final = "Each of these changes alone makes a plan possible:"
TOGETHER: Final = "These changes together make a plan possible:"
NO_CHANGE: Final = "No change of a need, rule or fact was found that makes a plan possible."
MORE: Final = (
    "There are further conflicts beside these: with more of --conflicts they are told too. The "
    "changes below are enough for all of them."
)


def print_diagnosis(
    console: Console,
    base: Solution,
    sentence: str,
    tables: Mapping[str, pd.DataFrame],
    *,
    more: bool,
    undecided: int,
) -> None:
    """The verdict, each conflict with its cells, and the changes with what their plans cost."""
    console.print(sentence, style="bold" if base.status != "infeasible" else "bold red")
    conflicts, notes = tables["conflicts"], tables["notes"]
    for number in dict.fromkeys([*conflicts["conflict"], *notes["conflict"]]):
        own = conflicts[conflicts["conflict"] == number]
        if len(own):
            console.print()
            console.print(head_of(own), markup=False)
            print_whole(console, _list_rows(own.head(_MOST), ("nature", "where", "rule")))
            if len(own) > _MOST:
                text = f"  {len(own) - _MOST:,} more in the report"
                console.print(text, style="dim", markup=False)
        for note in notes.loc[notes["conflict"] == number, "note"]:
            console.print(f"  {note}", style="dim", markup=False)
    if more:
        console.print()
        console.print(MORE, markup=False)
    _print_relaxations(console, base, tables)
    if undecided:
        console.print(
            f"{undecided:,} of {len(tables['checks']):,} checks ended at a limit and prove "
            "nothing: there may be smaller changes.",
            style="bold",
            markup=False,
        )


def head_of(conflict: pd.DataFrame) -> str:
    """The line above the members of a conflict."""
    return AT_ONCE if len(conflict) > 1 else THIS_ONE


def explain_changes(relaxations: pd.DataFrame) -> str:
    """How small the changes are, what their expenditure is, and what facts are."""
    parts = ["Each change is the smallest to within a thousandth of itself."]
    if (relaxations["way"] == "together").any():
        parts.append("One of several changes: while the others stay as they are told.")
    parts.append("The expenditure is that of the cheapest plan with the change.")
    if relaxations["natures"].str.contains("fact").any():
        parts.append("A fact is a matter of time or technology, which nobody can decree.")
    return " ".join(parts)


def _print_relaxations(
    console: Console, base: Solution, tables: Mapping[str, pd.DataFrame]
) -> None:
    relaxations = tables["relaxations"]
    if tables["conflicts"].empty:
        return
    confirmed = relaxations[relaxations["confirmed"].astype(bool)]
    alone = confirmed[confirmed["way"] == "alone"]
    console.print()
    if confirmed.empty:
        console.print(NO_CHANGE, markup=False)
    if len(alone):
        console.print(ALONE, markup=False)
        print_whole(console, _list_changes(alone))
    for row in confirmed[confirmed["way"] == "together"].to_dict("records"):
        console.print(TOGETHER, markup=False)
        for change in str(row["what"]).split("; "):
            console.print(f"  {change}", markup=False)
        console.print(f"  expenditure {_tell_plan(row)}", style="dim", markup=False)
    failed = len(relaxations) - len(confirmed)
    if failed:
        text = f"{failed} more could not be confirmed by a solve of the study; see the report."
        console.print(text, markup=False)
    if len(confirmed):
        years = base.data.horizon
        console.print(
            f"{explain_changes(confirmed)} Million {years.currency}, prices of "
            f"{years.price_year}, present value.",
            style="dim",
            markup=False,
        )


def _list_changes(rows: pd.DataFrame) -> ScreenTable:
    shown = rows.assign(plan=[f"expenditure {_tell_plan(row)}" for row in rows.to_dict("records")])
    return _list_rows(shown, ("natures", "what", "plan"))


def _tell_plan(row: Mapping[Any, Any]) -> str:
    """Expenditure of a plan with its status and gap."""
    gap = row["gap"]
    proven = f", gap {gap:.1e}" if math.isfinite(gap) and gap > 0 else ""
    return f"{row['pooled_expenditure']:,.1f} ({tell_end(row['status'], row['audit'])}{proven})"


def _list_rows(rows: pd.DataFrame, columns: tuple[str, ...]) -> ScreenTable:
    table = ScreenTable(show_header=False)
    for _ in ("", *columns):
        table.add_column("")
    for row in rows.to_dict("records"):
        table.add_row("", *(str(row[name]) for name in columns))
    return table

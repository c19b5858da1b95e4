"""What the terminal shows of near-optimal plans: what is certain, the widest ranges, the plans."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
from rich.console import Console

from cssopt.questions.alternatives.show import warn_of_base
from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import print_whole, warn_not_met
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import tell_end
from cssopt.solve.outcome import Status

_WIDEST = 8
"""Ranges shown of each kind."""

_FORMS = {"money": ",.1f", "number": ",.2f"}


def print_alternatives(
    console: Console,
    base: Solution,
    tables: Mapping[str, pd.DataFrame],
    verdicts: Mapping[str, str],
) -> None:
    """Counts of each verdict by level, the widest ranges at the largest, and the plans.

    `tables` as of `Alternatives`; `verdicts`: each with its meaning.
    """
    warn_not_met(console, base)
    ranges = tables["ranges"]
    if ranges.empty:
        told = "No component declares a contribution." if base.has_plan else base.status.sentence
        console.print(told, markup=False)
        return
    if warning := warn_of_base(base):
        console.print(warning, style="yellow", markup=False)
    print_whole(console, _count(ranges, verdicts))
    level = ranges["within"].max()
    console.print(f"Widest ranges within {level:.2%} of the least expenditure:", style="bold")
    print_whole(console, _widest(ranges[ranges["within"] == level]))
    is_proven = bool((ranges["status"] == str(Status.OPTIMAL)).all())
    _print_plans(console, tables["plans"], is_proven=is_proven)
    for message, group in ranges[ranges["message"] != ""].groupby("message", sort=False):
        text = f"{len(group):,} of {len(ranges):,} ranges: {message}"
        console.print(text, style="yellow", markup=False)
    for verdict, text in verdicts.items():
        if (ranges["verdict"] == verdict).any():
            console.print(f"{verdict}: {text}", style="dim", markup=False)
    console.print(
        f"money: {base.data.horizon.money}, present value; units and power: mean of all years",
        style="dim",
        markup=False,
    )


def _count(ranges: pd.DataFrame, verdicts: Mapping[str, str]) -> ScreenTable:
    there = [name for name in verdicts if (ranges["verdict"] == name).any()]
    table = ScreenTable()
    for name in ("contributions within", *there, "not proven"):
        table.add_column(name, justify="right")
    for share, group in ranges.groupby("within"):
        counts = group["verdict"].value_counts()
        unproven = int((group["status"] != str(Status.OPTIMAL)).sum())
        numbers = [str(counts.get(name, 0)) for name in there]
        table.add_row(f"{float(str(share)):.2%}", *numbers, str(unproven))
    return table


def _widest(ranges: pd.DataFrame) -> ScreenTable:
    """The widest of each kind, money first; a kind is measured in its own unit."""
    table = ScreenTable()
    table.add_column("")
    table.add_column("")
    for name in ("base", "least", "most"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    kinds = ranges.drop_duplicates("kind").sort_values("form", kind="stable")["kind"]
    for kind in kinds:
        own = ranges[ranges["kind"] == kind]
        order = (own["most"] - own["least"]).sort_values(ascending=False, kind="stable").index
        for row in own.loc[order[:_WIDEST]].to_dict("records"):
            proven = row["status"] == str(Status.OPTIMAL)
            verdict = row["verdict"] if proven else f"{row['verdict']} ({row['status']})"
            table.add_row(
                kind,
                row["contribution"],
                *(_shown(row[name], _FORMS[row["form"]]) for name in ("base", "least", "most")),
                verdict,
            )
        if len(own) > _WIDEST:
            table.add_row("", f"{len(own) - _WIDEST} more in the workbook", style="dim")
    return table


def _shown(value: float, form: str) -> str:
    """The number, without a minus before what rounds to nothing."""
    text = format(value, form)
    return text.lstrip("-") if math.isclose(float(text.replace(",", "")), 0.0) else text


def _print_plans(console: Console, plans: pd.DataFrame, *, is_proven: bool) -> None:
    others = plans[plans["plan"] > 0]
    if others.empty:
        none = "No plan differs from the base plan."
        unknown = "No plan that differs was found in the time."
        console.print(none if is_proven else unknown, markup=False)
        return
    console.print("Plans that differ most from the base plan and each other:", style="bold")
    for row in others.to_dict("records"):
        end = tell_end(row["status"], row["audit"])
        console.print(
            f"{row['within']:.2%} plan {row['plan']}: expenditure "
            f"{row['pooled_expenditure']:,.1f}, {row['moved']:,.2f} units moved, "
            f"{row['apart']:.2f} of the ranges apart ({end}: at most {row['bound']:.2f})",
            markup=False,
        )
        console.print(f"    {row['description']}", style="dim", markup=False)

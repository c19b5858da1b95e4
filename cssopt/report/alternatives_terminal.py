"""What the terminal shows of near-optimal plans: the widest ranges, and what is certain."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cssopt.report.terminal import NOT_MET
from cssopt.solution.plan import Solution
from cssopt.solve.outcome import Status

_VERDICTS = {
    "certain": "the same in every plan",
    "at least": "never none",
    "free": "may be none, or some",
    "never": "none in any plan",
}


def print_alternatives(
    console: Console, base: Solution, tables: Mapping[str, pd.DataFrame]
) -> None:
    """Ranges within the largest share, burdens and forces first; counts of each verdict."""
    if not base.threats_met:
        told = f"{NOT_MET} in the base plan" if base.has_plan else f"{NOT_MET}: no base plan"
        console.print(told, style="bold red")
    ranges = tables["ranges"]
    if ranges.empty:
        console.print(base.status.sentence, markup=False)
        return
    widest = ranges["within"].max()
    table = Table(box=None, pad_edge=False)
    for name in ("", "contribution"):
        table.add_column(name)
    for name in ("base", "least", "most"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for row in ranges[ranges["within"] == widest].to_dict("records"):
        form = ",.1f" if row["kind"] == "burden" else ",.2f"
        verdict = row["verdict"] if row["status"] == str(Status.OPTIMAL) else row["status"]
        table.add_row(
            row["kind"],
            Text(" ".join(part for part in (row["member"], row["force"]) if part)),
            *(format(row[name] + 0.0, form) for name in ("base", "least", "most")),
            verdict,
        )
    console.print(f"Within {widest:.3g} of the least expenditure:", style="bold")
    console.print(table, markup=False)
    for share, group in ranges.groupby("within"):
        counts = group["verdict"].value_counts()
        told = ", ".join(f"{counts.get(v, 0)} {v} ({text})" for v, text in _VERDICTS.items())
        console.print(f"within {share:.3g}: {told}", style="dim", markup=False)
    _print_plans(console, base, tables["plans"])


def _print_plans(console: Console, base: Solution, plans: pd.DataFrame) -> None:
    for row in plans[plans["plan"] > 0].to_dict("records"):
        console.print(
            f"plan {row['plan']} within {row['within']:.3g}: expenditure "
            f"{row['pooled_expenditure']:,.1f}, {row['difference']:,.2f} units (mean of the years) "
            f"differ from the base plan, {row['status']}",
            style="dim",
            markup=False,
        )
    settings = base.data.settings
    money = f"money: million {settings.currency}, prices of {settings.price_year}, present value"
    console.print(f"{money}; units: mean of all years", style="dim", markup=False)

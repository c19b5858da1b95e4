"""What the terminal shows of one threat in one year: needs, cover, what binds, the next unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from rich.console import Console
from rich.text import Text

from cssopt.modeling.measures import SHORTFALL
from cssopt.questions.why.coverage_rows import COVERS, RELIEVES
from cssopt.questions.why.result import Why
from cssopt.questions.why.show import name_needs
from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import print_whole
from cssopt.solution.missing import is_met
from cssopt.solution.price import SHORT
from cssopt.solution.told import NOT_MET, tell_gap
from cssopt.solution.verdicts import tell_end
from cssopt.solve.answer import NOT_ASKED
from cssopt.solve.outcome import Status

_NO_COST: Final = {
    str(Status.INTERRUPTED): "not asked",
    str(Status.NO_PLAN_YET): "not answered in the time",
}
_MOST_RULES: Final = 10
_MOST_GIVERS: Final = 4
_WIDE: Final = 1e-3
"""Share of a cost by which its proven bounds differ enough to be told."""


def print_why(console: Console, found: Why) -> None:
    """Who covers the threat, the rules that bind it, and what the next unit costs."""
    base, tables, year = found.base, found.tables, found.year
    needs = tables["needs"]
    if not all(map(is_met, needs[SHORTFALL], needs["need"])):
        console.print(f"{NOT_MET}: {found.threat} in {year}", style="bold red", markup=False)
    _print_cover(console, found)
    console.print()
    _print_rules(console, tables["binds"])
    console.print()
    _print_next(console, found)
    text = (
        f"power; {base.data.horizon.money}, present value. "
        "price: what one more unit of room saves, for so much more room at least; cost: of "
        f"the whole step, in {year} alone; more missing: rise of the missing share. "
        f"Gap of the plan {tell_gap(base.gap)}"
    )
    console.print(text, style="dim", markup=False)


def _print_cover(console: Console, found: Why) -> None:
    """A column for each need, a row for each source."""
    table, needs = ScreenTable(), found.tables["needs"]
    table.add_column()
    for name in name_needs(found, needs):
        table.add_column(Text(name), justify="right")
    table.add_row("asked", *(f"{x:,.3f}" for x in needs["asked"]), style="bold")
    _add_sources(table, found, RELIEVES)
    table.add_row("need", *(f"{x:,.3f}" for x in needs["need"]), style="bold")
    _add_sources(table, found, COVERS)
    table.add_row(SHORTFALL, *(f"{x:,.3f}" for x in needs[SHORTFALL]), style="bold")
    print_whole(console, table)


def _add_sources(table: ScreenTable, found: Why, kind: str) -> None:
    """A row for each member under what it gives of a kind, with its power for each need.

    What relieves a need is less than 0, so that the column adds up.
    """
    amounts: dict[str, dict[str, dict[str, float]]] = {}
    cover, sign = found.tables["cover"], -1.0 if kind == RELIEVES else 1.0
    for need, row in zip(name_needs(found, cover), cover.to_dict("records"), strict=True):
        if row["kind"] == kind:
            members = amounts.setdefault(row["meaning"] or row["source"], {})
            members.setdefault(row[found.rows.party], {})[need] = sign * row["power"]
    needs = name_needs(found, found.tables["needs"])
    for meaning, members in amounts.items():
        if "" not in members:
            table.add_row(Text(f"  {meaning}"))
        for member, powers in members.items():
            shown = (_figure(powers.get(need, math.nan), ",.3f") for need in needs)
            table.add_row(Text(f"    {member}" if member else f"  {meaning}"), *shown)


def _print_rules(console: Console, binds: pd.DataFrame) -> None:
    if binds.empty:
        console.print("No rule of planners that touches these needs is at its limit.")
        return
    table = ScreenTable()
    for name in ("what binds", "at", "where"):
        table.add_column(name)
    for name in ("price", "for room"):
        table.add_column(name, justify="right")
    told = binds[(binds["price"] > 0) | binds["price"].isna()]
    for row in told.head(_MOST_RULES).to_dict("records"):
        words = (row["text"] or row["meaning"], row["at"], row["where"])
        price, room = _figure(row["price"], ",.4g"), _figure(row["room"], ",.3g")
        table.add_row(*map(Text, words), price, room)
    print_whole(console, table)
    if told.head(_MOST_RULES)["price"].isna().any():
        text = (
            "no price: not asked for, not confirmed by a plan, or a rule without a row of its own"
        )
        console.print(text, style="dim", markup=False)
    if len(binds) > min(len(told), _MOST_RULES):
        text = f"{len(binds):,} rules are at their limit: the sheet What binds has them all"
        console.print(text, style="dim", markup=False)


def _tell(row: Mapping[Any, Any]) -> str:
    return f"no plan: {row['status']}"


def _print_next(console: Console, found: Why) -> None:
    tables, table = found.tables, ScreenTable()
    given = tables["given"]
    covering = given[(given["level"] == "cover") & (given["source"] != found.rows.need.missing)]
    needs = np.array(name_needs(found, covering), dtype=object)
    table.add_column("one more of", no_wrap=True)
    for name in ("cost", "proven", "more missing"):
        table.add_column(name, justify="right")
    table.add_column("who gives most of it")
    following = tables["next"]
    for need, row in zip(name_needs(found, following), following.to_dict("records"), strict=True):
        sums: dict[str, float] = {}
        for each in covering[needs == need].to_dict("records"):
            giver = each[found.rows.party] or _meaning(tables, each["source"])
            sums[giver] = sums.get(giver, 0.0) + each["change"]
        most = sorted(sums.items(), key=lambda pair: -pair[1])[:_MOST_GIVERS]
        givers = [f"{giver} {change:+.3f}" for giver, change in most if change > 0]
        told = "" if math.isfinite(row["cost"]) else _NO_COST.get(row["status"], _tell(row))
        is_short = row["equally_secure"] is False
        ends = row["cost_least"], row["cost_most"]
        is_wide = ends[1] - ends[0] > _WIDE * max(1.0, abs(row["cost"]))
        table.add_row(
            Text(f"{need}: {row['step']:g}"),
            SHORT if is_short else _figure(row["cost"], ",.1f"),
            f"{ends[0]:,.1f} to {ends[1]:,.1f}" if is_wide and not is_short else "",
            _figure(row["missing_share"], ",.4f"),
            Text(tell_end(told or ", ".join(givers), row["audit"])),
        )
    print_whole(console, table)
    left = int(tables["next"]["status"].isin(list(_NO_COST)).sum())
    if left:
        told = f"{left:,} of {len(tables['next']):,} steps: {NOT_ASKED}"
        console.print(told, style="yellow", markup=False)
    if (tables["next"]["equally_secure"] == False).any():  # noqa: E712
        text = (
            f"{SHORT}: the step is not bought but missing, of this need or of another, so that "
            "what the money does is no price of it"
        )
        console.print(text, style="yellow", markup=False)


def _meaning(tables: Mapping[str, pd.DataFrame], source: str) -> str:
    """What a source means in words; its name where the cover does not tell."""
    cover = tables["cover"]
    told = cover.loc[cover["source"] == source, "meaning"]
    return str(told.iloc[0]) if len(told) else source


def _figure(number: float, form: str) -> str:
    if not math.isfinite(number):
        return ""
    shown = format(number, form)
    return shown if any(digit in shown for digit in "123456789") else "-"

"""What the terminal shows of a price list of rules: the dearest first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from rich.console import Console
from rich.text import Text

from cssopt.questions.rules.result import RuleVerdict
from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import print_whole, warn_not_met
from cssopt.solution.plan import Solution
from cssopt.solution.told import tell_gap
from cssopt.solution.verdicts import tell_end
from cssopt.solve.answer import NOT_ASKED, is_left

_LEFT: Final = "not asked"
_SILENT: Final = (RuleVerdict.NOTHING, RuleVerdict.NO_PLAN)


def print_rule_prices(console: Console, base: Solution, tables: Mapping[str, pd.DataFrame]) -> None:
    """A line for each rule that costs or may cost; those that cost nothing in one count."""
    warn_not_met(console, base)
    rules, together = tables["rules"], tables["together"]
    listed = rules[~rules["verdict"].isin([str(verdict) for verdict in _SILENT])]
    if len(listed):
        _print_table(console, listed, "rule", "text")
    for verdict in _SILENT:
        count = int((rules["verdict"] == str(verdict)).sum())
        if count:
            console.print(f"{count:,} of {len(rules):,} rules: {verdict}", markup=False)
    if rules.empty:
        console.print("The inputs lay down no rule.", markup=False)
    if len(together):
        console.print()
        _print_table(console, together, "lifted together", "rule")
    _print_measures(console, base, rules)


def _print_table(console: Console, rows: pd.DataFrame, head: str, column: str) -> None:
    table = ScreenTable()
    table.add_column(head)
    table.add_column("where" if "where" in rows else "rules")
    for name in ("missing share", "cost", "saved"):
        table.add_column(name, justify="right")
    table.add_column()
    for row in rows.to_dict("records"):
        verdict = RuleVerdict(row["verdict"])
        style = "" if verdict.is_sure else "yellow"
        table.add_row(
            Text(str(row[column])),
            Text(str(row.get("where", row.get("rules", "")))),
            _missing(verdict, row),
            _sure_figure(row["cost"], ",.1f", is_some=verdict is RuleVerdict.COSTS),
            _figure(row["saved"], ",.1f") + ("" if row["equally_secure"] is not False else " *"),
            Text(tell_end(_remark(verdict, row), str(row["audit"])), style=style),
        )
    print_whole(console, table)


def _remark(verdict: RuleVerdict, row: Mapping[Any, Any]) -> str:
    if verdict is RuleVerdict.NO_ANSWER and is_left(str(row["reason"])):
        return _LEFT
    if verdict is RuleVerdict.NO_ANSWER:
        return f"{verdict}: {row['reason'] or row['status']}"
    told = "" if verdict in (RuleVerdict.COSTS, RuleVerdict.SHORTFALL) else str(verdict)
    if verdict is RuleVerdict.OTHER_AIM:
        return f"{told}: {row['other_aims']}"
    return told or str(row.get("remark", ""))


def _missing(verdict: RuleVerdict, row: Mapping[Any, Any]) -> str:
    """The missing share that a rule causes; marked where it is only that of the plans found."""
    shown = _sure_figure(row["missing_share"], ",.4f", is_some=verdict is RuleVerdict.SHORTFALL)
    return f"~{shown}" if _is_of_plans(row) and shown not in ("", "-") else shown


def _is_of_plans(row: Mapping[Any, Any]) -> bool:
    return math.isfinite(row["missing_share"]) and math.isnan(row["missing_share_most"])


def _sure_figure(number: float, form: str, *, is_some: bool) -> str:
    """A figure; what is proven to be something is never shown as nothing."""
    shown = _figure(number, form)
    if shown == "-" and is_some:
        decimals = int(form.removesuffix("f").rpartition(".")[2])
        return f"< {0.5 * 10**-decimals:.{decimals + 1}f}"
    return shown


def _figure(number: float, form: str) -> str:
    """A figure; nothing where there is none, or where it rounds to 0."""
    if not math.isfinite(number):
        return ""
    shown = format(number, form)
    return shown if any(digit in shown for digit in "123456789") else "-"


def _print_measures(console: Console, base: Solution, rules: pd.DataFrame) -> None:
    text = (
        f"{base.data.horizon.money}, present value. cost: "
        "what could be saved without the rule with no more missing than in the base plan"
    )
    if any(_is_of_plans(row) and row["missing_share"] for row in rules.to_dict("records")):
        text += "; ~: of the plans found, this study does not make the missing share small"
    if (rules["equally_secure"] == False).any():  # noqa: E712
        text += "; saved: by the plan that would come without it, * not at equal security"
    if base.has_plan:
        text += f". Gap of the base plan {tell_gap(base.gap)}"
    console.print(text, style="dim", markup=False)
    left = rules["reason"].astype(str).map(is_left).astype(bool)
    if left.any():
        told = f"{int(left.sum()):,} of {len(rules):,} rules: {NOT_ASKED}"
        console.print(told, style="yellow", markup=False)
    unsure = int((~rules["sure"].astype(bool) & ~left).sum())
    if unsure:
        told = f"{unsure:,} of {len(rules):,} prices are not proven: solve closer (--gap) to tell."
        console.print(told, style="yellow", markup=False)

"""The sheets of many runs: each run a row, and those that failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from cssopt.document.document import (
    MOST_PICKED,
    Column,
    Form,
    Note,
    Sheet,
    pick_rows,
    table_of_frame,
)
from cssopt.modeling.measures import MISSING_SHARE, POOLED_EXPENDITURE, SHORTFALL
from cssopt.runs.summary import with_plan
from cssopt.solve.outcome import Status

FIGURES: Final[dict[str, Column]] = {
    column.name: column
    for column in (
        Column("threats_met", meaning="yes where no need is short by more than rounding"),
        Column(
            "objective",
            "number",
            meaning="what the study minimizes last, as it was reached",
            on_screen=False,
        ),
        Column("bound", "number", meaning="proven: no plan has less of it", on_screen=False),
        Column("gap", "tiny", meaning="how far the objective may be above the least, as a part"),
        Column(
            MISSING_SHARE,
            "factor",
            meaning="sum of the shares of needs that are missing, by priority and weight",
            on_screen=False,
        ),
        Column(SHORTFALL, "number", measure="power-years"),
        Column("audit", on_screen=False),
        Column(
            "way",
            meaning="patched: the program of an earlier run was changed in place; built: made anew",
            on_screen=False,
        ),
        Column("reason", "sentence", on_screen=False),
        Column("seconds", "seconds", on_screen=False),
    )
}
"""What is told of each run, or of each plan of many, by the names that frames have for it."""


def show_runs(
    table: pd.DataFrame,
    varied: Sequence[str],
    money: str = "million",
    name: Callable[[str], str] = str,
) -> Sheet:
    """Every run, a row each, with what was varied (columns of these names) and what came of it.

    `table` is a tidy table of runs (`cssopt.runs.table`), `money` what its money is measured in;
    `name` puts full names in place of codes, for the heads of columns.
    """
    columns = [_column(str(one), table[one], varied, money, name) for one in table]
    explanation = (
        f"Every run: what was varied, and what came of it. Money is {money}, present value. Dots "
        "part the names: cost.entry, burden.member, shortfall.threat.capability in power-years, "
        "units.member.force on average over the years."
    )
    runs = table_of_frame(
        "runs", columns, table, in_view=1 + len(varied), picked=_pick(table, varied)
    )
    return Sheet("Runs", explanation, (runs,))


def show_failed(table: pd.DataFrame, varied: Sequence[str]) -> Sheet:
    """The runs without a plan that counts, each with its reason."""
    explanation = "Runs without a plan, and why. They are left out of all means."
    failed = table[~with_plan(table)]
    if failed.empty:
        return Sheet("Failed", explanation, (Note("Every run has a plan."),))
    sentences = failed["status"].map(lambda status: Status(status).sentence)
    reason = failed["reason"].where(failed["reason"] != "", sentences)
    shown = failed[["run", *varied, "status"]].assign(reason=reason)
    columns = [_column(str(name), table[name], varied, "", str) for name in shown.columns]
    return Sheet("Failed", explanation, (table_of_frame("failed", columns, shown),))


def _column(
    name: str,
    values: pd.Series[Any],
    varied: Sequence[str],
    money: str,
    find_name: Callable[[str], str],
) -> Column:
    """The column of a figure; what was varied is shown as it was typed."""
    is_number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if name in varied:
        return Column(name, "exact" if is_number else "text", title=name)
    if name in FIGURES:
        return replace(FIGURES[name], title=name)
    if name == POOLED_EXPENDITURE:
        return Column(name, "number", title=name, measure=f"{money}, present value")
    form: Form = "number" if is_number else "text"
    _, dot, codes = name.partition(".")
    if not dot:
        return Column(name, form, title=name)
    # What such columns are measured in the explanation tells: they can be many.
    # Name by name, for a name may hold a dot itself.
    parts = codes.split(".")
    named = [find_name(part) for part in parts]
    title = name if named == parts else f"{name} ({', '.join(named)})"
    return Column(name, form, title=title, on_screen=False)


def _pick(table: pd.DataFrame, varied: Sequence[str]) -> tuple[int, ...] | None:
    """Runs that stand for all: the ends of what was varied and of the figures, those without a
    plan, and others evenly chosen; None where all of them are few."""
    count = len(table)
    if count <= MOST_PICKED:
        return None
    counted = with_plan(table).to_numpy()
    plans, ends = np.flatnonzero(counted), []
    for name in (POOLED_EXPENDITURE, SHORTFALL, *varied):
        if len(plans) and pd.api.types.is_numeric_dtype(table[name]):
            values = table[name].to_numpy()[plans]
            ends += [plans[np.argmin(values)], plans[np.argmax(values)]]
    return pick_rows(map(int, [*ends, *np.flatnonzero(~counted)]), count)

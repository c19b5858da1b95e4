"""The sheets of many runs: each run a row, and those that failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.modeling.measures import MISSING_SHARE
from cssopt.render.xlsx.head import Report
from cssopt.runs.summary import with_plan
from cssopt.solve.outcome import Status

_MOST_COLUMNS: Final = 16_384


_MOST_CELLS: Final = 1_000_000
"""Of the sheet Runs: more would take a spreadsheet minutes to open."""


_PRINT_SCALE: Final = 70


_FORMS: Final = {"gap": "tiny", MISSING_SHARE: "factor", "seconds": "seconds"}


def write_runs(report: Report, table: pd.DataFrame, varied: int) -> None:
    """Every run, a row each; columns that do not fit are named."""
    page = report.page(
        "Runs",
        "Every run: what was varied, and what came of it. Money is present value. Dots part the "
        "names: cost.entry, burden.member, shortfall.threat.capability in power-years, "
        "units.member.force on average over the years.",
    )
    room = min(_MOST_COLUMNS, max(varied + 20, _MOST_CELLS // max(1, len(table))))
    if len(table.columns) > room:
        more = len(table.columns) - room
        page.line(
            f"{more:,} further columns, from {table.columns[room]} on, would make this sheet too "
            "large; runs.parquet has them all.",
            "warn",
        )
    shown = table.iloc[:, :room]
    page.only_table(_make_grid(shown, varied), 1 + varied)
    page.sheet.set_print_scale(_PRINT_SCALE)  # not on one page, where it could not be read
    page.sheet.repeat_columns(0, varied)


def write_failed(report: Report, table: pd.DataFrame, varied: Sequence[str]) -> None:
    """The runs without a plan that counts, each with its reason."""
    page = report.page("Failed", "Runs without a plan, and why. They are left out of all means.")
    failed = table[~with_plan(table)]
    if failed.empty:
        page.line("Every run has a plan.")
        return
    sentences = failed["status"].map(lambda status: Status(status).sentence)
    reason = failed["reason"].where(failed["reason"] != "", sentences)
    shown = failed[["run", *varied, "status"]].assign(reason=reason)
    page.only_table(_make_grid(shown, len(varied)), 1)


def _make_grid(table: pd.DataFrame, varied: int) -> Grid:
    """The table as it is shown; what was varied stands behind the name, as it was typed."""
    fields = [
        _field(str(name), table[name], position in range(1, 1 + varied))
        for position, name in enumerate(table.columns)
    ]
    columns = [_cells(table[name]) for name in table.columns]
    return Grid(fields, list(zip(*columns, strict=True)))


def _field(name: str, column: pd.Series[Any], as_typed: bool) -> Field:
    if name == "reason":
        return Field(name, "sentence")
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if not is_number:
        return Field(name)
    return Field(name, "as_typed" if as_typed else _FORMS.get(name, "number"))


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Plain values; None where there is none."""
    missing = column.isna().tolist()
    return [None if gone else value for value, gone in zip(column.tolist(), missing, strict=True)]


def round_middle(middle: float | None) -> float | None:
    """The middle of a group in six digits, as far as the eye follows a chart."""
    return None if middle is None else float(f"{middle:.6g}")

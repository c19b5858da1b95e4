"""The comparison workbook: what was changed beside what it did."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from cssopt.report.atomic import replace_file
from cssopt.report.context import Report
from cssopt.report.facts import RunFacts
from cssopt.report.grid import Field, Grid
from cssopt.report.styles import NAVY
from cssopt.report.workbook import SAFE
from cssopt.solution.comparison import Comparison, burden_of
from cssopt.solution.plan import Solution

_BASE = "base"
Figures = Mapping[Any, float]


def write_comparison(path: Path, comparison: Comparison, facts: RunFacts) -> None:
    """Write base and scenarios side by side; ReportError where the file cannot be written."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, SAFE)
    report = Report.begin(book, comparison.base, None, facts)
    plans = {_BASE: comparison.base}
    plans |= {v.name: v.solution for v in comparison.variants if v.solution is not None}
    _write_overview(report, comparison)
    _write_changes(report, comparison)
    _write_table(report, "Costs", "entry", plans, lambda plan: plan.costs)
    _write_table(report, "Burden", "member", plans, burden_of)
    _write_table(report, "Units", "member force", plans, _units)
    _write_table(report, "Shortfall", "threat capability", plans, _shortfall)
    _write_table(report, "Set up", "activity", plans, _dates, "year")
    for page in report.pages.values():
        page.finish()
    book.close()
    replace_file(path, content.getvalue())


def _write_overview(report: Report, comparison: Comparison) -> None:
    page = report.page(
        "What if",
        "The base plan, whose verdict stands above, and each scenario: what it costs beside the "
        "base. Money is present value; shortfall is the plain sum in power-years.",
        NAVY,
    )
    base = comparison.base
    rows: list[list[Any]] = [_overview_row(_BASE, base, base, 0, "")]
    for variant in comparison.variants:
        changed = len(variant.touched)
        rows.append(_overview_row(variant.name, variant.solution, base, changed, variant.reason))
    fields = [
        Field("scenario"),
        Field("status"),
        Field("threats met"),
        Field("pooled expenditure", "number", 1),
        Field("difference", "number", 1),
        Field("shortfall", "number", 2),
        Field("gap", "tiny"),
        Field("cells changed", "number", 0),
        Field("reason", "sentence"),
    ]
    placed = page.table(Grid(fields, rows))
    if len(rows) > 1:
        page.gap()
        chart = report.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": "pooled expenditure",
                "categories": f"='{placed.sheet}'!{placed.cells('scenario')}",
                "values": f"='{placed.sheet}'!{placed.cells('pooled expenditure')}",
                "fill": {"color": NAVY},
            }
        )
        chart.set_title({"name": f"Pooled expenditure, {report.money}", "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        page.charts([chart], max(10, 2 * len(rows) + 6))


def _overview_row(
    name: str, plan: Solution | None, base: Solution, changed: int, reason: str
) -> list[Any]:
    if plan is None:
        return [name, "no plan", None, None, None, None, None, changed, reason]
    met = "yes" if plan.threats_met else "NO"
    difference = plan.pooled_expenditure - base.pooled_expenditure
    return [
        name, str(plan.status), met, plan.pooled_expenditure, difference, plan.shortfall, plan.gap,
        changed, plan.solved.message,
    ]  # fmt: skip


def _write_changes(report: Report, comparison: Comparison) -> None:
    page = report.page("Changes", "Every cell that a scenario changed, with its old and new value.")
    rows = [
        [variant.name, cell.step, cell.table, _key(cell.key), cell.column, _shown(cell.old),
         _shown(cell.new), variant.steps[cell.step - 1].note]
        for variant in comparison.variants
        for cell in variant.touched
    ]  # fmt: skip
    names = ("scenario", "step", "table", "row", "column", "old", "new", "note")
    if rows:
        page.only_table(Grid([Field(name) for name in names], rows))
    else:
        page.line("Nothing was changed.")


def _key(key: Any) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(_shown(part) for part in parts if part is not None)


def _shown(value: Any) -> str:
    if value is None:
        return "(blank)"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _write_table(
    report: Report,
    title: str,
    over: str,
    plans: Mapping[str, Solution],
    figures: Callable[[Solution], Figures],
    form: str = "number",
) -> None:
    """A figure by key, a column per plan; rows that are nothing everywhere are left out."""
    columns = {name: figures(plan) for name, plan in plans.items() if plan.has_plan}
    keys = dict.fromkeys(key for values in columns.values() for key in values)
    rows = []
    for key in keys:
        values = [column.get(key) for column in columns.values()]
        if any(value is not None and abs(value) > 1e-9 for value in values):
            parts = key if isinstance(key, tuple) else (key,)
            rows.append([*parts, *values])
    page = report.page(title, f"{title} of base and scenarios, side by side.")
    if not rows:
        page.line("Nothing to compare.")
        return
    fields = [Field(name) for name in over.split()] + [Field(name, form) for name in columns]
    page.only_table(Grid(fields, rows), len(over.split()))


def _units(plan: Solution) -> Figures:
    """Units held on average over the years, by member and force."""
    assert plan.quantities is not None
    settings = plan.data.settings
    years = settings.last_year - settings.first_year + 1
    sums = plan.quantities.sums("held", "member force")
    return {key: units / years for key, units in sums.items()}


def _shortfall(plan: Solution) -> Figures:
    assert plan.quantities is not None
    return plan.quantities.sums("shortfall", "threat capability")


def _dates(plan: Solution) -> Figures:
    """Year in which each activity is complete; none where it is never begun."""
    rows = plan.derived.get("set_up", [])
    dates = {row["activity"]: row["complete"] for row in rows}
    return {a: year for a, year in dates.items() if year is not None and math.isfinite(year)}

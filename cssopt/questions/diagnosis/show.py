"""The workbook of a diagnosis: what conflicts, when power is missing, and what lets a plan in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.document.run_facts import RunFacts
from cssopt.questions.diagnosis.charts import chart_expenditure, chart_missing
from cssopt.questions.diagnosis.terminal import (
    ALONE,
    MORE,
    NO_CHANGE,
    TOGETHER,
    explain_changes,
    head_of,
)
from cssopt.render.xlsx.book import write_book
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.styles import NAVY, RED
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import tell_end

_CHART_ROWS: Final = 16
_LEAST_WIDTH: Final = 1000
_ONE_PAGE: Final = 75
"""Rows that one printed page can hold and still be read."""

_MEMBERS: Final = (
    Field("conflict", "text"),
    Field("nature"),
    Field("kind"),
    Field("cell"),
    Field("what it lays down", "sentence"),
)


class ReportWithoutPlan(Report):
    """A report on inputs for which it is proven that there is no plan."""

    @property
    def verdict(self) -> str:
        """That there is no plan: the first thing that every sheet says."""
        return "NO PLAN IS POSSIBLE: needs, rules and facts conflict"


def write_diagnosis_book(
    path: Path,
    base: Solution,
    tables: Mapping[str, pd.DataFrame],
    facts: RunFacts,
    *,
    more: bool,
    undecided: int,
) -> None:
    """Write a diagnosis to an .xlsx file.

    `tables` are those of the diagnosis; `more` is True where further conflicts were not looked
    for, `undecided` the number of checks that a limit ended. Raises ReportError where the file
    cannot be written; an earlier one is then intact.
    """
    with write_book(path, base, None, facts, ReportWithoutPlan) as report:
        page = report.page(
            "Diagnosis",
            "The smallest sets of needs, rules and facts that no plan can keep: without any one of "
            "its members there would be one, were nothing else in force. Every answer was solved.",
            RED,
        )
        missing = _write_missing(report, tables["missing"])
        plans = _write_relaxations(report, tables["relaxations"])
        _write_changes(report, tables["changes"])
        _write_checks(report, tables["checks"])
        _write_conflicts(page, tables)
        if more:
            page.line(MORE, "warn")
            page.gap()
        if undecided:
            page.line(
                f"{undecided:,} of {len(tables['checks']):,} checks ended at a limit and prove "
                "nothing: there may be smaller conflicts and smaller changes.",
                "warn",
            )
            page.gap()
        _write_ways(page, tables["relaxations"], tables["changes"])
        charts = [chart_missing(report, *missing)] if missing is not None else []
        charts += [chart_expenditure(report, plans)] if plans is not None else []
        if charts:
            page.charts(charts, _CHART_ROWS, _LEAST_WIDTH)
        if page.row <= _ONE_PAGE:
            page.sheet.fit_to_pages(1, 1)


def _write_conflicts(page: Page, tables: Mapping[str, pd.DataFrame]) -> None:
    """Each conflict: its members with their cells, and what else is to be said of it."""
    conflicts, notes = tables["conflicts"], tables["notes"]
    for number in dict.fromkeys([*conflicts["conflict"], *notes["conflict"]]):
        own = conflicts[conflicts["conflict"] == number]
        if len(own):
            page.line(f"{number}. {head_of(own)}", "section")
            rows = own[["conflict", "nature", "kind", "where", "rule"]].to_numpy().tolist()
            page.table(Grid(_MEMBERS, rows))
        for note in notes.loc[notes["conflict"] == number, "note"]:
            page.line(note, "explanation")
        page.gap()


def _write_ways(page: Page, relaxations: pd.DataFrame, changes: pd.DataFrame) -> None:
    """The changes that make a plan possible, those that are enough alone first."""
    confirmed = relaxations[relaxations["confirmed"].astype(bool)]
    if confirmed.empty:
        page.line(NO_CHANGE, "warn")
        page.gap()
        return
    told = changes.merge(
        confirmed[["relaxation", "way", "pooled_expenditure", "status", "gap"]], on="relaxation"
    )
    alone = told[told["way"] == "alone"]
    if len(alone):
        page.line(ALONE, "section")
        _write_change_table(page, alone)
    for number in dict.fromkeys(told.loc[told["way"] == "together", "relaxation"]):
        page.line(TOGETHER, "section")
        own = told[told["relaxation"] == number].copy()
        own.loc[own.index[1:], ["pooled_expenditure", "status", "gap"]] = None
        _write_change_table(page, own)
    page.line(explain_changes(confirmed), "explanation")
    page.gap()


def _write_change_table(page: Page, changes: pd.DataFrame) -> None:
    fields = [
        Field("relaxation", "text"),
        Field("nature"),
        Field("kind"),
        Field("cell"),
        Field("change", "sentence"),
        Field("pooled expenditure", "number", 1),
        Field("status"),
        Field("gap", "tiny"),
    ]
    columns = ["relaxation", "nature", "kind", "where", "change", "pooled_expenditure", "status",
               "gap"]  # fmt: skip
    page.table(Grid(fields, _rows(changes, columns)))
    page.gap()


def _write_missing(report: Report, missing: pd.DataFrame) -> tuple[Placed, Sequence[str]] | None:
    """When power is missing at the least; the table behind the chart, and its needs."""
    if missing.empty:
        return None
    page = report.page(
        "Missing power",
        "For each conflict, the plan that misses the least of its needs where nothing but the "
        "conflict is in force: so much is missing whatever else gives way.",
    )
    fields = [
        Field("conflict", "number", 0),
        Field("cell"),
        Field("need", "sentence"),
        Field("year", "year"),
        Field("asked", "number"),
        Field("missing", "number"),
        Field("missing share", "share"),
    ]
    columns = ["conflict", "where", "need", "year", "asked", "missing", "missing_share"]
    page.table(Grid(fields, _rows(missing, columns)))
    page.gap()
    page.line("Missing shares by year", "section")
    needs = list(dict.fromkeys(missing["need"]))
    years = range(min(missing["year"].tolist()), max(missing["year"].tolist()) + 1)
    share = {(row["need"], row["year"]): row["missing_share"] for row in missing.to_dict("records")}
    rows = [[year, *(share.get((need, year), 0.0) for need in needs)] for year in years]
    grid = Grid([Field("year", "year"), *(Field(need, "share") for need in needs)], rows)
    return page.table(grid), needs


def _write_relaxations(report: Report, relaxations: pd.DataFrame) -> Placed | None:
    """Every relaxation with its plan; None where none was confirmed."""
    page = report.page(
        "Relaxations",
        "Changes that let a plan in, each confirmed by a solve of the study: fewest changes first, "
        "then those without facts, then the least expenditure.",
    )
    if relaxations.empty:
        page.line(NO_CHANGE)
        return None
    fields = [
        Field("relaxation", "text"),
        Field("enough"),
        Field("changes", "number", 0),
        Field("natures"),
        Field("what", "sentence"),
        Field("status"),
        Field("gap", "tiny"),
        Field("pooled expenditure", "number", 1),
        Field("reason", "sentence"),
    ]
    columns = ["relaxation", "way", "changes", "natures", "what", "status", "gap",
               "pooled_expenditure", "reason"]  # fmt: skip
    ends = list(map(tell_end, relaxations["status"], relaxations["audit"]))
    placed = page.table(Grid(fields, _rows(relaxations.assign(status=ends), columns)))
    return placed if relaxations["confirmed"].any() else None


def _write_changes(report: Report, changes: pd.DataFrame) -> None:
    page = report.page(
        "Changes", "Every changed cell, and the option that makes the change in `cssopt whatif`."
    )
    if changes.empty:
        page.line(NO_CHANGE)
        return
    fields = [
        Field("relaxation", "text"),
        Field("nature"),
        Field("kind"),
        Field("cell"),
        Field("change", "sentence"),
        Field("instead of", "sentence"),
        Field("--set", "sentence"),
    ]
    columns = ["relaxation", "nature", "kind", "where", "change", "rule", "set"]
    page.only_table(Grid(fields, _rows(changes, columns)))


def _write_checks(report: Report, checks: pd.DataFrame) -> None:
    page = report.page(
        "Checks",
        "Every solve that asked only whether there is a plan, in order. fractions: a plan with "
        "fractions for whole numbers would do, so that only its absence proves anything.",
        NAVY,
    )
    forms: dict[str, tuple[Any, ...]] = {
        "check": ("text",), "about": ("sentence",), "message": ("sentence",),
        "changes": ("number", 0), "rows": ("number", 0), "columns": ("number", 0),
        "seconds": ("seconds",),
    }  # fmt: skip
    names = list(map(str, checks.columns))
    fields = [Field(name.replace("_", " "), *forms.get(name, ())) for name in names]
    page.only_table(Grid(fields, _rows(checks, names)))


def _rows(table: pd.DataFrame, columns: Sequence[str]) -> list[list[Any]]:
    """Plain values; None where there is none."""
    shown = table[list(columns)].astype(object)
    rows: list[list[Any]] = shown.where(shown.notna(), None).to_numpy().tolist()
    return rows

"""The sheet Summary: what a minister reads. Money and shortfall are never added up."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from cssopt.document.grid import Field, Grid, ratio
from cssopt.questions.plan.coverage_sheets import COVERAGE
from cssopt.render.terminal import MISSING_SHARE_SAYS, format_percent, saving_remarks, say_proof
from cssopt.render.xlsx.charts import chart_coverage, chart_outlays
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import MET, Solution
from cssopt.solution.told import NO_DIFFERENCE, NOT_KNOWN

_PENALTY = "_penalty"
"""Part of the name of a stage that minimizes more than money."""

_CHART_ROWS = 17
_ONE_PAGE = 75
"""Rows that one printed page can hold and still be read."""


def write_summary(report: Report, page: Page, outlays: Placed | None) -> None:
    """Status, money, security and the comparison with standing alone.

    It is the first sheet but written last: its charts show cells of the others.
    """
    _write_warnings(report, page)
    _write_status(report, page)
    if not report.solution.has_plan:
        return
    _write_money(report, page)
    _write_concessions(report, page)
    _write_members(report, page)
    coverage = _write_capabilities(report, page)
    page.gap()
    charts = []
    if outlays is not None:
        charts.append(chart_outlays(report, outlays))
    if coverage is not None:
        charts.append(chart_coverage(report, coverage))
    page.charts(charts, _CHART_ROWS)
    if page.row <= _ONE_PAGE:
        page.sheet.fit_to_pages(1, 1)


def _write_warnings(report: Report, page: Page) -> None:
    warnings = list(_warnings(report.solution))
    for trait, text in warnings:
        page.line(text, trait)
    if warnings:
        page.gap()


def _warnings(solution: Solution) -> Iterator[tuple[str, str]]:
    """What must be known before any figure is used."""
    audit = solution.audit
    if audit is not None and audit.not_audited:
        yield "warn", f"NOT AUDITED: {', '.join(audit.not_audited)}."
    if solution.study.relaxed:
        yield (
            "warn",
            "Whole numbers are relaxed: units, lines and fleets may be fractions, so the "
            "expenditure is a lower bound and the plan is none to carry out.",
        )
    if solution.has_plan and _priced(solution):
        settings = solution.data.settings
        price = f"{settings.shortfall_penalty:,} million {settings.currency}"
        yield (
            "warn",
            f"Shortfall could be bought off: the workbook's shortfall_penalty prices it at {price} "
            "per unit of power and year, so a need that would cost more stays short.",
        )


def _priced(solution: Solution) -> bool:
    return any(_PENALTY in stage.name for stage in solution.solved.stages)


def _write_status(report: Report, page: Page) -> None:
    solution, solved = report.solution, report.solution.solved
    objective = solution.study.objective
    page.pair("status", str(solution.status), solution.sentence, "bold")
    if solved.message:
        page.line(solved.message.strip(), "warn")
    page.pair("objective", objective.name, objective.doc.strip().splitlines()[0])
    if not solution.has_plan:
        return
    if _priced(solution):
        page.pair("proven bound", "see Run", "It is of money and priced shortfall together.")
    else:
        page.pair("proven bound", solution.bound, report.money, "number2")
    remark = "largest share by which another plan could be better"
    page.pair("gap", solution.gap, remark, "tiny")
    page.gap()


def _write_money(report: Report, page: Page) -> None:
    solution, quantities = report.solution, report.solution.quantities
    page.line("Expenditure", "section")
    remark = f"{report.money}, present value in {report.years[0]}"
    page.pair("pooled expenditure", solution.pooled_expenditure, remark, "bold", "number1")
    for entry, value in sorted(solution.costs.items(), key=lambda item: -item[1]):
        if abs(value) >= 1e-6:
            remark = "present value" if value > 0 else "present value, deducted"
            page.pair(f"    {entry.replace('_', ' ')}", value, remark, "number1")
    if quantities is not None:
        remark = report.money
        page.pair(
            "pooled expenditure, undiscounted",
            math.fsum(quantities.costs.values()),
            remark,
            "number1",
        )
    page.gap()


def _write_concessions(report: Report, page: Page) -> None:
    """What the last crumbs of security cost."""
    concessions = report.solution.concessions
    if not concessions:
        return
    page.line("What giving up a little security would save", "section")
    page.line(
        f"Needs are short. The missing share is {MISSING_SHARE_SAYS}: it is no percentage, and can "
        "be more than 1. Security comes before money, so the least missing share that can be "
        "reached is kept, however dear its last part is. Each row is a whole plan of its own in "
        "which so much more may be missing.",
    )
    chosen = next((one for one in concessions if one.chosen), None)
    if chosen is not None:
        page.line(
            f"This plan gives up {format_percent(chosen.share)} of the least missing share "
            "(shortfall_tolerance): it is not the most secure one. Less than 0 in the table: that "
            "plan costs so much more.",
            "warn",
        )
    rows = [
        [
            one.share or "nothing",
            one.most,
            one.value if one.is_known else NOT_KNOWN,
            one.saves if one.is_known else NOT_KNOWN,
            "this plan" if one.chosen else say_proof(one),
        ]
        for one in concessions
    ]
    is_fine = any(abs(1e3 * one.share - round(1e3 * one.share)) > 1e-6 for one in concessions)
    fields = [
        Field("above the least missing share by", "fine_share" if is_fine else "share"),
        Field("missing share at most", "number", 4),
        Field("pooled expenditure", "number", 1),
        Field("saves against this plan", "number", 1),
        Field("status"),
    ]
    page.table(Grid(fields, rows))
    page.gap()


def _write_members(report: Report, page: Page) -> None:
    solution, baseline = report.solution, report.baseline
    page.line("Members alone and together", "section")
    if baseline is None:
        page.line("Standing alone was not worked out in this run.")
        page.gap()
        return
    rows = [_member_row(report, baseline, member) for member in solution.coalition]
    everyone = all(plan.has_plan for plan in baseline.alone.values())
    fields = [
        Field("member name"),
        Field("member"),
        Field("expenditure alone", "number", total=everyone),
        Field("shortfall alone", "number"),
        Field("most of a need missing alone", "share"),
        Field("burden", "number", total=True),
    ]
    page.table(Grid(fields, rows))
    page.gap()
    _write_saving(report, page, baseline)


def _member_row(report: Report, baseline: Baseline, member: str) -> list[Any]:
    quantities, alone = report.solution.quantities, baseline.alone[member]
    worst = worst_missing_share(alone)
    burden = quantities.burden.get(member, math.nan) if quantities is not None else math.nan
    return [
        report.names.get("member", {}).get(member, ""),
        member,
        alone.pooled_expenditure,
        0.0 if worst == 0 else alone.shortfall,
        worst,
        burden,
    ]


def worst_missing_share(solution: Solution) -> float:
    """Largest share of any need that is missing; 0 where all are met, nan without a plan."""
    if solution.quantities is None:
        return math.nan
    need = solution.quantities.need
    shares = (
        short / need[key]
        for key, short in solution.quantities.shortfall.items()
        if need.get(key, 0.0) > 0
    )
    worst = max(shares, default=0.0)
    return worst if worst > MET else 0.0


def _write_saving(report: Report, page: Page, baseline: Baseline) -> None:
    if len(baseline.alone) < 2:
        page.line("A coalition of one: there is nothing to compare it with.")
    elif math.isnan(baseline.saving):
        page.line(
            f"No saving can be stated: {baseline.why_unstated or 'a plan is missing'}.", "warn"
        )
    else:
        further = baseline.further_security(report.solution)
        page.pair(
            "saving at equal security",
            baseline.saving,
            f"{report.money}: all members alone, less the coalition with no more shortfall",
            "bold",
            "number1",
        )
        page.pair(
            "further security costs",
            further if math.isfinite(further) else NO_DIFFERENCE,
            f"{report.money}: this plan, less the coalition at equal security",
            "number1",
        )
        even = baseline.break_even or "not within the plan"
        remark = "first year from which on it has spent no more than its members alone"
        page.pair("break-even at equal security", even, remark, "year_of_pair")
        for remark in saving_remarks(baseline):
            page.line(remark, "warn")
    page.gap()


def _write_capabilities(report: Report, page: Page) -> Placed | None:
    page.line("Security by capability (sums over threats, days and years)", "section")
    sums: dict[str, dict[str, float]] = {}
    for row in report.solution.derived.get(COVERAGE, []):
        own = sums.setdefault(row["capability"], {"worst": 0.0})
        short = row["missing_share"] > MET
        for column in ("need", "own", "delegated", "shortfall"):
            counts = short or column != "shortfall"
            own[column] = own.get(column, 0.0) + (row[column] if counts else 0.0)
        own["worst"] = max(own["worst"], row["missing_share"] if short else 0.0)
    if not sums:
        page.line("No power is needed.")
        return None
    capabilities = report.solution.data.capabilities
    rows = [
        [
            report.names.get("capability", {}).get(c, c),
            c,
            capabilities.measure[c],
            own["need"],
            own["own"],
            own["delegated"],
            own["shortfall"],
            ratio(own["shortfall"], own["need"]),
            own["worst"],
        ]
        for c, own in sums.items()
    ]
    fields = [
        Field("capability name"),
        Field("capability"),
        Field("measure"),
        *(Field(name, "number") for name in ("need", "own", "delegated", "shortfall")),
        Field("share of need missing", "share"),
        Field("most of a need missing", "share"),
    ]
    marks = {(i, n): "short" for i, row in enumerate(rows) if row[-1] > MET for n in (6, 7, 8)}
    return page.table(Grid(fields, rows, marks))

"""The sheet Summary: what a minister reads. Money and shortfall are never added up."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from cssopt.document.grid import Field, Grid
from cssopt.render.terminal import MISSING_SHARE_SAYS, format_percent, saving_remarks, say_proof
from cssopt.render.xlsx.charts import FONT, QUIET, set_bar_axes, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.styles import RED, RULE, SERIES
from cssopt.solution.baseline import Baseline
from cssopt.solution.figures import Figures
from cssopt.solution.missing import find_measures, missing_share
from cssopt.solution.plain import ratio
from cssopt.solution.plan import Solution
from cssopt.solution.told import NO_DIFFERENCE, NOT_KNOWN

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
        charts.append(_chart_outlays(report, outlays))
    if coverage is not None:
        charts.append(_chart_coverage(report, coverage))
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
    if solution.has_plan and (price := _find_price(solution)):
        yield (
            "warn",
            f"Shortfall could be bought off: the workbook's {price} per unit of power and year, so "
            "a need that would cost more stays short.",
        )


def _find_price(solution: Solution) -> str:
    """The setting that prices what is missing, and its price, where a stage minimizes that beside
    money; empty where none does."""
    need = solution.study.require_need()
    stages = solution.solved.stages
    if need.price is None or not any(need.priced_stages in stage.name for stage in stages):
        return ""
    table, setting = need.price
    price = solution.data.tables[table].columns[setting][None]
    return f"{setting} prices it at {price:,} million {solution.data.horizon.currency}"


def _write_status(report: Report, page: Page) -> None:
    solution, solved = report.solution, report.solution.solved
    objective = solution.study.objective
    page.pair("status", str(solution.status), solution.sentence, "bold")
    if solved.message:
        page.line(solved.message.strip(), "warn")
    page.pair("objective", objective.name, objective.doc.strip().splitlines()[0])
    if not solution.has_plan:
        return
    if _find_price(solution):
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
    burdens = Figures.of(solution.study).burden.amounts(solution)
    rows = [
        _member_row(report, baseline.alone[member], member, burdens.get((member,), math.nan))
        for member in solution.coalition
    ]
    party = solution.data.party_index
    everyone = all(plan.has_plan for plan in baseline.alone.values())
    fields = [
        Field(f"{party} name"),
        Field(party),
        Field("expenditure alone", "number", total=everyone),
        Field("shortfall alone", "number"),
        Field("most of a need missing alone", "share"),
        Field("burden", "number", total=True),
    ]
    page.table(Grid(fields, rows))
    page.gap()
    _write_saving(report, page, baseline)


def _member_row(report: Report, alone: Solution, member: str, burden: float) -> list[Any]:
    worst = alone.worst_missing_share
    return [
        report.party_names.get(member, ""),
        member,
        alone.pooled_expenditure,
        0.0 if worst == 0 else alone.shortfall,
        worst,
        burden,
    ]


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
    solution, need = report.solution, report.solution.study.require_need()
    kind, parts = need.kind, need.parts
    asked, missing = parts[0], parts[-1]
    page.line(f"Security by {kind} (sums over threats, days and years)", "section")
    sums: dict[str, dict[str, float]] = {}
    worst: dict[str, float] = {}
    for row in solution.derived.get(need.coverage, []):
        own = sums.setdefault(row[kind], dict.fromkeys(parts, 0.0))
        share = missing_share(row[missing], row[asked])
        for part in parts:
            own[part] += row[part] if share or part != missing else 0.0
        worst[row[kind]] = max(worst.get(row[kind], 0.0), share)
    if not sums:
        page.line("No power is needed.")
        return None
    measures, names = find_measures(solution.data, need), report.names.get(kind, {})
    rows = [
        [
            names.get(code, code),
            code,
            measures[code],
            *own.values(),
            ratio(own[missing], own[asked]),
            worst[code],
        ]
        for code, own in sums.items()
    ]
    fields = [
        Field(f"{kind} name"),
        Field(kind),
        Field("measure"),
        *(Field(part, "number") for part in parts),
        Field("share of need missing", "share"),
        Field("most of a need missing", "share"),
    ]
    last = len(fields) - 1
    marks = {
        (i, column): "short"
        for i, code in enumerate(sums)
        if worst[code]
        for column in range(last - 2, last + 1)
    }
    return page.table(Grid(fields, rows, marks))


def _chart_outlays(report: Report, outlays: Placed) -> Any:
    """What each member pays, by year, stacked."""
    chart = report.book.add_chart({"type": "column", "subtype": "stacked"})
    left, right = (outlays.columns[str(year)] for year in (report.years[0], report.years[-1]))
    for position, row in enumerate(range(outlays.first, outlays.last + 1)):
        chart.add_series(
            {
                "name": [outlays.sheet, row, 0],
                "categories": [outlays.sheet, outlays.first - 1, left, outlays.first - 1, right],
                "values": [outlays.sheet, row, left, row, right],
                "fill": {"color": SERIES[position % len(SERIES)]},
                "gap": 60,
            }
        )
    chart.set_x_axis({"num_font": FONT, "line": {"color": RULE}})
    chart.set_y_axis({"num_format": "#,##0", **QUIET})
    currency = report.solution.data.horizon.currency
    return with_title(chart, f"What each member pays, million {currency} a year, salvage apart")


def _chart_coverage(report: Report, coverage: Placed) -> Any:
    """Shares of the need that each of the parts covers, and the last, which is missing."""
    chart = report.book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    need = report.solution.study.require_need()
    parts = need.parts[1:]
    for number, column in enumerate(parts):
        color = RED if column == parts[-1] else SERIES[number % len(SERIES)]
        place = coverage.columns[column]
        chart.add_series(
            {
                "name": column,
                "categories": [coverage.sheet, coverage.first, 0, coverage.last, 0],
                "values": [coverage.sheet, coverage.first, place, coverage.last, place],
                "fill": {"color": color},
                "gap": 60,
            }
        )
    set_bar_axes(chart, "0%")
    return with_title(chart, f"How far the needs are covered, by {need.kind}")

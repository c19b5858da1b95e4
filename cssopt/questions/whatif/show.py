"""The comparison workbook: what was changed beside what it did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cssopt.document.grid import Field, Grid, index_cells, index_fields
from cssopt.document.run_facts import RunFacts
from cssopt.names import YEAR, key_parts
from cssopt.questions.whatif.result import Comparison, Variant
from cssopt.questions.whatif.tables import BASE, FigureBlock, PlacedFigure, Sides, write_sides
from cssopt.render.xlsx.book import ReportOnBase, write_book
from cssopt.render.xlsx.charts import chart_bars, set_bar_axes, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page
from cssopt.render.xlsx.styles import NAVY, RED, SERIES
from cssopt.solution.leaving import find_remaining
from cssopt.solution.plain import plain_value, ratio
from cssopt.solution.plan import Solution
from cssopt.solution.told import NO_DIFFERENCE, is_told
from cssopt.solution.verdicts import tell_verdict
from cssopt.tables.changes import write_change

_SUMS = "power-years, sums over days and years"
_STEPS_TOLD = 3
_MONEY = "pooled expenditure (million {}, present value)"
_SHORT = "shortfall (power-years, plain sum)"
_PENALTY_SAYS = "persistence penalty (a weight, not money)"
_LEAST_ROWS = 15
_AROUND_BARS = 8
"""Rows of a chart: at least, and above one per bar for its title, axis and legend."""
_ONE_PAGE = 75
"""Rows that one printed page can hold and still be read."""
_NO_PLAN = "no plan"
BLANK = "(blank)"
"""How a cell without a value is shown."""
LEAVES = "(leaves the coalition)"
"""What a member that leaves has in place of its name."""
_IN_VIEW = 1


def write_comparison(path: Path, comparison: Comparison, facts: RunFacts) -> None:
    """Write base and scenarios side by side; ReportError where the file cannot be written."""
    with write_book(path, comparison.base, None, facts, ReportOnBase) as report:
        overview = report.page(
            "What if",
            "What each scenario changed, and what it did beside the base plan. The sheets after "
            "this one tell it cell by cell.",
            NAVY,
        )
        _write_changes(report, comparison)
        burdens = _write_figures(report, comparison)
        _write_overview(report, overview, comparison, burdens)


def _write_figures(report: Report, comparison: Comparison) -> PlacedFigure | None:
    """The sheets of figures, in their order; gives the place of the burdens."""
    sides, money = Sides.of(comparison), f"present value, {report.money}"
    figures, party = comparison.figures, report.solution.data.party_index
    for block in (
        FigureBlock("Costs", figures.costs, f"Costs by entry: {money}", total=True),
        FigureBlock("Costs by bearer", figures.costs_by_bearer, f"Costs: {money}", total=True),
    ):
        write_sides(report, sides, block, "They add up to the pooled expenditure.")
    burdens = write_sides(
        report,
        sides,
        FigureBlock("Burden", figures.burden, f"Burden by {party}: {money}", total=True),
        "What each member pays in the end: its own costs and its share of the common ones.",
    )
    units = FigureBlock("Units", figures.units, "Units held, mean of all years")
    write_sides(report, sides, units, "The sheet Moved tells them year by year.")
    _write_moves(report, comparison)
    heading = "Share of the need that is covered, on the worst day of the worst year"
    write_sides(
        report, sides, FigureBlock("Covered share", figures.covered_share, heading, "share")
    )
    heading = f"Power needed, own, delegated and short: {_SUMS}"
    write_sides(report, sides, FigureBlock("Coverage", figures.coverage, heading, measured=True))
    short = FigureBlock("Shortfall", figures.shortfalls, f"Power missing: {_SUMS}", measured=True)
    write_sides(report, sides, short, "Shortfall and money are never added up.")
    for dates in figures.milestones:
        title = dates.name.replace("_", " ").capitalize()
        write_sides(report, sides, FigureBlock(title, dates, dates.says, "year"))
    return burdens


def _write_overview(
    report: Report, page: Page, comparison: Comparison, burdens: PlacedFigure | None
) -> None:
    """One row per plan, how each was found, and the charts.

    It is the first sheet but written last: its charts show cells of the others.
    """
    money = _MONEY.format(report.solution.data.horizon.currency)
    page.line("What was changed, and what it did", "section")
    page.freeze(page.row + 1, 1)
    rows = [_base_row(comparison)]
    rows += [_row(comparison, variant) for variant in comparison.variants]
    fields = _fields(money)
    marks = {
        (i, fields.index(field)): "short"
        for i, row in enumerate(rows)
        for field in fields
        if field.name == "threats met" and row[fields.index(field)] == "NO"
    }
    placed = page.table(Grid(fields, rows, marks))
    page.gap()
    _write_remaining(page, comparison)
    page.line("How each plan was found", "section")
    _write_proofs(page, comparison)
    page.gap()
    charts = [chart_bars(report, placed, money, f"Pooled expenditure, {report.money}", NAVY)]
    charts.append(chart_bars(report, placed, _SHORT, "Shortfall, power-years (no money)", RED))
    if burdens is not None:
        charts.append(_chart_burdens(report, burdens))
    page.charts(charts, max(_LEAST_ROWS, len(rows) + _AROUND_BARS))
    if page.row <= _ONE_PAGE:
        page.sheet.fit_to_pages(1, 1)


def _fields(money: str) -> list[Field]:
    return [
        Field("scenario"),
        Field("what was changed", "sentence"),
        Field("cells changed", "number", 0),
        Field("status"),
        Field("threats met"),
        Field(money, "number", 1),
        Field("difference (million)", "number", 1),
        Field("difference (share)", "share"),
        Field(_SHORT, "number", 2),
        Field("difference (power-years)", "number", 2),
        Field("least share of a need covered", "share"),
        Field("units moved (unit-years)", "number", 2),
        Field("in words: what must be known, and the largest changes", "sentence"),
    ]


def _base_row(comparison: Comparison) -> list[Any]:
    base = comparison.base
    money, short = [None, None], [None]
    figures = _figures(comparison, base, money, short)
    return [BASE, "nothing: the inputs as they are", None, *figures, None, base.solved.message]


def _row(comparison: Comparison, variant: Variant) -> list[Any]:
    base, plan = comparison.base, variant.solution
    head = [variant.name, _told(variant), variant.changed_cells]
    remarks = " ".join(comparison.remarks(variant))
    if plan is None or not plan.has_plan:
        status = _NO_PLAN if plan is None else str(plan.status)
        return [*head, status, "NO", *[None] * 7, remarks]
    told = is_told(plan, base)
    more = plan.pooled_expenditure - base.pooled_expenditure
    money = [more, ratio(more, base.pooled_expenditure)] if told else [NO_DIFFERENCE, None]
    short = plan.shortfall - base.shortfall if told else None
    figures = _figures(comparison, plan, money, [short])
    moved = sum(abs(move.difference) for move in comparison.moves(variant))
    largest = "; ".join(_largest(comparison, plan)) if told else ""
    return [*head, *figures, moved, f"{remarks} {largest}".strip()]


def _figures(
    comparison: Comparison, plan: Solution, money: list[Any], short: list[Any]
) -> list[Any]:
    """Status, security and money of a plan, with what it has more than the base."""
    covered = min(comparison.figures.covered_share.amounts(plan).values(), default=None)
    return [
        str(plan.status), "yes" if plan.threats_met else "NO", plan.pooled_expenditure, *money,
        plan.shortfall, *short, covered,
    ]  # fmt: skip


def _told(variant: Variant) -> str:
    """The notes of the steps, and the steps themselves as they are written."""
    notes = dict.fromkeys(step.note for step in variant.steps if step.note)
    steps = [write_change(step) for step in variant.steps]
    if len(steps) > _STEPS_TOLD:
        steps[_STEPS_TOLD:] = [f"and {len(steps) - _STEPS_TOLD} more steps, see Changes"]
    nothing = ["NOTHING"] if variant.changed_nothing else []
    return ": ".join([*nothing, *(["; ".join(notes)] if notes else []), "; ".join(steps)])


def _largest(comparison: Comparison, plan: Solution) -> Iterator[str]:
    """The entry, the burden and the units that changed most, each with its difference."""
    figures = comparison.figures
    for figure, words, form, measure in (
        (figures.costs, "", "+,.1f", "million"),
        (figures.burden, "burden of ", "+,.1f", "million"),
        (figures.units, "", "+,.2f", "units"),
    ):
        differences = figure.differences(comparison.base, plan)
        if differences:
            key = max(differences, key=lambda key: abs(differences[key]))
            yield f"{words}{' '.join(key)} {differences[key]:{form}} {measure}"


def _write_remaining(page: Page, comparison: Comparison) -> None:
    """Where members leave, the base's figures for those who remain beside the scenario's."""
    found = [(v.name, find_remaining(comparison.base, v.solution)) for v in comparison.variants]
    rows = [
        [name, ", ".join(r.left), ", ".join(r.members), *map(plain_value, (r.base_burden, r.burden,
         r.base_shortfall, r.shortfall)), ", ".join(r.not_counted)]
        for name, r in found
        if r is not None
    ]  # fmt: skip
    if not rows:
        return
    page.line("Where members leave: the base for those who remain", "section")
    page.line(
        "Needs of members that leave are no longer counted. What the remaining members bear in the "
        "base plan stands beside what they bear in the scenario; the sheets Burden and Units tell "
        "it member by member. Shortfall: of the needs that are counted in both plans."
    )
    fields = [
        Field("scenario"),
        Field("leaves"),
        Field("remaining members"),
        Field("they bear in the base (million, present value)", "number", 1),
        Field("they bear here (million, present value)", "number", 1),
        Field("short in the base (power-years)", "number", 2),
        Field("short here (power-years)", "number", 2),
        Field("threats of which no need is left"),
    ]
    page.table(Grid(fields, rows))
    page.gap()


def _write_proofs(page: Page, comparison: Comparison) -> None:
    """Status, objective, bound and gap of every plan."""
    plans = [(BASE, comparison.base), *((v.name, v.solution) for v in comparison.variants)]
    penalties = [None if plan is None else plan.penalty for _, plan in plans]
    weighed = any(penalty is not None for penalty in penalties)
    fields = [
        Field("scenario"),
        Field("objective of the study"),
        Field("gap", "tiny"),
        Field("status"),
        Field("audit"),
        Field("objective reached", "number"),
        Field("proven bound", "number"),
        *([Field(_PENALTY_SAYS, "number")] if weighed else []),
    ]
    rows = [
        [name, *_proof(plan), *([penalty] if weighed else [])]
        for (name, plan), penalty in zip(plans, penalties, strict=True)
    ]
    page.table(Grid(fields, rows))
    if weighed:
        page.line(
            "The penalty weighs units that moved against the base plan. It is part of the "
            "objective, no cost, and never added to the expenditure."
        )


def _proof(plan: Solution | None) -> list[Any]:
    if plan is None:
        return ["", None, _NO_PLAN, "", None, None]
    passed = tell_verdict(plan.verdict) if plan.has_plan else ""
    stage = plan.solved.stages[-1].name if plan.solved.stages else plan.study.objective.name
    figures = [plan.objective, plan.bound] if plan.has_plan else [None, None]
    gap = plan.gap if plan.has_plan else None
    return [stage, gap, str(plan.status), passed, *figures]


def _write_changes(report: Report, comparison: Comparison) -> None:
    """Every cell that a scenario changed, with its old and new value."""
    page = report.page("Changes", "Every input cell that a scenario changed: old and new value.")
    for variant in comparison.variants:
        if variant.changed_nothing:
            page.line(f"{variant.name}: nothing was changed.", "warn")
    rows = [row for variant in comparison.variants for row in _changes(comparison, variant)]
    names = ("scenario", "step", "table", "row", "column", "old", "new", "measure")
    fields = [*(Field(name) for name in names), Field("note", "sentence")]
    if rows:
        page.only_table(Grid(fields, rows), _IN_VIEW)
    else:
        page.line("No cell was changed.")


def _changes(comparison: Comparison, variant: Variant) -> list[list[Any]]:
    rows = []
    for cell in variant.changes:
        spec = comparison.base.data.book.tables[cell.table].spec
        leaves = spec.parties and cell.column in spec.key and cell.new is None
        new = LEAVES if leaves else _shown(cell.new)
        rows.append(
            [variant.name, cell.step, cell.table, _key(cell.key), cell.column, _shown(cell.old),
             new, spec.column(cell.column).measure, variant.steps[cell.step - 1].note]
        )  # fmt: skip
    return rows


def _key(key: Any) -> str:
    parts = key_parts(key)
    return ", ".join(
        f"{part:g}" if isinstance(part, float) else str(part) for part in parts if part is not None
    )


def _shown(value: Any) -> Any:
    if value is None:
        return BLANK
    return str(value).upper() if isinstance(value, bool) else value


def _write_moves(report: Report, comparison: Comparison) -> None:
    """The change log: units by member, force and year that differ from the base plan."""
    page = report.page(
        "Moved",
        "Units held that differ from the base plan, year by year: what moved. 0 units also stands "
        "for a member that has left.",
    )
    indices = comparison.moving
    rows = [
        [variant.name, *index_cells(indices, move.key, report.names),
         move.year, move.base, move.new, move.difference]
        for variant in comparison.variants
        for move in comparison.moves(variant)
    ]  # fmt: skip
    fields = [
        Field("scenario"),
        *index_fields(indices, report.names),
        Field(YEAR, "year"),
        *(Field(name, "number") for name in ("base (units)", "new (units)", "difference (units)")),
    ]
    if rows:
        page.only_table(Grid(fields, rows), _IN_VIEW)
    else:
        page.line("No unit moved.")


def _chart_burdens(report: Report, burdens: PlacedFigure) -> Any:
    """One bar per plan: the burdens of the members, stacked; they add up to the expenditure."""
    chart = report.book.add_chart({"type": "bar", "subtype": "stacked"})
    (first, last), (left, right) = burdens.rows, burdens.columns
    for position, row in enumerate(range(first, last + 1)):
        chart.add_series(
            {
                "name": [burdens.sheet, row, 0],
                "categories": [burdens.sheet, first - 1, left, first - 1, right],
                "values": [burdens.sheet, row, left, row, right],
                "fill": {"color": SERIES[position % len(SERIES)]},
                "gap": 60,
            }
        )
    set_bar_axes(chart)
    return with_title(
        chart, f"Burden by {report.solution.data.party_index}, {report.money}, present value"
    )

"""The sheet What if: what each scenario changed, and what it did, at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cssopt.document.grid import Field, Grid, ratio
from cssopt.questions.whatif.charts import chart_burdens, chart_column
from cssopt.questions.whatif.result import Comparison, Variant, persistence_penalty
from cssopt.questions.whatif.tables import BASE, PlacedFigure
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page
from cssopt.render.xlsx.styles import NAVY, RED
from cssopt.solution.figures import BURDEN, COSTS, COVERED_SHARE, UNITS
from cssopt.solution.leaving import find_remaining
from cssopt.solution.plain import plain_value
from cssopt.solution.plan import Solution
from cssopt.solution.told import NO_DIFFERENCE, is_told
from cssopt.solution.verdicts import tell_verdict
from cssopt.tables.changes import write_change

_STEPS_TOLD = 3
_MONEY = "pooled expenditure (million {}, present value)"
_SHORT = "shortfall (power-years, plain sum)"
_PENALTY = "persistence penalty (a weight, not money)"
_LEAST_ROWS = 15
_AROUND_BARS = 8
"""Rows of a chart: at least, and above one per bar for its title, axis and legend."""
_ONE_PAGE = 75
"""Rows that one printed page can hold and still be read."""
_NO_PLAN = "no plan"


def write_overview(
    report: Report, page: Page, comparison: Comparison, burdens: PlacedFigure | None
) -> None:
    """One row per plan, how each was found, and the charts.

    It is the first sheet but written last: its charts show cells of the others.
    """
    money = _MONEY.format(report.solution.data.horizon.currency)
    page.line("What was changed, and what it did", "section")
    page.freeze(page.row + 1, 1)
    rows = [_base_row(comparison.base)]
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
    charts = [chart_column(report, placed, money, f"Pooled expenditure, {report.money}", NAVY)]
    charts.append(chart_column(report, placed, _SHORT, "Shortfall, power-years (no money)", RED))
    if burdens is not None:
        charts.append(chart_burdens(report, burdens))
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


def _base_row(base: Solution) -> list[Any]:
    money, short = [None, None], [None]
    figures = _figures(base, money, short)
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
    figures = _figures(plan, money, [plan.shortfall - base.shortfall if told else None])
    moved = sum(abs(move.difference) for move in comparison.moves(variant))
    largest = "; ".join(_largest(base, plan)) if told else ""
    return [*head, *figures, moved, f"{remarks} {largest}".strip()]


def _figures(plan: Solution, money: list[Any], short: list[Any]) -> list[Any]:
    """Status, security and money of a plan, with what it has more than the base."""
    covered = min(COVERED_SHARE.amounts(plan).values(), default=None)
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


def _largest(base: Solution, plan: Solution) -> Iterator[str]:
    """The entry, the burden and the force that changed most, each with its difference."""
    for figure, words, form in (
        (COSTS, "", "+,.1f"),
        (BURDEN, "burden of ", "+,.1f"),
        (UNITS, "", "+,.2f"),
    ):
        measure = "units" if figure is UNITS else "million"
        differences = figure.differences(base, plan)
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
    penalties = [persistence_penalty(plan) for _, plan in plans]
    weighed = any(penalty is not None for penalty in penalties)
    fields = [
        Field("scenario"),
        Field("objective of the study"),
        Field("gap", "tiny"),
        Field("status"),
        Field("audit"),
        Field("objective reached", "number"),
        Field("proven bound", "number"),
        *([Field(_PENALTY, "number")] if weighed else []),
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

"""The sheet Figures: what programs read of a plan, each figure by a name that stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cssopt.document.document import Cells, Column, Formula, Pair, Pairs, Sheet, Table
from cssopt.language import phrase
from cssopt.modeling.measures import BURDEN, MISSING_SHARE, POOLED_EXPENDITURE, SHORTFALL
from cssopt.questions.plan.figures.lines import FigureLine, Unit
from cssopt.questions.plan.pages.page import PAGE_FIGURES, name_page
from cssopt.questions.plan.view import PlanView
from cssopt.solution.baseline import Baseline, SavingRange
from cssopt.solution.figures import Figures
from cssopt.solution.plan import Solution
from cssopt.solution.told import GAP_SAYS

_OTHER_PLANS: Final = ("baseline", "concessions")
"""Steps of a run in which other plans than its own are solved."""

_MOST_ADDED: Final = 10
"""Cells that one formula names one by one."""


def show_page_figures(view: PlanView, lines: Sequence[FigureLine]) -> Sheet:
    """Every figure of the decision page with its definition: the page's numbers in a workbook are
    formulas over it."""
    columns = (
        Column("name"),
        Column("value", "number", decimals=4),
        Column("unit"),
        Column("definition", "sentence"),
        Column("page"),
    )
    places = {line.name: place for place, line in enumerate(lines)}
    rows = tuple(
        (line.name, _add_up(line, places), _tell_unit(line.unit, view), line.definition,
         name_page(line.page))
        for line in lines
    )  # fmt: skip
    told = phrase("Every figure of the decision page, what it means, and the page that derives it.")
    return Sheet(phrase("Page figures"), told, (Table(PAGE_FIGURES, columns, rows),))


def _add_up(line: FigureLine, places: Mapping[str, int]) -> Any:
    """The value of a figure; of a few others its sum."""
    if not 1 < len(line.parts) <= _MOST_ADDED:
        return line.value
    cells = tuple(Cells("value", row=places[part]) for part in line.parts)
    text = "+".join(f"{{{place}}}" for place in range(len(cells)))
    return Formula(line.value, text, cells)


def _tell_unit(unit: Unit, view: PlanView) -> str:
    match unit:
        case "money":
            return view.plan.data.horizon.millions
        case "share":
            return phrase("share")
        case "units":
            return phrase("units")


def show_figures(view: PlanView) -> Sheet:
    """Every figure of a plan and of what it is compared with, by name."""
    pairs = [*_list_plan(view), *_list_baseline(view)]
    return Sheet(
        "Figures",
        "The figures of this plan and of what it is compared with, under the names by which "
        "programs find them.",
        (Pairs("figures", tuple(pairs)),),
    )


def _list_plan(view: PlanView) -> Iterator[Pair]:
    plan, money = view.plan, view.plan.data.horizon.present_value
    solved = plan.solved
    yield Pair("status", str(plan.status))
    yield Pair("message", solved.message)
    yield Pair("threats_met", plan.threats_met)
    yield Pair("relaxed", plan.study.relaxed, remark="whole numbers are relaxed")
    yield Pair("objective", plan.objective, "number", "value of the last stage", decimals=6)
    yield Pair("bound", plan.bound, "number", "proven bound of the last stage", decimals=6)
    yield Pair("gap", plan.gap, "tiny", GAP_SAYS)
    yield Pair(POOLED_EXPENDITURE, plan.pooled_expenditure, "money", money)
    yield Pair(SHORTFALL, plan.shortfall, "number", "power-years, plain sum")
    yield Pair(MISSING_SHARE, plan.missing_share, "number", decimals=6)
    yield Pair(
        "worst_missing_share", plan.worst_missing_share, "share", "largest share of any need"
    )
    for entry, value in plan.costs.items():
        yield Pair(f"costs.{entry}", value, "money", money)
    if plan.has_plan:
        for (member,), value in Figures.of(plan.study).burden.amounts(plan).items():
            yield Pair(f"{BURDEN}.{member}", value, "money", money)
    yield Pair("prices_of", solved.prices_of, remark="the stage whose prices are told")
    yield Pair("seconds_inside_highs", solved.seconds_inside_highs, "seconds")
    yield Pair("seconds_outside_highs", find_seconds_outside(plan), "seconds")


def find_seconds_outside(plan: Solution, further: Mapping[str, float] | None = None) -> float:
    """Time of the plan's own steps that was not that of HiGHS, other plans apart."""
    steps = {**(further or {}), **plan.seconds}
    own = sum(value for step, value in steps.items() if step not in _OTHER_PLANS)
    return own - plan.solved.seconds_inside_highs


def _list_baseline(view: PlanView) -> Iterator[Pair]:
    baseline, money = view.baseline, view.plan.data.horizon.present_value
    if baseline is None:
        return
    for member, alone in baseline.alone.items():
        yield Pair(f"alone.{member}.status", str(alone.status))
        yield Pair(f"alone.{member}.{POOLED_EXPENDITURE}", alone.pooled_expenditure, "money", money)
        yield Pair(f"alone.{member}.{SHORTFALL}", alone.shortfall, "number")
        yield Pair(f"alone.{member}.worst_missing_share", alone.worst_missing_share, "share")
    yield from _list_saving(view.plan, baseline, money)
    plans = [plan for plan in (*baseline.alone.values(), baseline.equal) if plan is not None]
    inside = sum(plan.solved.seconds_inside_highs for plan in plans)
    yield Pair("baseline_seconds_inside_highs", inside, "seconds")


def _list_saving(plan: Solution, baseline: Baseline, money: str) -> Iterator[Pair]:
    yield Pair("saving", baseline.saving, "money", f"{money}, at equal security")
    yield Pair("further_security", baseline.further_security(plan), "money", money)
    yield Pair("break_even", baseline.break_even, "year")
    yield Pair("why_no_saving", baseline.why_unstated, "sentence")
    yield Pair("caution", baseline.caution, "sentence")
    for member, reason in baseline.unsettled.items():
        yield Pair(f"unsettled.{member}", reason, "sentence")
    if baseline.range is not None:
        yield from _list_range(baseline.range, money)


def _list_range(found: SavingRange, money: str) -> Iterator[Pair]:
    yield Pair("range.least", found.least, "money", f"{money}, over equally good plans alone")
    yield Pair("range.most", found.most, "money", f"{money}, over equally good plans alone")
    yield Pair("range.why_least", found.why_least, "sentence")
    yield Pair("range.why_most", found.why_most, "sentence")

"""The tables in the workbook of tipping points."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.questions.tipping.charts import Drawn
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.runs.summary import with_plan
from cssopt.solution.plain import plain_value
from cssopt.solution.verdicts import tell_end

_VERDICTS: Final = {
    "needed": "Every plan without it is worse.",
    "tie": "A plan without it is equally good: the change is a matter of choice.",
    "unknown": "Not proven: a solve, with or without it, was cut off or is not accurate enough.",
    "": "",
}
_MARKS: Final = {"tie": "changed", "unknown": "warn"}


def write_points(page: Page, points: pd.DataFrame) -> None:
    """Every element that begins or ends, with both sides of its change."""
    page.line("What begins and what ends", "section")
    if points.empty:
        page.line("Nothing, at all values that were looked at.")
        return
    rows = [
        [p["element"], p["change"], _short(p["between"]), _short(p["and"]),
         plain_value(p["expenditure_below"]), plain_value(p["expenditure_above"]),
         plain_value(p["missing_share_below"]), plain_value(p["missing_share_above"]),
         p["status_below"], p["status_above"],
         max(filter(math.isfinite, (p["gap_below"], p["gap_above"])), default=None),
         p["tie"], tell_end(p["remark"], p["audit"])]
        for p in points.to_dict("records")
    ]  # fmt: skip
    fields = [
        Field("element"), Field("change"), Field("between", "as_typed"), Field("and", "as_typed"),
        Field("expenditure below", "number", 2), Field("expenditure above", "number", 2),
        Field("missing share below", "number", 4), Field("missing share above", "number", 4),
        Field("status below"), Field("status above"), Field("gap", "tiny"), Field("tie"),
        Field("remark", "sentence"),
    ]  # fmt: skip
    tie = fields.index(Field("tie"))
    marks = {(i, tie): _MARKS[row[tie]] for i, row in enumerate(rows) if row[tie] in _MARKS}
    page.table(Grid(fields, rows, marks))


def write_places(report: Report, points: pd.DataFrame) -> Placed | None:
    """The same by place: what changes together, and where the charts mark it."""
    page = report.page(
        "Places",
        "What changes at the same place. value is the side that has a plan, the greater one where "
        "both have.",
    )
    if points.empty:
        page.line("Nothing begins or ends.")
        return None
    rows = []
    for _, group in points.groupby(["between", "and"], sort=True):
        first = group.iloc[0]
        side = "above" if math.isfinite(first["expenditure_above"]) else "below"
        rows.append(
            [_short(first["and"] if side == "above" else first["between"]),
             plain_value(first[f"expenditure_{side}"]), plain_value(first[f"missing_share_{side}"]),
             *("; ".join(group.loc[group["change"] == change, "element"]) for change in
               ("begins", "ends"))]
        )  # fmt: skip
    fields = [
        Field("value", "as_typed"),
        Field("expenditure", "number", 2),
        Field("missing share", "number", 4),
        Field("begins", "sentence"),
        Field("ends", "sentence"),
    ]
    return page.table(Grid(fields, rows))


def write_values(report: Report, runs: pd.DataFrame, label: str) -> Drawn | None:
    """Every value that was solved, in its order: what the charts show."""
    page = report.page("Values", f"Every value of {label} that was solved, in their order.")
    counted = with_plan(runs)
    rows = [
        [_short(run[label]), bool(run["on_grid"]), run["status"],
         *(run[name] if has_plan else None for name in ("gap", "pooled_expenditure",
                                                        "missing_share"))]
        for run, has_plan in zip(runs.to_dict("records"), counted, strict=True)
    ]  # fmt: skip
    fields = [
        Field("value", "as_typed"),
        Field("on the grid"),
        Field("status"),
        Field("gap", "tiny"),
        Field("expenditure", "number", 2),
        Field("missing share", "number", 4),
    ]
    placed = page.table(Grid(fields, rows))
    if not counted.any():
        return None
    spans = {
        shown: (float(runs.loc[counted, name].min()), float(runs.loc[counted, name].max()))
        for shown, name in (
            ("expenditure", "pooled_expenditure"),
            ("missing share", "missing_share"),
        )
    }
    return Drawn(**vars(placed), spans=spans)


def write_structure(report: Report, structure: pd.DataFrame) -> None:
    """Over which values the plan has each element."""
    page = report.page(
        "Structure",
        "Over which values the plan has each element: from the least to the greatest value of a "
        "stretch, as far as values were looked at. throughout: wherever there is a plan.",
    )
    if structure.empty:
        page.line("No plan has any element that a component declares.")
        return
    rows = [
        [s["element"], _short(s["from"]), _short(s["to"]), s["values"], bool(s["throughout"])]
        for s in structure.to_dict("records")
    ]
    fields = [Field("element"), Field("from", "as_typed"), Field("to", "as_typed"),
              Field("values", "number", 0), Field("throughout")]  # fmt: skip
    page.only_table(Grid(fields, rows), 1)


def write_without(report: Report, points: pd.DataFrame) -> None:
    """Whether the plan needs what begins or ends, one step of the grid further on."""
    page = report.page(
        "Without",
        "At a tipping point the plans with and without the element are equally good. Here the plan "
        "is solved without it a step of the grid further on, at the value named, on the side that "
        "has it. tie: a plan without it is equally good there too (objectives within 1E-06).",
    )
    tested = points[points["tie"] != ""]
    if tested.empty:
        page.line("Nothing was tested.")
        return
    rows = [
        [p["element"], p["change"], _short(p["without_at"]), p["without_status"],
         plain_value(p["without_gap"]), plain_value(p["without_expenditure"]),
         plain_value(p["without_missing_share"]), p["tie"], _VERDICTS[p["tie"]]]
        for p in tested.to_dict("records")
    ]  # fmt: skip
    fields = [
        Field("element"), Field("change"), Field("at", "as_typed"),
        Field("status without it"), Field("gap", "tiny"), Field("costs more", "number", 2),
        Field("misses more", "number", 4), Field("tie"), Field("meaning", "sentence"),
    ]  # fmt: skip
    page.only_table(Grid(fields, rows), 1)


def _short(value: float) -> float:
    """A value of the quantity in nine digits: enough for a width of a billionth."""
    return float(f"{value:.9g}")

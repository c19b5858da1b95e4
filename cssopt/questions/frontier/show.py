"""The workbook of a front: the trade-off as a chart, its knees, and every point with its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.document.run_facts import RunFacts
from cssopt.modeling.objective import Criterion
from cssopt.names import join_names
from cssopt.questions.frontier.charts import chart_costs, chart_front
from cssopt.render.xlsx.book import ReportOnBase, write_book
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.styles import NAVY
from cssopt.solution.plain import plain_value
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import tell_end
from cssopt.solve.outcome import Status

_CHART_ROWS = 22
_LEAST_WIDTH = 900
_FORMS = {"money": ("number", 1), "share": ("exact_share", None), "number": ("number", None)}


@dataclass(frozen=True)
class FrontWords:
    """What a report tells of a front.

    Attributes
    ----------
    criteria: what is traded, expenditure first.
    held: names and ceilings of what every point keeps.
    method: how the points were found. whole: True where they are, or span, the whole front.
    tables: ``front``, ``costs``, ``burden`` and ``units``, as of a `Frontier`; empty where the base
        has no plan.
    """

    criteria: Sequence[Criterion]
    held: Mapping[str, float]
    method: str
    whole: bool
    tables: Mapping[str, pd.DataFrame]

    def field(self, criterion: Criterion) -> Field:
        """The column of a criterion."""
        form, decimals = _FORMS[criterion.form]
        return Field(criterion.figure, form, decimals)


def write_frontier_book(path: Path, base: Solution, front: FrontWords, facts: RunFacts) -> None:
    """Write a front to an .xlsx file; ReportError where the file cannot be written."""
    with write_book(path, base, None, facts, ReportOnBase) as report:
        others = " and ".join(criterion.name for criterion in front.criteria[1:])
        page = report.page(
            "Front",
            f"What expenditure buys in {others}: on the front none of them can be less without "
            "more of another. " + _say_held(front),
            NAVY,
        )
        if not front.tables:
            page.line(f"There is no front: {base.status.sentence}", "bad")
            return
        points = _write_points(report, front)
        costs = _write_wide(report, front, "costs", "entry", "present_value", "Costs")
        _write_wide(report, front, "burden", base.data.party_index, "burden", "Burden")
        _write_units(report, front)
        _write_front(report, page, front, points, costs)


def _say_held(front: FrontWords) -> str:
    if not front.held:
        return "Nothing else is held."
    held = ", ".join(f"{name} at most {most:.6g}" for name, most in front.held.items())
    return f"Every point keeps, as the base plan: {held}."


def _write_front(
    report: Report, page: Page, front: FrontWords, points: Placed, costs: Placed
) -> None:
    """Criteria, ends and knees, the chart, and what limits of the search leave open."""
    frame = front.tables["front"]
    page.line("What is traded", "section")
    page.table(
        Grid(
            [Field("criterion"), Field("figure"), Field("meaning", "sentence")],
            [[c.name, c.figure, c.says] for c in front.criteria],
        )
    )
    page.gap()
    beyond = int((frame["status"] == str(Status.INFEASIBLE)).sum())
    proven = int((frame["status"] == str(Status.OPTIMAL)).sum())
    asked = len(frame) - beyond
    page.line(f"{asked} points, {proven} of them proven. {_sentence(front.method)}")
    if beyond:
        page.line(f"{beyond} further combinations of limits can be kept by no plan: proven.")
    if proven < asked:
        page.line(
            "Points that are not proven ran into a limit of the search: see their status, bound "
            "and gap in the sheet Points.",
            "warn",
        )
    page.gap()
    page.line("Ends and knees", "section")
    page.line(
        "At a knee the exchange changes most: before it much is gained for little, beyond it "
        "little for much. rate: what each unit less of the second costs from here to the next "
        "point.",
        "explanation",
    )
    page.table(_grid(front, _outstanding(frame), name=True))
    page.gap()
    page.charts([chart_front(report, front.criteria, frame, points)], _CHART_ROWS, _LEAST_WIDTH)
    page.gap()
    page.charts([chart_costs(report, costs)], _CHART_ROWS, _LEAST_WIDTH)
    page.sheet.fit_to_pages(1, 1)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _outstanding(frame: pd.DataFrame) -> pd.DataFrame:
    """The ends and the knees, as they stand along the front."""
    planned = frame[~frame.iloc[:, 1].isna()]
    if planned.empty:
        return planned
    keep = (planned["knee"] > 0) | planned.index.isin([planned.index[0], planned.index[-1]])
    return planned[keep]


def _grid(front: FrontWords, frame: pd.DataFrame, *, name: bool = False) -> Grid:
    fields = [Field("point", "year"), *([Field("what")] if name else [])]
    fields += [front.field(criterion) for criterion in front.criteria]
    rated = "rate" in frame
    fields += [Field("rate", "number")] if rated else []
    limited = front.criteria[1:] if len(front.criteria) > 2 and not name else ()
    rest = ["knee", "status", "bound", "gap", "dominated"]
    forms = {"knee": "year", "bound": "number", "gap": "tiny"}
    fields += [Field(column, forms.get(column, "text")) for column in rest]
    fields += [Field(f"{c.figure} at most", *_FORMS[c.form]) for c in limited]
    rows, marks = [], {}
    first, last = (frame.index[0], frame.index[-1]) if len(frame) else (None, None)
    for position, (index, row) in enumerate(frame.iterrows()):
        cells: list[Any] = [int(row["point"])]
        if name:
            ends = {first: "least expenditure", last: f"least {front.criteria[-1].name}"}
            knee = f"knee {row['knee']}" if row["knee"] else ""
            cells.append(knee or (ends[index] if len(front.criteria) == 2 else "end"))
        cells += [plain_value(row[criterion.figure]) for criterion in front.criteria]
        cells += [plain_value(row["rate"])] if rated else []
        end = tell_end(row["status"], row["audit"])
        cells += [int(row["knee"]) or None, end, plain_value(row["bound"])]
        cells += [plain_value(row["gap"]), "yes" if row["dominated"] else None]
        if end not in (str(Status.OPTIMAL), str(Status.INFEASIBLE)):
            marks[position, len(cells) - 4] = "warn"
        cells += [plain_value(row[f"limit_{c.figure}"]) for c in limited]
        rows.append(cells)
    return Grid(fields, rows, marks)


def _write_points(report: Report, front: FrontWords) -> Placed:
    page = report.page(
        "Points",
        f"Every point, by rising expenditure. {_sentence(front.method)} bound: the expenditure is "
        "at least this in any plan that is no worse in the other criteria.",
    )
    return page.only_table(_grid(front, front.tables["front"]))


def _write_wide(
    report: Report, front: FrontWords, name: str, over: str, value: str, title: str
) -> Placed:
    """Money of each point, a row per point and a column per entry or member."""
    page = report.page(title, f"Present value by point and {over}, {report.money}.")
    frame = front.tables[name].pivot(index="point", columns=over, values=value)
    frame = frame[list(dict.fromkeys(front.tables[name][over]))]
    rows = [
        [int(str(i)), *map(plain_value, row)]
        for i, row in zip(frame.index, frame.values, strict=True)
    ]
    fields = [Field("point", "year"), *(Field(str(column), "number", 1) for column in frame)]
    return page.only_table(Grid(fields, rows))


def _write_units(report: Report, front: FrontWords) -> None:
    frame = front.tables["units"]
    indices = [str(name) for name in frame.columns[1:-1]]
    by = join_names(["point", *indices])
    page = report.page("Units", f"Units held by {by}, the mean of all years.")
    rows = [list(row) for row in frame.itertuples(index=False) if abs(row[-1]) > 1e-9]
    fields = [Field("point", "year"), *map(Field, indices), Field("units", "number", 2)]
    page.only_table(Grid(fields, rows))

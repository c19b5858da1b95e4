"""The workbook of a price list of rules: the dearest at a glance, and every rule with its price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.document.run_facts import RunFacts
from cssopt.questions.rules.result import RuleVerdict
from cssopt.render.xlsx.book import ReportOnBase, write_book
from cssopt.render.xlsx.charts import chart_bars
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Page, Placed
from cssopt.render.xlsx.styles import NAVY, RED
from cssopt.solution.plain import plain_value
from cssopt.solution.plan import Solution

MOST_BARS: Final = 15
_AROUND_BARS: Final = 8
_LEAST_ROWS: Final = 14
_LEAST_WIDTH: Final = 1100
_UNSEEN: Final = 1e-6
"""Share of the largest bar that nobody could see."""
_ONE_PAGE: Final = 75
"""Rows that one printed page can hold and still be read."""
_PRINT_SCALE: Final = 70

NOT_EQUAL: Final = (
    "Where a rule causes missing share, the plan that would come without it is more secure: its "
    "expenditure is not at equal security with the plan of today. The cost is: it is what could "
    "be saved without the rule while no more is missing than with it."
)


def write_rule_prices(
    path: Path, base: Solution, tables: Mapping[str, pd.DataFrame], facts: RunFacts
) -> None:
    """Write a price list to an .xlsx file, from its tables.

    Raises ReportError where the file cannot be written; an earlier one is then intact.
    """
    with write_book(path, base, None, facts, ReportOnBase) as report:
        page = report.page(
            "Rules",
            "What every rule costs: the plan with every rule beside the plans without one of "
            "them. Cost is present value, the fall of the least expenditure at the security of "
            "the plan with every rule; it is never added to what is missing.",
            NAVY,
        )
        _write_counts(page, tables["rules"])
        _write_dearest(report, page, tables["rules"])
        _write_list(report, tables["rules"])
        _write_together(report, tables["together"])
        _write_stages(report, tables["stages"])


def _write_counts(page: Page, rules: pd.DataFrame) -> None:
    """How many rules there are, and how many of each verdict."""
    page.pair("rules lifted", len(rules), "one at a time", "bold", "number0")
    for verdict in RuleVerdict:
        count = int((rules["verdict"] == str(verdict)).sum())
        if count:
            warn = () if verdict.is_sure else ("warn",)
            page.pair(str(verdict), count, verdict.sentence, "number0", *warn)
    page.gap()
    if (rules["missing_share"] > 0).any():
        page.line(NOT_EQUAL)
        page.gap()


def _write_dearest(report: Report, page: Page, rules: pd.DataFrame) -> None:
    """The rules that cost most money and those that cause most missing share, with charts."""
    currency = report.solution.data.horizon.currency
    above, height = page.row, max(_LEAST_ROWS, min(len(rules), MOST_BARS) + _AROUND_BARS)
    page.row += height + 1  # the charts show the tables below them
    charts = []
    for column, title, color in (
        ("cost", f"What a rule costs at equal security, million {currency}", NAVY),
        ("missing_share", "Missing share that a rule causes", RED),
    ):
        dearest = find_dearest(rules, column)
        if len(dearest):
            placed = _write_column(page, dearest, column, title)
            names = placed.columns["name"]
            charts.append(
                chart_bars(report, placed, names + 1, title, color, names=names, labels=True)
            )
    below, page.row = page.row, above
    if charts:
        page.charts(charts, height, _LEAST_WIDTH)
        page.row = below
    else:
        page.line("No rule is known to cost anything.")
    if page.row <= _ONE_PAGE:
        page.sheet.fit_to_pages(1, 1)


def _write_column(page: Page, dearest: pd.DataFrame, column: str, title: str) -> Placed:
    page.line(title, "section")
    rows = [
        [row["text"], row["where"], row["rule"], row[column], row["verdict"]]
        for row in dearest.to_dict("records")
    ]
    fields = [
        Field("rule", "sentence"),
        Field("where"),
        Field("name"),
        Field(column.replace("_", " "), "number", 2 if column == "cost" else 4),
        Field("verdict"),
    ]
    placed = page.table(Grid(fields, rows, _mark_unsure(dearest, 4)))
    page.gap()
    return placed


def find_dearest(rules: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rules that cost most in one column; none that is proven to cost nothing."""
    known = rules[rules["verdict"] != str(RuleVerdict.NOTHING)]
    amounts = known[column].astype(float)
    seen = amounts[amounts > max(0.0, amounts.max() * _UNSEEN)]
    return known.loc[seen.nlargest(MOST_BARS).index]


_LIST: Final = {
    "rule": Field("name"),
    "kind": Field("kind"),
    "nature": Field("nature"),
    "where": Field("where"),
    "value": Field("value", "as_typed"),
    "text": Field("rule", "sentence"),
    "rules": Field("rules", "number", 0),
    "verdict": Field("verdict"),
    "sure": Field("sure"),
    "missing_share": Field("missing share", "number", 4),
    "missing_share_least": Field("missing share, at least", "number", 4),
    "missing_share_most": Field("missing share, at most", "number", 4),
    "cost": Field("cost", "number", 2),
    "cost_least": Field("cost, at least", "number", 2),
    "cost_most": Field("cost, at most", "number", 2),
    "other_aims": Field("other stages gain", "sentence"),
    "saved": Field("expenditure saved by the plan that would come without it", "number", 2),
    "equally_secure": Field("at equal security"),
    "expenditure_without": Field("expenditure without it", "number", 2),
    "missing_share_without": Field("missing share without it", "number", 4),
    "sum_missing_share": Field("missing share, sum one by one", "number", 4),
    "sum_cost": Field("cost, sum one by one", "number", 2),
    "remark": Field("remark", "sentence"),
    "status": Field("status"),
    "audit": Field("audit"),
    "bound": Field("bound", "number", 2),
    "gap": Field("gap", "tiny"),
    "way": Field("way"),
    "reason": Field("reason", "sentence"),
    "seconds": Field("seconds", "seconds"),
    "stage": Field("stage"),
    "base": Field("with every rule", "number"),
    "without": Field("without", "number"),
    "gain": Field("gain", "number"),
    "least": Field("gain, at least", "number"),
    "most": Field("gain, at most", "number"),
}
"""How each column of the tables is shown, by its name there."""

_FIRST: Final = ("text", "where", "value", "kind", "nature")
_LAST: Final = ("status", "audit", "bound", "gap", "way", "seconds", "rule", "reason")
"""Columns of the sheet Price list before and behind the figures."""


def _write_list(report: Report, rules: pd.DataFrame) -> None:
    page = report.page(
        "Price list",
        "Every rule, the dearest first: security before money, what costs nothing at the end. "
        "cost: what the plan would save without the rule with no more missing than with it. At "
        "least, at most: proven, with the gaps of both solves; sure: they prove the verdict. A "
        "missing share without them is that of the plans found: the study does not make it small.",
    )
    if rules.empty:
        page.line("The inputs lay down no rule.")
        return
    middle = [name for name in rules.columns if name not in (*_FIRST, *_LAST)]
    page.only_table(_make_grid(rules[[*_FIRST, *middle, *_LAST]]), 1)
    page.sheet.set_print_scale(_PRINT_SCALE)  # not on one page, where it could not be read
    page.sheet.repeat_columns(0, 0)


def _write_together(report: Report, together: pd.DataFrame) -> None:
    page = report.page(
        "Together",
        "All rules of a kind lifted at once, and all of them. Rules may cost nothing one by one "
        "and much together, where each stands in for the others; or less than their sum, where "
        "they cost the same money. The remark is made only where bounds prove it.",
    )
    if together.empty:
        page.line("No kind has more than one rule.")
        return
    page.only_table(_make_grid(together), 1)
    page.sheet.set_print_scale(_PRINT_SCALE)
    page.sheet.repeat_columns(0, 0)


def _write_stages(report: Report, stages: pd.DataFrame) -> None:
    page = report.page(
        "Stages",
        "What each stage of the study gains without a rule, with the stages before it held where "
        "the plan with every rule has them.",
    )
    if stages.empty:
        page.line("There is nothing to compare.")
        return
    page.only_table(_make_grid(stages), 1)


def _make_grid(table: pd.DataFrame) -> Grid:
    fields = [_LIST[str(name)] for name in table.columns]
    rows = [[plain_value(value) for value in row] for row in table.itertuples(index=False)]
    marks = {}
    if "verdict" in table:
        marks = _mark_unsure(table, list(table.columns).index("verdict"))
    return Grid(fields, rows, marks)


def _mark_unsure(table: pd.DataFrame, column: int) -> dict[tuple[int, int], str]:
    """Marks of the verdicts that nothing proves."""
    verdicts: Sequence[str] = table["verdict"].tolist()
    return {(i, column): "warn" for i, told in enumerate(verdicts) if not RuleVerdict(told).is_sure}

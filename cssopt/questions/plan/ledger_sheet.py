"""The sheet Pooling ledger: where the saving at equal security comes from, link by link."""

from __future__ import annotations

import math
from typing import Any

from cssopt.document.grid import Field, Grid
from cssopt.render.terminal import ledger_remarks, saving_remarks
from cssopt.render.xlsx.head import Report
from cssopt.solution.told import NO_DIFFERENCE


def write_pooling_ledger(report: Report) -> None:
    """What each further thing done together saves, or costs; only where the links were solved."""
    baseline = report.baseline
    if baseline is None or not baseline.links:
        return
    page = report.page(
        "Pooling ledger",
        f"Present value, {report.money}. Every line is a plan of its own at equal security: the "
        "expenditure if the members did together what stands up to that line, and what this line "
        "saves against the one above (negative: what it costs). The savings add up to the saving "
        "at equal security.",
    )
    rows: list[list[Any]] = [
        [line.name, line.expenditure, NO_DIFFERENCE if math.isnan(line.saving) else line.saving]
        for line in baseline.links
    ]
    rows[0][2] = None
    fields = [
        Field("done together", "sentence"),
        Field("expenditure", "number"),
        Field("saving", "number"),
    ]
    page.table(Grid(fields, rows))
    page.gap()
    remark = "all members alone, less the coalition at equal security"
    if math.isnan(baseline.saving):
        page.line(f"No saving can be stated: {baseline.why_unstated}.", "warn")
    else:
        page.pair("saving at equal security", baseline.saving, remark, "bold", "number1")
    further = baseline.further_security(report.solution)
    if not math.isnan(further):
        remark = "the chosen plan, less the coalition at equal security"
        page.pair("further security costs", further, remark, "number1")
    for text in (*ledger_remarks(baseline), *saving_remarks(baseline)):
        page.line(text, "warn")

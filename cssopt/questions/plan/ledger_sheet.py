"""The sheet Pooling ledger: where the saving at equal security comes from, link by link."""

from __future__ import annotations

import math

from cssopt.document.document import Block, Column, Note, Pair, Pairs, Sheet, Table
from cssopt.questions.plan.view import PlanView
from cssopt.questions.plan.words import ledger_remarks, saving_remarks
from cssopt.solution.told import NO_DIFFERENCE


def show_pooling_ledger(view: PlanView) -> Sheet | None:
    """What each further thing done together saves, or costs; None where no links were solved."""
    baseline = view.baseline
    if baseline is None or not baseline.links:
        return None
    rows = [
        (line.name, line.expenditure, NO_DIFFERENCE if math.isnan(line.saving) else line.saving)
        for line in baseline.links
    ]
    rows[0] = (*rows[0][:2], None)  # type: ignore[assignment]
    columns = (
        Column("done_together", "sentence"),
        Column("expenditure", "money"),
        Column("saving", "money"),
    )
    blocks: list[Block] = [Table("pooling_ledger", columns, tuple(rows))]
    pairs = []
    if math.isnan(baseline.saving):
        blocks.append(Note(f"No saving can be stated: {baseline.why_unstated}.", "warn"))
    else:
        told = "all members alone, less the coalition at equal security"
        pairs.append(
            Pair("saving at equal security", baseline.saving, "money", told, is_strong=True)
        )
    further = baseline.further_security(view.plan)
    told = "the chosen plan, less the coalition at equal security"
    pairs.append(
        Pair(
            "further security costs",
            NO_DIFFERENCE if math.isnan(further) else further,
            "money",
            told,
        )
    )
    even = baseline.break_even or "not within the plan"
    when = "first year from which on it has spent no more than its members alone"
    pairs.append(Pair("break-even at equal security", even, "year", when))
    remarks = (*ledger_remarks(baseline), *saving_remarks(baseline))
    return Sheet(
        "Pooling ledger",
        f"Present value, {view.money}. Every line is a plan of its own at equal security: the "
        "expenditure if the members did together what stands up to that line, and what this line "
        "saves against the one above (negative: what it costs). The savings add up to the saving "
        "at equal security.",
        (
            *blocks,
            Pairs("pooling_saving", tuple(pairs)),
            *(Note(text, "warn") for text in remarks),
        ),
        on_screen=True,
    )

"""The sheet Pooling ledger: where the saving at equal security comes from, link by link."""

from __future__ import annotations

import math
from collections.abc import Iterator

from cssopt.document.document import Block, Column, Note, Pair, Pairs, Sheet, Table
from cssopt.questions.plan.view import PlanView
from cssopt.questions.plan.words import ledger_remarks, saving_remarks
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution
from cssopt.solution.told import NO_DIFFERENCE


def show_pooling_ledger(view: PlanView) -> Sheet | None:
    """What each further thing done together saves, or costs; None where no links were solved."""
    baseline = view.baseline
    if baseline is None or not baseline.links:
        return None
    alone, *links = baseline.links
    rows = [(one.name, one.expenditure, _tell_difference(one.saving)) for one in links]
    table = Table(
        "pooling_ledger",
        (
            Column("done_together", "sentence"),
            Column("expenditure", "money"),
            Column("saving", "money"),
        ),
        ((alone.name, alone.expenditure, None), *rows),
    )
    notes = (Note(remark, "warn") for remark in ledger_remarks(baseline))
    return Sheet(
        "Pooling ledger",
        f"Present value, {view.money}. Every line is a plan of its own at equal security: the "
        "expenditure if the members did together what stands up to that line, and what this line "
        "saves against the one above (negative: what it costs). The savings add up to the saving "
        "at equal security.",
        (table, *show_saving("pooling_saving", view.plan, baseline), *notes),
        on_screen=True,
    )


def show_saving(name: str, plan: Solution, baseline: Baseline) -> Iterator[Block]:
    """The saving at equal security, or why there is none, and what else is to be said of it."""
    if math.isnan(baseline.saving):
        why = baseline.why_unstated or "a plan is missing"
        yield Note(f"No saving can be stated: {why}.", "warn")
        return
    horizon = plan.data.horizon
    money = f"{horizon.millions}: "
    together = f"{money}members alone, less a coalition as secure"
    further = f"{money}this plan, less that coalition"
    when = "first year from which on it has spent no more than they"
    pairs = (
        Pair("all members alone", baseline.expenditure_alone, "money", horizon.present_value),
        Pair("saving at equal security", baseline.saving, "money", together, is_strong=True),
        Pair(
            "further security costs",
            _tell_difference(baseline.further_security(plan)),
            "money",
            further,
        ),
        Pair(
            "break-even at equal security",
            baseline.break_even or "not within the plan",
            "year",
            when,
        ),
    )
    yield Pairs(name, pairs)
    yield from (Note(remark, "warn") for remark in saving_remarks(baseline))


def _tell_difference(amount: float) -> float | str:
    """A difference of money, where it can be told."""
    return NO_DIFFERENCE if math.isnan(amount) else amount

"""The sheet Summary: what a minister reads. Money and shortfall are never added up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from cssopt.document.document import (
    Beside,
    Block,
    Chart,
    Column,
    Mark,
    Note,
    Pair,
    Pairs,
    Sheet,
    Table,
)
from cssopt.questions.plan.figures.certainty import find_price_of_missing
from cssopt.questions.plan.ledger_sheet import show_saving
from cssopt.questions.plan.view import PlanView
from cssopt.questions.plan.words import (
    MISSING_SHARE_SAYS,
    format_percent,
    say_proof,
)
from cssopt.solution.figures import Figures
from cssopt.solution.missing import find_measures, missing_share
from cssopt.solution.plain import ratio
from cssopt.solution.plan import Solution
from cssopt.solution.told import GAP_SAYS, NOT_KNOWN

_NO_BASELINE = (
    "Standing alone was not worked out in this run, nor the saving at equal security: the command "
    "does so where it writes a report and is not interrupted."
)
_SMALL = 1e-6
"""Million: what is no cost worth a line."""


def show_summary(view: PlanView, outlays: Table | None) -> Sheet:
    """Status, money, security and the comparison with standing alone.

    `outlays` is the table of what each pays by year, of which there is a chart.
    """
    blocks = [*_warn(view.plan), *_show_status(view)]
    if view.plan.has_plan:
        security = _tabulate_security(view)
        charts = [*_chart_outlays(view, outlays), *_chart_security(view, security)]
        blocks += [
            *_show_money(view),
            *_show_concessions(view.plan),
            *_show_members(view),
            *([Note("No power is needed.")] if security is None else [security]),
            *([Beside(tuple(charts))] if charts else []),
        ]
    return Sheet("Summary", "", tuple(blocks))


def _warn(plan: Solution) -> Iterator[Note]:
    """What must be known before any figure is used."""
    if plan.audit is not None and plan.audit.not_audited:
        yield Note(f"NOT AUDITED: {', '.join(plan.audit.not_audited)}.", "warn")
    if plan.study.relaxed:
        yield Note(
            "Whole numbers are relaxed: units, lines and fleets may be fractions, so the "
            "expenditure is a lower bound and the plan is none to carry out.",
            "warn",
        )
    if plan.has_plan and (price := _tell_price(plan)):
        yield Note(
            f"Shortfall could be bought off: the workbook's {price} per unit of power and year, so "
            "a need that would cost more stays short.",
            "warn",
        )


def _tell_price(plan: Solution) -> str:
    """The setting that prices what is missing, and its price; empty where none does."""
    price, priced = find_price_of_missing(plan), plan.study.require_need().price
    if price is None or priced is None:
        return ""
    return f"{priced[1]} prices it at {price:,} {plan.data.horizon.millions}"


def _show_status(view: PlanView) -> Iterator[Block]:
    plan, objective = view.plan, view.plan.study.objective
    pairs = [
        Pair("status", str(plan.status), remark=plan.sentence, is_strong=True),
        Pair(
            "objective",
            objective.name.replace("_", " "),
            remark=objective.doc.strip().splitlines()[0],
        ),
    ]
    if plan.has_plan:
        together = "It is of money and priced shortfall together."
        pairs += [
            Pair("proven bound", "see Run", remark=together)
            if _tell_price(plan)
            else Pair("proven bound", plan.bound, "number", view.money, decimals=2),
            Pair(
                "gap",
                plan.gap,
                "tiny",
                GAP_SAYS,
            ),
        ]
        if not plan.threats_met:
            pairs += [
                Pair("shortfall", plan.shortfall, "number", "power-years, plain sum", decimals=2),
                Pair("missing share", plan.missing_share, "number", MISSING_SHARE_SAYS, decimals=4),
            ]
    yield Pairs("summary", tuple(pairs))
    if plan.solved.message:
        yield Note(plan.solved.message.strip(), "warn")


def _show_money(view: PlanView) -> Iterator[Block]:
    plan, quantities = view.plan, view.plan.quantities
    assert quantities is not None
    told = f"{view.money}, present value in {view.years[0]}"
    spent, undiscounted = plan.pooled_expenditure, math.fsum(quantities.costs.values())
    entries = sorted(plan.costs.items(), key=lambda item: -item[1])
    yield Pairs(
        "expenditure",
        (
            Pair("pooled expenditure", spent, "money", told, is_strong=True),
            *(
                Pair(
                    f"    {entry.replace('_', ' ')}",
                    value,
                    "money",
                    "present value" if value > 0 else "present value, deducted",
                )
                for entry, value in entries
                if abs(value) >= _SMALL
            ),
            Pair(
                "pooled expenditure, undiscounted",
                undiscounted,
                "money",
                view.money,
            ),
        ),
        "Expenditure",
    )


def _show_concessions(plan: Solution) -> Iterator[Block]:
    """What the last crumbs of security cost."""
    concessions = plan.concessions
    if not concessions:
        return
    yield Note("What giving up a little security would save", is_heading=True)
    yield Note(
        f"Needs are short. The missing share is {MISSING_SHARE_SAYS}: it is no percentage, and can "
        "be more than 1. Security comes before money, so the least missing share that can be "
        "reached is kept, however dear its last part is. Each row is a whole plan of its own in "
        "which so much more may be missing.",
    )
    chosen = next((one for one in concessions if one.chosen), None)
    if chosen is not None:
        yield Note(
            f"This plan gives up {format_percent(chosen.share)} of the least missing share "
            "(shortfall_tolerance): it is not the most secure one. Less than 0 in the table: that "
            "plan costs so much more.",
            "warn",
        )
    is_fine = any(abs(1e3 * one.share - round(1e3 * one.share)) > 1e-6 for one in concessions)
    yield Table(
        "concessions",
        (
            Column(
                "share",
                "fine_share" if is_fine else "share",
                "above the least missing share by",
            ),
            Column("most", "number", "missing share at most", decimals=4),
            Column("pooled_expenditure", "money"),
            Column("saves", "money", "saves against this plan"),
            Column("status"),
        ),
        tuple(
            (
                one.share or "nothing",
                one.most,
                one.value if one.is_known else NOT_KNOWN,
                one.saves if one.is_known else NOT_KNOWN,
                "this plan" if one.chosen else say_proof(one),
            )
            for one in concessions
        ),
    )


def _show_members(view: PlanView) -> Iterator[Block]:
    plan, baseline, title = view.plan, view.baseline, "Members alone and together"
    if baseline is None:
        yield Note(title, is_heading=True)
        yield Note(_NO_BASELINE)
        return
    burdens = Figures.of(plan.study).burden.amounts(plan)
    party = plan.data.party_index
    everyone = all(alone.has_plan for alone in baseline.alone.values())
    yield Table(
        "members",
        (
            Column(f"{party}_name"),
            Column(party),
            Column("expenditure_alone", "money", total=everyone),
            Column("shortfall_alone", "number"),
            Column("most_of_a_need_missing_alone", "share"),
            Column("burden", "money", total=True),
            Column("status_alone"),
        ),
        tuple(
            (
                view.party_names.get(member, ""),
                member,
                alone.pooled_expenditure,
                0.0 if alone.worst_missing_share == 0 else alone.shortfall,
                alone.worst_missing_share,
                burdens.get((member,), math.nan),
                str(alone.status),
            )
            for member, alone in ((m, baseline.alone[m]) for m in plan.coalition)
        ),
        title=title,
    )
    if len(baseline.alone) < 2:
        yield Note("A coalition of one: there is nothing to compare it with.")
    else:
        yield from show_saving("saving", plan, baseline)


def _tabulate_security(view: PlanView) -> Table | None:
    """What is needed, what covers it and what is missing of it, by kind; None where nothing is."""
    plan, need = view.plan, view.plan.study.require_need()
    kind, parts = need.kind, need.parts
    asked, missing = parts[0], parts[-1]
    sums: dict[str, dict[str, float]] = {}
    worst: dict[str, float] = {}
    for row in plan.derived.get(need.coverage, []):
        own = sums.setdefault(row[kind], dict.fromkeys(parts, 0.0))
        share = missing_share(row[missing], row[asked])
        for part in parts:
            own[part] += row[part] if share or part != missing else 0.0
        worst[row[kind]] = max(worst.get(row[kind], 0.0), share)
    if not sums:
        return None
    measures, names = find_measures(plan.data, need), view.names.get(kind, {})
    short = (missing, "share_of_need_missing", "most_of_a_need_missing")
    marks: dict[tuple[int, str], Mark] = {
        (row, name): "bad" for row, code in enumerate(sums) if worst[code] for name in short
    }
    return Table(
        "security",
        (
            Column(f"{kind}_name"),
            Column(kind),
            Column("measure"),
            *(Column(part, "number") for part in parts),
            Column(short[1], "share"),
            Column(short[2], "share"),
        ),
        tuple(
            (
                names.get(code, code),
                code,
                measures[code],
                *own.values(),
                ratio(own[missing], own[asked]),
                worst[code],
            )
            for code, own in sums.items()
        ),
        title=f"Security by {kind} (sums over threats, days and years)",
        marks=marks,
    )


def _chart_outlays(view: PlanView, outlays: Table | None) -> Sequence[Chart]:
    """What each member pays, by year, stacked."""
    if outlays is None:
        return ()
    party, years = view.plan.data.party_index, tuple(str(year) for year in view.years)
    named = f"{party}_name"
    by = named if named in [column.name for column in outlays.columns] else party
    millions = view.plan.data.horizon.millions
    title = f"What each member pays, {millions} a year, salvage apart"
    return [Chart("stacked_columns", outlays.name, by, years, title, rows_are_series=True)]


def _chart_security(view: PlanView, security: Table | None) -> Sequence[Chart]:
    """Shares of the need that each of the parts covers, and the last, which is missing."""
    if security is None:
        return ()
    need = view.plan.study.require_need()
    title = f"How far the needs are covered, by {need.kind}"
    return [
        Chart(
            "parts",
            security.name,
            f"{need.kind}_name",
            need.parts[1:],
            title,
            bad=need.parts[-1:],
        )
    ]

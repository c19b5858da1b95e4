"""What the terminal shows: issues, one table of results, one JSON object."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console

from cssopt.issues import Issue, Severity
from cssopt.modeling.measures import MISSING_SHARE, POOLED_EXPENDITURE, SHORTFALL
from cssopt.render.screen import ScreenTable
from cssopt.solution.concessions import Concession
from cssopt.solution.plain import plain_value
from cssopt.solution.plan import Solution
from cssopt.solution.told import NOT_KNOWN, NOT_MET, tell_gap
from cssopt.solution.verdicts import Audits
from cssopt.solve.outcome import Status

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
MISSING_SHARE_SAYS = (
    "what is missing of each need, as a share of it, times priority and weight, added up"
)


def print_issues(console: Console, issues: Iterable[Issue]) -> None:
    """One line per issue, as it stands: texts of the inputs are never read as markup."""
    for issue in issues:
        console.print(str(issue), style=_STYLES[issue.severity], markup=False)


def sum_up(issues: Sequence[Issue]) -> str:
    """How many errors and warnings there are, and that more may be found once errors are gone."""
    count = {kind: sum(issue.severity is kind for issue in issues) for kind in _STYLES}
    errors, warnings = (_count(count[kind], kind) for kind in (Severity.ERROR, Severity.WARNING))
    told = f"{errors}, {warnings}." if count[Severity.WARNING] else f"{errors}."
    # Rules over several cells, and magnitudes, are judged only where the cells can be read.
    more = " Mend what is told and check again: some checks wait for it."
    return told + more if count[Severity.ERROR] else told


def _count(number: int, kind: Severity) -> str:
    return f"{number or 'no'} {kind}{'' if number == 1 else 's'}"


def solution_facts(solution: Solution) -> dict[str, Any]:
    """The facts of a solution as plain JSON values; null where there is no figure."""
    return {
        "status": str(solution.status),
        "message": solution.solved.message,
        "objective": plain_value(solution.objective),
        "threats_met": solution.threats_met,
        POOLED_EXPENDITURE: plain_value(solution.pooled_expenditure),
        SHORTFALL: plain_value(solution.shortfall),
        MISSING_SHARE: plain_value(solution.missing_share),
        "bound": plain_value(solution.bound),
        "gap": plain_value(solution.gap),
        "concessions": [concession_fact(one) for one in solution.concessions],
        "costs": {entry: plain_value(value) for entry, value in solution.costs.items()},
        "columns": solution.shape[1],
        "rows": solution.shape[0],
        **solution.audits.facts(),
        "study": solution.study.name,
        "members": list(solution.coalition),
        "seconds": {step: round(value, 4) for step, value in solution.seconds.items()},
    }


def print_audits(console: Console, audits: Audits) -> None:
    """What the audits came to: in red where one failed."""
    style = "bold red" if audits.failed else "dim"
    console.print(audits.told, style=style, markup=False)


def concession_fact(concession: Concession) -> dict[str, Any]:
    """One concession as plain JSON values."""
    return {
        "share": concession.share,
        concession.held: plain_value(concession.most),
        POOLED_EXPENDITURE: plain_value(concession.value),
        "saves": plain_value(concession.saves) if concession.is_known else None,
        "status": str(concession.status),
        "chosen": concession.chosen,
    }


def print_solution(console: Console, solution: Solution) -> None:
    """One table: status first, threats met or not, then money and shortfall, never added up."""
    if not solution.threats_met:
        console.print(say_not_met(solution), style="bold red")
    table = ScreenTable(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(style="dim")
    for row in _lines(solution):
        table.add_row(*row)
    print_whole(console, table)


def say_not_met(solution: Solution) -> str:
    """That threats are not met, and that there is no plan, or none yet where a limit came first."""
    if solution.has_plan:
        return NOT_MET
    yet = " yet" if solution.status is Status.NO_PLAN_YET else ""
    return f"{NOT_MET}: no plan{yet}"


def print_whole(console: Console, table: ScreenTable) -> None:
    """A table, never cropped: where it is wider than the screen, its rows run over."""
    console.print(table, crop=False)


def format_money(amount: float) -> str:
    """A million with one decimal, and no minus before what rounds to nothing."""
    return f"{round(amount, 1) + 0.0:,.1f}"


def _lines(solution: Solution) -> list[tuple[str, str, str]]:
    money = solution.data.horizon.money
    lines = [("status", str(solution.status), solution.sentence)]
    if solution.solved.message:
        lines.append(("", "", solution.solved.message))
    if not solution.has_plan:
        return lines
    if solution.audit is not None and solution.audit.not_audited:
        lines.append(("NOT AUDITED", "", ", ".join(solution.audit.not_audited)))
    lines += [
        ("threats met", "yes" if solution.threats_met else "NO", ""),
        ("pooled expenditure", f"{solution.pooled_expenditure:,.1f}", f"{money}, present value"),
    ]
    for entry, value in sorted(solution.costs.items(), key=lambda item: -abs(item[1])):
        if abs(value) >= 0.05:
            remark = "deducted" if value < 0 else ""
            lines.append((f"  {entry.replace('_', ' ')}", f"{value:,.1f}", remark))
    if not solution.threats_met:
        lines.append(("shortfall", f"{solution.shortfall:,.2f}", "power-years, plain sum"))
    lines += _concessions(solution)
    bound = f"{solution.bound:,.6g}" if math.isfinite(solution.bound) else NOT_KNOWN
    lines.append(("gap", tell_gap(solution.gap), f"proven bound {bound}"))
    return lines


def format_percent(share: float) -> str:
    """A share in percent, as it is: 0.1 % never becomes 0 %."""
    return f"{100 * share:.6g} %"


def _concessions(solution: Solution) -> list[tuple[str, str, str]]:
    """The missing share in words, and what more of it would save."""
    if not solution.concessions:
        return []
    remark = MISSING_SHARE_SAYS
    chosen = next((one for one in solution.concessions if one.chosen), None)
    if chosen is None:
        remark += "; the least there is"
    else:
        remark += (
            f"; up to {format_percent(chosen.share)} above the least, as chosen "
            "(shortfall_tolerance)"
        )
    head = ("missing share", f"{solution.missing_share:,.4f}", remark)
    return [head, *(_concession(one) for one in solution.concessions if not one.chosen)]


def say_proof(one: Concession) -> str:
    """What is known of such a plan; a limit that leaves none says nothing of the plan at hand."""
    if one.status in (Status.FEASIBLE, Status.NO_PLAN_YET):
        return "not proven before the limit"
    return str(one.status)


def _concession(one: Concession) -> tuple[str, str, str]:
    if one.share:
        label, saves = f"  {format_percent(one.share)} above the least saves", one.saves
    else:
        label, saves = "  the least of it costs more", -one.saves
    remark = f"missing share at most {one.most:,.4f}"
    if one.is_known:
        return (label, format_money(saves), remark)
    return (label, NOT_KNOWN, f"{remark}; {say_proof(one)}")

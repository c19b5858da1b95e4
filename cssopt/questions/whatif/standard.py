"""The standard questions: what every planner asks of a plan, as scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.solution.plan import Solution
from cssopt.tables.convert import quote
from cssopt.tables.nearest import nearest_name
from cssopt.tables.patch import Step
from cssopt.tables.where import exactly

Scenarios = dict[str, tuple[Step, ...]]

QUESTIONS: Final[dict[str, str]] = {
    "leaving": "Each member in turn leaves with its forces and money, and its needs are no longer "
    "counted (N-1).",
    "largest": "The member of the largest gross domestic product leaves, likewise.",
    "withholding": "Each member in turn withholds its share of the common costs; the others bear "
    "it by their shares.",
    "withholding-cut": "Each member in turn withholds its share of the common costs, and they are "
    "cut: in no year may they be more than what the others paid in the base plan.",
    "threats": "What each threat requires is 10, 20 and 30 % less, and 10, 20 and 30 % more.",
    "ratification": "Each ratification in turn comes a year late: an activity of kind legislation "
    "or treaty that names a member starts no earlier than a year after its start in the base plan.",
}
"""Kind of question -> what it asks, for a planner."""

FACTORS: Final = (0.7, 0.8, 0.9, 1.1, 1.2, 1.3)
"""By which the requirements of a threat are scaled."""

RATIFIED_BY: Final = ("legislation", "treaty")
"""Kinds of activities that are a ratification where they name a member."""


def ask(kind: str, base: Solution) -> Scenarios:
    """The scenarios of one kind of question about a base plan, by name; each note says why.

    Empty where the question has no meaning for the base: one member, no activities, no common
    costs, or (for the questions that start from the plan) no plan. Raises DataError for a kind
    that there is not.
    """
    if kind not in QUESTIONS:
        text = f"{quote(kind)} is no standard question.{nearest_name(kind, QUESTIONS)}"
        raise DataError([Issue("E-512", "question", text)])
    return _ASK[kind](base)


def _ask_leaving(base: Solution) -> Scenarios:
    if len(base.coalition) < 2:
        return {}
    return {f"{m} leaves": (_leave(m, "N-1: a member leaves"),) for m in base.coalition}


def _ask_largest(base: Solution) -> Scenarios:
    if len(base.coalition) < 2:
        return {}
    gdp = base.data.members.gdp
    largest = max(base.coalition, key=lambda m: gdp[m])
    note = "the member of the largest gross domestic product leaves"
    return {f"{largest}, the largest member, leaves": (_leave(largest, note),)}


def _leave(member: str, note: str) -> Step:
    return Step(table="members", where=exactly("member", member), change="drop", note=note)


def _ask_withholding(base: Solution) -> Scenarios:
    note = "it withholds its share of the common costs; the others bear it"
    return {
        f"{m} withholds its common share": (_withhold(m, note),) for m in _who_can_withhold(base)
    }


def _ask_withholding_cut(base: Solution) -> Scenarios:
    note = "it withholds its share of the common costs"
    return {
        f"{m} withholds its common share, which is cut": (
            _withhold(m, note),
            *_cut(base, m),
        )
        for m in _who_can_withhold(base)
    }


def _who_can_withhold(base: Solution) -> list[str]:
    """Members that bear some of the common costs of the base plan beside others."""
    plan = base.quantities
    if plan is None or not any(cost > 0 for cost in _common_cost(base).values()):
        return []
    shares: dict[str, list[float]] = {m: [] for m in base.coalition}
    for (m, _), share in plan.key_share.items():
        shares[m].append(share)
    return [m for m, own in shares.items() if own and 0 < max(own) < 1]


def _common_cost(base: Solution) -> Mapping[int, float]:
    """Common costs by year; empty where the study has no such figure."""
    plan = base.quantities
    if plan is None or "common_cost" not in plan or "key_share" not in plan:
        return {}
    costs: Mapping[int, float] = plan.common_cost
    return costs


def _withhold(member: str, note: str) -> Step:
    where = exactly("member", member)
    return Step(table="members", where=where, column="common_weight", value=0.0, note=note)


def _cut(base: Solution, member: str) -> tuple[Step, ...]:
    """Ceilings of the common costs: those of the base plan without the member's share."""
    assert base.quantities is not None
    ceilings = base.data.tables["common_budgets"].columns["budget"]
    note = f"common costs of the base plan without the share of {member}"
    steps = []
    for year, cost in _common_cost(base).items():
        # Rounding of the solver may leave a cost of 0 a little below it.
        left = max(0.0, (1 - base.quantities.key_share[member, year]) * cost)
        if year not in ceilings:
            row = f"year={year}; budget={left!r}"
            steps.append(Step(table="common_budgets", where=row, change="add", note=note))
        elif left < ceilings[year]:
            where = f"year={year}"
            step = Step(table="common_budgets", where=where, column="budget", value=left, note=note)
            steps.append(step)
    return tuple(steps)


def _ask_threats(base: Solution) -> Scenarios:
    level = base.data.requirements.level
    needed = dict.fromkeys(k for (k, *_), power in level.items() if power > 0)
    return {
        f"{k} {100 * (factor - 1):+.0f} %": (
            Step(
                table="requirements",
                where=exactly("threat", k),
                column="level",
                change="scale",
                value=factor,
                note="the threat is smaller" if factor < 1 else "the threat is larger",
            ),
        )
        for k in needed
        for factor in FACTORS
    }


def _ask_ratification(base: Solution) -> Scenarios:
    if base.quantities is None:
        return {}
    activities = base.data.activities
    years: dict[str, list[int]] = {}
    for (a, t), state in base.quantities.started.items():
        if state > 0.5:
            years.setdefault(a, []).append(t)
    return {
        f"{a} a year late": (_delay(base, a, min(years.get(a, ()), default=None)),)
        for a in activities
        if activities.member[a] is not None and activities.kind[a] in RATIFIED_BY
        if len(base.coalition) > 1
    }


def _delay(base: Solution, activity: str, started: int | None) -> Step:
    first, last = base.data.settings.first_year, base.data.settings.last_year
    if started is not None:
        since, year = f"it starts in {started} in the base plan", started + 1
    else:
        year = (base.data.activities.earliest_year[activity] or first) + 1
        since = "the base plan never starts it"
    beyond = "; it then does not start within the years of the plan" if year > last else ""
    return Step(
        table="activities",
        where=exactly("activity", activity),
        column="earliest_year",
        value=year,
        note=f"{since}: {year} at the earliest{beyond}",
    )


_ASK: Final[dict[str, Callable[[Solution], Scenarios]]] = {
    "leaving": _ask_leaving,
    "largest": _ask_largest,
    "withholding": _ask_withholding,
    "withholding-cut": _ask_withholding_cut,
    "threats": _ask_threats,
    "ratification": _ask_ratification,
}

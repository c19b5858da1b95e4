"""How sure: what is proven, what the last steps of security cost, and what other runs say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from cssopt.questions.plan.view import PlanView
from cssopt.solution.near_plan import find_given
from cssopt.solution.plain import ratio
from cssopt.solution.plan import Solution
from cssopt.solution.told import find_doubt
from cssopt.solve.outcome import Status

Proof = Literal["proven", "money open", "all open", "interrupted", "none"]
"""``proven``: no plan leaves less missing, and none that leaves as little costs less; ``money
open``: a cheaper one may exist, by at most `doubt`; ``all open``: how much better another could be
is not known; ``interrupted``: it was ended from outside; ``none``: there is no plan."""


@dataclass(frozen=True)
class LastStep:
    """A plan that leaves a little more missing.

    Attributes
    ----------
    share: by which more than the least may be missing: 0.01 for 1 %.
    missing_of_all: of all needs. net_at_start: its net cost, million; nan where there is none.
    saves: against the plan, million. of_net: the same as a share of its net cost.
    is_proven: False where a limit ended it.
    """

    share: float
    missing_of_all: float
    net_at_start: float
    saves: float
    of_net: float
    is_proven: bool


@dataclass(frozen=True)
class Certainty:
    """How far a plan is proven.

    Attributes
    ----------
    proof: how far. doubt: million that a cheaper plan could save at most; 0 where it is proven, inf
        where that is not known.
    last_steps: plans that leave a little more missing, the least first; empty where nothing is
        missing, or it was not asked.
    price_of_missing: million for a unit and year, where what is missing could be bought off; None
        where security comes before money.
    given_up: by which share more than the least may be missing in the plan, to save money.
    is_least: True where it is proven that no plan leaves less missing.
    together: by which share of what is missing and of money, counted together, another plan may be
        better at most; inf where that is not known.
    """

    proof: Proof
    doubt: float
    last_steps: tuple[LastStep, ...]
    price_of_missing: float | None = None
    given_up: float = 0.0
    is_least: bool = True
    together: float = math.inf


def find_certainty(view: PlanView, missing_of_all: float, net_at_start: float) -> Certainty:
    """How far the plan is proven, and what its last steps of security cost."""
    plan = view.plan
    least = plan.missing_share
    steps = []
    for one in plan.concessions:
        if one.chosen or math.isnan(one.value):
            continue
        # Both weigh what is missing alike: their ratio is that of the missing parts.
        missing = missing_of_all * ratio(one.most, least)
        saves = net_at_start - one.value
        of_net = ratio(saves, net_at_start)
        steps.append(LastStep(one.share, missing, one.value, saves, of_net, one.is_known))
    steps.sort(key=lambda step: step.share)
    proof, price, given_up = find_proof(view), find_price_of_missing(plan), find_given_up(plan)
    is_free = not given_up and find_given(plan.study.components) is None
    is_least = is_free and price is None and proof in ("proven", "money open")
    together = math.inf if plan.solved.weighted is None else plan.solved.weighted.gap
    told = tuple(steps), price, given_up, is_least, together
    return Certainty(proof, find_doubt(plan), *told)


def find_given_up(plan: Solution) -> float:
    """By which share more than the least may be missing, where the study chose so to save money."""
    return next((one.share for one in plan.concessions if one.chosen), 0.0)


def find_price_of_missing(plan: Solution) -> float | None:
    """The setting that prices what is missing, where a stage makes that small beside money."""
    need = plan.study.require_need()
    stages = plan.solved.stages
    if need.price is None or not any(need.priced_stages in stage.name for stage in stages):
        return None
    table, setting = need.price
    return float(plan.data.tables[table].columns[setting][None])


def find_proof(view: PlanView) -> Proof:
    """How far a plan is proven, if there is one."""
    plan = view.plan
    if not plan.has_plan:
        return "none"
    if plan.status is Status.OPTIMAL:
        return "proven"
    if plan.status is Status.INTERRUPTED:
        return "interrupted"
    return "money open" if math.isfinite(find_doubt(plan)) else "all open"

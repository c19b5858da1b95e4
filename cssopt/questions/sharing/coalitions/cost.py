"""What coalitions spend by themselves: the answers, and the game that they make."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cssopt.errors import SolveError
from cssopt.names import join_names
from cssopt.questions.sharing.games.game import MOST_LISTED, Game
from cssopt.runs.outcome import Outcome
from cssopt.solution.plan import Solution
from cssopt.solution.told import find_doubt
from cssopt.solution.verdicts import Audits, Verdict
from cssopt.solve.outcome import Status

_SAMPLE = (
    "Members alone and the coalition of all are audited; of the other coalitions some, drawn at "
    "random. Every other plan was held to the rows and ranges of its own program."
)
_MOST_TOLD = 5


@dataclass(frozen=True)
class CoalitionCost:
    """What one coalition spends by itself.

    Attributes
    ----------
    members: who is in it, in the order of the workbook.
    cost: pooled expenditure of the plan found, million, present value; inf where there is none.
    bound: what it spends at least, as far as that is proven; inf where it is proven that there is
        no plan, -inf where nothing is.
    gap: distance of cost and bound as a share of the cost; 0 where the cost is proven, and where it
        is proven that there is no plan; inf where nothing is proven.
    status: how the solve ended.
    reason: why there is no cost, or what else is to be said of it; empty where nothing is.
    verdict: the rules that the plan breaks; None where nothing broken was seen, and no audit made.
    """

    members: tuple[str, ...]
    cost: float
    bound: float
    gap: float
    status: str
    reason: str = ""
    verdict: Verdict = None

    @classmethod
    def of_plan(cls, members: Sequence[str], plan: Solution, reason: str = "") -> CoalitionCost:
        """The cost of a plan; `reason` is told where there is none."""
        if not plan.has_plan:
            return cls.without_plan(members, plan.status, reason)
        doubt = find_doubt(plan)
        cost, said = plan.pooled_expenditure, plan.solved.message
        return cls._of(members, cost, doubt, plan.status, said, plan.verdict)

    @classmethod
    def of_outcome(cls, members: Sequence[str], outcome: Outcome) -> CoalitionCost:
        """The cost that an outcome tells."""
        if not outcome.has_plan:
            return cls.without_plan(members, Status(outcome.status), outcome.reason)
        cost, status = outcome.pooled_expenditure, Status(outcome.status)
        is_money = abs(outcome.objective - cost) <= 1e-6 * max(1.0, abs(cost))
        doubt = math.inf
        if status is Status.OPTIMAL:
            doubt = 0.0
        elif is_money and math.isfinite(outcome.gap) and math.isfinite(outcome.bound):
            doubt = max(0.0, cost - outcome.bound)
        return cls._of(members, cost, doubt, status, outcome.reason, outcome.verdict)

    @classmethod
    def without_plan(cls, members: Sequence[str], status: Status, reason: str) -> CoalitionCost:
        """A coalition without a plan: proven where that is what the status says."""
        is_proven = status is Status.INFEASIBLE
        bound, gap = (math.inf, 0.0) if is_proven else (-math.inf, math.inf)
        return cls(tuple(members), math.inf, bound, gap, str(status), reason)

    @classmethod
    def _of(
        cls,
        members: Sequence[str],
        cost: float,
        doubt: float,
        status: Status,
        said: str,
        verdict: Verdict,
    ) -> CoalitionCost:
        gap = doubt / max(1e-9, abs(cost))
        return cls(tuple(members), cost, cost - doubt, gap, str(status), said, verdict)

    @property
    def has_plan(self) -> bool:
        """True where there is a cost."""
        return math.isfinite(self.cost)

    @property
    def is_impossible(self) -> bool:
        """True where it is proven that the coalition has no plan."""
        return math.isinf(self.bound) and self.bound > 0

    @property
    def doubt(self) -> float:
        """By how much the cost may be above the least, million; inf: not known."""
        return 0.0 if self.is_impossible else self.cost - self.bound


@dataclass(frozen=True)
class CoalitionCosts:
    """What each coalition spends by itself: at equal security, or (strict) with no shortfall.

    Attributes
    ----------
    members: everybody, in the order of the workbook.
    costs: of every coalition that was asked for, by its members.
    is_strict: True where no shortfall is allowed.
    alone: the plan of each member by itself.
    grand: the plan of all together, audited; None where it was not asked for, or a member has no
        plan alone whose security it could equal.
    reused: how many coalitions the journal had.
    """

    members: tuple[str, ...]
    costs: Mapping[tuple[str, ...], CoalitionCost]
    is_strict: bool
    alone: Mapping[str, Solution]
    grand: Solution | None
    reused: int = 0

    @property
    def security(self) -> str:
        """At which security the costs are comparable, in words."""
        if self.is_strict:
            return "strict security: every need is met in full"
        return "equal security: no more is missing than if every member stood alone"

    @property
    def impossible(self) -> list[CoalitionCost]:
        """Coalitions of which it is proven that they have no plan."""
        return [cost for cost in self.costs.values() if cost.is_impossible]

    @property
    def unanswered(self) -> list[CoalitionCost]:
        """Coalitions of which no plan is known, nor that there is none."""
        return [c for c in self.costs.values() if not (c.has_plan or c.is_impossible)]

    @property
    def unproven(self) -> list[CoalitionCost]:
        """Coalitions whose cost may be above the least."""
        return [cost for cost in self.costs.values() if cost.has_plan and cost.doubt]

    @property
    def unsettled(self) -> dict[str, str]:
        """Why, of a member's equally good plans alone, it may be another that is meant."""
        if self.is_strict:
            return {}
        return {m: plan.solved.unsettled for m, plan in self.alone.items() if plan.solved.unsettled}

    def tell(self, names: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """What must be known of the costs, a sentence each; none where all are proven.

        `names`: what members are called, by code.
        """
        called = {m: (names or {}).get(m, m) for m in self.members}
        said = []
        if found := self.impossible:
            who, why = _name(found, called), _give_reasons(found)
            said.append(
                f"{who} has no plan, and so no cost: {why}."
                if len(found) == 1
                else f"{len(found):,} coalitions have no plan, and so no cost ({who}): {why}."
            )
        if found := self.unanswered:
            said.append(f"Not known is the cost of {_name(found, called)}: {_give_reasons(found)}.")
        if found := self.unproven:
            most = max(cost.doubt for cost in found)
            far = (
                f"up to {most:,.1f} million" if math.isfinite(most) else "by how much is not known"
            )
            said.append(
                f"{len(found):,} of {len(self.costs):,} costs are not proven to be the least: they "
                f"may be too high, {far}."
            )
        unproven = [m for m, plan in self.alone.items() if plan.has_plan and find_doubt(plan)]
        if unproven and not self.is_strict:
            who = join_names([called[m] for m in unproven])
            said.append(
                f"The plans alone of {who} are not proven to be the best, and the security that "
                "every coalition must equal is theirs."
            )
        said += [f"{called[member]} alone: {why}" for member, why in self.unsettled.items()]
        return tuple(said)

    def game(self) -> Game:
        """The game of these costs, with all of its coalitions.

        Raises SolveError where some were not asked for, or where there are too many to be listed.
        """
        count = len(self.members)
        if count > MOST_LISTED:
            raise SolveError(
                f"{count} members have {2**count - 1:,} coalitions, and no more than those of "
                f"{MOST_LISTED} members are listed. Name fewer with --members."
            )
        if len(self.costs) < 2**count - 1:
            raise SolveError(
                f"a game needs the cost of every coalition, and {len(self.costs):,} of "
                f"{2**count - 1:,} were asked for. Ask for all."
            )
        values, doubt = np.zeros((2, 2**count))
        bits = {member: 1 << place for place, member in enumerate(self.members)}
        for members, cost in self.costs.items():
            mask = sum(bits[member] for member in members)
            values[mask], doubt[mask] = cost.cost, cost.doubt
        return Game(self.members, values, doubt=doubt if doubt.any() else np.zeros(0))

    @property
    def audits(self) -> Audits:
        """The audits of all plans behind the costs."""
        verdicts = [
            (f"{'+'.join(cost.members)}{' alone' if len(cost.members) == 1 else ''}", cost.verdict)
            for cost in self.costs.values()
            if cost.has_plan
        ]
        others = [
            (f"{member} alone", plan.verdict)
            for member, plan in self.alone.items()
            if plan.has_plan and (member,) not in self.costs
        ]
        every = [*others, *verdicts]
        return Audits.of(every, _SAMPLE if any(each is None for _, each in every) else "")


def _name(costs: Sequence[CoalitionCost], called: Mapping[str, str]) -> str:
    named = ["+".join(called[m] for m in cost.members) for cost in costs[:_MOST_TOLD]]
    more = [f"{len(costs) - len(named):,} more"] if len(costs) > len(named) else []
    return join_names([*named, *more])


def _give_reasons(costs: Sequence[CoalitionCost]) -> str:
    """The reasons of all, each once."""
    reasons = list(dict.fromkeys(cost.reason.rstrip(".") for cost in costs if cost.reason))
    more = [f"and {len(reasons) - _MOST_TOLD:,} more reasons"] if len(reasons) > _MOST_TOLD else []
    return "; ".join([*reasons[:_MOST_TOLD], *more])

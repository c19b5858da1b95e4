"""The price list of rules: what every rule costs, by a plan without it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cssopt.assembly.instance import Instance
from cssopt.questions.rules.equal_security_cost import (
    SECURITY,
    EqualSecurityQuestion,
    find_question,
)
from cssopt.questions.rules.lifter import UNCHANGED, LiftSpecification, measure_money
from cssopt.questions.rules.verdict import RuleVerdict
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.solution.plan import Solution
from cssopt.solution.stage_values import find_rounding, is_less, measure_stages, polish_last
from cssopt.solve.answer import Options, StageResult, relative_gap
from cssopt.solve.compile import compile_problem
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.solve.warm.carried_basis import CarriedBasis, find_start
from cssopt.tables.data import Data
from cssopt.tables.rules_in_force import RuleInForce, find_rules_in_force


@dataclass(frozen=True)
class StageGain:
    """What a stage of the study gains without a rule, with those before it held.

    Attributes
    ----------
    stage: its name. base, without: its values with and without the rule. It rises only where a
        rule is no limit alone, and lifting it changes prices or dates as well.
    least, most: between them the gain is proven to be; infinite, or nan, where nothing is proven.
    """

    stage: str
    base: float
    without: float
    least: float
    most: float

    @property
    def found(self) -> float:
        """The gain between the plans found."""
        return self.base - self.without

    @property
    def rounding(self) -> float:
        """What is only rounding beside these values."""
        return find_rounding(self.base, self.without)

    @property
    def is_sure(self) -> bool:
        """True where it is proven that there is a gain."""
        return self.least > self.rounding

    @property
    def is_nothing(self) -> bool:
        """True where it is proven that there is none."""
        return self.most <= self.rounding

    @property
    def is_contradictory(self) -> bool:
        """True where it is proven that no plan without the rule is as good as that with it."""
        return self.most < -self.rounding


@dataclass(frozen=True, kw_only=True)
class ListedPrice:
    """One rule, or several lifted together, and what they cost.

    Attributes
    ----------
    name: unique in its list. rules: what was lifted.
    base, outcome: with every rule in force, and without these.
    asked: name of the stage, or question, that tells the money at equal security.
    """

    name: str
    rules: tuple[RuleInForce, ...]
    base: Outcome
    outcome: Outcome
    asked: str

    @cached_property
    def amounts(self) -> tuple[StageGain, ...]:
        """The gain of every stage that both have, in the order of the study."""
        base, own = self.base, self.outcome
        if own.way == UNCHANGED:
            return tuple(StageGain(name, x, x, 0.0, 0.0) for name, x in base.reached.items())
        return tuple(
            StageGain(
                name,
                value,
                own.reached[name],
                base.proven.get(name, -math.inf) - own.reached[name],
                value - own.proven.get(name, -math.inf),
            )
            for name, value in base.reached.items()
            if name in own.reached and base.has_plan
        )

    @property
    def missing_share(self) -> StageGain | None:
        """The missing share that the rule causes; None where there are no two plans.

        Where the study does not make it small first, it is that of the plans found, and nothing
        is proven of it.
        """
        for amount in self.amounts:
            if amount.stage == SECURITY:
                return amount
        if not (self.base.has_plan and self.outcome.has_plan):
            return None
        nothing_proven = math.nan, math.nan
        return StageGain(
            SECURITY, self.base.missing_share, self.outcome.missing_share, *nothing_proven
        )

    @property
    def cost(self) -> StageGain | None:
        """What the least expenditure falls by with no more missing: money at equal security."""
        return next((amount for amount in self.amounts if amount.stage == self.asked), None)

    @property
    def others(self) -> tuple[StageGain, ...]:
        """The other stages of the study: what they gain is neither security nor money."""
        return tuple(a for a in self.amounts if a.stage not in (SECURITY, self.asked))

    @property
    def gap(self) -> float:
        """Relative gap of the solve that gives the cost; nan without one."""
        cost = self.cost
        if cost is None:
            return math.nan
        return relative_gap(cost.without, self.outcome.proven.get(cost.stage, -math.inf))

    @property
    def saved(self) -> float:
        """Pooled expenditure with the rule less that of the plan that would come without it."""
        return self.base.pooled_expenditure - self.outcome.pooled_expenditure

    @property
    def is_equally_secure(self) -> bool:
        """True where that plan misses as much as the one with the rule."""
        share, base = self.outcome.missing_share, self.base.missing_share
        return not (math.isnan(share) or is_less(share, base) or is_less(base, share))

    @cached_property
    def verdict(self) -> RuleVerdict:
        """What is known of the price."""
        if not self.base.has_plan:
            return self._find_way_out()
        if not self.outcome.has_plan or len(self.amounts) < len(self.base.reached):
            return RuleVerdict.NO_ANSWER
        means = {SECURITY: RuleVerdict.SHORTFALL, self.asked: RuleVerdict.COSTS}
        first = [amount for amount in self.amounts if amount.stage in means]
        for amount in (*first, *self.others):
            if amount.is_contradictory:
                return RuleVerdict.WORSE
            if amount.is_sure:
                return means.get(amount.stage, RuleVerdict.OTHER_AIM)
        if all(amount.is_nothing for amount in self.amounts):
            return RuleVerdict.NOTHING
        return RuleVerdict.UNCLEAR

    def _find_way_out(self) -> RuleVerdict:
        """Where there is no plan with every rule: whether there is one without this."""
        if self.base.status != Status.INFEASIBLE:
            return RuleVerdict.NO_ANSWER
        if self.outcome.has_plan:
            return RuleVerdict.NO_PLAN_WITH
        nothing = self.outcome.status == Status.INFEASIBLE
        return RuleVerdict.NO_PLAN if nothing else RuleVerdict.NO_ANSWER

    @property
    def order(self) -> tuple[float, float, float, str]:
        """The dearest first: security before money; what costs nothing at the end."""
        rank = self.verdict.rank
        return rank, -_found(self.missing_share), -_found(self.cost), self.name


def _found(amount: StageGain | None) -> float:
    return 0.0 if amount is None or abs(amount.found) <= amount.rounding else amount.found


@dataclass(frozen=True)
class Lift:
    """Rules that are lifted in one run."""

    run: Run
    rules: tuple[RuleInForce, ...]


def find_priced_rules(instance: Instance, natures: Iterable[str]) -> tuple[RuleInForce, ...]:
    """The rules of these natures that bind a coalition in a study."""
    heeded = {
        (table.name, column.name)
        for component in instance.study.components
        for table in component.tables
        for column in table.columns
    }
    tables = {table for table, _ in heeded}
    wanted = set(natures)
    return tuple(
        rule
        for rule in find_rules_in_force(instance.restricted)
        if rule.rule.nature in wanted
        and (rule.table in tables if not rule.column else (rule.table, rule.column) in heeded)
    )


def design_lifts(data: Data, rules: Sequence[RuleInForce]) -> tuple[list[Lift], list[Lift]]:
    """A run for every rule, and one for every kind that has several, and for all of a nature."""
    alone = [_lift(data, rule.name, [rule]) for rule in rules]
    groups: dict[str, list[RuleInForce]] = {}
    natures: dict[str, list[RuleInForce]] = {}
    for rule in rules:
        groups.setdefault(f"every {rule.rule.name}", []).append(rule)
        natures.setdefault(f"every {rule.rule.nature}", []).append(rule)
    together = {name: own for name, own in groups.items() if len(own) > 1}
    together |= {
        name: own for name, own in natures.items() if len({rule.rule.name for rule in own}) > 1
    }
    return alone, [_lift(data, name, own) for name, own in together.items()]


def _lift(data: Data, name: str, rules: Sequence[RuleInForce]) -> Lift:
    run = Run(name, tuple(rule.lift(data) for rule in rules), audited=True)
    return Lift(run, tuple(rules))


def find_ground(base: Solution, study: str) -> LiftSpecification:
    """What all runs share, from the plan with every rule."""
    instance = base.instance
    options = base.options.begin_questions(sum(base.seconds.values()))
    program = compile_problem(instance.assemble())
    question = find_question(program, base.solved, base.study, options)
    asked = _ask_base(program, question, options)
    values, bounds = measure_stages((*polish_last(program, base.solved), *asked))
    outcome = OutcomeReader(program).read(base.solved, instance.restricted)
    return LiftSpecification(
        data=instance.data,
        study=study,
        members=instance.members,
        options=options,
        given=instance.given,
        base=replace(outcome, reached=values, proven=bounds, verdict=base.verdict),
        start=find_start(program, base.solved, options),
        question=question,
    )


def _ask_base(
    program: Program, question: EqualSecurityQuestion | None, options: Options
) -> tuple[StageResult, ...]:
    """The least expenditure with every rule, where no stage of the study asks for it."""
    if question is None or question.start is None:
        return ()
    neighbors = CarriedBasis(question.pose(program), question.start, options)
    return (measure_money(question.solve(program, neighbors)),)


def price_lifts(
    ground: LiftSpecification, lifts: Sequence[Lift], outcomes: Mapping[str, Outcome]
) -> tuple[ListedPrice, ...]:
    """The prices of these rules, the dearest first, from the outcomes by the names of the runs."""
    asked = "" if ground.question is None else ground.question.stage
    prices = [
        ListedPrice(
            name=lift.run.name,
            rules=lift.rules,
            base=ground.base,
            outcome=outcomes[lift.run.name],
            asked=asked,
        )
        for lift in lifts
    ]
    return tuple(sorted(prices, key=lambda price: price.order))

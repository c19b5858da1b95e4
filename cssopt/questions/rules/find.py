"""The rules that bind a study, the runs that lift them, and their prices from what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study
from cssopt.questions.rules.equal_security_cost import (
    EqualSecurityQuestion,
    find_question,
    find_security,
)
from cssopt.questions.rules.lifter import LiftSpecification, measure_money
from cssopt.questions.rules.result import ListedPrice
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.solution.plan import Solution
from cssopt.solution.stage_values import measure_stages, polish_last
from cssopt.solve.answer import Options, StageResult
from cssopt.solve.compile import compile_problem
from cssopt.solve.program import Program
from cssopt.solve.warm.carried_basis import CarriedBasis, find_start
from cssopt.tables.data import Data
from cssopt.tables.rules_in_force import RuleInForce, find_rules_in_force


@dataclass(frozen=True)
class Lift:
    """Rules that are lifted in one run."""

    run: Run
    rules: tuple[RuleInForce, ...]


def find_lifts(instance: Instance, *, facts: bool = False) -> tuple[list[Lift], list[Lift]]:
    """The runs of a price list: one for every rule, and one for every kind that has several.

    `facts` adds what only time or technology could change: transit, notice, delivery times.
    """
    natures = ("rule", "fact") if facts else ("rule",)
    return design_lifts(instance.data, find_priced_rules(instance, natures))


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


def specify_lifts(base: Solution, study: str) -> LiftSpecification:
    """What all runs share, from the plan with every rule."""
    instance = base.instance
    options = base.options.begin_questions(sum(base.seconds.values()))
    program = compile_problem(instance.assemble())
    question = find_question(program, base.solved, base.study, options)
    asked = _ask_base(program, question, options)
    values, bounds = measure_stages((*polish_last(program, base.solved), *asked))
    outcome = OutcomeReader(program, base.study).read(base.solved, instance.restricted)
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
    carried = CarriedBasis(question.pose(program), question.start, options)
    return (measure_money(question.solve(program, carried)),)


def price_lifts(
    specification: LiftSpecification,
    study: Study,
    lifts: Sequence[Lift],
    outcomes: Mapping[str, Outcome],
) -> tuple[ListedPrice, ...]:
    """The prices of these rules, the dearest first, from the outcomes by the names of the runs."""
    asked = "" if specification.question is None else specification.question.stage
    security = find_security(study)
    prices = [
        ListedPrice(
            name=lift.run.name,
            rules=lift.rules,
            base=specification.base,
            outcome=outcomes[lift.run.name],
            security=security,
            asked=asked,
        )
        for lift in lifts
    ]
    return tuple(sorted(prices, key=lambda price: price.order))

"""Finding what every coalition of members would spend by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random

from cssopt.assembly.component import find_objective
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import STRICT_STUDY, load_study
from cssopt.errors import SolveError
from cssopt.names import join_names
from cssopt.questions.sharing.coalitions.cost import CoalitionCost, CoalitionCosts
from cssopt.questions.sharing.coalitions.row_generation import Price
from cssopt.questions.sharing.coalitions.worker import (
    Coalition,
    CoalitionQuestion,
    CoalitionTask,
    CoalitionWorker,
    explain_no_plan,
)
from cssopt.questions.sharing.games.game import MOST_LISTED
from cssopt.runs.given import as_alone, solve_alone
from cssopt.runs.journal import Journal, open_journal
from cssopt.runs.many import Task, solve_tasks
from cssopt.runs.outcome import Outcome, Run, failed
from cssopt.runs.pool import STOPPED, Lost, Pool
from cssopt.runs.specification import fingerprint_instance, hash_text
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.solution.steps import NumberedStep
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status

_NOT_BEGUN = "not begun: no plan of all together was found, and so there is nothing to share"

_AUDITED, _LEAST_AUDITED = 0.02, 3
"""Share of the coalitions whose plans are audited, and the least number of them."""


def find_coalition_costs(
    instance: Instance,
    options: Options,
    *,
    folders: Sequence[Path],
    is_strict: bool = False,
    coalitions: Iterable[Coalition] | None = None,
    journal: Path | None = None,
    processes: int = 1,
    seek: Seek | None = None,
    tell: ProgressCallback = tell_nothing,
) -> CoalitionCosts:
    """The least pooled expenditure of every coalition of an instance's members.

    Each is what `cssopt.compare` gives for it: of one member the plan alone, its ties settled; of
    several the least expenditure at equal security. The members alone are solved once, whatever
    coalitions they are in. They and the coalition of all are audited.

    Parameters
    ----------
    options: of each solve; `patience` are the seconds for all of them, `until` when none is begun
        any more. What was not asked by then has no cost, and says so. Members alone are solved
        without the gap that is allowed to others: the security of every coalition is theirs.
    folders: the model folders.
    is_strict: allow no shortfall, instead of equal security.
    coalitions: those that are wanted; None: all. The members alone are solved in any case.
    journal: an SQLite file in which the cost of every coalition but the members alone and all
        together is written at once; those that it has, of the same inputs, are not solved again.
    processes: coalitions solved side by side (a script then needs the usual ``if __name__ ==
        "__main__":``).
    seek: once those that are wanted are known, asks for further ones, one after another.

    Ctrl-C keeps the coalitions that are solved, where `options` say so, and those that are not say
    that they were not begun; before the first of them it raises KeyboardInterrupt.

    Raises SolveError where the journal cannot be used, and where all coalitions of more members are
    asked for than are listed; DataError for a coalition with a stranger, and ModelError where a
    model folder lacks what is needed.
    """
    members = instance.coalition
    wanted = _find_wanted(instance, coalitions)
    if options.patience is not None:
        options = options.begin_questions(0.0)
    asking = replace(options, keep_on_interrupt=False)
    with open_journal(journal) as kept:
        question, alone = _find_question(instance, asking, folders, is_strict, processes, tell)
        costs: dict[Coalition, CoalitionCost] = {
            (m,): _cost_alone(m, plan, is_strict) for m, plan in alone.items()
        }
        grand = None
        if members in wanted:
            grand = alone[members[0]] if len(members) == 1 else None
            if len(members) > 1 and not _find_excluded(members, alone, is_strict):
                tell("the coalition of all")
                everybody = Task("the coalition of all", question.of(members), asking)
                grand = solve_tasks([everybody], 1, tell_nothing)[0]
                costs[members] = CoalitionCost.of_plan(members, grand, _why_not(grand, is_strict))
        several = [s for s in wanted if s not in costs]
        costs |= {s: excluded for s in several if (excluded := _find_excluded(s, alone, is_strict))}
        tasks = _choose_audited([s for s in several if s not in costs])
        shared = fingerprint_instance(question.instance, asking, folders)
        search = _Search(question, asking, shared, kept, processes, tell)
        is_open = grand is not None and not (grand.has_plan or costs[members].is_impossible)
        try:
            # Where it is not even known what all would share, the others are no use.
            search.solve([] if is_open else tasks)
        except KeyboardInterrupt:
            if not options.keep_on_interrupt:
                raise
        for asked in tasks:
            why = _NOT_BEGUN if is_open else STOPPED
            outcome = search.outcomes.get(asked.members, failed(why, final=False))
            costs[asked.members] = CoalitionCost.of_outcome(asked.members, outcome)
        known = CoalitionCosts(
            members, {s: costs[s] for s in wanted}, is_strict, alone, grand, search.reused
        )
        return known if seek is None else _seek(known, seek, search)


Seek = Callable[[CoalitionCosts, Price], None]
"""Hears what is known, and asks for the costs of further coalitions; inf for one without."""


def _seek(known: CoalitionCosts, seek: Seek, search: _Search) -> CoalitionCosts:
    """What is known, with the coalitions that were asked for."""
    costs = dict(known.costs)

    def price(members: Coalition) -> float:
        if members not in costs:
            excluded = _find_excluded(members, known.alone, known.is_strict)
            if excluded is None:
                search.solve([CoalitionTask(members)])
                excluded = CoalitionCost.of_outcome(members, search.outcomes[members])
            costs[members] = excluded
        return costs[members].cost

    seek(known, price)
    return replace(known, costs=costs, reused=search.reused)


def _find_wanted(
    instance: Instance, coalitions: Iterable[Coalition] | None
) -> tuple[Coalition, ...]:
    """The coalitions that are wanted, each in the order of the workbook, the largest first: then
    most can begin at one that has a member more."""
    members = instance.coalition
    if coalitions is not None:
        found = set()
        for asked in coalitions:
            names = replace(instance, coalition=tuple(asked)).coalition
            if strangers := [name for name in names if name not in members]:
                raise SolveError(
                    f"{join_names(strangers)} cannot be in a coalition, as the members are "
                    f"{join_names(members)}. Name others, or ask for more members."
                )
            found.add(tuple(m for m in members if m in names))
        return tuple(sorted(found, key=lambda s: (-len(s), [members.index(m) for m in s])))
    if len(members) > MOST_LISTED:
        raise SolveError(
            f"{len(members)} members have {2 ** len(members) - 1:,} coalitions, and no more than "
            f"those of {MOST_LISTED} members are listed. Name fewer with --members."
        )
    return tuple(s for size in range(len(members), 0, -1) for s in combinations(members, size))


def _find_question(
    instance: Instance,
    options: Options,
    folders: Sequence[Path],
    is_strict: bool,
    processes: int,
    tell: ProgressCallback,
) -> tuple[CoalitionQuestion, dict[str, Solution]]:
    """What coalitions are asked, and the plan of each member alone."""
    apart = as_alone(instance, find_objective("each alone", folders))
    if is_strict:
        strict = load_study(STRICT_STUDY, folders).objective
        study = replace(apart.study, objective=strict, ties=None)
        # An option that only the objective before read would change nothing.
        apart = apart.with_study(study.choosing(**study.options))
    # The security of every coalition is theirs: whatever gap is allowed, they are proven.
    proven = replace(options, gap=min(options.gap, Options.gap))
    alone = solve_alone(apart, proven, processes=processes, tell=tell)
    if is_strict:
        return CoalitionQuestion(apart, None), alone
    equal = replace(apart.study, objective=find_objective("as secure as alone", folders))
    missing = {member: dict(plan.missing) for member, plan in alone.items()}
    return CoalitionQuestion(apart.with_study(equal), missing), alone


def _cost_alone(member: str, plan: Solution, is_strict: bool) -> CoalitionCost:
    return CoalitionCost.of_plan((member,), plan, _why_not_alone(member, plan, is_strict))


def _why_not_alone(member: str, plan: Solution, is_strict: bool) -> str:
    if plan.status is not Status.INFEASIBLE:
        return _no_answer(plan)
    if is_strict:
        return explain_no_plan(is_strict=True)
    return f"{member} cannot keep the rules of study {plan.study.name} alone"


def _why_not(plan: Solution, is_strict: bool) -> str:
    if plan.status is Status.INFEASIBLE:
        return explain_no_plan(is_strict=is_strict)
    return _no_answer(plan)


def _no_answer(plan: Solution) -> str:
    return plan.solved.message or plan.sentence


def _find_excluded(
    coalition: Coalition, alone: Mapping[str, Solution], is_strict: bool
) -> CoalitionCost | None:
    """The coalition as one without a cost, where a member has no plan alone whose security it
    could equal; None where all have one, or none is to be equaled."""
    without = [m for m in coalition if not alone[m].has_plan]
    if is_strict or not without:
        return None
    told = (_why_not_alone(m, alone[m], is_strict=False).rstrip(".") for m in without)
    reasons = "; ".join(dict.fromkeys(told))
    statuses = [alone[m].status for m in without]
    status = Status.INFEASIBLE if Status.INFEASIBLE in statuses else statuses[0]
    return CoalitionCost.without_plan(
        coalition, status, f"there is no security alone that it could equal: {reasons}"
    )


def _choose_audited(coalitions: Sequence[Coalition]) -> list[CoalitionTask]:
    """The coalitions, with those marked that are audited: drawn at random, always the same."""
    count = len(coalitions)
    size = min(count, max(_LEAST_AUDITED, round(count * _AUDITED)))
    chosen = set(Random(0).sample(range(count), size))
    return [CoalitionTask(s, place in chosen) for place, s in enumerate(coalitions)]


class _Search:
    """Solves coalitions that the journal does not have, and writes each as it ends.

    Attributes
    ----------
    outcomes: by coalition, as far as it has come. reused: how many the journal had.
    """

    def __init__(
        self,
        question: CoalitionQuestion,
        options: Options,
        shared: str,
        journal: Journal,
        processes: int,
        tell: ProgressCallback,
    ) -> None:
        """`shared` is the fingerprint of what all coalitions have in common."""
        self._question = question
        self._options = options
        self._shared = shared
        self._journal = journal
        self._processes = processes
        self._tell = tell
        self.outcomes: dict[Coalition, Outcome] = {}
        self.reused = 0

    def solve(self, tasks: Sequence[CoalitionTask]) -> None:
        """Take from the journal what it has, and solve the rest."""
        keys = {task.members: self._fingerprint(task.members) for task in tasks}
        known = self._journal.find(keys.values())
        old = [task for task in tasks if keys[task.members] in known]
        read = self._journal.read(keys[task.members] for task in old)
        for task, outcome in zip(old, read, strict=True):
            if not task.audited or outcome.verdict is not None or not outcome.has_plan:
                self.outcomes[task.members] = outcome
                self.reused += 1
        todo = [task for task in tasks if task.members not in self.outcomes]
        pool = Pool(_begin, (self._question, self._options), min(self._processes, len(todo)))
        for task, result in pool.work(todo):
            outcome = failed(result.reason, final=False) if isinstance(result, Lost) else result
            run = Run("+".join(task.members), (), audited=task.audited)
            self._journal.write(keys[task.members], run, outcome)
            self.outcomes[task.members] = outcome
            done = len(self.outcomes)
            of = len(tasks) if len(tasks) > 1 else 0  # one by one nobody knows how many there are
            until = self._options.until
            self._tell(NumberedStep("coalition", done, of, run.name, done=done, until=until))

    def _fingerprint(self, members: Coalition) -> str:
        """SHA-256 of all that a cost depends on, what the members lack alone among it."""
        given = self._question.find_given(members)
        numbers = {name: [[repr(k), x] for k, x in given[name].items()] for name in given}
        return hash_text(json.dumps([self._shared, members, numbers]))


def _begin(question: CoalitionQuestion, options: Options) -> Callable[[CoalitionTask], Outcome]:
    """In each process: what finds the cost of one coalition after another."""
    return CoalitionWorker(question, options).find_cost

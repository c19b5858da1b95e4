"""Near-optimal plans: what is certain at a little more than the least cost, and what is free.

Every contribution is made as small and as large as can be with the expenditure a few percent above
the least, as in modeling to generate alternatives (Brill 1979); and plans are looked for that
differ most from the base plan and each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np

from cssopt.assembly.criteria import ANY_PLAN, MOST_SPENT
from cssopt.errors import ModelError
from cssopt.modeling.objective import ContributionKind, Criterion
from cssopt.names import YEAR, key_parts
from cssopt.questions.alternatives.distinct_plans import Differ, Distinct, Space
from cssopt.questions.alternatives.ranges import Bounds, Ranges
from cssopt.questions.alternatives.result import (
    MOST_ENDS,
    NOTHING,
    Alternative,
    Alternatives,
    Contribution,
)
from cssopt.runs.plan_checks import check_outcome, check_plan
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.runs.solve_case import find_processes
from cssopt.solution.held_stages import figure_of, find_held
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.solution.verdicts import Auditor, Verdict
from cssopt.solve.answer import Basis, Options, StageResult, relative_gap
from cssopt.solve.compile import compile_problem
from cssopt.solve.program import Floats, Program
from cssopt.solve.warm.next_question import LinearFigure

_LARGE = 25_000
"""Decisions from which one range takes so long that not all of them are asked for."""

_MOST = 30.0
"""Steps of all ranges of a large program, in what its plan took from nothing. Steps near a known
plan are quicker than those that are counted for it (8 members: 1.1 against 1.8 ms)."""

_LONG = 5.0
"""Times what by the clock ends questions elsewhere: where work ends them, only what got stuck."""


def find_alternatives(
    base: Solution,
    program: Program,
    expenditure: Criterion,
    *,
    within: Sequence[float],
    plans: int,
    processes: int | None = None,
    tell: ProgressCallback = tell_nothing,
) -> Alternatives:
    """Ranges of every contribution, and plans that differ most, for each share of `within`.

    `base` and `program` are as of `run_program`. What the study's stages hold is held in all plans.
    `plans`: most alternatives for each share. `processes`: contributions asked side by side; None:
    as many as pay.
    """
    levels = tuple(sorted(set(within)))
    if base.solved.values is None:
        return Alternatives(base, levels)
    instance, basis = base.instance, base.solved.bases[-1] if base.solved.bases else None
    most_steps, took = _find_most_steps(program, base.options, basis), sum(base.seconds.values())
    options = base.options.begin_questions(took if math.isinf(most_steps) else _LONG * took)
    money = figure_of(expenditure, program, instance.study)
    bounds = Bounds(money, money.of(base.solved.values))
    bounds.add(base.solved.values)
    # In fractions a bound decides what a part of a line is worth: it stays as it was solved.
    told = {MOST_SPENT: bounds.ceiling(levels[-1])} if program.is_whole else {ANY_PLAN: True}
    instance = instance.with_given(told)
    program = compile_problem(instance.assemble())
    held = find_held(program, base.solved, [expenditure])
    contributions = dict(_find_contributions(base, program))
    # Both ends of a contribution take about as long as a plan.
    processes = processes or find_processes(base, len(contributions))
    search = Ranges(
        held.program,
        options,
        bounds,
        levels,
        basis=basis,
        processes=processes,
        most_steps=most_steps,
    )
    ranges = search.find(contributions, tell)
    if search.is_spent:
        # What differs most is then chosen among the plans that are known.
        options = replace(options, until=-math.inf)
    count = len(bounds.plans)
    auditor = Auditor(instance.assemble)
    found, solves, interrupted = [], search.solves, search.cancelled
    apart = {one: figure for one, figure in contributions.items() if one.tells_apart}
    reader = OutcomeReader(program, instance.study)
    for level in levels if apart and not interrupted else ():
        tell(f"plans that differ most within {level:.3g}")
        own = [one for one in ranges if one.within == level and one.contribution in apart]
        differ = Differ(held.program, options, bounds, level, Space(list(apart.values()), own))
        for number, distinct in enumerate(differ.find(plans), start=1):
            one = _as_alternative(base, program, reader, apart, level, number, distinct)
            outcome = check_outcome(one.outcome, program, distinct.plan, auditor)
            found.append(replace(one, outcome=outcome))
        solves += differ.solves
        interrupted = interrupted or differ.cancelled
    if not search.is_proven:
        # Plans that differ most may reach farther than what was known before them.
        ranges, count = search.tell(contributions), len(bounds.plans)
    ends = _audit_ends(held.program, [plan for _, plan in bounds.plans[1:count]], auditor)
    own_plan = replace(reader.read(base.solved, base.data), verdict=base.verdict)
    answers = (held.ceilings, tuple(ranges), tuple(found))
    return Alternatives(
        base, levels, own_plan, *answers, ends, solves, interrupted, is_spent=search.is_spent
    )


def _find_most_steps(program: Program, options: Options, basis: Basis | None) -> float:
    """How much may be asked of a large program in fractions, where nobody says how long: about as
    much as ten plans take with their files, whatever the clock says."""
    is_limited = program.shape[1] >= _LARGE and options.patience is None
    if not is_limited or program.is_whole or basis is None or basis.steps is None:
        return math.inf
    return _MOST * basis.steps


def _audit_ends(program: Program, plans: Sequence[Floats], auditor: Auditor) -> tuple[Verdict, ...]:
    """Of the plans at the ends of ranges a sample, drawn at random but always the same, is audited;
    of all of them the rows are checked."""
    count = len(plans)
    chosen = set(Random(0).sample(range(count), min(count, MOST_ENDS)))
    return tuple(
        check_plan(program, plan, auditor if place in chosen else None)
        for place, plan in enumerate(plans)
    )


def _find_contributions(
    base: Solution, program: Program
) -> Iterator[tuple[Contribution, LinearFigure]]:
    """Every contribution that the components of the study declare, with its figure."""
    for component in base.study.components:
        for kind in component.contributions:
            for by in kind.by:
                sums = _add_up(base, program, kind, tuple(by.split()), component.path)
                for key in _in_order(sums):
                    yield Contribution(kind, tuple(by.split()), key), sums[key]


def _in_order(keys: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Keys by their first code, then the second, each code where it first appears."""
    every = list(keys)
    places = [
        {code: i for i, code in enumerate(dict.fromkeys(column))}
        for column in zip(*every, strict=True)
    ]
    return sorted(every, key=lambda key: [own[code] for own, code in zip(places, key, strict=True)])


def _add_up(
    base: Solution, program: Program, kind: ContributionKind, by: tuple[str, ...], file: Path
) -> dict[tuple[str, ...], LinearFigure]:
    """The quantity by some of its indices: the sum over the others, over years the mean."""
    assert base.quantities is not None
    quantity = base.quantities.quantities.get(kind.quantity)
    if quantity is None or not set(by) <= set(quantity.index_names):
        raise ModelError(
            f'{file}: the contribution "{kind.name}" asks for "{kind.quantity}" by '
            f"{', '.join(by)}: no "
            "quantity of the study has this name and these indices"
        )
    places = [quantity.index_names.index(index) for index in by]
    mean = YEAR in quantity.index_names and YEAR not in by
    share = 1 / len(base.data.horizon.years) if mean else 1.0
    columns = {
        key: place for place, (_, name, key) in enumerate(program.columns) if name == kind.quantity
    }
    sums: dict[tuple[str, ...], LinearFigure] = {}
    for key in quantity.values:
        codes = key_parts(key)
        kept = tuple(codes[place] for place in places)
        known = sums.get(kept, LinearFigure(np.zeros(program.shape[1])))
        row = program.figures.get(("figure", kind.quantity, key))
        if row is None:
            known.coefficients[columns[key]] += share
            sums[kept] = known
        else:
            sums[kept] = LinearFigure(
                known.coefficients + share * program.row_of_figure(row),
                known.constant + share * float(program.offsets[row]),
            )
    return sums


def _as_alternative(
    base: Solution,
    program: Program,
    reader: OutcomeReader,
    apart: Mapping[Contribution, LinearFigure],
    within: float,
    number: int,
    distinct: Distinct,
) -> Alternative:
    assert base.solved.values is not None
    stage = StageResult("difference", distinct.status, distinct.apart, distinct.bound, 0.0)
    gap = relative_gap(distinct.apart, distinct.bound)
    more = {one: f.of(distinct.plan) - f.of(base.solved.values) for one, f in apart.items()}
    return Alternative(
        within,
        number,
        reader.read_plan(program, distinct.plan, stage, gap, base.data),
        distinct.apart,
        distinct.bound,
        sum(map(abs, more.values())),
        {one: change for one, change in more.items() if abs(change) > NOTHING},
        distinct.status,
    )

"""Questions to the program: plans, equal security, near-optimal ranges, nearness to a plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .bounds import Aim, Bounds
from .facts import Facts, Need
from .linear import CONSTANT, TINY, ZERO, Answer, Expression, Linear, total
from .program import Program
from .sheets import Book, Sheets

Units = dict[tuple[str, str, int], float]
"""Units held by member, force and year."""

SAME = 1e-7
"""Shares of needs that are closer than this are the same."""


@dataclass(frozen=True)
class Plan:
    """An optimum; `objective` is that of the last stage."""

    objective: float
    money: float
    missing_share: float
    weighted_shortfall: float
    shortfall: dict[Need, float]
    burden: dict[str, float]
    held: Units


def solve(
    sheets: Sheets,
    coalition: Sequence[str],
    objective: str = "pooled_cost",
    *,
    aim: Aim | None = None,
    relaxed: bool = False,
) -> Plan | None:
    """The plan of `pooled_cost`, `least_shortfall` or `strict`; None where there is none."""
    program = _build(sheets, coalition, aim or Aim(), relaxed)
    found = _optimise(program, program.linear, objective, program.money)
    return None if found is None else _read(program, found)


def _build(sheets: Sheets, coalition: Sequence[str], aim: Aim, relaxed: bool = False) -> Program:
    facts = Facts(Book(sheets), coalition)
    return Program(facts, Bounds(facts, aim), relaxed)


def _optimise(program: Program, linear: Linear, objective: str, last: Expression) -> Answer | None:
    """The stages of an objective; `last` is what its last one makes small, penalties apart.

    All stages before the last are held in `linear` afterwards.
    """
    penalty = program.facts.penalty
    if objective == "strict":
        for column in program.shortfall.values():
            linear.column_upper[column] = 0.0
        return linear.minimise(last)
    if objective == "pooled_cost" and penalty is not None:
        return linear.minimise(total((1, last), (penalty, program.weighted_shortfall())))
    share = program.missing_share()
    first = linear.minimise(share)
    if first is None:
        return None
    linear.hold(share, first)
    return linear.minimise(last)


def _read(program: Program, found: Answer) -> Plan:
    return Plan(
        found.objective,
        found.of(program.money),
        found.of(program.missing_share()),
        found.of(program.weighted_shortfall()),
        {need: max(0.0, found.values[column]) for need, column in program.shortfall.items()},
        {m: found.of(burden) for m, burden in program.burden.items()},
        {key: found.of(units) for key, units in program.held.items()},
    )


# Equal security


@dataclass(frozen=True)
class Equal:
    """Members alone, and the coalition no less secure than they are.

    `decided` is False where whole numbers let plans alone tie that the rule cannot tell apart: the
    saving then depends on which of them is meant. `saving` is None where no plan keeps the
    ceilings.
    """

    alone: dict[str, Plan]
    money: float | None
    decided: bool

    @property
    def saving(self) -> float | None:
        """What acting together saves."""
        if self.money is None:
            return None
        return sum(plan.money for plan in self.alone.values()) - self.money


def solve_equal_security(
    sheets: Sheets, coalition: Sequence[str], *, relaxed: bool = False
) -> Equal:
    """Least expenditure with no need shorter than members would leave it alone."""
    alone: dict[str, Plan] = {}
    decided = True
    for m in coalition:
        plan, sure = choose_alone(sheets, m, relaxed=relaxed)
        decided = decided and sure
        alone[m] = plan
    program = _build(sheets, coalition, Aim(), relaxed)
    for need, column in program.shortfall.items():
        short = {m: plan.shortfall.get(need, 0.0) for m, plan in alone.items()}
        program.linear.at_most({column: 1.0}, program.ceiling(need, short))
    found = program.linear.minimise(program.money)
    return Equal(alone, None if found is None else found.of(program.money), decided)


def choose_alone(sheets: Sheets, member: str, *, relaxed: bool = False) -> tuple[Plan, bool]:
    """The plan alone that the rule of section 6 chooses, and True where no need can then differ.

    Among equally good plans that whose largest `shortfall / full` is least, then the next largest.
    """
    program = _build(sheets, [member], Aim(), relaxed)
    linear, facts = program.linear, program.facts
    first = _optimise(program, linear, "pooled_cost", program.money)
    assert first is not None, f"{member} alone has no plan"
    shares = [{column: 1 / facts.full[need]} for need, column in program.shortfall.items()]
    if max((first.of(share) for share in shares), default=0.0) <= ZERO:
        return _read(program, first), True
    last = program.money
    if facts.penalty is not None:
        last = total((1, last), (facts.penalty, program.weighted_shortfall()))
    if not linear.has_whole:
        linear.hold(last, first)
        _level(linear, shares)
        found = linear.minimise(last)
        assert found is not None
        return _read(program, found), True
    linear.limit(last, first.objective, scale=1.0)  # money has other sizes than shares
    spread, found = _spread(linear, shares)
    if spread > SAME:
        _level_whole(linear, shares)
        spread, found = _spread(linear, shares)
    return _read(program, found), spread <= SAME


def _level(linear: Linear, shares: list[Expression]) -> None:
    """Hold the largest share at its least, then the next largest, until all are held.

    In a convex set the shares whose ceilings have duals are at the largest in every such plan.
    """
    free = list(shares)
    while free:
        largest = linear.column()
        begin = len(linear.row_lower)
        for share in free:
            linear.at_most(share, {largest: 1.0})
        found = linear.minimise({largest: 1.0})
        assert found is not None
        assert found.row_duals is not None
        if found.objective <= ZERO:
            for share in free:
                for column in share:
                    linear.column_upper[column] = 0.0
            return
        held = [abs(dual) > TINY for dual in found.row_duals[begin:]]
        linear.hold({largest: 1.0}, found)
        assert any(held)
        free = [share for share, done in zip(free, held, strict=True) if not done]


def _level_whole(linear: Linear, shares: list[Expression]) -> None:
    """The same among whole numbers: the sum of the n largest shares at its least, n = 1, 2, ...

    That sum is the least of `n * limit + sum of what is above the limit`.
    """
    before = 0.0
    for number in range(1, len(shares) + 1):
        limit = linear.column()
        largest: Expression = {limit: float(number)}
        for share in shares:
            above = linear.column()
            linear.at_most(share, {limit: 1.0, above: 1.0})
            largest[above] = 1.0
        found = linear.minimise(largest)
        assert found is not None
        linear.limit(largest, found.objective)
        if found.objective - before <= SAME:
            return
        before = found.objective


def _spread(linear: Linear, shares: list[Expression]) -> tuple[float, Answer]:
    """How far an arbitrary mix of the shares can differ between plans, and one of these plans."""
    mix = total(*((math.sin(1 + 7.3 * place), share) for place, share in enumerate(shares)))
    least, most = linear.minimise(mix), linear.maximise(mix)
    assert least is not None
    assert most is not None
    return most.objective - least.objective, least


# Near-optimal alternatives


@dataclass(frozen=True)
class Ends:
    """Least and most of a contribution."""

    least: float
    most: float


class Near:
    """Plans within a share beyond the least cost: least and most of what members give.

    The missing share is held at its least, or with a penalty the weighted shortfall at that of the
    plan.
    """

    def __init__(self, sheets: Sheets, coalition: Sequence[str], within: float):
        plan = solve(sheets, coalition)
        assert plan is not None
        self.plan = plan
        ceiling = plan.money * (1 + within)
        aim = Aim(lean=False, expenditure=ceiling + SAME)
        self._units = _hold_plan(sheets, coalition, aim, plan, ceiling)
        self._wasteful = _hold_plan(sheets, coalition, replace(aim, wasteful=True), plan, ceiling)

    def units(self, force: str, *members: str) -> Ends:
        """Units of a force held by some members, mean over the years; default: all members."""
        facts = self._units.facts
        share = 1 / len(facts.years)
        mean = total(
            *(
                (share, self._units.held[m, force, t])
                for m in members or facts.members
                for t in facts.years
            )
        )
        return _find_ends(self._units.linear, mean)

    def burden(self, member: str) -> Ends:
        """Present value of what a member bears."""
        return _find_ends(self._wasteful.linear, self._wasteful.burden[member])


def _hold_plan(
    sheets: Sheets, coalition: Sequence[str], aim: Aim, plan: Plan, ceiling: float
) -> Program:
    program = _build(sheets, coalition, aim)
    linear = program.linear
    if program.facts.penalty is None:
        share = program.missing_share()
        first = linear.minimise(share)
        assert first is not None
        linear.hold(share, first)
    elif plan.weighted_shortfall <= ZERO:
        for column in program.weighted_shortfall():
            linear.column_upper[column] = 0.0
    else:
        linear.limit(program.weighted_shortfall(), plan.weighted_shortfall)
    linear.row(program.money, upper=ceiling)
    return program


def _find_ends(linear: Linear, expression: Expression) -> Ends:
    least, most = linear.minimise(expression), linear.maximise(expression)
    assert least is not None
    assert most is not None
    return Ends(least.objective, most.objective)


# Near a base plan


def solve_near(
    sheets: Sheets,
    coalition: Sequence[str],
    base: Units,
    *,
    weight: float = 0.0,
    most: float = math.inf,
) -> Plan | None:
    """The plan that weighs, or limits, units held more or less than in a base plan.

    With a weight any plan bounds what the best one may spend and move: it is found within narrow
    bounds first, and then among all plans that could be better.
    """
    if math.isfinite(most):
        return _solve_near(sheets, coalition, base, weight, most, Aim(lean=False, moves=most))
    discount = Facts(Book(sheets), coalition).discount
    some = _solve_near(sheets, coalition, base, weight, most, Aim())
    assert some is not None
    moves = some.objective / (weight * min(discount.values()))
    aim = Aim(lean=False, expenditure=some.objective, moves=moves)
    return _solve_near(sheets, coalition, base, weight, most, aim)


def _solve_near(
    sheets: Sheets, coalition: Sequence[str], base: Units, weight: float, most: float, aim: Aim
) -> Plan | None:
    program = _build(sheets, coalition, replace(aim, base=base))
    facts = program.facts
    moved = program.count_moves(base)
    # units of the base plan that can be held no more have all been moved
    gone = {
        key: units
        for key, units in base.items()
        if key not in moved and key[0] in facts.member and key[2] in facts.discount
    }
    if math.isfinite(most):
        moves = total((1, dict.fromkeys(moved.values(), 1.0)), (sum(gone.values()), {CONSTANT: 1}))
        program.linear.row(moves, upper=most)
    penalty = total(
        *((weight * facts.discount[key[2]], {column: 1.0}) for key, column in moved.items()),
        *((weight * facts.discount[key[2]] * units, {CONSTANT: 1}) for key, units in gone.items()),
    )
    last = total((1, program.money), (1, penalty))
    found = _optimise(program, program.linear, "pooled_cost", last)
    return None if found is None else _read(program, found)

"""Prices of rules: what one more unit of room in a row of a rule of policy saves, and how far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from cssopt.names import key_parts
from cssopt.questions.prices.kept_side import keep_straight_side
from cssopt.questions.prices.line import Sample
from cssopt.questions.prices.one_side import TooLongError, explore_side
from cssopt.questions.prices.optimum import Optimum, Span
from cssopt.questions.prices.security import Security
from cssopt.solution.extract import find_slack
from cssopt.solution.price import FARTHEST, TINY, Refusal, RulePrice, Side

MOST_RULES: Final = 10
"""Rules of each stage, the dearest by the duals of the plan, whose ranges are looked for."""
_FAR: Final = 1.0
"""How far the bound of a rule is moved, by its own size, or by 1 where it is less."""


def list_rules(optimum: Optimum) -> list[tuple[RulePrice, int, float]]:
    """The dearest rules by the duals of the plan, with the place and the sign of each row."""
    duals = optimum.gradient.rows
    found = [
        (
            RulePrice(
                rule=declared.name,
                doc=declared.doc or "",
                index_names=declared.index_names,
                key=key_parts(key),
                duals=tuple((-sign * duals[:, place]).tolist()),
            ),
            place,
            sign,
        )
        for _, declared, rows in find_slack(optimum.shape.problem, optimum.program)
        for key, place, sign in rows
        if declared.policy
    ]
    dear = set[int]()
    for stage in range(len(duals)):
        moving = [row for row in found if abs(row[0].duals[stage]) > TINY]
        moving.sort(key=lambda row: -abs(row[0].duals[stage]))
        dear |= {place for _, place, _ in moving[:MOST_RULES]}
    return [row for row in found if row[1] in dear]


def find_base(optimum: Optimum, listed: tuple[RulePrice, int, float]) -> Sample:
    """The optimum at the inputs as they are, along the room in a listed rule."""
    _, place, sign = listed
    _, span = _find_span(optimum, place, sign)
    return _turn(optimum.at_bound(place, sign, span), sign)


def _find_span(optimum: Optimum, place: int, sign: float) -> tuple[float, Span]:
    """The size of the bound of a rule, and how far it is moved."""
    bounds = optimum.program.row_lower if sign > 0 else optimum.program.row_upper
    scale = max(1.0, abs(float(bounds[place])))
    return scale, (-_FAR * scale, _FAR * scale)


def look_at_rule(
    optimum: Optimum,
    security: Security,
    listed: tuple[RulePrice, int, float],
    base: Sample,
    check: Callable[[], None],
) -> RulePrice:
    """One of the listed rules with what new solves say of less and of more room in it.

    `base` is as of `find_base`. `check` is called before every solve, and raises TooLongError where
    there is no work left: a side then holds as far as the bases of the plan tell.
    """
    rule, place, sign = listed

    def evaluate(slack: float) -> Sample | Refusal:
        check()
        found = optimum.sample_slack(place, sign, slack, span)
        return _turn(found, sign) if isinstance(found, Sample) else found

    scale, span = _find_span(optimum, place, sign)
    told, sides = security.of_row(optimum.program, place), list[Side | None]()
    for limit, end in zip(span[::-1], (base.high, base.low), strict=True):
        optimum.shape.solver.return_to_first()
        try:
            side: Side | None = explore_side(
                evaluate, base, limit, scale, limited_by=FARTHEST, told=told
            )
        except TooLongError:
            side = None if end is None else keep_straight_side(base, end, scale, told)
        sides.append(side)
    up, down = sides
    return replace(rule, down=down, up=up)


def _turn(sample: Sample, sign: float) -> Sample:
    """A sample along a bound as one along the room that it leaves."""
    return replace(sample, slopes=-sign * sample.slopes)

"""Books whose needs, limits and means all belong to members, and what their coalitions cost."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from books import make_data, read_study
from independent.random_books import Rows, make_random_book

from cssopt.assembly.instance import Instance
from cssopt.questions.sharing.games.game import Game
from cssopt.runs.given import ALONE_SHORTFALL, solve_alone, sum_alone_shortfall
from cssopt.solution.plan import Solution
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.stages import solve_program

CORE, INDUSTRY, MEASURES = 0, 3, 7
"""Kinds of random books, by seed modulo 10, that are linear but for whole units."""


def make_owned_book(seed: int, *, most: float = 1.0) -> dict[str, Rows]:
    """A random book whose exposures add up to at most `most` for every threat.

    No unit is whole, and there are no bodies. Where measures have a price, no member has a budget:
    common costs would stand inside it.
    """
    chance = random.Random(seed)
    kind = chance.choice([CORE, INDUSTRY, MEASURES, MEASURES])
    book = make_random_book(10 * seed + kind)
    book["forces"] = [_without(row, book["forces"][0], "whole", "programme_cost", "fleet_cost")
                      for row in book["forces"]]  # fmt: skip
    members = [row[0] for row in book["members"][1:]]
    book["exposure"] = [["threat", "member", "share"]]
    for threat in (row[0] for row in book["threats"][1:]):
        parts = [chance.random() if chance.random() < 0.8 else 0.0 for _ in members]
        scale = most * chance.choice([1.0, 1.0, 0.7]) / max(sum(parts), 1e-9)
        shares = [
            [threat, m, min(1.0, part * scale)]
            for m, part in zip(members, parts, strict=True)
            if part
        ]
        book["exposure"] += shares or [[threat, members[0], 0.5]]
    if kind == MEASURES:
        book.pop("bodies", None)
        book["measures"] = [[*row[:3], "body" if i == 0 else None]
                            for i, row in enumerate(book["measures"])]  # fmt: skip
        book.pop("budgets", None)
        book["members"] = [_without(row, book["members"][0], "budget_share")
                           for row in book["members"]]  # fmt: skip
    return book


def _without(row: list[object], head: list[object], *columns: str) -> list[object]:
    blank = {head.index(name) for name in columns}
    return row if row is head else [None if i in blank else x for i, x in enumerate(row)]


@dataclass(frozen=True)
class Owned:
    """The plan of all at equal security, those of members alone, and what each coalition costs."""

    whole: Solution
    alone: Mapping[str, Solution]
    game: Game


def solve_alone_and_whole(
    book: Mapping[str, Rows], study: str = "no_institutions"
) -> tuple[Solution, dict[str, Solution]]:
    """The plan of all at equal security, and those of members alone."""
    asking = _Asking(book, study)
    return run_study(asking.ask(asking.members), Options()), asking.alone


def solve_owned(book: Mapping[str, Rows], study: str = "no_institutions") -> Owned | None:
    """Every coalition at equal security, by an own build; None where a member has no plan alone."""
    asking = _Asking(book, study)
    members, alone = asking.members, asking.alone
    if not all(plan.has_plan for plan in alone.values()):
        return None
    values = np.zeros(1 << len(members))
    game = Game(members, values)
    for size in range(1, len(members)):
        for coalition in combinations(members, size):
            program = compile_problem(asking.ask(coalition).assemble())
            solved = solve_program(program, Options())
            has_plan = solved.values is not None
            values[game.mask(coalition)] = solved.stages[-1].value if has_plan else np.inf
    whole = run_study(asking.ask(members), Options())
    values[game.all] = whole.objective
    return Owned(whole, alone, game)


class _Asking:
    """Questions of one book at equal security."""

    def __init__(self, book: Mapping[str, Rows], study: str) -> None:
        self._data, chosen = make_data(book), read_study(study)
        self.members = tuple(self._data.parties)
        self.alone = solve_alone(Instance(self._data, chosen, self.members), Options())
        self._study = replace(chosen, objective=read_study("equal_security").objective)

    def ask(self, coalition: tuple[str, ...]) -> Instance:
        lacks = sum_alone_shortfall({m: self.alone[m] for m in coalition})
        return Instance(self._data, self._study, coalition, {ALONE_SHORTFALL: lacks})

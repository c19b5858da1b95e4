"""The worst coalition of the members of a plan by one search: the plan of all, members in or out.

A decision of 0 or 1 for each member says whether it takes part. What goes with a member is
multiplied by it: its part of every bound and coefficient (products in the form of McCormick 1976),
and its decisions. Rules that cannot be written so are left out, so that a coalition never costs
less than the search says; where every rule belongs to members, it is exact.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from cssopt.assembly.instance import Instance
from cssopt.errors import SolveError
from cssopt.names import join_names
from cssopt.questions.sharing.coalitions.ownership import (
    Flags,
    Ownership,
    adds_up,
    build_ownership,
    restrict,
)
from cssopt.questions.sharing.coalitions.row_generation import (
    Coalition,
    LeastCore,
    Price,
    Separate,
    Separation,
    Shares,
    find_least_core_by_rows,
    join_blocs,
    separate_by_search,
    try_in_turn,
)
from cssopt.solution.plan import Solution
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.names import Names
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.session import HighsSession
from cssopt.solve.stages import solve_program

_WIDER: Final = 1e-6
"""By so much of itself a limit is widened that only leaves out what is not worse."""


def find_least_core_of_plan(
    whole: Solution,
    alone: Mapping[str, Solution],
    options: Options,
    *,
    blocs: Mapping[str, Collection[str]] | None = None,
    price: Price | None = None,
    until: float = math.inf,
) -> LeastCore:
    """The least core of what coalitions of a workbook cost, without the costs of all of them.

    Parameters
    ----------
    whole: the plan of all. alone: by member, the plan that it would choose alone. options: of every
    search for the worst coalition, and of every plan of one.
    blocs: members that stay together, by the name of their bloc; who is in none stands for itself.
    Blocs are then who shares. price: what a coalition of members costs, inf where it cannot; None:
    it is solved. until: when nothing further is begun (`time.perf_counter`).

    Each round first searches the plan of all with members in or out. Where that names nobody new,
    because some rule belongs to no member, coalitions near the worst ones are tried. Raises
    SolveError where a member has no plan alone, or all together have none.
    """
    members, instance = whole.coalition, whole.instance
    players = _list_players(members, blocs or {})
    costs: dict[Coalition, float] = {
        (m,): plan.pooled_expenditure if plan.has_plan else math.inf for m, plan in alone.items()
    }
    costs[members] = whole.pooled_expenditure if whole.has_plan else math.inf

    def ask_members(coalition: Coalition) -> float:
        if coalition in costs:
            return costs[coalition]
        return price(coalition) if price else solve_coalition(instance, alone, coalition, options)

    ask = join_blocs(players, members, ask_members)
    known = {(player,): ask((player,)) for player in players} | {tuple(players): costs[members]}
    oracles = [separate_by_search(tuple(players), ask, until=until)]
    own = build_ownership(instance, alone)
    why_not = find_obstacle(own)
    if not why_not:
        oracles.insert(0, separate_by_model(own, ask, options, players))
    found = find_least_core_by_rows(tuple(players), try_in_turn(*oracles), known, until=until)
    return replace(found, told=f"{found.told} {why_not}".strip()) if found.told else found


def _list_players(
    members: Coalition, blocs: Mapping[str, Collection[str]]
) -> dict[str, tuple[str, ...]]:
    """Blocs, and members that are in none, with their members, by the first of these."""
    named = Counter(member for names in blocs.values() for member in names)
    for bloc, names in blocs.items():
        strange = [m for m in names if m not in members or named[m] > 1]
        if strange or (bloc in members and bloc not in names):
            who = join_names(strange or [bloc])
            raise SolveError(
                f"bloc {bloc}: {who} is no member, or stands in or for another bloc too"
            )
    bloc_of = {member: bloc for bloc, names in blocs.items() for member in names}
    players: dict[str, tuple[str, ...]] = {}
    for member in members:
        name = bloc_of.get(member, member)
        players[name] = (*players.get(name, ()), member)
    return players


def solve_coalition(
    whole: Instance, alone: Mapping[str, Solution], coalition: Coalition, options: Options
) -> float:
    """What a coalition spends at the least; inf where it has no plan."""
    solved = solve_program(compile_problem(restrict(whole, alone, coalition).assemble()), options)
    return math.inf if solved.values is None else solved.stages[-1].value


def separate_by_model(
    own: Ownership,
    price: Price,
    options: Options,
    players: Mapping[str, tuple[str, ...]] | None = None,
) -> Separate:
    """The oracle of a workbook's coalitions: a search for whole numbers, with its proven bound.

    Parameters
    ----------
    own: whose each number of the program of all is. price: what a coalition costs; asked for each
    that is found. options: of each search: its gap and its time. players: who shares, with its
    members, who stay together; None: each member is one.

    Raises SolveError where there is no such search (`find_obstacle`).
    """
    if why_not := find_obstacle(own):
        raise SolveError(why_not)
    groups = players or {m: (m,) for m in own.members}
    places = [[own.members.index(m) for m in inside] for inside in groups.values()]
    model = _build_model(_ease(own), places)

    def separate(shares: Shares, known: Mapping[Coalition, float]) -> Separation:
        # Coalitions of one have rules of their own: their costs are known, and not searched for.
        proper = [(s, c) for s, c in known.items() if len(s) < len(groups)]
        level = max(sum(shares[p] for p in s) - cost for s, cost in proper)
        inside, most = model.search(np.array([shares[p] for p in groups]), level, options)
        found = tuple(p for p, there in zip(groups, inside, strict=False) if there)
        return Separation({found: price(found)} if found else {}, max(most, level))

    return separate


def find_obstacle(own: Ownership) -> str:
    """Why the plan of all says nothing of its coalitions, a sentence; empty where it does."""
    for member, text in zip(own.members, own.changed, strict=True):
        if text:
            return f"No bound is known: without {member}, {text}."
    if (own.costs < 0).any() or (own.program.lower < 0).any():
        return "No bound is known: a decision earns money, or may be below 0."
    if not adds_up(own.offsets, np.array(own.offset)):
        return "No bound is known: what is spent whatever is decided belongs to no single member."
    return ""


def _ease(own: Ownership) -> Ownership:
    """Where a rule goes with a member, what only makes it easier for the others need not go."""
    low, high = np.isfinite(own.program.row_lower), np.isfinite(own.program.row_upper)
    eased = []
    for place, part in enumerate(own.matrix):
        entries = part.tocoo()
        easy = np.where(entries.data > 0, ~high[entries.row], ~low[entries.row])
        binds = ~(easy & own.lifted[entries.row, place])
        places = entries.row[binds], entries.col[binds]
        eased.append(csr_array((entries.data[binds], places), shape=part.shape))
    return replace(own, matrix=tuple(eased))


@dataclass(eq=False)
class _Rows:
    """Rows of a program as they are written one by one."""

    row: list[Floats] = field(default_factory=list)
    column: list[Floats] = field(default_factory=list)
    entry: list[Floats] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def put(self, row: ArrayLike, column: ArrayLike, entry: ArrayLike) -> None:
        """Entries of rows."""
        for kept, given in ((self.row, row), (self.column, column), (self.entry, entry)):
            kept.append(np.asarray(given, dtype=float))

    def limit(self, entries: Mapping[int, float], most: float, least: float = -math.inf) -> None:
        """A further row between two bounds."""
        self.put(np.full(len(entries), len(self.upper)), list(entries), list(entries.values()))
        self.lower.append(least)
        self.upper.append(most)

    def matrix(self, width: int) -> csr_array:
        """All rows."""
        row, column, entry = (np.concatenate(x) for x in (self.row, self.column, self.entry))
        places = row.astype(np.int64), column.astype(np.int64)
        return csr_array((entry, places), shape=(len(self.upper), width))


@dataclass(frozen=True, eq=False)
class _Model:
    """The program of all with its members as decisions: these stand first, then those of the plan,
    then products.

    Attributes
    ----------
    players: places of the members of each.
    matrix, lower, upper: its rows. limits: largest value of each decision, inf where none is known.
    costs: of each decision.
    """

    own: Ownership
    players: list[list[int]]
    matrix: csr_array
    lower: Floats
    upper: Floats
    limits: Floats
    costs: Floats

    def search(self, pays: Floats, level: float, options: Options) -> tuple[list[bool], float]:
        """Which players are in the worst coalition of two members or more, empty where none is
        worse than `level`; and what the excess of none of them exceeds."""
        # A coalition that spends more than this is no worse than the level.
        most = float(np.maximum(pays, 0).sum()) - level
        most += _WIDER * max(1.0, abs(most))
        if most < 0:
            return [], level
        costs, firsts = self.costs.copy(), [inside[0] for inside in self.players]
        costs[firsts] -= pays
        session = HighsSession(self._build(most), options)
        session.set_costs(costs, 0.0)
        status, value, bound = session.optimise()
        if status is Status.INFEASIBLE:
            return [], level
        if math.isnan(value):
            return [], -bound if math.isfinite(bound) else math.inf
        return (session.plan[firsts] > 0.5).tolist(), -bound

    def _build(self, most: float) -> Program:
        """The program in which nothing that costs more than this is looked at."""
        count, width = len(self.own.members), len(self.costs)
        with np.errstate(divide="ignore"):
            dear = np.where(self.costs > 0, most / self.costs, math.inf)
        dear[:count] = 1.0
        limits = np.minimum(self.limits, dear)
        rows = _Rows()
        for column, member in zip(*np.nonzero(self.own.gone), strict=True):
            if math.isfinite(limits[count + column]):
                rows.limit({count + column: 1.0, member: -limits[count + column]}, 0.0)
        rows.limit(dict.fromkeys(range(count), 1.0), count - 1.0, 2.0)
        for first, *others in self.players:
            for other in others:
                rows.limit({first: 1.0, other: -1.0}, 0.0, 0.0)
        spent = np.flatnonzero(self.costs)
        rows.limit(dict(zip(spent.tolist(), self.costs[spent].tolist(), strict=True)), most)
        further = rows.matrix(width).tocoo()
        own = self.matrix.tocoo()
        begin = len(self.upper)
        entries = np.concatenate([own.data, further.data])
        places = (
            np.concatenate([own.row, begin + further.row]),
            np.concatenate([own.col, further.col]),
        )
        matrix = csr_array((entries, places), shape=(begin + len(rows.upper), width))
        return Program(
            matrix,
            np.append(self.lower, rows.lower),
            np.append(self.upper, rows.upper),
            lower=np.zeros(width),
            upper=limits,
            whole=np.arange(width) < count,
            reported=csr_array((0, width)),
            offsets=np.zeros(0),
            stages=(),
            figures={},
            columns=Names([("", "x", range(width))]),
            rows=Names([("", "row", range(matrix.shape[0]))]),
        )


def _build_model(own: Ownership, players: list[list[int]]) -> _Model:
    """Bounds, coefficients and decisions of members go in and out with them."""
    program, count = own.program, len(own.members)
    limits = _find_limits(own)
    kept = np.flatnonzero(_find_kept(own, limits))
    place_of = np.full(program.shape[0], -1)
    place_of[kept] = np.arange(len(kept))
    rows = _Rows()
    for bounds, parts, written in (
        (program.row_lower, own.lower, rows.lower),
        (program.row_upper, own.upper, rows.upper),
    ):
        # What is brought and adds up leaves nothing, not even the rounding of a sum.
        stays = ~np.isfinite(bounds) | (parts == 0).all(axis=1)
        rest = np.where(stays, bounds, 0.0)[kept]
        written += rest.tolist()
    # A row bounded to both sides has the same parts at both.
    both = np.where(np.isfinite(program.row_lower)[:, None], own.lower, own.upper)
    at, member = np.nonzero(np.nan_to_num(both[kept]))
    rows.put(at, member, -both[kept][at, member])
    steady = program.matrix.tocsr()[kept] - sum(
        (p[kept] for p in own.matrix[1:]), own.matrix[0][kept]
    )
    stays = steady.tocoo()
    rows.put(stays.row, count + stays.col, stays.data)
    products: dict[tuple[int, int], int] = {}
    for place, part in enumerate(own.matrix):
        goes = part[kept].tocoo()
        columns = [
            products.setdefault((column, place), count + program.shape[1] + len(products))
            for column in goes.col.tolist()
        ]
        rows.put(goes.row, columns, goes.data)
    for (column, place), product in products.items():
        most = limits[column]
        rows.limit({product: 1.0, place: -most}, 0.0)
        rows.limit({product: 1.0, count + column: -1.0}, 0.0)
        rows.limit({product: -1.0, count + column: 1.0, place: most}, most)
    return _Model(
        own,
        players,
        rows.matrix(count + program.shape[1] + len(products)),
        np.array(rows.lower),
        np.array(rows.upper),
        np.concatenate([np.ones(count), limits, [limits[column] for column, _ in products]]),
        np.concatenate([own.offsets, own.costs, np.zeros(len(products))]),
    )


def _find_limits(own: Ownership) -> Floats:
    """The largest value of each decision in any coalition: its bound, or that of a row of it alone
    to which nobody brings less than nothing."""
    program = own.program
    limits = program.upper.copy()
    single = (np.diff(program.matrix.indptr) == 1) & np.isfinite(program.row_upper)
    single &= (np.nan_to_num(own.upper, nan=-1.0) >= 0).all(axis=1)
    for row in np.flatnonzero(single).tolist():
        place = program.matrix.indptr[row]
        column, factor = program.matrix.indices[place], program.matrix.data[place]
        if factor > 0:
            limits[column] = min(limits[column], program.row_upper[row] / factor)
    return limits


def _find_kept(own: Ownership, limits: Floats) -> Flags:
    """Rows that can be written with members in or out."""
    kept = ~own.of_begun
    for bounds, parts in ((own.program.row_lower, own.lower), (own.program.row_upper, own.upper)):
        stays = (parts == 0).all(axis=1)
        with np.errstate(invalid="ignore"):
            kept &= ~np.isfinite(bounds) | adds_up(parts, bounds) | stays
    # What others bring to a rule that goes must not bind them where it has gone.
    goes = own.lifted.any(axis=1)
    bring = ~own.lifted | (own.lifted.sum(axis=1) > 1)[:, None]
    with np.errstate(invalid="ignore"):
        binds = bring & ((own.lower > 0) | (own.upper < 0))
    kept &= ~(goes & binds.any(axis=1))
    kept[own.unsteady.tocoo().row] = False
    moved = own.moved.tocoo()
    kept[moved.row[~np.isfinite(limits[moved.col])]] = False
    return kept
